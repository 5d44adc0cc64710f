//! Pages driven as people drive them: the console in Chromium, the tray client's window in its own webview.

use std::{path::Path, time::Duration};

use anyhow::{Context, Result, bail, ensure};
use fantoccini::{Client, ClientBuilder, Locator, elements::Element, wd::Capabilities};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

use crate::{
    desktop::Desktop,
    port::Port,
    process::{Process, Program},
    wait::{eventually, eventually_within},
};

/// A first start of a browser on a busy machine.
const BROWSER_PATIENCE: Duration = Duration::from_secs(90);

/// Answers when everything asked for so far has been drawn.
const DRAWN: &str = "const done = arguments[arguments.length - 1];
    document.fonts.ready.then(() => requestAnimationFrame(() => requestAnimationFrame(
        () => setTimeout(done, 150))));";

/// A blinking caret never rests.
const PICTURES: u32 = 8;

/// A page under a driver. Elements are found by their `data-testid`.
#[derive(Debug)]
pub struct Page {
    client: Client,
    driver: Process,
    _port: Port,
}

/// How Chromium looks to the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// Dark text on light ground.
    Light,
    /// Light text on dark ground.
    Dark,
}

impl Page {
    /// Opens an address in a headless Chromium with a fresh profile in `folder`.
    ///
    /// # Errors
    /// When chromedriver or Chromium are not installed or do not start.
    pub async fn chromium(folder: &Path, url: &str, scheme: Scheme) -> Result<Self> {
        let port = Port::take()?;
        let profile = tempfile::Builder::new()
            .prefix("profile-")
            .tempdir_in(folder)?
            .keep();
        let mut arguments = vec![
            "--headless=new".to_owned(),
            "--no-first-run".to_owned(),
            "--disable-gpu".to_owned(),
            "--disable-dev-shm-usage".to_owned(),
            "--lang=en".to_owned(),
            "--window-size=1400,900".to_owned(),
            // Chromium ends when the driver does, because the pipe between them breaks.
            "--remote-debugging-pipe".to_owned(),
            format!("--user-data-dir={}", profile.display()),
        ];
        if rustix::process::getuid().is_root() {
            arguments.push("--no-sandbox".to_owned());
        }
        if scheme == Scheme::Dark {
            arguments.push("--force-dark-mode".to_owned());
        }
        let driver = Program::new("chromedriver", profile).arg(format!("--port={}", port.number()));
        let chromium = json!({ "binary": "/usr/bin/chromium", "args": arguments });
        let page = Self::open(driver, port, json!({ "goog:chromeOptions": chromium })).await?;
        page.client.goto(url).await?;
        Ok(page)
    }

    /// Starts the tray client under WebKitWebDriver and drives its window, which the arguments must open.
    ///
    /// # Errors
    /// When the driver is not installed, or the client does not start or opens no window.
    pub async fn tray_client(
        desktop: &Desktop,
        client: &Path,
        arguments: &[&str],
        variables: &[(&str, &str)],
    ) -> Result<Self> {
        let port = Port::take()?;
        let driver = desktop
            .program(Path::new("WebKitWebDriver"))
            .arg("--host=127.0.0.1")
            .arg(format!("--port={}", port.number()))
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .envs(variables.iter().copied());
        let options = json!({ "binary": client, "args": arguments });
        let wanted = json!({ "browserName": "wry", "webkitgtk:browserOptions": options });
        Self::open(driver, port, wanted).await
    }

    async fn open(driver: Program, port: Port, wanted: Value) -> Result<Self> {
        let mut driver = driver.start()?;
        driver
            .ready("the driver to listen", async || port.answers().await)
            .await?;
        let Value::Object(wanted) = wanted else {
            bail!("capabilities are an object")
        };
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(Capabilities::from_iter(wanted));
        let url = format!("http://{}", port.address());
        let client = tokio::time::timeout(BROWSER_PATIENCE, builder.connect(&url))
            .await
            .with_context(|| {
                format!(
                    "no page within {} s: {}",
                    BROWSER_PATIENCE.as_secs(),
                    driver.complained()
                )
            })?
            .with_context(|| driver.complained())?;
        Ok(Self {
            client,
            driver,
            _port: port,
        })
    }

    /// The driver's session, for what is not here.
    #[must_use]
    pub const fn client(&self) -> &Client {
        &self.client
    }

    /// The driver's process; the tray client is its child.
    #[must_use]
    pub const fn driver(&self) -> &Process {
        &self.driver
    }

    /// Waits for an element that can be seen, and gives it.
    ///
    /// # Errors
    /// When it does not appear; tells what the page says instead.
    pub async fn find(&self, id: &str) -> Result<Element> {
        self.find_css(&by_id(id)).await
    }

    /// Waits for an element by CSS selector, and gives it.
    ///
    /// # Errors
    /// When it does not appear; tells what the page says instead.
    pub async fn find_css(&self, selector: &str) -> Result<Element> {
        let found = eventually(&format!("{selector} on the page"), async || {
            for element in self.client.find_all(Locator::Css(selector)).await? {
                if element.is_displayed().await? {
                    return Ok(element);
                }
            }
            bail!("nothing that can be seen")
        })
        .await;
        match found {
            Ok(element) => Ok(element),
            Err(cause) => Err(cause.context(format!("the page says: {:?}", self.words().await))),
        }
    }

