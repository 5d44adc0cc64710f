//! What signing in leaves on the computer.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};
use deskbell_testing::desktop::{Desktop, Setup};
use deskbell_tests::{employee::Employee, server::Server};

const ANA: &str = "ana.silva@harbourfinch.example";

/// CLI-17
#[tokio::test]
async fn the_token_is_in_the_keyring_and_in_no_file() -> Result<()> {
    let (desktop, server) = tokio::try_join!(Desktop::start(), Server::demo())?;
    let employee = Employee::start(&desktop, &server.url()).await?;
    ensure!(
        desktop.secrets().await?.is_empty(),
        "nothing is kept before signing in"
    );
    employee.sign_in_by_email(ANA, &server.mailbox()).await?;
    let secrets = desktop.secrets().await?;
    let kept = secrets.first().context("the keyring keeps the session")?;
    let token = longest_word(&kept.secret).context("a token in the secret")?;
    for file in files_in(&Employee::data(&desktop))?
        .into_iter()
        .chain(files_in(&desktop.home())?)
    {
        if file.components().any(|part| part.as_os_str() == "keyrings") {
            continue;
        }
        let content = fs::read(&file).unwrap_or_default();
        let found = content.windows(token.len()).any(|window| window == token);
        ensure!(!found, "the token is in {}", file.display());
    }
    Ok(())
}

/// The longest run of letters and digits: 256 bits need at least 43.
fn longest_word(secret: &[u8]) -> Option<&[u8]> {
    let word = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_+/".contains(byte);
    secret
        .split(|byte| !word(byte))
        .max_by_key(|word| word.len())
        .filter(|word| word.len() >= 43)
}

fn files_in(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push(path);
            }
        }
    }
    Ok(files)
}

#[tokio::test]
async fn without_a_keyring_one_is_told_and_still_signed_in() -> Result<()> {
    let (desktop, server) = tokio::try_join!(
        Desktop::with(Setup {
            keyring: false,
            ..Setup::default()
        }),
        Server::demo()
    )?;
    let employee = Employee::start(&desktop, &server.url()).await?;
    employee.sign_in_by_email(ANA, &server.mailbox()).await?;
    employee
        .window
        .find_css("[data-testid=\"notice\"][data-notice=\"session_not_kept\"]")
        .await
        .map(drop)
}

#[tokio::test]
async fn a_german_desktop_gets_german_texts() -> Result<()> {
    let (desktop, server) = tokio::try_join!(Desktop::start(), Server::demo())?;
    let german = [("LANG", "de_DE.UTF-8"), ("LANGUAGE", "de"), ("LC_ALL", "")];
    let employee = Employee::start_with(&desktop, &server.url(), &german).await?;
    employee.window.find("email").await?;
    employee.window.says("body", "E-Mail").await?;
    employee
        .window
        .says("[data-testid=\"email-next\"]", "Weiter")
        .await?;
    let menu = desktop.tray.item().await?.menu().await?;
    ensure!(
        menu.iter().any(|line| line.text == "Beenden"),
        "the tray's menu is German too: {menu:?}"
    );
    employee.sign_in_by_email(ANA, &server.mailbox()).await?;
    employee
        .window
        .says("[data-testid=\"help\"]", "Hilfe")
        .await
}
