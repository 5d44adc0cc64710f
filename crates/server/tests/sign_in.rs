//! Signing in with a code: what people see when they are right, wrong, late, many or malicious.
#![expect(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Result;
use deskbell_protocol::ErrorCode::{
    self, AccountThrottled, ChallengeExhausted, CodeExpired, CodeInvalid, CodeUsed, InvalidField,
    RateLimited, SessionExpired, SmsUnavailable, Unavailable,
};
use deskbell_protocol::limits::{
    CODE_COOLDOWN_SECONDS, CODES_PER_HOUR_AND_ADDRESS, CODES_PER_HOUR_AND_IP,
    CONSECUTIVE_FAILURES_PER_ACCOUNT, EMAIL_CODE_LIFE_SECONDS, LIVE_CHALLENGES_PER_ACCOUNT,
    REQUESTER_IDLE_SECONDS, SMS_CODE_LIFE_SECONDS, THROTTLE_SECONDS, TRIES_PER_CHALLENGE,
};
use deskbell_server::clock::Clock as _;
use deskbell_server::directory;
use deskbell_server::identity::sweep;
use deskbell_testing::caller::{Answer, Caller};
use deskbell_testing::server::{DAILY_BUDGET, TestServer};
use futures_util::future::join_all;
use tokio::sync::Barrier;
use uuid::Uuid;

const ANA: &str = "ana.silva@customer.example";
const ANAS_PHONE: &str = "+4915112345601";

async fn server_with_ana() -> Result<TestServer> {
    let server = TestServer::start().await?;
    server.requester("Ana Silva").await?;
    Ok(server)
}

/// A challenge whose code has been mailed, with that code.
async fn challenge_and_code(server: &TestServer, letters: usize) -> Result<(String, String)> {
    let anyone = server.anyone();
    let challenge = anyone.start_sign_in(ANA).await?;
    let sent = anyone.ask_for_mail(&challenge).await?;
    assert_eq!(sent.status, 202, "no code was sent: {}", sent.text);
    Ok((challenge, server.code_to(ANA, letters).await?))
}

/// Another code than this one.
fn wrong(code: &str, by: u32) -> String {
    let number: u32 = code.parse().unwrap();
    format!("{:06}", (number + by) % 1_000_000)
}

async fn count(server: &TestServer, statement: &'static str) -> Result<i64> {
    Ok(sqlx::query_scalar(statement)
        .fetch_one(server.app.store.read())
        .await?)
}

/// What an observer can compare: the status, the headers and the body, without what is random.
fn visible(answer: &Answer) -> (u16, BTreeMap<String, String>, String) {
    let headers = answer.headers.iter().map(|(name, value)| {
        let random = ["x-request-id", "date"].contains(&name.as_str());
        let value = if random { "-" } else { value.to_str().unwrap() };
        (name.to_string(), value.to_owned())
    });
    let mut text = answer.text.clone();
    if let Some(id) = answer.body.get("challenge_id").and_then(|id| id.as_str()) {
        assert_eq!(Uuid::parse_str(id).unwrap().get_version_num(), 7);
        text = text.replace(id, "-");
    }
    (answer.status.as_u16(), headers.collect(), text)
}

#[tokio::test]
async fn a_mailed_code_signs_a_requester_in() -> Result<()> {
    let server = server_with_ana().await?;
    let (challenge, code) = challenge_and_code(&server, 1).await?;
    let answer = server.anyone().try_code(&challenge, &code).await?;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(answer.body["account"]["email"], ANA);
    assert!(
        answer.headers.get("set-cookie").is_none(),
        "a requester has no cookie"
    );
    let token = answer.body["token"].as_str().unwrap();
    let me = server
        .anyone()
        .header("authorization", &format!("Bearer {token}"));
    assert_eq!(me.get("/v1/sessions").await?.status, 200);
    Ok(())
}

