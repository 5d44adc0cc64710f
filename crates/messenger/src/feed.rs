//! One connection to the feed, from proving the server to its end. It decides nothing about when to
//! connect again: it tells what it hears, and at last why it ended.

use std::time::Duration;

use deskbell_protocol::{
    ClientFrame, ConversationId, ErrorCode, Event, Person, ServerFrame, ServerInfo, Timestamp,
    limits, limits::close_code,
};
use futures_util::{SinkExt, StreamExt};
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::{self, Message as Frame};

use crate::api::{Api, ApiError, Authorized, Proven};
use crate::secret::Token;
use crate::view::OfflineReason;

mod asking;
pub mod handshake;
pub mod order;
pub mod way;

use asking::Asker;
use handshake::Socket;
use order::{Admission, Order};
use way::Way;

/// After this silence the server is dead.
const SILENCE: Duration = Duration::from_secs(limits::FEED_DEAD_SECONDS);
/// When asked whether it still lives, the server has this long.
const PROOF_OF_LIFE: Duration = Duration::from_secs(3);

/// What the connection tells.
#[derive(Debug)]
pub enum News {
    /// The server has proved to be Deskbell.
    Proven(Box<Proven>),
    /// The hello is done; events follow.
    Live {
        /// Where they begin.
        cursor: String,
        /// The server's clock.
        server_time: Timestamp,
        /// The lists must be loaded anew before the events are applied.
        load_anew: bool,
        /// How they are heard.
        way: Way,
    },
    /// Something changed; in order and without gaps.
    Event {
        /// Its place.
        seq: u64,
        /// The cursor after it.
        cursor: String,
        /// What.
        event: Box<Event>,
    },
    /// Somebody types.
    Typing {
        /// Where.
        conversation_id: ConversationId,
        /// Who.
        person: Person,
    },
    /// It is over.
    Lost(Loss),
}

/// Why a connection ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Loss {
    /// The server was not heard, or said no.
    Failed(ApiError),
    /// This client and the server do not fit.
    Unfit(ServerInfo),
    /// It fell silent, broke, or closed for a reason that passes.
    Dropped,
    /// An event is missing: resume.
    Gap,
    /// Another connection of the account took its place.
    Replaced,
    /// The session is over.
    SessionOver(ErrorCode),
}

/// What the client wants of a connection.
#[derive(Debug)]
pub enum Wish {
    /// Send this.
    Send(ClientFrame),
    /// Something has surely changed: do not wait with asking for it.
    Ask,
    /// Find out whether it still lives, and whether it could be heard better.
    ProveLife,
}

/// Where to resume.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Position {
    /// The cursor; none to start from now.
    pub cursor: Option<String>,
    /// The last event's place, when known.
    pub seq: Option<u64>,
}

/// Connects and tells what is heard until the end, which is the last news.
pub async fn run(start: Start, news: mpsc::Sender<News>, wishes: mpsc::UnboundedReceiver<Wish>) {
    let loss = hear(start, &news, wishes).await;
    let _ = news.send(News::Lost(loss)).await;
}

/// With what a connection begins.
#[derive(Debug)]
pub struct Start {
    /// To which server.
    pub api: Api,
    /// As whom.
    pub token: Token,
    /// This client's version.
    pub version: String,
    /// Where to resume.
    pub position: Position,
    /// Which way.
    pub way: Way,
}

async fn hear(
    start: Start,
    news: &mpsc::Sender<News>,
    mut wishes: mpsc::UnboundedReceiver<Wish>,
) -> Loss {
    let server = match prove(&start, news).await {
        Ok(server) => server,
        Err(loss) => return loss,
    };
    if start.way == Way::Asking {
        return Asker::new(server, start.position, news.clone(), wishes)
            .run()
            .await;
    }
    match handshake::open(&server).await {
        Ok(socket) => {
            let mut listener = Listener::new(socket, news.clone());
            listener.listen(&start.position, &mut wishes).await
        }
        Err(error) => Loss::from_error(error),
    }
}

async fn prove(start: &Start, news: &mpsc::Sender<News>) -> Result<Authorized, Loss> {
    let proven = start.api.prove().await.map_err(Loss::from_error)?;
    if proven.fit(&start.version) != crate::api::Fit::Fits {
        let info = proven.info.clone();
        let _ = news.send(News::Proven(Box::new(proven))).await;
        return Err(Loss::Unfit(info));
    }
    let authorized = proven.with(start.token.clone());
    let _ = news.send(News::Proven(Box::new(proven))).await;
    Ok(authorized)
}

struct Listener {
    socket: WebSocketStream<Socket>,
    news: mpsc::Sender<News>,
    live: bool,
}

impl Listener {
    fn new(socket: WebSocketStream<Socket>, news: mpsc::Sender<News>) -> Self {
        Self {
            socket,
            news,
            live: false,
        }
    }

    /// The server has said hello.
    fn was_live(&self) -> bool {
        self.live
    }

