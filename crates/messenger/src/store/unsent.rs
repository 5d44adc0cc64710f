//! The outbox and the drafts: what only this computer has, on disk before anything else happens to it.

use std::path::{Path, PathBuf};

use deskbell_protocol::{ConversationId, DeviceId, ErrorCode, MessageId, Timestamp};
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{Connection, Row};

use super::rows::{from_json, id, to_json};
use super::{Durability, StoreError, Stored, close, files, open, open_in_memory};

const TABLES: &str = "
CREATE TABLE IF NOT EXISTS outbox(
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    conversation_id TEXT NOT NULL,
    request INTEGER NOT NULL,
    device_id TEXT,
    body TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting',
    code TEXT
);
CREATE TABLE IF NOT EXISTS drafts(place TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
";

/// The outbox and the drafts of one account.
pub struct Unsent {
    db: SqliteConnection,
    /// Where it lies; none without a disk.
    file: Option<PathBuf>,
    /// A write failed: it is opened anew before the next.
    stale: bool,
}

/// Something the user sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxItem {
    /// Its id for ever; for a request also the conversation's.
    pub id: MessageId,
    /// Where it belongs.
    pub conversation_id: ConversationId,
    /// It asks for help, and makes the conversation.
    pub request: bool,
    /// The machine a request is about.
    pub device_id: Option<DeviceId>,
    /// Markdown.
    pub body: String,
    /// When the user sent it.
    pub created_at: Timestamp,
    /// How far it has come.
    pub state: OutboxState,
}

/// How far something has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutboxState {
    /// It is to be sent.
    Waiting,
    /// The server has it; it is shown from here until the feed brings it.
    Sent,
    /// The server refused it for good.
    Failed(ErrorCode),
}

/// How opening went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnsentOpened {
    /// As it was left, or new.
    Sound,
    /// It was damaged; what could be read was kept, and the damaged file lies beside.
    Salvaged,
    /// The disk does not take it.
    InMemory,
}

impl Unsent {
    /// Opens the file. Of a damaged one all that can be read is kept.
    ///
    /// # Errors
    /// Not even memory would do.
    pub async fn open(file: &Path, now: Timestamp) -> Stored<(Self, UnsentOpened)> {
        match Self::try_open(file).await {
            Ok(unsent) => Ok((unsent, UnsentOpened::Sound)),
            Err(StoreError::Unwritable) => Ok((Self::in_memory().await?, UnsentOpened::InMemory)),
            Err(error) => {
                tracing::error!(%error, "the outbox is damaged; what can be read is kept");
                Self::salvage(file, now).await
            }
        }
    }

    async fn try_open(file: &Path) -> Stored<Self> {
        let mut unsent = Self {
            db: open(file, Durability::Precious).await?,
            file: Some(file.to_path_buf()),
            stale: false,
        };
        sqlx::raw_sql(TABLES).execute(&mut unsent.db).await?;
        let sound: String = sqlx::query_scalar("PRAGMA quick_check(1)")
            .fetch_one(&mut unsent.db)
            .await?;
        if sound == "ok" {
            Ok(unsent)
        } else {
            Err(StoreError::Damaged)
        }
    }

    /// An outbox that is gone when the client ends.
    ///
    /// # Errors
    /// There is no memory.
    pub async fn in_memory() -> Stored<Self> {
        let mut unsent = Self {
            db: open_in_memory().await?,
            file: None,
            stale: false,
        };
        sqlx::raw_sql(TABLES).execute(&mut unsent.db).await?;
        Ok(unsent)
    }

    async fn salvage(file: &Path, now: Timestamp) -> Stored<(Self, UnsentOpened)> {
        let Some(damaged) = set_aside(file, now) else {
            return Ok((Self::in_memory().await?, UnsentOpened::InMemory));
        };
        let (items, drafts) = match open(&damaged, Durability::Precious).await {
            Ok(db) => readable(db).await,
            Err(_) => (vec![], vec![]),
        };
        let mut fresh = match Self::try_open(file).await {
            Ok(fresh) => fresh,
            Err(_) => return Ok((Self::in_memory().await?, UnsentOpened::InMemory)),
        };
        for item in &items {
            insert(&mut fresh.db, item).await?;
        }
        for (place, body) in &drafts {
            save_draft(&mut fresh.db, place, body).await?;
        }
        Ok((fresh, UnsentOpened::Salvaged))
    }

    /// Closes the file.
    pub async fn close(self) {
        close(self.db).await;
    }

    /// Takes something into the outbox and forgets the draft it came from, in one transaction. When this
    /// returns it is on disk.
    ///
    /// # Errors
    /// The disk does not take it; then nothing has changed.
    pub async fn enqueue(&mut self, item: &OutboxItem) -> Stored<()> {
        self.renew().await?;
        let stored = self.put(item).await;
        self.stale = stored.is_err();
        stored
    }

    /// A full disk ends a transaction within SQLite without a word to the library, which then begins none
    /// any more: the file is opened anew.
    async fn renew(&mut self) -> Stored<()> {
        if let (true, Some(file)) = (self.stale, &self.file) {
            let fresh = open(file, Durability::Precious).await?;
            close(std::mem::replace(&mut self.db, fresh)).await;
        }
        self.stale = false;
        Ok(())
    }

    async fn put(&mut self, item: &OutboxItem) -> Stored<()> {
        let place = if item.request {
            String::new()
        } else {
            item.conversation_id.text()
        };
        let mut tx = self.db.begin_with("BEGIN IMMEDIATE").await?;
        insert(&mut tx, item).await?;
        sqlx::query("DELETE FROM drafts WHERE place = ?1")
            .bind(place)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        crate::failpoint::reach("after-enqueue");
        Ok(())
    }

