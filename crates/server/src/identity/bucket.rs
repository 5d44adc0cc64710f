//! How fast one place may call sign-in at all, so that a stranger cannot keep the disk busy.
//!
//! Kept in memory: it guards this server's work, not anybody's account.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use deskbell_protocol::Timestamp;

/// Calls a place may make at once; a company behind one address needs many.
const BURST: i64 = 600;
/// Calls a place may make for ever.
const PER_SECOND: i64 = 10;
/// A bucket is full again, and forgotten, after this.
const FULL_MILLIS: i64 = BURST * 1_000 / PER_SECOND;
/// So many places are kept before full buckets are looked for.
const MANY: usize = 10_000;

/// When each place's bucket will be full again.
#[derive(Default)]
pub struct Buckets(Mutex<HashMap<String, i64>>);

impl Buckets {
    /// Takes one call from this place's bucket; the seconds to wait if it is empty.
    ///
    /// # Errors
    /// The seconds to wait.
    pub fn take(&self, place: String, now: Timestamp) -> Result<(), u32> {
        let now = now.as_millis();
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= MANY {
            buckets.retain(|_, full_at| *full_at > now);
        }
        let full_at = buckets.entry(place).or_insert(now);
        if *full_at > now + FULL_MILLIS {
            // The clock was set back: how much the bucket held nobody knows.
            *full_at = now;
        }
        *full_at = (*full_at).max(now);
        let after = *full_at + 1_000 / PER_SECOND;
        if after > now + FULL_MILLIS {
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
        let buckets = Buckets::default();
        let at = |millis: i64| Timestamp::from_millis(1_000_000 + millis);
        let taken = (0..1_000)
            .filter(|_| buckets.take("a".into(), at(0)).is_ok())
            .count();
        assert_eq!(i64::try_from(taken).unwrap(), BURST);
        assert_eq!(buckets.take("a".into(), at(0)), Err(1));
        assert_eq!(buckets.take("b".into(), at(0)), Ok(()));
        let later = (0..1_000)
            .filter(|_| buckets.take("a".into(), at(2_000)).is_ok())
            .count();
        assert_eq!(i64::try_from(later).unwrap(), 2 * PER_SECOND);
        let set_back = buckets.take("a".into(), at(-3_600_000));
        assert_eq!(set_back, Ok(()), "a clock set back holds nobody up");
    }
}
