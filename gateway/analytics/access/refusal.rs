//! Why a request may not read, and how the client is told.

use std::time::Duration;

use axum::http::header::WWW_AUTHENTICATE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use super::Scope;
use crate::gate::whole_seconds;
use crate::problem::Problem;

/// Why a request may not read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccessRefusal {
    /// It shows no key.
    #[error("send a read key: `Authorization: Bearer ph_read_…`")]
    NoKey,
    /// There is no such key.
    #[error("this read key is not known")]
    UnknownKey,
    /// Its time is over.
    #[error("this read key is no longer valid; ask for a new one")]
    Expired,
    /// It was revoked.
    #[error("this read key was revoked; ask for a new one")]
    Revoked,
    /// It does not open this.
    #[error("this needs a read key with the scope {0}")]
    MissingScope(Scope),
    /// More requests than it may send.
    #[error("this read key has no requests left for now; ask again in a moment")]
    TooManyRequests(Duration),
}

impl AccessRefusal {
    /// Stable `snake_case` name of the reason.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::NoKey => "missing_read_key",
            Self::UnknownKey => "unknown_read_key",
            Self::Expired => "expired_read_key",
            Self::Revoked => "revoked_read_key",
            Self::MissingScope(_) => "missing_scope",
            Self::TooManyRequests(_) => "too_many_requests",
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::NoKey | Self::UnknownKey | Self::Expired | Self::Revoked => {
                StatusCode::UNAUTHORIZED
            }
            Self::MissingScope(_) => StatusCode::FORBIDDEN,
            Self::TooManyRequests(_) => StatusCode::TOO_MANY_REQUESTS,
        }
    }
}

impl IntoResponse for AccessRefusal {
    fn into_response(self) -> Response {
        let status = self.status();
        let problem = Problem::new(status, self.reason(), self.to_string());
        let problem = match &self {
            Self::MissingScope(needed) => problem.with("scope", needed.as_str()),
            Self::TooManyRequests(wait) => problem.after(whole_seconds(*wait)),
            _ => problem,
        };
        let mut response = problem.into_response();
        if status == StatusCode::UNAUTHORIZED {
            let scheme = HeaderValue::from_static("Bearer");
            response.headers_mut().insert(WWW_AUTHENTICATE, scheme);
        }
        response
    }
}
