//! What must not be told: codes, tokens, addresses and texts, in logs and in error answers.
#![expect(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

use std::io::Write;
use std::sync::{Arc, Mutex};

use anyhow::Result;
use deskbell_server::clock::Clock as _;
use deskbell_testing::server::TestServer;
use serde_json::json;
use tracing_subscriber::fmt::MakeWriter;
use uuid::Uuid;

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// SES-09: everything is logged that can be, and then searched.
#[tokio::test]
async fn logs_and_error_answers_hold_no_secret() -> Result<()> {
    let log = Log::default();
    let everything = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(log.clone())
        .finish();
    tracing::subscriber::set_global_default(everything)?;
    let (canaries, answers) = live().await?;
    let logged = String::from_utf8(log.0.lock().unwrap().clone())?;
    // Our own lines; what libraries say at TRACE is not written by any configuration we offer.
    let ours: String = logged
        .lines()
        .filter(|line| line.contains("deskbell_server"))
        .collect();
    assert!(
        ours.contains("signed in"),
        "the log was not captured: {logged}"
    );
    for canary in canaries {
        assert!(!ours.contains(&canary), "{canary:?} is in the log");
        assert!(
            !answers.contains(&canary),
            "{canary:?} is in an error answer"
        );
    }
    Ok(())
}

/// Signs people in, writes, and makes mistakes; gives what must not show and all error answers.
async fn live() -> Result<(Vec<String>, String)> {
    let server = TestServer::start().await?;
    let email = server.requester("Ana Silva").await?;
    let tess = server.technician("Tess Berg").await?;
    let anyone = server.anyone();
    let mut answers = String::new();
    let challenge = anyone.start_sign_in(&email).await?;
    anyone.ask_for_mail(&challenge).await?;
    let code = server.code_to(&email, 1).await?;
    answers += &anyone.ask_for_mail(&challenge).await?.text;
    answers += &anyone.try_code(&challenge, "not it").await?.text;
    let signed_in = anyone.try_code(&challenge, &code).await?;
    let token = signed_in.body.get("token").and_then(|token| token.as_str());
    let token = token.unwrap().to_owned();
    answers += &anyone.try_code(&challenge, &code).await?.text;
    answers += &anyone
        .ask_for_text(&challenge, "+49 151 777777777777777")
        .await?
        .text;
    let ana = anyone.header("authorization", &format!("Bearer {token}"));
    let text = "canary-of-a-description";
    let id = Uuid::from_u128(server.clock.id().as_u128());
    ana.post(
        "/v1/conversations",
        json!({"id": id, "description": text, "device_id": null}),
    )
    .await?;
    let wrong = json!({"id": server.clock.id(), "description": [text], "device_id": null});
    answers += &ana.post("/v1/conversations", wrong).await?.text;
    let challenge = anyone.start_sign_in(&tess.email).await?;
    anyone.ask_for_mail(&challenge).await?;
    let second_code = server.code_to(&tess.email, 1).await?;
    answers += &anyone.try_code(&challenge, &second_code).await?.text;
    let digits = tess.authenticator.digits_at(server.clock.now().as_millis());
    anyone.try_digits(&challenge, &digits).await?;
    let secret = tess.authenticator.base32();
    answers += &anyone
        .header("authorization", "Bearer canary-token")
        .get("/v1/me")
        .await?
        .text;
    let canaries = [
        code,
        second_code,
        token,
        email,
        tess.email,
        text.to_owned(),
        digits,
        secret,
    ];
    let more = ["canary-token", "15112345601", "777777777777777"].map(str::to_owned);
    Ok((canaries.into_iter().chain(more).collect(), answers))
}
