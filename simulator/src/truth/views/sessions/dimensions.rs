//! Who watched what, on which device and network.

use serde_json::{Map, Value};

use crate::script::beacon::Beacon;
use crate::script::told::told;
use crate::truth::cell::{Row, is};
use crate::truth::delivery::latest;
use crate::truth::play::PlayTruth;

/// In the order of their numbers in the schema.
const STREAM_TYPES: [&str; 3] = ["vod", "live", "low_latency_live"];

/// The greatest value that any beacon of the session told; empty when none did.
const OF_SESSION: [&str; 21] = [
    "visit_id",
    "viewer_id",
    "account_id",
    "profile_id",
    "device_id",
    "device_class",
    "device_model",
    "os_name",
    "os_version",
    "app_version",
    "player_name",
    "player_version",
    "sdk_version",
    "audio_language",
    "subtitle_language",
    "isp",
    "country",
    "region",
    "connection_type",
    "connection_quality",
    "write_key",
];

/// Details of the title: column, and key in the content group.
const DETAILS: [(&str, &str); 6] = [
    ("content_title", "title"),
    ("content_series", "series"),
    ("content_season", "season"),
    ("content_episode", "episode"),
    ("content_channel", "channel"),
    ("content_programme", "programme"),
];

/// What some beacons told.
struct Told(Vec<Map<String, Value>>);

impl Told {
    fn by<'a>(play: &PlayTruth<'_>, beacons: impl Iterator<Item = &'a Beacon>) -> Self {
        Self(
            beacons
                .map(|beacon| told(&play.script.viewer, beacon))
                .collect(),
        )
    }

    fn greatest<'a>(
        &'a self,
        pick: impl Fn(&'a Map<String, Value>) -> Option<&'a Value>,
    ) -> &'a str {
        let texts = self.0.iter().filter_map(|fields| pick(fields)?.as_str());
        texts.max().unwrap_or_default()
    }

    /// The value that stands last in a list of the schema; empty when none was told.
    fn greatest_of_list(&self, name: &str, list: &[&'static str]) -> &'static str {
        let told = |value: &&'static str| {
            let is_it =
                |fields: &Map<String, Value>| fields.get(name).is_some_and(|told| told == *value);
            self.0.iter().any(is_it)
        };
        list.iter()
            .rfind(|value| told(value))
            .copied()
            .unwrap_or_default()
    }

    fn greatest_number(&self, name: &str) -> Option<i64> {
        let numbers = self
            .0
            .iter()
            .filter_map(|fields| fields.get(name)?.as_i64());
        numbers.max()
    }
}

pub(super) fn columns(play: &PlayTruth<'_>) -> Row {
    let session = Told::by(play, play.script.arriving());
    let title = Told::by(play, play.about_the_title());
    let mut row: Row = OF_SESSION
        .map(|name| (name, is(session.greatest(|fields| fields.get(name)))))
        .to_vec();
    row.extend(DETAILS.map(|(column, key)| {
        let detail = title.greatest(|fields| fields.get("content")?.get(key));
        (column, is(detail))
    }));
    row.extend([
        ("source", is("native_json")),
        ("asn", is(session.greatest_number("asn"))),
        (
            "cdn",
            is(latest(play.script).map_or("", |beacon| beacon.cdn)),
        ),
        ("experiments", is(experiments(&session))),
        ("content_id", is(play.play.title.content_id.clone())),
        ("content_duration_ms", is(duration_ms(play))),
        (
            "stream_type",
            is(title.greatest_of_list("stream_type", &STREAM_TYPES)),
        ),
    ]);
    row
}

/// The title's length as it was told; ms.
pub(super) fn duration_ms(play: &PlayTruth<'_>) -> Option<i64> {
    let portraits = play.about_the_title().filter(|beacon| beacon.is_portrait);
    portraits
        .filter_map(|beacon| beacon.title.duration_ms)
        .max()
}

/// Each experiment with its greatest variant.
fn experiments(session: &Told) -> Value {
    let mut variants: Map<String, Value> = Map::new();
    let told = session
        .0
        .iter()
        .filter_map(|fields| fields.get("experiments")?.as_object());
    for (experiment, variant) in told.flatten() {
        let greatest = variants.entry(experiment.clone()).or_insert(Value::Null);
        if variant.as_str() > greatest.as_str() {
            *greatest = variant.clone();
        }
    }
    Value::Object(variants)
}
