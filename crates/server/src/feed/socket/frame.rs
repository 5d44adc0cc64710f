//! What a client says over the feed, and what is done about it.

use std::sync::Arc;

use deskbell_protocol::{AccountId, ClientFrame, ConversationId, ErrorCode, ServerFrame};

use super::Connection;
use super::outcome::{End, aside, viewing};
use crate::conversations::{self, Side};
use crate::feed::log::FeedId;
use crate::http::Refusal;
use crate::identity::session;
use crate::store::{self, Error};

/// Typing is told at most this often for each socket.
const TYPING_EVERY_MILLIS: u64 = 1_000;

/// Who takes part in a conversation, and whether typing is told there.
struct Parties {
    requester_id: AccountId,
    assignee_id: Option<AccountId>,
    typing: bool,
}

impl Connection {
    /// Does what the client asks, or says why not.
    pub(super) async fn obey(&mut self, frame: ClientFrame) -> Result<(), End> {
        let done = match frame {
            ClientFrame::Received { seq } => self.received(seq).await,
            ClientFrame::Typing { conversation_id } => self.typing(conversation_id).await,
            ClientFrame::Viewing { conversation_id } => self.viewing(conversation_id).await,
            ClientFrame::Hello { .. } => Ok(()),
        };
        match done {
            Ok(()) => Ok(()),
            Err(refusal) => self.refuse(&refusal).await,
        }
    }

    async fn received(&mut self, seq: u64) -> Result<(), Refusal> {
        Ok(conversations::mark_received(&self.app, self.listener.reader, seq).await?)
    }

    async fn typing(&mut self, id: ConversationId) -> Result<(), Refusal> {
        let inner = Arc::clone(&self.app.feed.inner);
        if !self
            .listener
            .may_type(inner.steady_millis(), TYPING_EVERY_MILLIS)
        {
            return Ok(());
        }
        self.a_person_acts().await;
        let parties = self.parties(id).await?.ok_or_else(Refusal::not_found)?;
        let person = self.listener.person.clone();
        let Some(frame) = aside(&ServerFrame::Typing {
            conversation_id: id,
            person,
        }) else {
            return Ok(());
        };
        let told = parties.typing && !self.listener.is_closing();
        match self.listener.reader.side {
            Side::Requester if told => {
                inner
                    .hub
                    .tell(FeedId::Technicians, &frame, &inner.settings, |listener| {
                        let account = listener.reader.account_id;
                        parties.assignee_id == Some(account)
                            || inner.presence.is_looking(account, id)
                    });
            }
            Side::Technician if told && parties.assignee_id == Some(self.listener.person.id) => {
                let feed = FeedId::Requester(parties.requester_id);
                inner.hub.tell(feed, &frame, &inner.settings, |_| true);
            }
            _ => {}
        }
        Ok(())
    }

    async fn viewing(&mut self, id: Option<ConversationId>) -> Result<(), Refusal> {
        if self.listener.reader.side == Side::Requester {
            return Err(Refusal::new(
                ErrorCode::Forbidden,
                "Your role does not allow this.",
            ));
        }
        self.a_person_acts().await;
        if let Some(id) = id
            && self.parties(id).await?.is_none()
        {
            return Err(Refusal::not_found());
        }
        let inner = &self.app.feed.inner;
        for id in inner
            .presence
            .look(self.listener.id, &self.listener.person, id)
        {
            if let Some(frame) = viewing(inner, id) {
                inner
                    .hub
                    .tell(FeedId::Technicians, &frame, &inner.settings, |_| true);
            }
        }
        Ok(())
    }

    /// A technician's session lives from what a person does, not from an open window.
    async fn a_person_acts(&mut self) {
        let now = self.app.clock.now();
        let found = session::by_id(&self.app.store, self.listener.session_id, now).await;
        if let Ok(Ok(session)) = found {
            self.used(&session).await;
        }
    }

    async fn parties(&mut self, id: ConversationId) -> Result<Option<Parties>, Error> {
        let row: Option<(String, Option<String>, i64)> = sqlx::query_as(
            "SELECT c.requester_id, c.assignee_id, o.typing
             FROM conversation c JOIN organization o ON o.id = c.organization_id
             WHERE c.id = $1 AND ($2 = '' OR c.requester_id = $2)",
        )
        .bind(id.text())
        .bind(self.listener.reader.own_only())
        .fetch_optional(self.app.store.read())
        .await?;
        let Some((requester_id, assignee_id, typing)) = row else {
            return Ok(None);
        };
        Ok(Some(Parties {
            requester_id: store::id(&requester_id)?,
            assignee_id: store::optional_id(assignee_id.as_deref())?,
            typing: typing == 1,
        }))
    }
}
