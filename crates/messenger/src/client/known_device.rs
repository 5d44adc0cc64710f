//! The last session that grew too old. Its token opens nothing any more, but it shows the server that
//! somebody signed in here before: whoever guesses codes elsewhere keeps this device from nothing.

use super::{Core, KEYRING_PATIENCE};
use crate::secret::{EXPIRED_SECRET, KeptSession, Token};

impl Core {
    /// Keeps what is left of a session that grew too old, off the loop.
    pub(super) fn keep_expired(&self, session: &KeptSession) {
        let (secrets, text) = (self.ports.secrets.clone(), session.to_text());
        tokio::task::spawn_blocking(move || {
            if let Err(error) = secrets.set(EXPIRED_SECRET, &text) {
                tracing::warn!(%error, "the server will not know this device by its last session");
            }
        });
    }

    /// The newer session shows as much.
    pub(super) fn forget_expired(&self) {
        let secrets = self.ports.secrets.clone();
        tokio::task::spawn_blocking(move || {
            let _ = secrets.delete(EXPIRED_SECRET);
        });
    }

    /// The token to show to this server, if it gave it; a keyring that asks for a password is not waited for.
    pub(super) fn expired_token(
        &self,
        server: String,
    ) -> impl Future<Output = Option<Token>> + use<> {
        let secrets = self.ports.secrets.clone();
        async move {
            let read = tokio::task::spawn_blocking(move || secrets.get(EXPIRED_SECRET));
            let text = tokio::time::timeout(KEYRING_PATIENCE, read).await.ok()?;
            let session = KeptSession::from_text(&text.ok()?.ok()??)?;
            (session.server == server).then_some(session.token)
        }
    }
}
