//! Who people are: sign-in, second factor, sessions and their limits.
//!
//! Known, unknown and disabled addresses run through the same statements and get the same answers;
//! only a code that is never sent tells them apart.

pub mod account;
pub mod address;
pub mod allowance;
mod bucket;
pub mod challenge;
pub mod code;
mod gate;
pub mod key;
mod new_session;
mod place;
pub mod session;
pub mod sessions;
pub mod sign_in;
pub mod sweep;
mod throttle;
pub mod totp;
pub mod verification;

use tokio::sync::Notify;

use bucket::Buckets;
use deskbell_protocol::limits::{TEXTS_AT_ONCE, TEXTS_PER_SECOND};
use deskbell_protocol::{AccountId, Timestamp};

use crate::config::Sms;
use crate::refusal::Refusal;
use key::ServerKey;

pub use new_session::{Begun, Token, begin};
pub use place::Place;

/// Calls of sign-in a place may make at once; a company behind one address needs many.
const CALLS_AT_ONCE: i64 = 600;
/// Calls of sign-in a place may make for ever.
const CALLS_PER_SECOND: i64 = 10;

/// What sign-in shares: the server's key, the rules for text messages, a bell for the postman.
pub struct Identity {
    key: ServerKey,
    text_messages: Option<TextMessages>,
    post: Notify,
    calls: Buckets,
    texts: Buckets,
}

/// Where text messages may go, and how many.
#[derive(Debug, Clone)]
pub struct TextMessages {
    /// Prefixes of the countries that are served, `+49`.
    pub countries: Vec<String>,
    /// Messages in 24 hours at most.
    pub daily_budget: i64,
}

impl TextMessages {
    /// As configured.
    #[must_use]
    pub fn from_settings(settings: &Sms) -> Self {
        Self {
            countries: settings.countries.clone(),
            daily_budget: settings.daily_budget,
        }
    }

    fn reach(&self, number: &str) -> bool {
        self.countries
            .iter()
            .any(|prefix| number.starts_with(prefix.as_str()))
    }
}

impl Identity {
    /// With this key; without `text_messages` they are switched off.
    #[must_use]
    pub fn new(key: ServerKey, text_messages: Option<TextMessages>) -> Self {
        Self {
            key,
            text_messages,
            post: Notify::new(),
            calls: Buckets::of(CALLS_AT_ONCE, CALLS_PER_SECOND),
            texts: Buckets::of(TEXTS_AT_ONCE, TEXTS_PER_SECOND),
        }
    }

    /// The server's key.
    #[must_use]
    pub fn key(&self) -> &ServerKey {
        &self.key
    }

    /// The rules for text messages; absent when they are switched off.
    #[must_use]
    pub fn text_messages(&self) -> Option<&TextMessages> {
        self.text_messages.as_ref()
    }

    /// Resolves when a letter has been put in the queue.
    pub async fn post_arrived(&self) {
        self.post.notified().await;
    }

    /// Lets one more call of this place in.
    fn admit(&self, place: &Place, now: Timestamp) -> Result<(), Refusal> {
        self.calls.take(place.key(), now).map_err(Refusal::too_much)
    }

    /// Lets this account write one more text.
    ///
    /// # Errors
    /// 429 when it writes faster than people do.
    pub fn admit_text(&self, account: AccountId, now: Timestamp) -> Result<(), Refusal> {
        self.texts
            .take(account.text(), now)
            .map_err(Refusal::too_much)
    }

    fn ring_for_the_post(&self) {
        self.post.notify_one();
    }
}
