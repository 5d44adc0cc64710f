//! Conversations and their messages: what may be done with them, and how it is written down.
//!
//! Whatever changes a conversation first takes its row, then the feeds in order, so that writers
//! line up and never wait for each other in a circle.

#[macro_use]
mod sql;

mod assign;
mod close;
mod create;
mod find;
mod history;
mod line;
mod list;
mod post;
mod read;
mod reader;
mod received;
mod row;
mod send;
mod text;
mod writer;

pub use assign::assign;
pub use close::close;
pub use create::create;
pub(crate) use find::unread_count;
pub use find::{find, find_item};
pub use history::history;
pub use list::{Filter, Place, list};
pub use read::mark_read;
pub use reader::{Reader, Side};
pub use received::mark_received;
pub use row::{MessageRow, person};
pub use send::send;
pub(crate) use sql::message_columns;
pub use writer::Writer;
