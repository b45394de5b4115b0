//! From beacons to parcels, and everything that goes wrong on the way.
//!
//! The ledger is made from the scripts; faults only change when, how often and in which company a beacon is
//! delivered. The one exception is loss, which is marked on the beacon; where it takes both
//! reports of a stall, the script's scenes become what can still be told of them.

mod batching;
mod delivery;
mod loss;

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use crate::args::SimulateArgs;
use crate::script::Script;

/// Beacons of one session that travel in one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Parcel {
    /// Index of the script.
    pub(crate) script: usize,
    /// Indices of its beacons, in the order in which they stand in the request.
    pub(crate) beacons: Vec<usize>,
    /// When it is sent, in the viewers' true time; Unix ms.
    pub(crate) send_at_ms: i64,
}

/// What goes wrong, and how often.
#[derive(Debug, Clone)]
pub(crate) struct Faults {
    pub(crate) duplicates_percent: f64,
    pub(crate) reorder_percent: f64,
    pub(crate) late_percent: f64,
    pub(crate) late_plays_percent: f64,
    pub(crate) loss_percent: f64,
    pub(crate) batch_window_ms: i64,
    pub(crate) batch_bytes: usize,
}

impl Faults {
    /// The faults that the command line asks for.
    pub(crate) fn of(args: &SimulateArgs) -> Self {
        Self {
            duplicates_percent: args.duplicates_percent,
            reorder_percent: args.reorder_percent,
            late_percent: args.late_percent,
            late_plays_percent: args.late_plays_percent,
            loss_percent: args.loss_percent,
            batch_window_ms: i64::from(args.batch_window_ms),
            batch_bytes: args.batch_bytes as usize,
        }
    }

    /// The parcels of one script, by sending time; marks the beacons that are lost.
    pub(crate) fn parcels(&self, index: usize, script: &mut Script) -> Vec<Parcel> {
        let mut rng = ChaCha8Rng::seed_from_u64(script.viewer.seed ^ 0xFA_0175);
        loss::lose_heartbeats(script, self.loss_percent, &mut rng);
        loss::lose_stalls(script, self.loss_percent, &mut rng);
        let mut parcels = batching::batch(index, script, self.batch_window_ms, self.batch_bytes);
        let copies = delivery::copies(&parcels, self.duplicates_percent, &mut rng);
        delivery::delay(&mut parcels, self.late_percent, &mut rng);
        parcels.extend(copies);
        delivery::reorder(&mut parcels, self.reorder_percent, &mut rng);
        // By chances of its own: what else goes wrong with a seed does not depend on it.
        let mut rng = ChaCha8Rng::seed_from_u64(script.viewer.seed ^ 0x1A7E_71A7);
        delivery::delay_plays(&mut parcels, script, self.late_plays_percent, &mut rng);
        parcels.sort_by_key(|parcel| parcel.send_at_ms);
        parcels
    }
}
