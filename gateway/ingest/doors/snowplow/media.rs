//! Events of the media plugin (version 2) and their entities in the beacon's words.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::entities::Entities;
use super::states::{Condition, number};
use crate::beacon::{Beacon, EventKind, PlayState, StreamType};
use crate::ingest::doors::tags;

/// Conversions below it are exact.
const EXACT_MAX: f64 = 9e15;

/// Takes what happened; false for an event that the plugin does not have.
pub(super) fn take_event(
    beacon: &mut Beacon,
    name: &str,
    data: Option<&Map<String, Value>>,
    condition: Condition,
) -> bool {
    let (event, state) = match name {
        "ready_event" => (EventKind::Metadata, None),
        "play_event" => (EventKind::PlayState, Some(condition.after_play())),
        "pause_event" | "ad_pause_event" => (EventKind::PlayState, Some(PlayState::Paused)),
        "ad_resume_event" => (EventKind::PlayState, Some(PlayState::Playing)),
        "end_event" => (EventKind::PlayState, Some(PlayState::Ended)),
        "seek_start_event" => (EventKind::PlayState, Some(PlayState::Seeking)),
        "buffer_start_event" => (EventKind::PlayState, Some(PlayState::Rebuffering)),
        "seek_end_event" | "buffer_end_event" => {
            (EventKind::PlayState, Some(condition.after_wait()))
        }
        "ping_event" => (EventKind::Heartbeat, Some(condition.now())),
        // A sign of life as well; how far the title is, `position_ms` tells.
        "percent_progress_event" => (EventKind::Heartbeat, Some(condition.now())),
        "quality_change_event" => (EventKind::BitrateChange, None),
        "playback_rate_change_event" => (EventKind::PlaybackRateChange, None),
        "volume_change_event" => (volume_event(beacon, data), None),
        "fullscreen_change_event" | "picture_in_picture_change_event" => {
            (EventKind::PlayerResize, None)
        }
        "error_event" => (EventKind::Error, None),
        "ad_break_start_event" => (EventKind::AdBreakStart, None),
        "ad_break_end_event" => (EventKind::AdBreakEnd, None),
        "ad_start_event" => (EventKind::AdStart, None),
        "ad_complete_event" => (EventKind::AdEnd, None),
        "ad_quartile_event" => (EventKind::AdQuartile, None),
        "ad_skip_event" => (EventKind::AdSkip, None),
        "ad_click_event" => (EventKind::AdClick, None),
        _ => return false,
    };
    beacon.event = Some(event.into());
    beacon.state = state.map(Into::into);
    take_data(beacon, event, data);
    true
}

/// Takes what the event's own data tell.
fn take_data(beacon: &mut Beacon, event: EventKind, data: Option<&Map<String, Value>>) {
    let flag = |name: &str| {
        data.and_then(|data| data.get(name))
            .and_then(Value::as_bool)
    };
    match event {
        EventKind::BitrateChange => {
            beacon.bitrate_kbps = number(data, "bitrate").and_then(|bits| small(bits / 1_000.0));
            let quality = data.and_then(|data| data.get("newQuality"));
            if let Some(quality) = quality.and_then(Value::as_str) {
                beacon.height = height_of(quality);
                tags::put(&mut beacon.tags, "quality", quality);
            }
        }
        EventKind::PlaybackRateChange => beacon.playback_rate = number(data, "newRate"),
        EventKind::PlayerResize => {
            beacon.full_screen = flag("fullscreen").or(beacon.full_screen);
            beacon.picture_in_picture = flag("pictureInPicture").or(beacon.picture_in_picture);
        }
        EventKind::Error => take_error(&mut beacon.error, data),
        EventKind::AdBreakStart | EventKind::AdStart => beacon.in_ad = Some(true),
        EventKind::AdBreakEnd => beacon.in_ad = Some(false),
        EventKind::AdQuartile => {
            if let Some(quartile) = number(data, "percentProgress").and_then(quartile_of) {
                beacon
                    .ad
                    .insert("quartile".to_owned(), quartile.to_string());
            }
        }
        _ => {}
    }
}

/// Takes what the entities tell of player, title, session and ad.
pub(super) fn take_entities(beacon: &mut Beacon, entities: &Entities) {
    if let Some(player) = &entities.player {
        take_player(beacon, player);
    }
    if let Some(session) = &entities.session {
        take_session(beacon, session);
    }
    if let Some(ad_break) = &entities.ad_break {
        put(&mut beacon.ad, "break_id", ad_break.get("breakId"));
        put(&mut beacon.ad, "break_type", ad_break.get("breakType"));
    }
    if let Some(ad) = &entities.ad {
        put(&mut beacon.ad, "ad_id", ad.get("adId"));
        put(&mut beacon.ad, "creative_id", ad.get("creativeId"));
        let position = number(Some(ad), "podPosition").and_then(small);
        put_number(&mut beacon.ad, "pod_position", position.map(u64::from));
        let duration_ms = number(Some(ad), "duration").and_then(to_ms);
        put_number(&mut beacon.ad, "duration_ms", duration_ms);
    }
    if entities.ad.is_some() || entities.ad_break.is_some() {
        beacon.in_ad.get_or_insert(true);
    }
}

