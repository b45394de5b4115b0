//! What the dimensions add to a play: nothing, since the simulator loads none. `tests/dimensions.rs` compares what they add
//! when they are loaded.

use serde_json::{Value, json};

use crate::truth::cell::{Row, is};

const TEXTS: [&str; 14] = [
    "catalogue_title",
    "catalogue_type",
    "catalogue_language",
    "catalogue_rating",
    "catalogue_director",
    "catalogue_series",
    "catalogue_season",
    "catalogue_episode",
    "catalogue_channel",
    "programme_on_air",
    "programme_on_air_title",
    "programme_on_air_content_id",
    "viewer_age_group",
    "viewer_country",
];

const LISTS: [&str; 2] = ["catalogue_genres", "catalogue_cast"];

const UNKNOWN: [&str; 3] = [
    "catalogue_release_date",
    "catalogue_duration_ms",
    "viewer_joined_on",
];

pub(super) fn without_dimensions() -> Row {
    let mut row = Row::new();
    row.extend(TEXTS.map(|column| (column, is(""))));
    row.push(("viewer_subscription", is("")));
    row.extend(LISTS.map(|column| (column, is(json!([])))));
    row.extend(UNKNOWN.map(|column| (column, is(Value::Null))));
    row
}
