//! Negative controls: each takes one defence out of a copy of the source and sees its test fail.
//!
//! A check that stays green without the defence it is about proves nothing. `tests/controls.toml`
//! lists, for each check, the one place where the defence lies and the test that must notice.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;

/// The file that lists the controls.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Controls {
    control: Vec<Control>,
}

/// One defence and the test that must miss it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Control {
    /// What it is called on the command line, often a check's id.
    name: String,
    /// The file with the defence, from the workspace's root.
    file: PathBuf,
    /// The text that stands in the file exactly once.
    find: String,
    /// What the text becomes when the defence is off.
    replace: String,
    /// The package of the test.
    package: String,
    /// The test's name, exactly; several when one defence keeps several promises.
    tests: Vec<String>,
}

/// What a run with the defence off showed.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    /// Every test failed, as it must.
    Red,
    /// These passed although the defence was off.
    StillGreen(Vec<String>),
    /// The weakened source does not build, so nothing was shown.
    NoBuild,
}

/// Runs all controls whose name contains `filter`; an error names those that stayed green.
pub fn run(root: &Path, filter: Option<&str>) -> Result<()> {
    let list = fs::read_to_string(root.join("tests/controls.toml"))?;
    let controls: Controls =
        toml::from_str(&list).context("tests/controls.toml is not as expected")?;
    let tree = root.join("target/controls/tree");
    copy_tracked_files(root, &tree)?;
    let mut failed = Vec::new();
    let wanted = |control: &&Control| filter.is_none_or(|part| control.name.contains(part));
    for control in controls.control.iter().filter(wanted) {
        let verdict =
            try_without(control, &tree).with_context(|| format!("control {}", control.name))?;
        println!("{:<40} {}", control.name, describe(&verdict));
        if verdict != Verdict::Red {
            failed.push(control.name.as_str());
        }
    }
    ensure!(
        failed.is_empty(),
        "not seen to fail without their defence: {}",
        failed.join(", ")
    );
    Ok(())
}

fn describe(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Red => "red without its defence, as it must be".into(),
        Verdict::StillGreen(tests) => format!("STILL GREEN: {}", tests.join(", ")),
        Verdict::NoBuild => "THE WEAKENED SOURCE DOES NOT BUILD".into(),
    }
}

fn copy_tracked_files(root: &Path, tree: &Path) -> Result<()> {
    let listed = Command::new("git")
        .args(["ls-files", "-z"])
        .current_dir(root)
        .output()?;
    ensure!(listed.status.success(), "git ls-files failed");
    for name in String::from_utf8(listed.stdout)?
        .split('\0')
        .filter(|name| !name.is_empty())
    {
        copy_if_changed(&root.join(name), &tree.join(name))?;
    }
    let built = root.join("ui/dist");
    if built.is_dir() && !tree.join("ui/dist").exists() {
        std::os::unix::fs::symlink(built, tree.join("ui/dist"))?;
    }
    Ok(())
}

/// Leaves what is equal alone, so that cargo does not build it again.
fn copy_if_changed(from: &Path, to: &Path) -> Result<()> {
    let Ok(content) = fs::read(from) else {
        return Ok(());
    };
    if fs::read(to).is_ok_and(|old| old == content) {
        return Ok(());
    }
    fs::create_dir_all(to.parent().context("a tracked file lies in a folder")?)?;
    fs::write(to, content).with_context(|| format!("cannot write {}", to.display()))
}

fn try_without(control: &Control, tree: &Path) -> Result<Verdict> {
    let path = tree.join(&control.file);
    let original = fs::read_to_string(&path)?;
    let found = original.matches(&control.find).count();
    ensure!(
        found == 1,
        "{} has the defence {found} times, not once",
        control.file.display()
    );
    fs::write(&path, original.replacen(&control.find, &control.replace, 1))?;
    let verdict = run_tests(control, tree);
    fs::write(&path, original)?;
    verdict
}

fn run_tests(control: &Control, tree: &Path) -> Result<Verdict> {
    if !cargo(tree, &["test", "--no-run", "--package", &control.package])? {
        return Ok(Verdict::NoBuild);
    }
    let mut green = Vec::new();
    for test in &control.tests {
        let filter = format!("test(/(^|::){test}$/)");
        let args = [
            "nextest",
            "run",
            "--package",
            &control.package,
            "-E",
            &filter,
        ];
        match cargo_code(tree, &args)? {
            0 => green.push(test.clone()),
            4 => bail!("no test is called {test} in {}", control.package),
            _ => {}
        }
    }
    Ok(if green.is_empty() {
        Verdict::Red
    } else {
        Verdict::StillGreen(green)
    })
}

fn cargo(tree: &Path, args: &[&str]) -> Result<bool> {
    Ok(cargo_code(tree, args)? == 0)
}

fn cargo_code(tree: &Path, args: &[&str]) -> Result<i32> {
    let output = Command::new("cargo")
        .args(args)
        .current_dir(tree)
        .env("CARGO_TARGET_DIR", tree.with_file_name("target"))
        .env("RUSTFLAGS", "--cap-lints=warn")
        .output()?;
    output.status.code().context("cargo was ended by a signal")
}
