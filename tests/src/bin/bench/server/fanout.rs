//! One message to thousands of sockets: until the last of them has it.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use deskbell_tests::server::Server;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use tokio::{
    io::AsyncReadExt as _,
    net::TcpStream,
    sync::mpsc,
    task::JoinSet,
    time::{sleep, timeout},
};

use super::{
    brokers::{Mosquitto, Nats},
    caller::Caller,
    crowd::{Crowd, Role, SOCKETS_EACH},
    database,
    memory::connect_all,
};
use crate::report::{Figure, median};

const SOCKETS: [usize; 2] = [1000, 5000];
const WARM_UP: usize = 3;
const RUNS: usize = 30;
/// Longer than any of them takes.
const PATIENCE: Duration = Duration::from_secs(10);
/// So that one message is over before the next.
const PAUSE: Duration = Duration::from_millis(20);
const SETTLED: Duration = Duration::from_secs(2);

/// What each message carries and nothing else does.
const MARK: char = '¶';

pub async fn measure() -> Result<Vec<Figure>> {
    let server = Server::set_up("connections_per_ip = 10000\n", super::NOBODY, None).await?;
    let mut crowd = Crowd::at(&database(&server)).await?;
    let most = SOCKETS.into_iter().max().unwrap_or_default();
    let technicians = crowd.people(Role::Technician, most / SOCKETS_EACH).await?;
    let requester = crowd.people(Role::Requester, 1).await?;
    let mut caller = Caller::connect(server.address()).await?;
    let requester = requester.first().context("a requester")?;
    let technician = technicians.first().context("a technician")?;
    let conversation = caller.ask(requester).await?;
    caller.take(technician, &conversation).await?;
    let mut figures = Vec::new();
    for sockets in SOCKETS {
        let tokens = technicians.get(..sockets).context("tokens")?;
        let ours = deskbell(&server, tokens, (technician, &conversation)).await?;
        let (nats, mosquitto) = (nats(sockets).await?, mosquitto(sockets).await?);
        let name = format!("a reply, on disk first, to the last of {sockets} sockets");
        figures.extend([
            Figure::new(&name, ours, "ms", RUNS).at_most(nats.min(mosquitto)),
            Figure::new("nats-server, in memory", nats, "ms", RUNS).beside(&name),
            Figure::new("mosquitto, in memory", mosquitto, "ms", RUNS).beside(&name),
        ]);
    }
    Ok(figures)
}

async fn deskbell(
    server: &Server,
    tokens: &[String],
    (technician, conversation): (&str, &str),
) -> Result<f64> {
    let feeds = connect_all(server.address(), tokens).await?;
    // Only now: a connection that says nothing for so long is ended.
    let mut caller = Caller::connect(server.address()).await?;
    // What comes now is read as bytes: our own load must not count.
    let streams = feeds.into_iter().map(|feed| feed.into_inner()).collect();
    let text = format!("{MARK} {}", "Turn it off and on again. ".repeat(5));
    median_of(streams, async || {
        caller
            .write(technician, conversation, &text)
            .await
            .map(drop)
    })
    .await
}

async fn nats(sockets: usize) -> Result<f64> {
    let nats = Nats::start().await?;
    let subscribers = stream::iter((0..sockets).map(|_| nats.subscribe()));
    let streams = subscribers.buffer_unordered(50).try_collect().await?;
    let mut publisher = nats.publisher().await?;
    median_of(streams, async || publisher.publish(&payload()).await).await
}

async fn mosquitto(sockets: usize) -> Result<f64> {
    let mosquitto = Mosquitto::start().await?;
    let subscribers = stream::iter((0..sockets).map(|number| mosquitto.subscribe(number)));
    let streams = subscribers.buffer_unordered(50).try_collect().await?;
    let mut publisher = mosquitto.publisher().await?;
    median_of(streams, async || publisher.publish(&payload()).await).await
}

/// As long as the event that carries a reply.
fn payload() -> String {
    format!("{MARK}{}", "x".repeat(700))
}

/// The median of the milliseconds from sending until the last stream has carried the mark.
async fn median_of(
    streams: Vec<TcpStream>,
    mut send: impl AsyncFnMut() -> Result<()>,
) -> Result<f64> {
    let count = streams.len();
    let (seen, mut sightings) = mpsc::unbounded_channel();
    let mut watchers = JoinSet::new();
    for stream in streams {
        watchers.spawn(watch(stream, seen.clone()));
    }
    sleep(SETTLED).await;
    let mut milliseconds = Vec::new();
    for run in 0..WARM_UP + RUNS {
        sleep(PAUSE).await;
        let begin = Instant::now();
        let all = async {
            let mut last = begin;
            for _ in 0..count {
                last = last.max(sightings.recv().await.unwrap_or(begin));
            }
            last
        };
        let (sent, last) = tokio::join!(send(), timeout(PATIENCE, all));
        sent?;
        let last = last.context("not everybody got the message")?;
        if run >= WARM_UP {
            milliseconds.push(last.duration_since(begin).as_secs_f64() * 1000.0);
        }
    }
    ensure!(watchers.try_join_next().is_none(), "a socket was closed");
    Ok(median(&milliseconds))
}

/// Tells when the stream has carried the mark.
async fn watch(mut stream: TcpStream, seen: mpsc::UnboundedSender<Instant>) {
    let mut buffer = [0; 4096];
    let mark = MARK.to_string();
    while let Ok(length @ 1..) = stream.read(&mut buffer).await {
        let bytes = buffer.get(..length).unwrap_or_default();
        let is_marked = bytes
            .windows(mark.len())
            .any(|part| part == mark.as_bytes());
        if is_marked && seen.send(Instant::now()).is_err() {
            return;
        }
    }
}
