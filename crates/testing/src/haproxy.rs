//! A real HAProxy with the configuration that operators are given, between clients and servers.

use std::fs;
use std::net::SocketAddr;

use anyhow::{Result, ensure};
use tempfile::TempDir;

use crate::{
    folder::open_folder,
    port::Port,
    process::{Process, Program},
};

const GIVEN: &str = include_str!("../../../packaging/server/haproxy.cfg");
const MANY: &str = "maxconn 20000";
const BIND: &str = "bind :443 ssl crt /etc/haproxy/deskbell.pem";

/// A running HAProxy.
#[derive(Debug)]
pub struct Haproxy {
    _process: Process,
    port: Port,
    _folder: TempDir,
}

impl Haproxy {
    /// Starts one before these servers. Of the given configuration only addresses differ, that it
    /// speaks HTTP without TLS, and that fewer may connect than root could let in.
    ///
    /// # Errors
    /// When it is not installed or does not start.
    pub async fn start(servers: &[SocketAddr]) -> Result<Self> {
        let (port, folder) = (Port::take()?, open_folder()?);
        let settings = configuration(port.address(), servers)?;
        fs::write(folder.path().join("haproxy.cfg"), settings)?;
        let mut process = Program::new("/usr/sbin/haproxy", folder.path())
            .args(["-db", "-f", "haproxy.cfg"])
            .unprivileged()
            .start()?;
        process
            .ready("HAProxy to listen", async || port.answers().await)
            .await?;
        Ok(Self {
            _process: process,
            port,
            _folder: folder,
        })
    }

    /// Its address, `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.port.address())
    }
}

fn configuration(own: SocketAddr, servers: &[SocketAddr]) -> Result<String> {
    ensure!(GIVEN.contains(BIND), "the configuration binds elsewhere");
    let (examples, rest): (Vec<&str>, Vec<&str>) = GIVEN
        .lines()
        .partition(|line| line.trim_start().starts_with("server "));
    ensure!(!examples.is_empty(), "the configuration names no servers");
    let named = servers.iter().enumerate();
    let named = named.map(|(n, address)| format!("    server node{n} {address} check\n"));
    let servers: String = named.collect();
    let rest = rest.join("\n").replace(BIND, &format!("bind {own}"));
    let rest = rest.replace(MANY, "maxconn 400");
    Ok(format!("{rest}\n{servers}"))
}
