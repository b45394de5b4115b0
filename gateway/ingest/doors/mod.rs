//! One adapter per protocol: each turns its bodies into canonical beacons and answers as its
//! clients expect. Nothing behind a door knows which one it was.

pub mod cmcd;
pub mod native;

use crate::ingest::DeferReason;
use crate::problem::Problem;
use crate::produce::ProduceError;

/// Owner of the data while no write keys are configured.
const DEFAULT_TENANT: &str = "default";

/// The answer when a valid beacon is not known to be in Kafka: the same request can be sent again,
/// since copies fold by their identity.
fn not_durable(error: ProduceError) -> Problem {
    let reason = DeferReason::from(error).as_str();
    Problem::unavailable(reason, 1, format!("{error}; send the same request again"))
}
