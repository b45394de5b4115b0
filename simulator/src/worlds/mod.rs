//! Worlds: small events whose every knob is drawn from a seed, many of them side by side.
//!
//! A world is the same whenever it is made, down to the millisecond of the day, and whichever others stand beside it:
//! a seed whose numbers were wrong can be run again alone. Each lies some days back, where others may lie as well.

mod draw;
mod seeds;

use std::sync::Arc;

use anyhow::Result;

use crate::args::SimulateArgs;
use crate::event::{self, Event};
use crate::send::Journal;
use crate::truth::Truth;
use crate::truth::views::expectations;
use crate::verify::Comparison;

pub use seeds::Seeds;

/// All worlds of the seeds in one event; their requests are sent side by side, each world's from its own beginning.
pub(crate) fn event(args: &SimulateArgs, seeds: &Seeds, now_ms: i64) -> Result<Event> {
    let mut whole = Event {
        run: format!("%-{now_ms}"),
        scripts: Vec::new(),
        parcels: Vec::new(),
    };
    for seed in seeds.iter() {
        let world = draw::world(args, seed, now_ms);
        let casting = event::casting(&world.args, now_ms);
        let before = whole.scripts.len();
        let (scripts, mut parcels) = event::tell(&world.args, &casting, world.starts_ms, now_ms)?;
        for parcel in &mut parcels {
            parcel.script += before;
            parcel.send_at_ms -= world.starts_ms;
        }
        whole.scripts.extend(scripts);
        whole.parcels.extend(parcels);
    }
    whole.parcels.sort_by_key(|parcel| parcel.send_at_ms);
    Ok(whole)
}

/// The seeds whose worlds have to do with a row that differs; all of them where no row tells.
pub(crate) fn suspects(
    args: &SimulateArgs,
    seeds: &Seeds,
    now_ms: i64,
    comparisons: &[Comparison],
) -> Result<Vec<u64>> {
    let mut suspects = Vec::new();
    for seed in seeds.iter() {
        let world = Arc::new(event(args, &Seeds::one(seed), now_ms)?);
        let truth = Truth::of(
            &world,
            &Journal::default(),
            &args.tenant,
            i64::from(args.heartbeat_ms),
        );
        let named = format!("sim-{seed}-{now_ms}-");
        let is_here = expectations(&truth).iter().any(|expectation| {
            let differing = comparisons.iter().find(|one| one.view == expectation.view);
            differing.is_some_and(|comparison| {
                let keys = &comparison.differing_keys;
                keys.iter().any(|key| key.contains(&named))
                    || expectation.keys.iter().any(|key| keys.contains(key))
            })
        });
        if is_here {
            suspects.push(seed);
        }
    }
    Ok(if suspects.is_empty() {
        seeds.iter().collect()
    } else {
        suspects
    })
}
