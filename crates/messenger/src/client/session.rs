//! A session: what is kept while somebody is signed in, how it begins and how it ends.

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;

use deskbell_protocol::{AccountId, ErrorCode, Me, Message, SequencedEvent, Timestamp};
use tokio::time::Instant;

use super::{Core, Stage};
use crate::folder::Folder;
use crate::input::Input;
use crate::outbox::{self, Lanes};
use crate::secret::{KeptSession, SESSION_SECRET, SecretError};
use crate::shell::ToastTag;
use crate::store::cache::{Cache, Opened};
use crate::store::unsent::{OutboxItem, Unsent, UnsentOpened};
use crate::store::{StoreError, Stored};
use crate::view::{Route, WindowEvent};

/// Somebody is signed in.
pub(super) struct Session {
    pub kept: KeptSession,
    /// Where its files lie; none without a disk.
    pub path: Option<PathBuf>,
    pub me: Option<Me>,
    /// The account has been asked for since the start.
    pub me_fresh: bool,
    pub cache: Cache,
    pub unsent: Unsent,
    /// The outbox as it is on disk.
    pub outbox: Vec<OutboxItem>,
    pub lanes: Lanes,
    /// An item is on its way.
    pub sending: bool,
    /// The server is being told what was read.
    pub telling: bool,
    pub tell_failures: u32,
    pub tell_not_before: Option<Instant>,
    /// The lists are being loaded anew; events are held until then.
    pub loading: Option<String>,
    pub held: Vec<(SequencedEvent, String)>,
    /// Lines stored before this are being caught up.
    pub live_since: Option<Timestamp>,
    pub applied_seq: u64,
    /// Lines up to here have been decided about.
    pub decided_seq: u64,
    pub missed: Vec<Message>,
    pub missed_since: Option<Instant>,
    pub toast_missed_at: Option<Instant>,
    pub toasts: BTreeSet<ToastTag>,
}

impl Session {
    pub fn account(&self) -> AccountId {
        self.kept.account.id
    }

    pub fn name(&self) -> &str {
        self.me
            .as_ref()
            .map_or(&self.kept.account.name, |me| &me.account.name)
    }

    pub fn hotline(&self) -> Option<&str> {
        self.me.as_ref()?.organization.as_ref()?.phone.as_deref()
    }

    /// When something has to be done next. Nothing can be sent while the server is not heard.
    pub fn next_due(&self, live: bool) -> Option<Instant> {
        let sending = if live && !self.sending {
            outbox::next_due(&self.outbox, &self.lanes)
        } else {
            None
        };
        let telling = self.tell_not_before.filter(|_| live && !self.telling);
        [self.toast_missed_at, sending, telling]
            .into_iter()
            .flatten()
            .min()
    }
}

impl Core {
    /// Asks the keyring for the session, off the loop.
    pub(super) fn read_secret(&self) {
        let (secrets, inputs) = (self.ports.secrets.clone(), self.inputs.clone());
        tokio::task::spawn_blocking(move || {
            let _ = inputs.send(Input::SecretRead(secrets.get(SESSION_SECRET)));
        });
    }

    pub(super) async fn secret_read(&mut self, kept: Result<Option<String>, SecretError>) {
        let waited_for = matches!(
            self.stage,
            Stage::Starting { .. } | Stage::Out { reason: None }
        );
        if !waited_for {
            return;
        }
        let server = self.api.as_ref().map(|api| api.address().text().to_owned());
        let session = match kept {
            Ok(text) => text.as_deref().and_then(KeptSession::from_text),
            Err(error) => {
                tracing::warn!(%error, "the session cannot be read");
                None
            }
        };
        // Somebody signed out while the keyring could not forget it.
        let over = session
            .clone()
            .filter(|session| self.folder.signed_out() == Some(session.session_id));
        let session = match over {
            Some(over) => {
                self.say_farewell(&over);
                self.forget_secret(over.session_id);
                None
            }
            None => session,
        };
        // A token goes to the server that gave it and to no other.
        match session.filter(|session| Some(&session.server) == server.as_ref()) {
            Some(session) => self.enter(session, true).await,
            None => self.start_signed_out().await,
        }
    }

