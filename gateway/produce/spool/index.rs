//! What the log holds, in memory: the writer adds to it, the drain takes from it, others look at it.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The log's segments and how far it is drained.
#[derive(Debug, Default)]
pub(crate) struct Index {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    segments: VecDeque<Segment>,
    cursor: u64,
    records: u64,
    rows: u64,
    oldest_ms: Option<u64>,
    /// Counts what may be of interest to who waits.
    changes: u64,
}

/// One segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Segment {
    /// Sequence of its first record, which is its name.
    pub(super) first_seq: u64,
    /// Sequence of its last record; one less than the first: it has none.
    pub(super) last_seq: u64,
    /// Where its last whole, durable record ends.
    pub(super) end: u64,
    /// Bytes that it takes in the folder.
    pub(super) bytes: u64,
    /// Whether records still come to it.
    pub(super) is_open: bool,
    /// Whether something that was promised cannot be read: the file is then kept aside.
    pub(super) is_damaged: bool,
    /// Whether that was so when the log was opened: it was told and counted then, and is not among the backlog.
    pub(super) was_damaged: bool,
}

/// How much waits to be drained.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Backlog {
    /// Bytes in the folder.
    pub(crate) bytes: u64,
    /// Records that are not in Kafka yet.
    pub(crate) records: u64,
    /// Beacons in them.
    pub(crate) rows: u64,
    /// When the oldest of them was written, Unix time in ms.
    pub(crate) oldest_ms: Option<u64>,
}

impl Index {
    /// What waits.
    pub(crate) fn backlog(&self) -> Backlog {
        let state = self.lock();
        Backlog {
            bytes: state.segments.iter().map(|segment| segment.bytes).sum(),
            records: state.records,
            rows: state.rows,
            oldest_ms: state.oldest_ms,
        }
    }

    /// Sequence of the last record of which it and all before are in Kafka.
    pub(super) fn cursor(&self) -> u64 {
        self.lock().cursor
    }

    /// Takes what was found on disk, in place of what was known.
    pub(super) fn fill(&self, segments: Vec<Segment>, cursor: u64, backlog: Backlog) {
        let mut state = self.lock();
        *state = State {
            segments: segments.into(),
            cursor,
            records: backlog.records,
            rows: backlog.rows,
            oldest_ms: backlog.oldest_ms,
            changes: state.changes,
        };
        self.tell(state);
    }

    /// A new segment to write to; the one before is complete.
    pub(super) fn add_segment(&self, first_seq: u64, bytes: u64) {
        let mut state = self.lock();
        for segment in &mut state.segments {
            segment.is_open = false;
        }
        state.segments.push_back(Segment {
            first_seq,
            last_seq: first_seq - 1,
            end: bytes,
            bytes,
            is_open: true,
            is_damaged: false,
            was_damaged: false,
        });
    }

    /// The newest segment grew by these durable records.
    pub(super) fn add_records(&self, records: u64, rows: u64, bytes: u64, now_ms: u64) {
        let mut state = self.lock();
        if let Some(segment) = state.segments.back_mut() {
            segment.last_seq += records;
            segment.end += bytes;
            segment.bytes = segment.end;
        }
        state.records += records;
        state.rows += rows;
        state.oldest_ms.get_or_insert(now_ms);
        self.tell(state);
    }

    /// The newest segment takes no more; it may hold bytes behind its end that nobody was promised.
    pub(super) fn close_newest(&self, bytes: u64) {
        let mut state = self.lock();
        if let Some(segment) = state.segments.back_mut() {
            segment.is_open = false;
            segment.bytes = bytes;
        }
        self.tell(state);
    }

    /// These records are in Kafka, and the oldest that is not was written then.
    pub(crate) fn settled(&self, records: u64, rows: u64, oldest_ms: Option<u64>) {
        let mut state = self.lock();
        state.records = state.records.saturating_sub(records);
        state.rows = state.rows.saturating_sub(rows);
        if state.records == 0 {
            // How many beacons were in records that cannot be read, nobody knows.
            state.rows = 0;
            state.oldest_ms = None;
        } else if oldest_ms.is_some() {
            state.oldest_ms = oldest_ms;
        }
    }

    /// The cursor on disk covers this record; gives the segments that are no longer needed.
    pub(super) fn advance(&self, cursor: u64) -> Vec<Segment> {
        let mut state = self.lock();
        state.cursor = state.cursor.max(cursor);
        let cursor = state.cursor;
        let is_done = |segment: &Segment| !segment.is_open && segment.last_seq <= cursor;
        let done = state.segments.iter().filter(|segment| is_done(segment));
        done.cloned().collect()
    }

    /// Whether the cursor covers all of a segment that takes no more.
    pub(crate) fn has_done_segment(&self, cursor: u64) -> bool {
        let state = self.lock();
        let mut segments = state.segments.iter();
        segments.any(|segment| !segment.is_open && segment.last_seq <= cursor)
    }

    /// The file is gone.
    pub(super) fn forget(&self, first_seq: u64) {
        let mut state = self.lock();
        state
            .segments
            .retain(|segment| segment.first_seq != first_seq);
    }

    /// Something in the segment cannot be read.
    pub(super) fn mark_damaged(&self, first_seq: u64) {
        let mut state = self.lock();
        let mut segments = state.segments.iter_mut();
        if let Some(segment) = segments.find(|segment| segment.first_seq == first_seq) {
            segment.is_damaged = true;
        }
    }

    /// The segment that begins with this record.
    pub(super) fn segment(&self, first_seq: u64) -> Option<Segment> {
        let state = self.lock();
        let mut segments = state.segments.iter();
        segments
            .find(|segment| segment.first_seq == first_seq)
            .cloned()
    }

    /// The first segment behind this record.
    pub(super) fn segment_after(&self, first_seq: u64) -> Option<Segment> {
        let state = self.lock();
        let mut segments = state.segments.iter();
        segments
            .find(|segment| segment.first_seq > first_seq)
            .cloned()
    }

    /// Waits for a change since the one that was seen last, at most this long; gives what was seen.
    pub(crate) fn wait(&self, seen: u64, at_most: Duration) -> u64 {
        let waited = self
            .changed
            .wait_timeout_while(self.lock(), at_most, |state| state.changes == seen);
        let (state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        state.changes
    }

    /// Wakes who waits.
    pub(crate) fn wake(&self) {
        self.tell(self.lock());
    }

    fn tell(&self, mut state: MutexGuard<'_, State>) {
        state.changes += 1;
        drop(state);
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
