//! A topic that is there for one test.

use std::collections::BTreeMap;
use std::env;
use std::net::{TcpStream, ToSocketAddrs};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use playhead::beacon::Beacon;
use playhead::config::{KafkaConfig, KafkaSecurityConfig};
use playhead::produce::{decode_rows, topic};
use rdkafka::admin::{AdminClient, AdminOptions};
use rdkafka::client::DefaultClientContext;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::producer::{FutureProducer, FutureRecord};
use rdkafka::{Message, Offset, TopicPartitionList};

const TIMEOUT: Duration = Duration::from_secs(15);

/// The broker that the tests use; fails with what to do when it is not there.
pub fn brokers() -> String {
    let brokers = env::var("PLAYHEAD_KAFKA__BROKERS").unwrap_or("127.0.0.1:9092".into());
    let first = brokers.split(',').next().unwrap_or_default();
    let reached = first
        .to_socket_addrs()
        .ok()
        .and_then(|mut addresses| addresses.next())
        .is_some_and(|address| TcpStream::connect_timeout(&address, TIMEOUT).is_ok());
    assert!(
        reached,
        "Kafka at {brokers} does not answer; start the stack with `stack/stack up`"
    );
    brokers
}

/// A topic, deleted when the test is over.
pub struct Topic {
    pub brokers: String,
    pub name: String,
    /// How the test itself speaks to the brokers.
    pub security: KafkaSecurityConfig,
}

impl Topic {
    /// Makes one with this many partitions.
    pub async fn create(brokers: String, partitions: i32) -> Self {
        Self::create_as(KafkaSecurityConfig::default(), brokers, partitions).await
    }

    /// Makes one at brokers that want to know who does.
    pub async fn create_as(
        security: KafkaSecurityConfig,
        brokers: String,
        partitions: i32,
    ) -> Self {
        let mut topic = Self::missing(brokers);
        topic.security = security;
        let config = KafkaConfig {
            partitions,
            ..topic.config()
        };
        topic::create(&config).await.unwrap();
        topic
    }

    /// A name without a topic.
    pub fn missing(brokers: String) -> Self {
        Self {
            name: unused_name(),
            brokers,
            security: KafkaSecurityConfig::default(),
        }
    }

    /// Where it is.
    pub fn config(&self) -> KafkaConfig {
        KafkaConfig {
            brokers: self.brokers.clone(),
            topic: self.name.clone(),
            security: self.security.clone(),
            ..KafkaConfig::default()
        }
    }

    /// The beacons of each partition.
    pub fn beacons_by_partition(&self) -> BTreeMap<i32, Vec<Beacon>> {
        let mut by_partition: BTreeMap<i32, Vec<Beacon>> = BTreeMap::new();
        for (partition, message) in self.messages_with_partitions() {
            let beacons = decode_rows(&message).unwrap();
            by_partition.entry(partition).or_default().extend(beacons);
        }
        by_partition
    }

    /// Puts a message into it that no gateway made.
    pub async fn put(&self, payload: &[u8]) {
        let producer: FutureProducer = self.config().client("tests").create().unwrap();
        let record = FutureRecord::<(), [u8]>::to(&self.name).payload(payload);
        producer.send(record, TIMEOUT).await.unwrap();
    }

    /// The payloads of every message, oldest first within a partition.
    pub fn messages(&self) -> Vec<Vec<u8>> {
        let messages = self.messages_with_partitions().into_iter();
        messages.map(|(_, payload)| payload).collect()
    }

    fn messages_with_partitions(&self) -> Vec<(i32, Vec<u8>)> {
        let consumer: BaseConsumer = self
            .config()
            .client("tests")
            .set("group.id", "playhead-tests")
            .set("enable.auto.commit", "false")
            .create()
            .unwrap();
        let metadata = consumer.fetch_metadata(Some(&self.name), TIMEOUT).unwrap();
        let mut ends = BTreeMap::new();
        let mut assignment = TopicPartitionList::new();
        for partition in metadata.topics()[0].partitions() {
            let (_, end) = consumer
                .fetch_watermarks(&self.name, partition.id(), TIMEOUT)
                .unwrap();
            ends.insert(partition.id(), end);
            assignment
                .add_partition_offset(&self.name, partition.id(), Offset::Beginning)
                .unwrap();
        }
        consumer.assign(&assignment).unwrap();
        let mut left: i64 = ends.values().sum();
        let mut messages = Vec::new();
        let deadline = Instant::now() + TIMEOUT;
        while left > 0 {
            assert!(Instant::now() < deadline, "{left} messages are missing");
            if let Some(message) = consumer.poll(Duration::from_millis(100)) {
                let message = message.unwrap();
                messages.push((message.partition(), message.payload().unwrap().to_vec()));
                left -= 1;
            }
        }
        messages
    }

    /// Every beacon of the topic.
    pub fn beacons(&self) -> Vec<Beacon> {
        self.messages()
            .iter()
            .flat_map(|message| decode_rows(message).unwrap())
            .collect()
    }
}

impl Drop for Topic {
    fn drop(&mut self) {
        let config = self.config();
        // A runtime of its own: the test's may be the one that is ending.
        let deleted = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?;
            let admin: AdminClient<DefaultClientContext> = config.client("tests").create()?;
            let options = AdminOptions::new().request_timeout(Some(Duration::from_secs(5)));
            runtime.block_on(admin.delete_topics(&[&config.topic], &options))?;
            anyhow::Ok(())
        });
        // A topic that was never made, or whose broker is gone, leaves nothing behind.
        let _ = deleted.join();
    }
}

fn unused_name() -> String {
    static COUNTER: AtomicU32 = AtomicU32::new(0);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    format!(
        "playhead.test.{}.{}.{}",
        now.as_millis(),
        std::process::id(),
        COUNTER.fetch_add(1, Ordering::Relaxed)
    )
}
