//! From the technician's send to the toast: HTTP, disk, feed, policy, the desktop's Notify call.

use std::{collections::HashMap, time::Instant};

use anyhow::{Context, Result};
use deskbell_protocol::{ConversationId, Message, MessageId, Page};
use deskbell_testing::{
    desktop::{Desktop, Setup},
    wait::eventually,
};
use deskbell_tests::api::Visitor;
use tokio::{
    sync::mpsc,
    time::{Duration, timeout},
};
use zbus::{Connection, OwnedVariant, interface};

use crate::{
    report::{Figure, median, quantile},
    stage::Stage,
};

const RUNS: usize = 3;
const WARM_UP: usize = 20;
/// With those to warm up no more than one technician may write at once.
const REPLIES: usize = 250;

pub async fn measure() -> Result<Vec<Figure>> {
    let (mut p50, mut p99) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        let milliseconds = replies().await?;
        p50.push(quantile(&milliseconds, 0.5));
        p99.push(quantile(&milliseconds, 0.99));
    }
    let figure = |name, values: &[f64]| Figure::new(name, median(values), "ms", RUNS);
    Ok(vec![
        figure("send to Notify call, p50", &p50).at_most(2.0),
        figure("send to Notify call, p99", &p99).at_most(6.0),
    ])
}

/// The milliseconds that each of many replies took.
async fn replies() -> Result<Vec<f64>> {
    let stage = Stage::set(Setup {
        dunst: false,
        ..Setup::default()
    })
    .await?;
    let mut toasts = Notifications::start(&stage.desktop).await?;
    let _client = stage.start_client().await?;
    let (tess, conversation) = stage.conversation().await?;
    let mut milliseconds = Vec::new();
    for number in 0..WARM_UP + REPLIES {
        let text = format!("Reply number {number}.");
        let begin = Instant::now();
        let (sent, shown) = tokio::join!(tess.write(conversation, &text), toasts.next(&text));
        received(&tess, conversation, sent?).await?;
        if number >= WARM_UP {
            milliseconds.push(shown?.duration_since(begin).as_secs_f64() * 1000.0);
        }
    }
    Ok(milliseconds)
}

/// Until the client has said that it has the reply: each is measured with nothing else under way.
async fn received(
    technician: &Visitor,
    conversation: ConversationId,
    reply: MessageId,
) -> Result<()> {
    let path = format!("/v1/conversations/{conversation}/messages?limit=1");
    eventually("the reply to be received", async || {
        let newest: Page<Message> = technician.get(&path).await?;
        let there = |line: &&Message| line.id == reply && line.received_at.is_some();
        newest.items.iter().find(there).map(drop).context("not yet")
    })
    .await
}

/// A notification service that only takes the time.
struct Notifications {
    _connection: Connection,
    calls: mpsc::UnboundedReceiver<(Instant, String)>,
}

struct Service {
    calls: mpsc::UnboundedSender<(Instant, String)>,
}

#[interface(name = "org.freedesktop.Notifications")]
impl Service {
    #[expect(clippy::too_many_arguments, reason = "the specification has as many")]
    fn notify(
        &self,
        _app: &str,
        replaces: u32,
        _icon: &str,
        _summary: &str,
        body: &str,
        _actions: Vec<String>,
        _hints: HashMap<String, OwnedVariant>,
        _expires: i32,
    ) -> u32 {
        let _ = self.calls.send((Instant::now(), body.to_owned()));
        replaces.max(1)
    }

    fn get_capabilities(&self) -> Vec<String> {
        ["body", "actions", "persistence"].map(str::to_owned).into()
    }

    fn close_notification(&self, _id: u32) {}

    fn get_server_information(&self) -> (String, String, String, String) {
        (
            "bench".to_owned(),
            "Deskbell".to_owned(),
            "1".to_owned(),
            "1.2".to_owned(),
        )
    }
}

impl Notifications {
    async fn start(desktop: &Desktop) -> Result<Self> {
        let (sender, calls) = mpsc::unbounded_channel();
        let connection = desktop
            .connect()
            .serve_at("/org/freedesktop/Notifications", Service { calls: sender })
            .name("org.freedesktop.Notifications")
            .build()
            .await?;
        Ok(Self {
            _connection: connection,
            calls,
        })
    }

    /// When the toast with this text came.
    async fn next(&mut self, text: &str) -> Result<Instant> {
        let wait = async {
            while let Some((at, body)) = self.calls.recv().await {
                if body.contains(text) {
                    return Some(at);
                }
            }
            None
        };
        let shown = timeout(Duration::from_secs(20), wait).await;
        shown
            .ok()
            .flatten()
            .with_context(|| format!("no toast says {text:?}"))
    }
}
