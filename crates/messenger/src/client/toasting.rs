//! Toasts: shown once, also over restarts, and taken away when read.

use std::collections::BTreeMap;
use std::time::Duration;

use deskbell_protocol::{ConversationId, Message, Timestamp};
use tokio::time::Instant;

use super::{Core, Session, Stage};
use crate::notify::{self, CaughtUp, Silence, Situation, Verdict};
use crate::settings::table;
use crate::shell::{Toast, ToastTag};
use crate::store::apply::Applied;
use crate::store::rows::ConversationRow;
use crate::toast;

/// After this quiet, all that was missed is taken to have come.
const CAUGHT_UP: Duration = Duration::from_millis(300);
/// But it is not waited for longer than this.
const LONGEST_CATCH_UP: Duration = Duration::from_secs(3);

impl Core {
    /// Decides about new lines. What is decided is remembered after it is shown: a crash in between
    /// shows a toast again rather than never.
    pub(super) async fn toast(&mut self, applied: &Applied) {
        for line in &applied.created {
            let row = applied.conversations.get(&line.conversation_id);
            let verdict = self.judge(line, row, false);
            tracing::debug!(message = %line.id, ?verdict, "judged");
            match verdict {
                Verdict::Toast => self.toast_line(line, row),
                Verdict::Later => self.hold_back(line),
                Verdict::Silent(_) => {}
            }
        }
        self.remember_decided().await;
    }

    fn judge(&self, line: &Message, row: Option<&ConversationRow>, caught_up: bool) -> Verdict {
        let looking_at = self.window.looking_at();
        let toasts_on = self.settings.switch(&table::TOASTS);
        let Stage::In(session) = &self.stage else {
            return Verdict::Silent(Silence::OldNews);
        };
        let situation = Situation {
            me: session.account(),
            toasted_seq: session.decided_seq,
            read_seq: row.map_or(0, |row| row.read_seq),
            looking_at,
            toasts_on,
            live_since: if caught_up {
                Some(Timestamp::from_millis(i64::MIN))
            } else {
                session.live_since
            },
        };
        notify::judge(line, &situation)
    }

    fn toast_line(&mut self, line: &Message, row: Option<&ConversationRow>) {
        let with_text = self.settings.toasts_say_what(self.window.locked);
        let ticket = row.and_then(|row| row.conversation.ticket.as_ref());
        let number = ticket.map(|ticket| ticket.number.as_str());
        let toast = toast::for_message(line, number, with_text, &self.texts);
        self.show_toast(toast);
    }

    fn show_toast(&mut self, toast: Toast) {
        if let Stage::In(session) = &mut self.stage {
            session.toasts.insert(toast.tag);
        }
        self.ports.shell.show_toast(toast);
    }

    fn hold_back(&mut self, line: &Message) {
        let Stage::In(session) = &mut self.stage else {
            return;
        };
        session.hold_back(line.clone());
    }

    async fn remember_decided(&mut self) {
        let Stage::In(session) = &mut self.stage else {
            return;
        };
        if session.missed.is_empty() {
            let seq = session.applied_seq;
            session.decided_seq = session.decided_seq.max(seq);
            if let Err(error) = session.cache.save_toasted_seq(seq).await {
                tracing::warn!(%error, "toasts may come again after a restart");
            }
        }
    }

    /// Lines that were stored and not decided about when the last run ended.
    pub(super) async fn take_up_what_was_missed(&mut self) {
        let Stage::In(session) = &mut self.stage else {
            return;
        };
        if session.decided_seq >= session.applied_seq {
            return;
        }
        let undecided = session.cache.lines_after(session.decided_seq).await;
        for row in undecided.unwrap_or_default() {
            session.hold_back(row.message);
        }
    }

