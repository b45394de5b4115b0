//! Two gateways behind one address are replaced one after the other, while players send: nothing is lost, and hardly
//! anybody notices.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

use crate::harness;

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::harness::{Gateway, Topic, brokers, heartbeat};
use serde_json::Value;
use tempfile::TempDir;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, block_in_place};

/// Sessions that send at the same time.
const PLAYERS: usize = 16;
/// Beacons of a request.
const BATCH: u64 = 5;
/// How often every gateway is replaced.
const ROUNDS: usize = 3;

/// One address before several gateways: a connection goes to the next one that answers.
struct Balancer {
    address: String,
    backends: Arc<Mutex<Vec<String>>>,
    task: JoinHandle<()>,
}

impl Balancer {
    async fn start(backends: Vec<String>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let backends = Arc::new(Mutex::new(backends));
        let known = backends.clone();
        let task = tokio::spawn(async move {
            let mut turn = 0;
            while let Ok((mut player, _)) = listener.accept().await {
                let order: Vec<String> = {
                    let known = known.lock().unwrap();
                    (0..known.len())
                        .map(|n| known[(turn + n) % known.len()].clone())
                        .collect()
                };
                turn += 1;
                tokio::spawn(async move {
                    for backend in order {
                        if let Ok(mut gateway) = TcpStream::connect(&backend).await {
                            let _ = copy_bidirectional(&mut player, &mut gateway).await;
                            return;
                        }
                    }
                });
            }
        });
        Self {
            address,
            backends,
            task,
        }
    }

    fn replace(&self, place: usize, backend: String) {
        self.backends.lock().unwrap()[place] = backend;
    }
}

/// What players have seen.
#[derive(Default)]
struct Seen {
    requests: AtomicUsize,
    /// Requests that had to be sent again.
    repeated: AtomicUsize,
    is_over: AtomicBool,
}

/// Sends until it is over, each request as often as it takes. What was acknowledged.
async fn play(url: String, session: String, seen: Arc<Seen>) -> BTreeSet<(String, u64)> {
    let client = harness::client();
    let mut acknowledged = BTreeSet::new();
    let mut next = 0;
    while !seen.is_over.load(Ordering::Relaxed) {
        let beacons: Vec<Value> = (next..next + BATCH)
            .map(|seq| heartbeat(&session, seq))
            .collect();
        let body = Value::Array(beacons).to_string();
        seen.requests.fetch_add(1, Ordering::Relaxed);
        let mut tries = 0;
        loop {
            let sent = client.post(&url).body(body.clone()).send().await;
            if sent.is_ok_and(|response| response.status() == 200) {
                break;
            }
            if tries == 0 {
                seen.repeated.fetch_add(1, Ordering::Relaxed);
            }
            tries += 1;
            assert!(tries < 100, "{session} finds no gateway");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        acknowledged.extend((next..next + BATCH).map(|seq| (session.clone(), seq)));
        next += BATCH;
    }
    acknowledged
}

fn host(gateway: &Gateway) -> String {
    gateway.http.trim_start_matches("http://").to_owned()
}

fn start(topic: &Topic, folder: &TempDir) -> Gateway {
    let folder = folder.path().to_str().unwrap();
    let settings = [("SPOOL__FOLDER", folder), ("KAFKA__LINGER_MS", "20")];
    block_in_place(|| Gateway::start(topic, &settings))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nothing_is_lost_while_gateways_are_replaced() {
    let topic = Topic::create(brokers(), 6).await;
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let mut gateways: Vec<Gateway> = folders.iter().map(|folder| start(&topic, folder)).collect();
    let balancer = Balancer::start(gateways.iter().map(host).collect()).await;
    let seen = Arc::new(Seen::default());
    let players: Vec<_> = (0..PLAYERS)
        .map(|n| {
            let url = format!("{}/v1/beacons", balancer.address);
            tokio::spawn(play(url, format!("s-{n}"), seen.clone()))
        })
        .collect();
    let some_more = async || {
        let until = seen.requests.load(Ordering::Relaxed) + PLAYERS * 5;
        while seen.requests.load(Ordering::Relaxed) < until {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    some_more().await;
    for _ in 0..ROUNDS {
        for (place, folder) in folders.iter().enumerate() {
            let gateway = gateways.remove(place);
            gateway.terminate();
            let exit = block_in_place(|| gateway.wait());
            assert!(exit.status.success(), "{}", exit.log);
            assert!(exit.took < Duration::from_secs(15), "{:?}", exit.took);
            let fresh = start(&topic, folder);
            balancer.replace(place, host(&fresh));
            gateways.insert(place, fresh);
            some_more().await;
        }
    }
    seen.is_over.store(true, Ordering::Relaxed);
    let mut acknowledged = BTreeSet::new();
    for player in players {
        acknowledged.extend(player.await.unwrap());
    }
    balancer.task.abort();
    for gateway in gateways {
        gateway.terminate();
        assert!(block_in_place(|| gateway.wait()).status.success());
    }
    let found: BTreeSet<(String, u64)> = topic
        .beacons()
        .iter()
        .map(|beacon| (beacon.session_id().to_owned(), beacon.seq()))
        .collect();
    let missing = acknowledged.difference(&found).count();
    assert_eq!(missing, 0, "of {} acknowledged", acknowledged.len());
    assert_eq!(
        found.difference(&acknowledged).count(),
        0,
        "nothing that was never sent"
    );
    let (requests, repeated) = (
        seen.requests.load(Ordering::Relaxed),
        seen.repeated.load(Ordering::Relaxed),
    );
    println!(
        "{requests} requests, {repeated} sent more than once, {} restarts",
        ROUNDS * 2
    );
    assert!(
        repeated * 20 <= requests,
        "{repeated} of {requests} requests had to be sent again"
    );
}
