//! Beacons prepared ahead, so that sending costs little: only the times are filled in when they leave.

use std::io::Write;
use std::ops::Range;
use std::sync::Arc;

use anyhow::Result;
use serde_json::Value;

use crate::args::SimulateArgs;
use crate::event::{casting, unix_ms};
use crate::script::plot::tell_story;
use crate::script::told::told;

/// A viewer of this load stays no longer than this after coming; ms.
const LONGEST_STAY_MS: i64 = 1_800_000;

/// A beacon as JSON without its session, its times and its closing brace.
#[derive(Debug)]
struct Prepared {
    at_ms: i64,
    /// Client clock minus true time; ms.
    ahead_ms: i64,
    session_id: Arc<str>,
    json: Box<[u8]>,
}

/// Some time cut out of an event at its full height: viewers start, watch and leave at their natural pace.
///
/// A load longer than the stock is sent in laps; each lap has sessions of its own.
#[derive(Debug)]
pub(super) struct Stock {
    beacons: Vec<Prepared>,
}

impl Stock {
    /// `count` beacons, of as many viewers as it takes to say them in `length_ms`.
    pub(super) fn of(args: &SimulateArgs, count: usize, length_ms: i64) -> Result<Self> {
        let now_ms = unix_ms()?;
        let casting = casting(
            &SimulateArgs {
                wrong_clock_percent: 0.0,
                ..args.clone()
            },
            now_ms,
        );
        let window = now_ms..now_ms + length_ms;
        let mut beacons = Vec::with_capacity(count);
        let mut index = 0;
        while beacons.len() < count {
            let viewer = Arc::new(casting.viewer(index, now_ms));
            // A step without a common divisor: arrivals are spread evenly, whatever the number of viewers.
            let arrives_ms =
                window.end - 1 - (index as i64 * 7_919) % (LONGEST_STAY_MS + length_ms);
            let script = tell_story(viewer, arrives_ms, arrives_ms + LONGEST_STAY_MS);
            for beacon in script.beacons.iter().filter(|b| window.contains(&b.at_ms)) {
                let mut fields = told(&script.viewer, beacon);
                fields.remove("client_time_ms");
                let session_id = fields.remove("session_id");
                let mut json = Value::Object(fields).to_string().into_bytes();
                json.pop();
                beacons.push(Prepared {
                    at_ms: beacon.at_ms,
                    ahead_ms: script.viewer.clock.ahead_ms,
                    session_id: session_id
                        .as_ref()
                        .and_then(Value::as_str)
                        .unwrap_or_default()
                        .into(),
                    json: json.into_boxed_slice(),
                });
            }
            index += 1;
        }
        beacons.truncate(count);
        beacons.sort_by_key(|beacon| beacon.at_ms);
        Ok(Self { beacons })
    }

    /// The body with the beacons of that range, all of them happening and sent at `now_ms`. Beyond the stock's
    /// length it begins again, as other sessions.
    pub(super) fn body(&self, range: Range<usize>, now_ms: i64) -> Vec<u8> {
        let mut body = Vec::with_capacity(range.len() * 800);
        for index in range {
            let lap = index / self.beacons.len();
            let beacon = &self.beacons[index % self.beacons.len()];
            body.push(if body.is_empty() { b'[' } else { b',' });
            body.extend_from_slice(&beacon.json);
            let client_ms = now_ms + beacon.ahead_ms;
            // Writing to memory cannot fail.
            let _ = write!(
                body,
                ",\"session_id\":\"{}.{lap}\",\"client_time_ms\":{client_ms},\"sent_time_ms\":{client_ms}}}",
                beacon.session_id
            );
        }
        body.push(b']');
        body
    }
}