    pub(super) async fn start_signed_out(&mut self) {
        if matches!(self.stage, Stage::Starting { .. }) {
            self.stage = Stage::Out { reason: None };
            self.shown.app_changed = true;
        }
        self.answer_early_commands().await;
    }

    async fn answer_early_commands(&mut self) {
        for (command, reply) in std::mem::take(&mut self.early) {
            Box::pin(self.command(command, reply)).await;
        }
        self.take_up_early_replies().await;
    }

    /// Begins a session: from the keyring, or fresh.
    pub(super) async fn enter(&mut self, kept: KeptSession, in_keyring: bool) {
        self.era += 1;
        match self.open_session(kept).await {
            Ok(session) => self.stage = Stage::In(Box::new(session)),
            Err(error) => {
                tracing::error!(%error, "not even memory can hold the cache");
                self.stage = Stage::Out { reason: None };
                return self.answer_early_commands().await;
            }
        }
        if !in_keyring {
            self.keep_secret();
        }
        self.take_up_what_was_missed().await;
        self.shown.app_changed = true;
        self.shown.unread_changed = true;
        self.connect().await;
        if !in_keyring {
            self.keep_replies_as_drafts().await;
        }
        self.answer_early_commands().await;
        if let Some(route) = self.wanted.take() {
            self.navigate(route);
        }
    }

    async fn open_session(&mut self, kept: KeptSession) -> Stored<Session> {
        let path = self.folder.account(&kept.server, kept.account.id).ok();
        let now = self.ports.clock.now();
        let ((mut cache, opened), (mut unsent, unsent_opened)) = match &path {
            Some(path) => (
                Cache::open(&path.join("cache.sqlite")).await?,
                Unsent::open(&path.join("outbox.sqlite"), now).await?,
            ),
            None => (
                (Cache::in_memory().await?, Opened::InMemory),
                (Unsent::in_memory().await?, UnsentOpened::InMemory),
            ),
        };
        self.notices.cache_rebuilt |=
            opened == Opened::Rebuilt || unsent_opened == UnsentOpened::Salvaged;
        self.notices.cannot_store |=
            opened == Opened::InMemory || unsent_opened == UnsentOpened::InMemory;
        let me = cache.document("me").await?;
        let outbox = reconcile(&mut cache, &mut unsent).await?;
        let applied_seq = cache.position().await?.seq.unwrap_or(0);
        let decided_seq = cache.toasted_seq().await?.unwrap_or(applied_seq);
        Ok(Session {
            kept,
            path,
            me,
            me_fresh: false,
            cache,
            unsent,
            outbox,
            lanes: HashMap::new(),
            sending: false,
            telling: false,
            tell_failures: 0,
            tell_not_before: None,
            loading: None,
            held: vec![],
            live_since: None,
            applied_seq,
            decided_seq,
            missed: vec![],
            missed_since: None,
            toast_missed_at: None,
            toasts: BTreeSet::new(),
        })
    }

    /// Hands the session to the keyring, off the loop.
    fn keep_secret(&self) {
        let Stage::In(session) = &self.stage else {
            return;
        };
        let (secrets, inputs) = (self.ports.secrets.clone(), self.inputs.clone());
        let text = session.kept.to_text();
        tokio::task::spawn_blocking(move || {
            let _ = inputs.send(Input::SecretKept(secrets.set(SESSION_SECRET, &text)));
        });
    }

    pub(super) fn secret_kept(&mut self, kept: Result<(), SecretError>) {
        if let Err(error) = &kept {
            tracing::warn!(%error, "the session is kept in memory only");
        }
        self.notices.session_not_kept = kept.is_err() && matches!(self.stage, Stage::In(_));
        self.shown.app_changed = true;
    }

