//! Which technicians look at which conversation.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use deskbell_protocol::{AccountId, ConversationId, Person};

use super::listener::ListenerId;

/// Which technicians look at which conversation, by socket.
#[derive(Debug, Default)]
pub struct Presence {
    looking: Mutex<HashMap<ListenerId, (ConversationId, Person)>>,
}

impl Presence {
    fn looking(&self) -> MutexGuard<'_, HashMap<ListenerId, (ConversationId, Person)>> {
        self.looking.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The technician at this socket looks at this conversation, or at none. Returns those
    /// conversations whose onlookers are different now.
    pub fn look(
        &self,
        socket: ListenerId,
        person: &Person,
        conversation: Option<ConversationId>,
    ) -> Vec<ConversationId> {
        let mut looking = self.looking();
        let before = match conversation {
            Some(id) => looking.insert(socket, (id, person.clone())),
            None => looking.remove(&socket),
        };
        let before = before.map(|(id, _)| id);
        if before == conversation {
            return Vec::new();
        }
        before.into_iter().chain(conversation).collect()
    }

    /// Everyone who looks at the conversation, each once, by name.
    pub fn onlookers(&self, conversation: ConversationId) -> Vec<Person> {
        let looking = self.looking();
        let people = looking.values().filter(|(id, _)| *id == conversation);
        let mut people: Vec<Person> = people.map(|(_, person)| person.clone()).collect();
        people.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
        people.dedup_by_key(|person| person.id);
        people
    }

    /// Whether the account looks at the conversation.
    pub fn is_looking(&self, account: AccountId, conversation: ConversationId) -> bool {
        let looking = self.looking();
        looking
            .values()
            .any(|(id, person)| *id == conversation && person.id == account)
    }

    /// Every conversation that somebody looks at.
    pub fn looked_at(&self) -> Vec<ConversationId> {
        let mut ids: Vec<ConversationId> = self.looking().values().map(|(id, _)| *id).collect();
        ids.sort();
        ids.dedup();
        ids
    }
}

#[cfg(test)]
mod tests {
    use deskbell_protocol::Role;
    use uuid::Uuid;

    use super::*;

    fn person(n: u128) -> Person {
        Person {
            id: AccountId(Uuid::from_u128(n)),
            name: format!("Person {n}"),
            role: Role::Technician,
        }
    }

    #[test]
    fn one_who_looks_through_two_windows_is_named_once() {
        let presence = Presence::default();
        let chat = ConversationId(Uuid::from_u128(7));
        assert_eq!(presence.look(1, &person(1), Some(chat)), [chat]);
        assert_eq!(
            presence.look(1, &person(1), Some(chat)),
            [],
            "nothing is different"
        );
        presence.look(2, &person(1), Some(chat));
        presence.look(3, &person(2), Some(chat));
        assert_eq!(presence.onlookers(chat), [person(1), person(2)]);
        presence.look(3, &person(2), None);
        assert_eq!(presence.onlookers(chat), [person(1)]);
        assert_eq!(presence.looked_at(), [chat]);
    }

    #[test]
    fn going_from_one_conversation_to_another_changes_both() {
        let presence = Presence::default();
        let (a, b) = (
            ConversationId(Uuid::from_u128(1)),
            ConversationId(Uuid::from_u128(2)),
        );
        presence.look(1, &person(1), Some(a));
        assert_eq!(presence.look(1, &person(1), Some(b)), [a, b]);
        assert!(presence.is_looking(person(1).id, b));
        assert!(!presence.is_looking(person(1).id, a));
    }
}
