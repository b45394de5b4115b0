//! The reading end of the log: what is durable, in order, while it is being written.

use std::io;
use std::sync::Arc;

use super::files::{Files, read_up_to};
use super::format::{RecordHead, SEGMENT_HEAD_BYTES, SegmentHead, segment_name};
use super::index::{Index, Segment};
use super::segment::{SegmentReader, Step, read_head};

/// A record and where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Located {
    /// Its place in the log.
    pub(crate) seq: u64,
    /// The partition of its beacons.
    pub(crate) partition: u32,
    /// How many beacons.
    pub(crate) rows: u32,
    /// Bytes of its beacons.
    pub(crate) payload_bytes: u32,
    /// When it was written, Unix time in ms.
    pub(crate) spooled_ms: u64,
    segment: u64,
    offset: u64,
}

#[cfg(test)]
impl Located {
    /// One that is nowhere.
    pub(crate) fn for_test(seq: u64, partition: u32, rows: u32, payload_bytes: u32) -> Self {
        Self {
            seq,
            partition,
            rows,
            payload_bytes,
            spooled_ms: 0,
            segment: 1,
            offset: 0,
        }
    }
}

/// Reads behind the cursor, once.
pub(crate) struct Reader<F: Files> {
    files: F,
    index: Arc<Index>,
    at: Option<(u64, SegmentReader<F::File>)>,
    /// Sequence of the segment that was read last.
    last_segment: u64,
    /// The file that a payload was read from last.
    payloads: Option<(u64, F::File)>,
}

impl<F: Files> Reader<F> {
    pub(super) fn new(files: F, index: Arc<Index>) -> Self {
        Self {
            files,
            index,
            at: None,
            last_segment: 0,
            payloads: None,
        }
    }

    /// The next record that is not in Kafka; none: there is no more for now.
    ///
    /// # Errors
    /// A file that cannot be read; the same record is tried again then.
    pub(crate) fn next(&mut self) -> io::Result<Option<Located>> {
        let cursor = self.index.cursor();
        loop {
            let Some((first_seq, reader)) = &mut self.at else {
                let Some(segment) = self.index.segment_after(self.last_segment) else {
                    return Ok(None);
                };
                self.open(&segment)?;
                continue;
            };
            let Some(segment) = self.index.segment(*first_seq) else {
                self.leave();
                continue;
            };
            match reader.step(segment.end)? {
                Step::Record(head, _) if head.seq <= cursor => {}
                Step::Record(head, offset) => return Ok(Some(located(&head, *first_seq, offset))),
                Step::End if segment.is_open => return Ok(None),
                Step::End => self.leave(),
                Step::Bad => {
                    let from_seq = reader.next_seq().max(cursor + 1);
                    let next = reader.find_next(segment.end)?;
                    let to_seq = next.map_or(segment.last_seq, |next| next.seq - 1);
                    self.index.mark_damaged(*first_seq);
                    if !segment.was_damaged && from_seq <= to_seq {
                        tell_lost(&self.index, *first_seq, from_seq, to_seq);
                    }
                    if next.is_none() {
                        // Records may still come behind these.
                        reader.skip_to(segment.end, segment.last_seq + 1);
                    }
                }
            }
        }
    }

    /// The beacons of a record; none: they are no longer what they were when the record was found.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub(crate) fn payload(&mut self, located: &Located, into: &mut Vec<u8>) -> io::Result<bool> {
        if self.payloads.as_ref().map(|(segment, _)| *segment) != Some(located.segment) {
            let file = self.files.open(&segment_name(located.segment))?;
            self.payloads = Some((located.segment, file));
        }
        let Some((_, file)) = &self.payloads else {
            return Ok(false);
        };
        let head_bytes = super::format::RECORD_HEAD_BYTES;
        let mut record = vec![0; head_bytes + located.payload_bytes as usize];
        let read = read_up_to(file, &mut record, located.offset)?;
        let is_same = read == record.len()
            && RecordHead::is_whole(&record)
            && RecordHead::peek(&record).is_some_and(|head| head.seq == located.seq);
        if is_same {
            into.extend_from_slice(&record[head_bytes..]);
        } else {
            self.index.mark_damaged(located.segment);
        }
        Ok(is_same)
    }

    fn open(&mut self, segment: &Segment) -> io::Result<()> {
        let file = self.files.open(&segment_name(segment.first_seq))?;
        // A head that cannot be read says nothing that the name and the records do not.
        let head = read_head(&file)?.unwrap_or(SegmentHead {
            first_seq: segment.first_seq,
            durable_seq: 0,
            created_ms: 0,
        });
        self.at = Some((segment.first_seq, SegmentReader::new(file, head)));
        Ok(())
    }

    fn leave(&mut self) {
        if let Some((first_seq, _)) = self.at.take() {
            self.last_segment = first_seq;
        }
    }
}

