//! Bytes of the log: `docs/spool.md` has the same as tables. Numbers are little-endian.

/// First bytes of every segment.
pub(super) const SEGMENT_MAGIC: [u8; 8] = *b"PLHSPOOL";
/// Version of the format; a segment of another one is never touched.
pub(super) const VERSION: u32 = 1;
/// Bytes before a segment's first record.
pub(super) const SEGMENT_HEAD_BYTES: usize = 40;
/// Bytes before a record's payload.
pub(super) const RECORD_HEAD_BYTES: usize = 40;
/// Largest payload of one record; a larger length is damage, not a reason to allocate.
pub(super) const PAYLOAD_MAX_BYTES: usize = 16 * 1024 * 1024;

/// Sequences count from 1 and never come near this; another one is damage, and would overflow what is counted from it.
const SEQ_MAX: u64 = 1 << 62;

/// The head of a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SegmentHead {
    /// Sequence of its first record.
    pub(super) first_seq: u64,
    /// Sequence of the last record that was known to be on disk when the segment was made; 0: none.
    /// What lies between a missing end and this was acknowledged, and is lost.
    pub(super) durable_seq: u64,
    /// When it was made, Unix time in ms.
    pub(super) created_ms: u64,
}

/// Why bytes are no head of a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BadHead {
    /// Not whole: torn, damaged, or not a segment at all.
    Unreadable,
    /// A whole head of another version.
    Version(u32),
}

impl SegmentHead {
    pub(super) fn encode(self) -> [u8; SEGMENT_HEAD_BYTES] {
        let mut bytes = [0; SEGMENT_HEAD_BYTES];
        bytes[..8].copy_from_slice(&SEGMENT_MAGIC);
        bytes[8..12].copy_from_slice(&VERSION.to_le_bytes());
        bytes[12..20].copy_from_slice(&self.first_seq.to_le_bytes());
        bytes[20..28].copy_from_slice(&self.durable_seq.to_le_bytes());
        bytes[28..36].copy_from_slice(&self.created_ms.to_le_bytes());
        let sum = crc32c::crc32c(&bytes[..36]);
        bytes[36..].copy_from_slice(&sum.to_le_bytes());
        bytes
    }

    pub(super) fn decode(bytes: &[u8]) -> Result<Self, BadHead> {
        let Some(bytes) = bytes.get(..SEGMENT_HEAD_BYTES) else {
            return Err(BadHead::Unreadable);
        };
        if bytes[..8] != SEGMENT_MAGIC || u32_at(bytes, 36) != crc32c::crc32c(&bytes[..36]) {
            return Err(BadHead::Unreadable);
        }
        let version = u32_at(bytes, 8);
        if version != VERSION {
            return Err(BadHead::Version(version));
        }
        let head = Self {
            first_seq: u64_at(bytes, 12),
            durable_seq: u64_at(bytes, 20),
            created_ms: u64_at(bytes, 28),
        };
        let is_possible = (1..=SEQ_MAX).contains(&head.first_seq) && head.durable_seq <= SEQ_MAX;
        is_possible.then_some(head).ok_or(BadHead::Unreadable)
    }
}

/// The head of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RecordHead {
    /// Its place in the log; one more than the record before it in the segment.
    pub(super) seq: u64,
    /// Sequence of the last record that was known to be on disk when this one was written. It tells
    /// a torn write, which nobody was promised, from damage to what was promised.
    pub(super) durable_seq: u64,
    /// When it was written, Unix time in ms.
    pub(super) spooled_ms: u64,
    /// The partition of its beacons.
    pub(super) partition: u32,
    /// How many beacons.
    pub(super) rows: u32,
    /// Bytes of its payload.
    pub(super) payload_bytes: usize,
}

impl RecordHead {
    /// Bytes of the whole record.
    pub(super) fn record_bytes(&self) -> usize {
        RECORD_HEAD_BYTES + self.payload_bytes
    }

    /// Appends the record. A payload beyond [`PAYLOAD_MAX_BYTES`] is the caller's mistake.
    pub(super) fn encode_to(&self, payload: &[u8], out: &mut Vec<u8>) {
        let start = out.len();
        // Payloads are bounded far below 4 GiB.
        let length = u32::try_from(payload.len()).unwrap_or(u32::MAX);
        out.extend_from_slice(&[0; 4]);
        out.extend_from_slice(&length.to_le_bytes());
        out.extend_from_slice(&self.seq.to_le_bytes());
        out.extend_from_slice(&self.durable_seq.to_le_bytes());
        out.extend_from_slice(&self.spooled_ms.to_le_bytes());
        out.extend_from_slice(&self.partition.to_le_bytes());
        out.extend_from_slice(&self.rows.to_le_bytes());
        out.extend_from_slice(payload);
        let sum = crc32c::crc32c(&out[start + 4..]);
        out[start..start + 4].copy_from_slice(&sum.to_le_bytes());
    }

