//! Why a request as a whole is refused: nothing in it could be told apart into beacons.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::problem::Problem;

/// Why no beacon of the request was looked at.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestRefusal {
    /// The body is not JSON.
    #[error("the body is not JSON: {0}")]
    MalformedJson(String),
    /// The body is not protobuf.
    #[error("the body is not length-delimited protobuf: {0}")]
    MalformedProtobuf(&'static str),
    /// The body holds no beacon.
    #[error("the body holds no beacon")]
    EmptyBatch,
    /// The content type is not one that this door takes.
    #[error("content type `{0}` is not taken here; send {1}")]
    UnsupportedContentType(String, &'static str),
    /// The content encoding is not known.
    #[error("content encoding `{0}` is not taken; send gzip, zstd, br, deflate or none")]
    UnsupportedEncoding(String),
    /// The body is not what its content encoding says.
    #[error("the body is not valid {0}")]
    MalformedEncoding(&'static str),
    /// The body grows by more than beacons do.
    #[error("the body becomes more than {0} times larger")]
    TooCompressed(usize),
    /// The body is too large.
    #[error("the body exceeds {0} bytes; send smaller batches")]
    BodyTooLarge(usize),
    /// Too many beacons.
    #[error("the body holds more than {0} beacons; send smaller batches")]
    TooManyBeacons(usize),
    /// The access key is not one of those that are configured.
    #[error("the access key is not known here")]
    UnknownAccessKey,
    /// The body did not arrive in time.
    #[error("the body did not arrive in time")]
    BodyTimeout,
    /// The connection broke while the body arrived.
    #[error("the body could not be read")]
    BodyUnreadable,
    /// Too many bodies are being held.
    #[error("too many requests are being read; try again")]
    Overloaded,
}

impl RequestRefusal {
    /// Every name, in the order in which `docs/outcomes.md` lists them.
    pub const NAMES: [&'static str; 13] = [
        "malformed_json",
        "malformed_protobuf",
        "empty_batch",
        "unsupported_content_type",
        "unsupported_encoding",
        "malformed_encoding",
        "too_compressed",
        "body_too_large",
        "too_many_beacons",
        "unknown_access_key",
        "body_timeout",
        "body_unreadable",
        "overloaded",
    ];

    /// The stable name.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::MalformedJson(_) => "malformed_json",
            Self::MalformedProtobuf(_) => "malformed_protobuf",
            Self::EmptyBatch => "empty_batch",
            Self::UnsupportedContentType(..) => "unsupported_content_type",
            Self::UnsupportedEncoding(_) => "unsupported_encoding",
            Self::MalformedEncoding(_) => "malformed_encoding",
            Self::TooCompressed(_) => "too_compressed",
            Self::BodyTooLarge(_) => "body_too_large",
            Self::TooManyBeacons(_) => "too_many_beacons",
            Self::UnknownAccessKey => "unknown_access_key",
            Self::BodyTimeout => "body_timeout",
            Self::BodyUnreadable => "body_unreadable",
            Self::Overloaded => "overloaded",
        }
    }

    /// The status of the answer, where the door's protocol asks for no other.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::MalformedJson(_)
            | Self::MalformedProtobuf(_)
            | Self::EmptyBatch
            | Self::MalformedEncoding(_)
            | Self::BodyUnreadable => StatusCode::BAD_REQUEST,
            Self::UnsupportedContentType(..) | Self::UnsupportedEncoding(_) => {
                StatusCode::UNSUPPORTED_MEDIA_TYPE
            }
            Self::TooCompressed(_) | Self::BodyTooLarge(_) | Self::TooManyBeacons(_) => {
                StatusCode::PAYLOAD_TOO_LARGE
            }
            Self::UnknownAccessKey => StatusCode::UNAUTHORIZED,
            Self::BodyTimeout => StatusCode::REQUEST_TIMEOUT,
            Self::Overloaded => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

impl IntoResponse for RequestRefusal {
    fn into_response(self) -> Response {
        let reason = self.as_str();
        match self {
            Self::Overloaded => Problem::unavailable(reason, 1, self.to_string()),
            _ => Problem::new(self.status(), reason, self.to_string()),
        }
        .into_response()
    }
}
