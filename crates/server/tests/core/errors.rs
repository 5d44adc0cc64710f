//! Every error is a problem with a stable code, and tells nothing it should not. (INP-12)

use std::collections::BTreeSet;

use axum::body::to_bytes;
use axum::response::IntoResponse as _;
use deskbell_protocol::{ErrorCode, Problem};
use deskbell_server::refusal::Refusal;
use deskbell_testing::caller::Answer;
use reqwest::Method;
use serde_json::Value;

use crate::world::World;

/// What no answer to a client may hold.
const INSIDES: [&str; 14] = [
    "sqlite",
    "postgres",
    "sqlx",
    "select ",
    "insert ",
    "update ",
    "panicked",
    ".rs:",
    "serde",
    "axum",
    "/work",
    "backtrace",
    "expected ",
    " at line ",
];

fn check(answer: &Answer, context: &str) -> ErrorCode {
    assert_eq!(
        answer.headers["content-type"], "application/problem+json",
        "{context}"
    );
    assert_eq!(answer.headers["cache-control"], "no-store", "{context}");
    let problem: Problem = serde_json::from_value(answer.body.clone()).expect(context);
    assert_eq!(problem.status, answer.status.as_u16(), "{context}");
    assert_ne!(problem.code, ErrorCode::Unknown, "{context}");
    assert_ne!(
        problem.code,
        ErrorCode::Internal,
        "{context}: {}",
        answer.text
    );
    assert!(
        !problem.detail.is_empty() && !problem.title.is_empty(),
        "{context}"
    );
    let text = answer.text.to_lowercase();
    for inside in INSIDES {
        assert!(!text.contains(inside), "{context}: {text}");
    }
    problem.code
}

/// All routes of the description: method and path, with ids in it that name nothing.
fn routes(world: &World) -> Vec<(Method, String)> {
    let document = serde_json::to_value(deskbell_server::http::openapi()).unwrap();
    let mut routes = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys() {
            let Ok(method) = method.to_uppercase().parse() else {
                continue;
            };
            let path = path
                .replace("{id}", &world.id())
                .replace("{challenge}", &world.id());
            routes.push((method, path));
        }
    }
    assert!(routes.len() >= 20, "{routes:?}");
    routes
}

#[tokio::test]
async fn whatever_is_sent_to_any_route_is_answered_with_a_problem_or_success() {
    let world = World::on_sqlite().await;
    let bodies = [
        "",
        "{",
        "[]",
        "null",
        "\"x\"",
        "{\"secret-canary\":1}",
        "{\"id\":\"x\"}",
    ];
    for (method, path) in routes(&world) {
        for who in [&world.server.anyone(), &world.ana, &world.tess] {
            for body in bodies {
                for media in ["application/json", "text/plain", ""] {
                    let context = format!("{method} {path} {media:?} {body:?}");
                    if method == Method::DELETE || path.ends_with("/feed") {
                        continue;
                    }
                    let answer = who
                        .send_raw(method.clone(), &path, media, body)
                        .await
                        .unwrap();
                    if answer.status.as_u16() >= 400 {
                        check(&answer, &context);
                    }
                    assert!(
                        !answer.text.contains("canary\":1"),
                        "{context}: the body is echoed"
                    );
                }
            }
            let many = format!("{path}?limit=-1&limit=x&cursor=%00&status=%FF&before=-1");
            let answer = who.send_raw(Method::GET, &many, "", "").await.unwrap();
            if answer.status.as_u16() >= 400 {
                check(&answer, &many);
            }
        }
    }
}

#[tokio::test]
async fn what_fails_inside_is_told_to_the_operator_alone() {
    let reason = "sqlite: SELECT token FROM session, at /work/store.rs:7";
    let answer = Refusal::internal(&reason).into_response();
    let body = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
    let text = String::from_utf8(body.to_vec()).unwrap().to_lowercase();
    for inside in INSIDES {
        assert!(!text.contains(inside), "{text}");
    }
}

