//! Runs a check.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use crate::warehouse::{Placeholders, Warehouse, WarehouseError};

use super::{Check, Window};

/// No check tells more than a hundred rows.
const RESULT_MAX_BYTES: &str = "16777216";

/// What a check found.
#[derive(Debug)]
pub struct Outcome {
    /// The violating rows as JSON objects, one a line; none when the invariant holds. At most a hundred are told.
    pub rows: Vec<String>,
    /// How long the last look took.
    pub took: Duration,
}

impl Outcome {
    /// Whether the invariant does not hold.
    pub fn is_violated(&self) -> bool {
        !self.rows.is_empty()
    }
}

/// Looks whether `check` holds in `window`. What looks like a violation may be a block that was being written: it counts
/// when the same row is there again after `again`; zero believes the first look.
///
/// # Errors
/// When the warehouse cannot answer.
pub async fn look(
    warehouse: &Warehouse,
    placeholders: &Placeholders,
    check: Check,
    window: Window,
    again: Duration,
) -> Result<Outcome, WarehouseError> {
    let first = once(warehouse, placeholders, check, window).await?;
    if !first.is_violated() || again.is_zero() {
        return Ok(first);
    }
    tokio::time::sleep(again).await;
    let second = once(warehouse, placeholders, check, window).await?;
    Ok(seen_twice(&first, second))
}

/// The second look, with only those rows that the first one found as well.
fn seen_twice(first: &Outcome, mut second: Outcome) -> Outcome {
    let seen: BTreeSet<_> = first.rows.iter().collect();
    second.rows.retain(|row| seen.contains(row));
    second
}

async fn once(
    warehouse: &Warehouse,
    placeholders: &Placeholders,
    check: Check,
    window: Window,
) -> Result<Outcome, WarehouseError> {
    let sql = placeholders.fill(check.name, check.sql)?;
    let query = warehouse
        .query(&sql)
        .with_setting("readonly", "2")
        .with_setting(
            "max_execution_time",
            warehouse.request_timeout().as_secs().max(1).to_string(),
        )
        .with_setting("cancel_http_readonly_queries_on_client_close", "1")
        .with_setting("max_result_bytes", RESULT_MAX_BYTES)
        // Times come out as RFC 3339.
        .with_setting("date_time_output_format", "iso")
        // As Unix seconds, so that the server's time zone does not matter.
        .param("since", window.since.unix_timestamp().to_string())
        .param("until", window.until.unix_timestamp().to_string());
    let begun = Instant::now();
    let bytes = warehouse.bytes(query, "JSONEachRow").await?;
    let text = String::from_utf8_lossy(&bytes);
    Ok(Outcome {
        rows: text.lines().map(str::to_owned).collect(),
        took: begun.elapsed(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(rows: &[&str]) -> Outcome {
        Outcome {
            rows: rows.iter().map(|row| (*row).to_owned()).collect(),
            took: Duration::ZERO,
        }
    }

    #[test]
    fn only_what_both_looks_found_is_a_violation() {
        let both = seen_twice(&found(&["a", "b"]), found(&["b", "c"]));
        assert_eq!(both.rows, ["b"]);
        // A block that was being written is gone, another one has come.
        assert!(!seen_twice(&found(&["a"]), found(&["b"])).is_violated());
    }
}
