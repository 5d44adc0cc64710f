//! Starting with the desktop session.

use std::io;
use std::path::Path;

#[cfg(target_os = "linux")]
#[path = "autostart/linux.rs"]
mod system;
#[cfg(windows)]
#[path = "autostart/windows.rs"]
mod system;

/// Starts `program` with `arguments` whenever the user's desktop session begins, or no longer.
///
/// # Errors
/// What the file system or the registry says.
pub fn set(on: bool, program: &Path, arguments: &[String]) -> io::Result<()> {
    if on {
        system::enable(program, arguments)
    } else {
        system::disable()
    }
}

/// Takes back what [`set`] has done for every user who is signed in, as far as the caller may.
#[cfg(windows)]
pub fn forget_all() {
    system::disable_for_all();
}

/// Whether [`set`] was last called with `true`, and nobody has undone it since.
#[must_use]
pub fn is_set() -> bool {
    system::is_enabled()
}
