//! Transactions that write, and how several of them share a commit.
//!
//! SQLite writes one at a time, and each commit waits for the disk. So those who queue up meanwhile
//! join one transaction, each within a savepoint of its own; when it has been committed, all of them
//! go on. On PostgreSQL every transaction is its own.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::time::Duration;

use sqlx::{Any, AnyConnection, AnyPool, Transaction, raw_sql};
use tokio::sync::{Mutex, OwnedMappedMutexGuard, OwnedMutexGuard, watch};
use tokio::time::timeout;

use super::{Error, sqlite};

/// A transaction that may write. What it did is undone when it is dropped without [`Tx::commit`].
#[derive(Debug)]
pub struct Tx(Kind);

#[derive(Debug)]
enum Kind {
    Alone(Transaction<'static, Any>),
    Together(Turn),
}

impl Tx {
    /// A transaction that shares nothing.
    pub(super) fn alone(transaction: Transaction<'static, Any>) -> Self {
        Self(Kind::Alone(transaction))
    }

    /// What a `SELECT` ends with so that its rows stay as they are until this transaction ends. On
    /// SQLite nobody else writes meanwhile.
    #[must_use]
    pub fn lock_rows(&self) -> &'static str {
        match self.0 {
            Kind::Alone(_) => "FOR NO KEY UPDATE",
            Kind::Together(_) => "",
        }
    }

    /// Everything it did is on the disk when this returns.
    ///
    /// # Errors
    /// When the database fails; then nothing of it is.
    pub async fn commit(self) -> Result<(), Error> {
        match self.0 {
            Kind::Alone(transaction) => Ok(transaction.commit().await?),
            Kind::Together(turn) => turn.commit().await,
        }
    }

    /// Undoes what it did. What it has seen of others is on the disk when this returns, so that it may
    /// be told on.
    ///
    /// # Errors
    /// When the database fails; then what it has seen may not be there.
    pub async fn rollback(self) -> Result<(), Error> {
        match self.0 {
            Kind::Alone(transaction) => Ok(transaction.rollback().await?),
            Kind::Together(turn) => turn.rollback().await,
        }
    }
}

impl Deref for Tx {
    type Target = AnyConnection;

    fn deref(&self) -> &AnyConnection {
        match &self.0 {
            Kind::Alone(transaction) => transaction,
            Kind::Together(turn) => &turn.open.transaction,
        }
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut AnyConnection {
        match &mut self.0 {
            Kind::Alone(transaction) => transaction,
            Kind::Together(turn) => &mut turn.open.transaction,
        }
    }
}

/// Those who want to write, in the order in which they came.
#[derive(Debug)]
pub(super) struct Line {
    writers: AnyPool,
    patience: Duration,
    /// Somebody else moves the write-ahead log on.
    leaves_checkpoints: bool,
    open: Arc<Mutex<Option<Open>>>,
}

/// A transaction that others may join.
#[derive(Debug)]
pub(super) struct Open {
    transaction: Transaction<'static, Any>,
    /// Whose work is in it and waits for the commit.
    members: usize,
    /// The last one gave up: what it did must be undone first of all.
    is_spoiled: bool,
    end: watch::Sender<Option<Ended>>,
}

/// How a commit ended.
type Ended = Result<(), Arc<Error>>;

impl Line {
    pub(super) fn new(writers: AnyPool, patience: Duration, leaves_checkpoints: bool) -> Self {
        Self {
            writers,
            patience,
            leaves_checkpoints,
            open: Arc::default(),
        }
    }

    /// Waits for its turn, and joins those who went before if they are not on the disk yet.
    pub(super) async fn join(&self) -> Result<Tx, Error> {
        let waiting = timeout(self.patience, Arc::clone(&self.open).lock_owned());
        let mut slot = waiting.await.map_err(|_| sqlx::Error::PoolTimedOut)?;
        if let Err(error) = undo(&mut slot).await {
            tracing::warn!(%error, "a transaction was not undone as it should");
        }
        if let Some(open) = slot.as_mut() {
            // Should nobody wait for the savepoint any more, the next one clears up.
            open.is_spoiled = true;
            statement(open, "SAVEPOINT turn").await?;
            open.is_spoiled = false;
        } else {
            *slot = Some(self.begin().await?);
        }
        let line = Arc::clone(&self.open);
        let open = OwnedMutexGuard::try_map(slot, Option::as_mut).map_err(|_| crashed())?;
        Ok(Tx(Kind::Together(Turn {
            open,
            line,
            is_over: false,
        })))
    }

    /// Commits what is open. Until the guard is dropped, nobody writes.
    pub(super) async fn pause(&self) -> Result<OwnedMutexGuard<Option<Open>>, Error> {
        let mut slot = Arc::clone(&self.open).lock_owned().await;
        undo(&mut slot).await?;
        if slot.is_some() {
            finish(&mut slot).await?;
        }
        Ok(slot)
    }