    /// All elements with this id, from top to bottom, as they are now.
    ///
    /// # Errors
    /// When the page cannot be asked.
    pub async fn all(&self, id: &str) -> Result<Vec<Element>> {
        Ok(self.client.find_all(Locator::Css(&by_id(id))).await?)
    }

    /// The element can be seen now.
    ///
    /// # Errors
    /// When the page cannot be asked.
    pub async fn shows(&self, id: &str) -> Result<bool> {
        for element in self.all(id).await? {
            if element.is_displayed().await.unwrap_or(false) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Waits until an element can no longer be seen.
    ///
    /// # Errors
    /// When it stays.
    pub async fn gone(&self, id: &str) -> Result<()> {
        eventually(&format!("{id} to go away"), async || {
            ensure!(!self.shows(id).await?, "it is still there");
            Ok(())
        })
        .await
    }

    /// Clicks an element as soon as it can be clicked.
    ///
    /// # Errors
    /// When it cannot.
    pub async fn click(&self, id: &str) -> Result<()> {
        self.click_css(&by_id(id)).await
    }

    /// Clicks an element that is there now.
    ///
    /// # Errors
    /// When it is not, or cannot be clicked.
    pub async fn click_now(&self, id: &str) -> Result<()> {
        Ok(self
            .client
            .find(Locator::Css(&by_id(id)))
            .await?
            .click()
            .await?)
    }

    /// Clicks an element by CSS selector as soon as it can be clicked.
    ///
    /// # Errors
    /// When it cannot.
    pub async fn click_css(&self, selector: &str) -> Result<()> {
        eventually_within(
            Duration::from_secs(60),
            &format!("{selector} to be clicked"),
            async || Ok(self.find_css(selector).await?.click().await?),
        )
        .await
    }

    /// Replaces what is in a field.
    ///
    /// # Errors
    /// When there is no such field.
    pub async fn fill(&self, id: &str, text: &str) -> Result<()> {
        let field = self.find(id).await?;
        field.clear().await?;
        Ok(field.send_keys(text).await?)
    }

    /// Types into a field, after what is there.
    ///
    /// # Errors
    /// When there is no such field.
    pub async fn type_into(&self, id: &str, keys: &str) -> Result<()> {
        Ok(self.find(id).await?.send_keys(keys).await?)
    }

    /// The text of an element, once it has appeared.
    ///
    /// # Errors
    /// When it does not appear.
    pub async fn text(&self, id: &str) -> Result<String> {
        Ok(self.find(id).await?.text().await?)
    }

    /// The texts of all elements that match a CSS selector now, from top to bottom.
    ///
    /// # Errors
    /// When the page cannot be asked.
    pub async fn texts(&self, selector: &str) -> Result<Vec<String>> {
        let script =
            "return [...document.querySelectorAll(arguments[0])].map(e => e.innerText.trim())";
        let texts = self.client.execute(script, vec![json!(selector)]).await?;
        Ok(serde_json::from_value(texts)?)
    }

    /// Waits until one of the elements that match a CSS selector says this.
    ///
    /// # Errors
    /// When none does; tells what they say.
    pub async fn says(&self, selector: &str, words: &str) -> Result<()> {
        eventually(&format!("{words:?} in {selector}"), async || {
            let texts = self.texts(selector).await?;
            if texts.iter().any(|text| text.contains(words)) {
                Ok(())
            } else {
                bail!("{texts:?}")
            }
        })
        .await
    }

    /// Everything the page says now.
    pub async fn words(&self) -> String {
        let script = "return document.body ? document.body.innerText : ''";
        match self.client.execute(script, Vec::new()).await {
            Ok(Value::String(words)) => words,
            other => format!("{other:?}"),
        }
    }

    /// Writes what the page looks like to a PNG file, once it has come to rest.
    ///
    /// # Errors
    /// When the page or the file does not answer.
    pub async fn picture(&self, file: &Path) -> Result<()> {
        let mut picture = self.client.screenshot().await?;
        for _ in 0..PICTURES {
            self.drawn().await?;
            let next = self.client.screenshot().await?;
            let rests = next == picture;
            picture = next;
            if rests {
                break;
            }
        }
        std::fs::write(file, picture).with_context(|| format!("writing {}", file.display()))
    }

    /// Waits until everything asked for so far is on the screen.
    ///
    /// # Errors
    /// When the page does not answer.
    pub async fn drawn(&self) -> Result<()> {
        self.client.execute_async(DRAWN, Vec::new()).await?;
        Ok(())
    }

    /// Ends the session, and with it the browser or the tray client.
    ///
    /// # Errors
    /// When the driver does not answer.
    pub async fn close(self) -> Result<()> {
        Ok(self.client.close().await?)
    }
}

fn by_id(id: &str) -> String {
    format!("[data-testid=\"{id}\"]")
}
