//! The headless Deskbell client: everything but pixels.
//!
//! [`start`] gives a [`Handle`] and a [`Client`]. The client's loop takes everything it reacts to as
//! one closed enum and acts on the desktop through one trait, [`shell::Shell`]; it runs on any tokio
//! runtime, a current-thread one included, and needs neither a window nor a server to be there.

pub mod address;
pub mod api;
pub mod check;
pub mod clean;
mod client;
pub mod clock;
pub mod command;
pub mod deep_link;
pub mod device;
pub mod failpoint;
pub mod feed;
mod folder;
pub mod handle;
mod input;
pub mod link;
mod notices;
pub mod notify;
pub mod outbox;
pub mod proxy;
pub mod reconnect;
pub mod secret;
pub mod settings;
pub mod setup;
pub mod shell;
pub mod store;
pub mod texts;
pub mod toast;
pub mod tray;
pub mod view;
mod views;

pub use clock::{Clock, Entropy, OsEntropy, SystemClock};
pub use handle::{Client, Handle, start};
pub use secret::{SecretError, SecretStore};
pub use setup::{MachineIdentity, Ports, Setup, StartError};
pub use shell::Signal;
