//! Ending running clients from outside, which the installer wants before it replaces the program.
//!
//! Each client waits at an event of its own that the system and administrators may set too, from any
//! session. Who asks names no process but those that run the very same program file.

use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use windows::Win32::Foundation::{CloseHandle, HANDLE, HLOCAL, LocalFree, WAIT_OBJECT_0};
use windows::Win32::Security::Authorization::{
    ConvertStringSecurityDescriptorToSecurityDescriptorW, SDDL_REVISION_1,
};
use windows::Win32::Security::{PSECURITY_DESCRIPTOR, SECURITY_ATTRIBUTES};
use windows::Win32::System::Diagnostics::ToolHelp::{
    CreateToolhelp32Snapshot, PROCESSENTRY32W, Process32FirstW, Process32NextW, TH32CS_SNAPPROCESS,
};
use windows::Win32::System::Threading::{
    CreateEventW, EVENT_MODIFY_STATE, INFINITE, OpenEventW, OpenProcess, PROCESS_ACCESS_RIGHTS,
    PROCESS_NAME_WIN32, PROCESS_QUERY_LIMITED_INFORMATION, PROCESS_SYNCHRONIZE, PROCESS_TERMINATE,
    QueryFullProcessImageNameW, SetEvent, TerminateProcess, WaitForSingleObject,
};
use windows::core::{HSTRING, PWSTR, w};

/// The owner, the system and administrators may do everything; nobody else anything.
const ACCESS: windows::core::PCWSTR = w!("D:P(A;;GA;;;OW)(A;;GA;;;SY)(A;;GA;;;BA)");

/// How a process ends that did not want to.
const TERMINATED: u32 = 1;

/// A handle that is closed with this value.
struct Owned(HANDLE);

// A handle is a number that any thread may use.
#[expect(unsafe_code, reason = "handles belong to the process, not to a thread")]
unsafe impl Send for Owned {}

impl Drop for Owned {
    #[expect(unsafe_code, reason = "the handle is ours and closed once")]
    fn drop(&mut self) {
        let _ = unsafe { CloseHandle(self.0) };
    }
}

impl Owned {
    /// Whether what it stands for was signalled, or ended, in time.
    #[expect(unsafe_code, reason = "the handle is open as long as self is there")]
    fn waited(&self, milliseconds: u32) -> bool {
        (unsafe { WaitForSingleObject(self.0, milliseconds) }) == WAIT_OBJECT_0
    }
}

/// Calls `quit`, on a thread of its own, when somebody who may asks this process to end.
///
/// # Errors
/// When the system refuses the event or the thread.
pub fn when_asked(quit: impl FnOnce() + Send + 'static) -> io::Result<()> {
    let event = event(std::process::id())?;
    std::thread::Builder::new()
        .name("closing".to_owned())
        .spawn(move || {
            let event = event;
            if event.waited(INFINITE) {
                quit();
            }
        })?;
    Ok(())
}

/// Asks every other process that runs this program to end, and ends it after `patience`.
///
/// # Errors
/// When the processes cannot be listed, or one still runs.
pub fn end_others(patience: Duration) -> io::Result<()> {
    let program = std::env::current_exe()?;
    let others: Vec<(u32, Owned)> = processes()?
        .into_iter()
        .filter(|id| *id != std::process::id())
        .filter_map(|id| Some((id, running(id, &program)?)))
        .collect();
    for (id, _) in &others {
        ask(*id);
    }
    let deadline = Instant::now() + patience;
    let mut all = true;
    for (_, process) in &others {
        all &= ended(process, deadline.saturating_duration_since(Instant::now()));
    }
    if all {
        Ok(())
    } else {
        Err(io::ErrorKind::TimedOut.into())
    }
}

fn ended(process: &Owned, patience: Duration) -> bool {
    let milliseconds = u32::try_from(patience.as_millis()).unwrap_or(INFINITE - 1);
    if process.waited(milliseconds) {
        return true;
    }
    #[expect(
        unsafe_code,
        reason = "the handle is open and has the right to terminate"
    )]
    let terminated = unsafe { TerminateProcess(process.0, TERMINATED) };
    terminated.is_ok() && process.waited(1000)
}

fn name(process: u32) -> HSTRING {
    HSTRING::from(format!(r"Global\Deskbell.Close.{process}"))
}

#[expect(
    unsafe_code,
    reason = "the descriptor lives until the event has been made"
)]
fn event(process: u32) -> io::Result<Owned> {
    let mut descriptor = PSECURITY_DESCRIPTOR::default();
    unsafe {
        ConvertStringSecurityDescriptorToSecurityDescriptorW(
            ACCESS,
            SDDL_REVISION_1,
            &raw mut descriptor,
            None,
        )?;
        let attributes = SECURITY_ATTRIBUTES {
            nLength: u32::try_from(size_of::<SECURITY_ATTRIBUTES>()).unwrap_or_default(),
            lpSecurityDescriptor: descriptor.0,
            bInheritHandle: false.into(),
        };
        let event = CreateEventW(Some(&raw const attributes), true, false, &name(process));
        LocalFree(Some(HLOCAL(descriptor.0)));
        Ok(Owned(event?))
    }
}

#[expect(unsafe_code, reason = "the event is open while it is set")]
fn ask(process: u32) {
    if let Ok(event) = unsafe { OpenEventW(EVENT_MODIFY_STATE, false, &name(process)) } {
        let event = Owned(event);
        if let Err(error) = unsafe { SetEvent(event.0) } {
            tracing::warn!(%error, process, "a client cannot be asked to end");
        }
    }
}

/// The process, if it runs this program and we may end it.
#[expect(unsafe_code, reason = "the buffer is as long as said")]
fn running(process: u32, program: &Path) -> Option<Owned> {
    let rights: PROCESS_ACCESS_RIGHTS =
        PROCESS_SYNCHRONIZE | PROCESS_TERMINATE | PROCESS_QUERY_LIMITED_INFORMATION;
    let handle = Owned(unsafe { OpenProcess(rights, false, process) }.ok()?);
    let mut buffer = [0_u16; 1024];
    let mut length = u32::try_from(buffer.len()).ok()?;
    let path = PWSTR(buffer.as_mut_ptr());
    unsafe { QueryFullProcessImageNameW(handle.0, PROCESS_NAME_WIN32, path, &raw mut length) }
        .ok()?;
    let length = usize::try_from(length).ok()?;
    let path = PathBuf::from(String::from_utf16(buffer.get(..length)?).ok()?);
    let same = path.as_os_str().eq_ignore_ascii_case(program);
    same.then_some(handle)
}

/// The ids of all processes.
#[expect(
    unsafe_code,
    reason = "the entry knows its size, and the snapshot is open"
)]
fn processes() -> io::Result<Vec<u32>> {
    let snapshot = Owned(unsafe { CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0) }?);
    let mut entry = PROCESSENTRY32W {
        dwSize: u32::try_from(size_of::<PROCESSENTRY32W>()).unwrap_or_default(),
        ..PROCESSENTRY32W::default()
    };
    let mut ids = Vec::new();
    let mut next = unsafe { Process32FirstW(snapshot.0, &raw mut entry) };
    while next.is_ok() {
        ids.push(entry.th32ProcessID);
        next = unsafe { Process32NextW(snapshot.0, &raw mut entry) };
    }
    Ok(ids)
}