#[tokio::test]
async fn a_texted_code_signs_in_and_a_foreign_number_gets_none() -> Result<()> {
    let server = server_with_ana().await?;
    let anyone = server.anyone();
    let challenge = anyone.start_sign_in(ANA).await?;
    assert_eq!(
        anyone
            .ask_for_text(&challenge, "+49 151 99999999")
            .await?
            .status,
        202
    );
    server.clock.advance_seconds(CODE_COOLDOWN_SECONDS);
    assert_eq!(
        anyone
            .ask_for_text(&challenge, "0049 151 12345601")
            .await?
            .status,
        202
    );
    let code = server.code_to(ANAS_PHONE, 1).await?;
    assert_eq!(
        server.mailbox.letters().len(),
        1,
        "only her own number gets a message"
    );
    server.clock.advance_seconds(SMS_CODE_LIFE_SECONDS - 1);
    assert_eq!(anyone.try_code(&challenge, &code).await?.status, 200);
    Ok(())
}

#[tokio::test]
async fn a_texted_code_is_too_old_after_five_minutes() -> Result<()> {
    let server = server_with_ana().await?;
    let anyone = server.anyone();
    let challenge = anyone.start_sign_in(ANA).await?;
    anyone.ask_for_text(&challenge, ANAS_PHONE).await?;
    let code = server.code_to(ANAS_PHONE, 1).await?;
    server.clock.advance_seconds(SMS_CODE_LIFE_SECONDS + 1);
    let late = anyone.try_code(&challenge, &code).await?;
    assert_eq!(late.refusal(), (401, Some(CodeExpired), None));
    Ok(())
}

/// LOG-01.
#[tokio::test]
async fn nobody_can_tell_which_addresses_are_known() -> Result<()> {
    let server = server_with_ana().await?;
    server.requester("Dora Disabled").await?;
    let mut tx = server.app.store.write().await?;
    directory::disable(
        &mut tx,
        "dora.disabled@customer.example",
        server.clock.now(),
    )
    .await?;
    tx.commit().await?;
    let addresses = [
        ANA,
        "nobody@customer.example",
        "dora.disabled@customer.example",
        "x+~!#$%&'*-/=?^_`{|}@very.odd.example",
    ];
    let mut seen = Vec::new();
    for (at, address) in addresses.into_iter().enumerate() {
        let caller = server.anyone().from_ip(&format!("203.0.113.{at}"));
        seen.push((address, whole_attempt(&caller, address).await?));
    }
    let (_, known) = seen.first().unwrap();
    for (address, answers) in &seen {
        assert_eq!(answers, known, "{address} is told from {ANA}");
    }
    assert_eq!(
        known.iter().map(|answer| answer.0).collect::<Vec<_>>(),
        [202, 202, 429, 401, 401, 401, 401, 401, 429, 429]
    );
    Ok(())
}

/// Everything one can do with an address, as far as it can be seen.
async fn whole_attempt(
    caller: &Caller,
    address: &str,
) -> Result<Vec<(u16, BTreeMap<String, String>, String)>> {
    let started = caller
        .post("/v1/sign-in", serde_json::json!({"email": address}))
        .await?;
    let challenge = started.body.get("challenge_id").and_then(|id| id.as_str());
    let challenge = challenge.unwrap().to_owned();
    let mut answers = vec![visible(&started)];
    for _ in 0..2 {
        answers.push(visible(&caller.ask_for_mail(&challenge).await?));
    }
    for _ in 0..=TRIES_PER_CHALLENGE {
        // Right once in a million times.
        answers.push(visible(&caller.try_code(&challenge, "000000").await?));
    }
    answers.push(visible(&caller.ask_for_mail(&challenge).await?));
    Ok(answers)
}

/// LOG-01: a challenge that was never opened is not told from one that was.
#[tokio::test]
async fn a_made_up_challenge_counts_tries_like_any_other() -> Result<()> {
    let server = TestServer::start().await?;
    let challenge = Uuid::from_u128(5).to_string();
    for left in (0..5).rev() {
        let answer = server.anyone().try_code(&challenge, "123456").await?;
        assert_eq!(answer.refusal(), (401, Some(CodeInvalid), Some(left)));
    }
    let answer = server.anyone().try_code(&challenge, "123456").await?;
    assert_eq!(answer.refusal(), (429, Some(ChallengeExhausted), None));
    let other = Uuid::from_u128(6).to_string();
    assert_eq!(server.anyone().ask_for_mail(&other).await?.status, 202);
    assert_eq!(
        server.anyone().ask_for_mail(&other).await?.code(),
        Some(RateLimited)
    );
    Ok(())
}

