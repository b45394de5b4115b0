//! `GET /v1/live`: everything the live page shows, in one answer.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::extract::State;
use serde::Serialize;
use time::{Duration as Span, OffsetDateTime};
use utoipa::ToSchema;

use super::AnalyticsState;
use super::cache::{Answer, Computed};
use super::error::{QueryError, Refusal};
use super::params::full_hours::full_hours;
use super::params::{QueryString, Tenant};
use super::quality::{Quality, QualitySums};
use super::queries;
use super::reader::Param;
use super::stamp::{Stamp, rfc3339};
use super::viewers::count_present;

mod curve;
mod groups;

pub use curve::{Concurrency, ConcurrencyAt, Peak};
use curve::{Curve, step_seconds};
use groups::{Groups, MinuteRow, NameRow, PresentRow, TitleQualityRow, TitleRow, described};

const DEFAULT_WINDOW: Duration = Duration::from_secs(15 * 60);
const SHORTEST_WINDOW: Duration = Duration::from_secs(60);
const LONGEST_WINDOW: Duration = Duration::from_secs(6 * 3600);
const TOP_CONTENT_ROWS: u32 = 10;

/// Answer of `GET /v1/live`.
#[derive(Debug, Serialize, ToSchema)]
pub struct Live {
    /// How fresh it is.
    #[serde(flatten)]
    pub stamp: Stamp,
    /// Begin of the window, a full minute; RFC 3339.
    pub from: String,
    /// End of the window, which does not belong to it; RFC 3339.
    pub to: String,
    /// Sessions that are there now.
    pub viewers_now: u64,
    /// Sessions in each status now; those who left within the last ten minutes included.
    pub statuses: BTreeMap<String, u64>,
    /// The concurrency curve of the window.
    pub concurrency: Concurrency,
    /// Quality of the window's minutes together.
    pub totals: Quality,
    /// Quality minute by minute, none left out.
    pub minutes: Vec<Minute>,
    /// Titles with the most viewers now, then the most plays in the window; ten at most.
    pub top_content: Vec<ContentQuality>,
    /// Device classes, by viewers now.
    pub device_classes: Vec<DeviceClassQuality>,
}

/// Quality of one minute.
#[derive(Debug, Serialize, ToSchema)]
pub struct Minute {
    /// Its begin; event time, RFC 3339.
    pub minute: String,
    /// Its measures and ratios.
    #[serde(flatten)]
    pub quality: Quality,
}

/// A title and its quality in the window.
#[derive(Debug, Serialize, ToSchema)]
pub struct ContentQuality {
    /// As the platform names it; empty when players told none.
    pub content_id: String,
    /// Its title; empty when players told none.
    pub title: String,
    /// Sessions there now.
    pub viewers: u64,
    /// Its measures and ratios.
    #[serde(flatten)]
    pub quality: Quality,
}

/// A device class and its quality in the window.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeviceClassQuality {
    /// Its name; empty when unknown.
    pub device_class: String,
    /// Sessions there now.
    pub viewers: u64,
    /// Its measures and ratios.
    #[serde(flatten)]
    pub quality: Quality,
}

/// A stretch of full seconds of event time.
#[derive(Clone, Copy, Debug)]
struct Window {
    from: OffsetDateTime,
    to: OffsetDateTime,
}

impl Window {
    /// From the full minute at or before now - length, to the second that is running.
    fn ending_at(now: OffsetDateTime, length: Duration) -> Self {
        let to = now.replace_nanosecond(0).unwrap_or(now);
        let begin = to - length;
        let from = begin.replace_second(0).unwrap_or(begin);
        Self { from, to }
    }

    fn params(self, more: (&'static str, Param)) -> [(&'static str, Param); 3] {
        let (from, to) = (Param::Moment(self.from), Param::Moment(self.to));
        [("from", from), ("to", to), more]
    }

    fn hours(self, now: OffsetDateTime, more: (&'static str, Param)) -> [(&'static str, Param); 6] {
        let [from, to, more] = self.params(more);
        let [hours_from, hours_to, parted_hour] = full_hours(self.from, self.to, now, None);
        [from, to, hours_from, hours_to, parted_hour, more]
    }
}

