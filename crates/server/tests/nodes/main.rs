//! Several servers on one PostgreSQL, as they run at a provider's: real processes, a real NATS server
//! between them and a real HAProxy in front.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::too_many_lines,
    reason = "a test says what is wrong by failing"
)]

mod bus;
mod cluster;
mod codes;
mod failover;
mod health;
mod presence;
mod restarts;
mod revocation;
