//! How long it takes from the acknowledgement of a beacon until a reader sees it.
//!
//! Probe sessions that begin, play and end within one request are sent beside the load; each view is asked again and again for
//! the probes that it has not shown yet: `live_viewers_v` as the live state, `sessions_v` as the ended session. What is
//! measured includes the reader's own query.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::json;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::Instant;
use xxhash_rust::xxh3::xxh3_64;

use crate::event::unix_ms;
use crate::send::Client;
use crate::verify::Warehouse;

const PROBE_EVERY: Duration = Duration::from_millis(200);
/// A reader asks again after this long, or after [`RESTS`] times what the last answer took: watching must not be the load.
const ASK_EVERY: Duration = Duration::from_millis(50);
const RESTS: u32 = 9;
const WAIT_AT_THE_END: Duration = Duration::from_secs(60);
/// The views that are watched.
const VIEWS: [&str; 2] = ["live_viewers_v", "sessions_v"];

/// What one view showed.
#[derive(Debug)]
pub(crate) struct Freshness {
    pub(crate) view: &'static str,
    /// From the answer to the row; ascending.
    pub(crate) times: Vec<Duration>,
    /// Probes that never showed.
    pub(crate) unseen: usize,
}

/// Probes that were acknowledged and not yet seen: session key to the moment of the answer.
type Open = Arc<Mutex<HashMap<u64, Instant>>>;

/// Probing under way.
pub(super) struct Probes {
    stop: watch::Sender<bool>,
    prober: JoinHandle<Result<()>>,
    watchers: Vec<JoinHandle<Result<Freshness>>>,
}

/// Begins to send probes and to watch for them.
pub(super) fn start(run: &str, tenant: &str, client: Client, warehouse: Warehouse) -> Probes {
    let (stop, stopped) = watch::channel(false);
    let open: Vec<Open> = VIEWS.iter().map(|_| Open::default()).collect();
    let (run, tenant) = (run.to_owned(), tenant.to_owned());
    let watchers = VIEWS.iter().zip(&open).map(|(view, open)| {
        tokio::spawn(watch_view(
            view,
            Arc::clone(open),
            tenant.clone(),
            warehouse.clone(),
            stopped.clone(),
        ))
    });
    let watchers = watchers.collect();
    let prober = tokio::spawn(probe(run, tenant, client, open, stopped));
    Probes {
        stop,
        prober,
        watchers,
    }
}

impl Probes {
    /// Sends no more probes, and waits a while for those that are still on their way.
    pub(super) async fn finish(self) -> Result<Vec<Freshness>> {
        self.stop.send_replace(true);
        self.prober.await.context("probing broke off")??;
        let mut seen = Vec::new();
        for watcher in self.watchers {
            seen.push(watcher.await.context("watching a view broke off")??);
        }
        Ok(seen)
    }
}

async fn probe(
    run: String,
    tenant: String,
    client: Client,
    open: Vec<Open>,
    stopped: watch::Receiver<bool>,
) -> Result<()> {
    let mut tick = tokio::time::interval(PROBE_EVERY);
    for number in 0_u32.. {
        tick.tick().await;
        if *stopped.borrow() {
            break;
        }
        let session_id = format!("probe-{run}-{number}");
        let now_ms = unix_ms()?;
        let beacon = |seq: u32, state: &str| {
            json!({"session_id": session_id, "seq": seq, "event": "play_state", "state": state, "client_time_ms": now_ms,
                "sent_time_ms": now_ms, "content_id": "probe", "device_class": "web"})
        };
        let body = json!([
            beacon(0, "starting"),
            beacon(1, "playing"),
            beacon(2, "ended")
        ])
        .to_string()
        .into_bytes();
        if client
            .post_once(body)
            .await
            .is_ok_and(|answer| answer.took_all(3))
        {
            let session_key = xxh3_64(format!("{tenant}\0{session_id}").as_bytes());
            for view in &open {
                view.lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .insert(session_key, Instant::now());
            }
        }
    }
    Ok(())
}

async fn watch_view(
    view: &'static str,
    open: Open,
    tenant: String,
    warehouse: Warehouse,
    stopped: watch::Receiver<bool>,
) -> Result<Freshness> {
    let mut times = Vec::new();
    let mut deadline = None;
    loop {
        let asked = Instant::now();
        let keys: Vec<String> = open
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .keys()
            .map(u64::to_string)
            .collect();
        if *stopped.borrow() {
            let until = *deadline.get_or_insert_with(|| Instant::now() + WAIT_AT_THE_END);
            if keys.is_empty() || Instant::now() > until {
                times.sort_unstable();
                return Ok(Freshness {
                    view,
                    times,
                    unseen: keys.len(),
                });
            }
        }
        if !keys.is_empty() {
            let sql = format!(
                "SELECT session_key FROM {view} WHERE tenant = '{tenant}' AND session_key IN ({})",
                keys.join(", ")
            );
            let rows = warehouse.rows(&sql).await?;
            let now = Instant::now();
            let mut open = open.lock().unwrap_or_else(PoisonError::into_inner);
            for row in rows {
                let key = row.get("session_key").and_then(serde_json::Value::as_u64);
                if let Some(answered) = key.and_then(|key| open.remove(&key)) {
                    times.push(now - answered);
                }
            }
        }
        tokio::time::sleep(ASK_EVERY.max(asked.elapsed() * RESTS)).await;
    }
}