    async fn begin(&self) -> Result<Open, Error> {
        let begun = match self.writers.begin_with("BEGIN IMMEDIATE").await {
            Err(sqlx::Error::InvalidSavePointStatement) => {
                self.replace_writer().await?;
                self.writers.begin_with("BEGIN IMMEDIATE").await
            }
            begun => begun,
        };
        Ok(Open {
            transaction: begun?,
            members: 0,
            is_spoiled: false,
            end: watch::Sender::new(None),
        })
    }

    /// SQLite has ended a transaction by itself, for want of room; the connection still counts it and
    /// begins none any more.
    async fn replace_writer(&self) -> Result<(), sqlx::Error> {
        self.writers.acquire().await?.close().await?;
        if self.leaves_checkpoints {
            sqlite::leave_checkpoints(&self.writers).await?;
        }
        Ok(())
    }
}

/// One's own part of an open transaction.
#[derive(Debug)]
struct Turn {
    open: OwnedMappedMutexGuard<Option<Open>, Open>,
    line: Arc<Mutex<Option<Open>>>,
    is_over: bool,
}

impl Turn {
    async fn commit(mut self) -> Result<(), Error> {
        if self.open.members > 0 {
            statement(&mut self.open, "RELEASE turn").await?;
        }
        self.open.members += 1;
        self.is_over = true;
        self.ended().await
    }

    async fn rollback(mut self) -> Result<(), Error> {
        self.open.is_spoiled = true;
        self.is_over = true;
        if self.open.members > 0 {
            return self.ended().await;
        }
        let line = Arc::clone(&self.line);
        drop(self);
        undo(&mut *line.lock().await).await
    }

    /// Makes room for others and waits until all that is in the transaction is on the disk.
    async fn ended(self) -> Result<(), Error> {
        let (line, end) = (Arc::clone(&self.line), self.open.end.subscribe());
        drop(self);
        // To the end, even if nobody waits for the answer: others may be in the same transaction.
        let ended = tokio::spawn(ended(line, end)).await;
        Ok(ended.unwrap_or_else(|_| Err(crashed()))?)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if self.is_over {
            return;
        }
        self.open.is_spoiled = true;
        // Who joins next, or commits, undoes it; perhaps nobody does.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            let line = Arc::clone(&self.line);
            runtime.spawn(async move {
                if let Err(error) = undo(&mut *line.lock().await).await {
                    tracing::warn!(%error, "a transaction was not undone as it should");
                }
            });
        }
    }
}

fn crashed() -> Arc<Error> {
    Arc::new(sqlx::Error::WorkerCrashed.into())
}

/// Queues up once more. Whoever came in the meantime goes first and joins; the first to be here again
/// commits for all of them.
async fn ended(line: Arc<Mutex<Option<Open>>>, end: watch::Receiver<Option<Ended>>) -> Ended {
    let mut news = end.clone();
    let told = async { news.wait_for(Option::is_some).await.ok()?.clone() };
    tokio::select! {
        biased;
        told = told => told.unwrap_or_else(|| Err(crashed())),
        mut slot = line.lock() => {
            let told = end.borrow().clone();
            match told {
                Some(told) => told,
                None if end.has_changed().is_err() => Err(crashed()),
                None => finish(&mut slot).await,
            }
        }
    }
}

/// Commits the transaction that is open, and tells all whose work is in it.
async fn finish(slot: &mut Option<Open>) -> Ended {
    undo(slot).await.map_err(Arc::new)?;
    let Some(open) = slot.take() else {
        return Err(crashed());
    };
    let ended = open.transaction.commit().await;
    let ended = ended.map_err(|error| Arc::new(error.into()));
    open.end.send_replace(Some(ended.clone()));
    ended
}

/// Undoes the work of the last one if they gave up. If that fails, nothing of the transaction is
/// kept, and all whose work was in it are told.
async fn undo(slot: &mut Option<Open>) -> Result<(), Error> {
    let Some(mut open) = slot.take_if(|open| open.is_spoiled) else {
        return Ok(());
    };
    if open.members == 0 {
        return Ok(open.transaction.rollback().await?);
    }
    match statement(&mut open, "ROLLBACK TO turn; RELEASE turn").await {
        Ok(()) => {
            open.is_spoiled = false;
            *slot = Some(open);
            Ok(())
        }
        Err(error) => {
            let error = Arc::new(error);
            open.end.send_replace(Some(Err(Arc::clone(&error))));
            open.transaction.rollback().await?;
            Err(error.into())
        }
    }
}

async fn statement(open: &mut Open, sql: &'static str) -> Result<(), Error> {
    raw_sql(sql).execute(&mut *open.transaction).await?;
    Ok(())
}