    /// The keyring may have been unlocked with the screen.
    pub(super) fn try_keyring_again(&self) {
        match &self.stage {
            Stage::In(_) if self.notices.session_not_kept => self.keep_secret(),
            Stage::Out { reason: None } => self.read_secret(),
            _ => {}
        }
        self.read_farewells();
    }

    /// The user signs out: nothing of the account stays, and the server is told, now or once it is heard.
    pub(super) async fn sign_out(&mut self) {
        let over = match &self.stage {
            Stage::In(session) => Some(session.kept.clone()),
            _ => None,
        };
        self.leave(None, true).await;
        if let Some(over) = over {
            self.say_farewell(&over);
        }
    }

    /// The server says that the session is over. One that was ended takes everything with it; one that
    /// is too old leaves the outbox waiting for the same person.
    pub(super) async fn session_over(&mut self, code: ErrorCode) {
        tracing::info!(?code, "the session is over");
        self.leave(Some(code), code == ErrorCode::SessionEnded)
            .await;
    }

    async fn leave(&mut self, reason: Option<ErrorCode>, wipe: bool) {
        let stage = std::mem::replace(&mut self.stage, Stage::Out { reason });
        let Stage::In(mut session) = stage else {
            return;
        };
        self.era += 1;
        self.disconnect();
        let unread = session.cache.unread_ids().await.unwrap_or_default();
        let tags = unread
            .into_iter()
            .map(ToastTag::Conversation)
            .chain([ToastTag::Summary]);
        for tag in session
            .toasts
            .iter()
            .copied()
            .chain(tags)
            .collect::<BTreeSet<_>>()
        {
            self.ports.shell.remove_toast(tag);
        }
        session.cache.close().await;
        session.unsent.close().await;
        if let Some(path) = session.path.filter(|_| wipe) {
            Folder::forget(&path);
        }
        if !wipe {
            self.keep_expired(&session.kept);
        }
        self.forget_secret(session.kept.session_id);
        self.notices.session_not_kept = false;
        self.notices.cache_rebuilt = false;
        self.window.looking_at = None;
        self.window.route = Route::Home {};
        self.wanted = None;
        self.shown.unread = (0, vec![]);
        self.shown.app_changed = true;
        self.tell(WindowEvent::ListsReset {});
    }

    /// The store failed in the middle: what can be built anew is, and the feed resumes from what is left.
    pub(super) async fn store_failed(&mut self, error: StoreError) {
        tracing::error!(%error, "the cache failed");
        let Stage::In(session) = &mut self.stage else {
            return;
        };
        let file = session.path.as_ref().map(|path| path.join("cache.sqlite"));
        if matches!(error, StoreError::Damaged | StoreError::Unwritable)
            && let Ok(memory) = Cache::in_memory().await
        {
            // The file is closed before it is removed: Windows insists.
            std::mem::replace(&mut session.cache, memory).close().await;
            self.notices.cannot_store |= matches!(error, StoreError::Unwritable);
        }
        if let (StoreError::Damaged, Some(file)) = (&error, file) {
            crate::store::remove(&file);
            if let Ok((cache, _)) = Cache::open(&file).await {
                std::mem::replace(&mut session.cache, cache).close().await;
                self.notices.cache_rebuilt = true;
            }
        }
        session.loading = None;
        session.held.clear();
        self.shown.app_changed = true;
        self.connection_failed_here();
    }
}

/// Forgets what the feed has brought already: the acknowledgement was lost with an earlier run.
async fn reconcile(cache: &mut Cache, unsent: &mut Unsent) -> Stored<Vec<OutboxItem>> {
    let mut outbox = vec![];
    for item in unsent.items().await? {
        if cache.line(item.id).await?.is_some() {
            unsent.remove(item.id).await?;
        } else {
            outbox.push(item);
        }
    }
    Ok(outbox)
}
