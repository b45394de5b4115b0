//! What goes first when not all of it can be taken: signs of life, then everything that does not
//! begin, end, fail or sell something; those last ones only when there is no room at all.

use std::time::Duration;

use super::lag::Lag;
use crate::beacon::Priority;
use crate::config::GateConfig;
use crate::ingest::DecodedBatch;

/// When beacons are held back.
pub(super) struct Shedding {
    /// Beacons in flight from which on signs of life are held back.
    signs_of_life_from: usize,
    /// Beacons in flight from which on changes are held back as well.
    changes_from: usize,
    /// Lag from which on signs of life are held back; twice of it, and changes are as well.
    lag_max: Duration,
    lag: Lag,
}

impl Shedding {
    pub(super) fn new(config: &GateConfig, in_flight_max: usize, lag: Lag) -> Self {
        let share = |percent: u8| in_flight_max.saturating_mul(percent.into()) / 100;
        Self {
            signs_of_life_from: share(config.shed_heartbeats_percent),
            changes_from: share(config.shed_changes_percent),
            lag_max: config.shed_lag(),
            lag,
        }
    }

    /// Takes out of the batch what is not taken at this number of beacons in flight; how many.
    pub(super) fn shed(&self, batch: &mut DecodedBatch, in_flight: usize) -> usize {
        let least = self.least(in_flight);
        if least == Priority::SignOfLife {
            return 0;
        }
        let before = batch.beacons.len();
        batch
            .beacons
            .retain(|decoded| decoded.beacon.priority() >= least);
        before - batch.beacons.len()
    }

    /// The least priority that is taken now.
    fn least(&self, in_flight: usize) -> Priority {
        let lag = self.lag.now();
        if in_flight >= self.changes_from || lag >= self.lag_max * 2 {
            Priority::Conversion
        } else if in_flight >= self.signs_of_life_from || lag >= self.lag_max {
            Priority::Change
        } else {
            Priority::SignOfLife
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::beacon::{Beacon, EventKind, PlayState};
    use crate::ingest::Decoded;

    fn batch() -> DecodedBatch {
        let of = |event: EventKind, state: PlayState| Beacon {
            event: Some(event.into()),
            state: Some(state.into()),
            ..Beacon::default()
        };
        let beacons = [
            of(EventKind::Heartbeat, PlayState::Playing),
            of(EventKind::PlayState, PlayState::Paused),
            of(EventKind::PlayState, PlayState::Starting),
            of(EventKind::AdQuartile, PlayState::Playing),
            of(EventKind::Request, PlayState::Playing),
            of(EventKind::SessionEnd, PlayState::Quit),
        ];
        let decoded = beacons.into_iter().enumerate();
        DecodedBatch {
            beacons: decoded
                .map(|(index, beacon)| Decoded::new(index, beacon))
                .collect(),
            ..DecodedBatch::default()
        }
    }

    fn kept(shedding: &Shedding, in_flight: usize) -> Vec<usize> {
        let mut batch = batch();
        let shed = shedding.shed(&mut batch, in_flight);
        assert_eq!(shed + batch.beacons.len(), 6);
        batch.beacons.iter().map(|decoded| decoded.index).collect()
    }

    #[test]
    fn signs_of_life_go_first_and_conversions_stay() {
        let shedding = Shedding::new(&GateConfig::default(), 1_000, Lag::default());
        assert_eq!(kept(&shedding, 499), [0, 1, 2, 3, 4, 5]);
        assert_eq!(kept(&shedding, 500), [1, 2, 3, 5]);
        assert_eq!(kept(&shedding, 799), [1, 2, 3, 5]);
        assert_eq!(kept(&shedding, 800), [2, 3, 5]);
        assert_eq!(kept(&shedding, 5_000), [2, 3, 5]);
    }
}
