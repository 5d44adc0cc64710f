//! How many messages the server acknowledges, each on the disk before.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use deskbell_testing::postgres::Postgres;
use deskbell_tests::server::Server;
use futures_util::future::try_join_all;

use super::{
    caller::Caller,
    crowd::{Crowd, Role, SOCKETS_EACH},
    database,
};
use crate::report::{Figure, median, quantile};

/// Who writes at the same time.
const SENDERS: usize = 24;
const PEOPLE: usize = 2400;
const WARM_UP: Duration = Duration::from_secs(2);
const MEASURED: Duration = Duration::from_secs(6);
const RUNS: usize = 5;
const LINE: &str = "The printer on the second floor says that there is no paper, but there is.";

pub async fn measure() -> Result<Vec<Figure>> {
    let server = Server::set_up("connections_per_ip = 10000\n", super::NOBODY, None).await?;
    let mut figures = figures("SQLite", &server, &database(&server)).await?;
    drop(server);
    let postgres = Postgres::durable().await?;
    let url = postgres.database().await?;
    let settings = format!("connections_per_ip = 10000\ndatabase_url = \"{url}\"\n");
    let server = Server::set_up(&settings, super::NOBODY, None).await?;
    figures.extend(self::figures("PostgreSQL", &server, &url).await?);
    Ok(figures)
}

async fn figures(engine: &str, server: &Server, url: &str) -> Result<Vec<Figure>> {
    let tokens = Crowd::at(url)
        .await?
        .people(Role::Requester, PEOPLE)
        .await?;
    let chats = ask_all(server.address(), tokens.iter().step_by(SOCKETS_EACH)).await?;
    write_for(server.address(), &chats, WARM_UP).await?;
    let (mut pace, mut p50, mut p99) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..RUNS {
        let taken = write_for(server.address(), &chats, MEASURED).await?;
        #[expect(clippy::cast_precision_loss, reason = "some ten thousand")]
        pace.push(taken.len() as f64 / MEASURED.as_secs_f64());
        p50.push(quantile(&taken, 0.5));
        p99.push(quantile(&taken, 0.99));
    }
    let name = |what: &str| format!("{engine}: {what}");
    Ok(vec![
        Figure::new(name("acknowledged messages"), median(&pace), "1/s", RUNS).at_least(2000.0),
        Figure::new(
            name("send to acknowledgement, p50"),
            median(&p50),
            "ms",
            RUNS,
        ),
        Figure::new(
            name("send to acknowledgement, p99"),
            median(&p99),
            "ms",
            RUNS,
        )
        .at_most(20.0),
    ])
}

/// Somebody with a conversation: token and id.
type Chat = (String, String);

async fn ask_all<'a>(
    server: SocketAddr,
    tokens: impl Iterator<Item = &'a String>,
) -> Result<Vec<Chat>> {
    let tokens: Vec<&String> = tokens.collect();
    let asked = tokens.chunks(PEOPLE.div_ceil(SENDERS)).map(async |tokens| {
        let mut caller = Caller::connect(server).await?;
        let mut chats = Vec::new();
        for token in tokens {
            chats.push(((*token).clone(), caller.ask(token).await?));
        }
        anyhow::Ok(chats)
    });
    Ok(try_join_all(asked).await?.concat())
}

/// Everybody writes in turn, as fast as it is acknowledged; answers with the milliseconds of each.
async fn write_for(server: SocketAddr, chats: &[Chat], time: Duration) -> Result<Vec<f64>> {
    let end = Instant::now() + time;
    let senders = chats.chunks(PEOPLE.div_ceil(SENDERS)).map(|chats| {
        let chats = chats.to_vec();
        tokio::spawn(async move {
            let mut caller = Caller::connect(server).await?;
            let mut taken = Vec::new();
            for (token, conversation) in chats.iter().cycle() {
                if Instant::now() >= end {
                    break;
                }
                taken.push(caller.write(token, conversation, LINE).await?);
            }
            anyhow::Ok(taken)
        })
    });
    let taken = try_join_all(senders).await.context("a sender failed")?;
    Ok(taken.into_iter().collect::<Result<Vec<_>>>()?.concat())
}
