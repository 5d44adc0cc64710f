//! The lock files name the usual registries and nothing that only one machine can reach.

use std::{fs, path::Path};

use anyhow::Result;

/// How cargo names its own registry.
const CRATES: &str = "registry+https://github.com/rust-lang/crates.io-index";

pub fn breaches(root: &Path) -> Result<Vec<String>> {
    let cargo = fs::read_to_string(root.join("Cargo.lock"))?;
    let npm = fs::read_to_string(root.join("ui/package-lock.json"))?;
    let odd_crates = cargo
        .lines()
        .filter(|line| line.starts_with("source = ") && !line.contains(CRATES));
    // npm finds a package by name and checks its hash; where it was found is left out.
    let odd_packages = npm
        .lines()
        .filter(|line| line.trim_start().starts_with("\"resolved\""));
    Ok(odd_crates
        .map(|line| format!("Cargo.lock: {line}"))
        .chain(odd_packages.map(|line| format!("ui/package-lock.json: {}", line.trim())))
        .collect())
}
