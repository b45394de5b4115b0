//! The rows, as they are told.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::analytics::explore::question::Method;
use crate::analytics::explore::written::{self, Told};
use crate::analytics::stamp::Stamp;

/// Answer of the resources that are tables.
#[derive(Debug, Serialize, ToSchema)]
pub struct Ranked<M: ToSchema> {
    /// How fresh it is.
    #[serde(flatten)]
    pub stamp: Stamp,
    /// Begin of the window; RFC 3339.
    pub from: String,
    /// End of the window, which does not belong to it; RFC 3339.
    pub to: String,
    /// What the rows are told apart by.
    pub group_by: Vec<String>,
    /// How the rows are sorted; `-` before it: the greatest first.
    pub order: String,
    /// How it was computed; docs/views.md and docs/sessions.md tell what the views hold.
    #[serde(flatten)]
    pub method: Method,
    /// A row for each combination of values; none where nothing happened.
    pub rows: Vec<Row<M>>,
    /// `cursor` of the next page; null on the last.
    pub next_cursor: Option<String>,
}

/// What is told of one combination of values.
#[derive(Debug, Serialize, ToSchema)]
pub struct Row<M: ToSchema> {
    /// Each of `group_by` with its value; empty = unknown.
    pub group: BTreeMap<String, String>,
    /// The numbers.
    pub metrics: M,
}

/// A row as a query tells it.
#[derive(Deserialize)]
pub(super) struct Found<M> {
    /// The values of what rows are told apart by.
    pub group_values: Vec<String>,
    /// The numbers.
    #[serde(flatten)]
    pub metrics: M,
}

impl<M: ToSchema> Told for Ranked<M> {
    fn stamp(&self) -> &Stamp {
        &self.stamp
    }

    fn method(&self) -> &Method {
        &self.method
    }
}

/// The rows as a table: what they are told apart by, then their numbers by name; lists are left out.
pub(super) fn flat<M: Serialize + ToSchema>(answer: &Ranked<M>) -> written::Table {
    let mut table = written::Table {
        columns: answer.group_by.clone(),
        rows: Vec::new(),
    };
    for row in &answer.rows {
        // What was read as JSON can be written as such.
        let metrics = serde_json::to_value(&row.metrics).unwrap_or_default();
        let metrics = metrics.as_object().into_iter().flatten();
        let metrics: Vec<_> = metrics.filter(|(_, value)| !value.is_array()).collect();
        if table.rows.is_empty() {
            let names = metrics.iter().map(|(name, _)| (*name).clone());
            table.columns.extend(names);
        }
        let group = answer.group_by.iter();
        let group = group.map(|word| serde_json::Value::from(row.group.get(word).cloned()));
        let values = metrics.into_iter().map(|(_, value)| value.clone());
        table.rows.push(group.chain(values).collect());
    }
    table
}

/// A ratio of counts, to six digits; nothing of nothing is not known.
pub(in crate::analytics::resources) fn ratio(count: u64, of: u64) -> Option<f64> {
    // Counts of a window stay far below 2^53, where f64 is exact.
    (of > 0).then(|| (count as f64 / of as f64 * 1e6).round() / 1e6)
}
