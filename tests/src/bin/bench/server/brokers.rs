//! Two message brokers, spoken to in as few bytes as their protocols take.

use anyhow::{Context, Result, ensure};
use deskbell_testing::{
    folder::open_folder,
    port::Port,
    process::{Process, Program},
};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

const TOPIC: &str = "replies";

/// `nats-server`.
pub struct Nats {
    broker: Broker,
}

/// `mosquitto`.
pub struct Mosquitto {
    broker: Broker,
}

/// A broker that listens.
struct Broker {
    _process: Process,
    port: Port,
    _folder: TempDir,
}

impl Broker {
    async fn start(
        name: &str,
        arguments: impl Fn(&Port, &TempDir) -> Result<Vec<String>>,
    ) -> Result<Self> {
        let (folder, port) = (open_folder()?, Port::take()?);
        let path = ["/usr/sbin", "/usr/bin"].map(|folder| std::path::Path::new(folder).join(name));
        let path = path.into_iter().find(|path| path.exists());
        let program = Program::new(path.context("not installed")?, folder.path());
        let mut process = program.args(arguments(&port, &folder)?).start()?;
        process.ready(name, async || port.answers().await).await?;
        Ok(Self {
            _process: process,
            port,
            _folder: folder,
        })
    }

    /// Connects, says all of this, and waits until the last answer ends like this.
    async fn connect(&self, words: &[u8], answer: &[u8]) -> Result<TcpStream> {
        let mut stream = TcpStream::connect(self.port.address()).await?;
        stream.set_nodelay(true)?;
        stream.write_all(words).await?;
        let mut heard = Vec::new();
        while !heard.ends_with(answer) {
            let read = stream.read_buf(&mut heard).await?;
            ensure!(read > 0, "refused: {}", String::from_utf8_lossy(&heard));
        }
        Ok(stream)
    }
}

impl Nats {
    /// Starts it.
    pub async fn start() -> Result<Self> {
        let broker = Broker::start("nats-server", |port, _| {
            let port = port.number().to_string();
            Ok(["-a", "127.0.0.1", "-p", &port].map(str::to_owned).into())
        });
        Ok(Self {
            broker: broker.await?,
        })
    }

    /// Somebody who hears what is published.
    pub async fn subscribe(&self) -> Result<TcpStream> {
        let words = format!("CONNECT {{\"verbose\":false}}\r\nSUB {TOPIC} 1\r\nPING\r\n");
        self.broker.connect(words.as_bytes(), b"PONG\r\n").await
    }

    /// Somebody who publishes.
    pub async fn publisher(&self) -> Result<Publisher> {
        let words = b"CONNECT {\"verbose\":false}\r\nPING\r\n";
        let stream = self.broker.connect(words, b"PONG\r\n").await?;
        Ok(Publisher {
            stream,
            packet: |text| Ok(format!("PUB {TOPIC} {}\r\n{text}\r\n", text.len()).into_bytes()),
        })
    }
}

impl Mosquitto {
    /// Starts it.
    pub async fn start() -> Result<Self> {
        let broker = Broker::start("mosquitto", |port, folder| {
            let file = folder.path().join("mosquitto.conf");
            let listener = format!("listener {} 127.0.0.1", port.number());
            std::fs::write(&file, format!("{listener}\nallow_anonymous true\n"))?;
            Ok(vec!["-c".to_owned(), file.display().to_string()])
        });
        Ok(Self {
            broker: broker.await?,
        })
    }

    /// Somebody who hears what is published.
    pub async fn subscribe(&self, number: usize) -> Result<TcpStream> {
        let mut words = hello(&format!("subscriber-{number}"))?;
        // The packet's number, the topic, at most once.
        let wish = [&[0, 1], text(TOPIC)?.as_slice(), &[0]].concat();
        words.extend(packet(0x82, &wish)?);
        self.broker.connect(&words, &[0x90, 3, 0, 1, 0]).await
    }

    /// Somebody who publishes.
    pub async fn publisher(&self) -> Result<Publisher> {
        let words = hello("publisher")?;
        let stream = self.broker.connect(&words, &[0x20, 2, 0, 0]).await?;
        Ok(Publisher {
            stream,
            packet: |words| packet(0x30, &[text(TOPIC)?.as_slice(), words.as_bytes()].concat()),
        })
    }
}

/// A connection that publishes.
pub struct Publisher {
    stream: TcpStream,
    packet: fn(&str) -> Result<Vec<u8>>,
}

impl Publisher {
    /// Publishes this.
    pub async fn publish(&mut self, text: &str) -> Result<()> {
        Ok(self.stream.write_all(&(self.packet)(text)?).await?)
    }
}

/// MQTT 3.1.1's first packet: a clean session, alive for ten minutes.
fn hello(name: &str) -> Result<Vec<u8>> {
    let head = [text("MQTT")?.as_slice(), &[4, 2], &600_u16.to_be_bytes()].concat();
    packet(0x10, &[head, text(name)?].concat())
}

/// Text with its length before it.
fn text(text: &str) -> Result<Vec<u8>> {
    let length = u16::try_from(text.len())?.to_be_bytes();
    Ok([&length, text.as_bytes()].concat())
}

/// A packet with its length in groups of seven bits.
fn packet(kind: u8, body: &[u8]) -> Result<Vec<u8>> {
    let (mut length, mut packet) = (body.len(), vec![kind]);
    loop {
        let group = u8::try_from(length % 128)?;
        length /= 128;
        packet.push(if length > 0 { group | 128 } else { group });
        if length == 0 {
            break;
        }
    }
    packet.extend(body);
    Ok(packet)
}
