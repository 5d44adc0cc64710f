//! What IT asks a computer over its remote-management tools: `deskbell doctor` and `deskbell policy`.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use deskbell_testing::{
    desktop::{Desktop, Setup},
    folder::private_folder,
    process::Program,
    tls::Tls,
};
use deskbell_tests::{employee::Employee, programs, server::Server};
use serde_json::Value;

const ANA: &str = "ana.silva@harbourfinch.example";

/// What the client answers in a terminal of this session: its exit code and its JSON.
async fn ask(desktop: &Desktop, program: &str, words: &[&str]) -> Result<(i32, Value)> {
    let folder = private_folder()?;
    let data = Employee::data(desktop);
    let mut process = Program::new(program, folder.path())
        .envs(desktop.variables().iter().cloned())
        .args(words)
        .arg("--data-dir")
        .arg(&data)
        .start()?;
    let code = process.ended().await?.code().context("an exit code")?;
    let printed = process.printed();
    let answer = serde_json::from_str(&printed)
        .with_context(|| format!("{code}: {printed}{}", process.complained()))?;
    ensure!(!data.exists(), "a question made the data folder");
    Ok((code, answer))
}

async fn doctor(desktop: &Desktop, server: &str) -> Result<(i32, Value)> {
    let client = programs::client()?;
    let client = client.to_str().context("a path in UTF-8")?;
    ask(desktop, client, &["doctor", "--json", "--server", server]).await
}

/// The checks that did not pass, as `check: code`.
fn troubles(answer: &Value) -> Vec<String> {
    let checks = answer["checks"].as_array().cloned().unwrap_or_default();
    let bad = checks.iter().filter(|one| one["result"] != "pass");
    let text = |one: &Value, name: &str| one[name].as_str().unwrap_or_default().to_owned();
    bad.map(|one| format!("{}: {}", text(one, "check"), text(one, "code")))
        .collect()
}

fn check<'a>(answer: &'a Value, name: &str) -> Result<&'a Value> {
    let checks = answer["checks"].as_array().context("checks")?;
    let found = checks.iter().find(|one| one["check"] == name);
    found.with_context(|| format!("{name} is not in {answer:#}"))
}

#[tokio::test]
async fn doctor_finds_nothing_on_a_good_computer_and_names_what_is_wrong_on_others() -> Result<()> {
    let mut server = Server::demo().await?;
    let desktop = Desktop::start().await?;
    let (code, answer) = doctor(&desktop, &server.url()).await?;
    ensure!(
        code == 0 && answer["result"] == "pass",
        "{code}: {answer:#}"
    );
    ensure!(
        answer["checks"]
            .as_array()
            .is_some_and(|checks| checks.len() == 11),
        "{answer:#}"
    );
    ensure!(
        check(&answer, "toasts")?["values"]["service"] == "dunst",
        "{answer:#}"
    );

    let tls = Tls::before(server.address()).await?;
    let (code, answer) = doctor(&desktop, &tls.url()).await?;
    ensure!(code == 2, "{code}: {answer:#}");
    ensure!(
        troubles(&answer) == ["server: certificate", "tls: untrusted"],
        "{answer:#}"
    );
    let certificate = check(&answer, "tls")?;
    ensure!(
        certificate["values"]["issuer"] == "Deskbell's tests",
        "{certificate:#}"
    );
    let remedy = certificate["remedy"].as_str().unwrap_or_default();
    ensure!(remedy.contains("trusted root authorities"), "{remedy}");

    server.kill()?;
    let (code, answer) = doctor(&desktop, &server.url()).await?;
    ensure!(
        code == 2 && troubles(&answer) == ["server: unreachable"],
        "{code}: {answer:#}"
    );
    let remedy = check(&answer, "server")?["remedy"]
        .as_str()
        .unwrap_or_default();
    ensure!(
        remedy.contains("HTTPS to 127.0.0.1 must be allowed"),
        "{remedy}"
    );
    Ok(())
}