/// LOG-02: whether a number belongs to the address is not told by what is written either.
#[tokio::test]
async fn own_and_foreign_numbers_cost_the_same_work() -> Result<()> {
    let server = server_with_ana().await?;
    let rows = "SELECT (SELECT COUNT(*) FROM allowance_use) * 10000
        + (SELECT COUNT(*) FROM gate) * 100 + (SELECT SUM(tries) + COUNT(*) FROM challenge)";
    let mut written = Vec::new();
    for number in [ANAS_PHONE, "+4915199999999"] {
        let challenge = server.anyone().start_sign_in(ANA).await?;
        let before = count(&server, rows).await?;
        let answer = server.anyone().ask_for_text(&challenge, number).await?;
        assert_eq!(answer.status, 202, "{}", answer.text);
        written.push(count(&server, rows).await? - before);
        server.clock.advance_seconds(CODE_COOLDOWN_SECONDS);
    }
    assert_eq!(written[0] / 10_000, written[1] / 10_000, "{written:?}");
    Ok(())
}

/// LOG-02: the same rows are written, and the clock shows nothing.
#[tokio::test]
async fn known_and_unknown_addresses_cost_the_same_work() -> Result<()> {
    let server = server_with_ana().await?;
    let rows = "SELECT (SELECT COUNT(*) FROM challenge) + 10 * (SELECT COUNT(*) FROM allowance_use)
        + 1000 * (SELECT COUNT(*) FROM failure_run) + 10000 * (SELECT COUNT(*) FROM gate)";
    let mut written = Vec::new();
    for (at, address) in [ANA, "nobody@customer.example"].into_iter().enumerate() {
        let before = count(&server, rows).await?;
        whole_attempt(
            &server.anyone().from_ip(&format!("198.51.100.{at}")),
            address,
        )
        .await?;
        written.push(count(&server, rows).await? - before);
    }
    assert_eq!(
        written.first(),
        written.last(),
        "different rows are written"
    );
    for _ in 0..3 {
        if median_difference(&server).await? < Duration::from_millis(5) {
            return Ok(());
        }
    }
    panic!("known and unknown addresses take a different time");
}

async fn median_difference(server: &TestServer) -> Result<Duration> {
    let anyone = server.anyone();
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for _ in 0..60 {
        for (address, times) in [(ANA, &mut known), ("nobody@customer.example", &mut unknown)] {
            let begun = Instant::now();
            anyone.start_sign_in(address).await?;
            times.push(begun.elapsed());
        }
    }
    known.sort_unstable();
    unknown.sort_unstable();
    Ok(known.get(30).unwrap().abs_diff(*unknown.get(30).unwrap()))
}

/// LOG-03, LOG-04, LOG-05.
#[tokio::test]
async fn five_wrong_codes_end_a_challenge_even_for_the_right_one() -> Result<()> {
    let server = server_with_ana().await?;
    let (challenge, code) = challenge_and_code(&server, 1).await?;
    let anyone = server.anyone();
    for (by, left) in [(1, 4), (2, 3), (3, 2), (4, 1), (5, 0)] {
        let answer = anyone.try_code(&challenge, &wrong(&code, by)).await?;
        assert_eq!(answer.refusal(), (401, Some(CodeInvalid), Some(left)));
    }
    for attempt in [wrong(&code, 6), code] {
        let answer = anyone.try_code(&challenge, &attempt).await?;
        assert_eq!(answer.refusal(), (429, Some(ChallengeExhausted), None));
        assert!(
            answer.retry_after().is_some(),
            "a 429 says when to come back"
        );
    }
    assert_eq!(count(&server, "SELECT COUNT(*) FROM session").await?, 0);
    assert_eq!(
        count(
            &server,
            "SELECT COUNT(*) FROM challenge WHERE state = 'dead'"
        )
        .await?,
        1
    );
    Ok(())
}

