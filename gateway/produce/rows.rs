//! The beacons of one request, as records encoded for Kafka and sorted by partition.

use prost::Message;

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
}

/// The encoded beacons of one request. No part is larger than one message may be.
#[derive(Debug)]
pub struct RowsByPartition {
    partitions: usize,
    max_rows: usize,
    max_bytes: usize,
    parts: Vec<Rows>,
    count: usize,
    packer: Packer,
}

impl RowsByPartition {
    /// Rows for a topic of so many partitions, in parts of at most so many rows and bytes.
    pub fn new(partitions: usize, max_rows: usize, max_bytes: usize) -> Self {
        Self {
            partitions,
            max_rows,
            max_bytes,
            parts: Vec::new(),
            count: 0,
            packer: Packer::default(),
        }
    }

    /// Packs and encodes one beacon into the part of its session's partition.
    pub fn push(&mut self, beacon: EnrichedBeacon) {
        let partition = partition_of(beacon.session_key(), self.partitions);
        let record = self.packer.pack(beacon);
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
        self.count += 1;
    }

    /// How many beacons.
    pub fn count(&self) -> usize {
        self.count
    }

    pub(super) fn into_parts(self) -> Vec<Rows> {
        self.parts
    }
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

/// The partition of a session: all its beacons go to one, as long as their number stays.
fn partition_of(session_key: u64, partitions: usize) -> usize {
    // The remainder is below `partitions`, which is a usize.
    (session_key % partitions as u64) as usize
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
        let mut rows = RowsByPartition::new(6, 1_000, 65_536);
        for session_key in [7, 1, 13, 2] {
            rows.push(beacon(session_key));
        }
        assert_eq!(rows.count(), 4);
        let parts = rows.into_parts();
        let shape: Vec<_> = parts
            .iter()
            .map(|part| (part.partition, part.count))
            .collect();
        assert_eq!(shape, [(1, 3), (2, 1)]);
        let read = decode_rows(&parts[0].bytes).unwrap();
        let keys: Vec<_> = read.iter().map(Beacon::session_key).collect();
        assert_eq!(keys, [7, 1, 13]);
        assert!(decode_rows(&parts[0].bytes[1..]).is_err());
    }

    #[test]
    fn a_part_never_exceeds_a_message() {
        let mut by_rows = RowsByPartition::new(1, 2, 65_536);
        let mut by_bytes = RowsByPartition::new(1, 1_000, 100);
        for session_key in 0..5 {
            by_rows.push(beacon(session_key));
            by_bytes.push(beacon(session_key));
        }
        let counts: Vec<_> = by_rows.into_parts().iter().map(|part| part.count).collect();
        assert_eq!(counts, [2, 2, 1]);
        let parts = by_bytes.into_parts();
        assert!(parts.iter().all(|part| part.bytes.len() <= 100));
        assert_eq!(parts.iter().map(|part| part.count).sum::<usize>(), 5);
    }
}
