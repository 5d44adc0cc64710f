//! Playing the main job through the real window and console on a virtual display.

use std::{fs, path::Path};

use anyhow::Result;

use crate::{
    command::{program, succeed},
    packages::{self, For},
    programs::Programs,
    ui,
};

/// Plays it and leaves a picture of each step in the folder.
pub fn play(root: &Path, programs: &Programs, pictures: &Path, scheme: &str) -> Result<()> {
    let mut tour = program(root, &programs.tour);
    tour.args(["--scheme", scheme])
        .arg("--pictures")
        .arg(pictures);
    succeed(&mut tour)
}

/// Takes the pictures in docs/images, light and dark.
pub fn screenshots(root: &Path) -> Result<()> {
    packages::install_missing(For::Headless, false)?;
    ui::build(root)?;
    let programs = Programs::build(root, false)?;
    for scheme in ["light", "dark"] {
        let pictures = crate::target(root).join("tour").join(scheme);
        play(root, &programs, &pictures, scheme)?;
        keep(&pictures, &root.join("docs/images"), scheme)?;
    }
    Ok(())
}

/// What the README shows, of all that the tour leaves.
const KEPT: [&str; 7] = [
    "window-sign-in",
    "window-home",
    "window-help",
    "window-devices",
    "window-chat",
    "console-list",
    "console-chat",
];

fn keep(from: &Path, to: &Path, scheme: &str) -> Result<()> {
    fs::create_dir_all(to)?;
    for name in KEPT {
        fs::copy(
            from.join(format!("{name}.png")),
            to.join(format!("{name}-{scheme}.png")),
        )?;
    }
    Ok(())
}
