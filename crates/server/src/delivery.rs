//! Codes on their way to people: a queue in the database, and what carries them from there.
//!
//! A job survives a restart, is tried again until it is taken, and is never sent once its code is
//! too old. The request that caused it has been answered long before.

pub mod carrier;
pub mod gateway;
pub mod letter;
pub mod mailbox;
pub mod queue;
pub mod smtp;
pub mod worker;

pub use carrier::{Carrier, Carriers, Failure};
pub use letter::{Channel, Letter};
pub(crate) use smtp::secret;

pub use mailbox::{Mailbox, Posted};
