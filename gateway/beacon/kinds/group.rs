//! A map of texts in JSON: its values are scalars of the type that the key's meaning asks for.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::de::{DeserializeSeed, Error, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserializer, Serialize, Serializer};

use crate::beacon::groups::{Keys, Kind, kind_of};
use crate::beacon::json::{Key, Notes};
use crate::beacon::size::{Oversize, Sizes};

type Group = BTreeMap<String, String>;

pub(in crate::beacon) fn read<'de, A: MapAccess<'de>>(
    slot: &mut Group,
    name: &'static str,
    map: &mut A,
    notes: &mut Notes,
    keys: Keys,
) -> Result<(), A::Error> {
    let seed = GroupSeed {
        name,
        keys,
        notes: &mut *notes,
    };
    *slot = map.next_value_seed(seed).inspect_err(|_| {
        if notes.fault.is_none() {
            notes.blame(name, None, false);
        }
    })?;
    Ok(())
}

pub(in crate::beacon) fn write<M: SerializeMap>(
    group: &Group,
    name: &'static str,
    map: &mut M,
    keys: Keys,
) -> Result<(), M::Error> {
    if group.is_empty() {
        return Ok(());
    }
    map.serialize_entry(name, &Natural { group, keys })
}

pub(in crate::beacon) fn measure(
    group: &Group,
    name: &'static str,
    sizes: &mut Sizes<'_>,
) -> Result<(), Oversize> {
    sizes.entries(name, group)?;
    group.values().try_for_each(|value| sizes.text(name, value))
}

struct GroupSeed<'n> {
    name: &'static str,
    keys: Keys,
    notes: &'n mut Notes,
}

impl<'de> DeserializeSeed<'de> for GroupSeed<'_> {
    type Value = Group;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Group, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for GroupSeed<'_> {
    type Value = Group;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object of scalars")
    }

    fn visit_unit<E>(self) -> Result<Group, E> {
        Ok(Group::new())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Group, A::Error> {
        let mut group = Group::new();
        while let Some(Key(key)) = map.next_key()? {
            let kind = kind_of(self.keys, &key);
            let text = map
                .next_value_seed(ScalarSeed { kind })
                .inspect_err(|_| self.notes.blame(self.name, Some(&key), false))?;
            if let Some(text) = text {
                group.insert(key.into_owned(), text);
            }
        }
        Ok(group)
    }
}

/// Reads a scalar as text; null is none.
struct ScalarSeed {
    /// The type asked for; none takes any scalar.
    kind: Option<Kind>,
}

impl ScalarSeed {
    fn admits(&self, kinds: &[Kind]) -> bool {
        self.kind.is_none_or(|kind| kinds.contains(&kind))
    }
}

impl<'de> DeserializeSeed<'de> for ScalarSeed {
    type Value = Option<String>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Visitor<'_> for ScalarSeed {
    type Value = Option<String>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self.kind {
            Some(Kind::Text) => "a string",
            Some(Kind::Integer) => "a whole number",
            Some(Kind::Boolean) => "true or false",
            None => "a string, a number, true or false",
        })
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        if !self.admits(&[Kind::Text]) {
            return Err(E::invalid_type(serde::de::Unexpected::Str(text), &self));
        }
        Ok(Some(text.to_owned()))
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<Self::Value, E> {
        if !self.admits(&[Kind::Boolean]) {
            return Err(E::invalid_type(serde::de::Unexpected::Bool(flag), &self));
        }
        Ok(Some(flag.to_string()))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
        if !self.admits(&[Kind::Text, Kind::Integer]) {
            return Err(E::invalid_type(
                serde::de::Unexpected::Unsigned(number),
                &self,
            ));
        }
        Ok(Some(number.to_string()))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
        if !self.admits(&[Kind::Text, Kind::Integer]) {
            return Err(E::invalid_type(
                serde::de::Unexpected::Signed(number),
                &self,
            ));
        }
        Ok(Some(number.to_string()))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Self::Value, E> {
        if !self.admits(&[Kind::Text]) {
            return Err(E::invalid_type(serde::de::Unexpected::Float(number), &self));
        }
        Ok(Some(number.to_string()))
    }
}

/// A group whose known keys are written in their natural types.
struct Natural<'g> {
    group: &'g Group,
    keys: Keys,
}

impl Serialize for Natural<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.group.len()))?;
        for (key, text) in self.group {
            match kind_of(self.keys, key) {
                Some(Kind::Integer) => write_as::<i64, _>(&mut map, key, text)?,
                Some(Kind::Boolean) => write_as::<bool, _>(&mut map, key, text)?,
                Some(Kind::Text) | None => map.serialize_entry(key, text)?,
            }
        }
        map.end()
    }
}

/// Writes a text as the type it spells, or as text where it does not spell one.
fn write_as<T: FromStr + Serialize, M: SerializeMap>(
    map: &mut M,
    key: &str,
    text: &str,
) -> Result<(), M::Error> {
    match text.parse::<T>() {
        Ok(value) => map.serialize_entry(key, &value),
        Err(_) => map.serialize_entry(key, text),
    }
}
