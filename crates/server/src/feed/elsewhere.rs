//! What this server knows of the others that share its database: which of them live, and their
//! sockets as far as the limit for each account needs them.
//!
//! A server learns only of sockets that open elsewhere while an account has one here. That is enough:
//! whoever holds the oldest socket hears of every newer one, and lets it go.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use deskbell_protocol::AccountId;

use super::listener::ListenerId;
use crate::bus::{NodeId, RemoteSocket};

/// The other servers.
#[derive(Debug, Default)]
pub struct Elsewhere {
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    sockets: HashMap<AccountId, Vec<RemoteSocket>>,
    heard_at: HashMap<NodeId, u64>,
}

impl Elsewhere {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A socket was opened there.
    pub fn opened(&self, socket: RemoteSocket) {
        let mut known = self.known();
        let sockets = known.sockets.entry(socket.account).or_default();
        if !sockets.contains(&socket) {
            sockets.push(socket);
        }
    }

    /// A socket was closed there.
    pub fn closed(&self, socket: RemoteSocket) {
        let mut known = self.known();
        if let Some(sockets) = known.sockets.get_mut(&socket.account) {
            sockets.retain(|other| *other != socket);
        }
    }

    /// The names of the account's sockets elsewhere.
    pub fn of(&self, account: AccountId) -> Vec<ListenerId> {
        let known = self.known();
        let sockets = known.sockets.get(&account).into_iter().flatten();
        sockets.map(|socket| socket.number).collect()
    }

    /// The account has no socket here any more.
    pub fn forget(&self, account: AccountId) {
        self.known().sockets.remove(&account);
    }

    /// A server gave a sign of life; `now` is in milliseconds of our steady clock.
    pub fn heard(&self, node: NodeId, now: u64) {
        self.known().heard_at.insert(node, now);
    }

    /// The servers that have been silent for so many milliseconds; what is known of them is forgotten.
    pub fn silent(&self, now: u64, millis: u64) -> Vec<NodeId> {
        let mut known = self.known();
        let heard_at = &known.heard_at;
        let is_silent = |node: &NodeId| {
            heard_at
                .get(node)
                .is_none_or(|at| now.saturating_sub(*at) >= millis)
        };
        let silent: Vec<NodeId> = heard_at.keys().copied().filter(is_silent).collect();
        for node in &silent {
            known.heard_at.remove(node);
        }
        for sockets in known.sockets.values_mut() {
            sockets.retain(|socket| !silent.contains(&socket.node));
        }
        silent
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn socket(node: u128, number: u64) -> RemoteSocket {
        RemoteSocket {
            node: Uuid::from_u128(node),
            account: AccountId(Uuid::from_u128(1)),
            number,
        }
    }

    #[test]
    fn a_server_that_fell_silent_has_no_sockets_any_more() {
        let elsewhere = Elsewhere::default();
        let account = socket(1, 1).account;
        for node in [1, 2] {
            elsewhere.heard(Uuid::from_u128(node), 1_000);
            elsewhere.opened(socket(node, 10 + u64::try_from(node).unwrap()));
        }
        elsewhere.opened(socket(1, 11));
        assert_eq!(elsewhere.of(account), [11, 12], "each counts once");
        elsewhere.heard(Uuid::from_u128(2), 30_000);
        assert_eq!(elsewhere.silent(31_000, 30_000), [Uuid::from_u128(1)]);
        assert_eq!(elsewhere.of(account), [12]);
        let told_again = elsewhere.silent(31_000, 30_000);
        assert!(told_again.is_empty(), "it is told once");
        elsewhere.closed(socket(2, 12));
        assert!(elsewhere.of(account).is_empty());
    }
}
