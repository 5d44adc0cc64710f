//! What the clients of a server said and heard, held against what it stored.
//!
//! Every test of durability notes here what happens, and asks one question in the end: is what was
//! acknowledged stored, once, in the one order that everybody heard, and nothing else?

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::{Context, Result, bail};
use deskbell_protocol::{ConversationId, Event, MessageId};
use deskbell_server::event_log::FeedId;
use deskbell_server::store::Store;
use uuid::Uuid;

/// What was said and heard so far. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct History(Arc<Mutex<Notes>>);

#[derive(Debug, Default)]
struct Notes {
    said: HashMap<Uuid, Said>,
    heard: BTreeMap<(String, FeedId), Heard>,
    faults: Vec<String>,
}

/// A text that somebody handed to the server, whether or not it ever knew.
#[derive(Debug)]
struct Said {
    conversation: Uuid,
    body: String,
    is_acknowledged: bool,
}

/// What one listener heard: after this number, each event's own with the message it told of.
#[derive(Debug)]
struct Heard {
    after: u64,
    events: Vec<(u64, Option<Uuid>)>,
}

/// A line of the server's own record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Its id.
    pub id: Uuid,
    /// Where it was written.
    pub conversation: Uuid,
    /// What was written.
    pub body: String,
    /// Whether a person wrote it, rather than the server.
    pub by_a_person: bool,
    /// Its places in the feeds.
    pub places: Vec<(FeedId, u64)>,
}

impl History {
    fn notes(&self) -> MutexGuard<'_, Notes> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Somebody is about to hand this to the server.
    pub fn says(&self, conversation: ConversationId, id: MessageId, body: &str) {
        let said = Said {
            conversation: conversation.0,
            body: body.to_owned(),
            is_acknowledged: false,
        };
        self.notes().said.insert(id.0, said);
    }

    /// The server has said that it has it.
    pub fn acknowledged(&self, id: MessageId) {
        let mut notes = self.notes();
        match notes.said.get_mut(&id.0) {
            Some(said) => said.is_acknowledged = true,
            None => notes
                .faults
                .push(format!("{id} was acknowledged, unasked for")),
        }
    }

    /// What the server has acknowledged so far.
    #[must_use]
    pub fn all_acknowledged(&self) -> HashSet<Uuid> {
        let notes = self.notes();
        let acknowledged = notes.said.iter().filter(|(_, said)| said.is_acknowledged);
        acknowledged.map(|(id, _)| *id).collect()
    }

    /// A listener begins to hear this feed after this number.
    pub fn listens(&self, who: &str, feed: FeedId, after: u64) {
        let heard = Heard {
            after,
            events: Vec::new(),
        };
        self.notes()
            .heard
            .entry((who.to_owned(), feed))
            .or_insert(heard);
    }

    /// A listener has heard this.
    pub fn hears(&self, who: &str, feed: FeedId, seq: u64, event: &Event) {
        let message = match event {
            Event::MessageCreated { message } => Some(message.id.0),
            _ => None,
        };
        let mut notes = self.notes();
        match notes.heard.get_mut(&(who.to_owned(), feed)) {
            Some(heard) => heard.events.push((seq, message)),
            None => notes
                .faults
                .push(format!("{who} hears without having begun")),
        }
    }

    /// The number of the newest event that every listener of the feed has heard; nothing without any.
    #[must_use]
    pub fn heard_by_all(&self, feed: FeedId) -> Option<u64> {
        let notes = self.notes();
        let listeners = notes.heard.iter().filter(|((_, of), _)| *of == feed);
        let newest = |heard: &Heard| heard.events.last().map_or(heard.after, |(seq, _)| *seq);
        listeners.map(|(_, heard)| newest(heard)).min()
    }

    /// Something was seen that must never be.
    pub fn fault(&self, what: String) {
        self.notes().faults.push(what);
    }

    /// Holds all of it against what the server stored.
    ///
    /// # Errors
    /// When something was lost, doubled, made up or told in another order: each fault in a line.
    pub async fn check(&self, store: &Store) -> Result<()> {
        let stored = stored(store).await?;
        let faults = self.faults(&stored);
        if faults.is_empty() {
            return Ok(());
        }
        bail!("{} faults:\n{}", faults.len(), faults.join("\n"))
    }

    /// Holds a copy of the database against what was acknowledged before the copy was begun.
    ///
    /// # Errors
    /// When the copy lacks some of it or holds what nobody said: each fault in a line.
    pub async fn check_copy(&self, copy: &Store, acknowledged: &HashSet<Uuid>) -> Result<()> {
        let stored = stored(copy).await?;
        let ids: HashSet<Uuid> = stored.iter().map(|line| line.id).collect();
        let lost = acknowledged.difference(&ids);
        let mut faults: Vec<_> = lost.map(|id| format!("{id} is not in the copy")).collect();
        faults.extend(made_up(&self.notes(), &stored));
        if faults.is_empty() {
            return Ok(());
        }
        bail!("{} faults:\n{}", faults.len(), faults.join("\n"))
    }

    /// What is wrong between what was said and heard and this record.
    #[must_use]
    pub fn faults(&self, stored: &[Stored]) -> Vec<String> {
        let notes = self.notes();
        let mut faults = notes.faults.clone();
        faults.extend(lost(&notes, stored));
        faults.extend(made_up(&notes, stored));
        faults.extend(misheard(&notes, stored));
        faults
    }
}

fn lost(notes: &Notes, stored: &[Stored]) -> Vec<String> {
    let ids: HashSet<Uuid> = stored.iter().map(|line| line.id).collect();
    let acknowledged = notes.said.iter().filter(|(_, said)| said.is_acknowledged);
    acknowledged
        .filter(|(id, _)| !ids.contains(id))
        .map(|(id, said)| format!("{id} “{}” was acknowledged and is lost", said.body))
        .collect()
}

