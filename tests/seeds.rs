//! Worlds of many seeds, spoiled in every way, through an engine that stops reading and begins again further back, and a
//! topic whose partitions grow meanwhile: every column of every view is what their viewers did.
//!
//! `PLAYHEAD_TEST_SEEDS=17 cargo test --test warehouse seeds` runs one seed alone, `PLAYHEAD_TEST_SEEDS=1..500` more of them.
#![expect(
    clippy::unwrap_used,
    reason = "a test's set-up that fails is a failed test"
)]

use crate::scratch;
use crate::viewers;

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::harness::{Gateway, Topic, brokers};
use playhead::config::KafkaConfig;
use playhead::produce::topic;
use playhead::warehouse::Warehouse;
use playhead_simulator::Simulation;
use rdkafka::consumer::{BaseConsumer, CommitMode, Consumer};
use rdkafka::{ClientConfig, Offset, TopicPartitionList};
use tokio::time::{Instant, sleep};

/// Some five hundred sessions: what a run of every test has time for. More by the variable above.
const SEEDS: &str = "1..12";
/// Partitions at first, and after the engine's first stop: from then on a session's beacons lie in two of them.
const PARTITIONS: (i32, i32) = (4, 6);
const KAFKA_TIMEOUT: Duration = Duration::from_secs(15);
/// How long the engine may take to read what is in the topic.
const READING: Duration = Duration::from_secs(120);

/// What the engine has read of the topic, by its consumer group.
struct Reading {
    consumer: BaseConsumer,
    topic: String,
}

impl Reading {
    fn of(topic: &Topic) -> Self {
        let consumer = ClientConfig::new()
            .set("bootstrap.servers", &topic.brokers)
            .set("group.id", &topic.name)
            .set("enable.auto.commit", "false")
            .create()
            .unwrap();
        Self {
            consumer,
            topic: topic.name.clone(),
        }
    }

    /// The end of each partition.
    fn ends(&self) -> Vec<(i32, i64)> {
        let metadata = self
            .consumer
            .fetch_metadata(Some(&self.topic), KAFKA_TIMEOUT);
        let metadata = metadata.unwrap();
        let partitions = metadata.topics()[0].partitions().iter();
        let end = |id| {
            self.consumer
                .fetch_watermarks(&self.topic, id, KAFKA_TIMEOUT)
        };
        partitions
            .map(|partition| (partition.id(), end(partition.id()).unwrap().1))
            .collect()
    }

    /// Messages that the engine has not yet confirmed.
    fn left(&self) -> i64 {
        let ends = self.ends();
        let mut asked = TopicPartitionList::new();
        for (partition, _) in &ends {
            asked.add_partition(&self.topic, *partition);
        }
        let committed = self
            .consumer
            .committed_offsets(asked, KAFKA_TIMEOUT)
            .unwrap();
        let done = |partition: i32| {
            let found = committed.find_partition(&self.topic, partition);
            found
                .and_then(|one| one.offset().to_raw())
                .unwrap_or(0)
                .max(0)
        };
        ends.iter()
            .map(|(partition, end)| end - done(*partition))
            .sum()
    }

    /// As a crash before the confirmation leaves it: the second half of everything is read once more. The engine must have
    /// left the group.
    async fn rewind(&self) -> i64 {
        let mut halves = TopicPartitionList::new();
        let mut again = 0;
        for (partition, end) in self.ends() {
            halves
                .add_partition_offset(&self.topic, partition, Offset::Offset(end / 2))
                .unwrap();
            again += end - end / 2;
        }
        let give_up = Instant::now() + READING;
        while let Err(error) = self.consumer.commit(&halves, CommitMode::Sync) {
            assert!(Instant::now() < give_up, "{error}");
            sleep(Duration::from_millis(500)).await;
        }
        again
    }
}

async fn stop_reading(warehouse: &Warehouse) {
    viewers::run(warehouse, "DETACH TABLE beacons_kafka").await;
}

