//! The real peers do what the tests that use them rely on.

use anyhow::Result;
use deskbell_testing::{
    mail::{self, Mail},
    postgres::Postgres,
    process::Program,
    sms::{self, Sms},
};
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    transport::smtp::{
        authentication::Credentials,
        client::{Certificate, Tls, TlsParameters},
    },
};

fn transport(mail: &Mail, password: &str) -> Result<AsyncSmtpTransport<Tokio1Executor>> {
    let authority = Certificate::from_pem(&std::fs::read(mail.ca_file())?)?;
    let tls = TlsParameters::builder("localhost".to_owned())
        .add_root_certificate(authority)
        .build()?;
    Ok(
        AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous("localhost")
            .port(mail.submission().port())
            .tls(Tls::Required(tls))
            .credentials(Credentials::new(mail::USER.to_owned(), password.to_owned()))
            .build(),
    )
}

fn letter(to: &str) -> Result<Message> {
    Ok(Message::builder()
        .from("Deskbell <deskbell@provider.example>".parse()?)
        .to(to.parse()?)
        .subject("Your sign-in code")
        .body("Grüezi, your code is 482913. It is good for 10 minutes.".to_owned())?)
}

#[tokio::test]
async fn a_mailed_code_is_read_over_imap() -> Result<()> {
    let mail = Mail::start().await?;
    transport(&mail, mail::PASSWORD)?
        .send(letter("ana@customer.example")?)
        .await?;
    assert_eq!(mail.code("ana@customer.example", 1).await?, "482913");
    let inbox = mail.inbox("ana@customer.example").await?;
    assert_eq!(inbox[0].subject, "Your sign-in code");
    assert!(
        mail.inbox("ben@customer.example").await?.is_empty(),
        "only Ana got it"
    );
    Ok(())
}

#[tokio::test]
async fn mail_is_refused_without_the_password_and_for_refused_addresses() -> Result<()> {
    let mail = Mail::start().await?;
    let wrong = transport(&mail, "wrong")?
        .send(letter("ana@customer.example")?)
        .await;
    assert!(
        wrong.is_err_and(|refusal| refusal.is_permanent()),
        "a wrong password is refused"
    );
    let right = transport(&mail, mail::PASSWORD)?;
    let unknown = right.send(letter("reject@customer.example")?).await;
    assert!(
        unknown.is_err_and(|refusal| refusal.is_permanent()),
        "550 is for good"
    );
    let later = right.send(letter("tempfail@customer.example")?).await;
    assert!(
        later.is_err_and(|refusal| refusal.is_transient()),
        "451 is for now"
    );
    Ok(())
}

#[tokio::test]
async fn a_texted_code_reaches_the_sms_centre() -> Result<()> {
    let kannel = Sms::start().await?;
    let query = [
        ("username", sms::USER),
        ("password", sms::PASSWORD),
        ("to", "+4915112345601"),
        ("text", "Your code is 482913. It is good for 5 minutes."),
    ];
    let url = reqwest::Url::parse_with_params(&kannel.send_url(), query)?;
    let answer = reqwest::get(url).await?;
    assert_eq!(answer.status(), 202, "{}", answer.text().await?);
    assert_eq!(kannel.code("+4915112345601", 1).await?, "482913");
    assert!(
        kannel.received("+4915112345602").is_empty(),
        "nobody else got it"
    );
    Ok(())
}

#[tokio::test]
async fn every_database_of_a_postgres_is_empty_and_its_own() -> Result<()> {
    let postgres = Postgres::start().await?;
    let (first, second) = (postgres.database().await?, postgres.database().await?);
    assert_ne!(first, second);
    let psql = |url: &str, sql: &str| Program::new("psql", "/").args([url, "-Atc", sql]).run();
    psql(&first, "create table kept (id text)").await?;
    let count = "select count(*) from pg_tables where schemaname = 'public'";
    assert_eq!(psql(&first, count).await?.trim(), "1");
    assert_eq!(psql(&second, count).await?.trim(), "0");
    Ok(())
}

#[tokio::test]
async fn a_dropped_process_takes_its_group_with_it() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut shell = Program::new("sh", folder.path())
        .args(["-c", "trap '' TERM; sleep 1000 & echo $!; wait; wait"])
        .start()?;
    let child = shell
        .ready("the child's id", async || {
            let printed = std::fs::read_to_string(folder.path().join("sh.out"))?;
            Ok(printed.trim().parse::<u32>()?)
        })
        .await?;
    assert!(std::fs::exists(format!("/proc/{child}"))?);
    shell.kill()?;
    drop(shell);
    let state = std::fs::read_to_string(format!("/proc/{child}/stat")).unwrap_or_default();
    assert!(
        state.is_empty() || state.contains(") Z "),
        "the child is gone: {state}"
    );
    Ok(())
}
