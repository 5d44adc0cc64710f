//! From a window's messages, and from the IP helper.

use std::sync::OnceLock;

use tokio::sync::mpsc::{self, UnboundedSender};
use windows::Win32::Foundation::{HANDLE, HWND, LPARAM, LRESULT, NO_ERROR, WPARAM};
use windows::Win32::NetworkManagement::IpHelper::{
    MIB_IPINTERFACE_ROW, MIB_NOTIFICATION_TYPE, MIB_UNICASTIPADDRESS_ROW, NotifyIpInterfaceChange,
    NotifyUnicastIpAddressChange,
};
use windows::Win32::Networking::WinSock::AF_UNSPEC;
use windows::Win32::System::Power::RegisterSuspendResumeNotification;
use windows::Win32::System::RemoteDesktop::{
    NOTIFY_FOR_THIS_SESSION, WTSRegisterSessionNotification,
};
use windows::Win32::UI::WindowsAndMessaging::{
    DEVICE_NOTIFY_WINDOW_HANDLE, RegisterWindowMessageW,
};
use windows::core::w;

use super::{Signal, gather, messages};
use crate::message_window;

/// Where signals go. The system calls back without saying for whom, so there is one.
static HEARD: OnceLock<UnboundedSender<Signal>> = OnceLock::new();

pub(super) async fn watch(tell: impl Fn(Signal)) {
    let (sender, heard) = mpsc::unbounded_channel();
    if HEARD.set(sender).is_err() {
        return tracing::error!("the session is watched already");
    }
    watch_networks();
    let thread = std::thread::Builder::new().name("session".to_owned());
    if let Err(error) = thread.spawn(watch_window) {
        tracing::error!(%error, "no news of sleep and lock");
    }
    gather::pass_on(heard, tell).await;
}

fn hear(signal: Signal) {
    if let Some(sender) = HEARD.get() {
        let _ = sender.send(signal);
    }
}

fn watch_window() {
    #[expect(unsafe_code, reason = "the name is static")]
    let taskbar = unsafe { RegisterWindowMessageW(w!("TaskbarCreated")) };
    let heard = |_: HWND, message: u32, word: WPARAM, _: LPARAM| {
        let signal = messages::read(message, word.0, taskbar)?;
        hear(signal);
        // A window that does not close itself: the client ends, and its windows with it.
        Some(LRESULT(0))
    };
    let served = message_window::serve(w!("DeskbellSession"), subscribe, &heard);
    if let Err(error) = served {
        tracing::warn!(%error, "no news of sleep and lock");
    }
}

/// What the system tells only those who ask. Machines that never quite sleep tell nobody else of
/// waking up.
fn subscribe(window: HWND) {
    #[expect(unsafe_code, reason = "the window is there as long as the process")]
    let (session, power) = unsafe {
        (
            WTSRegisterSessionNotification(window, NOTIFY_FOR_THIS_SESSION),
            RegisterSuspendResumeNotification(HANDLE(window.0), DEVICE_NOTIFY_WINDOW_HANDLE),
        )
    };
    if let Err(error) = session {
        tracing::warn!(%error, "no news of the screen's lock");
    }
    if let Err(error) = power {
        tracing::debug!(%error, "no news of modern standby");
    }
}

/// For as long as the process lives.
fn watch_networks() {
    let (mut interfaces, mut addresses) = (HANDLE::default(), HANDLE::default());
    #[expect(
        unsafe_code,
        reason = "the callbacks are functions and take no context"
    )]
    let answers = unsafe {
        [
            NotifyIpInterfaceChange(
                AF_UNSPEC,
                Some(interface_changed),
                None,
                false,
                &raw mut interfaces,
            ),
            NotifyUnicastIpAddressChange(
                AF_UNSPEC,
                Some(address_changed),
                None,
                false,
                &raw mut addresses,
            ),
        ]
    };
    for answer in answers.iter().filter(|answer| **answer != NO_ERROR) {
        tracing::warn!(code = answer.0, "no news of some changes of the network");
    }
}

#[expect(unsafe_code, reason = "called by the system; nothing it gives is read")]
unsafe extern "system" fn interface_changed(
    _: *const std::ffi::c_void,
    _: *const MIB_IPINTERFACE_ROW,
    _: MIB_NOTIFICATION_TYPE,
) {
    hear(Signal::NetworkChanged);
}

#[expect(unsafe_code, reason = "called by the system; nothing it gives is read")]
unsafe extern "system" fn address_changed(
    _: *const std::ffi::c_void,
    _: *const MIB_UNICASTIPADDRESS_ROW,
    _: MIB_NOTIFICATION_TYPE,
) {
    hear(Signal::NetworkChanged);
}