/// A block that was being written when reading stopped keeps the table in use, and ClickHouse refuses it until then.
async fn begin_reading(warehouse: &Warehouse) {
    let give_up = Instant::now() + READING;
    let attach = || warehouse.query("ATTACH TABLE beacons_kafka");
    while let Err(error) = warehouse.execute(attach(), READING).await {
        assert!(Instant::now() < give_up, "{error}");
        sleep(Duration::from_millis(500)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_number_of_every_seed_is_what_the_viewers_did() {
    let seeds = std::env::var("PLAYHEAD_TEST_SEEDS").unwrap_or_else(|_| SEEDS.to_owned());
    let topic = Topic::create(brokers(), PARTITIONS.0).await;
    scratch::in_database(|warehouse| async move {
        viewers::migrate(&warehouse, &topic).await;
        let gateway = Gateway::start(&topic, &[]);
        let asked = format!("--seeds {seeds} --speed-up 40");
        let simulation =
            Simulation::prepare(viewers::arguments(&gateway, &warehouse, &asked)).unwrap();
        let sessions = simulation.sessions();
        println!("seeds {seeds}: {sessions} sessions");

        // The engine stops and goes on while beacons come, so that a session's lie in many blocks.
        let is_sent = AtomicBool::new(false);
        let sending = async {
            simulation.send().await.unwrap();
            is_sent.store(true, Ordering::Relaxed);
        };
        let stopping = async {
            let mut stops = 0;
            while !is_sent.load(Ordering::Relaxed) {
                sleep(Duration::from_secs(4)).await;
                stop_reading(&warehouse).await;
                if stops == 0 {
                    let grown = KafkaConfig {
                        partitions: PARTITIONS.1,
                        ..topic.config()
                    };
                    topic::grow(&grown).await.unwrap();
                }
                sleep(Duration::from_secs(2)).await;
                begin_reading(&warehouse).await;
                stops += 1;
            }
            stops
        };
        let ((), stops) = tokio::join!(sending, stopping);
        let reading = Reading::of(&topic);
        let used = reading.ends().iter().filter(|(_, end)| *end > 0).count();
        assert_eq!(
            used, PARTITIONS.1 as usize,
            "the gateway learned of the new partitions"
        );
        until_read(&reading).await;
        stop_reading(&warehouse).await;
        let again = reading.rewind().await;
        begin_reading(&warehouse).await;
        until_read(&reading).await;
        println!("the engine was stopped {stops} times, and read {again} messages twice");

        let verdict = tokio::select! {
            verdict = simulation.verify() => verdict.unwrap(),
            () = hurry(&warehouse) => unreachable!("it never ends"),
        };
        let suspects: Vec<String> = verdict.suspects().iter().map(u64::to_string).collect();
        let alone: Vec<String> = suspects
            .iter()
            .map(|seed| format!("PLAYHEAD_TEST_SEEDS={seed} cargo test --test warehouse seeds"))
            .collect();
        assert!(verdict.is_passed(), "{verdict}\n{}", alone.join("\n"));
        println!("seeds {seeds}: {sessions} sessions, {verdict}");
    })
    .await;
}

/// Asks the passes that come twice a minute to come every few seconds.
async fn hurry(warehouse: &Warehouse) {
    loop {
        sleep(Duration::from_secs(3)).await;
        for pass in [
            "quality_ten_seconds_pass",
            "quality_hours_pass",
            "quality_days_pass",
        ] {
            viewers::run(warehouse, &format!("SYSTEM REFRESH VIEW {pass}")).await;
        }
    }
}

async fn until_read(reading: &Reading) {
    let give_up = Instant::now() + READING;
    while reading.left() > 0 {
        assert!(
            Instant::now() < give_up,
            "{} messages are not read",
            reading.left()
        );
        sleep(Duration::from_millis(200)).await;
    }
}
