//! Why a request as a whole is refused: nothing in it could be told apart into beacons.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::gate::DoorName;
use crate::problem::Problem;
use crate::produce::Loop;

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
    /// No write key.
    #[error("a write key is needed here: send it as header x-playhead-key or as ?key=")]
    MissingKey,
    /// No such write key.
    #[error("the write key is not known here")]
    UnknownKey,
    /// The write key was revoked.
    #[error("the write key was revoked")]
    RevokedKey,
    /// The write key is for other doors.
    #[error("the write key is not for the door {0}")]
    DoorNotAllowed(DoorName),
    /// The write key is for pages of other origins.
    #[error("the write key is not for pages of this origin")]
    OriginNotAllowed,
    /// The client sends too many requests; when to send again, in seconds.
    #[error("too many requests from this address; send again in {0} s")]
    TooManyRequests(u32),
    /// Gateways forward to each other without end.
    #[error("{0}")]
    ForwardingLoop(Loop),
    /// The body did not arrive in time.
    #[error("the body did not arrive in time")]
    BodyTimeout,
    /// The connection broke while the body arrived.
    #[error("the body could not be read")]
    BodyUnreadable,
    /// Too many bodies are being held.
    #[error("too many requests are being read; try again")]
    Overloaded,
    /// There was no answer in time.
    #[error("the request took too long; send it again")]
    RequestTimeout,
}

impl RequestRefusal {
    /// Every name, in the order in which `docs/outcomes.md` lists them.
    pub const NAMES: [&'static str; 21] = [
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
        "missing_key",
        "unknown_key",
        "revoked_key",
        "door_not_allowed",
        "origin_not_allowed",
        "too_many_requests",
        "forwarding_loop",
        "body_timeout",
        "body_unreadable",
        "overloaded",
        "request_timeout",
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
            Self::MissingKey => "missing_key",
            Self::UnknownKey => "unknown_key",
            Self::RevokedKey => "revoked_key",
            Self::DoorNotAllowed(_) => "door_not_allowed",
            Self::OriginNotAllowed => "origin_not_allowed",
            Self::TooManyRequests(_) => "too_many_requests",
            Self::ForwardingLoop(_) => "forwarding_loop",
            Self::RequestTimeout => "request_timeout",
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
            Self::UnknownAccessKey | Self::MissingKey | Self::UnknownKey => {
                StatusCode::UNAUTHORIZED
            }
            Self::RevokedKey | Self::DoorNotAllowed(_) | Self::OriginNotAllowed => {
                StatusCode::FORBIDDEN
            }
            Self::TooManyRequests(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::ForwardingLoop(_) => StatusCode::LOOP_DETECTED,
            Self::BodyTimeout => StatusCode::REQUEST_TIMEOUT,
            Self::Overloaded | Self::RequestTimeout => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// When the same request may be sent again; seconds. None where that changes nothing.
    pub fn retry_after_seconds(&self) -> Option<u32> {
        match self {
            Self::TooManyRequests(seconds) => Some(*seconds),
            Self::Overloaded | Self::RequestTimeout => Some(1),
            _ => None,
        }
    }

    /// Whether the same request would be refused again, whenever it is sent.
    pub fn is_for_good(&self) -> bool {
        !matches!(
            self,
            Self::TooManyRequests(_)
                | Self::BodyTimeout
                | Self::BodyUnreadable
                | Self::Overloaded
                | Self::RequestTimeout
        )
    }

    /// Whether it is the gate's word on the key, which sending again does not change.
    pub fn is_of_the_key(&self) -> bool {
        matches!(
            self,
            Self::MissingKey
                | Self::UnknownKey
                | Self::RevokedKey
                | Self::DoorNotAllowed(_)
                | Self::OriginNotAllowed
        )
    }

    /// The sentence without what the body held: for others than its client.
    pub fn impersonal(&self) -> String {
        match self {
            Self::MalformedJson(_) => without_quoted(&self.to_string()),
            _ => self.to_string(),
        }
    }

    /// The answer where the door's protocol has no form of its own.
    pub fn problem(&self) -> Problem {
        Problem {
            retry_after_seconds: self.retry_after_seconds(),
            ..Problem::new(self.status(), self.as_str(), self.to_string())
        }
    }
}

/// A message of a parser without the values that it quotes.
pub(crate) fn without_quoted(message: &str) -> String {
    let mut left = String::with_capacity(message.len());
    let mut within = None;
    let mut letters = message.chars();
    while let Some(letter) = letters.next() {
        match within {
            // What follows it is quoted as well, be it a quotation mark.
            Some(_) if letter == '\\' => {
                letters.next();
            }
            Some(mark) if letter == mark => {
                within = None;
                left.push(letter);
            }
            Some(_) => {}
            None => {
                left.push(letter);
                if matches!(letter, '"' | '`') {
                    within = Some(letter);
                    left.push_str("...");
                }
            }
        }
    }
    left
}

impl IntoResponse for RequestRefusal {
    fn into_response(self) -> Response {
        self.problem().into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn others_are_not_told_what_a_body_held() {
        let told = |message: &str| RequestRefusal::MalformedJson(message.into()).impersonal();
        assert_eq!(
            told(r#"invalid type: string "a \"secret\"", expected u64 at line 1"#),
            r#"the body is not JSON: invalid type: string "...", expected u64 at line 1"#
        );
        assert_eq!(
            told("invalid type: integer `4711`, expected a string"),
            "the body is not JSON: invalid type: integer `...`, expected a string"
        );
        // One that was cut off.
        assert_eq!(told("string \"secr"), "the body is not JSON: string \"...");
    }
}
