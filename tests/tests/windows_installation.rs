//! The life of an installation in Wine, from the first to the removal.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};
use deskbell_desktop::identity;
use deskbell_testing::{process::Process, wait::eventually, wine::Wine};
use deskbell_tests::packages::{self, VERSION};
use serde_json::Value;

/// What msiexec ends with when it refuses (1603), as Wine passes it on.
const REFUSED: i32 = 1603 % 256;

const FOLDER: &str = r"C:\Program Files\Deskbell";
const SETTINGS: &str = r"HKLM\Software\Deskbell";
const SETUP: &str = r"HKLM\Software\Deskbell\Setup";
const RUN: &str = r"HKLM\Software\Microsoft\Windows\CurrentVersion\Run";
// Wine has but the user's own menu and desktop.
const MENU: &str = "AppData/Roaming/Microsoft/Windows/Start Menu/Programs/Deskbell.lnk";
const DESKTOP: &str = "Desktop/Deskbell.lnk";
const RUNTIME: &str = r"HKLM\SOFTWARE\WOW6432Node\Microsoft\EdgeUpdate\Clients\{F3017226-FE2A-4295-8BDF-00C3A9A7E4C5}";

async fn installed(properties: &[&str]) -> Result<Wine> {
    let wine = Wine::start().await?;
    let code = wine.install(&packages::msi()?, properties).await?;
    ensure!(code == 0, "msiexec ended with {code}");
    Ok(wine)
}

async fn value(wine: &Wine, key: &str, name: &str) -> Result<String> {
    Ok(wine.registry(key, name).await?.unwrap_or_default())
}

/// Everything below the folder that the test did not know before.
fn traces(folder: &Path, found: &mut Vec<String>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry
            .file_name()
            .to_string_lossy()
            .to_lowercase()
            .contains("deskbell")
        {
            found.push(entry.path().display().to_string());
        }
        if entry.file_type()?.is_dir() {
            traces(&entry.path(), found)?;
        }
    }
    Ok(())
}

#[tokio::test]
async fn what_the_command_line_says_is_installed() -> Result<()> {
    let server = "SERVER_URL=https://help.example.com";
    let wine = installed(&[
        server,
        "ORG=Harbour & Finch",
        "KIOSK=1",
        "DESKTOP_SHORTCUT=1",
    ])
    .await?;
    for name in ["deskbell.exe", "WebView2Loader.dll", "deskbell.png"] {
        let file = wine.path(FOLDER).join(name);
        assert!(file.exists(), "{} is missing", file.display());
    }
    assert_eq!(
        value(&wine, SETTINGS, "ServerUrl").await?,
        "https://help.example.com"
    );
    assert_eq!(
        value(&wine, SETTINGS, "Organization").await?,
        "Harbour & Finch"
    );
    assert_eq!(value(&wine, SETTINGS, "Autostart").await?, "0x1");
    assert_eq!(value(&wine, SETTINGS, "Kiosk").await?, "0x1");
    assert_eq!(value(&wine, SETUP, "Version").await?, VERSION);
    let run = value(&wine, RUN, "Deskbell").await?;
    assert_eq!(run, format!("\"{FOLDER}\\deskbell.exe\" --background"));
    let open = format!(r"HKLM\{}\shell\open\command", identity::scheme_key());
    let open = value(&wine, &open, "").await?;
    assert_eq!(open, format!("\"{FOLDER}\\deskbell.exe\" \"%1\""));
    for shortcut in [MENU, DESKTOP] {
        assert!(
            wine.profile()?.join(shortcut).exists(),
            "{shortcut} is missing"
        );
    }
    Ok(())
}

