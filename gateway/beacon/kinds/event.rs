//! The event, by its name. A name that nobody knows here costs no beacon: an application's own events, and
//! those of clients newer than the gateway, are kept as `custom`, with the name in `tags.event`.

use serde::de::MapAccess;
use serde::ser::SerializeMap;

pub(in crate::beacon) use super::scalar::measure;
use crate::beacon::EventKind;
use crate::beacon::json::{Key, Notes};
use crate::beacon::names::Named;

pub(in crate::beacon) fn read<'de, A: MapAccess<'de>>(
    slot: &mut Option<i32>,
    name: &'static str,
    map: &mut A,
    notes: &mut Notes,
) -> Result<(), A::Error> {
    let word: Option<Key<'de>> = map
        .next_value()
        .inspect_err(|_| notes.blame(name, None, false))?;
    notes.unknown_event = None;
    // A name without a letter names nothing.
    let word = word.filter(|Key(word)| !word.is_empty());
    *slot = word.map(|Key(word)| {
        let event = EventKind::from_json_name(&word).unwrap_or_else(|| {
            notes.unknown_event = Some(word.into_owned());
            EventKind::Custom
        });
        event.into()
    });
    Ok(())
}

pub(in crate::beacon) fn write<M: SerializeMap>(
    value: &Option<i32>,
    name: &'static str,
    map: &mut M,
) -> Result<(), M::Error> {
    super::name::write(value, name, map, EventKind::Unspecified)
}
