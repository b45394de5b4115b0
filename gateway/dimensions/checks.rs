//! Whether every row of a staged file can become a row of the dimension; if not, where and why.

use clickhouse::Row;
use serde::Deserialize;

use super::column::{Column, Kind, quoted};
use super::place::Place;
use super::stage::Stage;
use super::{DimensionError, FileFormat};
use crate::warehouse::{Warehouse, WarehouseError};

/// Memory of the search for rows told twice; beyond it goes to disk.
const GROUPING_MAX_BYTES: u64 = 256 * 1024 * 1024;

#[derive(Row, Deserialize)]
struct Checked {
    rows: u64,
    wrong_rows: u64,
    row: u64,
    column: String,
    value: String,
    reason: String,
}

#[derive(Row, Deserialize)]
struct Twice {
    first: u64,
    second: u64,
    key: String,
}

/// Counts the rows, once each is known to be right.
///
/// # Errors
/// The first wrong row; no row at all; a warehouse that cannot be asked.
pub(super) async fn check(warehouse: &Warehouse, stage: &Stage<'_>) -> Result<u64, DimensionError> {
    let found = warehouse
        .rows::<Checked>(warehouse.query(&values_sql(stage)))
        .await?;
    let Some(found) = found.into_iter().next().filter(|found| found.rows > 0) else {
        return Err(DimensionError::NoRows);
    };
    if found.wrong_rows > 0 {
        let value = if found.value.is_empty() {
            String::new()
        } else {
            format!("`{}` ", found.value)
        };
        let others = match found.wrong_rows - 1 {
            0 => String::new(),
            1 => " (and 1 more row is wrong)".to_owned(),
            others => format!(" (and {others} more rows are wrong)"),
        };
        return Err(DimensionError::BadFile {
            place: Place {
                column: Some(found.column),
                ..place(warehouse, stage, found.row).await?
            },
            reason: format!("{value}{}{others}", found.reason),
        });
    }
    let twice = warehouse
        .rows::<Twice>(warehouse.query(&twice_sql(stage)))
        .await?;
    match twice.into_iter().next() {
        None => Ok(found.rows),
        Some(twice) => {
            let before = place(warehouse, stage, twice.first).await?;
            let keys: Vec<_> = keys(stage).collect();
            Err(DimensionError::BadFile {
                place: place(warehouse, stage, twice.second).await?,
                reason: format!(
                    "the same {} as {before}: {}; a file tells each row once",
                    keys.join(" and "),
                    twice.key
                ),
            })
        }
    }
}

fn keys<'s>(stage: &Stage<'s>) -> impl Iterator<Item = &'static str> + use<'s> {
    let columns = stage.dimension.columns().iter();
    columns
        .filter(|column| column.is_key())
        .map(|column| column.name)
}

/// One row: how many rows there are, how many are wrong, and the first of these.
fn values_sql(stage: &Stage<'_>) -> String {
    let is_typed = stage.format.is_typed();
    let mut faults = Vec::new();
    let mut fault = |column: &Column, is_wrong: &str, reason: &str| {
        let (name, told) = (column.name, column.text_sql(is_typed));
        let reason = reason.replace('\'', "\\'");
        faults.push(format!(
            "('{name}', substringUTF8({told}, 1, 60), '{reason}', toUInt8({is_wrong}))"
        ));
    };
    for column in stage.dimension.columns() {
        if column.is_needed() {
            let is_empty = format!("{} = ''", column.text_sql(is_typed));
            fault(column, &is_empty, "must not be empty");
        }
        if let Some((is_wrong, reason)) = column.wrong_sql(is_typed) {
            fault(column, &is_wrong, reason);
        }
    }
    for (from, to) in stage.dimension.spans() {
        let time = |column: &Column| {
            let told = column.text_sql(is_typed);
            format!("parseDateTime64BestEffortOrNull({told}, 3, 'UTC')")
        };
        let is_wrong = format!("ifNull({} <= {}, 0)", time(to), time(from));
        fault(to, &is_wrong, &format!("is not after `{}`", from.name));
    }
    format!(
        "SELECT count() AS rows, countIf(is_wrong) AS wrong_rows, minIf(number, is_wrong) AS row,
    argMinIf(fault.1, number, is_wrong) AS column, argMinIf(fault.2, number, is_wrong) AS value, argMinIf(fault.3, number, is_wrong) AS reason
FROM
(
    SELECT rowNumberInAllBlocks() + 1 AS number, arrayFilter(each -> each.4 = 1, [{}])[1] AS fault, fault.4 = 1 AS is_wrong
    FROM {}
) AS numbered
SETTINGS max_threads = 1",
        faults.join(",\n        "),
        stage.table
    )
}

/// The first row that another one before it tells as well.
fn twice_sql(stage: &Stage<'_>) -> String {
    let is_typed = stage.format.is_typed();
    let columns = stage.dimension.columns().iter();
    let (mut values, mut shown) = (Vec::new(), Vec::new());
    for column in columns.filter(|column| column.is_key()) {
        values.push(column.value_sql(is_typed));
        let told = format!("any({})", column.text_sql(is_typed));
        shown.push(match column.kind {
            Kind::Time => format!("if({told} = '', 'always', {told})"),
            _ => told,
        });
    }
    format!(
        "SELECT groupArraySorted(2)(number)[1] AS first, groupArraySorted(2)(number)[2] AS second, arrayStringConcat([{}], ', ') AS key
FROM (SELECT rowNumberInAllBlocks() + 1 AS number, * FROM {}) AS numbered
GROUP BY {}
HAVING count() > 1
ORDER BY second
LIMIT 1
SETTINGS max_threads = 1, max_bytes_before_external_group_by = {GROUPING_MAX_BYTES}",
        shown.join(", "),
        stage.table,
        values.join(", ")
    )
}

/// Where a row stands: in CSV after the header and after every line break inside a value before it.
async fn place(
    warehouse: &Warehouse,
    stage: &Stage<'_>,
    row: u64,
) -> Result<Place, WarehouseError> {
    let line = match stage.format {
        FileFormat::Parquet => None,
        FileFormat::Ndjson => Some(row),
        FileFormat::Csv => {
            let columns = stage.dimension.columns().iter();
            let names: Vec<_> = columns.map(|column| quoted(column.name)).collect();
            let sql = format!(
                "SELECT sum(countSubstrings(concat({}), '\\n')) FROM (SELECT * FROM {} LIMIT {}) SETTINGS max_threads = 1",
                names.join(", "),
                stage.table,
                row.saturating_sub(1)
            );
            let breaks = warehouse.rows::<u64>(warehouse.query(&sql)).await?;
            Some(row + 1 + breaks.iter().sum::<u64>())
        }
    };
    Ok(Place {
        row: Some(row),
        line,
        column: None,
    })
}
