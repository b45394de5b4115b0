//! What a seed makes of every knob.

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use crate::args::SimulateArgs;
use crate::cast::Dice;

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 86_400_000;

/// The knobs of a world, and when it begins.
#[derive(Debug)]
pub(super) struct World {
    pub(super) args: SimulateArgs,
    /// Unix ms; two to five days back, so that no beacon is too late and none lies in the future.
    pub(super) starts_ms: i64,
}

/// The world of that seed; everything that no seed decides is as in `args`.
pub(super) fn world(args: &SimulateArgs, seed: u64, now_ms: i64) -> World {
    let mut rng = ChaCha8Rng::seed_from_u64(seed ^ 0x0E0A_11D5);
    let length_ms = rng.within(MINUTE_MS..6 * MINUTE_MS);
    let mut args = SimulateArgs {
        seed,
        viewers: usize::try_from(rng.within(8..76)).unwrap_or(8),
        length_minutes: length_ms as f64 / MINUTE_MS as f64,
        ..args.clone()
    };
    args.duplicates_percent = percent(&mut rng, 60);
    args.reorder_percent = percent(&mut rng, 100);
    args.late_percent = percent(&mut rng, 70);
    args.loss_percent = percent(&mut rng, 40);
    args.wrong_clock_percent = percent(&mut rng, 50);
    args.batch_window_ms = rng.pick(&[100, 250, 500, 1_000]);
    args.batch_bytes = rng.pick(&[1_024, 4_096, 16_384, 65_536]);
    let days_back = rng.within(2..6);
    let starts_ms = now_ms - now_ms % DAY_MS - days_back * DAY_MS + begins(&mut rng, length_ms);
    args.late_plays_percent = percent(&mut rng, 60);
    args.zapping_percent = percent(&mut rng, 40);
    World { args, starts_ms }
}

/// Most faults happen in most worlds, rarely or often; some worlds have none of a kind.
fn percent(rng: &mut ChaCha8Rng, most: i64) -> f64 {
    if rng.chance(25.0) {
        return 0.0;
    }
    let most = if rng.chance(50.0) { most } else { most / 4 };
    rng.within(1..most * 10) as f64 / 10.0
}

/// Over midnight, over a full hour, or at any time of the day; ms since midnight.
fn begins(rng: &mut ChaCha8Rng, length_ms: i64) -> i64 {
    let any_ms = rng.within(0..DAY_MS);
    let before_ms = rng.within(0..length_ms);
    match rng.within(0..10) {
        0..3 => -before_ms,
        3..5 => any_ms - any_ms % HOUR_MS - before_ms,
        _ => any_ms,
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        args: SimulateArgs,
    }

    #[test]
    fn a_seed_is_the_same_world_on_another_day() {
        let args = Line::parse_from(["simulate"]).args;
        let monday = world(&args, 17, 1_795_250_275_830);
        let tuesday = world(&args, 17, 1_795_250_275_830 + DAY_MS + 7_000);
        assert_eq!(tuesday.starts_ms - monday.starts_ms, DAY_MS);
        assert_eq!(format!("{:?}", monday.args), format!("{:?}", tuesday.args));
    }

    #[test]
    fn fifty_seeds_draw_every_kind_of_fault_and_its_absence() {
        let args = Line::parse_from(["simulate"]).args;
        let worlds: Vec<World> = (1..=50)
            .map(|seed| world(&args, seed, 1_795_250_275_830))
            .collect();
        let knobs: [fn(&SimulateArgs) -> f64; 7] = [
            |args| args.duplicates_percent,
            |args| args.reorder_percent,
            |args| args.late_percent,
            |args| args.late_plays_percent,
            |args| args.zapping_percent,
            |args| args.loss_percent,
            |args| args.wrong_clock_percent,
        ];
        for knob in knobs {
            let drawn: Vec<f64> = worlds.iter().map(|world| knob(&world.args)).collect();
            assert!(drawn.contains(&0.0), "{drawn:?}");
            assert!(drawn.iter().any(|percent| *percent > 25.0), "{drawn:?}");
        }
        let crosses = |unit_ms: i64| {
            let is_crossing = |world: &&World| {
                let ends_ms = world.starts_ms + (world.args.length_minutes * 60_000.0) as i64;
                world.starts_ms / unit_ms != ends_ms / unit_ms
            };
            worlds.iter().filter(is_crossing).count()
        };
        assert!(crosses(DAY_MS) > 5 && crosses(HOUR_MS) > crosses(DAY_MS) + 3);
        assert!(worlds.iter().map(|world| world.args.viewers).sum::<usize>() > 1_500);
    }
}
