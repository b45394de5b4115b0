//! Keeps the rate, whatever the answers: a slow gateway gets more requests at a time, not fewer.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use indicatif::ProgressBar;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::event::unix_ms;
use crate::send::Client;

use super::stock::Stock;

/// Requests under way, at most; beyond it the generator falls behind and says so.
const MOST_REQUESTS: usize = 2_000;

/// What keeping the rate gave.
#[derive(Debug, Default)]
pub(crate) struct Pace {
    pub(crate) beacons_acknowledged: u64,
    pub(crate) beacons_failed: u64,
    pub(crate) bytes: u64,
    pub(crate) took: Duration,
    /// From when each request was due to its answer; ascending.
    pub(crate) latencies: Vec<Duration>,
    /// How far sending fell behind its times, at worst.
    pub(crate) worst_lag: Duration,
    pub(crate) first_error: Option<String>,
}

struct Sent {
    beacons: u64,
    bytes: u64,
    latency: Duration,
    error: Option<String>,
}

/// Sends `beacons` of the stock at `rate` beacons a second.
pub(super) async fn keep(
    stock: &Arc<Stock>,
    client: &Client,
    beacons: usize,
    rate: u32,
    batch: usize,
) -> Result<Pace> {
    let progress = ProgressBar::new(beacons as u64);
    let permits = Arc::new(Semaphore::new(MOST_REQUESTS));
    let began = Instant::now();
    let mut pace = Pace::default();
    let mut requests: JoinSet<Sent> = JoinSet::new();
    for from in (0..beacons).step_by(batch) {
        let to = (from + batch).min(beacons);
        let due = began + Duration::from_secs_f64(from as f64 / f64::from(rate));
        tokio::time::sleep_until(due).await;
        let permit = Arc::clone(&permits)
            .acquire_owned()
            .await
            .context("sending was stopped")?;
        pace.worst_lag = pace.worst_lag.max(due.elapsed());
        let body = stock.body(from..to, unix_ms()?);
        let client = client.clone();
        requests.spawn(async move {
            let bytes = body.len() as u64;
            let answer = client.post_once(body).await;
            drop(permit);
            let error = match answer {
                Ok(answer) if answer.took_all(to - from) => None,
                Ok(answer) => Some(answer.complaint()),
                Err(error) => Some(format!("{error:#}")),
            };
            Sent {
                beacons: (to - from) as u64,
                bytes,
                latency: due.elapsed(),
                error,
            }
        });
        while let Some(sent) = requests.try_join_next() {
            pace.add(sent.context("a request broke off")?, &progress);
        }
    }
    while let Some(sent) = requests.join_next().await {
        pace.add(sent.context("a request broke off")?, &progress);
    }
    pace.took = began.elapsed();
    pace.latencies.sort_unstable();
    progress.finish_and_clear();
    Ok(pace)
}

impl Pace {
    fn add(&mut self, sent: Sent, progress: &ProgressBar) {
        progress.inc(sent.beacons);
        self.bytes += sent.bytes;
        match sent.error {
            None => {
                self.beacons_acknowledged += sent.beacons;
                self.latencies.push(sent.latency);
            }
            Some(error) => {
                self.beacons_failed += sent.beacons;
                self.first_error.get_or_insert(error);
            }
        }
    }
}