#[tokio::test]
async fn what_the_command_line_leaves_open_is_not_installed() -> Result<()> {
    let wine = installed(&["AUTOSTART=0"]).await?;
    assert_eq!(wine.registry(SETTINGS, "ServerUrl").await?, None);
    assert_eq!(wine.registry(SETTINGS, "Organization").await?, None);
    assert_eq!(wine.registry(SETTINGS, "Kiosk").await?, None);
    assert_eq!(wine.registry(RUN, "Deskbell").await?, None);
    assert_eq!(value(&wine, SETTINGS, "Autostart").await?, "0x0");
    assert!(
        !wine.path(DESKTOP).exists(),
        "there is an icon on the desktop"
    );
    Ok(())
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_and_nothing_is_installed() -> Result<()> {
    let wine = Wine::start().await?;
    let msi = packages::msi()?;
    for property in [
        "SERVER_URL=http://help.example.com",
        "AUTOSTART=yes",
        "KIOSK=2",
    ] {
        assert_eq!(
            wine.install(&msi, &[property]).await?,
            REFUSED,
            "{property}"
        );
    }
    wine.remove(RUNTIME).await?;
    assert_eq!(
        wine.install(&msi, &[]).await?,
        REFUSED,
        "without the runtime"
    );
    assert!(!wine.path(FOLDER).exists());
    assert_eq!(wine.install(&msi, &["WEBVIEW2CHECK=0"]).await?, 0);
    assert!(wine.path(FOLDER).exists());
    Ok(())
}

#[tokio::test]
async fn no_command_line_moves_it_where_users_can_write() -> Result<()> {
    let wine = installed(&[
        r"INSTALLDIR=C:\open",
        r"InstallFolder=C:\open",
        r"TARGETDIR=C:\open",
    ])
    .await?;
    assert!(wine.path(FOLDER).join("deskbell.exe").exists());
    assert!(!wine.path(r"C:\open").exists());
    Ok(())
}

/// INST-09
#[tokio::test]
async fn an_upgrade_closes_the_running_client_and_remembers() -> Result<()> {
    let wine = installed(&[
        "SERVER_URL=https://one.example",
        "ORG=One",
        "AUTOSTART=0",
        "KIOSK=1",
    ])
    .await?;
    let mut client = started(&wine, &[]).await?;
    let code = wine.install(&packages::next_msi()?, &["ORG=Two"]).await?;
    assert_eq!(code, 0, "without a restart of Windows");
    let ended = client.ended().await?;
    assert!(
        ended.success(),
        "the client was not asked but ended: {ended}"
    );
    wine.clients(0).await?;
    assert!(
        wine.path(FOLDER).join("deskbell.exe").exists(),
        "the program is gone"
    );
    assert_eq!(
        value(&wine, SETUP, "Version").await?,
        packages::next_version()?
    );
    assert_eq!(
        value(&wine, SETTINGS, "ServerUrl").await?,
        "https://one.example"
    );
    assert_eq!(
        value(&wine, SETTINGS, "Organization").await?,
        "Two",
        "the command line wins"
    );
    assert_eq!(value(&wine, SETTINGS, "Autostart").await?, "0x0");
    assert_eq!(value(&wine, SETTINGS, "Kiosk").await?, "0x1");
    Ok(())
}

/// Starts the client, and waits until it is there: it holds its folder.
async fn started(wine: &Wine, arguments: &[&str]) -> Result<Process> {
    let process = wine.client().args(arguments).start()?;
    let lock = data(wine)?.join("lock");
    eventually("the client's lock", async || {
        ensure!(lock.exists(), "there is none");
        Ok(())
    })
    .await?;
    Ok(process)
}

fn data(wine: &Wine) -> Result<PathBuf> {
    Ok(wine.profile()?.join("AppData/Local/Deskbell"))
}

/// INST-09
#[tokio::test]
async fn an_older_version_is_refused_and_the_newer_one_stays() -> Result<()> {
    let wine = Wine::start().await?;
    assert_eq!(wine.install(&packages::next_msi()?, &[]).await?, 0);
    assert_eq!(wine.install(&packages::msi()?, &[]).await?, REFUSED);
    assert_eq!(
        value(&wine, SETUP, "Version").await?,
        packages::next_version()?
    );
    Ok(())
}

#[tokio::test]
async fn the_client_of_the_run_key_shows_its_icon_and_no_window() -> Result<()> {
    let wine = installed(&["SERVER_URL=https://127.0.0.1:9"]).await?;
    let before = wine.windows().await?;
    assert_eq!(before, [""; 0], "the screen is empty before");
    let mut client = started(&wine, &["--background"]).await?;
    eventually(
        "Wine's tray, which shows when it holds an icon",
        async || {
            let windows = wine.windows().await?;
            ensure!(windows == ["Wine System Tray"], "{windows:?}");
            Ok(())
        },
    )
    .await?;
    let second = wine.client().arg("--background");
    assert_eq!(wine.code(second).await?, 0);
    let windows = wine.windows().await?;
    assert_eq!(
        windows,
        ["Wine System Tray"],
        "a second start with the session opens nothing"
    );
    client.runs()
}

#[tokio::test]
async fn the_installer_starts_the_client_when_it_is_told_to_and_not_otherwise() -> Result<()> {
    let wine = installed(&["SERVER_URL=https://127.0.0.1:9"]).await?;
    wine.clients(0).await?;
    let code = wine
        .install(&packages::next_msi()?, &["LAUNCH=1", "AUTOSTART=0"])
        .await?;
    assert_eq!(code, 0);
    wine.clients(1).await
}

/// What the client prints as JSON, and its exit code.
async fn told(wine: &Wine, question: &str) -> Result<(Value, Option<i32>)> {
    let mut client = wine.client().args([question, "--json"]).start()?;
    let code = client.ended().await?.code();
    let text = client.printed();
    let answer = serde_json::from_str(&text).with_context(|| format!("{code:?}: {text}"))?;
    Ok((answer, code))
}

/// INST-13
#[tokio::test]
async fn a_policy_beats_the_installer_and_the_user() -> Result<()> {
    let wine = installed(&["SERVER_URL=https://installed.example", "ORG=Installed"]).await?;
    let policies = r"HKLM\Software\Policies\Deskbell";
    let server = "https://policy.example";
    wine.set(policies, "ServerUrl", "REG_SZ", server).await?;
    let users = format!(r"HKCU\{}", identity::INSTALLED_KEY);
    let other = "https://evil.example";
    wine.set(&users, "ServerUrl", "REG_SZ", other).await?;
    wine.set(policies, "Toasts", "REG_DWORD", "1").await?;
    let own = format!("server_url = \"{other}\"\ntoasts = false\ntheme = \"dark\"\n");
    fs::create_dir_all(data(&wine)?)?;
    fs::write(data(&wine)?.join("settings.toml"), own)?;
    let (answer, code) = told(&wine, "policy").await?;
    assert_eq!(code, Some(0), "{answer}");
    let setting = |name: &str| {
        let settings = answer["settings"].as_array().into_iter().flatten();
        let mut named = settings.filter(|setting| setting["name"] == name);
        named.next().cloned().unwrap_or_default()
    };
    assert_eq!(setting("server_url")["value"], server);
    assert_eq!(setting("server_url")["origin"], "machine_policy");
    assert_eq!(setting("server_url")["managed"], true);
    assert_eq!(setting("toasts")["value"], true);
    assert_eq!(setting("toasts")["origin"], "machine_policy");
    assert_eq!(setting("theme")["value"], "dark", "no policy decides it");
    assert_eq!(setting("organization")["value"], "Installed");
    assert_eq!(setting("organization")["origin"], "installed");
    Ok(())
}

#[tokio::test]
async fn doctor_finds_the_installation_and_says_that_no_server_answers() -> Result<()> {
    let wine = installed(&["SERVER_URL=https://127.0.0.1:9"]).await?;
    let (answer, code) = told(&wine, "doctor").await?;
    assert_eq!(code, Some(2), "{answer}");
    assert_eq!(answer["version"], VERSION);
    assert_eq!(answer["result"], "fail");
    let check = |name: &str| {
        let checks = answer["checks"].as_array().into_iter().flatten();
        let mut named = checks.filter(|check| check["check"] == name);
        named.next().cloned().unwrap_or_default()
    };
    assert_eq!(check("policy")["result"], "pass", "{answer}");
    assert_eq!(check("server")["result"], "fail", "{answer}");
    assert!(check("server")["remedy"].is_string(), "{answer}");
    assert_eq!(check("keyring")["result"], "pass", "{answer}");
    assert_eq!(check("storage")["result"], "pass", "{answer}");
    Ok(())
}

/// INST-09
#[tokio::test]
async fn uninstalling_leaves_the_users_data_and_nothing_else() -> Result<()> {
    let wine = installed(&["SERVER_URL=https://127.0.0.1:9", "DESKTOP_SHORTCUT=1"]).await?;
    let mut client = started(&wine, &["--background"]).await?;
    assert_eq!(wine.uninstall(&packages::msi()?, &[]).await?, 0);
    client.ended().await?;
    assert!(data(&wine)?.exists(), "the user's data is gone");
    fs::remove_dir_all(data(&wine)?)?;
    nothing_is_left(&wine).await
}

#[tokio::test]
async fn uninstalling_without_keeping_data_leaves_nothing_of_any_user() -> Result<()> {
    let wine = installed(&["SERVER_URL=https://127.0.0.1:9"]).await?;
    // Of somebody else who is signed in, as far as others may reach.
    let run = format!(r"HKU\S-1-5-21-1-2-3-1001\{}", identity::RUN_KEY);
    wine.set(&run, identity::RUN_VALUE, "REG_SZ", "deskbell.exe")
        .await?;
    let mut client = started(&wine, &["--background"]).await?;
    assert_eq!(wine.uninstall(&packages::msi()?, &["KEEPDATA=0"]).await?, 0);
    client.ended().await?;
    assert_eq!(wine.registry(&run, identity::RUN_VALUE).await?, None);
    nothing_is_left(&wine).await
}

async fn nothing_is_left(wine: &Wine) -> Result<()> {
    wine.shut_down().await?;
    let mut left = Vec::new();
    traces(&wine.path(r"C:\"), &mut left)?;
    for file in ["system.reg", "user.reg", "userdef.reg"] {
        let text = fs::read_to_string(wine.path(r"C:\").join("..").join(file))?;
        let lines = text
            .lines()
            .filter(|line| line.to_lowercase().contains("deskbell"));
        // Ours: what makes the client's window library work in Wine.
        left.extend(
            lines
                .filter(|line| !line.contains("AppDefaults"))
                .map(str::to_owned),
        );
    }
    assert!(left.is_empty(), "left behind: {left:#?}");
    Ok(())
}
