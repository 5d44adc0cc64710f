//! The server's calls over HTTPS. A token goes only to a server that has proved to be Deskbell, and
//! never along a redirect.

use std::time::Duration;

use deskbell_protocol::{
    API, ChallengeId, SendCode, ServerInfo, SignInStarted, SignedIn, StartSignIn, Timestamp,
    VerifyCode, limits,
};
use reqwest::{Method, RequestBuilder, redirect};

use crate::address::ServerAddress;
use crate::proxy::Proxy;
use crate::secret::Token;
use crate::view::OfflineReason;

pub mod answer;
mod authorized;
pub mod error;

pub use authorized::Authorized;
pub use error::{ApiError, Refusal};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// The server closes a connection that asks nothing for ten seconds: one that it may be closing just
/// now is not used again.
const IDLE: Duration = Duration::from_secs(5);
const REQUEST_TIMEOUT: Duration = Duration::from_secs(20);

/// One server, not yet known to be one.
#[derive(Debug, Clone)]
pub struct Api {
    http: reqwest::Client,
    address: ServerAddress,
}

/// A server that has answered as Deskbell does. Only from here can a token be sent.
#[derive(Debug, Clone)]
pub struct Proven {
    api: Api,
    /// What it said about itself.
    pub info: ServerInfo,
}

/// How the server's wire and version stand to this client's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    /// They work together.
    Fits,
    /// This client is too old.
    ClientTooOld,
    /// The server is too old.
    ServerTooOld,
}

impl Api {
    /// Prepares calls; connects to nothing.
    ///
    /// # Errors
    /// TLS cannot be set up on this machine.
    pub fn new(address: ServerAddress, user_agent: &str, proxy: &Proxy) -> Result<Self, ApiError> {
        let builder = reqwest::Client::builder()
            .user_agent(user_agent)
            .redirect(redirect::Policy::none())
            .http1_only()
            .connect_timeout(CONNECT_TIMEOUT)
            .pool_max_idle_per_host(1)
            .pool_idle_timeout(IDLE);
        let http = proxy
            .apply(builder, &address)
            .build()
            .map_err(|_| ApiError::Unheard(OfflineReason::Certificate))?;
        Ok(Self { http, address })
    }

    /// Which server.
    #[must_use]
    pub fn address(&self) -> &ServerAddress {
        &self.address
    }

    /// Asks who answers there, with no token. A captive portal, a redirect, another product: `not_deskbell`.
    ///
    /// # Errors
    /// Nothing answered, or not Deskbell.
    pub async fn prove(&self) -> Result<Proven, ApiError> {
        let request = self.http.get(self.address.at("/v1/server"));
        let info: ServerInfo = answer::json(request.timeout(REQUEST_TIMEOUT)).await?;
        if info.product == "deskbell" {
            Ok(Proven {
                api: self.clone(),
                info,
            })
        } else {
            Err(ApiError::Unheard(OfflineReason::NotDeskbell))
        }
    }
}

impl Proven {
    /// Which server.
    #[must_use]
    pub fn address(&self) -> &ServerAddress {
        &self.api.address
    }

    /// The feed's request without a session, which the server refuses.
    pub(crate) fn feed_request(&self) -> RequestBuilder {
        self.request(Method::GET, "/v1/feed")
    }

    /// Whether this client and the server understand each other.
    #[must_use]
    pub fn fit(&self, version: &str) -> Fit {
        if self.info.api > API || version_number(version) < version_number(&self.info.oldest_client)
        {
            Fit::ClientTooOld
        } else if self.info.api < API {
            Fit::ServerTooOld
        } else {
            Fit::Fits
        }
    }

    /// The server's version when it is newer than this client's, three numbers.
    #[must_use]
    pub fn newer_version(&self, version: &str) -> Option<String> {
        let theirs = version_number(&self.info.version);
        let [major, minor, patch] = theirs;
        (theirs > version_number(version)).then(|| format!("{major}.{minor}.{patch}"))
    }

    /// How many minutes the computer's clock is ahead of the server's; none while that is tolerable.
    #[must_use]
    pub fn clock_off_minutes(&self, now: Timestamp) -> Option<i32> {
        let seconds = now.millis_since(self.info.time) / 1_000;
        (seconds.abs() > limits::CLOCK_TOLERANCE_SECONDS)
            .then(|| i32::try_from(seconds / 60).unwrap_or(i32::MAX))
    }

