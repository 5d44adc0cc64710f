//! What a client says over the feed, and what is done about it.

use std::sync::Arc;

use deskbell_protocol::{ClientFrame, ConversationId, ErrorCode};

use super::Connection;
use super::outcome::End;
use crate::bus::Note;
use crate::conversations::{self, Side};
use crate::feed::typing::{self, Parties};
use crate::identity::session;
use crate::refusal::Refusal;
use crate::store::Error;

/// Typing is told at most this often for each socket.
const TYPING_EVERY_MILLIS: u64 = 1_000;

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
        let person = &self.listener.person;
        if !self.listener.is_closing() && typing::tell(&inner, &parties, id, person) {
            inner.bus.say(Note::Typing(id, person.id));
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
        if !self.listener.is_first_view() {
            self.a_person_acts().await;
        }
        if let Some(id) = id
            && self.parties(id).await?.is_none()
        {
            return Err(Refusal::not_found());
        }
        self.app.feed.inner.look(&self.listener, id);
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
        let own_only = self.listener.reader.own_only();
        typing::parties(&self.app.store, id, own_only).await
    }
}
