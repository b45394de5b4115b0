//! What is wrong with a registry.

use std::collections::BTreeSet;

use super::columns;
use super::formula::Formula;
use super::metric::{Grain, Metric, Unit};
use super::registry::Registry;

/// What a formula may use besides columns: the length of the window.
pub(super) const WINDOW_SECONDS: &str = "window_seconds";

/// Over minutes only sums, so that every ratio is a ratio of sums.
const OVER_MINUTES: [&str; 2] = ["sum", "nullIf"];
/// Columns of the minutes that do not add up.
const NO_SUMS: [&str; 2] = ["viewers", "startup_histogram"];
/// These divide without a sign for it, or give NaN for nothing.
const FORBIDDEN: [&str; 8] = [
    "avg",
    "avgIf",
    "divide",
    "intDiv",
    "modulo",
    "median",
    "quantile",
    "avgWeighted",
];
/// These estimate.
const ESTIMATES: [&str; 3] = ["quantileDD", "quantileTDigest", "uniqCombined"];

/// Every fault, with the metric that has it; empty when the registry is sound.
pub fn of(registry: &Registry) -> Vec<String> {
    let mut faults = Vec::new();
    let (mut names, mut definitions) = (BTreeSet::new(), BTreeSet::new());
    for metric in &registry.metrics {
        let name = &metric.name;
        let mut tell = |fault: String| faults.push(format!("{name}: {fault}"));
        if !names.insert(name) {
            tell("the name is taken".to_owned());
        }
        if !definitions.insert((&metric.concept, metric.family)) {
            let (concept, family) = (&metric.concept, metric.family.word());
            tell(format!("`{concept}` has two definitions of {family}"));
        }
        // Else one name could mean two different numbers.
        let mut others = registry.metrics.iter();
        let is_other = |other: &Metric| {
            &other.concept == name && (other.name != *name || &metric.concept != name)
        };
        if others.any(is_other) {
            tell("the name is that of a concept with other definitions".to_owned());
        }
        texts(metric, &mut tell);
        formula(metric, &mut tell);
    }
    faults
}

fn texts(metric: &Metric, tell: &mut impl FnMut(String)) {
    let is_snake = |text: &str| {
        text.starts_with(|first: char| first.is_ascii_lowercase())
            && text
                .chars()
                .all(|each| each.is_ascii_lowercase() || each.is_ascii_digit() || each == '_')
    };
    for (field, text) in [("name", &metric.name), ("concept", &metric.concept)] {
        if !is_snake(text) {
            tell(format!("the {field} is not in snake case"));
        }
    }
    for (field, text) in [
        ("meaning", &metric.meaning),
        ("formula", &metric.formula),
        ("source", &metric.source),
    ] {
        if text.trim().is_empty() {
            tell(format!("the {field} is empty"));
        }
    }
    let unit = metric.unit.word();
    let parts: Vec<_> = metric.name.split('_').collect();
    let is_named = match metric.unit {
        // What is told without a unit is a count; a score says so.
        Unit::Count => true,
        Unit::PerSecond | Unit::PerMinute | Unit::PerSession => metric.name.ends_with(unit),
        Unit::Ms | Unit::Kbps | Unit::Ratio | Unit::Score => parts.contains(&unit),
    };
    if !is_named {
        tell(format!("the name does not tell the unit {unit}"));
    }
}

