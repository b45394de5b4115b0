//! One run: prepare the event, send it, verify it.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

use crate::args::SimulateArgs;
use crate::event::{Event, unix_ms};
use crate::script::event::State;
use crate::script::scene::{Condition, Scene};
use crate::send::{Client, Journal, attempts, pump::pump};
use crate::truth::Truth;
use crate::verdict::Verdict;
use crate::verify::{
    Comparison, Patience, Scope, Warehouse, compare_until_equal, demand_empty, until_settled,
};
use crate::{bulk, live, load, worlds};

/// Runs what the arguments ask for, and prints what came of it.
///
/// # Errors
/// When something could not be done; numbers that differ are no error, but a verdict that is not passed.
pub async fn run(args: SimulateArgs) -> Result<Verdict> {
    if args.live {
        return live::run(&args).await;
    }
    if let Some(beacons) = args.bulk.bulk_beacons {
        return bulk::run(&args, beacons).await;
    }
    if let Some(rate) = args.rate {
        return load::run(&args, rate).await;
    }
    let is_to_verify = args.verify;
    let simulation = Simulation::prepare(args)?;
    if is_to_verify {
        simulation.demand_empty_database().await?;
    }
    simulation.send().await?;
    if is_to_verify {
        simulation.verify().await
    } else {
        Ok(simulation.delivered())
    }
}

/// An event ready to be sent, and afterwards what is known about its delivery.
#[derive(Debug)]
pub struct Simulation {
    args: SimulateArgs,
    event: Arc<Event>,
    journal: Arc<Journal>,
    /// Beacons that are kept back on purpose.
    withheld: u64,
    /// When it was prepared; Unix ms.
    now_ms: i64,
}

impl Simulation {
    /// Tells all stories of the event; nothing is sent.
    ///
    /// # Errors
    /// When the arguments make no sense.
    pub fn prepare(args: SimulateArgs) -> Result<Self> {
        ensure!(args.viewers > 0, "--viewers must be at least 1");
        ensure!(args.speed_up > 0.0, "--speed-up must be above 0");
        ensure!(
            (0.5..=10_000.0).contains(&args.length_minutes),
            "--length-minutes must be between 0.5 and 10000"
        );
        let now_ms = unix_ms()?;
        let event = Arc::new(Event::of(&args, now_ms)?);
        let journal = Arc::new(Journal::of(&event.scripts));
        Ok(Self {
            args,
            event,
            journal,
            withheld: 0,
            now_ms,
        })
    }

    /// How many sessions there are; test devices among them.
    pub fn sessions(&self) -> usize {
        self.event.scripts.len()
    }

    /// Sends every parcel until it is acknowledged.
    ///
    /// # Errors
    /// When nothing answers, or a parcel was not acknowledged for --retry-seconds.
    pub async fn send(&self) -> Result<()> {
        let client = Client::new(
            &self.args.gateway,
            Duration::from_secs(self.args.retry_seconds),
        )?;
        client.check().await?;
        let beacons = self.event.arriving_beacons();
        if let Some(seeds) = &self.args.seeds {
            println!("seeds {seeds}");
        }
        println!(
            "run {}: {} sessions, {beacons} beacons in {} requests to {}",
            self.event.run,
            self.event.scripts.len(),
            self.event.parcels.len(),
            self.args.gateway
        );
        let began = Instant::now();
        let sent = pump(
            &self.event,
            &self.journal,
            &client,
            self.args.speed_up,
            self.args.connections,
        )
        .await;
        if let Some(path) = &self.args.attempts_file {
            attempts::write(path, &self.event, &self.journal, &self.args.tenant)?;
        }
        sent?;
        self.report(began.elapsed());
        Ok(())
    }

    /// Looks whether the database can be compared afterwards.
    ///
    /// # Errors
    /// Says what to do when it has no views, or holds the sessions of other runs.
    pub async fn demand_empty_database(&self) -> Result<()> {
        if self.args.verify_sessions_only {
            Ok(())
        } else {
            demand_empty(&self.warehouse()).await
        }
    }

