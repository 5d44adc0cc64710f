//! What an operating system offers a tray client, behind plain functions.
//!
//! Linux and Windows lie side by side: `autostart/linux.rs`, `autostart/windows.rs`, and so on.
//! Nothing here decides anything, and nothing here knows what Deskbell is for.

pub mod appearance;
pub mod autostart;
#[cfg(windows)]
pub mod closing;
pub mod console;
pub mod facts;
pub mod folders;
pub mod graphics;
pub mod identity;
pub mod machine;
pub mod memory;
#[cfg(windows)]
mod message_window;
#[cfg(windows)]
pub mod notice;
pub mod open;
pub mod policy;
pub mod processes;
pub mod secrets;
pub mod session;
pub mod startup;
pub mod toasts;
