//! What Deskbell's server and its clients say to each other: wire types, ids, limits, error codes.
//!
//! Nothing here does IO. Requests refuse unknown fields; responses and events ignore them, so that
//! an older peer keeps working with a newer one. Every wire type has a golden file in `tests/golden`.

/// Declares wire types: the derives every one of them has, written once.
macro_rules! wire {
    ($($item:item)*) => {$(
        #[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
        #[cfg_attr(feature = "typescript", ts(export, export_to = "protocol.ts"))]
        $item
    )*};
}

pub mod conversation;
pub mod feed;
pub mod ids;
pub mod limits;
pub mod me;
pub mod message;
#[cfg(feature = "openapi")]
mod openapi;
pub mod page;
pub mod problem;
pub mod sign_in;
pub mod time;
mod whole;

pub use conversation::*;
pub use feed::*;
pub use ids::*;
pub use me::*;
pub use message::*;
pub use page::*;
pub use problem::*;
pub use sign_in::*;
pub use time::Timestamp;
