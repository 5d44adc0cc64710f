//! The terminal that a program was started from.

/// Lets a program that has no console of its own print to the one it was started from. Where its
/// output was sent elsewhere, to a file or another program, it stays so.
pub fn attach() {
    #[cfg(windows)]
    system::attach();
}

#[cfg(windows)]
mod system {
    use windows::Win32::System::Console::{ATTACH_PARENT_PROCESS, AttachConsole};

    #[expect(unsafe_code, reason = "a call of the system's")]
    pub(super) fn attach() {
        // SAFETY: it takes a constant. Without a console to attach to, nothing is printed.
        let _ = unsafe { AttachConsole(ATTACH_PARENT_PROCESS) };
    }
}
