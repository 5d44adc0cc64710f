//! A desktop with a client that has signed in, and a technician beside it.

use anyhow::{Context, Result, ensure};
use deskbell_protocol::ConversationId;
use deskbell_testing::{
    desktop::{Desktop, Setup},
    process::{Process, Program},
    wait::eventually,
};
use deskbell_tests::{api::Visitor, employee::Employee, programs, server::Server};
use zbus::fdo::DBusProxy;

use crate::start;

pub const ANA: &str = "ana.silva@harbourfinch.example";
const TESS: &str = "tess.berg@deskbell.example";

/// A closed window is kept for some minutes; nobody waits for that here.
const KEPT_MILLIS: &str = "5000";

pub struct Stage {
    pub desktop: Desktop,
    pub server: Server,
    /// Where the client finds the server.
    pub url: String,
}

impl Stage {
    /// A client that has signed in once and ended.
    pub async fn set(setup: Setup) -> Result<Self> {
        let server = Server::demo().await?;
        let url = server.url();
        Self::set_before(setup, server, url).await
    }

    /// The same, the client reaching the server at `url`.
    pub async fn set_before(setup: Setup, server: Server, url: String) -> Result<Self> {
        let desktop = Desktop::with(setup).await?;
        let employee = Employee::start(&desktop, &url).await?;
        employee.sign_in_by_email(ANA, &server.mailbox()).await?;
        desktop.tray.item().await?.click("Quit").await?;
        drop(employee);
        let stage = Self {
            desktop,
            server,
            url,
        };
        stage.wait_for_end().await?;
        Ok(stage)
    }

    /// Until the client's name on the session's bus is free for the next.
    pub async fn wait_for_end(&self) -> Result<()> {
        let bus = DBusProxy::new(self.desktop.bus()).await?;
        eventually("the client's name to be free", async || {
            let names = bus.list_names().await?;
            let taken = names.iter().any(|name| name.contains("deskbell"));
            ensure!(!taken, "{names:?}");
            Ok(())
        })
        .await
    }

    /// The client as it starts with the session: in the tray alone.
    pub fn client(&self) -> Result<Program> {
        let program = self.desktop.program(&programs::client()?);
        Ok(program
            .env("DESKBELL_WINDOW_KEPT_MS", KEPT_MILLIS)
            .args(["--server", &self.url, "--data-dir"])
            .arg(Employee::data(&self.desktop)))
    }

    /// Starts it and waits for its icon.
    pub async fn start_client(&self) -> Result<Process> {
        start::start(&self.desktop, self.client()?).await
    }

    /// A technician who has taken a conversation of Ana's, and that conversation.
    pub async fn conversation(&self) -> Result<(Visitor, ConversationId)> {
        let (url, mailbox) = (self.server.url(), self.server.mailbox());
        let tess =
            Visitor::technician(&url, TESS, &mailbox, self.server.authenticator(TESS)?).await?;
        let ana = self.ana().await?;
        let id = ana.ask("The screen stays black.").await?;
        tess.take(id).await?;
        Ok((tess, id))
    }

    /// Ana, by the session her client keeps.
    pub async fn ana(&self) -> Result<Visitor> {
        let secrets = self.desktop.secrets().await?;
        let mut tokens = secrets.iter().filter_map(|secret| token_in(&secret.secret));
        let token = tokens.next_back().context("no session in the keyring")?;
        Ok(Visitor::with_token(&self.server.url(), &token))
    }
}

/// The token in a session as the client keeps it.
fn token_in(secret: &[u8]) -> Option<String> {
    let session: serde_json::Value = serde_json::from_slice(secret).ok()?;
    session.get("token")?.as_str().map(str::to_owned)
}
