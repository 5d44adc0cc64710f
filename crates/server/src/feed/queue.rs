//! What waits to be written to one socket, bounded in number and bytes.

use std::collections::VecDeque;

use axum::extract::ws::Utf8Bytes;

/// Something to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frame {
    /// An event of the feed, with its number.
    Event(u64, Utf8Bytes),
    /// Something that is not stored and may be left out: typing, viewing.
    Aside(Utf8Bytes),
}

impl Frame {
    fn bytes(&self) -> usize {
        match self {
            Self::Event(_, text) | Self::Aside(text) => text.len(),
        }
    }
}

/// What the socket's task shall do next, most urgent first.
#[derive(Debug, PartialEq, Eq)]
pub enum Work {
    /// Close with this code.
    Close(u16),
    /// Ask the database whether the session still lives.
    Recheck,
    /// Ask the peer whether it is there.
    Ping,
    /// Write this.
    Write(Frame),
}

/// What waits.
#[derive(Debug, Default)]
pub struct Queue {
    frames: VecDeque<Frame>,
    bytes: usize,
    close: Option<u16>,
    recheck: bool,
    ping: bool,
}

impl Queue {
    /// Adds a frame. Returns false when there is no room: an event then closes the socket, an aside
    /// is left out.
    pub fn push(&mut self, frame: Frame, max_frames: usize, max_bytes: usize) -> bool {
        if self.close.is_some() {
            return false;
        }
        let bytes = self.bytes + frame.bytes();
        if self.frames.len() >= max_frames || bytes > max_bytes {
            return false;
        }
        self.bytes = bytes;
        self.frames.push_back(frame);
        true
    }

    /// Asks for the end, with this code. The first asks wins; what waits is dropped.
    pub fn close(&mut self, code: u16) {
        self.close.get_or_insert(code);
        self.frames = VecDeque::new();
        self.bytes = 0;
    }

    /// Whether the end was asked for.
    pub fn is_closing(&self) -> bool {
        self.close.is_some()
    }

    /// Asks for a look at the session.
    pub fn recheck(&mut self) {
        self.recheck = true;
    }

    /// Asks for a ping.
    pub fn ping(&mut self) {
        self.ping = true;
    }

    /// Takes what is to be done next.
    pub fn take(&mut self) -> Option<Work> {
        if let Some(code) = self.close {
            return Some(Work::Close(code));
        }
        if std::mem::take(&mut self.recheck) {
            return Some(Work::Recheck);
        }
        if std::mem::take(&mut self.ping) {
            return Some(Work::Ping);
        }
        let frame = self.frames.pop_front()?;
        self.bytes -= frame.bytes();
        if self.frames.is_empty() {
            // A client that is quiet again shall not keep what a burst needed.
            self.frames = VecDeque::new();
        }
        Some(Work::Write(frame))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(seq: u64, text: &'static str) -> Frame {
        Frame::Event(seq, Utf8Bytes::from_static(text))
    }

    #[test]
    fn a_queue_takes_no_more_than_its_number_and_bytes() {
        let mut queue = Queue::default();
        assert!(queue.push(event(1, "abc"), 2, 100));
        assert!(queue.push(event(2, "abc"), 2, 100));
        assert!(
            !queue.push(event(3, "abc"), 2, 100),
            "a third is one too many"
        );
        let mut queue = Queue::default();
        assert!(queue.push(event(1, "abc"), 10, 5));
        assert!(
            !queue.push(event(2, "abc"), 10, 5),
            "six bytes are one too many"
        );
        assert_eq!(queue.take(), Some(Work::Write(event(1, "abc"))));
        assert!(queue.push(event(2, "abc"), 10, 5), "room is given back");
    }

    #[test]
    fn closing_comes_before_everything_and_only_once() {
        let mut queue = Queue::default();
        queue.push(event(1, "abc"), 10, 100);
        queue.ping();
        queue.close(4403);
        queue.close(4410);
        assert_eq!(queue.take(), Some(Work::Close(4403)));
        assert!(
            !queue.push(event(2, "abc"), 10, 100),
            "nothing follows the end"
        );
    }
}