/// LOG-06.
#[tokio::test]
async fn a_code_works_once() -> Result<()> {
    let server = server_with_ana().await?;
    let (challenge, code) = challenge_and_code(&server, 1).await?;
    assert_eq!(
        server.anyone().try_code(&challenge, &code).await?.status,
        200
    );
    let again = server.anyone().try_code(&challenge, &code).await?;
    assert_eq!(again.refusal(), (401, Some(CodeUsed), None));
    let more = server.anyone().ask_for_mail(&challenge).await?;
    assert_eq!(more.refusal(), (401, Some(CodeUsed), None));
    Ok(())
}

/// LOG-07.
#[tokio::test(flavor = "multi_thread")]
async fn of_fifty_people_with_the_right_code_one_gets_in() -> Result<()> {
    for server in TestServer::on_each_engine().await? {
        server.requester("Ana Silva").await?;
        let (challenge, code) = challenge_and_code(&server, 1).await?;
        let answers = at_once(&server, 50, |_| (challenge.clone(), code.clone())).await?;
        let engine = server.app.store.engine();
        assert_eq!(
            outcomes(&answers),
            HashMap::from([((200, None), 1), ((401, Some(CodeUsed)), 49)]),
            "{engine:?}"
        );
        assert_eq!(
            count(&server, "SELECT COUNT(*) FROM session").await?,
            1,
            "{engine:?}"
        );
    }
    Ok(())
}

/// LOG-08.
#[tokio::test(flavor = "multi_thread")]
async fn of_two_hundred_wrong_codes_five_are_looked_at() -> Result<()> {
    for server in TestServer::on_each_engine().await? {
        server.requester("Ana Silva").await?;
        let (challenge, code) = challenge_and_code(&server, 1).await?;
        let attempt = |by: u32| (challenge.clone(), wrong(&code, by + 1));
        let answers = at_once(&server, 200, attempt).await?;
        let engine = server.app.store.engine();
        let expected = HashMap::from([
            ((401, Some(CodeInvalid)), 5),
            ((429, Some(ChallengeExhausted)), 195),
        ]);
        assert_eq!(outcomes(&answers), expected, "{engine:?}");
        assert_eq!(
            count(&server, "SELECT MAX(tries) FROM challenge").await?,
            5,
            "{engine:?}"
        );
        assert_eq!(
            count(&server, "SELECT MAX(failures) FROM failure_run").await?,
            5,
            "{engine:?}"
        );
    }
    Ok(())
}

async fn at_once(
    server: &TestServer,
    many: u32,
    attempt: impl Fn(u32) -> (String, String),
) -> Result<Vec<Answer>> {
    // One caller for all: making one takes longer than a request, and none would meet another.
    let anyone = server.anyone();
    let start = Arc::new(Barrier::new(usize::try_from(many)?));
    let attempts = (0..many).map(|number| {
        let (challenge, code) = attempt(number);
        let (anyone, start) = (anyone.clone(), Arc::clone(&start));
        tokio::spawn(async move {
            start.wait().await;
            anyone.try_code(&challenge, &code).await
        })
    });
    join_all(attempts)
        .await
        .into_iter()
        .map(|joined| joined?)
        .collect()
}

fn outcomes(answers: &[Answer]) -> HashMap<(u16, Option<ErrorCode>), usize> {
    let mut outcomes = HashMap::new();
    for answer in answers {
        *outcomes
            .entry((answer.status.as_u16(), answer.code()))
            .or_default() += 1;
    }
    outcomes
}

