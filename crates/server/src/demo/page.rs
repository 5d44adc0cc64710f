//! The mailbox page, for people and for programs.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};

use super::Demo;
use crate::delivery::{Channel, Posted};

const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'";
const STYLE: &str = "body{font:16px/1.5 'Segoe UI',system-ui,sans-serif;max-width:44rem;margin:2rem auto;\
padding:0 1rem;color-scheme:light dark}article{border:1px solid #8888;border-radius:8px;padding:.75rem 1rem;\
margin:1rem 0}header{opacity:.8}p{white-space:pre-wrap;margin:.5rem 0 0}\
code{font-size:1.5rem;letter-spacing:.15em;font-variant-numeric:tabular-nums}table{border-spacing:0 .25rem}\
td{padding-right:1.5rem}";

/// Shows the letters, newest first; as JSON, oldest first, to who asks for JSON.
pub async fn show(State(demo): State<Arc<Demo>>, headers: HeaderMap) -> Response {
    if !named_as_itself(&headers, demo.address) {
        // A page elsewhere may have pointed its own name at this machine.
        return (
            StatusCode::FORBIDDEN,
            "Open this page under its own address.",
        )
            .into_response();
    }
    let accept = headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok());
    let mut response = if accept.is_some_and(|accept| accept.contains("application/json")) {
        Json(demo.mailbox.letters()).into_response()
    } else {
        Html(page(&demo)).into_response()
    };
    let headers = response.headers_mut();
    headers.insert(
        header::CACHE_CONTROL,
        header::HeaderValue::from_static("no-store"),
    );
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        header::HeaderValue::from_static(POLICY),
    );
    response
}

fn named_as_itself(headers: &HeaderMap, address: SocketAddr) -> bool {
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or_default();
    host == address.to_string() || host == format!("localhost:{}", address.port())
}

fn page(demo: &Demo) -> String {
    let mut html = format!(
        "<!doctype html><html lang=en><meta charset=utf-8><meta http-equiv=refresh content=2>\
         <meta name=viewport content='width=device-width'><title>Deskbell demo mailbox</title>\
         <style>{STYLE}</style><h1>Demo mailbox</h1>\
         <p>What Deskbell would have mailed or texted. This page renews itself.</p>\
         <h2>Technicians’ authenticators now</h2><table>"
    );
    let now = demo.clock.now().as_millis();
    for (email, authenticator) in &demo.people.authenticators {
        let digits = authenticator.digits_at(now);
        let _ = write!(html, "<tr><td>{}<td><code>{digits}</code>", escape(email));
    }
    html.push_str("</table><h2>Messages</h2>");
    let letters = demo.mailbox.letters();
    if letters.is_empty() {
        html.push_str("<p>None yet. Ask for a code.</p>");
    }
    for letter in letters.iter().rev() {
        html.push_str(&article(letter));
    }
    html
}

fn article(letter: &Posted) -> String {
    let way = match letter.channel {
        Channel::Email => "Mail",
        Channel::Sms => "Text message",
    };
    format!(
        "<article><header>{way} to {} · <time>{}</time></header><code>{}</code><p>{}</p></article>",
        escape(&letter.to),
        letter.sent_at,
        letter.code().unwrap_or_default(),
        escape(&letter.text)
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
