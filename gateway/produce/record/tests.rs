//! A packed beacon is the same beacon, and the same bytes everywhere.

use prost::Message;
use protox::prost_reflect::{DynamicMessage, FieldDescriptor, Kind, MapKey, Value};
use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::{Packer, UnpackError, unpack};
use crate::beacon::{Beacon, BeaconRecord, EventKind, Source, StreamType};
use crate::config::LimitsConfig;
use crate::ingest::EnrichedBeacon;

/// Texts that a careless writer of JSON breaks.
const TEXTS: &[&str] = &[
    "plain",
    "\"quoted\" and \\back\\slashed\\",
    "\0\u{1}\u{8}\u{b}\u{c}\u{1f}\n\r\t\u{7f}",
    "/slash </script> \u{2028}\u{2029}\u{feff}",
    "émoji 🎬👩‍👩‍👧 \u{10ffff} \u{e000}",
    "{\"json\":[1,null]}",
    "\\u0041\\",
    " ",
];
const COUNTS: &[u64] = &[0, 1, 9_007_199_254_740_993, u64::MAX];
const MOMENTS: &[i64] = &[0, -1, 1_795_250_275_830, i64::MIN, i64::MAX];
const SMALL: &[u32] = &[0, 1, 64_500, u32::MAX];
const RATES: &[f64] = &[
    0.0,
    -0.0,
    0.1,
    1.0,
    1.25,
    1e300,
    -1e-300,
    5e-324,
    1.0333333333333334,
    0.30000000000000004,
    f64::MAX,
];

/// The same choices for the same seed.
struct Choices(u64);

impl Choices {
    fn below(&mut self, bound: usize) -> usize {
        self.0 += 1;
        // The remainder is below `bound`, which is a usize.
        (xxh3_64_with_seed(&self.0.to_le_bytes(), 7) % bound as u64) as usize
    }

    fn one_of<T: Copy>(&mut self, values: &[T]) -> T {
        values[self.below(values.len())]
    }

    /// A value of a field that tells something.
    fn value(&mut self, field: &FieldDescriptor) -> Value {
        match field.kind() {
            Kind::Message(entry) => {
                let of_entry = entry.map_entry_value_field();
                let entries = 1 + self.below(4);
                let entry = |_| {
                    let key = MapKey::String(self.one_of(TEXTS).to_owned());
                    (key, self.value(&of_entry))
                };
                Value::Map((0..entries).map(entry).collect())
            }
            Kind::String => Value::String(self.one_of(TEXTS).to_owned()),
            Kind::Bool => Value::Bool(self.one_of(&[false, true])),
            Kind::Double => Value::F64(self.one_of(RATES)),
            Kind::Int64 => Value::I64(self.one_of(MOMENTS)),
            Kind::Uint32 => Value::U32(self.one_of(SMALL)),
            Kind::Uint64 | Kind::Fixed64 => Value::U64(self.one_of(COUNTS)),
            Kind::Enum(kind) => {
                let last = kind.values().len() - 1;
                Value::EnumNumber(i32::try_from(1 + self.below(last)).unwrap())
            }
            other => panic!("{} is of a kind that is not known: {other:?}", field.name()),
        }
    }
}

/// Beacons by the schema's own list of fields, each told in about `percent` of them.
fn beacons(percent: usize, count: usize) -> Vec<Beacon> {
    let file = protox::compile(["playhead/v1/beacon.proto"], ["proto"]).unwrap();
    let pool = protox::prost_reflect::DescriptorPool::from_file_descriptor_set(file).unwrap();
    let schema = pool.get_message_by_name("playhead.v1.Beacon").unwrap();
    assert_eq!(schema.fields().len(), 72);
    let mut choices = Choices(percent as u64);
    let mut one = || {
        let mut beacon = DynamicMessage::new(schema.clone());
        for field in schema.fields() {
            if choices.below(100) < percent {
                let value = choices.value(&field);
                beacon.try_set_field(&field, value).unwrap();
            }
        }
        Beacon::decode(beacon.encode_to_vec().as_slice()).unwrap()
    };
    (0..count).map(|_| one()).collect()
}

