//! What somebody has to mend before Kafka takes beacons: told in the log, by `/readyz` and in metrics, since
//! an outage that no waiting ends must not fill the spool without a word.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::failure::Failure;
use crate::config::KafkaConfig;
use crate::metrics;

/// How often it is told in the log while it lasts.
const TELL_EVERY: Duration = Duration::from_secs(30);
/// How long it counts after it was last seen: it may have been mended while nothing was sent.
const COUNTS_FOR: Duration = Duration::from_secs(15);

/// The trouble of one producer, if there is any.
pub(super) struct Troubles {
    brokers: String,
    topic: String,
    user: String,
    now: Mutex<Option<Trouble>>,
}

struct Trouble {
    failure: Failure,
    seen_at: Instant,
    told_at: Instant,
}

impl Troubles {
    pub(super) fn new(config: &KafkaConfig) -> Self {
        Self {
            brokers: config.brokers.clone(),
            topic: config.topic.clone(),
            user: config.security.who(),
            now: Mutex::default(),
        }
    }

    /// Takes note of a failure, if it is one that waiting does not mend.
    pub(super) fn note(&self, failure: Failure) {
        if !failure.needs_a_hand() {
            return;
        }
        let now = Instant::now();
        let mut trouble = self.lock();
        let is_told = trouble.as_ref().is_some_and(|known| {
            known.failure == failure && now.duration_since(known.told_at) < TELL_EVERY
        });
        if let Some(known) = trouble.as_ref()
            && known.failure != failure
        {
            metrics::producer::needs_a_hand(known.failure, false);
        }
        let told_at = match trouble.as_ref() {
            Some(known) if is_told => known.told_at,
            Some(_) | None => now,
        };
        *trouble = Some(Trouble {
            failure,
            seen_at: now,
            told_at,
        });
        // Before somebody else may clear it.
        metrics::producer::needs_a_hand(failure, true);
        drop(trouble);
        if !is_told {
            tracing::error!(
                "{}; until then no beacon reaches Kafka",
                self.advice(failure)
            );
        }
    }

    /// Kafka took a message: whatever it was is mended.
    pub(super) fn clear(&self) {
        if let Some(known) = self.lock().take() {
            metrics::producer::needs_a_hand(known.failure, false);
            tracing::info!(
                reason = known.failure.as_str(),
                "mended: Kafka takes beacons"
            );
        }
    }

    /// What has to be done; none while nothing is known to be wrong.
    pub(super) fn reason(&self) -> Option<String> {
        let trouble = self.lock();
        let known = trouble.as_ref()?;
        (known.seen_at.elapsed() < COUNTS_FOR).then(|| self.advice(known.failure))
    }

    /// What to do about it.
    pub(super) fn advice(&self, failure: Failure) -> String {
        let Self {
            brokers,
            topic,
            user,
            ..
        } = self;
        match failure {
            Failure::TopicMissing => format!(
                "Kafka at {brokers} has no topic {topic}, or not this partition; create it with `playhead topics`"
            ),
            Failure::Denied => format!(
                "Kafka at {brokers} does not let {user} write to {topic}; `playhead topics --acls` prints what to grant"
            ),
            Failure::LoginRefused => format!(
                "Kafka at {brokers} refuses the login of {user}; look at [kafka.security]: mechanism, user, password, certificates"
            ),
            Failure::TooLarge
            | Failure::QueueFull
            | Failure::TimedOut
            | Failure::Fatal
            | Failure::Other => format!("Kafka at {brokers} does not acknowledge"),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Trouble>> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_needs_a_hand_is_told_until_it_is_mended() {
        let troubles = Troubles::new(&KafkaConfig::default());
        troubles.note(Failure::TimedOut);
        assert_eq!(troubles.reason(), None);
        troubles.note(Failure::TopicMissing);
        let told = troubles.reason().unwrap();
        assert!(told.contains("create it with `playhead topics`"), "{told}");
        troubles.note(Failure::Denied);
        let told = troubles.reason().unwrap();
        assert!(told.contains("playhead topics --acls"), "{told}");
        troubles.clear();
        assert_eq!(troubles.reason(), None);
    }
}
