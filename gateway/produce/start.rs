//! Brings the producer up, with Kafka or, where there is a spool, without.

use std::sync::Arc;
use std::time::Duration;

use rdkafka::error::KafkaError;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::batch::Batcher;
use super::breaker::Breakers;
use super::carrier::Carrier;
use super::client::KafkaClient;
use super::delivery::{Room, Ticket};
use super::drain::Drain;
use super::failure::Failure;
use super::fallback::Fallback;
use super::forward::{ForwardError, Forwarder};
use super::hot_sessions::HotSessions;
use super::spool::{self, Disk, Entry, Files, OpenError, Spool, aside};
use super::topic::{self, Severity, TopicError};
use super::{Producer, Way};
use crate::config::{Config, KafkaConfig, SpoolMode};
use crate::metrics;

/// How long a gateway with a spool waits for Kafka before it starts without.
const KAFKA_PATIENCE: Duration = Duration::from_secs(3);
/// How often the topic is asked for its partitions.
const PARTITIONS_EVERY: Duration = Duration::from_secs(10);
/// How often while Kafka has not answered yet.
const PARTITIONS_RETRY: Duration = Duration::from_secs(2);
/// How long the topic's settings may take to be read.
const TOPIC_PATIENCE: Duration = Duration::from_secs(5);
/// What an acknowledgement may take beyond what Kafka may take: a report that comes through, a sync.
const SETTLING: Duration = Duration::from_secs(1);
const SYNCING: Duration = Duration::from_secs(5);