/// Through the wire and back.
fn there_and_back(packer: &mut Packer, beacon: &Beacon) -> Beacon {
    let record = packer.pack(EnrichedBeacon::for_test(beacon.clone()));
    let bytes = record.encode_to_vec();
    unpack(BeaconRecord::decode(bytes.as_slice()).unwrap()).unwrap()
}

fn packed(beacon: Beacon) -> BeaconRecord {
    let mut packer = Packer::default();
    packer.pack(EnrichedBeacon::for_test(beacon)).clone()
}

#[test]
fn a_beacon_comes_back_as_it_was() {
    // One packer for all: nothing of a beacon may be left for the next.
    let mut packer = Packer::default();
    for (percent, count) in [(100, 200), (50, 500), (10, 200), (0, 1)] {
        for beacon in beacons(percent, count) {
            let back = there_and_back(&mut packer, &beacon);
            assert_eq!(back, beacon);
            // Zeroes are equal whatever their sign; their bytes are not.
            assert_eq!(back.encode_to_vec(), beacon.encode_to_vec());
        }
    }
}

#[test]
fn the_texts_are_json_to_any_reader() {
    for beacon in beacons(100, 100) {
        let record = packed(beacon.clone());
        let attributes: serde_json::Value = serde_json::from_str(record.attributes()).unwrap();
        let details: serde_json::Value = serde_json::from_str(record.details()).unwrap();
        assert_eq!(attributes.as_object().unwrap().len(), 32);
        assert_eq!(details.as_object().unwrap().len(), 17);
        assert_eq!(attributes["device_model"], beacon.device_model());
        assert_eq!(attributes["source"], i32::from(beacon.source()));
        for (key, text) in &beacon.tags {
            assert_eq!(details["tags"][key], *text);
        }
        for (key, count) in &beacon.counters {
            assert_eq!(details["counters"][key], *count);
        }
    }
}

#[test]
fn keys_come_in_their_order_and_without_white_space() {
    let text = |text: &str| Some(text.to_owned());
    let group = |entries: &[(&str, &str)]| {
        let owned = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
        entries.iter().map(owned).collect()
    };
    let record = packed(Beacon {
        session_id: text("s"),
        event: Some(EventKind::Error.into()),
        position_ms: Some(7),
        privacy_consent: text("all"),
        write_key: text("phw_abcdefgh"),
        privacy_gpc: Some(true),
        app_config: group(&[("b", ""), ("B", "2"), ("a b", "\u{1}\n")]),
        country: text("DE"),
        asn: Some(0),
        content: group(&[("title", "The \"Second\" \\ 🎬")]),
        stream_type: Some(StreamType::Live.into()),
        clock_offset_ms: Some(-120),
        source: Some(Source::NativeJson.into()),
        viewer_id: text("viewer-7"),
        tags: group(&[("build", "nightly")]),
        counters: [("played_ms".to_owned(), u64::MAX)].into(),
        error: group(&[("fatal", "true"), ("code", "42")]),
        muted: Some(false),
        playback_rate: Some(1.0),
        width: Some(1_920),
        ..Beacon::default()
    });
    assert_eq!(
        record.attributes(),
        concat!(
            r#"{"viewer_id":"viewer-7","source":1,"clock_offset_ms":-120,"stream_type":2,"#,
            r#""content":{"title":"The \"Second\" \\ 🎬"},"asn":0,"country":"DE","#,
            r#""app_config":{"B":"2","a b":"\u0001\n","b":""},"#,
            r#""privacy_gpc":true,"privacy_consent":"all","write_key":"phw_abcdefgh"}"#,
        )
    );
    assert_eq!(
        record.details(),
        concat!(
            r#"{"width":1920,"playback_rate":1.0,"muted":false,"error":{"code":"42","fatal":"true"},"#,
            r#""counters":{"played_ms":18446744073709551615},"tags":{"build":"nightly"}}"#,
        )
    );
    assert_eq!(record.position_ms, Some(7));
}

