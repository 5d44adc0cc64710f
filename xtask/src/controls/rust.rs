//! Tests in Rust: where they are, and what they show.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

use super::{Showing, Shown, tree::Tree};
use crate::{command::cargo, windows_packages};

/// How nextest ends when the source did not build.
const BUILD_FAILED: i32 = 101;
/// How it ends when tests were run, or none was found.
const TESTED: [i32; 3] = [0, 4, 100];

/// The arguments that make cargo build the tests of one place and no others.
type Target = Vec<String>;

/// Runs the tests and tells what each showed.
pub fn show(package: &str, tests: &[String], tree: &Tree) -> Result<Showing> {
    let mut targets = BTreeSet::new();
    for test in tests {
        targets.insert(home(&tree.root(), package, test)?);
    }
    let in_wine = targets
        .iter()
        .flatten()
        .any(|name| name.starts_with("windows_"));
    if in_wine && !pack(tree)? {
        return Ok(None);
    }
    let mut run = cargo(&tree.root());
    run.args([
        "nextest",
        "run",
        "--profile",
        "controls",
        "--color",
        "never",
    ])
    .args(["--package", package])
    .args(targets.into_iter().flatten())
    .args(["-E", &expression(tests)])
    .env("PATH", tree.tools())
    .env("CARGO_TARGET_DIR", tree.target())
    .env("CARGO_PROFILE_DEV_DEBUG", "0");
    if in_wine {
        run.arg("--ignore-default-filter");
        run.env(
            windows_packages::VARIABLE,
            windows_packages::place(&tree.target()),
        );
    }
    let output = run.output().context("starting cargo nextest")?;
    let text = String::from_utf8_lossy(&output.stderr) + String::from_utf8_lossy(&output.stdout);
    fs::write(tree.log(), text.as_bytes())?;
    match output.status.code() {
        Some(BUILD_FAILED) => Ok(None),
        Some(code) if TESTED.contains(&code) => Ok(Some(read(&text, tests))),
        _ => bail!("nextest ended with {}: {text}", output.status),
    }
}

/// Makes what the tests install, by the copy's own task, and the server that it is to reach; false when
/// either does not build.
fn pack(tree: &Tree) -> Result<bool> {
    let mut server = cargo(&tree.root());
    server.args(["build", "--package", "deskbell-server", "--bins"]);
    let mut packages = cargo(&tree.root());
    packages.args(["run", "--package", "xtask", "--", "packages"]);
    Ok(done(&mut server, tree)? && done(&mut packages, tree)?)
}

/// Runs it where the copy is built, and tells whether it succeeded.
fn done(command: &mut Command, tree: &Tree) -> Result<bool> {
    command.env("CARGO_TARGET_DIR", tree.target());
    let output = command
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .output()
        .context("starting cargo")?;
    fs::write(tree.log(), [output.stdout, output.stderr].concat())?;
    Ok(output.status.success())
}

fn expression(tests: &[String]) -> String {
    let each = tests.iter().map(|test| format!("test(/(^|::){test}$/)"));
    each.collect::<Vec<_>>().join(" + ")
}

/// What nextest's lines tell of each test. One that several lines are about must fail in all.
fn read(text: &str, tests: &[String]) -> BTreeMap<String, Shown> {
    let mut shown: BTreeMap<String, Shown> = BTreeMap::new();
    for test in tests {
        shown.insert(test.clone(), Shown::Missing);
        let ended = text.lines().filter_map(ending);
        for (status, name) in ended.filter(|(_, name)| is(name, test)) {
            let green = matches!(status, "PASS" | "LEAK") || shown.get(test) == Some(&Shown::Green);
            let now = if green {
                Shown::Green
            } else {
                Shown::Red(format!("{status} {}", said(text, name)))
            };
            shown.insert(test.clone(), now);
        }
    }
    shown
}

fn is(name: &str, test: &str) -> bool {
    name.strip_suffix(test)
        .is_some_and(|before| before.is_empty() || before.ends_with("::"))
}

