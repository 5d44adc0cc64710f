//! Pages of lists. The `Link` header with `rel="next"` leads to the next page, if there is one.

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[cfg_attr(feature = "typescript", ts(export, export_to = "protocol.ts"))]
pub struct Page<T> {
    /// The items, in the order the list promises.
    pub items: Vec<T>,
    /// What to send as `after` for the next page; absent on the last.
    pub next: Option<String>,
}
