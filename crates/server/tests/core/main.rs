//! The server as its clients see it: over HTTP and the feed, on both databases where that matters.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::too_many_lines,
    reason = "a test says what is wrong by failing"
)]

/// Runs each test of the module on SQLite and on PostgreSQL.
macro_rules! on_both_engines {
    ($($test:ident,)*) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                super::$test(crate::world::World::on_sqlite().await).await;
            })*
        }

        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                super::$test(crate::world::World::on_postgres().await).await;
            })*
        }
    };
}

mod browser;
mod conversations;
mod errors;
mod feed;
mod limits;
mod messages;
mod notes;
mod roles;
mod sessions;
mod sockets;
mod visibility;
mod world;
