//! Places where a test lets the server die as if it had been killed there.
//!
//! Only in builds with the feature `failpoints`, and only when `DESKBELL_FAILPOINT` names one;
//! otherwise nothing of this is compiled in.

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

/// Ends the process here, without cleaning up, if this is the place that was named.
#[cfg(feature = "failpoints")]
pub fn failpoint(here: Failpoint) {
    if is_armed(here) {
        std::process::abort();
    }
}

/// Whether the process shall die at this place.
#[cfg(feature = "failpoints")]
#[must_use]
pub fn is_armed(here: Failpoint) -> bool {
    let armed = std::env::var("DESKBELL_FAILPOINT").unwrap_or_default();
    FAILPOINTS
        .iter()
        .any(|(point, name)| *point == here && armed == *name)
}

/// Does nothing in this build.
#[cfg(not(feature = "failpoints"))]
#[inline]
pub fn failpoint(_here: Failpoint) {}