    /// The head alone, its checksum not looked at; none: too few bytes, or an impossible length.
    pub(super) fn peek(bytes: &[u8]) -> Option<Self> {
        let bytes = bytes.get(..RECORD_HEAD_BYTES)?;
        let payload_bytes = usize::try_from(u32_at(bytes, 4)).ok()?;
        (payload_bytes <= PAYLOAD_MAX_BYTES).then(|| Self {
            seq: u64_at(bytes, 8),
            durable_seq: u64_at(bytes, 16),
            spooled_ms: u64_at(bytes, 24),
            partition: u32_at(bytes, 32),
            rows: u32_at(bytes, 36),
            payload_bytes,
        })
    }

    /// Whether these bytes are one whole record with this head.
    pub(super) fn is_whole(record: &[u8]) -> bool {
        record.len() >= RECORD_HEAD_BYTES && u32_at(record, 0) == crc32c::crc32c(&record[4..])
    }
}

/// Four bytes; the caller has looked that they are there.
fn u32_at(bytes: &[u8], at: usize) -> u32 {
    let mut number = [0; 4];
    number.copy_from_slice(&bytes[at..at + 4]);
    u32::from_le_bytes(number)
}

/// Eight bytes; the caller has looked that they are there.
pub(super) fn u64_at(bytes: &[u8], at: usize) -> u64 {
    let mut number = [0; 8];
    number.copy_from_slice(&bytes[at..at + 8]);
    u64::from_le_bytes(number)
}

/// The file name of the segment that begins with this record.
pub(super) fn segment_name(first_seq: u64) -> String {
    format!("{first_seq:020}.segment")
}

/// The sequence in a segment's file name; none: the file is no segment.
pub(super) fn seq_of_name(name: &str) -> Option<u64> {
    let digits = name.strip_suffix(".segment")?;
    let is_number = digits.len() == 20 && digits.bytes().all(|byte| byte.is_ascii_digit());
    let seq = is_number.then(|| digits.parse().ok())??;
    (1..=SEQ_MAX).contains(&seq).then_some(seq)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn impossible_sequences_are_damage() {
        let head = |first_seq, durable_seq| SegmentHead {
            first_seq,
            durable_seq,
            created_ms: 1,
        };
        for (first_seq, durable_seq) in [(0, 0), (u64::MAX, 0), (1, u64::MAX)] {
            let bytes = head(first_seq, durable_seq).encode();
            assert_eq!(SegmentHead::decode(&bytes), Err(BadHead::Unreadable));
        }
        assert_eq!(seq_of_name(&segment_name(0)), None);
        assert_eq!(seq_of_name(&segment_name(u64::MAX)), None);
        assert_eq!(seq_of_name(&segment_name(1)), Some(1));
    }

    #[test]
    fn heads_are_read_back_and_any_flipped_bit_is_noticed() {
        let head = SegmentHead {
            first_seq: 7,
            durable_seq: 6,
            created_ms: 1_795_250_275_830,
        };
        let bytes = head.encode();
        assert_eq!(SegmentHead::decode(&bytes), Ok(head));
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes;
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(SegmentHead::decode(&flipped), Err(BadHead::Unreadable));
        }
        let mut record = Vec::new();
        let head = RecordHead {
            seq: 7,
            durable_seq: 6,
            spooled_ms: 1,
            partition: 3,
            rows: 2,
            payload_bytes: 5,
        };
        head.encode_to(b"hello", &mut record);
        assert_eq!(record.len(), head.record_bytes());
        assert_eq!(RecordHead::peek(&record), Some(head));
        assert!(RecordHead::is_whole(&record));
        for bit in 0..record.len() * 8 {
            let mut flipped = record.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(!RecordHead::is_whole(&flipped), "bit {bit}");
        }
    }

    #[test]
    fn a_head_of_a_later_version_is_told_from_damage() {
        let mut bytes = SegmentHead {
            first_seq: 1,
            durable_seq: 0,
            created_ms: 0,
        }
        .encode();
        bytes[8] = 9;
        let sum = crc32c::crc32c(&bytes[..36]);
        bytes[36..].copy_from_slice(&sum.to_le_bytes());
        assert_eq!(SegmentHead::decode(&bytes), Err(BadHead::Version(9)));
    }

    #[test]
    fn only_segments_are_taken_for_segments() {
        assert_eq!(seq_of_name(&segment_name(42)), Some(42));
        for name in ["cursor", "42.segment", "0000000000000000004x.segment"] {
            assert_eq!(seq_of_name(name), None, "{name}");
        }
    }
}
