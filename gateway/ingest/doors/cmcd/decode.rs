//! Lines to beacons; each line stands alone.

use super::keys::Report;
use super::lexer::Dictionary;
use crate::beacon::Beacon;
use crate::ingest::{Decoded, DecodedBatch, Refusal, RefuseReason, RequestRefusal};

/// Reads a body of at most `max` lines that went to this target.
///
/// # Errors
/// An empty body, or one of too many lines.
pub fn decode(
    body: &[u8],
    target: Option<&str>,
    max: usize,
) -> Result<DecodedBatch, RequestRefusal> {
    let mut batch = DecodedBatch::default();
    let lines = body
        .split(|byte| *byte == b'\n')
        .map(<[u8]>::trim_ascii)
        .filter(|line| !line.is_empty());
    for (index, line) in lines.enumerate() {
        if index == max {
            return Err(RequestRefusal::TooManyBeacons(max));
        }
        match read_line(line, target) {
            Ok(beacon) => batch.beacons.push(Decoded::new(index, beacon)),
            Err(message) => batch.refusals.push(Refusal {
                index,
                reason: RefuseReason::MalformedCmcd,
                field: None,
                message,
            }),
        }
    }
    if batch.received() == 0 {
        return Err(RequestRefusal::EmptyBatch);
    }
    Ok(batch)
}

fn read_line(line: &[u8], target: Option<&str>) -> Result<Beacon, String> {
    let line = std::str::from_utf8(line).map_err(|error| error.to_string())?;
    let mut report = Report::default();
    read_keys(line, &mut report)?;
    Ok(report.into_beacon(target))
}

/// Takes every key of a dictionary.
pub(super) fn read_keys(dictionary: &str, report: &mut Report) -> Result<(), String> {
    let mut dictionary = Dictionary::new(dictionary);
    while let Some((key, value)) = dictionary.next_entry().map_err(|error| error.to_string())? {
        report.take(key, &value);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_line_costs_only_itself() {
        let body = b"e=t,sid=\"s\",sn=0\r\n\nnot a dictionary\n\xff\xfe\ne=t,sid=\"s\",sn=1\n";
        let batch = decode(body, Some("a"), 10).unwrap();
        let read: Vec<_> = batch
            .beacons
            .iter()
            .map(|decoded| (decoded.index, decoded.beacon.seq(), decoded.beacon.stream()))
            .collect();
        assert_eq!(read, [(0, 0, "a"), (3, 1, "a")]);
        let refused: Vec<_> = batch
            .refusals
            .iter()
            .map(|refusal| (refusal.index, refusal.reason))
            .collect();
        assert_eq!(
            refused,
            [
                (1, RefuseReason::MalformedCmcd),
                (2, RefuseReason::MalformedCmcd)
            ]
        );
    }

    #[test]
    fn nothing_and_too_much_are_refused() {
        assert_eq!(
            decode(b"\n \n", None, 10).unwrap_err(),
            RequestRefusal::EmptyBatch
        );
        assert_eq!(
            decode(b"e=t\ne=t", None, 1).unwrap_err(),
            RequestRefusal::TooManyBeacons(1)
        );
    }
}
