//! Files made from other files, which are committed so that a checkout is complete.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, ensure};

use crate::{
    command::{cargo, printed, program, succeed},
    workspace,
};

/// Pictures may differ this little between versions of what draws them (0 is none, 1 is all).
const PICTURE_TOLERANCE: f64 = 0.02;

/// Writes all generated files, or checks that they are up to date.
pub fn run(root: &Path, check: bool) -> Result<()> {
    let fresh = crate::target(root).join("generated");
    let _ = fs::remove_dir_all(&fresh);
    workspace::build(root)?;
    wire_types(root, &fresh.join("types"))?;
    open_api(root, &fresh.join("openapi.json"))?;
    policies(root, &fresh)?;
    let templates = root.join("installer/policies");
    let pairs = [
        (fresh.join("policies.md"), root.join("docs/policies.md")),
        (fresh.join("deskbell.admx"), templates.join("deskbell.admx")),
        (
            fresh.join("en-US/deskbell.adml"),
            templates.join("en-US/deskbell.adml"),
        ),
        (
            fresh.join("de-DE/deskbell.adml"),
            templates.join("de-DE/deskbell.adml"),
        ),
        (
            fresh.join("types/protocol.ts"),
            root.join("ui/shared/types/protocol.ts"),
        ),
        (
            fresh.join("types/messenger.ts"),
            root.join("ui/shared/types/messenger.ts"),
        ),
        (fresh.join("openapi.json"), root.join("docs/openapi.json")),
    ];
    for (new, kept) in pairs {
        if check {
            same(&new, &kept)?;
        } else {
            if let Some(folder) = kept.parent() {
                fs::create_dir_all(folder)?;
            }
            fs::copy(&new, &kept).with_context(|| format!("writing {}", kept.display()))?;
        }
    }
    icons(root, &fresh.join("icons"), check)
}

/// TypeScript for everything that crosses to a page, from the Rust types.
fn wire_types(root: &Path, folder: &Path) -> Result<()> {
    let mut export = cargo(root);
    export.args(["test", "--quiet"]).args(workspace::ALL);
    export
        .args(["--lib", "export_bindings"])
        .env("TS_RS_LARGE_INT", "number")
        .env("TS_RS_EXPORT_DIR", folder);
    printed(&mut export).map(drop)
}

/// Templates for group policies and the page about them, from the table of settings.
fn policies(root: &Path, folder: &Path) -> Result<()> {
    let write = built(root, "examples/policies");
    printed(program(root, write).arg(folder)).map(drop)
}

/// The API's description, from the server's handlers.
fn open_api(root: &Path, file: &Path) -> Result<()> {
    let server = built(root, "deskbell-server");
    fs::write(file, printed(program(root, server).arg("openapi"))?)?;
    Ok(())
}

fn built(root: &Path, name: &str) -> PathBuf {
    crate::target(root).join("debug").join(name)
}

fn same(new: &Path, kept: &Path) -> Result<()> {
    let equal = fs::read(new)? == fs::read(kept).unwrap_or_default();
    ensure!(
        equal,
        "{} is not up to date: run `cargo xtask gen`",
        kept.display()
    );
    Ok(())
}

/// Draws the icons anew, in place or beside to compare them.
fn icons(root: &Path, beside: &Path, check: bool) -> Result<()> {
    let icons = root.join("icons");
    if !check {
        return succeed(&mut program(&icons, "./render.sh"));
    }
    fs::create_dir_all(beside)?;
    for file in files(&icons)? {
        fs::copy(icons.join(&file), beside.join(&file))?;
    }
    succeed(&mut program(beside, "./render.sh"))?;
    for file in files(beside)?
        .iter()
        .filter(|file| file.extension().is_some_and(|end| end == "png"))
    {
        alike(&beside.join(file), &icons.join(file))?;
    }
    Ok(())
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder)?.collect::<std::io::Result<Vec<_>>>()?;
    Ok(entries
        .into_iter()
        .map(|entry| entry.file_name().into())
        .collect())
}

/// `compare` prints the difference as `123.4 (0.0018)` and ends with 1 when there is any.
fn alike(new: &Path, kept: &Path) -> Result<()> {
    let output = Command::new("compare")
        .args(["-metric", "RMSE"])
        .arg(new)
        .arg(kept)
        .arg("null:")
        .output()?;
    let told = String::from_utf8_lossy(&output.stderr);
    let difference = told
        .split(['(', ')'])
        .nth(1)
        .and_then(|number| number.parse::<f64>().ok());
    let difference = difference.with_context(|| format!("comparing {}: {told}", kept.display()))?;
    let drawn = difference <= PICTURE_TOLERANCE;
    ensure!(
        drawn,
        "{} is not drawn from its source: run `cargo xtask gen`",
        kept.display()
    );
    Ok(())
}
