//! What browsers are told, and what pages of other sites cannot do.

use deskbell_protocol::ErrorCode;
use serde_json::json;

use crate::world::World;

/// INP-08
#[tokio::test]
async fn every_answer_keeps_the_browser_on_a_short_leash() {
    let world = World::with(|settings| settings.tls = true).await;
    for path in [
        "/",
        "/no/such/page",
        "/v1/server",
        "/v1/nothing",
        "/v1/openapi.json",
    ] {
        let answer = world.server.anyone().get(path).await.unwrap();
        let header = |name: &str| {
            let value = answer
                .headers
                .get(name)
                .unwrap_or_else(|| panic!("{path}: no {name}"));
            value.to_str().unwrap().to_owned()
        };
        let policy = header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none';"),
            "{path}: {policy}"
        );
        assert!(
            policy.contains("frame-ancestors 'none'"),
            "{path}: {policy}"
        );
        assert!(
            !policy.contains("unsafe") && !policy.contains('*'),
            "{path}: {policy}"
        );
        if !path.starts_with("/v1") {
            for part in [
                "script-src 'self'",
                "connect-src 'self'",
                "img-src 'self' blob:",
                "object-src 'none'",
                "base-uri 'none'",
            ] {
                assert!(policy.contains(part), "{path}: {policy}");
            }
        }
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("referrer-policy"), "no-referrer");
        assert_eq!(header("cross-origin-opener-policy"), "same-origin");
        let hsts = header("strict-transport-security");
        let seconds: u64 = hsts["max-age=".len()..]
            .split(';')
            .next()
            .unwrap()
            .parse()
            .unwrap();
        assert!(seconds >= 31_536_000, "at least a year");
    }
    let plain = World::on_sqlite()
        .await
        .server
        .anyone()
        .get("/v1/server")
        .await
        .unwrap();
    assert_eq!(
        plain.headers.get("strict-transport-security"),
        None,
        "not without TLS"
    );
    assert_eq!(plain.headers["cache-control"], "no-store");
}

/// SES-08
#[tokio::test]
async fn a_cookie_changes_nothing_without_our_origin_and_header() {
    let world = World::on_sqlite().await;
    let id = world.ask(&world.ana, "Help").await.id;
    let token = world.tess.token.clone().unwrap();
    let cookie = world
        .server
        .anyone()
        .header("cookie", &format!("a=b; __Host-sid={token}"));
    let own = world.server.url.clone();
    let path = format!("/v1/conversations/{id}/assign");
    let wish = json!({"technician_id": "me", "replaces": null});
    let forged = [
        cookie.clone(),
        cookie.header("origin", &own),
        cookie.header("x-deskbell-request", "1"),
        cookie
            .header("x-deskbell-request", "1")
            .header("origin", "null"),
        cookie
            .header("x-deskbell-request", "1")
            .header("origin", "https://evil.example"),
        cookie
            .header("x-deskbell-request", "0")
            .header("origin", &own),
    ];
    for caller in &forged {
        let answer = caller.post(&path, wish.clone()).await.unwrap();
        assert_eq!(
            answer.refusal(),
            (403, Some(ErrorCode::ForeignOrigin), None)
        );
        assert_eq!(
            caller.get("/v1/me").await.unwrap().status,
            200,
            "reading is no danger"
        );
    }
    let honest = cookie
        .header("x-deskbell-request", "1")
        .header("origin", &own);
    assert_eq!(honest.post(&path, wish).await.unwrap().status, 200);
    let foreign = world.ana.header("origin", "https://evil.example");
    let wish = json!({"id": world.id(), "description": "x", "device_id": null});
    let answer = foreign.post("/v1/conversations", wish).await.unwrap();
    assert_eq!(
        answer.code(),
        Some(ErrorCode::ForeignOrigin),
        "a token in a page is stolen"
    );
}

#[tokio::test]
async fn the_api_describes_itself() {
    let world = World::on_sqlite().await;
    let answer = world.server.anyone().get("/v1/openapi.json").await.unwrap();
    assert_eq!(answer.body["openapi"], "3.1.0");
    let server = world.server.anyone().get("/v1/server").await.unwrap();
    assert_eq!(server.body["product"], "deskbell");
    assert_eq!(server.body["api"], 1);
}
