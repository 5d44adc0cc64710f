//! Writing lines into a chat: their places in both feeds, their rows, and the events that tell.

use std::collections::{BTreeMap, BTreeSet};

use deskbell_protocol::{AccountId, ConversationId, MessageId, MessageKind, Timestamp};
use sqlx::AssertSqlSafe;

use super::reader::{Reader, Side};
use super::text;
use crate::event_log::{Change, FeedId, Growth, append};
use crate::refusal::Refusal;
use crate::store::{self, Error, Tx, placeholders};

/// A conversation whose row this transaction has taken.
#[derive(Debug)]
pub struct Held {
    /// Which.
    pub id: ConversationId,
    /// Who asked.
    pub requester_id: AccountId,
    /// Where it stands.
    pub status: deskbell_protocol::Status,
    /// Who has it.
    pub assignee_id: Option<AccountId>,
    /// Who closed it.
    pub closed_by_id: Option<AccountId>,
}

/// Takes the conversation's row, so that nobody changes it before this transaction ends.
///
/// # Errors
/// 404 when there is none for this reader.
pub async fn hold(tx: &mut Tx, reader: Reader, id: ConversationId) -> Result<Held, Refusal> {
    let mut found = hold_all(tx, &BTreeSet::from([id])).await?;
    let held = found
        .remove(&id)
        .filter(|held| reader.sees(held.requester_id));
    held.ok_or_else(Refusal::not_found)
}

/// Takes the rows of those conversations that exist, always in the same order.
///
/// # Errors
/// When the database fails.
pub async fn hold_all(
    tx: &mut Tx,
    ids: &BTreeSet<ConversationId>,
) -> Result<BTreeMap<ConversationId, Held>, Refusal> {
    type Columns = (String, String, String, Option<String>, Option<String>);
    let sql = format!(
        "SELECT id, requester_id, status, assignee_id, closed_by_id FROM conversation
         WHERE id IN {} ORDER BY id {}",
        placeholders(1, ids.len()),
        tx.lock_rows(),
    );
    let mut query = sqlx::query_as(AssertSqlSafe(sql));
    for id in ids {
        query = query.bind(id.text());
    }
    let rows: Vec<Columns> = query.fetch_all(&mut **tx).await?;
    let held = |(id, requester_id, status, assignee_id, closed_by_id): &Columns| {
        let held = Held {
            id: store::id(id)?,
            requester_id: store::id(requester_id)?,
            status: store::name(status)?,
            assignee_id: store::optional_id(assignee_id.as_deref())?,
            closed_by_id: store::optional_id(closed_by_id.as_deref())?,
        };
        Ok((held.id, held))
    };
    rows.iter().map(held).collect()
}

/// A line about to be written.
#[derive(Debug, Clone)]
pub struct Line {
    /// Its id.
    pub id: MessageId,
    /// What sort it is.
    pub kind: MessageKind,
    /// Who wrote or caused it.
    pub author_id: AccountId,
    /// Which half that is; an update is the system's.
    pub side: Side,
    /// The text; empty for an update.
    pub body: String,
    /// What happened, for an update.
    pub update: Option<LineUpdate>,
}

/// What an update tells.
#[derive(Debug, Clone)]
pub enum LineUpdate {
    /// The ticket exists, with this number.
    TicketCreated(String),
    /// This technician has it.
    Assigned(AccountId),
    /// It is over.
    Closed,
}

/// Whether, and where among its events, a transaction tells that the conversation itself changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Announce {
    /// It did not.
    Nothing,
    /// Before the lines, because they need it.
    First,
    /// After the lines, which people wait for.
    Last,
}

/// What one conversation gets.
#[derive(Debug, Clone, Copy)]
pub struct Addition<'a> {
    /// Which conversation.
    pub held: &'a Held,
    /// Its new lines.
    pub lines: &'a [Line],
    /// Whether it changed itself.
    pub announce: Announce,
}

/// Where a line was placed.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// In the requester's feed; none for a note.
    pub requester_seq: Option<u64>,
    /// In the technicians' feed.
    pub technician_seq: u64,
}

/// Writes the lines and their events, and answers with the place of each line. The requester hears of
/// all but notes.
///
/// # Errors
/// 409 when an id is taken; the transaction must then be rolled back.
pub async fn add(
    tx: &mut Tx,
    additions: &[Addition<'_>],
    now: Timestamp,
) -> Result<Vec<Place>, Refusal> {
    let mut growth = Growth::new();
    let mut lines = Vec::new();
    for addition in additions {
        grow(&mut growth, &mut lines, *addition);
    }
    let firsts = append(tx, &growth, now).await?;
    let placed: Vec<(&Held, &Line, Place)> = lines
        .iter()
        .map(|pending| (pending.held, pending.line, pending.place(&firsts)))
        .collect();
    insert(tx, &placed, now).await?;
    Ok(placed.into_iter().map(|(_, _, place)| place).collect())
}

/// A line whose place is known but for where its feeds' new numbers begin.
struct Pending<'a> {
    held: &'a Held,
    line: &'a Line,
    requester_offset: Option<usize>,
    technician_offset: usize,
}

