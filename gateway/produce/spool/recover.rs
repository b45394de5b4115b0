//! Opens the log after whatever ended it: finds the records, the torn end, and damage.
//!
//! Nothing is guessed. A record counts when its checksum and its place in the sequence are right. What
//! is behind the last one is torn, and was promised to nobody, unless something later says that it had
//! been durable: then it is damage, it is told, and the file is kept.

use std::io;
use std::sync::Arc;

use super::cursor::{self, Position};
use super::files::{Files, SpoolFile, SyncPoint};
use super::format::{
    BadHead, RECORD_HEAD_BYTES, RecordHead, SegmentHead, VERSION, segment_name, seq_of_name,
};
use super::index::{Backlog, Index, Segment};
use super::log::Log;
use super::segment::{SegmentReader, Step, read_head};

/// Why the log cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process has the folder.
    #[error("{folder} is in use by another gateway; give each its own spool.folder")]
    InUse {
        /// The folder.
        folder: String,
    },
    /// A later release wrote it.
    #[error(
        "{name} has format {found}, and this release knows {VERSION}; start the release that wrote it, or drain the spool with that"
    )]
    Version {
        /// The segment.
        name: String,
        /// Its version.
        found: u32,
    },
    /// The file system refuses.
    #[error("the spool in {folder} cannot be opened: {source}")]
    Io {
        /// The folder.
        folder: String,
        /// What it says.
        #[source]
        source: io::Error,
    },
}

/// Records that were acknowledged and are not to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Damage {
    /// Sequence of the first one.
    pub from_seq: u64,
    /// Sequence of the last one.
    pub to_seq: u64,
}

/// A segment as it was found.
#[derive(Clone, Debug)]
pub struct FoundSegment {
    /// Its file.
    pub name: String,
    /// Its bytes.
    pub bytes: u64,
    /// Sequence of its first record.
    pub first_seq: u64,
    /// Sequence of its last record; one less than the first: it has none.
    pub last_seq: u64,
    /// Its records.
    pub records: u64,
    /// The beacons in them.
    pub rows: u64,
    /// When its oldest record was written, Unix time in ms.
    pub oldest_ms: Option<u64>,
    /// Bytes of a torn end, which belong to no record.
    pub torn_bytes: u64,
    /// Whether something in it was promised and cannot be read.
    pub is_damaged: bool,
}

/// What was found in a spool's folder.
#[derive(Clone, Debug)]
pub struct Findings {
    /// The segments, oldest first.
    pub segments: Vec<FoundSegment>,
    /// Everything up to this record is in Kafka.
    pub cursor: u64,
    /// Whether the cursor's file could not be read; everything is then drained again.
    pub is_cursor_unreadable: bool,
    /// Acknowledged records that are lost.
    pub damage: Vec<Damage>,
    /// Records that wait to be drained.
    pub records: u64,
    /// Beacons in them.
    pub rows: u64,
    /// When the oldest of them was written, Unix time in ms.
    pub oldest_ms: Option<u64>,
    /// Sequence of the last record that is known to have been durable.
    durable_seq: u64,
    /// A sequence that no record can have, however torn.
    next_seq: u64,
}

impl Findings {
    /// Acknowledged records that are lost.
    pub fn lost(&self) -> u64 {
        let damage = self.damage.iter();
        damage
            .map(|damage| damage.to_seq - damage.from_seq + 1)
            .sum()
    }
}

/// A reason that is not the file system's.
pub(super) enum InspectError {
    Version(String, u32),
    Io(io::Error),
}

impl From<io::Error> for InspectError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Opens the log for writing, and tells what was found.
pub(super) fn open<F: Files>(
    files: F,
    segment_bytes: u64,
    index: Arc<Index>,
) -> Result<(Log<F>, Findings), InspectError> {
    let mut found = inspect(&files)?;
    cursor::make(&files)?;
    // What a crash left before anything was in it.
    let (used, empty) = found
        .segments
        .drain(..)
        .partition(|segment| segment.records > 0 || segment.is_damaged);
    found.segments = used;
    for segment in empty {
        files.remove(&segment.name)?;
    }
    for segment in &found.segments {
        end(&files, segment)?;
    }
    let segments = found.segments.iter().map(|segment| Segment {
        first_seq: segment.first_seq,
        last_seq: segment.last_seq,
        end: segment.bytes - segment.torn_bytes,
        bytes: match segment.is_damaged {
            true => segment.bytes,
            false => segment.bytes - segment.torn_bytes,
        },
        is_open: false,
        is_damaged: segment.is_damaged,
        was_damaged: segment.is_damaged,
    });
    let backlog = Backlog {
        bytes: 0,
        records: found.records,
        rows: found.rows,
        oldest_ms: found.oldest_ms,
    };
    index.fill(segments.collect(), found.cursor, backlog);
    let log = Log::new(
        files,
        segment_bytes,
        index,
        found.next_seq,
        found.durable_seq,
    );
    Ok((log, found))
}

