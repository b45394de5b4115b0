//! What the gateway answers to a batch.

use serde::Deserialize;

/// The answer of `POST /v1/beacons`.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Answer {
    pub(crate) received: u64,
    pub(crate) accepted: u64,
    #[serde(default)]
    pub(crate) refused: u64,
    #[serde(default)]
    pub(crate) dropped: u64,
    /// Only the beacons that were not accepted.
    #[serde(default)]
    pub(crate) results: Vec<NotAccepted>,
}

/// Why one beacon of a batch was not accepted.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct NotAccepted {
    #[serde(default)]
    pub(crate) outcome: String,
    #[serde(default)]
    pub(crate) reason: String,
    #[serde(default)]
    pub(crate) field: Option<String>,
    #[serde(default)]
    pub(crate) message: Option<String>,
}

impl Answer {
    /// Whether every beacon of a batch of that length was taken.
    pub(crate) fn took_all(&self, length: usize) -> bool {
        self.received == length as u64
            && self.accepted == self.received
            && self.refused + self.dropped == 0
    }

    /// Why not, in words.
    pub(crate) fn complaint(&self) -> String {
        let first = self.results.first().map_or_else(String::new, |result| {
            let field = result.field.as_deref().unwrap_or("-");
            let message = result.message.as_deref().unwrap_or("");
            format!(
                "; first: {} {} {field} {message}",
                result.outcome, result.reason
            )
        });
        let Self {
            received,
            accepted,
            refused,
            dropped,
            ..
        } = self;
        format!(
            "received {received}, accepted {accepted}, refused {refused}, dropped {dropped}{first}"
        )
    }
}
