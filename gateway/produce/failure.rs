//! Why Kafka did not take a message.

use rdkafka::error::{KafkaError, RDKafkaErrorCode};

/// The kinds of failure that are answered in different ways, and the label of each in metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The message is larger than the topic or the broker allows: it goes again in parts.
    TooLarge,
    /// librdkafka holds as much as it may.
    QueueFull,
    /// No acknowledgement in time.
    TimedOut,
    /// There is no such topic, or no such partition of it.
    TopicMissing,
    /// The user may not write.
    Denied,
    /// The brokers know neither user nor certificate.
    LoginRefused,
    /// The idempotent producer has lost its sequence, and is replaced.
    Fatal,
    /// Anything else, such as a broker that is away.
    Other,
}

impl Failure {
    /// Every kind.
    #[cfg(test)]
    const ALL: [Self; 8] = [
        Self::TooLarge,
        Self::QueueFull,
        Self::TimedOut,
        Self::TopicMissing,
        Self::Denied,
        Self::LoginRefused,
        Self::Fatal,
        Self::Other,
    ];

    /// The kind of an error.
    pub(super) fn of(error: &KafkaError) -> Self {
        error
            .rdkafka_error_code()
            .map_or(Self::Other, Self::of_code)
    }

    pub(super) fn of_code(code: RDKafkaErrorCode) -> Self {
        match code {
            RDKafkaErrorCode::MessageSizeTooLarge
            | RDKafkaErrorCode::MessageBatchTooLarge
            | RDKafkaErrorCode::InvalidMessageSize => Self::TooLarge,
            RDKafkaErrorCode::QueueFull => Self::QueueFull,
            RDKafkaErrorCode::MessageTimedOut
            | RDKafkaErrorCode::OperationTimedOut
            | RDKafkaErrorCode::TimedOutQueue
            | RDKafkaErrorCode::RequestTimedOut => Self::TimedOut,
            RDKafkaErrorCode::UnknownTopicOrPartition
            | RDKafkaErrorCode::UnknownTopic
            | RDKafkaErrorCode::UnknownPartition
            | RDKafkaErrorCode::InvalidTopic => Self::TopicMissing,
            RDKafkaErrorCode::TopicAuthorizationFailed
            | RDKafkaErrorCode::ClusterAuthorizationFailed
            | RDKafkaErrorCode::TransactionalIdAuthorizationFailed => Self::Denied,
            RDKafkaErrorCode::Authentication
            | RDKafkaErrorCode::SaslAuthenticationFailed
            | RDKafkaErrorCode::UnsupportedSASLMechanism
            | RDKafkaErrorCode::IllegalSASLState
            | RDKafkaErrorCode::SSL => Self::LoginRefused,
            RDKafkaErrorCode::Fatal => Self::Fatal,
            _ => Self::Other,
        }
    }

    /// The label of the metric.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::TooLarge => "too_large",
            Self::QueueFull => "queue_full",
            Self::TimedOut => "timed_out",
            Self::TopicMissing => "topic_missing",
            Self::Denied => "denied",
            Self::LoginRefused => "login_refused",
            Self::Fatal => "fatal",
            Self::Other => "other",
        }
    }

    /// Whether waiting mends nothing: somebody has to change something.
    pub(super) fn needs_a_hand(self) -> bool {
        matches!(self, Self::TopicMissing | Self::Denied | Self::LoginRefused)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_kind_has_a_label_of_its_own() {
        let labels: BTreeSet<_> = Failure::ALL.map(Failure::as_str).into();
        assert_eq!(labels.len(), Failure::ALL.len());
    }

    #[test]
    fn an_outage_mends_itself_and_a_missing_right_does_not() {
        let of = |code| Failure::of(&KafkaError::MessageProduction(code));
        for code in [
            RDKafkaErrorCode::MessageTimedOut,
            RDKafkaErrorCode::BrokerTransportFailure,
            RDKafkaErrorCode::NotEnoughReplicas,
            RDKafkaErrorCode::QueueFull,
            RDKafkaErrorCode::Fatal,
        ] {
            assert!(!of(code).needs_a_hand(), "{code:?}");
        }
        for code in [
            RDKafkaErrorCode::TopicAuthorizationFailed,
            RDKafkaErrorCode::ClusterAuthorizationFailed,
            RDKafkaErrorCode::UnknownTopicOrPartition,
            RDKafkaErrorCode::SaslAuthenticationFailed,
        ] {
            assert!(of(code).needs_a_hand(), "{code:?}");
        }
    }
}
