//! Signing in and out.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use deskbell_messenger::command::Command;
use deskbell_messenger::secret::{EXPIRED_SECRET, SESSION_SECRET};
use deskbell_messenger::view::Connection;
use deskbell_messenger::view::{ClientFailure, FailureCode, Notice, OfflineReason, Phase};
use deskbell_protocol::ErrorCode;
use deskbell_protocol::limits::CODES_PER_HOUR_AND_ADDRESS;
use tokio::io::AsyncReadExt;

use crate::people::{Employee, Scene, eventually};

#[tokio::test]
async fn a_code_from_the_mailbox_signs_in_and_the_next_start_needs_none() {
    let scene = Scene::new().await;
    let employee = scene.employee().await;
    let app = employee.app().await;
    let Phase::SignedIn {
        account,
        organization,
    } = app.phase
    else {
        panic!("{:?}", app.phase)
    };
    assert_eq!(account.name, "Ana Silva");
    assert_eq!(organization.unwrap().name, "Harbour & Finch");
    assert!(app.notices.is_empty(), "{:?}", app.notices);

    let again = employee.restart().await;
    again.online().await;
}

#[tokio::test]
async fn a_wrong_code_says_how_many_tries_remain() {
    let scene = Scene::new().await;
    let employee = Employee::at(&scene.network.url(), &scene.server.clock);
    employee
        .done(Command::StartSignIn {
            email: scene.email.clone(),
        })
        .await;
    let app = employee.app().await;
    assert_eq!(
        app.phase,
        Phase::ChoosingMethod {
            email: scene.email.clone(),
            sms: true
        }
    );
    employee.done(Command::SendCodeByEmail {}).await;
    let code = scene.server.code_to(&scene.email, 1).await.unwrap();
    let wrong = if code == "000000" { "000001" } else { "000000" };
    let failure = employee
        .ask(Command::VerifyCode { code: wrong.into() })
        .await
        .unwrap_err();
    assert_eq!(failure.code, FailureCode::Server(ErrorCode::CodeInvalid));
    assert_eq!(failure.attempts_left, Some(4));
    let Phase::EnteringCode {
        by_sms: false,
        sent_to,
        ..
    } = employee.app().await.phase
    else {
        panic!("the code can be tried again")
    };
    assert_eq!(sent_to, scene.email);
}

#[tokio::test]
async fn a_locked_keyring_is_told_and_the_session_lasts_until_the_end() {
    let scene = Scene::new().await;
    let employee = Employee::at(&scene.network.url(), &scene.server.clock);
    employee.keyring.lock(true);
    employee.sign_in(&scene).await;
    employee
        .until("the locked keyring is told", |app| {
            app.notices.contains(&Notice::SessionNotKept {})
        })
        .await;
    let folder = employee.folder.clone();
    let again = employee.restart().await;
    assert_eq!(again.app().await.phase, Phase::SignedOut { reason: None });
    assert!(
        !text_in(folder.path(), "token"),
        "no token may be in a file"
    );
}

#[tokio::test]
async fn signing_out_leaves_nothing_behind() {
    let scene = Scene::new().await;
    let employee = scene.employee().await;
    let id = employee.start("The secret-canary printer jams").await;
    employee.ticket(id).await;
    employee.done(Command::SignOut {}).await;
    assert_eq!(
        employee.app().await.phase,
        Phase::SignedOut { reason: None }
    );
    assert!(
        !text_in(employee.folder.path(), "secret-canary"),
        "the cache is gone"
    );
    let emptied = tokio::time::timeout(crate::people::PATIENCE, async {
        while employee.keyring.secrets().contains_key(SESSION_SECRET) {
            tokio::task::yield_now().await;
        }
    });
    emptied.await.expect("the keyring forgets the session");
}

/// LOG-09: whoever guesses codes keeps nobody from a device that signed in before.
#[tokio::test]
async fn a_device_that_signed_in_before_does_so_again_while_somebody_guesses() {
    let scene = Scene::new().await;
    let employee = scene.employee().await;
    scene.later(31 * 86_400);
    employee.done(Command::ConnectNow {}).await;
    employee
        .until("the session is over", |app| {
            matches!(app.phase, Phase::SignedOut { reason: Some(_) })
        })
        .await;
    let employee = employee.restart().await;
    scene.guess_until_stopped().await;

    let stranger = Employee::at(&scene.network.url(), &scene.server.clock);
    let stopped = stranger.try_to_sign_in(&scene).await.unwrap_err();
    assert_eq!(
        stopped.code,
        FailureCode::Server(ErrorCode::AccountThrottled)
    );
    scene.later(3_600 / CODES_PER_HOUR_AND_ADDRESS);
    employee.sign_in(&scene).await;
    eventually("the newer session takes its place", async || {
        let secrets = employee.keyring.secrets();
        secrets.contains_key(SESSION_SECRET) && !secrets.contains_key(EXPIRED_SECRET)
    })
    .await;
}

