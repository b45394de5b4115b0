//! What a rule asks the warehouse.

use std::collections::BTreeMap;

use serde_json::Value;
use time::{Duration as Span, OffsetDateTime};

use super::alert::Found;
use crate::analytics::error::QueryError;
use crate::analytics::metrics::{minute_of, up_to_minute};
use crate::analytics::params::full_hours::full_hours;
use crate::analytics::queries::{self, QueryFile};
use crate::analytics::reader::{Param, Reader};
use crate::config::AlertRule;
use crate::definitions::select::{value_name, with_formulas};
use crate::definitions::{Family, Grain, Metric, registry};

/// Dimensions that an alert may be told apart by: the set in which each stands, and how it is written. None: all in one.
const DIMENSIONS: [(&str, &str, &str); 9] = [
    ("content_id", "", "content_id"),
    ("device_class", "application", "device_class"),
    ("country", "network", "country"),
    ("cdn", "network", "cdn"),
    ("region", "network", "region"),
    ("isp", "network", "isp"),
    ("app_version", "application", "app_version"),
    ("source", "application", "source"),
    ("variant", "experiment", "concat(experiment, ': ', variant)"),
];
/// Values that one rule looks at: those with the most of the metric.
const VALUES_MAX: u32 = 1_000;
/// What tells how many saw it.
const PLAYS: &str = "plays";
/// Where the dimension stands in a query's text.
const PLACE: &str = "${dimension}";

/// What is wrong with a rule, if anything is.
pub fn rule_fault(rule: &AlertRule) -> Option<String> {
    let fault = metric_of(rule).err();
    fault.or_else(|| {
        let is_known = rule.dimension.is_empty() || place_of(rule).is_some();
        let known: Vec<_> = DIMENSIONS.iter().map(|(word, ..)| *word).collect();
        (!is_known).then(|| format!("dimension must be one of {}", known.join(", ")))
    })
}

fn metric_of(rule: &AlertRule) -> Result<&'static Metric, String> {
    let told = Family::ALL
        .iter()
        .find(|family| family.word() == rule.definition);
    if told.is_none() && !rule.definition.is_empty() {
        let words: Vec<_> = Family::ALL.iter().map(|family| family.word()).collect();
        return Err(format!("definition must be one of {}", words.join(", ")));
    }
    let metric = registry()
        .resolve(&rule.metric, told.copied().unwrap_or(Family::Cta2066))
        .map_err(|unknown| unknown.to_string())?;
    match metric.grain {
        Grain::Minute => Ok(metric),
        _ => Err("metric must be of the grain minute".to_owned()),
    }
}

fn place_of(rule: &AlertRule) -> Option<(&'static str, &'static str)> {
    let found = DIMENSIONS.iter().find(|(word, ..)| *word == rule.dimension);
    found.map(|(_, set, written)| (*set, *written))
}

/// The numbers of a rule as they are now.
pub(super) async fn look(
    reader: &Reader,
    rule: &AlertRule,
    now: OffsetDateTime,
) -> Result<Vec<Found>, QueryError> {
    // Rules were checked when the configuration was read.
    let (Ok(metric), Some(plays)) = (metric_of(rule), registry().get(PLAYS)) else {
        return Ok(Vec::new());
    };
    let (file, set, written): (QueryFile, _, _) = match place_of(rule) {
        None => (queries::QUALITY_MINUTES, "", ""),
        Some(("", written)) => (queries::TOP_OF_TITLES, "", written),
        Some((set, written)) => (queries::TOP_OF_SETS, set, written),
    };
    let (from, to) = (
        minute_of(now - Span::seconds(rule.window_seconds.into())),
        up_to_minute(now),
    );
    let lasted = u32::try_from((now - from).whole_seconds()).unwrap_or(u32::MAX);
    let [hours_from, hours_to, parted_hour] = full_hours(from, to, now, None);
    let params = [
        ("from", Param::Moment(from)),
        ("to", Param::Moment(to)),
        hours_from,
        hours_to,
        parted_hour,
        ("window_seconds", Param::Count(lasted)),
        ("dimension_set", Param::Text(set.to_owned())),
        ("limit", Param::Count(VALUES_MAX)),
    ];
    let sql = with_formulas(file.sql, &[metric, plays]).replace(PLACE, written);
    let rows: Vec<BTreeMap<String, Value>> =
        reader.rows_of(file, &sql, &rule.tenant, &params).await?;
    Ok(rows.iter().map(found).collect())
}

fn found(row: &BTreeMap<String, Value>) -> Found {
    let of = |name: &str| row.get(name).unwrap_or(&Value::Null);
    Found {
        value: of("value").as_str().unwrap_or_default().to_owned(),
        number: of(&value_name(0)).as_f64(),
        plays: of(&value_name(1)).as_u64().unwrap_or(0),
    }
}