/// The window shows the same, and the session in the keyring lets the websocket be tried to its end.
#[tokio::test]
async fn the_settings_check_the_computer_too() -> Result<()> {
    let server = Server::demo().await?;
    let desktop = Desktop::start().await?;
    let ana = Employee::start(&desktop, &server.url()).await?;
    ana.sign_in_by_email(ANA, &server.mailbox()).await?;
    ana.window.click("open-settings").await?;
    ana.window.click("check-computer").await?;
    let websocket = "[data-testid=\"finding\"][data-check=\"websocket\"]";
    ana.window
        .says(websocket, "A websocket was opened.")
        .await?;
    ana.window
        .says(
            "[data-testid=\"computer\"][data-result=\"pass\"]",
            "Everything is fine.",
        )
        .await
}

#[tokio::test]
async fn doctor_warns_of_a_clock_that_is_a_day_ahead() -> Result<()> {
    let server = Server::demo().await?;
    let desktop = Desktop::start().await?;
    let client = programs::client()?;
    let client = client.to_str().context("a path in UTF-8")?;
    let url = server.url();
    let words = ["-f", "+1d", client, "doctor", "--json", "--server", &url];
    let (code, answer) = ask(&desktop, "faketime", &words).await?;
    ensure!(
        code == 1 && troubles(&answer) == ["clock: ahead"],
        "{code}: {answer:#}"
    );
    let minutes = check(&answer, "clock")?["values"]["minutes"].clone();
    ensure!(minutes == "1440" || minutes == "1439", "{minutes}");
    Ok(())
}

#[tokio::test]
async fn doctor_says_what_a_bare_desktop_lacks() -> Result<()> {
    let server = Server::demo().await?;
    let desktop = Desktop::with(Setup {
        keyring: false,
        dunst: false,
        ..Setup::default()
    })
    .await?;
    let (code, answer) = doctor(&desktop, &server.url()).await?;
    ensure!(
        code == 2 && troubles(&answer) == ["keyring: missing", "toasts: nobody"],
        "{code}: {answer:#}"
    );
    Ok(())
}

/// INST-13
#[tokio::test]
async fn policy_tells_what_holds_and_that_no_argument_beats_the_machines_policy() -> Result<()> {
    let desktop = Desktop::start().await?;
    let folder = private_folder()?;
    let policies = folder.path().join("deskbell");
    fs::create_dir(&policies)?;
    let policy = "server_url = 'https://policy.example'\ntoasts = 'yes'\n";
    fs::write(policies.join("policy.toml"), policy)?;
    fs::write(policies.join("defaults.toml"), "autostart = false\n")?;
    let (code, answer) = with_policies(&desktop, folder.path()).await?;
    ensure!(code == 1, "{code}: {answer:#}");
    let faults = answer["faults"].to_string();
    ensure!(faults == "[\"toasts cannot have this value\"]", "{faults}");
    let settings = answer["settings"].as_array().context("settings")?;
    let of = |name: &str| settings.iter().find(|one| one["name"] == name);
    let server = of("server_url").context("the server")?;
    ensure!(server["value"] == "https://policy.example", "{server:#}");
    ensure!(
        server["origin"] == "machine_policy" && server["managed"] == true,
        "{server:#}"
    );
    let autostart = of("autostart").context("autostart")?;
    ensure!(
        autostart["value"] == false && autostart["origin"] == "installed",
        "{autostart:#}"
    );
    ensure!(
        of("toasts").is_some_and(|one| one["origin"] == "default"),
        "{answer:#}"
    );
    Ok(())
}

/// Runs it where `/etc` has the files of this folder too, for this one process alone.
async fn with_policies(desktop: &Desktop, folder: &Path) -> Result<(i32, Value)> {
    let client = programs::client()?;
    let client = client.to_str().context("a path in UTF-8")?;
    let laid_over = format!(
        "mount -t overlay overlay -o lowerdir={}:/etc /etc && exec \"$0\" \"$@\"",
        folder.display()
    );
    let words = [
        "--map-root-user",
        "--mount",
        "sh",
        "-c",
        &laid_over,
        client,
        "policy",
        "--json",
        "--server",
        "https://argument.example",
    ];
    ask(desktop, "unshare", &words).await
}
