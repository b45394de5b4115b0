//! Streams on the real engine and real connections: many who listen, few computations, and nothing missed.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test fails by panicking, and measures"
)]

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::time::Duration;

use crate::landing::{insert, migrate, run};
use crate::record::packed;
use crate::scratch::in_database;
use playhead::analytics::{AnalyticsSettings, AnalyticsState, router};
use playhead::beacon::session_key;
use playhead::config::{AlertCondition, AlertRule};
use playhead::warehouse::Warehouse;
use serde_json::{Value, json};
use time::OffsetDateTime;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

const LISTENERS: usize = 2_000;
const PATIENCE: Duration = Duration::from_secs(90);

fn state(warehouse: &Warehouse) -> AnalyticsState {
    let settings = AnalyticsSettings {
        liveness: Duration::from_secs(180),
        refresh: Duration::from_secs(5),
        frozen_after: Duration::from_secs(192 * 3_600),
        max_concurrent_queries: 8,
        query_timeout: Duration::from_secs(60),
        cache_max_bytes: 16 * 1024 * 1024,
    };
    AnalyticsState::new(warehouse.clone(), settings)
}

/// Serves the API on a port of its own.
#[expect(
    clippy::disallowed_methods,
    reason = "only this test connects, and it sends its headers at once"
)]
async fn serve(state: AnalyticsState) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router(state)).await });
    address
}

/// An event as a client reads it.
#[derive(Clone, Debug, Default)]
struct Event {
    id: String,
    name: String,
    data: Value,
}

/// A client of a stream.
struct Client {
    connection: TcpStream,
    read: String,
}

impl Client {
    async fn open(address: SocketAddr, path: &str, last: &str) -> Self {
        let mut connection = TcpStream::connect(address).await.unwrap();
        let last = if last.is_empty() {
            String::new()
        } else {
            format!("last-event-id: {last}\r\n")
        };
        // Without chunks of HTTP/1.1: what comes are the events themselves.
        let request = format!("GET {path} HTTP/1.0\r\nhost: test\r\n{last}\r\n");
        connection.write_all(request.as_bytes()).await.unwrap();
        Self {
            connection,
            read: String::new(),
        }
    }

    /// The next event with data; what only keeps the connection alive is none.
    async fn next(&mut self) -> Event {
        timeout(PATIENCE, self.event()).await.unwrap()
    }

    async fn event(&mut self) -> Event {
        loop {
            if let Some((block, rest)) = self.read.split_once("\n\n") {
                let field = |name: &str| {
                    let mut lines = block.lines();
                    lines
                        .find_map(|line| line.strip_prefix(name))
                        .unwrap_or_default()
                        .to_owned()
                };
                let (id, event, data) = (field("id: "), field("event: "), field("data: "));
                let rest = rest.to_owned();
                self.read = rest;
                if !data.is_empty() {
                    let data = serde_json::from_str(&data).unwrap();
                    return Event {
                        id,
                        name: event,
                        data,
                    };
                }
                continue;
            }
            let mut piece = [0; 16_384];
            let length = self.connection.read(&mut piece).await.unwrap();
            assert!(length > 0, "the stream ended: {}", self.read);
            self.read
                .push_str(std::str::from_utf8(&piece[..length]).unwrap());
        }
    }
}

/// Memory of this process; MB.
fn memory_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmRSS:"))
        .unwrap();
    let kb: u64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    kb / 1_024
}

