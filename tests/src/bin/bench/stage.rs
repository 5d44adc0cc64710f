//! A desktop with a client that has signed in, and a technician beside it.

use anyhow::{Context, Result};
use deskbell_protocol::ConversationId;
use deskbell_testing::{
    desktop::{Desktop, Setup},
    process::{Process, Program},
};
use deskbell_tests::{api::Visitor, employee::Employee, programs, server::Server};

pub const ANA: &str = "ana.silva@harbourfinch.example";
const TESS: &str = "tess.berg@deskbell.example";

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
        Ok(Self {
            desktop,
            server,
            url,
        })
    }

    /// The client as it starts with the session: in the tray alone.
    pub fn client(&self) -> Result<Program> {
        let program = self.desktop.program(&programs::client()?);
        Ok(program
            .args(["--server", &self.url, "--data-dir"])
            .arg(Employee::data(&self.desktop)))
    }

    /// Starts it and waits for its icon.
    pub async fn start_client(&self) -> Result<Process> {
        let before = self.desktop.tray.count();
        let mut process = self.client()?.start()?;
        process
            .ready("the client's icon", async || {
                let registered = self.desktop.tray.count() > before;
                registered.then_some(()).context("not registered")
            })
            .await?;
        Ok(process)
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

    /// Ana on another computer.
    pub async fn ana(&self) -> Result<Visitor> {
        let second = SecondLetter(self.server.mailbox());
        Visitor::requester(&self.server.url(), ANA, &second).await
    }
}

/// Her first code went to the client.
struct SecondLetter(deskbell_tests::letters::Mailbox);

impl deskbell_tests::letters::Letters for SecondLetter {
    async fn code(&self, to: &str, count: usize) -> Result<String> {
        self.0.code(to, count + 1).await
    }
}
