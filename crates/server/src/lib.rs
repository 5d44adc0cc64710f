//! The Deskbell server: API, feed, conversations, sign-in, ticketing, and the console it serves.
//!
//! [`App`] holds what every part shares; [`http::router`] is what is served. The database is the
//! only truth: what is acknowledged is on disk, and the feed reads what it tells from there.

pub mod app;
pub mod bus;
pub mod clock;
pub mod commands;
pub mod config;
pub mod conversations;
pub mod delivery;
pub mod demo;
pub mod directory;
pub mod event_log;
pub mod failpoint;
pub mod feed;
pub mod health;
pub mod http;
pub mod identity;
pub mod listen;
pub mod log;
pub mod metrics;
pub mod refusal;
pub mod site;
pub mod store;
pub mod ticketing;

pub use app::{App, Settings};
