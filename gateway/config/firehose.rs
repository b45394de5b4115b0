use serde::{Deserialize, Serialize};

use super::{Problems, Secret};

/// The door for Amazon Data Firehose.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FirehoseConfig {
    /// Access keys that delivery streams may send; empty: any, and none. Two of them, while one
    /// replaces the other.
    pub access_keys: Vec<Secret>,
    /// Largest request body, also after decompression; bytes. Firehose writes its records in base64:
    /// four thirds of its buffer size.
    pub body_max_bytes: usize,
}

impl Default for FirehoseConfig {
    fn default() -> Self {
        Self {
            access_keys: Vec::new(),
            body_max_bytes: 8 * 1024 * 1024,
        }
    }
}

impl FirehoseConfig {
    /// Whether this is one of the access keys.
    pub fn lists(&self, key: Option<&[u8]>) -> bool {
        let key = key.unwrap_or_default();
        let is_known = |known: &Secret| is_same(known.reveal().as_bytes(), key);
        // All of them are compared, so that the time tells nothing of which one was close.
        self.access_keys
            .iter()
            .filter(|known| is_known(known))
            .count()
            > 0
    }

    pub(super) fn validate(&self, bodies_max_bytes: usize, problems: &mut Problems) {
        problems.require(
            (1024..=bodies_max_bytes).contains(&self.body_max_bytes),
            "firehose.body_max_bytes",
            "must be at least 1024 and at most http.bodies_in_flight_max_bytes",
        );
        problems.require(
            self.access_keys.iter().all(|key| !key.reveal().is_empty()),
            "firehose.access_keys",
            "must not hold an empty key; leave the list empty to take every delivery",
        );
    }
}

/// Compares in a time that depends on the lengths alone.
fn is_same(known: &[u8], given: &[u8]) -> bool {
    let differing = known
        .iter()
        .zip(given)
        .fold(0, |bits, (a, b)| bits | (a ^ b));
    known.len() == given.len() && differing == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_key_of_the_list_is_listed() {
        let config: FirehoseConfig =
            serde_json::from_str(r#"{"access_keys":["first","second"]}"#).unwrap();
        for (key, is_listed) in [
            (Some("first"), true),
            (Some("second"), true),
            (Some("firs"), false),
            (Some("first "), false),
            (Some(""), false),
            (None, false),
        ] {
            assert_eq!(config.lists(key.map(str::as_bytes)), is_listed, "{key:?}");
        }
        assert!(!FirehoseConfig::default().lists(None));
    }
}
