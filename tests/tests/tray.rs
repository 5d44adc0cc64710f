//! The tray, and the second doors beside it.

use anyhow::{Context, Result, ensure};
use deskbell_testing::{
    desktop::Desktop,
    process::{Process, Program},
    wait::eventually,
};
use deskbell_tests::{
    employee::{Choice, Employee},
    programs,
    server::Server,
    technician::Technician,
};

const ANA: &str = "ana.silva@harbourfinch.example";
const TESS: &str = "tess.berg@deskbell.example";

fn client(desktop: &Desktop, server: &Server) -> Result<Program> {
    let program = desktop.program(&programs::client()?);
    Ok(program
        .args(["--server", &server.url(), "--data-dir"])
        .arg(Employee::data(desktop)))
}

async fn window_shows(desktop: &Desktop) -> Result<()> {
    eventually("the window on the screen", async || {
        let windows = desktop.windows().await?;
        ensure!(
            windows.iter().any(|title| title.contains("Deskbell")),
            "{windows:?}"
        );
        Ok(())
    })
    .await
}

async fn started_in_the_tray(desktop: &Desktop, server: &Server) -> Result<Process> {
    let process = client(desktop, server)?.start()?;
    desktop.tray.item().await?;
    let windows = desktop.windows().await?;
    ensure!(
        !windows.iter().any(|title| title.contains("Deskbell")),
        "it starts in the tray alone: {windows:?}"
    );
    Ok(process)
}

#[tokio::test]
async fn second_launch_shows_the_window() -> Result<()> {
    let (desktop, server) = tokio::try_join!(Desktop::start(), Server::demo())?;
    let mut first = started_in_the_tray(&desktop, &server).await?;
    client(&desktop, &server)?.run().await?;
    window_shows(&desktop).await?;
    first.runs()?;
    assert_eq!(desktop.tray.count(), 1, "there is one icon");
    Ok(())
}

/// Some of these starts are taken by the client that runs, some reach it while it ends, some come later.
#[tokio::test]
async fn however_late_it_is_started_while_it_ends_one_client_runs_afterwards() -> Result<()> {
    let (desktop, server) = tokio::try_join!(Desktop::start(), Server::demo())?;
    let mut first = started_in_the_tray(&desktop, &server).await?;
    let mut starts = Vec::new();
    for _ in 0..6 {
        starts.push(client(&desktop, &server)?.start()?);
    }
    eventually("the first start to be taken", async || {
        let waiting = starts.iter_mut().all(|start| start.runs().is_ok());
        ensure!(!waiting, "all still begin");
        Ok(())
    })
    .await?;
    // This one takes longer to come than the first to hear that it is to end.
    starts.push(client(&desktop, &server)?.start()?);
    assert!(first.end().await?.success(), "it ends without an error");
    eventually("the next client alone", async || {
        let icons = desktop.tray.count();
        ensure!(icons == 2, "{icons} clients have shown an icon");
        let ended = starts.iter_mut().filter_map(|start| start.runs().err());
        let ended: Vec<String> = ended.map(|why| why.to_string()).collect();
        let well = |why: &String| why.contains("exit status: 0");
        ensure!(ended.iter().all(well), "{ended:?}");
        ensure!(ended.len() + 1 >= starts.len(), "only {ended:?}");
        Ok(())
    })
    .await
    .context(first.complained())?;
    desktop.tray.item().await?.menu().await?;
    assert_eq!(desktop.tray.count(), 2, "there is one icon after the first");
    Ok(())
}

#[tokio::test]
async fn open_in_the_trays_menu_shows_the_window_and_quit_ends_the_client() -> Result<()> {
    let (desktop, server) = tokio::try_join!(Desktop::start(), Server::demo())?;
    let mut process = started_in_the_tray(&desktop, &server).await?;
    let item = desktop.tray.item().await?;
    item.click("Open Deskbell").await?;
    window_shows(&desktop).await?;
    item.click("Quit").await?;
    assert!(process.ended().await?.success(), "it ends without an error");
    Ok(())
}

#[tokio::test]
async fn ask_for_help_in_the_trays_menu_opens_the_request() -> Result<()> {
    let (desktop, server) = tokio::try_join!(Desktop::start(), Server::demo())?;
    let employee = Employee::start(&desktop, &server.url()).await?;
    employee.sign_in_by_email(ANA, &server.mailbox()).await?;
    desktop.tray.item().await?.click("Ask for help").await?;
    employee.window.find("start-chat").await.map(drop)
}

#[tokio::test]
async fn the_icon_tells_signed_out_quiet_unread_and_offline_apart() -> Result<()> {
    let (desktop, mut server) = tokio::try_join!(Desktop::start(), Server::demo())?;
    let employee = Employee::start(&desktop, &server.url()).await?;
    let signed_out = desktop.tray.item().await?.picture().await?;
    employee.sign_in_by_email(ANA, &server.mailbox()).await?;
    let quiet = next_picture(&desktop, &[&signed_out]).await?;
    let request = employee
        .ask_for_help("The screen stays black.", Choice::NoneOfThese)
        .await?;
    employee.window.click("back").await?;
    employee.window.find("home").await?;
    let technician =
        Technician::sign_in(desktop.folder(), &server, TESS, &server.mailbox()).await?;
    technician.open_conversation(request.id).await?;
    technician.take().await?;
    technician.reply("Is the cable in?").await?;
    let unread = next_picture(&desktop, &[&signed_out, &quiet]).await?;
    server.kill()?;
    next_picture(&desktop, &[&signed_out, &quiet, &unread])
        .await
        .context("the server is gone")
        .map(drop)
}

/// Waits for a picture that is none of these.
async fn next_picture(desktop: &Desktop, seen: &[&[u8]]) -> Result<Vec<u8>> {
    eventually("another picture in the tray", async || {
        let picture = desktop.tray.item().await?.picture().await?;
        ensure!(
            !seen.contains(&picture.as_slice()),
            "it is one of the {} before",
            seen.len()
        );
        Ok(picture)
    })
    .await
}

/// CLI-10
#[tokio::test]
async fn a_deep_link_goes_to_its_conversation_and_nowhere_else() -> Result<()> {
    let (desktop, server) = tokio::try_join!(Desktop::start(), Server::demo())?;
    let employee = Employee::start(&desktop, &server.url()).await?;
    employee.sign_in_by_email(ANA, &server.mailbox()).await?;
    let request = employee
        .ask_for_help("The screen stays black.", Choice::NoneOfThese)
        .await?;
    employee.window.click("back").await?;
    employee.window.find("home").await?;
    // Refused: another server in a link changes nothing.
    let hostile = format!(
        "deskbell://conversation/{}?server=https://evil.example",
        request.id
    );
    let _ = client(&desktop, &server)?.arg(hostile).run().await;
    client(&desktop, &server)?
        .arg(format!("deskbell://conversation/{}", request.id))
        .run()
        .await?;
    assert_eq!(employee.open_conversation().await?, request.id);
    employee.send("Still black.").await?;
    employee.sees_delivery("Still black.", "sent").await
}
