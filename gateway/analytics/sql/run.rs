//! Runs a confined query: a bounded number at once, within limits, estimated first.

use std::sync::Arc;
use std::time::Duration;

use clickhouse::query::Query;
use serde::Deserialize;
use tokio::sync::Semaphore;

use crate::analytics::reader::clickhouse_moment;
use crate::config::SqlConfig;
use crate::warehouse::Warehouse;

use super::failure;
use super::refusal::SqlRefusal;
use super::request::SqlRequest;
use super::rewrite::{Confined, confine};

/// Texts that are checked at the same time; a check takes less than a millisecond, mostly.
const CHECKS_MAX: usize = 4;
/// Elements of all arrays that `range` makes of one block of rows.
const RANGE_ELEMENTS_MAX: &str = "10000000";

/// Runs the queries of analysts. Clones share its turns.
#[derive(Clone, Debug)]
pub struct SqlRunner {
    warehouse: Warehouse,
    config: Arc<SqlConfig>,
    checks: Arc<Semaphore>,
    turns: Arc<Semaphore>,
}

/// A line of EXPLAIN ESTIMATE.
#[derive(Deserialize)]
struct Estimate {
    rows: u64,
}

impl SqlRunner {
    /// Over this warehouse; does not speak to it yet.
    pub fn new(warehouse: Warehouse, config: SqlConfig) -> Self {
        Self {
            warehouse,
            checks: Arc::new(Semaphore::new(CHECKS_MAX)),
            turns: Arc::new(Semaphore::new(config.max_concurrent_queries)),
            config: Arc::new(config),
        }
    }

    /// What is configured.
    pub fn config(&self) -> &SqlConfig {
        &self.config
    }

    /// The bytes of the answer, in the format that was asked for. Dropping this ends the query.
    ///
    /// # Errors
    /// A text that may not run, a limit that was met, or what ClickHouse says.
    pub async fn run(&self, tenant: &str, request: &SqlRequest) -> Result<Vec<u8>, SqlRefusal> {
        let limit = Duration::from_millis(self.config.query_timeout_ms);
        let answer = tokio::time::timeout(limit, self.in_turn(tenant, request)).await;
        answer.unwrap_or(Err(SqlRefusal::TimedOut {
            after_ms: self.config.query_timeout_ms,
        }))
    }

    async fn in_turn(&self, tenant: &str, request: &SqlRequest) -> Result<Vec<u8>, SqlRefusal> {
        let confined = self.check(request).await?;
        // Half of the time for waiting leaves the other half for the answer.
        let patience = Duration::from_millis(self.config.query_timeout_ms / 2);
        let turn = tokio::time::timeout(patience, self.turns.acquire()).await;
        let Ok(Ok(_turn)) = turn else {
            return Err(SqlRefusal::Busy);
        };
        self.estimate(&confined, tenant, request).await?;
        let query = self.bound(&confined.sql, tenant, request, self.config.rows_read_max);
        self.read(query, request.format.of_clickhouse()).await
    }

    async fn check(&self, request: &SqlRequest) -> Result<Confined, SqlRefusal> {
        let max_bytes = self.config.text_max_bytes;
        if request.query.len() > max_bytes {
            let reason = format!("the query is longer than {max_bytes} bytes");
            return Err(SqlRefusal::TooLarge(reason));
        }
        let confined = {
            let _turn = self.checks.acquire().await.map_err(|_| SqlRefusal::Busy)?;
            confine(request.query.clone()).await?
        };
        if confined.needs_session && request.session_key.is_none() {
            let reason =
                "`beacons_v` is read one session at a time: give `session_key` beside the query";
            return Err(SqlRefusal::Request(reason.to_owned()));
        }
        Ok(confined)
    }

    /// Refuses what would read too much before it reads anything.
    async fn estimate(
        &self,
        confined: &Confined,
        tenant: &str,
        request: &SqlRequest,
    ) -> Result<(), SqlRefusal> {
        let sql = format!("EXPLAIN ESTIMATE {}", confined.sql);
        let bytes = self
            .read(self.bound(&sql, tenant, request, 0), "JSONEachRow")
            .await?;
        let mut estimated_rows = 0_u64;
        for line in serde_json::Deserializer::from_slice(&bytes).into_iter() {
            let Estimate { rows } = line?;
            estimated_rows = estimated_rows.saturating_add(rows);
        }
        let rows_max = self.config.rows_read_max;
        if estimated_rows > rows_max {
            return Err(SqlRefusal::TooExpensive {
                estimated_rows,
                rows_max,
            });
        }
        Ok(())
    }

    /// The query with its parameters and every limit; `rows_read_max` 0 lets the estimate say how many there are.
    fn bound(&self, sql: &str, tenant: &str, request: &SqlRequest, rows_read_max: u64) -> Query {
        let config = &self.config;
        let seconds = config.query_timeout_ms.div_ceil(1_000).to_string();
        let settings = [
            ("max_execution_time", seconds),
            ("max_threads", config.threads_max.to_string()),
            ("max_memory_usage", config.memory_max_bytes.to_string()),
            ("max_rows_to_read", rows_read_max.to_string()),
            ("max_bytes_to_read", config.bytes_read_max.to_string()),
            ("max_result_rows", config.result_rows_max.to_string()),
            ("max_result_bytes", config.result_max_bytes.to_string()),
            (
                "function_range_max_elements_in_block",
                RANGE_ELEMENTS_MAX.to_owned(),
            ),
        ];
        let fixed = [
            ("readonly", "1"),
            ("timeout_overflow_mode", "throw"),
            ("read_overflow_mode", "throw"),
            ("result_overflow_mode", "throw"),
            ("cancel_http_readonly_queries_on_client_close", "1"),
            ("date_time_output_format", "iso"),
            ("output_format_json_quote_64bit_integers", "0"),
        ];
        let mut query = self.warehouse.query(sql);
        for (name, value) in settings {
            query = query.with_setting(name, value);
        }
        for (name, value) in fixed {
            query = query.with_setting(name, value);
        }
        query
            .param("tenant", tenant)
            .param("from_time", clickhouse_moment(request.from))
            .param("to_time", clickhouse_moment(request.to))
            .param("session_key", request.session_key.unwrap_or_default())
    }

    /// All bytes of a result, as long as they are not too many.
    async fn read(&self, query: Query, format: &str) -> Result<Vec<u8>, SqlRefusal> {
        let max_bytes = self.config.result_max_bytes;
        let failed = |error| failure::told(self.warehouse.failure(error));
        let mut cursor = query.fetch_bytes(format).map_err(failed)?;
        let mut bytes = Vec::new();
        while let Some(piece) = cursor.next().await.map_err(failed)? {
            bytes.extend_from_slice(&piece);
            if bytes.len() as u64 > max_bytes {
                return Err(SqlRefusal::TooMuch { max_bytes });
            }
        }
        Ok(bytes)
    }
}
