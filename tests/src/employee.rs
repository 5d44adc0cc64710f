//! An employee in front of the tray client's window.

use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use deskbell_protocol::ConversationId;
use deskbell_testing::{browser::Page, desktop::Desktop, wait::eventually};

use crate::{letters::Letters, programs};

/// Somebody at a desktop whose tray has Deskbell in it.
#[derive(Debug)]
pub struct Employee {
    /// The window.
    pub window: Page,
}

/// Which device the trouble is with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice<'a> {
    /// The one with this name.
    Named(&'a str),
    /// None of the above.
    NoneOfThese,
}

/// A conversation, as its page names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Its id.
    pub id: ConversationId,
    /// The ticket's number.
    pub number: String,
}

impl Employee {
    /// Starts the built client with its window open.
    ///
    /// # Errors
    /// When it does not start.
    pub async fn start(desktop: &Desktop, server: &str) -> Result<Self> {
        Self::start_with(desktop, server, &[]).await
    }

    /// Starts the built client with its window open and more in its environment.
    ///
    /// # Errors
    /// When it does not start.
    pub async fn start_with(
        desktop: &Desktop,
        server: &str,
        variables: &[(&str, &str)],
    ) -> Result<Self> {
        let data = Self::data(desktop);
        let data = data.to_str().context("a folder's name in UTF-8")?;
        let arguments = ["--server", server, "--data-dir", data, "--open"];
        let window =
            Page::tray_client(desktop, &programs::client()?, &arguments, variables).await?;
        Ok(Self { window })
    }

    /// Where the client keeps its files.
    #[must_use]
    pub fn data(desktop: &Desktop) -> std::path::PathBuf {
        desktop.folder().join("client")
    }

    /// Signs in with a code that comes by e-mail.
    ///
    /// # Errors
    /// When a step does not lead to the next.
    pub async fn sign_in_by_email(&self, email: &str, letters: &impl Letters) -> Result<()> {
        self.window.fill("email", email).await?;
        self.window.click("email-next").await?;
        self.window.click("by-email").await?;
        self.window.find("code").await?;
        self.enter_code(&letters.code(email, 1).await?).await
    }

    /// Signs in with a code that comes as a text message.
    ///
    /// # Errors
    /// When a step does not lead to the next.
    pub async fn sign_in_by_sms(
        &self,
        email: &str,
        phone: &str,
        letters: &impl Letters,
    ) -> Result<()> {
        self.window.fill("email", email).await?;
        self.window.click("email-next").await?;
        self.window.click("by-sms").await?;
        self.window.fill("phone", phone).await?;
        self.window.click("phone-send").await?;
        self.window.find("code").await?;
        self.enter_code(&letters.code(phone, 1).await?).await
    }

    async fn enter_code(&self, code: &str) -> Result<()> {
        self.window.fill("code", code).await?;
        // A complete code may be tried at once, without the button.
        if self.window.shows("code-verify").await? {
            let _ = self.window.click_now("code-verify").await;
        }
        self.window.find("home").await.map(drop)
    }

    /// Help, description, device: gives the conversation once it has its ticket number.
    ///
    /// # Errors
    /// When a step does not lead to the next.
    pub async fn ask_for_help(&self, description: &str, device: Choice<'_>) -> Result<Request> {
        self.write_request(description, device).await?;
        let number = eventually("the ticket's number", async || {
            let number = self.window.text("ticket-number").await?;
            ensure!(
                number.chars().any(|letter| letter.is_ascii_digit()),
                "it says {number:?}"
            );
            Ok(number)
        })
        .await?;
        Ok(Request {
            id: self.open_conversation().await?,
            number,
        })
    }

    /// Help, description, device, up to the press that sends it.
    ///
    /// # Errors
    /// When a step does not lead to the next.
    pub async fn write_request(&self, description: &str, device: Choice<'_>) -> Result<()> {
        self.begin_request().await?;
        self.window.fill("description", description).await?;
        self.window.click("description-next").await?;
        self.choose(device).await?;
        self.window.click("request-send").await?;
        self.window.find("chat").await.map(drop)
    }

