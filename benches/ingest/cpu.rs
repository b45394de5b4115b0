//! CPU time of this process.

use std::time::Instant;

/// How long each case runs; s of the wall clock, so that ticks of 10 ms are precise enough.
const SECONDS: f64 = 2.0;

/// CPU time of one call, in microseconds.
pub(crate) fn micros_of(mut once: impl FnMut()) -> f64 {
    let began = Instant::now();
    let mut rounds = 0_u32;
    // The first tenth warms caches and branch predictors, and tells how many rounds fit.
    while began.elapsed().as_secs_f64() < SECONDS / 10.0 {
        once();
        rounds += 1;
    }
    let rounds = rounds * 10;
    let before = ticks();
    (0..rounds).for_each(|_| once());
    // A tick of /proc is 10 ms on Linux.
    (ticks() - before) as f64 * 10_000.0 / f64::from(rounds)
}

/// User and system time so far.
fn ticks() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields = stat.rsplit_once(") ").unwrap().1;
    let ticks = fields.split(' ').skip(11).take(2);
    ticks.map(|field| field.parse::<u64>().unwrap()).sum()
}
