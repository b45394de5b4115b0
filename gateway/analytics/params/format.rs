//! How an answer is written.

use axum::http::header::{ACCEPT, HeaderMap};

use super::bad;
use super::query_string::QueryString;
use crate::analytics::error::QueryError;

/// A format that the client may ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// One JSON object.
    Json,
    /// A JSON object a line.
    Ndjson,
    /// Comma-separated values, with a line of names.
    Csv,
    /// Arrow's stream of record batches.
    Arrow,
    /// A Parquet file.
    Parquet,
}

impl Format {
    /// Every one of them.
    pub const ALL: [Self; 5] = [
        Self::Json,
        Self::Ndjson,
        Self::Csv,
        Self::Arrow,
        Self::Parquet,
    ];

    /// Its word in the parameter `format`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Ndjson => "ndjson",
            Self::Csv => "csv",
            Self::Arrow => "arrow",
            Self::Parquet => "parquet",
        }
    }

    /// Its name in `Accept` and `Content-Type`.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Ndjson => "application/x-ndjson",
            Self::Csv => "text/csv",
            Self::Arrow => "application/vnd.apache.arrow.stream",
            Self::Parquet => "application/vnd.apache.parquet",
        }
    }

    /// Whether it is no text, so that only the server writes it.
    pub fn is_binary(self) -> bool {
        matches!(self, Self::Arrow | Self::Parquet)
    }

    /// The first one that the client names and that is known; JSON when it names none. `None` when it names only others.
    pub fn accepted(headers: &HeaderMap) -> Option<Self> {
        let values = headers.get_all(ACCEPT).iter();
        let accepted: Vec<_> = values.filter_map(|value| value.to_str().ok()).collect();
        let accepted = accepted.join(",").to_ascii_lowercase();
        let mut kinds = accepted
            .split(',')
            .map(|kind| kind.split(';').next().unwrap_or_default().trim())
            .filter(|kind| !kind.is_empty())
            .peekable();
        if kinds.peek().is_none() {
            return Some(Self::Json);
        }
        kinds.find_map(|kind| match kind {
            "*/*" | "application/*" => Some(Self::Json),
            "text/*" => Some(Self::Csv),
            kind => Self::ALL
                .into_iter()
                .find(|format| format.media_type() == kind),
        })
    }
}

impl QueryString {
    /// The format: `format`, else what the client accepts, else JSON.
    ///
    /// # Errors
    /// When it is none that is written here.
    pub fn format(&mut self, headers: &HeaderMap) -> Result<Format, QueryError> {
        let words = Format::ALL.map(Format::word);
        let word = self.word("format", &words)?;
        let told = Format::ALL.into_iter().find(|format| format.word() == word);
        told.or_else(|| Format::accepted(headers)).ok_or_else(|| {
            let known = Format::ALL.map(Format::media_type).join(", ");
            bad("Accept", &format!("must have one of {known}"))
        })
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn accepted(text: &'static str) -> Option<Format> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static(text));
        Format::accepted(&headers)
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

    #[test]
    fn the_parameter_comes_before_the_header() {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("text/csv"));
        let format = |text| QueryString::of(&[("format", text)]).format(&headers).ok();
        assert_eq!(format("arrow"), Some(Format::Arrow));
        assert_eq!(format("xml"), None);
        assert_eq!(
            QueryString::of(&[]).format(&headers).ok(),
            Some(Format::Csv)
        );
    }
}
