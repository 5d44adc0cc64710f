//! The installed client at work in Wine, where there are neither WebView2 nor toasts: what it keeps,
//! what it hears, and what Windows and other programs tell it.
//!
//! Over TLS, with an authority of its own that the user's Windows is told to trust.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result, bail, ensure};
use deskbell_protocol::{ConversationId, Me, Message, Page};
use deskbell_testing::{
    process::{Process, Program},
    tls::Tls,
    wait::eventually,
    wine::Wine,
};
use deskbell_tests::{api::Visitor, packages, server::Server};
use serde_json::{Value, json};

const ANA: &str = "ana.silva@harbourfinch.example";
const TESS: &str = "tess.berg@deskbell.example";

/// Ana's computer with the client installed, a server that a policy names, and her session for it in
/// the Credential Manager.
struct Scene {
    wine: Wine,
    _server: Server,
    tls: Tls,
    tess: Visitor,
    token: String,
    chat: ConversationId,
}

impl Scene {
    async fn start() -> Result<Self> {
        let (wine, server) = tokio::try_join!(Wine::start(), Server::demo())?;
        let tls = Tls::before(server.address()).await?;
        let code = wine.install(&packages::msi()?, &["AUTOSTART=1"]).await?;
        ensure!(code == 0, "msiexec ended with {code}");
        let (ana, secret) = (
            Visitor::requester(&server.url(), ANA, &server.mailbox()).await?,
            server.authenticator(TESS)?,
        );
        let tess = Visitor::technician(&server.url(), TESS, &server.mailbox(), secret).await?;
        let chat = ana.ask("The screen stays black.").await?;
        tess.take(chat).await?;
        let token = ana.proof().1.trim_start_matches("Bearer ").to_owned();
        let scene = Self {
            wine,
            _server: server,
            tls,
            tess,
            token,
            chat,
        };
        let policies = r"HKLM\Software\Policies\Deskbell";
        let url = scene.tls.url();
        scene
            .wine
            .set(policies, "ServerUrl", "REG_SZ", &url)
            .await?;
        scene.trust_the_authority().await?;
        scene.keep_session(&url, &ana).await?;
        Ok(scene)
    }

    async fn trust_the_authority(&self) -> Result<()> {
        let file = self.wine.folder().join("authority.der");
        fs::write(&file, self.tls.authority())?;
        let trust = self.probe(&["trust", &self.wine.name(&file)])?;
        trust.run().await.context("trusting").map(drop)
    }

    async fn keep_session(&self, url: &str, ana: &Visitor) -> Result<()> {
        let me: Me = ana.get("/v1/me").await?;
        let session = json!({
            "server": url,
            "token": self.token,
            "session_id": me.session_id,
            "account": me.account,
        });
        let keep = self.probe(&["keep"])?.input(session.to_string());
        keep.run().await.context("keeping the session").map(drop)
    }

    fn probe(&self, words: &[&str]) -> Result<Program> {
        let probe = self.wine.name(&packages::probe()?);
        Ok(self.wine.program(probe).args(words))
    }

    /// Starts the client in the tray and waits until the server is heard.
    async fn client(&self) -> Result<Process> {
        let client = self.wine.client().arg("--background").start()?;
        self.hears("Hello, Ana.").await?;
        Ok(client)
    }

    /// Tess writes until the client has it without having asked. What was written before it first
    /// loaded its lists is not told as received.
    async fn hears(&self, text: &str) -> Result<()> {
        let what = format!("{text:?} on ana's computer");
        let heard = eventually(&what, async || {
            let received = |line: &Message| line.body == text && line.received_at.is_some();
            if self.messages().await?.iter().any(received) {
                return Ok(());
            }
            self.tess.write(self.chat, text).await?;
            bail!("not yet")
        });
        heard.await.with_context(|| self.log())
    }

    /// Waits until the server has what ana wrote.
    async fn stored(&self, text: &str) -> Result<()> {
        let what = format!("{text:?} on the server");
        let stored = eventually(&what, async || {
            let messages = self.messages().await?;
            let said = messages.iter().filter(|line| line.body == text).count();
            ensure!(said == 1, "it is there {said} times");
            Ok(())
        });
        stored.await.with_context(|| self.log())
    }

    async fn messages(&self) -> Result<Vec<Message>> {
        let path = format!("/v1/conversations/{}/messages", self.chat);
        let page: Page<Message> = self.tess.get(&path).await?;
        Ok(page.items)
    }

    async fn logged(&self, line: &str) -> Result<()> {
        eventually(&format!("{line:?} in the log"), async || {
            let log = self.log();
            ensure!(log.contains(line), "{log}");
            Ok(())
        })
        .await
    }

    fn log(&self) -> String {
        let file = self.data().map(|data| data.join(r"logs/deskbell.log"));
        file.ok()
            .and_then(|file| fs::read_to_string(file).ok())
            .unwrap_or_default()
    }

    /// The folder of the one user who has one.
    fn data(&self) -> Result<PathBuf> {
        let users = fs::read_dir(self.wine.path(r"C:\users"))?.flatten();
        users
            .map(|user| user.path().join("AppData/Local/Deskbell"))
            .find(|folder| folder.is_dir())
            .context("no user has the client's folder")
    }

    async fn shows(&self, title: &str) -> Result<()> {
        eventually(&format!("{title:?} on the screen"), async || {
            let windows = self.wine.windows().await?;
            ensure!(windows.iter().any(|window| window == title), "{windows:?}");
            Ok(())
        })
        .await
    }
}

