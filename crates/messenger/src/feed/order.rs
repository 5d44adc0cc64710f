//! Events come in order and without gaps, or the connection is given up and resumed.

/// Where the feed stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Order {
    last: Option<u64>,
}

/// What to do with an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    /// It is the next one.
    Next,
    /// It was there before.
    Duplicate,
    /// One before it is missing.
    Gap,
}

impl Order {
    /// Begins after this event; with none, the first to come sets the place.
    pub fn start(&mut self, last: Option<u64>) {
        self.last = last;
    }

    /// Judges an event and moves on if it is the next one.
    pub fn admit(&mut self, seq: u64) -> Admission {
        match self.last {
            Some(last) if seq <= last => Admission::Duplicate,
            Some(last) if seq > last + 1 => Admission::Gap,
            _ => {
                self.last = Some(seq);
                Admission::Next
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// REC-06, REC-08.
    #[test]
    fn duplicates_are_ignored_and_a_gap_is_seen() {
        let mut order = Order::default();
        order.start(Some(4));
        assert_eq!(order.admit(5), Admission::Next);
        assert_eq!(order.admit(5), Admission::Duplicate);
        assert_eq!(order.admit(3), Admission::Duplicate);
        assert_eq!(order.admit(7), Admission::Gap);
        assert_eq!(
            order.admit(6),
            Admission::Next,
            "a gap does not move the place"
        );
    }

    #[test]
    fn without_a_known_place_the_first_event_sets_it() {
        let mut order = Order::default();
        assert_eq!(order.admit(9), Admission::Next);
        assert_eq!(order.admit(11), Admission::Gap);
    }
}
