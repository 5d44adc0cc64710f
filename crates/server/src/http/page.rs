//! Pages: how many items, and the link to the next one.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use deskbell_protocol::Page;
use deskbell_protocol::limits::{PAGE_ITEMS, PAGE_ITEMS_MAX};
use serde::Serialize;
use url::form_urlencoded::Serializer;

use super::Json;
use crate::refusal::Refusal;

/// How many items the page shall have.
///
/// # Errors
/// 422 when it is none or more than a page may have.
pub fn limit(wish: Option<u32>) -> Result<u32, Refusal> {
    match wish {
        None => Ok(PAGE_ITEMS),
        Some(limit) if (1..=PAGE_ITEMS_MAX).contains(&limit) => Ok(limit),
        Some(_) => Err(Refusal::field("limit", "Ask for 1 to 200 items.")),
    }
}

/// A page, and with it the `Link` to the next one: the same address with `cursor` moved on.
pub struct Linked<T> {
    /// The page.
    pub page: Page<T>,
    /// The list's path.
    pub path: String,
    /// The parameters of this page, without the cursor.
    pub parameters: Vec<(String, String)>,
    /// What the cursor is called: `after` or `before`.
    pub cursor: &'static str,
}

impl<T: Serialize> IntoResponse for Linked<T> {
    fn into_response(self) -> Response {
        let link = self.page.next.as_ref().map(|next| {
            let mut query = Serializer::new(String::new());
            query
                .extend_pairs(&self.parameters)
                .append_pair(self.cursor, next);
            format!("<{}?{}>; rel=\"next\"", self.path, query.finish())
        });
        let mut response = Json(self.page).into_response();
        if let Some(value) = link.and_then(|link| HeaderValue::from_str(&link).ok()) {
            response.headers_mut().insert(header::LINK, value);
        }
        response
    }
}

/// A list that always fits on one page.
pub fn whole<T>(items: Vec<T>) -> Json<Page<T>> {
    Json(Page { items, next: None })
}
