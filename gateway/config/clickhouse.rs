use serde::{Deserialize, Serialize};

use super::{Problems, Secret};

/// The warehouse.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ClickHouseConfig {
    /// Address of the HTTP interface.
    pub url: String,
    /// Database of all tables and views.
    pub database: String,
    /// User that migrates and reads.
    pub user: String,
    /// The user's password; empty for none.
    pub password: Secret,
    /// Kafka consumer group of the warehouse's Kafka table.
    pub consumer_group: String,
    /// Brokers as the warehouse reaches them; empty: the same as `kafka.brokers`.
    pub kafka_brokers: String,
    /// Consumers of the Kafka table; at most the topic's partitions.
    pub consumers: u16,
    /// How long one query may take; ms.
    pub request_timeout_ms: u64,
    /// Most queries that one gateway runs at the same time.
    pub max_concurrent_queries: usize,
    /// Whether tables are `Replicated`; on one machine they are not.
    pub replicated: bool,
    /// Suffix of the tables through which a cluster is written and read; empty on one machine.
    pub cluster_suffix: String,
}

impl Default for ClickHouseConfig {
    fn default() -> Self {
        Self {
            url: "http://127.0.0.1:8123".into(),
            database: "playhead".into(),
            user: "default".into(),
            password: Secret::default(),
            consumer_group: "playhead.clickhouse.v1".into(),
            kafka_brokers: String::new(),
            consumers: 1,
            request_timeout_ms: 10_000,
            max_concurrent_queries: 8,
            replicated: false,
            cluster_suffix: String::new(),
        }
    }
}

impl ClickHouseConfig {
    pub(super) fn validate(&self, problems: &mut Problems) {
        problems.require(
            self.url.starts_with("http://") || self.url.starts_with("https://"),
            "clickhouse.url",
            "must begin with http:// or https://",
        );
        problems.require(
            is_name(&self.database),
            "clickhouse.database",
            "must be letters, digits and underscores",
        );
        problems.require(
            !self.consumer_group.trim().is_empty(),
            "clickhouse.consumer_group",
            "must not be empty",
        );
        problems.require(
            self.consumers > 0 && self.max_concurrent_queries > 0 && self.request_timeout_ms > 0,
            "clickhouse.consumers, max_concurrent_queries, request_timeout_ms",
            "must be at least 1",
        );
    }
}

fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
