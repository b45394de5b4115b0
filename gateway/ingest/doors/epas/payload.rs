//! The payload of an event: what the specification names has a field, everything else becomes a tag.

use serde_json::{Map, Value};

use super::units;
use crate::beacon::{Beacon, DeviceClass, EventKind, ExitReason, PlayState, StreamType};
use crate::ingest::doors::tags;

/// Longest message of an error that is kept; bytes.
const MESSAGE_MAX_BYTES: usize = 256;

/// Takes every member.
pub(super) fn take(beacon: &mut Beacon, payload: &Map<String, Value>) {
    for (name, value) in payload {
        if !is_unknown(value) && !take_known(beacon, name, value) {
            tags::put_value(&mut beacon.tags, name, value);
        }
    }
}

/// A text; ids come as numbers too.
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A number; some applications write it as text.
pub(super) fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text
            .trim()
            .parse()
            .ok()
            .filter(|number: &f64| number.is_finite()),
        _ => None,
    }
}

fn is_unknown(value: &Value) -> bool {
    value.is_null() || value.as_i64() == Some(-1)
}

/// Takes a member that has a field; false for any other one.
fn take_known(beacon: &mut Beacon, name: &str, value: &Value) -> bool {
    match (name, beacon.event()) {
        ("live", _) => take_live(beacon, value),
        ("contentId", _) => beacon.content_id = text(value),
        ("contentTitle", _) => put(&mut beacon.content, "title", value),
        ("drmType", _) => put(&mut beacon.content, "drm", value),
        // The rest of it may hold tokens of the viewer.
        ("contentUrl", _) => tag_host(beacon, value),
        ("userId", _) => beacon.viewer_id = text(value),
        ("deviceId", _) => beacon.device_id = text(value),
        ("deviceModel", _) => beacon.device_model = text(value),
        ("deviceType", _) => return take_device_type(beacon, value),
        ("bitrate", EventKind::BitrateChange) => {
            beacon.bitrate_kbps = number(value).and_then(units::bitrate_kbps);
        }
        ("width", EventKind::BitrateChange) => beacon.width = pixels(value),
        ("height", EventKind::BitrateChange) => beacon.height = pixels(value),
        ("reason", EventKind::SessionEnd) => return take_reason(beacon, value),
        ("code", EventKind::Error) => put(&mut beacon.error, "code", value),
        ("message", EventKind::Error) => put(&mut beacon.error, "message", value),
        _ => return false,
    }
    true
}

fn put(group: &mut std::collections::BTreeMap<String, String>, key: &str, value: &Value) {
    if let Some(text) = text(value) {
        group.insert(
            key.to_owned(),
            tags::cut(&text, MESSAGE_MAX_BYTES).to_owned(),
        );
    }
}

fn take_live(beacon: &mut Beacon, value: &Value) {
    beacon.stream_type = value.as_bool().map(|is_live| {
        if is_live {
            StreamType::Live.into()
        } else {
            StreamType::Vod.into()
        }
    });
}

fn tag_host(beacon: &mut Beacon, value: &Value) {
    if let Some(host) = value.as_str().and_then(crate::ingest::doors::host_of) {
        tags::put(&mut beacon.tags, "content_host", &host);
    }
}

/// The kinds of device that SDKs name; another one becomes a tag.
fn take_device_type(beacon: &mut Beacon, value: &Value) -> bool {
    let name = value.as_str().unwrap_or_default().to_ascii_lowercase();
    let class = match name.replace(['-', '_', ' '], "").as_str() {
        "web" | "desktop" | "browser" | "pc" => DeviceClass::Web,
        "mobile" | "phone" | "ios" | "android" => DeviceClass::Mobile,
        "tablet" => DeviceClass::Tablet,
        "tv" | "smarttv" | "webos" | "tizen" | "androidtv" | "appletv" => DeviceClass::SmartTv,
        "stb" | "settopbox" => DeviceClass::SetTopBox,
        "console" | "gameconsole" => DeviceClass::GameConsole,
        _ => return false,
    };
    beacon.device_class = Some(class.into());
    true
}

/// Why it stopped; what the specification does not know is kept as a tag beside `exited`.
fn take_reason(beacon: &mut Beacon, value: &Value) -> bool {
    let (reason, state) = match value.as_str() {
        Some("ended") => (ExitReason::Finished, PlayState::Ended),
        Some("error") => (ExitReason::Failed, PlayState::Failed),
        Some("aborted") => (ExitReason::Exited, PlayState::Quit),
        _ => return false,
    };
    beacon.exit_reason = Some(reason.into());
    beacon.state = Some(state.into());
    true
}

fn pixels(value: &Value) -> Option<u32> {
    let pixels = number(value)?.round();
    // No picture is larger, and the conversion is exact.
    (1.0..=100_000.0).contains(&pixels).then_some(pixels as u32)
}
