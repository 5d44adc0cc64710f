//! The version a Windows program carries in its resources.

use anyhow::{Context, Result};

/// How `VS_FIXEDFILEINFO` begins: its signature and its own version.
const BEGIN: [u8; 8] = [0xbd, 0x04, 0xef, 0xfe, 0, 0, 1, 0];

/// The version as a.b.c.d, from the first `VS_FIXEDFILEINFO` in the file.
pub fn version(file: &[u8]) -> Result<[u16; 4]> {
    let at = place(file)?;
    let words = file.get(at..at + 8).context("a version")?;
    let word = |n: usize| -> Result<u16> {
        let bytes = words.get(2 * n..2 * n + 2).context("a word")?;
        Ok(u16::from_le_bytes(bytes.try_into()?))
    };
    // Two double words, the upper half of each behind its lower one.
    Ok([word(1)?, word(0)?, word(3)?, word(2)?])
}

/// The same file with another version, file's and product's, as the next release would have it.
pub fn with_version(mut file: Vec<u8>, [a, b, c, d]: [u16; 4]) -> Result<Vec<u8>> {
    let at = place(&file)?;
    let words = [b, a, d, c].map(u16::to_le_bytes).concat();
    for start in [at, at + 8] {
        let old = file.get_mut(start..start + 8).context("a version")?;
        old.copy_from_slice(&words);
    }
    Ok(file)
}

/// Where the file's version begins; the product's follows.
fn place(file: &[u8]) -> Result<usize> {
    let found = file.windows(BEGIN.len()).position(|bytes| bytes == BEGIN);
    Ok(found.context("the file has no version resource")? + BEGIN.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_that_was_written_is_read() {
        let mut file = vec![0; 64];
        file.splice(16..24, BEGIN);
        let file = with_version(file, [1, 2, 3, 4]).unwrap();
        assert_eq!(version(&file).unwrap(), [1, 2, 3, 4]);
    }

    #[test]
    fn a_file_without_a_version_says_so() {
        assert!(version(b"MZ").is_err());
    }
}
