//! One connection to the server that asks again as soon as it has its answer.

use std::{net::SocketAddr, time::Instant};

use anyhow::{Result, ensure};
use http_body_util::{BodyExt as _, Full};
use hyper::{
    Request,
    body::Bytes,
    client::conn::http1::{SendRequest, handshake},
};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use uuid::Uuid;

/// The connection.
pub struct Caller {
    requests: SendRequest<Full<Bytes>>,
    host: String,
}

impl Caller {
    /// Connects.
    pub async fn connect(server: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(server).await?;
        stream.set_nodelay(true)?;
        let (requests, connection) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(Self {
            requests,
            host: server.to_string(),
        })
    }

    /// Asks for help and takes it as the technician; answers with the conversation's id.
    pub async fn ask(&mut self, requester: &str) -> Result<String> {
        let id = new_id().to_string();
        let wish = json!({ "id": id, "description": "The screen stays black.", "device_id": null });
        self.post("/v1/conversations", requester, &wish).await?;
        Ok(id)
    }

    /// Takes a conversation.
    pub async fn take(&mut self, technician: &str, conversation: &str) -> Result<()> {
        let wish = json!({ "technician_id": "me", "replaces": null });
        let path = format!("/v1/conversations/{conversation}/assign");
        self.post(&path, technician, &wish).await.map(drop)
    }

    /// Writes a message; answers with the milliseconds until it was acknowledged.
    pub async fn write(&mut self, token: &str, conversation: &str, text: &str) -> Result<f64> {
        let wish = json!({ "id": new_id(), "body": text, "attachments": [], "kind": "message" });
        let path = format!("/v1/conversations/{conversation}/messages");
        self.post(&path, token, &wish).await
    }

    /// Reads something; answers with the milliseconds until all of it was there.
    pub async fn read(&mut self, token: &str, path: &str) -> Result<f64> {
        let request = self.request("GET", path, token).body(Full::default())?;
        self.send(request).await
    }

    async fn post(&mut self, path: &str, token: &str, wish: &Value) -> Result<f64> {
        let body = Full::from(wish.to_string());
        let request = self.request("POST", path, token);
        self.send(
            request
                .header("content-type", "application/json")
                .body(body)?,
        )
        .await
    }

    fn request(&self, method: &str, path: &str, token: &str) -> hyper::http::request::Builder {
        Request::builder()
            .method(method)
            .uri(path)
            .header("host", &self.host)
            .header("authorization", format!("Bearer {token}"))
    }

    async fn send(&mut self, request: Request<Full<Bytes>>) -> Result<f64> {
        let path = request.uri().path().to_owned();
        self.requests.ready().await?;
        let begin = Instant::now();
        let answer = self.requests.send_request(request).await?;
        let status = answer.status();
        let body = answer.into_body().collect().await?.to_bytes();
        let taken = begin.elapsed().as_secs_f64() * 1000.0;
        let told = String::from_utf8_lossy(&body);
        ensure!(status.is_success(), "{path} answered {status}: {told}");
        Ok(taken)
    }
}

#[expect(clippy::disallowed_methods, reason = "what people do happens now")]
fn new_id() -> Uuid {
    Uuid::now_v7()
}
