//! The Deskbell tray client: wiring only.
//!
//! The headless client (`deskbell-messenger`) decides; here its wishes become a tray icon, a window
//! and toasts, and what happens to those is told to it.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod app;
mod arguments;
mod client;
mod doorway;
mod instance;
mod ipc;
mod keyring;
mod log;
mod places;
mod shell;
mod toasts;
mod tray;
mod window;

use std::process::ExitCode;

use arguments::Arguments;
use clap::Parser as _;

fn main() -> ExitCode {
    deskbell_desktop::graphics::do_without();
    match start(Arguments::parse()) {
        Ok(code) => code,
        Err(error) => {
            tracing::error!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn start(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let places = places::Places::make(arguments.data_dir.as_deref())?;
    log::start(&places.data.join("logs"))?;
    app::run(arguments, places)
}
