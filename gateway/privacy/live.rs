//! The keys of hashes in force: from the environment, or from a file as it was last in order.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use arc_swap::ArcSwap;
use tokio_util::sync::CancellationToken;

use super::keys::{HashKeys, HashKeysError};
use crate::config::PrivacyConfig;
use crate::{metrics, reload};

/// How often the file is looked at. A key begins with its day, so it is there long before.
const RELOAD: Duration = Duration::from_secs(5);
/// Largest file; bytes.
const FILE_MAX_BYTES: u64 = 1024 * 1024;

/// The keys that requests use.
pub(super) struct LiveKeys(Arc<ArcSwap<HashKeys>>);

impl LiveKeys {
    /// Reads what is configured, and a file again whenever it has changed, until `end`. A file that
    /// cannot be used then leaves the former keys in force.
    ///
    /// # Errors
    /// Keys that cannot be used now, or none in force where a policy needs one.
    pub(super) fn open(
        config: &PrivacyConfig,
        end: &CancellationToken,
    ) -> Result<Self, HashKeysError> {
        let (file, told) = (&config.hash_keys_file, config.hash_keys.reveal());
        let is_from_file = !file.as_os_str().is_empty();
        let files = vec![file.clone()];
        let stamp = reload::stamp(&files);
        let keys = if is_from_file {
            read(file)?
        } else {
            // In a variable of the environment a semicolon ends the line.
            HashKeys::of_text(&told.replace(';', "\n"))?
        };
        if config.needs_keys() && keys.in_force(now_ms()).is_none() {
            return Err(HashKeysError::NoneInForce);
        }
        let live = Arc::new(ArcSwap::from_pointee(keys));
        if is_from_file {
            let (again, path, is_needed) = (live.clone(), file.clone(), config.needs_keys());
            reload::watch(files, stamp, RELOAD, end.clone(), move || {
                load_again(&again, &path, is_needed);
            });
        }
        Ok(Self(live))
    }

    /// The keys as they are now.
    pub(super) fn now(&self) -> Arc<HashKeys> {
        self.0.load_full()
    }
}

fn read(path: &Path) -> Result<HashKeys, HashKeysError> {
    let unreadable = |error: std::io::Error| HashKeysError::Unreadable(error.to_string());
    if fs::metadata(path).map_err(unreadable)?.len() > FILE_MAX_BYTES {
        return Err(HashKeysError::Unreadable("it exceeds 1 MiB".into()));
    }
    HashKeys::of_text(&fs::read_to_string(path).map_err(unreadable)?)
}

fn load_again(live: &ArcSwap<HashKeys>, path: &Path, is_needed: bool) {
    let read = read(path).and_then(|keys| {
        if is_needed && keys.in_force(now_ms()).is_none() {
            return Err(HashKeysError::NoneInForce);
        }
        Ok(keys)
    });
    metrics::file_reloaded("hash_keys", read.is_ok());
    match read {
        Ok(keys) => {
            live.store(Arc::new(keys));
            tracing::info!("the keys of hashes were read again");
        }
        Err(error) => tracing::error!(
            file = %path.display(),
            %error,
            "the keys of hashes cannot be read; the former ones stay in force"
        ),
    }
}

fn now_ms() -> i64 {
    let elapsed = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    elapsed.map_or(0, |elapsed| i64::try_from(elapsed.as_millis()).unwrap_or(0))
}
