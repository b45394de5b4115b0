//! How the result of a query becomes an answer.

use axum::body::Bytes;
use axum::http::header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE, HeaderMap};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use time::OffsetDateTime;

use crate::analytics::params::Format;
use crate::analytics::stamp::rfc3339;

use super::names::told;
use super::refusal::SqlRefusal;

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
    /// The one that the client asks for.
    ///
    /// # Errors
    /// When it names only others.
    pub(super) fn of_client(headers: &HeaderMap) -> Result<Self, SqlRefusal> {
        Self::accepted(headers).ok_or_else(|| {
            let values = headers.get_all(ACCEPT).iter();
            let accepted: Vec<_> = values.filter_map(|value| value.to_str().ok()).collect();
            SqlRefusal::Format {
                accepted: told(&accepted.join(",")),
                known: Self::ALL.map(Self::media_type).join(", "),
            }
        })
    }

    /// ClickHouse's name of what is asked of it.
    pub(in crate::analytics) fn of_clickhouse(self) -> &'static str {
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
