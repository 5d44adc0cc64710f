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
    use std::collections::BTreeMap;

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

    /// Chance that is the same in every run.
    struct Chance(u64);

    impl Chance {
        fn fraction(&mut self) -> f64 {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            f64::from(u32::try_from(self.0 >> 32).unwrap()) / f64::from(u32::MAX)
        }
    }

    /// When a client that lost the server at the beginning hears it again, if the server comes back
    /// then and each try takes this long.
    fn heard_again(chance: &mut Chance, back: Duration, wish: Option<Duration>) -> Duration {
        let mut now = Duration::ZERO;
        for failures in 0.. {
            now += delay(failures, chance.fraction(), wish);
            if now >= back {
                break;
            }
            now += Duration::from_millis(20);
        }
        now
    }

    /// REC-04: after ten minutes without a server a thousand clients are back soon, and not together.
    #[test]
    fn a_thousand_clients_come_back_soon_and_not_together() {
        let back = Duration::from_secs(600);
        for seed in 1..=20_u64 {
            let mut chance = Chance(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
            let waits: Vec<Duration> = (0..1_000)
                .map(|_| heard_again(&mut chance, back, None) - back)
                .collect();
            let soon = waits.iter().filter(|wait| wait.as_secs() < 45).count();
            assert!(soon >= 950, "seed {seed}: only {soon} are back in 45 s");
            let mut per_second = BTreeMap::<u64, u64>::new();
            for wait in &waits {
                *per_second.entry(wait.as_secs()).or_default() += 1;
            }
            let even = 1_000 / (RECONNECT_MAX_MILLIS / 1_000);
            let peak = *per_second.values().max().unwrap();
            assert!(
                peak <= 3 * even,
                "seed {seed}: {peak} in a second, {even} if they were spread evenly"
            );
        }
    }

    /// REC-04: what the server asks for is waited for, every time.
    #[test]
    fn nobody_comes_before_the_server_wished() {
        let wish = Duration::from_secs(120);
        let mut chance = Chance(7);
        for _ in 0..1_000 {
            assert!(heard_again(&mut chance, Duration::from_secs(1), Some(wish)) >= wish);
        }
    }

    #[test]
    fn the_servers_wish_is_obeyed_and_spread() {
        let wish = Some(Duration::from_secs(20));
        assert!(delay(0, 0.0, wish) >= Duration::from_secs(20));
        assert!(delay(0, 1.0, wish) > delay(0, 0.0, wish));
        assert!(delay(0, 0.0, Some(Duration::MAX)) <= Duration::from_secs(3_600));
    }
}
