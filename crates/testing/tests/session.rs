//! The desktop session and the browser do what the tests that use them rely on.

use std::path::Path;

use anyhow::{Result, ensure};
use deskbell_testing::{
    browser::{Page, Scheme},
    desktop::{Desktop, Setup},
    wait::eventually,
};
use zbus::Proxy;

#[tokio::test]
async fn a_toast_that_is_clicked_tells_who_sent_it() -> Result<()> {
    let desktop = Desktop::start().await?;
    let dunstify = desktop
        .program(Path::new("dunstify"))
        .args([
            "--action=default,Open",
            "Tess Berg",
            "Have you tried\nthe other cable?",
        ])
        .start()?;
    let toast = desktop.toasts.wait_for("other cable").await?;
    assert_eq!(toast.title, "Tess Berg");
    assert_eq!(desktop.toasts.visible().await?, 1);
    desktop.toasts.click().await?;
    eventually("the answer to the click", async || {
        let printed = dunstify.printed();
        ensure!(printed.trim() == "default", "dunstify printed {printed:?}");
        Ok(())
    })
    .await?;
    assert_eq!(desktop.toasts.visible().await?, 0);
    Ok(())
}

#[tokio::test]
async fn the_keyring_keeps_a_secret() -> Result<()> {
    let desktop = Desktop::start().await?;
    assert!(
        desktop.secrets().await?.is_empty(),
        "a new keyring is empty"
    );
    store_secret(&desktop).await?;
    let secrets = desktop.secrets().await?;
    assert_eq!(secrets.len(), 1);
    assert_eq!(secrets[0].secret, b"s3cret");
    assert_eq!(secrets[0].attributes["service"], "test");
    Ok(())
}

async fn store_secret(desktop: &Desktop) -> Result<()> {
    use std::collections::HashMap;
    use zbus::{OwnedObjectPath, OwnedVariant, Variant};
    let destination = "org.freedesktop.secrets";
    let service = Proxy::new(
        desktop.bus(),
        destination,
        "/org/freedesktop/secrets",
        "org.freedesktop.Secret.Service",
    )
    .await?;
    let (_, session): (OwnedVariant, OwnedObjectPath) = service
        .call("OpenSession", &("plain", Variant::from("")))
        .await?;
    let collection: OwnedObjectPath = service.call("ReadAlias", &("default",)).await?;
    let collection = Proxy::new(
        desktop.bus(),
        destination,
        collection,
        "org.freedesktop.Secret.Collection",
    )
    .await?;
    let attributes = HashMap::from([("service", "test")]);
    let properties = HashMap::from([
        ("org.freedesktop.Secret.Item.Label", Variant::from("A test")),
        (
            "org.freedesktop.Secret.Item.Attributes",
            Variant::from(attributes),
        ),
    ]);
    let secret = (session, Vec::<u8>::new(), b"s3cret".to_vec(), "text/plain");
    let _: (OwnedObjectPath, OwnedObjectPath) = collection
        .call("CreateItem", &(properties, secret, true))
        .await?;
    Ok(())
}

#[tokio::test]
async fn a_session_can_be_without_a_keyring() -> Result<()> {
    let desktop = Desktop::with(Setup {
        keyring: false,
        ..Setup::default()
    })
    .await?;
    assert!(
        desktop.secrets().await.is_err(),
        "nobody answers for secrets"
    );
    Ok(())
}

#[tokio::test]
async fn a_page_is_filled_in_clicked_and_read() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("page.html");
    std::fs::write(
        &file,
        "<input data-testid=name><button data-testid=greet onclick=\"setTimeout(() => {
            const p = document.createElement('p'); p.dataset.testid = 'greeting';
            p.innerText = 'Hello ' + document.querySelector('input').value; document.body.append(p) }, 50)\">Greet</button>",
    )?;
    let url = format!("file://{}", file.display());
    let page = Page::chromium(folder.path(), &url, Scheme::Light).await?;
    page.fill("name", "Ana").await?;
    page.click("greet").await?;
    assert_eq!(page.text("greeting").await?, "Hello Ana");
    ensure!(
        !browsers_with(folder.path())?.is_empty(),
        "Chromium runs with a profile of its own"
    );
    drop(page);
    eventually("the end of Chromium", async || {
        let left = browsers_with(folder.path())?;
        ensure!(left.is_empty(), "processes {left:?} run still");
        Ok(())
    })
    .await
}

/// The processes that were started with something in this folder.
fn browsers_with(folder: &Path) -> Result<Vec<String>> {
    let folder = folder.display().to_string();
    let processes = std::fs::read_dir("/proc")?.flatten();
    let with_folder = processes.filter(|process| {
        let command = std::fs::read(process.path().join("cmdline")).unwrap_or_default();
        String::from_utf8_lossy(&command).contains(&folder)
    });
    Ok(with_folder
        .map(|process| process.file_name().to_string_lossy().into_owned())
        .collect())
}
