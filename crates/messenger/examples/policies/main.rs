//! Writes what follows from the table of settings into a folder: the templates for group policies
//! and the page about them. `cargo xtask gen` runs it; no product contains it.

mod page;
mod templates;

use std::path::PathBuf;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let folder: PathBuf = env::args_os().nth(1).unwrap_or_default().into();
    let files = [
        ("deskbell.admx", templates::admx()),
        ("en-US/deskbell.adml", templates::adml(0)),
        ("de-DE/deskbell.adml", templates::adml(1)),
        ("policies.md", page::text()),
    ];
    for (name, text) in files {
        let file = folder.join(name);
        fs::create_dir_all(file.parent().unwrap_or(&folder))?;
        fs::write(file, text)?;
    }
    Ok(())
}
