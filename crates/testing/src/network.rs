//! A network between a client and a server that cuts, delays, holds back, falls silent, duplicates,
//! loses and answers in the server's place.
//!
//! It reads just enough HTTP/1.1 and websocket framing to eat one answer or drop one frame.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

mod carry;
mod frames;
mod http;

use carry::{Way, carry};

/// What becomes of a websocket frame on its way to the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It arrives.
    Pass,
    /// It is lost.
    Drop,
    /// It arrives twice.
    Twice,
    /// It arrives after the next one.
    Late,
    /// It arrives, and then the connection is cut.
    Cut,
}

/// What stands between and breaks websockets; plain calls pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Barrier {
    /// It answers the handshake itself, with these bytes.
    Answers(String),
    /// It takes the handshake's headers away on the way to the server.
    Strips,
    /// It lets the handshake pass and cuts what follows.
    Cuts,
}

/// The start of a request that was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// `GET`.
    pub method: String,
    /// `/v1/server`.
    pub path: String,
    /// It carried a session's token.
    pub authorized: bool,
}

type FrameRule = Box<dyn FnMut(&str) -> Fate + Send>;

struct Rules {
    server: SocketAddr,
    refuse: bool,
    silent: bool,
    delay: Duration,
    instead: Option<String>,
    barrier: Option<Barrier>,
    cut_after: Option<u64>,
    carried: u64,
    eat: Option<(String, u32)>,
    hold: Option<String>,
    held: u32,
    frame: Option<FrameRule>,
    seen: Vec<Seen>,
}

/// The network. It ends with this value.
pub struct Network {
    address: SocketAddr,
    rules: Arc<Mutex<Rules>>,
    breaks: watch::Sender<u64>,
    accepting: JoinHandle<()>,
}

impl Drop for Network {
    fn drop(&mut self) {
        self.accepting.abort();
        self.breaks.send_modify(|breaks| *breaks += 1);
    }
}

impl Network {
    /// A network that leads to this server and does nothing yet.
    ///
    /// # Errors
    /// There is no free port.
    pub async fn before(server: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let rules = Arc::new(Mutex::new(Rules {
            server,
            refuse: false,
            silent: false,
            delay: Duration::ZERO,
            instead: None,
            barrier: None,
            cut_after: None,
            carried: 0,
            eat: None,
            hold: None,
            held: 0,
            frame: None,
            seen: vec![],
        }));
        let breaks = watch::Sender::new(0);
        let accepting = tokio::spawn(accept(listener, Arc::clone(&rules), breaks.clone()));
        Ok(Self {
            address,
            rules,
            breaks,
            accepting,
        })
    }

    /// The address that clients use.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// From now on it leads to this server.
    pub fn lead_to(&self, server: SocketAddr) {
        self.rules().server = server;
    }

    /// Breaks every connection and lets none be made.
    pub fn cut(&self) {
        self.rules().refuse = true;
        self.break_connections();
    }

    /// Breaks every connection; new ones can be made.
    pub fn break_connections(&self) {
        self.breaks.send_modify(|breaks| *breaks += 1);
    }

    /// Connections can be made, and what they carry arrives.
    pub fn restore(&self) {
        let mut rules = self.rules();
        rules.refuse = false;
        rules.silent = false;
        rules.instead = None;
        rules.barrier = None;
    }

    /// Nothing arrives any more, and nobody is told.
    pub fn fall_silent(&self) {
        self.rules().silent = true;
    }

    /// Everything takes this much longer.
    pub fn delay(&self, delay: Duration) {
        self.rules().delay = delay;
    }

    /// Answers every request with these bytes in the server's place, as a captive portal does.
    pub fn answer_instead(&self, answer: &str) {
        self.rules().instead = Some(answer.to_owned());
    }

    /// From now on websockets do not pass.
    pub fn break_websockets(&self, barrier: Barrier) {
        self.rules().barrier = Some(barrier);
        self.break_connections();
    }

