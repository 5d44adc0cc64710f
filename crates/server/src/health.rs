//! Whether this server should be sent requests, and what is wrong with it.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::bus::Link;
use crate::feed::Feed;

/// Whether the server is about to end.
#[derive(Debug, Default)]
pub struct Draining(AtomicBool);

impl Draining {
    /// From now on it is.
    pub fn begin(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether it is.
    #[must_use]
    pub fn has_begun(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// What is known of the server's health, without asking anybody now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Health {
    /// The database answers.
    pub database: bool,
    /// How the bus to the other servers does.
    pub link: Link,
    /// It is about to end.
    pub is_draining: bool,
}

impl Health {
    /// How this server does.
    #[must_use]
    pub fn of(feed: &Feed, draining: &Draining) -> Self {
        Self {
            database: feed.is_database_there(),
            link: feed.link(),
            is_draining: draining.has_begun(),
        }
    }

    /// Whether it should be sent requests.
    #[must_use]
    pub fn is_ready(self) -> bool {
        self.database && !self.is_draining
    }

    /// What is wrong, in words that monitoring may look for.
    #[must_use]
    pub fn reasons(self) -> Vec<&'static str> {
        let database = (!self.database).then_some("database");
        let bus = (self.link == Link::Down).then_some("bus");
        database.into_iter().chain(bus).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WELL: Health = Health {
        database: true,
        link: Link::Up,
        is_draining: false,
    };

    #[test]
    fn a_server_without_its_bus_is_unwell_and_still_of_use() {
        let health = Health {
            link: Link::Down,
            ..WELL
        };
        assert_eq!((health.reasons(), health.is_ready()), (vec!["bus"], true));
    }

    #[test]
    fn a_server_without_its_database_or_about_to_end_is_of_no_use() {
        let alone = Health {
            link: Link::Alone,
            ..WELL
        };
        assert_eq!((alone.reasons(), alone.is_ready()), (vec![], true));
        let lost = Health {
            database: false,
            ..WELL
        };
        assert_eq!((lost.reasons(), lost.is_ready()), (vec!["database"], false));
        let ending = Health {
            is_draining: true,
            ..WELL
        };
        assert_eq!((ending.reasons(), ending.is_ready()), (vec![], false));
    }
}
