//! After the hello: bringing the client to where its feed is, without a hole, and then live.

use deskbell_protocol::ServerFrame;
use deskbell_protocol::limits::close_code;

use super::Connection;
use super::outcome::{End, viewing};
use crate::conversations::Side;
use crate::feed::cursor::Cursor;
use crate::feed::hub::Joined;
use crate::feed::position::{Start, position};
use crate::feed::wake::{BATCH, frame, start};
use crate::feed::{hydrate, queue::Frame};

impl Connection {
    /// Answers the hello, tells everything after the cursor, and goes live.
    pub(super) async fn begin(&mut self, cursor: Option<String>) -> Result<(), End> {
        // What was ended between the handshake and now found nobody to close.
        self.recheck().await?;
        let feed = self.listener.reader.feed();
        let position = position(&self.app.store, feed)
            .await
            .map_err(|error| lost(&error))?;
        let epoch = self.app.store.epoch().to_owned();
        let server_time = self.app.clock.now();
        let place = |seq| Cursor { epoch: &epoch, seq }.to_string();
        let (seq, frame) = match cursor.map(|cursor| position.start(&epoch, &cursor)) {
            None => {
                let cursor = place(position.newest);
                (
                    position.newest,
                    ServerFrame::Hello {
                        cursor,
                        server_time,
                    },
                )
            }
            Some(Start::Resume(seq)) => (
                seq,
                ServerFrame::Hello {
                    cursor: place(seq),
                    server_time,
                },
            ),
            Some(Start::Anew(seq)) => (
                seq,
                ServerFrame::Resync {
                    cursor: place(seq),
                    server_time,
                },
            ),
        };
        self.tell(&frame).await?;
        self.sent_seq = seq;
        self.catch_up().await?;
        self.tell_onlookers().await
    }

    async fn catch_up(&mut self) -> Result<(), End> {
        let feed = self.listener.reader.feed();
        loop {
            let inner = self.app.feed.inner.clone();
            let events = hydrate::events(&inner.store, feed, self.sent_seq, BATCH);
            let events = events.await.map_err(|error| lost(&error))?;
            if events
                .first()
                .is_some_and(|event| event.seq != self.sent_seq + 1)
            {
                // Removed while the client was catching up: it comes again and loads anew.
                return Err(End::Close(close_code::RESTART));
            }
            let full = events.len() >= BATCH as usize;
            for event in events {
                self.write_stored(frame(&inner, event).ok_or(End::Gone)?)
                    .await?;
            }
            if full {
                continue;
            }
            match inner.hub.join(&self.listener, self.sent_seq) {
                Joined::Live { pump } => {
                    if pump {
                        start(&inner, feed);
                    }
                    return Ok(());
                }
                Joined::Behind => {}
            }
        }
    }

    async fn write_stored(&mut self, frame: Frame) -> Result<(), End> {
        // The queue is empty until we are live: it can only ask for the end.
        if self.listener.is_closing()
            && let Some(work) = self.listener.take()
        {
            self.work(work).await?;
        }
        self.write(frame).await
    }

    async fn tell_onlookers(&mut self) -> Result<(), End> {
        if self.listener.reader.side == Side::Requester {
            return Ok(());
        }
        let inner = self.app.feed.inner.clone();
        for conversation in inner.presence.looked_at() {
            if let Some(frame) = viewing(&inner, conversation) {
                self.write(frame).await?;
            }
        }
        Ok(())
    }
}

/// The feed cannot be read now: the client shall come again.
fn lost(error: &crate::store::Error) -> End {
    tracing::error!(%error, "cannot read a feed");
    End::Close(close_code::RESTART)
}
