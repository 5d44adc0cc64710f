//! `cargo xtask prove`: what must never happen, tried for longer than the suite does, and again the same
//! way when it did.

use std::{
    collections::hash_map::RandomState,
    hash::{BuildHasher as _, Hasher as _},
    path::Path,
};

use anyhow::Result;
use clap::{Args, ValueEnum};

use crate::{
    command::succeed,
    packages::{self, For},
    test, tools, ui,
};

/// What the tests read: `crates/testing/src/random.rs` and `effort.rs`, `ui/shared/markdown/chance.test.ts`.
const SEED: &str = "DESKBELL_SEED";
const EFFORT: &str = "DESKBELL_EFFORT";

#[derive(Args)]
pub struct Wishes {
    /// What to prove; everything when nothing is named.
    #[arg(value_enum)]
    proofs: Vec<Proof>,
    /// Do again what a run with this seed did.
    #[arg(long)]
    seed: Option<u64>,
    /// Try as much as `cargo xtask test` does, and no more.
    #[arg(long)]
    short: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Proof {
    /// What was acknowledged is kept: kills, power cuts, failing disks, backups, fail-overs.
    Durability,
    /// Nothing is missed or doubled: cuts at any byte, any mix of faults, servers that come and go.
    Resume,
    /// Nobody is harmed by others: storms of reconnects, floods, slow and half-open clients.
    Load,
    /// Nothing a stranger writes does harm: corpora, mutations of them, random actions.
    Fuzz,
}

impl Proof {
    /// The tests that show it, as nextest selects them.
    const fn tests(self) -> &'static str {
        match self {
            Self::Durability => {
                "package(deskbell-server) & binary(durability) \
                 | package(deskbell-server) & binary(nodes) & test(/^failover::/) \
                 | package(deskbell-messenger) & test(/^(crashes|outbox|storage)::/) \
                 | package(deskbell-tests) & binary(durability)"
            }
            Self::Resume => {
                "package(deskbell-messenger) & test(/^(chance|cuts|fallback|network)::/) \
                 | package(deskbell-server) & binary(core) & test(/^feed::/) \
                 | package(deskbell-server) & binary(nodes) & test(/^restarts::/)"
            }
            Self::Load => {
                "package(deskbell-server) & binary(load) \
                 | package(deskbell-server) & binary(core) & test(/^(limits|sockets)::/) \
                 | package(deskbell-server) & binary(nodes) & test(/^restarts::/) \
                 | package(deskbell-messenger) & test(/^reconnect::/)"
            }
            Self::Fuzz => {
                "package(deskbell-fuzz) \
                 | package(deskbell-server) & binary(core) & test(/^visibility::/)"
            }
        }
    }
}

/// Runs them with a seed that is told before and after.
pub fn run(root: &Path, wishes: &Wishes) -> Result<()> {
    packages::install_missing(For::Test, false)?;
    tools::install(root, "cargo-nextest")?;
    let seed = wishes.seed.unwrap_or_else(chance);
    let again = again(wishes, seed);
    println!("this run again: {again}");
    let ended = prove(root, wishes, seed);
    println!("this run again: {again}");
    ended
}

fn prove(root: &Path, wishes: &Wishes, seed: u64) -> Result<()> {
    let proofs = named(wishes);
    let seed = seed.to_string();
    let effort = if wishes.short { "short" } else { "long" };
    let each: Vec<_> = proofs.iter().map(|it| it.tests()).collect();
    let mut tests = test::tests(root, &each.join(" | "));
    tests.args(["--profile", "prove"]);
    let tested = succeed(tests.env(SEED, &seed).env(EFFORT, effort));
    if !proofs.contains(&Proof::Fuzz) {
        return tested;
    }
    ui::install(root)?;
    let mut pages = ui::npm(root);
    pages.args(["run", "test", "--", "shared/markdown"]);
    let pages = succeed(pages.env(SEED, &seed).env(EFFORT, effort));
    tested.and(pages)
}

fn named(wishes: &Wishes) -> Vec<Proof> {
    if wishes.proofs.is_empty() {
        Proof::value_variants().to_vec()
    } else {
        wishes.proofs.clone()
    }
}

/// The command that does the same once more.
fn again(wishes: &Wishes, seed: u64) -> String {
    let mut words = vec!["cargo xtask prove".to_owned()];
    let names = wishes.proofs.iter().filter_map(Proof::to_possible_value);
    words.extend(names.map(|name| name.get_name().to_owned()));
    words.push(format!("--seed {seed}"));
    words.extend(wishes.short.then(|| "--short".to_owned()));
    words.join(" ")
}

/// A number that nobody chose: the standard library keys its hash maps with one.
fn chance() -> u64 {
    RandomState::new().build_hasher().finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_told_so_that_it_can_be_done_again() {
        let wishes = Wishes {
            proofs: vec![Proof::Load, Proof::Fuzz],
            seed: None,
            short: true,
        };
        assert_eq!(
            again(&wishes, 7),
            "cargo xtask prove load fuzz --seed 7 --short"
        );
    }
}
