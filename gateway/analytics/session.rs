//! A play as the API tells it; the rules are in `docs/sessions.md`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What tells plays apart at a glance: what a list shows of each. Unknown texts are empty, unknown numbers null.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct PlaySummary {
    /// Hash of tenant and session id; decimal text, since JSON numbers lose its last digits.
    pub session_key: String,
    /// Which play of the session, from 1: a session that goes on to another title has several.
    pub play_no: u16,
    /// One playback, as the client names it.
    pub session_id: String,
    /// Earliest beacon; event time, RFC 3339.
    pub started_at: String,
    /// First frame of the content; event time, RFC 3339; null when never.
    pub first_frame_at: Option<String>,
    /// Latest beacon; event time, RFC 3339.
    pub last_seen_at: String,
    /// End, told or by silence; event time, RFC 3339; null while it runs.
    pub ended_at: Option<String>,
    /// `running`, `finished`, `exited`, `exited_before_start`, `failed`, `failed_before_start` or
    /// `timed_out`.
    pub end_reason: String,
    /// State since the last mark, while it runs: preloading, starting, playing, stalled, seeking, paused or `in_ad`; empty when it has ended or told none.
    pub current_state: String,
    /// Start-up time: starting, until the first frame, without breaks and pauses; ms; null when not known.
    pub startup_ms: Option<u64>,
    /// Time in playing; ms.
    pub playing_ms: u64,
    /// Time in stalled; ms.
    pub stalled_ms: u64,
    /// CTA-2066 watched time: all of these but paused; ms; 0 when not started.
    pub watch_ms: u64,
    /// Stalls; count.
    pub stall_count: u32,
    /// Time-weighted bitrate of what was played; kbit/s; null when not known.
    pub average_bitrate_kbps: Option<f64>,
    /// Errors, fatal ones included; count.
    pub error_count: u32,
    /// Fatal errors; count.
    pub fatal_error_count: u32,
    /// Code of the latest error, empty = none.
    pub last_error_code: String,
    /// Title, empty = not told.
    pub content_id: String,
    /// CDN used last, empty = unknown.
    pub cdn: String,
    /// Title of the title, empty = not told.
    pub content_title: String,
    /// Person or household watching, empty = not told.
    pub viewer_id: String,
    /// The device class, empty = unknown.
    pub device_class: String,
    /// Operating system, empty = unknown.
    pub os_name: String,
    /// Version of the application, empty = unknown.
    pub app_version: String,
    /// Country, ISO 3166-1 alpha-2, empty = unknown.
    pub country: String,
}

