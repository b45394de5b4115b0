//! Runs query files: a bounded number at once, in bounded time, with bounded results.

use std::sync::Arc;
use std::time::Duration;

use serde::de::DeserializeOwned;
use time::OffsetDateTime;
use time::macros::format_description;
use tokio::sync::Semaphore;

use crate::warehouse::Warehouse;

use super::error::QueryError;
use super::newest::Newest;
use super::queries::QueryFile;

/// Queries that wait for their turn; further ones are refused at once.
const WAITING_MAX: usize = 256;
/// What the server parses unless it is told to parse more.
const QUERY_MAX_BYTES: usize = 262_144;
/// No answer of the API needs a larger result.
const RESULT_MAX_BYTES: u64 = 64 * 1024 * 1024;

/// Runs query files.
#[derive(Clone, Debug)]
pub struct Reader {
    warehouse: Warehouse,
    turns: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
    newest: Newest,
    timeout: Duration,
}

impl Reader {
    /// At most `max_concurrent` queries at once, each within `timeout`, waiting included.
    pub fn new(warehouse: Warehouse, max_concurrent: usize, timeout: Duration) -> Self {
        Self {
            warehouse,
            turns: Arc::new(Semaphore::new(max_concurrent)),
            waiting: Arc::new(Semaphore::new(WAITING_MAX)),
            newest: Newest::new(),
            timeout,
        }
    }

    /// Runs a query for `tenant` and reads its rows.
    ///
    /// # Errors
    /// When no turn comes in time, ClickHouse fails, or the rows have another shape.
    pub async fn rows<T: DeserializeOwned>(
        &self,
        file: QueryFile,
        tenant: &str,
        params: &[(&str, Param)],
    ) -> Result<Vec<T>, QueryError> {
        self.rows_of(file, file.sql, tenant, params).await
    }

    /// Runs `sql`, which was made from a query file by filling in what is part of this binary.
    ///
    /// # Errors
    /// As [`Reader::rows`].
    pub async fn rows_of<T: DeserializeOwned>(
        &self,
        file: QueryFile,
        sql: &str,
        tenant: &str,
        params: &[(&str, Param)],
    ) -> Result<Vec<T>, QueryError> {
        let bytes = self.bytes_of(sql, tenant, params, "JSONEachRow").await?;
        let rows = serde_json::Deserializer::from_slice(&bytes).into_iter();
        rows.collect::<Result<_, _>>()
            .map_err(|source| QueryError::Shape {
                query: file.name,
                source,
            })
    }

    /// What the server writes of such a query in a format of its own.
    ///
    /// # Errors
    /// When no turn comes in time, or ClickHouse fails.
    pub async fn bytes_of(
        &self,
        sql: &str,
        tenant: &str,
        params: &[(&str, Param)],
        format: &str,
    ) -> Result<Vec<u8>, QueryError> {
        // The client's state takes tens of kilobytes; an answer waits for several queries, and may be one of thousands.
        Box::pin(self.ask(sql, tenant, params, format)).await
    }

    async fn ask(
        &self,
        sql: &str,
        tenant: &str,
        params: &[(&str, Param)],
        format: &str,
    ) -> Result<Vec<u8>, QueryError> {
        let place = self.waiting.try_acquire().map_err(|_| QueryError::Busy)?;
        let turn = tokio::time::timeout(self.timeout, self.turns.acquire()).await;
        let Ok(Ok(_turn)) = turn else {
            return Err(QueryError::Busy);
        };
        drop(place);
        let mut query = self
            .warehouse
            .query(sql)
            .with_setting("readonly", "2")
            .with_setting(
                "max_execution_time",
                self.timeout.as_secs().max(1).to_string(),
            )
            .with_setting("max_result_bytes", RESULT_MAX_BYTES.to_string())
            .with_setting("result_overflow_mode", "throw")
            .with_setting("cancel_http_readonly_queries_on_client_close", "1")
            // Times come out as RFC 3339, 64-bit counts as numbers.
            .with_setting("date_time_output_format", "iso")
            .with_setting("output_format_json_quote_64bit_integers", "0")
            .param("tenant", tenant);
        if sql.len() >= QUERY_MAX_BYTES {
            // It holds rows that were computed here.
            query = query.with_setting("max_query_size", (sql.len() + 1).to_string());
        }
        for (name, value) in params {
            query = match value {
                Param::Text(text) => query.param(name, text),
                Param::Texts(texts) => query.param(name, texts),
                Param::Count(count) => query.param(name, count),
                Param::Counts(counts) => query.param(name, counts),
                Param::Number(number) => query.param(name, number),
                Param::Moment(moment) => query.param(name, clickhouse_moment(*moment)),
            };
        }
        Ok(self.warehouse.bytes(query, format).await?)
    }

    /// Runs a query that always gives one row.
    ///
    /// # Errors
    /// As [`Reader::rows`].
    pub async fn row<T: DeserializeOwned + Default>(
        &self,
        file: QueryFile,
        tenant: &str,
        params: &[(&str, Param)],
    ) -> Result<T, QueryError> {
        let mut rows = self.rows(file, tenant, params).await?;
        Ok(rows.pop().unwrap_or_default())
    }
}

impl Reader {
    /// The newest moment of play in the warehouse, a second old at most; none where the last hour has no session.
    ///
    /// # Errors
    /// As [`Reader::rows`].
    pub(super) async fn newest(
        &self,
        tenant: &str,
        now: OffsetDateTime,
    ) -> Result<Option<OffsetDateTime>, QueryError> {
        self.newest.of(self, tenant, now).await
    }
}

/// A value that the server binds.
#[derive(Clone, Debug)]
pub enum Param {
    /// `{name:String}`
    Text(String),
    /// `{name:Array(String)}`
    Texts(Vec<String>),
    /// `{name:UInt32}`
    Count(u32),
    /// `{name:Array(UInt32)}`
    Counts(Vec<u32>),
    /// `{name:Int64}`
    Number(i64),
    /// `{name:DateTime64(3, 'UTC')}`
    Moment(OffsetDateTime),
}

/// A moment as ClickHouse reads it, in UTC, cut to the ms.
pub(super) fn clickhouse_moment(moment: OffsetDateTime) -> String {
    let format =
        format_description!("[year]-[month]-[day] [hour]:[minute]:[second].[subsecond digits:3]");
    let utc = moment.to_offset(time::UtcOffset::UTC);
    // Writing to a string cannot fail, and every component exists.
    utc.format(&format).unwrap_or_default()
}
