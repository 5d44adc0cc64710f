//! The SMS centre: Kannel tells it every message in a line, `sender receiver kind text`.

use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Result;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    net::TcpStream,
    task::JoinHandle,
};

use crate::port::Port;

/// A text message that reached the centre.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// The number it is for.
    pub to: String,
    /// What it says.
    pub text: String,
}

/// The centre's end of the connection.
#[derive(Debug)]
pub struct Centre {
    received: Arc<Mutex<Vec<Text>>>,
    listening: JoinHandle<()>,
}

impl Centre {
    /// Connects to bearerbox.
    pub async fn connect(port: &Port) -> Result<Self> {
        let stream = TcpStream::connect(port.address()).await?;
        let received = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&received);
        let listening = tokio::spawn(async move {
            let mut lines = BufReader::new(stream).lines();
            while let Ok(Some(line)) = lines.next_line().await {
                kept.lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .extend(parse(&line));
            }
        });
        Ok(Self {
            received,
            listening,
        })
    }

    /// Everything so far, oldest first.
    pub fn received(&self) -> Vec<Text> {
        self.received
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Drop for Centre {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

fn parse(line: &str) -> Option<Text> {
    let mut words = line.splitn(4, ' ');
    let (_from, to, _kind) = (words.next()?, words.next()?, words.next()?);
    Some(Text {
        to: to.to_owned(),
        text: words.next()?.to_owned(),
    })
}
