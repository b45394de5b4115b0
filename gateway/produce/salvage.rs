//! What can be saved of a message that the warehouse could not read: the rows that are beacons.

use prost::Message;

use super::record::unpack;
use crate::beacon::{Beacon, BeaconRecord, session_key};

/// The rows of a message, told apart.
#[derive(Debug, Default)]
pub struct Salvaged {
    /// Those that are beacons, as they were.
    pub records: Vec<BeaconRecord>,
    /// Why the others are not, with their place from 0.
    pub unreadable: Vec<(usize, String)>,
}

impl Salvaged {
    /// The beacons, unpacked.
    pub fn beacons(&self) -> Vec<Beacon> {
        let unpacked = self.records.iter().cloned().map(unpack);
        unpacked.filter_map(Result::ok).collect()
    }
}

/// Takes a message apart as far as it can be. A row counts as a beacon when it decodes and its identity is its own.
pub fn salvage(message: &[u8]) -> Salvaged {
    let mut salvaged = Salvaged::default();
    let mut rest = message;
    let mut place = 0;
    while !rest.is_empty() {
        let Some(row) = next_row(&mut rest) else {
            let reason = "its length does not fit, so nothing after it can be told apart";
            salvaged.unreadable.push((place, reason.to_owned()));
            break;
        };
        match read(row) {
            Ok(record) => salvaged.records.push(record),
            Err(reason) => salvaged.unreadable.push((place, reason)),
        }
        place += 1;
    }
    salvaged
}

fn next_row<'m>(rest: &mut &'m [u8]) -> Option<&'m [u8]> {
    let length = usize::try_from(prost::encoding::decode_varint(rest).ok()?).ok()?;
    let (row, others) = rest.split_at_checked(length)?;
    *rest = others;
    Some(row)
}

fn read(row: &[u8]) -> Result<BeaconRecord, String> {
    let record = BeaconRecord::decode(row).map_err(|error| error.to_string())?;
    unpack(record.clone()).map_err(|error| error.to_string())?;
    let is_its_own = !record.session_id().is_empty()
        && record.session_key() == session_key(record.tenant(), record.session_id());
    if !is_its_own {
        return Err("its session_key is not that of its tenant and session_id".to_owned());
    }
    if record.seq.is_none() || record.received_time_ms.is_none() {
        return Err("it has no seq or no time of receipt".to_owned());
    }
    Ok(record)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(seq: u64) -> BeaconRecord {
        BeaconRecord {
            tenant: Some("default".into()),
            session_id: Some("s".into()),
            session_key: Some(session_key("default", "s")),
            seq: Some(seq),
            received_time_ms: Some(1),
            ..BeaconRecord::default()
        }
    }

    #[test]
    fn what_is_a_beacon_is_saved_and_the_rest_is_told() {
        let mut message = record(0).encode_length_delimited_to_vec();
        let foreign = BeaconRecord {
            session_key: Some(7),
            ..record(1)
        };
        message.extend(foreign.encode_length_delimited_to_vec());
        message.extend([3, 0xFF, 0xFF, 0xFF]);
        message.extend(record(3).encode_length_delimited_to_vec());
        message.extend([100, 1]);
        let salvaged = salvage(&message);
        let seqs: Vec<_> = salvaged.records.iter().map(BeaconRecord::seq).collect();
        let places: Vec<_> = salvaged
            .unreadable
            .iter()
            .map(|(place, _)| *place)
            .collect();
        assert_eq!((seqs, places), (vec![0, 3], vec![1, 2, 4]));
        assert_eq!(salvaged.beacons().len(), 2);
        assert!(salvage(b"").records.is_empty());
    }
}
