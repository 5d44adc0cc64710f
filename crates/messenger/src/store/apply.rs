//! Applying the feed's events: they and the cursor after them are one transaction.

use std::collections::{BTreeMap, BTreeSet};

use deskbell_protocol::{
    AccountId, Conversation, ConversationId, Event, Message, MessageId, MessageKind, ReceiptState,
    SequencedEvent, Timestamp,
};
use sqlx::AssertSqlSafe;
use sqlx::query::Query;
use sqlx::sqlite::{Sqlite, SqliteArguments, SqliteConnection};

use super::chats::{insert_line, is_mine, line};
use super::lists::preview_text;
use super::rows::{ConversationRow, id, signed, to_json};
use super::unread::recount;
use super::{Cache, Stored};

/// The conversation `$1` as it is now.
macro_rules! conversation {
    () => {
        "SELECT * FROM conversations WHERE id = $1"
    };
}

// Each of these is one way to SQLite's thread and back; somebody waits for what comes of it. Values
// are named $1 here: with ?1 sqlx miscounts those that one of several statements leaves out.
const CHANGED: &str = concat!(
    "UPDATE conversations SET data = $2, last_activity_at = max(last_activity_at, $3) WHERE id = $1; ",
    conversation!()
);
const NEW: &str = concat!(
    "INSERT INTO conversations(id, data, last_activity_at) VALUES ($1, $2, $3); ",
    conversation!()
);
/// A page of history may have brought the line already: then nothing changes.
const LINE: &str = concat!(
    insert_line!(),
    "; UPDATE conversations SET
         last_activity_at = max(last_activity_at, $9),
         history_from = coalesce(history_from, $3),
         preview_text = coalesce($10, preview_text),
         preview_mine = CASE WHEN $10 IS NULL THEN preview_mine ELSE $4 END
       WHERE id = $1 AND changes() = 1; ",
    recount!("$11"),
    " AND changes() = 1; ",
    conversation!()
);
const READ: &str = concat!(
    "UPDATE conversations SET
       unread_count = CASE WHEN $2 >= read_seq THEN $3 ELSE unread_count END,
       read_seq = max(read_seq, $2)
     WHERE id = $1; ",
    recount!("0"),
    "; ",
    conversation!()
);

/// The place after the events, which are kept together with it.
const PLACE: &str =
    "UPDATE position SET cursor = $1, seq = $2, toasted_seq = coalesce(toasted_seq, $3); COMMIT";

/// What a batch of events changed.
#[derive(Debug, Default)]
pub struct Applied {
    /// Lines the feed brought, in order.
    pub created: Vec<Message>,
    /// Lines whose receipts changed.
    pub receipts: Vec<MessageId>,
    /// Conversations that are new or different, as they are after the last event.
    pub conversations: BTreeMap<ConversationId, ConversationRow>,
    /// Conversations of which too little is known: ask the server.
    pub unknown: BTreeSet<ConversationId>,
    /// Conversations read on another client.
    pub read_elsewhere: BTreeSet<ConversationId>,
    /// The account is to be asked for again.
    pub me_changed: bool,
}

impl Cache {
    /// Applies events in order and saves the cursor after the last.
    ///
    /// # Errors
    /// The store fails; then nothing has changed.
    pub async fn apply(
        &mut self,
        me: AccountId,
        events: &[SequencedEvent],
        cursor: &str,
    ) -> Stored<Applied> {
        let mut turn = Turn::of(&mut self.db);
        let applied = turn.apply(me, events, cursor).await;
        if applied.is_err() {
            turn.undo().await;
        }
        applied
    }
}

/// A transaction that begins with its first statement and ends with its last.
struct Turn<'a> {
    db: &'a mut SqliteConnection,
    begun: bool,
}

impl<'a> Turn<'a> {
    fn of(db: &'a mut SqliteConnection) -> Self {
        Self { db, begun: false }
    }

    async fn apply(
        &mut self,
        me: AccountId,
        events: &[SequencedEvent],
        cursor: &str,
    ) -> Stored<Applied> {
        let mut applied = Applied::default();
        for event in events {
            apply_one(self, me, &event.event, &mut applied).await?;
        }
        crate::failpoint::reach("between-apply-and-cursor");
        let before = events.first().map(|event| event.seq.saturating_sub(1));
        sqlx::query(self.next(PLACE))
            .bind(cursor)
            .bind(events.last().map(|event| signed(event.seq)))
            .bind(before.map(signed))
            .execute(&mut *self.db)
            .await?;
        Ok(applied)
    }

