//! The parameters of these questions as the OpenAPI document tells them.
#![expect(dead_code, reason = "they are read by the document alone")]

use utoipa::IntoParams;

use crate::definitions::Family;

/// The window.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Window {
    /// Begin of the window: RFC 3339, or relative: now-15m, now-7d, now-1d/d (units s, m, h, d, w). By default an hour before `to`
    #[param(example = "now-6h")]
    from: Option<String>,
    /// End of the window, which does not belong to it; by default now; at most 31 days after `from`
    #[param(example = "now")]
    to: Option<String>,
    /// IANA name of the time zone whose days and hours are meant; by default UTC
    #[param(example = "Europe/Vienna")]
    time_zone: Option<String>,
}

/// What is told, and of which plays.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Narrowed {
    /// Names of metrics or concepts, separated by commas, at most 20; by default plays. `metric` is the same
    #[param(example = "plays,rebuffering_ratio")]
    metrics: Option<String>,
    /// In whose terms concepts are understood; by default cta2066
    definition: Option<Family>,
    /// Dimensions by which numbers are told apart, separated by commas, at most 4
    #[param(example = "cdn,country")]
    group_by: Option<String>,
    /// `dimension:operator:value`; all must hold. Operators: `is`, `is_not`, `in`, `not_in` (values
    /// separated by commas), `matches` (RE2)
    #[param(example = json!(["cdn:is:akamai", "country:in:DE,AT"]))]
    filter: Option<Vec<String>>,
    /// How the answer is written: `json`, `ndjson`, `csv`, or where one view tells all metrics `arrow` or `parquet`; by default as
    /// `Accept` says
    #[param(example = "csv")]
    format: Option<String>,
}

/// Which rows.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Paged {
    /// A metric or dimension of the question; with - before it the greatest come first. By default the first metric, the greatest first
    #[param(example = "-plays")]
    order: Option<String>,
    /// Most rows; by default 100
    #[param(minimum = 1, maximum = 10000)]
    limit: Option<u32>,
    /// `next_cursor` of the page before, with the same question
    cursor: Option<String>,
}
