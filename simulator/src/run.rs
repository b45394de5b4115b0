//! One run: prepare the event, send it, verify it.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

use crate::args::SimulateArgs;
use crate::event::Event;
use crate::send::{Client, Journal, pump::pump};

/// An event ready to be sent, and afterwards what is known about its delivery.
#[derive(Debug)]
pub struct Simulation {
    args: SimulateArgs,
    event: Arc<Event>,
    journal: Arc<Journal>,
}

impl Simulation {
    /// Tells all stories of the event; nothing is sent.
    pub fn prepare(args: SimulateArgs) -> Result<Self> {
        ensure!(args.viewers > 0, "--viewers must be at least 1");
        ensure!(args.speed_up > 0.0, "--speed-up must be above 0");
        ensure!((0.5..=10_000.0).contains(&args.length_minutes), "--length-minutes must be between 0.5 and 10000");
        let event = Arc::new(Event::of(&args)?);
        let journal = Arc::new(Journal::of(&event.scripts));
        Ok(Self { args, event, journal })
    }

    /// Sends every parcel until it is acknowledged.
    pub async fn send(&self) -> Result<()> {
        let client = Client::new(&self.args.gateway, Duration::from_secs(self.args.retry_seconds))?;
        client.check().await?;
        let beacons = self.event.arriving_beacons();
        println!(
            "run {}: {} sessions, {beacons} beacons in {} requests to {}",
            self.event.run, self.event.scripts.len(), self.event.parcels.len(), self.args.gateway
        );
        let began = Instant::now();
        pump(&self.event, &self.journal, &client, self.args.speed_up, self.args.connections).await?;
        self.report(began.elapsed());
        Ok(())
    }

    fn report(&self, took: Duration) {
        let of = |counter: &std::sync::atomic::AtomicU64| counter.load(Ordering::Relaxed);
        let journal = &self.journal;
        let beacons = of(&journal.beacons);
        println!(
            "sent {beacons} beacons in {} requests in {:.1} s ({:.0} bytes a beacon); {} requests failed and were repeated, {} beacons redelivered; {} not taken",
            of(&journal.requests),
            took.as_secs_f64(),
            of(&journal.bytes) as f64 / beacons.max(1) as f64,
            of(&journal.failures),
            of(&journal.redelivered),
            of(&journal.not_taken),
        );
        for complaint in journal.complaints() {
            println!("not taken: {complaint}");
        }
    }
}
