//! Cursors: a place in a feed, within one life of the database.

use std::fmt;

/// Everything up to `seq` is known to the client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor<'a> {
    /// The database's epoch.
    pub epoch: &'a str,
    /// The newest number known.
    pub seq: u64,
}

impl<'a> Cursor<'a> {
    /// Reads what a server once handed out; nothing for any other text.
    #[must_use]
    pub fn parse(text: &'a str) -> Option<Self> {
        let (epoch, seq) = text.rsplit_once('.')?;
        Some(Self {
            epoch,
            seq: seq.parse().ok()?,
        })
    }
}

impl fmt::Display for Cursor<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.epoch, self.seq)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_back_and_rubbish_is_none() {
        let cursor = Cursor {
            epoch: "e1",
            seq: 7,
        };
        assert_eq!(Cursor::parse(&cursor.to_string()), Some(cursor));
        for text in ["", "e1", "e1.", "e1.-1", "e1.x", "e1.99999999999999999999"] {
            assert_eq!(Cursor::parse(text), None, "{text}");
        }
    }
}
