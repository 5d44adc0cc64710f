//! Websocket frames from a server: never masked.

use std::io;

use super::http::Reader;

const TEXT: u8 = 1;

/// One frame.
pub struct Frame {
    /// All of it.
    pub bytes: Vec<u8>,
    opcode: u8,
    head_bytes: usize,
}

impl Frame {
    /// What it says, if it is text.
    pub fn text(&self) -> Option<&str> {
        let body = self.bytes.get(self.head_bytes..)?;
        (self.opcode == TEXT).then(|| std::str::from_utf8(body).ok())?
    }
}

/// The frames of a stream.
pub struct Frames(Reader);

impl Frames {
    /// From here on.
    pub fn new(reader: Reader) -> Self {
        Self(reader)
    }

    /// The next frame; none when the stream ends.
    pub async fn next(&mut self) -> io::Result<Option<Frame>> {
        let Some(mut bytes) = self.0.exactly(2).await? else {
            return Ok(None);
        };
        let [first, second] = <[u8; 2]>::try_from(bytes.as_slice()).unwrap_or_default();
        let more = match second & 0x7f {
            126 => 2,
            127 => 8,
            _ => 0,
        };
        let Some(longer) = self.0.exactly(more).await? else {
            return Ok(None);
        };
        let length = if more == 0 {
            usize::from(second & 0x7f)
        } else {
            longer
                .iter()
                .fold(0_usize, |sum, byte| (sum << 8) | usize::from(*byte))
        };
        bytes.extend(longer);
        let head_bytes = bytes.len();
        let Some(body) = self.0.exactly(length).await? else {
            return Ok(None);
        };
        bytes.extend(body);
        Ok(Some(Frame {
            bytes,
            opcode: first & 0x0f,
            head_bytes,
        }))
    }
}