    async fn listen(
        &mut self,
        position: &Position,
        wishes: &mut mpsc::UnboundedReceiver<Wish>,
    ) -> Loss {
        let hello = ClientFrame::Hello {
            cursor: position.cursor.clone(),
        };
        if self.send(&hello).await.is_err() {
            return Loss::Dropped;
        }
        let mut order = Order::default();
        let mut dead_at = Instant::now() + Duration::from_secs(limits::FEED_HELLO_SECONDS);
        loop {
            let done = tokio::select! {
                frame = self.socket.next() => {
                    dead_at = Instant::now() + SILENCE;
                    self.heard(frame, position, &mut order).await
                }
                wish = wishes.recv() => self.wished(wish, &mut dead_at).await,
                () = tokio::time::sleep_until(dead_at) => Err(Loss::Dropped),
            };
            if let Err(loss) = done {
                return loss;
            }
        }
    }

    async fn wished(&mut self, wish: Option<Wish>, dead_at: &mut Instant) -> Result<(), Loss> {
        let written = match wish {
            Some(Wish::Send(frame)) => self.send(&frame).await,
            // The server tells by itself.
            Some(Wish::Ask) => Ok(()),
            Some(Wish::ProveLife) => {
                *dead_at = (*dead_at).min(Instant::now() + PROOF_OF_LIFE);
                self.ping().await
            }
            None => Err(()),
        };
        written.map_err(|()| Loss::Dropped)
    }

    async fn heard(
        &mut self,
        frame: Option<Result<Frame, tungstenite::Error>>,
        position: &Position,
        order: &mut Order,
    ) -> Result<(), Loss> {
        match read(frame)? {
            Some(frame) => self.hear(frame, position, order).await,
            None => Ok(()),
        }
    }

    async fn hear(
        &mut self,
        frame: ServerFrame,
        position: &Position,
        order: &mut Order,
    ) -> Result<(), Loss> {
        let news = match frame {
            ServerFrame::Hello {
                cursor,
                server_time,
            } => {
                let resumed = position.cursor.as_ref() == Some(&cursor);
                order.start(position.seq.filter(|_| resumed));
                News::Live {
                    cursor,
                    server_time,
                    load_anew: position.cursor.is_none(),
                    way: Way::Socket,
                }
            }
            ServerFrame::Resync {
                cursor,
                server_time,
            } => {
                order.start(None);
                News::Live {
                    cursor,
                    server_time,
                    load_anew: true,
                    way: Way::Socket,
                }
            }
            ServerFrame::Event { seq, cursor, event } => match order.admit(seq) {
                Admission::Next => News::Event {
                    seq,
                    cursor,
                    event: Box::new(event),
                },
                Admission::Duplicate => return Ok(()),
                Admission::Gap => return Err(Loss::Gap),
            },
            ServerFrame::Typing {
                conversation_id,
                person,
            } => News::Typing {
                conversation_id,
                person,
            },
            ServerFrame::Error { problem } => {
                tracing::warn!(code = ?problem.code, "the server did not understand a frame");
                return Ok(());
            }
            ServerFrame::Viewing { .. } | ServerFrame::Alive {} | ServerFrame::Unknown => {
                return Ok(());
            }
        };
        self.live |= matches!(news, News::Live { .. });
        self.news.send(news).await.map_err(|_| Loss::Dropped)
    }

    async fn send(&mut self, frame: &ClientFrame) -> Result<(), ()> {
        let text = serde_json::to_string(frame).map_err(drop)?;
        self.write(Frame::text(text)).await
    }

    async fn ping(&mut self) -> Result<(), ()> {
        self.write(Frame::Ping(tungstenite::Bytes::new())).await
    }

    async fn write(&mut self, frame: Frame) -> Result<(), ()> {
        let limit = Duration::from_secs(limits::FEED_WRITE_SECONDS);
        timeout(limit, self.socket.send(frame))
            .await
            .map_err(drop)?
            .map_err(drop)
    }
}

/// A frame that means something; none for pings and for what a newer server says.
fn read(frame: Option<Result<Frame, tungstenite::Error>>) -> Result<Option<ServerFrame>, Loss> {
    match frame {
        Some(Ok(Frame::Text(text))) => match serde_json::from_str(&text) {
            Ok(frame) => Ok(Some(frame)),
            Err(error) => {
                // A known frame that cannot be read may be an event: never skip one silently.
                tracing::warn!(
                    line = error.line(),
                    column = error.column(),
                    "a frame is not understood"
                );
                Err(Loss::Dropped)
            }
        },
        Some(Ok(Frame::Close(close))) => Err(closed(close.map(|frame| u16::from(frame.code)))),
        Some(Ok(_)) => Ok(None),
        Some(Err(_)) | None => Err(Loss::Dropped),
    }
}

fn closed(code: Option<u16>) -> Loss {
    match code {
        Some(close_code::SESSION_EXPIRED) => Loss::SessionOver(ErrorCode::SessionExpired),
        Some(close_code::SESSION_ENDED) => Loss::SessionOver(ErrorCode::SessionEnded),
        Some(close_code::REPLACED) => Loss::Replaced,
        _ => Loss::Dropped,
    }
}

impl Loss {
    fn from_error(error: ApiError) -> Self {
        match error.session_over() {
            Some(code) => Self::SessionOver(code),
            None => Self::Failed(error),
        }
    }

    /// What the window is told.
    #[must_use]
    pub fn reason(&self) -> OfflineReason {
        match self {
            Self::Failed(error) => error.offline_reason(),
            Self::Unfit(_) => OfflineReason::VersionMismatch,
            _ => OfflineReason::Unreachable,
        }
    }
}
