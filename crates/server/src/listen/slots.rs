//! Counting the open connections of each address.

use std::collections::HashMap;
use std::io;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use ipnet::Ipv6Net;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Who has how many.
#[derive(Clone)]
pub struct Slots {
    each: Option<usize>,
    taken: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

/// One of an address's connections; given back when dropped.
pub struct Slot {
    owner: Mutex<Option<(Slots, IpAddr)>>,
}

impl Slot {
    fn of(owner: Option<(Slots, IpAddr)>) -> Self {
        Self {
            owner: Mutex::new(owner),
        }
    }

    /// Gives it back before the connection ends.
    pub fn give_back(&self) {
        let owner = self
            .owner
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some((slots, ip)) = owner {
            slots.give_back(ip);
        }
    }
}

impl Slots {
    /// So many for each address.
    pub fn new(each: Option<usize>) -> Self {
        Self {
            each,
            taken: Arc::default(),
        }
    }

    /// One more for this address; `None` if it has all it may have. Who is `exempt` is not counted.
    pub fn take(&self, ip: IpAddr, exempt: bool) -> Option<Slot> {
        let Some(most) = self.each.filter(|_| !exempt) else {
            return Some(Slot::of(None));
        };
        let ip = network(ip);
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let count = taken.entry(ip).or_default();
        if *count >= most {
            return None;
        }
        *count += 1;
        Some(Slot::of(Some((self.clone(), ip))))
    }

    fn give_back(&self, ip: IpAddr) {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = taken.get_mut(&ip) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&ip);
            }
        }
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        Slot::give_back(self);
    }
}

fn network(ip: IpAddr) -> IpAddr {
    match ip {
        IpAddr::V4(_) => ip,
        IpAddr::V6(ip) => IpAddr::V6(Ipv6Net::new_assert(ip, 64).trunc().addr()),
    }
}

/// A connection that holds its slot for as long as it lives, or until it becomes a feed.
pub struct Counted<S> {
    stream: S,
    _slot: Arc<Slot>,
}

impl<S> Counted<S> {
    pub fn new(stream: S, slot: Arc<Slot>) -> Self {
        Self {
            stream,
            _slot: slot,
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Counted<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Counted<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_has_all_its_connections_gets_one_when_it_gives_one_back() {
        let slots = Slots::new(Some(2));
        let [one, other] = ["192.0.2.1", "192.0.2.2"].map(|ip| ip.parse::<IpAddr>().unwrap());
        let first = slots.take(one, false);
        let second = slots.take(one, false);
        assert!(first.is_some() && second.is_some());
        assert!(slots.take(one, false).is_none());
        assert!(
            slots.take(one, true).is_some(),
            "a trusted proxy is not counted"
        );
        assert!(
            slots.take(other, false).is_some(),
            "others are not affected"
        );
        drop(first);
        assert!(slots.take(one, false).is_some());
        drop(second);
    }

    #[test]
    fn nothing_is_kept_of_addresses_that_have_gone() {
        let slots = Slots::new(Some(2));
        drop(slots.take("2001:db8::1".parse().unwrap(), false));
        assert!(slots.taken.lock().unwrap().is_empty());
    }
}
