//! The client among the programs of a desktop: one per folder, nothing left behind, and a window
//! that goes nowhere.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use deskbell_testing::{
    browser::Page,
    desktop::Desktop,
    process::{Process, Program},
    wait::eventually,
};
use deskbell_tests::{
    api::Visitor,
    employee::{Choice, Employee, Request},
    programs,
    server::Server,
};
use rustix::process::Signal;
use zbus::{Variant, object_server::SignalEmitter};

const ANA: &str = "ana.silva@harbourfinch.example";
const TESS: &str = "tess.berg@deskbell.example";

/// The client with a folder of this name, and no server that could be heard.
fn client(desktop: &Desktop, folder: &str) -> Result<Program> {
    let program = desktop
        .program(&programs::client()?)
        .env("DESKBELL_WINDOW_KEPT_MS", "200");
    Ok(program
        .args(["--server", "http://127.0.0.1:9", "--data-dir"])
        .arg(desktop.folder().join(folder)))
}

async fn window_shows(desktop: &Desktop, shows: bool) -> Result<()> {
    eventually("the window to appear or to go", async || {
        let windows = desktop.windows().await?;
        let found = windows.iter().any(|title| title.contains("Deskbell"));
        ensure!(found == shows, "{windows:?}");
        Ok(())
    })
    .await
}

/// Closes the window as its own button does.
async fn close_window(desktop: &Desktop) -> Result<()> {
    desktop
        .program(Path::new("wmctrl"))
        .args(["-c", "Deskbell"])
        .run()
        .await?;
    window_shows(desktop, false).await
}

/// Ana has asked for help and is at home again.
async fn asked(desktop: &Desktop, server: &Server) -> Result<(Employee, Request)> {
    let employee = Employee::start(desktop, &server.url()).await?;
    employee.sign_in_by_email(ANA, &server.mailbox()).await?;
    let request = employee
        .ask_for_help("The screen stays black.", Choice::NoneOfThese)
        .await?;
    employee.window.click("back").await?;
    employee.window.find("home").await?;
    Ok((employee, request))
}

/// Tess, who has taken it.
async fn taken(server: &Server, request: &Request) -> Result<Visitor> {
    let secret = server.authenticator(TESS)?.to_owned();
    let tess = Visitor::technician(&server.url(), TESS, &server.mailbox(), &secret).await?;
    tess.take(request.id).await?;
    Ok(tess)
}

/// The names of the processes a process has started and that still run.
fn children(parent: &Process) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir("/proc")?.flatten() {
        let Ok(stat) = std::fs::read_to_string(entry.path().join("stat")) else {
            continue;
        };
        let Some((name, rest)) = stat.rsplit_once(") ") else {
            continue;
        };
        let mut words = rest.split(' ');
        let (state, of) = (words.next(), words.next());
        if of == Some(&parent.id().to_string()) && state != Some("Z") {
            names.push(name.rsplit('(').next().unwrap_or_default().to_owned());
        }
    }
    Ok(names)
}

#[tokio::test]
async fn two_starts_at_once_leave_one_client() -> Result<()> {
    let desktop = Desktop::start().await?;
    let mut first = client(&desktop, "a")?.start()?;
    let mut second = client(&desktop, "a")?.start()?;
    let ended = eventually("one of the two to end", async || {
        match (first.runs(), second.runs()) {
            (Ok(()), Err(_)) => Ok(second.ended().await?),
            (Err(_), Ok(())) => Ok(first.ended().await?),
            (Ok(()), Ok(())) => anyhow::bail!("both run"),
            (Err(one), Err(other)) => Err(one.context(format!("neither runs: {other:#}"))),
        }
    })
    .await?;
    assert!(ended.success(), "the second ends without an error: {ended}");
    window_shows(&desktop, true).await?;
    assert_eq!(desktop.tray.count(), 1, "there is one icon");
    Ok(())
}

#[tokio::test]
async fn another_folder_is_another_client() -> Result<()> {
    let desktop = Desktop::start().await?;
    let mut first = client(&desktop, "a")?.start()?;
    let mut second = client(&desktop, "b")?.start()?;
    eventually("two icons in the tray", async || {
        let count = desktop.tray.count();
        ensure!(count == 2, "there are {count}");
        Ok(())
    })
    .await?;
    first.runs()?;
    second.runs()
}

#[tokio::test]
async fn a_closed_window_takes_its_processes_along() -> Result<()> {
    let desktop = Desktop::start().await?;
    let mut process = client(&desktop, "a")?.arg("--open").start()?;
    for _ in 0..2 {
        window_shows(&desktop, true).await?;
        eventually("the window's page", async || {
            let children = children(&process)?;
            ensure!(children.len() > 1, "only {children:?} run");
            Ok(())
        })
        .await?;
        close_window(&desktop).await?;
        eventually("the window's processes to end", async || {
            let children = children(&process)?;
            ensure!(children.is_empty(), "{children:?} still run");
            Ok(())
        })
        .await?;
        process.runs()?;
        client(&desktop, "a")?.run().await?;
    }
    Ok(())
}

#[tokio::test]
async fn asked_to_end_the_client_ends_without_an_error() -> Result<()> {
    let desktop = Desktop::start().await?;
    let mut process = client(&desktop, "a")?.start()?;
    desktop.tray.item().await?;
    process.signal(Signal::TERM)?;
    let ended = process.ended().await?;
    assert!(
        ended.success(),
        "it ended with {ended}: {}",
        process.complained()
    );
    Ok(())
}

