//! What to show a toast for: one policy, with a name for every reason to be silent.

use std::collections::BTreeSet;

use deskbell_protocol::{AccountId, ConversationId, Message, MessageKind, Timestamp, Update};

/// More messages than this, caught up at once, become one summary.
pub const MOST_SINGLE_TOASTS: usize = 3;

/// Why there is no toast.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Silence {
    /// The user wrote it.
    OwnMessage,
    /// Not meant for requesters.
    Note,
    /// An update that is no news: the ticket just asked for exists, or a newer server's.
    QuietUpdate,
    /// It was shown before.
    AlreadyToasted,
    /// It was read, here or on another client.
    AlreadyRead,
    /// The chat is on the screen of a focused window.
    LookingAtIt,
    /// The user or a policy switched toasts off.
    ToastsOff,
    /// It came while nobody was listening; a summary tells of it.
    OldNews,
}

/// What to do about one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Show it now.
    Toast,
    /// It is being caught up: decide when all has arrived.
    Later,
    /// Say nothing.
    Silent(Silence),
}

/// All the policy depends on beside the line itself.
#[derive(Debug, Clone, Copy)]
pub struct Situation {
    /// Who is signed in.
    pub me: AccountId,
    /// Lines up to here have been decided about.
    pub toasted_seq: u64,
    /// The user has read this chat up to here.
    pub read_seq: u64,
    /// The chat on the screen of a focused window.
    pub looking_at: Option<ConversationId>,
    /// Toasts are on.
    pub toasts_on: bool,
    /// Lines stored before this moment of the server's are being caught up.
    pub live_since: Option<Timestamp>,
}

/// The policy.
#[must_use]
pub fn judge(message: &Message, situation: &Situation) -> Verdict {
    if let Some(silence) = silence(message, situation) {
        return Verdict::Silent(silence);
    }
    let missed = situation
        .live_since
        .is_none_or(|since| message.created_at < since);
    if missed {
        Verdict::Later
    } else {
        Verdict::Toast
    }
}

fn silence(message: &Message, situation: &Situation) -> Option<Silence> {
    let quiet_update = match &message.update {
        Some(update) => matches!(update, Update::TicketCreated { .. } | Update::Unknown),
        None => message.kind == MessageKind::Update,
    };
    if message.kind == MessageKind::Note {
        Some(Silence::Note)
    } else if message
        .author
        .as_ref()
        .is_some_and(|author| author.id == situation.me)
    {
        Some(Silence::OwnMessage)
    } else if quiet_update {
        Some(Silence::QuietUpdate)
    } else if message.seq <= situation.toasted_seq {
        Some(Silence::AlreadyToasted)
    } else if message.seq <= situation.read_seq {
        Some(Silence::AlreadyRead)
    } else if situation.looking_at == Some(message.conversation_id) {
        Some(Silence::LookingAtIt)
    } else if situation.toasts_on {
        None
    } else {
        Some(Silence::ToastsOff)
    }
}

/// What to do about all that was caught up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CaughtUp<'a> {
    /// One by one.
    Each(Vec<&'a Message>),
    /// One summary; each line alone is [`Silence::OldNews`].
    Summary {
        /// How many lines.
        messages: u32,
        /// In which chats.
        conversations: Vec<ConversationId>,
    },
}

/// Few lines are shown one by one (the newest of each chat), many become a summary.
#[must_use]
pub fn caught_up(missed: &[Message]) -> CaughtUp<'_> {
    if missed.len() <= MOST_SINGLE_TOASTS {
        return CaughtUp::Each(newest_of_each(missed));
    }
    let conversations: BTreeSet<_> = missed.iter().map(|m| m.conversation_id).collect();
    CaughtUp::Summary {
        messages: u32::try_from(missed.len()).unwrap_or(u32::MAX),
        conversations: conversations.into_iter().collect(),
    }
}

fn newest_of_each(missed: &[Message]) -> Vec<&Message> {
    let is_newest = |i: usize, m: &Message| {
        !missed
            .iter()
            .skip(i + 1)
            .any(|later| later.conversation_id == m.conversation_id)
    };
    missed
        .iter()
        .enumerate()
        .filter(|(i, m)| is_newest(*i, m))
        .map(|(_, m)| m)
        .collect()
}
