//! The pages' packages have licences that `deny.toml` allows, as the Rust ones do.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, Result};
use serde::Deserialize;

/// Packages that name no licence in their description, with the one in their files.
const UNNAMED: &[(&str, &str)] = &[("svelte-toolbelt", "MIT")];

#[derive(Deserialize)]
struct Deny {
    licenses: Licenses,
}

#[derive(Deserialize)]
struct Licenses {
    allow: Vec<String>,
}

#[derive(Deserialize)]
struct Lock {
    packages: BTreeMap<String, Package>,
}

#[derive(Deserialize)]
struct Package {
    license: Option<String>,
}

pub fn breaches(root: &Path) -> Result<Vec<String>> {
    let deny = fs::read_to_string(root.join("deny.toml"))?;
    let deny: Deny = toml::from_str(&deny).context("deny.toml is not as expected")?;
    let lock = fs::read_to_string(root.join("ui/package-lock.json"))?;
    let lock: Lock = serde_json::from_str(&lock).context("ui/package-lock.json")?;
    Ok(refused(&lock, &deny.licenses.allow))
}

fn refused(lock: &Lock, allowed: &[String]) -> Vec<String> {
    let packages = lock.packages.iter().filter(|(place, _)| !place.is_empty());
    let faults = packages.filter_map(|(place, package)| {
        let name = place.rsplit("node_modules/").next().unwrap_or(place);
        let unnamed = || UNNAMED.iter().find(|(known, _)| *known == name);
        let license = package.license.as_deref().or(unnamed().map(|it| it.1));
        match license {
            None => Some(format!("{name} names no licence")),
            Some(license) if is_allowed(license, allowed) => None,
            Some(license) => Some(format!("{name}: deny.toml does not allow {license}")),
        }
    });
    faults
        .map(|fault| format!("ui/package-lock.json: {fault}"))
        .collect()
}

/// One of several alternatives will do; of those that all hold, each must.
fn is_allowed(license: &str, allowed: &[String]) -> bool {
    let license = license.trim_matches(['(', ')']);
    let known = |one: &str| allowed.iter().any(|known| known == one);
    license
        .split(" OR ")
        .any(|choice| choice.split(" AND ").all(|one| known(one.trim())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_with_another_licence_or_none_is_told() {
        let lock = r#"{"packages": {
            "": {},
            "node_modules/good": {"license": "MIT"},
            "node_modules/choice": {"license": "(GPL-3.0 OR MIT)"},
            "node_modules/both": {"license": "GPL-3.0 AND MIT"},
            "node_modules/good/node_modules/bad": {"license": "GPL-3.0"},
            "node_modules/silent": {},
            "node_modules/svelte-toolbelt": {}
        }}"#;
        let found = refused(&serde_json::from_str(lock).unwrap(), &["MIT".to_owned()]);
        let named = |name: &str| found.iter().filter(|line| line.contains(name)).count();
        assert_eq!(found.len(), 3, "{found:?}");
        assert_eq!(["both", "bad", "silent"].map(named), [1; 3], "{found:?}");
    }
}
