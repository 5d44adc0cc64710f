//! Dependencies point one way, and the headless crates stay headless.

use std::{collections::HashSet, path::Path};

use anyhow::Result;
use serde::Deserialize;

use crate::command::{cargo, printed};

/// What each crate may use of the others. Tests may use more.
const LAYERS: &[(&str, &[&str])] = &[
    ("deskbell-protocol", &[]),
    ("deskbell-messenger", &["deskbell-protocol"]),
    ("deskbell-desktop", &[]),
    ("deskbell-server", &["deskbell-protocol"]),
    (
        "deskbell",
        &[
            "deskbell-protocol",
            "deskbell-messenger",
            "deskbell-desktop",
        ],
    ),
    (
        "deskbell-testing",
        &["deskbell-protocol", "deskbell-messenger", "deskbell-server"],
    ),
    (
        "deskbell-fuzz",
        &["deskbell-protocol", "deskbell-messenger", "deskbell-server"],
    ),
    ("deskbell-tests", &["deskbell-protocol", "deskbell-testing"]),
    ("xtask", &[]),
];

/// Crates that draw, by how their names begin.
const DRAWING: &[&str] = &[
    "tauri",
    "wry",
    "tao",
    "webkit",
    "webview2",
    "javascriptcore",
    "gtk",
    "gdk",
    "muda",
    "tray-icon",
    "windows-future",
    "windows-collections",
];

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    kind: Option<String>,
}

pub fn breaches(root: &Path) -> Result<Vec<String>> {
    let listed = printed(cargo(root).args(["metadata", "--format-version", "1", "--no-deps"]))?;
    let metadata: Metadata = serde_json::from_str(&listed)?;
    let mut breaches: Vec<String> = metadata.packages.iter().flat_map(upward).collect();
    breaches.extend(drawing(root)?);
    Ok(breaches)
}

/// What a crate uses although it lies above it.
fn upward(package: &Package) -> Vec<String> {
    let ours: HashSet<&str> = LAYERS.iter().map(|(name, _)| *name).collect();
    let Some((_, allowed)) = LAYERS.iter().find(|(name, _)| *name == package.name) else {
        return vec![format!(
            "{} is not in xtask/src/tidy/layers.rs",
            package.name
        )];
    };
    let used = package
        .dependencies
        .iter()
        .filter(|dependency| dependency.kind.as_deref() != Some("dev"));
    used.filter(|dependency| ours.contains(dependency.name.as_str()))
        .filter(|dependency| !allowed.contains(&dependency.name.as_str()))
        .map(|dependency| format!("{} must not use {}", package.name, dependency.name))
        .collect()
}

/// What the headless crates pull in that draws, on any system.
fn drawing(root: &Path) -> Result<Vec<String>> {
    let mut tree = cargo(root);
    tree.args([
        "tree",
        "-p",
        "deskbell-protocol",
        "-p",
        "deskbell-messenger",
        "--edges",
        "normal",
    ]);
    tree.args(["--target", "all", "--prefix", "none", "--format", "{p}"]);
    let listed = printed(&mut tree)?;
    let crates: HashSet<&str> = listed
        .lines()
        .filter_map(|line| line.split(' ').next())
        .collect();
    let mut found: Vec<String> = crates
        .into_iter()
        .filter(|name| DRAWING.iter().any(|start| name.starts_with(start)))
        .map(|name| format!("deskbell-messenger or deskbell-protocol pulls in {name}, which draws"))
        .collect();
    found.sort();
    Ok(found)
}
