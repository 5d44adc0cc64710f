//! Nothing is lost and nothing comes twice, whatever breaks.

use anyhow::{Result, ensure};
use deskbell_testing::{desktop::Desktop, wait::eventually};
use deskbell_tests::{
    employee::{Choice, Employee, Line},
    server::Server,
    technician::Technician,
};

const ANA: &str = "ana.silva@harbourfinch.example";
const TESS: &str = "tess.berg@deskbell.example";

fn count(lines: &[Line], words: &str) -> usize {
    lines
        .iter()
        .filter(|line| line.kind == "message" && line.text.contains(words))
        .count()
}

/// DUR-01, REC-02
#[tokio::test]
async fn a_server_killed_in_mid_chat_loses_nothing_and_repeats_nothing() -> Result<()> {
    let (desktop, mut server) = tokio::try_join!(Desktop::start(), Server::demo())?;
    let employee = Employee::start(&desktop, &server.url()).await?;
    employee.sign_in_by_email(ANA, &server.mailbox()).await?;
    let request = employee
        .ask_for_help("The VPN drops every hour.", Choice::Named("HF-LT-0412"))
        .await?;
    let technician =
        Technician::sign_in(desktop.folder(), &server, TESS, &server.mailbox()).await?;
    technician.open_conversation(request.id).await?;
    technician.take().await?;
    technician.reply("Reply before the cut").await?;
    employee.reads("Reply before the cut").await?;

    // The last of these may be on its way while the server dies.
    for number in 1..=5 {
        employee.send(&format!("Line {number} of mine")).await?;
    }
    server.kill()?;
    employee.send("Written while it was down").await?;
    technician.reply("Reply while it was down").await?;
    employee
        .sees_delivery("Written while it was down", "waiting")
        .await?;
    server.start_again().await?;

    technician.reads("Written while it was down").await?;
    employee.reads("Reply while it was down").await?;
    let everything = [
        "Line 1",
        "Line 2",
        "Line 3",
        "Line 4",
        "Line 5",
        "Written while",
        "Reply before",
        "Reply while",
    ];
    eventually("every line once on both sides", async || {
        let (mine, theirs) = (employee.lines().await?, technician.lines().await?);
        for words in everything {
            ensure!(
                count(&mine, words) == 1,
                "{words:?} at the employee's: {mine:?}"
            );
            ensure!(
                count(&theirs, words) == 1,
                "{words:?} at the technician's: {theirs:?}"
            );
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_request_written_offline_waits_and_is_sent_once() -> Result<()> {
    let (desktop, mut server) = tokio::try_join!(Desktop::start(), Server::demo())?;
    let employee = Employee::start(&desktop, &server.url()).await?;
    employee.sign_in_by_email(ANA, &server.mailbox()).await?;
    // The list of devices is known before the network breaks.
    employee.begin_request().await?;
    employee.window.click("back").await?;
    server.kill()?;
    employee.window.find("offline").await?;
    employee
        .window
        .says("[data-testid=\"offline\"]", "+49 30 5550100")
        .await?;
    employee
        .write_request("Nothing works on this floor.", Choice::NoneOfThese)
        .await?;
    let id = employee.open_conversation().await?;
    employee
        .sees_delivery("Nothing works on this floor.", "waiting")
        .await?;
    server.start_again().await?;
    employee
        .window
        .says("[data-testid=\"ticket-number\"]", "")
        .await?;
    employee.window.gone("offline").await?;
    let technician =
        Technician::sign_in(desktop.folder(), &server, TESS, &server.mailbox()).await?;
    technician.sees(id, "new").await?;
    let requests = technician
        .console
        .texts("[data-testid=\"conversation\"]")
        .await?;
    let copies = requests
        .iter()
        .filter(|request| request.contains("Nothing works"))
        .count();
    assert_eq!(copies, 1, "the request is there once: {requests:?}");
    Ok(())
}
