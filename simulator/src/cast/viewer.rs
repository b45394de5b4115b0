//! One viewer in front of one device, for one session.

use std::sync::Arc;

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use super::Dice;
use super::device::Device;
use super::network::Network;
use super::title::Title;

/// Everything about a session that its beacons may tell and that does not change while it runs.
#[derive(Debug)]
pub(crate) struct Viewer {
    pub(crate) session_id: String,
    pub(crate) viewer_id: Option<String>,
    pub(crate) visit_id: String,
    pub(crate) account_id: Option<String>,
    pub(crate) profile_id: Option<String>,
    pub(crate) device_id: String,
    pub(crate) device: Device,
    pub(crate) network: Network,
    /// At least one; in the order in which they are watched under the one session id, as long as the viewer stays.
    pub(crate) titles: Vec<Arc<Title>>,
    pub(crate) experiments: Vec<(&'static str, String)>,
    pub(crate) app_config: Vec<(&'static str, String)>,
    pub(crate) clock: Clock,
    /// How long it takes on average until the viewer has had enough, of all titles together; ms.
    pub(crate) patience_ms: i64,
    /// Interval between heartbeats; ms.
    pub(crate) heartbeat_ms: i64,
    /// Whether the beacons tell that interval.
    pub(crate) tells_heartbeat: bool,
    /// Name of the client's counter of beacons, where it has one.
    pub(crate) stream: Option<&'static str>,
    /// Whether heartbeats are counted apart from the rest.
    pub(crate) counts_beats_apart: bool,
    /// The number of the first beacon; above 0 where the client once begins to count anew, from 0.
    pub(crate) first_seq: u64,
    /// Names the title in some beacons only.
    pub(crate) names_content_seldom: bool,
    /// Tells its state when it changes, and in no other beacon.
    pub(crate) tells_state_once: bool,
    /// The browser asks not to be sold or shared.
    pub(crate) is_private: bool,
    pub(crate) is_test: bool,
    pub(crate) privacy_consent: Option<&'static str>,
    /// Seed of this viewer's story.
    pub(crate) seed: u64,
}

impl Viewer {
    /// The title that is watched first.
    pub(crate) fn title(&self) -> &Arc<Title> {
        // A viewer without titles is never made.
        &self.titles[0]
    }
}

/// The client's clock against the true time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Clock {
    /// Client time minus true time; ms.
    pub(crate) ahead_ms: i64,
    /// Whether the SDK measured it and tells it as `clock_offset_ms`.
    pub(crate) measured: bool,
}

/// What a cast is made from.
#[derive(Debug, Clone)]
pub(crate) struct Casting {
    /// Names the run in every session id.
    pub(crate) run: String,
    pub(crate) seed: u64,
    pub(crate) wrong_clock_percent: f64,
    /// Share of the clients that begin to count their beacons anew while a session lasts; percent.
    pub(crate) counts_anew_percent: f64,
    /// Share of the viewers who watch five titles in a row; percent.
    pub(crate) zapping_percent: f64,
    /// How long viewers stay on average; ms.
    pub(crate) patience_ms: i64,
    pub(crate) titles: Arc<Vec<Arc<Title>>>,
}

impl Casting {
    /// The viewer with that index, who arrives at `arrives_ms` (true time).
    pub(crate) fn viewer(&self, index: usize, arrives_ms: i64) -> Viewer {
        let seed = self
            .seed
            .wrapping_mul(0x9E37_79B9_7F4A_7C15)
            .wrapping_add(index as u64);
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let device = Device::of(index, &mut rng);
        let network = Network::of(device.class, &mut rng);
        let titles = self.titles_in_a_row(&mut rng);
        let person = rng.within(0..(index as i64 + 20));
        let known = rng.chance(90.0);
        Viewer {
            session_id: format!("sim-{}-{index:06}", self.run),
            viewer_id: known.then(|| format!("viewer-{person:06}")),
            visit_id: format!("visit-{}-{index:05}", self.seed),
            account_id: known.then(|| format!("account-{:05}", person / 3)),
            profile_id: known.then(|| format!("profile-{}", person % 3)),
            device_id: format!("device-{person:06}-{}", device.class),
            clock: self.clock(arrives_ms, &mut rng),
            experiments: experiments(&mut rng),
            app_config: vec![("abr", (rng.pick(&["conservative", "balanced"])).to_owned())],
            patience_ms: self.patience_ms,
            heartbeat_ms: rng.pick(&[10_000, 15_000, 20_000, 30_000]),
            tells_heartbeat: rng.chance(85.0),
            stream: rng.chance(10.0).then_some("player"),
            counts_beats_apart: rng.chance(5.0),
            // Room for a beacon each four seconds of the mean stay; beyond it numbers are skipped, never reused.
            first_seq: if rng.chance(self.counts_anew_percent) {
                (self.patience_ms / 4_000).unsigned_abs()
            } else {
                0
            },
            names_content_seldom: rng.chance(12.0),
            is_private: rng.chance(10.0),
            is_test: rng.chance(2.0),
            privacy_consent: rng.chance(70.0).then_some("analytics"),
            tells_state_once: rng.chance(12.0),
            seed,
            device,
            network,
            titles,
        }
    }

