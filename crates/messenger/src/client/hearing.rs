//! What the feed tells: position first, then the lists, then every event in order.

use deskbell_protocol::{ClientFrame, ConversationId, SequencedEvent, Timestamp};

use super::{Core, Stage};
use crate::api::{ApiError, Authorized};
use crate::failpoint;
use crate::feed::News;
use crate::input::{Back, Snapshot};
use crate::store::apply::Applied;
use crate::view::WindowEvent;
use crate::views;

/// Events applied in one transaction at most.
const BATCH: usize = 64;
/// More new lines at once than this, and the window asks for its lists anew instead.
const MOST_SINGLE_CHANGES: usize = 100;
/// Chats with unread lines that are loaded with the list.
const CHATS_AHEAD: usize = 10;

impl Core {
    pub(super) async fn hear(&mut self, news: News) {
        let mut news = Some(news);
        while let Some(next) = news.take() {
            match next {
                News::Event { seq, cursor, event } => {
                    let first = (SequencedEvent { seq, event: *event }, cursor);
                    let (events, after) = self.gather(first);
                    self.hear_events(events).await;
                    news = after;
                }
                News::Proven(proven) => self.server_proved(*proven),
                News::Live {
                    cursor,
                    server_time,
                    load_anew,
                    way,
                } => {
                    self.link.heard_by(way);
                    self.live(cursor, server_time, load_anew).await;
                }
                News::Typing {
                    conversation_id,
                    person,
                } => {
                    self.tell(WindowEvent::Typing {
                        conversation_id,
                        person: views::person(&person),
                    });
                }
                News::Lost(loss) => self.lost(loss).await,
            }
        }
    }

    /// The events that are already there, and the first other news behind them.
    fn gather(
        &mut self,
        first: (SequencedEvent, String),
    ) -> (Vec<(SequencedEvent, String)>, Option<News>) {
        let mut events = vec![first];
        while events.len() < BATCH {
            match self.link.more_news() {
                Some(News::Event { seq, cursor, event }) => {
                    events.push((SequencedEvent { seq, event: *event }, cursor));
                }
                other => return (events, other),
            }
        }
        (events, None)
    }

    async fn live(&mut self, cursor: String, server_time: Timestamp, load_anew: bool) {
        let server = self.authorized();
        let Stage::In(session) = &mut self.stage else {
            return;
        };
        session.live_since = Some(server_time);
        if let (true, Some(server), Some(number)) = (load_anew, server, self.link.number()) {
            session.loading = Some(cursor);
            self.call(async move { Back::Snapshot(number, load(server).await) });
        } else if session.loading.is_none() {
            self.went_live().await;
        }
    }

    async fn went_live(&mut self) {
        self.link.became_live();
        if let Stage::In(session) = &mut self.stage {
            session.lanes.retain(|_, lane| lane.wished);
        }
        self.shown.app_changed = true;
        if matches!(&self.stage, Stage::In(session) if !session.me_fresh) {
            self.ask_for_me();
        }
        self.ask_for_unknown_conversations().await;
        self.send_next();
        self.tell_next_read().await;
    }

    /// The lists have come: they replace what was, and the events held meanwhile follow.
    pub(super) async fn snapshot(&mut self, number: u64, snapshot: Result<Snapshot, ApiError>) {
        // Lists loaded for an earlier connection may be older than this one's cursor.
        if self.link.number() != Some(number) {
            return;
        }
        let snapshot = match snapshot {
            Ok(snapshot) => snapshot,
            Err(error) => {
                if !self.check_session(&error).await {
                    self.lost(crate::feed::Loss::Failed(error)).await;
                }
                return;
            }
        };
        let before = self.unread_counts().await;
        let Stage::In(session) = &mut self.stage else {
            return;
        };
        let Some(cursor) = session.loading.take() else {
            return;
        };
        let held = std::mem::take(&mut session.held);
        let stored = store(session, &snapshot, &cursor).await;
        (session.applied_seq, session.decided_seq) = (0, 0);
        session.me = Some(snapshot.me);
        session.me_fresh = true;
        if let Err(error) = stored {
            return self.store_failed(error).await;
        }
        self.forget_sent_items().await;
        self.toast_after_loading_anew(before).await;
        self.shown.unread_changed = true;
        self.tell(WindowEvent::ListsReset {});
        let mut held = held.into_iter().peekable();
        while held.peek().is_some() {
            let batch: Vec<_> = held.by_ref().take(BATCH).collect();
            self.hear_events(batch).await;
        }
        self.went_live().await;
    }