async fn watching(warehouse: &Warehouse, name: &str) {
    let at_ms = (OffsetDateTime::now_utc().unix_timestamp() - 5) * 1_000;
    let beacon = packed(json!({
        "tenant": "default", "session_id": name, "session_key": session_key("default", name), "stream": "json", "seq": 0,
        "seq_is_ordinal": true, "event": 1, "state": 2, "client_time_ms": at_ms, "sent_time_ms": at_ms,
        "received_time_ms": at_ms, "event_time_ms": at_ms, "content_id": "film", "device_class": 2,
    }));
    insert(warehouse, &[beacon]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_thousand_listen_to_one_computation() {
    in_database(|warehouse| async move {
        migrate(&warehouse).await;
        watching(&warehouse, "one").await;
        let address = serve(state(&warehouse)).await;
        let before_mb = memory_mb();
        let mut clients = Vec::new();
        for _ in 0..LISTENERS {
            clients.push(Client::open(address, "/v1/streams/live", "").await);
        }
        let began = tokio::time::Instant::now();
        let tasks = clients.into_iter().map(|mut client| {
            tokio::spawn(async move {
                let mut heard = Vec::new();
                while heard.len() < 3 {
                    let event = client.next().await;
                    assert_eq!(
                        (event.name.as_str(), &event.data["viewers_now"]),
                        ("live", &json!(1))
                    );
                    heard.push(event.id);
                }
                (client, heard)
            })
        });
        let mut ids = BTreeSet::new();
        let mut kept = Vec::new();
        for task in tasks.collect::<Vec<_>>() {
            let (client, heard) = task.await.unwrap();
            ids.extend(heard);
            kept.push(client);
        }
        let (took, memory_mb) = (began.elapsed(), memory_mb() - before_mb);
        println!("{LISTENERS} listeners: {} events computed in {took:?}, {memory_mb} MB with their clients", ids.len());
        // An event every two seconds at most, whoever listens.
        assert!(ids.len() as u64 <= took.as_secs() / 2 + 4, "{}", ids.len());
        assert!(memory_mb < 400, "{memory_mb}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_comes_back_hears_what_was_missed() {
    in_database(|warehouse| async move {
        migrate(&warehouse).await;
        watching(&warehouse, "one").await;
        let address = serve(state(&warehouse)).await;
        let mut stays = Client::open(address, "/v1/streams/viewers", "").await;
        let first = stays.next().await;
        assert_eq!(
            (first.name.as_str(), &first.data["viewers_now"]),
            ("viewers", &json!(1))
        );
        let (second, third) = (stays.next().await, stays.next().await);
        let mut comes_back = Client::open(address, "/v1/streams/viewers", &first.id).await;
        assert_eq!(comes_back.next().await.id, second.id);
        assert_eq!(comes_back.next().await.id, third.id);
        // An id of another gateway: the newest, which tells everything.
        let mut stranger = Client::open(address, "/v1/streams/viewers", "abc-1").await;
        let now = stranger.next().await;
        assert!(now.id >= third.id, "{now:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn alerts_fire_and_are_resolved() {
    in_database(|warehouse| async move {
        migrate(&warehouse).await;
        let rule = AlertRule {
            name: "plays of a CDN".into(),
            tenant: "default".into(),
            metric: "plays".into(),
            definition: String::new(),
            dimension: "cdn".into(),
            condition: AlertCondition::Above,
            bound: 10.0,
            window_seconds: 600,
            for_seconds: 0,
            plays_min: 1,
        };
        // One minute throughout: what comes later replaces it, however long the test takes.
        let minute = (OffsetDateTime::now_utc().unix_timestamp() / 60 - 2) * 60;
        let plays = async |cdn: &str, plays: u32| {
            run(&warehouse, &format!(
                "INSERT INTO quality_by_minute (tenant, dimension_set, minute, cdn, plays, version) \
                 SELECT 'default', 'network', toDateTime({minute}, 'UTC'), '{cdn}', {plays}, now64(3)"
            )).await;
        };
        let end = CancellationToken::new();
        let state = state(&warehouse).with_end(end.clone()).with_alerts(vec![rule]);
        let address = serve(state).await;
        let mut client = Client::open(address, "/v1/streams/alerts", "").await;
        let first = client.next().await;
        assert_eq!((first.name.as_str(), first.data), ("firing", json!([])));
        plays("north", 11).await;
        plays("south", 10).await;
        let fired = client.next().await;
        assert_eq!(fired.name, "alert");
        for (field, value) in [("state", json!("firing")), ("value", json!("north")), ("bound", json!(10.0)), ("number", json!(11.0))] {
            assert_eq!(fired.data[field], value, "{}", fired.data);
        }
        // Whoever comes now is told of it first.
        let mut late = Client::open(address, "/v1/streams/alerts", "").await;
        let firing = late.next().await;
        assert_eq!(firing.data.as_array().unwrap().len(), 1);
        plays("north", 4).await;
        sleep(Duration::from_millis(10)).await;
        for client in [&mut client, &mut late] {
            let resolved = client.next().await;
            assert_eq!((&resolved.data["state"], &resolved.data["value"]), (&json!("resolved"), &json!("north")));
        }
        end.cancel();
        assert_eq!(client.next().await.data, json!({"reason": "gateway_ends"}));
    })
    .await;
}
