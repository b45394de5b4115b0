//! The reading side of the warehouse: rows as JSON, one at a time.

use anyhow::{Context, Result};
use clickhouse::Client;
use serde_json::Value;

use crate::truth::cell::Found;

/// A database of the warehouse.
#[derive(Clone)]
pub(crate) struct Warehouse {
    client: Client,
    pub(crate) database: String,
}

impl Warehouse {
    /// The database at that address; nothing is sent yet.
    pub(crate) fn new(url: &str, database: &str) -> Self {
        let client = Client::default()
            .with_url(url)
            .with_database(database)
            // Every number as a number, every moment as Unix time, however deep in a tuple.
            .with_setting("output_format_json_quote_64bit_integers", "0")
            .with_setting("output_format_json_named_tuples_as_objects", "1")
            .with_setting("date_time_output_format", "unix_timestamp");
        Self {
            client,
            database: database.to_owned(),
        }
    }

    /// Runs `sql` and hands over each row; memory does not grow with the result.
    pub(crate) async fn each_row(
        &self,
        sql: &str,
        mut take: impl FnMut(Found) -> Result<()>,
    ) -> Result<()> {
        let asked = || format!("query failed: {sql}");
        let mut cursor = self
            .client
            .query(sql)
            .fetch_bytes("JSONEachRow")
            .with_context(asked)?;
        let mut pending: Vec<u8> = Vec::new();
        while let Some(chunk) = cursor.next().await.with_context(asked)? {
            pending.extend_from_slice(&chunk);
            let Some(end) = pending.iter().rposition(|byte| *byte == b'\n') else {
                continue;
            };
            for line in pending[..end]
                .split(|byte| *byte == b'\n')
                .filter(|line| !line.is_empty())
            {
                take(
                    serde_json::from_slice(line)
                        .with_context(|| format!("not a row: {}", String::from_utf8_lossy(line)))?,
                )?;
            }
            pending.drain(..=end);
        }
        if !pending.is_empty() {
            take(serde_json::from_slice(&pending).with_context(asked)?)?;
        }
        Ok(())
    }

    /// All rows of a small result.
    pub(crate) async fn rows(&self, sql: &str) -> Result<Vec<Found>> {
        let mut rows = Vec::new();
        self.each_row(sql, |row| {
            rows.push(row);
            Ok(())
        })
        .await?;
        Ok(rows)
    }

    /// The number in column `n` of a result with one row.
    pub(crate) async fn count(&self, sql: &str) -> Result<u64> {
        let rows = self.rows(sql).await?;
        let number = rows
            .first()
            .and_then(|row| row.get("n"))
            .and_then(Value::as_u64);
        number.with_context(|| format!("no number from: {sql}"))
    }
}
