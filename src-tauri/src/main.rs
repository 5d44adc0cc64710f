//! The Deskbell tray client: wiring only.
//!
//! The headless client (`deskbell-messenger`) decides; here its wishes become a tray icon, a window
//! and toasts, and what happens to those is told to it.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod app;
mod arguments;
mod client;
mod computer;
mod doorway;
#[cfg(windows)]
mod errands;
mod inquiry;
mod instance;
mod ipc;
mod keyring;
mod log;
mod managed;
mod places;
mod shell;
mod toasts;
mod tray;
mod window;

use std::process::ExitCode;

use arguments::Arguments;
use clap::Parser as _;
use deskbell_desktop::{console, graphics, startup};
use deskbell_messenger::settings::{Settings, table};
use places::Places;

/// With one of these in the environment the window is drawn with the graphics card: for whom the
/// plain way does not work, and for WebKitWebDriver, which takes no pictures of plain windows.
const GRAPHICS: [&str; 2] = ["DESKBELL_GRAPHICS", "TAURI_WEBVIEW_AUTOMATION"];

fn main() -> ExitCode {
    startup::begin();
    if !GRAPHICS.iter().any(|name| std::env::var_os(name).is_some()) {
        graphics::do_without();
    }
    let words = arguments::in_our_words(std::env::args_os());
    let arguments = match Arguments::try_parse_from(words) {
        Ok(arguments) => arguments,
        Err(told) => return tell(&told),
    };
    #[cfg(windows)]
    if let Some(code) = errands::run(&arguments) {
        return code;
    }
    if let Some(inquiry) = &arguments.inquiry {
        return inquiry::answer(inquiry, &arguments);
    }
    let (places, settings) = match prepare(&arguments) {
        Ok(prepared) => prepared,
        Err(error) => {
            eprintln!("deskbell: {error:#}");
            return ExitCode::FAILURE;
        }
    };
    if arguments.background && !settings.switch(&table::AUTOSTART) {
        tracing::info!("it is not to start with the session");
        return ExitCode::SUCCESS;
    }
    app::run(arguments, places, settings).unwrap_or_else(|error| {
        tracing::error!("{error:#}");
        ExitCode::FAILURE
    })
}

/// Help, the version, or what is wrong with the arguments.
fn tell(told: &clap::Error) -> ExitCode {
    console::attach();
    let _ = told.print();
    ExitCode::from(if told.use_stderr() {
        inquiry::NOT_ANSWERED
    } else {
        0
    })
}

fn prepare(arguments: &Arguments) -> anyhow::Result<(Places, Settings)> {
    let places = Places::make(arguments.data_dir.as_deref())?;
    let settings = managed::settings(arguments, &places);
    log::start(&places.data.join("logs"), &settings.text(&table::LOG_LEVEL))?;
    for fault in &settings.managed.faults {
        tracing::error!(fault, "policy");
    }
    Ok((places, settings))
}
