//! What was written into toasts. It goes through the outbox like any message.

use deskbell_protocol::ConversationId;

use super::sending::Sending;
use super::{Core, Stage};
use crate::view::Route;

impl Core {
    /// A toast was answered, perhaps hours after it came.
    pub(super) async fn toast_replied(&mut self, id: ConversationId, text: String) {
        match &self.stage {
            Stage::Starting { .. } => self.replies.push((id, text)),
            Stage::In(_) => self.send_reply(id, text).await,
            Stage::Out { .. } | Stage::Proving(_) => {
                self.replies.push((id, text));
                self.navigate(Route::Conversation { id });
            }
        }
    }

    /// The keyring has answered: what was written before that is dealt with now.
    pub(super) async fn take_up_early_replies(&mut self) {
        for (id, text) in std::mem::take(&mut self.replies) {
            self.toast_replied(id, text).await;
        }
    }

    async fn send_reply(&mut self, id: ConversationId, text: String) {
        let sent = self.enqueue(Sending::Message(id), text.clone()).await;
        if let Err(failure) = sent {
            tracing::warn!(conversation = %id, code = ?failure.code, "an answer from a toast is not sent");
            self.keep_as_draft(id, &text).await;
            self.navigate(Route::Conversation { id });
        }
    }

    /// Somebody has signed in by hand. It may be somebody else: they look at it before it is sent.
    pub(super) async fn keep_replies_as_drafts(&mut self) {
        for (id, text) in std::mem::take(&mut self.replies) {
            self.keep_as_draft(id, &text).await;
        }
    }

    /// Behind what was typed there already.
    async fn keep_as_draft(&mut self, id: ConversationId, text: &str) {
        let Stage::In(session) = &mut self.stage else {
            return;
        };
        let typed = session.unsent.draft(Some(id)).await.unwrap_or_default();
        let draft = [typed.as_str(), text].join("\n");
        if let Err(error) = session.unsent.save_draft(Some(id), draft.trim()).await {
            tracing::error!(%error, "an answer from a toast is lost");
        }
    }
}
