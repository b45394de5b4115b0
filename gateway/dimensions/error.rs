//! Why nothing was loaded, and how the client is told.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::place::Place;
use super::{Dimension, FileFormat};
use crate::problem::Problem;
use crate::warehouse::WarehouseError;

/// Seconds after which a client may try again.
const RETRY_AFTER_SECONDS: u32 = 5;

/// Why nothing was loaded. After any of these the dimension is what it was before.
#[derive(Debug, thiserror::Error)]
pub enum DimensionError {
    /// There is no such dimension.
    #[error("there is no dimension `{0}`; there are content, programmes and viewers")]
    UnknownDimension(String),
    /// Rows of this dimension have no id of their own.
    #[error("one row of `{}` has no address; load a file of one row", .0.name())]
    NoSingleRow(Dimension),
    /// The tenant cannot be one.
    #[error("parameter `tenant`: 1 to 128 bytes without control characters")]
    BadTenant,
    /// The content type is not one that is taken.
    #[error("content type `{found}` is not taken here; send {taken}")]
    UnsupportedContentType {
        /// What was sent.
        found: String,
        /// What can be sent.
        taken: &'static str,
    },
    /// The body is compressed.
    #[error("content encoding `{0}` is not taken; send the file as it is")]
    UnsupportedEncoding(String),
    /// The body is too large.
    #[error("the body exceeds {0} bytes (dimensions.body_max_bytes); split the file")]
    BodyTooLarge(u64),
    /// The body did not go on arriving.
    #[error("the body stopped arriving")]
    BodyTimeout,
    /// The connection broke while the body arrived.
    #[error("the body could not be read")]
    BodyUnreadable,
    /// The file holds no row.
    #[error("the file holds no rows")]
    NoRows,
    /// The file is wrong somewhere.
    #[error("{place}: {reason}")]
    BadFile {
        /// Where.
        place: Place,
        /// What is wrong, and what would be right.
        reason: String,
    },
    /// As many loads are running as may.
    #[error("as many files are being loaded as may be at once (dimensions.loads_max)")]
    Busy,
    /// ClickHouse failed, refused, or took too long.
    #[error("the warehouse cannot take it")]
    Warehouse(#[from] WarehouseError),
    /// The load broke off inside the gateway.
    #[error("the load broke off")]
    BrokeOff,
}

impl DimensionError {
    /// A content type that no file has.
    pub(super) fn no_file(found: &str) -> Self {
        Self::UnsupportedContentType {
            found: found.to_owned(),
            taken: FileFormat::CONTENT_TYPES,
        }
    }

    /// Stable `snake_case` name of the reason.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::UnknownDimension(_) => "unknown_dimension",
            Self::NoSingleRow(_) => "no_single_row",
            Self::BadTenant => "bad_parameter",
            Self::UnsupportedContentType { .. } => "unsupported_content_type",
            Self::UnsupportedEncoding(_) => "unsupported_encoding",
            Self::BodyTooLarge(_) => "body_too_large",
            Self::BodyTimeout => "body_timeout",
            Self::BodyUnreadable => "body_unreadable",
            Self::NoRows => "no_rows",
            Self::BadFile { .. } => "bad_file",
            Self::Busy => "too_many_loads",
            Self::Warehouse(_) => "warehouse_unavailable",
            Self::BrokeOff => "internal_error",
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::UnknownDimension(_) | Self::NoSingleRow(_) => StatusCode::NOT_FOUND,
            Self::BadTenant | Self::BodyUnreadable | Self::NoRows | Self::BadFile { .. } => {
                StatusCode::BAD_REQUEST
            }
            Self::UnsupportedContentType { .. } | Self::UnsupportedEncoding(_) => {
                StatusCode::UNSUPPORTED_MEDIA_TYPE
            }
            Self::BodyTooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::BodyTimeout => StatusCode::REQUEST_TIMEOUT,
            Self::Busy | Self::Warehouse(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::BrokeOff => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl IntoResponse for DimensionError {
    fn into_response(self) -> Response {
        let (status, reason) = (self.status(), self.reason());
        if let Self::Warehouse(source) = &self {
            // What ClickHouse said stays in the log.
            tracing::error!(error = %source, "a dimension could not be loaded");
        }
        let detail = self.to_string();
        match status {
            StatusCode::SERVICE_UNAVAILABLE => Problem::unavailable(
                reason,
                RETRY_AFTER_SECONDS,
                format!("{detail}: try again in a moment"),
            ),
            _ => Problem::new(status, reason, detail),
        }
        .into_response()
    }
}
