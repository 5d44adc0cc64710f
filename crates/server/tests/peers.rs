//! Codes through real peers: Postfix with STARTTLS and a password, and Kannel to its SMSC.

use anyhow::Result;
use deskbell_server::config::Config;
use deskbell_server::delivery::Carriers;
use deskbell_testing::mail::{self, Mail};
use deskbell_testing::server::TestServer;
use deskbell_testing::sms::{self, Sms};

const ANA: &str = "ana.silva@customer.example";
const ANAS_PHONE: &str = "+4915112345601";

fn carriers(sections: &str) -> Result<Carriers> {
    let text = format!("public_url = \"http://127.0.0.1\"\ndata_dir = \"/nowhere\"\n{sections}");
    Carriers::configured(&Config::parse(&text, [])?)
}

#[tokio::test]
async fn a_code_arrives_by_mail_over_starttls_with_a_private_authority() -> Result<()> {
    let postfix = Mail::start().await?;
    let server = TestServer::with_carriers(carriers(&format!(
        "[mail]\nhost = \"localhost\"\nport = {}\nuser = {:?}\npassword = {:?}\nca_file = {:?}\n\
         from = \"Deskbell <deskbell@provider.example>\"\n",
        postfix.submission().port(),
        mail::USER,
        mail::PASSWORD,
        postfix.ca_file(),
    ))?)
    .await?;
    server.requester("Ana Silva").await?;
    let challenge = server.anyone().start_sign_in(ANA).await?;
    server.anyone().ask_for_mail(&challenge).await?;
    let code = postfix.code(ANA, 1).await?;
    assert_eq!(
        server.anyone().try_code(&challenge, &code).await?.status,
        200
    );
    Ok(())
}

#[tokio::test]
async fn a_mail_server_with_an_unknown_authority_gets_no_mail() -> Result<()> {
    let postfix = Mail::start().await?;
    let without_ca = carriers(&format!(
        "[mail]\nhost = \"localhost\"\nport = {}\nuser = {:?}\npassword = {:?}\nfrom = \"a@b.example\"\n",
        postfix.submission().port(),
        mail::USER,
        mail::PASSWORD,
    ))?;
    let Some(deskbell_server::delivery::Carrier::Smtp(smtp)) = without_ca.email else {
        anyhow::bail!("mail is not configured");
    };
    let refused = smtp.probe().await.unwrap_err().to_string();
    assert!(refused.to_lowercase().contains("certificate"), "{refused}");
    Ok(())
}

#[tokio::test]
async fn a_code_arrives_by_text_message_through_kannel() -> Result<()> {
    let kannel = Sms::start().await?;
    let server = TestServer::with_carriers(carriers(&format!(
        "[sms]\npreset = \"kannel\"\nurl = {:?}\nuser = {:?}\npassword = {:?}\ncountries = [\"+49\"]\n",
        kannel.send_url(),
        sms::USER,
        sms::PASSWORD,
    ))?)
    .await?;
    server.requester("Ana Silva").await?;
    let challenge = server.anyone().start_sign_in(ANA).await?;
    server.anyone().ask_for_text(&challenge, ANAS_PHONE).await?;
    let code = kannel.code(ANAS_PHONE, 1).await?;
    assert_eq!(
        server.anyone().try_code(&challenge, &code).await?.status,
        200
    );
    Ok(())
}
