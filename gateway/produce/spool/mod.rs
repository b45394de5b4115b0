//! The durable spool: an append-only log of beacons that are acknowledged and not in Kafka yet.
//!
//! `docs/spool.md` describes its files, `docs/durability.md` what it promises.
//!
//! 1. `writer` takes what waits and has the `log` append it, one sync for all;
//! 2. `reader` finds what is durable, for `drain` beside it to bring to Kafka;
//! 3. `cursor` makes durable how far that has come, and removes what is behind;
//! 4. `recover` opens all this after a crash;
//! 5. `aside` has what Kafka does not take.
//!
//! `format` is the bytes, `segment` one file, `index` what is held, `files` the little that is asked of
//! a file system, and `disk` the real one. `model` takes the place of the disk in tests, and loses all
//! that was not synced.

pub(crate) mod aside;
mod cursor;
mod disk;
mod entry;
mod files;
mod format;
mod health;
mod index;
mod log;
#[cfg(test)]
mod model;
mod reader;
mod recover;
mod segment;
mod writer;

use std::io;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

pub(crate) use disk::Disk;
pub(crate) use entry::Entry;
pub(crate) use files::{Files, SyncPoint};
pub(crate) use health::Refusing;
pub(crate) use index::{Backlog, Index};
pub(crate) use reader::{Located, Reader};
pub use recover::{Damage, Findings, FoundSegment, OpenError};
pub(crate) use writer::now_ms;

use crate::config::SpoolConfig;
use crate::produce::ProduceError;
use health::Health;
use recover::InspectError;

/// The spool of one process.
pub(crate) struct Spool {
    shared: Arc<Shared>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

/// What the writing thread and everyone else see.
struct Shared {
    config: SpoolConfig,
    index: Arc<Index>,
    health: Health,
    queue: Mutex<Queue>,
    arrived: Condvar,
}

#[derive(Default)]
struct Queue {
    entries: Vec<Entry>,
    is_closed: bool,
}

/// How far the drain has come.
pub(crate) struct Cursor(cursor::CursorFile<Disk>);

impl Cursor {
    /// Everything up to this record is in Kafka.
    ///
    /// # Errors
    /// A disk that fails; nothing is removed then.
    pub(crate) fn advance(&mut self, seq: u64) -> io::Result<()> {
        let kept_aside = self.0.advance(seq)?;
        if kept_aside > 0 {
            tracing::warn!(
                kept_aside,
                "damaged files of the spool are kept aside as *.damaged"
            );
        }
        Ok(())
    }
}

impl Spool {
    /// Takes the folder, finds what is in it, and starts to write.
    ///
    /// # Errors
    /// A folder that another process has, a later format, or a disk that fails.
    pub(crate) fn start(config: &SpoolConfig) -> Result<Self, OpenError> {
        let folder = config.folder.display().to_string();
        let disk = Disk::new(&config.folder);
        let failed = |source| OpenError::Io {
            folder: folder.clone(),
            source,
        };
        make_folder(&disk, &config.folder).map_err(failed)?;
        let lock = disk::lock(&config.folder).map_err(failed)?;
        let lock = lock.ok_or_else(|| OpenError::InUse {
            folder: folder.clone(),
        })?;
        let index = Arc::new(Index::default());
        let opened = recover::open(disk.clone(), config.segment_bytes, index.clone());
        let (log, found) = opened.map_err(|error| named(error, &folder))?;
        tell(&found, &folder);
        let shared = Arc::new(Shared {
            config: config.clone(),
            index,
            health: Health::default(),
            queue: Mutex::default(),
            arrived: Condvar::new(),
        });
        shared
            .health
            .set(shared.full(writer::now_ms()).map(Refusing::Full));
        let writer = writer::Writer::new(shared.clone(), disk, log, lock);
        let thread = std::thread::Builder::new()
            .name("spool-writer".into())
            .spawn(move || writer.run())
            .map_err(failed)?;
        Ok(Self {
            shared,
            thread: Mutex::new(Some(thread)),
        })
    }

    /// Takes beacons; their ticket is settled when they are on disk, or cannot be.
    pub(crate) fn append(&self, entry: Entry) {
        let mut queue = self.shared.lock();
        if queue.is_closed {
            drop(queue);
            entry.ticket.settle(Err(ProduceError::SpoolFailed));
            return;
        }
        let is_first = queue.entries.is_empty();
        queue.entries.push(entry);
        drop(queue);
        if is_first {
            self.shared.arrived.notify_one();
        }
    }

    /// Whether what is appended now has a chance.
    pub(crate) fn is_accepting(&self) -> bool {
        self.shared.health.is_accepting()
    }

    /// Why nothing is taken; none: it is.
    pub(crate) fn refusing(&self) -> Option<Refusing> {
        self.shared.health.refusing()
    }

    /// What it holds.
    pub(crate) fn index(&self) -> &Arc<Index> {
        &self.shared.index
    }

    /// A reader behind the cursor.
    pub(crate) fn reader(&self) -> Reader<Disk> {
        let disk = Disk::new(&self.shared.config.folder);
        Reader::new(disk, self.shared.index.clone())
    }

