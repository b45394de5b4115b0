use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Problems;

/// Who may read the analytics API; `docs/read-keys.md`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReadKeysConfig {
    /// Whether keys are asked for.
    pub mode: ReadKeysMode,
    /// The keys, as `playhead keys make --read` writes them.
    pub keys_file: PathBuf,
    /// How often the file is looked at; ms.
    pub keys_reload_ms: u64,
    /// Requests a second of a key that tells no rate of its own; twice as many may come at once.
    pub requests_per_second: NonZeroU32,
}

/// Whether keys are asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReadKeysMode {
    /// Whoever reaches the port reads the tenant `default`.
    #[default]
    Off,
    /// Who shows no key is refused; a key reads its own tenant.
    Enforce,
}

impl Default for ReadKeysConfig {
    fn default() -> Self {
        Self {
            mode: ReadKeysMode::Off,
            keys_file: PathBuf::from("read-keys.json"),
            keys_reload_ms: 1_000,
            requests_per_second: NonZeroU32::MIN.saturating_add(49),
        }
    }
}

impl ReadKeysConfig {
    /// See [`Self::keys_reload_ms`].
    pub fn keys_reload(&self) -> Duration {
        Duration::from_millis(self.keys_reload_ms)
    }

    pub(super) fn validate(&self, problems: &mut Problems) {
        problems.require(
            self.mode == ReadKeysMode::Off || !self.keys_file.as_os_str().is_empty(),
            "read_keys.keys_file",
            "must name a file unless read_keys.mode is off; `playhead keys make --read` writes one",
        );
        problems.require(
            self.keys_reload_ms >= 100,
            "read_keys.keys_reload_ms",
            "must be at least 100, or looking at the file is all the process does",
        );
    }
}
