//! Named places where a test ends the process as a power cut would. Compiled out of real builds.

/// All there are; a test goes through them one by one.
pub const POINTS: [&str; 5] = [
    "after-enqueue",
    "after-ack",
    "before-apply",
    "between-apply-and-cursor",
    "after-apply",
];

/// Ends the process here if `DESKBELL_FAILPOINT` names this place.
#[cfg(feature = "failpoints")]
pub fn reach(point: &str) {
    if std::env::var("DESKBELL_FAILPOINT").as_deref() == Ok(point) {
        std::process::abort();
    }
}

/// Does nothing.
#[cfg(not(feature = "failpoints"))]
#[inline]
pub fn reach(_point: &str) {}