    /// The cursor; one drain at a time moves it.
    pub(crate) fn cursor(&self) -> Cursor {
        let disk = Disk::new(&self.shared.config.folder);
        Cursor(cursor::CursorFile::new(disk, self.shared.index.clone()))
    }

    /// Writes what waits, and gives the folder back. Blocks until that is done.
    pub(crate) fn close(&self) {
        self.shared.lock().is_closed = true;
        self.shared.arrived.notify_one();
        let thread = self
            .thread
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(thread) = thread
            && thread.join().is_err()
        {
            tracing::error!("the thread that writes the spool has failed");
        }
    }
}

impl Shared {
    /// What waits, as soon as something does; nothing after this time.
    fn take(&self, at_most: Duration) -> (Vec<Entry>, bool) {
        let queue = self.lock();
        let waited = self.arrived.wait_timeout_while(queue, at_most, |queue| {
            queue.entries.is_empty() && !queue.is_closed
        });
        let (mut queue, _) = waited.unwrap_or_else(PoisonError::into_inner);
        (std::mem::take(&mut queue.entries), queue.is_closed)
    }

    /// Which bound is reached, if one is.
    fn full(&self, now_ms: u64) -> Option<String> {
        let backlog = self.index.backlog();
        if backlog.bytes >= self.config.max_bytes {
            return Some(format!(
                "the spool holds {} bytes; spool.max_bytes is {}",
                backlog.bytes, self.config.max_bytes
            ));
        }
        let age_ms = now_ms.saturating_sub(backlog.oldest_ms?);
        let max = self.config.max_age();
        (Duration::from_millis(age_ms) > max).then(|| {
            format!(
                "the oldest beacon of the spool has waited for {} hours; spool.max_age_hours is {}",
                age_ms / 3_600_000,
                self.config.max_age_hours
            )
        })
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Looks into a spool's folder and changes nothing. Its gateway may be running: the last record may
/// then seem torn, because it is being written.
///
/// # Errors
/// A later format, or files that cannot be read.
pub fn inspect(folder: &Path) -> Result<Findings, OpenError> {
    recover::inspect(&Disk::new(folder))
        .map_err(|error| named(error, &folder.display().to_string()))
}

/// The folder and those above it, each durable in its parent. Those that are there as well: who made them may have been
/// killed before they were.
fn make_folder(disk: &Disk, folder: &Path) -> io::Result<()> {
    if let Some(parent) = folder.parent()
        && parent.file_name().is_some()
    {
        let was_there = parent.is_dir();
        match make_folder(&Disk::new(parent), parent) {
            Err(error) if was_there && is_elsewhere(error.kind()) => {}
            made => made?,
        }
    }
    disk.make_folder()
}

/// What a folder says that no process of this user can have made.
fn is_elsewhere(error: io::ErrorKind) -> bool {
    use io::ErrorKind::{InvalidInput, PermissionDenied, ReadOnlyFilesystem, Unsupported};
    matches!(
        error,
        InvalidInput | PermissionDenied | ReadOnlyFilesystem | Unsupported
    )
}

fn named(error: InspectError, folder: &str) -> OpenError {
    match error {
        InspectError::Version(name, found) => OpenError::Version { name, found },
        InspectError::Io(source) => OpenError::Io {
            folder: folder.to_owned(),
            source,
        },
    }
}

fn tell(found: &Findings, folder: &str) {
    for damage in &found.damage {
        tracing::error!(
            from_seq = damage.from_seq,
            to_seq = damage.to_seq,
            "records of the spool that were acknowledged cannot be read"
        );
    }
    crate::metrics::spool::lost(found.lost());
    if found.is_cursor_unreadable {
        tracing::error!("the spool's cursor cannot be read; everything in it is sent again");
    }
    let torn = found.segments.iter().map(|segment| segment.torn_bytes);
    tracing::info!(
        folder,
        records = found.records,
        beacons = found.rows,
        torn_bytes = torn.sum::<u64>(),
        "the spool is open"
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_full_by_bytes_and_by_age() {
        let shared = |max_bytes, records_written_ms: Option<u64>| {
            let index = Arc::new(Index::default());
            index.add_segment(1, 40);
            if let Some(now_ms) = records_written_ms {
                index.add_records(1, 1, 100, now_ms);
            }
            Shared {
                config: SpoolConfig {
                    max_bytes,
                    max_age_hours: 2,
                    ..SpoolConfig::default()
                },
                index,
                health: Health::default(),
                queue: Mutex::default(),
                arrived: Condvar::new(),
            }
        };
        const HOUR_MS: u64 = 3_600_000;
        let young = shared(1_000, Some(HOUR_MS));
        assert_eq!(young.full(3 * HOUR_MS), None);
        let told = young.full(3 * HOUR_MS + 1).unwrap();
        assert!(told.contains("waited for 2 hours") && told.contains("spool.max_age_hours is 2"));
        // What is drained has no age.
        assert_eq!(shared(1_000, None).full(100 * HOUR_MS), None);
        let told = shared(140, Some(0)).full(0).unwrap();
        assert!(told.contains("holds 140 bytes") && told.contains("spool.max_bytes is 140"));
    }
}
