use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Problems;

/// Where acknowledged beacons are kept while Kafka does not take them; `docs/durability.md`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SpoolConfig {
    /// What an acknowledgement rests on.
    pub mode: SpoolMode,
    /// Folder of the log, on a disk that survives the machine's restart; one for each gateway.
    pub folder: PathBuf,
    /// Most bytes of the log. Beyond it nothing more is acknowledged from the spool.
    pub max_bytes: u64,
    /// Nothing more is acknowledged from the spool once its oldest beacon has waited for longer; hours.
    pub max_age_hours: u64,
    /// Bytes of one file of the log.
    pub segment_bytes: u64,
    /// In the mode `kafka_first`: how long Kafka may take to acknowledge before the spool does; ms.
    pub kafka_patience_ms: u64,
    /// In the mode `kafka_first`: how fast the backlog goes to Kafka beside fresh beacons; bytes a
    /// second.
    pub drain_bytes_per_second: u64,
}

/// What an acknowledgement rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SpoolMode {
    /// Kafka's acknowledgement; the spool's sync while Kafka gives none.
    KafkaFirst,
    /// The spool's sync; Kafka's acknowledgement while the spool fails.
    SpoolAlways,
    /// Kafka's acknowledgement and nothing else.
    KafkaOnly,
}

impl Default for SpoolConfig {
    fn default() -> Self {
        Self {
            mode: SpoolMode::KafkaFirst,
            folder: PathBuf::from(".playhead/spool"),
            max_bytes: 8 * 1024 * 1024 * 1024,
            max_age_hours: 72,
            segment_bytes: 64 * 1024 * 1024,
            kafka_patience_ms: 2_000,
            drain_bytes_per_second: 32 * 1024 * 1024,
        }
    }
}

impl SpoolConfig {
    /// See [`Self::max_age_hours`].
    pub fn max_age(&self) -> Duration {
        Duration::from_secs(self.max_age_hours * 3_600)
    }

    pub(super) fn validate(&self, batch_max_bytes: usize, problems: &mut Problems) {
        if self.mode == SpoolMode::KafkaOnly {
            return;
        }
        problems.require(
            !self.folder.as_os_str().is_empty(),
            "spool.folder",
            "must not be empty",
        );
        problems.require(
            (1..=8_760).contains(&self.max_age_hours),
            "spool.max_age_hours",
            "must be between 1 and 8760",
        );
        problems.require(
            self.segment_bytes >= 2 * batch_max_bytes as u64
                && self.segment_bytes <= 1024 * 1024 * 1024,
            "spool.segment_bytes",
            "must be at least twice kafka.batch_max_bytes, and at most 1 GiB, since the start reads each",
        );
        problems.require(
            self.max_bytes >= 2 * self.segment_bytes,
            "spool.max_bytes",
            "must be at least twice spool.segment_bytes: a file is removed only when all of it is in Kafka",
        );
        problems.require(
            self.kafka_patience_ms >= 100,
            "spool.kafka_patience_ms",
            "must be at least 100",
        );
        problems.require(
            self.drain_bytes_per_second >= batch_max_bytes as u64,
            "spool.drain_bytes_per_second",
            "must be at least kafka.batch_max_bytes, or a message never finds room",
        );
    }
}
