//! The check of this computer: facts are gathered, and a pure function makes findings of them.
//!
//! `deskbell doctor`, the settings and, if the user wishes it, a request for help show the findings.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::clock::Clock;
use crate::texts::{Texts, Value};
use crate::view::view;

mod certificate;
pub mod facts;
pub mod findings;
pub mod server;

pub use facts::{DesktopFacts, Facts};
pub use findings::Finding;
use server::Question;

view! {
    /// What the check of this computer found.
    pub struct CheckView {
        /// This client's version.
        pub version: String,
        /// The worst of the results.
        pub result: CheckResult,
        /// Each check that could be made, in a fixed order.
        pub checks: Vec<FindingView>,
        /// All of it as plain text, for people.
        pub report: String,
    }

    /// How a check went.
    #[derive(Copy, PartialOrd, Ord)]
    #[serde(rename_all = "snake_case")]
    pub enum CheckResult {
        /// As it should be.
        Pass,
        /// Deskbell works, but not as well as it could.
        Warning,
        /// Deskbell does not work.
        Fail,
    }

    /// What one check found.
    pub struct FindingView {
        /// Which check: `server`, `tls`, `keyring` …
        pub check: String,
        /// Its name.
        pub title: String,
        /// How it went.
        pub result: CheckResult,
        /// What was found, for programs.
        pub code: String,
        /// What was found, a sentence.
        pub text: String,
        /// What to do about it; none when nothing is to do.
        pub remedy: Option<String>,
        /// What belongs to the code, by name.
        pub values: BTreeMap<String, String>,
    }
}

/// Gathers the facts of the server while the desktop gathers its own, and says what they come to in
/// the language of a BCP 47 tag.
pub async fn run(
    question: &Question,
    policy_faults: Vec<String>,
    desktop: impl Future<Output = DesktopFacts>,
    clock: &dyn Clock,
    tag: &str,
) -> CheckView {
    let (server, desktop) = tokio::join!(server::ask(question, clock), desktop);
    let facts = Facts {
        policy_faults,
        server,
        desktop,
    };
    let findings = findings::findings(&facts);
    CheckView::of(&findings, &question.version, &Texts::for_checks(tag))
}

impl CheckView {
    /// The findings in the texts' language, which [`Texts::for_checks`] gives.
    #[must_use]
    pub fn of(findings: &[Finding], version: &str, texts: &Texts) -> Self {
        let checks: Vec<_> = findings.iter().map(|one| shown(one, texts)).collect();
        let worst = checks.iter().map(|one| one.result).max();
        let mut view = Self {
            version: version.to_owned(),
            result: worst.unwrap_or(CheckResult::Pass),
            checks,
            report: String::new(),
        };
        view.report = view.written(texts);
        view
    }

    fn written(&self, texts: &Texts) -> String {
        let version = [("version", Value::Words(&self.version))];
        let mut text = texts.text("check-report", &version);
        for one in &self.checks {
            let result = texts.text(one.result.key(), &[]);
            let _ = write!(text, "\n{result}: {}. {}", one.title, one.text);
            if let Some(remedy) = &one.remedy {
                let _ = write!(text, "\n    {remedy}");
            }
        }
        text
    }
}

impl CheckResult {
    const fn key(self) -> &'static str {
        match self {
            Self::Pass => "check-pass",
            Self::Warning => "check-warning",
            Self::Fail => "check-fail",
        }
    }

    /// The exit code of `deskbell doctor`.
    #[must_use]
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Pass => 0,
            Self::Warning => 1,
            Self::Fail => 2,
        }
    }
}

fn shown(finding: &Finding, texts: &Texts) -> FindingView {
    let values: Vec<_> = finding
        .values
        .iter()
        .map(|(name, words)| (*name, Value::Words(words.as_str())))
        .collect();
    let code = finding.code.replace('_', "-");
    let key = format!("check-{}-{code}", finding.check);
    let remedy = (finding.result != CheckResult::Pass)
        .then(|| texts.text(&format!("{key}-remedy"), &values));
    let named = |(name, words): &(&str, String)| ((*name).to_owned(), words.clone());
    FindingView {
        check: finding.check.to_owned(),
        title: texts.text(&format!("check-{}", finding.check), &[]),
        result: finding.result,
        code: finding.code.to_owned(),
        text: texts.text(&key, &values),
        remedy,
        values: finding.values.iter().map(named).collect(),
    }
}
