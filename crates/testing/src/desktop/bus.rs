//! A session bus that starts nothing by itself.

use std::{fs, path::Path};

use anyhow::{Context, Result};
use zbus::{Connection, connection};

use crate::process::{Process, Program};

/// Starts it; its socket is in the folder. Gives its address too.
pub async fn start(folder: &Path) -> Result<(Process, String)> {
    let address = format!("unix:path={}", folder.join("bus").display());
    let settings = folder.join("bus.conf");
    fs::write(&settings, configuration(&address))?;
    let mut bus = Program::new("dbus-daemon", folder)
        .arg("--nofork")
        .arg(format!("--config-file={}", settings.display()))
        .start()?;
    bus.ready("the session bus", async || {
        connect(&address).await.map(drop)
    })
    .await?;
    Ok((bus, address))
}

/// A connection of its own.
pub async fn connect(address: &str) -> Result<Connection> {
    connection::Builder::address(address)
        .build()
        .await
        .with_context(|| format!("connecting to {address}"))
}

fn configuration(address: &str) -> String {
    format!(
        "<busconfig>
  <type>session</type>
  <listen>{address}</listen>
  <auth>EXTERNAL</auth>
  <policy context=\"default\">
    <allow send_destination=\"*\" eavesdrop=\"true\"/>
    <allow eavesdrop=\"true\"/>
    <allow own=\"*\"/>
  </policy>
</busconfig>
"
    )
}
