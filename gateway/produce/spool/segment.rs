//! Reads one segment, record by record, and tells a torn end from damage.

use std::io;

use super::files::{SpoolFile, read_up_to};
use super::format::{BadHead, RECORD_HEAD_BYTES, RecordHead, SEGMENT_HEAD_BYTES, SegmentHead};

/// Read at once.
const CHUNK_BYTES: usize = 256 * 1024;

/// What stands at a place of a segment.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// A whole record, with the offset of its first byte.
    Record(RecordHead, u64),
    /// Nothing any more.
    End,
    /// Bytes that are not the record which is due here.
    Bad,
}

/// Goes through the records of one segment.
pub(super) struct SegmentReader<F> {
    file: F,
    /// Where the next record begins.
    offset: u64,
    /// The sequence that it must have.
    next_seq: u64,
    chunk: Vec<u8>,
    /// Offset of the chunk's first byte.
    chunk_offset: u64,
}

impl<F: SpoolFile> SegmentReader<F> {
    /// Before the first record of a segment whose head was read.
    pub(super) fn new(file: F, head: SegmentHead) -> Self {
        Self {
            file,
            offset: SEGMENT_HEAD_BYTES as u64,
            next_seq: head.first_seq,
            chunk: Vec::new(),
            chunk_offset: 0,
        }
    }

    /// Where the next record begins.
    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    /// The sequence that is due next.
    pub(super) fn next_seq(&self) -> u64 {
        self.next_seq
    }

    /// The record at hand, if it ends before `end`.
    pub(super) fn step(&mut self, end: u64) -> io::Result<Step> {
        if self.offset >= end {
            return Ok(Step::End);
        }
        let Some(head) = self
            .bytes(RECORD_HEAD_BYTES, end)?
            .and_then(RecordHead::peek)
        else {
            return Ok(Step::Bad);
        };
        let is_due = head.seq == self.next_seq;
        let whole = self.bytes(head.record_bytes(), end)?;
        if !is_due || !whole.is_some_and(RecordHead::is_whole) {
            return Ok(Step::Bad);
        }
        let offset = self.offset;
        self.offset += head.record_bytes() as u64;
        self.next_seq += 1;
        Ok(Step::Record(head, offset))
    }

    /// After [`Step::Bad`]: the next whole record behind the bad bytes, and goes there. None: there
    /// is none before `end`.
    pub(super) fn find_next(&mut self, end: u64) -> io::Result<Option<RecordHead>> {
        let length = usize::try_from(end.saturating_sub(self.offset)).unwrap_or(usize::MAX);
        let mut rest = vec![0; length];
        let read = read_up_to(&self.file, &mut rest, self.offset)?;
        rest.truncate(read);
        // No more records than this can have been in between.
        let last_possible = self.next_seq + (length / RECORD_HEAD_BYTES) as u64;
        for at in 1..rest.len() {
            let found = RecordHead::peek(&rest[at..]).filter(|head| {
                (self.next_seq..=last_possible).contains(&head.seq)
                    && rest
                        .get(at..at + head.record_bytes())
                        .is_some_and(RecordHead::is_whole)
            });
            if let Some(head) = found {
                self.offset += at as u64;
                self.next_seq = head.seq;
                return Ok(Some(head));
            }
        }
        Ok(None)
    }

    /// Goes to where the next record will begin, whatever stands before it.
    pub(super) fn skip_to(&mut self, offset: u64, next_seq: u64) {
        self.offset = offset;
        self.next_seq = next_seq;
    }

    /// Whether a record from here on says that this one had been durable. The next one alone would not do: records of one
    /// write say the same. Stays where it is.
    pub(super) fn is_told_durable(&mut self, seq: u64, end: u64) -> io::Result<bool> {
        let (offset, next_seq) = (self.offset, self.next_seq);
        let told = loop {
            match self.step(end)? {
                Step::Record(head, _) if head.durable_seq >= seq => break true,
                Step::Record(..) => {}
                Step::End => break false,
                Step::Bad if self.find_next(end)?.is_none() => break false,
                Step::Bad => {}
            }
        };
        (self.offset, self.next_seq) = (offset, next_seq);
        self.chunk.clear();
        self.chunk_offset = offset;
        Ok(told)
    }

    /// So many bytes from the offset on; none: the segment ends before.
    fn bytes(&mut self, count: usize, end: u64) -> io::Result<Option<&[u8]>> {
        if self.offset + count as u64 > end {
            return Ok(None);
        }
        // The offset never falls below the chunk's, which begins where one was read.
        let mut at = usize::try_from(self.offset - self.chunk_offset).unwrap_or(usize::MAX);
        if at.saturating_add(count) > self.chunk.len() {
            let room = end - self.offset;
            let wanted = usize::try_from(room)
                .unwrap_or(usize::MAX)
                .min(CHUNK_BYTES.max(count));
            // Should the read fail, nothing is taken for having been read.
            let mut chunk = std::mem::take(&mut self.chunk);
            self.chunk_offset = self.offset;
            chunk.resize(wanted, 0);
            let read = read_up_to(&self.file, &mut chunk, self.offset)?;
            chunk.truncate(read);
            self.chunk = chunk;
            at = 0;
        }
        Ok(self.chunk.get(at..at + count))
    }
}

/// Reads the head of a segment.
pub(super) fn read_head(file: &impl SpoolFile) -> io::Result<Result<SegmentHead, BadHead>> {
    let mut bytes = [0; SEGMENT_HEAD_BYTES];
    let read = read_up_to(file, &mut bytes, 0)?;
    Ok(SegmentHead::decode(&bytes[..read]))
}
