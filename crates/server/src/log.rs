//! What is logged: to standard error, by `tracing` filters.
//!
//! Logs carry ids. Codes, tokens, addresses and texts have types that hide them or stay out of events.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

/// Begins to log. A filter that makes no sense logs `info`.
pub fn start(filter: &str) {
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let _ = tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_env_filter(filter)
        .try_init();
}
