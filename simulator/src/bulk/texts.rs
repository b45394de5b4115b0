//! The JSON texts of a record, with the keys in the record's order (`proto/playhead/v1/record.proto`).

use serde_json::Value;

use crate::cast::Viewer;
use crate::cast::title::Title;

/// An object that is being written.
struct Json(String);

impl Json {
    fn new() -> Self {
        Self(String::with_capacity(256))
    }

    /// Adds a value as it stands.
    fn raw(mut self, key: &str, value: &str) -> Self {
        self.0.push(if self.0.is_empty() { '{' } else { ',' });
        self.0.push('"');
        self.0.push_str(key);
        self.0.push_str("\":");
        self.0.push_str(value);
        self
    }

    fn text(self, key: &str, value: &str) -> Self {
        self.raw(key, &Value::from(value).to_string())
    }

    fn maybe_text(self, key: &str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.text(key, value),
            None => self,
        }
    }

    fn number(self, key: &str, value: impl ToString) -> Self {
        self.raw(key, &value.to_string())
    }

    fn maybe_number(self, key: &str, value: Option<impl ToString>) -> Self {
        match value {
            Some(value) => self.number(key, value),
            None => self,
        }
    }

    /// An object of texts, its keys in byte order.
    fn map(self, key: &str, entries: &[(&str, &str)]) -> Self {
        let mut entries = entries.to_vec();
        entries.sort_unstable_by_key(|(name, _)| *name);
        let object = entries.iter().fold(Json::new(), |object, (name, value)| {
            object.text(name, value)
        });
        self.raw(key, &object.end())
    }

    fn end(mut self) -> String {
        if !self.0.is_empty() {
            self.0.push('}');
        }
        self.0
    }
}

/// What every beacon tells of who watches and on what.
pub(super) fn brief(viewer: &Viewer, app_version: &str) -> String {
    Json::new()
        .text("visit_id", &viewer.visit_id)
        .maybe_text("viewer_id", viewer.viewer_id.as_deref())
        .text("device_id", &viewer.device_id)
        .number("device_class", device_class(viewer))
        .text("app_version", app_version)
        .text("player_name", viewer.device.player_name)
        .number("source", 1)
        .maybe_number("clock_offset_ms", clock_offset_ms(viewer))
        .text("country", viewer.network.country)
        .text("connection_type", viewer.network.connection_type)
        .end()
}

/// All that is known when a title begins.
pub(super) fn portrait(
    viewer: &Viewer,
    app_version: &str,
    title: &Title,
    heartbeat_ms: i64,
) -> String {
    let (device, network) = (&viewer.device, &viewer.network);
    let stream_type = match title.stream_type {
        "vod" => 1,
        "live" => 2,
        _ => 3,
    };
    let mut content: Vec<_> = title
        .details
        .iter()
        .map(|(key, value)| (*key, value.as_str()))
        .collect();
    content.push(("title", &title.title));
    fn texts<'a>(pairs: &'a [(&'static str, String)]) -> Vec<(&'a str, &'a str)> {
        pairs
            .iter()
            .map(|(key, value)| (*key, value.as_str()))
            .collect()
    }
    Json::new()
        .text("visit_id", &viewer.visit_id)
        .maybe_text("viewer_id", viewer.viewer_id.as_deref())
        .maybe_text("account_id", viewer.account_id.as_deref())
        .maybe_text("profile_id", viewer.profile_id.as_deref())
        .text("device_id", &viewer.device_id)
        .number("device_class", device_class(viewer))
        .text("device_model", device.model)
        .text("os_name", device.os_name)
        .text("os_version", device.os_version)
        .text("app_version", app_version)
        .text("player_name", device.player_name)
        .text("player_version", device.player_version)
        .text("sdk_version", "1.2.0")
        .number("source", 1)
        .number("heartbeat_interval_ms", heartbeat_ms)
        .maybe_number("clock_offset_ms", clock_offset_ms(viewer))
        .number("stream_type", stream_type)
        .maybe_number("content_duration_ms", title.duration_ms)
        .map("content", &content)
        .text("audio_language", "en")
        .text("isp", network.isp)
        .number("asn", network.asn)
        .text("country", network.country)
        .text("region", network.region)
        .text("connection_type", network.connection_type)
        .maybe_text("connection_quality", network.connection_quality)
        .map("experiments", &texts(&viewer.experiments))
        .map("app_config", &texts(&viewer.app_config))
        .maybe_text("privacy_consent", viewer.privacy_consent)
        .end()
}

/// The picture, and a group that belongs to this moment.
pub(super) fn details(picture: Option<(u32, u32)>, group: Option<(&str, String)>) -> String {
    let json = match picture {
        Some((width, height)) => Json::new().number("width", width).number("height", height),
        None => Json::new(),
    };
    let json = json.raw("playback_rate", "1.0").raw("muted", "false");
    match group {
        Some((field, entries)) => json.raw(field, &entries).end(),
        None => json.end(),
    }
}

/// An `error`, `ad` or other group of texts.
pub(super) fn group(entries: &[(&str, &str)]) -> String {
    let mut entries = entries.to_vec();
    entries.sort_unstable_by_key(|(name, _)| *name);
    let add = |object: Json, (name, value): &(&str, &str)| object.text(name, value);
    entries.iter().fold(Json::new(), add).end()
}

/// A `startup` group, of whole ms.
pub(super) fn startup(entries: &[(&str, i64)]) -> String {
    let add = |object: Json, (name, value): &(&str, i64)| object.number(name, value);
    entries.iter().fold(Json::new(), add).end()
}

fn clock_offset_ms(viewer: &Viewer) -> Option<i64> {
    viewer.clock.measured.then_some(-viewer.clock.ahead_ms)
}

/// The number of the class in `beacon.proto`.
fn device_class(viewer: &Viewer) -> u8 {
    match viewer.device.class {
        "mobile" => 1,
        "web" => 2,
        "smart_tv" => 3,
        "tablet" => 4,
        "set_top_box" => 5,
        _ => 6,
    }
}
