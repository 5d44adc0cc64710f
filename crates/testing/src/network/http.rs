//! Whole HTTP/1.1 messages from a stream.

use std::io;

use tokio::io::AsyncReadExt;
use tokio::net::tcp::OwnedReadHalf;

/// A request or an answer.
pub struct Message {
    /// The start line and the headers.
    pub head: String,
    /// All of it.
    pub bytes: Vec<u8>,
}

impl Message {
    /// It asks for a websocket.
    pub fn upgrades(&self) -> bool {
        header(&self.head, "upgrade").is_some()
    }

    /// The same request without the headers that ask for a websocket. Such a request has no body.
    pub fn strip_upgrade(&mut self) {
        let asks = |line: &&str| {
            let name = line.split(':').next().unwrap_or_default();
            !["upgrade", "connection"].contains(&name.to_ascii_lowercase().as_str())
        };
        let kept: Vec<&str> = self.head.split("\r\n").filter(asks).collect();
        self.head = kept.join("\r\n");
        self.bytes = self.head.clone().into_bytes();
    }
}

/// A stream, and what has been read of it already.
pub struct Reader {
    stream: OwnedReadHalf,
    ahead: Vec<u8>,
}

impl Reader {
    /// From the beginning.
    pub fn new(stream: OwnedReadHalf) -> Self {
        Self {
            stream,
            ahead: vec![],
        }
    }

    /// The next message; none when the stream ends.
    pub async fn message(&mut self) -> io::Result<Option<Message>> {
        let end = loop {
            if let Some(at) = find(&self.ahead, b"\r\n\r\n") {
                break at + 4;
            }
            if !self.more().await? {
                return Ok(None);
            }
        };
        let head = String::from_utf8_lossy(self.ahead.get(..end).unwrap_or_default()).into_owned();
        let length = match header(&head, "content-length")
            .and_then(|text| text.parse::<usize>().ok())
        {
            Some(length) => end + length,
            None if header(&head, "transfer-encoding").is_some() => self.chunks_end(end).await?,
            None => end,
        };
        while self.ahead.len() < length {
            if !self.more().await? {
                return Ok(None);
            }
        }
        let bytes = self.ahead.drain(..length).collect();
        Ok(Some(Message { head, bytes }))
    }

    /// Whatever comes next; none when the stream ends.
    pub async fn some(&mut self) -> io::Result<Option<Vec<u8>>> {
        if self.ahead.is_empty() && !self.more().await? {
            return Ok(None);
        }
        Ok(Some(std::mem::take(&mut self.ahead)))
    }

    /// Exactly so many bytes; none when the stream ends before.
    pub async fn exactly(&mut self, count: usize) -> io::Result<Option<Vec<u8>>> {
        while self.ahead.len() < count {
            if !self.more().await? {
                return Ok(None);
            }
        }
        Ok(Some(self.ahead.drain(..count).collect()))
    }

    async fn chunks_end(&mut self, from: usize) -> io::Result<usize> {
        loop {
            let rest = self.ahead.get(from..).unwrap_or_default();
            if rest.starts_with(b"0\r\n\r\n") {
                return Ok(from + 5);
            }
            if let Some(at) = find(rest, b"\r\n0\r\n\r\n") {
                return Ok(from + at + 7);
            }
            if !self.more().await? {
                return Ok(self.ahead.len());
            }
        }
    }

    async fn more(&mut self) -> io::Result<bool> {
        Ok(self.stream.read_buf(&mut self.ahead).await? > 0)
    }
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().skip(1).find_map(|line| {
        let (key, value) = line.split_once(':')?;
        key.eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

fn find(bytes: &[u8], part: &[u8]) -> Option<usize> {
    bytes.windows(part.len()).position(|window| window == part)
}
