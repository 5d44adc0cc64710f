//! A client of the API without a face, for filling a server with what others do meanwhile.

use anyhow::{Context, Result, bail};
use deskbell_protocol::{ConversationId, MessageId, Problem, SignInStarted, SignedIn};
use reqwest::{Method, StatusCode, header};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::letters::{Letters, authenticator_digits};

/// Somebody who is signed in.
#[derive(Debug, Clone)]
pub struct Visitor {
    client: reqwest::Client,
    url: String,
    /// The header that proves it, and its value.
    proof: (header::HeaderName, String),
}

impl Visitor {
    /// Signs a requester in with a code from the letters.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn requester(url: &str, email: &str, letters: &impl Letters) -> Result<Self> {
        let signing = SigningIn::begin(url, email, letters).await?;
        let answer = signing.verify().await?.error_for_status()?;
        let signed_in: SignedIn = serde_json::from_str(&answer.text().await?)?;
        let token = signed_in.token.context("a requester gets a token")?;
        Ok(Self::with_token(url, &token))
    }

    /// Signs a technician in with a code from the letters and the authenticator's digits.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn technician(
        url: &str,
        email: &str,
        letters: &impl Letters,
        secret: &str,
    ) -> Result<Self> {
        let signing = SigningIn::begin(url, email, letters).await?;
        let answer = signing.verify().await?;
        if answer.status() != StatusCode::FORBIDDEN {
            bail!("no second factor is asked for: {}", answer.status());
        }
        let path = format!("/v1/sign-in/{}/second-factor", signing.challenge);
        let digits = json!({ "totp": authenticator_digits(secret)? });
        let answer = signing.post(&path, &digits).await?.error_for_status()?;
        let cookie = answer
            .headers()
            .get(header::SET_COOKIE)
            .context("a technician gets a cookie")?;
        let cookie = cookie
            .to_str()?
            .split(';')
            .next()
            .unwrap_or_default()
            .to_owned();
        Ok(Self {
            client: signing.client,
            url: url.to_owned(),
            proof: (header::COOKIE, cookie),
        })
    }

    /// A requester with a token from elsewhere.
    #[must_use]
    pub fn with_token(url: &str, token: &str) -> Self {
        let proof = (header::AUTHORIZATION, format!("Bearer {token}"));
        Self {
            client: reqwest::Client::new(),
            url: url.to_owned(),
            proof,
        }
    }

    /// The header that proves who this is, and its value.
    #[must_use]
    pub fn proof(&self) -> (&str, &str) {
        (self.proof.0.as_str(), &self.proof.1)
    }

    /// Asks for help.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn ask(&self, description: &str) -> Result<ConversationId> {
        let id = new_id();
        let body = json!({ "id": id, "description": description, "device_id": null });
        self.send(Method::POST, "/v1/conversations", Some(&body))
            .await?;
        id.to_string().parse().ok().context("an id")
    }

    /// Takes a conversation.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn take(&self, id: ConversationId) -> Result<()> {
        let body = json!({ "technician_id": "me", "replaces": null });
        self.send(
            Method::POST,
            &format!("/v1/conversations/{id}/assign"),
            Some(&body),
        )
        .await
        .map(drop)
    }

    /// Closes a conversation.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn close(&self, id: ConversationId) -> Result<()> {
        self.send(
            Method::POST,
            &format!("/v1/conversations/{id}/close"),
            Some(&json!({})),
        )
        .await
        .map(drop)
    }

    /// Writes a message.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn write(&self, conversation: ConversationId, text: &str) -> Result<MessageId> {
        let id = new_id();
        let body = json!({ "id": id, "body": text, "attachments": [], "kind": "message" });
        self.send(
            Method::POST,
            &format!("/v1/conversations/{conversation}/messages"),
            Some(&body),
        )
        .await?;
        id.to_string().parse().ok().context("an id")
    }

    /// Asks for something.
    ///
    /// # Errors
    /// When the server refuses or answers something else.
    pub async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T> {
        Ok(serde_json::from_str(
            &self.send(Method::GET, path, None).await?,
        )?)
    }

    async fn send(&self, method: Method, path: &str, body: Option<&Value>) -> Result<String> {
        let mut request = self.client.request(method, format!("{}{path}", self.url));
        request = request
            .header(&self.proof.0, &self.proof.1)
            .header(header::ORIGIN, &self.url)
            .header("x-deskbell-request", "1");
        if let Some(body) = body {
            request = request.json(body);
        }
        let answer = request.send().await?;
        let status = answer.status();
        let text = answer.text().await?;
        if status.is_success() {
            return Ok(text);
        }
        let problem: Option<Problem> = serde_json::from_str(&text).ok();
        bail!(
            "{path} answered {status}: {}",
            problem.map_or(text, |problem| problem.detail)
        )
    }
}

/// A sign-in for which a code has come.
struct SigningIn {
    client: reqwest::Client,
    url: String,
    challenge: String,
    code: String,
}

impl SigningIn {
    async fn begin(url: &str, email: &str, letters: &impl Letters) -> Result<Self> {
        let client = reqwest::Client::new();
        let mut signing = Self {
            client,
            url: url.to_owned(),
            challenge: String::new(),
            code: String::new(),
        };
        let started = signing
            .post("/v1/sign-in", &json!({ "email": email }))
            .await?
            .error_for_status()?;
        let started: SignInStarted = serde_json::from_str(&started.text().await?)?;
        signing.challenge = started.challenge_id.to_string();
        let path = format!("/v1/sign-in/{}/code", signing.challenge);
        signing
            .post(&path, &json!({ "method": "email" }))
            .await?
            .error_for_status()?;
        signing.code = letters.code(email, 1).await?;
        Ok(signing)
    }

    async fn verify(&self) -> Result<reqwest::Response> {
        let path = format!("/v1/sign-in/{}/verify", self.challenge);
        self.post(&path, &json!({ "code": self.code })).await
    }

    async fn post(&self, path: &str, body: &Value) -> Result<reqwest::Response> {
        Ok(self
            .client
            .post(format!("{}{path}", self.url))
            .json(body)
            .send()
            .await?)
    }
}

#[expect(clippy::disallowed_methods, reason = "what people do happens now")]
fn new_id() -> Uuid {
    Uuid::now_v7()
}
