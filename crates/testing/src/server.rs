//! A server inside the test process, with a clock that is set and a mailbox that is read.

use std::any::Any;
use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Context, Result};
use axum::Router;
use deskbell_protocol::Timestamp;
use deskbell_server::clock::SetClock;
use deskbell_server::delivery::{Carriers, Mailbox};
use deskbell_server::identity::key::ServerKey;
use deskbell_server::identity::{Identity, TextMessages};
use deskbell_server::listen::{self, Door};
use deskbell_server::site::Site;
use deskbell_server::store::{Purpose, Store};
use deskbell_server::{App, Settings};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::caller::Caller;
use crate::folder::private_folder;
use crate::people::People;
use crate::postgres::Postgres;
use crate::wait::{PATIENCE, eventually};

pub use crate::people::TestTechnician;

/// The moment every test begins: 2026-11-21T08:00:00Z.
pub const BEGINNING: Timestamp = Timestamp::from_millis(1_795_248_000_000);

/// Text messages a test server sends in a day.
pub const DAILY_BUDGET: i64 = 5;

/// A running server. It ends when dropped.
pub struct TestServer {
    /// What every part of it shares.
    pub app: App,
    /// Its clock, which stands still until it is moved.
    pub clock: Arc<SetClock>,
    /// Where its letters go.
    pub mailbox: Mailbox,
    /// Its address, `http://127.0.0.1:PORT`.
    pub url: String,
    setup: Setup,
    stop: Option<oneshot::Sender<()>>,
    serving: JoinHandle<()>,
}

/// What a server is started with.
#[derive(Clone)]
struct Setup {
    database: String,
    // Keeps the folder or the database server for as long as somebody uses it.
    _home: Option<Arc<dyn Any + Send + Sync>>,
    clock: Arc<SetClock>,
    mailbox: Mailbox,
    carriers: Carriers,
    change: fn(&mut Settings),
}

impl Setup {
    fn of(database: String, home: Option<Arc<dyn Any + Send + Sync>>) -> Self {
        let mailbox = Mailbox::default();
        let carriers = Carriers::mailbox(&mailbox);
        let clock = Arc::new(SetClock::at(BEGINNING));
        Self {
            database,
            _home: home,
            clock,
            mailbox,
            carriers,
            change: |_| {},
        }
    }

    fn sqlite() -> Result<Self> {
        let folder = private_folder()?;
        let database = format!("sqlite:{}", folder.path().join("deskbell.db").display());
        Ok(Self::of(database, Some(Arc::new(folder))))
    }
}

impl TestServer {
    /// Starts one on a SQLite file of its own.
    ///
    /// # Errors
    /// When it cannot start.
    pub async fn start() -> Result<Self> {
        Self::begin(Setup::sqlite()?).await
    }

    /// Starts one on a SQLite file of its own, with settings that differ from the usual.
    ///
    /// # Errors
    /// When it cannot start.
    pub async fn start_with(change: fn(&mut Settings)) -> Result<Self> {
        Self::begin(Setup {
            change,
            ..Setup::sqlite()?
        })
        .await
    }

    /// Starts one on a SQLite file of its own, whose letters these carriers bring away.
    ///
    /// # Errors
    /// When it cannot start.
    pub async fn with_carriers(carriers: Carriers) -> Result<Self> {
        Self::begin(Setup {
            carriers,
            ..Setup::sqlite()?
        })
        .await
    }

    /// Starts one on this database.
    ///
    /// # Errors
    /// When it cannot start.
    pub async fn on(database: &str) -> Result<Self> {
        Self::begin(Setup::of(database.to_owned(), None)).await
    }

    /// Starts one on each database that the server runs on: SQLite and PostgreSQL.
    ///
    /// # Errors
    /// When one cannot start.
    pub async fn on_each_engine() -> Result<[Self; 2]> {
        Ok([Self::start().await?, Self::on_postgres().await?])
    }

    /// Starts one on a PostgreSQL server of its own.
    ///
    /// # Errors
    /// When it cannot start.
    pub async fn on_postgres() -> Result<Self> {
        let postgres = Postgres::start().await?;
        let database = postgres.database().await?;
        Self::begin(Setup::of(database, Some(Arc::new(postgres)))).await
    }

