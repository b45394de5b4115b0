//! What becomes of a beacon: each one that is received ends in exactly one outcome.
//!
//! The names are stable: they label the metric and stand in answers. `docs/outcomes.md` explains
//! each of them.

use crate::beacon::Beacon;

/// Why a beacon is refused for good; sending it again changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RefuseReason {
    /// A line of a batch is not JSON.
    MalformedJson,
    /// A line of a CMCD body is not a structured-field dictionary.
    MalformedCmcd,
    /// A message of a batch is not a beacon in protobuf.
    MalformedProtobuf,
    /// A record's data are in none of the forms that its door reads.
    MalformedRecord,
    /// A field has the wrong JSON type, or a number does not fit.
    BadType,
    /// A name is none of those that the field knows; an event's never is a reason.
    BadValue,
    /// No session id, or an empty one.
    MissingSessionId,
    /// No event.
    MissingEvent,
    /// The session id is longer than 128 bytes.
    SessionIdTooLong,
    /// A text is longer than `limits.text_max_bytes`.
    TextTooLong,
    /// A map has more entries than `limits.entries_max`.
    TooManyTags,
    /// The texts together exceed `limits.beacon_max_bytes`.
    BeaconTooLarge,
    /// Kafka's topic takes no message as large as this one beacon.
    TooLargeForKafka,
    /// A time outside of 1970 to 2100.
    BadTime,
    /// It happened before the late horizon.
    TooLate,
}

/// Why a valid report is deliberately not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DropReason {
    /// It belongs to no playback, such as a page view.
    NoPlayback,
    /// It was acknowledged a moment ago.
    Duplicate,
}

/// Why a valid beacon is not kept now; the request is answered 503 or 429 and is to be sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DeferReason {
    /// Too many beacons wait for their acknowledgement.
    ProducerFull,
    /// Kafka did not take it.
    DeliveryFailed,
    /// Kafka did not answer in time.
    DeliveryTimeout,
    /// The write key has no beacons left for now.
    OverQuota,
    /// It was held back so that what matters more finds room.
    Shed,
    /// Kafka did not take it, and the spool has no room.
    SpoolFull,
    /// Kafka did not take it, and the spool's disk fails.
    SpoolFailed,
}

/// The outcome of one beacon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Acknowledged by Kafka, or synced to the spool.
    Accepted,
    /// Refused for good.
    Refused(RefuseReason),
    /// Deliberately not kept.
    Dropped(DropReason),
    /// Not kept, to be sent again.
    Deferred(DeferReason),
}

impl RefuseReason {
    /// Every reason, in the order in which `docs/outcomes.md` lists them.
    pub const ALL: [Self; 15] = [
        Self::MalformedJson,
        Self::MalformedCmcd,
        Self::MalformedProtobuf,
        Self::MalformedRecord,
        Self::BadType,
        Self::BadValue,
        Self::MissingSessionId,
        Self::MissingEvent,
        Self::SessionIdTooLong,
        Self::TextTooLong,
        Self::TooManyTags,
        Self::BeaconTooLarge,
        Self::TooLargeForKafka,
        Self::BadTime,
        Self::TooLate,
    ];

    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::MalformedJson => "malformed_json",
            Self::MalformedCmcd => "malformed_cmcd",
            Self::MalformedProtobuf => "malformed_protobuf",
            Self::MalformedRecord => "malformed_record",
            Self::BadType => "bad_type",
            Self::BadValue => "bad_value",
            Self::MissingSessionId => "missing_session_id",
            Self::MissingEvent => "missing_event",
            Self::SessionIdTooLong => "session_id_too_long",
            Self::TextTooLong => "text_too_long",
            Self::TooManyTags => "too_many_tags",
            Self::BeaconTooLarge => "beacon_too_large",
            Self::TooLargeForKafka => "too_large_for_kafka",
            Self::BadTime => "bad_time",
            Self::TooLate => "too_late",
        }
    }
}

impl DropReason {
    /// Every reason, in the order in which `docs/outcomes.md` lists them.
    pub const ALL: [Self; 2] = [Self::NoPlayback, Self::Duplicate];

    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoPlayback => "no_playback",
            Self::Duplicate => "duplicate",
        }
    }

    /// For a person.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::NoPlayback => "it belongs to no playback",
            Self::Duplicate => "it was acknowledged a moment ago",
        }
    }
}

impl DeferReason {
    /// Every reason, in the order in which `docs/outcomes.md` lists them.
    pub const ALL: [Self; 7] = [
        Self::ProducerFull,
        Self::DeliveryFailed,
        Self::DeliveryTimeout,
        Self::SpoolFull,
        Self::SpoolFailed,
        Self::OverQuota,
        Self::Shed,
    ];

    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ProducerFull => "producer_full",
            Self::DeliveryFailed => "delivery_failed",
            Self::DeliveryTimeout => "delivery_timeout",
            Self::OverQuota => "over_quota",
            Self::Shed => "shed",
            Self::SpoolFull => "spool_full",
            Self::SpoolFailed => "spool_failed",
        }
    }
}

impl Outcome {
    /// The value of the label `outcome`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Refused(_) => "refused",
            Self::Dropped(_) => "dropped",
            Self::Deferred(_) => "deferred",
        }
    }

    /// The value of the label `reason`; empty when accepted.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Accepted => "",
            Self::Refused(reason) => reason.as_str(),
            Self::Dropped(reason) => reason.as_str(),
            Self::Deferred(reason) => reason.as_str(),
        }
    }
}

/// Why an accepted beacon enters no published number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unpublished {
    /// It comes from a test device, or with a key of tests.
    Test,
    /// It comes from a known robot.
    Bot,
}

impl Unpublished {
    /// Both reasons.
    pub const ALL: [Self; 2] = [Self::Test, Self::Bot];

    /// The one reason of a beacon that is left out; a robot's on test is left out as a test.
    pub fn of(beacon: &Beacon) -> Option<Self> {
        if beacon.is_test() {
            Some(Self::Test)
        } else if beacon.is_bot() {
            Some(Self::Bot)
        } else {
            None
        }
    }

    /// The value of the label `why`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Test => "test",
            Self::Bot => "bot",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_on_outcomes_lists_every_reason_in_order() {
        let page = include_str!("../../docs/outcomes.md");
        let listed: Vec<&str> = page
            .lines()
            .filter_map(|line| line.strip_prefix("| `")?.split_once('`'))
            .map(|(name, _)| name)
            .collect();
        let known: Vec<&str> = ["accepted"]
            .into_iter()
            .chain(RefuseReason::ALL.map(RefuseReason::as_str))
            .chain(DropReason::ALL.map(DropReason::as_str))
            .chain(DeferReason::ALL.map(DeferReason::as_str))
            .chain(crate::ingest::RequestRefusal::NAMES)
            .collect();
        assert_eq!(listed, known);
    }
}
