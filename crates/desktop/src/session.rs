//! What happens to the desktop session: sleep, lock, network.

#[cfg(any(windows, test))]
mod gather;
#[cfg(any(windows, test))]
mod messages;
#[cfg(target_os = "linux")]
#[path = "session/linux.rs"]
mod system;
#[cfg(windows)]
#[path = "session/windows.rs"]
mod system;

/// Something happened to the session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// The machine was asleep and is awake.
    Woke,
    /// The user has locked the screen.
    Locked,
    /// The user has unlocked the screen.
    Unlocked,
    /// There is another network, or one again.
    NetworkChanged,
    /// There is a new taskbar, without what programs had put on the one before. Windows only.
    NewTaskbar,
    /// The session ends, or somebody wants the program to end. Windows only; on Linux that is a
    /// signal to the process.
    Ending,
}

/// Tells of every signal as long as it is polled. It sleeps between them; on a system that tells
/// of none it ends.
pub async fn watch(tell: impl Fn(Signal)) {
    system::watch(tell).await;
}
