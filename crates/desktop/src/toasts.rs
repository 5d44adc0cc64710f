//! Toasts: short notices in a corner of the screen that lead somewhere when they are clicked.

use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::mpsc;

pub mod activation;
pub mod markup;

#[cfg(target_os = "linux")]
#[path = "toasts/linux.rs"]
mod system;
#[cfg(windows)]
#[path = "toasts/windows.rs"]
mod system;

/// Who shows toasts.
#[derive(Debug, Clone)]
pub struct App {
    /// Its name, as people know it.
    pub name: String,
    /// Its id: the name of its desktop entry on Linux, the AUMID on Windows.
    pub id: String,
    /// A picture file.
    pub icon: PathBuf,
}

/// A toast.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Toast {
    /// What it is about. One with the same tag takes the place of the one before.
    pub tag: String,
    /// One line.
    pub title: String,
    /// A few lines of plain text.
    pub body: String,
    /// It makes a sound.
    pub sound: bool,
    /// The address a click opens, where the system opens addresses for toasts of programs that
    /// have ended; without one a click only tells.
    pub address: Option<String>,
    /// It can be answered in place, where the system can do that.
    pub reply: Option<Reply>,
}

/// A field in a toast.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// What the empty field says.
    pub hint: String,
    /// What the button says.
    pub send: String,
}

/// What is done when a toast is clicked; it gets the toast's tag.
pub type OnClick = Arc<dyn Fn(&str) + Send + Sync>;

/// What is done when a toast is answered; it gets the toast's tag and what was written.
pub type OnReply = Arc<dyn Fn(&str, &str) + Send + Sync>;

/// What comes of a toast. Anybody in the user's session can pretend to be a toast.
#[derive(Clone)]
pub struct Actions {
    /// It was clicked.
    pub on_click: OnClick,
    /// It was answered.
    pub on_reply: OnReply,
}

/// Shows toasts, in order, without making anybody wait. It lives as long as its clones do.
#[derive(Debug, Clone)]
pub struct Toaster {
    orders: mpsc::UnboundedSender<Order>,
}

#[derive(Debug)]
enum Order {
    Show(Toast),
    Remove(String),
}

impl Toaster {
    /// Starts on the tokio runtime that is entered.
    #[must_use]
    pub fn start(app: App, actions: Actions) -> Self {
        let (orders, receiver) = mpsc::unbounded_channel();
        tokio::spawn(system::serve(app, actions, receiver));
        Self { orders }
    }

    /// Shows a toast, in place of one with the same tag.
    pub fn show(&self, toast: Toast) {
        self.order(Order::Show(toast));
    }

    /// Takes the toast with this tag away, if it is still there.
    pub fn remove(&self, tag: &str) {
        self.order(Order::Remove(tag.to_owned()));
    }

    fn order(&self, order: Order) {
        if self.orders.send(order).is_err() {
            tracing::error!("toasts have ended");
        }
    }
}
