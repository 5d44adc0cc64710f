//! A tray icon with one menu entry and nothing else: the least that a program on Tauri takes, for
//! `cargo xtask bench` to measure beside the client.

use tauri::RunEvent;
use tauri::menu::{Menu, MenuItem};
use tauri::tray::TrayIconBuilder;

fn main() -> tauri::Result<()> {
    let app = tauri::Builder::default()
        .setup(|app| {
            let entry = MenuItem::with_id(app, "quit", "Quit", true, None::<&str>)?;
            let menu = Menu::with_items(app, &[&entry])?;
            let icon = tauri::include_image!("../icons/app-32.png");
            let tray = TrayIconBuilder::with_id("bare").icon(icon).menu(&menu);
            tray.build(app)?;
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
