//! One session of a bulk load, beacon by beacon as far as it is asked for.

use std::sync::Arc;

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use xxhash_rust::xxh3::xxh3_64;

use crate::cast::network::CDNS;
use crate::cast::title::Title;
use crate::cast::{Dice, Viewer};

use super::plot::{self, Act, Plot, state};
use super::rows::{Row, Rows};
use super::texts;

/// Between two heartbeats; ms.
const HEARTBEAT_MS: i64 = 10_000;
/// Between two incidents, on average; ms.
const INCIDENTS_MS: i64 = 280_000;
// kbit/s, width, height.
const RENDITIONS: [(u32, u32, u32); 6] = [
    (800, 640, 360),
    (1_600, 960, 540),
    (3_200, 1_280, 720),
    (5_800, 1_920, 1_080),
    (9_100, 2_560, 1_440),
    (16_500, 3_840, 2_160),
];

/// What all sessions share.
#[derive(Debug)]
pub(super) struct Setting {
    pub(super) tenant: String,
    pub(super) titles: Arc<Vec<Arc<Title>>>,
    pub(super) duplicates_percent: f64,
    pub(super) loss_percent: f64,
    /// Mean of how long sessions stay; ms.
    pub(super) mean_stay_ms: i64,
}

/// A session under way.
#[derive(Debug)]
pub(super) struct Viewing {
    viewer: Viewer,
    app_version: String,
    rng: ChaCha8Rng,
    session_key: u64,
    stream: String,
    /// What every beacon tells of the session.
    brief: String,
    /// The picture and what goes with it, until another rendition is taken.
    picture: String,
    plot: Plot,
    title: Arc<Title>,
    seq: u64,
    state: u8,
    in_ad: bool,
    cdn: &'static str,
    rendition: Option<usize>,
    dropped_frames: u32,
    ad_no: i64,
    /// Playhead at `position_at_ms`, from where it advances while the title plays; ms.
    position_ms: i64,
    position_at_ms: i64,
    beat_ms: i64,
    incident_ms: i64,
    leaves_ms: i64,
    is_over: bool,
}

