//! What servers say to each other, and how it is written: subjects and lists of ids, no text.

use deskbell_protocol::{AccountId, ConversationId};
use uuid::Uuid;

use crate::event_log::FeedId;

/// Names a running server among those that share its database; another one after each start.
pub type NodeId = Uuid;

/// An open socket of another server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RemoteSocket {
    /// Where it is open.
    pub node: NodeId,
    /// Whose it is.
    pub account: AccountId,
    /// Its name there; one that was opened later has a greater one.
    pub number: u64,
}

/// What a server says to the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// Something was appended to this feed.
    Appended(FeedId),
    /// This person types in this conversation.
    Typing(ConversationId, AccountId),
    /// Everyone who looks at a conversation there; also a sign of life.
    Looking(NodeId, Vec<(ConversationId, AccountId)>),
    /// A socket was opened.
    Opened(RemoteSocket),
    /// A socket is closed.
    Gone(RemoteSocket),
}

impl Note {
    /// The subject, after the prefix that servers of one database share.
    #[must_use]
    pub fn subject(&self) -> String {
        let socket = |word: &str, socket: &RemoteSocket| {
            let RemoteSocket {
                node,
                account,
                number,
            } = socket;
            format!("{word}.{node}.{account}.{number}")
        };
        match self {
            Self::Appended(feed) => format!("feed.{feed}"),
            Self::Typing(conversation, account) => format!("typing.{conversation}.{account}"),
            Self::Looking(node, _) => format!("looking.{node}"),
            Self::Opened(opened) => socket("opened", opened),
            Self::Gone(gone) => socket("gone", gone),
        }
    }

    /// What goes with the subject: pairs of ids, a line for each.
    #[must_use]
    pub fn payload(&self) -> String {
        let Self::Looking(_, looking) = self else {
            return String::new();
        };
        let line = |(conversation, account): &(ConversationId, AccountId)| {
            format!("{conversation} {account}\n")
        };
        looking.iter().map(line).collect()
    }

    /// Reads a note; nothing for whatever is none.
    #[must_use]
    pub fn read(subject: &str, payload: &[u8]) -> Option<Self> {
        let tokens: Vec<&str> = subject.split('.').collect();
        match tokens.as_slice() {
            ["feed", feed] => Some(Self::Appended(feed.parse().ok()?)),
            ["typing", conversation, account] => Some(Self::Typing(
                conversation.parse().ok()?,
                account.parse().ok()?,
            )),
            ["looking", node] => Some(Self::Looking(node.parse().ok()?, pairs(payload)?)),
            ["opened", rest @ ..] => Some(Self::Opened(socket(rest)?)),
            ["gone", rest @ ..] => Some(Self::Gone(socket(rest)?)),
            _ => None,
        }
    }
}

fn socket(tokens: &[&str]) -> Option<RemoteSocket> {
    let [node, account, number] = tokens else {
        return None;
    };
    Some(RemoteSocket {
        node: node.parse().ok()?,
        account: account.parse().ok()?,
        number: number.parse().ok()?,
    })
}

fn pairs(payload: &[u8]) -> Option<Vec<(ConversationId, AccountId)>> {
    let pair = |line: &str| {
        let (conversation, account) = line.split_once(' ')?;
        Some((conversation.parse().ok()?, account.parse().ok()?))
    };
    std::str::from_utf8(payload)
        .ok()?
        .lines()
        .map(pair)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids() -> (ConversationId, AccountId, NodeId) {
        (
            ConversationId(Uuid::from_u128(1)),
            AccountId(Uuid::from_u128(2)),
            Uuid::from_u128(3),
        )
    }

    #[test]
    fn what_one_server_says_another_reads() {
        let (conversation, account, node) = ids();
        let socket = RemoteSocket {
            node,
            account,
            number: 9,
        };
        for note in [
            Note::Appended(FeedId::Technicians),
            Note::Appended(FeedId::Revocations),
            Note::Appended(FeedId::Requester(account)),
            Note::Typing(conversation, account),
            Note::Looking(node, vec![(conversation, account), (conversation, account)]),
            Note::Looking(node, Vec::new()),
            Note::Opened(socket),
            Note::Gone(socket),
        ] {
            let read = Note::read(&note.subject(), note.payload().as_bytes());
            assert_eq!(read, Some(note));
        }
    }

    /// MULTI-05.
    #[test]
    fn what_is_no_note_is_not_read() {
        let id = Uuid::from_u128(1);
        for subject in [
            "",
            "feed",
            "feed.",
            "feed.nobody",
            "feed.technicians.x",
            "typing.x.y",
            "looking.x",
            "opened.x.y.1",
            "shutdown",
            &format!("opened.{id}.{id}.-1"),
            &format!("typing.{id}"),
        ] {
            assert_eq!(Note::read(subject, b""), None, "{subject}");
        }
        for payload in ["x", "\n", "a b", &format!("{id}"), "\u{fffd}"] {
            let subject = format!("looking.{id}");
            assert_eq!(Note::read(&subject, payload.as_bytes()), None, "{payload}");
        }
        assert_eq!(Note::read(&format!("looking.{id}"), &[0xff, 0xfe]), None);
    }
}
