//! Technicians among each other.

use anyhow::{Result, ensure};
use deskbell_testing::desktop::Desktop;
use deskbell_tests::{
    employee::{Choice, Employee},
    server::Server,
    technician::Technician,
};

const ANA: &str = "ana.silva@harbourfinch.example";
const TESS: &str = "tess.berg@deskbell.example";
const OMAR: &str = "omar.haddad@deskbell.example";

#[tokio::test]
async fn two_press_take_at_once_and_one_is_told_who_has_it() -> Result<()> {
    let (desktop, server) = tokio::try_join!(Desktop::start(), Server::demo())?;
    let employee = Employee::start(&desktop, &server.url()).await?;
    employee.sign_in_by_email(ANA, &server.mailbox()).await?;
    let request = employee
        .ask_for_help("The screen stays black.", Choice::NoneOfThese)
        .await?;
    let mailbox = server.mailbox();
    let (tess, omar) = tokio::try_join!(
        Technician::sign_in(desktop.folder(), &server, TESS, &mailbox),
        Technician::sign_in(desktop.folder(), &server, OMAR, &mailbox),
    )?;
    tess.open_conversation(request.id).await?;
    omar.open_conversation(request.id).await?;
    tokio::try_join!(tess.console.find("take"), omar.console.find("take"))?;
    let (one, other) = tokio::join!(
        tess.console.click_now("take"),
        omar.console.click_now("take")
    );
    // The slower one's button may be gone before it is pressed.
    ensure!(one.is_ok() || other.is_ok(), "{one:?} {other:?}");
    employee.reads("has taken").await?;
    let lines = employee.lines().await?;
    let taken: Vec<_> = lines
        .iter()
        .filter(|line| line.text.contains("taken"))
        .collect();
    ensure!(taken.len() == 1, "one of them has it: {taken:?}");
    let by_tess = taken.iter().any(|line| line.text.contains("Tess"));
    let (winner, loser, name) = if by_tess {
        (&tess, &omar, "Tess Berg")
    } else {
        (&omar, &tess, "Omar Haddad")
    };
    winner.console.find("composer").await?;
    loser.console.says("body", name).await?;
    ensure!(
        !loser.console.shows("send").await?,
        "who has not taken it cannot write"
    );
    Ok(())
}

#[tokio::test]
async fn a_note_stays_among_technicians() -> Result<()> {
    let (desktop, server) = tokio::try_join!(Desktop::start(), Server::demo())?;
    let employee = Employee::start(&desktop, &server.url()).await?;
    employee.sign_in_by_email(ANA, &server.mailbox()).await?;
    let request = employee
        .ask_for_help("The screen stays black.", Choice::NoneOfThese)
        .await?;
    let tess = Technician::sign_in(desktop.folder(), &server, TESS, &server.mailbox()).await?;
    tess.open_conversation(request.id).await?;
    tess.take().await?;
    tess.note("She has called about this twice").await?;
    tess.reply("Is the cable in?").await?;
    employee.reads("Is the cable in?").await?;
    let words = employee.window.words().await;
    ensure!(
        !words.contains("twice"),
        "the note shows at the employee's: {words}"
    );
    Ok(())
}