    async fn hear_events(&mut self, events: Vec<(SequencedEvent, String)>) {
        let Stage::In(session) = &mut self.stage else {
            return;
        };
        if session.loading.is_some() {
            session.held.extend(events);
            return;
        }
        let (events, cursors): (Vec<_>, Vec<_>) = events.into_iter().unzip();
        let (Some(cursor), Some(last)) = (cursors.last(), events.last()) else {
            return;
        };
        failpoint::reach("before-apply");
        match session
            .cache
            .apply(session.kept.account.id, &events, cursor)
            .await
        {
            Ok(applied) => {
                failpoint::reach("after-apply");
                session.applied_seq = last.seq;
                self.applied(applied).await;
            }
            Err(error) => self.store_failed(error).await,
        }
    }

    /// Toasts first; the rest of the visible surface can wait a moment.
    async fn applied(&mut self, applied: Applied) {
        self.toast(&applied).await;
        self.acknowledge(&applied);
        let created: Vec<_> = applied.created.iter().map(|line| line.id).collect();
        self.forget_items(&created).await;
        self.shown.unread_changed |= !applied.conversations.is_empty();
        self.show_changes(&applied).await;
        self.take_read_toasts_away(applied.read_elsewhere.iter().copied())
            .await;
        for id in applied.unknown {
            self.ask_for_conversation(id);
        }
        if applied.me_changed {
            self.ask_for_me();
        }
    }

    /// Tells the server that others' lines are stored here, once for all of them.
    fn acknowledge(&self, applied: &Applied) {
        let Stage::In(session) = &self.stage else {
            return;
        };
        let me = session.account();
        let others =
            |line: &&deskbell_protocol::Message| line.author.as_ref().is_none_or(|a| a.id != me);
        if let Some(newest) = applied.created.iter().rfind(others) {
            self.link.send(ClientFrame::Received { seq: newest.seq });
        }
    }

    async fn show_changes(&mut self, applied: &Applied) {
        if !self.window.open {
            return;
        }
        if applied.created.len() + applied.receipts.len() > MOST_SINGLE_CHANGES {
            return self.tell(WindowEvent::ListsReset {});
        }
        for row in applied.conversations.values() {
            self.show_row(row);
        }
        let created = applied.created.iter().map(|line| line.id);
        for id in created.chain(applied.receipts.iter().copied()) {
            self.show_line(id).await;
        }
    }

    pub(super) fn ask_for_me(&self) {
        if let Some(server) = self.authorized() {
            self.call(async move { Back::Me(server.me().await) });
        }
    }

    pub(super) fn ask_for_conversation(&self, id: ConversationId) {
        if let Some(server) = self.authorized() {
            self.call(async move { Back::Item(id, server.conversation(id).await) });
        }
    }

    async fn ask_for_unknown_conversations(&mut self) {
        let Stage::In(session) = &mut self.stage else {
            return;
        };
        for id in session.cache.unknown().await.unwrap_or_default() {
            self.ask_for_conversation(id);
        }
    }
}

async fn load(server: Authorized) -> Result<Snapshot, ApiError> {
    let me = server.me().await?;
    let first = server.conversations(None).await?;
    let mut chats = vec![];
    for item in first
        .items
        .iter()
        .filter(|item| item.unread_count > 0)
        .take(CHATS_AHEAD)
    {
        let id = item.conversation.id;
        chats.push((id, server.messages(id, None).await?));
    }
    Ok(Snapshot { me, first, chats })
}

async fn store(
    session: &mut super::Session,
    snapshot: &Snapshot,
    cursor: &str,
) -> crate::store::Stored<()> {
    let me = session.account();
    session.cache.load_anew(me, &snapshot.first, cursor).await?;
    for (id, page) in &snapshot.chats {
        session.cache.add_history(me, *id, None, page).await?;
    }
    session.cache.save_document("me", &snapshot.me).await
}
