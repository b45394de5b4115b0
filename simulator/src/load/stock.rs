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

/// A viewer of this load begins nothing new later than so many mean stays after coming.
const LONGEST_STAYS: i64 = 3;

/// A beacon as JSON without its session, its times and its closing brace.
#[derive(Debug)]
struct Prepared {
    /// When it leaves, within a lap; ms.
    phase_ms: i64,
    /// The lap in which its session began is so many before the one in which it leaves.
    laps_since_beginning: usize,
    /// Client clock minus true time; ms.
    ahead_ms: i64,
    session_id: Arc<str>,
    json: Box<[u8]>,
}

/// An event at its full height: viewers come, watch and leave at their natural pace, as many come as leave.
///
/// The stock is sent in laps. In each lap every viewer of the stock comes once, as a session of its own, and who stays longer
/// than a lap goes on through the next ones: the whole of each session is sent, however short a lap is. In the first laps
/// there are sessions that began before the load did.
#[derive(Debug)]
pub(super) struct Stock {
    beacons: Vec<Prepared>,
    /// More laps than any session lasts: no number of a session is negative.
    first_lap: usize,
}

impl Stock {
    /// At least `count` beacons, all that some viewers say; at `rate` beacons a second.
    pub(super) fn of(args: &SimulateArgs, count: usize, rate: u32) -> Result<Self> {
        let now_ms = unix_ms()?;
        let casting = casting(
            &SimulateArgs {
                wrong_clock_percent: 0.0,
                ..args.clone()
            },
            now_ms,
        );
        let longest_stay_ms = LONGEST_STAYS * args.stay_ms();
        let mut beacons = Vec::with_capacity(count);
        let mut viewers = 0_usize;
        while beacons.len() < count {
            let viewer = Arc::new(casting.viewer(viewers, now_ms));
            // A step without a common divisor: arrivals are spread evenly, whatever the number of viewers.
            let arrives_ms = (viewers as i64 * 7_919) % longest_stay_ms;
            let script = tell_story(viewer, now_ms, now_ms + longest_stay_ms);
            for beacon in &script.beacons {
                let mut fields = told(&script.viewer, beacon);
                fields.remove("client_time_ms");
                let session_id = fields.remove("session_id");
                let mut json = Value::Object(fields).to_string().into_bytes();
                json.pop();
                beacons.push(Prepared {
                    phase_ms: arrives_ms + beacon.at_ms - now_ms,
                    laps_since_beginning: 0,
                    ahead_ms: script.viewer.clock.ahead_ms,
                    session_id: session_id
                        .as_ref()
                        .and_then(Value::as_str)
                        .unwrap_or_default()
                        .into(),
                    json: json.into_boxed_slice(),
                });
            }
            viewers += 1;
        }
        let lap_ms = (beacons.len() as i64 * 1_000 / i64::from(rate)).max(1);
        for beacon in &mut beacons {
            beacon.laps_since_beginning = (beacon.phase_ms / lap_ms) as usize;
            beacon.phase_ms %= lap_ms;
        }
        beacons.sort_by_key(|beacon| (beacon.phase_ms, beacon.laps_since_beginning));
        let first_lap = beacons
            .iter()
            .map(|beacon| beacon.laps_since_beginning)
            .max()
            .unwrap_or_default();
        Ok(Self { beacons, first_lap })
    }

    /// How many beacons a lap has.
    pub(super) const fn len(&self) -> usize {
        self.beacons.len()
    }

    /// The body with the beacons of that range, all of them happening and sent at `now_ms`; laps follow on each other.
    pub(super) fn body(&self, range: Range<usize>, now_ms: i64) -> Vec<u8> {
        let mut body = Vec::with_capacity(range.len() * 800);
        for index in range {
            let beacon = &self.beacons[index % self.beacons.len()];
            let session = self.first_lap + index / self.beacons.len() - beacon.laps_since_beginning;
            body.push(if body.is_empty() { b'[' } else { b',' });
            body.extend_from_slice(&beacon.json);
            let client_ms = now_ms + beacon.ahead_ms;
            // Writing to memory cannot fail.
            let _ = write!(
                body,
                ",\"session_id\":\"{}.{session}\",\"client_time_ms\":{client_ms},\"sent_time_ms\":{client_ms}}}",
                beacon.session_id
            );
        }
        body.push(b']');
        body
    }
}
