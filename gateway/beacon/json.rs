//! A beacon in JSON: field names of the .proto, enum names lower-case, natural types in the maps.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Beacon, fields};

/// Most unknown field names that one answer lists.
const IGNORED_MAX: usize = 16;
/// Longest unknown field name that an answer repeats; bytes.
const IGNORED_NAME_MAX: usize = 64;

/// What was noticed while reading, beside the values.
#[derive(Debug, Default)]
pub struct Notes {
    /// Names of fields that no beacon has, each once, bounded.
    pub ignored_fields: Vec<String>,
    /// Why reading stopped, if it stopped at a field.
    pub fault: Option<Fault>,
    /// The name of the event of the beacon being read, where it is none of the known ones.
    pub(super) unknown_event: Option<String>,
}

/// The field at which reading a beacon stopped.
#[derive(Debug, PartialEq, Eq)]
pub struct Fault {
    /// Dotted name, such as `seq` or `error.fatal`.
    pub field: String,
    /// Whether the type was right and only the value is not one of the known names.
    pub is_unknown_name: bool,
}

impl Notes {
    pub(super) fn ignored(&mut self, key: &str) {
        let is_listed = self.ignored_fields.iter().any(|listed| listed == key);
        if self.ignored_fields.len() < IGNORED_MAX && key.len() <= IGNORED_NAME_MAX && !is_listed {
            self.ignored_fields.push(key.to_owned());
        }
    }

    pub(super) fn blame(&mut self, field: &str, key: Option<&str>, is_unknown_name: bool) {
        let field = match key {
            Some(key) if key.len() <= IGNORED_NAME_MAX => format!("{field}.{key}"),
            _ => field.to_owned(),
        };
        self.fault = Some(Fault {
            field,
            is_unknown_name,
        });
    }
}

/// Reads one beacon, noting unknown fields and, on failure, the field to blame.
pub struct BeaconSeed<'n> {
    /// Where to note it.
    pub notes: &'n mut Notes,
}

impl<'de> DeserializeSeed<'de> for BeaconSeed<'_> {
    type Value = Box<Beacon>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Box<Beacon>, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for BeaconSeed<'_> {
    type Value = Box<Beacon>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a beacon object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Box<Beacon>, A::Error> {
        let mut beacon = Box::<Beacon>::default();
        self.notes.unknown_event = None;
        while let Some(Key(key)) = map.next_key()? {
            fields::read(&mut beacon, &key, &mut map, self.notes)?;
        }
        // Once all is read: the tags may stand behind the event.
        if let Some(name) = self.notes.unknown_event.take() {
            beacon.keep_unknown_event(&name);
        }
        Ok(beacon)
    }
}

impl<'de> Deserialize<'de> for Beacon {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let notes = &mut Notes::default();
        BeaconSeed { notes }
            .deserialize(deserializer)
            .map(|beacon| *beacon)
    }
}

impl Serialize for Beacon {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        fields::write(self, &mut map)?;
        map.end()
    }
}

/// An object key, borrowed from the input where it has no escapes.
pub(crate) struct Key<'de>(pub(crate) Cow<'de, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeyVisitor;
        impl<'de> Visitor<'de> for KeyVisitor {
            type Value = Key<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a field name")
            }

            fn visit_borrowed_str<E>(self, key: &'de str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Borrowed(key)))
            }

            fn visit_str<E>(self, key: &str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Owned(key.to_owned())))
            }
        }
        deserializer.deserialize_str(KeyVisitor)
    }
}

#[cfg(test)]
#[path = "json_tests.rs"]
mod tests;
