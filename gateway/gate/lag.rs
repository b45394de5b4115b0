//! How late the process gets to run: the sign that there is more work than CPU.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;

/// How often it is measured.
const EVERY: Duration = Duration::from_millis(50);

/// How much later than asked a task was woken lately; clones share it.
#[derive(Clone, Debug, Default)]
pub(super) struct Lag(Arc<AtomicU64>);

impl Lag {
    /// Measures until `end`.
    pub(super) fn watch(end: CancellationToken) -> Self {
        let lag = Self::default();
        let measured = lag.clone();
        tokio::spawn(async move {
            loop {
                let asked = Instant::now();
                tokio::select! {
                    () = tokio::time::sleep(EVERY) => {}
                    () = end.cancelled() => return,
                }
                measured.note(asked.elapsed().saturating_sub(EVERY));
            }
        });
        lag
    }

    /// What it was lately.
    pub(super) fn now(&self) -> Duration {
        Duration::from_micros(self.0.load(Ordering::Relaxed))
    }

    /// A quarter of the new value and three of what was: one hiccup is no overload.
    fn note(&self, late: Duration) {
        let late = u64::try_from(late.as_micros()).unwrap_or(u64::MAX);
        let was = self.0.load(Ordering::Relaxed);
        let smooth = was - was / 4 + late / 4;
        self.0.store(smooth, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_hiccup_is_no_overload_and_a_lasting_one_is() {
        let lag = Lag::default();
        lag.note(Duration::from_millis(400));
        assert_eq!(lag.now(), Duration::from_millis(100));
        (0..20).for_each(|_| lag.note(Duration::from_millis(400)));
        assert!(lag.now() > Duration::from_millis(390));
        (0..40).for_each(|_| lag.note(Duration::ZERO));
        assert!(lag.now() < Duration::from_millis(1));
    }
}
