//! Calls that have come back from the server.

use deskbell_protocol::{ConversationId, ConversationItem, Me};

use super::Core;
use crate::api::ApiError;
use crate::command::Answer;
use crate::input::{Back, Reply};

impl Core {
    pub(super) async fn back(&mut self, back: Back) {
        match back {
            Back::Server(address, reply, proven) => self.server_tried(&address, reply, proven),
            Back::Challenge(email, reply, begun) => self.challenge_begun(email, reply, begun),
            Back::CodeSent(to, reply, sent) => self.code_sent(to, reply, sent),
            Back::Verified(challenge, reply, signed_in) => {
                self.verified(challenge, reply, signed_in).await;
            }
            Back::Snapshot(number, snapshot) => self.snapshot(number, snapshot).await,
            Back::Me(me) => self.me_came(me).await,
            Back::Item(id, item) => self.item_came(id, item).await,
            Back::List(after, reply, page) => self.list_came(after, reply, page).await,
            Back::History(wish, page) => self.history_came(wish, page).await,
            Back::Sent(id, result) => self.sent(id, result).await,
            Back::ReadTold(id, seq, result) => self.read_told(id, seq, result).await,
            Back::Devices(reply, devices) => self.devices_came(reply, devices).await,
            Back::Articles(reply, articles) => self.articles_came(reply, articles).await,
            Back::Answered(reply, answer) => self.answered(reply, answer).await,
        }
    }

    async fn me_came(&mut self, me: Result<Me, ApiError>) {
        match me {
            Ok(me) => {
                self.keep("me", &me).await;
                if let Ok(session) = self.session() {
                    session.me = Some(me);
                    session.me_fresh = true;
                }
                self.shown.app_changed = true;
            }
            Err(error) => {
                self.check_session(&error).await;
            }
        }
    }

    async fn item_came(&mut self, id: ConversationId, item: Result<ConversationItem, ApiError>) {
        let item = match item {
            Ok(item) => item,
            Err(error) => {
                self.check_session(&error).await;
                return;
            }
        };
        let Ok(session) = self.session() else { return };
        let me = session.account();
        if let Err(error) = session.cache.save_item(me, &item).await {
            return self.store_failed(error).await;
        }
        self.shown.unread_changed = true;
        self.show_conversation(id).await;
    }

    async fn answered(&mut self, reply: Reply, answer: Result<Answer, ApiError>) {
        match answer {
            Ok(answer) => drop(reply.send(Ok(answer))),
            Err(error) => {
                let _ = reply.send(Err(error.failure()));
                self.check_session(&error).await;
            }
        }
    }
}