/// The status and the test of a line like `FAIL [   0.012s] (1/2) package module::test`.
fn ending(line: &str) -> Option<(&str, &str)> {
    let (status, rest) = line.trim_start().split_once(' ')?;
    let told = rest.trim_start().starts_with('[') && !matches!(status, "SLOW" | "TERMINATING");
    let loud = status
        .chars()
        .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
    let name = rest.split(' ').next_back()?;
    (told && loud && name != "status").then_some((status, name))
}

/// The first thing the test said when it failed, cut to a line.
fn said(text: &str, test: &str) -> String {
    let panic = format!("thread '{test}'");
    let mut lines = text.lines().skip_while(|line| !line.contains(&panic));
    let place = lines
        .next()
        .and_then(|line| line.split("panicked at ").nth(1));
    let words = lines
        .find(|line| !line.trim().is_empty())
        .unwrap_or_default();
    let returned = || {
        text.lines()
            .map(str::trim)
            .find(|line| line.starts_with("Error: "))
    };
    let line = match place {
        Some(place) => format!("{place} {}", words.trim()),
        None => returned().unwrap_or_default().to_owned(),
    };
    line.chars().take(180).collect()
}

/// Where the test is, as cargo names it.
pub fn home(root: &Path, package: &str, test: &str) -> Result<Target> {
    let folder = folder(root, package)?;
    let name = test.rsplit("::").next().unwrap_or(test);
    let start = format!("fn {name}(");
    for place in ["src", "tests"] {
        for file in sources(&folder.join(place)) {
            if fs::read_to_string(&file).is_ok_and(|text| text.contains(&start)) {
                return Ok(target(&folder, &file));
            }
        }
    }
    bail!("{package} has no test {test}")
}

fn target(folder: &Path, file: &Path) -> Target {
    let inside = file.strip_prefix(folder.join("tests")).ok();
    let first = inside.and_then(|path| path.components().next());
    match first {
        Some(name) => {
            let name = Path::new(&name).with_extension("");
            vec!["--test".into(), name.display().to_string()]
        }
        None if folder.join("src/lib.rs").exists() => vec!["--lib".into()],
        None => vec!["--bins".into()],
    }
}

/// The folder of one of our packages.
fn folder(root: &Path, package: &str) -> Result<PathBuf> {
    let mut folders: Vec<PathBuf> = ["fuzz", "src-tauri", "tests", "xtask"]
        .map(|name| root.join(name))
        .into();
    for entry in fs::read_dir(root.join("crates"))? {
        folders.push(entry?.path());
    }
    let named = format!("name = \"{package}\"");
    let mut ours = folders.into_iter().filter(|folder| {
        let manifest = fs::read_to_string(folder.join("Cargo.toml"));
        manifest.is_ok_and(|text| text.lines().any(|line| line == named))
    });
    ours.next()
        .with_context(|| format!("no package is called {package}"))
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
    {
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const OUTPUT: &str = "\
    Starting 2 tests across 1 binary
        PASS [   0.010s] (1/2) deskbell-server::core sqlite::first
        FAIL [   0.012s] (2/2) deskbell-server::core sqlite::second
  stderr ───
    thread 'sqlite::second' (7) panicked at crates/x.rs:3:5:
    it was let in
     Summary [   0.012s] 2 tests run: 1 passed, 1 failed, 0 skipped
";

    #[test]
    fn each_test_shows_how_it_ended() {
        let tests = ["sqlite::first", "second", "third"].map(String::from);
        let shown = read(OUTPUT, &tests);
        assert_eq!(shown["sqlite::first"], Shown::Green);
        assert_eq!(
            shown["second"],
            Shown::Red("FAIL crates/x.rs:3:5: it was let in".into())
        );
        assert_eq!(shown["third"], Shown::Missing);
    }

    #[test]
    fn a_test_is_built_alone() {
        let folder = Path::new("/p");
        let core = target(folder, Path::new("/p/tests/core/roles.rs"));
        assert_eq!(core, ["--test", "core"]);
        assert_eq!(target(folder, Path::new("/p/tests/a.rs")), ["--test", "a"]);
        assert_eq!(target(folder, Path::new("/p/src/a.rs")), ["--bins"]);
    }
}