    /// Help, up to the field for the description.
    ///
    /// # Errors
    /// When a step does not lead to the next.
    pub async fn begin_request(&self) -> Result<()> {
        self.window.click("help").await?;
        // What was begun before goes on where it was left.
        let next = "[data-testid=\"start-chat\"], [data-testid=\"description\"]";
        let element = self.window.find_css(next).await?;
        if element.attr("data-testid").await?.as_deref() == Some("start-chat") {
            element.click().await?;
        }
        self.window.find("description").await.map(drop)
    }

    /// Chooses a device in the list.
    ///
    /// # Errors
    /// When it is not in the list.
    pub async fn choose(&self, device: Choice<'_>) -> Result<()> {
        let Choice::Named(name) = device else {
            return self.window.click("no-device").await;
        };
        self.window.find("no-device").await?;
        for entry in self.window.all("device").await? {
            if entry.text().await?.contains(name) {
                return Ok(entry.click().await?);
            }
        }
        bail!(
            "{name} is not among the devices: {}",
            self.window.words().await
        )
    }

    /// The conversation the window shows.
    ///
    /// # Errors
    /// When it shows none.
    pub async fn open_conversation(&self) -> Result<ConversationId> {
        let chat = self.window.find("chat").await?;
        let id = chat.attr("data-id").await?.context("the chat has no id")?;
        id.parse()
            .ok()
            .with_context(|| format!("{id:?} is not an id"))
    }

    /// Writes a message and sends it with the Enter key.
    ///
    /// # Errors
    /// When there is nothing to write in.
    pub async fn send(&self, text: &str) -> Result<()> {
        self.window.type_into("composer", text).await?;
        self.window.type_into("composer", "\u{E007}").await
    }

    /// Waits until a message of the open chat says this.
    ///
    /// # Errors
    /// When none does.
    pub async fn reads(&self, words: &str) -> Result<()> {
        self.window.says("[data-testid=\"message\"]", words).await
    }

    /// Waits until the message with this text has come so far: `waiting`, `sent`, `delivered`, `read`.
    ///
    /// # Errors
    /// When it has not.
    pub async fn sees_delivery(&self, words: &str, delivery: &str) -> Result<()> {
        eventually(&format!("{words:?} to be {delivery}"), async || {
            let lines = self.lines().await?;
            let line = lines.iter().find(|line| line.text.contains(words));
            let line = line.with_context(|| format!("{lines:?}"))?;
            ensure!(line.delivery == delivery, "it is {}", line.delivery);
            Ok(())
        })
        .await
    }

    /// The lines of the open chat, oldest first.
    ///
    /// # Errors
    /// When the page cannot be asked.
    pub async fn lines(&self) -> Result<Vec<Line>> {
        lines(&self.window).await
    }

    /// Takes a picture of the window.
    ///
    /// # Errors
    /// When it cannot be written.
    pub async fn picture(&self, file: &Path) -> Result<()> {
        self.window.picture(file).await
    }
}

/// A line of a chat, as its page shows it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
pub struct Line {
    /// `message`, `note` or `update`.
    pub kind: String,
    /// The reader wrote it.
    pub mine: bool,
    /// How far it has come; empty for what others wrote.
    pub delivery: String,
    /// What it says.
    pub text: String,
}

/// The lines of the chat on a page, oldest first.
///
/// # Errors
/// When the page cannot be asked.
pub async fn lines(page: &Page) -> Result<Vec<Line>> {
    let script = "return [...document.querySelectorAll('[data-testid=\"message\"]')].map(e => ({
        kind: e.dataset.kind, mine: e.dataset.mine === 'true', delivery: e.dataset.delivery || '',
        text: (e.querySelector('[data-testid=\"message-body\"]') || e).innerText.trim() }))";
    Ok(serde_json::from_value(
        page.client().execute(script, Vec::new()).await?,
    )?)
}
