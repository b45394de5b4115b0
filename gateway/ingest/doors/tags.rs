//! What no field has a place for, kept as tags within bounds: an application's own facts never cost
//! the beacon that they came with.

use std::collections::BTreeMap;

use serde_json::Value;

/// Most tags that a door adds to a beacon.
const TAGS_MAX: usize = 32;
/// Longest name; a longer one is left out. Bytes.
const NAME_MAX_BYTES: usize = 64;
/// Longest value; the rest is cut off. Bytes.
const TEXT_MAX_BYTES: usize = 256;
/// How far objects within objects are opened.
const DEPTH_MAX: usize = 3;

/// Keeps a text.
pub(super) fn put(tags: &mut BTreeMap<String, String>, name: &str, text: &str) {
    if tags.len() < TAGS_MAX && !name.is_empty() && name.len() <= NAME_MAX_BYTES {
        tags.insert(name.to_owned(), cut(text, TEXT_MAX_BYTES).to_owned());
    }
}

/// Keeps a value; an object's members under the names that lead to them, `name.member`.
pub(super) fn put_value(tags: &mut BTreeMap<String, String>, name: &str, value: &Value) {
    put_within(tags, name, value, DEPTH_MAX);
}

fn put_within(tags: &mut BTreeMap<String, String>, name: &str, value: &Value, depth: usize) {
    match value {
        Value::Null => {}
        Value::String(text) => put(tags, name, text),
        Value::Bool(_) | Value::Number(_) => put(tags, name, &value.to_string()),
        Value::Object(members) if depth > 0 => {
            for (member, value) in members.iter().take(TAGS_MAX) {
                put_within(tags, &format!("{name}.{member}"), value, depth - 1);
            }
        }
        Value::Object(_) | Value::Array(_) => put(tags, name, &value.to_string()),
    }
}

/// The beginning of a text, whole characters only.
pub(super) fn cut(text: &str, max_bytes: usize) -> &str {
    if text.len() <= max_bytes {
        return text;
    }
    let mut ends = (0..=max_bytes).rev();
    let end = ends.find(|end| text.is_char_boundary(*end));
    end.and_then(|end| text.get(..end)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn kept(value: &Value) -> Value {
        let mut tags = BTreeMap::new();
        put_value(&mut tags, "a", value);
        json!(tags)
    }

    #[test]
    fn members_stand_under_the_names_that_lead_to_them() {
        assert_eq!(
            kept(&json!({"b": 1, "c": {"d": true, "e": null}, "f": [1, 2]})),
            json!({"a.b": "1", "a.c.d": "true", "a.f": "[1,2]"})
        );
        assert_eq!(
            kept(&json!({"b": {"c": {"d": {"e": 1}}}})),
            json!({"a.b.c.d": "{\"e\":1}"})
        );
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        let text = format!("{}é", "x".repeat(TEXT_MAX_BYTES - 1));
        assert_eq!(
            kept(&json!(text)),
            json!({"a": "x".repeat(TEXT_MAX_BYTES - 1)})
        );
    }

    #[test]
    fn a_flood_of_names_and_long_ones_are_left_out() {
        let flood: serde_json::Map<_, _> = (0..100).map(|n| (n.to_string(), json!(n))).collect();
        assert_eq!(kept(&flood.into()).as_object().unwrap().len(), TAGS_MAX);
        assert_eq!(kept(&json!({"x".repeat(64): 1})), json!({}));
    }
}
