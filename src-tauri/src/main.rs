//! The Deskbell tray client: wiring only.
//!
//! The headless client (`deskbell-messenger`) decides; here its wishes become a tray icon, a window
//! and toasts, and what happens to those is told to it.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod app;
mod arguments;
mod client;
mod doorway;
#[cfg(windows)]
mod errands;
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
use deskbell_desktop::graphics;
use places::Places;

/// With one of these in the environment the window is drawn with the graphics card: for whom the
/// plain way does not work, and for WebKitWebDriver, which takes no pictures of plain windows.
const GRAPHICS: [&str; 2] = ["DESKBELL_GRAPHICS", "TAURI_WEBVIEW_AUTOMATION"];

fn main() -> ExitCode {
    if !GRAPHICS.iter().any(|name| std::env::var_os(name).is_some()) {
        graphics::do_without();
    }
    let arguments = Arguments::parse();
    #[cfg(windows)]
    if let Some(code) = errands::run(&arguments) {
        return code;
    }
    let places = match prepare(&arguments) {
        Ok(places) => places,
        Err(error) => {
            eprintln!("deskbell: {error:#}");
            return ExitCode::FAILURE;
        }
    };
    app::run(arguments, places).unwrap_or_else(|error| {
        tracing::error!("{error:#}");
        ExitCode::FAILURE
    })
}

fn prepare(arguments: &Arguments) -> anyhow::Result<Places> {
    let places = Places::make(arguments.data_dir.as_deref())?;
    log::start(&places.data.join("logs"))?;
    Ok(places)
}
