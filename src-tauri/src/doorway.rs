//! The way to the client, also while it is still starting, and when it is ending.

use std::sync::{Mutex, MutexGuard, PoisonError};

use deskbell_messenger::{Handle, Signal};

/// Passes on what happens on the desktop. What happens before the client is there waits for it, and
/// what happens too late for it waits for the next one.
#[derive(Debug, Default)]
pub(crate) struct Doorway(Mutex<Inside>);

#[derive(Debug, Default)]
struct Inside {
    handle: Option<Handle>,
    waiting: Vec<Signal>,
}

impl Inside {
    fn pass_on(&mut self, signal: Signal) {
        let refused = match &self.handle {
            Some(handle) => handle.signal(signal).err(),
            None => Some(signal),
        };
        self.waiting.extend(refused);
    }
}

impl Doorway {
    /// The client is there, for the first time or anew.
    pub(crate) fn connect(&self, handle: &Handle) {
        let mut inside = self.lock();
        inside.handle = Some(handle.clone());
        for signal in std::mem::take(&mut inside.waiting) {
            inside.pass_on(signal);
        }
    }

    /// Tells the client what happened.
    pub(crate) fn signal(&self, signal: Signal) {
        self.lock().pass_on(signal);
    }

    /// The client has ended and gives back what came too late for it.
    pub(crate) fn keep(&self, late: Vec<Signal>) {
        let mut inside = self.lock();
        inside.waiting.splice(..0, late);
    }

    /// What no client has acted on.
    pub(crate) fn left(&self) -> Vec<Signal> {
        std::mem::take(&mut self.lock().waiting)
    }

    /// The client, once it is there.
    pub(crate) fn client(&self) -> Option<Handle> {
        self.lock().handle.clone()
    }

    fn lock(&self) -> MutexGuard<'_, Inside> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