#[tokio::test]
async fn each_fault_has_its_code() {
    let world = World::on_sqlite().await;
    let long = format!("{{\"id\":\"{}\"}}", "x".repeat(200_000));
    let path = "/v1/conversations";
    for (method, path, media, body, status, code) in [
        (
            Method::POST,
            path,
            "application/json",
            "{",
            400,
            ErrorCode::BadRequest,
        ),
        (
            Method::POST,
            path,
            "application/json",
            "\u{FEFF}{}",
            400,
            ErrorCode::BadRequest,
        ),
        (
            Method::POST,
            path,
            "application/json",
            "{}",
            422,
            ErrorCode::InvalidField,
        ),
        (
            Method::POST,
            path,
            "application/json",
            "[]",
            422,
            ErrorCode::InvalidField,
        ),
        (
            Method::POST,
            path,
            "application/json",
            &long,
            413,
            ErrorCode::TooLarge,
        ),
        (
            Method::POST,
            path,
            "text/plain",
            "{}",
            415,
            ErrorCode::UnsupportedMediaType,
        ),
        (
            Method::POST,
            path,
            "",
            "{}",
            415,
            ErrorCode::UnsupportedMediaType,
        ),
        (
            Method::PUT,
            path,
            "application/json",
            "{}",
            405,
            ErrorCode::MethodNotAllowed,
        ),
        (Method::GET, "/v1/nothing", "", "", 404, ErrorCode::NotFound),
        (Method::POST, "/nothing", "", "", 404, ErrorCode::NotFound),
        (
            Method::GET,
            "/v1/conversations?limit=0",
            "",
            "",
            422,
            ErrorCode::InvalidField,
        ),
        (
            Method::GET,
            "/v1/sync?since=1",
            "",
            "",
            422,
            ErrorCode::InvalidField,
        ),
    ] {
        let answer = world
            .ana
            .send_raw(method.clone(), path, media, body)
            .await
            .unwrap();
        let context = format!("{method} {path} {media:?}");
        assert_eq!(
            (check(&answer, &context), answer.status.as_u16()),
            (code, status),
            "{context}"
        );
    }
    let unknown = world
        .ana
        .send_raw(Method::GET, "/v1/sync?since=1", "", "")
        .await
        .unwrap();
    assert_eq!(unknown.body["field"], "since", "the parameter is named");
}

#[tokio::test]
async fn every_route_documents_the_errors_it_answers_with() {
    let document = serde_json::to_value(deskbell_server::http::openapi()).unwrap();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let Some(responses) = operation["responses"].as_object() else {
                continue;
            };
            let documented: BTreeSet<&str> = responses.keys().map(String::as_str).collect();
            let mut needed: Vec<&str> = Vec::new();
            if operation["security"].is_array() {
                needed.push("401");
            }
            if operation["security"].is_array() && method != "get" {
                needed.push("403");
            }
            if operation["requestBody"].is_object() {
                needed.extend(["400", "413", "415", "422"]);
            }
            if path.contains('{') {
                needed.push("404");
            }
            for status in needed {
                if status == "404" && path.starts_with("/v1/sign-in") {
                    continue;
                }
                assert!(
                    documented.contains(status),
                    "{method} {path} lacks {status}"
                );
                let body = &responses[status]["content"]["application/problem+json"];
                assert!(
                    body.is_object(),
                    "{method} {path} {status} is no problem: {body}"
                );
            }
            assert!(
                operation["summary"].is_string(),
                "{method} {path} says what it does"
            );
        }
    }
}

#[tokio::test]
async fn an_unknown_field_is_named_wherever_it_is_sent() {
    let world = World::on_sqlite().await;
    let wish: Value =
        serde_json::json!({"id": world.id(), "description": "x", "device_id": null, "vip": true});
    let answer = world.ana.post("/v1/conversations", wish).await.unwrap();
    assert_eq!(answer.code(), Some(ErrorCode::InvalidField));
    assert_eq!(answer.body["field"], "vip");
}