impl Viewing {
    /// A viewer comes at `at_ms`.
    pub(super) fn begin(
        viewer: Viewer,
        app_version: String,
        setting: &Setting,
        at_ms: i64,
    ) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(viewer.seed ^ 0x6275_6c6b);
        let session_key = xxh3_64(format!("{}\0{}", setting.tenant, viewer.session_id).as_bytes());
        let stream = viewer
            .stream
            .map_or_else(|| "json".to_owned(), |own| format!("json:{own}"));
        let mut plot = Plot::new();
        plot::start(&mut plot, &mut rng, at_ms);
        // A few stay very long: their part of the mean is a quarter.
        let mean_ms = setting.mean_stay_ms;
        let stays_ms = if rng.chance(3.0) {
            rng.within(mean_ms * 4..mean_ms * 12)
        } else {
            rng.around(mean_ms * 93 / 100)
        };
        Self {
            brief: texts::brief(&viewer, &app_version),
            picture: texts::details(None, None),
            title: Arc::clone(viewer.title()),
            seq: 0,
            state: 0,
            in_ad: false,
            cdn: viewer.network.cdn,
            rendition: None,
            dropped_frames: 0,
            ad_no: 0,
            position_ms: 0,
            position_at_ms: at_ms,
            beat_ms: at_ms + HEARTBEAT_MS,
            incident_ms: i64::MAX,
            leaves_ms: at_ms + stays_ms,
            is_over: false,
            viewer,
            app_version,
            rng,
            session_key,
            stream,
            plot,
        }
    }

    /// Whether nothing more comes.
    pub(super) fn is_over(&self) -> bool {
        self.is_over
    }

    /// Appends the beacons before `until_ms` to `out`, copies included.
    pub(super) fn go_on(&mut self, setting: &Setting, until_ms: i64, out: &mut Rows) {
        while !self.is_over {
            if self.plot.is_empty() {
                self.plan(setting);
            }
            // Planning never leaves it empty.
            let act_ms = self.plot.front().map_or(i64::MAX, |(at_ms, _)| *at_ms);
            if act_ms.min(self.beat_ms) >= until_ms {
                break;
            }
            if self.beat_ms < act_ms {
                self.beat(setting, out);
            } else if let Some((at_ms, act)) = self.plot.pop_front() {
                self.perform(act, at_ms, setting, out);
            }
        }
    }

    /// What comes after the acts that were planned: an incident, the end of the title, or leaving.
    fn plan(&mut self, setting: &Setting) {
        let left_ms = self
            .title
            .duration_ms
            .map(|all_ms| (all_ms - self.position_ms).max(0));
        let finishes_ms = left_ms.map_or(i64::MAX, |left_ms| self.position_at_ms + left_ms);
        let next_ms = self.incident_ms.min(self.leaves_ms).min(finishes_ms);
        let plot = &mut self.plot;
        if next_ms == finishes_ms {
            let goes_on = self.leaves_ms - finishes_ms > setting.mean_stay_ms / 20;
            plot::finish(plot, &mut self.rng, next_ms, goes_on);
        } else if next_ms == self.leaves_ms {
            plot::leave(plot, &mut self.rng, next_ms);
        } else {
            plot::incident(plot, &mut self.rng, next_ms);
            let over_ms = plot.back().map_or(next_ms, |(at_ms, _)| *at_ms);
            self.incident_ms = over_ms + self.rng.around(INCIDENTS_MS);
            self.leaves_ms = self.leaves_ms.max(over_ms + 1);
        }
    }

    fn beat(&mut self, setting: &Setting, out: &mut Rows) {
        const HEARTBEAT: u8 = 2;
        let at_ms = self.beat_ms;
        self.beat_ms += HEARTBEAT_MS;
        if self.rng.chance(0.5) {
            self.dropped_frames += 3;
        }
        if setting.loss_percent > 0.0 && self.rng.chance(setting.loss_percent) {
            self.seq += 1;
            return;
        }
        self.tell(HEARTBEAT, at_ms, None, None, 0, setting, out)
    }

    fn perform(&mut self, act: Act, at_ms: i64, setting: &Setting, out: &mut Rows) {
        const PLAY_STATE: u8 = 1;
        match act {
            Act::Ask => {
                self.enter(state::STARTING, at_ms);
                let all =
                    texts::portrait(&self.viewer, &self.app_version, &self.title, HEARTBEAT_MS);
                self.tell(PLAY_STATE, at_ms, Some(&all), None, 0, setting, out)
            }
            Act::FirstFrame => {
                self.enter(state::PLAYING, at_ms);
                self.take_rendition();
                self.incident_ms = at_ms + self.rng.around(INCIDENTS_MS);
                let entries = [
                    ("drm_ms", self.rng.within(40..900)),
                    ("first_segment_ms", self.rng.within(30..1_500)),
                    ("manifest_ms", self.rng.within(20..600)),
                    ("player_ms", self.rng.within(20..400)),
                ];
                let details = self.details("startup", texts::startup(&entries));
                self.tell(PLAY_STATE, at_ms, None, Some(&details), 0, setting, out)
            }
            Act::State(state) => {
                self.enter(state, at_ms);
                self.tell(PLAY_STATE, at_ms, None, None, 0, setting, out)
            }
            Act::Seek => {
                self.enter(state::SEEKING, at_ms);
                let most_ms = self.title.duration_ms.unwrap_or(i64::MAX);
                let jump_ms = self.rng.within(-120_000..300_000);
                self.position_ms = (self.position_ms + jump_ms).clamp(0, most_ms);
                self.tell(PLAY_STATE, at_ms, None, None, 0, setting, out)
            }
            Act::NextRendition => {
                self.take_rendition();
                self.tell(3, at_ms, None, None, 0, setting, out)
            }
            Act::NextCdn => {
                self.cdn = self.rng.pick(&CDNS);
                self.tell(13, at_ms, None, None, 0, setting, out)
            }
            Act::Error { is_fatal } => {
                let code = self.rng.pick(&[
                    "manifest_403",
                    "segment_timeout",
                    "decode_failed",
                    "drm_denied",
                ]);
                let fatal = if is_fatal { "true" } else { "false" };
                let details =
                    self.details("error", texts::group(&[("code", code), ("fatal", fatal)]));
                if is_fatal {
                    self.enter(state::FAILED, at_ms);
                }
                self.tell(6, at_ms, None, Some(&details), 0, setting, out)
            }
            Act::BreakBegins | Act::BreakEnds => {
                self.move_on(at_ms);
                self.in_ad = act == Act::BreakBegins;
                let break_id = format!("break-{}", self.seq % 100_000);
                let details = self.details("ad", texts::group(&[("break_id", &break_id)]));
                let event = if self.in_ad { 16 } else { 17 };
                self.tell(event, at_ms, None, Some(&details), 0, setting, out)
            }
            Act::Ad(event) => {
                const START: u8 = 18;
                if event == START {
                    self.ad_no = self.rng.within(0..200);
                }
                self.tell_ad(event, None, at_ms, setting, out)
            }
            Act::AdQuartile(quartile) => self.tell_ad(20, Some(quartile), at_ms, setting, out),
            Act::End(reason) => {
                self.is_over = true;
                self.move_on(at_ms);
                self.tell(15, at_ms, None, None, reason, setting, out)
            }
            Act::Silence => self.is_over = true,
            Act::NextTitle => {
                let place = self.rng.zipf(setting.titles.len());
                self.title = Arc::clone(&setting.titles[place]);
                self.position_ms = 0;
                self.position_at_ms = at_ms;
                plot::start(&mut self.plot, &mut self.rng, at_ms);
            }
        }
    }

    fn tell_ad(
        &mut self,
        event: u8,
        quartile: Option<u8>,
        at_ms: i64,
        setting: &Setting,
        out: &mut Rows,
    ) {
        let ad_id = format!("ad-{:03}", self.ad_no);
        let creative_id = format!("creative-{:03}", self.ad_no / 2);
        let quartile = quartile.map(|quartile| quartile.to_string());
        let mut entries = vec![("ad_id", ad_id.as_str()), ("creative_id", &creative_id)];
        entries.extend(
            quartile
                .iter()
                .map(|quartile| ("quartile", quartile.as_str())),
        );
        let details = self.details("ad", texts::group(&entries));
        self.tell(event, at_ms, None, Some(&details), 0, setting, out)
    }

    /// Writes one beacon, and now and then a copy of it.
    #[expect(
        clippy::too_many_arguments,
        reason = "one place writes, and most callers differ in two of them"
    )]
    fn tell(
        &mut self,
        event: u8,
        at_ms: i64,
        portrait: Option<&str>,
        details: Option<&str>,
        exit_reason: u8,
        setting: &Setting,
        out: &mut Rows,
    ) {
        let ahead_ms = self.viewer.clock.ahead_ms;
        let seq = self.seq;
        self.seq += 1;
        // Clients collect for half a second, and the way takes some more.
        let sent_ms = at_ms + self.rng.within(0..500);
        let received_ms = sent_ms + self.rng.within(15..250);
        let copy_after_ms = self
            .rng
            .chance(setting.duplicates_percent)
            .then(|| self.rng.around(20_000));
        let rendition = self.rendition.map(|place| RENDITIONS[place]);
        let row = Row {
            tenant: &setting.tenant,
            session_id: &self.viewer.session_id,
            session_key: self.session_key,
            stream: &self.stream,
            seq,
            event,
            state: self.state,
            client_time_ms: at_ms + ahead_ms,
            sent_time_ms: sent_ms + ahead_ms,
            received_time_ms: received_ms,
            event_time_ms: at_ms,
            content_id: &self.title.content_id,
            cdn: self.cdn,
            position_ms: self.rendition.is_some().then(|| self.position(at_ms)),
            bitrate_kbps: rendition.map(|(kbps, _, _)| kbps),
            buffer_ms: Some(if self.state == state::REBUFFERING {
                0
            } else {
                8_000 + (seq as u32 * 977) % 20_000
            }),
            throughput_kbps: rendition
                .map(|(kbps, _, _)| kbps + kbps / 2 + (seq as u32 * 331) % 2_000),
            dropped_frames: Some(self.dropped_frames),
            in_ad: self.in_ad,
            exit_reason,
            is_test: self.viewer.is_test,
            attributes: portrait.unwrap_or(&self.brief),
            details: details.unwrap_or(&self.picture),
        };
        out.push(&row);
        let Some(after_ms) = copy_after_ms else {
            return;
        };
        out.push(&Row {
            sent_time_ms: row.sent_time_ms + after_ms,
            received_time_ms: received_ms + after_ms,
            ..row
        });
    }

    fn enter(&mut self, state: u8, at_ms: i64) {
        self.move_on(at_ms);
        self.state = state;
    }

    /// Fixes the playhead at `at_ms`.
    fn move_on(&mut self, at_ms: i64) {
        self.position_ms = self.position(at_ms);
        self.position_at_ms = at_ms;
    }

    fn position(&self, at_ms: i64) -> i64 {
        if self.state == state::PLAYING && !self.in_ad {
            self.position_ms + at_ms - self.position_at_ms
        } else {
            self.position_ms
        }
    }

    fn take_rendition(&mut self) {
        let place = self.rng.within(0..RENDITIONS.len() as i64) as usize;
        self.rendition = Some(place);
        let (_, width, height) = RENDITIONS[place];
        self.picture = texts::details(Some((width, height)), None);
    }

    fn details(&self, field: &str, entries: String) -> String {
        let picture = self.rendition.map(|place| RENDITIONS[place]);
        let size = picture.map(|(_, width, height)| (width, height));
        texts::details(size, Some((field, entries)))
    }
}
