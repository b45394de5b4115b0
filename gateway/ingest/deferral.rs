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

    /// Whether the way on is shut for now: what comes right behind would only wait as long.
    pub fn is_of_delivery(&self) -> bool {
        match self.reason {
            DeferReason::DeliveryFailed
            | DeferReason::DeliveryTimeout
            | DeferReason::SpoolFull
            | DeferReason::SpoolFailed => true,
            // Room comes back at any moment, and of what is held back some goes on.
            DeferReason::ProducerFull | DeferReason::Shed | DeferReason::OverQuota => false,
        }
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

/// Why the parts of one request are put off. All of them are looked at, whatever becomes of the first: behind
/// heartbeats that are held back there may be an end of a session.
#[derive(Clone, Copy, Debug)]
pub(super) struct PutOff {
    first: Option<Deferral>,
    of_next: Option<Deferral>,
}

impl PutOff {
    /// Before the first part; with a reason if the request as a whole is put off.
    pub(super) fn of(request: Option<Deferral>) -> Self {
        Self {
            first: request,
            of_next: request,
        }
    }

    /// Why the next part has to wait, if it does.
    pub(super) fn of_next(self) -> Option<Deferral> {
        self.of_next
    }

    /// A part was put off.
    pub(super) fn note(&mut self, deferral: Deferral) {
        self.first.get_or_insert(deferral);
        // The rest would wait as long for the same, one part after the other.
        if deferral.is_of_delivery() {
            self.of_next.get_or_insert(deferral);
        }
    }

    /// What the client is told; none: all of it is durable.
    pub(super) fn first(self) -> Option<Deferral> {
        self.first
    }
}
