//! Where a feed stands, and whether a client can go on from where it was.

use super::cursor::Cursor;
use crate::event_log::FeedId;
use crate::store::{Error, Store, number};

/// Where a feed stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// The newest event's number.
    pub newest: u64,
    /// Events up to here are no longer kept.
    pub pruned: u64,
}

/// Where a client begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// After this number, with nothing missing in between.
    Resume(u64),
    /// After this number; what was before must be loaded anew.
    Anew(u64),
}

impl Position {
    /// Where a client with this cursor begins.
    #[must_use]
    pub fn start(self, epoch: &str, cursor: &str) -> Start {
        match Cursor::parse(cursor) {
            Some(cursor)
                if cursor.epoch == epoch && (self.pruned..=self.newest).contains(&cursor.seq) =>
            {
                Start::Resume(cursor.seq)
            }
            _ => Start::Anew(self.newest),
        }
    }
}

/// Where the feed stands now.
///
/// # Errors
/// When the database fails.
pub async fn position(store: &Store, feed: FeedId) -> Result<Position, Error> {
    let row: Option<(i64, i64)> = sqlx::query_as("SELECT seq, pruned_seq FROM feed WHERE id = $1")
        .bind(feed.to_string())
        .fetch_optional(store.read())
        .await?;
    let (newest, pruned) = row.unwrap_or((0, 0));
    Ok(Position {
        newest: number(newest)?,
        pruned: number(pruned)?,
    })
}

/// The newest number of every feed.
///
/// # Errors
/// When the database fails.
pub async fn newest(store: &Store) -> Result<Vec<(FeedId, u64)>, Error> {
    let rows: Vec<(String, i64)> = sqlx::query_as("SELECT id, seq FROM feed")
        .fetch_all(store.read())
        .await?;
    rows.into_iter()
        .map(|(id, seq)| Ok((id.parse()?, number(seq)?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_resumes_only_within_this_life_and_what_is_kept() {
        let position = Position {
            newest: 10,
            pruned: 4,
        };
        assert_eq!(position.start("e", "e.10"), Start::Resume(10));
        assert_eq!(position.start("e", "e.4"), Start::Resume(4));
        for cursor in ["e.3", "e.11", "f.10", "", "nonsense"] {
            assert_eq!(position.start("e", cursor), Start::Anew(10), "{cursor}");
        }
    }
}
