//! Negative controls: each takes one defence out of a copy of the source and sees its test fail.
//!
//! A check that stays green without the defence it is about proves nothing. `tests/controls.toml`
//! lists, for each check, the one place where the defence lies and the test that must notice.

mod list;
mod pages;
mod rust;
mod tree;

use std::{collections::BTreeMap, fs, path::Path, time::Instant};

use anyhow::{Result, bail};

pub use list::breaches;
use list::{Control, PAGES};
use tree::Tree;

use crate::{tools, ui};

/// What one test showed.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Shown {
    Green,
    /// With what it said.
    Red(String),
    /// Nothing of that name was run.
    Missing,
}

/// What a run with the defence off showed.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    /// Every test failed, as it must; with what the first said.
    Red(String),
    /// These passed although the defence was off.
    NotRed(Vec<String>),
    /// The weakened source does not build, so nothing was shown.
    NoBuild,
    /// The entry names something that is not there.
    Stale(String),
}

/// Each test with what it showed, or nothing when the source does not build.
type Showing = Option<BTreeMap<String, Shown>>;

/// Runs the controls that `filters` choose; an error tells how many did not end red.
pub fn run(root: &Path, filters: &[String]) -> Result<()> {
    tools::install(root, "cargo-nextest")?;
    if root.join("ui/dist").exists() {
        ui::install(root)?;
    } else {
        ui::build(root)?;
    }
    let mut controls = list::chosen(list::read(root)?, filters);
    controls.sort_by(|a, b| (&a.package, &a.file).cmp(&(&b.package, &b.file)));
    let tree = Tree::copy(root)?;
    let mut findings = warm_up(&controls, &tree)?;
    for control in &controls {
        let begin = Instant::now();
        let verdict = without(control, &tree)?;
        let seconds = begin.elapsed().as_secs();
        println!(
            "{seconds:>4} s  {:<62} {}",
            control.name,
            describe(&verdict)
        );
        if !matches!(verdict, Verdict::Red(_)) {
            findings.push(control.name.clone());
        }
    }
    println!("{} controls, {} findings", controls.len(), findings.len());
    if findings.is_empty() {
        return Ok(());
    }
    bail!("not as they must be:\n  {}", findings.join("\n  "))
}

fn describe(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Red(said) => format!("red: {said}"),
        Verdict::NotRed(tests) => format!("NOT RED: {}", tests.join(", ")),
        Verdict::NoBuild => "DOES NOT BUILD without its defence".into(),
        Verdict::Stale(why) => format!("STALE: {why}"),
    }
}

/// Builds all that the controls need, and tells of the tests that fail with every defence on.
fn warm_up(controls: &[Control], tree: &Tree) -> Result<Vec<String>> {
    let mut packages: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for control in controls {
        let tests = packages.entry(&control.package).or_default();
        tests.extend(control.tests.iter().cloned());
    }
    let mut findings = Vec::new();
    for (package, mut tests) in packages {
        tests.sort();
        tests.dedup();
        let begin = Instant::now();
        let Some(shown) = show(package, &tests, tree)? else {
            println!("{package} DOES NOT BUILD with every defence on");
            findings.push(format!("{package} (does not build with every defence on)"));
            continue;
        };
        let failed = shown.iter().filter(|(_, shown)| **shown != Shown::Green);
        for (test, shown) in failed {
            println!("with every defence on, {package}: {test}: {shown:?}");
            findings.push(format!("{test} (with every defence on)"));
        }
        let seconds = begin.elapsed().as_secs();
        println!(
            "{seconds:>4} s  {package}: {} tests with every defence on",
            tests.len()
        );
    }
    Ok(findings)
}

fn without(control: &Control, tree: &Tree) -> Result<Verdict> {
    let stale = list::faults(control, &tree.root());
    if let Some(why) = stale.into_iter().next() {
        return Ok(Verdict::Stale(why));
    }
    let path = tree.root().join(&control.file);
    let original = fs::read_to_string(&path)?;
    fs::write(&path, original.replacen(&control.find, &control.replace, 1))?;
    let shown = show(&control.package, &control.tests, tree);
    fs::write(&path, original)?;
    Ok(shown?.map_or(Verdict::NoBuild, judge))
}

fn show(package: &str, tests: &[String], tree: &Tree) -> Result<Showing> {
    if package == PAGES {
        pages::show(tests, tree)
    } else {
        rust::show(package, tests, tree)
    }
}

fn judge(shown: BTreeMap<String, Shown>) -> Verdict {
    let mut green = Vec::new();
    let mut said = Vec::new();
    for (test, shown) in shown {
        match shown {
            Shown::Green => green.push(test),
            Shown::Red(what) => said.push(what),
            Shown::Missing => return Verdict::Stale(format!("no test {test} was run")),
        }
    }
    if green.is_empty() {
        Verdict::Red(said.join(" | "))
    } else {
        Verdict::NotRed(green)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(tests: &[(&str, Shown)]) -> BTreeMap<String, Shown> {
        let named = tests
            .iter()
            .map(|(name, shown)| ((*name).to_owned(), shown.clone()));
        named.collect()
    }

    #[test]
    fn one_test_that_stays_green_is_a_finding() {
        let red = ("a", Shown::Red("said".into()));
        assert_eq!(
            judge(shown(std::slice::from_ref(&red))),
            Verdict::Red("said".into())
        );
        let mixed = shown(&[red, ("b", Shown::Green)]);
        assert_eq!(judge(mixed), Verdict::NotRed(vec!["b".into()]));
    }

    #[test]
    fn a_test_that_was_not_run_is_never_taken_for_red() {
        let verdict = judge(shown(&[("a", Shown::Missing)]));
        assert!(matches!(verdict, Verdict::Stale(_)), "{verdict:?}");
    }
}
