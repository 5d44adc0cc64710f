//! Places where a test lets the server die as if it had been killed there.
//!
//! Only in builds with debug assertions, which nobody ships, and only when `DESKBELL_FAILPOINT` names
//! one: `before-commit` for the first time it is passed, `in-migration:7` for the seventh.

/// Names the variable that arms a place.
pub const VARIABLE: &str = "DESKBELL_FAILPOINT";

/// Every place, in the order a message passes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failpoint {
    /// A request has come in and nothing has been read of it.
    BeforeParse,
    /// The message and its events are written, the transaction is open.
    BeforeCommit,
    /// The message is on disk, its sender does not know.
    BeforeAck,
    /// The sender knows, no reader has been woken.
    BeforeWake,
    /// Some readers have the event, others do not.
    DuringBroadcast,
    /// A statement of a migration has run, the next has not.
    InMigration,
}

/// All of them, for tests that go through each.
pub const FAILPOINTS: [(Failpoint, &str); 6] = [
    (Failpoint::BeforeParse, "before-parse"),
    (Failpoint::BeforeCommit, "before-commit"),
    (Failpoint::BeforeAck, "before-ack"),
    (Failpoint::BeforeWake, "before-wake"),
    (Failpoint::DuringBroadcast, "during-broadcast"),
    (Failpoint::InMigration, "in-migration"),
];

#[cfg(debug_assertions)]
pub use armed::{failpoint, is_armed};

#[cfg(debug_assertions)]
mod armed {
    use std::sync::LazyLock;
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::{FAILPOINTS, Failpoint, VARIABLE};

    /// What is armed, and how often it is still passed unharmed.
    static ARMED: LazyLock<Option<(Failpoint, AtomicU64)>> = LazyLock::new(|| {
        let text = std::env::var(VARIABLE).ok()?;
        let (name, passes) = text.split_once(':').unwrap_or((&text, "1"));
        let passes: u64 = passes.parse().ok()?;
        let (point, _) = FAILPOINTS.into_iter().find(|(_, known)| *known == name)?;
        Some((point, AtomicU64::new(passes.saturating_sub(1))))
    });

    /// Ends the process here, without cleaning up, if this is the place that was named.
    pub fn failpoint(here: Failpoint) {
        let Some((point, unharmed)) = &*ARMED else {
            return;
        };
        let spend = |left: u64| left.checked_sub(1);
        let passes = || unharmed.fetch_update(Ordering::SeqCst, Ordering::SeqCst, spend);
        if *point == here && passes().is_err() {
            std::process::abort();
        }
    }

    /// Whether the process shall die at this place.
    #[must_use]
    pub fn is_armed(here: Failpoint) -> bool {
        matches!(&*ARMED, Some((point, _)) if *point == here)
    }
}

/// Does nothing in this build.
#[cfg(not(debug_assertions))]
#[inline]
pub fn failpoint(_here: Failpoint) {}
