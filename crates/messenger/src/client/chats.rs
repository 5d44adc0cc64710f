//! Chats: opened from the cache at once where it is enough, with older lines from the server.

use deskbell_protocol::{ConversationId, ErrorCode, Message, MessageId, Page};

use super::Core;
use crate::api::ApiError;
use crate::api::error::failure;
use crate::command::Answer;
use crate::input::{Back, HistoryWish, Reply};
use crate::store::chats::PAGE;
use crate::store::rows::{ConversationRow, MessageRow};
use crate::store::unsent::{OutboxItem, OutboxState};
use crate::view::{ChatView, ClientFailure, Failure, FailureCode, MessagePage, WindowEvent};
use crate::views;

impl Core {
    pub(super) async fn open_chat(&mut self, id: ConversationId, reply: Reply) {
        self.window.looking_at = Some(id);
        let server = self.authorized();
        let row = match self.session() {
            Ok(session) => session.cache.conversation(id).await.ok().flatten(),
            Err(error) => return drop(reply.send(Err(error))),
        };
        let enough = match &row {
            Some(row) => row.history_complete || self.has_a_page(id).await,
            None => self
                .outbox()
                .iter()
                .any(|item| item.conversation_id == id && item.request),
        };
        let Some(server) = server.filter(|_| !enough) else {
            let answer = self.chat(id).await;
            return drop(reply.send(answer));
        };
        self.call(async move {
            let mut wish = HistoryWish {
                id,
                before: None,
                item: None,
                reply,
            };
            if row.is_none() {
                match server.conversation(id).await {
                    Ok(item) => wish.item = Some(Box::new(item)),
                    Err(error) => return Back::History(wish, Err(error)),
                }
            }
            Back::History(wish, server.messages(id, None).await)
        });
    }

    async fn has_a_page(&mut self, id: ConversationId) -> bool {
        match self.session() {
            Ok(session) => session
                .cache
                .lines(id, None)
                .await
                .is_ok_and(|lines| lines.len() >= PAGE),
            Err(_) => false,
        }
    }

    pub(super) async fn older(&mut self, id: ConversationId, before: u64, reply: Reply) {
        let server = self.authorized();
        let Ok(session) = self.session() else {
            return drop(reply.send(Err(ClientFailure::NotNow.into())));
        };
        let row = session.cache.conversation(id).await.ok().flatten();
        let lines = session
            .cache
            .lines(id, Some(before))
            .await
            .unwrap_or_default();
        let complete = row.is_none_or(|row| row.history_complete);
        match server {
            _ if complete || lines.len() >= PAGE => {
                let page = message_page(&lines, !complete || lines.len() >= PAGE);
                drop(reply.send(Ok(Answer::Messages(page))));
            }
            Some(server) => {
                let wish = HistoryWish {
                    id,
                    before: Some(before),
                    item: None,
                    reply,
                };
                self.call(
                    async move { Back::History(wish, server.messages(id, Some(before)).await) },
                );
            }
            None if lines.is_empty() => drop(reply.send(Err(self.why_unheard()))),
            None => drop(reply.send(Ok(Answer::Messages(message_page(&lines, true))))),
        }
    }

    /// A page of a chat has come.
    pub(super) async fn history_came(
        &mut self,
        wish: HistoryWish,
        page: Result<Page<Message>, ApiError>,
    ) {
        let HistoryWish {
            id,
            before,
            item,
            reply,
        } = wish;
        if let Err(error) = self.store_history(id, before, item.as_deref(), page).await {
            if self.check_session(&error).await {
                return;
            }
            // What is cached is better than nothing.
            let answer = match before {
                None => self.chat(id).await.map_err(|_| error.failure()),
                Some(_) => Err(error.failure()),
            };
            return drop(reply.send(answer));
        }
        let answer = match before {
            None => self.chat(id).await,
            Some(before) => self.lines_before(id, before).await,
        };
        self.shown.unread_changed = true;
        let _ = reply.send(answer);
    }

    async fn store_history(
        &mut self,
        id: ConversationId,
        before: Option<u64>,
        item: Option<&deskbell_protocol::ConversationItem>,
        page: Result<Page<Message>, ApiError>,
    ) -> Result<(), ApiError> {
        let page = page?;
        let Ok(session) = self.session() else {
            return Ok(());
        };
        let me = session.account();
        if let Some(item) = item
            && let Err(error) = session.cache.save_item(me, item).await
        {
            self.store_failed(error).await;
            return Ok(());
        }
        let Ok(session) = self.session() else {
            return Ok(());
        };
        if let Err(error) = session.cache.add_history(me, id, before, &page).await {
            self.store_failed(error).await;
            return Ok(());
        }
        let brought: Vec<_> = page.items.iter().map(|line| line.id).collect();
        self.forget_items(&brought).await;
        Ok(())
    }

