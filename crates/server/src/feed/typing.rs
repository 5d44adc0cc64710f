//! Who takes part in a conversation, and telling the other side that somebody types.

use deskbell_protocol::{AccountId, ConversationId, Person, ServerFrame};

use super::Inner;
use super::socket::aside;
use crate::event_log::FeedId;
use crate::store::{self, Error, Store};

/// Who takes part in a conversation, and whether typing is told there.
pub struct Parties {
    requester_id: AccountId,
    assignee_id: Option<AccountId>,
    typing: bool,
}

/// Who takes part in the conversation; nothing if there is none, or if it is not `requester`'s. An
/// empty `requester` stands for anyone.
///
/// # Errors
/// When the database fails.
pub async fn parties(
    store: &Store,
    id: ConversationId,
    requester: String,
) -> Result<Option<Parties>, Error> {
    let row: Option<(String, Option<String>, i64)> = sqlx::query_as(
        "SELECT c.requester_id, c.assignee_id, o.typing
         FROM conversation c JOIN organization o ON o.id = c.organization_id
         WHERE c.id = $1 AND ($2 = '' OR c.requester_id = $2)",
    )
    .bind(id.text())
    .bind(requester)
    .fetch_optional(store.read())
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

/// Tells those at this server who should know that the person types: of the requester the assignee
/// and who looks on, of the assignee the requester, of others nobody. Returns whether it may be told.
pub fn tell(inner: &Inner, parties: &Parties, id: ConversationId, person: &Person) -> bool {
    let by_requester = person.id == parties.requester_id;
    if !parties.typing || !(by_requester || parties.assignee_id == Some(person.id)) {
        return false;
    }
    let Some(frame) = aside(&ServerFrame::Typing {
        conversation_id: id,
        person: person.clone(),
    }) else {
        return false;
    };
    if by_requester {
        inner
            .hub
            .tell(FeedId::Technicians, &frame, &inner.settings, |listener| {
                let account = listener.reader.account_id;
                parties.assignee_id == Some(account) || inner.presence.is_looking(account, id)
            });
    } else {
        let feed = FeedId::Requester(parties.requester_id);
        inner.hub.tell(feed, &frame, &inner.settings, |_| true);
    }
    true
}
