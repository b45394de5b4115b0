//! `GET /v1/delivery`: how many beacons came, how many are missing, and where.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use time::Duration as Span;
use utoipa::ToSchema;

use super::table::{Ranked, Source, Table, TableParams, of_sessions, ratio};
use crate::analytics::AnalyticsState;
use crate::analytics::error::Refusal;
use crate::analytics::params::{QueryString, Tenant};
use crate::analytics::queries;

const TABLE: Table = Table {
    resource: "delivery",
    column: of_sessions,
    own: &[],
    orders: &[
        "sessions",
        "beacons_sent",
        "beacons_received",
        "beacons_lost",
        "beacons_duplicated",
        "counter_resets",
    ],
    ratios: &[
        ("loss_ratio", "beacons_lost", "beacons_sent"),
        ("duplicate_ratio", "beacons_duplicated", "beacons_received"),
    ],
    lists: &[],
    first_by: "beacons_lost",
    longest: Span::days(2),
};

/// How beacons came through.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(from = "DeliveryCounts")]
pub struct DeliveryMetrics {
    /// The counts.
    #[serde(flatten)]
    pub counts: DeliveryCounts,
    /// Of the beacons sent, how many never came; 0 to 1; null of none.
    pub loss_ratio: Option<f64>,
    /// Copies that were sent again, for each beacon received; null of none.
    pub duplicate_ratio: Option<f64>,
}

/// Counts of beacons; docs/sessions.md, section 6.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct DeliveryCounts {
    /// Sessions that touch the window.
    pub sessions: u64,
    /// Received and lost. What is lost after the last arrival cannot be known.
    pub beacons_sent: u64,
    /// Distinct beacons that came.
    pub beacons_received: u64,
    /// Gaps in the counters of the clients.
    pub beacons_lost: u64,
    /// Copies that a client or gateway sent again.
    pub beacons_duplicated: u64,
    /// How often a client began to count anew.
    pub counter_resets: u64,
}

impl From<DeliveryCounts> for DeliveryMetrics {
    fn from(counts: DeliveryCounts) -> Self {
        Self {
            loss_ratio: ratio(counts.beacons_lost, counts.beacons_sent),
            duplicate_ratio: ratio(counts.beacons_duplicated, counts.beacons_received),
            counts,
        }
    }
}

/// The delivery of the sessions that touch a window, running ones included; each with all of its beacons.
///
/// # Errors
/// 400 for a parameter, 503 when the warehouse cannot answer.
#[utoipa::path(
    get,
    path = "/v1/delivery",
    tag = "beacons",
    params(TableParams),
    responses((status = 200, description = "A row for each combination of values", body = Ranked<DeliveryMetrics>))
)]
pub async fn get_delivery(
    State(state): State<AnalyticsState>,
    Tenant(tenant): Tenant,
    headers: HeaderMap,
    mut query: QueryString,
) -> Result<Response, Refusal> {
    let question = query.question(TABLE.resource);
    let asked = TABLE.asked(&mut query, &headers, question, &[])?;
    query.finish()?;
    let source = Source::plain(queries::DELIVERY, &["sessions_t"]);
    TABLE
        .answer::<DeliveryMetrics>(&state, &tenant, asked, source)
        .await
}
