//! A technician in front of the console.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use deskbell_protocol::ConversationId;
use deskbell_testing::{
    browser::{Page, Scheme},
    wait::eventually,
};

use crate::{
    employee::{Line, lines},
    letters::{Letters, authenticator_digits},
    server::Server,
};

/// Somebody with the console in Chromium.
#[derive(Debug)]
pub struct Technician {
    /// The console.
    pub console: Page,
}

impl Technician {
    /// Opens the console and signs in with a code and the authenticator's digits.
    ///
    /// # Errors
    /// When a step does not lead to the next.
    pub async fn sign_in(
        folder: &Path,
        server: &Server,
        email: &str,
        letters: &impl Letters,
    ) -> Result<Self> {
        let technician = Self::open(folder, &server.url(), Scheme::Light).await?;
        technician
            .enter(email, letters, server.authenticator(email)?)
            .await?;
        Ok(technician)
    }

    /// Opens the console.
    ///
    /// # Errors
    /// When Chromium does not start.
    pub async fn open(folder: &Path, url: &str, scheme: Scheme) -> Result<Self> {
        Ok(Self {
            console: Page::chromium(folder, url, scheme).await?,
        })
    }

    /// Signs in on the page that is open.
    ///
    /// # Errors
    /// When a step does not lead to the next.
    pub async fn enter(&self, email: &str, letters: &impl Letters, secret: &str) -> Result<()> {
        self.console.fill("email", email).await?;
        self.console.click("email-next").await?;
        self.console.find("code").await?;
        self.console
            .fill("code", &letters.code(email, 1).await?)
            .await?;
        self.console.click("code-verify").await?;
        self.console
            .fill("totp", &authenticator_digits(secret)?)
            .await?;
        self.console.click("totp-verify").await?;
        self.console.find("queue").await.map(drop)
    }

    /// Waits until the conversation is in the list, in this state (`new`, `open`, …).
    ///
    /// # Errors
    /// When it is not.
    pub async fn sees(&self, id: ConversationId, status: &str) -> Result<()> {
        eventually(
            &format!("conversation {id} as {status} in the console"),
            async || {
                let entry = self.console.find_css(&entry(id)).await?;
                let now = entry.attr("data-status").await?;
                ensure!(now.as_deref() == Some(status), "its status is {now:?}");
                Ok(())
            },
        )
        .await
    }

    /// Opens a conversation from the list.
    ///
    /// # Errors
    /// When it is not there.
    pub async fn open_conversation(&self, id: ConversationId) -> Result<()> {
        self.console.click_css(&entry(id)).await?;
        self.console
            .find_css(&format!("[data-testid=\"chat\"][data-id=\"{id}\"]"))
            .await
            .map(drop)
    }

    /// Takes the open conversation.
    ///
    /// # Errors
    /// When it cannot be taken.
    pub async fn take(&self) -> Result<()> {
        self.console.click("take").await?;
        self.console.find("composer").await.map(drop)
    }

    /// Writes a reply and sends it with the button.
    ///
    /// # Errors
    /// When there is nothing to write in.
    pub async fn reply(&self, text: &str) -> Result<()> {
        self.console.fill("composer", text).await?;
        self.console.click("send").await
    }

    /// Leaves a note for technicians.
    ///
    /// # Errors
    /// When there is nothing to write in.
    pub async fn note(&self, text: &str) -> Result<()> {
        self.console.click("mode-note").await?;
        self.reply(text).await?;
        self.reads(text).await?;
        self.console.click("mode-reply").await
    }

    /// Closes the open conversation.
    ///
    /// # Errors
    /// When it cannot be closed.
    pub async fn close(&self) -> Result<()> {
        self.console.click("close").await?;
        self.console.click("close-confirm").await?;
        self.console.gone("composer").await
    }

    /// Waits until a line of the open chat says this.
    ///
    /// # Errors
    /// When none does.
    pub async fn reads(&self, words: &str) -> Result<()> {
        self.console.says("[data-testid=\"message\"]", words).await
    }

    /// The lines of the open chat, oldest first.
    ///
    /// # Errors
    /// When the page cannot be asked.
    pub async fn lines(&self) -> Result<Vec<Line>> {
        lines(&self.console).await
    }

    /// What the list says about a conversation.
    ///
    /// # Errors
    /// When it is not there.
    pub async fn entry(&self, id: ConversationId) -> Result<String> {
        let texts = self.console.texts(&entry(id)).await?;
        texts
            .into_iter()
            .next()
            .with_context(|| format!("conversation {id} is not in the list"))
    }
}

fn entry(id: ConversationId) -> String {
    format!("[data-testid=\"conversation\"][data-id=\"{id}\"]")
}
