//! Limits on how often something may be asked for, kept in the database for all servers together.

use deskbell_protocol::Timestamp;
use deskbell_protocol::limits::{
    CODE_COOLDOWN_SECONDS, CODES_PER_HOUR_AND_ADDRESS, CODES_PER_HOUR_AND_IP,
};

use super::gate::pass_alone;
use crate::clock::id_at;
use crate::store::{Error, Tx};

const HOUR_MILLIS: i64 = 3_600_000;
const DAY_MILLIS: i64 = 24 * HOUR_MILLIS;

/// A limit and what it is counted for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowance {
    /// What it is counted for; names an address only by its digest.
    purse: String,
    window_millis: i64,
    /// Uses in the window at most.
    uses: i64,
    /// Least time between two uses.
    spacing_millis: i64,
}

impl Allowance {
    /// Codes to one address or phone number, given by its digest.
    #[must_use]
    pub fn codes_to(address_digest: &str) -> Self {
        Self {
            purse: format!("codes to {address_digest}"),
            window_millis: HOUR_MILLIS,
            uses: CODES_PER_HOUR_AND_ADDRESS,
            spacing_millis: CODE_COOLDOWN_SECONDS * 1_000,
        }
    }

    /// Codes asked for from one place.
    #[must_use]
    pub fn codes_from(place: &str) -> Self {
        Self {
            purse: format!("codes from {place}"),
            window_millis: HOUR_MILLIS,
            uses: CODES_PER_HOUR_AND_IP,
            spacing_millis: 0,
        }
    }

    /// Text messages in a day, to all numbers together. Those that go nowhere cost the same work but
    /// nothing of the budget.
    #[must_use]
    pub fn text_messages(daily_budget: i64, sent: bool) -> Self {
        let purse = if sent {
            "text messages"
        } else {
            "text messages to nobody"
        };
        Self {
            purse: purse.to_owned(),
            window_millis: DAY_MILLIS,
            uses: daily_budget,
            spacing_millis: 0,
        }
    }

    /// How long to wait before the next use, or `None` if it may be now. A use that lies in the future
    /// (the clock was set back) counts, but keeps nobody waiting longer than a window.
    fn wait_millis(&self, recent: &Recent, now: Timestamp) -> Option<i64> {
        let until = |used_at: i64, millis: i64| {
            let passed = now.as_millis().saturating_sub(used_at).max(0);
            millis.saturating_sub(passed)
        };
        let full = (recent.uses >= self.uses).then(|| until(recent.oldest_at, self.window_millis));
        let spaced = (recent.uses > 0).then(|| until(recent.newest_at, self.spacing_millis));
        full.max(spaced).filter(|millis| *millis > 0)
    }
}

/// The uses inside the window; the oldest is the one whose end frees the next.
#[derive(Debug, Clone, Copy, Default)]
struct Recent {
    uses: i64,
    oldest_at: i64,
    newest_at: i64,
}

/// Whether all allowances admit one more use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// They do.
    Admitted,
    /// One does not, for so many seconds.
    WaitSeconds(u32),
}

/// Looks at all allowances, alone until the transaction ends; uses none.
///
/// # Errors
/// When the database fails.
pub async fn look(tx: &mut Tx, allowances: &[Allowance], now: Timestamp) -> Result<Verdict, Error> {
    let purses: Vec<&str> = allowances
        .iter()
        .map(|allowance| allowance.purse.as_str())
        .collect();
    pass_alone(tx, &purses, now).await?;
    let mut longest = None;
    for allowance in allowances {
        let recent = recent(tx, allowance, now).await?;
        longest = longest.max(allowance.wait_millis(&recent, now));
    }
    Ok(longest.map_or(Verdict::Admitted, |millis| {
        Verdict::WaitSeconds(seconds_up(millis))
    }))
}

/// Counts one use of each.
///
/// # Errors
/// When the database fails.
pub async fn spend(tx: &mut Tx, allowances: &[Allowance], now: Timestamp) -> Result<(), Error> {
    for allowance in allowances {
        sqlx::query("INSERT INTO allowance_use (id, purse, at) VALUES ($1, $2, $3)")
            .bind(id_at(now).to_string())
            .bind(&allowance.purse)
            .bind(now.as_millis())
            .execute(&mut **tx)
            .await?;
    }
    Ok(())
}

/// Forgets uses that no window reaches any more, and gates nobody stands at.
///
/// # Errors
/// When the database fails.
pub async fn forget_old(tx: &mut Tx, now: Timestamp) -> Result<(), Error> {
    let before = now.as_millis() - DAY_MILLIS;
    for statement in [
        "DELETE FROM allowance_use WHERE at < $1",
        "DELETE FROM gate WHERE at < $1",
    ] {
        sqlx::query(statement)
            .bind(before)
            .execute(&mut **tx)
            .await?;
    }
    Ok(())
}

async fn recent(tx: &mut Tx, allowance: &Allowance, now: Timestamp) -> Result<Recent, Error> {
    let (uses, oldest_at, newest_at): (i64, Option<i64>, Option<i64>) = sqlx::query_as(
        "SELECT COUNT(*), MIN(at), MAX(at) FROM (
             SELECT at FROM allowance_use WHERE purse = $1 AND at > $2
             ORDER BY at DESC LIMIT $3) AS newest",
    )
    .bind(&allowance.purse)
    .bind(now.as_millis() - allowance.window_millis)
    .bind(allowance.uses.max(1))
    .fetch_one(&mut **tx)
    .await?;
    Ok(Recent {
        uses,
        oldest_at: oldest_at.unwrap_or(0),
        newest_at: newest_at.unwrap_or(0),
    })
}

fn seconds_up(millis: i64) -> u32 {
    u32::try_from(millis.saturating_add(999) / 1_000).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait(uses: i64, oldest_at: i64, newest_at: i64, now: i64) -> Option<i64> {
        let recent = Recent {
            uses,
            oldest_at,
            newest_at,
        };
        Allowance::codes_to("x").wait_millis(&recent, Timestamp::from_millis(now))
    }

    #[test]
    fn the_first_code_waits_for_nothing() {
        assert_eq!(wait(0, 0, 0, 5_000_000), None);
    }

    #[test]
    fn a_second_code_waits_out_the_minute() {
        assert_eq!(wait(1, 1_000_000, 1_000_000, 1_000_001), Some(59_999));
        assert_eq!(wait(1, 1_000_000, 1_000_000, 1_060_000), None);
    }

    #[test]
    fn the_sixth_code_waits_until_the_first_is_an_hour_old() {
        assert_eq!(
            wait(5, 1_000_000, 2_000_000, 2_100_000),
            Some(HOUR_MILLIS - 1_100_000)
        );
    }

    #[test]
    fn a_clock_set_back_keeps_nobody_waiting_for_longer_than_the_window() {
        assert_eq!(wait(1, 9_000_000, 9_000_000, 1_000_000), Some(60_000));
        assert_eq!(wait(5, 9_000_000, 9_000_000, 1_000_000), Some(HOUR_MILLIS));
    }
}
