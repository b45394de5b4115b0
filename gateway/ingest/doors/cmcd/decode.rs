//! Lines to beacons; each line stands alone.

use xxhash_rust::xxh3::xxh3_64;

use super::keys::Report;
use super::lexer::Dictionary;
use crate::ingest::{DecodedBatch, RawBody, Refusal, RefuseReason, Remains, RequestRefusal};

/// The reports of a body, at most so many at a time: a player that nobody answered for a while sends all
/// that it has kept at once, and goes on doing so until it is taken.
pub(super) struct Parts {
    /// Until its last report is read.
    body: Option<RawBody>,
    reading: Reading,
}

impl Parts {
    /// Those of a body that went to this target, `max` in each part; and how many lines there are.
    ///
    /// # Errors
    /// An empty body.
    pub(super) fn of(
        body: RawBody,
        target: Option<String>,
        max: usize,
    ) -> Result<(Self, usize), RequestRefusal> {
        let count = Lines::of(&body.bytes, 0).count();
        if count == 0 {
            return Err(RequestRefusal::EmptyBatch);
        }
        let body = Some(body);
        let reading = Reading::of(target, max);
        Ok((Self { body, reading }, count))
    }
}

impl Iterator for Parts {
    type Item = DecodedBatch;

    fn next(&mut self) -> Option<DecodedBatch> {
        let body = self.body.take()?;
        let batch = self.reading.next_part(&body.bytes);
        if !self.reading.is_at_end(&body.bytes) {
            self.body = Some(body);
        }
        // Else its memory is free while Kafka is waited for.
        Some(batch)
    }
}

/// Reads a body that went to this target; each batch holds at most `max` lines.
///
/// # Errors
/// An empty body.
pub fn decode(
    body: &[u8],
    target: Option<&str>,
    max: usize,
) -> Result<Vec<DecodedBatch>, RequestRefusal> {
    let mut reading = Reading::of(target.map(str::to_owned), max);
    let mut parts = Vec::new();
    while !reading.is_at_end(body) {
        parts.push(reading.next_part(body));
    }
    if parts.is_empty() {
        return Err(RequestRefusal::EmptyBatch);
    }
    Ok(parts)
}

/// How far a body has been read.
struct Reading {
    target: Option<String>,
    /// Most lines of one part.
    max: usize,
    /// Where the next line begins; bytes.
    at: usize,
    /// Its place in the body.
    index: usize,
}

impl Reading {
    fn of(target: Option<String>, max: usize) -> Self {
        Self {
            target,
            max,
            at: 0,
            index: 0,
        }
    }

    fn is_at_end(&self, body: &[u8]) -> bool {
        Lines::of(body, self.at).next().is_none()
    }

    fn next_part(&mut self, body: &[u8]) -> DecodedBatch {
        let mut batch = DecodedBatch::default();
        let mut lines = Lines::of(body, self.at);
        for line in lines.by_ref().take(self.max) {
            self.read_line(line, &mut batch);
        }
        self.at = lines.at;
        batch
    }

    fn read_line(&mut self, line: &[u8], batch: &mut DecodedBatch) {
        let index = self.index;
        self.index += 1;
        match read_report(line) {
            Ok(report) => {
                let mut decoded = report.into_decoded(index, self.target.as_deref());
                // Without `sn` a report is known by all that it says, also in what no field keeps.
                decoded.identity = decoded.beacon.seq.is_none().then(|| xxh3_64(line));
                batch.beacons.push(decoded);
            }
            Err(message) => batch.refusals.push(Refusal {
                index,
                reason: RefuseReason::MalformedCmcd,
                field: None,
                message,
                remains: Remains::of_text(line),
            }),
        }
    }
}

/// The lines of a body that are not empty.
struct Lines<'b> {
    body: &'b [u8],
    /// Where the next one begins; bytes.
    at: usize,
}

impl<'b> Lines<'b> {
    fn of(body: &'b [u8], at: usize) -> Self {
        Self { body, at }
    }
}

impl<'b> Iterator for Lines<'b> {
    type Item = &'b [u8];

    fn next(&mut self) -> Option<&'b [u8]> {
        loop {
            let rest = self.body.get(self.at..)?;
            let line = rest.split(|byte| *byte == b'\n').next()?;
            self.at += line.len() + 1;
            let line = line.trim_ascii();
            if !line.is_empty() {
                return Some(line);
            }
        }
    }
}

fn read_report(line: &[u8]) -> Result<Report, String> {
    let line = std::str::from_utf8(line).map_err(|error| error.to_string())?;
    let mut report = Report::default();
    read_keys(line, &mut report)?;
    Ok(report)
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

    fn whole(body: &[u8]) -> DecodedBatch {
        let mut parts = decode(body, Some("a"), 10).unwrap();
        assert_eq!(parts.len(), 1);
        parts.remove(0)
    }

    #[test]
    fn a_bad_line_costs_only_itself() {
        let batch =
            whole(b"e=t,sid=\"s\",sn=0\r\n\nnot a dictionary\n\xff\xfe\ne=t,sid=\"s\",sn=1\n");
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
    fn a_long_body_is_read_in_parts() {
        let parts = |body: &[u8]| -> Vec<Vec<usize>> {
            let indices = |batch: DecodedBatch| {
                let read = batch.beacons.iter().map(|decoded| decoded.index);
                let refused = batch.refusals.iter().map(|refusal| refusal.index);
                read.chain(refused).collect()
            };
            let batches = decode(body, None, 2).unwrap();
            batches.into_iter().map(indices).collect()
        };
        assert_eq!(
            parts(b"e=t\n\ne=t\nbad one\ne=t\ne=t"),
            [vec![0, 1], vec![3, 2], vec![4]]
        );
        assert_eq!(parts(b"\ne=t\ne=t\n\n \n"), [[0, 1]]);
        assert_eq!(parts(b"e=t"), [[0]]);
    }

    #[test]
    fn nothing_is_refused() {
        for body in [&b""[..], b"\n", b"\n \r\n"] {
            let refusal = decode(body, None, 10).unwrap_err();
            assert_eq!(refusal, RequestRefusal::EmptyBatch);
        }
    }

    #[test]
    fn without_a_number_a_report_is_known_by_all_that_it_says() {
        let identities = |body: &str| -> Vec<Option<u64>> {
            let beacons = whole(body.as_bytes()).beacons;
            beacons.iter().map(|decoded| decoded.identity).collect()
        };
        let one = "e=rr,sid=\"s\",ts=5,url=\"https://cdn.example/1.m4s\"\n";
        let other = "e=rr,sid=\"s\",ts=5,url=\"https://cdn.example/2.m4s\"\n";
        let read = identities(&[one, other].concat());
        assert!(read[0].is_some() && read[1].is_some() && read[0] != read[1]);
        assert_eq!(identities(&[other, one].concat()), [read[1], read[0]]);
        assert_eq!(identities(&one.replace('\n', "\r\n")), [read[0]]);
        assert_eq!(identities("e=rr,sid=\"s\",sn=4"), [None]);
    }
}
