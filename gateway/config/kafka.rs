use std::time::Duration;

use rdkafka::ClientConfig;
use serde::{Deserialize, Serialize};

use super::{KafkaSecurityConfig, Problems};

/// The beacon topic and the producer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct KafkaConfig {
    /// Brokers to begin with, `host:port` separated by commas.
    pub brokers: String,
    /// Topic of the canonical beacons.
    pub topic: String,
    /// Partitions that `playhead topics` gives a new topic.
    pub partitions: i32,
    /// Copies that `playhead topics` gives a new topic.
    pub replication_factor: i32,
    /// Copies that must have a message before it is acknowledged, for a new topic; 0: one less than all copies, at least one.
    pub min_insync_replicas: i32,
    /// How long a new topic keeps messages: longer than the warehouse may be away; hours.
    pub retention_hours: u32,
    /// Most partitions that only starts, ends, errors and ads go to, at most a quarter of all; 0: none.
    pub control_partitions: usize,
    /// Beacons of one session in a second from which on it is spread over the partitions; 0: never.
    pub hot_session_beacons_per_second: u32,
    /// How long beacons of several requests are gathered into one message; ms.
    pub linger_ms: u64,
    /// Most beacons in one message.
    pub batch_max_rows: usize,
    /// Largest message before compression; bytes.
    pub batch_max_bytes: usize,
    /// Largest message that the broker takes; bytes.
    pub message_max_bytes: usize,
    /// Compression of messages.
    pub compression: Compression,
    /// Compression level; the codec's own default when absent.
    pub compression_level: i32,
    /// How long one produce request may wait for the broker; ms.
    pub request_timeout_ms: u64,
    /// How long a message may take to be acknowledged, repeated attempts included; ms. A request
    /// whose beacons are not acknowledged by then is answered 503.
    pub delivery_timeout_ms: u64,
    /// Most beacons accepted and not yet acknowledged; beyond it the answer is 503.
    pub beacons_in_flight_max: usize,
    /// Most bytes of beacons accepted and not yet acknowledged; beyond it the answer is 503.
    pub bytes_in_flight_max: usize,
    /// How long `playhead serve` waits for a first answer of the brokers; ms.
    pub start_timeout_ms: u64,
    /// Encryption and login.
    pub security: KafkaSecurityConfig,
}

/// Compression of Kafka messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Compression {
    /// None.
    None,
    /// Gzip.
    Gzip,
    /// Snappy.
    Snappy,
    /// LZ4.
    Lz4,
    /// Zstandard.
    Zstd,
}

impl Compression {
    /// The name that librdkafka gives it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Gzip => "gzip",
            Self::Snappy => "snappy",
            Self::Lz4 => "lz4",
            Self::Zstd => "zstd",
        }
    }
}

impl Default for KafkaConfig {
    fn default() -> Self {
        Self {
            brokers: "127.0.0.1:9092".into(),
            topic: "playhead.beacons.v1".into(),
            partitions: 6,
            replication_factor: 1,
            min_insync_replicas: 0,
            retention_hours: 168,
            control_partitions: 1,
            hot_session_beacons_per_second: 1_000,
            linger_ms: 50,
            batch_max_rows: 1_000,
            batch_max_bytes: 256 * 1024,
            message_max_bytes: 1024 * 1024,
            compression: Compression::Zstd,
            compression_level: 1,
            request_timeout_ms: 5_000,
            delivery_timeout_ms: 10_000,
            beacons_in_flight_max: 200_000,
            bytes_in_flight_max: 256 * 1024 * 1024,
            start_timeout_ms: 30_000,
            security: KafkaSecurityConfig::default(),
        }
    }
}

impl KafkaConfig {
    /// See [`Self::linger_ms`].
    pub fn linger(&self) -> Duration {
        Duration::from_millis(self.linger_ms)
    }

    /// See [`Self::start_timeout_ms`].
    pub fn start_timeout(&self) -> Duration {
        Duration::from_millis(self.start_timeout_ms)
    }

    /// What every client of the brokers begins with: where they are, and who it is.
    pub fn client(&self, id: &str) -> ClientConfig {
        let mut settings = ClientConfig::new();
        settings
            .set("bootstrap.servers", &self.brokers)
            .set("client.id", id);
        self.security.apply(&mut settings);
        settings
    }

    /// Copies that must have a message before it is acknowledged.
    pub fn copies_in_sync(&self) -> i32 {
        match self.min_insync_replicas {
            0 => (self.replication_factor - 1).max(1),
            given => given,
        }
    }

    pub(super) fn validate(&self, problems: &mut Problems) {
        problems.require(
            !self.brokers.trim().is_empty(),
            "kafka.brokers",
            "must name at least one host:port",
        );
        problems.require(
            !self.topic.trim().is_empty(),
            "kafka.topic",
            "must not be empty",
        );
        problems.require(
            self.partitions > 0 && self.replication_factor > 0,
            "kafka.partitions, kafka.replication_factor",
            "must be at least 1",
        );
        problems.require(
            self.linger_ms <= 1_000,
            "kafka.linger_ms",
            "must be at most 1000, since every request waits for it",
        );
        problems.require(
            self.batch_max_rows > 0,
            "kafka.batch_max_rows",
            "must be at least 1",
        );
        problems.require(
            self.batch_max_bytes >= 64 * 1024,
            "kafka.batch_max_bytes",
            "must be at least 65536, which the largest beacon needs",
        );
        problems.require(
            self.message_max_bytes >= self.batch_max_bytes + 1024,
            "kafka.message_max_bytes",
            "must exceed kafka.batch_max_bytes by 1024, for the envelope of an incompressible message",
        );
        problems.require(
            self.delivery_timeout_ms >= self.request_timeout_ms && self.request_timeout_ms > 0,
            "kafka.delivery_timeout_ms",
            "must be at least kafka.request_timeout_ms, and that above 0",
        );
        problems.require(
            u32::try_from(self.beacons_in_flight_max).is_ok()
                && self.beacons_in_flight_max >= self.batch_max_rows,
            "kafka.beacons_in_flight_max",
            "must be at least kafka.batch_max_rows and below 2^32",
        );
        problems.require(
            u32::try_from(self.bytes_in_flight_max).is_ok()
                && self.bytes_in_flight_max >= self.batch_max_bytes * 4,
            "kafka.bytes_in_flight_max",
            "must be at least four times kafka.batch_max_bytes and below 2^32",
        );
        problems.require(
            (0..=self.replication_factor).contains(&self.min_insync_replicas),
            "kafka.min_insync_replicas",
            "must be at most kafka.replication_factor, or nothing is ever acknowledged; 0 chooses",
        );
        problems.require(
            self.retention_hours > 0,
            "kafka.retention_hours",
            "must be at least 1",
        );
        self.security.validate(problems);
    }
}
