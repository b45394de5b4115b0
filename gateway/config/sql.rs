use serde::{Deserialize, Serialize};

use super::Problems;

/// Queries that analysts write, `POST /v1/sql`; `docs/sql.md` says what they may contain.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SqlConfig {
    /// Whether they are taken at all.
    pub enabled: bool,
    /// Longest text of a query; bytes.
    pub text_max_bytes: usize,
    /// Queries at the same time; further ones wait. Beside `clickhouse.max_concurrent_queries`.
    pub max_concurrent_queries: usize,
    /// From the arrival of a query to its answer, waiting for its turn included; ms.
    pub query_timeout_ms: u64,
    /// Threads of one query.
    pub threads_max: u32,
    /// Memory of one query in the warehouse; bytes.
    pub memory_max_bytes: u64,
    /// Rows that one query may read, as estimated before and as counted while it runs.
    pub rows_read_max: u64,
    /// Bytes that one query may read, uncompressed.
    pub bytes_read_max: u64,
    /// Rows of a result.
    pub result_rows_max: u64,
    /// Bytes of a result, in the warehouse and as written.
    pub result_max_bytes: u64,
}

impl Default for SqlConfig {
    fn default() -> Self {
        Self {
            enabled: true,
            text_max_bytes: 16_384,
            max_concurrent_queries: 2,
            query_timeout_ms: 10_000,
            threads_max: 2,
            memory_max_bytes: 1_073_741_824,
            rows_read_max: 200_000_000,
            bytes_read_max: 10_737_418_240,
            result_rows_max: 100_000,
            result_max_bytes: 33_554_432,
        }
    }
}

impl SqlConfig {
    /// Where 0 would mean no limit to ClickHouse, it is refused.
    pub(super) fn validate(&self, problems: &mut Problems) {
        problems.require(
            (64..=262_144).contains(&self.text_max_bytes),
            "sql.text_max_bytes",
            "must be from 64 to 262144",
        );
        problems.require(
            self.max_concurrent_queries > 0 && self.query_timeout_ms >= 100 && self.threads_max > 0,
            "sql.max_concurrent_queries, query_timeout_ms, threads_max",
            "must be at least 1, 100 and 1",
        );
        let limits = [
            self.memory_max_bytes,
            self.rows_read_max,
            self.bytes_read_max,
            self.result_rows_max,
            self.result_max_bytes,
        ];
        problems.require(
            limits.iter().all(|limit| *limit > 0),
            "sql.memory_max_bytes, rows_read_max, bytes_read_max, result_rows_max, result_max_bytes",
            "must be at least 1",
        );
    }
}