fn made_up(notes: &Notes, stored: &[Stored]) -> Vec<String> {
    let mut seen = HashSet::new();
    let mut faults = Vec::new();
    for line in stored {
        if !seen.insert(line.id) {
            faults.push(format!("{} is stored twice", line.id));
        }
        let said = notes.said.get(&line.id);
        let as_said = said
            .is_some_and(|said| said.body == line.body && said.conversation == line.conversation);
        if line.by_a_person && !as_said {
            faults.push(format!(
                "{} “{}” is stored and nobody said it",
                line.id, line.body
            ));
        }
    }
    faults
}

/// Each listener must have heard the feed's own order from where it began to its end, without a gap.
fn misheard(notes: &Notes, stored: &[Stored]) -> Vec<String> {
    let mut faults = Vec::new();
    for ((who, feed), heard) in &notes.heard {
        let order = order(stored, *feed);
        let mut next = heard.after + 1;
        for (seq, message) in &heard.events {
            if *seq != next {
                faults.push(format!("{who} heard {seq} where {next} was next"));
            }
            if order.get(seq).copied() != *message {
                faults.push(format!("{who} heard {message:?} as {seq} of {feed}"));
            }
            next = seq + 1;
        }
        let missed = order.range(next..).map(|(seq, _)| *seq).next();
        faults.extend(missed.map(|seq| format!("{who} never heard {seq} of {feed}")));
    }
    faults
}

fn order(stored: &[Stored], feed: FeedId) -> BTreeMap<u64, Uuid> {
    let places = stored
        .iter()
        .flat_map(|line| line.places.iter().map(|place| (*place, line.id)));
    places
        .filter(|((of, _), _)| *of == feed)
        .map(|((_, seq), id)| (seq, id))
        .collect()
}

type Row = (
    String,
    String,
    String,
    String,
    String,
    Option<i64>,
    Option<i64>,
);

async fn stored(store: &Store) -> Result<Vec<Stored>> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT id, conversation_id, requester_id, body, kind, requester_seq, technician_seq
         FROM message ORDER BY technician_seq",
    )
    .fetch_all(store.read())
    .await?;
    rows.into_iter().map(line).collect()
}

fn line(row: Row) -> Result<Stored> {
    let (id, conversation, requester, body, kind, requester_seq, technician_seq) = row;
    let requester: FeedId = requester.parse().context("a requester's id")?;
    let places = [
        (requester, requester_seq),
        (FeedId::Technicians, technician_seq),
    ];
    let places = places
        .into_iter()
        .filter_map(|(feed, seq)| Some((feed, u64::try_from(seq?).ok()?)));
    Ok(Stored {
        id: id.parse()?,
        conversation: conversation.parse()?,
        body,
        by_a_person: kind != "update",
        places: places.collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: u128) -> Uuid {
        Uuid::from_u128(number)
    }

    fn stored(number: u128, seq: u64) -> Stored {
        Stored {
            id: id(number),
            conversation: id(1),
            body: format!("text {number}"),
            by_a_person: true,
            places: vec![(FeedId::Technicians, seq)],
        }
    }

    /// Two texts said and acknowledged, a third on its way when everything ended.
    fn history(heard: &[(u64, u128)]) -> History {
        let history = History::default();
        for number in [2, 3, 4] {
            let text = format!("text {number}");
            history.says(ConversationId(id(1)), MessageId(id(number)), &text);
        }
        history.acknowledged(MessageId(id(2)));
        history.acknowledged(MessageId(id(3)));
        history.listens("Tess", FeedId::Technicians, 6);
        let mut notes = history.notes();
        let heard_by_tess = notes.heard.values_mut().next().unwrap();
        heard_by_tess.events = heard
            .iter()
            .map(|(seq, it)| (*seq, Some(id(*it))))
            .collect();
        drop(notes);
        history
    }

    #[test]
    fn what_was_kept_and_told_in_order_is_right() {
        let whole = history(&[(7, 2), (8, 3)]);
        assert_eq!(whole.faults(&[stored(2, 7), stored(3, 8)]), [""; 0]);
        let more = history(&[(7, 2), (8, 3), (9, 4)]);
        let third = [stored(2, 7), stored(3, 8), stored(4, 9)];
        assert_eq!(more.faults(&third), [""; 0], "nobody knew, but it may be");
    }

    /// The checker is no better than what it finds.
    #[test]
    fn each_fault_is_found() {
        let (right, two) = ([(7, 2), (8, 3)], [stored(2, 7), stored(3, 8)]);
        let find =
            |heard: &[(u64, u128)], stored: &[Stored]| history(heard).faults(stored).join("\n");
        assert!(find(&right[..1], &two[..1]).contains("lost"));
        assert!(find(&[], &two).contains("never heard 7"));
        assert!(find(&[right[1], right[0]], &two).contains("heard 8 where 7 was next"));
        assert!(find(&[right[0], right[0], right[1]], &two).contains("where 8 was next"));
        assert!(find(&[(7, 3), (8, 2)], &two).contains("as 7 of technicians"));
        let foreign = [two.as_slice(), &[stored(9, 9)]].concat();
        assert!(find(&right, &foreign).contains("nobody said it"));
        let doubled = [two.as_slice(), &[stored(3, 9)]].concat();
        assert!(find(&right, &doubled).contains("stored twice"));
        let mut changed = two.clone();
        changed[0].body.push('!');
        assert!(find(&right, &changed).contains("nobody said it"));
    }
}
