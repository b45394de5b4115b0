//! From the configuration to what this stage needs.

use std::time::Duration;

use crate::config::{ClickHouseConfig, Config};

use super::{Connection, PlaceholderValues, Placeholders, WarehouseError};

impl From<&ClickHouseConfig> for Connection {
    fn from(config: &ClickHouseConfig) -> Self {
        Self {
            url: config.url.clone(),
            database: config.database.clone(),
            user: config.user.clone(),
            password: config.password.reveal().to_owned(),
            request_timeout: Duration::from_millis(config.request_timeout_ms),
        }
    }
}

impl TryFrom<&Config> for Placeholders {
    type Error = WarehouseError;

    fn try_from(config: &Config) -> Result<Self, WarehouseError> {
        let warehouse = &config.clickhouse;
        let brokers = if warehouse.kafka_brokers.is_empty() {
            &config.kafka.brokers
        } else {
            &warehouse.kafka_brokers
        };
        Self::new(PlaceholderValues {
            kafka_brokers: brokers.clone(),
            kafka_topic: config.kafka.topic.clone(),
            kafka_group: warehouse.consumer_group.clone(),
            kafka_consumers: warehouse.consumers.into(),
            liveness_seconds: config.sessions.liveness_seconds,
            heartbeat_ms: config.sessions.heartbeat_ms,
            refresh_seconds: config.sessions.refresh_seconds,
            frozen_after_hours: config.limits.frozen_after_hours(),
            replicated: warehouse.replicated,
            all: warehouse.cluster_suffix.clone(),
        })
    }
}
