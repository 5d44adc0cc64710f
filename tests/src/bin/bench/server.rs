//! What the server holds and how it grows: memory, pace, fan-out, storage.

mod brokers;
mod caller;
pub mod crowd;
mod fanout;
mod growth;
mod memory;
mod pace;

use anyhow::Result;
use deskbell_tests::server::Server;

use crate::report::Figure;

/// A list of people with an organization and one of them; the others come later.
const NOBODY: &str = "organization,name,email\nCrowd,Nobody,nobody@crowd.example\n";

/// What can be measured, by name.
pub const NAMES: [&str; 4] = ["memory", "pace", "fanout", "growth"];

/// Measures what has this name.
pub async fn measure(name: &str, full: bool) -> Result<Vec<Figure>> {
    match name {
        "memory" => memory::measure(&[1000, 5000, 15_000]).await,
        "pace" => pace::measure().await,
        "fanout" => fanout::measure().await,
        _ => growth::measure(full).await,
    }
}

/// What an idle client costs, at 5,000 of them.
pub async fn memory_at_5000() -> Result<Vec<Figure>> {
    memory::measure(&[5000]).await
}

/// The address of the SQLite file of a server.
pub fn database(server: &Server) -> String {
    format!("sqlite:{}", server.data().join("deskbell.db").display())
}
