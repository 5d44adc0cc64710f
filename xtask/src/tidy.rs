//! `cargo xtask tidy`: formatting, and the rules that no compiler keeps.

mod layers;
mod licences;
mod locks;
mod sources;

use std::path::Path;

use anyhow::{Result, bail};

use crate::{
    command::{cargo, succeed},
    controls, ui,
};

/// Formats everything (or checks that it is), then checks the rules.
pub fn run(root: &Path, check: bool) -> Result<()> {
    ui::install(root)?;
    let mut rust = cargo(root);
    rust.args(["fmt", "--all"]).args(check.then_some("--check"));
    succeed(&mut rust)?;
    succeed(ui::npm(root).args([
        "exec",
        "prettier",
        "--",
        if check { "--check" } else { "--write" },
        ".",
    ]))?;
    rules(root)
}

/// Checks the rules and tells of every breach.
pub fn rules(root: &Path) -> Result<()> {
    let mut breaches = sources::breaches(root)?;
    breaches.extend(locks::breaches(root)?);
    breaches.extend(licences::breaches(root)?);
    breaches.extend(layers::breaches(root)?);
    breaches.extend(controls::breaches(root)?);
    if breaches.is_empty() {
        return Ok(());
    }
    for breach in &breaches {
        println!("{breach}");
    }
    bail!("{} rules are broken", breaches.len())
}