/// Cuts a torn end, and makes the end that was found the one that stays. A damaged file is left as it is.
fn end<F: Files>(files: &F, segment: &FoundSegment) -> io::Result<()> {
    if segment.is_damaged {
        return Ok(());
    }
    let file = files.open_to_write(&segment.name)?;
    if segment.torn_bytes > 0 {
        file.cut(segment.bytes - segment.torn_bytes)?;
    }
    file.sync(SyncPoint::EndFound)
}

/// Reads everything and changes nothing.
pub(super) fn inspect<F: Files>(files: &F) -> Result<Findings, InspectError> {
    let cursor = cursor::read(files)?;
    let at = match cursor {
        Position::At(seq) => seq,
        Position::Unreadable => 0,
    };
    let mut found = Findings {
        segments: Vec::new(),
        cursor: at,
        is_cursor_unreadable: cursor == Position::Unreadable,
        damage: Vec::new(),
        records: 0,
        rows: 0,
        oldest_ms: None,
        // Not the cursor: a killed process may have written it without a sync.
        durable_seq: 0,
        next_seq: at + 1,
    };
    let mut first_seqs: Vec<u64> = files
        .list()?
        .iter()
        .filter_map(|name| seq_of_name(name))
        .collect();
    first_seqs.sort_unstable();
    // The last record of which it is known what became of it.
    let mut reached = at;
    for first_seq in first_seqs {
        let name = segment_name(first_seq);
        let file = files.open(&name)?;
        let head = match read_head(&file)? {
            Err(BadHead::Version(version)) => return Err(InspectError::Version(name, version)),
            Err(BadHead::Unreadable) => None,
            Ok(head) => Some(head),
        };
        if let Some(head) = head {
            if found.is_cursor_unreadable && found.segments.is_empty() {
                // What came before is not known, and nothing says that it is lost.
                reached = head.durable_seq;
            }
            if head.durable_seq > reached {
                if let Some(before) = found.segments.last_mut() {
                    before.is_damaged = true;
                }
                found.damage.push(Damage {
                    from_seq: reached + 1,
                    to_seq: head.durable_seq,
                });
            }
            found.durable_seq = found.durable_seq.max(head.durable_seq);
        }
        let head = head.unwrap_or(SegmentHead {
            first_seq,
            durable_seq: 0,
            created_ms: 0,
        });
        let segment = scan(file, name, head, &mut found)?;
        reached = reached.max(segment.last_seq);
        let torn_records = segment.torn_bytes / RECORD_HEAD_BYTES as u64 + 1;
        found.next_seq = found.next_seq.max(segment.last_seq + 1 + torn_records);
        found.segments.push(segment);
    }
    Ok(found)
}

/// Goes through one segment.
fn scan(
    file: impl SpoolFile,
    name: String,
    head: SegmentHead,
    found: &mut Findings,
) -> io::Result<FoundSegment> {
    let bytes = file.length()?;
    let mut segment = FoundSegment {
        name,
        bytes,
        first_seq: head.first_seq,
        last_seq: head.first_seq - 1,
        records: 0,
        rows: 0,
        oldest_ms: None,
        torn_bytes: 0,
        is_damaged: false,
    };
    let mut reader = SegmentReader::new(file, head);
    loop {
        match reader.step(bytes)? {
            Step::Record(record, _) => count(&record, &mut segment, found),
            Step::End => break,
            Step::Bad => {
                let (offset, due) = (reader.offset(), reader.next_seq());
                let next = match reader.find_next(bytes)? {
                    Some(next) if reader.is_told_durable(due, bytes)? => next,
                    _ => {
                        segment.torn_bytes = bytes - offset;
                        break;
                    }
                };
                segment.is_damaged = true;
                if next.seq > due.max(found.cursor + 1) {
                    found.damage.push(Damage {
                        from_seq: due.max(found.cursor + 1),
                        to_seq: next.seq - 1,
                    });
                }
            }
        }
    }
    Ok(segment)
}

fn count(record: &RecordHead, segment: &mut FoundSegment, found: &mut Findings) {
    let rows = u64::from(record.rows);
    segment.last_seq = record.seq;
    segment.records += 1;
    segment.rows += rows;
    segment.oldest_ms.get_or_insert(record.spooled_ms);
    found.durable_seq = found.durable_seq.max(record.durable_seq);
    if record.seq > found.cursor {
        found.records += 1;
        found.rows += rows;
        found.oldest_ms.get_or_insert(record.spooled_ms);
    }
}
