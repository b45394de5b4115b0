//! The file of --attempts-file: one line of JSON for each request that was tried.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::{Context, Result};
use serde::Serialize;

use crate::event::Event;
use crate::truth::{session_key, stream};

use super::Journal;

/// One request as it went.
#[derive(Debug, Serialize)]
struct Line<'a> {
    /// As text: not every reader of JSON holds 64 bits.
    session_key: &'a str,
    /// Stream and seq of each beacon, which with the session key are its identity.
    beacons: Vec<(String, u64)>,
    /// When it left, and when the answer or the failure came; Unix ms of this machine.
    sent_ms: i64,
    ended_ms: Option<i64>,
    /// `acknowledged`, `failed` (refused with a retryable answer, or none came) or `unsent` (no connection).
    outcome: &'static str,
    /// Whether the same beacons had been tried in vain before.
    is_retry: bool,
}

/// Writes every attempt of the journal.
pub(crate) fn write(path: &Path, event: &Event, journal: &Journal, tenant: &str) -> Result<()> {
    let context = || format!("cannot write {}", path.display());
    let mut file = BufWriter::new(File::create(path).with_context(context)?);
    for (index, script) in event.scripts.iter().enumerate() {
        let session_key = session_key(tenant, script).to_string();
        for attempt in journal.log(index) {
            let beacons = attempt.beacons.iter().map(|beacon| {
                let beacon = &script.beacons[*beacon];
                (stream(beacon), beacon.seq)
            });
            let line = Line {
                session_key: &session_key,
                beacons: beacons.collect(),
                sent_ms: attempt.sent_ms,
                ended_ms: attempt.ended_ms,
                outcome: attempt.outcome.name(),
                is_retry: attempt.is_retry,
            };
            serde_json::to_writer(&mut file, &line).with_context(context)?;
            file.write_all(b"\n").with_context(context)?;
        }
    }
    file.flush().with_context(context)
}
