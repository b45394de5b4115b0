//! The thread that writes: it takes all that wait, writes them at once, syncs once, and tells each.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use super::Shared;
use super::disk::{Disk, FolderLock};
use super::entry::Entry;
use super::files::{Files, SpoolFile, SyncPoint};
use super::health::Refusing;
use super::log::{Log, NewRecord};
use crate::metrics;
use crate::produce::ProduceError;

/// Most bytes of one write.
const WRITE_MAX_BYTES: usize = 8 * 1024 * 1024;
/// How often room, age and a failed disk are looked at when nothing comes.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// How long a disk that failed is left alone.
const RETRY_AFTER: Duration = Duration::from_secs(1);
/// The file that shows whether the disk takes bytes again.
const PROBE: &str = "probe";
/// Enough that a full disk is not taken for one with room.
const PROBE_BYTES: usize = 1024 * 1024;

/// The writing thread's own.
pub(super) struct Writer {
    shared: Arc<Shared>,
    disk: Disk,
    log: Log<Disk>,
    /// Given back when the thread ends.
    _lock: FolderLock,
    failed: Option<(Instant, String)>,
}

impl Writer {
    pub(super) fn new(shared: Arc<Shared>, disk: Disk, log: Log<Disk>, lock: FolderLock) -> Self {
        Self {
            shared,
            disk,
            log,
            _lock: lock,
            failed: None,
        }
    }

    /// Writes until the spool is closed and nothing waits.
    pub(super) fn run(mut self) {
        loop {
            let (entries, is_closed) = self.shared.take(LOOK_EVERY);
            if entries.is_empty() && is_closed {
                return;
            }
            self.look();
            let mut entries = entries.into_iter().peekable();
            while entries.peek().is_some() {
                let mut bytes = 0;
                let mut group = Vec::new();
                while let Some(entry) =
                    entries.next_if(|entry| group_has_room(bytes, entry.payload.len()))
                {
                    bytes += entry.payload.len();
                    group.push(entry);
                }
                self.write(group);
            }
            self.look();
        }
    }

    fn write(&mut self, group: Vec<Entry>) {
        if let Some(refusing) = self.shared.health.refusing() {
            let error = match refusing {
                Refusing::Full(_) => ProduceError::SpoolFull,
                Refusing::Failing(_) => ProduceError::SpoolFailed,
            };
            return settle(group, Err(error));
        }
        let records: Vec<NewRecord<'_>> = group
            .iter()
            .map(|entry| NewRecord {
                partition: entry.partition,
                // Rows of one message are bounded far below 2^32.
                rows: u32::try_from(entry.ticket.rows).unwrap_or(u32::MAX),
                payload: &entry.payload,
            })
            .collect();
        match self.log.append(&records, now_ms()) {
            Ok(()) => {
                metrics::spool::written(&group);
                settle(group, Ok(()));
            }
            Err(error) => {
                metrics::spool::failed();
                self.failed = Some((Instant::now(), error.to_string()));
                self.look();
                settle(group, Err(ProduceError::SpoolFailed));
            }
        }
    }

    /// Sets whether the spool takes anything.
    fn look(&mut self) {
        if let Some((since, _)) = &self.failed
            && since.elapsed() >= RETRY_AFTER
        {
            self.failed = match self.probe() {
                Ok(()) => None,
                Err(error) => Some((Instant::now(), error.to_string())),
            };
        }
        let refusing = match &self.failed {
            Some((_, error)) => Some(Refusing::Failing(format!(
                "the spool in {} cannot be written: {error}",
                self.shared.config.folder.display()
            ))),
            None => self.shared.full(now_ms()).map(Refusing::Full),
        };
        self.shared.health.set(refusing);
    }

    /// Whether a file can be made, filled and synced.
    fn probe(&self) -> std::io::Result<()> {
        let _ = self.disk.remove(PROBE);
        let mut file = self.disk.create(PROBE)?;
        let written = file
            .append(&vec![1; PROBE_BYTES])
            .and_then(|()| file.sync(SyncPoint::Records));
        drop(file);
        self.disk.remove(PROBE)?;
        written
    }
}

fn group_has_room(bytes: usize, more: usize) -> bool {
    bytes == 0 || bytes + more <= WRITE_MAX_BYTES
}

fn settle(group: Vec<Entry>, result: Result<(), ProduceError>) {
    for entry in group {
        entry.ticket.settle(result);
    }
}

/// Unix time in ms.
pub(crate) fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    // A clock before 1970 is no reason to stop.
    since.map_or(0, |since| {
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
    })
}