/// Records that were durable when the log was opened, or later, and no longer are: nothing waits for them any more.
fn tell_lost(index: &Index, segment: u64, from_seq: u64, to_seq: u64) {
    tracing::error!(
        segment = segment_name(segment),
        from_seq,
        to_seq,
        "acknowledged records of the spool cannot be read; the file is kept aside"
    );
    let records = to_seq - from_seq + 1;
    crate::metrics::spool::lost(records);
    index.settled(records, 0, None);
}

fn located(head: &RecordHead, segment: u64, offset: u64) -> Located {
    debug_assert!(offset >= SEGMENT_HEAD_BYTES as u64);
    Located {
        seq: head.seq,
        partition: head.partition,
        rows: head.rows,
        // A whole record's payload is bounded by a number below 2^32.
        payload_bytes: u32::try_from(head.payload_bytes).unwrap_or(u32::MAX),
        spooled_ms: head.spooled_ms,
        segment,
        offset,
    }
}

#[cfg(test)]
mod tests {
    use super::super::disk::Disk;
    use super::super::files::SpoolFile;
    use super::super::log::NewRecord;
    use super::super::recover;
    use super::*;

    const RECORD: usize = super::super::format::RECORD_HEAD_BYTES + 100;

    /// A log of five records of 100 bytes in one segment, of which the bytes at `bad` are changed afterwards, and one more; what
    /// its reader finds, and how many records are waited for when all that was found is in Kafka.
    fn read_with_damage(bad: std::ops::Range<usize>) -> (Vec<u64>, u64) {
        let folder = tempfile::tempdir().unwrap();
        let disk = Disk::new(folder.path());
        let index = Arc::new(Index::default());
        let (mut log, _) = recover::open(disk.clone(), 1 << 20, index.clone())
            .ok()
            .unwrap();
        let record = NewRecord {
            partition: 0,
            rows: 1,
            payload: &[7; 100],
        };
        for now_ms in 0..5 {
            log.append(&[record], now_ms).unwrap();
        }
        let file = disk.open_to_write(&segment_name(1)).unwrap();
        file.write_at(&vec![0xff; bad.len()], bad.start as u64)
            .unwrap();
        let mut reader = Reader::new(disk, index.clone());
        let mut found = Vec::new();
        let mut read_all = || {
            while let Some(located) = reader.next().unwrap() {
                found.push(located.seq);
                index.settled(1, 1, None);
            }
        };
        read_all();
        log.append(&[record], 5).unwrap();
        read_all();
        assert!(index.segment(1).unwrap().is_damaged);
        let backlog = index.backlog();
        assert_eq!(backlog.records == 0, backlog.rows == 0);
        (found, backlog.records)
    }

    #[test]
    fn records_that_a_disk_loses_while_the_process_runs_are_not_waited_for() {
        let third = SEGMENT_HEAD_BYTES + 2 * RECORD;
        assert_eq!(
            read_with_damage(third..third + 10),
            (vec![1, 2, 4, 5, 6], 0)
        );
        // To the end: nothing is found behind, until something is appended.
        assert_eq!(
            read_with_damage(third + 50..SEGMENT_HEAD_BYTES + 5 * RECORD),
            (vec![1, 2, 6], 0)
        );
    }
}
