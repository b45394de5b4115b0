//! One session's truth: its timeline as it was meant, and the sums over it.

use std::collections::BTreeMap;

use crate::script::Script;
use crate::script::beacon::Beacon;
use crate::script::event::Event;
use crate::script::scene::{Condition, Ending, Scene};

/// A condition from one moment to another; Unix ms, the end not included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Interval {
    pub(crate) condition: Condition,
    pub(crate) from_ms: i64,
    pub(crate) to_ms: i64,
}

/// Playing at one known bitrate, from one moment to another; Unix ms and kbit/s.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rendition {
    pub(crate) from_ms: i64,
    pub(crate) to_ms: i64,
    pub(crate) bitrate_kbps: u32,
}

/// A closed session.
#[derive(Debug)]
pub(crate) struct SessionTruth<'a> {
    pub(crate) script: &'a Script,
    pub(crate) started_ms: i64,
    pub(crate) last_seen_ms: i64,
    pub(crate) ended_ms: i64,
    pub(crate) end_reason: &'static str,
    pub(crate) intervals: Vec<Interval>,
    pub(crate) renditions: Vec<Rendition>,
}

impl<'a> SessionTruth<'a> {
    /// The truth of a session of which at least one beacon arrives.
    pub(crate) fn of(script: &'a Script, default_heartbeat_ms: i64) -> Self {
        let times = || script.arriving().map(|beacon| beacon.at_ms);
        let started_ms = times().min().unwrap_or_default();
        let last_seen_ms = times().max().unwrap_or_default();
        let told = script
            .arriving()
            .filter_map(|beacon| beacon.heartbeat_interval_ms)
            .max();
        // Who falls silent is taken to have gone on for one heartbeat after the last sign of life.
        let silent_ms = last_seen_ms + told.unwrap_or(default_heartbeat_ms);
        let is_started = script.first_frame_ms.is_some();
        let (ended_ms, end_reason) = match script.ending {
            Ending::Silent => (silent_ms, "timed_out"),
            Ending::Finished { at_ms } => (at_ms, "finished"),
            Ending::Exited { at_ms } => (
                at_ms,
                if is_started {
                    "exited"
                } else {
                    "exited_before_start"
                },
            ),
            Ending::Failed { at_ms } => (
                at_ms,
                if is_started {
                    "failed"
                } else {
                    "failed_before_start"
                },
            ),
        };
        let close = |scene: &Scene| Interval {
            condition: scene.condition,
            from_ms: scene.from_ms,
            to_ms: scene.to_ms.unwrap_or(silent_ms),
        };
        let intervals: Vec<Interval> = script.scenes.iter().map(close).collect();
        let renditions = renditions(&intervals, &script.bitrates);
        Self {
            script,
            started_ms,
            last_seen_ms,
            ended_ms,
            end_reason,
            intervals,
            renditions,
        }
    }

    /// Whether content was shown.
    pub(crate) fn is_started(&self) -> bool {
        self.script.first_frame_ms.is_some()
    }

    /// The beacon by which it ends: greatest time, then greatest seq.
    pub(crate) fn latest(&self) -> Option<&Beacon> {
        self.script
            .arriving()
            .max_by_key(|beacon| (beacon.at_ms, beacon.seq))
    }

    /// Beacons that never arrived although later ones of the same counter did.
    pub(crate) fn lost(&self) -> u64 {
        let mut counters: BTreeMap<Option<&str>, (u64, u64)> = BTreeMap::new();
        for beacon in self.script.arriving() {
            let (greatest, arrived) = counters.entry(beacon.stream).or_default();
            *greatest = beacon.seq.max(*greatest);
            *arrived += 1;
        }
        counters
            .values()
            .map(|(greatest, arrived)| greatest + 1 - arrived)
            .sum()
    }

    /// Total time in a condition; ms.
    pub(crate) fn total_ms(&self, condition: Condition) -> i64 {
        self.lengths(condition, i64::MAX).sum()
    }

    /// How often the condition was entered.
    pub(crate) fn times_in(&self, condition: Condition) -> usize {
        self.lengths(condition, i64::MAX).count()
    }

    /// Start-up time; ms; none when there was no first frame or nobody saw playback being asked for.
    pub(crate) fn startup_ms(&self) -> Option<i64> {
        let first_frame_ms = self.script.first_frame_ms?;
        self.script
            .was_asked
            .then(|| self.lengths(Condition::Starting, first_frame_ms).sum())
    }

    /// Time in preloading before the first frame; ms.
    pub(crate) fn preload_ms(&self) -> i64 {
        self.lengths(
            Condition::Preloading,
            self.script.first_frame_ms.unwrap_or(i64::MAX),
        )
        .sum()
    }

    /// CTA-2066 watched time: everything but pauses and preloading; ms; 0 when nothing was shown.
    pub(crate) fn watch_ms(&self) -> i64 {
        use Condition::{Ad, Playing, Seeking, Stalled, Starting};
        let watched =
            [Starting, Playing, Stalled, Seeking, Ad].map(|condition| self.total_ms(condition));
        if self.is_started() {
            watched.iter().sum()
        } else {
            0
        }
    }

    /// Playing time with a known bitrate; ms.
    pub(crate) fn bitrate_known_ms(&self) -> i64 {
        self.renditions
            .iter()
            .map(|rendition| rendition.to_ms - rendition.from_ms)
            .sum()
    }

    /// Bits played where the bitrate is known: ms times kbit/s.
    pub(crate) fn bitrate_kbit_ms(&self) -> i64 {
        self.renditions
            .iter()
            .map(|rendition| {
                (rendition.to_ms - rendition.from_ms) * i64::from(rendition.bitrate_kbps)
            })
            .sum()
    }

    /// How often the known bitrate changed.
    pub(crate) fn bitrate_switches(&self) -> usize {
        self.script
            .bitrates
            .windows(2)
            .filter(|pair| pair[0].1 != pair[1].1)
            .count()
    }

    /// How many beacons of that kind arrived.
    pub(crate) fn count(&self, event: Event) -> usize {
        self.script
            .arriving()
            .filter(|beacon| beacon.event == event)
            .count()
    }

    fn lengths(&self, condition: Condition, before_ms: i64) -> impl Iterator<Item = i64> {
        let those = self
            .intervals
            .iter()
            .filter(move |one| one.condition == condition && one.from_ms < before_ms);
        those.map(|interval| interval.to_ms - interval.from_ms)
    }
}

/// Cuts the playing intervals where the bitrate changed; what played before any bitrate was told is left out.
fn renditions(intervals: &[Interval], bitrates: &[(i64, u32)]) -> Vec<Rendition> {
    let mut renditions: Vec<Rendition> = Vec::new();
    for interval in intervals
        .iter()
        .filter(|interval| interval.condition == Condition::Playing)
    {
        for (index, (told_ms, bitrate_kbps)) in bitrates.iter().enumerate() {
            let until_ms = bitrates.get(index + 1).map_or(i64::MAX, |next| next.0);
            let from_ms = interval.from_ms.max(*told_ms);
            let to_ms = interval.to_ms.min(until_ms);
            if from_ms >= to_ms {
                continue;
            }
            match renditions.last_mut() {
                Some(before) if before.to_ms == from_ms && before.bitrate_kbps == *bitrate_kbps => {
                    before.to_ms = to_ms
                }
                _ => renditions.push(Rendition {
                    from_ms,
                    to_ms,
                    bitrate_kbps: *bitrate_kbps,
                }),
            }
        }
    }
    renditions
}