#[tokio::test]
async fn replies_in_one_chat_replace_one_another_and_go_once_they_are_read() -> Result<()> {
    let (desktop, server) = tokio::try_join!(Desktop::start(), Server::demo())?;
    let (_employee, request) = asked(&desktop, &server).await?;
    let tess = taken(&server, &request).await?;
    let mut ids = Vec::new();
    for words in ["Is the cable in?", "And the <b>lamp</b> & fan?", "Hello?"] {
        tess.write(request.id, words).await?;
        ids.push(
            desktop
                .toasts
                .wait_for(words.split(' ').next().context("words")?)
                .await?
                .id,
        );
    }
    ids.dedup();
    assert_eq!(ids.len(), 1, "one toast takes the place of the one before");
    assert_eq!(desktop.toasts.visible().await?, 1);
    let item = desktop.tray.item().await?;
    let menu = item.menu().await?;
    let line = menu
        .iter()
        .find(|line| line.text.starts_with(&request.number));
    item.click_line(line.with_context(|| format!("{menu:?}"))?.id)
        .await?;
    eventually("the toast to go", async || {
        let visible = desktop.toasts.visible().await?;
        ensure!(visible == 0, "{visible} can be seen");
        Ok(())
    })
    .await
}

/// The window is still there for some minutes, with what it showed last.
#[tokio::test]
async fn a_closed_window_shows_the_reply_when_its_toast_is_clicked() -> Result<()> {
    let (desktop, server) = tokio::try_join!(Desktop::start(), Server::demo())?;
    let (employee, request) = asked(&desktop, &server).await?;
    close_window(&desktop).await?;
    let tess = taken(&server, &request).await?;
    tess.write(request.id, "Is the cable in?").await?;
    desktop.toasts.wait_for("Is the cable").await?;
    desktop.toasts.click().await?;
    window_shows(&desktop, true).await?;
    eventually("the chat the toast is about", async || {
        let open = employee.open_conversation().await?;
        ensure!(open == request.id, "the window shows {open}");
        Ok(())
    })
    .await?;
    employee.reads("Is the cable in?").await
}

/// CLI-04
#[tokio::test]
async fn nothing_leads_the_window_away_from_its_page() -> Result<()> {
    let (desktop, server) = tokio::try_join!(Desktop::start(), Server::demo())?;
    let employee = Employee::start(&desktop, &server.url()).await?;
    employee.window.find("email").await?;
    let page = employee.window.client();
    let own = page.current_url().await?;
    let elsewhere = server.url();
    let attempts = [
        "location.href = arguments[0]",
        "location.replace(arguments[0])",
        "window.open(arguments[0])",
        "window.open(arguments[0], '_self')",
        "const a = document.createElement('a'); a.href = arguments[0]; a.target = '_blank'; document.body.append(a); a.click()",
        "const m = document.createElement('meta'); m.httpEquiv = 'refresh'; m.content = '0;url=' + arguments[0]; document.head.append(m)",
        "const f = document.createElement('form'); f.action = arguments[0]; document.body.append(f); f.submit()",
        "const i = document.createElement('iframe'); i.src = arguments[0]; document.body.append(i)",
    ];
    for attempt in attempts {
        page.execute(attempt, vec![elsewhere.as_str().into()])
            .await?;
        // A navigation that is allowed would have begun by the time this answers.
        let reached = page
            .execute_async(
                "const done = arguments[1]; fetch(arguments[0]).then(() => done(true), () => done(false))",
                vec![elsewhere.as_str().into()],
            )
            .await?;
        assert_eq!(reached, false, "the page reaches the server by itself");
        assert_eq!(page.current_url().await?, own, "{attempt}");
        assert_eq!(page.windows().await?.len(), 1, "{attempt}");
    }
    employee.window.find("email").await.map(drop)
}

/// Says what the user has chosen, as a desktop's portal does.
struct Portal(u32);

#[zbus::interface(name = "org.freedesktop.portal.Settings")]
impl Portal {
    fn read(&self, _namespace: &str, _key: &str) -> Variant<'_> {
        Variant::Variant(Box::new(Variant::U32(self.0)))
    }

    #[zbus(signal)]
    async fn setting_changed(
        emitter: &SignalEmitter<'_>,
        namespace: &str,
        key: &str,
        value: Variant<'_>,
    ) -> zbus::Result<()>;
}

#[tokio::test]
async fn the_window_is_dark_when_the_desktop_is() -> Result<()> {
    let desktop = Desktop::start().await?;
    let path = "/org/freedesktop/portal/desktop";
    let portal = desktop
        .connect()
        .serve_at(path, Portal(1))
        .name("org.freedesktop.portal.Desktop")
        .build()
        .await?;
    let data = desktop.folder().join("a").display().to_string();
    let arguments = [
        "--open",
        "--server",
        "http://127.0.0.1:9",
        "--data-dir",
        &data,
    ];
    let page = Page::tray_client(&desktop, &programs::client()?, &arguments, &[]).await?;
    window_is_dark(&page, true).await?;
    let emitter = SignalEmitter::new(&portal, path)?;
    let (namespace, key) = ("org.freedesktop.appearance", "color-scheme");
    Portal::setting_changed(&emitter, namespace, key, Variant::U32(2)).await?;
    window_is_dark(&page, false).await
}

async fn window_is_dark(page: &Page, dark: bool) -> Result<()> {
    eventually("the window to be dark or light", async || {
        let script = "return matchMedia('(prefers-color-scheme: dark)').matches";
        let found = page.client().execute(script, Vec::new()).await?;
        ensure!(found == dark, "dark: {found}");
        Ok(())
    })
    .await
}
