//! Appends records to the newest segment: one write and one sync for all that wait.

use std::io;
use std::sync::Arc;

use super::files::{Files, SpoolFile, SyncPoint};
use super::format::{RecordHead, SEGMENT_HEAD_BYTES, SegmentHead, segment_name};
use super::index::Index;

/// A record to be written.
#[derive(Clone, Copy, Debug)]
pub(super) struct NewRecord<'a> {
    /// The partition of its beacons.
    pub(super) partition: u32,
    /// How many beacons.
    pub(super) rows: u32,
    /// The beacons, each with its length before it.
    pub(super) payload: &'a [u8],
}

/// The writing end of the log.
pub(super) struct Log<F: Files> {
    files: F,
    segment_bytes: u64,
    index: Arc<Index>,
    open: Option<OpenSegment<F::File>>,
    next_seq: u64,
    durable_seq: u64,
    buffer: Vec<u8>,
}

struct OpenSegment<File> {
    file: File,
    /// Where its durable records end.
    length: u64,
}

impl<F: Files> Log<F> {
    /// Behind everything that was found on disk.
    pub(super) fn new(
        files: F,
        segment_bytes: u64,
        index: Arc<Index>,
        next_seq: u64,
        durable_seq: u64,
    ) -> Self {
        Self {
            files,
            segment_bytes,
            index,
            open: None,
            next_seq,
            durable_seq,
            buffer: Vec::new(),
        }
    }

    /// Makes these records durable, all of them or none that is promised.
    ///
    /// # Errors
    /// A write or sync that failed. The segment is given up then, since nobody knows what of it is on
    /// disk beyond what was synced before; the next call begins another.
    pub(super) fn append(&mut self, records: &[NewRecord<'_>], now_ms: u64) -> io::Result<()> {
        let bytes: u64 = records
            .iter()
            .map(|record| (super::format::RECORD_HEAD_BYTES + record.payload.len()) as u64)
            .sum();
        let mut open = self.segment_for(bytes, now_ms)?;
        self.encode(records, now_ms);
        let written = open
            .file
            .append(&self.buffer)
            .and_then(|()| open.file.sync(SyncPoint::Records));
        if let Err(error) = written {
            self.give_up(&open);
            return Err(error);
        }
        open.length += bytes;
        self.open = Some(open);
        self.durable_seq = self.next_seq - 1;
        let rows = records.iter().map(|record| u64::from(record.rows)).sum();
        self.index
            .add_records(records.len() as u64, rows, bytes, now_ms);
        Ok(())
    }

    /// Encodes them with the sequences that are due.
    fn encode(&mut self, records: &[NewRecord<'_>], now_ms: u64) {
        self.buffer.clear();
        for record in records {
            let head = RecordHead {
                seq: self.next_seq,
                durable_seq: self.durable_seq,
                spooled_ms: now_ms,
                partition: record.partition,
                rows: record.rows,
                payload_bytes: record.payload.len(),
            };
            head.encode_to(record.payload, &mut self.buffer);
            self.next_seq += 1;
        }
    }

    /// The segment at hand if it has room, else a new one. Every record of the old one is durable.
    fn segment_for(&mut self, bytes: u64, now_ms: u64) -> io::Result<OpenSegment<F::File>> {
        match self.open.take() {
            Some(open)
                if open.length + bytes <= self.segment_bytes
                    || open.length == SEGMENT_HEAD_BYTES as u64 =>
            {
                Ok(open)
            }
            Some(_) | None => self.create(now_ms),
        }
    }

    fn create(&mut self, now_ms: u64) -> io::Result<OpenSegment<F::File>> {
        let first_seq = self.next_seq;
        let name = segment_name(first_seq);
        // Should this fail, the name may be taken: the next attempt has another.
        self.next_seq += 1;
        let mut file = self.files.create(&name)?;
        let head = SegmentHead {
            first_seq,
            durable_seq: self.durable_seq,
            created_ms: now_ms,
        };
        let made = file
            .append(&head.encode())
            .and_then(|()| self.files.sync_folder(SyncPoint::SegmentMade));
        if let Err(error) = made {
            // It holds nothing; left behind, it would be removed at the next start.
            let _ = self.files.remove(&name);
            return Err(error);
        }
        self.next_seq = first_seq;
        self.index.add_segment(first_seq, SEGMENT_HEAD_BYTES as u64);
        Ok(OpenSegment {
            file,
            length: SEGMENT_HEAD_BYTES as u64,
        })
    }

    /// Cuts what was written and not synced. Should that fail too, it is unread: it stands behind the
    /// end that the index knows, and its sequences are never given again.
    fn give_up(&self, open: &OpenSegment<F::File>) {
        let _ = open.file.cut(open.length);
        self.index
            .close_newest(open.file.length().unwrap_or(open.length));
    }
}
