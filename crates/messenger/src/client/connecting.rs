//! The connection to the feed: made, lost, made again.

use std::time::Duration;

use deskbell_protocol::{ClientFrame, Timestamp};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::{Core, Stage};
use crate::api::{ApiError, Authorized, Fit, Proven};
use crate::clock::fraction;
use crate::feed::way::{LIVED, Record, Way};
use crate::feed::{self, Loss, News, Start, Wish};
use crate::reconnect;
use crate::settings::table;
use crate::view::{Connection, OfflineReason};

/// News that wait for the loop at most; then the connection is read no further.
const NEWS_AHEAD: usize = 64;
/// Failures to count at most when something nearby is in the way, which no crowd comes back to: eight
/// seconds between two looks.
const NEARBY: u32 = 4;
/// Failures to count when trying again soon would do no good.
const SLOW_START: u32 = 5;

/// The connection and its fate.
#[derive(Default)]
pub(super) struct Link {
    feed: Option<Feed>,
    /// The server as this connection found it; gone with the connection.
    pub proven: Option<Proven>,
    state: State,
    failures: u32,
    /// How the server is heard, or is being tried to be.
    way: Way,
    /// How websockets fared on this network.
    record: Record,
    /// Which connection this is, so that what was asked for an earlier one is known as stale.
    number: u64,
}

#[derive(Default)]
enum State {
    #[default]
    Idle,
    Connecting,
    Live {
        since: Instant,
    },
    /// Waiting, or trying again after that.
    Offline {
        reason: OfflineReason,
        retry: Option<(Instant, Timestamp)>,
    },
    /// Lost a moment ago and not yet worth a word.
    Waiting {
        retry: Instant,
    },
}

struct Feed {
    news: mpsc::Receiver<News>,
    wishes: mpsc::UnboundedSender<Wish>,
    task: JoinHandle<()>,
}

impl Drop for Feed {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Link {
    pub fn is_live(&self) -> bool {
        matches!(self.state, State::Live { .. })
    }

    pub fn is_offline(&self) -> bool {
        matches!(self.state, State::Offline { .. })
    }

    pub fn retry_at(&self) -> Option<Instant> {
        match &self.state {
            State::Offline { retry, .. } => retry.map(|(at, _)| at),
            State::Waiting { retry } => Some(*retry),
            _ => None,
        }
    }

    /// For the window.
    pub fn view(&self) -> Connection {
        match &self.state {
            State::Idle => Connection::Idle {},
            State::Connecting | State::Waiting { .. } => Connection::Connecting {},
            State::Live { .. } if self.way == Way::Asking => Connection::Delayed {},
            State::Live { .. } => Connection::Online {},
            State::Offline { reason, retry } => Connection::Offline {
                reason: *reason,
                retry_at: retry.map(|(_, at)| at),
            },
        }
    }

    /// Why the server is not heard; none while it is, or while it may be soon.
    pub fn offline_reason(&self) -> Option<OfflineReason> {
        match &self.state {
            State::Offline { reason, .. } => Some(*reason),
            _ => None,
        }
    }

    pub async fn news(&mut self) -> Option<News> {
        let feed = self.feed.as_mut()?;
        Some(feed.news.recv().await.unwrap_or(News::Lost(Loss::Dropped)))
    }

    /// What has come already, without waiting.
    pub fn more_news(&mut self) -> Option<News> {
        self.feed.as_mut()?.news.try_recv().ok()
    }

    pub fn send(&self, frame: ClientFrame) {
        self.wish(Wish::Send(frame));
    }

    /// Something has surely changed on the server.
    pub fn ask_now(&self) {
        self.wish(Wish::Ask);
    }

    fn wish(&self, wish: Wish) {
        if let Some(feed) = &self.feed {
            let _ = feed.wishes.send(wish);
        }
    }

    /// The connection there is now; none while there is none.
    pub fn number(&self) -> Option<u64> {
        self.feed.as_ref().map(|_| self.number)
    }

    /// How the server is heard from now on.
    pub fn heard_by(&mut self, way: Way) {
        self.way = way;
    }

    /// Counts a websocket that ended. True when asking is the better way from now on, and was not before.
    fn note_end(&mut self, loss: &Loss) -> bool {
        let tried = self.way == Way::Socket && self.proven.is_some();
        if !tried {
            return false;
        }
        let lived = match self.state {
            State::Live { since } => Some(since.elapsed()),
            _ => None,
        };
        let before = self.record.way();
        self.record = self.record.after(loss, lived);
        before == Way::Socket && self.record.way() == Way::Asking
    }

    pub fn became_live(&mut self) {
        self.state = State::Live {
            since: Instant::now(),
        };
    }
}

impl Core {
    /// The server and the session, if the server is known to be Deskbell now.
    pub(super) fn authorized(&self) -> Option<Authorized> {
        let Stage::In(session) = &self.stage else {
            return None;
        };
        Some(self.link.proven.as_ref()?.with(session.kept.token.clone()))
    }

