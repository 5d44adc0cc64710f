//! The calls of somebody who is signed in.

use deskbell_protocol::{
    Article, ConversationId, ConversationItem, CreateConversation, Device, MarkRead, Me, Message,
    Page, SendMessage, SessionId, Sync, Timestamp, limits,
};
use reqwest::{Method, RequestBuilder};
use serde::de::DeserializeOwned;

use super::{ApiError, Proven, answer};
use crate::secret::Token;

/// A proven server and the session to use there.
#[derive(Debug, Clone)]
pub struct Authorized {
    server: Proven,
    token: Token,
}

impl Authorized {
    pub(super) fn new(server: Proven, token: Token) -> Self {
        Self { server, token }
    }

    /// `GET /v1/me`.
    ///
    /// # Errors
    /// As every call: unheard or refused.
    pub async fn me(&self) -> Result<Me, ApiError> {
        self.get("/v1/me").await
    }

    /// `GET /v1/devices`.
    ///
    /// # Errors
    /// As every call: unheard or refused.
    pub async fn devices(&self) -> Result<Vec<Device>, ApiError> {
        self.get::<answer::Items<Device>>("/v1/devices")
            .await
            .map(answer::Items::into_vec)
    }

    /// `GET /v1/articles`.
    ///
    /// # Errors
    /// As every call: unheard or refused.
    pub async fn articles(&self) -> Result<Vec<Article>, ApiError> {
        self.get::<answer::Items<Article>>("/v1/articles")
            .await
            .map(answer::Items::into_vec)
    }

    /// `GET /v1/sessions`.
    ///
    /// # Errors
    /// As every call: unheard or refused.
    pub async fn sessions(&self) -> Result<Vec<deskbell_protocol::Session>, ApiError> {
        let items: answer::Items<_> = self.get("/v1/sessions").await?;
        Ok(items.into_vec())
    }

    /// `DELETE /v1/sessions/{id}`.
    ///
    /// # Errors
    /// As every call: unheard or refused.
    pub async fn end_session(&self, id: SessionId) -> Result<(), ApiError> {
        answer::nothing(self.request(Method::DELETE, &format!("/v1/sessions/{id}"))).await
    }

    /// `DELETE /v1/session`: this one.
    ///
    /// # Errors
    /// As every call: unheard or refused.
    pub async fn sign_out(&self) -> Result<(), ApiError> {
        answer::nothing(self.request(Method::DELETE, "/v1/session")).await
    }

    /// `GET /v1/conversations`, a page; `after` from the page before.
    ///
    /// # Errors
    /// As every call: unheard or refused.
    pub async fn conversations(
        &self,
        after: Option<&str>,
    ) -> Result<Page<ConversationItem>, ApiError> {
        self.page("/v1/conversations", "after", after).await
    }

    /// `GET /v1/conversations/{id}`.
    ///
    /// # Errors
    /// As every call: unheard or refused.
    pub async fn conversation(&self, id: ConversationId) -> Result<ConversationItem, ApiError> {
        self.get(&format!("/v1/conversations/{id}")).await
    }

    /// `GET /v1/conversations/{id}/messages`: the newest page, or the one before a place.
    ///
    /// # Errors
    /// As every call: unheard or refused.
    pub async fn messages(
        &self,
        id: ConversationId,
        before: Option<u64>,
    ) -> Result<Page<Message>, ApiError> {
        let before = before.map(|seq| seq.to_string());
        let path = format!("/v1/conversations/{id}/messages");
        self.page(&path, "before", before.as_deref()).await
    }

    /// `POST /v1/conversations`. Idempotent by id; what it led to comes over the feed.
    ///
    /// # Errors
    /// As every call: unheard or refused. An answer that does not name the id is no acknowledgement.
    pub async fn create_conversation(&self, request: &CreateConversation) -> Result<(), ApiError> {
        let sent = self
            .request(Method::POST, "/v1/conversations")
            .json(request);
        answer::acknowledged(sent, request.id.0).await
    }

    /// `POST /v1/conversations/{id}/messages`. Idempotent by id; the stored line comes over the feed.
    ///
    /// # Errors
    /// As every call: unheard or refused. An answer that does not name the id is no acknowledgement.
    pub async fn send_message(
        &self,
        to: ConversationId,
        message: &SendMessage,
    ) -> Result<(), ApiError> {
        let path = format!("/v1/conversations/{to}/messages");
        answer::acknowledged(
            self.request(Method::POST, &path).json(message),
            message.id.0,
        )
        .await
    }

    /// `POST /v1/conversations/{id}/read`.
    ///
    /// # Errors
    /// As every call: unheard or refused.
    pub async fn mark_read(&self, id: ConversationId, seq: u64) -> Result<(), ApiError> {
        let path = format!("/v1/conversations/{id}/read");
        answer::nothing(self.request(Method::POST, &path).json(&MarkRead { seq })).await
    }

    /// `GET /v1/sync`: what has changed since the cursor.
    ///
    /// # Errors
    /// As every call: unheard or refused.
    pub async fn sync(&self, cursor: Option<&str>) -> Result<Sync, ApiError> {
        self.get(&sync_path(cursor)).await
    }

    /// The server's clock when it proved to be Deskbell.
    pub(crate) fn server_time(&self) -> Timestamp {
        self.server.info.time
    }

    /// The feed's request, for the handshake.
    pub(crate) fn feed_request(&self) -> RequestBuilder {
        let url = self.server.api.address.at("/v1/feed");
        self.server
            .api
            .http
            .get(url)
            .bearer_auth(self.token.reveal())
    }

    async fn page<T: DeserializeOwned>(
        &self,
        path: &str,
        key: &str,
        value: Option<&str>,
    ) -> Result<Page<T>, ApiError> {
        self.get(&page_path(path, key, value)).await
    }

    async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, ApiError> {
        answer::json(self.request(Method::GET, path)).await
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.server
            .request(method, path)
            .bearer_auth(self.token.reveal())
    }
}

fn sync_path(cursor: Option<&str>) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(cursor.map(|cursor| ("cursor", cursor)));
    format!("/v1/sync?{}", query.finish())
}

fn page_path(path: &str, key: &str, value: Option<&str>) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("limit", &limits::PAGE_ITEMS.to_string());
    if let Some(value) = value {
        query.append_pair(key, value);
    }
    format!("{path}?{}", query.finish())
}
