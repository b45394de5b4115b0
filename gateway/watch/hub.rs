//! Who watches what.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use serde_json::Value;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::request::Watching;
use crate::beacon::Beacon;
use crate::enrich::Arrival;
use crate::gate::Pass;
use crate::ingest::DecodedBatch;

/// Watchers at the same time.
const WATCHERS_MAX: usize = 32;
/// Events that wait for a watcher. One that does not read misses the rest, and nobody waits for it.
const WAITING_MAX: usize = 256;

/// All watchers of one gateway; clones share them.
#[derive(Clone)]
pub struct Watch(Arc<Hub>);

pub(super) struct Hub {
    /// How many there are; what a request looks at.
    count: AtomicUsize,
    watchers: RwLock<Vec<Arc<Watcher>>>,
    end: CancellationToken,
}

/// What one watcher wants to see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) tenant: String,
    /// The id of the key that it watches with.
    pub(super) key: Option<String>,
    pub(super) session_id: Option<String>,
    pub(super) device_id: Option<String>,
}

impl Wanted {
    /// Whether a request came with the watcher's own key.
    fn is_with_key_of(&self, pass: &Pass) -> bool {
        self.tenant == pass.tenant() && self.key.as_deref() == pass.key_id()
    }

    /// Whether a beacon, as its client sent it, is of the session or device.
    fn includes(&self, beacon: &Beacon) -> bool {
        let is_same =
            |wanted: &Option<String>, told: &Option<String>| wanted.is_none() || wanted == told;
        is_same(&self.session_id, &beacon.session_id) && is_same(&self.device_id, &beacon.device_id)
    }
}

/// What a watcher is told: the name of the event and its data.
pub(super) type Told = (&'static str, Value);

/// One watcher.
pub(super) struct Watcher {
    wanted: Wanted,
    events: mpsc::Sender<Told>,
    missed: AtomicUsize,
}

impl Watcher {
    /// Hands an event over, unless the watcher is behind.
    pub(super) fn tell(&self, name: &'static str, event: Value) {
        if self.events.try_send((name, event)).is_err() {
            self.missed.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// A watcher's end of its events; leaving drops it.
pub(super) struct Seat {
    hub: Arc<Hub>,
    watcher: Arc<Watcher>,
    pub(super) events: mpsc::Receiver<Told>,
}

impl Seat {
    /// Events missed since it was last asked.
    pub(super) fn missed(&self) -> usize {
        self.watcher.missed.swap(0, Ordering::Relaxed)
    }

    /// Comes when the gateway ends.
    pub(super) fn end(&self) -> CancellationToken {
        self.hub.end.clone()
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.hub.change(|watchers| {
            watchers.retain(|watcher| !Arc::ptr_eq(watcher, &self.watcher));
        });
    }
}

impl Watch {
    /// Without watchers, until `end`.
    pub fn new(end: CancellationToken) -> Self {
        Self(Arc::new(Hub {
            count: AtomicUsize::new(0),
            watchers: RwLock::default(),
            end,
        }))
    }

    /// A seat for one more watcher; none where all are taken.
    pub(super) fn sit_down(&self, wanted: Wanted) -> Option<Seat> {
        let (sender, events) = mpsc::channel(WAITING_MAX);
        let watcher = Arc::new(Watcher {
            wanted,
            events: sender,
            missed: AtomicUsize::new(0),
        });
        let is_seated = self.0.change(|watchers| {
            let has_room = watchers.len() < WATCHERS_MAX;
            if has_room {
                watchers.push(watcher.clone());
            }
            has_room
        });
        is_seated.then(|| Seat {
            hub: self.0.clone(),
            watcher,
            events,
        })
    }

    /// Tells of a request that was refused as a whole: to who watches with its key, since nobody knows whose
    /// session it is.
    pub(crate) fn tell_request(&self, pass: &Pass, event: impl FnOnce() -> Value) {
        if self.0.count.load(Ordering::Acquire) == 0 {
            return;
        }
        let watchers = self
            .0
            .watchers
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        let mut of_key = watchers
            .iter()
            .filter(|watcher| watcher.wanted.is_with_key_of(pass))
            .peekable();
        if of_key.peek().is_some() {
            let event = event();
            of_key.for_each(|watcher| watcher.tell("request", event.clone()));
        }
    }

    /// What is watched of a batch; none where nothing is.
    pub(crate) fn look(
        &self,
        batch: &DecodedBatch,
        arrival: &Arrival,
        pass: &Pass,
    ) -> Option<Watching> {
        if self.0.count.load(Ordering::Acquire) == 0 {
            return None;
        }
        let watchers = self
            .0
            .watchers
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        let of_tenant = watchers
            .iter()
            .filter(|watcher| watcher.wanted.tenant == arrival.tenant);
        let seats: Vec<_> = of_tenant
            .filter_map(|watcher| {
                let wanted = batch
                    .beacons
                    .iter()
                    .filter(|decoded| watcher.wanted.includes(&decoded.beacon));
                let indexes: Vec<usize> = wanted.map(|decoded| decoded.index).collect();
                // Where no beacon could be read, nobody knows whose they are either.
                let is_unread = batch.beacons.is_empty()
                    && !batch.refusals.is_empty()
                    && watcher.wanted.is_with_key_of(pass);
                (is_unread || !indexes.is_empty()).then(|| (watcher.clone(), indexes))
            })
            .collect();
        (!seats.is_empty()).then(|| Watching::new(seats, batch, arrival))
    }
}

impl Hub {
    fn change<T>(&self, change: impl FnOnce(&mut Vec<Arc<Watcher>>) -> T) -> T {
        let mut watchers = self
            .watchers
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        let result = change(&mut watchers);
        self.count.store(watchers.len(), Ordering::Release);
        result
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted() -> Wanted {
        Wanted {
            tenant: "acme".into(),
            key: None,
            session_id: Some("s".into()),
            device_id: None,
        }
    }

    #[test]
    fn seats_are_few_and_given_back() {
        let watch = Watch::new(CancellationToken::new());
        let seats: Vec<_> = (0..WATCHERS_MAX)
            .map(|_| watch.sit_down(wanted()))
            .collect();
        assert!(seats.iter().all(Option::is_some));
        assert!(watch.sit_down(wanted()).is_none());
        drop(seats);
        assert_eq!(watch.0.count.load(Ordering::Acquire), 0);
        assert!(watch.sit_down(wanted()).is_some());
    }

    #[test]
    fn a_watcher_that_does_not_read_misses_and_holds_nobody_up() {
        let watch = Watch::new(CancellationToken::new());
        let seat = watch.sit_down(wanted()).unwrap();
        for number in 0..WAITING_MAX + 5 {
            seat.watcher.tell("beacon", number.into());
        }
        assert_eq!((seat.missed(), seat.missed()), (5, 0));
    }

    #[test]
    fn only_the_session_or_device_is_included() {
        let beacon = |session: &str, device: Option<&str>| Beacon {
            session_id: Some(session.into()),
            device_id: device.map(Into::into),
            ..Beacon::default()
        };
        assert!(wanted().includes(&beacon("s", None)));
        assert!(!wanted().includes(&beacon("t", None)));
        let of_device = Wanted {
            session_id: None,
            device_id: Some("d".into()),
            ..wanted()
        };
        assert!(of_device.includes(&beacon("t", Some("d"))));
        assert!(!of_device.includes(&beacon("t", None)));
    }
}
