//! A websocket to a server's feed, frame by frame.

use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use deskbell_protocol::{ClientFrame, Event, ServerFrame};
use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Error;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::{HeaderName, HeaderValue, Response};
use tokio_tungstenite::{WebSocketStream, client_async};

pub use tokio_tungstenite::tungstenite::Message;

use crate::caller::Caller;

/// How long a frame that must come may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// An open feed.
pub struct TestFeed {
    socket: WebSocketStream<TcpStream>,
    /// The cursor after the newest frame.
    pub cursor: String,
}

/// An event as it came, with its number.
pub type Numbered = (u64, Event);

/// What a handshake came to: the feed, or the HTTP answer that refused it.
pub type Handshake = Result<(TestFeed, Response<()>), Response<Vec<u8>>>;

impl TestFeed {
    /// Tries the handshake with exactly the caller's headers.
    ///
    /// # Errors
    /// When the server does not answer at all.
    pub async fn shake(caller: &Caller) -> Result<Handshake> {
        let address = caller.url().trim_start_matches("http://").to_owned();
        let mut request = format!("ws://{address}/v1/feed").into_client_request()?;
        for (name, value) in caller.headers() {
            let name: HeaderName = name.parse()?;
            request
                .headers_mut()
                .insert(name, HeaderValue::from_str(value)?);
        }
        let stream = TcpStream::connect(&address).await?;
        match client_async(request, stream).await {
            Ok((socket, response)) => {
                let feed = Self {
                    socket,
                    cursor: String::new(),
                };
                Ok(Ok((feed, response.map(|_| ()))))
            }
            Err(Error::Http(response)) => Ok(Err(response.map(|body| body.unwrap_or_default()))),
            Err(error) => Err(error.into()),
        }
    }

    /// Opens the feed without saying hello.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn silent(caller: &Caller) -> Result<Self> {
        match Self::shake(caller).await? {
            Ok((feed, _)) => Ok(feed),
            Err(response) => bail!("the feed was refused: {}", response.status()),
        }
    }

    /// Opens the feed from now on.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn open(caller: &Caller) -> Result<Self> {
        let mut feed = Self::silent(caller).await?;
        match feed.hello(None).await? {
            ServerFrame::Hello { .. } => Ok(feed),
            other => Err(anyhow!("no hello but {other:?}")),
        }
    }

    /// Opens the feed where this cursor ends.
    ///
    /// # Errors
    /// When the server refuses, or wants the client to load everything anew.
    pub async fn resume(caller: &Caller, cursor: &str) -> Result<Self> {
        let mut feed = Self::silent(caller).await?;
        match feed.hello(Some(cursor)).await? {
            ServerFrame::Hello { .. } => Ok(feed),
            other => Err(anyhow!("no hello but {other:?}")),
        }
    }

    /// Says hello and gives the answer.
    ///
    /// # Errors
    /// When none comes.
    pub async fn hello(&mut self, cursor: Option<&str>) -> Result<ServerFrame> {
        self.say(&ClientFrame::Hello {
            cursor: cursor.map(str::to_owned),
        })
        .await?;
        self.frame().await
    }

    /// Sends a frame.
    ///
    /// # Errors
    /// When the socket is closed.
    pub async fn say(&mut self, frame: &ClientFrame) -> Result<()> {
        self.say_raw(Message::text(serde_json::to_string(frame)?))
            .await
    }

    /// Sends anything.
    ///
    /// # Errors
    /// When the socket is closed.
    pub async fn say_raw(&mut self, message: Message) -> Result<()> {
        Ok(self.socket.send(message).await?)
    }

    /// The next frame.
    ///
    /// # Errors
    /// When the socket is closed instead, or none comes.
    pub async fn frame(&mut self) -> Result<ServerFrame> {
        loop {
            match self.message().await? {
                Message::Text(text) => return self.read(&text),
                Message::Close(close) => bail!("the server closed the feed: {close:?}"),
                _ => {}
            }
        }
    }

    /// Reads a frame's text, and remembers where it stands.
    ///
    /// # Errors
    /// When it is no frame.
    pub fn read(&mut self, text: &str) -> Result<ServerFrame> {
        let frame = serde_json::from_str(text)?;
        self.remember(&frame);
        Ok(frame)
    }

    /// The next message of any kind, however long it takes.
    ///
    /// # Errors
    /// When the connection is gone.
    pub async fn any_message(&mut self) -> Result<Message> {
        Ok(self
            .socket
            .next()
            .await
            .context("the connection is gone")??)
    }

    fn remember(&mut self, frame: &ServerFrame) {
        if let ServerFrame::Hello { cursor, .. }
        | ServerFrame::Resync { cursor, .. }
        | ServerFrame::Event { cursor, .. } = frame
        {
            self.cursor.clone_from(cursor);
        }
    }

    /// The next event; frames that are none are passed over.
    ///
    /// # Errors
    /// When the socket is closed instead, or none comes.
    pub async fn event(&mut self) -> Result<Numbered> {
        loop {
            if let ServerFrame::Event { seq, event, .. } = self.frame().await? {
                return Ok((seq, event));
            }
        }
    }

    /// The next so many events.
    ///
    /// # Errors
    /// When the socket is closed before.
    pub async fn events(&mut self, count: usize) -> Result<Vec<Numbered>> {
        let mut events = Vec::with_capacity(count);
        while events.len() < count {
            let next = self.event().await;
            events.push(next.with_context(|| format!("after {events:?}"))?);
        }
        Ok(events)
    }

    /// Waits for the server to close the feed and gives its code; frames before it are passed over.
    ///
    /// # Errors
    /// When it does not close, or closes without a code.
    pub async fn close_code(&mut self) -> Result<u16> {
        loop {
            if let Message::Close(close) = self.message().await? {
                return Ok(close.context("closed without a code")?.code.into());
            }
        }
    }

    /// Like [`Self::close_code`], when nothing at all may come before.
    ///
    /// # Errors
    /// When something else comes first.
    pub async fn first_close_code(&mut self) -> Result<u16> {
        match self.message().await? {
            Message::Close(close) => Ok(close.context("closed without a code")?.code.into()),
            other => Err(anyhow!("first came {other:?}")),
        }
    }

    async fn message(&mut self) -> Result<Message> {
        let next = timeout(PATIENCE, self.socket.next()).await;
        let next = next.context("the server says nothing")?;
        Ok(next.context("the connection is gone")??)
    }

    /// Whether nothing more than signs of life has come by the time the server has answered a ping
    /// sent now.
    ///
    /// # Errors
    /// When the socket is closed.
    pub async fn is_quiet(&mut self) -> Result<bool> {
        self.socket.send(Message::Ping("quiet?".into())).await?;
        loop {
            match self.message().await? {
                Message::Pong(_) => return Ok(true),
                Message::Ping(_) => {}
                Message::Text(text) if is_alive(&text) => {}
                _ => return Ok(false),
            }
        }
    }
}

fn is_alive(text: &str) -> bool {
    matches!(serde_json::from_str(text), Ok(ServerFrame::Alive {}))
}
