//! Embeds the window's files and resolves what the window may call.

use std::path::Path;

const WINDOW: &str = "../ui/dist/messenger";

fn main() {
    println!("cargo::rerun-if-changed={WINDOW}");
    if !Path::new(WINDOW).join("index.html").exists() {
        println!(
            "cargo::error=the window's files are missing: run `npm ci && npm run build` in ui/, \
             or let `cargo xtask run` do it"
        );
        return;
    }
    let windows =
        tauri_build::WindowsAttributes::new().app_manifest(include_str!("deskbell.manifest"));
    let attributes = tauri_build::Attributes::new().windows_attributes(windows);
    if let Err(error) = tauri_build::try_build(attributes) {
        println!("cargo::error={error:#}");
    }
}
