//! How servers that share a database wake each other: names of feeds and other ids, never what
//! people wrote. Losing any of it loses nothing: the database is the truth, and every server looks
//! there by itself every few seconds.

mod nats;
mod note;
mod outbox;
mod servers;

use std::sync::Arc;

use tokio::sync::mpsc;

use nats::Nats;

pub use note::{NodeId, Note, RemoteSocket};
pub use servers::Servers;

/// Notes that may wait to be acted upon.
const HEARD: usize = 4_096;

/// Carries notes to the other servers. Cheap to clone.
#[derive(Debug, Clone)]
pub enum Bus {
    /// For the only server on its database.
    Alone,
    /// Through a NATS server.
    Nats(Arc<Nats>),
}

/// How the bus does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// There is none.
    Alone,
    /// Notes come and go.
    Up,
    /// The NATS server is not reached; it is tried again for ever.
    Down,
}

/// What came over the bus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// Another server said something.
    Note(Note),
    /// Notes may have been lost until now.
    Gap,
}

/// How many notes went which way since the start.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Said to others.
    pub sent: u64,
    /// Heard from others and understood.
    pub heard: u64,
    /// Heard, and not a note of ours.
    pub ignored: u64,
}

impl Bus {
    /// Connects in the background, for ever. Servers hear each other that have the same `epoch`, which
    /// names their database; `node` names this one.
    #[must_use]
    pub fn through(servers: Servers, epoch: &str, node: NodeId) -> (Self, mpsc::Receiver<Heard>) {
        let (heard, receiver) = mpsc::channel(HEARD);
        let nats = Nats::start(servers, epoch, node, heard);
        (Self::Nats(nats), receiver)
    }

    /// Says something to the other servers, soon, if they can be reached.
    pub fn say(&self, note: Note) {
        if let Self::Nats(nats) = self {
            nats.say(note);
        }
    }

    /// How it does.
    #[must_use]
    pub fn link(&self) -> Link {
        match self {
            Self::Alone => Link::Alone,
            Self::Nats(nats) if nats.is_up() => Link::Up,
            Self::Nats(_) => Link::Down,
        }
    }

    /// How many notes went which way since the start.
    #[must_use]
    pub fn traffic(&self) -> Traffic {
        match self {
            Self::Alone => Traffic::default(),
            Self::Nats(nats) => nats.traffic(),
        }
    }

    /// What this server is called among the others; nothing when there are none.
    #[must_use]
    pub fn node(&self) -> Option<NodeId> {
        match self {
            Self::Alone => None,
            Self::Nats(nats) => Some(nats.node()),
        }
    }

    /// Ends the connection.
    pub fn close(&self) {
        if let Self::Nats(nats) = self {
            nats.close();
        }
    }
}
