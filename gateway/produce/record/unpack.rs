//! Reads the JSON texts of a record back into the fields of the beacon.

use std::collections::BTreeMap;
use std::fmt;

use prost::DecodeError;
use serde::Deserializer;
use serde::de::{DeserializeSeed, Error, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::fields;
use crate::beacon::Beacon;
use crate::beacon::json::Key;

/// Why bytes of the topic are no beacons.
#[derive(Debug, thiserror::Error)]
pub enum UnpackError {
    /// They are not length-delimited records.
    #[error(transparent)]
    Record(#[from] DecodeError),
    /// A JSON text of a record cannot be read.
    #[error("`{field}` of a record is not the JSON object that it must be: {reason}")]
    Json {
        /// `attributes` or `details`.
        field: &'static str,
        /// What is wrong, and where in the text.
        reason: serde_json::Error,
    },
}

/// Reads one text into the beacon; an empty one tells nothing.
pub(super) fn read_text(
    field: &'static str,
    text: Option<&str>,
    beacon: &mut Beacon,
) -> Result<(), UnpackError> {
    let Some(text) = text.filter(|text| !text.is_empty()) else {
        return Ok(());
    };
    let mut json = serde_json::Deserializer::from_str(text);
    TextSeed(beacon)
        .deserialize(&mut json)
        .and_then(|()| json.end())
        .map_err(|reason| UnpackError::Json { field, reason })
}

struct TextSeed<'b>(&'b mut Beacon);

impl<'de> DeserializeSeed<'de> for TextSeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for TextSeed<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object of the beacon's fields")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(Key(key)) = map.next_key()? {
            fields::read(self.0, &key, &mut map)?;
        }
        Ok(())
    }
}

/// The value of a key, as a field of the beacon.
pub(super) trait ReadJson: Sized {
    /// Reads it.
    fn read<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Self, A::Error>;
}

macro_rules! as_serde_reads_it {
    ($($field:ty,)*) => {$(
        impl ReadJson for $field {
            fn read<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Self, A::Error> {
                map.next_value()
            }
        }
    )*};
}

as_serde_reads_it! {
    Option<String>,
    Option<i32>,
    Option<u32>,
    Option<i64>,
    Option<bool>,
    BTreeMap<String, String>,
    BTreeMap<String, u64>,
}

impl ReadJson for Option<f64> {
    /// By the standard library: `serde_json` may be off in the last digit.
    fn read<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Self, A::Error> {
        let Some(raw) = map.next_value::<Option<&RawValue>>()? else {
            return Ok(None);
        };
        let number = raw
            .get()
            .parse()
            .ok()
            .filter(|number| f64::is_finite(*number));
        match number {
            Some(number) => Ok(Some(number)),
            None => Err(A::Error::custom(format_args!(
                "`{}` is not a number that a double holds",
                raw.get()
            ))),
        }
    }
}
