//! Time and chance, which everything else takes as arguments.

use deskbell_protocol::Timestamp;
use uuid::Uuid;

/// The time of day. Spans are measured with `tokio::time`, which tests can pause.
pub trait Clock: Send + Sync + 'static {
    /// Now, as the computer believes.
    fn now(&self) -> Timestamp;
}

/// The computer's clock: the one place that reads it.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the clock everyone else is given"
    )]
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(jiff::Timestamp::now().as_millisecond())
    }
}

/// Chance, for ids and for spreading reconnects.
pub trait Entropy: Send + Sync + 'static {
    /// Sixteen bytes nobody can guess.
    fn bytes(&self) -> [u8; 16];
}

/// The operating system's generator.
#[derive(Debug, Clone, Copy, Default)]
pub struct OsEntropy;

impl Entropy for OsEntropy {
    fn bytes(&self) -> [u8; 16] {
        let mut bytes = [0; 16];
        // Without the generator ids still differ by their time, and the server refuses a clash.
        if getrandom::fill(&mut bytes).is_err() {
            tracing::error!("the system's random generator failed");
        }
        bytes
    }
}

/// A new UUIDv7.
#[must_use]
pub fn new_id(now: Timestamp, entropy: &dyn Entropy) -> Uuid {
    let bytes = entropy.bytes();
    let mut random = [0; 10];
    random.copy_from_slice(bytes.first_chunk::<10>().unwrap_or(&[0; 10]));
    let millis = u64::try_from(now.as_millis()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}

/// A number from 0 to 1, evenly spread.
#[must_use]
pub fn fraction(entropy: &dyn Entropy) -> f64 {
    let bytes = entropy.bytes();
    let word = u32::from_le_bytes(*bytes.first_chunk::<4>().unwrap_or(&[0; 4]));
    f64::from(word) / f64::from(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_version_seven_and_carry_the_time() {
        let now = Timestamp::from_millis(1_795_250_000_007);
        let id = new_id(now, &OsEntropy);
        assert_eq!(id.get_version_num(), 7);
        assert_ne!(
            id,
            new_id(now, &OsEntropy),
            "two ids of one millisecond differ"
        );
        assert_eq!(id.as_u128() >> 80, 1_795_250_000_007);
    }
}