/// Why a producer cannot be started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// librdkafka refuses its settings.
    #[error("the Kafka settings are refused")]
    Settings(#[source] KafkaError),
    /// The beacon topic cannot be used.
    #[error(transparent)]
    Topic(#[from] TopicError),
    /// Nothing can be forwarded.
    #[error(transparent)]
    Forward(#[from] ForwardError),
    /// The spool cannot be opened.
    #[error(transparent)]
    Spool(#[from] OpenError),
    /// The system gives no thread.
    #[error("the drain of the spool cannot be started")]
    Thread(#[from] std::io::Error),
}

impl Producer {
    /// Opens the spool and connects. Without a spool it waits for the brokers for as long as
    /// `kafka.start_timeout_ms`; with one it waits a moment, and starts without them.
    ///
    /// # Errors
    /// Settings that librdkafka refuses, brokers that do not answer, a topic that is not there, a spool
    /// that another process has or that cannot be read.
    pub async fn start(config: Config) -> Result<Self, StartError> {
        let fallback = open_spool(&config).await?;
        let way = if config.forward.is_asked_for() {
            forward(&config, fallback.clone())?
        } else {
            connect(&config, fallback.clone()).await?
        };
        let carrier: Arc<dyn Carrier> = match &way {
            Way::Kafka(client) => client.clone(),
            Way::Forward(forwarder) => forwarder.clone(),
        };
        let kafka = Arc::new(config.kafka.clone());
        if let Some(fallback) = &fallback {
            take_back_asides(fallback, &config).await;
        }
        let drain = match &fallback {
            Some(fallback) => Some(Arc::new(Drain::start(
                &fallback.spool,
                carrier.clone(),
                &config,
            )?)),
            None => None,
        };
        let syncing = if fallback.is_some() {
            SYNCING
        } else {
            Duration::ZERO
        };
        Ok(Self {
            batcher: Arc::new(Batcher::new(&kafka, carrier.clone())),
            in_flight: Arc::new(Semaphore::new(kafka.beacons_in_flight_max)),
            bytes_in_flight: Arc::new(Semaphore::new(kafka.bytes_in_flight_max)),
            hot: HotSessions::new(kafka.hot_session_beacons_per_second).map(Arc::new),
            acknowledgement_timeout: kafka.linger()
                + delivery_timeout(&config)
                + SETTLING
                + syncing,
            carrier,
            way,
            fallback,
            drain,
            config: Arc::new(config),
        })
    }
}

/// The way to the brokers.
async fn connect(config: &Config, fallback: Option<Fallback>) -> Result<Way, StartError> {
    let has_spool = fallback.is_some();
    let client = KafkaClient::new(&config.kafka, delivery_timeout(config), fallback)
        .map_err(StartError::Settings)?;
    let is_known = learn_partitions(&client, config, has_spool).await?;
    let kafka = Arc::new(config.kafka.clone());
    if is_known {
        judge_topic(&kafka).await?;
    }
    tokio::spawn(keep_partitions(client.clone(), kafka, is_known));
    Ok(Way::Kafka(client))
}

/// The way to another gateway.
fn forward(config: &Config, fallback: Option<Fallback>) -> Result<Way, StartError> {
    let patience = delivery_timeout(config);
    let forwarder = Forwarder::new(&config.forward, patience, fallback)?;
    tracing::info!(url = config.forward.url, "beacons go to another gateway");
    Ok(Way::Forward(Arc::new(forwarder)))
}

/// How long a message may take: with the spool behind it, no longer than Kafka is to be waited for.
fn delivery_timeout(config: &Config) -> Duration {
    let all = Duration::from_millis(config.kafka.delivery_timeout_ms);
    match config.spool.mode {
        SpoolMode::KafkaFirst => all.min(Duration::from_millis(config.spool.kafka_patience_ms)),
        SpoolMode::SpoolAlways | SpoolMode::KafkaOnly => all,
    }
}

/// Puts what was larger than Kafka took back into the spool: the topic may take it now. What it does not take is
/// set aside again.
async fn take_back_asides(fallback: &Fallback, config: &Config) {
    let folder = Disk::new(&aside::folder(&config.spool.folder));
    let names = aside::names(&folder).unwrap_or_else(|error| {
        tracing::error!(%error, "beacons that were set aside cannot be read");
        Vec::new()
    });
    for name in names {
        match take_back(fallback, &folder, &name).await {
            Ok(true) => tracing::info!(name, "a beacon that was set aside is tried again"),
            Ok(false) => {
                tracing::error!(
                    name,
                    "a beacon that was set aside is damaged; its file stays"
                )
            }
            Err(error) => {
                tracing::error!(%error, name, "a beacon that was set aside stays there");
                return;
            }
        }
    }
}

/// Whether it is whole, and so back in the spool.
async fn take_back(fallback: &Fallback, folder: &Disk, name: &str) -> std::io::Result<bool> {
    let Some(beacon) = aside::read(folder, name)? else {
        return Ok(false);
    };
    let no_room = Arc::new(Semaphore::new(0));
    let nothing = || no_room.clone().try_acquire_many_owned(0);
    let (Ok(rows), Ok(bytes)) = (nothing(), nothing()) else {
        return Err(std::io::Error::other("no permit for a message of nothing"));
    };
    let mut ticket = Ticket::new();
    let kept = ticket.join(1, Room { rows, bytes });
    fallback.spool.append(Entry {
        partition: beacon.partition,
        payload: beacon.payload,
        ticket,
    });
    kept.settled().await.map_err(std::io::Error::other)?;
    folder.remove(name)?;
    Ok(true)
}

async fn open_spool(config: &Config) -> Result<Option<Fallback>, StartError> {
    let spool = config.spool.clone();
    if spool.mode == SpoolMode::KafkaOnly {
        warn_of_leftovers(config);
        return Ok(None);
    }
    // Reading what a crash left may take seconds.
    let opened = tokio::task::spawn_blocking(move || Spool::start(&spool)).await;
    let spool = opened.map_err(std::io::Error::other)??;
    Ok(Some(Fallback {
        spool: Arc::new(spool),
        breakers: Arc::new(Breakers::default()),
    }))
}

/// What an earlier mode has left is acknowledged, and somebody has to bring it to Kafka.
fn warn_of_leftovers(config: &Config) {
    let folder = &config.spool.folder;
    if !folder.is_dir() {
        return;
    }
    match spool::inspect(folder) {
        Ok(found) if found.records > 0 => tracing::error!(
            folder = %folder.display(),
            beacons = found.rows,
            "the spool of an earlier run holds beacons, and spool.mode is kafka_only; bring them to Kafka with `playhead spool drain`"
        ),
        Ok(_) => {}
        Err(error) => tracing::error!(%error, "the spool of an earlier run cannot be read"),
    }
}

/// Learns how many partitions the topic has; false: nobody knows yet.
async fn learn_partitions(
    client: &Arc<KafkaClient>,
    config: &Config,
    has_spool: bool,
) -> Result<bool, TopicError> {
    let mut kafka = config.kafka.clone();
    if has_spool {
        let patience = kafka.start_timeout().min(KAFKA_PATIENCE);
        kafka.start_timeout_ms = u64::try_from(patience.as_millis()).unwrap_or(u64::MAX);
    }
    match topic::wait_for_partitions(client, &kafka).await {
        Ok(partitions) => {
            client.set_partitions(partitions);
            tracing::info!(
                brokers = kafka.brokers,
                topic = kafka.topic,
                partitions,
                "Kafka answers"
            );
            Ok(true)
        }
        Err(error @ TopicError::Unreachable { .. }) if has_spool => {
            tracing::error!(%error, "starting without Kafka; beacons go to the spool");
            Ok(false)
        }
        // The client has heard why, which asking for the topic does not tell.
        Err(error @ TopicError::Unreachable { .. }) => Err(match client.troubles.reason() {
            Some(advice) => TopicError::NeedsAHand(advice),
            None => error,
        }),
        Err(error) => Err(error),
    }
}

/// Tells what of the topic is not as configured.
///
/// # Errors
/// A topic for which nothing can be acknowledged.
async fn judge_topic(kafka: &KafkaConfig) -> Result<(), TopicError> {
    let findings = match timeout(TOPIC_PATIENCE, topic::check(kafka)).await {
        Ok(Ok(findings)) => findings,
        Ok(Err(error)) => {
            tracing::warn!(%error, "the topic's settings are not checked");
            return Ok(());
        }
        Err(_) => {
            tracing::warn!("the topic's settings are not checked: no answer in time");
            return Ok(());
        }
    };
    metrics::producer::topic_findings(findings.len());
    let (refusals, warnings): (Vec<_>, Vec<_>) = findings
        .iter()
        .partition(|finding| finding.severity == Severity::Refusal);
    for finding in warnings {
        tracing::warn!(topic = kafka.topic, "{finding}");
    }
    if refusals.is_empty() {
        return Ok(());
    }
    let lines: Vec<String> = refusals.iter().map(ToString::to_string).collect();
    Err(TopicError::Unfit {
        topic: kafka.topic.clone(),
        findings: lines.join("\n"),
    })
}

/// Learns of partitions that are added, and of their number once Kafka answers.
async fn keep_partitions(client: Arc<KafkaClient>, kafka: Arc<KafkaConfig>, mut is_known: bool) {
    // Ends with the producer, whose client it would otherwise keep.
    let client = {
        let weak = Arc::downgrade(&client);
        drop(client);
        weak
    };
    loop {
        tokio::time::sleep(if is_known {
            PARTITIONS_EVERY
        } else {
            PARTITIONS_RETRY
        })
        .await;
        let Some(client) = client.upgrade() else {
            return;
        };
        match topic::partitions(client.clone(), kafka.clone(), PARTITIONS_RETRY).await {
            Ok(partitions) => {
                client.set_partitions(partitions);
                if !is_known && let Err(error) = judge_topic(&kafka).await {
                    // It runs already, and keeps in the spool what Kafka does not take.
                    tracing::error!("{error}");
                }
                is_known = true;
            }
            Err(TopicError::Missing { .. }) => client.troubles.note(Failure::TopicMissing),
            Err(_) => {}
        }
    }
}