    async fn lines_before(&mut self, id: ConversationId, before: u64) -> Result<Answer, Failure> {
        let session = self.session()?;
        let lines = session
            .cache
            .lines(id, Some(before))
            .await
            .map_err(|_| ClientFailure::CannotStore)?;
        let row = session.cache.conversation(id).await.ok().flatten();
        let complete = row.is_some_and(|row| row.history_complete);
        Ok(Answer::Messages(message_page(
            &lines,
            !complete || lines.len() >= PAGE,
        )))
    }

    async fn chat(&mut self, id: ConversationId) -> Result<Answer, Failure> {
        let waiting: Vec<OutboxItem> = self
            .outbox()
            .iter()
            .filter(|item| item.conversation_id == id)
            .cloned()
            .collect();
        let request = waiting.iter().find(|item| item.request);
        let device = self
            .device_name(request.and_then(|item| item.device_id))
            .await;
        let unheard = self.why_unheard();
        let heard = self.link.proven.is_some();
        let session = self.session()?;
        let row = session.cache.conversation(id).await.ok().flatten();
        let conversation = match (&row, request) {
            (Some(row), _) => views::conversation(row, &waiting),
            (None, Some(request)) => views::request(request, device),
            (None, None) if heard => return Err(failure(FailureCode::Server(ErrorCode::NotFound))),
            (None, None) => return Err(unheard),
        };
        let lines = session.cache.lines(id, None).await.unwrap_or_default();
        let draft = session.unsent.draft(Some(id)).await.unwrap_or_default();
        let first_unread = session.cache.first_unread(id).await.ok().flatten();
        let more = row.is_some_and(|row| !row.history_complete) || lines.len() >= PAGE;
        let name = session.name();
        let stored = lines.iter().map(views::message);
        let unsent = waiting
            .iter()
            .filter(|item| !lines.iter().any(|line| line.message.id == item.id))
            .map(|item| views::unsent(item, name));
        let messages = stored.chain(unsent).collect();
        Ok(Answer::Chat(Box::new(ChatView {
            conversation,
            messages,
            more,
            first_unread,
            draft,
        })))
    }

    pub(super) async fn mark_read(&mut self, id: ConversationId) -> Result<(), Failure> {
        // Nobody reads behind a locked screen; the page asks again when it is unlocked.
        if self.window.locked {
            return Ok(());
        }
        let session = self.session()?;
        let marked = session.cache.mark_read(id).await;
        let news = marked
            .map_err(|_| Failure::from(ClientFailure::CannotStore))?
            .is_some();
        self.take_read_toasts_away(std::iter::once(id)).await;
        if news {
            self.shown.unread_changed = true;
            self.show_conversation(id).await;
            self.tell_next_read().await;
        }
        Ok(())
    }

    /// Tells the window of a conversation as it is now.
    pub(super) async fn show_conversation(&mut self, id: ConversationId) {
        if !self.window.open {
            return;
        }
        let Ok(session) = self.session() else { return };
        let row: Option<ConversationRow> = session.cache.conversation(id).await.ok().flatten();
        if let Some(row) = row {
            self.show_row(&row);
        }
    }

    /// Tells the window of a conversation that has just been read from the cache.
    pub(super) fn show_row(&mut self, row: &ConversationRow) {
        let Ok(session) = self.session() else { return };
        let conversation = Box::new(views::conversation(row, &session.outbox));
        self.tell(WindowEvent::ConversationChanged { conversation });
    }

    /// Tells the window of a line as it is now.
    pub(super) async fn show_line(&mut self, id: MessageId) {
        let Ok(session) = self.session() else { return };
        if let Ok(Some(row)) = session.cache.line(id).await {
            let message = Box::new(views::message(&row));
            self.tell(WindowEvent::MessageChanged {
                conversation_id: row.message.conversation_id,
                message,
            });
        }
    }

    /// Tells the window of something in the outbox as it is now.
    pub(super) async fn show_outbox_item(&mut self, item: &OutboxItem) {
        if !self.window.open {
            return;
        }
        let Ok(session) = self.session() else { return };
        let message = Box::new(views::unsent(item, session.name()));
        let known = session
            .cache
            .conversation(item.conversation_id)
            .await
            .is_ok_and(|row| row.is_some());
        self.tell(WindowEvent::MessageChanged {
            conversation_id: item.conversation_id,
            message,
        });
        if known {
            self.show_conversation(item.conversation_id).await;
        } else if item.request && item.state != OutboxState::Sent {
            let name = self.device_name(item.device_id).await;
            let conversation = Box::new(views::request(item, name));
            self.tell(WindowEvent::ConversationChanged { conversation });
        }
    }
}

fn message_page(lines: &[MessageRow], more: bool) -> MessagePage {
    MessagePage {
        messages: lines.iter().map(views::message).collect(),
        more,
    }
}