/// SES-04: what the server ends is over here too, with everything of the account.
#[tokio::test]
async fn a_session_ended_elsewhere_ends_here_with_its_reason() {
    let scene = Scene::new().await;
    let employee = scene.employee().await;
    let id = employee.start("The secret-canary printer jams").await;
    employee.ticket(id).await;
    let other = scene.server.session(&scene.email).await.unwrap();
    let sessions = other.get("/v1/sessions").await.unwrap();
    let mine = sessions.body["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|s| s["current"] == false)
        .unwrap();
    let path = format!("/v1/sessions/{}", mine["id"].as_str().unwrap());
    assert!(other.delete(&path).await.unwrap().status.is_success());
    employee
        .until("signed out with the reason", |app| {
            app.phase
                == Phase::SignedOut {
                    reason: Some(ErrorCode::SessionEnded),
                }
        })
        .await;
    assert!(
        !text_in(employee.folder.path(), "secret-canary"),
        "the cache is gone"
    );
}

/// REC-03: a captive portal gets no token, and the client recovers when it is gone.
#[tokio::test]
async fn a_captive_portal_never_sees_the_token() {
    let scene = Scene::new().await;
    let employee = scene.employee().await;
    for portal in [
        "HTTP/1.1 302 Found\r\nLocation: http://portal.example/login\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 15\r\n\r\n<html>Hi</html>",
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
    ] {
        scene.network.forget_seen();
        scene.network.answer_instead(portal);
        scene.network.break_connections();
        let not_deskbell = |app: &deskbell_messenger::view::AppView| {
            matches!(
                app.connection,
                Connection::Offline {
                    reason: OfflineReason::NotDeskbell,
                    ..
                }
            )
        };
        employee
            .until("the portal is recognised", not_deskbell)
            .await;
        let seen = scene.network.seen();
        assert!(
            !seen.is_empty() && seen.iter().all(|s| !s.authorized),
            "a token went to the portal: {seen:?}"
        );
        scene.network.restore();
        employee.done(Command::ConnectNow {}).await;
        employee.online().await;
    }
}

#[tokio::test]
async fn a_wrong_server_address_is_refused_and_the_right_one_is_kept() {
    let scene = Scene::new().await;
    let employee = Employee::at("", &scene.server.clock);
    assert_eq!(employee.app().await.phase, Phase::NeedsServer {});
    let tried = async |url: &str| {
        let answer = employee.ask(Command::SetServer { url: url.into() }).await;
        answer.unwrap_err().code
    };
    let client = FailureCode::Client;
    assert_eq!(
        tried("http://help.example.com").await,
        client(ClientFailure::AddressInvalid)
    );
    assert_eq!(
        tried("http://127.0.0.1:1").await,
        client(ClientFailure::Unreachable)
    );
    scene
        .network
        .answer_instead("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nHi");
    assert_eq!(
        tried(&scene.network.url()).await,
        client(ClientFailure::NotDeskbell)
    );
    scene.network.restore();
    employee
        .done(Command::SetServer {
            url: scene.network.url(),
        })
        .await;
    assert_eq!(
        employee.app().await.phase,
        Phase::SignedOut { reason: None }
    );
    employee.sign_in(&scene).await;
    let again = employee.restart().await;
    again.online().await;
}

/// CLI-09: a certificate nobody trusts ends the talk before a word is said.
#[tokio::test]
async fn an_untrusted_certificate_is_told_as_such() {
    let scene = Scene::new().await;
    let (address, heard) = untrusted_server().await;
    let employee = Employee::at("", &scene.server.clock);
    let url = format!("https://localhost:{}", address.port());
    let failure = employee.ask(Command::SetServer { url }).await.unwrap_err();
    assert_eq!(
        failure.code,
        FailureCode::Client(ClientFailure::Certificate)
    );
    assert_eq!(heard.load(Ordering::SeqCst), 0, "nothing may be said to it");
}

/// Serves TLS with a certificate of its own making, and counts the bytes it is told.
async fn untrusted_server() -> (SocketAddr, Arc<AtomicUsize>) {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".into()]).unwrap();
    let key = rustls::pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let heard = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&heard);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            if let Ok(mut tls) = acceptor.accept(stream).await {
                let mut said = vec![];
                let _ = tls.read_buf(&mut said).await;
                counter.fetch_add(said.len(), Ordering::SeqCst);
            }
        }
    });
    (address, heard)
}

fn text_in(folder: &std::path::Path, text: &str) -> bool {
    std::fs::read_dir(folder).unwrap().flatten().any(|entry| {
        let path = entry.path();
        if path.is_dir() {
            return text_in(&path, text);
        }
        let bytes = std::fs::read(&path).unwrap_or_default();
        bytes
            .windows(text.len())
            .any(|window| window == text.as_bytes())
    })
}
