//! What the check of this computer looks at.

use deskbell_protocol::ServerInfo;

use crate::api::Fit;
use crate::view::OfflineReason;

/// All of it.
#[derive(Debug, Clone)]
pub struct Facts {
    /// What is written in policies and not understood.
    pub policy_faults: Vec<String>,
    /// The way to the server.
    pub server: ServerFacts,
    /// What the desktop offers.
    pub desktop: DesktopFacts,
}

/// The way to the server.
#[derive(Debug, Clone)]
pub enum ServerFacts {
    /// Nobody has said which.
    NoAddress,
    /// What was said is no address.
    AddressInvalid,
    /// It was asked.
    Asked(Asked),
}

/// The server was asked.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Its host.
    pub host: String,
    /// The proxy on the way.
    pub proxy: Option<String>,
    /// What came back.
    pub answer: Result<Answer, OfflineReason>,
    /// Who issued the certificate that was shown, whether it is trusted or not.
    pub issuer: Option<String>,
    /// How far a websocket came; none when it was not tried.
    pub websocket: Option<Websocket>,
}

/// The server's answer.
#[derive(Debug, Clone)]
pub struct Answer {
    /// What it said about itself.
    pub info: ServerInfo,
    /// Whether it and this client understand each other.
    pub fit: Fit,
    /// Minutes this computer's clock is ahead; none while that is tolerable.
    pub clock_off_minutes: Option<i32>,
}

/// How far a websocket came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Websocket {
    /// It was opened.
    Opened,
    /// The server answered, and opens it to those who are signed in.
    Answered,
    /// Something stood in the way.
    Refused(OfflineReason),
}

/// What the desktop offers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DesktopFacts {
    /// The keyring.
    pub keyring: Keyring,
    /// Who shows toasts, by name; none when nobody does.
    pub toasts: Option<String>,
    /// How the client is known to the system for its toasts, where the system wants that.
    pub registration: Option<Registration>,
    /// Somebody shows tray icons.
    pub tray: bool,
    /// The version of what draws the window; none when it is missing.
    pub webview: Option<String>,
    /// The folder for everything can be written.
    pub writable: bool,
    /// MiB that are free there, as far as known.
    pub free_mib: Option<u64>,
    /// The desktop session.
    pub session: Session,
}

/// The keyring.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Keyring {
    /// It keeps and gives back.
    Usable,
    /// It is locked.
    Locked,
    /// There is none, or it does not answer.
    #[default]
    Missing,
}

/// How the client is known to the system for its toasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Registration {
    /// Its entry in the Start menu.
    pub shortcut: bool,
    /// Its application id.
    pub app_id: bool,
    /// The class that takes quick replies.
    pub activator: bool,
    /// Nobody has switched its toasts off.
    pub permitted: bool,
}

/// A desktop session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Session {
    /// At the machine itself.
    Console,
    /// From afar.
    Rdp,
    /// X11.
    X11,
    /// Wayland.
    Wayland,
    /// None.
    #[default]
    None,
}
