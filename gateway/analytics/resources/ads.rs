//! `GET /v1/ads`: what became of the ads, and how many breaks were filled.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use time::Duration as Span;
use utoipa::ToSchema;

use super::table::{Ranked, Source, Table, TableParams, ratio};
use crate::analytics::AnalyticsState;
use crate::analytics::error::Refusal;
use crate::analytics::params::{Dimension, QueryString, Tenant};
use crate::analytics::queries;
use crate::analytics::reader::Param;

/// Longest id of an ad or break; bytes.
const ID_MAX_BYTES: usize = 1_024;
const AD_ID: &str = "ad_id";
const BREAK_ID: &str = "break_id";

const TABLE: Table = Table {
    resource: "ads",
    column: of_ads,
    own: &[(AD_ID, "s.ad_id"), (BREAK_ID, "s.break_id")],
    orders: &[
        "impression_count",
        "start_count",
        "first_quartile_count",
        "midpoint_count",
        "third_quartile_count",
        "complete_count",
        "skip_count",
        "click_count",
        "error_count",
        "ad_ms",
        "break_count",
        "filled_break_count",
    ],
    ratios: &[
        ("fill_ratio", "filled_break_count", "break_count"),
        ("completion_ratio", "complete_count", "start_count"),
        ("skip_ratio", "skip_count", "start_count"),
        ("click_ratio", "click_count", "start_count"),
        ("error_ratio", "error_count", "(start_count + error_count)"),
    ],
    lists: &[],
    first_by: "start_count",
    longest: Span::days(31),
};

/// What became of ads.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(from = "AdCounts")]
pub struct AdMetrics {
    /// The counts.
    #[serde(flatten)]
    pub counts: AdCounts,
    /// Of the breaks, how many had an ad; 0 to 1; null without breaks, or where ads are told apart.
    pub fill_ratio: Option<f64>,
    /// Of the ads that began, how many played to their end; 0 to 1; null without any.
    pub completion_ratio: Option<f64>,
    /// Of the ads that began, how many were skipped; 0 to 1.
    pub skip_ratio: Option<f64>,
    /// Of the ads that began, how many were clicked; 0 to 1.
    pub click_ratio: Option<f64>,
    /// Of the ads that began or failed, how many failed; 0 to 1.
    pub error_ratio: Option<f64>,
}

/// Counts of ads and breaks; docs/views.md, section 1.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
pub struct AdCounts {
    /// Ads counted as seen.
    pub impression_count: u64,
    /// Ads begun.
    pub start_count: u64,
    /// Played to a quarter.
    pub first_quartile_count: u64,
    /// Played to the half.
    pub midpoint_count: u64,
    /// Played to three quarters.
    pub third_quartile_count: u64,
    /// Played to their end.
    pub complete_count: u64,
    /// Skipped.
    pub skip_count: u64,
    /// Clicked.
    pub click_count: u64,
    /// Failed.
    pub error_count: u64,
    /// Time that ads were on; ms.
    pub ad_ms: u64,
    /// Ad breaks; 0 where ads are told apart, since a break is of no single ad.
    pub break_count: u64,
    /// Of these, with an ad that began.
    pub filled_break_count: u64,
}

impl From<AdCounts> for AdMetrics {
    fn from(counts: AdCounts) -> Self {
        let of_starts = |count| ratio(count, counts.start_count);
        Self {
            fill_ratio: ratio(counts.filled_break_count, counts.break_count),
            completion_ratio: of_starts(counts.complete_count),
            skip_ratio: of_starts(counts.skip_count),
            click_ratio: of_starts(counts.click_count),
            error_ratio: ratio(counts.error_count, counts.start_count + counts.error_count),
            counts,
        }
    }
}

/// What became of the ads first heard of in a window, and of its ad breaks.
///
/// # Errors
/// 400 for a parameter, 503 when the warehouse cannot answer.
#[utoipa::path(
    get,
    path = "/v1/ads",
    tag = "ads",
    params(
        TableParams,
        ("ad_id" = Option<String>, Query, description = "Only this ad", max_length = 1024),
        ("break_id" = Option<String>, Query, description = "Only this break", max_length = 1024),
    ),
    responses((status = 200, description = "A row for each combination of values", body = Ranked<AdMetrics>))
)]
pub async fn get_ads(
    State(state): State<AnalyticsState>,
    Tenant(tenant): Tenant,
    headers: HeaderMap,
    mut query: QueryString,
) -> Result<Response, Refusal> {
    let question = query.question(TABLE.resource);
    let asked = TABLE.asked(&mut query, &headers, question, &[])?;
    let ad_id = query.text(AD_ID, ID_MAX_BYTES)?;
    let break_id = query.text(BREAK_ID, ID_MAX_BYTES)?;
    query.finish()?;
    let is_by_ad = !ad_id.is_empty() || asked.groups.iter().any(|group| group.word == AD_ID);
    let is_by_break =
        !break_id.is_empty() || asked.groups.iter().any(|group| group.word == BREAK_ID);
    // Of all ads it is cheaper to ask less than everything.
    let [ads, breaks] = match is_by_break {
        true => ["ads_t", "ad_breaks_t"],
        false => ["ad_facts_t", "ad_break_facts_t"],
    };
    let of_break = match break_id.is_empty() {
        true => "1",
        false => "s.break_id = {break_id:String}",
    };
    let source = Source {
        file: queries::ADS,
        views: if is_by_ad {
            vec![ads]
        } else {
            vec![ads, breaks]
        },
        fill: vec![
            ("${group_of_breaks}", asked.group(&[AD_ID])),
            ("${ads}", ads.trim_end_matches("_t").to_owned()),
            ("${breaks}", breaks.trim_end_matches("_t").to_owned()),
            ("${of_break}", of_break.to_owned()),
        ],
        more: vec![
            ("ad_id", Param::Text(ad_id)),
            (BREAK_ID, Param::Text(break_id)),
            ("with_breaks", Param::Count(u32::from(!is_by_ad))),
        ],
    };
    TABLE
        .answer::<AdMetrics>(&state, &tenant, asked, source)
        .await
}

fn of_ads(dimension: Dimension) -> Option<&'static str> {
    Some(match dimension {
        Dimension::ContentId => "s.content_id",
        Dimension::DeviceClass => "s.device_class",
        Dimension::Country => "s.country",
        Dimension::Cdn => "s.cdn",
        Dimension::AppVersion => "s.app_version",
        _ => return None,
    })
}
