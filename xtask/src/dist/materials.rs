//! What the programs and pages are made of, for those who look up advisories (CycloneDX).

use std::{fs, path::Path};

use anyhow::{Context, Result};

use super::VERSION;
use crate::{
    command::{cargo, printed},
    tools, ui,
};

/// The programs people get.
const PROGRAMS: [&str; 2] = ["deskbell", "deskbell-server"];

/// Writes one list per program, and one for the pages inside both.
pub fn list(root: &Path, out: &Path) -> Result<()> {
    tools::install(root, "cargo-sbom")?;
    for program in PROGRAMS {
        let mut sbom = cargo(root);
        sbom.args(["sbom", "--cargo-package", program])
            .args(["--output-format", "cyclone_dx_json_1_6"])
            .env("PATH", tools::path(root));
        let list = printed(&mut sbom).with_context(|| format!("listing {program}'s crates"))?;
        fs::write(out.join(format!("{program}-{VERSION}.cdx.json")), list)?;
    }
    let mut pages = ui::npm(root);
    pages.args(["sbom", "--sbom-format", "cyclonedx", "--package-lock-only"]);
    let list = printed(&mut pages).context("listing the pages' packages")?;
    fs::write(out.join(format!("pages-{VERSION}.cdx.json")), list)?;
    Ok(())
}
