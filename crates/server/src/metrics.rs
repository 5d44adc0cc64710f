//! What is counted and measured, for Prometheus. Labels are routes, methods and statuses; never ids,
//! addresses or anything that people wrote.

use std::fmt;
use std::sync::atomic::AtomicI64;
use std::time::Duration;

use prometheus_client::encoding::text::encode;
use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue, LabelValueEncoder};
use prometheus_client::metrics::counter::{ConstCounter, Counter};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;

use crate::app::App;
use crate::bus::Link;
use crate::store::Error;

/// Seconds; the API's own aim is 20 ms.
const BUCKETS: [f64; 10] = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0];

/// What is counted as it happens. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Metrics {
    requests: Family<Request, Counter>,
    seconds: Family<Route, Histogram>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Request {
    method: Word,
    route: Word,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    route: Word,
}

/// A word of the program's own.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Word(String);

impl EncodeLabelValue for Word {
    fn encode(&self, encoder: &mut LabelValueEncoder<'_>) -> Result<(), fmt::Error> {
        self.0.as_str().encode(encoder)
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self {
            requests: Family::default(),
            seconds: Family::new_with_constructor(|| Histogram::new(BUCKETS)),
        }
    }
}

impl Metrics {
    /// A request to this route (its template, `/v1/conversations/{id}`) was answered.
    pub fn answered(&self, method: &str, route: &str, status: u16, took: Duration) {
        let known = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
        let method = known.into_iter().find(|known| *known == method);
        let route = Word(route.to_owned());
        let request = Request {
            method: Word(method.unwrap_or("other").to_owned()),
            route: route.clone(),
            status,
        };
        self.requests.get_or_create(&request).inc();
        self.seconds
            .get_or_create(&Route { route })
            .observe(took.as_secs_f64());
    }

    /// Everything, in the text form of OpenMetrics.
    ///
    /// # Errors
    /// When the text cannot be made.
    pub async fn text(&self, app: &App) -> Result<String, fmt::Error> {
        let mut registry = Registry::with_prefix("deskbell");
        let version = [("version", env!("CARGO_PKG_VERSION"))];
        registry.register("build", "What runs", Info::new(version));
        registry.register("requests", "Requests answered", self.requests.clone());
        registry.register(
            "request_seconds",
            "Seconds from a request to its answer",
            self.seconds.clone(),
        );
        people(&mut registry, app);
        bus(&mut registry, app);
        database(&mut registry, app);
        if let Ok(waiting) = waiting_codes(app).await {
            gauge(
                &mut registry,
                "codes_waiting",
                "Mails and text messages to be sent",
                waiting,
            );
        }
        let mut text = String::new();
        encode(&mut text, &registry)?;
        Ok(text)
    }
}

fn people(registry: &mut Registry, app: &App) {
    let open = i64::try_from(app.feed.sockets()).unwrap_or(i64::MAX);
    gauge(registry, "feeds_open", "Open feeds at this server", open);
    let ready = i64::from(app.health().is_ready());
    gauge(
        registry,
        "ready",
        "1 if this server should get requests",
        ready,
    );
}

fn bus(registry: &mut Registry, app: &App) {
    if app.feed.link() == Link::Alone {
        return;
    }
    let up = i64::from(app.feed.link() == Link::Up);
    gauge(
        registry,
        "bus_up",
        "1 if the other servers are reached over NATS",
        up,
    );
    let traffic = app.feed.traffic();
    let notes = registry.sub_registry_with_prefix("bus_notes");
    for (name, help, count) in [
        ("sent", "Notes to other servers", traffic.sent),
        ("heard", "Notes from other servers", traffic.heard),
        (
            "ignored",
            "What came over the bus and was no note",
            traffic.ignored,
        ),
    ] {
        notes.register(name, help, ConstCounter::new(count));
    }
}

fn database(registry: &mut Registry, app: &App) {
    let there = i64::from(app.feed.is_database_there());
    gauge(registry, "database_up", "1 if the database answers", there);
    let pool = app.store.read();
    let idle = i64::try_from(pool.num_idle()).unwrap_or(i64::MAX);
    gauge(
        registry,
        "database_connections",
        "Connections for reading",
        i64::from(pool.size()),
    );
    gauge(
        registry,
        "database_connections_idle",
        "Those that nobody uses now",
        idle,
    );
}

fn gauge(registry: &mut Registry, name: &str, help: &str, value: i64) {
    let gauge = Gauge::<i64, AtomicI64>::default();
    gauge.set(value);
    registry.register(name, help, gauge);
}

async fn waiting_codes(app: &App) -> Result<i64, Error> {
    let waiting = sqlx::query_scalar("SELECT COUNT(*) FROM delivery");
    Ok(waiting.fetch_one(app.store.read()).await?)
}
