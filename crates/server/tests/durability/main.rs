//! What is acknowledged stays: the program itself, killed, cut off, damaged and restored.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test says what is wrong by failing"
)]

mod copies;
mod damage;
mod kills;
mod load;
mod migrations;
mod people;
mod place;
mod power;
