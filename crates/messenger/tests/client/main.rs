//! The client against the real server, through a network that cuts, with a desktop that remembers.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what is wrong by failing"
)]

mod chance;
mod chats;
mod crashes;
mod cuts;
mod endings;
mod fallback;
mod fit;
mod network;
mod outbox;
mod people;
mod policies;
mod proxy;
mod replies;
mod sign_in;
mod sign_out;
mod storage;
mod toasts;
