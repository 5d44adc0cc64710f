//! What it costs to send and to read a page when much is stored already.

use std::time::Instant;

use anyhow::{Context, Result};
use deskbell_tests::server::Server;

use super::{
    caller::Caller,
    crowd::{Crowd, OPEN_ONE_IN, Role, SOCKETS_EACH, conversation, requester_of},
    database,
};
use crate::report::{Figure, median};

/// Conversations that are stored; then, in one of these, lines. The last only when all are wanted.
const STORED: [usize; 4] = [1_000, 10_000, 100_000, 1_000_000];
const LINES: [usize; 4] = [100, 1_000, 10_000, 100_000];
const REQUESTERS: usize = 200;
const TECHNICIANS: usize = 20;
const RUNS: usize = 300;
/// One technician may not write much more at once.
const SENDS_IN_ONE: usize = 50;
const SEARCHES: usize = 3;
/// At most this much more than with the least that is stored.
const GROWTH: f64 = 1.2;

pub async fn measure(full: bool) -> Result<Vec<Figure>> {
    let sizes = STORED.len() - usize::from(!full);
    let mut stage = Stage::set().await?;
    let mut figures = Vec::new();
    let (mut send, mut list) = (Vec::new(), Vec::new());
    let mut stored = 0;
    for count in STORED.into_iter().take(sizes) {
        let requester = requester_of(REQUESTERS);
        stage
            .crowd
            .conversations(stored..count, &requester, TECHNICIANS)
            .await?;
        stored = count;
        let started = stage.start_again().await?;
        let what = |what: &str| format!("{what}, {count} conversations");
        send.push(stage.sends(stored, TECHNICIANS, RUNS).await?);
        list.push(stage.reads("/v1/conversations", RUNS).await?);
        let unclosed = "/v1/conversations?status=new,open,waiting";
        let own = stage
            .reads(&format!("{unclosed}&assignee=me"), RUNS)
            .await?;
        let unclosed = stage.reads(unclosed, RUNS).await?;
        let search = stage
            .reads("/v1/conversations?text=unheard-of", SEARCHES)
            .await?;
        figures.extend([
            Figure::new(what("send to acknowledgement"), last(&send), "ms", RUNS),
            Figure::new(what("a page of conversations"), last(&list), "ms", RUNS),
            Figure::new(what("a page of those not closed"), unclosed, "ms", RUNS),
            Figure::new(what("a page of one's own, not closed"), own, "ms", RUNS),
            Figure::new(what("a search that finds nothing"), search, "ms", SEARCHES),
            Figure::new(what("start of the server"), started, "s", 1),
        ]);
    }
    let most = format!("{stored} conversations compared with {}", STORED[0]);
    figures.push(grown("send", &most, &send));
    figures.push(grown("page of conversations", &most, &list));
    figures.extend(stage.in_one_conversation(stored).await?);
    Ok(figures)
}

fn last(values: &[f64]) -> f64 {
    values.last().copied().unwrap_or(f64::NAN)
}

fn grown(what: &str, with: &str, values: &[f64]) -> Figure {
    let first = values.first().copied().unwrap_or(f64::NAN);
    let name = format!("{what}, {with}");
    Figure::new(name, last(values) / first, "times", RUNS).at_most(GROWTH)
}

/// A server, its database, a technician and the requester of the first conversation.
struct Stage {
    server: Server,
    crowd: Crowd,
    /// Tokens.
    technicians: Vec<String>,
    requester: String,
    caller: Caller,
}

impl Stage {
    async fn set() -> Result<Self> {
        let server = Server::set_up("", super::NOBODY, None).await?;
        let mut crowd = Crowd::at(&database(&server)).await?;
        let technicians = crowd.people(Role::Technician, TECHNICIANS).await?;
        let requesters = crowd.people(Role::Requester, REQUESTERS).await?;
        let caller = Caller::connect(server.address()).await?;
        Ok(Self {
            server,
            crowd,
            technicians: technicians.into_iter().step_by(SOCKETS_EACH).collect(),
            requester: requesters.into_iter().next().context("a token")?,
            caller,
        })
    }

    /// Starts the server again, for nothing of what is stored to be in its memory; answers with the
    /// seconds that took.
    async fn start_again(&mut self) -> Result<f64> {
        self.server.kill()?;
        let begin = Instant::now();
        self.server.start_again().await?;
        let taken = begin.elapsed().as_secs_f64();
        self.caller = Caller::connect(self.server.address()).await?;
        Ok(taken)
    }

    /// The median of the milliseconds that sending takes, into the newest of so many conversations
    /// that are not closed, one for each technician.
    async fn sends(&mut self, stored: usize, technicians: usize, runs: usize) -> Result<f64> {
        let mut taken = Vec::new();
        for run in 0..runs {
            let number = stored - OPEN_ONE_IN * (1 + run % technicians);
            let technician = self.technicians.get(number / OPEN_ONE_IN % TECHNICIANS);
            let technician = technician.context("a technician")?;
            let text = format!("Answer {run}: there is paper in the cupboard.");
            let conversation = conversation(number);
            let written = self.caller.write(technician, &conversation, &text);
            taken.push(written.await?);
        }
        Ok(median(&taken))
    }

    /// The median of the milliseconds that reading this takes the technician.
    async fn reads(&mut self, path: &str, runs: usize) -> Result<f64> {
        let technician = self.technicians.first().context("a technician")?;
        let mut taken = Vec::new();
        for _ in 0..runs {
            taken.push(self.caller.read(technician, path).await?);
        }
        Ok(median(&taken))
    }

    async fn in_one_conversation(&mut self, stored: usize) -> Result<Vec<Figure>> {
        let id = conversation(0);
        let history = format!("/v1/conversations/{id}/messages");
        let mut figures = Vec::new();
        let (mut send, mut page) = (Vec::new(), Vec::new());
        let mut lines = 0;
        for count in LINES {
            // Places in the feeds that nobody has taken.
            let place = stored * 20 + count * 10;
            self.crowd.lines(lines..count, place).await?;
            lines = count;
            self.start_again().await?;
            let what = |what: &str| format!("{what}, {count} messages in the conversation");
            page.push(self.reads(&history, RUNS).await?);
            let early = format!("{history}?before={}", place + count / 2);
            let early = self.reads(&early, RUNS).await?;
            let own = self
                .caller
                .read(&self.requester, "/v1/conversations")
                .await?;
            send.push(self.sends(OPEN_ONE_IN, 1, SENDS_IN_ONE).await?);
            figures.extend([
                Figure::new(
                    what("send to acknowledgement"),
                    last(&send),
                    "ms",
                    SENDS_IN_ONE,
                ),
                Figure::new(what("a page of messages"), last(&page), "ms", RUNS),
                Figure::new(what("a page from the middle"), early, "ms", RUNS),
                Figure::new(what("the requester's conversations"), own, "ms", 1),
            ]);
        }
        let most = format!(
            "{lines} messages in the conversation compared with {}",
            LINES[0]
        );
        figures.push(grown("send", &most, &send));
        figures.push(grown("page of messages", &most, &page));
        Ok(figures)
    }
}
