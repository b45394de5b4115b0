//! The read keys in force: those of the file as it was last in order.

use std::num::NonZeroU32;
use std::path::Path;
use std::sync::Arc;

use arc_swap::{ArcSwap, Guard};
use tokio_util::sync::CancellationToken;

use super::file::ReadKeyFile;
use super::table::ReadKeyTable;
use crate::config::ReadKeysConfig;
use crate::gate::keys::KeyFileError;
use crate::{metrics, reload};

/// The table that requests look into; clones share it.
#[derive(Clone, Debug)]
pub(super) struct LiveReadKeys {
    table: Arc<ArcSwap<ReadKeyTable>>,
    requests_per_second: NonZeroU32,
}

impl LiveReadKeys {
    /// Reads the file, and again whenever it has changed, until `end`. One that cannot be used then leaves the former
    /// keys in force.
    pub(super) fn open(
        config: &ReadKeysConfig,
        end: CancellationToken,
    ) -> Result<Self, KeyFileError> {
        let keys = Self {
            table: Arc::default(),
            requests_per_second: config.requests_per_second,
        };
        let files = vec![config.keys_file.clone()];
        let stamp = reload::stamp(&files);
        keys.load(&config.keys_file)?;
        let (live, path) = (keys.clone(), config.keys_file.clone());
        let every = config.keys_reload();
        reload::watch(files, stamp, every, end, move || live.load_again(&path));
        Ok(keys)
    }

    /// The table as it is now.
    pub(super) fn now(&self) -> Guard<Arc<ReadKeyTable>> {
        self.table.load()
    }

    fn load(&self, path: &Path) -> Result<usize, KeyFileError> {
        let file = ReadKeyFile::read(path)?;
        let table = ReadKeyTable::new(file, self.requests_per_second, &self.now())?;
        let active = table.active();
        self.table.store(Arc::new(table));
        Ok(active)
    }

    fn load_again(&self, path: &Path) {
        match self.load(path) {
            Ok(active) => {
                metrics::file_reloaded("read_keys", true);
                tracing::info!(active, "the read keys were read again");
            }
            Err(error) => {
                metrics::file_reloaded("read_keys", false);
                let error = anyhow::Error::from(error);
                tracing::error!(
                    file = %path.display(),
                    error = format!("{error:#}"),
                    "the read keys cannot be read; the former ones stay in force"
                );
            }
        }
    }
}
