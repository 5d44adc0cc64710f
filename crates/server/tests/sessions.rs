//! Sessions: how they begin for technicians, how they are seen, and every way they end.
#![expect(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

use std::time::{Duration, Instant};

use anyhow::Result;
use deskbell_protocol::ErrorCode::{
    CodeInvalid, CodeUsed, NotFound, NotSignedIn, SecondFactorRequired, SessionEnded,
    SessionExpired,
};
use deskbell_protocol::Role;
use deskbell_protocol::limits::{
    CODE_COOLDOWN_SECONDS, KNOWN_DEVICE_SECONDS, REQUESTER_IDLE_SECONDS, REQUESTER_SESSION_SECONDS,
    SECOND_FACTOR_SECONDS, TECHNICIAN_IDLE_SECONDS, TECHNICIAN_SESSION_SECONDS, close_code,
};
use deskbell_server::clock::Clock as _;
use deskbell_server::directory;
use deskbell_server::identity::sweep;
use deskbell_testing::caller::{Answer, Caller};
use deskbell_testing::feed::TestFeed;
use deskbell_testing::server::{TestServer, TestTechnician};

/// A revocation reaches every open socket within this.
const REVOCATION: Duration = Duration::from_secs(2);
/// What a busy machine may add before a test calls it late.
const BUSY: Duration = Duration::from_secs(3);

async fn server_and_tess() -> Result<(TestServer, TestTechnician)> {
    let server = TestServer::start().await?;
    let tess = server.technician("Tess Berg").await?;
    Ok((server, tess))
}

/// A challenge of this technician with the code right, so that the second factor is next.
async fn proved(server: &TestServer, email: &str, letters: usize) -> Result<(String, Answer)> {
    let anyone = server.anyone();
    let challenge = anyone.start_sign_in(email).await?;
    anyone.ask_for_mail(&challenge).await?;
    let code = server.code_to(email, letters).await?;
    let answer = anyone.try_code(&challenge, &code).await?;
    Ok((challenge, answer))
}

fn digits(server: &TestServer, tess: &TestTechnician) -> String {
    tess.authenticator.digits_at(server.clock.now().as_millis())
}

/// The cookie's value as a browser keeps it.
fn cookie_token(answer: &Answer) -> String {
    let cookie = answer.headers.get("set-cookie").unwrap().to_str().unwrap();
    let pair = cookie.split(';').next().unwrap();
    pair.strip_prefix("__Host-sid=").unwrap().to_owned()
}

/// LOG-20, SES-08.
#[tokio::test]
async fn a_technician_needs_the_second_factor_and_gets_a_cookie_alone() -> Result<()> {
    let (server, tess) = server_and_tess().await?;
    let (challenge, answer) = proved(&server, &tess.email, 1).await?;
    assert_eq!(answer.refusal(), (403, Some(SecondFactorRequired), None));
    assert!(
        answer.headers.get("set-cookie").is_none(),
        "no cookie before the second factor"
    );

    let answer = server
        .anyone()
        .try_digits(&challenge, &digits(&server, &tess))
        .await?;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let cookie = answer
        .headers
        .get("set-cookie")
        .unwrap()
        .to_str()?
        .to_owned();
    for part in [
        "__Host-sid=",
        "; Secure",
        "; HttpOnly",
        "; SameSite=Strict",
        "; Path=/",
    ] {
        assert!(cookie.contains(part), "{part:?} is missing from the cookie");
    }
    assert!(
        !cookie.contains("Domain"),
        "the cookie is for this host alone"
    );
    let token = cookie_token(&answer);
    assert!(
        !answer.text.contains(&token),
        "the body never holds the token"
    );
    assert!(answer.body["token"].is_null());
    let console = server.anyone().with(Role::Technician, &token);
    assert_eq!(console.get("/v1/sessions").await?.status, 200);
    Ok(())
}

#[tokio::test]
async fn authenticator_digits_work_once_and_wrong_ones_are_counted() -> Result<()> {
    let (server, tess) = server_and_tess().await?;
    let anyone = server.anyone();
    let (challenge, _) = proved(&server, &tess.email, 1).await?;
    let shown = digits(&server, &tess);
    let wrong = format!("{:06}", (shown.parse::<u32>()? + 1) % 1_000_000);
    let answer = anyone.try_digits(&challenge, &wrong).await?;
    assert_eq!(answer.refusal(), (401, Some(CodeInvalid), Some(4)));
    assert_eq!(anyone.try_digits(&challenge, &shown).await?.status, 200);
    let again = anyone.try_digits(&challenge, &shown).await?;
    assert_eq!(again.refusal(), (401, Some(CodeUsed), None));
    Ok(())
}

