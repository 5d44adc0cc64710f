//! What the sources must not have: overlong files, vague names, ways for HTML to get in.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Result;

use crate::command::{printed, program};

/// A file longer than this wants a reason.
const LONGEST_LINES: usize = 400;

/// Longer files, each with its reason.
const LONG_FILES: &[(&str, &str)] = &[
    (
        "crates/messenger/src/settings/table.rs",
        "the table of all settings, read as one",
    ),
    (
        "crates/messenger/src/view.rs",
        "the contract with the window, read as one",
    ),
    (
        "crates/server/tests/commands.rs",
        "what an operator sees of every command, one list of sentences",
    ),
    (
        "crates/server/tests/sessions.rs",
        "what holds for a session from its begin to its end, one list of sentences",
    ),
    (
        "crates/server/tests/sign_in.rs",
        "what holds for every way of signing in, one list of sentences",
    ),
    (
        "ui/messenger/fake/data.ts",
        "what the window is shown in tests and pictures, one set of examples",
    ),
    (
        "ui/messenger/window.test.ts",
        "what people see in the window, one list of sentences",
    ),
    (
        "crates/protocol/tests/golden.rs",
        "one example of every wire message",
    ),
    (
        "ui/console/fake/server.ts",
        "a whole server's answers, for tests of the console",
    ),
];

/// Endings of what people write here.
const SOURCES: &[&str] = &["rs", "ts", "svelte", "css", "sql", "js", "sh"];

/// Names that say nothing about what is inside.
const VAGUE: &[&str] = &[
    "mod", "manager", "helper", "helpers", "util", "utils", "common", "handler", "handlers",
];

/// Ways for HTML or code to get into a page, in the pages' sources.
const HTML: &[&str] = &[
    "innerHTML",
    "outerHTML",
    "insertAdjacentHTML",
    "document.write",
    "{@html",
    "eval(",
    "new Function(",
];

/// What is generated, not written.
const GENERATED: &[&str] = &["ui/shared/types/", "ui/shared/text/keys.ts"];

pub fn breaches(root: &Path) -> Result<Vec<String>> {
    let listed = printed(program(root, "git").args([
        "ls-files",
        "--cached",
        "--others",
        "--exclude-standard",
    ]))?;
    let mut breaches = Vec::new();
    for file in listed
        .lines()
        .map(PathBuf::from)
        .filter(|file| written(file))
    {
        let Ok(text) = fs::read_to_string(root.join(&file)) else {
            continue;
        };
        breaches.extend(in_file(&file, &text));
    }
    Ok(breaches)
}

fn written(file: &Path) -> bool {
    let ending = file.extension().and_then(|ending| ending.to_str());
    let generated = GENERATED.iter().any(|place| file.starts_with(place));
    ending.is_some_and(|ending| SOURCES.contains(&ending)) && !generated
}

fn in_file(file: &Path, text: &str) -> Vec<String> {
    let name = file.display();
    let mut breaches = Vec::new();
    let lines = text.lines().count();
    if lines > LONGEST_LINES && !LONG_FILES.iter().any(|(long, _)| file == Path::new(long)) {
        breaches.push(format!(
            "{name}: {lines} lines; split it, or give a reason in xtask/src/tidy/sources.rs"
        ));
    }
    let stem = file
        .file_stem()
        .and_then(|stem| stem.to_str())
        .unwrap_or_default();
    if VAGUE.contains(&stem) || (file.starts_with("ui") && stem == "index" && !text.contains('<')) {
        breaches.push(format!("{name}: a name that does not say what is inside"));
    }
    if file.starts_with("ui") && !is_test(file) {
        let found = HTML.iter().filter(|way| text.contains(**way));
        breaches
            .extend(found.map(|way| format!("{name}: {way} lets markup or code into the page")));
    }
    breaches
}

/// Tests may name what they prove to be absent.
fn is_test(file: &Path) -> bool {
    let name = file
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default();
    name.contains(".test.") || name.contains("eslint.config") || file.starts_with("ui/tests")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vague_name_is_told() {
        assert_eq!(in_file(Path::new("crates/server/src/util.rs"), "").len(), 1);
        assert!(in_file(Path::new("crates/server/src/feed.rs"), "").is_empty());
    }

    #[test]
    fn an_overlong_file_is_told() {
        let long = "x\n".repeat(LONGEST_LINES + 1);
        assert_eq!(
            in_file(Path::new("crates/server/src/feed.rs"), &long).len(),
            1
        );
    }

    #[test]
    fn markup_in_a_page_is_told_but_not_in_its_test() {
        let text = "node.innerHTML = body";
        assert_eq!(
            in_file(Path::new("ui/shared/chat/bubble.ts"), text).len(),
            1
        );
        assert!(in_file(Path::new("ui/shared/chat/bubble.test.ts"), text).is_empty());
    }
}
