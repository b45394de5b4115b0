//! What a client is told when valid beacons of its request are not kept now.

use std::time::Duration;

use axum::http::StatusCode;

use super::DeferReason;
use crate::gate::whole_seconds;
use crate::problem::Problem;

/// Why the same request is to be sent again, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deferral {
    reason: DeferReason,
    retry_after_seconds: u32,
}

impl Deferral {
    /// For this reason, after the time that is usual for it.
    pub fn new(reason: DeferReason) -> Self {
        let retry_after_seconds = match reason {
            DeferReason::ProducerFull
            | DeferReason::DeliveryFailed
            | DeferReason::DeliveryTimeout
            | DeferReason::OverQuota => 1,
            // A disk does not recover within a second.
            DeferReason::SpoolFull | DeferReason::SpoolFailed => 5,
            // What is held back has time, and should come when the others have passed.
            DeferReason::Shed => 5,
        };
        Self {
            reason,
            retry_after_seconds,
        }
    }

    /// For this reason, after this time.
    pub fn after(reason: DeferReason, wait: Duration) -> Self {
        Self {
            reason,
            retry_after_seconds: whole_seconds(wait),
        }
    }

    /// Why.
    pub fn reason(&self) -> DeferReason {
        self.reason
    }

    /// The answer where the door's protocol has no form of its own.
    pub fn problem(&self) -> Problem {
        let (status, what) = match self.reason {
            DeferReason::ProducerFull => (
                StatusCode::SERVICE_UNAVAILABLE,
                "too many beacons wait for Kafka",
            ),
            DeferReason::DeliveryFailed => {
                (StatusCode::SERVICE_UNAVAILABLE, "Kafka did not acknowledge")
            }
            DeferReason::DeliveryTimeout => (
                StatusCode::SERVICE_UNAVAILABLE,
                "Kafka did not acknowledge in time",
            ),
            DeferReason::SpoolFull => (
                StatusCode::SERVICE_UNAVAILABLE,
                "Kafka does not answer, and the spool is full",
            ),
            DeferReason::SpoolFailed => (
                StatusCode::SERVICE_UNAVAILABLE,
                "Kafka does not answer, and the spool's disk fails",
            ),
            DeferReason::OverQuota => (
                StatusCode::TOO_MANY_REQUESTS,
                "the write key has no beacons left for now",
            ),
            DeferReason::Shed => (
                StatusCode::SERVICE_UNAVAILABLE,
                "there is more than can be taken, and starts, ends, errors and ads go first",
            ),
        };
        Problem {
            retry_after_seconds: Some(self.retry_after_seconds),
            ..Problem::new(
                status,
                self.reason.as_str(),
                format!("{what}; send the same request again"),
            )
        }
    }
}