    /// Shows what was missed, when all of it has come: few toasts one by one, many as a summary.
    pub(super) async fn toast_what_was_missed(&mut self, now: Instant) {
        let Stage::In(session) = &mut self.stage else {
            return;
        };
        if session.toast_missed_at.is_none_or(|at| at > now) {
            return;
        }
        session.toast_missed_at = None;
        session.missed_since = None;
        let missed = std::mem::take(&mut session.missed);
        let rows = rows_of(session, &missed).await;
        let row = |line: &Message| rows.get(&line.conversation_id);
        let mut unread = missed;
        unread.retain(|line| self.judge(line, row(line), true) == Verdict::Toast);
        match notify::caught_up(&unread) {
            CaughtUp::Each(lines) => {
                for line in lines {
                    self.toast_line(line, row(line));
                }
            }
            CaughtUp::Summary {
                messages,
                conversations,
            } => {
                self.show_toast(toast::summary(messages, &conversations, &self.texts));
            }
        }
        self.remember_decided().await;
    }

    /// What was unread before the lists were loaded anew; none on the first load.
    pub(super) async fn unread_counts(&mut self) -> Option<BTreeMap<ConversationId, u32>> {
        let Stage::In(session) = &mut self.stage else {
            return None;
        };
        session.cache.position().await.ok()?.cursor?;
        counts(session).await
    }

    /// What became unread while the lists could not be followed is one summary.
    pub(super) async fn toast_after_loading_anew(
        &mut self,
        before: Option<BTreeMap<ConversationId, u32>>,
    ) {
        let toasts_on = self.settings.switch(&table::TOASTS);
        let Stage::In(session) = &mut self.stage else {
            return;
        };
        let (Some(before), Some(after), true) = (before, counts(session).await, toasts_on) else {
            return;
        };
        let more: Vec<(ConversationId, u32)> = after
            .into_iter()
            .map(|(id, count)| {
                (
                    id,
                    count.saturating_sub(before.get(&id).copied().unwrap_or(0)),
                )
            })
            .filter(|(_, count)| *count > 0)
            .collect();
        let messages = more.iter().map(|(_, count)| count).sum();
        if messages > 0 {
            let conversations: Vec<_> = more.into_iter().map(|(id, _)| id).collect();
            self.show_toast(toast::summary(messages, &conversations, &self.texts));
        }
    }

    /// A toast of a chat that has been read goes away; the summary goes with the last.
    pub(super) async fn take_read_toasts_away(
        &mut self,
        read: impl Iterator<Item = ConversationId>,
    ) {
        let mut any = false;
        for id in read {
            any = true;
            let Stage::In(session) = &mut self.stage else {
                return;
            };
            let row = session.cache.conversation(id).await.ok().flatten();
            if row.is_none_or(|row| row.unread_count == 0) {
                self.take_away(ToastTag::Conversation(id));
            }
        }
        let Stage::In(session) = &mut self.stage else {
            return;
        };
        if any
            && session
                .cache
                .unread()
                .await
                .is_ok_and(|(count, _)| count == 0)
        {
            self.take_away(ToastTag::Summary);
        }
    }

    fn take_away(&mut self, tag: ToastTag) {
        if let Stage::In(session) = &mut self.stage {
            session.toasts.remove(&tag);
        }
        self.ports.shell.remove_toast(tag);
    }
}

impl Session {
    fn hold_back(&mut self, line: Message) {
        let now = Instant::now();
        let since = *self.missed_since.get_or_insert(now);
        self.toast_missed_at = Some((now + CAUGHT_UP).min(since + LONGEST_CATCH_UP));
        self.missed.push(line);
    }
}

/// The conversations of these lines, as far as they are known.
async fn rows_of(
    session: &mut Session,
    lines: &[Message],
) -> BTreeMap<ConversationId, ConversationRow> {
    let mut rows = BTreeMap::new();
    for id in lines.iter().map(|line| line.conversation_id) {
        if !rows.contains_key(&id)
            && let Ok(Some(row)) = session.cache.conversation(id).await
        {
            rows.insert(id, row);
        }
    }
    rows
}

async fn counts(session: &mut Session) -> Option<BTreeMap<ConversationId, u32>> {
    let mut counts = BTreeMap::new();
    for id in session.cache.unread_ids().await.ok()? {
        let row = session.cache.conversation(id).await.ok()??;
        counts.insert(id, row.unread_count);
    }
    Some(counts)
}
