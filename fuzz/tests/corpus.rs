//! The corpus, and mutations of it, handed to every target. What libFuzzer once found lies in the corpus.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test says what is wrong by failing"
)]

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use deskbell_fuzz::{TARGETS, Target};
use deskbell_testing::effort::effort;
use deskbell_testing::random::Random;

/// Mutations for each target.
const TRIES: [u32; 2] = [4_000, 1_000_000];
/// Changes made to one input, at most.
const CHANGES: u64 = 6;

/// WS-07, CLI-03, CLI-10, INP-07.
#[test]
fn nothing_that_a_stranger_hands_over_does_harm() {
    let mut random = Random::seeded().unwrap();
    for target in TARGETS {
        let corpus = corpus(target.0);
        assert!(corpus.len() >= 5, "{}: {} inputs", target.0, corpus.len());
        for input in &corpus {
            holds(target, input);
        }
        for _ in 0..effort(TRIES[0], TRIES[1]) {
            holds(target, &mutation(&corpus, &mut random));
        }
    }
}

fn holds((name, target): &Target, input: &[u8]) {
    let outcome = catch_unwind(AssertUnwindSafe(|| target(input)));
    assert!(
        outcome.is_ok(),
        "{name}: {:?}",
        String::from_utf8_lossy(input)
    );
}

fn corpus(name: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("corpus")
        .join(name);
    let files = fs::read_dir(folder).unwrap().flatten();
    let mut files: Vec<_> = files.map(|file| file.path()).collect();
    files.sort();
    files.iter().map(|file| fs::read(file).unwrap()).collect()
}

/// One input with some changes: bytes turned, left out, put in, said twice, or taken from another one.
fn mutation(corpus: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let mut input = random.one_of(corpus).cloned().unwrap_or_default();
    for _ in 0..=random.below(CHANGES) {
        let (from, to) = (place(input.len(), random), place(input.len(), random));
        let (from, to) = (from.min(to), from.max(to));
        match random.below(6) {
            0 => drop(input.drain(from..to)),
            1 => {
                let twice = input[from..to].to_vec();
                input.splice(from..from, twice);
            }
            2 => input.insert(from, random.next().to_le_bytes()[0]),
            3 => drop(input.splice(from..to, piece(corpus, random))),
            4 => drop(input.splice(from..from, odd(random))),
            _ => input[from..to]
                .iter_mut()
                .take(1)
                .for_each(|byte| *byte ^= 1 << random.below(8)),
        }
        input.truncate(70_000);
    }
    input
}

fn piece(corpus: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let other = random.one_of(corpus).cloned().unwrap_or_default();
    let (from, to) = (place(other.len(), random), place(other.len(), random));
    other[from.min(to)..from.max(to)].to_vec()
}

/// What often does harm.
fn odd(random: &mut Random) -> Vec<u8> {
    let odd: [&[u8]; 16] = [
        b"\0",
        b"\r\n",
        b"\"",
        b"\\",
        b"%00",
        b"@",
        b"//",
        b"..",
        b"-1",
        b"1e999",
        b"\xff\xfe",
        "\u{202e}".as_bytes(),
        "\u{feff}".as_bytes(),
        "ſ".as_bytes(),
        b"null",
        b"{\"type\":",
    ];
    random
        .one_of(&odd)
        .map(|it| it.to_vec())
        .unwrap_or_default()
}

fn place(length: usize, random: &mut Random) -> usize {
    usize::try_from(random.below(length as u64 + 1)).unwrap()
}
