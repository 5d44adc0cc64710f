//! The desktop: everything the client does to it leaves through [`Shell`], what is shown is data, and what
//! happens there comes as a [`Signal`].

use deskbell_protocol::ConversationId;
use futures_util::future::BoxFuture;

use crate::check::DesktopFacts;
use crate::view::{Route, WindowEvent};

/// What the tray shows: recomputed as a whole from the client's state by one function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrayView {
    /// Which picture; told apart by shape, not by colour alone.
    pub icon: TrayIcon,
    /// One line: name, unread count, connection.
    pub tooltip: String,
    /// The menu from top to bottom.
    pub menu: Vec<TrayItem>,
    /// Messages not read, for the taskbar badge.
    pub unread_count: u32,
}

/// The tray's pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TrayIcon {
    /// The bell.
    Quiet,
    /// The bell with a dot.
    Unread,
    /// The bell struck through.
    Offline,
    /// The bell's outline: nobody is signed in.
    SignedOut,
}

/// A line in the tray's menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TrayItem {
    /// Something to click.
    Action {
        /// What a click does.
        action: TrayAction,
        /// Its text.
        text: String,
        /// It can be clicked.
        enabled: bool,
    },
    /// A line between groups.
    Separator,
}

/// What a click in the tray does.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum TrayAction {
    /// Open the window.
    Open,
    /// Open the window where help is asked for.
    AskForHelp,
    /// Open this chat.
    OpenConversation(ConversationId),
    /// Open the settings.
    Settings,
    /// Sign out.
    SignOut,
    /// End the client.
    Quit,
}

/// A toast. One with the same tag replaces the one before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Toast {
    /// What it is about; a click leads there.
    pub tag: ToastTag,
    /// One line, cleaned of control and direction characters.
    pub title: String,
    /// At most three lines, cleaned likewise.
    pub body: String,
    /// It makes a sound.
    pub sound: bool,
    /// It can be answered in place, on desktops that can do that.
    pub reply: Option<QuickReply>,
}

/// The words around the field in which a toast is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuickReply {
    /// What the empty field says.
    pub hint: String,
    /// What the button says.
    pub send: String,
}

/// What a toast is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ToastTag {
    /// One chat.
    Conversation(ConversationId),
    /// Several, after a sleep or a long time offline.
    Summary,
}

/// The desktop, as far as the client acts on it. None of these may block; failures are the shell's to log.
pub trait Shell: Send + Sync + 'static {
    /// Show this in the tray instead of what it shows.
    fn show_tray(&self, tray: TrayView);
    /// Show a toast, in place of one with the same tag.
    fn show_toast(&self, toast: Toast);
    /// Take a toast away, if it is still there.
    fn remove_toast(&self, tag: ToastTag);
    /// Bring the window to the front at this place, making it if need be.
    fn open_window(&self, route: Route);
    /// Tell the window, if there is one.
    fn notify_window(&self, event: WindowEvent);
    /// Give an address that passed the allow-list to the system's browser or mail program.
    fn open_url(&self, url: &str);
    /// Size the window.
    fn enlarge_window(&self, enlarged: bool);
    /// Start with the desktop session, or no longer.
    fn set_autostart(&self, on: bool);
    /// What the desktop offers, as far as it says so within some seconds.
    fn desktop_facts(&self) -> BoxFuture<'static, DesktopFacts> {
        Box::pin(async { DesktopFacts::default() })
    }
    /// End the process. What happened after the client was told to quit is handed over: somebody who
    /// has started it meanwhile is to find one running.
    fn quit(&self, late: Vec<Signal>);
}

/// What happens on the desktop, outside the window's page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signal {
    /// A click in the tray. A click on the icon itself is [`TrayAction::Open`].
    TrayAction(TrayAction),
    /// A click on a toast.
    ToastClicked(ToastTag),
    /// An answer written into the toast of a chat, perhaps before this client was started.
    ToastReplied {
        /// Which chat.
        id: ConversationId,
        /// As written.
        text: String,
    },
    /// The system hands over a `deskbell://` address, unchecked.
    DeepLink(String),
    /// A second `deskbell` was started and handed over its arguments, without the program's name.
    SecondLaunch {
        /// As given; checked here.
        args: Vec<String>,
    },
    /// A second `deskbell` was started that wants nothing but that one runs.
    QuietLaunch,
    /// The computer is back from sleep.
    Woke,
    /// A network came, went or changed.
    NetworkChanged,
    /// The screen was locked: nobody looks at the window.
    Locked,
    /// The screen was unlocked.
    Unlocked,
    /// The window has been closed.
    WindowClosed,
    /// The window has gained or lost the keyboard focus.
    WindowFocused(bool),
    /// The desktop session ends, or the user asked to quit.
    QuitRequested,
}
