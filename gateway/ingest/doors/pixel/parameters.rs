//! A beacon in the parameters of an address: `session_id=s&event=error&error.code=E1`.
//!
//! Names are those of the JSON door; a dot leads into a map. Every value is text in an address, and
//! is read as the type that its field has.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::de::value::{Error, MapDeserializer};
use serde::de::{DeserializeSeed, Deserializer, Error as _, IntoDeserializer, Unexpected, Visitor};
use serde::forward_to_deserialize_any;

use crate::beacon::json::{BeaconSeed, Notes};
use crate::ingest::{Decoded, DecodedBatch, Refusal, RefuseReason, Remains};

/// Most parameters that are looked at; further ones are left out.
const PARAMETERS_MAX: usize = 256;

/// Reads the one beacon.
pub fn decode(query: &str) -> DecodedBatch {
    let mut notes = Notes::default();
    let fields = fields(query);
    let parameters = MapDeserializer::new(fields.into_iter());
    let seed = BeaconSeed { notes: &mut notes };
    let mut batch = DecodedBatch::default();
    match seed.deserialize(parameters) {
        Ok(beacon) => batch.beacons.push(Decoded::new(0, beacon)),
        Err(error) => {
            let is_unknown = notes
                .fault
                .as_ref()
                .is_some_and(|fault| fault.is_unknown_name);
            batch.refusals.push(Refusal {
                index: 0,
                reason: if is_unknown {
                    RefuseReason::BadValue
                } else {
                    RefuseReason::BadType
                },
                field: notes.fault.map(|fault| Cow::Owned(fault.field)),
                message: error.to_string(),
                remains: remains(query),
            });
        }
    }
    batch
}

/// What the address said, as JSON: its names tell what may be shown.
fn remains(query: &str) -> Remains {
    let pairs = form_urlencoded::parse(query.as_bytes()).take(PARAMETERS_MAX);
    let named: BTreeMap<Cow<'_, str>, Cow<'_, str>> = pairs.collect();
    let json = serde_json::to_vec(&named);
    json.map_or(Remains::Nothing, |json| Remains::of_text(&json))
}

/// Parameters by field, those with a dot gathered into maps; of several of one name the last counts.
fn fields(query: &str) -> BTreeMap<String, Parameter> {
    let mut fields = BTreeMap::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()).take(PARAMETERS_MAX) {
        match name.split_once('.') {
            None => {
                fields.insert(name.into_owned(), Parameter::Text(value.into_owned()));
            }
            Some((group, key)) => {
                let group = fields
                    .entry(group.to_owned())
                    .or_insert_with(|| Parameter::Group(BTreeMap::new()));
                if let Parameter::Group(entries) = group {
                    entries.insert(key.to_owned(), Parameter::Text(value.into_owned()));
                }
            }
        }
    }
    fields
}

/// What an address says of a field.
enum Parameter {
    Text(String),
    Group(BTreeMap<String, Self>),
}

impl Parameter {
    fn text(&self) -> Result<&str, Error> {
        match self {
            Self::Text(text) => Ok(text),
            Self::Group(_) => Err(Error::custom("a value is due, not a map")),
        }
    }
}

impl IntoDeserializer<'_, Error> for Parameter {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

macro_rules! spelled {
    ($($method:ident as $type:ty: $visit:ident,)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            let text = self.text()?;
            match text.parse::<$type>() {
                Ok(value) => visitor.$visit(value),
                Err(_) => Err(Error::invalid_type(Unexpected::Str(text), &visitor)),
            }
        }
    )*};
}

impl<'de> Deserializer<'de> for Parameter {
    type Error = Error;

    spelled! {
        deserialize_u32 as u32: visit_u32,
        deserialize_u64 as u64: visit_u64,
        deserialize_i64 as i64: visit_i64,
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let text = self.text()?;
        match text.parse::<f64>() {
            Ok(value) if value.is_finite() => visitor.visit_f64(value),
            _ => Err(Error::invalid_type(Unexpected::Str(text), &visitor)),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.text()? {
            "true" | "1" => visitor.visit_bool(true),
            "false" | "0" => visitor.visit_bool(false),
            other => Err(Error::invalid_type(Unexpected::Str(other), &visitor)),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_str(self.text()?)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_str(self.text()?)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match &self {
            // `&seq=&` says nothing, as `null` does in JSON.
            Self::Text(text) if text.is_empty() => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Self::Group(entries) => visitor.visit_map(MapDeserializer::new(entries.into_iter())),
            // Which type is due only the visitor knows: what spells a number or a truth is one.
            Self::Text(text) => match &*text {
                "true" => visitor.visit_bool(true),
                "false" => visitor.visit_bool(false),
                _ => match text.parse::<i64>() {
                    Ok(number) if number.to_string() == text => visitor.visit_i64(number),
                    _ => visitor.visit_str(&text),
                },
            },
        }
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i128 u8 u16 u128 f32 char bytes byte_buf unit unit_struct newtype_struct seq tuple
        tuple_struct map struct enum identifier ignored_any
    }
}

#[cfg(test)]
#[path = "parameters_tests.rs"]
mod tests;
