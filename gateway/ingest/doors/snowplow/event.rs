//! Events of a payload to beacons.

use serde_json::{Map, Value};
use xxhash_rust::xxh3::xxh3_64;

use super::entities::{Entities, self_describing, vendor_and_name};
use super::fields::{Fields, NotJson};
use super::media;
use super::states::Condition;
use crate::beacon::{Beacon, DeviceClass, EventKind, PlayState};
use crate::ingest::doors::tags;
use crate::ingest::{
    Decoded, DecodedBatch, DropReason, DroppedReport, Refusal, RefuseReason, Remains,
    RequestRefusal,
};

/// Signs of life tell of a first frame that nothing else told within so many ping intervals.
const FIRST_INTERVALS: f64 = 2.5;
/// The plugin's default; s.
const PING_INTERVAL_SECONDS: f64 = 30.0;

/// What may be kept of the viewer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Privacy {
    /// What the tracker sent.
    AsSent,
    /// Nothing by which the viewer could be recognised.
    Anonymous,
}

/// Reads a payload of at most `max` events.
///
/// # Errors
/// A body that is no payload of the protocol.
pub(super) fn decode(
    body: &[u8],
    privacy: Privacy,
    max: usize,
) -> Result<DecodedBatch, RequestRefusal> {
    let payload: Value = serde_json::from_slice(body)
        .map_err(|error| RequestRefusal::MalformedJson(error.to_string()))?;
    let Some((_, Value::Array(events))) = self_describing(payload) else {
        let message = "a payload has `schema` and a list `data`";
        return Err(RequestRefusal::MalformedJson(message.to_owned()));
    };
    if events.is_empty() {
        return Err(RequestRefusal::EmptyBatch);
    }
    if events.len() > max {
        return Err(RequestRefusal::TooManyBeacons(max));
    }
    let mut batch = DecodedBatch::default();
    for (index, event) in events.iter().enumerate() {
        match event {
            Value::Object(members) => read(index, &Fields::Element(members), privacy, &mut batch),
            _ => batch.refusals.push(Refusal {
                index,
                reason: RefuseReason::BadType,
                field: None,
                message: "an event is an object".to_owned(),
                remains: Remains::of_text(event.to_string().as_bytes()),
            }),
        }
    }
    Ok(batch)
}

/// Reads one event: mostly one beacon, at times a second one for the first frame that it proves.
pub(super) fn read(index: usize, fields: &Fields<'_>, privacy: Privacy, batch: &mut DecodedBatch) {
    let event = match Event::of(fields) {
        Ok(event) => event,
        Err(NotJson(field)) => {
            batch.refusals.push(Refusal {
                index,
                reason: RefuseReason::MalformedJson,
                field: Some(field.into()),
                message: format!("{field} holds no JSON"),
                remains: fields.remains(),
            });
            return;
        }
    };
    let Some(session_id) = event.session_id(fields) else {
        let reason = DropReason::NoPlayback;
        batch.drops.push(DroppedReport { index, reason });
        return;
    };
    let mut beacon = Beacon {
        session_id: Some(session_id),
        ..Beacon::default()
    };
    take_fields(&mut beacon, fields, privacy);
    event.take_into(&mut beacon, fields);
    let eid = fields.text("eid");
    if let Some(first_frame) = event.first_frame(&beacon) {
        batch.beacons.push(Decoded {
            identity: eid
                .as_ref()
                .map(|eid| xxh3_64(format!("{eid} first frame").as_bytes())),
            ..Decoded::new(index, first_frame)
        });
    }
    batch.beacons.push(Decoded {
        identity: eid.map(|eid| xxh3_64(eid.as_bytes())),
        ..Decoded::new(index, beacon)
    });
}

/// An event with its JSON taken apart.
struct Event {
    /// The name of its schema, without vendor; of an event without one its kind (`pv`).
    name: String,
    data: Option<Map<String, Value>>,
    entities: Entities,
    condition: Condition,
    is_media: bool,
}

impl Event {
    fn of(fields: &Fields<'_>) -> Result<Self, NotJson> {
        let contexts = fields.json("co", "cx")?;
        let entities = contexts.map(Entities::of).unwrap_or_default();
        let described = fields.json("ue_pr", "ue_px")?;
        let inner = described
            .and_then(self_describing)
            .and_then(|(_, data)| self_describing(data));
        let (name, data, is_media) = match inner {
            Some((schema, data)) => {
                let (vendor, name) = vendor_and_name(&schema).unwrap_or(("", &schema));
                let is_media = vendor == "com.snowplowanalytics.snowplow.media";
                (name.to_owned(), data, is_media)
            }
            None => {
                let kind = fields.owned("e").unwrap_or_default();
                (kind, Value::Null, false)
            }
        };
        Ok(Self {
            name,
            data: match data {
                Value::Object(data) => Some(data),
                _ => None,
            },
            condition: Condition::of(&entities),
            entities,
            is_media,
        })
    }

