//! Whether the user wants windows dark.

#[cfg(target_os = "linux")]
#[path = "appearance/linux.rs"]
mod system;

/// Tells whether windows shall be dark, at once and whenever the user changes it, as long as it is
/// polled. It sleeps in between; where nobody says, or windows find out for themselves, it ends.
pub async fn watch(tell: impl Fn(bool)) {
    #[cfg(target_os = "linux")]
    system::watch(tell).await;
    #[cfg(not(target_os = "linux"))]
    drop(tell);
}