/// Tries wrong codes until the account takes no more; gives the number of letters that took.
async fn a_hundred_wrong_codes(server: &TestServer, caller: &Caller) -> Result<usize> {
    let rounds = CONSECUTIVE_FAILURES_PER_ACCOUNT / TRIES_PER_CHALLENGE;
    let mut letters = server.mailbox.letters().len();
    for _ in 0..rounds {
        letters += 1;
        let (challenge, code) = challenge_and_code(server, letters).await?;
        for by in 1..=5 {
            let answer = caller.try_code(&challenge, &wrong(&code, by)).await?;
            assert_eq!(answer.code(), Some(CodeInvalid));
        }
        server
            .clock
            .advance_seconds(3_600 / CODES_PER_HOUR_AND_ADDRESS);
    }
    Ok(letters)
}

/// LOG-09: whoever guesses keeps nobody out of a device that signed in before.
#[tokio::test]
async fn a_known_device_signs_in_while_others_are_stopped() -> Result<()> {
    let server = server_with_ana().await?;
    let (over, ended) = (server.session(ANA).await?, server.session(ANA).await?);
    let foreign = server
        .session(&server.requester("Ben Okafor").await?)
        .await?;
    assert_eq!(ended.delete("/v1/session").await?.status, 204);
    server.clock.advance_seconds(REQUESTER_IDLE_SECONDS);
    assert_eq!(over.get("/v1/me").await?.code(), Some(SessionExpired));
    let letters = a_hundred_wrong_codes(&server, &server.anyone()).await?;
    let (challenge, code) = challenge_and_code(&server, letters + 1).await?;
    for stopped in [server.anyone(), ended, foreign] {
        let answer = stopped.try_code(&challenge, &code).await?;
        assert_eq!(answer.code(), Some(AccountThrottled));
    }
    let mistaken = over.try_code(&challenge, &wrong(&code, 1)).await?;
    assert_eq!(mistaken.refusal(), (401, Some(CodeInvalid), Some(4)));
    assert_eq!(over.try_code(&challenge, &code).await?.status, 200);
    assert_eq!(count(&server, "SELECT COUNT(*) FROM failure_run").await?, 0);
    Ok(())
}

/// LOG-09: a known device guesses no longer than a stranger.
#[tokio::test]
async fn a_known_device_has_a_hundred_wrong_codes_of_its_own() -> Result<()> {
    let server = server_with_ana().await?;
    let known = server.session(ANA).await?;
    let letters = a_hundred_wrong_codes(&server, &known).await?;
    let (challenge, code) = challenge_and_code(&server, letters + 1).await?;
    let answer = known.try_code(&challenge, &code).await?;
    assert_eq!(answer.code(), Some(AccountThrottled));
    assert_eq!(
        server.anyone().try_code(&challenge, &code).await?.status,
        200,
        "its mistakes keep nobody else out"
    );
    Ok(())
}

/// LOG-09: nobody is locked out for longer than an hour, and nobody guesses on and on.
#[tokio::test]
async fn a_hundred_wrong_codes_in_a_row_stop_an_account_for_an_hour() -> Result<()> {
    let server = server_with_ana().await?;
    let letters = a_hundred_wrong_codes(&server, &server.anyone()).await?;
    let (challenge, code) = challenge_and_code(&server, letters + 1).await?;
    let throttled = server.anyone().try_code(&challenge, &code).await?;
    assert_eq!(throttled.refusal(), (429, Some(AccountThrottled), None));
    assert!(throttled.retry_after().unwrap() <= u64::try_from(THROTTLE_SECONDS)?);
    server.clock.advance_seconds(THROTTLE_SECONDS);
    let (challenge, code) = challenge_and_code(&server, letters + 2).await?;
    assert_eq!(
        server.anyone().try_code(&challenge, &code).await?.status,
        200
    );
    assert_eq!(count(&server, "SELECT COUNT(*) FROM failure_run").await?, 0);
    Ok(())
}

