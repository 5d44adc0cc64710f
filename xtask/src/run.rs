//! `cargo xtask run`: from a checkout to the running product.

use std::{env, fs, path::Path};

use anyhow::Result;

use crate::{
    command::{Beside, program},
    demo::{Demo, Ready},
    packages::{self, For},
    programs::Programs,
    tour, ui,
};

/// What was asked for on the command line.
pub struct Wishes {
    /// Install missing system packages without asking.
    pub yes: bool,
    /// Build with optimizations.
    pub release: bool,
    /// Play the main job on a virtual display.
    pub headless: bool,
}

/// Builds everything, starts it, and says what to click or plays it.
pub fn run(root: &Path, wishes: &Wishes) -> Result<()> {
    let headless = wishes.headless || !has_display();
    packages::install_missing(if headless { For::Headless } else { For::Run }, wishes.yes)?;
    ui::build(root)?;
    let programs = Programs::build(root, wishes.release)?;
    if headless {
        let pictures = crate::target(root).join("tour");
        tour::play(root, &programs, &pictures, "light")?;
        println!("\nPictures of each step: {}", pictures.display());
        return Ok(());
    }
    let data = crate::target(root).join("demo");
    let mut demo = Demo::start(root, &programs.server, &data.join("server"))?;
    let client_data = data.join("client");
    let _ = fs::remove_dir_all(&client_data);
    let mut client = program(root, &programs.client);
    client
        .args(["--open", "--server", &demo.ready.url, "--data-dir"])
        .arg(&client_data);
    let _client = Beside::start(&mut client)?;
    explain(&demo.ready);
    demo.wait()
}

fn has_display() -> bool {
    env::var_os("DISPLAY").is_some() || env::var_os("WAYLAND_DISPLAY").is_some()
}

fn explain(ready: &Ready) {
    let first = |people: &[String]| people.first().cloned().unwrap_or_default();
    let (requester, technician) = (first(&ready.requesters), first(&ready.technicians));
    println!(
        "
Deskbell runs. Its bell is in the tray now; its window is open.

  1. In the window, sign in as {requester}. The code is on the mailbox page:
     {}
  2. Press Help, say what is wrong, choose the device. A ticket number appears.
  3. In a browser, open the console and sign in as {technician}. Code and authenticator's
     digits are on the mailbox page too:
     {}
  4. Take the request and answer. A toast brings the answer; click it.

Others who can sign in: {}
Ctrl-C ends everything.
",
        ready.mailbox,
        ready.console,
        ready
            .requesters
            .iter()
            .chain(&ready.technicians)
            .cloned()
            .collect::<Vec<_>>()
            .join(", "),
    );
}