    /// The playback: the media session, else, where there is a player at all, the page view, else the
    /// visit.
    fn session_id(&self, fields: &Fields<'_>) -> Option<String> {
        let named = |entity: Option<&Map<String, Value>>, name: &str| {
            let text = entity?.get(name)?.as_str()?;
            (!text.is_empty()).then(|| text.to_owned())
        };
        named(self.entities.session.as_ref(), "mediaSessionId").or_else(|| {
            let is_of_player = self.is_media || self.entities.player.is_some();
            let page = self.entities.page_id.clone();
            is_of_player.then(|| page.or_else(|| fields.owned("sid")))?
        })
    }

    fn take_into(&self, beacon: &mut Beacon, fields: &Fields<'_>) {
        media::take_entities(beacon, &self.entities);
        let data = self.data.as_ref();
        let is_known = self.is_media && media::take_event(beacon, &self.name, data, self.condition);
        if !is_known || beacon.event() == EventKind::Custom {
            beacon.event = Some(EventKind::Custom.into());
            tags::put(&mut beacon.tags, "event", &self.name);
            if let Some(data) = data {
                for (name, value) in data {
                    tags::put_value(&mut beacon.tags, name, value);
                }
            }
            for name in ["se_ca", "se_ac", "se_la", "se_pr", "se_va"] {
                if let Some(text) = fields.text(name) {
                    tags::put(&mut beacon.tags, name, &text);
                }
            }
        }
        for (name, data) in &self.entities.others {
            tags::put_value(&mut beacon.tags, name, data);
        }
    }

    /// The first frame of a session that had nothing to wait for, where this event proves it.
    fn first_frame(&self, beacon: &Beacon) -> Option<Beacon> {
        let interval = beacon
            .heartbeat_interval_ms
            .map(|ms| f64::from(ms) / 1_000.0);
        let within = interval.unwrap_or(PING_INTERVAL_SECONDS) * FIRST_INTERVALS;
        let is_proof = match self.name.as_str() {
            "ping_event" | "percent_progress_event" => self.condition.began_within(within),
            "pause_event" | "seek_start_event" | "end_event" => true,
            _ => false,
        };
        if !(self.is_media && is_proof) {
            return None;
        }
        let shown_at_ms = self
            .condition
            .unbuffered_first_frame_ms(beacon.client_time_ms?)?;
        Some(Beacon {
            event: Some(EventKind::PlayState.into()),
            state: Some(PlayState::Playing.into()),
            client_time_ms: Some(shown_at_ms),
            // What the event tells of its own moment is not true of this one.
            position_ms: None,
            exit_reason: None,
            counters: Default::default(),
            tags: Default::default(),
            ..beacon.clone()
        })
    }
}

/// Takes what every event of the protocol tells. Addresses of pages are not kept, since they may
/// hold anything.
fn take_fields(beacon: &mut Beacon, fields: &Fields<'_>, privacy: Privacy) {
    let true_time = fields.time_ms("ttm");
    beacon.client_time_ms = true_time.or_else(|| fields.time_ms("dtm"));
    // The true time is by another clock than the time of sending.
    beacon.sent_time_ms = match true_time {
        None => fields.time_ms("stm"),
        Some(_) => None,
    };
    beacon.sdk_version = fields.owned("tv");
    beacon.device_class = fields
        .text("p")
        .and_then(|platform| device_class(&platform));
    if let Some(app) = fields.text("aid") {
        tags::put(&mut beacon.tags, "app_id", &app);
    }
    if privacy == Privacy::AsSent {
        beacon.viewer_id = fields.owned("uid").or_else(|| fields.owned("duid"));
        beacon.device_id = fields.owned("duid");
        beacon.visit_id = fields.owned("sid");
    }
}

/// The device of a platform code.
fn device_class(platform: &str) -> Option<i32> {
    let class = match platform {
        "web" | "pc" => DeviceClass::Web,
        "mob" => DeviceClass::Mobile,
        "tv" => DeviceClass::SmartTv,
        "cnsl" => DeviceClass::GameConsole,
        _ => return None,
    };
    Some(class.into())
}

#[cfg(test)]
#[path = "event_tests.rs"]
mod tests;
