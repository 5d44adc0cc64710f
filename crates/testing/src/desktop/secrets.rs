//! gnome-keyring, and what it keeps (the Secret Service API).

use std::collections::HashMap;

use anyhow::{Result, bail};
use zbus::{
    Connection, Proxy,
    wire::{OwnedObjectPath, OwnedVariant, Variant},
};

use super::{KEYRING_PASSWORD, owned};
use crate::{
    process::{Process, Program},
    wait::eventually,
};

const SERVICE: &str = "org.freedesktop.secrets";

/// A kept secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Secret {
    /// What it is called.
    pub label: String,
    /// What it is found by.
    pub attributes: HashMap<String, String>,
    /// The secret itself.
    pub secret: Vec<u8>,
}

/// Starts the keyring, unlocked, and waits until it has a collection that keeps.
pub async fn start(program: Program, connection: &Connection) -> Result<Process> {
    let keyring = program
        .args(["--foreground", "--unlock", "--components=secrets"])
        .input(KEYRING_PASSWORD)
        .start()?;
    owned(connection, SERVICE).await?;
    let service = service(connection).await?;
    eventually("the keyring's default collection", async || {
        let collection: OwnedObjectPath = service.call("ReadAlias", &("default",)).await?;
        if collection.as_str() == "/" {
            bail!("there is none")
        }
        Ok(())
    })
    .await?;
    Ok(keyring)
}

/// Everything in it.
pub async fn all(connection: &Connection) -> Result<Vec<Secret>> {
    let service = service(connection).await?;
    let (_, session): (OwnedVariant, OwnedObjectPath) = service
        .call("OpenSession", &("plain", Variant::from("")))
        .await?;
    let nothing: HashMap<&str, &str> = HashMap::new();
    let (unlocked, _locked): (Vec<OwnedObjectPath>, Vec<OwnedObjectPath>) =
        service.call("SearchItems", &(nothing,)).await?;
    let mut secrets = Vec::new();
    for path in unlocked {
        let item = Proxy::new(connection, SERVICE, path, "org.freedesktop.Secret.Item").await?;
        let (secret,): ((OwnedObjectPath, Vec<u8>, Vec<u8>, String),) =
            item.call("GetSecret", &(&session,)).await?;
        secrets.push(Secret {
            label: item.get_property("Label").await?,
            attributes: item.get_property("Attributes").await?,
            secret: secret.2,
        });
    }
    Ok(secrets)
}

async fn service(connection: &Connection) -> Result<Proxy<'static>> {
    Ok(Proxy::new(
        connection,
        SERVICE,
        "/org/freedesktop/secrets",
        "org.freedesktop.Secret.Service",
    )
    .await?)
}
