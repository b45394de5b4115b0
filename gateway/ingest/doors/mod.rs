//! One adapter per protocol: each turns its bodies into canonical beacons and answers as its
//! clients expect. Nothing behind a door knows which one it was.

pub mod cmcd;
pub mod epas;
pub mod firehose;
pub mod forward;
pub mod native;
pub mod pixel;
pub mod snowplow;
mod tags;
pub mod time;

use axum::http::HeaderName;

use crate::beacon::Source;
use crate::enrich::Origin;
use crate::gate::Pass;
use crate::ingest::Arrival;

/// Names the reason where the beacon was not taken, and the body or the status cannot.
pub const REASON: HeaderName = HeaderName::from_static("x-playhead-reason");

/// A door, as its beacons name it.
#[derive(Clone, Copy, Debug)]
struct Door {
    /// Its number in the schema.
    source: Source,
    /// How its streams begin.
    stream: &'static str,
}

impl Door {
    /// What the beacons of one request have in common.
    fn arrival(self, pass: &Pass, received_time_ms: i64, is_gpc: bool) -> Arrival {
        Arrival {
            tenant: pass.tenant().to_owned(),
            write_key: pass.key_id().map(str::to_owned),
            received_time_ms,
            source: self.source,
            stream: self.stream,
            is_gpc,
            is_test: pass.is_test(),
            client: pass.client().clone(),
            origin: Origin::Client,
        }
    }
}

/// The host of a URL. The rest of it may hold tokens of the viewer, and is not kept.
fn host_of(url: &str) -> Option<String> {
    let (_, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?;
    (!host.is_empty()).then(|| host.to_owned())
}