/// Shows the last minutes: `?window=15m`, from 60s to 6h.
///
/// # Errors
/// 400 for a parameter, 503 when the warehouse cannot answer.
#[utoipa::path(
    get,
    path = "/v1/live",
    tag = "live",
    params(("window" = Option<String>, Query, description = "How far back: a number with s, m or h, from 60s to 6h; by default 15m", example = "15m")),
    responses((status = 200, description = "What the live page shows", body = Live))
)]
pub async fn get_live(
    State(state): State<AnalyticsState>,
    Tenant(tenant): Tenant,
    mut query: QueryString,
) -> Result<Answer, Refusal> {
    let length = query.window("window", DEFAULT_WINDOW, SHORTEST_WINDOW, LONGEST_WINDOW)?;
    query.finish()?;
    answer(&state, &tenant, length).await
}

/// The last minutes, for whoever shows them.
pub(super) async fn answer(
    state: &AnalyticsState,
    tenant: &str,
    length: Duration,
) -> Result<Answer, Refusal> {
    let key = format!("live {tenant} {}", length.as_secs());
    let compute = async {
        let now = OffsetDateTime::now_utc();
        let answer = compute(state, tenant, Window::ending_at(now, length), now).await?;
        let lifetime = answer.stamp.lifetime(now);
        Ok(Computed { answer, lifetime })
    };
    state.cache.answer(key, compute).await
}

async fn compute(
    state: &AnalyticsState,
    tenant: &str,
    window: Window,
    now: OffsetDateTime,
) -> Result<Live, QueryError> {
    let reader = &state.reader;
    let step = step_seconds(window.to - window.from);
    let curve_params = window.params(("step_seconds", Param::Count(step)));
    let title_params = window.hours(now, ("content_limit", Param::Count(TOP_CONTENT_ROWS)));
    let (stamp, curve, present, minutes, titles) = tokio::try_join!(
        Stamp::read(reader, tenant, now, state.settings.horizons()),
        reader.row::<Curve>(queries::CONCURRENCY, tenant, &curve_params),
        reader.rows::<PresentRow>(queries::LIVE_PRESENT, tenant, &[]),
        reader.rows::<MinuteRow>(queries::LIVE_MINUTES, tenant, &title_params[..2]),
        reader.rows::<TitleRow>(queries::LIVE_TITLES, tenant, &title_params),
    )?;
    let ids = titles.iter().map(|title| title.content_id.clone());
    let shown_params = window.hours(now, ("content_ids", Param::Texts(ids.collect())));
    let (qualities, names) = tokio::try_join!(
        reader.rows::<TitleQualityRow>(queries::LIVE_TITLE_QUALITY, tenant, &shown_params),
        reader.rows::<NameRow>(queries::LIVE_NAMES, tenant, &shown_params),
    )?;
    let top_content = described(titles, qualities, names);
    let groups = Groups::of(present, minutes);
    let reported_to = now - state.settings.refresh;
    Ok(Live {
        viewers_now: count_present(&groups.statuses),
        statuses: groups.statuses,
        concurrency: curve.dense(window.from, window.to, step, reported_to),
        totals: groups.totals.into(),
        minutes: every_minute(window, &groups.minutes),
        top_content,
        device_classes: groups.device_classes,
        from: rfc3339(window.from),
        to: rfc3339(window.to),
        stamp,
    })
}

/// The known minutes with zeros for those in which nothing happened.
fn every_minute(window: Window, known: &BTreeMap<i64, QualitySums>) -> Vec<Minute> {
    let mut minutes = Vec::new();
    let mut begin = window.from;
    while begin < window.to {
        let sums = known.get(&begin.unix_timestamp()).copied();
        minutes.push(Minute {
            minute: rfc3339(begin),
            quality: sums.unwrap_or_default().into(),
        });
        begin += Span::MINUTE;
    }
    minutes
}