    /// The next statement of the transaction.
    fn next(&mut self, statement: &'static str) -> AssertSqlSafe<String> {
        let begun = std::mem::replace(&mut self.begun, true);
        let begin = if begun { "" } else { "BEGIN IMMEDIATE; " };
        AssertSqlSafe(format!("{begin}{statement}"))
    }

    async fn undo(&mut self) {
        // There is nothing to undo when it could not even begin.
        let _ = sqlx::raw_sql("ROLLBACK").execute(&mut *self.db).await;
    }

    /// Runs what answers with a conversation as it is now; false when it is not known.
    async fn see(
        &mut self,
        query: Query<'_, Sqlite, SqliteArguments>,
        applied: &mut Applied,
    ) -> Stored<bool> {
        let Some(row) = query.fetch_optional(&mut *self.db).await? else {
            return Ok(false);
        };
        let row = ConversationRow::read(&row)?;
        applied.conversations.insert(row.conversation.id, row);
        Ok(true)
    }
}

async fn apply_one(
    turn: &mut Turn<'_>,
    me: AccountId,
    event: &Event,
    applied: &mut Applied,
) -> Stored<()> {
    match event {
        Event::ConversationChanged { conversation } => {
            conversation_changed(turn, conversation, applied).await
        }
        Event::MessageCreated { message } => message_created(turn, me, message, applied).await,
        Event::Receipt {
            conversation_id,
            state,
            seq,
            at,
        } => receipt(turn, *conversation_id, *state, *seq, *at, applied).await,
        Event::Read {
            conversation_id,
            account_id,
            seq,
            unread_count,
        } if *account_id == me => {
            applied.read_elsewhere.insert(*conversation_id);
            let read = sqlx::query(turn.next(READ))
                .bind(conversation_id.text())
                .bind(signed(*seq))
                .bind(i64::from(*unread_count));
            turn.see(read, applied).await.map(drop)
        }
        Event::MeChanged {} => {
            applied.me_changed = true;
            Ok(())
        }
        Event::Read { .. } | Event::Unknown => Ok(()),
    }
}

async fn conversation_changed(
    turn: &mut Turn<'_>,
    conversation: &Conversation,
    applied: &mut Applied,
) -> Stored<()> {
    let data = to_json(conversation)?;
    let told = |statement| {
        sqlx::query(statement)
            .bind(conversation.id.text())
            .bind(data.clone())
            .bind(conversation.last_activity_at.as_millis())
    };
    let changed = told(turn.next(CHANGED));
    if turn.see(changed, applied).await? {
        return Ok(());
    }
    applied.unknown.insert(conversation.id);
    let new = told(turn.next(NEW));
    turn.see(new, applied).await.map(drop)
}

async fn message_created(
    turn: &mut Turn<'_>,
    me: AccountId,
    message: &Message,
    applied: &mut Applied,
) -> Stored<()> {
    applied.created.push(message.clone());
    let spoken = message.kind == MessageKind::Message;
    let counted = if spoken && !is_mine(me, message) {
        message.seq
    } else {
        0
    };
    let added = line(turn.next(LINE), me, message)?
        .bind(message.created_at.as_millis())
        .bind(spoken.then(|| preview_text(&message.body)))
        .bind(signed(counted));
    if !turn.see(added, applied).await? {
        applied.unknown.insert(message.conversation_id);
    }
    Ok(())
}

