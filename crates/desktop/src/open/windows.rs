//! By the shell's own `open`.

use std::io;

use windows::Win32::UI::Shell::ShellExecuteW;
use windows::Win32::UI::WindowsAndMessaging::SW_SHOWNORMAL;
use windows::core::{HSTRING, PCWSTR, w};

/// What `ShellExecuteW` returns up to here is an error.
const LAST_ERROR: usize = 32;

pub(super) fn address(url: &str) -> io::Result<()> {
    let url = HSTRING::from(url);
    #[expect(unsafe_code, reason = "the system's call; both strings outlive it")]
    let answer = unsafe {
        ShellExecuteW(
            None,
            w!("open"),
            &url,
            PCWSTR::null(),
            PCWSTR::null(),
            SW_SHOWNORMAL,
        )
    };
    if answer.0 as usize > LAST_ERROR {
        Ok(())
    } else {
        Err(io::Error::last_os_error())
    }
}