    /// Connects now, whatever was before.
    pub(super) async fn connect(&mut self) {
        let (Stage::In(session), Some(api)) = (&mut self.stage, &self.api) else {
            return;
        };
        session.loading = None;
        session.held.clear();
        let position = session.cache.position().await.unwrap_or_default();
        let (sender, news) = mpsc::channel(NEWS_AHEAD);
        let (wishes, wished) = mpsc::unbounded_channel();
        let way = self.link.record.way();
        let start = Start {
            api: api.clone(),
            token: session.kept.token.clone(),
            version: self.setup.version.clone(),
            position,
            way,
        };
        let run = feed::run(start, sender, wished);
        self.link.way = way;
        self.link.number += 1;
        self.link.feed = Some(Feed {
            news,
            wishes,
            task: tokio::spawn(Box::pin(run)),
        });
        self.link.state = match self.link.offline_reason() {
            Some(reason) => State::Offline {
                reason,
                retry: None,
            },
            None => State::Connecting,
        };
        self.shown.app_changed = true;
    }

    pub(super) fn disconnect(&mut self) {
        self.link = Link {
            number: self.link.number,
            ..Link::default()
        };
    }

    /// Something happened after which the network may be another: find out at once.
    pub(super) async fn look_for_the_server(&mut self) {
        self.hurry_farewells();
        self.link.failures = 0;
        self.link.record = Record::default();
        if self.link.is_live() {
            self.link.wish(Wish::ProveLife);
        } else {
            self.connect().await;
        }
    }

    /// The server has proved to be Deskbell.
    pub(super) fn server_proved(&mut self, proven: Proven) {
        self.note_fit(&proven);
        self.link.proven = Some(proven);
        self.shown.app_changed = true;
    }

    /// Compares versions and clocks.
    pub(super) fn note_fit(&mut self, proven: &Proven) {
        let fit = proven.fit(&self.setup.version);
        self.notices.client_too_old = fit == Fit::ClientTooOld;
        self.notices.server_too_old = fit == Fit::ServerTooOld;
        self.notices.newer_version = self.newer_version(proven, fit);
        self.notices.clock_off_minutes = proven.clock_off_minutes(self.now());
    }

    /// A version that is worth telling: the one update nobody was told of yet, unless administrators
    /// do not want it told.
    fn newer_version(&self, proven: &Proven, fit: Fit) -> Option<String> {
        let wanted = fit == Fit::Fits && self.settings.switch(&table::UPDATE_NOTICE);
        let newer = proven.newer_version(&self.setup.version);
        newer.filter(|newer| wanted && self.window.told_version.as_ref() != Some(newer))
    }

    /// The connection is over; the next one is planned.
    pub(super) async fn lost(&mut self, loss: Loss) {
        tracing::info!(?loss, "the connection is over");
        if let Loss::SessionOver(code) = loss {
            return self.session_over(code).await;
        }
        if self.link.note_end(&loss) {
            tracing::info!("websockets do not pass here: the server is asked instead");
            self.give_up_connection();
            return self.connect().await;
        }
        self.plan_next(&loss);
    }

    /// The client itself cannot go on with this connection.
    pub(super) fn connection_failed_here(&mut self) {
        self.plan_next(&Loss::Dropped);
    }

    fn plan_next(&mut self, loss: &Loss) {
        let was_live = match self.link.state {
            State::Live { since } => {
                if since.elapsed() >= LIVED {
                    self.link.failures = 0;
                }
                true
            }
            _ => false,
        };
        if matches!(loss, Loss::Replaced | Loss::Unfit(_)) {
            self.link.failures = self.link.failures.max(SLOW_START);
        }
        let delay = self.delay_after(loss);
        self.link.failures = self.link.failures.saturating_add(1);
        self.give_up_connection();
        let retry = Instant::now() + delay;
        self.link.state = if was_live {
            State::Waiting { retry }
        } else {
            let at = self
                .now()
                .plus_millis(i64::try_from(delay.as_millis()).unwrap_or(i64::MAX));
            State::Offline {
                reason: loss.reason(),
                retry: Some((retry, at)),
            }
        };
        self.shown.app_changed = true;
    }

    fn delay_after(&self, loss: &Loss) -> Duration {
        let failures = match loss.reason() {
            OfflineReason::NotDeskbell | OfflineReason::Proxy | OfflineReason::ProxyPassword => {
                self.link.failures.min(NEARBY)
            }
            _ => self.link.failures,
        };
        let wish = match loss {
            Loss::Gap if failures == 0 => return Duration::ZERO,
            Loss::Failed(error) => error.retry_after(),
            _ => None,
        };
        reconnect::delay(failures, fraction(&*self.ports.entropy), wish)
    }

    fn give_up_connection(&mut self) {
        self.link.feed = None;
        self.link.proven = None;
        if let Stage::In(session) = &mut self.stage {
            session.loading = None;
            session.held.clear();
        }
    }

    /// A call failed: the session may be over with it.
    pub(super) async fn check_session(&mut self, error: &ApiError) -> bool {
        match error.session_over() {
            Some(code) => {
                self.session_over(code).await;
                true
            }
            None => false,
        }
    }
}
