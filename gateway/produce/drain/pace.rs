//! How fast the backlog may go to Kafka.

use std::time::{Duration, Instant};

/// Bytes that may go, filled up as time passes; holds a second's worth.
#[derive(Debug)]
pub(super) struct Pace {
    bytes_per_second: Option<u64>,
    room: f64,
    filled_at: Instant,
}

impl Pace {
    /// None: as fast as Kafka takes it.
    pub(super) fn new(bytes_per_second: Option<u64>, now: Instant) -> Self {
        Self {
            bytes_per_second,
            room: 0.0,
            filled_at: now,
        }
    }

    /// Whether a message may go now. A message may take more than there is, and the next one waits.
    pub(super) fn has_room(&mut self, now: Instant) -> bool {
        let Some(rate) = self.bytes_per_second else {
            return true;
        };
        let rate = rate as f64;
        let passed = now.saturating_duration_since(self.filled_at);
        self.room = (self.room + passed.as_secs_f64() * rate).min(rate);
        self.filled_at = now;
        self.room > 0.0
    }

    /// A message goes.
    pub(super) fn take(&mut self, bytes: usize) {
        self.room -= bytes as f64;
    }

    /// How long until a message may go.
    pub(super) fn wait(&self) -> Duration {
        match self.bytes_per_second {
            Some(rate) if self.room < 0.0 => Duration::from_secs_f64(-self.room / rate as f64),
            Some(_) | None => Duration::ZERO,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn over_a_minute_it_is_the_rate() {
        let start = Instant::now();
        let mut pace = Pace::new(Some(1_000), start);
        let mut sent = 0;
        for tick in 1..=6_000 {
            let now = start + Duration::from_millis(tick * 10);
            while pace.has_room(now) {
                pace.take(300);
                sent += 300;
            }
        }
        assert!((60_000..61_000).contains(&sent), "{sent}");
        assert!(Pace::new(None, start).has_room(start));
    }
}