    /// All of it, in the order it was sent by the user.
    ///
    /// # Errors
    /// The store fails.
    pub async fn items(&mut self) -> Stored<Vec<OutboxItem>> {
        let rows = sqlx::query("SELECT * FROM outbox ORDER BY position")
            .fetch_all(&mut self.db)
            .await?;
        rows.iter().map(read).collect()
    }

    /// Notes how far something has come.
    ///
    /// # Errors
    /// The store fails.
    pub async fn set_state(&mut self, id: MessageId, state: OutboxState) -> Stored<()> {
        let (word, code) = match state {
            OutboxState::Waiting => ("waiting", None),
            OutboxState::Sent => ("sent", None),
            OutboxState::Failed(code) => ("failed", Some(to_json(&code)?)),
        };
        sqlx::query("UPDATE outbox SET state = ?2, code = ?3 WHERE id = ?1")
            .bind(id.text())
            .bind(word)
            .bind(code)
            .execute(&mut self.db)
            .await?;
        Ok(())
    }

    /// Forgets something: the server has it, or the user discarded it.
    ///
    /// # Errors
    /// The store fails.
    pub async fn remove(&mut self, id: MessageId) -> Stored<()> {
        sqlx::query("DELETE FROM outbox WHERE id = ?1")
            .bind(id.text())
            .execute(&mut self.db)
            .await?;
        Ok(())
    }

    /// What was typed and not sent; empty if nothing.
    ///
    /// # Errors
    /// The store fails.
    pub async fn draft(&mut self, place: Option<ConversationId>) -> Stored<String> {
        let body: Option<String> = sqlx::query_scalar("SELECT body FROM drafts WHERE place = ?1")
            .bind(place_text(place))
            .fetch_optional(&mut self.db)
            .await?;
        Ok(body.unwrap_or_default())
    }

    /// Keeps what is typed.
    ///
    /// # Errors
    /// The disk does not take it.
    pub async fn save_draft(&mut self, place: Option<ConversationId>, body: &str) -> Stored<()> {
        save_draft(&mut self.db, &place_text(place), body).await
    }
}

fn place_text(place: Option<ConversationId>) -> String {
    place.map(ConversationId::text).unwrap_or_default()
}

async fn save_draft(db: &mut SqliteConnection, place: &str, body: &str) -> Stored<()> {
    let query = if body.is_empty() {
        sqlx::query("DELETE FROM drafts WHERE place = ?1")
    } else {
        sqlx::query(
            "INSERT INTO drafts(place, body) VALUES (?1, ?2)
             ON CONFLICT(place) DO UPDATE SET body = excluded.body",
        )
    };
    query.bind(place).bind(body).execute(db).await?;
    Ok(())
}

async fn insert(db: &mut SqliteConnection, item: &OutboxItem) -> Stored<()> {
    sqlx::query(
        "INSERT INTO outbox(id, conversation_id, request, device_id, body, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT(id) DO NOTHING",
    )
    .bind(item.id.text())
    .bind(item.conversation_id.text())
    .bind(i64::from(item.request))
    .bind(item.device_id.map(DeviceId::text))
    .bind(&item.body)
    .bind(item.created_at.as_millis())
    .execute(db)
    .await?;
    Ok(())
}

fn read(row: &SqliteRow) -> Stored<OutboxItem> {
    let device: Option<&str> = row.try_get("device_id")?;
    let code: Option<&str> = row.try_get("code")?;
    let state: &str = row.try_get("state")?;
    Ok(OutboxItem {
        id: id(row.try_get("id")?)?,
        conversation_id: id(row.try_get("conversation_id")?)?,
        request: row.try_get::<i64, _>("request")? != 0,
        device_id: device.map(id).transpose()?,
        body: row.try_get("body")?,
        created_at: Timestamp::from_millis(row.try_get("created_at")?),
        state: match state {
            "sent" => OutboxState::Sent,
            "failed" => OutboxState::Failed(
                code.and_then(|c| from_json(c).ok())
                    .unwrap_or(ErrorCode::Unknown),
            ),
            _ => OutboxState::Waiting,
        },
    })
}

/// Moves a damaged database out of the way, with what SQLite keeps beside it. None if it cannot be
/// moved: then it stays where it is, for another time.
fn set_aside(file: &Path, now: Timestamp) -> Option<PathBuf> {
    let aside = file.with_extension(format!("damaged-{}.sqlite", now.as_millis()));
    for (from, to) in files(file).iter().zip(files(&aside)) {
        if from.exists() {
            std::fs::rename(from, to).ok()?;
        }
    }
    Some(aside)
}

/// Every row that can still be read, one by one: a damaged page costs only what is on it.
async fn readable(mut db: SqliteConnection) -> (Vec<OutboxItem>, Vec<(String, String)>) {
    let (mut items, mut drafts) = (vec![], vec![]);
    let mut after = 0_i64;
    while let Ok(Some(row)) = next_row(&mut db, after).await {
        after = row.try_get("position").unwrap_or(after + 1).max(after + 1);
        items.extend(read(&row).ok());
    }
    if let Ok(rows) = sqlx::query("SELECT place, body FROM drafts")
        .fetch_all(&mut db)
        .await
    {
        drafts.extend(
            rows.iter()
                .filter_map(|row| Some((row.try_get("place").ok()?, row.try_get("body").ok()?))),
        );
    }
    close(db).await;
    (items, drafts)
}

async fn next_row(db: &mut SqliteConnection, after: i64) -> Result<Option<SqliteRow>, sqlx::Error> {
    sqlx::query("SELECT * FROM outbox WHERE position > ?1 ORDER BY position LIMIT 1")
        .bind(after)
        .fetch_optional(db)
        .await
}
