//! The class that the system calls when a toast is clicked or answered. The installer registers
//! it, so that the system can also start the program for it.
#![expect(unsafe_code, reason = "COM, and the pointers it hands over")]

use std::ffi::c_void;

use windows::Win32::Foundation::CLASS_E_NOAGGREGATION;
use windows::Win32::System::Com::{
    CLSCTX_LOCAL_SERVER, COINIT_MULTITHREADED, CoInitializeEx, CoRegisterClassObject,
    IClassFactory, IClassFactory_Impl, REGCLS_MULTIPLEUSE,
};
use windows::Win32::UI::Notifications::{
    INotificationActivationCallback, INotificationActivationCallback_Impl,
    NOTIFICATION_USER_INPUT_DATA,
};
use windows::core::{BOOL, GUID, IUnknown, Interface as _, PCWSTR, Ref, Result, implement};

use crate::identity::TOAST_ACTIVATOR;
use crate::toasts::Actions;
use crate::toasts::activation::{self, Activation};

/// Puts this thread among those that COM calls on, and answers for the class until the process
/// ends.
pub(super) fn register(actions: &Actions) -> Result<()> {
    let factory: IClassFactory = Factory(actions.clone()).into();
    let class = class();
    // SAFETY: the thread belongs to nobody else; both arguments outlive the calls.
    unsafe {
        CoInitializeEx(None, COINIT_MULTITHREADED).ok()?;
        CoRegisterClassObject(&class, &factory, CLSCTX_LOCAL_SERVER, REGCLS_MULTIPLEUSE).map(drop)
    }
}

fn class() -> GUID {
    let digits = TOAST_ACTIVATOR.replace(['{', '}', '-'], "");
    u128::from_str_radix(&digits, 16).map_or(GUID::zeroed(), GUID::from_u128)
}

#[implement(IClassFactory)]
struct Factory(Actions);

impl IClassFactory_Impl for Factory_Impl {
    fn CreateInstance(
        &self,
        outer: Ref<'_, IUnknown>,
        interface: *const GUID,
        object: *mut *mut c_void,
    ) -> Result<()> {
        if outer.is_some() {
            return Err(CLASS_E_NOAGGREGATION.into());
        }
        let activator: INotificationActivationCallback = Activator(self.0.clone()).into();
        // SAFETY: COM gives both pointers for this.
        unsafe { activator.query(interface, object).ok() }
    }

    fn LockServer(&self, _lock: BOOL) -> Result<()> {
        Ok(())
    }
}

#[implement(INotificationActivationCallback)]
struct Activator(Actions);

impl INotificationActivationCallback_Impl for Activator_Impl {
    fn Activate(
        &self,
        _app: &PCWSTR,
        arguments: &PCWSTR,
        fields: *const NOTIFICATION_USER_INPUT_DATA,
        count: u32,
    ) -> Result<()> {
        let fields = if fields.is_null() {
            &[][..]
        } else {
            // SAFETY: COM has copied so many of them here for the time of the call.
            unsafe { std::slice::from_raw_parts(fields, count as usize) }
        };
        let fields: Vec<(String, String)> = fields
            .iter()
            .map(|field| (text(field.Key), text(field.Value)))
            .collect();
        match activation::read(&text(*arguments), &fields) {
            Some(Activation::Open(tag)) => (self.0.on_click)(&tag),
            Some(Activation::Reply { tag, text }) => (self.0.on_reply)(&tag, &text),
            None => tracing::warn!("somebody called as a toast of ours would not"),
        }
        Ok(())
    }
}

/// The text, or none where there is none or it is no Unicode.
fn text(pointer: PCWSTR) -> String {
    if pointer.is_null() {
        return String::new();
    }
    // SAFETY: COM hands over texts that end with a zero.
    unsafe { pointer.to_string() }.unwrap_or_default()
}