#[tokio::test]
async fn digits_of_a_step_that_was_used_are_not_taken_again() -> Result<()> {
    let (server, tess) = server_and_tess().await?;
    let anyone = server.anyone();
    let (first, _) = proved(&server, &tess.email, 1).await?;
    server.clock.advance_seconds(CODE_COOLDOWN_SECONDS);
    let (second, _) = proved(&server, &tess.email, 2).await?;
    let shown = digits(&server, &tess);
    assert_eq!(anyone.try_digits(&first, &shown).await?.status, 200);
    let replayed = anyone.try_digits(&second, &shown).await?;
    assert_eq!(replayed.refusal(), (401, Some(CodeInvalid), Some(4)));
    Ok(())
}

#[tokio::test]
async fn a_right_code_sent_twice_still_leads_to_the_second_factor() -> Result<()> {
    let (server, tess) = server_and_tess().await?;
    let (challenge, _) = proved(&server, &tess.email, 1).await?;
    let code = server.code_to(&tess.email, 1).await?;
    let again = server.anyone().try_code(&challenge, &code).await?;
    assert_eq!(again.refusal(), (403, Some(SecondFactorRequired), None));
    let wrong = format!("{:06}", (code.parse::<u32>()? + 1) % 1_000_000);
    let other = server.anyone().try_code(&challenge, &wrong).await?;
    assert_eq!(other.refusal(), (401, Some(CodeUsed), None));
    let shown = digits(&server, &tess);
    let answer = server.anyone().try_digits(&challenge, &shown).await?;
    assert_eq!(answer.status, 200, "{}", answer.text);
    Ok(())
}

#[tokio::test]
async fn the_right_code_again_gives_no_more_tries_at_the_second_factor() -> Result<()> {
    let (server, tess) = server_and_tess().await?;
    let (challenge, _) = proved(&server, &tess.email, 1).await?;
    let code = server.code_to(&tess.email, 1).await?;
    let shown = digits(&server, &tess);
    let wrong = format!("{:06}", (shown.parse::<u32>()? + 1) % 1_000_000);
    for left in (0..5).rev() {
        let answer = server.anyone().try_digits(&challenge, &wrong).await?;
        assert_eq!(answer.refusal(), (401, Some(CodeInvalid), Some(left)));
        server.anyone().try_code(&challenge, &code).await?;
    }
    assert_eq!(
        server.anyone().try_digits(&challenge, &shown).await?.status,
        429
    );
    Ok(())
}

#[tokio::test]
async fn the_second_factor_alone_opens_nothing() -> Result<()> {
    let (server, tess) = server_and_tess().await?;
    let challenge = server.anyone().start_sign_in(&tess.email).await?;
    server.anyone().ask_for_mail(&challenge).await?;
    let answer = server
        .anyone()
        .try_digits(&challenge, &digits(&server, &tess))
        .await?;
    assert_eq!(answer.refusal(), (401, Some(CodeInvalid), Some(4)));
    Ok(())
}

#[tokio::test]
async fn the_second_factor_must_come_soon() -> Result<()> {
    let (server, tess) = server_and_tess().await?;
    let (challenge, _) = proved(&server, &tess.email, 1).await?;
    server.clock.advance_seconds(SECOND_FACTOR_SECONDS + 1);
    let answer = server
        .anyone()
        .try_digits(&challenge, &digits(&server, &tess))
        .await?;
    assert_eq!(answer.status, 401, "{}", answer.text);
    Ok(())
}

/// SES-01.
#[tokio::test]
async fn the_database_holds_no_token() -> Result<()> {
    let server = TestServer::start().await?;
    let ana = server
        .session(&server.requester("Ana Silva").await?)
        .await?;
    let token = ana.token.clone().unwrap();
    let row: (String, String, String, String) =
        sqlx::query_as("SELECT id, token_hash, client, ip FROM session")
            .fetch_one(server.app.store.read())
            .await?;
    assert_eq!(row.1.len(), 64, "a SHA-256 in hexadecimal");
    assert!(!format!("{row:?}").contains(&token));
    let hash_as_token = server.anyone().with(Role::Requester, &row.1);
    assert_eq!(
        hash_as_token.get("/v1/sessions").await?.code(),
        Some(NotSignedIn)
    );
    Ok(())
}

