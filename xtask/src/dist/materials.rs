//! What the programs and pages are made of, for those who look up advisories (CycloneDX).

use std::{fs, path::Path};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use serde_json::Value;

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
        let list = with_version(&list)?;
        lists(&list, "tokio").with_context(|| format!("{program}'s crates"))?;
        fs::write(out.join(format!("{program}-{VERSION}.cdx.json")), list)?;
    }
    let mut pages = ui::npm(root);
    pages.args(["sbom", "--sbom-format", "cyclonedx", "--package-lock-only"]);
    let list = printed(&mut pages).context("listing the pages' packages")?;
    lists(&list, "svelte").context("the pages' packages")?;
    fs::write(out.join(format!("pages-{VERSION}.cdx.json")), list)?;
    Ok(())
}

/// The list with the version of what it is about, which cargo's tool leaves out.
fn with_version(list: &str) -> Result<String> {
    let mut list: Value = serde_json::from_str(list)?;
    let about = list.pointer_mut("/metadata/component");
    let about = about.and_then(Value::as_object_mut);
    let about = about.context("it does not say what it is about")?;
    about.insert("version".into(), VERSION.into());
    Ok(serde_json::to_string_pretty(&list)?)
}

/// A list of materials, as far as it is looked at.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct List {
    bom_format: String,
    metadata: Metadata,
    components: Vec<Component>,
}

#[derive(Deserialize)]
struct Metadata {
    component: Component,
}

#[derive(Deserialize)]
struct Component {
    name: String,
    version: Option<String>,
}

/// Fails unless it is a CycloneDX list of something in a version, with this component in a version.
fn lists(list: &str, name: &str) -> Result<()> {
    let list: List = serde_json::from_str(list)?;
    ensure!(list.bom_format == "CycloneDX", "it is no list of materials");
    let about = &list.metadata.component;
    ensure!(about.version.is_some(), "{} has no version", about.name);
    let found = list.components.iter().find(|one| one.name == name);
    let version = &found.with_context(|| format!("it lacks {name}"))?.version;
    ensure!(version.is_some(), "{name} has no version");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{lists, with_version};

    #[test]
    fn a_list_names_its_materials_with_their_versions() {
        let list = |component: &str| {
            let about = r#""metadata": {"component": {"name": "a program"}}"#;
            let list =
                format!(r#"{{"bomFormat": "CycloneDX", {about}, "components": [{component}]}}"#);
            with_version(&list).unwrap()
        };
        let tokio = list(r#"{"name": "tokio", "version": "1.0.0"}"#);
        assert!(lists(&tokio, "tokio").is_ok());
        assert!(lists(&tokio, "serde").is_err(), "serde is not in it");
        assert!(lists(&list(r#"{"name": "tokio"}"#), "tokio").is_err());
        assert!(lists("{}", "tokio").is_err());
    }
}
