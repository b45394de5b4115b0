//! A file becomes rows of a dimension: staged, checked, and then shown all at once.

use std::time::{Duration, Instant};

use axum::body::Body;
use bytes::Bytes;
use clickhouse::insert_formatted::InsertFormatted;
use http_body_util::BodyExt as _;
use serde::Serialize;

use super::refresh::refresh;
use super::stage::Stage;
use super::{Dimension, DimensionError, Dimensions, FileFormat, checks, place};
use crate::warehouse::WarehouseError;

/// How the server is to read files: strictly, in their order, and every value as the text that it is.
const READING: [(&str, &str); 9] = [
    ("input_format_parallel_parsing", "0"),
    ("input_format_skip_unknown_fields", "0"),
    ("input_format_null_as_default", "1"),
    ("input_format_json_read_arrays_as_strings", "1"),
    ("input_format_json_read_objects_as_strings", "1"),
    ("input_format_json_read_numbers_as_strings", "1"),
    ("input_format_json_read_bools_as_strings", "1"),
    ("async_insert", "0"),
    ("max_insert_threads", "1"),
];

/// What a load did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Loaded {
    /// What was loaded.
    pub dimension: &'static str,
    /// Whose it is.
    pub tenant: String,
    /// Rows of the file.
    pub rows: u64,
    /// How long it took, the body's way included; ms.
    pub took_ms: u64,
}

impl Dimensions {
    /// Loads a file. After an error the dimension is what it was before.
    ///
    /// # Errors
    /// A file that is too large, breaks off or is wrong somewhere; too many loads; no warehouse.
    pub async fn load(
        &self,
        dimension: Dimension,
        format: FileFormat,
        tenant: String,
        body: Body,
    ) -> Result<Loaded, DimensionError> {
        let began = Instant::now();
        let _room = self.room.try_acquire().map_err(|_| DimensionError::Busy)?;
        let stage = Stage::create(&self.warehouse, dimension, format).await?;
        let outcome = self.fill_and_publish(&stage, &tenant, body).await;
        stage.drop().await;
        let rows = outcome?;
        refresh(&self.warehouse, dimension).await;
        tracing::info!(dimension = dimension.name(), %tenant, rows, "loaded");
        Ok(Loaded {
            dimension: dimension.name(),
            tenant,
            rows,
            took_ms: u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
        })
    }

    async fn fill_and_publish(
        &self,
        stage: &Stage<'_>,
        tenant: &str,
        mut body: Body,
    ) -> Result<u64, DimensionError> {
        let mut left = self.config.body_max_bytes;
        let filled = self.fill(stage, &mut body, &mut left).await;
        if let Err(error) = filled {
            // A client that is still sending does not hear the answer.
            discard(body, left, self.config.body_idle_timeout()).await;
            return Err(error);
        }
        let rows = checks::check(&self.warehouse, stage).await?;
        stage.publish(tenant).await?;
        Ok(rows)
    }

    /// Hands the body to the server piece by piece; the server's pace is the client's.
    async fn fill(
        &self,
        stage: &Stage<'_>,
        body: &mut Body,
        left: &mut u64,
    ) -> Result<(), DimensionError> {
        let sql = format!(
            "INSERT INTO {} FORMAT {}",
            stage.table,
            stage.format.server_name()
        );
        let limit = self.config.statement_timeout();
        let mut insert = READING
            .iter()
            .fold(
                self.warehouse.insert_bytes(&sql),
                |insert, (name, value)| insert.with_setting(*name, *value),
            )
            .with_timeouts(Some(limit), Some(limit));
        let mut is_empty = true;
        while let Some(piece) = next(body, self.config.body_idle_timeout()).await? {
            let bytes = u64::try_from(piece.len()).unwrap_or(u64::MAX);
            if bytes > *left {
                *left = 0;
                return Err(DimensionError::BodyTooLarge(self.config.body_max_bytes));
            }
            *left -= bytes;
            is_empty &= piece.is_empty();
            if let Err(error) = insert.send(piece).await {
                return Err(self.told(stage, self.warehouse.failure(error)));
            }
        }
        if is_empty {
            return Err(DimensionError::NoRows);
        }
        self.end(stage, insert).await
    }

    async fn end(&self, stage: &Stage<'_>, insert: InsertFormatted) -> Result<(), DimensionError> {
        let ended = insert.end().await;
        ended.map_err(|error| self.told(stage, self.warehouse.failure(error)))
    }

    /// The file's fault, where the server says so.
    fn told(&self, stage: &Stage<'_>, error: WarehouseError) -> DimensionError {
        let WarehouseError::Refused { message, .. } = &error else {
            return error.into();
        };
        let Some((place, reason)) = place::of_parser(message, stage.format) else {
            return error.into();
        };
        let reason = match place::unknown_column(&reason) {
            Some(name) => format!(
                "there is no column `{name}`; there are {}",
                stage.dimension.column_names()
            ),
            None => reason,
        };
        DimensionError::BadFile { place, reason }
    }
}

/// The next piece of the body; `None` at its end.
async fn next(body: &mut Body, patience: Duration) -> Result<Option<Bytes>, DimensionError> {
    loop {
        let frame = tokio::time::timeout(patience, body.frame())
            .await
            .map_err(|_| DimensionError::BodyTimeout)?;
        match frame {
            None => return Ok(None),
            Some(Err(_)) => return Err(DimensionError::BodyUnreadable),
            Some(Ok(frame)) => {
                // Trailers are no data.
                if let Ok(piece) = frame.into_data() {
                    return Ok(Some(piece));
                }
            }
        }
    }
}

/// Reads and forgets, as much as a right body may still hold.
async fn discard(mut body: Body, mut left: u64, patience: Duration) {
    while left > 0 {
        let Ok(Some(piece)) = next(&mut body, patience).await else {
            return;
        };
        left = left.saturating_sub(u64::try_from(piece.len()).unwrap_or(u64::MAX));
    }
}
