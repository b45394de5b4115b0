//! refinery's driver over the `clickhouse` crate.
//!
//! ClickHouse has no transactions: a statement and its history row are two requests. A statement
//! that ran without its row is run again next time, which is why every file is idempotent.

use std::time::{Duration, Instant};

use async_trait::async_trait;
use clickhouse::Row;
use refinery_core::Migration;
use refinery_core::traits::r#async::{AsyncMigrate, AsyncQuery, AsyncTransaction};
use serde::Deserialize;
use time::OffsetDateTime;

use super::lock::Lock;
use super::migrate::Progress;
use super::{Placeholders, Warehouse, WarehouseError, history};

/// A statement may rebuild a large table; nothing waits for ever.
const STATEMENT_LIMIT: Duration = Duration::from_secs(3600);

/// What refinery drives.
pub(super) struct Driver<'a> {
    pub(super) warehouse: &'a Warehouse,
    pub(super) placeholders: &'a Placeholders,
    /// The last failure: refinery hands on only its text.
    pub(super) failure: Option<WarehouseError>,
    /// What stands round each file; none where only the history is read.
    pub(super) run: Option<Run<'a>>,
}

/// A run through files: each is begun only while the lock is held, and told.
pub(super) struct Run<'a> {
    pub(super) lock: &'a Lock<'a>,
    /// In the order in which refinery comes to them.
    pub(super) pending: std::vec::IntoIter<Migration>,
    pub(super) progress: &'a mut (dyn FnMut(Progress<'_>) + Send),
    /// The file that is being applied.
    pub(super) file: Option<Migration>,
}

/// Tells refinery that the driver keeps the failure.
#[derive(Debug, thiserror::Error)]
#[error("the warehouse refused")]
pub(super) struct Kept;

#[derive(Row, Deserialize)]
struct HistoryRow {
    version: i32,
    name: String,
    applied_ns: i64,
    checksum: u64,
}

#[async_trait]
impl AsyncTransaction for Driver<'_> {
    type Error = Kept;

    async fn execute<'a, T: Iterator<Item = &'a str> + Send>(
        &mut self,
        queries: T,
    ) -> Result<usize, Kept> {
        let queries: Vec<&str> = queries.collect();
        // A file and its row; the history's own table comes alone.
        let is_file = queries.len() == 2;
        let started = Instant::now();
        let begun = if is_file { self.begin().await } else { Ok(()) };
        begun.map_err(|failure| self.keep(failure))?;
        for sql in &queries {
            let outcome = self.run(sql).await;
            outcome.map_err(|failure| self.keep(failure))?;
        }
        if let Some(run) = self.run.as_mut().filter(|_| is_file) {
            (run.progress)(Progress::Applied {
                took: started.elapsed(),
            });
        }
        Ok(queries.len())
    }
}

#[async_trait]
impl AsyncQuery<Vec<Migration>> for Driver<'_> {
    async fn query(&mut self, sql: &str) -> Result<Vec<Migration>, Kept> {
        let rows = self
            .warehouse
            .rows::<HistoryRow>(self.warehouse.query(sql))
            .await;
        let rows = rows.map_err(|failure| self.keep(failure))?;
        Ok(rows.into_iter().map(HistoryRow::migration).collect())
    }
}

impl AsyncMigrate for Driver<'_> {
    fn assert_migrations_table_query(table: &str) -> String {
        format!(
            "CREATE TABLE IF NOT EXISTS {table} (
    version Int32 COMMENT 'number of the migration file',
    name String COMMENT 'name of the migration file, without number and suffix',
    applied_on DateTime64(3, 'UTC') COMMENT 'when its statement was done; UTC',
    checksum UInt64 COMMENT 'SipHash-1-3 of name, number and text of the file, placeholders unfilled'
)
ENGINE = ${{replicated}}MergeTree
ORDER BY version
COMMENT 'Applied migrations, one row each; written by `playhead migrate`'"
        )
    }

    fn get_last_applied_migration_query(table: &str) -> String {
        format!("{} LIMIT 1", history_query(table, "DESC"))
    }

    fn get_applied_migrations_query(table: &str) -> String {
        history_query(table, "ASC")
    }
}

/// Reads the history. A migrator that died between its insert and the answer may have left two
/// equal rows, so rows are grouped; rows that differ stay apart and are found out as divergent.
fn history_query(table: &str, order: &str) -> String {
    format!(
        "SELECT version, name, toUnixTimestamp64Nano(toDateTime64(min(applied_on), 9, 'UTC')) AS applied_ns, checksum
FROM {table}
GROUP BY version, name, checksum
ORDER BY version {order}"
    )
}

impl Driver<'_> {
    async fn begin(&mut self) -> Result<(), WarehouseError> {
        let Some(run) = &mut self.run else {
            return Ok(());
        };
        run.file = run.pending.next();
        let Some(file) = &run.file else {
            return Ok(());
        };
        run.lock.check(&history::label(file)).await?;
        (run.progress)(Progress::Started {
            version: file.version(),
            name: file.name(),
        });
        Ok(())
    }

    /// Mutable, although nothing changes: what is told of the run may not be shared between threads.
    async fn run(&mut self, sql: &str) -> Result<(), WarehouseError> {
        let filled = self.placeholders.fill("statement", sql)?;
        let query = self
            .warehouse
            .query(&filled)
            // The history row carries refinery's RFC 3339 time; 0 waits until the row is stored.
            .with_setting("date_time_input_format", "best_effort")
            .with_setting("async_insert", "0");
        self.warehouse.execute(query, STATEMENT_LIMIT).await
    }

    fn keep(&mut self, failure: WarehouseError) -> Kept {
        self.failure = Some(failure);
        Kept
    }
}

impl HistoryRow {
    fn migration(self) -> Migration {
        let applied = OffsetDateTime::from_unix_timestamp_nanos(self.applied_ns.into());
        // Every Int64 of nanoseconds lies within the years that `time` knows.
        Migration::applied(
            self.version,
            self.name,
            applied.unwrap_or(OffsetDateTime::UNIX_EPOCH),
            self.checksum,
        )
    }
}
