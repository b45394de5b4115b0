//! Sends an event's parcels at their times, `speed_up` times faster than they were scripted.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use anyhow::{Context, Result};
use indicatif::{ProgressBar, ProgressStyle};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::event::Event;

use super::{Client, Journal};

/// Sends everything and waits for every acknowledgement; at most `connections` requests at a time.
pub(crate) async fn pump(
    event: &Arc<Event>,
    journal: &Arc<Journal>,
    client: &Client,
    speed_up: f64,
    connections: u32,
) -> Result<()> {
    let progress = progress(event.parcels.len() as u64)?;
    let permits = Arc::new(Semaphore::new(connections as usize));
    let first_ms = event.parcels.first().map_or(0, |parcel| parcel.send_at_ms);
    let began = Instant::now();
    let mut deliveries = JoinSet::new();
    for index in 0..event.parcels.len() {
        let after_ms = (event.parcels[index].send_at_ms - first_ms) as f64 / speed_up;
        tokio::time::sleep_until(began + Duration::from_micros((after_ms * 1000.0) as u64)).await;
        let permit = Arc::clone(&permits)
            .acquire_owned()
            .await
            .context("sending was stopped")?;
        let (event, journal, client, progress) = (
            Arc::clone(event),
            Arc::clone(journal),
            client.clone(),
            progress.clone(),
        );
        deliveries.spawn(async move {
            let parcel = &event.parcels[index];
            let delivered = client
                .deliver(
                    &journal,
                    parcel.script,
                    &event.scripts[parcel.script],
                    &parcel.beacons,
                )
                .await;
            drop(permit);
            progress.inc(1);
            progress.set_message(format!(
                "{} sent again",
                journal.redelivered.load(Ordering::Relaxed)
            ));
            delivered
        });
        while let Some(done) = deliveries.try_join_next() {
            done.context("a delivery broke off")??;
        }
    }
    while let Some(done) = deliveries.join_next().await {
        done.context("a delivery broke off")??;
    }
    progress.finish_and_clear();
    Ok(())
}

fn progress(requests: u64) -> Result<ProgressBar> {
    let style = ProgressStyle::with_template(
        "sending {bar:30} {pos}/{len} requests, {per_sec}, {eta} left; {msg} beacons",
    )
    .context("progress template")?;
    Ok(ProgressBar::new(requests).with_style(style))
}
