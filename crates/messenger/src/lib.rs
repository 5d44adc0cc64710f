//! The headless Deskbell client: everything but pixels.

pub mod command;
pub mod shell;
pub mod view;
