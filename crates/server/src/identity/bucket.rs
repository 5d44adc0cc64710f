//! How fast one place may call sign-in at all, or one account write, so that nobody keeps the disk
//! busy or fills it.
//!
//! Kept in memory: it guards this server's work, not anybody's account.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use deskbell_protocol::Timestamp;

/// So many buckets are kept before full buckets are looked for.
const MANY: usize = 10_000;

/// One bucket for each place or account.
pub struct Buckets {
    /// What a full one holds.
    burst: i64,
    /// What comes back into it.
    per_second: i64,
    /// When each will be full again.
    full_at: Mutex<HashMap<String, i64>>,
}

impl Buckets {
    /// Buckets that are full with so many, and fill up by so many a second.
    pub fn of(burst: i64, per_second: i64) -> Self {
        Self {
            burst,
            per_second,
            full_at: Mutex::default(),
        }
    }

    /// Takes one out of this owner's bucket; the seconds to wait if it is empty.
    ///
    /// # Errors
    /// The seconds to wait.
    pub fn take(&self, owner: String, now: Timestamp) -> Result<(), u32> {
        let now = now.as_millis();
        let empty_millis = self.burst * 1_000 / self.per_second;
        let mut buckets = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= MANY {
            buckets.retain(|_, full_at| *full_at > now);
        }
        let full_at = buckets.entry(owner).or_insert(now);
        if *full_at > now + empty_millis {
            // The clock was set back: how much the bucket held nobody knows.
            *full_at = now;
        }
        *full_at = (*full_at).max(now);
        let after = *full_at + 1_000 / self.per_second;
        if after > now + empty_millis {
            return Err(1);
        }
        *full_at = after;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_that_empties_its_bucket_goes_on_slowly_and_others_are_free() {
        let buckets = Buckets::of(600, 10);
        let at = |millis: i64| Timestamp::from_millis(1_000_000 + millis);
        let taken = (0..1_000)
            .filter(|_| buckets.take("a".into(), at(0)).is_ok())
            .count();
        assert_eq!(taken, 600);
        assert_eq!(buckets.take("a".into(), at(0)), Err(1));
        assert_eq!(buckets.take("b".into(), at(0)), Ok(()));
        let later = (0..1_000)
            .filter(|_| buckets.take("a".into(), at(2_000)).is_ok())
            .count();
        assert_eq!(later, 2 * 10);
        let set_back = buckets.take("a".into(), at(-3_600_000));
        assert_eq!(set_back, Ok(()), "a clock set back holds nobody up");
    }
}
