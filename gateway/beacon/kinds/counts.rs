//! A map of counts and durations in JSON: whole numbers from zero.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserializer;
use serde::de::{DeserializeSeed, MapAccess, Visitor};
use serde::ser::SerializeMap;

use crate::beacon::json::{Key, Notes};
use crate::beacon::size::{Oversize, Sizes};

type Counts = BTreeMap<String, u64>;

pub(in crate::beacon) fn read<'de, A: MapAccess<'de>>(
    slot: &mut Counts,
    name: &'static str,
    map: &mut A,
    notes: &mut Notes,
) -> Result<(), A::Error> {
    *slot = map
        .next_value_seed(CountsSeed {
            name,
            notes: &mut *notes,
        })
        .inspect_err(|_| {
            if notes.fault.is_none() {
                notes.blame(name, None, false);
            }
        })?;
    Ok(())
}

pub(in crate::beacon) fn write<M: SerializeMap>(
    counts: &Counts,
    name: &'static str,
    map: &mut M,
) -> Result<(), M::Error> {
    if counts.is_empty() {
        return Ok(());
    }
    map.serialize_entry(name, counts)
}

pub(in crate::beacon) fn measure(
    counts: &Counts,
    name: &'static str,
    sizes: &mut Sizes<'_>,
) -> Result<(), Oversize> {
    sizes.entries(name, counts)
}

struct CountsSeed<'n> {
    name: &'static str,
    notes: &'n mut Notes,
}

impl<'de> DeserializeSeed<'de> for CountsSeed<'_> {
    type Value = Counts;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Counts, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for CountsSeed<'_> {
    type Value = Counts;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object of whole numbers")
    }

    fn visit_unit<E>(self) -> Result<Counts, E> {
        Ok(Counts::new())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Counts, A::Error> {
        let mut counts = Counts::new();
        while let Some(Key(key)) = map.next_key()? {
            let count: Option<u64> = map
                .next_value()
                .inspect_err(|_| self.notes.blame(self.name, Some(&key), false))?;
            if let Some(count) = count {
                counts.insert(key.into_owned(), count);
            }
        }
        Ok(counts)
    }
}
