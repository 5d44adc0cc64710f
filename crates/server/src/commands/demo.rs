//! `demo`: sample data on this machine, with codes to be read on a page and in the terminal.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use serde_json::json;

use super::outcome::{print, say};
use crate::app::{App, Settings};
use crate::clock::{Clock, SystemClock};
use crate::config::ConfigError;
use crate::delivery::{Carriers, Channel, Mailbox, Posted};
use crate::demo::{self, Demo, People};
use crate::identity::key::ServerKey;
use crate::identity::{Identity, TextMessages};
use crate::listen::{self, Door};
use crate::log;
use crate::site::{Site, asked_to_end};
use crate::store::{Purpose, Store};

pub async fn run(listen: SocketAddr, data_dir: &Path) -> Result<()> {
    if !listen.ip().is_loopback() {
        let sentence =
            "The demo shows everybody's codes: it listens on this machine only (127.0.0.1).";
        return Err(ConfigError(sentence.to_owned()).into());
    }
    log::start(&std::env::var("DESKBELL_LOG").unwrap_or_else(|_| "info".to_owned()));
    std::fs::create_dir_all(data_dir)
        .with_context(|| format!("cannot make the folder {}", data_dir.display()))?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let url = format!("sqlite:{}", data_dir.join("deskbell.db").display());
    let store = Store::open(&url, Purpose::Serve, clock.as_ref()).await?;
    let key = ServerKey::load_or_create(&data_dir.join("server.key"))?;
    let people = demo::fill(&store, &key, clock.as_ref()).await?;
    let listener = listen::bind(listen).with_context(|| format!("cannot listen on {listen}"))?;
    let address = listener.local_addr()?;
    let app = App::new(
        store,
        Arc::clone(&clock),
        Settings::local(address),
        identity(key),
    );
    let mailbox = Mailbox::with_echo(echo);
    let carriers = Carriers::mailbox(&mailbox);
    let stop = asked_to_end();
    print(&ready_line(address, &people));
    let beside = demo::routes(Demo {
        mailbox,
        people,
        clock,
        address,
    });
    let site = Site {
        app,
        carriers,
        listener,
        door: Door::default(),
        beside,
    };
    site.run(stop).await;
    Ok(())
}

/// Text messages go anywhere: they only go to the mailbox.
fn identity(key: ServerKey) -> Identity {
    Identity::new(
        key,
        Some(TextMessages {
            countries: vec!["+".to_owned()],
            daily_budget: 10_000,
        }),
    )
}

fn echo(letter: &Posted) {
    let way = match letter.channel {
        Channel::Email => "Mail",
        Channel::Sms => "Text message",
    };
    say(&format!(
        "\n{way} to {}:\n{}",
        letter.to,
        letter.text.trim_end()
    ));
}

fn ready_line(address: SocketAddr, people: &People) -> String {
    let url = format!("http://{address}");
    let authenticators: Vec<_> = people
        .authenticators
        .iter()
        .map(|(email, authenticator)| json!({"email": email, "secret": authenticator.base32()}))
        .collect();
    json!({
        "url": url,
        "console": format!("{url}/"),
        "mailbox": format!("{url}{}", demo::MAILBOX),
        "requesters": people.requesters,
        "technicians": people.authenticators.iter().map(|(email, _)| email).collect::<Vec<_>>(),
        "authenticators": authenticators,
    })
    .to_string()
}
