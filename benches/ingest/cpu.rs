//! CPU time of this process.

/// How much CPU time each case takes: enough for ticks of 10 ms to be precise, and by this clock, since other work on the
/// machine may leave little of a second for it.
const TICKS: u64 = 200;
/// What comes before it warms caches and branch predictors, and tells how many rounds fit between two looks at the clock.
const WARMING_TICKS: u64 = TICKS / 10;

/// CPU time of one call, in microseconds.
pub(crate) fn micros_of(mut once: impl FnMut()) -> f64 {
    let (_, warming) = run(WARMING_TICKS, 1, &mut once);
    let (used, rounds) = run(TICKS, warming.div_ceil(10), &mut once);
    // A tick of /proc is 10 ms on Linux.
    used as f64 * 10_000.0 / f64::from(rounds)
}

/// Calls it until so many ticks are used, looking after each so many rounds: ticks used, and rounds.
fn run(ticks_min: u64, step: u32, once: &mut impl FnMut()) -> (u64, u32) {
    let before = ticks();
    let mut rounds = 0_u32;
    loop {
        (0..step).for_each(|_| once());
        rounds += step;
        let used = ticks() - before;
        if used >= ticks_min {
            return (used, rounds);
        }
    }
}

/// User and system time so far.
fn ticks() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields = stat.rsplit_once(") ").unwrap().1;
    let ticks = fields.split(' ').skip(11).take(2);
    ticks.map(|field| field.parse::<u64>().unwrap()).sum()
}