#[test]
fn the_schema_lists_the_keys_in_the_order_in_which_they_are_written() {
    let proto = include_str!("../../../proto/playhead/v1/record.proto");
    let documented: Vec<Vec<&str>> = proto
        .split("Keys: ")
        .skip(1)
        .map(|comment| {
            let (keys, _) = comment.split_once('.').unwrap();
            let words = keys.split([',', ' ', '\n']);
            words.filter(|word| !matches!(*word, "" | "//")).collect()
        })
        .collect();
    let record = packed(beacons(100, 1).remove(0));
    for (text, documented) in [record.attributes(), record.details()]
        .iter()
        .zip(&documented)
    {
        let places: Vec<_> = documented
            .iter()
            .map(|key| text.find(&format!("\"{key}\":")).unwrap())
            .collect();
        assert!(places.is_sorted(), "{documented:?} in {text}");
    }
    assert_eq!([documented[0].len(), documented[1].len()], [32, 17]);
}

#[test]
fn what_is_not_told_is_left_out() {
    let nothing = packed(Beacon::default());
    assert_eq!((nothing.attributes(), nothing.details()), ("", ""));
    let empty = packed(Beacon {
        viewer_id: Some(String::new()),
        device_class: Some(0),
        playback_rate: Some(f64::NAN),
        tags: [].into(),
        ..Beacon::default()
    });
    assert_eq!((empty.attributes(), empty.details()), ("", ""));
    assert_eq!(unpack(empty).unwrap(), Beacon::default());
}

/// What `kafka.batch_max_bytes` must at least be.
const LARGEST_BYTES: usize = 64 * 1024;

#[test]
fn the_largest_beacon_fits_the_smallest_message() {
    let limits = LimitsConfig::default().sizes();
    let texts = |text: &str| {
        let entry = |n: usize| (format!("{n}\u{1}"), text.to_owned());
        (0..limits.entries_max).map(entry).collect()
    };
    let counts = |n: usize| (format!("{n}\u{1}"), u64::MAX);
    let beacon = |text: &str| Beacon {
        content: texts(text),
        experiments: texts(text),
        app_config: texts(text),
        error: texts(text),
        ad: texts(text),
        request: texts(text),
        engagement: texts(text),
        tags: texts(text),
        startup: (0..limits.entries_max).map(counts).collect(),
        counters: (0..limits.entries_max).map(counts).collect(),
        ..Beacon::default()
    };
    let largest = (0..limits.text_max_bytes)
        .map(|length| beacon(&"\u{1}".repeat(length)))
        .take_while(|beacon| beacon.check_size(&limits).is_ok())
        .last()
        .unwrap();
    let bytes = packed(largest).encoded_len();
    assert!(bytes > limits.beacon_max_bytes - 4 * 1024, "{bytes}");
    assert!(bytes < LARGEST_BYTES, "{bytes}");
}

fn unpacked(attributes: &str, details: &str) -> Result<Beacon, UnpackError> {
    unpack(BeaconRecord {
        attributes: Some(attributes.to_owned()),
        details: Some(details.to_owned()),
        ..BeaconRecord::default()
    })
}

#[test]
fn keys_of_a_newer_gateway_are_skipped() {
    let beacon = unpacked(
        r#"{"new":{"a":[1]},"asn":5}"#,
        r#"{"newer":null,"width":null}"#,
    );
    let expected = Beacon {
        asn: Some(5),
        ..Beacon::default()
    };
    assert_eq!(beacon.unwrap(), expected);
}

#[test]
fn what_is_no_such_object_is_told_with_its_place() {
    let faults = [
        ("{", "", "`attributes`", "EOF"),
        ("[]", "", "`attributes`", "an object of the beacon's fields"),
        ("", r#"{"width":"wide"}"#, "`details`", "column"),
        ("", r#"{"width":-1}"#, "`details`", "column"),
        ("", r#"{"playback_rate":1e999}"#, "`details`", "1e999"),
        ("", r#"{"playback_rate":"1"}"#, "`details`", "not a number"),
        ("", r#"{"tags":{"a":1}}"#, "`details`", "a string"),
        ("", r#"{} {}"#, "`details`", "trailing"),
        ("null", "", "`attributes`", "null"),
    ];
    for (attributes, details, field, reason) in faults {
        let told = unpacked(attributes, details).unwrap_err().to_string();
        assert!(told.contains(field), "{told}");
        assert!(told.contains(reason), "{told}");
    }
}
