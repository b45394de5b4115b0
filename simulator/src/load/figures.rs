//! The figures of a load run, for people.

use std::fmt;
use std::time::Duration;

use super::freshness::Freshness;
use super::pace::Pace;

/// What is printed after a load run.
pub(super) struct Figures<'a> {
    pub(super) asked_per_second: u32,
    pub(super) pace: &'a Pace,
    pub(super) freshness: &'a [Freshness],
    pub(super) gateway_cpu: Option<Duration>,
}

impl fmt::Display for Figures<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pace = self.pace;
        let beacons = pace.beacons_acknowledged;
        let per_second = beacons as f64 / pace.took.as_secs_f64();
        writeln!(
            f,
            "rate        {per_second:.0} beacons/s acknowledged of {} asked, for {:.1} s",
            self.asked_per_second,
            pace.took.as_secs_f64()
        )?;
        writeln!(
            f,
            "beacons     {beacons} acknowledged, {} failed, {:.0} bytes each",
            pace.beacons_failed,
            pace.bytes as f64 / (beacons + pace.beacons_failed).max(1) as f64
        )?;
        if let Some(error) = &pace.first_error {
            writeln!(f, "            first failure: {error}")?;
        }
        let [p50, p90, p99, worst] =
            [50.0, 90.0, 99.0, 100.0].map(|percent| ms(percentile(&pace.latencies, percent)));
        writeln!(
            f,
            "answer      p50 {p50} ms, p90 {p90} ms, p99 {p99} ms, worst {worst} ms, from when the request was due"
        )?;
        writeln!(
            f,
            "generator   behind its times by {} ms at worst",
            ms(pace.worst_lag)
        )?;
        for view in self.freshness {
            let [p50, p99, worst] =
                [50.0, 99.0, 100.0].map(|percent| ms(percentile(&view.times, percent)));
            let (probes, unseen) = (view.times.len(), view.unseen);
            writeln!(
                f,
                "freshness   {:<15} p50 {p50} ms, p99 {p99} ms, worst {worst} ms, from the answer; {probes} probes, {unseen} never seen",
                view.view
            )?;
        }
        if let Some(cpu) = self.gateway_cpu {
            let each = cpu.as_secs_f64() * 1e6 / beacons.max(1) as f64;
            let cores = cpu.as_secs_f64() / pace.took.as_secs_f64();
            writeln!(
                f,
                "gateway     {each:.2} CPU-us a beacon ({:.1} s of CPU, {cores:.2} cores)",
                cpu.as_secs_f64()
            )?;
        }
        Ok(())
    }
}

/// The value below which `percent` of the ascending `sorted` lie; zero when there are none.
fn percentile(sorted: &[Duration], percent: f64) -> Duration {
    let rank = (percent / 100.0 * sorted.len() as f64).ceil() as usize;
    sorted
        .get(rank.saturating_sub(1).min(sorted.len().saturating_sub(1)))
        .copied()
        .unwrap_or_default()
}

/// Milliseconds with a tenth, which is what a sync of a good disk takes.
fn ms(duration: Duration) -> String {
    format!("{:.1}", duration.as_secs_f64() * 1e3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_nearest_ranks() {
        let sorted: Vec<Duration> = (1..=200).map(Duration::from_millis).collect();
        assert_eq!(ms(percentile(&sorted, 50.0)), "100.0");
        assert_eq!(ms(percentile(&sorted, 99.0)), "198.0");
        assert_eq!(ms(percentile(&sorted, 100.0)), "200.0");
        assert_eq!(ms(percentile(&[], 99.0)), "0.0");
    }
}
