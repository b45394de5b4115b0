//! One event to one beacon.

use serde_json::{Map, Value};

use super::payload;
use super::units::Unit;
use crate::beacon::{Beacon, EventKind, PlayState};
use crate::ingest::doors::tags;
use crate::ingest::{Decoded, DecodedBatch, RequestRefusal};

/// What the request tells beside the event.
pub(super) struct Context<'r> {
    /// Version of the specification that the client speaks.
    pub(super) version: Option<&'r str>,
    /// What positions are counted in, where the address tells it.
    pub(super) unit: Option<Unit>,
    /// Makes an id for a session that begins without one.
    pub(super) new_session_id: fn() -> String,
}

/// An event that could be read.
pub(super) struct EpasEvent {
    /// Its one beacon.
    pub(super) batch: DecodedBatch,
    /// The session, as the client is told it.
    pub(super) session_id: Option<String>,
    /// Whether the client waits for the heartbeat interval.
    pub(super) is_init: bool,
    /// How often it sends a heartbeat, as it says; ms.
    pub(super) heartbeat_interval_ms: Option<u32>,
}

/// Reads a body.
///
/// # Errors
/// A body that is no JSON object.
pub(super) fn decode(body: &[u8], context: &Context<'_>) -> Result<EpasEvent, RequestRefusal> {
    let body = body.trim_ascii();
    if body.is_empty() {
        return Err(RequestRefusal::EmptyBatch);
    }
    let fields: Map<String, Value> = serde_json::from_slice(body)
        .map_err(|error| RequestRefusal::MalformedJson(error.to_string()))?;
    let name = fields.get("event").and_then(Value::as_str);
    let is_init = name == Some("init");
    let mut session_id = fields.get("sessionId").and_then(payload::text);
    if is_init && session_id.is_none() {
        session_id = Some((context.new_session_id)());
    }
    let mut beacon = Beacon {
        session_id: session_id.clone(),
        sdk_version: context
            .version
            .map(|version| tags::cut(version, 64).to_owned()),
        ..Beacon::default()
    };
    if let Some(name) = name {
        take_event(&mut beacon, name);
    }
    take_times(&mut beacon, &fields, context.unit);
    if let Some(Value::Object(payload)) = fields.get("payload") {
        payload::take(&mut beacon, payload);
    }
    if beacon.event() == EventKind::Metadata && beacon.content_id.is_some() {
        // The only event that names the title, so it has to reach the timeline. Where it names the
        // same one again nothing changes.
        beacon.event = Some(EventKind::ContentChange.into());
    }
    Ok(EpasEvent {
        heartbeat_interval_ms: beacon.heartbeat_interval_ms,
        batch: DecodedBatch {
            beacons: vec![Decoded::new(0, beacon)],
            ..DecodedBatch::default()
        },
        session_id,
        is_init,
    })
}

/// What happened. After a stall or a seek the SDKs send `buffered` or `seeked` and no `playing`.
fn take_event(beacon: &mut Beacon, name: &str) {
    use PlayState::{Paused, Playing, Quit, Rebuffering, Seeking, Starting};
    let (event, state) = match name {
        "init" | "metadata" | "loaded" => (EventKind::Metadata, None),
        "heartbeat" => (EventKind::Heartbeat, None),
        "loading" => (EventKind::PlayState, Some(Starting)),
        "playing" | "resume" | "buffered" | "seeked" => (EventKind::PlayState, Some(Playing)),
        "paused" => (EventKind::PlayState, Some(Paused)),
        "buffering" => (EventKind::PlayState, Some(Rebuffering)),
        "seeking" => (EventKind::PlayState, Some(Seeking)),
        "bitrate_changed" => (EventKind::BitrateChange, None),
        // How it ended is in the payload.
        "stopped" => (EventKind::SessionEnd, Some(Quit)),
        "error" | "warning" => (EventKind::Error, None),
        _ => {
            tags::put(&mut beacon.tags, "event", name);
            (EventKind::Custom, None)
        }
    };
    beacon.event = Some(event.into());
    beacon.state = state.map(Into::into);
    if event == EventKind::Error {
        // After an error the specification's player stops; after a warning it goes on.
        let is_fatal = name == "error";
        beacon
            .error
            .insert("fatal".to_owned(), is_fatal.to_string());
    }
}

/// Moments and positions; -1 says that the client does not know.
fn take_times(beacon: &mut Beacon, fields: &Map<String, Value>, unit: Option<Unit>) {
    let known = |name: &str| {
        let number = fields.get(name).and_then(payload::number)?;
        (number >= 0.0).then_some(number)
    };
    let (playhead, duration) = (known("playhead"), known("duration"));
    let unit = unit.unwrap_or_else(|| Unit::guess(playhead, duration));
    beacon.client_time_ms = known("timestamp").and_then(|ms| Unit::Milliseconds.to_ms(ms));
    beacon.position_ms = playhead.and_then(|number| unit.to_ms(number));
    beacon.content_duration_ms = duration
        .filter(|number| *number > 0.0)
        .and_then(|number| unit.to_ms(number));
    beacon.heartbeat_interval_ms = known("heartbeatInterval")
        .filter(|ms| (1_000.0..=3_600_000.0).contains(ms))
        .map(|ms| ms as u32);
}

#[cfg(test)]
#[path = "event_tests.rs"]
mod tests;
