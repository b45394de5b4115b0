//! The event: all viewers and their stories, placed in time, with the parcels that carry them.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, ensure};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::args::SimulateArgs;
use crate::cast::title::catalogue;
use crate::cast::viewer::Casting;
use crate::faults::{Faults, Parcel};
use crate::script::Script;
use crate::script::plot::{SLACK_MS, tell_story};
use crate::worlds;

/// A whole event, before anything of it is sent.
#[derive(Debug)]
pub(crate) struct Event {
    /// Names the run; part of every session id, as `LIKE` is given it.
    pub(crate) run: String,
    pub(crate) scripts: Vec<Script>,
    /// Of all sessions, by sending time.
    pub(crate) parcels: Vec<Parcel>,
}

impl Event {
    /// The event that the arguments ask for, prepared at `now_ms`.
    pub(crate) fn of(args: &SimulateArgs, now_ms: i64) -> Result<Self> {
        if let Some(seeds) = &args.seeds {
            return worlds::event(args, seeds, now_ms);
        }
        let length_ms = (args.length_minutes * 60_000.0) as i64;
        let casting = casting(args, now_ms);
        let (scripts, mut parcels) =
            tell(args, &casting, starts_ms(args, now_ms, length_ms), now_ms)?;
        parcels.sort_by_key(|parcel| parcel.send_at_ms);
        Ok(Self {
            run: casting.run,
            scripts,
            parcels,
        })
    }

    /// Distinct beacons that are delivered at least once.
    pub(crate) fn arriving_beacons(&self) -> usize {
        self.scripts
            .iter()
            .map(|script| script.arriving().count())
            .sum()
    }
}

/// Tells all stories from `starts_ms` on, with the parcels that carry them; CPU-bound, about 10 us a beacon.
pub(crate) fn tell(
    args: &SimulateArgs,
    casting: &Casting,
    starts_ms: i64,
    now_ms: i64,
) -> Result<(Vec<Script>, Vec<Parcel>)> {
    let length_ms = (args.length_minutes * 60_000.0) as i64;
    let faults = Faults::of(args);
    let mut arrivals = ChaCha8Rng::seed_from_u64(args.seed);
    let mut scripts = Vec::with_capacity(args.viewers);
    let mut parcels = Vec::new();
    for index in 0..args.viewers {
        // More come early than late, and nobody in the last tenth.
        let part = arrivals.random_range(0.0_f64..1.0).powf(1.6) * 0.9;
        let arrives_ms = starts_ms + (part * length_ms as f64) as i64;
        let viewer = Arc::new(casting.viewer(index, arrives_ms));
        let mut script = tell_story(viewer, arrives_ms, starts_ms + length_ms);
        let last_ms = script
            .beacons
            .last()
            .map_or(arrives_ms, |beacon| beacon.at_ms);
        ensure!(
            args.speed_up <= 1.0 || last_ms < now_ms,
            "session {index} reaches into the future; this is a defect of the simulator"
        );
        parcels.extend(faults.parcels(index, &mut script));
        scripts.push(script);
    }
    Ok((scripts, parcels))
}

/// The casting of a run that begins at `now_ms`.
pub(crate) fn casting(args: &SimulateArgs, now_ms: i64) -> Casting {
    Casting {
        run: format!("{}-{now_ms}", args.seed),
        seed: args.seed,
        wrong_clock_percent: args.wrong_clock_percent,
        // A client that counts anew seems to lose beacons, so it only comes where some are lost anyway.
        counts_anew_percent: if args.loss_percent > 0.0 { 1.5 } else { 0.0 },
        zapping_percent: args.zapping_percent,
        patience_ms: args.stay_ms(),
        titles: Arc::new(catalogue().into_iter().map(Arc::new).collect()),
    }
}

/// Now, by this machine's clock; Unix ms.
pub(crate) fn unix_ms() -> Result<i64> {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .context("the clock stands before 1970")?;
    Ok(since.as_millis() as i64)
}

/// Sent faster than real time, the event and what follows from it end before now.
fn starts_ms(args: &SimulateArgs, now_ms: i64, length_ms: i64) -> i64 {
    const DAY_MS: i64 = 86_400_000;
    let latest_ms = if args.speed_up <= 1.0 {
        now_ms
    } else {
        now_ms - length_ms - SLACK_MS
    };
    if !args.over_midnight {
        return latest_ms;
    }
    let mut midnight_ms = now_ms - now_ms % DAY_MS;
    while midnight_ms - length_ms / 2 > latest_ms {
        midnight_ms -= DAY_MS;
    }
    midnight_ms - length_ms / 2
}
