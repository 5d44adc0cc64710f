//! Who may call what: one row for every route, tried by everyone. (AUTHZ-01)

use std::collections::BTreeSet;

use deskbell_protocol::{ConversationId, SessionId};
use deskbell_server::http;
use deskbell_testing::caller::Caller;
use reqwest::Method;
use serde_json::{Value, json};

use crate::world::World;

/// What somebody gets: served, refused as nobody, refused by role, or told there is nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Gets {
    /// 2xx, or a refusal that only comes after who asks was let in.
    In,
    /// 401.
    SignIn,
    /// 403 for the role.
    Role,
    /// 404, the same as for a random id.
    Nothing,
    /// 403: not theirs to write in.
    NotTheirs,
}

use Gets::{In, NotTheirs, Nothing, Role, SignIn};

/// A route, and what each gets from it on something of Ana's that Tess has taken: nobody signed
/// in, Ana, Ben of the same organization, Carla of another, Tess, her colleague Timo, the admin.
struct Row(&'static str, &'static str, Body, [Gets; 7]);

enum Body {
    None,
    Is(fn(&World) -> Value),
}

use Body::{Is, None as Empty};

const ALL: [Gets; 7] = [In; 7];
const SIGNED_IN: [Gets; 7] = [SignIn, In, In, In, In, In, In];
const REQUESTERS: [Gets; 7] = [SignIn, In, In, In, Role, Role, Role];
const TECHNICIANS: [Gets; 7] = [SignIn, Role, Role, Role, In, In, In];
const PARTIES: [Gets; 7] = [SignIn, In, Nothing, Nothing, In, In, In];
const WRITERS: [Gets; 7] = [SignIn, In, Nothing, Nothing, In, NotTheirs, NotTheirs];
const HOLDER: [Gets; 7] = [SignIn, Role, Role, Role, In, NotTheirs, NotTheirs];
const OWNER: [Gets; 7] = [SignIn, In, Nothing, Nothing, Nothing, Nothing, Nothing];

/// For machines that look after the server, and the description itself.
const UNDESCRIBED: [&str; 4] = ["/v1/openapi.json", "/healthz", "/readyz", "/metrics"];

const MATRIX: &[Row] = &[
    Row("GET", "/v1/server", Empty, ALL),
    Row(
        "POST",
        "/v1/sign-in",
        Is(|_| json!({"email": "x@example.com"})),
        ALL,
    ),
    Row(
        "POST",
        "/v1/sign-in/{challenge}/code",
        Is(|_| json!({"method": "email"})),
        ALL,
    ),
    Row(
        "POST",
        "/v1/sign-in/{challenge}/verify",
        Is(|_| json!({"code": "000000"})),
        ALL,
    ),
    Row(
        "POST",
        "/v1/sign-in/{challenge}/second-factor",
        Is(|_| json!({"totp": "000000"})),
        ALL,
    ),
    Row("GET", "/v1/me", Empty, SIGNED_IN),
    Row("GET", "/v1/devices", Empty, REQUESTERS),
    Row("GET", "/v1/articles", Empty, SIGNED_IN),
    Row("GET", "/v1/technicians", Empty, TECHNICIANS),
    Row("GET", "/v1/organizations", Empty, TECHNICIANS),
    Row("GET", "/v1/sync", Empty, SIGNED_IN),
    Row("GET", "/v1/feed", Empty, SIGNED_IN),
    Row("GET", "/v1/conversations", Empty, SIGNED_IN),
    Row(
        "POST",
        "/v1/conversations",
        Is(|world| json!({"id": world.id(), "description": "x", "device_id": null})),
        REQUESTERS,
    ),
    Row("GET", "/v1/conversations/{id}", Empty, PARTIES),
    Row("GET", "/v1/conversations/{id}/messages", Empty, PARTIES),
    Row(
        "POST",
        "/v1/conversations/{id}/messages",
        Is(|world| json!({"id": world.id(), "body": "x", "kind": "message"})),
        WRITERS,
    ),
    Row(
        "POST",
        "/v1/conversations/{id}/read",
        Is(|_| json!({"seq": 1})),
        PARTIES,
    ),
    Row(
        "POST",
        "/v1/conversations/{id}/assign",
        Is(|_| json!({"technician_id": "me", "replaces": null})),
        TECHNICIANS,
    ),
    Row("POST", "/v1/conversations/{id}/close", Empty, HOLDER),
    Row("GET", "/v1/openapi.json", Empty, ALL),
    Row("GET", "/healthz", Empty, ALL),
    Row("GET", "/readyz", Empty, ALL),
    // For who has its own token, which no session is.
    Row("GET", "/metrics", Empty, [Nothing; 7]),
    Row("GET", "/v1/sessions", Empty, SIGNED_IN),
    Row("DELETE", "/v1/sessions/{session}", Empty, OWNER),
    Row("DELETE", "/v1/session", Empty, SIGNED_IN),
];

