//! Bulk: days of history as they would have come, written past the gateway, faster than any gateway could take them.
//!
//! `day` says when sessions arrive, `plot` what happens in them, `viewing` tells one beacon after another, `texts` and `rows`
//! write them as blocks of `beacons_in`, `generator` goes through the hours, and `lane` carries the rows to the warehouse.
//! What follows in the warehouse, and how to wait for it, is in docs/replay.md.

mod args;
mod day;
mod generator;
mod lane;
mod plot;
mod rows;
mod texts;
mod viewing;

use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use indicatif::{ProgressBar, ProgressStyle};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::args::SimulateArgs;
use crate::cast::title::catalogue_of;
use crate::cast::viewer::Casting;
use crate::event::unix_ms;
use crate::verdict::Verdict;
use crate::verify::Warehouse;

pub use args::BulkArgs;
use day::Day;
use generator::Generator;
use lane::{Done, Load};
use viewing::Setting;

/// INSERTs side by side.
const LANES: usize = 2;
/// Pieces that wait for a lane.
const PIECES_WAITING: usize = 4;
/// Without --bulk-sessions.
const BEACONS_PER_SESSION: u64 = 200;

/// Writes what the arguments ask for, and prints what it took.
pub(crate) async fn run(args: &SimulateArgs, beacons: u64) -> Result<Verdict> {
    let bulk = &args.bulk;
    let sessions = bulk
        .bulk_sessions
        .unwrap_or(beacons.div_ceil(BEACONS_PER_SESSION));
    let now_s = unix_ms()? / 1_000;
    let ends_s = bulk.bulk_ends_at.unwrap_or(now_s - now_s % 60);
    ensure!(ends_s <= now_s, "--bulk-ends-at lies in the future");
    ensure!(
        bulk.bulk_from_hour < bulk.bulk_hours,
        "--bulk-from-hour must be below --bulk-hours"
    );
    demand_landing(args).await?;
    let day = Arc::new(Day::of(ends_s * 1_000, bulk.bulk_hours, sessions));
    let generator = generator(args, Arc::clone(&day), beacons / sessions, ends_s);
    println!(
        "about {beacons} beacons of {sessions} sessions over {} hours, to {} ({})",
        bulk.bulk_hours, args.clickhouse, args.database
    );
    let began = Instant::now();
    let written = write(args, generator, beacons, ends_s).await?;
    let seconds = began.elapsed().as_secs_f64();
    println!(
        "{written} beacons, copies included, in {seconds:.1} s: {:.0} a second; next: docs/replay.md, from step 3",
        written as f64 / seconds
    );
    Ok(Verdict {
        comparisons: Vec::new(),
        gave_up: None,
        suspects: Vec::new(),
        not_taken: 0,
        redelivered: 0,
    })
}

/// The warehouse answers, and has been migrated.
async fn demand_landing(args: &SimulateArgs) -> Result<()> {
    let warehouse = Warehouse::new(&args.clickhouse, &args.database);
    let found = warehouse
        .count("SELECT count() AS n FROM system.tables WHERE database = currentDatabase() AND name = 'beacons_in'")
        .await?;
    ensure!(
        found == 1,
        "database {} has no beacons_in: run `playhead migrate` first",
        args.database
    );
    Ok(())
}

fn generator(
    args: &SimulateArgs,
    day: Arc<Day>,
    beacons_per_session: u64,
    ends_s: i64,
) -> Generator {
    let titles: Vec<_> = catalogue_of(args.bulk.bulk_titles as usize)
        .into_iter()
        .map(Arc::new)
        .collect();
    let titles = Arc::new(titles);
    let casting = Casting {
        run: format!("{}-{ends_s}", args.seed),
        seed: args.seed,
        wrong_clock_percent: args.wrong_clock_percent,
        counts_anew_percent: 0.0,
        zapping_percent: args.zapping_percent,
        patience_ms: args.stay_ms(),
        titles: Arc::clone(&titles),
    };
    let setting = Setting {
        tenant: args.tenant.clone(),
        titles,
        duplicates_percent: args.duplicates_percent,
        loss_percent: args.loss_percent,
        // A heartbeat each 10 s, and some more.
        mean_stay_ms: (beacons_per_session as i64 * 9_900).max(30_000),
    };
    let app_versions = args.bulk.bulk_app_versions as usize;
    Generator::new(day, casting, setting, app_versions)
}

/// Returns how many rows were written.
async fn write(
    args: &SimulateArgs,
    mut generator: Generator,
    beacons: u64,
    ends_s: i64,
) -> Result<u64> {
    let (hours, from_hour) = (args.bulk.bulk_hours, args.bulk.bulk_from_hour);
    let client = lane::client(&args.clickhouse, &args.database);
    let (done, mut told) = mpsc::unbounded_channel();
    let mut lanes = JoinSet::new();
    let mut senders = Vec::new();
    for _ in 0..LANES {
        let (sender, loads) = mpsc::channel(PIECES_WAITING);
        senders.push(sender);
        lanes.spawn(lane::run(client.clone(), loads, done.clone()));
    }
    drop(done);
    let generating = tokio::task::spawn_blocking(move || {
        let mut turn = 0;
        for hour in 0..hours {
            let took_all = generator.hour(hour, |piece| {
                turn += 1;
                hour < from_hour
                    || senders[turn % LANES]
                        .blocking_send(Load::Piece(piece))
                        .is_ok()
            });
            let goes_on =
                |sender: &mpsc::Sender<Load>| sender.blocking_send(Load::HourIsOver(hour)).is_ok();
            if !took_all || !senders.iter().all(goes_on) {
                break;
            }
        }
    });

    let progress = progress(beacons * u64::from(hours - from_hour) / u64::from(hours))?;
    let (mut written, mut hours_done) = (0, vec![0; hours as usize]);
    while let Some(done) = told.recv().await {
        match done {
            Done::Beacons(beacons) => {
                written += beacons;
                progress.inc(beacons);
            }
            Done::Hour(hour) => {
                let lanes = &mut hours_done[hour as usize];
                *lanes += 1;
                if *lanes == LANES && hour >= from_hour {
                    progress.suspend(|| {
                        println!(
                            "hour {hour} of 0 to {} is in, {written} beacons so far",
                            hours - 1
                        )
                    });
                }
            }
        }
    }
    progress.finish_and_clear();
    generating.await.context("generating broke off")?;
    let complete = hours_done
        .iter()
        .take_while(|lanes| **lanes == LANES)
        .count();
    while let Some(lane) = lanes.join_next().await {
        lane.context("a lane broke off")?.with_context(|| {
            format!("hours below {complete} are in; go on with --bulk-from-hour {complete} --bulk-ends-at {ends_s}, the rest as before")
        })?;
    }
    Ok(written)
}

fn progress(beacons: u64) -> Result<ProgressBar> {
    let style = ProgressStyle::with_template(
        "{wide_bar} {human_pos} of about {human_len} beacons, {per_sec}, {eta} left",
    )
    .context("the progress bar has a wrong template")?;
    Ok(ProgressBar::new(beacons).with_style(style))
}
