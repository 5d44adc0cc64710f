//! Limits and codes over servers that ask each other nothing, and whose clocks disagree by minutes.

use std::future::Future;

use anyhow::Result;
use deskbell_protocol::ErrorCode;
use deskbell_server::clock::{Clock, SystemClock};
use deskbell_testing::caller::{Answer, Caller};
use deskbell_testing::mail::{self, Mail};

use crate::cluster::Cluster;

const ANA: &str = "ana.silva@customer.example";
const BEN: &str = "ben.okafor@customer.example";
const FAKETIME: &str = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";

/// Three servers: one ten minutes ahead, one right, one ten minutes behind.
async fn cluster(mail: &Mail) -> Cluster {
    let settings = format!(
        "[mail]\nhost = \"localhost\"\nport = {}\nuser = {:?}\npassword = {:?}\nca_file = {:?}\n\
         from = \"Deskbell <deskbell@provider.example>\"\n",
        mail.submission().port(),
        mail::USER,
        mail::PASSWORD,
        mail.ca_file(),
    );
    let clock = |shift| {
        [
            ("LD_PRELOAD", FAKETIME),
            ("FAKETIME", shift),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
        ]
    };
    let (ahead, behind) = (clock("+600s"), clock("-600s"));
    Cluster::with(&settings, &[&ahead, &[], &behind])
        .await
        .unwrap()
}

/// The same asked of each server in turn, `count` times in all, at once.
async fn at_once<F>(
    cluster: &Cluster,
    count: usize,
    ask: impl Fn(Caller, usize) -> F,
) -> Vec<Answer>
where
    F: Future<Output = Result<Answer>>,
{
    let asking = (0..count).map(|number| {
        let node = &cluster.nodes[number % cluster.nodes.len()];
        ask(node.anyone(), number)
    });
    let answers = futures_util::future::try_join_all(asking).await;
    answers.unwrap()
}

fn with_status(answers: &[Answer], status: u16) -> usize {
    let alike = answers.iter().filter(|answer| answer.status == status);
    alike.count()
}

/// LOG-07, LOG-08, LOG-11, MULTI-06.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn codes_and_limits_hold_over_servers_whose_clocks_disagree() {
    let mail = Mail::start().await.unwrap();
    let cluster = cluster(&mail).await;
    the_time_is_the_database_s(&cluster).await;
    for name in ["Ana Silva", "Ben Okafor"] {
        cluster.requester(name).await;
    }
    let [ahead, right, behind] = [0, 1, 2].map(|node| cluster.nodes[node].anyone());

    // Asked for where the clock is ahead, tried everywhere.
    let challenge = ahead.start_sign_in(ANA).await.unwrap();
    assert_eq!(ahead.ask_for_mail(&challenge).await.unwrap().status, 202);
    let again = behind.ask_for_mail(&challenge).await.unwrap();
    assert_eq!(again.status, 429, "one code in a minute, whoever is asked");
    let code = mail.code(ANA, 1).await.unwrap();
    let tries = at_once(&cluster, 50, |who, _| {
        let (challenge, code) = (challenge.clone(), code.clone());
        async move { who.try_code(&challenge, &code).await }
    })
    .await;
    assert_eq!(with_status(&tries, 200), 1, "one session of one code");
    assert_eq!(with_status(&tries, 401), 49);
    let newest: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM session WHERE client <> 'test'")
        .fetch_one(cluster.store.read())
        .await
        .unwrap();
    assert_eq!(newest, 1);

    let challenge = behind.start_sign_in(BEN).await.unwrap();
    assert_eq!(behind.ask_for_mail(&challenge).await.unwrap().status, 202);
    let code = mail.code(BEN, 1).await.unwrap();
    let tries = at_once(&cluster, 200, |who, number| {
        let (challenge, right) = (challenge.clone(), code.parse::<usize>().unwrap());
        let wrong = format!("{:06}", (right + 1 + number) % 1_000_000);
        async move { who.try_code(&challenge, &wrong).await }
    })
    .await;
    assert_eq!(with_status(&tries, 401), 5, "five are looked at");
    assert_eq!(with_status(&tries, 429), 195);
    let late = right.try_code(&challenge, &code).await.unwrap();
    assert_eq!(late.code(), Some(ErrorCode::ChallengeExhausted));
    an_authenticator_s_digits_are_good_for_once(&cluster, &mail).await;
}

async fn the_time_is_the_database_s(cluster: &Cluster) {
    for node in &cluster.nodes {
        let shown = node.anyone().get("/v1/server").await.unwrap().body["time"].clone();
        let shown: deskbell_protocol::Timestamp = serde_json::from_value(shown).unwrap();
        let off = shown.millis_since(SystemClock.now()).abs();
        assert!(off < 5_000, "a server's time is off by {off} ms");
    }
}

async fn an_authenticator_s_digits_are_good_for_once(cluster: &Cluster, mail: &Mail) {
    let tess = cluster.new_technician("Tess Berg").await;
    let email = tess.email.as_str();
    let ahead = cluster.nodes[0].anyone();
    let challenge = ahead.start_sign_in(email).await.unwrap();
    ahead.ask_for_mail(&challenge).await.unwrap();
    let code = mail.code(email, 1).await.unwrap();
    let proved = cluster.nodes[1].anyone().try_code(&challenge, &code).await;
    assert_eq!(
        proved.unwrap().code(),
        Some(ErrorCode::SecondFactorRequired)
    );
    let digits = tess.authenticator.digits_at(SystemClock.now().as_millis());
    let tries = at_once(cluster, 30, |who, _| {
        let (challenge, digits) = (challenge.clone(), digits.clone());
        async move { who.try_digits(&challenge, &digits).await }
    })
    .await;
    assert_eq!(
        with_status(&tries, 200),
        1,
        "one session of one set of digits"
    );

    // A minute passes for the limits, not for the authenticator.
    let mut tx = cluster.store.write().await.unwrap();
    sqlx::query("UPDATE allowance_use SET at = at - 61000")
        .execute(&mut *tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let behind = cluster.nodes[2].anyone();
    let challenge = behind.start_sign_in(email).await.unwrap();
    assert_eq!(behind.ask_for_mail(&challenge).await.unwrap().status, 202);
    let code = mail.code(email, 2).await.unwrap();
    behind.try_code(&challenge, &code).await.unwrap();
    let used = cluster.nodes[1]
        .anyone()
        .try_digits(&challenge, &digits)
        .await;
    assert_eq!(
        used.unwrap().status,
        401,
        "the same digits opened another session"
    );
}