    /// `POST /v1/sign-in`.
    ///
    /// # Errors
    /// As every call: unheard or refused.
    pub async fn start_sign_in(&self, email: String) -> Result<ChallengeId, ApiError> {
        let request = self
            .request(Method::POST, "/v1/sign-in")
            .json(&StartSignIn { email });
        answer::json::<SignInStarted>(request)
            .await
            .map(|started| started.challenge_id)
    }

    /// `POST /v1/sign-in/{challenge}/code`.
    ///
    /// # Errors
    /// As every call: unheard or refused.
    pub async fn send_code(&self, challenge: ChallengeId, how: SendCode) -> Result<(), ApiError> {
        let path = format!("/v1/sign-in/{challenge}/code");
        answer::nothing(self.request(Method::POST, &path).json(&how)).await
    }

    /// `POST /v1/sign-in/{challenge}/verify`, on a device that may be `known` by an earlier session.
    ///
    /// # Errors
    /// As every call: unheard or refused.
    pub async fn verify(
        &self,
        challenge: ChallengeId,
        code: String,
        known: Option<Token>,
    ) -> Result<SignedIn, ApiError> {
        let path = format!("/v1/sign-in/{challenge}/verify");
        let mut request = self.request(Method::POST, &path).json(&VerifyCode { code });
        if let Some(token) = known {
            request = request.bearer_auth(token.reveal());
        }
        answer::json(request).await
    }

    /// The same server for one session.
    #[must_use]
    pub fn with(&self, token: Token) -> Authorized {
        Authorized::new(self.clone(), token)
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let url = self.api.address.at(path);
        self.api.http.request(method, url).timeout(REQUEST_TIMEOUT)
    }
}

/// Major, minor and patch; what is not a number counts as nothing.
fn version_number(text: &str) -> [u64; 3] {
    let core = text.split(['-', '+']).next().unwrap_or_default();
    let mut parts = core.split('.').map(|part| part.parse().unwrap_or(0));
    std::array::from_fn(|_| parts.next().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proven(api: u32, oldest_client: &str) -> Proven {
        let address = ServerAddress::parse("http://127.0.0.1:9").unwrap();
        let info = ServerInfo {
            product: "deskbell".into(),
            version: "0.1.0".into(),
            api,
            oldest_client: oldest_client.into(),
            time: Timestamp::from_millis(10_000_000),
            sms: false,
        };
        Proven {
            api: Api::new(address, "test", &Proxy::Direct).unwrap(),
            info,
        }
    }

    #[test]
    fn versions_that_do_not_fit_are_told_apart() {
        assert_eq!(proven(1, "0.1.0").fit("0.1.0"), Fit::Fits);
        assert_eq!(proven(1, "0.9.0").fit("0.10.0"), Fit::Fits);
        assert_eq!(proven(1, "0.2.0").fit("0.1.9"), Fit::ClientTooOld);
        assert_eq!(proven(2, "0.1.0").fit("0.1.0"), Fit::ClientTooOld);
        assert_eq!(proven(0, "0.1.0").fit("0.1.0"), Fit::ServerTooOld);
    }

    #[test]
    fn a_clock_a_day_ahead_is_told_and_a_minute_is_not() {
        let server = proven(1, "0.1.0");
        let at = |seconds: i64| {
            server.clock_off_minutes(Timestamp::from_millis(10_000_000 + seconds * 1_000))
        };
        assert_eq!(at(60), None);
        assert_eq!(at(86_400), Some(1_440));
        assert_eq!(at(-86_400), Some(-1_440));
    }

    #[test]
    fn a_newer_server_is_told_by_its_three_numbers_and_an_older_one_is_not() {
        let server = proven(1, "0.1.0");
        assert_eq!(server.newer_version("0.0.9"), Some("0.1.0".to_owned()));
        assert_eq!(server.newer_version("0.1.0"), None);
        assert_eq!(server.newer_version("0.2.0"), None);
        let mut odd = server;
        odd.info.version = "1.2.3-beta<b>".to_owned();
        assert_eq!(odd.newer_version("0.1.0"), Some("1.2.3".to_owned()));
    }
}
