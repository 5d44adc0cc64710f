//! The outbox is emptied one item at a time, and the server is told what was read.

use deskbell_protocol::{
    ConversationId, CreateConversation, DeviceId, MessageId, MessageKind, SendMessage, limits,
};
use tokio::time::Instant;

use super::{Core, Stage};
use crate::api::error::Fate;
use crate::api::{ApiError, Authorized};
use crate::clock::{fraction, new_id};
use crate::failpoint;
use crate::input::Back;
use crate::outbox::{self, Lane};
use crate::reconnect;
use crate::store::unsent::{OutboxItem, OutboxState};
use crate::view::{ClientFailure, Failure, WindowEvent};

/// What the user sends.
pub(super) enum Sending {
    /// A request, perhaps about a device.
    Request(Option<DeviceId>),
    /// A message in a chat.
    Message(ConversationId),
}

impl Core {
    /// Takes something into the outbox; when this returns it is on disk.
    pub(super) async fn enqueue(
        &mut self,
        what: Sending,
        body: String,
    ) -> Result<ConversationId, Failure> {
        let now = self.now();
        let id = new_id(now, &*self.ports.entropy);
        let Stage::In(session) = &mut self.stage else {
            return Err(ClientFailure::NotNow.into());
        };
        check_text(&body)?;
        let (conversation_id, request, device_id) = match what {
            Sending::Request(device) => (ConversationId(id), true, device),
            Sending::Message(conversation) => (conversation, false, None),
        };
        let item = OutboxItem {
            id: MessageId(id),
            conversation_id,
            request,
            device_id,
            body,
            created_at: now,
            state: OutboxState::Waiting,
        };
        let stored = session.unsent.enqueue(&item).await;
        self.notices.cannot_store = stored.is_err();
        self.shown.app_changed = true;
        if let Err(error) = stored {
            tracing::error!(%error, "the outbox does not take a message");
            return Err(ClientFailure::CannotStore.into());
        }
        session.outbox.push(item.clone());
        self.show_outbox_item(&item).await;
        self.send_next();
        Ok(conversation_id)
    }

    /// Sends the next item, if the server is heard and nothing is on its way.
    pub(super) fn send_next(&mut self) {
        let server = self.authorized();
        let Stage::In(session) = &mut self.stage else {
            return;
        };
        let (Some(server), true, false) = (server, self.link.is_live(), session.sending) else {
            return;
        };
        let Some(item) = outbox::next(&session.outbox, &session.lanes, Instant::now()) else {
            return;
        };
        let item = item.clone();
        session.sending = true;
        self.call(async move { Back::Sent(item.id, send(&server, item).await) });
    }

    /// An item came back.
    pub(super) async fn sent(&mut self, id: MessageId, result: Result<(), ApiError>) {
        let Stage::In(session) = &mut self.stage else {
            return;
        };
        session.sending = false;
        if result.is_ok() {
            failpoint::reach("after-ack");
        }
        let place = session
            .outbox
            .iter()
            .find(|item| item.id == id)
            .map(|item| item.conversation_id);
        // The feed may have brought it before the answer came.
        if let Some(place) = place {
            match result.as_ref().map_err(ApiError::fate) {
                Ok(()) => {
                    session.lanes.remove(&place);
                    self.acknowledged(id).await;
                    self.link.ask_now();
                }
                Err(Fate::Again(wish)) => {
                    let chance = fraction(&*self.ports.entropy);
                    let failures = session.lanes.get(&place).map_or(0, |lane| lane.failures);
                    let not_before = Instant::now() + reconnect::delay(failures, chance, wish);
                    let lane = Lane {
                        failures: failures.saturating_add(1),
                        not_before,
                        wished: wish.is_some(),
                    };
                    session.lanes.insert(place, lane);
                }
                Err(Fate::SignInFirst(code)) => return self.session_over(code).await,
                Err(Fate::Never(code)) => {
                    tracing::warn!(message = %id, ?code, "refused for good");
                    session.lanes.remove(&place);
                    self.set_state(id, OutboxState::Failed(code)).await;
                }
            }
        }
        self.send_next();
    }

    /// The server has it. Once the feed has brought it too, the outbox is done with it.
    async fn acknowledged(&mut self, id: MessageId) {
        let Stage::In(session) = &mut self.stage else {
            return;
        };
        match session.cache.line(id).await {
            Ok(Some(_)) => self.forget_items(&[id]).await,
            _ => self.set_state(id, OutboxState::Sent).await,
        }
    }

    async fn set_state(&mut self, id: MessageId, state: OutboxState) {
        let Stage::In(session) = &mut self.stage else {
            return;
        };
        if let Err(error) = session.unsent.set_state(id, state).await {
            tracing::warn!(%error, "the outbox does not note how far a message has come");
        }
        let Some(item) = session.outbox.iter_mut().find(|item| item.id == id) else {
            return;
        };
        item.state = state;
        let item = item.clone();
        self.shown.app_changed = true;
        self.show_outbox_item(&item).await;
    }