    /// Cuts every connection once, in the middle of whatever is on its way, when so many more bytes have
    /// been carried in both directions together.
    pub fn cut_after(&self, bytes: u64) {
        let mut rules = self.rules();
        rules.cut_after = Some(rules.carried + bytes);
    }

    /// How many bytes have been carried in both directions together.
    #[must_use]
    pub fn carried(&self) -> u64 {
        self.rules().carried
    }

    /// Lets the next `times` requests whose line contains `part` through and loses their answers.
    pub fn eat_answers(&self, part: &str, times: u32) {
        self.rules().eat = Some((part.to_owned(), times));
    }

    /// How many answers are still to be eaten.
    #[must_use]
    pub fn answers_to_eat(&self) -> u32 {
        self.rules().eat.as_ref().map_or(0, |(_, times)| *times)
    }

    /// Keeps the answers to requests whose line contains `part` until they are let go.
    pub fn hold_answers(&self, part: &str) {
        self.rules().hold = Some(part.to_owned());
    }

    /// How many answers are kept.
    #[must_use]
    pub fn answers_held(&self) -> u32 {
        self.rules().held
    }

    /// Lets the answers go that are kept, and keeps no more.
    pub fn let_answers_go(&self) {
        self.rules().hold = None;
    }

    /// Decides about every text frame on its way to the client.
    pub fn judge_frames(&self, rule: impl FnMut(&str) -> Fate + Send + 'static) {
        self.rules().frame = Some(Box::new(rule));
    }

    /// Every request so far.
    #[must_use]
    pub fn seen(&self) -> Vec<Seen> {
        self.rules().seen.clone()
    }

    /// Forgets the requests so far.
    pub fn forget_seen(&self) {
        self.rules().seen.clear();
    }

    fn rules(&self) -> MutexGuard<'_, Rules> {
        locked(&self.rules)
    }
}

fn locked(rules: &Mutex<Rules>) -> MutexGuard<'_, Rules> {
    rules.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn accept(listener: TcpListener, rules: Arc<Mutex<Rules>>, breaks: watch::Sender<u64>) {
    while let Ok((client, _)) = listener.accept().await {
        let (rules, breaks) = (Arc::clone(&rules), breaks.clone());
        let mut broken = breaks.subscribe();
        broken.mark_unchanged();
        tokio::spawn(async move {
            if locked(&rules).refuse {
                return;
            }
            let way = Way::new(&rules, &breaks);
            tokio::select! {
                _ = carry(client, way) => {}
                _ = broken.changed() => {}
            }
        });
    }
}

/// Takes the time the rules say; for ever while nothing arrives.
async fn wait(rules: &Mutex<Rules>) {
    let delay = locked(rules).delay;
    if !delay.is_zero() {
        tokio::time::sleep(delay).await;
    }
    while locked(rules).silent {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Waits while answers to this request are kept.
async fn hold(rules: &Mutex<Rules>, head: &str) {
    let line = head.lines().next().unwrap_or_default();
    let is_held = || {
        let rules = locked(rules);
        rules.hold.as_ref().is_some_and(|part| line.contains(part))
    };
    if !is_held() {
        return;
    }
    locked(rules).held += 1;
    while is_held() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    locked(rules).held -= 1;
}

fn note(rules: &Mutex<Rules>, head: &str) {
    let mut words = head.split(' ').map(ToOwned::to_owned);
    let authorized = head.to_ascii_lowercase().contains("\r\nauthorization:");
    let (method, path) = (
        words.next().unwrap_or_default(),
        words.next().unwrap_or_default(),
    );
    locked(rules).seen.push(Seen {
        method,
        path,
        authorized,
    });
}

fn eats(rules: &Mutex<Rules>, head: &str) -> bool {
    let mut rules = locked(rules);
    let line = head.lines().next().unwrap_or_default();
    match &mut rules.eat {
        Some((part, times)) if *times > 0 && line.contains(part.as_str()) => {
            *times -= 1;
            true
        }
        _ => false,
    }
}