/// LOG-11, for an address that somebody has and for one that nobody has.
#[tokio::test]
async fn codes_are_sent_a_minute_apart_and_five_an_hour() -> Result<()> {
    let server = server_with_ana().await?;
    for address in [ANA, "nobody@customer.example"] {
        let anyone = server.anyone().from_ip(if address == ANA {
            "192.0.2.1"
        } else {
            "192.0.2.2"
        });
        for sent in 1..=CODES_PER_HOUR_AND_ADDRESS {
            let challenge = anyone.start_sign_in(address).await?;
            assert_eq!(
                anyone.ask_for_mail(&challenge).await?.status,
                202,
                "code {sent}"
            );
            let soon = anyone.ask_for_mail(&challenge).await?;
            assert_eq!(soon.refusal().0, 429);
            let wait = i64::try_from(soon.retry_after().unwrap())?;
            assert!(sent == CODES_PER_HOUR_AND_ADDRESS || wait <= CODE_COOLDOWN_SECONDS);
            if address == ANA {
                server.code_to(ANA, usize::try_from(sent)?).await?;
            }
            server.clock.advance_seconds(CODE_COOLDOWN_SECONDS);
        }
        let challenge = anyone.start_sign_in(address).await?;
        let sixth = anyone.ask_for_mail(&challenge).await?;
        assert_eq!(sixth.refusal(), (429, Some(RateLimited), None));
        assert!(sixth.retry_after().unwrap() > 3_000, "the hour has to pass");
    }
    let letters = usize::try_from(CODES_PER_HOUR_AND_ADDRESS)?;
    server.code_to(ANA, letters).await?;
    // A letter may come twice when the clock jumps while it is on its way.
    let all = server.mailbox.letters();
    let different: HashSet<&str> = all.iter().map(|letter| letter.text.as_str()).collect();
    assert_eq!(different.len(), letters);
    Ok(())
}

/// LOG-11 under parallel requests.
#[tokio::test(flavor = "multi_thread")]
async fn thirty_who_ask_at_once_get_one_code() -> Result<()> {
    for server in TestServer::on_each_engine().await? {
        server.requester("Ana Silva").await?;
        let anyone = server.anyone();
        let start = Arc::new(Barrier::new(30));
        let asked = (0..30).map(|_| {
            let (anyone, start) = (anyone.clone(), Arc::clone(&start));
            tokio::spawn(async move {
                let challenge = anyone.start_sign_in(ANA).await;
                start.wait().await;
                anyone.ask_for_mail(&challenge?).await
            })
        });
        let answers: Result<Vec<Answer>> = join_all(asked)
            .await
            .into_iter()
            .map(|joined| joined?)
            .collect();
        let sent = answers?
            .iter()
            .filter(|answer| answer.status == 202)
            .count();
        assert_eq!(sent, 1, "{:?}", server.app.store.engine());
    }
    Ok(())
}

/// LOG-12, LOG-13: the place counts, and cannot be made up.
#[tokio::test]
async fn one_place_gets_twenty_codes_an_hour() -> Result<()> {
    let server = TestServer::start().await?;
    for number in 0..CODES_PER_HOUR_AND_IP {
        let anyone = server
            .anyone()
            .from_ip(&format!("1.2.3.{number}, 2001:db8:7:7::{number}"));
        let challenge = anyone
            .start_sign_in(&format!("somebody{number}@b.example"))
            .await?;
        assert_eq!(
            anyone.ask_for_mail(&challenge).await?.status,
            202,
            "code {number}"
        );
    }
    let same_network = server.anyone().from_ip("2001:db8:7:7:ffff::1");
    let challenge = same_network.start_sign_in("one.more@b.example").await?;
    assert_eq!(
        same_network.ask_for_mail(&challenge).await?.code(),
        Some(RateLimited)
    );
    let elsewhere = server.anyone().from_ip("2001:db8:7:8::1");
    assert_eq!(elsewhere.ask_for_mail(&challenge).await?.status, 202);
    Ok(())
}