    /// What the feed or a page has brought needs the outbox no longer.
    pub(super) async fn forget_items(&mut self, brought: &[MessageId]) {
        let Stage::In(session) = &mut self.stage else {
            return;
        };
        for id in brought {
            let Some(at) = session.outbox.iter().position(|item| item.id == *id) else {
                continue;
            };
            if session.unsent.remove(*id).await.is_ok() {
                session.outbox.remove(at);
                self.shown.app_changed = true;
            }
        }
    }

    /// After loading anew, what was sent is part of the lists.
    pub(super) async fn forget_sent_items(&mut self) {
        let Stage::In(session) = &mut self.stage else {
            return;
        };
        for item in session
            .outbox
            .iter()
            .filter(|item| item.state == OutboxState::Sent)
        {
            if let Err(error) = session.unsent.remove(item.id).await {
                tracing::warn!(%error, "the outbox keeps what was sent");
            }
        }
        session
            .outbox
            .retain(|item| item.state != OutboxState::Sent);
    }

    /// The user wants something tried again that had failed.
    pub(super) async fn retry(&mut self, id: MessageId) -> Result<(), Failure> {
        let place = self.failed_item(id)?;
        if let Stage::In(session) = &mut self.stage {
            session.lanes.remove(&place);
        }
        self.set_state(id, OutboxState::Waiting).await;
        self.send_next();
        Ok(())
    }

    /// The user gives up something that had failed; with a request go the messages behind it.
    pub(super) async fn discard(&mut self, id: MessageId) -> Result<(), Failure> {
        let place = self.failed_item(id)?;
        let Stage::In(session) = &mut self.stage else {
            return Ok(());
        };
        let request = session
            .outbox
            .iter()
            .any(|item| item.id == id && item.request);
        let gone: Vec<MessageId> = session
            .outbox
            .iter()
            .filter(|item| item.id == id || (request && item.conversation_id == place))
            .map(|item| item.id)
            .collect();
        for id in &gone {
            session
                .unsent
                .remove(*id)
                .await
                .map_err(|_| Failure::from(ClientFailure::CannotStore))?;
        }
        session.outbox.retain(|item| !gone.contains(&item.id));
        for message_id in gone {
            self.tell(WindowEvent::MessageRemoved {
                conversation_id: place,
                message_id,
            });
        }
        if request {
            self.tell(WindowEvent::ListsReset {});
        }
        self.shown.app_changed = true;
        Ok(())
    }

    fn failed_item(&self, id: MessageId) -> Result<ConversationId, Failure> {
        let Stage::In(session) = &self.stage else {
            return Err(ClientFailure::NotNow.into());
        };
        let failed =
            |item: &&OutboxItem| item.id == id && matches!(item.state, OutboxState::Failed(_));
        let item = session
            .outbox
            .iter()
            .find(failed)
            .ok_or(ClientFailure::NotNow)?;
        Ok(item.conversation_id)
    }

    /// Tells the server what was read, one chat at a time.
    pub(super) async fn tell_next_read(&mut self) {
        let server = self.authorized();
        let Stage::In(session) = &mut self.stage else {
            return;
        };
        let waiting = session
            .tell_not_before
            .is_some_and(|at| at > Instant::now());
        let (Some(server), true, false, false) =
            (server, self.link.is_live(), session.telling, waiting)
        else {
            return;
        };
        session.tell_not_before = None;
        if let Ok(Some((id, seq))) = session.cache.untold_read().await {
            session.telling = true;
            self.call(async move { Back::ReadTold(id, seq, server.mark_read(id, seq).await) });
        }
    }

    /// The server has been told, or not.
    pub(super) async fn read_told(
        &mut self,
        id: ConversationId,
        seq: u64,
        result: Result<(), ApiError>,
    ) {
        let Stage::In(session) = &mut self.stage else {
            return;
        };
        session.telling = false;
        match result.map_err(|error| error.fate()) {
            Ok(()) | Err(Fate::Never(_)) => {
                session.tell_failures = 0;
                if session.cache.told_read(id, seq).await.is_err() {
                    return;
                }
            }
            Err(Fate::Again(wish)) => {
                let chance = fraction(&*self.ports.entropy);
                let delay = reconnect::delay(session.tell_failures, chance, wish);
                session.tell_failures = session.tell_failures.saturating_add(1);
                session.tell_not_before = Some(Instant::now() + delay);
                return;
            }
            Err(Fate::SignInFirst(code)) => return self.session_over(code).await,
        }
        self.tell_next_read().await;
    }
}

async fn send(server: &Authorized, item: OutboxItem) -> Result<(), ApiError> {
    if item.request {
        let request = CreateConversation {
            id: item.conversation_id,
            description: item.body,
            device_id: item.device_id,
        };
        return server.create_conversation(&request).await;
    }
    let message = SendMessage {
        id: item.id,
        body: item.body,
        attachments: vec![],
        kind: MessageKind::Message,
    };
    server.send_message(item.conversation_id, &message).await
}

fn check_text(body: &str) -> Result<(), Failure> {
    if body.trim().is_empty() {
        return Err(ClientFailure::TextEmpty.into());
    }
    if body.len() > limits::TEXT_BYTES {
        return Err(ClientFailure::TextTooLong.into());
    }
    Ok(())
}
