//! A sentence in a box of the system's own, for when nothing of ours can be shown.

use std::sync::atomic::{AtomicBool, Ordering};

use windows::Win32::UI::WindowsAndMessaging::{
    MB_ICONINFORMATION, MB_OK, MB_SETFOREGROUND, MessageBoxW,
};
use windows::core::HSTRING;

static OPEN: AtomicBool = AtomicBool::new(false);

/// Shows it without making anybody wait. While one is open there is no second one.
pub fn show(title: &str, text: &str) {
    if OPEN.swap(true, Ordering::SeqCst) {
        return;
    }
    let (title, text) = (HSTRING::from(title), HSTRING::from(text));
    let work = move || {
        let how = MB_OK | MB_ICONINFORMATION | MB_SETFOREGROUND;
        #[expect(unsafe_code, reason = "both texts outlive the call")]
        let _ = unsafe { MessageBoxW(None, &text, &title, how) };
        OPEN.store(false, Ordering::SeqCst);
    };
    let thread = std::thread::Builder::new().name("notice".to_owned());
    if let Err(error) = thread.spawn(work) {
        tracing::error!(%error, "a notice could not be shown");
        OPEN.store(false, Ordering::SeqCst);
    }
}
