//! A number or a boolean.

use serde::de::MapAccess;
use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize};

use crate::beacon::json::Notes;
use crate::beacon::size::{Oversize, Sizes};

pub(in crate::beacon) fn read<'de, T: Deserialize<'de>, A: MapAccess<'de>>(
    slot: &mut Option<T>,
    name: &'static str,
    map: &mut A,
    notes: &mut Notes,
) -> Result<(), A::Error> {
    *slot = map
        .next_value()
        .inspect_err(|_| notes.blame(name, None, false))?;
    Ok(())
}

pub(in crate::beacon) fn write<T: Serialize, M: SerializeMap>(
    value: &Option<T>,
    name: &'static str,
    map: &mut M,
) -> Result<(), M::Error> {
    match value {
        Some(value) => map.serialize_entry(name, value),
        None => Ok(()),
    }
}

pub(in crate::beacon) fn measure<T>(
    _: &Option<T>,
    _: &'static str,
    _: &mut Sizes<'_>,
) -> Result<(), Oversize> {
    Ok(())
}
