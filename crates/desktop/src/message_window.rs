//! A window that nobody sees: how Windows tells a program what happens.

use windows::Win32::Foundation::{HWND, LPARAM, LRESULT, WPARAM};
use windows::Win32::System::LibraryLoader::GetModuleHandleW;
use windows::Win32::UI::WindowsAndMessaging::{
    CreateWindowExW, DefWindowProcW, DispatchMessageW, GWLP_USERDATA, GetMessageW,
    GetWindowLongPtrW, MSG, PostMessageW, RegisterClassW, SetWindowLongPtrW, WNDCLASSW,
    WS_EX_TOOLWINDOW, WS_POPUP,
};
use windows::core::{Error, PCWSTR, Result};

/// What is done with a message; nothing leaves it to the system. It may be called while it runs.
pub(crate) type Heard<'a> = dyn Fn(HWND, u32, WPARAM, LPARAM) -> Option<LRESULT> + 'a;

/// The way to such a window from other threads.
#[derive(Clone, Copy)]
pub(crate) struct Post(isize);

impl Post {
    pub(crate) fn to(window: HWND) -> Self {
        Self(window.0 as isize)
    }

    /// Leaves the message for the window's thread.
    pub(crate) fn post(self, message: u32) {
        let window = HWND(self.0 as *mut std::ffi::c_void);
        #[expect(unsafe_code, reason = "the system checks the window")]
        let posted = unsafe { PostMessageW(Some(window), message, WPARAM(0), LPARAM(0)) };
        if let Err(error) = posted {
            tracing::debug!(%error, "a window of ours is gone");
        }
    }
}

/// Makes the window and hears its messages on this thread, for ever. It is a window of the top
/// level: others do not get what the system tells everybody.
#[expect(unsafe_code, reason = "the system's calls; see each")]
pub(crate) fn serve(class: PCWSTR, begin: impl FnOnce(HWND), heard: &Heard<'_>) -> Result<()> {
    // SAFETY: the class's name is static, and its procedure knows windows without user data.
    let window = unsafe {
        let instance = GetModuleHandleW(None)?;
        let description = WNDCLASSW {
            lpfnWndProc: Some(procedure),
            hInstance: instance.into(),
            lpszClassName: class,
            ..Default::default()
        };
        if RegisterClassW(&raw const description) == 0 {
            return Err(Error::from_thread());
        }
        CreateWindowExW(
            WS_EX_TOOLWINDOW,
            class,
            class,
            WS_POPUP,
            0,
            0,
            0,
            0,
            None,
            None,
            Some(instance.into()),
            None,
        )?
    };
    let heard: *const &Heard<'_> = &raw const heard;
    // SAFETY: the window's messages are dispatched by this thread alone, below, while `heard` is
    // there.
    unsafe { SetWindowLongPtrW(window, GWLP_USERDATA, heard as isize) };
    begin(window);
    let mut message = MSG::default();
    // SAFETY: the message is ours.
    while unsafe { GetMessageW(&raw mut message, None, 0, 0) }.0 > 0 {
        // SAFETY: as the system has filled it in.
        unsafe { DispatchMessageW(&raw const message) };
    }
    // SAFETY: as above; from here on the system answers for the window.
    unsafe { SetWindowLongPtrW(window, GWLP_USERDATA, 0) };
    Ok(())
}

#[expect(
    unsafe_code,
    reason = "called by the system, for windows of `serve` only"
)]
unsafe extern "system" fn procedure(
    window: HWND,
    message: u32,
    word: WPARAM,
    long: LPARAM,
) -> LRESULT {
    // SAFETY: the user data is zero or what `serve` has put there, which outlives its loop.
    let heard = unsafe { (GetWindowLongPtrW(window, GWLP_USERDATA) as *const &Heard<'_>).as_ref() };
    heard
        .and_then(|heard| heard(window, message, word, long))
        // SAFETY: the system's own words, handed back to it.
        .unwrap_or_else(|| unsafe { DefWindowProcW(window, message, word, long) })
}
