//! Keys of CMCD in the beacon's fields.

use super::event::{event_kind, play_state, stream_type};
use super::value::{Bare, Value};
use crate::beacon::{Beacon, EventKind};
use crate::ingest::Decoded;
use crate::ingest::doors::{host_of, tags};

/// A time to the first byte beyond it is no duration: some players send a moment instead.
const TTFB_MAX_MS: u64 = 600_000;

/// One line while its keys are read. Some keys mean something on one event only, and the event may
/// come after them.
#[derive(Debug, Default)]
pub(super) struct Report {
    beacon: Box<Beacon>,
    error_code: Option<String>,
    status: Option<u64>,
    ttfb_ms: Option<u64>,
    ttlb_ms: Option<u64>,
    object_type: Option<String>,
    host: Option<String>,
}

impl Report {
    /// Takes one key. A value of a form that its key cannot have is left out.
    pub(super) fn take(&mut self, key: &str, value: &Value<'_>) {
        let beacon = &mut self.beacon;
        match key {
            "sid" => beacon.session_id = Some(value.text()),
            "cid" => beacon.content_id = Some(value.text()),
            "cdn" => beacon.cdn = Some(value.text()),
            "v" => beacon.sdk_version = Some(value.text()),
            "sn" => beacon.seq = value.whole(),
            "ts" => beacon.client_time_ms = value.number().map(|number| number as i64),
            "e" => self.take_event(&value.text()),
            "sta" => match play_state(&value.text()) {
                Some(state) => beacon.state = Some(state.into()),
                None => self.tag(key, value),
            },
            "st" => beacon.stream_type = stream_type(&value.text()).map(Into::into),
            "br" => beacon.bitrate_kbps = value.sum_of_sound_and_picture().and_then(small),
            "bl" => beacon.buffer_ms = value.smallest().and_then(small),
            "mtp" => beacon.throughput_kbps = value.largest().and_then(small),
            "dfa" => beacon.dropped_frames = value.whole().and_then(small),
            "ltc" => beacon.live_latency_ms = value.whole().and_then(small),
            "pt" => beacon.position_ms = value.whole().and_then(|number| number.try_into().ok()),
            "pr" => beacon.playback_rate = value.number(),
            "bg" => beacon.background = value.boolean(),
            "nr" => beacon.in_ad = beacon.in_ad.or(value.boolean()),
            "msd" => count(&mut beacon.startup, "total_ms", value.whole()),
            "bsa" => count(&mut beacon.counters, "stall_count", value.largest()),
            "bsda" => count(&mut beacon.counters, "stalled_ms", value.largest()),
            "ec" => self.error_code = Some(value.text()).filter(|code| !code.is_empty()),
            "rc" => self.status = value.whole(),
            "ttfb" => self.ttfb_ms = value.whole(),
            "ttlb" => self.ttlb_ms = value.whole(),
            "ot" => self.object_type = Some(value.text()),
            "url" => self.host = host_of(&value.text()),
            // Where the next objects lie: such an address may hold tokens, as `url` may.
            "nor" | "nrr" => {}
            // Formats, ladders, hints, signatures and an application's own: no number is made of them.
            _ => self.tag(key, value),
        }
    }

    /// Takes what the address says of the report; the report's own keys come after it and count.
    pub(super) fn take_text(&mut self, key: &str, text: &str) {
        self.take(key, &Value::Bare(Bare::Text(text.into())));
    }

    /// Makes a report without an event one of a request: in request mode none has an event.
    pub(super) fn assume_request(&mut self) {
        self.beacon
            .event
            .get_or_insert_with(|| EventKind::Request.into());
    }

    /// Whether it tells how a request was answered.
    pub(super) fn tells_answer(&self) -> bool {
        self.status.is_some() || self.ttlb_ms.is_some() || self.host.is_some()
    }

    /// The beacon, once every key was taken.
    pub(super) fn into_decoded(mut self, index: usize, target: Option<&str>) -> Decoded {
        let mut impossible = None;
        match self.beacon.event() {
            EventKind::Request => impossible = self.put_request(),
            // Players repeat the code on later lines of other events.
            EventKind::Error => put(&mut self.beacon.error, "code", self.error_code.take()),
            _ => {}
        }
        self.beacon.stream = target.map(str::to_owned);
        Decoded {
            impossible,
            ..Decoded::new(index, self.beacon)
        }
    }

    fn take_event(&mut self, token: &str) {
        let beacon = &mut self.beacon;
        let kind = event_kind(token).unwrap_or_else(|| {
            beacon.tags.insert("e".to_owned(), token.to_owned());
            EventKind::Custom
        });
        beacon.event = Some(kind.into());
        match token {
            "m" => beacon.muted = Some(true),
            "um" => beacon.muted = Some(false),
            "pe" => beacon.full_screen = Some(true),
            "pc" => beacon.full_screen = Some(false),
            "abs" => beacon.in_ad = Some(true),
            "abe" => beacon.in_ad = Some(false),
            _ => {}
        }
    }

    /// The key whose value cannot be, if there is one.
    fn put_request(&mut self) -> Option<&'static str> {
        let longest = self.ttlb_ms.unwrap_or(TTFB_MAX_MS);
        let ttfb_ms = self.ttfb_ms.filter(|ttfb_ms| *ttfb_ms <= longest);
        let is_impossible = self.ttfb_ms.is_some() && ttfb_ms.is_none();
        let request = &mut self.beacon.request;
        put(request, "status", self.status);
        put(request, "ttfb_ms", ttfb_ms);
        put(request, "ttlb_ms", self.ttlb_ms);
        put(request, "object_type", self.object_type.take());
        put(request, "host", self.host.take());
        is_impossible.then_some("ttfb")
    }

    fn tag(&mut self, key: &str, value: &Value<'_>) {
        tags::put(&mut self.beacon.tags, key, &value.with_kinds());
    }
}

fn put(
    group: &mut std::collections::BTreeMap<String, String>,
    key: &str,
    value: Option<impl ToString>,
) {
    if let Some(value) = value {
        group.insert(key.to_owned(), value.to_string());
    }
}

fn count(group: &mut std::collections::BTreeMap<String, u64>, key: &str, value: Option<u64>) {
    if let Some(value) = value {
        group.insert(key.to_owned(), value);
    }
}

fn small(number: u64) -> Option<u32> {
    number.try_into().ok()
}

#[cfg(test)]
#[path = "keys_tests.rs"]
mod tests;
