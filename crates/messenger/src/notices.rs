//! What the user should know until it is over.

use crate::view::Notice;

/// The notices that hold now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Notices {
    /// This client is too old for the server.
    pub client_too_old: bool,
    /// The server is too old for this client.
    pub server_too_old: bool,
    /// The server is of this newer version.
    pub newer_version: Option<String>,
    /// The disk does not take what is written.
    pub cannot_store: bool,
    /// The clock is off by so many minutes.
    pub clock_off_minutes: Option<i32>,
    /// The keyring does not keep the session.
    pub session_not_kept: bool,
    /// The cache was built anew.
    pub cache_rebuilt: bool,
}

impl Notices {
    /// For the window, most pressing first.
    #[must_use]
    pub fn list(&self) -> Vec<Notice> {
        [
            self.client_too_old.then_some(Notice::ClientTooOld {}),
            self.server_too_old.then_some(Notice::ServerTooOld {}),
            self.cannot_store.then_some(Notice::CannotStore {}),
            self.clock_off_minutes
                .map(|minutes| Notice::ClockOff { minutes }),
            self.session_not_kept.then_some(Notice::SessionNotKept {}),
            self.cache_rebuilt.then_some(Notice::CacheRebuilt {}),
            self.newer_version
                .clone()
                .map(|version| Notice::NewerVersion { version }),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}