/// CLI-17
#[tokio::test]
async fn the_kept_session_is_taken_up_and_a_reply_is_a_balloon() -> Result<()> {
    let scene = Scene::start().await?;
    let mut client = scene.client().await?;
    let shown = format!("a balloon is shown tag=\"{}\"", scene.chat);
    scene.logged(&shown).await?;
    let kept = scene.probe(&["kept"])?.run().await?;
    ensure!(
        kept.contains("persistence 2"),
        "it would roam to other computers: {kept}"
    );
    let found = scene.wine.host("grep").args(["-rlaF", &scene.token]);
    let found = found.arg(scene.wine.path(r"C:\users")).run().await;
    ensure!(found.is_err(), "the token lies in {found:?}");
    client.runs()
}

/// CLI-10
#[tokio::test]
async fn an_address_from_another_process_leads_there_and_the_missing_runtime_is_explained()
-> Result<()> {
    let scene = Scene::start().await?;
    let mut client = scene.client().await?;
    let address = |rest: &str| format!("deskbell://conversation/{}{rest}", scene.chat);
    let hostile = address("?server=https://evil.example");
    scene.wine.client().arg(hostile).run().await?;
    // As the shell does it for a page or a mail: by what is registered for the scheme.
    let start = scene.wine.program("start").arg(address(""));
    start.run().await?;
    let wanted = format!("Conversation {{ id: ConversationId({}) }}", scene.chat);
    scene.logged(&wanted).await?;
    scene.logged("the WebView2 runtime is missing").await?;
    scene.shows("Deskbell").await?;
    scene.hears("Are you there?").await?;
    scene.wine.clients(1).await?;
    let wishes = scene.log().matches("the window is wanted").count();
    ensure!(
        wishes == 1,
        "the hostile address led somewhere too: {wishes}"
    );
    client.runs()
}

/// CLI-16. What carries the call from one process to another is the tests' own in Wine.
#[tokio::test]
async fn an_answer_in_a_toast_is_sent_with_the_client_closed_and_running_and_opens_no_window()
-> Result<()> {
    let scene = Scene::start().await?;
    let chat = scene.chat.to_string();
    // What is started for the call is in the caller's group, and ends with it.
    let mut callers = Vec::new();
    for text in ["It works again.", "Thank you."] {
        let mut caller = scene.probe(&["reply", &chat, text])?.start()?;
        let ended = caller.ended().await?;
        ensure!(ended.success(), "{}", caller.complained());
        callers.push(caller);
        scene.stored(text).await?;
        scene.wine.clients(1).await?;
    }
    let windows = scene.wine.windows().await?;
    ensure!(
        !windows.iter().any(|title| title == "Deskbell"),
        "answering opens no window: {windows:?}"
    );
    Ok(())
}

/// CLI-12
#[tokio::test]
async fn what_windows_tells_is_heard_and_what_others_send_does_no_harm() -> Result<()> {
    let scene = Scene::start().await?;
    let mut client = scene.client().await?;
    scene.probe(&["copy-data"])?.run().await?;
    let (power, change) = ("536", "689");
    for (message, word, signal) in [
        (power, "18", "signal=Woke"),
        (change, "7", "signal=Locked"),
        (change, "8", "signal=Unlocked"),
    ] {
        let tell = scene.probe(&["tell", "DeskbellSession", message, word])?;
        tell.run().await?;
        scene.logged(signal).await?;
    }
    scene.probe(&["new-taskbar"])?.run().await?;
    scene.logged("signal=NewTaskbar").await?;
    scene.hears("Still there?").await?;
    client.runs()?;
    let log = scene.log();
    ensure!(
        !log.contains("the window is wanted"),
        "no start was meant: {log}"
    );
    // What ends programs without asking them twice, as task managers do.
    let close = scene.probe(&["tell", "DeskbellSession", "16", "0"])?;
    close.run().await?;
    let ended = client.ended().await?;
    ensure!(ended.success(), "it did not end by itself: {ended}");
    scene.wine.clients(0).await
}

/// The server's certificate is from an authority that this computer trusts and no other.
#[tokio::test]
async fn doctor_finds_the_way_to_the_server_and_who_vouches_for_it() -> Result<()> {
    let scene = Scene::start().await?;
    let mut doctor = scene.wine.client().args(["doctor", "--json"]).start()?;
    doctor.ended().await?;
    let answer: Value = serde_json::from_str(&doctor.printed())?;
    let checks = answer["checks"].as_array().context("checks")?;
    let names: Vec<&str> = checks
        .iter()
        .filter_map(|one| one["check"].as_str())
        .collect();
    assert_eq!(
        names,
        [
            "policy",
            "server",
            "tls",
            "websocket",
            "clock",
            "version",
            "keyring",
            "toasts",
            "tray",
            "webview",
            "storage",
            "session"
        ]
    );
    for name in [
        "policy",
        "server",
        "tls",
        "websocket",
        "clock",
        "version",
        "keyring",
        "toasts",
    ] {
        let found = checks.iter().find(|one| one["check"] == name);
        let found = found.context(name)?;
        ensure!(found["result"] == "pass", "{found:#}");
    }
    let (tls, session) = (&checks[2]["values"], &checks[11]["values"]);
    assert_eq!(tls["issuer"], "Deskbell's tests");
    assert_eq!(session["type"], "console");
    Ok(())
}

#[tokio::test]
async fn whoever_starts_it_while_it_ends_has_it_running() -> Result<()> {
    let scene = Scene::start().await?;
    let mut first = scene.client().await?;
    scene
        .probe(&["tell", "DeskbellSession", "16", "0"])?
        .run()
        .await?;
    let _second = scene.wine.client().start()?;
    first.ended().await?;
    scene.wine.clients(1).await?;
    scene.hears("Are you back?").await
}
