//! How long a play was in each condition.

use crate::script::scene::Condition;
use crate::truth::cell::{Row, is};
use crate::truth::play::PlayTruth;
use crate::truth::repair::Repaired;

pub(super) fn columns(play: &PlayTruth<'_>, repaired: &Repaired) -> Row {
    let split = |key: &str| is(play.told_startup(key));
    vec![
        ("startup_ms", is(play.startup_ms())),
        ("player_startup_ms", split("player_ms")),
        ("drm_startup_ms", split("drm_ms")),
        ("manifest_startup_ms", split("manifest_ms")),
        ("first_segment_startup_ms", split("first_segment_ms")),
        ("preload_ms", is(play.preload_ms())),
        ("starting_ms", is(play.total_ms(Condition::Starting))),
        ("playing_ms", is(repaired.playing_ms)),
        ("stalled_ms", is(repaired.stalled_ms)),
        ("seeking_ms", is(repaired.seeking_ms)),
        ("paused_ms", is(repaired.paused_ms)),
        ("ad_ms", is(repaired.ad_ms)),
        ("watch_ms", is(repaired.watch_ms(play))),
        ("stall_count", is(repaired.stall_count)),
        ("longest_stall_ms", is(play.longest_ms(Condition::Stalled))),
        ("seek_count", is(repaired.seek_count)),
        ("background_ms", is(play.background_ms())),
        ("media_ms", is(play.media_ms())),
        ("is_repaired", is(repaired.is_repaired)),
        ("repaired_ms", is(repaired.repaired_ms)),
    ]
}