/// LOG-12.
#[tokio::test]
async fn text_messages_go_to_allowed_countries_within_the_budget() -> Result<()> {
    let server = server_with_ana().await?;
    let anyone = server.anyone();
    let challenge = anyone.start_sign_in(ANA).await?;
    let abroad = anyone.ask_for_text(&challenge, "+882 16 5550100").await?;
    assert_eq!(abroad.refusal(), (422, Some(SmsUnavailable), None));
    let nonsense = anyone.ask_for_text(&challenge, "0151 12345601").await?;
    assert_eq!(nonsense.refusal(), (422, Some(InvalidField), None));
    for sent in 1..=DAILY_BUDGET {
        let asked = anyone.ask_for_text(&challenge, ANAS_PHONE).await?;
        assert_eq!(asked.status, 202, "message {sent}");
        server.code_to(ANAS_PHONE, usize::try_from(sent)?).await?;
        server
            .clock
            .advance_seconds(3_600 / CODES_PER_HOUR_AND_ADDRESS);
    }
    let over = anyone.ask_for_text(&challenge, ANAS_PHONE).await?;
    assert_eq!(over.refusal(), (503, Some(Unavailable), None));
    assert!(over.retry_after().is_some());
    assert_eq!(
        server.mailbox.letters().len(),
        usize::try_from(DAILY_BUDGET)?
    );
    Ok(())
}

/// LOG-14.
#[tokio::test]
async fn a_code_lives_ten_minutes_and_no_clock_revives_it() -> Result<()> {
    let server = server_with_ana().await?;
    let anyone = server.anyone();
    let (challenge, code) = challenge_and_code(&server, 1).await?;
    server.clock.advance_seconds(EMAIL_CODE_LIFE_SECONDS - 1);
    assert_eq!(anyone.try_code(&challenge, &code).await?.status, 200);

    let (challenge, code) = challenge_and_code(&server, 2).await?;
    server.clock.advance_seconds(EMAIL_CODE_LIFE_SECONDS + 1);
    let expired = (401, Some(CodeExpired), None);
    assert_eq!(anyone.try_code(&challenge, &code).await?.refusal(), expired);
    server.clock.advance_seconds(-3_600);
    assert_eq!(
        anyone.try_code(&challenge, &code).await?.refusal(),
        expired,
        "after a jump"
    );
    server
        .clock
        .advance_seconds(3_600 - EMAIL_CODE_LIFE_SECONDS);
    assert_eq!(
        anyone.try_code(&challenge, &code).await?.refusal(),
        expired,
        "within its life"
    );
    Ok(())
}

/// LOG-14: also when nobody tried it while it was too old.
#[tokio::test]
async fn a_clock_set_back_revives_no_code_that_nobody_tried() -> Result<()> {
    let server = server_with_ana().await?;
    let expired = (401, Some(CodeExpired), None);
    let (challenge, code) = challenge_and_code(&server, 1).await?;
    server.clock.advance_seconds(EMAIL_CODE_LIFE_SECONDS + 100);
    server.clock.advance_seconds(-3_600);
    assert_eq!(
        server.anyone().try_code(&challenge, &code).await?.refusal(),
        expired
    );

    server.clock.advance_seconds(3 * 3_600);
    let (challenge, code) = challenge_and_code(&server, 2).await?;
    server.clock.advance_seconds(EMAIL_CODE_LIFE_SECONDS + 100);
    sweep::sweep(&server.app).await?;
    server.clock.advance_seconds(-300);
    assert_eq!(
        server.anyone().try_code(&challenge, &code).await?.refusal(),
        expired
    );
    Ok(())
}

#[tokio::test]
async fn a_fourth_challenge_ends_the_first_and_no_other() -> Result<()> {
    let server = server_with_ana().await?;
    let mut open = Vec::new();
    for letters in 1..=LIVE_CHALLENGES_PER_ACCOUNT + 1 {
        open.push(challenge_and_code(&server, usize::try_from(letters)?).await?);
        server.clock.advance_seconds(CODE_COOLDOWN_SECONDS);
    }
    let (first, first_code) = open.first().unwrap();
    let ended = server.anyone().try_code(first, first_code).await?;
    assert_eq!(ended.refusal(), (401, Some(CodeExpired), None));
    for (challenge, code) in open.iter().skip(1) {
        assert_eq!(server.anyone().try_code(challenge, code).await?.status, 200);
    }
    Ok(())
}