/// One play of a session; most sessions have one. Unknown texts are empty, unknown numbers null.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Play {
    /// What a list shows of it.
    #[serde(flatten)]
    pub summary: PlaySummary,
    /// It failed by rule (geography, concurrency), not for a technical reason.
    pub is_business_failure: bool,
    /// Whether a frame of the content was shown.
    pub is_started: bool,
    /// Added to the client's clock to get event time; ms.
    pub clock_offset_ms: i64,
    /// Part of the start-up: the player; ms; null when not told.
    pub player_startup_ms: Option<u64>,
    /// Part of the start-up: DRM; ms; null when not told.
    pub drm_startup_ms: Option<u64>,
    /// Part of the start-up: the manifest; ms; null when not told.
    pub manifest_startup_ms: Option<u64>,
    /// Part of the start-up: the first segment; ms; null when not told.
    pub first_segment_startup_ms: Option<u64>,
    /// Preloading before the first frame; ms.
    pub preload_ms: u64,
    /// Time in starting; ms.
    pub starting_ms: u64,
    /// Time in seeking, buffering after the seek included; ms.
    pub seeking_ms: u64,
    /// Time in paused; ms.
    pub paused_ms: u64,
    /// Time in ad breaks; ms.
    pub ad_ms: u64,
    /// Time with the application in the background; ms.
    pub background_ms: u64,
    /// Media played: playing time times the playback rate; ms.
    pub media_ms: u64,
    /// The longest stall; ms; 0 = none.
    pub longest_stall_ms: u64,
    /// Seeks; count.
    pub seek_count: u32,
    /// Bits played where the bitrate is known; kbit.
    pub bitrate_kbit: u64,
    /// Playing time with a known bitrate; ms.
    pub bitrate_known_ms: u64,
    /// Greatest bitrate played; kbit/s; null when not known.
    pub top_bitrate_kbps: Option<u32>,
    /// Changes of bitrate; count.
    pub bitrate_switch_count: u32,
    /// Changes to a greater bitrate; count.
    pub bitrate_upswitch_count: u32,
    /// Greatest picture height played; pixels; null when not known.
    pub top_height: Option<u16>,
    /// Time-weighted picture height of what was played; pixels; null when not known.
    pub average_height: Option<f64>,
    /// Ad breaks begun; count.
    pub ad_break_count: u32,
    /// Ads begun; count.
    pub ad_start_count: u32,
    /// Ads played to a quarter; count.
    pub ad_first_quartile_count: u32,
    /// Ads played to the half; count.
    pub ad_midpoint_count: u32,
    /// Ads played to three quarters; count.
    pub ad_third_quartile_count: u32,
    /// Ads played to their end; count.
    pub ad_end_count: u32,
    /// Ads skipped; count.
    pub ad_skip_count: u32,
    /// Ads clicked; count.
    pub ad_click_count: u32,
    /// Ads failed; count.
    pub ad_error_count: u32,
    /// Ads counted as seen; count.
    pub ad_impression_count: u32,
    /// Frames dropped; count; null when not told.
    pub dropped_frames: Option<u32>,
    /// Playhead at the first frame; ms; null when not told.
    pub first_position_ms: Option<i64>,
    /// Playhead of the latest beacon that tells one; ms; null when not told.
    pub last_position_ms: Option<i64>,
    /// Furthest playhead; ms; null when not told.
    pub furthest_position_ms: Option<i64>,
    /// Quarters of the title that were reached, 4 when finished; null when not known.
    pub quartile: Option<u8>,
    /// Distinct beacons; count.
    pub beacons_received: u64,
    /// Received and lost, on its first play; count.
    pub beacons_sent: u64,
    /// Gaps in the ordinals; count.
    pub beacons_lost: u64,
    /// Copies that were sent again, on its first play; count.
    pub beacons_duplicated: u64,
    /// How often the client began to count anew, on its first play; count.
    pub counter_resets: u64,
    /// Changes of CDN; count.
    pub cdn_switch_count: u32,
    /// Time that the client's totals have more than its timeline, taken from playing; ms (docs/sessions.md 7).
    pub repaired_ms: u64,
    /// Whether the client's totals changed any number.
    pub is_repaired: bool,
    /// Experiment to variant.
    pub experiments: BTreeMap<String, String>,
    /// Series of the title, empty = not told.
    pub content_series: String,
    /// Season of the title, empty = not told.
    pub content_season: String,
    /// Episode of the title, empty = not told.
    pub content_episode: String,
    /// Channel of the title, empty = not told.
    pub content_channel: String,
    /// Programme of the title, empty = not told.
    pub content_programme: String,
    /// Groups sessions of one visit, empty = not told.
    pub visit_id: String,
    /// Paying account, empty = not told.
    pub account_id: String,
    /// Profile inside the account, empty = not told.
    pub profile_id: String,
    /// Installation or device, empty = not told.
    pub device_id: String,
    /// Device model, empty = unknown.
    pub device_model: String,
    /// Version of the operating system, empty = unknown.
    pub os_version: String,
    /// Player, empty = unknown.
    pub player_name: String,
    /// Version of the player, empty = unknown.
    pub player_version: String,
    /// The stream type, empty = not told.
    pub stream_type: String,
    /// Length of the title; ms.
    pub content_duration_ms: Option<i64>,
    /// Language of the sound, BCP 47, empty = not told.
    pub audio_language: String,
    /// Language of the subtitles, BCP 47 or off, empty = not told.
    pub subtitle_language: String,
    /// Internet provider, empty = unknown.
    pub isp: String,
    /// Autonomous system number.
    pub asn: Option<u32>,
    /// Region, ISO 3166-2, empty = unknown.
    pub region: String,
    /// wifi, cellular or ethernet, empty = unknown.
    pub connection_type: String,
    /// Effective connection type as told (4g, 3g), empty = unknown.
    pub connection_quality: String,
    /// Version of the client library, empty = not told.
    pub sdk_version: String,
    /// The door.
    pub source: String,
    /// When the row was computed; RFC 3339.
    pub version: String,
}

/// One play with its timeline.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct PlayTimeline {
    /// Its numbers.
    #[serde(flatten)]
    pub play: Play,
    /// Joined stretches of one state, in order of time.
    pub intervals: Vec<Interval>,
    /// Stretches of playing with a known bitrate.
    pub renditions: Vec<Rendition>,
    /// Stretches of the title that were played; ms of the title.
    pub watched: Vec<Watched>,
    /// Errors and ad events.
    pub events: Vec<TimelineEvent>,
}

/// A stretch of one state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Interval {
    /// `preloading`, `starting`, `playing`, `stalled`, `seeking`, `paused` or `in_ad`.
    pub state: String,
    /// Its begin; event time, RFC 3339.
    pub from: String,
    /// Its end, which does not belong to it; event time, RFC 3339.
    pub to: String,
}

/// A stretch of playing with a known bitrate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Rendition {
    /// Its begin; event time, RFC 3339.
    pub from: String,
    /// Its end, which does not belong to it; event time, RFC 3339.
    pub to: String,
    /// Bitrate; kbit/s.
    pub bitrate_kbps: u32,
}

/// A stretch of the title that was played.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Watched {
    /// Its begin; ms of the title.
    pub from_ms: i64,
    /// Its end; ms of the title.
    pub to_ms: i64,
}

/// An error or ad event. Unknown texts are empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TimelineEvent {
    /// When; event time, RFC 3339.
    pub at: String,
    /// 30 error, 31 fatal error, 32 refusal by rule, 40 to 48 ad events; `docs/sessions.md`, section 3.
    pub code: u8,
    /// Of an ad quartile: 25, 50 or 75; else 0.
    pub quartile: u8,
    /// Of an error, or of an ad that failed.
    pub error_code: String,
    /// The ad.
    pub ad_id: String,
    /// The break it is in.
    pub break_id: String,
}
