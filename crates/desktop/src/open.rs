//! Handing an address to the system.

use std::io;

#[cfg(target_os = "linux")]
#[path = "open/linux.rs"]
mod system;
#[cfg(windows)]
#[path = "open/windows.rs"]
mod system;

/// Opens an address in the program the user has chosen for its scheme, and returns at once.
///
/// Whether it may be opened is for the caller to have decided. On Linux a tokio runtime must be
/// entered: it collects the exit status of the opener.
///
/// # Errors
/// When there is no opener, or it cannot be started.
pub fn address(url: &str) -> io::Result<()> {
    system::address(url)
}