fn take_player(beacon: &mut Beacon, player: &Map<String, Value>) {
    let flag = |name: &str| player.get(name).and_then(Value::as_bool);
    let text = |name: &str| {
        let text = player.get(name).and_then(Value::as_str)?;
        (!text.is_empty()).then(|| tags::cut(text, 256).to_owned())
    };
    let milliseconds = |name: &str| {
        let ms = number(Some(player), name).and_then(to_ms)?;
        i64::try_from(ms).ok()
    };
    beacon.position_ms = milliseconds("currentTime");
    beacon.content_duration_ms = milliseconds("duration").filter(|ms| *ms > 0);
    beacon.stream_type = flag("livestream").map(|is_live| {
        if is_live {
            StreamType::Live.into()
        } else {
            StreamType::Vod.into()
        }
    });
    if let Some(label) = text("label") {
        beacon.content.insert("title".to_owned(), label.clone());
        beacon.content_id = Some(label);
    }
    beacon.player_name = text("playerType");
    beacon.muted = beacon.muted.or(flag("muted"));
    beacon.full_screen = beacon.full_screen.or(flag("fullscreen"));
    beacon.picture_in_picture = beacon.picture_in_picture.or(flag("pictureInPicture"));
    let rate = number(Some(player), "playbackRate");
    beacon.playback_rate = beacon.playback_rate.or(rate);
}

/// The session's own totals. `timePlayed` counts the waiting too, and a seek's jump is not watched.
fn take_session(beacon: &mut Beacon, session: &Map<String, Value>) {
    let seconds = |name: &str| number(Some(session), name);
    let waited = seconds("timeBuffering").unwrap_or_default();
    let totals = [
        (
            "played_ms",
            seconds("timePlayed").map(|all| (all - waited).max(0.0)),
        ),
        ("paused_ms", seconds("timePaused")),
        ("ad_ms", seconds("timeSpentAds")),
    ];
    for (name, total) in totals {
        if let Some(total_ms) = total.and_then(to_ms) {
            beacon.counters.insert(name.to_owned(), total_ms);
        }
    }
    beacon.heartbeat_interval_ms = seconds("pingInterval")
        .filter(|interval| (1.0..=3_600.0).contains(interval))
        .and_then(to_ms)
        .and_then(|ms| u32::try_from(ms).ok());
}

/// `mute` and `unmute` where the volume passes zero or the player's switch was used.
fn volume_event(beacon: &Beacon, data: Option<&Map<String, Value>>) -> EventKind {
    let before = number(data, "previousVolume");
    let after = number(data, "newVolume");
    let is_muted = beacon.muted == Some(true);
    match (before, after) {
        (_, Some(0.0)) => EventKind::Mute,
        _ if is_muted => EventKind::Mute,
        (Some(0.0), Some(_)) => EventKind::Unmute,
        // The switch leaves the volume as it was.
        (Some(before), Some(after)) if before == after => EventKind::Unmute,
        _ => EventKind::Custom,
    }
}

fn take_error(error: &mut BTreeMap<String, String>, data: Option<&Map<String, Value>>) {
    let member = |name: &str| data.and_then(|data| data.get(name));
    put(error, "code", member("errorName"));
    put(error, "code", member("errorCode"));
    put(error, "message", member("errorDescription"));
}

/// The quartile passed; trackers tell the percentage that they saw, which may be beyond it.
fn quartile_of(percent: f64) -> Option<u8> {
    [75_u8, 50, 25]
        .into_iter()
        .find(|quartile| percent >= f64::from(*quartile))
}

/// The picture's height in the name of a rendition, such as `1080p`.
fn height_of(quality: &str) -> Option<u32> {
    let digits = quality
        .split_once('p')
        .map_or(quality, |(digits, _)| digits);
    digits
        .parse()
        .ok()
        .filter(|height| (1..=16_384).contains(height))
}

fn put(group: &mut BTreeMap<String, String>, key: &str, value: Option<&Value>) {
    let text = match value {
        Some(Value::String(text)) if !text.is_empty() => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => return,
    };
    group.insert(key.to_owned(), tags::cut(&text, 256).to_owned());
}

fn put_number(group: &mut BTreeMap<String, String>, key: &str, number: Option<u64>) {
    if let Some(number) = number {
        group.insert(key.to_owned(), number.to_string());
    }
}

/// Seconds in ms.
fn to_ms(seconds: f64) -> Option<u64> {
    let ms = (seconds * 1_000.0).round();
    // In this range the conversion is exact.
    (0.0..EXACT_MAX).contains(&ms).then_some(ms as u64)
}

fn small(number: f64) -> Option<u32> {
    let rounded = number.round();
    // In this range the conversion is exact.
    (1.0..f64::from(u32::MAX))
        .contains(&rounded)
        .then_some(rounded as u32)
}