    /// Mostly one title; some viewers go on to a second, a few to a third or back to the first, and those who zap to a fifth.
    fn titles_in_a_row(&self, rng: &mut ChaCha8Rng) -> Vec<Arc<Title>> {
        let first = rng.zipf(self.titles.len());
        let mut places = vec![first];
        // No chance is taken where nobody zaps: such a seed stays what it was.
        if self.zapping_percent > 0.0 && rng.chance(self.zapping_percent) {
            for place in 0..4 {
                let next = self.another(places[place], rng);
                places.push(next);
            }
            return self.named(places);
        }
        if rng.chance(12.0) {
            let second = self.another(first, rng);
            places.push(second);
            if rng.chance(35.0) {
                let goes_back = rng.chance(50.0);
                let third = self.another(second, rng);
                places.push(if goes_back { first } else { third });
            }
        }
        self.named(places)
    }

    fn named(&self, places: Vec<usize>) -> Vec<Arc<Title>> {
        let title = |place| Arc::clone(&self.titles[place]);
        places.into_iter().map(title).collect()
    }

    /// A title that is not the one at `place`.
    fn another(&self, place: usize, rng: &mut ChaCha8Rng) -> usize {
        let other = rng.zipf(self.titles.len());
        if other == place {
            (place + 1) % self.titles.len()
        } else {
            other
        }
    }

    /// Wrong clocks stand at 1970 or at 2099, and run; right ones are off by little, and some know by how much.
    fn clock(&self, arrives_ms: i64, rng: &mut ChaCha8Rng) -> Clock {
        const SINCE_1970_MS: i64 = 45_000;
        const UTC_2099_MS: i64 = 4_070_908_800_000;
        if rng.chance(self.wrong_clock_percent) {
            let shows_ms = if rng.chance(50.0) {
                SINCE_1970_MS
            } else {
                UTC_2099_MS
            };
            return Clock {
                ahead_ms: shows_ms - arrives_ms,
                measured: true,
            };
        }
        if rng.chance(20.0) {
            return Clock {
                ahead_ms: rng.within(-900..900),
                measured: true,
            };
        }
        Clock {
            ahead_ms: 0,
            measured: false,
        }
    }
}

fn experiments(rng: &mut ChaCha8Rng) -> Vec<(&'static str, String)> {
    let mut variants = vec![("start_page", (rng.pick(&["control", "rail"])).to_owned())];
    if rng.chance(30.0) {
        variants.push(("skip_intro", (rng.pick(&["on", "off"])).to_owned()));
    }
    variants
}
