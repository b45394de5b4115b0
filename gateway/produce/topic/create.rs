use rdkafka::admin::{NewPartitions, NewTopic, TopicReplication};
use rdkafka::error::RDKafkaErrorCode;

use super::{TopicError, admin, admin_options, refused, unreachable};
use crate::config::KafkaConfig;

/// What [`create`] found or did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Creation {
    /// The topic is new.
    Created,
    /// It was there before; nothing was changed.
    AlreadyThere,
}

/// Creates the beacon topic as it is configured, if it is not there.
///
/// # Errors
/// Brokers that do not answer, or that refuse.
pub async fn create(config: &KafkaConfig) -> Result<Creation, TopicError> {
    let settings = [
        ("max.message.bytes", config.message_max_bytes.to_string()),
        ("min.insync.replicas", config.copies_in_sync().to_string()),
        ("retention.ms", retention_ms(config).to_string()),
        // As the gateway compresses; anything else costs the broker's time.
        ("compression.type", "producer".to_owned()),
        ("cleanup.policy", "delete".to_owned()),
        ("unclean.leader.election.enable", "false".to_owned()),
    ];
    let copies = TopicReplication::Fixed(config.replication_factor);
    let mut topic = NewTopic::new(&config.topic, config.partitions, copies);
    for (name, value) in &settings {
        topic = topic.set(name, value);
    }
    let results = admin(config)?
        .create_topics([&topic], &admin_options())
        .await
        .map_err(|source| unreachable(config, source))?;
    match results.into_iter().next() {
        Some(Err((_, RDKafkaErrorCode::TopicAlreadyExists))) => Ok(Creation::AlreadyThere),
        Some(Err((_, code))) => Err(refused("creating", config, code)),
        Some(Ok(_)) | None => Ok(Creation::Created),
    }
}

/// Adds partitions up to the configured number. Gateways learn of them within seconds.
///
/// # Errors
/// Brokers that do not answer, or that refuse.
pub async fn grow(config: &KafkaConfig) -> Result<(), TopicError> {
    let wanted = usize::try_from(config.partitions).unwrap_or(1);
    let partitions = NewPartitions::new(&config.topic, wanted);
    let results = admin(config)?
        .create_partitions([&partitions], &admin_options())
        .await
        .map_err(|source| unreachable(config, source))?;
    match results.into_iter().next() {
        Some(Err((_, code))) => Err(refused("adding partitions to", config, code)),
        Some(Ok(_)) | None => Ok(()),
    }
}

/// How long messages are to be kept.
pub(super) fn retention_ms(config: &KafkaConfig) -> i64 {
    i64::from(config.retention_hours) * 3_600_000
}
