//! A live event in real time, until it is stopped: viewers come, watch, leave, and others come.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use anyhow::{Context, Result};
use indicatif::{ProgressBar, ProgressStyle};
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::args::SimulateArgs;
use crate::cast::viewer::Casting;
use crate::event::{casting, unix_ms};
use crate::faults::Faults;
use crate::script::plot::tell_story;
use crate::send::{Client, Journal};
use crate::verdict::Verdict;

/// Looks this often whether another viewer should come.
const STEP: Duration = Duration::from_millis(200);
/// A viewer who is asked to leave only by patience: ten hours.
const LONGEST_MS: i64 = 36_000_000;

/// Runs until Ctrl-C; the sessions that are under way then fall silent.
pub(crate) async fn run(args: &SimulateArgs) -> Result<Verdict> {
    let client = Client::new(&args.gateway, Duration::from_secs(args.retry_seconds))?;
    client.check().await?;
    let style =
        ProgressStyle::with_template("live {spinner} {msg}").context("progress template")?;
    let progress = ProgressBar::new_spinner().with_style(style);
    println!(
        "live event: up to {} viewers at {}; Ctrl-C ends it",
        args.viewers, args.gateway
    );
    let journal = Arc::new(Journal::default());
    tokio::select! {
        ended = arrivals(args, &client, &journal, &progress) => ended?,
        stopped = tokio::signal::ctrl_c() => stopped.context("cannot listen for Ctrl-C")?,
    }
    progress.finish_and_clear();
    Ok(Verdict {
        comparisons: Vec::new(),
        gave_up: None,
        suspects: Vec::new(),
        not_taken: journal.not_taken.load(Ordering::Relaxed),
        redelivered: journal.redelivered.load(Ordering::Relaxed),
    })
}

async fn arrivals(
    args: &SimulateArgs,
    client: &Client,
    journal: &Arc<Journal>,
    progress: &ProgressBar,
) -> Result<()> {
    let casting = casting(args, unix_ms()?);
    let faults = Faults::of(args);
    let began = Instant::now();
    let mut watching: JoinSet<Result<()>> = JoinSet::new();
    let mut arrived = 0;
    loop {
        let part = (began.elapsed().as_secs_f64() / f64::from(args.ramp_seconds.max(1))).min(1.0);
        let wanted = (args.viewers as f64 * part).ceil() as usize;
        while watching.len() < wanted {
            watching.spawn(attend(
                arrived,
                casting.clone(),
                faults.clone(),
                client.clone(),
                Arc::clone(journal),
            ));
            arrived += 1;
        }
        while let Some(left) = watching.try_join_next() {
            left.context("a viewer broke off")??;
        }
        let (sent, again) = (
            journal.beacons.load(Ordering::Relaxed),
            journal.redelivered.load(Ordering::Relaxed),
        );
        progress.set_message(format!(
            "{} watching, {arrived} came, {sent} beacons sent, {again} of them again",
            watching.len()
        ));
        progress.tick();
        tokio::time::sleep(STEP).await;
    }
}

/// One viewer from arrival to end, in real time.
async fn attend(
    index: usize,
    casting: Casting,
    faults: Faults,
    client: Client,
    journal: Arc<Journal>,
) -> Result<()> {
    let arrives_ms = unix_ms()?;
    let arrives = Instant::now();
    let viewer = Arc::new(casting.viewer(index, arrives_ms));
    let mut script = tell_story(viewer, arrives_ms, arrives_ms + LONGEST_MS);
    for parcel in faults.parcels(index, &mut script) {
        let after_ms = (parcel.send_at_ms - arrives_ms).unsigned_abs();
        tokio::time::sleep_until(arrives + Duration::from_millis(after_ms)).await;
        client
            .deliver(&journal, index, &script, &parcel.beacons)
            .await?;
    }
    Ok(())
}
