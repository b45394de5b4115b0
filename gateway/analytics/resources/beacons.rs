//! `GET /v1/sessions/{session_id}/beacons`: every beacon of one session, with the gaps between them.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use time::macros::datetime;
use utoipa::ToSchema;

use crate::analytics::AnalyticsState;
use crate::analytics::cache::{Answer, Computed};
use crate::analytics::error::{QueryError, Refusal};
use crate::analytics::params::{Format, QueryString, Question, Tenant, bad};
use crate::analytics::queries;
use crate::analytics::reader::Param;
use crate::analytics::stamp::Stamp;
use crate::beacon::{attribute_name, session_key};
use crate::problem::ProblemBody;

/// Longest session id that the gateway accepts; bytes.
const SESSION_ID_MAX_BYTES: usize = 128;
const DEFAULT_LIMIT: u32 = 500;
const GREATEST_LIMIT: u32 = 5_000;
/// Columns of `beacons_v` that are maps to numbers.
const MAPS_OF_NUMBERS: [&str; 2] = ["startup", "counters"];

/// Answer of `GET /v1/sessions/{session_id}/beacons`.
#[derive(Debug, Serialize, ToSchema)]
pub struct BeaconsAnswer {
    /// How fresh it is.
    #[serde(flatten)]
    pub stamp: Stamp,
    /// The session, as its client names it.
    pub session_id: String,
    /// Hash of tenant and session id; decimal text, since JSON numbers lose its last digits.
    pub session_key: String,
    /// The views of the warehouse that were read.
    pub computed_from: Vec<&'static str>,
    /// What the whole session came to.
    pub delivery: SessionDelivery,
    /// Beacons and gaps in the order of event time; a gap stands before the beacon after it.
    pub items: Vec<BeaconItem>,
    /// `cursor` of the next page; null on the last.
    pub next_cursor: Option<String>,
}

/// What a session's delivery came to.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct SessionDelivery {
    /// Distinct beacons that came.
    pub beacons_received: u64,
    /// Gaps in the counters.
    pub beacons_lost: u64,
    /// Copies that were sent again; only the first copy of a beacon is kept.
    pub beacons_duplicated: u64,
    /// How often the client began to count anew.
    pub counter_resets: u64,
}

/// A beacon, or what is missing before it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum BeaconItem {
    /// Beacons of a counter that never came.
    Gap {
        /// The counter.
        stream: String,
        /// The first that is missing.
        first_seq: u64,
        /// The last that is missing.
        last_seq: u64,
        /// How many are missing.
        count: u64,
    },
    /// A beacon.
    Beacon {
        /// The columns of `beacons_v` that it tells; unknown ones are left out.
        #[serde(flatten)]
        #[schema(value_type = Object)]
        told: Map<String, Value>,
    },
}

/// What is read again of an answer that is told as lines.
#[derive(Deserialize)]
struct Lines {
    #[serde(flatten)]
    stamp: Stamp,
    items: Vec<Value>,
    next_cursor: Option<String>,
}

/// Where a page ended.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct After {
    event_time: String,
    stream: String,
    seq: u64,
}

#[derive(Default, Deserialize)]
struct Bounds {
    plays: u64,
    begins_at: String,
    ends_at: String,
    beacons_received: u64,
    beacons_lost: u64,
    beacons_duplicated: u64,
    counter_resets: u64,
}

