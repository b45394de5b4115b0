//! Beacons prepared ahead, so that sending costs little: only the times are filled in when they leave.

use std::io::Write;
use std::sync::Arc;

use anyhow::Result;
use serde_json::Value;

use crate::args::SimulateArgs;
use crate::event::{casting, unix_ms};
use crate::script::plot::tell_story;
use crate::script::told::told;

/// A beacon as JSON without its times and its closing brace.
#[derive(Debug)]
struct Prepared {
    at_ms: i64,
    /// Client clock minus true time; ms.
    ahead_ms: i64,
    json: Box<[u8]>,
}

/// Beacons of many sessions, mixed as they would come.
#[derive(Debug)]
pub(super) struct Stock {
    beacons: Vec<Prepared>,
}

impl Stock {
    /// `count` beacons, of as many viewers as it takes (at least --viewers).
    pub(super) fn of(args: &SimulateArgs, count: usize) -> Result<Self> {
        let now_ms = unix_ms()?;
        let casting = casting(
            &SimulateArgs {
                wrong_clock_percent: 0.0,
                ..args.clone()
            },
            now_ms,
        );
        let mut beacons = Vec::with_capacity(count);
        let mut index = 0;
        while beacons.len() < count || index < args.viewers {
            let viewer = Arc::new(casting.viewer(index, now_ms));
            // Arrivals over ten minutes: by the time of sending, starts, middles and ends are mixed.
            let arrives_ms = now_ms + (index as i64 * 7_919) % 600_000;
            let script = tell_story(viewer, arrives_ms, arrives_ms + 1_800_000);
            for beacon in &script.beacons {
                let mut fields = told(&script.viewer, beacon);
                fields.remove("client_time_ms");
                let mut json = Value::Object(fields).to_string().into_bytes();
                json.pop();
                let ahead_ms = script.viewer.clock.ahead_ms;
                beacons.push(Prepared {
                    at_ms: beacon.at_ms,
                    ahead_ms,
                    json: json.into_boxed_slice(),
                });
            }
            index += 1;
        }
        beacons.sort_by_key(|beacon| beacon.at_ms);
        beacons.truncate(count);
        Ok(Self { beacons })
    }

    /// How many beacons there are.
    pub(super) fn len(&self) -> usize {
        self.beacons.len()
    }

    /// The body with the beacons of that range, all of them happening and sent at `now_ms`.
    pub(super) fn body(&self, from: usize, to: usize, now_ms: i64) -> Vec<u8> {
        let mut body = Vec::with_capacity((to - from) * 800);
        for beacon in &self.beacons[from..to] {
            body.push(if body.is_empty() { b'[' } else { b',' });
            body.extend_from_slice(&beacon.json);
            let client_ms = now_ms + beacon.ahead_ms;
            // Writing to memory cannot fail.
            let _ = write!(
                body,
                ",\"client_time_ms\":{client_ms},\"sent_time_ms\":{client_ms}}}"
            );
        }
        body.push(b']');
        body
    }
}
