//! A metric as what can be shared out among values: a sum, or a ratio of two sums.

use crate::definitions::{Metric, Unit};

/// What a metric is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parts {
    /// SQL: the sum, or what is divided.
    pub numerator: String,
    /// SQL: by what it is divided.
    pub denominator: Option<String>,
    /// How its numbers scatter.
    pub scatter: Scatter,
}

/// How numbers scatter by chance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scatter {
    /// A count, as counts of independent events do.
    Count,
    /// A sum of unlike parts: each as much as it is great.
    Sum,
    /// A share of what is counted below: at most as a share of yes and no does.
    ShareOfCount,
    /// A share of time: likewise, minute by minute.
    ShareOfTime,
    /// A mean over what is counted below: each part as much as it is great.
    MeanOfCount,
    /// A mean over time: likewise, minute by minute.
    MeanOfTime,
}

/// Aggregates whose values of parts do not add up to that of the whole.
const NOT_ADDITIVE: [&str; 6] = [
    "uniq",
    "quantile",
    "max(",
    "avg",
    "argMax",
    "window_seconds",
];

impl Parts {
    /// Of a metric; `None` where the values of parts do not add up.
    pub fn of(metric: &Metric) -> Option<Self> {
        let formula = metric.formula.as_str();
        if NOT_ADDITIVE.iter().any(|each| formula.contains(each)) {
            return None;
        }
        let Some((numerator, rest)) = formula.split_once(" / nullIf(") else {
            let scatter = match metric.unit {
                Unit::Count => Scatter::Count,
                _ => Scatter::Sum,
            };
            return Some(Self {
                numerator: formula.to_owned(),
                denominator: None,
                scatter,
            });
        };
        let denominator = rest.strip_suffix(", 0)")?;
        let is_time = denominator.contains("_ms");
        let scatter = match (metric.unit, is_time) {
            (Unit::Ratio, true) => Scatter::ShareOfTime,
            (Unit::Ratio, false) => Scatter::ShareOfCount,
            (_, true) => Scatter::MeanOfTime,
            (_, false) => Scatter::MeanOfCount,
        };
        Some(Self {
            numerator: numerator.to_owned(),
            denominator: Some(denominator.to_owned()),
            scatter,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::definitions::registry;

    #[test]
    fn sums_and_ratios_of_sums_have_parts() {
        let parts = |name| Parts::of(registry().get(name).unwrap());
        assert_eq!(
            parts("plays"),
            Some(Parts {
                numerator: "sum(plays)".to_owned(),
                denominator: None,
                scatter: Scatter::Count,
            })
        );
        assert_eq!(
            parts("mux_rebuffers_per_minute"),
            Some(Parts {
                numerator: "sum(stall_count) * 60000".to_owned(),
                denominator: Some("sum(playing_ms + stalled_ms + ad_ms)".to_owned()),
                scatter: Scatter::MeanOfTime,
            })
        );
        assert_eq!(
            parts("cta2066_failure_ratio").unwrap().scatter,
            Scatter::ShareOfCount
        );
        assert_eq!(parts("playing_ms").unwrap().scatter, Scatter::Sum);
    }

    #[test]
    fn what_does_not_add_up_has_none() {
        let without = registry()
            .metrics
            .iter()
            .filter(|metric| Parts::of(metric).is_none());
        let without: Vec<_> = without.map(|metric| metric.name.as_str()).collect();
        assert_eq!(
            without,
            [
                "starts_per_second",
                "unique_viewers",
                "startup_ms_p50",
                "startup_ms_p95",
                "startup_ms_p99",
                "peak_concurrent_viewers",
                "conviva_concurrent_plays",
                "mux_concurrent_viewers",
                "concurrent_viewers_mean",
                "mux_startup_score",
                "mux_smoothness_score",
                "mux_success_score",
                "overall_score",
            ]
        );
    }
}
