//! The beacons of one request, as records encoded for Kafka and sorted by partition.

use prost::Message;

use super::partitioner::Partitioner;
use super::record::{Packer, UnpackError, unpack};
use crate::beacon::{Beacon, BeaconRecord};
use crate::ingest::EnrichedBeacon;

/// Encoded records for one partition, one after another, each with its length before it.
#[derive(Debug)]
pub(super) struct Rows {
    /// Where they go.
    pub(super) partition: usize,
    /// How many.
    pub(super) count: usize,
    /// The bytes.
    pub(super) bytes: Vec<u8>,
    /// The place of each in the request.
    pub(super) indices: Vec<usize>,
}

/// The encoded beacons of one request. No part is larger than one message may be.
#[derive(Debug)]
pub struct RowsByPartition {
    partitioner: Partitioner,
    max_rows: usize,
    max_bytes: usize,
    parts: Vec<Rows>,
    count: usize,
    packer: Packer,
    run: Run,
}

/// Beacons of one session, one after another: most requests are one run, and it is counted once.
#[derive(Debug, Default)]
struct Run {
    session_key: u64,
    is_hot: bool,
    /// Those that are not counted yet.
    uncounted: u32,
}

impl RowsByPartition {
    /// Rows for the partitions of a topic, in parts of at most so many rows and bytes.
    pub fn new(partitioner: Partitioner, max_rows: usize, max_bytes: usize) -> Self {
        Self {
            partitioner,
            max_rows,
            max_bytes,
            parts: Vec::new(),
            count: 0,
            packer: Packer::default(),
            run: Run::default(),
        }
    }

    /// Packs and encodes one beacon into the part of its partition; `index` is its place in the request.
    pub fn push(&mut self, index: usize, beacon: EnrichedBeacon) {
        let mut packer = std::mem::take(&mut self.packer);
        self.push_record(index, packer.pack(beacon));
        self.packer = packer;
    }

    /// Encodes one record.
    pub(super) fn push_record(&mut self, index: usize, record: &BeaconRecord) {
        let session_key = record.session_key();
        let is_hot = self.is_hot(session_key);
        let partition =
            self.partitioner
                .partition(session_key, record.seq(), record.priority(), is_hot);
        let length = record.encoded_len();
        let row_bytes = length + prost::length_delimiter_len(length);
        // From the end: most requests are one session's, so the part is the last one.
        let open = self.parts.iter().rposition(|part| {
            part.partition == partition
                && part.count < self.max_rows
                && part.bytes.len() + row_bytes <= self.max_bytes
        });
        let position = open.unwrap_or_else(|| {
            self.parts.push(Rows {
                partition,
                count: 0,
                bytes: Vec::new(),
                indices: Vec::new(),
            });
            self.parts.len() - 1
        });
        let Some(part) = self.parts.get_mut(position) else {
            return;
        };
        part.bytes.reserve(row_bytes);
        prost::encoding::encode_varint(length as u64, &mut part.bytes);
        record.encode_raw(&mut part.bytes);
        part.count += 1;
        part.indices.push(index);
        self.count += 1;
        if is_hot {
            crate::metrics::producer::spread(1);
        }
    }

    fn is_hot(&mut self, session_key: u64) -> bool {
        if self.run.session_key == session_key && self.count > 0 {
            self.run.uncounted += 1;
        } else {
            self.end_run();
            self.run = Run {
                session_key,
                is_hot: self.partitioner.count(session_key, 1),
                uncounted: 0,
            };
        }
        self.run.is_hot
    }

    fn end_run(&mut self) {
        let uncounted = std::mem::take(&mut self.run.uncounted);
        if uncounted > 0 {
            self.partitioner.count(self.run.session_key, uncounted);
        }
    }

    /// How many beacons.
    pub fn count(&self) -> usize {
        self.count
    }

    /// How many bytes.
    pub(super) fn bytes(&self) -> usize {
        self.parts.iter().map(|part| part.bytes.len()).sum()
    }

    pub(super) fn into_parts(mut self) -> Vec<Rows> {
        self.end_run();
        self.parts
    }
}