async fn timed_close(feed: &mut TestFeed) -> Result<(u16, Duration)> {
    let begun = Instant::now();
    Ok((feed.close_code().await?, begun.elapsed()))
}

/// SES-04.
#[tokio::test]
async fn signing_out_ends_the_token_and_the_open_feed() -> Result<()> {
    let server = TestServer::start().await?;
    let ana = server
        .session(&server.requester("Ana Silva").await?)
        .await?;
    let mut feed = TestFeed::open(&ana).await?;
    assert_eq!(ana.delete("/v1/session").await?.status, 204);
    let (code, took) = timed_close(&mut feed).await?;
    assert_eq!(code, close_code::SESSION_ENDED);
    assert!(
        took < REVOCATION + BUSY,
        "the feed stayed open for {took:?}"
    );
    assert_eq!(
        ana.get("/v1/sessions").await?.refusal(),
        (401, Some(SessionEnded), None)
    );
    assert!(
        TestFeed::shake(&ana).await?.is_err(),
        "the old token opened a feed"
    );
    Ok(())
}

/// SES-05.
#[tokio::test]
async fn sessions_end_by_idleness_and_by_age() -> Result<()> {
    let (server, tess) = server_and_tess().await?;
    let ana = server.requester("Ana Silva").await?;
    let kinds = [
        (ana, REQUESTER_IDLE_SECONDS, REQUESTER_SESSION_SECONDS),
        (
            tess.email,
            TECHNICIAN_IDLE_SECONDS,
            TECHNICIAN_SESSION_SECONDS,
        ),
    ];
    for (email, idle_seconds, life_seconds) in kinds {
        let idle = server.session(&email).await?;
        server.clock.advance_seconds(idle_seconds - 1);
        assert_eq!(
            idle.get("/v1/sessions").await?.status,
            200,
            "{email} is not idle yet"
        );
        server.clock.advance_seconds(idle_seconds);
        let over = idle.get("/v1/sessions").await?;
        assert_eq!(
            over.refusal(),
            (401, Some(SessionExpired), None),
            "{email} was idle"
        );

        let busy = server.session(&email).await?;
        let mut age = 0;
        while age + idle_seconds / 2 < life_seconds {
            server.clock.advance_seconds(idle_seconds / 2);
            age += idle_seconds / 2;
            let nobodys = format!("/v1/sessions/{}", uuid::Uuid::nil());
            let did = busy.delete(&nobodys).await?;
            assert_eq!(did.code(), Some(NotFound), "{email} after {age} s");
        }
        server.clock.advance_seconds(life_seconds - age);
        let over = busy.get("/v1/sessions").await?;
        assert_eq!(
            over.refusal(),
            (401, Some(SessionExpired), None),
            "{email} was used on"
        );
    }
    Ok(())
}

/// SES-05.
#[tokio::test]
async fn an_expired_session_closes_its_feed() -> Result<()> {
    let server = TestServer::start().await?;
    let ana = server
        .session(&server.requester("Ana Silva").await?)
        .await?;
    let mut feed = TestFeed::open(&ana).await?;
    server.clock.advance_seconds(REQUESTER_SESSION_SECONDS);
    let (code, took) = timed_close(&mut feed).await?;
    assert_eq!(code, close_code::SESSION_EXPIRED);
    assert!(
        took < Duration::from_secs(5) + BUSY,
        "the feed stayed open for {took:?}"
    );
    Ok(())
}

/// SES-06: everything a disabled person has open ends, on another server as well.
#[tokio::test]
async fn disabling_somebody_ends_all_they_have_on_every_server() -> Result<()> {
    let first = TestServer::on_postgres().await?;
    let second = first.beside().await?;
    let email = first.requester("Ana Silva").await?;
    let here = first.session(&email).await?;
    let there = second.session(&email).await?;
    let mut feeds = [TestFeed::open(&here).await?, TestFeed::open(&there).await?];
    let mut tx = first.app.store.write().await?;
    directory::disable(&mut tx, &email, first.clock.now()).await?;
    tx.commit().await?;
    for feed in &mut feeds {
        let (code, took) = timed_close(feed).await?;
        assert_eq!(code, close_code::SESSION_ENDED);
        assert!(took < REVOCATION + BUSY, "a feed stayed open for {took:?}");
    }
    for caller in [here, there] {
        assert_eq!(caller.get("/v1/sessions").await?.code(), Some(SessionEnded));
    }
    Ok(())
}

