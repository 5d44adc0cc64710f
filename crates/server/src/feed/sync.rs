//! Catching up without a socket.

use deskbell_protocol::Sync;

use super::cursor::Cursor;
use super::hydrate;
use super::position::{Start, position};
use super::wake::BATCH;
use crate::app::App;
use crate::conversations::Reader;
use crate::store::Error;

/// Everything that changed since the cursor. Without a cursor, or with one that cannot be resumed,
/// it says where to go on from after the lists were loaded.
///
/// # Errors
/// When the database fails.
pub async fn sync(app: &App, reader: Reader, cursor: Option<&str>) -> Result<Sync, Error> {
    let feed = reader.feed();
    let epoch = app.store.epoch();
    let position = position(&app.store, feed).await?;
    let place = |seq| Cursor { epoch, seq }.to_string();
    match position.start(epoch, cursor.unwrap_or_default()) {
        Start::Anew(seq) => Ok(Sync {
            cursor: place(seq),
            events: Vec::new(),
            more: false,
            resync: true,
        }),
        Start::Resume(seq) => {
            let events = hydrate::events(&app.store, feed, seq, BATCH).await?;
            if events.first().is_some_and(|event| event.seq != seq + 1) {
                // Removed since the position was read.
                let cursor = place(position.newest);
                return Ok(Sync {
                    cursor,
                    events: Vec::new(),
                    more: false,
                    resync: true,
                });
            }
            let seq = events.last().map_or(seq, |event| event.seq);
            Ok(Sync {
                cursor: place(seq),
                events,
                more: seq < position.newest,
                resync: false,
            })
        }
    }
}
