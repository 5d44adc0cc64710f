//! What has to be done before anything else.

#[cfg(windows)]
#[path = "startup/windows.rs"]
mod system;

/// On Windows: libraries are loaded from the system's folder alone from here on, and the process
/// takes the name that its toasts and its shortcut have. Elsewhere there is nothing to do.
pub fn begin() {
    #[cfg(windows)]
    system::begin();
}
