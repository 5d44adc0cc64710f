//! Tests of the pages: where they are, and what they show.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use super::{Showing, Shown, tree::Tree};
use crate::{command::program, ui};

/// Tests in here run in a browser, on built pages.
const BROWSER: &str = "tests/browser";

/// A page that goes round in circles without its defence is ended after this.
const PATIENCE_SECONDS: &str = "240";

/// What vitest writes about a run.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    test_results: Vec<InFile>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct InFile {
    assertion_results: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Case {
    title: String,
    status: String,
    #[serde(default)]
    failure_messages: Vec<String>,
}

/// Runs the tests and tells what each showed.
pub fn show(titles: &[String], tree: &Tree) -> Result<Showing> {
    let mut files: BTreeMap<PathBuf, Vec<String>> = BTreeMap::new();
    for title in titles {
        let home = home(&tree.root(), title)?;
        files.entry(home).or_default().push(title.clone());
    }
    if files.keys().any(|file| file.starts_with(BROWSER)) && !build(tree)? {
        return Ok(None);
    }
    let mut shown = BTreeMap::new();
    for (file, titles) in files {
        let Some(cases) = vitest(&file, &titles, tree)? else {
            return Ok(None);
        };
        let told = titles.into_iter().map(|title| {
            let showing = sum_up(&title, &cases);
            (title, showing)
        });
        shown.extend(told);
    }
    Ok(Some(shown))
}

fn build(tree: &Tree) -> Result<bool> {
    for page in ["build:fake", "build:messenger", "build:console"] {
        let output = ui::npm(&tree.root()).args(["run", page]).output()?;
        if !output.status.success() {
            fs::write(tree.log(), [output.stdout, output.stderr].concat())?;
            return Ok(false);
        }
    }
    Ok(true)
}

/// Every case the titles stand for; nothing when the file could not be loaded.
fn vitest(file: &Path, titles: &[String], tree: &Tree) -> Result<Option<Vec<Case>>> {
    let project = if file.starts_with(BROWSER) {
        "browser"
    } else {
        "parts"
    };
    let report = tree.log().with_extension("json");
    let _ = fs::remove_file(&report);
    let patterns: Vec<String> = titles.iter().map(|title| pattern(title)).collect();
    let mut run = program(&tree.root().join("ui"), "timeout");
    run.args([
        "--kill-after=5",
        PATIENCE_SECONDS,
        "node_modules/.bin/vitest",
    ])
    .args(["run", "--project", project, "--reporter=json"])
    .arg(format!("--outputFile={}", report.display()))
    .args(["-t", &patterns.join("|")])
    .arg(file);
    let output = run.output().context("starting vitest")?;
    fs::write(tree.log(), [output.stdout, output.stderr].concat())?;
    let Ok(text) = fs::read_to_string(&report) else {
        return Ok(None);
    };
    let report: Report = serde_json::from_str(&text)?;
    let cases: Vec<Case> = report
        .test_results
        .into_iter()
        .flat_map(|file| file.assertion_results)
        .collect();
    Ok((!cases.is_empty()).then_some(cases))
}

/// A title's parts that are the same for every case: `%s` and the like stand for anything.
fn parts(title: &str) -> impl Iterator<Item = &str> {
    let pieces = title.split('%').enumerate();
    pieces.map(|(at, piece)| {
        if at == 0 {
            piece
        } else {
            piece.get(1..).unwrap_or_default()
        }
    })
}

fn pattern(title: &str) -> String {
    let escaped = parts(title).map(|part| {
        part.chars().fold(String::new(), |mut text, c| {
            if !c.is_alphanumeric() && c != ' ' {
                text.push('\\');
            }
            text.push(c);
            text
        })
    });
    escaped.collect::<Vec<_>>().join(".*")
}

fn is(case: &Case, title: &str) -> bool {
    let mut rest = case.title.as_str();
    parts(title).all(|part| match rest.split_once(part) {
        Some((_, after)) => {
            rest = after;
            true
        }
        None => false,
    })
}

/// A title with several cases is red when one of them is.
fn sum_up(title: &str, cases: &[Case]) -> Shown {
    let mut shown = Shown::Missing;
    for case in cases.iter().filter(|case| is(case, title)) {
        match case.status.as_str() {
            "failed" => {
                let said = case
                    .failure_messages
                    .first()
                    .and_then(|text| text.lines().next());
                return Shown::Red(said.unwrap_or_default().chars().take(180).collect());
            }
            "passed" => shown = Shown::Green,
            _ => {}
        }
    }
    shown
}

/// The file with the test, from the pages' folder.
pub fn home(root: &Path, title: &str) -> Result<PathBuf> {
    let ui = root.join("ui");
    let mut files = Vec::new();
    for part in ["console", "messenger", "shared", "tests"] {
        tests_in(&ui.join(part), &mut files);
    }
    let quoted = [format!("\"{title}\""), format!("'{title}'")];
    let mut homes = files.into_iter().filter(|file| {
        let text = fs::read_to_string(file).unwrap_or_default();
        quoted.iter().any(|title| text.contains(title))
    });
    match (homes.next(), homes.next()) {
        (Some(file), None) => Ok(file.strip_prefix(ui)?.to_owned()),
        (None, _) => bail!("the pages have no test {title}"),
        (Some(_), Some(_)) => bail!("several files have a test {title}"),
    }
}

fn tests_in(folder: &Path, found: &mut Vec<PathBuf>) {
    for path in fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
    {
        if path.is_dir() {
            tests_in(&path, found);
        } else if path.to_string_lossy().ends_with(".test.ts") {
            found.push(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(title: &str, status: &str) -> Case {
        Case {
            title: title.into(),
            status: status.into(),
            failure_messages: vec!["Error: shown\nat".into()],
        }
    }

    #[test]
    fn one_red_case_of_many_is_enough() {
        let cases = [
            case("\"a\" is text", "passed"),
            case("\"b\" is text", "failed"),
        ];
        assert_eq!(
            sum_up("%j is text", &cases),
            Shown::Red("Error: shown".into())
        );
        assert_eq!(sum_up("%j is a link", &cases), Shown::Missing);
    }

    #[test]
    fn a_title_becomes_a_pattern() {
        assert_eq!(pattern("%j is shown, at once"), ".* is shown\\, at once");
    }
}
