//! One socket from its hello to its end.

mod catch_up;
mod frame;
mod outcome;

use std::sync::Arc;

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket};
use deskbell_protocol::limits::{FEED_BAD_FRAMES, close_code};
use deskbell_protocol::{ClientFrame, ErrorCode, ServerFrame};
use tokio::time::{Duration, Instant, sleep_until, timeout};

use super::listener::Listener;
use super::queue::{Frame, Work};
use crate::app::App;
use crate::conversations::{Reader, Side};
use crate::failpoint::{Failpoint, failpoint};
use crate::identity::session::{self, Over, Session};
use crate::refusal::Refusal;
use outcome::End;

pub(super) use outcome::{aside, viewing};

/// How long the peer may take to answer our close.
const GOODBYE: Duration = Duration::from_secs(2);

impl super::Feed {
    /// What the rest of the server knows of a socket that is about to open.
    #[must_use]
    pub fn listener(&self, session: &Session) -> Arc<Listener> {
        let inner = &self.inner;
        let listener = Listener::new(
            inner.next_id(),
            session,
            inner.clock.now(),
            inner.steady_millis(),
        );
        Arc::new(listener)
    }
}

/// Serves the socket until either side ends it.
pub async fn listen(app: App, listener: Arc<Listener>, socket: WebSocket) {
    app.feed.inner.opened(&listener);
    let mut connection = Connection {
        app,
        listener,
        socket,
        sent_seq: 0,
        bad_frames: 0,
    };
    let end = match connection.run().await {
        Ok(never) => match never {},
        Err(end) => end,
    };
    Box::pin(connection.finish(end)).await;
}

struct Connection {
    app: App,
    listener: Arc<Listener>,
    socket: WebSocket,
    sent_seq: u64,
    bad_frames: u32,
}

/// A connection that runs ends in one way or another.
enum Never {}

impl Connection {
    async fn run(&mut self) -> Result<Never, End> {
        let cursor = self.hello().await?;
        Box::pin(self.begin(cursor)).await?;
        loop {
            while let Some(work) = self.listener.take() {
                self.work(work).await?;
            }
            tokio::select! {
                () = self.listener.wait() => {}
                message = self.socket.recv() => self.hear(message).await?,
            }
        }
    }

    /// Waits for the client's cursor. Nothing is told before it.
    async fn hello(&mut self) -> Result<Option<String>, End> {
        let deadline = Instant::now() + self.app.feed.inner.settings.hello;
        loop {
            while let Some(work) = self.listener.take() {
                self.work(work).await?;
            }
            let message = tokio::select! {
                () = self.listener.wait() => continue,
                () = sleep_until(deadline) => return Err(End::Close(close_code::NO_HELLO)),
                message = self.socket.recv() => message,
            };
            match self.parse(message).await? {
                Some(ClientFrame::Hello { cursor }) => return Ok(cursor),
                Some(_) => self.bad_frame("Say hello first.").await?,
                None => {}
            }
        }
    }

    async fn work(&mut self, work: Work) -> Result<(), End> {
        match work {
            Work::Close(code) => Err(End::Close(code)),
            Work::Recheck => Box::pin(self.recheck()).await,
            Work::Ping => self.ping().await,
            Work::Write(frame) => self.write(frame).await,
        }
    }

    /// Writes a frame, if the session still lives and the client does not have it already.
    async fn write(&mut self, frame: Frame) -> Result<(), End> {
        if self.listener.is_due(self.app.clock.now()) {
            Box::pin(self.recheck()).await?;
        }
        match frame {
            Frame::Event(seq, _) if seq <= self.sent_seq => Ok(()),
            Frame::Event(seq, text) => {
                self.send(Message::Text(text)).await?;
                self.sent_seq = seq;
                failpoint(Failpoint::DuringBroadcast);
                Ok(())
            }
            Frame::Aside(text) => self.send(Message::Text(text)).await,
        }
    }

    /// Asks for a sign of life; browsers, which answer pings unseen, get one as well.
    async fn ping(&mut self) -> Result<(), End> {
        self.send(Message::Ping(axum::body::Bytes::new())).await?;
        match self.listener.reader.side {
            Side::Technician => self.tell(&ServerFrame::Alive {}).await,
            Side::Requester => Ok(()),
        }
    }

