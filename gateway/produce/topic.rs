//! The beacon topic: whether it is there, and making it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rdkafka::ClientConfig;
use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication};
use rdkafka::client::DefaultClientContext;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};

use super::client::KafkaClient;
use crate::config::KafkaConfig;

/// Why the topic cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TopicError {
    /// The brokers do not answer.
    #[error("Kafka at {brokers} does not answer ({source}); is it running?")]
    Unreachable {
        /// The addresses tried.
        brokers: String,
        /// What the client says.
        #[source]
        source: KafkaError,
    },
    /// There is no such topic.
    #[error("Kafka at {brokers} has no topic {topic}; create it with `playhead topics`")]
    Missing {
        /// The addresses asked.
        brokers: String,
        /// The topic.
        topic: String,
    },
    /// The broker refuses to make it.
    #[error("the topic {topic} cannot be created: {reason}")]
    Refused {
        /// The topic.
        topic: String,
        /// The broker's reason.
        reason: String,
    },
}

/// What [`create`] found or did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Creation {
    /// The topic is new.
    Created,
    /// It was there before; nothing was changed.
    AlreadyThere,
}

/// Creates the beacon topic if it is not there.
///
/// # Errors
/// Brokers that do not answer, or that refuse.
pub async fn create(config: &KafkaConfig) -> Result<Creation, TopicError> {
    let unreachable = |source| TopicError::Unreachable {
        brokers: config.brokers.clone(),
        source,
    };
    let admin: AdminClient<DefaultClientContext> = ClientConfig::new()
        .set("bootstrap.servers", &config.brokers)
        .set("client.id", "playhead-topics")
        .create()
        .map_err(unreachable)?;
    let bytes = config.message_max_bytes.to_string();
    let topic = NewTopic::new(
        &config.topic,
        config.partitions,
        TopicReplication::Fixed(config.replication_factor),
    )
    .set("max.message.bytes", &bytes);
    let options = AdminOptions::new()
        .operation_timeout(Some(Duration::from_secs(10)))
        .request_timeout(Some(Duration::from_secs(10)));
    let results = admin
        .create_topics([&topic], &options)
        .await
        .map_err(unreachable)?;
    match results.into_iter().next() {
        Some(Err((_, RDKafkaErrorCode::TopicAlreadyExists))) => Ok(Creation::AlreadyThere),
        Some(Err((topic, code))) => Err(TopicError::Refused {
            topic,
            reason: code.to_string(),
        }),
        Some(Ok(_)) | None => Ok(Creation::Created),
    }
}

/// How long a topic may be unknown before it counts as missing: a broker hears of a new topic a
/// moment after it was created.
const NEWS_OF_TOPIC: Duration = Duration::from_secs(5);

/// How many partitions the topic has; waits for brokers that do not answer yet.
pub(super) async fn wait_for_partitions(
    client: &Arc<KafkaClient>,
    config: &KafkaConfig,
) -> Result<usize, TopicError> {
    let started = Instant::now();
    let deadline = started + config.start_timeout();
    let config = Arc::new(config.clone());
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        let attempt = left.clamp(Duration::from_secs(1), Duration::from_secs(5));
        match partitions(client.clone(), config.clone(), attempt).await {
            Err(TopicError::Unreachable { source, .. }) if Instant::now() < deadline => {
                tracing::warn!(brokers = config.brokers, error = %source, "waiting for Kafka");
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
            Err(TopicError::Missing { .. }) if started.elapsed() < NEWS_OF_TOPIC => {
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
            result => return result,
        }
    }
}

/// How many partitions the topic has.
pub(super) async fn partitions(
    client: Arc<KafkaClient>,
    config: Arc<KafkaConfig>,
    within: Duration,
) -> Result<usize, TopicError> {
    let asked = tokio::task::spawn_blocking(move || {
        // Asked for all topics: asking for one by name may create it.
        let answer = client.with_client(|client| client.fetch_metadata(None, within));
        let metadata = answer.map_err(|source| TopicError::Unreachable {
            brokers: config.brokers.clone(),
            source,
        })?;
        metadata
            .topics()
            .iter()
            .find(|topic| topic.name() == config.topic && !topic.partitions().is_empty())
            .map(|topic| topic.partitions().len())
            .ok_or_else(|| TopicError::Missing {
                brokers: config.brokers.clone(),
                topic: config.topic.clone(),
            })
    });
    // The closure does not panic, and nothing cancels it.
    asked.await.unwrap_or_else(|_| {
        Err(TopicError::Unreachable {
            brokers: String::new(),
            source: KafkaError::Canceled,
        })
    })
}
