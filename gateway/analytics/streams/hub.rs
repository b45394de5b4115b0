//! Hands each event to everybody who listens, and keeps the last ones for those who come back.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use bytes::Bytes;
use serde::Serialize;
use tokio::sync::broadcast::{Receiver, Sender};

/// Events kept for those who come back: two minutes of a stream that tells something every two seconds.
const KEPT: usize = 60;
/// Bytes kept for them; the newest event stays, whatever its size.
const KEPT_BYTES: usize = 8 * 1024 * 1024;
/// Events that wait for a listener who reads slowly. Beyond it the stream ends.
const WAITING: usize = 16;

/// An event as it is sent, shared by all who hear it.
#[derive(Clone, Debug)]
struct Frame {
    number: u64,
    text: Bytes,
}

/// One stream of one tenant.
#[derive(Debug)]
pub(super) struct Hub {
    sender: Sender<Bytes>,
    ring: Mutex<Ring>,
    /// Tells the numbers of this hub from those of another one, such as that of another gateway.
    epoch: u64,
}

#[derive(Debug, Default)]
struct Ring {
    frames: VecDeque<Frame>,
    bytes: usize,
    newest: u64,
}

impl Default for Hub {
    fn default() -> Self {
        let since_1970 = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        Self {
            sender: Sender::new(WAITING),
            ring: Mutex::default(),
            epoch: since_1970.map_or(0, |age| u64::try_from(age.as_millis()).unwrap_or(0)),
        }
    }
}

impl Hub {
    fn ring(&self) -> MutexGuard<'_, Ring> {
        self.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many listen.
    pub(super) fn listeners(&self) -> usize {
        self.sender.receiver_count()
    }

    /// Tells everybody; `data` is one line.
    pub(super) fn publish(&self, event: &str, data: &str) {
        let mut ring = self.ring();
        ring.newest += 1;
        let number = ring.newest;
        let text = self.frame(number, event, data);
        ring.bytes += text.len();
        ring.frames.push_back(Frame {
            number,
            text: text.clone(),
        });
        while ring.frames.len() > KEPT || (ring.bytes > KEPT_BYTES && ring.frames.len() > 1) {
            let oldest = ring.frames.pop_front();
            ring.bytes -= oldest.map_or(0, |oldest| oldest.text.len());
        }
        // Nobody may be listening. Inside the lock, so that a newcomer hears it once and not twice.
        let _ = self.sender.send(text);
    }

    /// An event for one listener, with the number of the newest that everybody heard.
    pub(super) fn snapshot(&self, event: &str, what: &impl Serialize) -> Bytes {
        // Texts and numbers can always be written.
        let data = serde_json::to_string(what).unwrap_or_default();
        self.frame(self.ring().newest, event, &data)
    }

    /// What a listener missed since the event `last`, and what is to come. None without one, or with one that is not
    /// known here any more.
    pub(super) fn subscribe(&self, last: Option<&str>) -> (Option<Vec<Bytes>>, Receiver<Bytes>) {
        let ring = self.ring();
        let events = self.sender.subscribe();
        let known = last.and_then(|last| self.number_of(last)).filter(|last| {
            let oldest = ring.frames.front().map_or(0, |frame| frame.number);
            (oldest.saturating_sub(1)..=ring.newest).contains(last)
        });
        let missed = known.map(|last| {
            let since = ring.frames.iter().filter(|frame| frame.number > last);
            since.map(|frame| frame.text.clone()).collect()
        });
        (missed, events)
    }

    /// The newest event, for those of whom it is not known what they heard.
    pub(super) fn newest(&self) -> Vec<Bytes> {
        let ring = self.ring();
        let newest = ring.frames.back().map(|frame| frame.text.clone());
        newest.into_iter().collect()
    }

    /// The number in an id of this hub.
    fn number_of(&self, id: &str) -> Option<u64> {
        let (epoch, number) = id.split_once('-')?;
        let is_own = u64::from_str_radix(epoch, 16) == Ok(self.epoch);
        is_own.then(|| number.parse().ok()).flatten()
    }

    fn frame(&self, number: u64, event: &str, data: &str) -> Bytes {
        let id = format!("{:x}-{number}", self.epoch);
        format!("id: {id}\nevent: {event}\ndata: {data}\n\n").into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id_of(frame: &[u8]) -> String {
        let text = String::from_utf8(frame.to_vec()).unwrap();
        let line = text.lines().next().unwrap();
        line.strip_prefix("id: ").unwrap().to_owned()
    }

    #[tokio::test]
    async fn who_comes_back_hears_what_was_missed_once() {
        let hub = Hub::default();
        hub.publish("live", "1");
        let (missed, mut events) = hub.subscribe(None);
        assert!(missed.is_none());
        let first = hub.newest();
        assert_eq!(first.len(), 1);
        hub.publish("live", "2");
        hub.publish("live", "3");
        assert!(events.recv().await.unwrap().ends_with(b"data: 2\n\n"));
        let (missed, _) = hub.subscribe(Some(&id_of(&first[0])));
        let missed = missed.unwrap();
        assert_eq!(missed.len(), 2);
        assert!(missed[1].ends_with(b"data: 3\n\n"));
        let (missed, _) = hub.subscribe(Some(&id_of(&missed[1])));
        assert_eq!(missed.unwrap().len(), 0);
    }

    #[test]
    fn little_is_kept_and_strange_ids_mean_nothing() {
        let hub = Hub::default();
        hub.publish("live", "0");
        let first = id_of(&hub.newest()[0]);
        for number in 0..KEPT + 5 {
            hub.publish("live", &number.to_string());
        }
        assert_eq!(hub.ring().frames.len(), KEPT);
        for id in [first.as_str(), "", "x", "0-1", "-", "ffffffffffffffffff-1"] {
            assert!(hub.subscribe(Some(id)).0.is_none(), "{id}");
        }
        hub.publish("live", &"x".repeat(KEPT_BYTES + 1));
        assert_eq!(hub.ring().frames.len(), 1);
        hub.publish("live", "small");
        assert_eq!(hub.ring().frames.len(), 1);
        assert!(hub.ring().bytes < 100);
    }
}
