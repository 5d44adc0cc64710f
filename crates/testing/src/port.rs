//! Loopback ports that no other test of this machine takes meanwhile.

use std::{
    fs::{self, File},
    net::{Ipv4Addr, SocketAddr, TcpListener},
};

use anyhow::{Context, Result, bail};

/// Below the range the kernel hands out for outgoing connections.
const FIRST: u16 = 20_000;
const COUNT: u16 = 12_000;

/// A free port of 127.0.0.1, kept for this value's life by a locked file.
#[derive(Debug)]
pub struct Port {
    number: u16,
    _lock: File,
}

impl Port {
    /// Takes a port that nobody listens on and no other test holds.
    ///
    /// # Errors
    /// When the folder for the locks cannot be written, or a thousand tries found no free port.
    pub fn take() -> Result<Self> {
        let folder = std::env::temp_dir().join("deskbell-ports");
        fs::create_dir_all(&folder).with_context(|| format!("creating {}", folder.display()))?;
        for _ in 0..1000 {
            let number = FIRST + random_below(COUNT)?;
            let lock = File::options()
                .create(true)
                .truncate(false)
                .write(true)
                .open(folder.join(number.to_string()))?;
            let free = TcpListener::bind((Ipv4Addr::LOCALHOST, number)).is_ok();
            if free && lock.try_lock().is_ok() {
                return Ok(Self {
                    number,
                    _lock: lock,
                });
            }
        }
        bail!("no free port between {FIRST} and {}", FIRST + COUNT)
    }

    /// Its number.
    #[must_use]
    pub const fn number(&self) -> u16 {
        self.number
    }

    /// Its address on 127.0.0.1.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.number).into()
    }

    /// Somebody listens on it.
    ///
    /// # Errors
    /// When nobody does.
    pub async fn answers(&self) -> Result<()> {
        tokio::net::TcpStream::connect(self.address())
            .await
            .with_context(|| format!("nobody listens on {}", self.address()))?;
        Ok(())
    }
}

fn random_below(bound: u16) -> Result<u16> {
    let random = getrandom::u32().context("the system's random numbers")?;
    Ok(u16::try_from(random % u32::from(bound)).unwrap_or_default())
}
