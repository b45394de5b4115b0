//! Why a question has no answer, and how the client is told.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::problem::Problem;
use crate::warehouse::WarehouseError;

/// Seconds after which a client may ask again.
const RETRY_AFTER_SECONDS: u32 = 2;

/// Why a question has no answer.
#[derive(Debug, thiserror::Error)]
pub enum QueryError {
    /// A parameter cannot be used.
    #[error("parameter `{name}`: {reason}")]
    BadParameter {
        /// Its name.
        name: String,
        /// What is wrong and what is allowed.
        reason: String,
    },
    /// There is no such session.
    #[error("there is no session `{0}`")]
    UnknownSession(String),
    /// All queries that may run at once are running.
    #[error("too many questions at once")]
    Busy,
    /// ClickHouse failed, refused, or took too long.
    #[error("the warehouse cannot answer")]
    Warehouse(#[from] WarehouseError),
    /// A result is not of the shape that its query promises.
    #[error("the result of {query} has an unexpected shape")]
    Shape {
        /// Name of the query's file.
        query: &'static str,
        /// What does not fit.
        source: serde_json::Error,
    },
    /// Another question that was answered at the same time needed the same, and it failed.
    #[error(transparent)]
    Shared(Arc<Self>),
    /// An answer cannot be written as JSON.
    #[error("the answer cannot be written")]
    Answer(#[from] serde_json::Error),
}

impl QueryError {
    /// Stable `snake_case` name of the reason.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::BadParameter { .. } => "bad_parameter",
            Self::UnknownSession(_) => "unknown_session",
            Self::Busy => "too_many_queries",
            Self::Warehouse(_) => "warehouse_unavailable",
            Self::Shared(error) => error.reason(),
            Self::Shape { .. } | Self::Answer(_) => "internal_error",
        }
    }

    /// Whether the warehouse is away, slow or busy, so that a former answer is better than none.
    pub fn is_outage(&self) -> bool {
        match self {
            Self::Shared(error) => error.is_outage(),
            _ => matches!(self, Self::Busy | Self::Warehouse(_)),
        }
    }

    /// Whether the client asked for what there is not.
    pub fn is_of_client(&self) -> bool {
        self.problem().status.is_client_error()
    }

    /// The answer to the client; what ClickHouse said stays in the log.
    pub fn problem(&self) -> Problem {
        match self {
            Self::BadParameter { .. } => {
                Problem::new(StatusCode::BAD_REQUEST, self.reason(), self.to_string())
            }
            Self::UnknownSession(_) => {
                Problem::new(StatusCode::NOT_FOUND, self.reason(), self.to_string())
            }
            Self::Busy | Self::Warehouse(_) => Problem::unavailable(
                self.reason(),
                RETRY_AFTER_SECONDS,
                format!("{self}: ask again in a moment"),
            ),
            Self::Shared(error) => error.problem(),
            Self::Shape { .. } | Self::Answer(_) => Problem::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                self.reason(),
                self.to_string(),
            ),
        }
    }
}

/// A failure that may be shared by all who waited for the same answer.
#[derive(Clone, Debug)]
pub struct Refusal(pub Arc<QueryError>);

impl From<QueryError> for Refusal {
    fn from(error: QueryError) -> Self {
        Self(Arc::new(error))
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        self.0.problem().into_response()
    }
}
