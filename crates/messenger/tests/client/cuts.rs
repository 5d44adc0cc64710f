//! A whole session, cut at one byte after another: whatever was on its way, nothing is lost or doubled.

use deskbell_messenger::command::Command;
use deskbell_messenger::view::Phase;
use deskbell_protocol::MessageId;
use deskbell_server::clock::Clock as _;
use deskbell_testing::effort::effort;
use deskbell_testing::history::History;
use serde_json::json;

use crate::people::{Employee, Scene, eventually};

/// Sessions that are cut, besides those cut in their first bytes.
const CUTS: [u64; 2] = [36, 600];
/// So much time between two people that nobody has asked for too many codes.
const BETWEEN_PEOPLE: i64 = 900;

#[tokio::test]
async fn a_session_cut_at_any_byte_ends_like_one_that_was_not() {
    let scene = Scene::new().await;
    let before = scene.network.carried();
    session(&scene, &History::default(), "Nobody Cuts").await;
    let length = scene.network.carried() - before;
    assert!(length > 5_000, "a session takes more than {length} bytes");
    let first = [1, 2, 3];
    let cuts = effort(CUTS[0], CUTS[1]);
    let rest = (1..=cuts).map(|n| n * length / (cuts + 1));
    let places: Vec<u64> = first.into_iter().chain(rest).collect();
    tokio::join!(
        lane(places.iter().copied().step_by(3)),
        lane(places.iter().copied().skip(1).step_by(3)),
        lane(places.iter().copied().skip(2).step_by(3)),
    );
}

/// One session after another, each cut at one of these places.
async fn lane(places: impl Iterator<Item = u64>) {
    let (scene, history) = (Scene::new().await, History::default());
    for place in places {
        scene.network.cut_after(place);
        session(&scene, &history, &format!("Cut at {place}")).await;
    }
    history.check(&scene.server.app.store).await.unwrap();
}

/// Signs in, asks for help, hears the reply and reads it.
async fn session(scene: &Scene, history: &History, name: &str) {
    scene.later(BETWEEN_PEOPLE);
    let email = scene.server.requester(name).await.unwrap();
    let technician = scene.server.session("tess.berg@provider.example").await;
    let technician = technician.unwrap();
    let employee = Employee::at(&scene.network.url(), &scene.server.clock);
    sign_in(scene, &employee, &email).await;
    let id = employee.start("Help").await;
    history.says(id, MessageId(id.0), "Help");
    employee.all_sent().await;
    history.acknowledged(MessageId(id.0));
    let path = format!("/v1/conversations/{id}");
    let wish = json!({"technician_id": "me", "replaces": null});
    let taken = technician.post(&format!("{path}/assign"), wish).await;
    assert!(taken.unwrap().status.is_success(), "{name}: taking");
    let reply = scene.server.clock.id();
    history.says(id, MessageId(reply), "Reply");
    let wish = json!({"id": reply, "body": "Reply", "attachments": [], "kind": "message"});
    let told = technician.post(&format!("{path}/messages"), wish).await;
    assert!(told.unwrap().status.is_success(), "{name}: replying");
    history.acknowledged(MessageId(reply));
    eventually("the reply comes, once", async || {
        employee.texts(id).await == ["Help", "Reply"]
    })
    .await;
    employee.done(Command::MarkRead { id }).await;
    eventually("the server knows that it was read", async || {
        let lines = technician.get(&format!("{path}/messages")).await.unwrap();
        let items = lines.body["items"].as_array().cloned().unwrap_or_default();
        items
            .iter()
            .any(|line| line["body"] == "Reply" && line["read_at"].is_string())
    })
    .await;
    let lines = technician.get(&format!("{path}/messages")).await.unwrap();
    let stored = lines.body["items"].as_array().cloned().unwrap_or_default();
    let said = stored.iter().filter(|line| line["kind"] == "message");
    let said: Vec<_> = said.filter_map(|line| line["body"].as_str()).collect();
    assert_eq!(said, employee.texts(id).await, "{name}: here as there");
    assert_eq!(employee.list().await.len(), 1, "{name}: one conversation");
}

/// As people do it: what failed is tried again a minute later.
async fn sign_in(scene: &Scene, employee: &Employee, email: &str) {
    let letters = || {
        let letters = scene.server.mailbox.letters();
        letters.iter().filter(|letter| letter.to == email).count()
    };
    let (mut letter, mut refusals) = (0, vec![]);
    for _ in 0..15 {
        let done = match employee.app().await.phase {
            Phase::SignedIn { .. } => return,
            Phase::ChoosingMethod { .. } => {
                letter = letters() + 1;
                employee.ask(Command::SendCodeByEmail {}).await
            }
            Phase::EnteringCode { .. } => {
                let code = scene.server.code_to(email, letter).await.unwrap();
                let tried = employee.ask(Command::VerifyCode { code }).await;
                if tried.is_err() && !matches!(employee.app().await.phase, Phase::SignedIn { .. }) {
                    let _ = employee.ask(Command::CancelSignIn {}).await;
                }
                tried
            }
            _ => {
                let email = email.to_owned();
                employee.ask(Command::StartSignIn { email }).await
            }
        };
        if let Err(failure) = done {
            refusals.push(failure.code);
            scene.later(61);
        }
    }
    panic!("{email} is not signed in: {refusals:?}");
}
