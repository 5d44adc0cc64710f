//! Somebody who calls the API, signed in or not.

use anyhow::{Context, Result};
use deskbell_protocol::{ErrorCode, Role};
use reqwest::header::HeaderMap;
use reqwest::{Client, Method, Response, StatusCode};
use serde_json::{Value, json};

/// A caller. Requesters carry a token, technicians the console's cookie, origin and header.
#[derive(Clone)]
pub struct Caller {
    url: String,
    http: Client,
    headers: Vec<(String, String)>,
    /// The token, however it is carried.
    pub token: Option<String>,
}

/// What the server answered.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body's bytes as text.
    pub text: String,
    /// The body as JSON; null if it is none.
    pub body: Value,
}

impl Caller {
    /// Calls the server at this address, signed in as nobody.
    #[must_use]
    pub fn of(url: &str) -> Self {
        let http = Client::builder().no_proxy().build().unwrap_or_default();
        Self {
            url: url.to_owned(),
            http,
            headers: Vec::new(),
            token: None,
        }
    }

    /// The same caller with this token.
    #[must_use]
    pub fn with(&self, role: Role, token: &str) -> Self {
        let mut caller = self.clone();
        caller.token = Some(token.to_owned());
        match role {
            Role::Requester => caller.add("authorization", &format!("Bearer {token}")),
            Role::Technician | Role::Admin => {
                caller.add("cookie", &format!("__Host-sid={token}"));
                caller.add("origin", &self.url);
                caller.add("x-deskbell-request", "1");
            }
        }
        caller
    }

    /// The same caller, as if from this address.
    #[must_use]
    pub fn from_ip(&self, ip: &str) -> Self {
        let mut caller = self.clone();
        caller.add("x-forwarded-for", ip);
        caller
    }

    /// The same caller with this header as well.
    #[must_use]
    pub fn header(&self, name: &str, value: &str) -> Self {
        let mut caller = self.clone();
        caller.add(name, value);
        caller
    }

    /// The same caller at another server's address.
    #[must_use]
    pub fn at(&self, url: &str) -> Self {
        let mut caller = self.clone();
        url.clone_into(&mut caller.url);
        caller
    }

    /// Where it calls.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The headers it sends with every call.
    #[must_use]
    pub fn headers(&self) -> &[(String, String)] {
        &self.headers
    }

    fn add(&mut self, name: &str, value: &str) {
        self.headers.retain(|(other, _)| other != name);
        self.headers.push((name.to_owned(), value.to_owned()));
    }

    /// GET.
    ///
    /// # Errors
    /// When the server does not answer.
    pub async fn get(&self, path: &str) -> Result<Answer> {
        self.send(Method::GET, path, None).await
    }

    /// POST with a JSON body.
    ///
    /// # Errors
    /// When the server does not answer.
    pub async fn post(&self, path: &str, body: Value) -> Result<Answer> {
        self.send(Method::POST, path, Some(body)).await
    }

    /// DELETE.
    ///
    /// # Errors
    /// When the server does not answer.
    pub async fn delete(&self, path: &str) -> Result<Answer> {
        self.send(Method::DELETE, path, None).await
    }

    /// Any method.
    ///
    /// # Errors
    /// When the server does not answer.
    pub async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Result<Answer> {
        let mut request = self.http.request(method, format!("{}{path}", self.url));
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        Self::read(request.send().await?).await
    }

    /// Any method, any body, of this media type or of none.
    ///
    /// # Errors
    /// When the server does not answer.
    pub async fn send_raw(
        &self,
        method: Method,
        path: &str,
        media_type: &str,
        body: &str,
    ) -> Result<Answer> {
        let mut request = self.http.request(method, format!("{}{path}", self.url));
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        if !media_type.is_empty() {
            request = request.header("content-type", media_type);
        }
        Self::read(request.body(body.to_owned()).send().await?).await
    }

    async fn read(response: Response) -> Result<Answer> {
        let (status, headers) = (response.status(), response.headers().clone());
        let text = response.text().await?;
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Ok(Answer {
            status,
            headers,
            text,
            body,
        })
    }

    /// Opens a challenge and gives its id.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn start_sign_in(&self, email: &str) -> Result<String> {
        let answer = self.post("/v1/sign-in", json!({"email": email})).await?;
        let id = answer.body.get("challenge_id").and_then(Value::as_str);
        Ok(id
            .with_context(|| format!("no challenge: {answer:?}"))?
            .to_owned())
    }

    /// Asks for a code by e-mail.
    ///
    /// # Errors
    /// When the server does not answer.
    pub async fn ask_for_mail(&self, challenge: &str) -> Result<Answer> {
        self.post(
            &format!("/v1/sign-in/{challenge}/code"),
            json!({"method": "email"}),
        )
        .await
    }

    /// Asks for a code by text message.
    ///
    /// # Errors
    /// When the server does not answer.
    pub async fn ask_for_text(&self, challenge: &str, phone: &str) -> Result<Answer> {
        let wanted = json!({"method": "sms", "phone": phone});
        self.post(&format!("/v1/sign-in/{challenge}/code"), wanted)
            .await
    }

    /// Tries a code.
    ///
    /// # Errors
    /// When the server does not answer.
    pub async fn try_code(&self, challenge: &str, code: &str) -> Result<Answer> {
        self.post(
            &format!("/v1/sign-in/{challenge}/verify"),
            json!({"code": code}),
        )
        .await
    }

    /// Tries an authenticator's digits.
    ///
    /// # Errors
    /// When the server does not answer.
    pub async fn try_digits(&self, challenge: &str, digits: &str) -> Result<Answer> {
        self.post(
            &format!("/v1/sign-in/{challenge}/second-factor"),
            json!({"totp": digits}),
        )
        .await
    }
}

impl Answer {
    /// The stable code of a problem.
    #[must_use]
    pub fn code(&self) -> Option<ErrorCode> {
        serde_json::from_value(self.body.get("code")?.clone()).ok()
    }

    /// The status with the problem's code and the tries that remain, for one comparison.
    #[must_use]
    pub fn refusal(&self) -> (u16, Option<ErrorCode>, Option<u64>) {
        let tries = self.body.get("attempts_left").and_then(Value::as_u64);
        (self.status.as_u16(), self.code(), tries)
    }

    /// The seconds in `Retry-After`.
    #[must_use]
    pub fn retry_after(&self) -> Option<u64> {
        self.headers.get("retry-after")?.to_str().ok()?.parse().ok()
    }
}
