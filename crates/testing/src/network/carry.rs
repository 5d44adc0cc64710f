//! Carrying what one connection brings, by the rules of the network.

use std::io;
use std::sync::Mutex;

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::net::tcp::OwnedWriteHalf;
use tokio::sync::watch;

use super::frames::Frames;
use super::http::{Message, Reader};
use super::{Barrier, Fate, Rules, eats, hold, locked, note, wait};

/// What every connection goes by.
#[derive(Clone, Copy)]
pub struct Way<'a> {
    rules: &'a Mutex<Rules>,
    breaks: &'a watch::Sender<u64>,
}

impl<'a> Way<'a> {
    /// By these rules; a break ends it.
    pub fn new(rules: &'a Mutex<Rules>, breaks: &'a watch::Sender<u64>) -> Self {
        Self { rules, breaks }
    }

    /// Brings bytes to one side, or as many as may still pass.
    async fn bring(self, to: &mut OwnedWriteHalf, bytes: &[u8]) -> io::Result<()> {
        let passing = self.count(bytes.len());
        to.write_all(bytes.get(..passing).unwrap_or(bytes)).await?;
        if passing < bytes.len() {
            to.flush().await?;
            self.breaks.send_modify(|breaks| *breaks += 1);
            std::future::pending::<()>().await;
        }
        Ok(())
    }

    /// How many of so many bytes may pass.
    fn count(self, bytes: usize) -> usize {
        let mut rules = locked(self.rules);
        let left = rules.cut_after.map(|at| at.saturating_sub(rules.carried));
        let left = left.and_then(|left| usize::try_from(left).ok());
        let passing = left.unwrap_or(bytes).min(bytes);
        rules.carried += passing as u64;
        if passing < bytes {
            rules.cut_after = None;
        }
        passing
    }
}

/// Carries requests and answers until one side closes or an answer is eaten.
pub async fn carry(client: TcpStream, way: Way<'_>) -> io::Result<()> {
    let rules = way.rules;
    let (reading, mut to_client) = client.into_split();
    let mut from_client = Reader::new(reading);
    let mut server: Option<(Reader, OwnedWriteHalf)> = None;
    while let Some(mut request) = from_client.message().await? {
        note(rules, &request.head);
        wait(rules).await;
        if let Some(answer) = answer_of_another(rules, &mut request) {
            way.bring(&mut to_client, answer.as_bytes()).await?;
            return to_client.shutdown().await;
        }
        let (from_server, to_server) = match &mut server {
            Some(server) => server,
            None => {
                let address = locked(rules).server;
                let (reading, writing) = TcpStream::connect(address).await?.into_split();
                server.insert((Reader::new(reading), writing))
            }
        };
        way.bring(to_server, &request.bytes).await?;
        let Some(answer) = from_server.message().await? else {
            return Ok(());
        };
        if eats(rules, &request.head) {
            return Ok(());
        }
        hold(rules, &request.head).await;
        wait(rules).await;
        way.bring(&mut to_client, &answer.bytes).await?;
        if answer.head.contains(" 101 ") {
            break;
        }
    }
    let Some((from_server, mut to_server)) = server else {
        return Ok(());
    };
    if locked(rules).barrier == Some(Barrier::Cuts) {
        return Ok(());
    }
    tokio::select! {
        done = upward(from_client, &mut to_server, way) => done,
        done = downward(from_server, &mut to_client, way) => done,
    }
}

/// What something in between answers in the server's place; it may also only change the request.
fn answer_of_another(rules: &Mutex<Rules>, request: &mut Message) -> Option<String> {
    let rules = locked(rules);
    if rules.instead.is_some() {
        return rules.instead.clone();
    }
    match rules.barrier.as_ref().filter(|_| request.upgrades())? {
        Barrier::Answers(answer) => Some(answer.clone()),
        Barrier::Strips => {
            request.strip_upgrade();
            None
        }
        Barrier::Cuts => None,
    }
}

async fn upward(mut from: Reader, to: &mut OwnedWriteHalf, way: Way<'_>) -> io::Result<()> {
    while let Some(bytes) = from.some().await? {
        wait(way.rules).await;
        way.bring(to, &bytes).await?;
    }
    Ok(())
}

async fn downward(from: Reader, to: &mut OwnedWriteHalf, way: Way<'_>) -> io::Result<()> {
    let mut frames = Frames::new(from);
    let mut late: Option<Vec<u8>> = None;
    while let Some(frame) = frames.next().await? {
        wait(way.rules).await;
        let fate = match (frame.text(), &mut locked(way.rules).frame) {
            (Some(text), Some(rule)) => rule(text),
            _ => Fate::Pass,
        };
        match fate {
            Fate::Pass => way.bring(to, &frame.bytes).await?,
            Fate::Drop => {}
            Fate::Cut => return way.bring(to, &frame.bytes).await,
            Fate::Twice => way.bring(to, &frame.bytes.repeat(2)).await?,
            Fate::Late => {
                late = Some(frame.bytes);
                continue;
            }
        }
        if let Some(bytes) = late.take() {
            way.bring(to, &bytes).await?;
        }
    }
    Ok(())
}
