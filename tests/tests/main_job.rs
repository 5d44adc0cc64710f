//! The main job with nothing faked: from the bell to the technician's answer.

use anyhow::{Context, Result, ensure};
use deskbell_testing::{desktop::Desktop, mail::Mail, sms::Sms, wait::eventually};
use deskbell_tests::{
    employee::{Choice, Employee},
    server::{Server, TECHNICIAN},
    technician::Technician,
};

const ANA: &str = "ana.silva@harbourfinch.example";
const ANAS_PHONE: &str = "+4915112345601";

#[tokio::test]
async fn from_the_bell_to_the_technicians_answer() -> Result<()> {
    let (mail, sms, desktop) = tokio::try_join!(Mail::start(), Sms::start(), Desktop::start())?;
    let server = Server::with_mail_and_sms(&mail, &sms).await?;
    let employee = Employee::start(&desktop, &server.url()).await?;

    employee.sign_in_by_email(ANA, &mail).await?;
    employee
        .window
        .says("[data-testid=\"organization-name\"]", "Harbour & Finch")
        .await?;
    let device = Choice::Named("Front desk printer");
    let request = employee
        .ask_for_help("The printer at the front desk eats paper.", device)
        .await?;

    let technician = Technician::sign_in(desktop.folder(), &server, TECHNICIAN.1, &mail).await?;
    technician.sees(request.id, "new").await?;
    let entry = technician.entry(request.id).await?;
    ensure!(
        entry.contains(&request.number),
        "the list names the ticket: {entry}"
    );
    technician.open_conversation(request.id).await?;
    technician.reads("eats paper").await?;
    technician
        .console
        .says("[data-testid=\"device\"]", "Front desk printer")
        .await?;
    technician.take().await?;
    employee.reads("Tess Berg").await?;

    // Nobody is told of what they look at: Ana goes back home first.
    employee.window.click("back").await?;
    employee.window.find("home").await?;
    technician
        .reply("Which tray does it take the paper from?")
        .await?;
    let toast = desktop.toasts.wait_for("Which tray").await?;
    ensure!(
        toast.title.contains("Tess Berg"),
        "the toast says who wrote: {toast:?}"
    );
    desktop.toasts.click().await?;
    eventually("the chat the toast is about", async || {
        let open = employee.open_conversation().await?;
        ensure!(open == request.id, "the window shows {open}");
        Ok(())
    })
    .await?;
    employee
        .reads("Which tray does it take the paper from?")
        .await?;

    employee.send("The lower one.").await?;
    technician.reads("The lower one.").await?;
    employee.sees_delivery("The lower one.", "read").await?;
    technician.close().await?;
    employee.window.find("closed").await?;
    ensure!(
        !employee.window.shows("composer").await?,
        "a closed conversation is read-only"
    );
    technician.sees(request.id, "closed").await
}

#[tokio::test]
async fn a_code_comes_as_a_text_message() -> Result<()> {
    let (mail, sms, desktop) = tokio::try_join!(Mail::start(), Sms::start(), Desktop::start())?;
    let server = Server::with_mail_and_sms(&mail, &sms).await?;
    let employee = Employee::start(&desktop, &server.url()).await?;
    employee.sign_in_by_sms(ANA, ANAS_PHONE, &sms).await?;
    employee
        .window
        .says("[data-testid=\"organization-name\"]", "Harbour & Finch")
        .await?;
    assert!(
        mail.inbox(ANA).await?.is_empty(),
        "the code went to the phone alone"
    );
    Ok(())
}

/// LOG-18
#[tokio::test]
async fn the_mail_with_the_code_names_it_in_the_body_only() -> Result<()> {
    let (mail, sms, desktop) = tokio::try_join!(Mail::start(), Sms::start(), Desktop::start())?;
    let server = Server::with_mail_and_sms(&mail, &sms).await?;
    let employee = Employee::start(&desktop, &server.url()).await?;
    employee.sign_in_by_email(ANA, &mail).await?;
    let code = deskbell_tests::letters::Letters::code(&mail, ANA, 1).await?;
    let inbox = mail.inbox(ANA).await?;
    let letter = inbox.first().context("Ana has mail")?;
    ensure!(
        !letter.subject.contains(&code),
        "the subject shows on a locked screen: {}",
        letter.subject
    );
    ensure!(
        letter.text.contains("10 minutes"),
        "it says how long it is good for: {}",
        letter.text
    );
    ensure!(
        !letter.text.contains("http"),
        "there is nothing to click: {}",
        letter.text
    );
    ensure!(
        !server.log().contains(&code),
        "the server's log has no code"
    );
    Ok(())
}
