//! Why a query is not run, or has no answer, and how the client is told.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::analytics::error::QueryError;
use crate::problem::Problem;
use crate::warehouse::WarehouseError;

/// Seconds after which a client may ask again.
const RETRY_AFTER_SECONDS: u32 = 2;

/// What a check says.
pub(super) type Checked = Result<(), SqlRefusal>;

/// Why a query has no answer. `Display` says what to do.
#[derive(Debug, thiserror::Error)]
pub enum SqlRefusal {
    /// The installation takes no queries.
    #[error(
        "this installation takes no queries (`sql.enabled`): use the other resources of the API"
    )]
    Disabled,
    /// The request is not what the address takes.
    #[error("{0}")]
    Request(String),
    /// The body is larger than any query may be.
    #[error("the body is larger than {max_bytes} bytes")]
    Body {
        /// What is taken.
        max_bytes: usize,
    },
    /// None of the formats that the client accepts is known.
    #[error("none of `{accepted}` can be written; known are {known}")]
    Format {
        /// What `Accept` says.
        accepted: String,
        /// What can be written.
        known: String,
    },
    /// The text is too long, or nested too deeply.
    #[error("{0}")]
    TooLarge(String),
    /// The parser cannot read the text.
    #[error("line {line}, column {column}: {message}{advice}")]
    Unreadable {
        /// From 1; 0 at the end of the text.
        line: u64,
        /// From 1; 0 at the end of the text.
        column: u64,
        /// What the parser expected.
        message: String,
        /// What to write instead, where it is known; begins with a space.
        advice: String,
    },
    /// The text says something that is not on the lists.
    #[error("{what} is not allowed here: {instead}")]
    NotAllowed {
        /// What it says.
        what: String,
        /// What to write instead.
        instead: String,
    },
    /// The parser does not read back what it wrote itself.
    #[error("this query cannot be written again without changing it: write it in plainer words")]
    Unstable,
    /// More would be read than one query may.
    #[error(
        "about {estimated_rows} rows would be read, {rows_max} are allowed: give `from` and `to`, a shorter window, or a coarser view"
    )]
    TooExpensive {
        /// What ClickHouse estimates.
        estimated_rows: u64,
        /// What is configured.
        rows_max: u64,
    },
    /// The result is larger than it may be as written.
    #[error("the result is larger than {max_bytes} bytes: ask for fewer columns, or add a LIMIT")]
    TooMuch {
        /// What is configured.
        max_bytes: u64,
    },
    /// The result has more rows than it may.
    #[error("the result has more than {rows_max} rows: add a LIMIT, or group")]
    TooManyRows {
        /// What is configured.
        rows_max: u64,
    },
    /// ClickHouse stopped at a limit.
    #[error("ClickHouse stopped the query (code {code}): {message}")]
    Limit {
        /// Its error code.
        code: u32,
        /// Its words, without addresses.
        message: String,
    },
    /// ClickHouse does not run such a query.
    #[error("ClickHouse refused the query (code {code}): {message}")]
    Failed {
        /// Its error code.
        code: u32,
        /// Its words, without addresses.
        message: String,
    },
    /// It took longer than a query may.
    #[error(
        "no answer within {after_ms} ms: give a shorter window, or ask again when fewer queries run"
    )]
    TimedOut {
        /// What is configured.
        after_ms: u64,
    },
    /// As many run as may.
    #[error("too many queries at once: ask again in a moment")]
    Busy,
    /// ClickHouse is away.
    #[error("the warehouse cannot answer: ask again in a moment")]
    Warehouse(#[from] WarehouseError),
    /// An answer is not of the shape that was asked for.
    #[error("the answer cannot be written")]
    Answer(#[from] serde_json::Error),
    /// The check of the query broke off.
    #[error("the query cannot be checked")]
    Check,
}

/// Something that is on none of the lists.
pub(super) fn not_allowed(what: impl Into<String>, instead: impl Into<String>) -> SqlRefusal {
    SqlRefusal::NotAllowed {
        what: what.into(),
        instead: instead.into(),
    }
}

/// Refuses `what` unless it is absent.
pub(super) fn absent(is_absent: bool, what: &str, instead: &str) -> Checked {
    if is_absent {
        Ok(())
    } else {
        Err(not_allowed(what, instead))
    }
}

impl SqlRefusal {
    /// Stable `snake_case` name of the reason.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Disabled => "sql_disabled",
            Self::Request(_) => "bad_parameter",
            Self::Body { .. } => "body_too_large",
            Self::Format { .. } => "not_acceptable",
            Self::TooLarge(_) => "sql_too_large",
            Self::Unreadable { .. } => "sql_unreadable",
            Self::NotAllowed { .. } | Self::Unstable => "sql_not_allowed",
            Self::TooExpensive { .. } => "sql_too_expensive",
            Self::TooMuch { .. }
            | Self::TooManyRows { .. }
            | Self::Limit { .. }
            | Self::TimedOut { .. } => "sql_limit",
            Self::Failed { .. } => "sql_failed",
            Self::Busy => "too_many_queries",
            Self::Warehouse(_) => "warehouse_unavailable",
            Self::Answer(_) | Self::Check => "internal_error",
        }
    }

    /// What a program may read of it, beside the sentence.
    fn members(&self, problem: Problem) -> Problem {
        match self {
            Self::Unreadable {
                line,
                column,
                advice,
                ..
            } => problem
                .with("line", *line)
                .with("column", *column)
                .with("advice", advice.trim()),
            Self::NotAllowed { what, instead } => problem
                .with("what", what.as_str())
                .with("advice", instead.as_str()),
            Self::TooExpensive {
                estimated_rows,
                rows_max,
            } => problem
                .with("estimated_rows", *estimated_rows)
                .with("rows_max", *rows_max),
            Self::Limit { code, .. } | Self::Failed { code, .. } => problem.with("code", *code),
            _ => problem,
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::Disabled => StatusCode::FORBIDDEN,
            Self::Body { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Format { .. } => StatusCode::NOT_ACCEPTABLE,
            Self::Request(_)
            | Self::TooLarge(_)
            | Self::Unreadable { .. }
            | Self::NotAllowed { .. }
            | Self::Unstable
            | Self::Failed { .. } => StatusCode::BAD_REQUEST,
            Self::TooExpensive { .. }
            | Self::TooMuch { .. }
            | Self::TooManyRows { .. }
            | Self::Limit { .. }
            | Self::TimedOut { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Busy | Self::Warehouse(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Answer(_) | Self::Check => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl From<QueryError> for SqlRefusal {
    fn from(error: QueryError) -> Self {
        Self::Request(error.to_string())
    }
}

impl IntoResponse for SqlRefusal {
    fn into_response(self) -> Response {
        let status = self.status();
        if status.is_server_error() {
            // What ClickHouse said, with its address, stays in the log.
            tracing::error!(reason = self.reason(), error = ?self, "a query has no answer");
        }
        if status == StatusCode::SERVICE_UNAVAILABLE {
            let problem =
                Problem::unavailable(self.reason(), RETRY_AFTER_SECONDS, self.to_string());
            return problem.into_response();
        }
        self.members(Problem::new(status, self.reason(), self.to_string()))
            .into_response()
    }
}
