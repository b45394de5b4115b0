//! One view against its expectation: row by row, column by column.

use std::collections::{BTreeMap, HashMap};

use anyhow::Result;
use serde_json::Value;

use crate::truth::cell::Found;
use crate::truth::views::Expectation;

use super::Warehouse;
use super::report::{ColumnResult, Comparison};

/// Reads the view once and compares every column of the catalogue.
pub(super) async fn compare(
    warehouse: &Warehouse,
    expectation: &Expectation<'_>,
    columns: &[String],
    filter: &str,
) -> Result<Comparison> {
    let mut comparison = Comparison::of(expectation.view, expectation.keys.len());
    let mut places: HashMap<&str, usize> = HashMap::with_capacity(expectation.keys.len());
    for (index, key) in expectation.keys.iter().enumerate() {
        places.insert(key, index);
    }
    let mut seen = vec![false; expectation.keys.len()];
    let mut results: BTreeMap<&str, ColumnResult> = columns
        .iter()
        .map(|name| (name.as_str(), ColumnResult::default()))
        .collect();
    note_unknown_columns(expectation, columns, &mut comparison);

    let list = columns
        .iter()
        .map(|name| format!("`{name}`"))
        .collect::<Vec<_>>()
        .join(", ");
    let sql = format!("SELECT {list} FROM {} WHERE {filter}", expectation.view);
    warehouse
        .each_row(&sql, |mut found| {
            let key = key_of(&expectation.key, &found);
            let Some(index) = places.get(key.as_str()).copied() else {
                comparison.unexpected_row(&key);
                return Ok(());
            };
            if std::mem::replace(&mut seen[index], true) {
                comparison.repeated_row(&key);
                return Ok(());
            }
            join_renditions(&mut found);
            for (column, expected) in (expectation.row)(index, &found) {
                let Some(result) = results.get_mut(column) else {
                    comparison.missing_column(column);
                    continue;
                };
                let value = found.get(column).unwrap_or(&Value::Null);
                result.compared += 1;
                if !expected.holds(value) {
                    result.differs(&key, &expected.words(), &value.to_string());
                    comparison.note_key(&key);
                }
            }
            Ok(())
        })
        .await?;
    for (index, _) in seen.iter().enumerate().filter(|(_, seen)| !**seen) {
        comparison.missing_row(&expectation.keys[index]);
    }
    comparison.columns = results
        .into_iter()
        .map(|(name, result)| (name.to_owned(), result))
        .collect();
    Ok(comparison)
}

/// A column that the expectation does not fill is a column that nobody checks.
fn note_unknown_columns(
    expectation: &Expectation<'_>,
    columns: &[String],
    comparison: &mut Comparison,
) {
    let filled: Vec<&str> =
        match expectation.keys.is_empty() && expectation.view != "dead_letters_v" {
            true => return,
            false => (expectation.row)(0, &Found::new())
                .into_iter()
                .map(|(name, _)| name)
                .collect(),
        };
    for column in columns
        .iter()
        .filter(|column| !filled.contains(&column.as_str()))
    {
        comparison.unknown_column(column);
    }
}

fn key_of(columns: &[&str], found: &Found) -> String {
    let text = |column: &&str| match found.get(*column) {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    columns.iter().map(text).collect::<Vec<_>>().join(" ")
}

/// `renditions` is cut at every mark; neighbours of the same bitrate are one stretch to the ledger.
fn join_renditions(found: &mut Found) {
    let Some(Value::Array(stretches)) = found.get_mut("renditions") else {
        return;
    };
    let mut joined: Vec<Value> = Vec::new();
    for stretch in stretches.drain(..) {
        match joined.last_mut() {
            Some(before)
                if before["to"] == stretch["from"]
                    && before["bitrate_kbps"] == stretch["bitrate_kbps"] =>
            {
                before["to"] = stretch["to"].clone();
            }
            _ => joined.push(stretch),
        }
    }
    *stretches = joined;
}
