//! The API: routes, what goes in and out of them, and who may call them.

mod body;
mod console;
mod cookie;
pub mod guard;
mod headers;
mod health;
mod openapi;
mod origin;
mod request;
mod router;

mod articles;
mod conversations;
mod devices;
mod feed;
mod me;
mod messages;
mod organizations;
mod page;
mod server_info;
mod sign_in;
mod technicians;

pub use body::{Json, Path, Query};
pub use router::{openapi, router, routes};
