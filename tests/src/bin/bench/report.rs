//! Figures, and how they are told.

use std::{fmt::Write as _, path::Path};

use anyhow::{Context, Result, ensure};
use serde::Serialize;

/// What a value is compared with.
#[derive(Debug, Clone, Serialize, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Nothing: it is told for whoever wants to know.
    Alone,
    /// This much or less is the target.
    AtMost(f64),
    /// This much or more is the target.
    AtLeast(f64),
    /// It is another program's, and stands beside the figure of this name.
    Beside(String),
}

/// One figure.
#[derive(Debug, Serialize)]
pub struct Figure {
    /// What was measured; of whom, when it stands beside another.
    pub name: String,
    /// The value, in `unit`.
    pub value: f64,
    /// Its unit.
    pub unit: &'static str,
    /// What it is compared with.
    pub standing: Standing,
    /// How many measurements the value comes from.
    pub runs: usize,
}

impl Figure {
    /// A figure that is compared with nothing.
    pub fn new(name: impl Into<String>, value: f64, unit: &'static str, runs: usize) -> Self {
        Self {
            name: name.into(),
            value,
            unit,
            standing: Standing::Alone,
            runs,
        }
    }

    /// This much or less is the target.
    pub fn at_most(self, target: f64) -> Self {
        let standing = Standing::AtMost(target);
        Self { standing, ..self }
    }

    /// This much or more is the target.
    pub fn at_least(self, target: f64) -> Self {
        let standing = Standing::AtLeast(target);
        Self { standing, ..self }
    }

    /// It is another program's, to be told beside the figure of this name.
    pub fn beside(self, name: impl Into<String>) -> Self {
        let standing = Standing::Beside(name.into());
        Self { standing, ..self }
    }

    /// The target and whether it is reached; empty without one.
    fn verdict(&self) -> (String, &'static str) {
        let (reached, sign, target) = match self.standing {
            Standing::AtMost(target) => (self.value <= target, '≤', target),
            Standing::AtLeast(target) => (self.value >= target, '≥', target),
            Standing::Alone | Standing::Beside(_) => return (String::new(), ""),
        };
        let verdict = if reached { "reached" } else { "MISSED" };
        (format!("{sign} {}", short(target)), verdict)
    }
}

/// All figures of a run.
#[derive(Debug, Serialize)]
pub struct Report {
    /// Where they were measured.
    pub machine: String,
    /// What was measured with.
    pub versions: Vec<String>,
    /// What was measured.
    pub figures: Vec<Figure>,
    /// What could not be.
    pub failures: Vec<String>,
}

impl Report {
    pub const fn new(machine: String, versions: Vec<String>) -> Self {
        Self {
            machine,
            versions,
            figures: Vec::new(),
            failures: Vec::new(),
        }
    }

    /// A table in Markdown: each figure with its target, and what other programs have beside it.
    pub fn table(&self) -> String {
        let mut table = "| figure | measured | target | | beside it | runs |\n\
            |---|---|---|---|---|---|\n"
            .to_owned();
        for figure in self.own() {
            let (target, verdict) = figure.verdict();
            let _ = writeln!(
                table,
                "| {} | {} {} | {target} | {verdict} | {} | {} |",
                figure.name,
                short(figure.value),
                figure.unit,
                self.beside(&figure.name).join(", "),
                figure.runs,
            );
        }
        table
    }

    fn own(&self) -> impl Iterator<Item = &Figure> {
        let is_own = |figure: &&Figure| !matches!(figure.standing, Standing::Beside(_));
        self.figures.iter().filter(is_own)
    }

    fn beside(&self, name: &str) -> Vec<String> {
        let standing = Standing::Beside(name.to_owned());
        let others = self
            .figures
            .iter()
            .filter(|figure| figure.standing == standing);
        others
            .map(|figure| format!("{} {}", figure.name, short(figure.value)))
            .collect()
    }

    /// Writes it as JSON. An error when something could not be measured.
    pub fn write(&self, file: &Path) -> Result<()> {
        std::fs::write(file, serde_json::to_string_pretty(self)?)
            .with_context(|| format!("writing {}", file.display()))?;
        ensure!(self.failures.is_empty(), "not everything could be measured");
        Ok(())
    }
}

/// Three digits, or all before the point.
fn short(value: f64) -> String {
    let digits = match value.abs() {
        100.0.. => 0,
        10.0..100.0 => 1,
        _ => 2,
    };
    format!("{value:.digits$}")
}

/// The value in the middle, or at another share (0 to 1) from below.
pub fn quantile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        clippy::cast_sign_loss,
        reason = "a place among some hundred values"
    )]
    let place = ((sorted.len().saturating_sub(1)) as f64 * share).round() as usize;
    sorted.get(place).copied().unwrap_or(f64::NAN)
}

/// The value in the middle.
pub fn median(values: &[f64]) -> f64 {
    quantile(values, 0.5)
}

#[cfg(test)]
mod tests {
    use super::{Figure, Report};

    #[test]
    fn a_figure_stands_with_its_target_and_what_others_have_in_one_line() {
        let mut report = Report::new(String::new(), Vec::new());
        report.figures.extend([
            Figure::new("start", 0.3, "s", 11).at_most(0.25),
            Figure::new("Chromium", 0.4, "s", 3).beside("start"),
            Figure::new("pace", 4100.2, "1/s", 5).at_least(2000.0),
        ]);
        let table = report.table();
        let lines: Vec<&str> = table.lines().skip(2).collect();
        assert_eq!(
            lines,
            [
                "| start | 0.30 s | ≤ 0.25 | MISSED | Chromium 0.40 | 11 |",
                "| pace | 4100 1/s | ≥ 2000 | reached |  | 5 |",
            ]
        );
    }
}
