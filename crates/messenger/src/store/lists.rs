//! The list of conversations: pages by keyset, counts, and loading it anew.

use deskbell_protocol::{AccountId, ConversationId, ConversationItem, Page};
use sqlx::sqlite::SqliteConnection;
use sqlx::{Connection, Row};

use super::rows::{ConversationRow, ListPlace, count, id, signed, to_json};
use super::{Cache, Stored};
use crate::clean;
use crate::tray::{MENU_CONVERSATIONS, UnreadConversation};

/// Conversations on a page of the list.
pub const PAGE: usize = 50;
const PREVIEW_CHARS: usize = 160;

/// The text of a list entry for a message as written.
#[must_use]
pub fn preview_text(markdown: &str) -> String {
    clean::one_line(markdown, PREVIEW_CHARS)
}

/// How much of the list is cached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListReach {
    /// What to ask the server for next; none when all is cached.
    pub next: Option<String>,
    /// The last entry before that.
    pub floor: Option<ListPlace>,
}

impl Cache {
    /// Up to [`PAGE`] conversations after a place, newest activity first; none beyond what is cached
    /// without holes.
    ///
    /// # Errors
    /// The store fails.
    pub async fn page(&mut self, after: Option<ListPlace>) -> Stored<Vec<ConversationRow>> {
        let reach = self.reach().await?;
        let top = (i64::MAX, String::new());
        let (at, id) = after.map_or(top, |p| (p.last_activity_at, p.id.text()));
        let floor = reach.next.and(reach.floor);
        let (floor_at, floor_id) = floor.map_or((i64::MIN, String::new()), |p| {
            (p.last_activity_at, p.id.text())
        });
        let rows = sqlx::query(
            "SELECT * FROM conversations
             WHERE (last_activity_at, id) < (?1, ?2) AND (last_activity_at, id) >= (?3, ?4)
             ORDER BY last_activity_at DESC, id DESC LIMIT 50",
        )
        .bind(at)
        .bind(id)
        .bind(floor_at)
        .bind(floor_id)
        .fetch_all(&mut self.db)
        .await?;
        rows.iter().map(ConversationRow::read).collect()
    }

    /// How much of the list is cached.
    ///
    /// # Errors
    /// The store fails.
    pub async fn reach(&mut self) -> Stored<ListReach> {
        let row = sqlx::query("SELECT list_next, floor_at, floor_id FROM position")
            .fetch_one(&mut self.db)
            .await?;
        let at: Option<i64> = row.try_get("floor_at")?;
        let floor_id: Option<String> = row.try_get("floor_id")?;
        let floor = match (at, floor_id) {
            (Some(last_activity_at), Some(text)) => Some(ListPlace {
                last_activity_at,
                id: id(&text)?,
            }),
            _ => None,
        };
        Ok(ListReach {
            next: row.try_get("list_next")?,
            floor,
        })
    }

    /// Forgets every conversation and line and begins with the first page and a new position.
    ///
    /// # Errors
    /// The store fails; then nothing has changed.
    pub async fn load_anew(
        &mut self,
        me: AccountId,
        first: &Page<ConversationItem>,
        cursor: &str,
    ) -> Stored<()> {
        let mut tx = self.db.begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query("DELETE FROM messages")
            .execute(&mut *tx)
            .await?;
        sqlx::query("DELETE FROM conversations")
            .execute(&mut *tx)
            .await?;
        add_page(&mut tx, me, first).await?;
        sqlx::query(
            "UPDATE conversations SET unread_count = 0, read_seq = max(read_seq, r.seq)
             FROM reads r WHERE r.conversation_id = conversations.id AND r.seq > conversations.read_seq",
        )
        .execute(&mut *tx)
        .await?;
        sqlx::query("UPDATE position SET cursor = ?1, seq = NULL, toasted_seq = NULL")
            .bind(cursor)
            .execute(&mut *tx)
            .await?;
        Ok(tx.commit().await?)
    }

    /// Adds the next page of the list.
    ///
    /// # Errors
    /// The store fails; then nothing has changed.
    pub async fn extend(&mut self, me: AccountId, page: &Page<ConversationItem>) -> Stored<()> {
        let mut tx = self.db.begin_with("BEGIN IMMEDIATE").await?;
        add_page(&mut tx, me, page).await?;
        Ok(tx.commit().await?)
    }

    /// Adds or replaces one conversation as the server lists it.
    ///
    /// # Errors
    /// The store fails.
    pub async fn save_item(&mut self, me: AccountId, item: &ConversationItem) -> Stored<()> {
        let mut tx = self.db.begin_with("BEGIN IMMEDIATE").await?;
        save_item(&mut tx, me, item).await?;
        Ok(tx.commit().await?)
    }

