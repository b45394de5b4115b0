//! How an answer is written.

use axum::body::Bytes;
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, GetAll};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use time::OffsetDateTime;

use crate::analytics::stamp::rfc3339;

use super::names::told;
use super::refusal::SqlRefusal;

/// A format that the client may ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Columns with their types, and rows as arrays.
    Json,
    /// An object a line.
    Ndjson,
    /// With a line of names.
    Csv,
    /// Arrow's stream of record batches.
    Arrow,
    /// A Parquet file.
    Parquet,
}

const FORMATS: [Format; 5] = [
    Format::Json,
    Format::Ndjson,
    Format::Csv,
    Format::Arrow,
    Format::Parquet,
];

#[derive(Deserialize)]
struct Compact<'a> {
    #[serde(borrow)]
    meta: Vec<Column<'a>>,
    #[serde(borrow)]
    data: &'a RawValue,
    rows: u64,
}

/// `Cow`, since a name may hold characters that JSON escapes.
#[derive(Serialize, Deserialize)]
struct Column<'a> {
    #[serde(borrow)]
    name: std::borrow::Cow<'a, str>,
    #[serde(borrow)]
    r#type: std::borrow::Cow<'a, str>,
}

#[derive(Serialize)]
struct Answer<'a> {
    computed_at: String,
    from: String,
    to: String,
    columns: Vec<Column<'a>>,
    rows: &'a RawValue,
    row_count: u64,
}

impl Format {
    /// The first one that the client names and that is known; JSON when it does not mind.
    ///
    /// # Errors
    /// When it names only others.
    pub(super) fn accepted(headers: GetAll<'_, HeaderValue>) -> Result<Self, SqlRefusal> {
        let accepted: Vec<_> = headers
            .iter()
            .filter_map(|value| value.to_str().ok())
            .collect();
        let accepted = accepted.join(",");
        let mut kinds = accepted
            .split(',')
            .map(|kind| {
                kind.split(';')
                    .next()
                    .unwrap_or_default()
                    .trim()
                    .to_ascii_lowercase()
            })
            .filter(|kind| !kind.is_empty())
            .peekable();
        if kinds.peek().is_none() {
            return Ok(Self::Json);
        }
        let known = kinds.find_map(|kind| match kind.as_str() {
            "*/*" | "application/*" => Some(Self::Json),
            "text/*" => Some(Self::Csv),
            kind => FORMATS
                .into_iter()
                .find(|format| format.media_type() == kind),
        });
        known.ok_or_else(|| SqlRefusal::Format {
            accepted: told(&accepted),
            known: FORMATS.map(Self::media_type).join(", "),
        })
    }

    /// The name in `Accept` and `Content-Type`.
    fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Ndjson => "application/x-ndjson",
            Self::Csv => "text/csv",
            Self::Arrow => "application/vnd.apache.arrow.stream",
            Self::Parquet => "application/vnd.apache.parquet",
        }
    }

    /// ClickHouse's name of what is asked of it.
    pub(super) fn of_clickhouse(self) -> &'static str {
        match self {
            Self::Json => "JSONCompact",
            Self::Ndjson => "JSONEachRow",
            Self::Csv => "CSVWithNames",
            Self::Arrow => "ArrowStream",
            Self::Parquet => "Parquet",
        }
    }

    /// Rows of the texts that have one a line; 0 of the others. The embedded engine does not count what it writes to a
    /// pipe, so `max_result_rows` says nothing there.
    fn lines(self, bytes: &[u8]) -> u64 {
        let mut is_quoted = false;
        let mut lines = 0;
        for byte in bytes {
            match byte {
                // A quote inside a text is doubled, and so closes and opens it.
                b'"' if self == Self::Csv => is_quoted = !is_quoted,
                b'\n' if !is_quoted => lines += 1,
                _ => {}
            }
        }
        match self {
            Self::Csv => lines - u64::from(lines > 0),
            Self::Ndjson => lines,
            Self::Json | Self::Arrow | Self::Parquet => 0,
        }
    }

    /// The answer to the client, from ClickHouse's bytes.
    ///
    /// # Errors
    /// When they are not what was asked for, or more rows than a result may have.
    pub(super) fn answer(
        self,
        bytes: Vec<u8>,
        window: (OffsetDateTime, OffsetDateTime),
        rows_max: u64,
    ) -> Result<Response, SqlRefusal> {
        if self.lines(&bytes) > rows_max {
            return Err(SqlRefusal::TooManyRows { rows_max });
        }
        let body = match self {
            Self::Json => {
                let Compact { meta, data, rows } = serde_json::from_slice(&bytes)?;
                if rows > rows_max {
                    return Err(SqlRefusal::TooManyRows { rows_max });
                }
                let answer = Answer {
                    computed_at: rfc3339(OffsetDateTime::now_utc()),
                    from: rfc3339(window.0),
                    to: rfc3339(window.1),
                    columns: meta,
                    rows: data,
                    row_count: rows,
                };
                serde_json::to_vec(&answer)?
            }
            _ => bytes,
        };
        let headers = [
            (CONTENT_TYPE, self.media_type()),
            (CACHE_CONTROL, "no-store"),
        ];
        Ok((headers, Bytes::from(body)).into_response())
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderMap;
    use axum::http::header::ACCEPT;

    use super::*;

    fn accepted(text: &'static str) -> Option<Format> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static(text));
        Format::accepted(headers.get_all(ACCEPT)).ok()
    }

    #[test]
    fn the_first_known_format_is_written() {
        assert_eq!(accepted("*/*"), Some(Format::Json));
        assert_eq!(accepted(""), Some(Format::Json));
        assert_eq!(accepted("text/html, text/csv;q=0.9"), Some(Format::Csv));
        assert_eq!(
            accepted("application/vnd.apache.parquet"),
            Some(Format::Parquet)
        );
        assert_eq!(accepted("text/html"), None);
    }
}