#[test]
fn every_route_has_a_row() {
    let document = serde_json::to_value(http::openapi()).unwrap();
    let mut routes = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys() {
            routes.insert((method.to_uppercase(), path.clone()));
        }
    }
    let rows = MATRIX
        .iter()
        .map(|row| (row.0.to_owned(), row.1.to_owned()));
    let rows: BTreeSet<_> = rows.filter(|row| !UNDESCRIBED.contains(&&*row.1)).collect();
    assert_eq!(
        routes, rows,
        "the matrix and the description must name the same"
    );
}

/// What the description leaves out would be missed otherwise: the router itself is asked.
#[tokio::test]
async fn every_path_the_router_knows_has_a_row() {
    let world = World::on_sqlite().await;
    let router = format!("{:?}", http::router(world.server.app.clone()));
    let (_, paths) = router.split_once("paths: {").unwrap();
    let (paths, _) = paths.split_once("\"}").unwrap();
    let known = paths
        .split('"')
        .filter(|text| text.starts_with('/'))
        .map(str::to_owned);
    let rows = MATRIX.iter().map(|row| row.1.to_owned());
    assert_eq!(known.collect::<BTreeSet<_>>(), rows.collect());
}

#[tokio::test]
async fn everyone_gets_what_the_matrix_says() {
    let mut world = World::on_sqlite().await;
    let mut scene = Scene::set(&world).await;
    for row in MATRIX {
        for (column, allowed) in row.3.iter().enumerate() {
            let got = scene.call(&world, row, column).await;
            assert_eq!(got, *allowed, "{} {} by column {column}", row.0, row.1);
            if got == In && (row.0 == "DELETE" || row.1.ends_with("/close")) {
                // What was ended is not there for the next one.
                world = World::on_sqlite().await;
                scene = Scene::set(&world).await;
            }
        }
    }
}

/// Something of Ana's for each kind of id.
struct Scene {
    conversation: ConversationId,
    session: SessionId,
}

impl Scene {
    async fn set(world: &World) -> Self {
        let conversation = world.ask_and_take(&world.ana, "Help").await;
        let me = world.ana.get("/v1/me").await.unwrap();
        let session = serde_json::from_value(me.body["session_id"].clone()).unwrap();
        Self {
            conversation,
            session,
        }
    }

    async fn call(&self, world: &World, row: &Row, column: usize) -> Gets {
        let caller = [
            &world.server.anyone(),
            &world.ana,
            &world.ben,
            &world.carla,
            &world.tess,
            &world.timo,
            &world.omar,
        ][column]
            .clone();
        let own = send(
            world,
            &caller,
            row,
            [&self.conversation.text(), &self.session.text()],
        )
        .await;
        let got = gets(own.0, &own.1);
        if got == Nothing {
            let random = send(world, &caller, row, [&world.id(), &world.id()]).await;
            assert_eq!(
                own.1, random.1,
                "{}: what is foreign looks like what is not",
                row.1
            );
        }
        got
    }
}

async fn send(world: &World, caller: &Caller, row: &Row, ids: [&str; 2]) -> (u16, Value) {
    let method: Method = row.0.parse().unwrap();
    let [conversation, session] = ids;
    let path = row
        .1
        .replace("{id}", conversation)
        .replace("{session}", session);
    let path = path.replace("{challenge}", &world.id());
    let body = match row.2 {
        Empty => None,
        Is(body) => Some(body(world)),
    };
    let answer = caller.send(method, &path, body).await.unwrap();
    (answer.status.as_u16(), answer.body)
}

fn gets(status: u16, body: &Value) -> Gets {
    match (status, body["code"].as_str()) {
        (401, Some("not_signed_in")) => SignIn,
        (403, Some("forbidden")) => Role,
        (403, Some("not_assigned")) => NotTheirs,
        (404, Some("not_found")) => Nothing,
        // The feed asked for as a page, a wrong code, and a conversation that Tess has.
        (200..=299, _) | (400 | 401 | 403, _) | (409, Some("already_assigned")) => In,
        other => panic!("unexpected: {other:?}"),
    }
}