    /// Messages not read over all conversations, and the newest of those they are in.
    ///
    /// # Errors
    /// The store fails.
    pub async fn unread(&mut self) -> Stored<(u32, Vec<UnreadConversation>)> {
        let total: i64 = sqlx::query_scalar(
            "SELECT coalesce(sum(unread_count), 0) FROM conversations WHERE unread_count > 0",
        )
        .fetch_one(&mut self.db)
        .await?;
        if total == 0 {
            return Ok((0, vec![]));
        }
        let rows = sqlx::query(
            "SELECT * FROM conversations WHERE unread_count > 0
             ORDER BY last_activity_at DESC LIMIT ?1",
        )
        .bind(i64::from(MENU_CONVERSATIONS))
        .fetch_all(&mut self.db)
        .await?;
        let unread = rows
            .iter()
            .map(|row| ConversationRow::read(row).map(unread_conversation));
        Ok((count(total), unread.collect::<Stored<_>>()?))
    }

    /// Every conversation with something unread.
    ///
    /// # Errors
    /// The store fails.
    pub async fn unread_ids(&mut self) -> Stored<Vec<ConversationId>> {
        let texts: Vec<String> =
            sqlx::query_scalar("SELECT id FROM conversations WHERE unread_count > 0")
                .fetch_all(&mut self.db)
                .await?;
        texts.iter().map(|text| id(text)).collect()
    }

    /// Conversations that lines are cached for but that are themselves not.
    ///
    /// # Errors
    /// The store fails.
    pub async fn unknown(&mut self) -> Stored<Vec<ConversationId>> {
        let texts: Vec<String> = sqlx::query_scalar(
            "SELECT DISTINCT conversation_id FROM messages m
             WHERE NOT EXISTS (SELECT 1 FROM conversations c WHERE c.id = m.conversation_id)",
        )
        .fetch_all(&mut self.db)
        .await?;
        texts.iter().map(|text| id(text)).collect()
    }
}

fn unread_conversation(row: ConversationRow) -> UnreadConversation {
    UnreadConversation {
        id: row.conversation.id,
        number: row.conversation.ticket.map(|ticket| ticket.number),
        subject: row.conversation.subject,
        count: row.unread_count,
    }
}

async fn add_page(
    db: &mut SqliteConnection,
    me: AccountId,
    page: &Page<ConversationItem>,
) -> Stored<()> {
    for item in &page.items {
        save_item(db, me, item).await?;
    }
    let last = page.items.last().map(|item| &item.conversation);
    sqlx::query(
        "UPDATE position SET list_next = ?1,
         floor_at = coalesce(?2, floor_at), floor_id = coalesce(?3, floor_id)",
    )
    .bind(page.next.as_deref())
    .bind(last.map(|c| c.last_activity_at.as_millis()))
    .bind(last.map(|c| c.id.text()))
    .execute(db)
    .await?;
    Ok(())
}

/// Adds or replaces a conversation. What was read here stays read, and an item that the server wrote
/// before an event that has been applied does not take the event back.
pub(crate) async fn save_item(
    db: &mut SqliteConnection,
    me: AccountId,
    item: &ConversationItem,
) -> Stored<()> {
    let conversation = &item.conversation;
    let preview = item.preview.as_ref();
    sqlx::query(
        "INSERT INTO conversations(id, last_activity_at, unread_count, read_seq, preview_text, preview_mine, data)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT(id) DO UPDATE SET
           last_activity_at = max(last_activity_at, excluded.last_activity_at),
           unread_count = CASE WHEN excluded.read_seq >= read_seq THEN excluded.unread_count ELSE unread_count END,
           read_seq = max(read_seq, excluded.read_seq),
           preview_text = CASE WHEN excluded.last_activity_at >= last_activity_at
             THEN coalesce(excluded.preview_text, preview_text) ELSE preview_text END,
           preview_mine = CASE WHEN excluded.last_activity_at >= last_activity_at AND excluded.preview_text IS NOT NULL
             THEN excluded.preview_mine ELSE preview_mine END,
           data = CASE WHEN excluded.last_activity_at >= last_activity_at THEN excluded.data ELSE data END",
    )
    .bind(conversation.id.text())
    .bind(conversation.last_activity_at.as_millis())
    .bind(i64::from(item.unread_count))
    .bind(signed(item.read_seq))
    .bind(preview.map(|p| preview_text(&p.text)))
    .bind(i64::from(preview.is_some_and(|p| p.author.id == me)))
    .bind(to_json(conversation)?)
    .execute(&mut *db)
    .await?;
    super::unread::recounted(db, conversation.id).await
}