    async fn send(&mut self, message: Message) -> Result<(), End> {
        let limit = self.app.feed.inner.settings.write;
        match timeout(limit, self.socket.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(End::Gone),
            Err(_) => Err(End::Close(close_code::SLOW)),
        }
    }

    async fn tell(&mut self, frame: &ServerFrame) -> Result<(), End> {
        let text = serde_json::to_string(frame).map_err(|_| End::Gone)?;
        self.send(Message::Text(text.into())).await
    }

    async fn hear(&mut self, message: Option<Result<Message, axum::Error>>) -> Result<(), End> {
        match self.parse(message).await? {
            Some(ClientFrame::Hello { .. }) => self.bad_frame("Say hello only once.").await,
            Some(frame) => Box::pin(self.obey(frame)).await,
            None => Ok(()),
        }
    }

    /// What the client said; nothing for a ping, a pong, or what was not understood.
    async fn parse(
        &mut self,
        message: Option<Result<Message, axum::Error>>,
    ) -> Result<Option<ClientFrame>, End> {
        self.listener.heard(self.app.feed.inner.steady_millis());
        match message {
            Some(Ok(Message::Text(text))) => match serde_json::from_str(&text) {
                Ok(frame) => Ok(Some(frame)),
                Err(_) => self
                    .bad_frame("This frame was not understood.")
                    .await
                    .map(|()| None),
            },
            Some(Ok(Message::Binary(_))) => self
                .bad_frame("Send text, not binary.")
                .await
                .map(|()| None),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(None),
            Some(Ok(Message::Close(_))) | None => Err(End::Gone),
            // Too large, or no websocket any more: nothing after it can be trusted.
            Some(Err(_)) => Err(End::Close(close_code::BAD_FRAMES)),
        }
    }

    async fn bad_frame(&mut self, detail: &str) -> Result<(), End> {
        self.bad_frames += 1;
        if self.bad_frames >= FEED_BAD_FRAMES {
            return Err(End::Close(close_code::BAD_FRAMES));
        }
        self.refuse(&Refusal::new(ErrorCode::BadRequest, detail))
            .await
    }

    async fn refuse(&mut self, refusal: &Refusal) -> Result<(), End> {
        self.tell(&ServerFrame::Error {
            problem: refusal.problem().clone(),
        })
        .await
    }

    /// Looks whether the session lives, and with the same role.
    async fn recheck(&mut self) -> Result<(), End> {
        let now = self.app.clock.now();
        let session = match session::by_id(&self.app.store, self.listener.session_id, now).await {
            Ok(Ok(session)) => session,
            Ok(Err(Over::Expired)) => return Err(End::Close(close_code::SESSION_EXPIRED)),
            Ok(Err(Over::Ended | Over::Unknown)) => {
                return Err(End::Close(close_code::SESSION_ENDED));
            }
            Err(error) => {
                tracing::warn!(%error, "cannot look at a session");
                return Ok(());
            }
        };
        if Reader::of(&session).side != self.listener.reader.side {
            return Err(End::Close(close_code::RESTART));
        }
        self.listener.looked_at(&session, now);
        if self.listener.reader.side == Side::Requester {
            self.used(&session).await;
        }
        Ok(())
    }

    async fn used(&mut self, session: &Session) {
        if let Err(error) = session::touch(&self.app, session, None).await {
            tracing::warn!(%error, "cannot write down that a session is used");
        }
    }

    /// Says goodbye and waits a moment for the answer, so that what was sent before arrives.
    async fn finish(mut self, end: End) {
        if let End::Close(code) = end {
            let frame = CloseFrame {
                code,
                reason: Utf8Bytes::from_static(""),
            };
            if self.send(Message::Close(Some(frame))).await.is_err() {
                return;
            }
        }
        let _ = timeout(GOODBYE, async {
            while let Some(Ok(_)) = self.socket.recv().await {}
        })
        .await;
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        let inner = &self.app.feed.inner;
        inner.look(&self.listener, None);
        inner.closed(&self.listener);
    }
}
