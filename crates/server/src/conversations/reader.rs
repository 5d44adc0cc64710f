//! Who reads or writes, and which half of the conversation that makes them.

use deskbell_protocol::{AccountId, Role};

use crate::event_log::FeedId;
use crate::identity::session::Session;

/// One of the two halves of a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The one who asked.
    Requester,
    /// Those who answer.
    Technician,
}

impl Side {
    /// The name it is stored under.
    #[must_use]
    pub fn stored(self) -> &'static str {
        match self {
            Self::Requester => "requester",
            Self::Technician => "technician",
        }
    }

    /// The other half.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Requester => Self::Technician,
            Self::Technician => Self::Requester,
        }
    }
}

/// Who asks: decides what exists for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reader {
    /// Whose account.
    pub account_id: AccountId,
    /// Which half they are.
    pub side: Side,
}

impl Reader {
    /// The one whose session it is.
    #[must_use]
    pub fn of(session: &Session) -> Self {
        let side = match session.account.role {
            Role::Requester => Side::Requester,
            Role::Technician | Role::Admin => Side::Technician,
        };
        Self {
            account_id: session.account.id,
            side,
        }
    }

    /// The feed they hear.
    #[must_use]
    pub fn feed(self) -> FeedId {
        match self.side {
            Side::Requester => FeedId::Requester(self.account_id),
            Side::Technician => FeedId::Technicians,
        }
    }

    /// Whether a conversation of this requester exists for them.
    #[must_use]
    pub fn sees(self, requester: AccountId) -> bool {
        let own_only = self.own_only();
        own_only.is_empty() || own_only == requester.text()
    }

    /// Bound to `requester_id` in queries: the account for a requester, who sees only their own;
    /// empty for a technician, who sees all.
    #[must_use]
    pub fn own_only(self) -> String {
        match self.side {
            Side::Requester => self.account_id.text(),
            Side::Technician => String::new(),
        }
    }
}
