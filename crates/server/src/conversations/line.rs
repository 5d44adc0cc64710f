//! Writing lines into a chat: their places in both feeds, their rows, and the events that tell.

use deskbell_protocol::{AccountId, ConversationId, MessageId, MessageKind, Timestamp};

use super::reader::{Reader, Side};
use super::text;
use crate::event_log::{Change, FeedId, reserve, write};
use crate::refusal::Refusal;
use crate::store::{self, Error, Tx};

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
    type Columns = (String, String, Option<String>, Option<String>);
    // An update that changes nothing is the one way to lock a row that both engines know.
    let row: Option<Columns> = sqlx::query_as(
        "UPDATE conversation SET label = label WHERE id = $1 AND ($2 = '' OR requester_id = $2)
         RETURNING requester_id, status, assignee_id, closed_by_id",
    )
    .bind(id.text())
    .bind(reader.own_only())
    .fetch_optional(&mut **tx)
    .await?;
    let (requester_id, status, assignee_id, closed_by_id) = row.ok_or_else(Refusal::not_found)?;
    Ok(Held {
        id,
        requester_id: store::id(&requester_id)?,
        status: store::name(&status)?,
        assignee_id: store::optional_id(assignee_id.as_deref())?,
        closed_by_id: store::optional_id(closed_by_id.as_deref())?,
    })
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

/// Where a line was placed.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// In the requester's feed; none for a note.
    pub requester_seq: Option<u64>,
    /// In the technicians' feed.
    pub technician_seq: u64,
}

/// Writes the lines and their events. The requester hears of all but notes.
///
/// # Errors
/// 409 when an id is taken; the transaction must then be dropped.
pub async fn add(
    tx: &mut Tx,
    held: &Held,
    lines: &[Line],
    announce: Announce,
    now: Timestamp,
) -> Result<Vec<Place>, Refusal> {
    let shown: Vec<Line> = lines
        .iter()
        .filter(|line| line.kind != MessageKind::Note)
        .cloned()
        .collect();
    let (requester, technicians) = (FeedId::Requester(held.requester_id), FeedId::Technicians);
    let requester_changes = changes(held.id, &shown, announce);
    let technician_changes = changes(held.id, lines, announce);

    let mut wanted = Vec::with_capacity(2);
    if !requester_changes.is_empty() {
        wanted.push((requester, requester_changes.len()));
    }
    wanted.push((technicians, technician_changes.len()));
    let firsts = reserve(tx, &wanted).await?;
    let technician_first = firsts.last().copied().unwrap_or_default();
    let requester_first = firsts.first().copied().unwrap_or_default();

    let ahead = u64::from(announce == Announce::First);
    let mut requester_seqs = requester_first + ahead..;
    let mut places = Vec::with_capacity(lines.len());
    for (line, technician_seq) in lines.iter().zip(technician_first + ahead..) {
        let requester_seq = if line.kind == MessageKind::Note {
            None
        } else {
            requester_seqs.next()
        };
        let place = Place {
            requester_seq,
            technician_seq,
        };
        insert(tx, held, line, place, now).await?;
        places.push(place);
    }
    let requester_events = (requester, requester_first, requester_changes.as_slice());
    let technician_events = (technicians, technician_first, technician_changes.as_slice());
    write(tx, &[requester_events, technician_events], now).await?;
    Ok(places)
}

fn changes(conversation: ConversationId, lines: &[Line], announce: Announce) -> Vec<Change> {
    let mut changes: Vec<Change> = lines
        .iter()
        .map(|line| Change::Message(conversation, line.id))
        .collect();
    match announce {
        Announce::Nothing => {}
        Announce::First => changes.insert(0, Change::Conversation(conversation)),
        Announce::Last => changes.push(Change::Conversation(conversation)),
    }
    changes
}

async fn insert(
    tx: &mut Tx,
    held: &Held,
    line: &Line,
    place: Place,
    now: Timestamp,
) -> Result<(), Refusal> {
    let (kind, side) = match line.kind {
        MessageKind::Message => ("message", line.side.stored()),
        MessageKind::Note => ("note", line.side.stored()),
        MessageKind::Update => ("update", "system"),
    };
    let (update_kind, technician, text) = match &line.update {
        None => (None, None, None),
        Some(LineUpdate::TicketCreated(number)) => {
            (Some("ticket_created"), None, Some(number.clone()))
        }
        Some(LineUpdate::Assigned(id)) => (Some("assigned"), Some(id.text()), None),
        Some(LineUpdate::Closed) => (Some("closed"), None, None),
    };
    let done = sqlx::query(
        "INSERT INTO message (id, conversation_id, requester_id, kind, side, author_id, body, folded,
            update_kind, update_technician_id, update_text, requester_seq, technician_seq,
            created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
         ON CONFLICT (id) DO NOTHING",
    )
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
    .bind(now.as_millis())
    .execute(&mut **tx)
    .await
    .map_err(Error::from)?;
    if done.rows_affected() == 0 {
        return Err(id_conflict());
    }
    Ok(())
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
