//! The way to the client, also while it is still starting.

use std::sync::{Mutex, MutexGuard, PoisonError};

use deskbell_messenger::{Handle, Signal};

/// Passes on what happens on the desktop; what happens before the client is there waits for it.
#[derive(Debug, Default)]
pub(crate) struct Doorway(Mutex<Inside>);

#[derive(Debug, Default)]
struct Inside {
    handle: Option<Handle>,
    early: Vec<Signal>,
}

impl Doorway {
    /// The client is there, for the first time or anew.
    pub(crate) fn connect(&self, handle: &Handle) {
        let mut inside = self.lock();
        for signal in inside.early.drain(..) {
            handle.signal(signal);
        }
        inside.handle = Some(handle.clone());
    }

    /// Tells the client what happened.
    pub(crate) fn signal(&self, signal: Signal) {
        let mut inside = self.lock();
        match &inside.handle {
            Some(handle) => handle.signal(signal),
            None => inside.early.push(signal),
        }
    }

    /// The client, once it is there.
    pub(crate) fn client(&self) -> Option<Handle> {
        self.lock().handle.clone()
    }

    fn lock(&self) -> MutexGuard<'_, Inside> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