/// The raw beacons of one session, in the order of event time, with every gap of its counters.
///
/// # Errors
/// 400 for a parameter, 404 when there is no session of that id, 503 when the warehouse cannot answer.
#[utoipa::path(
    get,
    path = "/v1/sessions/{session_id}/beacons",
    tag = "sessions",
    params(
        ("session_id" = String, Path, description = "As the player names the session", max_length = 128, example = "s-42"),
        ("limit" = Option<u32>, Query, description = "Most beacons of a page; by default 500", minimum = 1, maximum = 5000),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
        ("format" = Option<String>, Query, description = "`json` (the default) or `ndjson`, an item a line and the cursor in the header `Playhead-Next-Cursor`; else what `Accept` names"),
    ),
    responses(
        (status = 200, description = "The session's beacons", body = BeaconsAnswer),
        (status = 404, description = "No session of that id", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn list_session_beacons(
    State(state): State<AnalyticsState>,
    Tenant(tenant): Tenant,
    Path(session_id): Path<String>,
    headers: HeaderMap,
    mut query: QueryString,
) -> Result<Response, Refusal> {
    let question = query.question(&format!("beacons {session_id}"));
    let limit = query.limit(DEFAULT_LIMIT, GREATEST_LIMIT)?;
    let after: Option<After> = query.cursor(question)?;
    let format = query.format(&headers)?;
    query.finish()?;
    if !matches!(format, Format::Json | Format::Ndjson) {
        return Err(bad("format", "must be json or ndjson here").into());
    }
    if session_id.len() > SESSION_ID_MAX_BYTES {
        return Err(bad("session_id", "is longer than any session id").into());
    }
    let key = format!("beacons {tenant} {session_id:?} {limit} {after:?}");
    let compute = async {
        let now = OffsetDateTime::now_utc();
        let of_all_time = [
            ("session_id", Param::Text(session_id.clone())),
            ("from", Param::Moment(datetime!(1900-01-01 0:00 UTC))),
            ("to", Param::Moment(datetime!(2299-01-01 0:00 UTC))),
        ];
        let (stamp, bounds) = tokio::try_join!(
            Stamp::read(&state.reader, &tenant, now, state.settings.horizons()),
            state
                .reader
                .row::<Bounds>(queries::BEACONS_BOUNDS, &tenant, &of_all_time),
        )?;
        if bounds.plays == 0 {
            return Err(QueryError::UnknownSession(session_id));
        }
        let session_key = session_key(&tenant, &session_id).to_string();
        let params = page(&bounds, &session_key, limit, after.as_ref())?;
        let mut found: Vec<Map<String, Value>> = state
            .reader
            .rows(queries::BEACONS, &tenant, &params)
            .await?;
        let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
        let has_more = found.len() > wanted;
        found.truncate(wanted);
        let next_cursor = next(question, found.last().filter(|_| has_more))?;
        // A late beacon may come at any time.
        let lifetime = stamp.lifetime(now);
        let answer = BeaconsAnswer {
            stamp,
            session_id,
            session_key,
            computed_from: vec!["session_beacons_t", "sessions_t"],
            delivery: SessionDelivery {
                beacons_received: bounds.beacons_received,
                beacons_lost: bounds.beacons_lost,
                beacons_duplicated: bounds.beacons_duplicated,
                counter_resets: bounds.counter_resets,
            },
            items: found.into_iter().flat_map(items).collect(),
            next_cursor,
        };
        Ok(Computed { answer, lifetime })
    };
    let answer = state.cache.answer(key, compute).await?;
    Ok(match format {
        Format::Ndjson => lines(&answer)?,
        _ => answer.into_response(),
    })
}

/// An item a line; what else an answer tells stands in headers.
fn lines(answer: &Answer) -> Result<Response, QueryError> {
    let told: Lines = serde_json::from_str(&answer.json())?;
    let mut body = String::new();
    for item in &told.items {
        body.push_str(&item.to_string());
        body.push('\n');
    }
    let headers = [
        (CONTENT_TYPE.as_str(), Format::Ndjson.media_type()),
        (CACHE_CONTROL.as_str(), "private, no-cache"),
        ("playhead-computed-at", &told.stamp.computed_at),
        (
            "playhead-complete-to",
            told.stamp.complete_to.as_deref().unwrap_or(""),
        ),
        ("playhead-final-before", &told.stamp.final_before),
        (
            "playhead-next-cursor",
            told.next_cursor.as_deref().unwrap_or(""),
        ),
    ];
    Ok((headers, body).into_response())
}

/// The values of a page's query.
fn page(
    bounds: &Bounds,
    session_key: &str,
    limit: u32,
    after: Option<&After>,
) -> Result<Vec<(&'static str, Param)>, QueryError> {
    let moment = |text: &str| {
        OffsetDateTime::parse(text, &Rfc3339)
            .map_err(|_| bad("cursor", "must be the `next_cursor` of an answer"))
    };
    let (time, stream, seq) = match after {
        Some(after) => (moment(&after.event_time)?, after.stream.clone(), after.seq),
        None => (OffsetDateTime::UNIX_EPOCH, String::new(), 0),
    };
    Ok(vec![
        ("session_key", Param::Text(session_key.to_owned())),
        ("begins_at", Param::Moment(moment(&bounds.begins_at)?)),
        ("ends_at", Param::Moment(moment(&bounds.ends_at)?)),
        ("has_after", Param::Count(u32::from(after.is_some()))),
        ("after_time", Param::Moment(time)),
        ("after_stream", Param::Text(stream)),
        ("after_seq", Param::Text(seq.to_string())),
        ("limit", Param::Count(limit + 1)),
    ])
}

fn next(
    question: Question,
    last: Option<&Map<String, Value>>,
) -> Result<Option<String>, QueryError> {
    let after = last.map(|last| After {
        event_time: text(last, "event_time"),
        stream: text(last, "stream"),
        seq: number(last, "seq"),
    });
    after.map(|after| question.cursor(after)).transpose()
}

/// What a beacon's record holds as JSON: once for each beacon, where the columns of `beacons_v` open it once for each of them.
/// Keys are named as these columns are, and values are of their types, but for numbers that have names.
fn open(row: &mut Map<String, Value>) {
    for text in ["attributes", "details"] {
        let Some(Value::String(json)) = row.remove(text) else {
            continue;
        };
        // As in the view, a text that is no object tells nothing.
        let told: Map<String, Value> = serde_json::from_str(&json).unwrap_or_default();
        for (key, mut value) in told {
            if let Some(name) = value
                .as_i64()
                .and_then(|number| attribute_name(&key, number))
            {
                value = Value::String(name);
            }
            if let Value::Object(map) = &mut value
                && !MAPS_OF_NUMBERS.contains(&key.as_str())
            {
                map.values_mut().for_each(written);
            }
            // What has a column of its own is not told by a text as well.
            row.entry(key).or_insert(value);
        }
    }
}

/// As the view has it, whose maps are of texts.
fn written(value: &mut Value) {
    if !value.is_string() {
        *value = Value::String(value.to_string());
    }
}

/// A beacon, after what is missing before it.
fn items(mut row: Map<String, Value>) -> Vec<BeaconItem> {
    open(&mut row);
    let count = number(&row, "missing_before");
    row.remove("missing_before");
    let seq = number(&row, "seq");
    let gap = (count > 0).then(|| BeaconItem::Gap {
        stream: text(&row, "stream"),
        first_seq: seq.saturating_sub(count),
        last_seq: seq.saturating_sub(1),
        count,
    });
    row.retain(|_, value| is_told(value));
    gap.into_iter()
        .chain([BeaconItem::Beacon { told: row }])
        .collect()
}

fn is_told(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Object(map) => !map.is_empty(),
        _ => true,
    }
}

fn text(row: &Map<String, Value>, name: &str) -> String {
    let value = row.get(name).and_then(Value::as_str);
    value.unwrap_or_default().to_owned()
}

fn number(row: &Map<String, Value>, name: &str) -> u64 {
    row.get(name).and_then(Value::as_u64).unwrap_or_default()
}
