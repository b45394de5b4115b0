//! Which files are taken, by content type and by name.

use std::path::Path;

/// How the rows of a file are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum FileFormat {
    /// Comma-separated, the first line names the columns.
    Csv,
    /// One JSON object a line.
    Ndjson,
    /// Apache Parquet.
    Parquet,
}

impl FileFormat {
    /// The content types that are taken, for messages.
    pub const CONTENT_TYPES: &str =
        "text/csv, application/x-ndjson or application/vnd.apache.parquet";

    /// By content type, lower-case and without parameters.
    pub fn of_content_type(content_type: &str) -> Option<Self> {
        match content_type {
            "text/csv" => Some(Self::Csv),
            "application/x-ndjson" | "application/jsonl" => Some(Self::Ndjson),
            "application/vnd.apache.parquet" => Some(Self::Parquet),
            _ => None,
        }
    }

    /// By the end of a file's name.
    pub fn of_file(file: &Path) -> Option<Self> {
        match file.extension()?.to_str()? {
            "csv" => Some(Self::Csv),
            "ndjson" | "jsonl" => Some(Self::Ndjson),
            "parquet" => Some(Self::Parquet),
            _ => None,
        }
    }

    /// Its content type.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv",
            Self::Ndjson => "application/x-ndjson",
            Self::Parquet => "application/vnd.apache.parquet",
        }
    }

    /// What ClickHouse calls it.
    pub(super) fn server_name(self) -> &'static str {
        match self {
            Self::Csv => "CSVWithNames",
            Self::Ndjson => "JSONEachRow",
            Self::Parquet => "Parquet",
        }
    }

    /// Whether the file has types of its own, lists among them; in the others all is text.
    pub(super) fn is_typed(self) -> bool {
        self == Self::Parquet
    }
}
