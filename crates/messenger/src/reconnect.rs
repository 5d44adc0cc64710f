//! When to try again: full jitter between nothing and a bound that doubles, for ever.

use std::time::Duration;

use deskbell_protocol::limits::{RECONNECT_MAX_MILLIS, RECONNECT_MIN_MILLIS};

/// How long to wait before the next try. `failures` counts tries since things last went well, from 0;
/// `fraction` is chance from 0 to 1; `retry_after` is the server's wish, which is a lower bound.
#[must_use]
pub fn delay(failures: u32, fraction: f64, retry_after: Option<Duration>) -> Duration {
    let jitter = Duration::from_millis(bound_millis(failures)).mul_f64(fraction.clamp(0.0, 1.0));
    retry_after.unwrap_or_default().min(LONGEST_RETRY_AFTER) + jitter
}

/// A server cannot send a client away for longer than this.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(3_600);

fn bound_millis(failures: u32) -> u64 {
    let factor = 1_u64.checked_shl(failures.min(20)).unwrap_or(u64::MAX);
    RECONNECT_MIN_MILLIS
        .saturating_mul(factor)
        .min(RECONNECT_MAX_MILLIS)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// REC-04.
    #[test]
    fn waits_lie_between_nothing_and_a_bound_that_doubles_up_to_thirty_seconds() {
        let longest = |failures| delay(failures, 1.0, None).as_millis();
        assert_eq!(
            [0, 1, 2, 3, 4, 5, 6, 7, 400].map(longest),
            [
                500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000
            ]
        );
        assert_eq!(delay(7, 0.0, None), Duration::ZERO);
        assert_eq!(delay(7, 0.5, None), Duration::from_secs(15));
    }

    /// REC-04: a thousand clients come back spread out.
    #[test]
    fn a_thousand_clients_do_not_come_back_together() {
        let mut per_second = [0_u32; 31];
        for n in 0..1_000_u32 {
            let fraction = f64::from(n * 7_919 % 1_000) / 1_000.0;
            let second = usize::try_from(delay(9, fraction, None).as_secs()).unwrap();
            per_second[second] += 1;
        }
        let peak = per_second.iter().max().unwrap();
        assert!(
            *peak <= 3 * 1_000 / 30,
            "{peak} clients come in the same second"
        );
    }

    #[test]
    fn the_servers_wish_is_obeyed_and_spread() {
        let wish = Some(Duration::from_secs(20));
        assert!(delay(0, 0.0, wish) >= Duration::from_secs(20));
        assert!(delay(0, 1.0, wish) > delay(0, 0.0, wish));
        assert!(delay(0, 0.0, Some(Duration::MAX)) <= Duration::from_secs(3_600));
    }
}
