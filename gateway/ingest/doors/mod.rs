//! One adapter per protocol: each turns its bodies into canonical beacons and answers as its
//! clients expect. Nothing behind a door knows which one it was.

pub mod cmcd;
pub mod epas;
pub mod firehose;
pub mod native;
pub mod pixel;
pub mod snowplow;
mod tags;
pub mod time;

use crate::beacon::Source;
use crate::ingest::{Arrival, DeferReason};
use crate::problem::Problem;
use crate::produce::ProduceError;

/// Owner of the data while no write keys are configured.
const DEFAULT_TENANT: &str = "default";

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
    fn arrival(self, received_time_ms: i64, is_gpc: bool) -> Arrival {
        Arrival {
            tenant: DEFAULT_TENANT.to_owned(),
            received_time_ms,
            source: self.source,
            stream: self.stream,
            is_gpc,
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

/// The answer when a valid beacon is not known to be in Kafka: the same request can be sent again,
/// since copies fold by their identity.
fn not_durable(error: ProduceError) -> Problem {
    let reason = DeferReason::from(error).as_str();
    Problem::unavailable(reason, 1, format!("{error}; send the same request again"))
}
