//! Sessions that somebody signed out of here and that the server has not been told about yet. Their
//! tokens wait in the keyring, under a name of their own, until the server has heard.

use deskbell_protocol::SessionId;
use tokio::time::Instant;

use super::Core;
use crate::address::ServerAddress;
use crate::api::error::Fate;
use crate::api::{Api, ApiError};
use crate::clock::fraction;
use crate::input::Input;
use crate::reconnect;
use crate::secret::{Farewell, KeptSession, SIGNED_OUT_SECRET, SecretError};

/// Sessions that wait at most: a secret has its limits, and each ends by itself some day.
const MOST: usize = 4;
/// Nobody waits for it: tries are this many times further apart than for a connection.
const PATIENCE: u32 = 10;

/// All that wait.
#[derive(Default)]
pub(super) struct Farewells {
    waiting: Vec<Farewell>,
    telling: bool,
    failures: u32,
    not_before: Option<Instant>,
    /// The keyring is being written; what has changed meanwhile is written after that.
    keeping: bool,
    changed: bool,
}

impl Farewells {
    fn add(&mut self, farewell: Farewell) {
        if !self.waiting.contains(&farewell) {
            self.waiting.push(farewell);
        }
        let excess = self.waiting.len().saturating_sub(MOST);
        self.waiting.drain(..excess);
    }

    /// When the server is to be told next.
    pub fn next_due(&self) -> Option<Instant> {
        self.not_before
            .filter(|_| !self.telling && !self.waiting.is_empty())
    }
}

impl Core {
    /// Asks the keyring for what waits from earlier, off the loop.
    pub(super) fn read_farewells(&self) {
        let (secrets, inputs) = (self.ports.secrets.clone(), self.inputs.clone());
        tokio::task::spawn_blocking(move || {
            let _ = inputs.send(Input::FarewellsRead(secrets.get(SIGNED_OUT_SECRET)));
        });
    }

    pub(super) fn farewells_read(&mut self, kept: Result<Option<String>, SecretError>) {
        let text = kept.ok().flatten().unwrap_or_default();
        let earlier: Vec<Farewell> = serde_json::from_str(&text).unwrap_or_default();
        for farewell in earlier {
            self.farewells.add(farewell);
        }
        self.say_next_farewell();
    }

    /// The session is over here; the server is told as soon as it is heard.
    pub(super) fn say_farewell(&mut self, session: &KeptSession) {
        self.farewells.add(Farewell {
            server: session.server.clone(),
            token: session.token.clone(),
        });
        self.keep_farewells();
        self.hurry_farewells();
    }

    /// The network may be another: try at once.
    pub(super) fn hurry_farewells(&mut self) {
        self.farewells.failures = 0;
        self.farewells.not_before = None;
        self.say_next_farewell();
    }

    pub(super) fn say_next_farewell(&mut self) {
        let due = self
            .farewells
            .not_before
            .is_none_or(|at| at <= Instant::now());
        let Some(next) = self.farewells.waiting.first().cloned() else {
            return;
        };
        if self.farewells.telling || !due {
            return;
        }
        let api = ServerAddress::parse(&next.server)
            .ok()
            .and_then(|address| self.api_of(address));
        let Some(api) = api else {
            return;
        };
        self.farewells.telling = true;
        let inputs = self.inputs.clone();
        tokio::spawn(async move {
            let told = async { api.prove().await?.with(next.token.clone()).sign_out().await }.await;
            let _ = inputs.send(Input::FarewellSaid(next, told));
        });
    }

    pub(super) fn farewell_said(&mut self, farewell: &Farewell, told: Result<(), ApiError>) {
        self.farewells.telling = false;
        match told.map_err(|error| error.fate()) {
            Err(Fate::Again(wish)) => {
                let chance = fraction(&*self.ports.entropy);
                let delay = reconnect::delay(self.farewells.failures, chance, wish);
                self.farewells.failures = self.farewells.failures.saturating_add(1);
                self.farewells.not_before = Some(Instant::now() + delay * PATIENCE);
            }
            // Refused: the session was over already.
            Ok(()) | Err(Fate::SignInFirst(_) | Fate::Never(_)) => {
                self.farewells.waiting.retain(|other| other != farewell);
                self.farewells.failures = 0;
                self.farewells.not_before = None;
                self.keep_farewells();
                self.say_next_farewell();
            }
        }
    }

    /// Brings the keyring up to date, off the loop, one write after the other.
    pub(super) fn keep_farewells(&mut self) {
        if std::mem::replace(&mut self.farewells.keeping, true) {
            self.farewells.changed = true;
            return;
        }
        let waiting = &self.farewells.waiting;
        let text =
            (!waiting.is_empty()).then(|| serde_json::to_string(waiting).unwrap_or_default());
        let (secrets, inputs) = (self.ports.secrets.clone(), self.inputs.clone());
        tokio::task::spawn_blocking(move || {
            let kept = match text {
                Some(text) => secrets.set(SIGNED_OUT_SECRET, &text),
                None => secrets.delete(SIGNED_OUT_SECRET),
            };
            let _ = inputs.send(Input::FarewellsKept(kept));
        });
    }

    pub(super) fn farewells_kept(&mut self, kept: Result<(), SecretError>) {
        self.farewells.keeping = false;
        if let Err(error) = kept {
            tracing::warn!(%error, "until the keyring opens, the server is told by this run of the client only");
        }
        if std::mem::take(&mut self.farewells.changed) {
            self.keep_farewells();
        }
    }

    /// The session is forgotten. A keyring that is locked does so later: until then a note beside the
    /// accounts says that it is over.
    pub(super) fn forget_secret(&self, session: SessionId) {
        self.folder.note_signed_out(session);
        let (secrets, inputs) = (self.ports.secrets.clone(), self.inputs.clone());
        tokio::task::spawn_blocking(move || {
            let forgotten = secrets.delete(crate::secret::SESSION_SECRET);
            let _ = inputs.send(Input::SecretForgotten(session, forgotten));
        });
    }

    pub(super) fn secret_forgotten(&self, session: SessionId, forgotten: Result<(), SecretError>) {
        match forgotten {
            Ok(()) if self.folder.signed_out() == Some(session) => self.folder.clear_signed_out(),
            Ok(()) => {}
            Err(error) => tracing::warn!(%error, "the keyring did not forget the session"),
        }
    }

    fn api_of(&self, address: ServerAddress) -> Option<Api> {
        let agent = super::user_agent(&self.setup);
        Api::new(address, &agent, &self.settings.proxy()).ok()
    }
}