fn formula(metric: &Metric, tell: &mut impl FnMut(String)) {
    let formula = Formula::new(&metric.formula);
    let view = metric.grain.view();
    let known = columns::of_view(view);
    for column in &metric.columns {
        if !known.contains(column) {
            tell(format!("{view} has no column `{column}`"));
        }
    }
    let is_no_sum = |column: &&String| NO_SUMS.contains(&column.as_str());
    if metric.grain == Grain::Minute
        && let Some(column) = metric.columns.iter().find(is_no_sum)
    {
        tell(format!("`{column}` does not add up over minutes"));
    }
    let told: BTreeSet<&str> = metric.columns.iter().map(String::as_str).collect();
    let mut read = formula.names();
    read.remove(WINDOW_SECONDS);
    for column in read.difference(&told) {
        tell(format!(
            "the formula reads `{column}`, which is not in columns"
        ));
    }
    for column in told.difference(&read) {
        tell(format!("the formula does not read the column `{column}`"));
    }
    for divisor in formula.unguarded_divisors() {
        tell(format!(
            "`{divisor}` divides and may be 0: write / nullIf(..., 0)"
        ));
    }
    for function in formula.functions() {
        if metric.grain == Grain::Minute && !OVER_MINUTES.contains(&function) {
            tell(format!(
                "`{function}` over minutes: only ratios of sums add up"
            ));
        }
        if FORBIDDEN.contains(&function)
            || (function.starts_with("quantile") && !function.ends_with("OrNull"))
        {
            tell(format!(
                "`{function}` of nothing is no NULL: use its -OrNull form or nullIf"
            ));
        }
        let is_estimate = ESTIMATES.iter().any(|known| function.starts_with(known));
        if is_estimate && metric.error.trim().is_empty() {
            tell(format!("`{function}` estimates: tell the error"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::definitions::{Family, registry};

    /// The faults of the registry with one metric changed.
    fn with(name: &str, change: impl Fn(&mut Metric)) -> Vec<String> {
        let mut registry = registry().clone();
        let metrics = registry.metrics.iter_mut();
        metrics
            .filter(|metric| metric.name == name)
            .for_each(change);
        of(&registry)
    }

    #[test]
    fn a_sound_registry_has_none() {
        assert_eq!(with("plays", |_| {}), [] as [String; 0]);
    }

    #[test]
    fn an_unknown_column_is_told_with_its_view() {
        let faults = with("plays", |metric| {
            metric.formula = "sum(playz)".into();
            metric.columns = vec!["playz".into()];
        });
        assert_eq!(faults, ["plays: quality_by_minute_v has no column `playz`"]);
    }

    #[test]
    fn a_column_that_is_read_but_not_told_and_the_reverse() {
        let faults = with("plays", |metric| metric.formula = "sum(attempts)".into());
        assert_eq!(
            faults,
            [
                "plays: the formula reads `attempts`, which is not in columns",
                "plays: the formula does not read the column `plays`"
            ]
        );
    }

    #[test]
    fn duplicates_are_told() {
        let faults = with("plays", |metric| metric.name = "attempts".into());
        assert!(
            faults.contains(&"attempts: the name is taken".to_owned()),
            "{faults:?}"
        );
        let faults = with("mux_playing_ms", |metric| metric.family = Family::Playhead);
        assert_eq!(
            faults,
            ["playing_ms: `watch_time` has two definitions of playhead"]
        );
        let faults = with("plays", |metric| metric.name = "rebuffering_ratio".into());
        assert!(
            faults.contains(
                &"rebuffering_ratio: the name is that of a concept with other definitions"
                    .to_owned()
            ),
            "{faults:?}"
        );
    }

    #[test]
    fn empty_texts_are_told() {
        let faults = with("plays", |metric| metric.meaning = " ".into());
        assert_eq!(faults, ["plays: the meaning is empty"]);
        let faults = with("plays", |metric| metric.source.clear());
        assert_eq!(faults, ["plays: the source is empty"]);
    }

    #[test]
    fn divisions_that_may_be_by_zero_are_told() {
        let faults = with("average_bitrate_kbps", |metric| {
            metric.formula = "sum(bitrate_kbit_ms) / sum(bitrate_known_ms)".into();
        });
        assert_eq!(
            faults,
            ["average_bitrate_kbps: `sum` divides and may be 0: write / nullIf(..., 0)"]
        );
        let faults = with("mux_startup_score", |metric| {
            metric.formula = "avg(startup_ms)".into();
        });
        assert_eq!(
            faults,
            ["mux_startup_score: `avg` of nothing is no NULL: use its -OrNull form or nullIf"]
        );
    }

    #[test]
    fn means_of_minutes_and_untold_errors_are_told() {
        let faults = with("plays", |metric| metric.formula = "max(plays)".into());
        assert_eq!(
            faults,
            ["plays: `max` over minutes: only ratios of sums add up"]
        );
        let faults = with("startup_ms_p95", |metric| metric.error.clear());
        assert_eq!(
            faults,
            ["startup_ms_p95: `quantileDDOrNull` estimates: tell the error"]
        );
    }

    #[test]
    fn what_does_not_add_up_is_no_measure_of_minutes() {
        let faults = with("plays", |metric| {
            metric.formula = "sum(viewers)".into();
            metric.columns = vec!["viewers".into()];
        });
        assert_eq!(faults, ["plays: `viewers` does not add up over minutes"]);
    }

    #[test]
    fn a_name_tells_its_unit() {
        let faults = with("startup_ms_p95", |metric| {
            metric.name = "startup_p95_x".into()
        });
        assert_eq!(
            faults,
            ["startup_p95_x: the name does not tell the unit ms"]
        );
    }
}
