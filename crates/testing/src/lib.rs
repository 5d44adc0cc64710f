//! The test harness: real peers, browsers and a desktop session, each started on demand.
//!
//! Every peer listens on a loopback port of its own, keeps its files in a throw-away folder and
//! ends with the value that stands for it. A process that a test started cannot outlive the test,
//! not even one that panics or is killed.

pub mod browser;
#[cfg(feature = "server")]
pub mod caller;
pub mod desktop;
pub mod disk;
#[cfg(feature = "server")]
pub mod ear;
pub mod effort;
#[cfg(feature = "server")]
pub mod feed;
pub mod folder;
pub mod haproxy;
#[cfg(feature = "server")]
pub mod history;
pub mod mail;
pub mod nats;
pub mod network;
#[cfg(feature = "server")]
pub mod node;
#[cfg(feature = "server")]
pub mod people;
pub mod port;
pub mod postgres;
pub mod process;
pub mod proxy;
pub mod random;
#[cfg(feature = "server")]
pub mod server;
#[cfg(feature = "messenger")]
pub mod shell;
pub mod sms;
pub mod tls;
pub mod wait;
pub mod wine;
#[cfg(feature = "server")]
pub mod writing;