#[tokio::test]
async fn challenges_without_codes_end_none_that_have_one() -> Result<()> {
    let server = server_with_ana().await?;
    let (challenge, code) = challenge_and_code(&server, 1).await?;
    for _ in 0..20 {
        server
            .anyone()
            .from_ip("203.0.113.66")
            .start_sign_in(ANA)
            .await?;
    }
    assert_eq!(
        server.anyone().try_code(&challenge, &code).await?.status,
        200
    );
    Ok(())
}

#[tokio::test]
async fn a_code_of_another_challenge_is_wrong() -> Result<()> {
    let server = server_with_ana().await?;
    let (_, code) = challenge_and_code(&server, 1).await?;
    let other = server.anyone().start_sign_in(ANA).await?;
    let answer = server.anyone().try_code(&other, &code).await?;
    assert_eq!(answer.refusal(), (401, Some(CodeInvalid), Some(4)));
    Ok(())
}

/// LOG-18.
#[tokio::test]
async fn an_address_that_writes_mail_headers_is_refused() -> Result<()> {
    let server = TestServer::start().await?;
    for address in [
        "a@b.example\r\nBcc: c@d.example",
        "a@b.example,c@d.example",
        "",
        "a",
    ] {
        let body = serde_json::json!({"email": address});
        let answer = server.anyone().post("/v1/sign-in", body).await?;
        assert_eq!(
            answer.refusal(),
            (422, Some(InvalidField), None),
            "{address:?}"
        );
        assert_eq!(answer.body["field"], "email");
    }
    Ok(())
}

#[tokio::test]
async fn what_is_no_code_costs_no_try() -> Result<()> {
    let server = server_with_ana().await?;
    let (challenge, code) = challenge_and_code(&server, 1).await?;
    for typed in ["", "12345", "1234567", "abcdef"] {
        let answer = server.anyone().try_code(&challenge, typed).await?;
        assert_eq!(
            answer.refusal(),
            (422, Some(InvalidField), None),
            "{typed:?}"
        );
    }
    let spaced = format!(" {} {}", &code[..3], &code[3..]);
    assert_eq!(
        server.anyone().try_code(&challenge, &spaced).await?.status,
        200
    );
    Ok(())
}

/// LOG-16: neither the code nor what lets one compute it is in the database.
#[tokio::test]
async fn a_copy_of_the_database_gives_no_code_away() -> Result<()> {
    let (unreachable, _) = closed_port().await?;
    let server = TestServer::with_carriers(unreachable).await?;
    server.requester("Ana Silva").await?;
    let challenge = server.anyone().start_sign_in(ANA).await?;
    server.anyone().ask_for_mail(&challenge).await?;
    let (id, sealed): (String, String) = sqlx::query_as("SELECT id, sealed FROM delivery")
        .fetch_one(server.app.store.read())
        .await?;
    let letter: serde_json::Value =
        serde_json::from_str(&server.app.identity.key().open(&id, &sealed)?)?;
    let code = letter["code"].as_str().unwrap();
    let proof: String = sqlx::query_scalar("SELECT proof FROM challenge")
        .fetch_one(server.app.store.read())
        .await?;
    assert!(!sealed.contains(code) && !proof.contains(code));
    assert_eq!(
        server.anyone().try_code(&challenge, code).await?.status,
        200,
        "it was the code"
    );
    Ok(())
}

/// Carriers to a mail server that is not there.
async fn closed_port() -> Result<(deskbell_server::delivery::Carriers, std::net::SocketAddr)> {
    use deskbell_server::config::Config;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let text = format!(
        "public_url = \"http://127.0.0.1\"\ndata_dir = \"/nowhere\"\n[mail]\nhost = \"127.0.0.1\"\n\
         port = {}\nsecurity = \"none\"\nfrom = \"a@b.example\"\n",
        address.port()
    );
    let config = Config::parse(&text, [])?;
    Ok((
        deskbell_server::delivery::Carriers::configured(&config)?,
        address,
    ))
}
