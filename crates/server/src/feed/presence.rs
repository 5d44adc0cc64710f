//! Which technicians look at which conversation.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use deskbell_protocol::{AccountId, ConversationId, Person};

use super::listener::ListenerId;
use crate::bus::NodeId;

/// Somebody at a conversation.
pub type Look = (ConversationId, Person);

/// Which technicians look at which conversation.
#[derive(Debug, Default)]
pub struct Presence {
    looking: Mutex<Looking>,
}

#[derive(Debug, Default)]
struct Looking {
    /// At this server, by socket.
    here: HashMap<ListenerId, Look>,
    /// At others.
    elsewhere: HashMap<NodeId, Vec<Look>>,
}

impl Looking {
    fn all(&self) -> impl Iterator<Item = &Look> {
        self.here.values().chain(self.elsewhere.values().flatten())
    }
}

impl Presence {
    fn looking(&self) -> MutexGuard<'_, Looking> {
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
            Some(id) => looking.here.insert(socket, (id, person.clone())),
            None => looking.here.remove(&socket),
        };
        let before = before.map(|(id, _)| id);
        if before == conversation {
            return Vec::new();
        }
        before.into_iter().chain(conversation).collect()
    }

    /// These look at conversations at another server, and nobody else there. Returns those
    /// conversations whose onlookers are different now.
    pub fn look_elsewhere(&self, node: NodeId, looks: Vec<Look>) -> Vec<ConversationId> {
        let mut looking = self.looking();
        let before = looking.elsewhere.remove(&node).unwrap_or_default();
        let changed = |(one, other): (&[Look], &[Look])| {
            let lacking = one.iter().filter(|look| !other.contains(look));
            lacking.map(|(id, _)| *id).collect::<Vec<_>>()
        };
        let mut ids = changed((&before, &looks));
        ids.extend(changed((&looks, &before)));
        ids.sort();
        ids.dedup();
        if !looks.is_empty() {
            looking.elsewhere.insert(node, looks);
        }
        ids
    }

    /// Who looks at what at this other server.
    pub fn at(&self, node: NodeId) -> Vec<Look> {
        let looking = self.looking();
        looking.elsewhere.get(&node).cloned().unwrap_or_default()
    }

    /// Who looks at what at this server.
    pub fn here(&self) -> Vec<(ConversationId, AccountId)> {
        let looking = self.looking();
        let here = looking.here.values();
        let mut here: Vec<_> = here.map(|(id, person)| (*id, person.id)).collect();
        here.sort();
        here.dedup();
        here
    }

    /// Everyone who looks at the conversation, each once, by name.
    pub fn onlookers(&self, conversation: ConversationId) -> Vec<Person> {
        let looking = self.looking();
        let people = looking.all().filter(|(id, _)| *id == conversation);
        let mut people: Vec<Person> = people.map(|(_, person)| person.clone()).collect();
        people.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
        people.dedup_by_key(|person| person.id);
        people
    }

    /// Whether the account looks at the conversation.
    pub fn is_looking(&self, account: AccountId, conversation: ConversationId) -> bool {
        let looking = self.looking();
        looking
            .all()
            .any(|(id, person)| *id == conversation && person.id == account)
    }

    /// Every conversation that somebody looks at.
    pub fn looked_at(&self) -> Vec<ConversationId> {
        let mut ids: Vec<ConversationId> = self.looking().all().map(|(id, _)| *id).collect();
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
    fn who_looks_on_from_another_server_is_named_too() {
        let presence = Presence::default();
        let chat = ConversationId(Uuid::from_u128(7));
        let node = Uuid::from_u128(99);
        presence.look(1, &person(1), Some(chat));
        let looks = vec![(chat, person(2))];
        assert_eq!(presence.look_elsewhere(node, looks.clone()), [chat]);
        assert_eq!(
            presence.look_elsewhere(node, looks),
            [],
            "nothing is different"
        );
        assert_eq!(presence.onlookers(chat), [person(1), person(2)]);
        assert_eq!(presence.here(), [(chat, person(1).id)]);
        assert_eq!(presence.look_elsewhere(node, Vec::new()), [chat]);
        assert_eq!(presence.onlookers(chat), [person(1)]);
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
