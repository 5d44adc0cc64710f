//! A company's proxy on the only way to the server.

use std::path::PathBuf;
use std::process::{Child, Command as Process, Stdio};
use std::sync::Arc;

use deskbell_messenger::command::{Answer, Command};
use deskbell_messenger::secret::SESSION_SECRET;
use deskbell_messenger::view::{AppView, Connection, OfflineReason};
use deskbell_messenger::{Handle, OsEntropy, Ports, SecretStore, SystemClock};
use deskbell_testing::proxy::Proxy;
use deskbell_testing::shell::{MemoryKeyring, RecordingShell};
use deskbell_testing::tls::Tls;
use serde_json::json;

use crate::people::{Scene, eventually, setup};

/// A name that leads nowhere but through the proxy.
const HOST: &str = "support.deskbell.test:443";
/// `ana:secret`
const CREDENTIAL: &str = "Basic YW5hOnNlY3JldA==";
const WRITTEN: &str = "written behind the proxy";

#[tokio::test]
async fn http_and_websocket_take_the_proxy_with_its_password() {
    let stage = Stage::set().await;
    stage.run("ana:secret@", "online").await;
    let listed = stage
        .scene
        .technician
        .get("/v1/conversations")
        .await
        .unwrap();
    assert!(listed.text.contains(WRITTEN), "it arrived: {}", listed.text);
    let asked = stage.proxy.asked();
    assert!(!asked.is_empty());
    for head in asked {
        assert!(head.starts_with(&format!("CONNECT {HOST} ")), "{head}");
        assert!(
            !head.contains("Bearer"),
            "the token goes to the server alone"
        );
    }
}

#[tokio::test]
async fn a_proxy_that_demands_a_password_is_told_as_such() {
    let stage = Stage::set().await;
    stage.run("", "password").await;
    for head in stage.proxy.asked() {
        assert!(
            !head.contains("Bearer"),
            "no token goes to the proxy: {head}"
        );
    }
}

struct Stage {
    scene: Scene,
    proxy: Proxy,
    tls: Tls,
}

impl Stage {
    async fn set() -> Self {
        let scene = Scene::new().await;
        let server = scene.server.url.trim_start_matches("http://");
        let tls = Tls::before(server.parse().unwrap()).await.unwrap();
        let proxy = Proxy::before(tls.address(), Some(CREDENTIAL))
            .await
            .unwrap();
        Self { scene, proxy, tls }
    }

    /// Another process, whose environment names the proxy: what it waits for must come about.
    async fn run(&self, credential: &str, waits_for: &str) {
        let folder = tempfile::tempdir().unwrap();
        let authority = folder.path().join("ca.pem");
        std::fs::write(&authority, self.tls.authority_pem()).unwrap();
        let session = self.session().await;
        let mut child: Child = Process::new(std::env::current_exe().unwrap())
            .args(["proxy::the_client_behind_a_proxy", "--exact", "--ignored"])
            .env_remove("NO_PROXY")
            .env_remove("no_proxy")
            .env_remove("ALL_PROXY")
            .env_remove("https_proxy")
            .env(
                "HTTPS_PROXY",
                format!("http://{credential}{}", self.proxy.address()),
            )
            .env("SSL_CERT_FILE", authority)
            .env("DESKBELL_TEST_FOLDER", folder.path())
            .env("DESKBELL_TEST_SESSION", session)
            .env("DESKBELL_TEST_WAITS_FOR", waits_for)
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let mut ended = None;
        eventually("the client behind the proxy", async || {
            ended = child.try_wait().unwrap();
            ended.is_some()
        })
        .await;
        assert!(ended.unwrap().success(), "it saw no {waits_for}");
    }

    /// What the keyring of somebody who is signed in there keeps.
    async fn session(&self) -> String {
        let caller = self.scene.server.session(&self.scene.email).await.unwrap();
        let me = caller.get("/v1/me").await.unwrap();
        let sessions = caller.get("/v1/sessions").await.unwrap();
        let kept = json!({
            "server": format!("https://{}", HOST.trim_end_matches(":443")),
            "token": caller.token,
            "session_id": sessions.body["items"][0]["id"],
            "account": me.body["account"],
        });
        kept.to_string()
    }
}

/// Not a test of its own: what the others run as a process with an environment of its own.
#[tokio::test]
#[ignore = "the process that the other tests start"]
async fn the_client_behind_a_proxy() {
    let given = |name: &str| std::env::var(name).unwrap();
    let keyring = Arc::new(MemoryKeyring::default());
    keyring
        .set(SESSION_SECRET, &given("DESKBELL_TEST_SESSION"))
        .unwrap();
    let ports = Ports {
        shell: Arc::new(RecordingShell::default()),
        secrets: keyring,
        clock: Arc::new(SystemClock),
        entropy: Arc::new(OsEntropy),
    };
    let folder = PathBuf::from(given("DESKBELL_TEST_FOLDER"));
    let server = format!("https://{}", HOST.trim_end_matches(":443"));
    let (handle, client) = deskbell_messenger::start(setup(&folder, &server), ports).unwrap();
    tokio::spawn(client.run());
    if given("DESKBELL_TEST_WAITS_FOR") == "password" {
        let told = OfflineReason::ProxyPassword;
        return until(
            &handle,
            |app| matches!(app.connection, Connection::Offline { reason, .. } if reason == told),
        )
        .await;
    }
    until(&handle, |app| app.connection == Connection::Online {}).await;
    let wish = Command::StartConversation {
        description: WRITTEN.into(),
        device_id: None,
    };
    handle.command(wish).await.unwrap();
    until(&handle, |app| app.waiting_count == 0).await;
}

async fn until(handle: &Handle, wanted: impl Fn(&AppView) -> bool) {
    eventually("the client is as wanted", async || {
        let app = handle.command(Command::App {}).await;
        matches!(app, Ok(Answer::App(app)) if wanted(&app))
    })
    .await;
}
