//! Asks the server, and looks at the way there.

use crate::address::ServerAddress;
use crate::api::{Api, Proven};
use crate::check::certificate;
use crate::check::facts::{Answer, Asked, ServerFacts, Websocket};
use crate::clock::Clock;
use crate::feed::handshake;
use crate::proxy::Proxy;
use crate::secret::KeptSession;

/// With what the server is asked.
#[derive(Debug, Clone)]
pub struct Question {
    /// Its address as it was configured.
    pub address: String,
    /// Which way to it.
    pub proxy: Proxy,
    /// This client's version.
    pub version: String,
    /// The session there, if somebody is signed in.
    pub session: Option<KeptSession>,
}

/// Asks the server. Takes some seconds when it is not heard.
pub async fn ask(question: &Question, clock: &dyn Clock) -> ServerFacts {
    if question.address.trim().is_empty() {
        return ServerFacts::NoAddress;
    }
    let Ok(address) = ServerAddress::parse(&question.address) else {
        return ServerFacts::AddressInvalid;
    };
    let agent = format!("Deskbell/{} (check)", question.version);
    let api = Api::new(address.clone(), &agent, &question.proxy);
    let proven = match api {
        Ok(api) => api.prove().await,
        Err(error) => Err(error),
    };
    let now = clock.now();
    let answer = proven.as_ref().map(|proven| Answer {
        info: proven.info.clone(),
        fit: proven.fit(&question.version),
        clock_off_minutes: proven.clock_off_minutes(now),
    });
    let websocket = match &proven {
        Ok(proven) => Some(websocket(proven, question).await),
        Err(_) => None,
    };
    ServerFacts::Asked(Asked {
        host: address.host(),
        proxy: question.proxy.on_the_way_to(&address),
        answer: answer.map_err(|error| error.offline_reason()),
        issuer: issuer(&address, &question.proxy).await,
        websocket,
    })
}

async fn issuer(address: &ServerAddress, proxy: &Proxy) -> Option<String> {
    if address.is_encrypted() {
        certificate::issuer(address, proxy).await
    } else {
        None
    }
}

/// A token goes to the server that gave it and to no other.
async fn websocket(proven: &Proven, question: &Question) -> Websocket {
    let session = question.session.as_ref();
    let session = session.filter(|session| session.server == proven.address().text());
    let opened = match session {
        Some(session) => handshake::open(&proven.with(session.token.clone()))
            .await
            .map(drop),
        None => handshake::knock(proven).await,
    };
    match opened {
        Ok(()) => Websocket::Opened,
        Err(error) if error.session_over().is_some() => Websocket::Answered,
        Err(error) => Websocket::Refused(error.offline_reason()),
    }
}