/// Where the first half of a message's rows ends: how many they are, and at which byte. None: there is only
/// one row, or the bytes are no rows.
pub(super) fn halve(payload: &[u8]) -> Option<(usize, usize)> {
    let mut rest = payload;
    let mut rows = 0;
    while !rest.is_empty() {
        let length = usize::try_from(prost::encoding::decode_varint(&mut rest).ok()?).ok()?;
        rest = rest.get(length..)?;
        rows += 1;
        let at = payload.len() - rest.len();
        if at < payload.len() && at * 2 >= payload.len() {
            return Some((rows, at));
        }
        // The last row is the larger half: what is before it is the first.
        if let Some(last) = last_row(rest)
            && last == rest.len()
        {
            return Some((rows, at));
        }
    }
    None
}

/// The bytes of the next row, its length included.
fn last_row(mut rest: &[u8]) -> Option<usize> {
    let before = rest.len();
    let length = usize::try_from(prost::encoding::decode_varint(&mut rest).ok()?).ok()?;
    Some(before - rest.len() + length)
}

/// Takes a Kafka message apart, and unpacks its records into canonical beacons.
///
/// # Errors
/// Bytes that are not length-delimited records, or a record whose JSON texts cannot be read.
pub fn decode_rows(mut payload: &[u8]) -> Result<Vec<Beacon>, UnpackError> {
    let mut beacons = Vec::new();
    while !payload.is_empty() {
        beacons.push(unpack(BeaconRecord::decode_length_delimited(
            &mut payload,
        )?)?);
    }
    Ok(beacons)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn beacon(session_key: u64) -> EnrichedBeacon {
        EnrichedBeacon::for_test(Beacon {
            session_key: Some(session_key),
            session_id: Some("s".repeat(20)),
            ..Beacon::default()
        })
    }

    #[test]
    fn a_session_goes_to_one_partition_and_is_read_back_whole() {
        let mut rows = RowsByPartition::new(Partitioner::new(6, 0), 1_000, 65_536);
        for (index, session_key) in [7, 1, 13, 2].into_iter().enumerate() {
            rows.push(index, beacon(session_key));
        }
        assert_eq!(rows.count(), 4);
        let parts = rows.into_parts();
        let shape: Vec<_> = parts
            .iter()
            .map(|part| (part.partition, part.count))
            .collect();
        assert_eq!(shape, [(1, 3), (2, 1)]);
        assert_eq!(parts[1].indices, [3]);
        let read = decode_rows(&parts[0].bytes).unwrap();
        let keys: Vec<_> = read.iter().map(Beacon::session_key).collect();
        assert_eq!(keys, [7, 1, 13]);
        assert!(decode_rows(&parts[0].bytes[1..]).is_err());
    }

    #[test]
    fn a_part_never_exceeds_a_message() {
        let one = Partitioner::new(1, 0);
        let mut by_rows = RowsByPartition::new(one.clone(), 2, 65_536);
        let mut by_bytes = RowsByPartition::new(one, 1_000, 100);
        for session_key in 0..5 {
            by_rows.push(0, beacon(session_key));
            by_bytes.push(0, beacon(session_key));
        }
        let counts: Vec<_> = by_rows.into_parts().iter().map(|part| part.count).collect();
        assert_eq!(counts, [2, 2, 1]);
        let parts = by_bytes.into_parts();
        assert!(parts.iter().all(|part| part.bytes.len() <= 100));
        assert_eq!(parts.iter().map(|part| part.count).sum::<usize>(), 5);
    }
    #[test]
    fn a_message_is_halved_until_there_is_one_row() {
        let message = |lengths: &[usize]| {
            let mut bytes = Vec::new();
            for length in lengths {
                prost::encoding::encode_varint(*length as u64, &mut bytes);
                bytes.resize(bytes.len() + length, 0);
            }
            bytes
        };
        assert_eq!(halve(&message(&[9, 9, 9, 9])), Some((2, 20)));
        assert_eq!(halve(&message(&[200, 9])), Some((1, 202)));
        assert_eq!(halve(&message(&[9, 9, 200])), Some((2, 20)));
        assert_eq!(halve(&message(&[9])), None);
        assert_eq!(halve(&[]), None);
        assert_eq!(halve(&[5, 0]), None, "no rows");
    }
}
