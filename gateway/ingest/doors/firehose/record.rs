//! The data of records: beacons as the native door takes them, in batches of a bounded size.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::envelope::Envelope;
use crate::ingest::decompress::Encoding;
use crate::ingest::doors::native;
use crate::ingest::{DecodedBatch, Refusal, RefuseReason, Remains, RequestRefusal};

/// Largest record after decompression; Firehose takes 1,000 KiB.
const RECORD_MAX_BYTES: usize = 1024 * 1024;

/// The beacons of a delivery, in batches of at most so many; indices count through all of them.
pub(super) struct Batches<'e> {
    records: std::slice::Iter<'e, super::envelope::Record<'e>>,
    timestamp: i64,
    max: usize,
    next_index: usize,
    /// Of the record that found no room in the batch before.
    left: Option<DecodedBatch>,
}

impl<'e> Batches<'e> {
    pub(super) fn of(envelope: &'e Envelope<'e>, max: usize) -> Self {
        Self {
            records: envelope.records.iter(),
            timestamp: envelope.timestamp,
            max,
            next_index: 0,
            left: None,
        }
    }

    /// The beacons of the next record.
    fn next_record(&mut self) -> Option<DecodedBatch> {
        if let Some(left) = self.left.take() {
            return Some(left);
        }
        let record = self.records.next()?;
        let mut batch = decode(&record.data, self.max).unwrap_or_else(|message| DecodedBatch {
            refusals: vec![Refusal {
                index: 0,
                reason: RefuseReason::MalformedRecord,
                field: None,
                message,
                remains: remains(&record.data),
            }],
            ..DecodedBatch::default()
        });
        for decoded in &mut batch.beacons {
            decoded.index += self.next_index;
            if decoded.beacon.client_time_ms.is_none() {
                // The time of receipt would be another one for a repetition.
                decoded.identity = Some(decoded.beacon.content_hash());
                decoded.beacon.client_time_ms = Some(self.timestamp);
            }
        }
        for refusal in &mut batch.refusals {
            refusal.index += self.next_index;
        }
        self.next_index += batch.received();
        Some(batch)
    }
}

impl Iterator for Batches<'_> {
    type Item = DecodedBatch;

    fn next(&mut self) -> Option<DecodedBatch> {
        let mut batch = self.next_record()?;
        while let Some(record) = self.next_record() {
            if batch.received() + record.received() > self.max {
                self.left = Some(record);
                break;
            }
            batch.beacons.extend(record.beacons);
            batch.refusals.extend(record.refusals);
        }
        Some(batch)
    }
}

/// What can be shown of a record that cannot be read: text, where it is some.
fn remains(data: &str) -> Remains {
    let bytes = STANDARD.decode(data);
    bytes.map_or(Remains::Nothing, |bytes| Remains::of_text(&bytes))
}

/// Reads one record.
fn decode(data: &str, max: usize) -> Result<DecodedBatch, String> {
    let bytes = STANDARD
        .decode(data)
        .map_err(|error| format!("the record is not base64: {error}"))?;
    // Some producers compress their records.
    match Encoding::of_beginning(&bytes) {
        Some(encoding) => {
            let plain = encoding.undo(&bytes, RECORD_MAX_BYTES);
            decode_plain(&plain.map_err(|refusal| refusal.to_string())?, max)
        }
        None => decode_plain(&bytes, max),
    }
}

/// JSON where it begins as JSON does and is some; else protobuf. A length of protobuf can look like a
/// bracket.
fn decode_plain(bytes: &[u8], max: usize) -> Result<DecodedBatch, String> {
    let protobuf = || native::decode_protobuf(bytes, max);
    let read = match bytes.trim_ascii_start().first() {
        Some(b'{' | b'[') => match native::decode(bytes, max) {
            Err(RequestRefusal::MalformedJson(message)) => match protobuf() {
                Ok(batch) if batch.refusals.is_empty() => Ok(batch),
                _ => Err(RequestRefusal::MalformedJson(message)),
            },
            read => read,
        },
        _ => protobuf(),
    };
    read.map_err(|refusal| refusal.to_string())
}

#[cfg(test)]
#[path = "record_tests.rs"]
mod tests;
