//! Which way the server is heard: over the websocket, or by asking again and again where something in
//! between breaks websockets and lets plain calls pass.

use std::time::Duration;

use super::Loss;
use crate::api::ApiError;
use crate::view::OfflineReason;

/// A connection that lived this long went well.
pub const LIVED: Duration = Duration::from_secs(5);

/// So many websockets cut at once, one after the other, are no accident.
const CUTS: u32 = 3;

/// Between two questions while something goes on.
const QUICK: Duration = Duration::from_secs(10);
/// Between two questions otherwise.
const IDLE: Duration = Duration::from_secs(30);
/// What happened this long ago still goes on.
const LIVELY: Duration = Duration::from_secs(2 * 60);

/// The first websocket is tried again after this, the next after twice that, and so on,
const SOCKET_AGAIN: Duration = Duration::from_secs(60);
/// and at least as often as this.
const SOCKET_AGAIN_MOST: Duration = Duration::from_secs(15 * 60);

/// How the server is heard.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Way {
    /// It tells by itself.
    #[default]
    Socket,
    /// It is asked.
    Asking,
}

/// How websockets fared on this network.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Record {
    cuts: u32,
}

impl Record {
    /// Which way to go next.
    #[must_use]
    pub fn way(self) -> Way {
        if self.cuts < CUTS {
            Way::Socket
        } else {
            Way::Asking
        }
    }

    /// After a websocket has ended or could not be opened, while the server had just answered a plain
    /// call. `lived` is the time since its hello; none when it did not come to that.
    #[must_use]
    pub fn after(self, loss: &Loss, lived: Option<Duration>) -> Self {
        match loss {
            _ if lived.is_some_and(|lived| lived >= LIVED) => Self::default(),
            Loss::Failed(error) if is_anothers(error) => Self { cuts: CUTS },
            Loss::Failed(ApiError::Unheard(_)) | Loss::Dropped => Self {
                cuts: self.cuts.saturating_add(1),
            },
            _ => self,
        }
    }
}

/// The handshake was answered by something in between, or came to the server without its headers.
/// What the server itself says while it is busy is no reason to ask it more often.
fn is_anothers(error: &ApiError) -> bool {
    match error {
        ApiError::Unheard(reason) => matches!(
            reason,
            OfflineReason::NotDeskbell | OfflineReason::Proxy | OfflineReason::ProxyPassword
        ),
        ApiError::Refused(refusal) => !matches!(refusal.status, 401 | 408 | 425 | 429 | 500 | 503),
    }
}

/// How long to wait before the next question, so long after something last happened.
#[must_use]
pub fn pause(quiet: Duration) -> Duration {
    if quiet < LIVELY { QUICK } else { IDLE }
}

/// How long to wait before the websocket is tried again after so many tries in vain.
#[must_use]
pub fn socket_again(tries: u32) -> Duration {
    SOCKET_AGAIN
        .saturating_mul(1 << tries.min(8))
        .min(SOCKET_AGAIN_MOST)
}

#[cfg(test)]
mod tests {
    use deskbell_protocol::ErrorCode;

    use super::*;
    use crate::api::Refusal;

    fn answered(status: u16) -> Loss {
        Loss::Failed(ApiError::from_answer(status, None, b"<html>Blocked</html>"))
    }

    fn said_deskbell(status: u16, code: ErrorCode) -> Loss {
        Loss::Failed(ApiError::Refused(Refusal {
            status,
            code,
            attempts_left: None,
            retry_after_seconds: None,
        }))
    }

    #[test]
    fn a_handshake_that_something_else_answers_leads_to_asking_at_once() {
        for status in [200, 400, 403, 404, 407, 501, 502, 504] {
            let after = Record::default().after(&answered(status), None);
            assert_eq!(after.way(), Way::Asking, "{status}");
        }
        let stripped = said_deskbell(400, ErrorCode::BadRequest);
        assert_eq!(Record::default().after(&stripped, None).way(), Way::Asking);
    }

    #[test]
    fn a_busy_server_is_not_asked_more_often() {
        for (status, code) in [
            (429, ErrorCode::RateLimited),
            (500, ErrorCode::Internal),
            (503, ErrorCode::Unavailable),
        ] {
            let after = Record::default().after(&said_deskbell(status, code), None);
            assert_eq!(after, Record::default(), "{status}");
        }
        assert_eq!(Record::default().after(&Loss::Gap, None), Record::default());
        assert_eq!(
            Record::default().after(&Loss::Replaced, None),
            Record::default()
        );
    }

    #[test]
    fn only_websockets_that_are_cut_every_time_are_given_up() {
        let unheard = Loss::Failed(ApiError::Unheard(OfflineReason::Unreachable));
        let moments = Some(Duration::from_millis(10));
        let twice = Record::default()
            .after(&Loss::Dropped, None)
            .after(&unheard, None);
        assert_eq!(twice.way(), Way::Socket);
        assert_eq!(twice.after(&Loss::Dropped, moments).way(), Way::Asking);
        let well = twice.after(&Loss::Dropped, Some(LIVED));
        assert_eq!(well, Record::default(), "one that lived went well");
    }

    #[test]
    fn a_quiet_server_is_asked_more_seldom_and_the_websocket_tried_now_and_then() {
        assert_eq!(pause(Duration::ZERO), Duration::from_secs(10));
        assert_eq!(pause(Duration::from_secs(3_600)), Duration::from_secs(30));
        let minutes = [0, 1, 2, 3, 4, 400].map(|tries| socket_again(tries).as_secs() / 60);
        assert_eq!(minutes, [1, 2, 4, 8, 15, 15]);
    }
}