/// SES-07.
#[tokio::test]
async fn people_see_their_sessions_and_end_one_of_them() -> Result<()> {
    let server = TestServer::start().await?;
    let email = server.requester("Ana Silva").await?;
    let laptop = server
        .session(&email)
        .await?
        .header("user-agent", "Deskbell/0.1.0 (Windows)");
    server.clock.advance_seconds(90);
    let phone = server.session(&email).await?;
    laptop.from_ip("203.0.113.9").get("/v1/sessions").await?;
    let mine = phone.get("/v1/sessions").await?;
    let items = mine.body["items"].as_array().unwrap();
    let newest = items.first().unwrap();
    let oldest = items.last().unwrap();
    assert_eq!((items.len(), newest["current"].clone()), (2, true.into()));
    assert_eq!(oldest["client"], "Deskbell/0.1.0 (Windows)");
    assert_eq!(oldest["ip"], "203.0.113.9");
    assert_eq!(oldest["last_used_at"], "2026-11-21T08:01:30.000Z");

    let path = format!("/v1/sessions/{}", oldest["id"].as_str().unwrap());
    assert_eq!(phone.delete(&path).await?.status, 204);
    assert_eq!(laptop.get("/v1/sessions").await?.code(), Some(SessionEnded));
    let left = phone.get("/v1/sessions").await?;
    assert_eq!(left.body["items"].as_array().unwrap().len(), 1);
    assert_eq!(
        phone.delete(&path).await?.code(),
        Some(NotFound),
        "it is over already"
    );
    Ok(())
}

#[tokio::test]
async fn nobody_ends_somebody_elses_session() -> Result<()> {
    let server = TestServer::start().await?;
    let ana = server
        .session(&server.requester("Ana Silva").await?)
        .await?;
    let ben = server
        .session(&server.requester("Ben Okafor").await?)
        .await?;
    let mine = ana.get("/v1/sessions").await?;
    let id = mine.body["items"][0]["id"].as_str().unwrap().to_owned();
    let foreign = ben.delete(&format!("/v1/sessions/{id}")).await?;
    let unknown = ben
        .delete(&format!("/v1/sessions/{}", uuid::Uuid::nil()))
        .await?;
    assert_eq!(
        (foreign.status.as_u16(), &foreign.body),
        (404, &unknown.body)
    );
    assert_eq!(ana.get("/v1/sessions").await?.status, 200);
    Ok(())
}

#[tokio::test]
async fn use_is_written_down_once_a_minute() -> Result<()> {
    let server = TestServer::start().await?;
    let ana = server
        .session(&server.requester("Ana Silva").await?)
        .await?;
    let used = async |caller: &Caller| -> Result<String> {
        let mine = caller.get("/v1/sessions").await?;
        Ok(mine.body["items"][0]["last_used_at"]
            .as_str()
            .unwrap()
            .to_owned())
    };
    server.clock.advance_seconds(59);
    assert_eq!(used(&ana).await?, "2026-11-21T08:00:00.000Z");
    server.clock.advance_seconds(1);
    assert_eq!(used(&ana).await?, "2026-11-21T08:01:00.000Z");
    Ok(())
}

/// A row is kept for as long as its token proves a known device.
#[tokio::test]
async fn sessions_that_are_long_over_are_forgotten() -> Result<()> {
    let server = TestServer::start().await?;
    let ana = server.requester("Ana Silva").await?;
    let old = server.session(&ana).await?;
    assert_eq!(old.delete("/v1/session").await?.status, 204);
    server.session(&ana).await?;
    let count = async || -> Result<i64> {
        let count = sqlx::query_scalar("SELECT COUNT(*) FROM session");
        Ok(count.fetch_one(server.app.store.read()).await?)
    };
    let kept = REQUESTER_SESSION_SECONDS + KNOWN_DEVICE_SECONDS;
    server.clock.advance_seconds(kept);
    sweep::sweep(&server.app).await?;
    assert_eq!(count().await?, 2);
    server.session(&ana).await?;
    server.clock.advance_seconds(1);
    sweep::sweep(&server.app).await?;
    assert_eq!(count().await?, 1, "the live one stays");
    Ok(())
}

#[tokio::test]
async fn sessions_survive_a_restart() -> Result<()> {
    let server = TestServer::start().await?;
    let ana = server
        .session(&server.requester("Ana Silva").await?)
        .await?;
    let token = ana.token.clone().unwrap();
    let server = server.restart().await?;
    let again = server.anyone().with(Role::Requester, &token);
    assert_eq!(again.get("/v1/sessions").await?.status, 200);
    Ok(())
}
