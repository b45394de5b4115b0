//! What happens to a viewer, as acts at their times: a start, incidents, an end. Far simpler than `script`, and thirty times
//! as fast: nobody asks afterwards what every number must be.

use std::collections::VecDeque;

use rand_chacha::ChaCha8Rng;

use crate::cast::Dice;

/// Numbers of the play states in `beacon.proto`.
pub(super) mod state {
    pub(in crate::bulk) const STARTING: u8 = 1;
    pub(in crate::bulk) const PLAYING: u8 = 2;
    pub(in crate::bulk) const SEEKING: u8 = 3;
    pub(in crate::bulk) const REBUFFERING: u8 = 4;
    pub(in crate::bulk) const PAUSED: u8 = 5;
    pub(in crate::bulk) const ENDED: u8 = 6;
    pub(in crate::bulk) const FAILED: u8 = 7;
    pub(in crate::bulk) const QUIT: u8 = 8;
}

/// Something that a beacon tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Act {
    /// Playback is asked for; the beacon tells all that is known.
    Ask,
    FirstFrame,
    State(u8),
    /// The playhead jumps, and the player seeks.
    Seek,
    NextRendition,
    NextCdn,
    Error {
        is_fatal: bool,
    },
    BreakBegins,
    BreakEnds,
    /// Number of an ad event in `beacon.proto`.
    Ad(u8),
    AdQuartile(u8),
    /// The session is over: exit reason 1 finished, 2 exited, 3 failed.
    End(u8),
    /// Nothing more is heard.
    Silence,
    /// Another title follows.
    NextTitle,
}

/// Acts and their times, Unix ms; ascending.
pub(super) type Plot = VecDeque<(i64, Act)>;

/// From asking to the first frame, or to an end before it.
pub(super) fn start(plot: &mut Plot, rng: &mut ChaCha8Rng, at_ms: i64) {
    plot.push_back((at_ms, Act::Ask));
    let mut now_ms = at_ms + rng.around(700);
    if rng.chance(3.0) {
        plot.push_back((now_ms, Act::State(state::QUIT)));
        plot.push_back((now_ms, Act::End(2)));
        return;
    }
    if rng.chance(1.5) {
        plot.push_back((now_ms, Act::Error { is_fatal: true }));
        plot.push_back((now_ms, Act::End(3)));
        return;
    }
    if rng.chance(20.0) {
        now_ms = ad_break(plot, rng, now_ms);
        now_ms += rng.around(300);
    }
    plot.push_back((now_ms, Act::FirstFrame));
}

/// Something that interrupts playing.
pub(super) fn incident(plot: &mut Plot, rng: &mut ChaCha8Rng, at_ms: i64) {
    match rng.within(0..100) {
        0..30 => {
            plot.push_back((at_ms, Act::State(state::REBUFFERING)));
            plot.push_back((at_ms + rng.around(2_500), Act::State(state::PLAYING)));
        }
        30..55 => plot.push_back((at_ms, Act::NextRendition)),
        55..72 => {
            plot.push_back((at_ms, Act::State(state::PAUSED)));
            plot.push_back((at_ms + rng.around(60_000), Act::State(state::PLAYING)));
        }
        72..87 => {
            plot.push_back((at_ms, Act::Seek));
            plot.push_back((at_ms + rng.around(900), Act::State(state::PLAYING)));
        }
        87..91 => plot.push_back((at_ms, Act::Error { is_fatal: false })),
        91..93 => plot.push_back((at_ms, Act::NextCdn)),
        _ => {
            ad_break(plot, rng, at_ms);
        }
    }
}

/// The viewer goes, in one of several ways.
pub(super) fn leave(plot: &mut Plot, rng: &mut ChaCha8Rng, at_ms: i64) {
    match rng.within(0..100) {
        0..10 => plot.push_back((at_ms, Act::Silence)),
        10..14 => {
            plot.push_back((at_ms, Act::Error { is_fatal: true }));
            plot.push_back((at_ms + 5, Act::State(state::FAILED)));
            plot.push_back((at_ms + 10, Act::End(3)));
        }
        _ => {
            plot.push_back((at_ms, Act::State(state::QUIT)));
            plot.push_back((at_ms + rng.within(1..400), Act::End(2)));
        }
    }
}

/// The title is over: another one follows, or the viewer goes.
pub(super) fn finish(plot: &mut Plot, rng: &mut ChaCha8Rng, at_ms: i64, goes_on: bool) {
    plot.push_back((at_ms, Act::State(state::ENDED)));
    if goes_on {
        plot.push_back((at_ms + rng.within(1_000..15_000), Act::NextTitle));
    } else {
        plot.push_back((at_ms + rng.within(1..1_500), Act::End(1)));
    }
}

/// One to three ads; returns when the break is over.
fn ad_break(plot: &mut Plot, rng: &mut ChaCha8Rng, at_ms: i64) -> i64 {
    const START: u8 = 18;
    const END: u8 = 19;
    const SKIP: u8 = 21;
    const CLICK: u8 = 22;
    const ERROR: u8 = 23;
    const IMPRESSION: u8 = 24;
    let mut now_ms = at_ms;
    plot.push_back((now_ms, Act::BreakBegins));
    for _ in 0..rng.within(1..4) {
        if rng.chance(4.0) {
            plot.push_back((now_ms, Act::Ad(ERROR)));
            now_ms += rng.within(1..1_500);
            continue;
        }
        let quarter_ms = rng.pick(&[1_500, 3_750, 5_000, 7_500]);
        let skipped_after = if rng.chance(12.0) {
            rng.within(1..4)
        } else {
            4
        };
        plot.push_back((now_ms, Act::Ad(START)));
        plot.push_back((now_ms + 1, Act::Ad(IMPRESSION)));
        for quarter in 1..=skipped_after {
            now_ms += quarter_ms;
            if quarter == 4 {
                plot.push_back((now_ms, Act::Ad(END)));
            } else if quarter == skipped_after {
                plot.push_back((now_ms, Act::Ad(SKIP)));
            } else {
                // 25, 50 or 75.
                plot.push_back((now_ms, Act::AdQuartile(quarter as u8 * 25)));
            }
            if quarter == 2 && rng.chance(2.0) {
                plot.push_back((now_ms, Act::Ad(CLICK)));
            }
        }
    }
    plot.push_back((now_ms, Act::BreakEnds));
    now_ms
}
