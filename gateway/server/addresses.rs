//! How many connections each address has open.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The count of each address that has a connection open; as large as there are connections.
#[derive(Clone)]
pub(super) struct Addresses {
    open: Arc<Mutex<HashMap<IpAddr, usize>>>,
    max: usize,
}

/// One connection's place; given back when dropped.
pub(super) struct Place(Option<(Addresses, IpAddr)>);

impl Addresses {
    /// At most this many of one address; 0: any number.
    pub(super) fn new(max: usize) -> Self {
        Self {
            open: Arc::default(),
            max,
        }
    }

    /// A place for one more connection of this address; none when it has all of its places.
    pub(super) fn place(&self, address: IpAddr, is_exempt: bool) -> Option<Place> {
        if self.max == 0 || is_exempt {
            return Some(Place(None));
        }
        let mut open = self.lock();
        let count = open.entry(address).or_insert(0);
        if *count >= self.max {
            return None;
        }
        *count += 1;
        Some(Place(Some((self.clone(), address))))
    }

    /// Held for one look-up when a connection opens or closes, never while it is served.
    fn lock(&self) -> MutexGuard<'_, HashMap<IpAddr, usize>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Some((addresses, address)) = self.0.take() else {
            return;
        };
        let mut open = addresses.lock();
        let left = open
            .get(&address)
            .map_or(0, |count| count.saturating_sub(1));
        if left == 0 {
            open.remove(&address);
        } else {
            open.insert(address, left);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_so_many_places_and_gives_them_back() {
        let addresses = Addresses::new(2);
        let (one, other) = ("192.0.2.1".parse().unwrap(), "192.0.2.2".parse().unwrap());
        let first = addresses.place(one, false).unwrap();
        let _second = addresses.place(one, false).unwrap();
        assert!(addresses.place(one, false).is_none());
        assert!(addresses.place(other, false).is_some());
        assert!(addresses.place(one, true).is_some(), "a proxy");
        drop(first);
        let third = addresses.place(one, false);
        assert!(third.is_some());
        drop((third, _second));
        assert!(
            addresses.lock().is_empty(),
            "nothing is remembered of who has left"
        );
    }
}
