//! Giving memory back.

#[cfg(target_os = "linux")]
#[path = "memory/linux.rs"]
mod system;

/// Returns what is not in use to the system: freed memory, and the code of libraries that was
/// needed once. Worth it when something large is over and the process is about to idle; code that
/// is needed again is mapped again.
pub fn give_back() {
    #[cfg(target_os = "linux")]
    system::give_back();
}
