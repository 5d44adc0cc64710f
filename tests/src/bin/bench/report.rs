//! Figures, and how they are told.

use std::{fmt, path::Path};

use anyhow::{Context, Result, ensure};
use serde::Serialize;

/// One figure.
#[derive(Debug, Serialize)]
pub struct Figure {
    /// What was measured.
    pub name: &'static str,
    /// The value, in `unit`.
    pub value: f64,
    /// Its unit.
    pub unit: &'static str,
    /// At most this much is promised; absent for what stands beside it to compare.
    pub promised: Option<f64>,
    /// How many measurements the value comes from.
    pub runs: usize,
}

impl Figure {
    /// A figure somebody else's program has, to compare.
    pub fn beside(name: &'static str, value: f64, unit: &'static str, runs: usize) -> Self {
        Self {
            name,
            value,
            unit,
            promised: None,
            runs,
        }
    }

    /// A figure with its promise.
    pub fn promised(
        name: &'static str,
        value: f64,
        unit: &'static str,
        promised: f64,
        runs: usize,
    ) -> Self {
        Self {
            name,
            value,
            unit,
            promised: Some(promised),
            runs,
        }
    }

    fn kept(&self) -> bool {
        self.promised.is_none_or(|promised| self.value <= promised)
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:<62} {:>9.2} {:<8}", self.name, self.value, self.unit)?;
        if let Some(promised) = self.promised {
            let verdict = if self.kept() { "kept" } else { "NOT KEPT" };
            write!(f, " promised {promised:>6.1}  {verdict}")?;
        }
        write!(f, "  ({} runs)", self.runs)
    }
}

/// All figures of a run.
#[derive(Debug, Serialize)]
pub struct Report {
    /// Where they were measured.
    pub machine: String,
    /// What was measured.
    pub figures: Vec<Figure>,
    /// What could not be.
    pub failures: Vec<String>,
}

impl Report {
    pub const fn new(machine: String) -> Self {
        Self {
            machine,
            figures: Vec::new(),
            failures: Vec::new(),
        }
    }

    /// Writes it as JSON. An error when something could not be measured.
    pub fn write(&self, file: &Path) -> Result<()> {
        std::fs::write(file, serde_json::to_string_pretty(self)?)
            .with_context(|| format!("writing {}", file.display()))?;
        ensure!(self.failures.is_empty(), "not everything could be measured");
        Ok(())
    }
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
