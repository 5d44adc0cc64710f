//! What is done about what other servers say. They are believed in nothing but that it is time to
//! look: names and rights come from the database.

use std::sync::Arc;

use deskbell_protocol::{AccountId, ConversationId, Person, Role};
use tokio::sync::mpsc;

use super::{Inner, typing, wake};
use crate::bus::{Heard, NodeId, Note};
use crate::conversations::person;
use crate::event_log::FeedId;
use crate::store::{Error, Store};

/// Notes about what is not stored that may wait; more are dropped.
const ASIDES: usize = 64;
/// People and conversations that one server may name at a time.
const MOST_LOOKING: usize = 2_000;

/// Runs until the bus ends.
pub(super) async fn hear(feed: Arc<Inner>, mut heard: mpsc::Receiver<Heard>) {
    let (later, asides) = mpsc::channel(ASIDES);
    let at_once = async {
        // Moved in, so that who acts later ends with it.
        let later = later;
        while let Some(heard) = heard.recv().await {
            match heard {
                Heard::Note(note) => act(&feed, note, &later),
                Heard::Gap => {
                    feed.gap.notify_one();
                    feed.say_who_looks();
                }
            }
        }
    };
    tokio::join!(at_once, act_later(&feed, asides));
}

/// What needs no look at the database is done at once.
fn act(feed: &Arc<Inner>, note: Note, later: &mpsc::Sender<Note>) {
    match note {
        Note::Appended(FeedId::Revocations) => feed.revoked.notify_one(),
        Note::Appended(id) => wake::wake(feed, id),
        Note::Opened(socket) if feed.hub.has(socket.account) => {
            feed.elsewhere.heard(socket.node, feed.steady_millis());
            feed.elsewhere.opened(socket);
            feed.limit_sockets(socket.account);
        }
        Note::Opened(_) => {}
        Note::Gone(socket) => feed.elsewhere.closed(socket),
        Note::Typing(..) | Note::Looking(..) => {
            let _ = later.try_send(note);
        }
    }
}

/// Does one by one what needs a look at the database.
async fn act_later(feed: &Inner, mut asides: mpsc::Receiver<Note>) {
    while let Some(note) = asides.recv().await {
        let done = match note {
            Note::Typing(conversation, account) => types(feed, conversation, account).await,
            Note::Looking(node, looking) => looks(feed, node, looking).await,
            _ => Ok(()),
        };
        if let Err(error) = done {
            tracing::warn!(%error, "cannot look up what another server named");
        }
    }
}

async fn types(feed: &Inner, id: ConversationId, account: AccountId) -> Result<(), Error> {
    let parties = typing::parties(&feed.store, id, String::new()).await?;
    let person = known_person(&feed.store, account).await?;
    if let (Some(parties), Some(person)) = (parties, person) {
        typing::tell(feed, &parties, id, &person);
    }
    Ok(())
}

async fn looks(
    feed: &Inner,
    node: NodeId,
    looking: Vec<(ConversationId, AccountId)>,
) -> Result<(), Error> {
    feed.elsewhere.heard(node, feed.steady_millis());
    let known = feed.presence.at(node);
    let mut found = Vec::new();
    for (conversation, account) in looking.into_iter().take(MOST_LOOKING) {
        let seen = known
            .iter()
            .find(|(id, person)| *id == conversation && person.id == account);
        let person = match seen {
            Some((_, person)) => Some(person.clone()),
            None => onlooker(&feed.store, conversation, account).await?,
        };
        found.extend(person.map(|person| (conversation, person)));
    }
    feed.tell_onlookers(feed.presence.look_elsewhere(node, found));
    Ok(())
}

/// The technician, if both they and the conversation exist.
async fn onlooker(
    store: &Store,
    conversation: ConversationId,
    account: AccountId,
) -> Result<Option<Person>, Error> {
    if typing::parties(store, conversation, String::new())
        .await?
        .is_none()
    {
        return Ok(None);
    }
    let person = known_person(store, account).await?;
    Ok(person.filter(|person| person.role != Role::Requester))
}

async fn known_person(store: &Store, account: AccountId) -> Result<Option<Person>, Error> {
    let row: Option<(String, String, String)> =
        sqlx::query_as("SELECT id, name, role FROM account WHERE id = $1 AND disabled_at IS NULL")
            .bind(account.text())
            .fetch_optional(store.read())
            .await?;
    row.map(|(id, name, role)| person(&id, name, &role))
        .transpose()
}
