//! Randomness that can be had again: SplitMix64 from a seed that is printed.

use std::io::Write as _;

use anyhow::{Context, Result};

/// Names the variable that gives the seed of a run once more.
const SEED: &str = "DESKBELL_SEED";

/// A source of numbers.
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// From the seed in the environment, or a new one; either is printed.
    ///
    /// # Errors
    /// When the system has no random numbers.
    pub fn seeded() -> Result<Self> {
        let given = std::env::var(SEED).ok().and_then(|text| text.parse().ok());
        let seed = match given {
            Some(seed) => seed,
            None => getrandom::u64().context("the system's random numbers")?,
        };
        let mut out = std::io::stderr().lock();
        writeln!(out, "run this again with {SEED}={seed}")?;
        Ok(Self(seed))
    }

    /// One of its own for somebody beside.
    #[must_use]
    pub fn fork(&mut self) -> Self {
        Self(self.next())
    }

    /// Any number.
    pub const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 to below this.
    pub const fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    /// One of these; nothing when there are none.
    pub fn one_of<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        let bound = u64::try_from(all.len()).ok().filter(|bound| *bound > 0)?;
        all.get(usize::try_from(self.below(bound)).ok()?)
    }
}
