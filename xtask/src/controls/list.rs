//! What `tests/controls.toml` says, and whether the source still has it.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use serde::Deserialize;

use super::{pages, rust};

/// The package of tests that are written in TypeScript.
pub const PAGES: &str = "ui";

/// The checks that are proven by tests and need a control each.
const CHECKS: &[&str] = &[
    "LOG-01", "LOG-02", "LOG-03", "LOG-04", "LOG-05", "LOG-06", "LOG-07", "LOG-08", "LOG-11",
    "LOG-14", "LOG-15", "LOG-16", "LOG-18", "SES-01", "SES-04", "SES-05", "SES-06", "SES-07",
    "SES-08", "SES-09", "AUTHZ-01", "AUTHZ-07", "WS-01", "WS-02", "WS-03", "WS-04", "WS-09",
    "WS-10", "WS-11", "WS-12", "INP-01", "INP-02", "INP-03", "INP-04", "INP-05", "INP-06",
    "INP-08", "INP-12", "DUR-01", "DUR-02", "DUR-03", "REC-02", "REC-03", "REC-04", "REC-06",
    "REC-07", "REC-08", "REC-10", "REC-11", "REC-12", "CLI-01", "CLI-02", "CLI-07", "CLI-10",
    "CLI-14",
];

/// The file that lists the controls.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Controls {
    control: Vec<Control>,
}

/// One defence and the tests that must miss it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Control {
    /// The checks it belongs to, a colon, and what the defence does.
    pub name: String,
    /// The file with the defence, from the workspace's root.
    pub file: PathBuf,
    /// The text that stands in the file exactly once.
    pub find: String,
    /// What the text becomes when the defence is off.
    pub replace: String,
    /// The package of the tests: a crate, or `ui`.
    pub package: String,
    /// The tests' names: a function with as much of its path as tells it apart, or a title.
    pub tests: Vec<String>,
}

impl Control {
    fn checks(&self) -> impl Iterator<Item = &str> {
        let before = self.name.split(':').next().unwrap_or_default();
        before.split(',').map(str::trim)
    }
}

/// All controls.
pub fn read(root: &Path) -> Result<Vec<Control>> {
    let list = fs::read_to_string(root.join("tests/controls.toml"))?;
    let controls: Controls =
        toml::from_str(&list).context("tests/controls.toml is not as expected")?;
    Ok(controls.control)
}

/// The controls that one of `filters` chooses: all of a package, or if none is called so, those with it in their
/// name. Without filters, all of them.
pub fn chosen(mut controls: Vec<Control>, filters: &[String]) -> Vec<Control> {
    let is_package = |filter: &String| controls.iter().any(|it| it.package == *filter);
    let (packages, parts): (Vec<_>, Vec<_>) = filters.iter().partition(|it| is_package(it));
    controls.retain(|control| {
        filters.is_empty()
            || packages.contains(&&control.package)
            || parts.iter().any(|part| control.name.contains(*part))
    });
    controls
}

/// Controls the source has outgrown, and checks that have none.
pub fn breaches(root: &Path) -> Result<Vec<String>> {
    let controls = read(root)?;
    let mut breaches = Vec::new();
    let mut names = BTreeSet::new();
    for control in &controls {
        let mut wrong = faults(control, root);
        if !names.insert(&control.name) {
            wrong.push("the name is there twice".into());
        }
        let told = wrong
            .iter()
            .map(|fault| format!("control {}: {fault}", control.name));
        breaches.extend(told);
    }
    let has: BTreeSet<&str> = controls.iter().flat_map(Control::checks).collect();
    let without = CHECKS.iter().filter(|check| !has.contains(*check));
    breaches.extend(without.map(|check| format!("tests/controls.toml: {check} has no control")));
    Ok(breaches)
}

/// What the control names and the source under `root` does not have.
pub fn faults(control: &Control, root: &Path) -> Vec<String> {
    let file = control.file.display();
    let mut faults = Vec::new();
    match fs::read_to_string(root.join(&control.file)) {
        Err(cause) => faults.push(format!("{file}: {cause}")),
        Ok(text) => {
            let found = text.matches(&control.find).count();
            if found != 1 {
                faults.push(format!("{file} has the defence {found} times, not once"));
            }
        }
    }
    if control.find == control.replace || control.tests.is_empty() {
        faults.push("it changes nothing, or names no test".into());
    }
    for test in &control.tests {
        let there = if control.package == PAGES {
            pages::home(root, test).is_ok()
        } else {
            rust::home(root, &control.package, test).is_ok()
        };
        if !there {
            faults.push(format!("{} has no test {test}", control.package));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn control(name: &str) -> Control {
        Control {
            name: name.into(),
            file: "Cargo.toml".into(),
            find: "[workspace]".into(),
            replace: String::new(),
            package: "xtask".into(),
            tests: vec!["a_control_names_its_checks".into()],
        }
    }

    fn root() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
    }

    #[test]
    fn a_control_names_its_checks() {
        let named = control("LOG-03, LOG-08: five tries");
        assert_eq!(named.checks().collect::<Vec<_>>(), ["LOG-03", "LOG-08"]);
    }

    #[test]
    fn a_package_or_a_part_of_the_name_chooses() {
        let all = || vec![control("LOG-03: five tries"), control("WS-01: xtask's own")];
        assert_eq!(chosen(all(), &["xtask".into()]).len(), 2);
        assert_eq!(chosen(all(), &["LOG".into()]).len(), 1);
    }

    #[test]
    fn what_the_source_has_is_no_fault() {
        assert_eq!(faults(&control("x"), &root()), Vec::<String>::new());
    }

    #[test]
    fn a_defence_or_a_test_that_is_gone_is_told() {
        let mut gone = control("x");
        gone.find = "no such text".into();
        gone.tests.push("no_such_test".into());
        assert_eq!(faults(&gone, &root()).len(), 2);
    }

    #[test]
    fn every_control_fits_the_source() {
        let breaches = breaches(&root()).unwrap_or_else(|cause| vec![cause.to_string()]);
        assert!(breaches.is_empty(), "{}", breaches.join("\n"));
    }
}
