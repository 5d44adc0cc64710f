//! A tray icon whose menu opens a window with one line of text, and nothing else: the least that a
//! program on Tauri takes, for `cargo xtask bench` to measure beside the client.

use tauri::http::{HeaderValue, Response, header::CONTENT_TYPE};
use tauri::menu::{Menu, MenuEvent, MenuItem};
use tauri::tray::TrayIconBuilder;
use tauri::{AppHandle, RunEvent, WebviewUrl, WebviewWindowBuilder};

const PAGE: &[u8] = b"<!doctype html><title>Bare</title><h1>Bare</h1>";

fn main() -> tauri::Result<()> {
    let app = tauri::Builder::default()
        .register_uri_scheme_protocol("bare", |_, _| {
            let mut page = Response::new(PAGE);
            let html = HeaderValue::from_static("text/html");
            page.headers_mut().insert(CONTENT_TYPE, html);
            page
        })
        .setup(|app| {
            let open = MenuItem::with_id(app, "open", "Open", true, None::<&str>)?;
            let menu = Menu::with_items(app, &[&open])?;
            let icon = tauri::include_image!("../icons/app-32.png");
            let tray = TrayIconBuilder::with_id("bare").icon(icon).menu(&menu);
            tray.on_menu_event(open_window).build(app)?;
            Ok(())
        })
        .build(tauri::generate_context!())?;
    app.run(|_, event| {
        if let RunEvent::ExitRequested { api, .. } = event {
            api.prevent_exit();
        }
    });
    Ok(())
}

fn open_window(app: &AppHandle, _: MenuEvent) {
    let Ok(address) = "bare://localhost/".parse() else {
        return;
    };
    let window = WebviewWindowBuilder::new(app, "bare", WebviewUrl::CustomProtocol(address));
    if let Err(error) = window.title("Bare").inner_size(400.0, 640.0).build() {
        eprintln!("no window: {error}");
    }
}
