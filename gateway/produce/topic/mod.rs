//! The beacon topic.
//!
//! - `create` makes it, and adds partitions;
//! - `check` compares it with the configuration, and says what to run;
//! - `acls` names the rights that each part needs.

mod acls;
mod check;
mod create;

use std::sync::Arc;
use std::time::{Duration, Instant};

use rdkafka::admin::{AdminClient, AdminOptions};
use rdkafka::client::DefaultClientContext;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};

pub use acls::{Principals, acl_commands};
pub use check::{Finding, Severity, check};
pub use create::{Creation, create, grow};

use super::client::KafkaClient;
use super::failure::Failure;
use crate::config::{KafkaConfig, KafkaSecurityConfig};

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
    /// The brokers refuse the gateway until somebody changes something.
    #[error("{0}")]
    NeedsAHand(String),
    /// There is no such topic.
    #[error("Kafka at {brokers} has no topic {topic}{unseen}; create it with `playhead topics`")]
    Missing {
        /// The addresses asked.
        brokers: String,
        /// The topic.
        topic: String,
        /// Who may not see it, perhaps.
        unseen: String,
    },
    /// The broker refuses to make it, or to tell of it.
    #[error("{what} the topic {topic} is refused: {reason}{advice}")]
    Refused {
        /// What was asked for.
        what: &'static str,
        /// The topic.
        topic: String,
        /// The broker's reason.
        reason: String,
        /// What to do about it, if that is known.
        advice: &'static str,
    },
    /// The topic is set up so that nothing can be acknowledged.
    #[error("the topic {topic} cannot work as it is:\n{findings}")]
    Unfit {
        /// The topic.
        topic: String,
        /// What is wrong, a line each.
        findings: String,
    },
}

/// How long an administrator's request may take.
const ADMIN_TIMEOUT: Duration = Duration::from_secs(10);

fn admin(config: &KafkaConfig) -> Result<AdminClient<DefaultClientContext>, TopicError> {
    let admin = config.client("playhead-topics").create();
    admin.map_err(|source| unreachable(config, source))
}

fn admin_options() -> AdminOptions {
    AdminOptions::new()
        .operation_timeout(Some(ADMIN_TIMEOUT))
        .request_timeout(Some(ADMIN_TIMEOUT))
}

fn unreachable(config: &KafkaConfig, source: KafkaError) -> TopicError {
    TopicError::Unreachable {
        brokers: config.brokers.clone(),
        source,
    }
}

/// What the broker's refusal of a request means.
fn refused(what: &'static str, config: &KafkaConfig, code: RDKafkaErrorCode) -> TopicError {
    let advice = match Failure::of_code(code) {
        Failure::Denied => "; `playhead topics --acls` prints the rights that it needs",
        Failure::TopicMissing => "; create it with `playhead topics`",
        _ => "",
    };
    TopicError::Refused {
        what,
        topic: config.topic.clone(),
        reason: code.to_string(),
        advice,
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
                unseen: unseen(&config),
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

/// Brokers with logins show nobody a topic that he has no rights to.
fn unseen(config: &KafkaConfig) -> String {
    if config.security == KafkaSecurityConfig::default() {
        return String::new();
    }
    format!(
        " that {} may see (`playhead topics --acls` prints what to grant)",
        config.security.who()
    )
}
