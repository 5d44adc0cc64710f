//! The API as strangers meet it: thousands of requests that its own description allows or forbids.

use anyhow::{Context, Result};
use deskbell_testing::process::Program;
use deskbell_tests::{api::Visitor, server::Server};

const ANA: &str = "ana.silva@harbourfinch.example";
const TESS: &str = "tess.berg@deskbell.example";

/// Made requests per operation and way of making them.
const EXAMPLES: &str = "15";

/// What schemathesis cannot read in the description.
const SETTINGS: &str = r#"
[checks.negative_data_rejection]
expected-statuses = [400, 401, 403, 404, 409, 413, 415, 422, 429]

# What is well formed and still refused: a foreign device, a requester's note, a technician who is not active.
[[operations]]
include-name-regex = "^POST /v1/conversations(/{id}/(messages|assign))?$"
checks.positive_data_acceptance.expected-statuses = ["2xx", 401, 403, 404, 409, 422, 429]
"#;

/// Runs schemathesis as somebody whose proof is set in `auth`; it fails when an answer is not as described.
async fn probed(server: &Server, auth: &str) -> Result<()> {
    let url = server.url();
    std::fs::write(
        server.data().join("schemathesis.toml"),
        format!("{auth}\n{SETTINGS}"),
    )?;
    let strangers = Program::new("schemathesis", server.data())
        .args(["run", &format!("{url}/v1/openapi.json"), "--no-color"])
        .args(["--max-examples", EXAMPLES])
        // Its own session has to last, and a websocket gives no answer to look at.
        .args(["--exclude-path-regex", "^/v1/(feed|session)"])
        .args(["--header", &format!("origin: {url}")])
        .args(["--header", "x-deskbell-request: 1"]);
    strangers.run().await.map(drop)
}

#[tokio::test]
async fn every_answer_a_requester_gets_is_as_described() -> Result<()> {
    let server = Server::demo().await?;
    let ana = Visitor::requester(&server.url(), ANA, &server.mailbox()).await?;
    ana.ask("There is something to find.").await?;
    let token = ana.proof().1.trim_start_matches("Bearer ");
    let auth = format!("[auth.openapi.bearer]\nbearer = \"{token}\"");
    probed(&server, &auth).await
}

#[tokio::test]
async fn every_answer_a_technician_gets_is_as_described() -> Result<()> {
    let server = Server::demo().await?;
    let secret = server.authenticator(TESS)?;
    let tess = Visitor::technician(&server.url(), TESS, &server.mailbox(), secret).await?;
    let cookie = tess.proof().1.split_once('=').context("name=value")?.1;
    let auth = format!("[auth.openapi.cookie]\napi_key = \"{cookie}\"");
    probed(&server, &auth).await
}
