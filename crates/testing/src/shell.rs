//! A desktop that remembers what was done to it, and a keyring in memory.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use deskbell_messenger::shell::{Shell, Toast, ToastTag, TrayView};
use deskbell_messenger::view::{Route, WindowEvent};
use deskbell_messenger::{SecretError, SecretStore, Signal};
use tokio::sync::watch;
use tokio::time::timeout;

/// Something that was done to the desktop.
#[derive(Debug, Clone, PartialEq)]
pub enum Act {
    /// The tray shows this.
    Tray(TrayView),
    /// A toast was shown.
    Toast(Toast),
    /// A toast was taken away.
    ToastGone(ToastTag),
    /// The window was brought to the front here.
    Window(Route),
    /// The window was told.
    Told(Box<WindowEvent>),
    /// An address was opened.
    Opened(String),
    /// The window was sized.
    Enlarged(bool),
    /// Start with the desktop session.
    Autostart(bool),
    /// The end, and what happened too late for the client to act on it.
    Quit(Vec<Signal>),
}

/// The desktop.
#[derive(Debug)]
pub struct RecordingShell {
    acts: watch::Sender<Vec<Act>>,
}

impl Default for RecordingShell {
    fn default() -> Self {
        Self {
            acts: watch::Sender::new(vec![]),
        }
    }
}

impl RecordingShell {
    /// All that was done so far.
    #[must_use]
    pub fn acts(&self) -> Vec<Act> {
        self.acts.borrow().clone()
    }

    /// Every toast so far.
    #[must_use]
    pub fn toasts(&self) -> Vec<Toast> {
        let toast = |act: &Act| {
            if let Act::Toast(toast) = act {
                Some(toast.clone())
            } else {
                None
            }
        };
        self.acts.borrow().iter().filter_map(toast).collect()
    }

    /// What the tray shows now.
    #[must_use]
    pub fn tray(&self) -> Option<TrayView> {
        let tray = |act: &Act| {
            if let Act::Tray(tray) = act {
                Some(tray.clone())
            } else {
                None
            }
        };
        self.acts.borrow().iter().rev().find_map(tray)
    }

    /// Forgets what was done so far.
    pub fn forget(&self) {
        self.acts.send_modify(Vec::clear);
    }

    /// Waits until `look` finds what it looks for in all that was done.
    ///
    /// # Panics
    /// After `patience`, with `what` was waited for and what was done instead.
    #[expect(clippy::panic, reason = "a test says what is wrong by failing")]
    pub async fn wait_within<T>(
        &self,
        patience: Duration,
        what: &str,
        look: impl Fn(&[Act]) -> Option<T>,
    ) -> T {
        let mut acts = self.acts.subscribe();
        let found = async {
            loop {
                if let Some(found) = look(&acts.borrow_and_update()) {
                    return found;
                }
                if acts.changed().await.is_err() {
                    std::future::pending::<()>().await;
                }
            }
        };
        match timeout(patience, found).await {
            Ok(found) => found,
            Err(_) => panic!("waited {patience:?} for: {what}; seen: {:#?}", self.acts()),
        }
    }

    fn note(&self, act: Act) {
        self.acts.send_modify(|acts| acts.push(act));
    }
}

impl Shell for RecordingShell {
    fn show_tray(&self, tray: TrayView) {
        self.note(Act::Tray(tray));
    }

    fn show_toast(&self, toast: Toast) {
        self.note(Act::Toast(toast));
    }

    fn remove_toast(&self, tag: ToastTag) {
        self.note(Act::ToastGone(tag));
    }

    fn open_window(&self, route: Route) {
        self.note(Act::Window(route));
    }

    fn notify_window(&self, event: WindowEvent) {
        self.note(Act::Told(Box::new(event)));
    }

    fn open_url(&self, url: &str) {
        self.note(Act::Opened(url.to_owned()));
    }

    fn enlarge_window(&self, enlarged: bool) {
        self.note(Act::Enlarged(enlarged));
    }

    fn set_autostart(&self, on: bool) {
        self.note(Act::Autostart(on));
    }

    fn quit(&self, late: Vec<Signal>) {
        self.note(Act::Quit(late));
    }
}

/// A keyring in memory, which can be locked.
#[derive(Debug, Default)]
pub struct MemoryKeyring {
    kept: Mutex<Keyring>,
}

#[derive(Debug, Default)]
struct Keyring {
    locked: bool,
    secrets: BTreeMap<String, String>,
}

impl MemoryKeyring {
    /// Locks or unlocks it.
    pub fn lock(&self, locked: bool) {
        self.kept().locked = locked;
    }

    /// Everything in it.
    #[must_use]
    pub fn secrets(&self) -> BTreeMap<String, String> {
        self.kept().secrets.clone()
    }

    fn kept(&self) -> MutexGuard<'_, Keyring> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn open(&self) -> Result<MutexGuard<'_, Keyring>, SecretError> {
        let kept = self.kept();
        if kept.locked {
            Err(SecretError::Locked)
        } else {
            Ok(kept)
        }
    }
}

impl SecretStore for MemoryKeyring {
    fn get(&self, name: &str) -> Result<Option<String>, SecretError> {
        Ok(self.open()?.secrets.get(name).cloned())
    }

    fn set(&self, name: &str, text: &str) -> Result<(), SecretError> {
        self.open()?
            .secrets
            .insert(name.to_owned(), text.to_owned());
        Ok(())
    }

    fn delete(&self, name: &str) -> Result<(), SecretError> {
        self.open()?.secrets.remove(name);
        Ok(())
    }
}
