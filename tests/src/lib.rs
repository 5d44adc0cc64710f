//! Deskbell as people meet it: the built programs, and an employee and a technician who use them.
//!
//! The end-to-end tests, the tour that leaves pictures and the benchmarks all drive these.

pub mod api;
pub mod employee;
pub mod letters;
pub mod packages;
pub mod programs;
pub mod server;
pub mod technician;