async fn receipt(
    turn: &mut Turn<'_>,
    conversation: ConversationId,
    state: ReceiptState,
    seq: u64,
    at: Timestamp,
    applied: &mut Applied,
) -> Stored<()> {
    let statement = match state {
        ReceiptState::Received => {
            "UPDATE messages SET received_at = ?3
             WHERE conversation_id = ?1 AND seq <= ?2 AND mine = 1 AND received_at IS NULL RETURNING id"
        }
        ReceiptState::Read => {
            "UPDATE messages SET read_at = ?3, received_at = coalesce(received_at, ?3)
             WHERE conversation_id = ?1 AND seq <= ?2 AND mine = 1 AND read_at IS NULL RETURNING id"
        }
    };
    let changed: Vec<String> = sqlx::query_scalar(turn.next(statement))
        .bind(conversation.text())
        .bind(signed(seq))
        .bind(at.as_millis())
        .fetch_all(&mut *turn.db)
        .await?;
    for text in &changed {
        applied.receipts.push(id(text)?);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use deskbell_protocol::{AccountId, ConversationItem, Event, Message, Page, SequencedEvent};
    use uuid::Uuid;

    use super::{Applied, Cache, Stored};

    const ME: AccountId = AccountId(Uuid::from_u128(1));

    fn golden<T: serde::de::DeserializeOwned>(name: &str) -> T {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../protocol/tests/golden");
        let text = std::fs::read_to_string(format!("{folder}/{name}.json")).unwrap();
        serde_json::from_str(&text).unwrap()
    }

    fn said(seq: u64) -> Message {
        let mut message: Message = golden("message");
        message.id.0 = Uuid::from_u128(seq.into());
        Message { seq, ..message }
    }

    async fn applied(cache: &mut Cache, lines: &[Message]) -> Stored<Applied> {
        let told = |line: &Message| SequencedEvent {
            seq: line.seq,
            event: Event::MessageCreated {
                message: line.clone(),
            },
        };
        let events: Vec<_> = lines.iter().map(told).collect();
        cache.apply(ME, &events, "epoch:9").await
    }

    /// A cache with one conversation, all of which is here and read up to number 1.
    async fn cache() -> Cache {
        let mut cache = Cache::in_memory().await.unwrap();
        let page: Page<ConversationItem> = golden("conversation_page");
        let id = page.items.first().unwrap().conversation.id;
        cache.load_anew(ME, &page, "epoch:1").await.unwrap();
        let nothing = Page {
            items: vec![],
            next: None,
        };
        cache.add_history(ME, id, None, &nothing).await.unwrap();
        cache
    }

    fn unread(applied: &Applied) -> Vec<u32> {
        let rows = applied.conversations.values();
        rows.map(|row| row.unread_count).collect()
    }

    #[tokio::test]
    async fn a_line_that_was_there_already_is_news_and_counts_once() {
        let mut cache = cache().await;
        let first = applied(&mut cache, &[said(3), said(4)]).await.unwrap();
        assert_eq!((first.created.len(), unread(&first)), (2, vec![2]));
        let again = applied(&mut cache, &[said(4), said(5)]).await.unwrap();
        assert_eq!((again.created.len(), unread(&again)), (2, vec![3]));
    }

    #[tokio::test]
    async fn a_line_of_a_conversation_that_is_not_known_yet_is_kept_and_asked_for() {
        let mut cache = Cache::in_memory().await.unwrap();
        let told = applied(&mut cache, &[said(3)]).await.unwrap();
        assert_eq!((told.unknown.len(), unread(&told)), (1, vec![]));
        assert_eq!(cache.lines_after(0).await.unwrap().len(), 1);
    }

    /// DUR-03: all of a batch is kept, or nothing of it.
    #[tokio::test]
    async fn a_batch_that_fails_leaves_nothing_behind_and_comes_again() {
        let mut cache = cache().await;
        let refusing = "CREATE TEMP TRIGGER full BEFORE INSERT ON messages WHEN NEW.seq = 4
             BEGIN SELECT raise(ABORT, 'full'); END";
        sqlx::raw_sql(refusing)
            .execute(&mut cache.db)
            .await
            .unwrap();
        let lines = [said(3), said(4)];
        assert!(applied(&mut cache, &lines).await.is_err());
        assert_eq!(cache.lines_after(0).await.unwrap(), vec![]);
        let place = cache.position().await.unwrap();
        assert_eq!(place.cursor.as_deref(), Some("epoch:1"));
        sqlx::raw_sql("DROP TRIGGER full")
            .execute(&mut cache.db)
            .await
            .unwrap();
        let again = applied(&mut cache, &lines).await.unwrap();
        assert_eq!(unread(&again), vec![2]);
    }
}
