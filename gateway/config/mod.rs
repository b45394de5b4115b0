//! Typed configuration: one struct per concern, from a file and the environment.
//!
//! `playhead.toml` is read first, then `PLAYHEAD_<SECTION>__<FIELD>` (two underscores) overrides it.
//! `playhead.example.toml` lists every setting with its default.

mod alerts;
mod clickhouse;
mod dimensions;
mod enrich;
mod firehose;
mod forward;
mod gate;
mod http;
mod kafka;
mod kafka_security;
mod limits;
mod log;
mod operations;
mod privacy;
mod read_keys;
mod retention;
mod secret;
mod sessions;
mod snowplow;
mod spool;
mod sql;
mod tls;

use std::path::{Path, PathBuf};

use figment::Figment;
use figment::providers::{Env, Format, Toml};
use serde::{Deserialize, Serialize};

pub use alerts::{AlertCondition, AlertRule};
pub use clickhouse::ClickHouseConfig;
pub use dimensions::DimensionsConfig;
pub use enrich::EnrichConfig;
pub use firehose::FirehoseConfig;
pub use forward::ForwardConfig;
pub use gate::{GateConfig, GateMode};
pub use http::{HttpConfig, ProxyHeader};
pub use kafka::{Compression, KafkaConfig};
pub use kafka_security::{HostCheck, KafkaSecurityConfig, Mechanism, Protocol};
pub use limits::LimitsConfig;
pub use log::{LogConfig, LogFormat};
pub use operations::OperationsConfig;
pub use privacy::{
    AddressPolicy, GpcPolicy, IdPolicy, PrivacyConfig, PrivacyPolicy, TenantPrivacy,
};
pub use read_keys::{ReadKeysConfig, ReadKeysMode};
pub use retention::{RawIsDroppedBy, RetentionConfig};
pub use secret::Secret;
pub use sessions::SessionsConfig;
pub use snowplow::SnowplowConfig;
pub use spool::{SpoolConfig, SpoolMode};
pub use sql::SqlConfig;
pub use tls::TlsConfig;

/// Everything that can be set.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The public HTTP port.
    pub http: HttpConfig,
    /// The same over TLS.
    pub tls: TlsConfig,
    /// Who may send, and how much.
    pub gate: GateConfig,
    /// Who may read the analytics API.
    pub read_keys: ReadKeysConfig,
    /// The operators' HTTP port.
    pub operations: OperationsConfig,
    /// What one request and one beacon may contain.
    pub limits: LimitsConfig,
    /// What is added to beacons.
    pub enrich: EnrichConfig,
    /// What is kept of viewers.
    pub privacy: PrivacyConfig,
    /// The door for Amazon Data Firehose.
    pub firehose: FirehoseConfig,
    /// The door for Snowplow's trackers.
    pub snowplow: SnowplowConfig,
    /// The beacon topic and the producer.
    pub kafka: KafkaConfig,
    /// Another gateway in place of Kafka.
    pub forward: ForwardConfig,
    /// Where acknowledged beacons are kept while Kafka does not take them.
    pub spool: SpoolConfig,
    /// The warehouse.
    pub clickhouse: ClickHouseConfig,
    /// Queries that analysts write.
    pub sql: SqlConfig,
    /// Rules of sessions that the warehouse applies.
    pub sessions: SessionsConfig,
    /// How long the warehouse keeps what it has.
    pub retention: RetentionConfig,
    /// Loading of content, programmes and viewers.
    pub dimensions: DimensionsConfig,
    /// Log lines.
    pub log: LogConfig,
    /// What operators want to be told of.
    pub alerts: Vec<AlertRule>,
}

/// Why there is no usable configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file that was asked for is not there.
    #[error("no configuration file at {}", .0.display())]
    NoFile(PathBuf),
    /// A file or variable that cannot be read as what it should be.
    // The reason is in the sentence and no source, or a chain of reasons would tell it twice.
    #[error("the configuration cannot be read: {0}")]
    Unreadable(String),
    /// Values that contradict each other or cannot work.
    #[error("the configuration cannot work:\n{}", .0.join("\n"))]
    Invalid(Vec<String>),
}

impl Config {
    /// Reads the file (none: `playhead.toml` in the working directory, if there is one), then the
    /// environment, and checks the result.
    ///
    /// # Errors
    /// A missing or unreadable file, an unknown setting, a value of the wrong type, or values that
    /// cannot work; the message names the setting and the reason.
    pub fn load(file: Option<&Path>) -> Result<Self, ConfigError> {
        let figment = match file {
            Some(file) if !file.is_file() => return Err(ConfigError::NoFile(file.to_owned())),
            Some(file) => Figment::from(Toml::file_exact(file)),
            None => Figment::from(Toml::file("playhead.toml")),
        };
        let environment = Env::prefixed("PLAYHEAD_")
            .filter(|name| name.as_str().contains("__"))
            .split("__");
        Self::extract(&figment.merge(environment))
    }

    fn extract(figment: &Figment) -> Result<Self, ConfigError> {
        let config: Self = figment
            .extract()
            .map_err(|error| ConfigError::Unreadable(error.to_string()))?;
        let problems = config.problems();
        if problems.is_empty() {
            Ok(config)
        } else {
            Err(ConfigError::Invalid(problems))
        }
    }

    /// What cannot work, one line each with the setting and the reason.
    fn problems(&self) -> Vec<String> {
        let mut problems = Problems::default();
        self.http.validate(&mut problems);
        self.tls.validate(&mut problems);
        self.gate.validate(&mut problems);
        self.read_keys.validate(&mut problems);
        alerts::validate(&self.alerts, &mut problems);
        self.limits.validate(&mut problems);
        self.enrich.validate(&mut problems);
        self.privacy.validate(&mut problems);
        self.firehose
            .validate(self.http.bodies_in_flight_max_bytes, &mut problems);
        self.snowplow.validate(&mut problems);
        self.kafka.validate(&mut problems);
        self.forward.validate(&mut problems);
        self.spool
            .validate(self.kafka.batch_max_bytes, &mut problems);
        self.clickhouse.validate(&mut problems);
        self.sql.validate(&mut problems);
        self.sessions.validate(&mut problems);
        self.retention
            .validate(self.limits.frozen_after_hours(), &mut problems);
        self.dimensions.validate(&mut problems);
        problems.require(
            self.kafka.beacons_in_flight_max >= self.limits.beacons_per_request_max,
            "kafka.beacons_in_flight_max",
            "must be at least limits.beacons_per_request_max, or such a request never finds room",
        );
        problems.lines
    }
}

/// Collects what is wrong, so that all of it is told at once.
#[derive(Debug, Default)]
struct Problems {
    lines: Vec<String>,
}

impl Problems {
    /// Notes `setting` with the reason, unless the condition holds.
    fn require(&mut self, condition: bool, setting: &str, reason: &str) {
        if !condition {
            self.lines.push(format!("  {setting}: {reason}"));
        }
    }
}

#[cfg(test)]
#[path = "config_tests.rs"]
mod tests;