    /// Waits until the warehouse has settled, compares everything, and prints the table.
    ///
    /// # Errors
    /// When the warehouse cannot be asked; what differs is in the verdict.
    pub async fn verify(&self) -> Result<Verdict> {
        let warehouse = self.warehouse();
        let allowed = Duration::from_secs(self.args.wait_seconds + self.args.liveness_seconds);
        let patience = Patience {
            run: self.event.run.clone(),
            beacons: self.event.arriving_beacons() as u64 - self.withheld,
            sessions: self
                .event
                .scripts
                .iter()
                .filter(|script| script.is_counted())
                .count() as u64,
            deadline: tokio::time::Instant::now() + allowed,
        };
        let settled = until_settled(&warehouse, &patience).await;
        let scope = if self.args.verify_sessions_only {
            Scope::Sessions
        } else {
            Scope::Database
        };
        // The passes that follow a beacon take their time; what differs only because of that stops differing.
        let settle = match settled {
            Ok(()) => Duration::from_secs(self.args.settle_seconds),
            Err(_) => Duration::ZERO,
        };
        let give_up = tokio::time::Instant::now() + settle;
        let comparisons = compare_until_equal(&warehouse, &self.truth(), scope, give_up).await?;
        for comparison in &comparisons {
            print!("{comparison}");
        }
        let gave_up = settled.err().map(|error| format!("{error:#}"));
        let suspects = match &self.args.seeds {
            Some(seeds) if !comparisons.iter().all(Comparison::is_equal) => {
                worlds::suspects(&self.args, seeds, self.now_ms, &comparisons)?
            }
            _ => Vec::new(),
        };
        Ok(Verdict {
            comparisons,
            gave_up,
            suspects,
            ..self.delivered()
        })
    }

    /// The verdict on delivery alone.
    pub fn delivered(&self) -> Verdict {
        Verdict {
            comparisons: Vec::new(),
            gave_up: None,
            suspects: Vec::new(),
            not_taken: self.journal.not_taken.load(Ordering::Relaxed),
            redelivered: self.journal.redelivered.load(Ordering::Relaxed),
        }
    }

    /// Keeps one beacon from being sent while the truth still expects it, so that a test can see the verifier fail.
    #[doc(hidden)]
    pub fn withhold_one_beacon(&mut self) {
        let Some(event) = Arc::get_mut(&mut self.event) else {
            return;
        };
        let scripts = &event.scripts;
        let is_stall = |script: usize, beacon: usize| {
            let begins = |scene: &Scene| {
                scene.condition == Condition::Stalled
                    && scene.from_ms == scripts[script].beacons[beacon].at_ms
            };
            scripts[script].is_counted()
                && scripts[script].beacons[beacon].state == Some(State::Rebuffering)
                && scripts[script]
                    .plays
                    .iter()
                    .flat_map(|play| &play.scenes)
                    .any(begins)
        };
        let withheld = event.parcels.iter().find_map(|parcel| {
            let beacon = parcel
                .beacons
                .iter()
                .copied()
                .find(|beacon| is_stall(parcel.script, *beacon))?;
            Some((parcel.script, beacon))
        });
        let Some((script, beacon)) = withheld else {
            return;
        };
        for parcel in event
            .parcels
            .iter_mut()
            .filter(|parcel| parcel.script == script)
        {
            parcel.beacons.retain(|other| *other != beacon);
        }
        event.parcels.retain(|parcel| !parcel.beacons.is_empty());
        self.withheld = 1;
    }

    fn truth(&self) -> Truth {
        Truth::of(
            &self.event,
            &self.journal,
            &self.args.tenant,
            i64::from(self.args.heartbeat_ms),
        )
    }

    fn warehouse(&self) -> Warehouse {
        Warehouse::new(&self.args.clickhouse, &self.args.database)
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
