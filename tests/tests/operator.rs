//! What an operator does with a server that has real peers.

use anyhow::{Result, ensure};
use deskbell_protocol::{ConversationItem, Page};
use deskbell_testing::{mail::Mail, sms::Sms};
use deskbell_tests::{
    api::Visitor,
    server::{Server, TECHNICIAN},
};

const ANA: &str = "ana.silva@harbourfinch.example";

#[tokio::test]
async fn check_tells_what_works_and_what_does_not() -> Result<()> {
    let (mail, sms) = tokio::try_join!(Mail::start(), Sms::start())?;
    let server = Server::with_mail_and_sms(&mail, &sms).await?;
    server.chore(&["check"]).run().await?;
    drop(mail);
    let without_mail = server.chore(&["check"]).run().await;
    ensure!(
        without_mail.is_err(),
        "the mail server is gone: {without_mail:?}"
    );
    Ok(())
}

#[tokio::test]
async fn a_backup_taken_while_people_write_can_be_served() -> Result<()> {
    let (mail, sms) = tokio::try_join!(Mail::start(), Sms::start())?;
    let mut server = Server::with_mail_and_sms(&mail, &sms).await?;
    let ana = Visitor::requester(&server.url(), ANA, &mail).await?;
    let id = ana.ask("The screen stays black.").await?;
    ana.write(id, "Before the backup").await?;
    server.chore(&["backup", "copy.db"]).run().await?;
    ana.write(id, "After the backup").await?;
    server.kill()?;
    server.restore("copy.db")?;
    server.start_again().await?;
    let ana_sees: Result<Page<ConversationItem>> = ana.get("/v1/conversations").await;
    ensure!(
        ana_sees.is_err(),
        "a backup ends every session: {ana_sees:?}"
    );
    let secret = server.authenticator(TECHNICIAN.1)?;
    let tess = Visitor::technician(&server.url(), TECHNICIAN.1, &mail, secret).await?;
    let kept: Page<ConversationItem> = tess.get("/v1/conversations").await?;
    let preview = kept.items.first().and_then(|item| item.preview.clone());
    assert_eq!(
        preview.map(|preview| preview.text).as_deref(),
        Some("Before the backup")
    );
    Ok(())
}

#[tokio::test]
async fn a_file_with_a_bad_line_is_not_half_imported() -> Result<()> {
    let (mail, sms) = tokio::try_join!(Mail::start(), Sms::start())?;
    let server = Server::with_mail_and_sms(&mail, &sms).await?;
    let people = "organization,name,email\nBlue Kite,Dora Lund,dora@bluekite.example\nBlue Kite,Nobody,not-an-address\n";
    server.put("more.csv", people)?;
    let refused = server.chore(&["import", "more.csv"]).run().await;
    let told = format!(
        "{:#}",
        refused
            .err()
            .unwrap_or_else(|| anyhow::anyhow!("it was taken"))
    );
    ensure!(
        told.contains('3') && told.contains("not-an-address"),
        "line and reason are told: {told}"
    );
    let again = "organization,name,email\nBlue Kite,Dora Lund,dora@bluekite.example\n";
    server.put("more.csv", again)?;
    let printed = server.chore(&["import", "more.csv"]).run().await?;
    ensure!(
        printed.contains('1'),
        "Dora is new, so the first try left nothing: {printed}"
    );
    Ok(())
}
