//! What is sent next: in order within a conversation, a request before what is said in it, and nothing
//! behind a wait in another conversation.

use std::collections::{HashMap, HashSet};

use deskbell_protocol::ConversationId;
use tokio::time::Instant;

use crate::store::unsent::{OutboxItem, OutboxState};

/// How sending into one conversation goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lane {
    /// Tries in a row that failed.
    pub failures: u32,
    /// Not before this.
    pub not_before: Instant,
    /// The server wished so; a new connection does not shorten it.
    pub wished: bool,
}

/// The lanes that wait.
pub type Lanes = HashMap<ConversationId, Lane>;

/// The item to send now, if there is one.
#[must_use]
pub fn next<'a>(items: &'a [OutboxItem], lanes: &Lanes, now: Instant) -> Option<&'a OutboxItem> {
    let mut held = HashSet::new();
    for item in items {
        let place = item.conversation_id;
        match item.state {
            OutboxState::Failed(_) if item.request => {
                held.insert(place);
            }
            OutboxState::Waiting if !held.contains(&place) => {
                if lanes.get(&place).is_none_or(|lane| lane.not_before <= now) {
                    return Some(item);
                }
                held.insert(place);
            }
            OutboxState::Waiting | OutboxState::Sent | OutboxState::Failed(_) => {}
        }
    }
    None
}

/// When the next lane's wait is over, if one waits.
#[must_use]
pub fn next_due(items: &[OutboxItem], lanes: &Lanes) -> Option<Instant> {
    let waits = |place: &ConversationId| {
        items
            .iter()
            .any(|i| i.conversation_id == *place && i.state == OutboxState::Waiting)
    };
    lanes
        .iter()
        .filter(|(place, _)| waits(place))
        .map(|(_, lane)| lane.not_before)
        .min()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use deskbell_protocol::{ErrorCode, MessageId, Timestamp};
    use uuid::Uuid;

    use super::*;

    fn place(n: u128) -> ConversationId {
        ConversationId(Uuid::from_u128(n))
    }

    fn item(id: u128, conversation: u128, state: OutboxState) -> OutboxItem {
        OutboxItem {
            id: MessageId(Uuid::from_u128(id)),
            conversation_id: place(conversation),
            request: id == conversation,
            device_id: None,
            body: "x".into(),
            created_at: Timestamp::from_millis(0),
            state,
        }
    }

    fn chosen(items: &[OutboxItem], lanes: &Lanes, now: Instant) -> Option<u128> {
        next(items, lanes, now).map(|item| item.id.0.as_u128())
    }

    #[test]
    fn a_failed_message_does_not_hold_those_behind_it() {
        let failed = OutboxState::Failed(ErrorCode::InvalidField);
        let items = [item(10, 1, failed), item(11, 1, OutboxState::Waiting)];
        assert_eq!(chosen(&items, &Lanes::new(), Instant::now()), Some(11));
    }

    #[test]
    fn messages_wait_for_a_request_that_failed() {
        let failed = OutboxState::Failed(ErrorCode::InvalidField);
        let items = [
            item(1, 1, failed),
            item(11, 1, OutboxState::Waiting),
            item(12, 2, OutboxState::Waiting),
        ];
        assert_eq!(chosen(&items, &Lanes::new(), Instant::now()), Some(12));
    }

    #[test]
    fn a_wait_holds_its_own_conversation_only_and_keeps_its_order() {
        let now = Instant::now();
        let lane = Lane {
            failures: 1,
            not_before: now + Duration::from_secs(5),
            wished: false,
        };
        let lanes = Lanes::from([(place(1), lane)]);
        let items = [
            item(1, 1, OutboxState::Waiting),
            item(11, 1, OutboxState::Waiting),
            item(12, 2, OutboxState::Waiting),
        ];
        assert_eq!(chosen(&items, &lanes, now), Some(12));
        assert_eq!(chosen(&items[..2], &lanes, now), None);
        assert_eq!(chosen(&items[..2], &lanes, lane.not_before), Some(1));
        assert_eq!(next_due(&items, &lanes), Some(lane.not_before));
    }
}
