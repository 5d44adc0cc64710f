//! Hearing the server without a websocket: it is asked what has changed, and the websocket is tried
//! again now and then.

use deskbell_protocol::{Sync, Timestamp};
use tokio::sync::mpsc;
use tokio::time::{Duration, Instant, sleep_until};

use super::order::{Admission, Order};
use super::way::{self, Way};
use super::{Listener, Loss, News, Position, Wish, handshake};
use crate::api::{ApiError, Authorized};

/// Asks one server.
pub(super) struct Asker {
    server: Authorized,
    news: mpsc::Sender<News>,
    wishes: mpsc::UnboundedReceiver<Wish>,
    /// Where it stands.
    position: Position,
    order: Order,
    /// The server's clock, when it last told.
    server_time: Timestamp,
    /// Something last happened.
    stirred_at: Instant,
    ask_at: Instant,
    socket_at: Instant,
    /// Websockets tried in vain.
    tries: u32,
    live: bool,
}

impl Asker {
    pub fn new(
        server: Authorized,
        position: Position,
        news: mpsc::Sender<News>,
        wishes: mpsc::UnboundedReceiver<Wish>,
    ) -> Self {
        let mut order = Order::default();
        order.start(position.seq);
        let now = Instant::now();
        Self {
            server_time: server.server_time(),
            server,
            news,
            wishes,
            position,
            order,
            stirred_at: now,
            ask_at: now,
            socket_at: now + way::socket_again(0),
            tries: 0,
            live: false,
        }
    }

    /// Asks until the server is no longer heard, or the websocket has carried the feed and ended.
    pub async fn run(mut self) -> Loss {
        loop {
            let done = tokio::select! {
                biased;
                wish = self.wishes.recv() => match wish {
                    Some(wish) => self.wished(&wish),
                    None => Err(Loss::Dropped),
                },
                () = sleep_until(self.ask_at) => self.ask().await,
                () = sleep_until(self.socket_at) => self.try_socket().await,
            };
            if let Err(loss) = done {
                return loss;
            }
        }
    }

    fn wished(&mut self, wish: &Wish) -> Result<(), Loss> {
        let now = Instant::now();
        self.stirred_at = now;
        match wish {
            // Both are told by the websocket only; what is read is a call of its own.
            Wish::Send(_) => {}
            Wish::Ask => self.ask_at = now,
            Wish::ProveLife => {
                self.ask_at = now;
                // After the answer: first what has changed, then how it will be heard.
                self.socket_at = now + Duration::from_millis(1);
            }
        }
        Ok(())
    }

    /// Everything that has changed by now.
    async fn ask(&mut self) -> Result<(), Loss> {
        let mut wish = None;
        loop {
            match self.server.sync(self.position.cursor.as_deref()).await {
                Ok(sync) => {
                    if !self.take(sync).await? {
                        break;
                    }
                }
                Err(ApiError::Refused(refusal)) if refusal.status == 429 && self.live => {
                    wish = refusal.retry_after();
                    break;
                }
                Err(error) => return Err(Loss::from_error(error)),
            }
        }
        let pause = way::pause(self.stirred_at.elapsed());
        self.ask_at = Instant::now() + pause.max(wish.unwrap_or_default());
        Ok(())
    }

    /// Tells what an answer brought, and whether there is more.
    async fn take(&mut self, sync: Sync) -> Result<bool, Loss> {
        if sync.resync || self.position.cursor.is_none() {
            self.order.start(None);
            self.position = Position {
                cursor: Some(sync.cursor.clone()),
                seq: None,
            };
            self.tell_live(sync.cursor, true).await?;
            return Ok(sync.more);
        }
        let before = self.position.cursor.clone().unwrap_or_default();
        if !self.live {
            self.tell_live(before.clone(), false).await?;
        }
        let last = sync.events.last().map(|event| event.seq);
        for event in sync.events {
            match self.order.admit(event.seq) {
                Admission::Next => {}
                Admission::Duplicate => continue,
                Admission::Gap => return Err(Loss::Gap),
            }
            self.stirred_at = Instant::now();
            // Only the last event has a cursor. Resumed before it, those in between are known by number.
            let cursor = if Some(event.seq) == last {
                sync.cursor.clone()
            } else {
                before.clone()
            };
            self.position.seq = Some(event.seq);
            let (seq, event) = (event.seq, Box::new(event.event));
            self.tell(News::Event { seq, cursor, event }).await?;
        }
        self.position.cursor = Some(sync.cursor);
        Ok(sync.more)
    }

    async fn tell_live(&mut self, cursor: String, load_anew: bool) -> Result<(), Loss> {
        self.live = true;
        let server_time = self.server_time;
        self.tell(News::Live {
            cursor,
            server_time,
            load_anew,
            way: Way::Asking,
        })
        .await
    }

    async fn tell(&self, news: News) -> Result<(), Loss> {
        self.news.send(news).await.map_err(|_| Loss::Dropped)
    }

    /// One more try with the websocket. What it hears begins where the last answer ended.
    async fn try_socket(&mut self) -> Result<(), Loss> {
        self.tries = self.tries.saturating_add(1);
        self.socket_at = Instant::now() + way::socket_again(self.tries);
        let socket = match handshake::open(&self.server).await {
            Ok(socket) => socket,
            Err(error) if error.session_over().is_some() => return Err(Loss::from_error(error)),
            Err(_) => return Ok(()),
        };
        let mut listener = Listener::new(socket, self.news.clone());
        let loss = listener.listen(&self.position, &mut self.wishes).await;
        match loss {
            Loss::Dropped if !listener.was_live() => Ok(()),
            loss => Err(loss),
        }
    }
}
