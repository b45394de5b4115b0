//! A value of an enum, by its name. The last argument says which enum it is.

use serde::de::{Error, MapAccess};
use serde::ser::SerializeMap;

use crate::beacon::json::{Key, Notes};
pub(in crate::beacon) use crate::beacon::kinds::scalar::measure;
use crate::beacon::names::Named;

/// How much of a client's word is repeated to it.
const WORD_MAX_CHARS: usize = 40;

pub(in crate::beacon) fn read<'de, E: Named, A: MapAccess<'de>>(
    slot: &mut Option<i32>,
    name: &'static str,
    map: &mut A,
    notes: &mut Notes,
    _: E,
) -> Result<(), A::Error> {
    let word: Option<Key<'de>> = map
        .next_value()
        .inspect_err(|_| notes.blame(name, None, false))?;
    let Some(Key(word)) = word else {
        *slot = None;
        return Ok(());
    };
    let value = E::from_json_name(&word).ok_or_else(|| {
        notes.blame(name, None, true);
        let word: String = word.chars().take(WORD_MAX_CHARS).collect();
        A::Error::custom(format_args!("unknown {name} `{word}`"))
    })?;
    *slot = Some(value.into());
    Ok(())
}

pub(in crate::beacon) fn write<E: Named, M: SerializeMap>(
    value: &Option<i32>,
    name: &'static str,
    map: &mut M,
    _: E,
) -> Result<(), M::Error> {
    match value.map(|number| (number, E::try_from(number))) {
        Some((_, Ok(value))) => map.serialize_entry(name, &value.json_name()),
        // A newer gateway's value: its number is all that this one knows.
        Some((number, Err(_))) => map.serialize_entry(name, &number),
        None => Ok(()),
    }
}
