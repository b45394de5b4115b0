//! The keys in force: those of the file as it was last in order.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::{ArcSwap, Guard};
use tokio_util::sync::CancellationToken;

use super::file::{KeyFile, KeyFileError};
use super::table::KeyTable;
use crate::metrics;
use crate::reload;

/// The table that requests look into; clones share it.
#[derive(Clone, Default)]
pub struct LiveKeys(Arc<ArcSwap<KeyTable>>);

impl LiveKeys {
    /// No keys at all.
    pub fn none() -> Self {
        Self::default()
    }

    /// Reads the file, and again whenever it has changed, until `end`. A file that cannot be used
    /// then leaves the former keys in force.
    ///
    /// # Errors
    /// A file that cannot be used now.
    pub fn open(
        path: &Path,
        every: Duration,
        end: CancellationToken,
    ) -> Result<Self, KeyFileError> {
        let keys = Self::default();
        let files = vec![path.to_owned()];
        let stamp = reload::stamp(&files);
        keys.load(path)?;
        let (live, path) = (keys.clone(), path.to_owned());
        reload::watch(files, stamp, every, end, move || live.load_again(&path));
        Ok(keys)
    }

    /// The table as it is now.
    pub fn now(&self) -> Guard<Arc<KeyTable>> {
        self.0.load()
    }

    fn load(&self, path: &Path) -> Result<usize, KeyFileError> {
        let table = KeyTable::new(KeyFile::read(path)?, &self.now())?;
        let active = table.active();
        metrics::keys_in_force(active);
        self.0.store(Arc::new(table));
        Ok(active)
    }

    fn load_again(&self, path: &Path) {
        match self.load(path) {
            Ok(active) => {
                metrics::file_reloaded("keys", true);
                tracing::info!(active, "the write keys were read again");
            }
            Err(error) => {
                metrics::file_reloaded("keys", false);
                let error = anyhow::Error::from(error);
                tracing::error!(
                    file = %path.display(),
                    error = format!("{error:#}"),
                    "the write keys cannot be read; the former ones stay in force"
                );
            }
        }
    }
}
