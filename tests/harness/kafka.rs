//! A topic that is there for one test.

use std::collections::BTreeMap;
use std::env;
use std::net::{TcpStream, ToSocketAddrs};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use playhead::beacon::Beacon;
use playhead::config::KafkaConfig;
use playhead::produce::{decode_rows, topic};
use rdkafka::admin::{AdminClient, AdminOptions};
use rdkafka::client::DefaultClientContext;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::{ClientConfig, Message, Offset, TopicPartitionList};

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
}

impl Topic {
    /// Makes one with this many partitions.
    pub async fn create(brokers: String, partitions: i32) -> Self {
        let topic = Self {
            name: unused_name(),
            brokers,
        };
        topic::create(&KafkaConfig {
            brokers: topic.brokers.clone(),
            topic: topic.name.clone(),
            partitions,
            ..KafkaConfig::default()
        })
        .await
        .unwrap();
        topic
    }

    /// A name without a topic.
    pub fn missing(brokers: String) -> Self {
        Self {
            name: unused_name(),
            brokers,
        }
    }

    /// The payloads of every message, oldest first within a partition.
    pub fn messages(&self) -> Vec<Vec<u8>> {
        let consumer: BaseConsumer = ClientConfig::new()
            .set("bootstrap.servers", &self.brokers)
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
                messages.push(message.unwrap().payload().unwrap().to_vec());
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
        let (brokers, name) = (self.brokers.clone(), self.name.clone());
        // A runtime of its own: the test's may be the one that is ending.
        let deleted = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?;
            let admin: AdminClient<DefaultClientContext> = ClientConfig::new()
                .set("bootstrap.servers", &brokers)
                .create()?;
            let options = AdminOptions::new().request_timeout(Some(Duration::from_secs(5)));
            runtime.block_on(admin.delete_topics(&[&name], &options))?;
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