impl Pending<'_> {
    fn place(&self, firsts: &BTreeMap<FeedId, u64>) -> Place {
        let number = |feed: FeedId, offset: usize| {
            firsts.get(&feed).copied().unwrap_or_default() + offset as u64
        };
        let requester = FeedId::Requester(self.held.requester_id);
        Place {
            requester_seq: self
                .requester_offset
                .map(|offset| number(requester, offset)),
            technician_seq: number(FeedId::Technicians, self.technician_offset),
        }
    }
}

/// Adds the events of an addition to what the feeds grow by.
fn grow<'a>(growth: &mut Growth, pending: &mut Vec<Pending<'a>>, addition: Addition<'a>) {
    let Addition { held, lines, .. } = addition;
    let (requester, technicians) = (FeedId::Requester(held.requester_id), FeedId::Technicians);
    tell(growth, addition, Announce::First);
    for line in lines {
        let change = Change::Message(held.id, line.id);
        let is_shown = line.kind != MessageKind::Note;
        pending.push(Pending {
            held,
            line,
            requester_offset: is_shown.then(|| push(growth, requester, change)),
            technician_offset: push(growth, technicians, change),
        });
    }
    tell(growth, addition, Announce::Last);
}

/// Tells both feeds that the conversation itself changed, if this is when.
fn tell(growth: &mut Growth, addition: Addition<'_>, when: Announce) {
    let held = addition.held;
    if addition.announce == when {
        let change = Change::Conversation(held.id);
        push(growth, FeedId::Requester(held.requester_id), change);
        push(growth, FeedId::Technicians, change);
    }
}

/// Appends the change, and answers with its place among the feed's new ones.
fn push(growth: &mut Growth, feed: FeedId, change: Change) -> usize {
    let changes = growth.entry(feed).or_default();
    changes.push(change);
    changes.len() - 1
}

/// The columns of a message that are written with it.
const COLUMNS: usize = 14;

async fn insert(
    tx: &mut Tx,
    placed: &[(&Held, &Line, Place)],
    now: Timestamp,
) -> Result<(), Refusal> {
    let sql = format!(
        "INSERT INTO message (id, conversation_id, requester_id, kind, side, author_id, body, folded,
            update_kind, update_technician_id, update_text, requester_seq, technician_seq,
            created_at)
         VALUES {} ON CONFLICT (id) DO NOTHING",
        placeholders(placed.len(), COLUMNS)
    );
    let mut query = sqlx::query(AssertSqlSafe(sql));
    for (held, line, place) in placed {
        let (kind, side) = line.stored();
        let (update_kind, technician, text) = line.stored_update();
        query = query
            .bind(line.id.text())
            .bind(held.id.text())
            .bind(held.requester_id.text())
            .bind(kind)
            .bind(side)
            .bind(line.author_id.text())
            .bind(line.body.as_str())
            .bind(text::fold(&line.body))
            .bind(update_kind)
            .bind(technician)
            .bind(text)
            .bind(place.requester_seq.map(u64::cast_signed))
            .bind(place.technician_seq.cast_signed())
            .bind(now.as_millis());
    }
    let done = query.execute(&mut **tx).await.map_err(Error::from)?;
    if done.rows_affected() < placed.len() as u64 {
        return Err(id_conflict());
    }
    Ok(())
}

impl Line {
    /// Kind and side, as they are stored.
    fn stored(&self) -> (&'static str, &'static str) {
        match self.kind {
            MessageKind::Message => ("message", self.side.stored()),
            MessageKind::Note => ("note", self.side.stored()),
            MessageKind::Update => ("update", "system"),
        }
    }

    /// What happened, to whom, and the text of it, as they are stored.
    fn stored_update(&self) -> (Option<&'static str>, Option<String>, Option<String>) {
        match &self.update {
            None => (None, None, None),
            Some(LineUpdate::TicketCreated(number)) => {
                (Some("ticket_created"), None, Some(number.clone()))
            }
            Some(LineUpdate::Assigned(id)) => (Some("assigned"), Some(id.text()), None),
            Some(LineUpdate::Closed) => (Some("closed"), None, None),
        }
    }
}

/// The id belongs to something else.
#[must_use]
pub fn id_conflict() -> Refusal {
    let detail = "This id belongs to something else. Make a new one.";
    Refusal::new(deskbell_protocol::ErrorCode::IdConflict, detail)
}

/// The conversation can only be read.
#[must_use]
pub fn closed() -> Refusal {
    let detail = "The conversation is closed. Ask for help again in a new one.";
    Refusal::new(deskbell_protocol::ErrorCode::ConversationClosed, detail)
}