    /// Starts another on the same database, with the same clock and mailbox. SQLite has none.
    ///
    /// # Errors
    /// When it cannot start.
    pub async fn beside(&self) -> Result<Self> {
        Self::begin(self.setup.clone()).await
    }

    /// Ends this one and starts another on the same database.
    ///
    /// # Errors
    /// When it cannot start.
    pub async fn restart(mut self) -> Result<Self> {
        self.end().await;
        let setup = self.setup.clone();
        drop(self);
        Self::begin_once_free(setup).await
    }

    /// Ends this one and starts another on the same database, with letters going to the mailbox.
    ///
    /// # Errors
    /// When it cannot start.
    pub async fn restart_with_mailbox(mut self) -> Result<Self> {
        self.end().await;
        let carriers = Carriers::mailbox(&self.mailbox);
        let setup = Setup {
            carriers,
            ..self.setup.clone()
        };
        drop(self);
        Self::begin_once_free(setup).await
    }

    /// Ends it the way SIGTERM does, and waits until it has.
    pub async fn end(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        let _ = (&mut self.serving).await;
    }

    /// Tasks of the server before may hold the database for a moment longer.
    async fn begin_once_free(setup: Setup) -> Result<Self> {
        eventually("the database is free", async || {
            Self::begin(setup.clone()).await
        })
        .await
    }

    async fn begin(setup: Setup) -> Result<Self> {
        let Setup { clock, mailbox, .. } = setup.clone();
        let store = Store::open(&setup.database, Purpose::Serve, clock.as_ref()).await?;
        let listener = listen::bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
        let address = listener.local_addr()?;
        let mut settings = Settings::local(address);
        (setup.change)(&mut settings);
        let app = App::new(store, clock.clone(), settings, identity());
        let (stop, stopped) = oneshot::channel::<()>();
        let site = Site {
            app: app.clone(),
            carriers: setup.carriers.clone(),
            listener,
            // Tests pretend to come from other addresses with X-Forwarded-For.
            door: Door {
                trusted: vec!["127.0.0.0/8".parse()?],
                ..Door::default()
            },
            beside: Router::new(),
        };
        let serving = tokio::spawn(site.run(async move { drop(stopped.await) }));
        let (stop, url) = (Some(stop), format!("http://{address}"));
        Ok(Self {
            app,
            clock,
            mailbox,
            url,
            setup,
            stop,
            serving,
        })
    }

    /// Somebody who calls it without being signed in.
    #[must_use]
    pub fn anyone(&self) -> Caller {
        Caller::of(&self.url)
    }

    /// Writes a requester down; their address follows from their name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn requester(&self, name: &str) -> Result<String> {
        self.requester_of("Harbour & Finch", name).await
    }

    /// The same in this organization.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn requester_of(&self, organization: &str, name: &str) -> Result<String> {
        self.people().requester_of(organization, name).await
    }

    /// Writes a technician down; their address follows from their name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn technician(&self, name: &str) -> Result<TestTechnician> {
        self.people().technician(name, false).await
    }

    /// The same for an admin.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn admin(&self, name: &str) -> Result<TestTechnician> {
        self.people().technician(name, true).await
    }

    fn people(&self) -> People<'_> {
        People {
            store: &self.app.store,
            key: self.app.identity.key(),
            clock: self.clock.as_ref(),
        }
    }

    /// Begins a session for this address directly, without codes.
    ///
    /// # Errors
    /// When nobody has the address.
    pub async fn session(&self, email: &str) -> Result<Caller> {
        let (role, token) = self.people().session(email).await?;
        Ok(self.anyone().with(role, &token))
    }

    /// The newest code that went to this address or number, once `wanted` letters have.
    ///
    /// # Errors
    /// When the mailbox is gone or the letter has no code.
    pub async fn code_to(&self, to: &str, wanted: usize) -> Result<String> {
        let letter = timeout(PATIENCE, self.mailbox.nth_to(to, wanted)).await;
        let letter = letter.with_context(|| format!("letter {wanted} has not come"))?;
        let letter = letter.context("the mailbox is gone")?;
        Ok(letter.code().context("the letter has no code")?.to_owned())
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

fn identity() -> Identity {
    let text_messages = TextMessages {
        countries: vec!["+49".to_owned()],
        daily_budget: DAILY_BUDGET,
    };
    Identity::new(ServerKey::from_bytes([7; 32]), Some(text_messages))
}
