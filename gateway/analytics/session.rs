//! A session as the API tells it; the rules are in `docs/sessions.md`.

use serde::{Deserialize, Serialize};

/// One session. Unknown texts are empty, unknown numbers null.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Session {
    /// Hash of tenant and session id; decimal text, since JSON numbers lose its last digits.
    pub session_key: String,
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
    /// Whether a frame of the content was shown.
    pub is_started: bool,
    /// Added to the client's clock to get event time; ms.
    pub clock_offset_ms: i64,
    /// Start-up time: starting, until the first frame, without breaks and pauses; ms; null when not known.
    pub startup_ms: Option<u64>,
    /// Preloading before the first frame; ms.
    pub preload_ms: u64,
    /// Time in starting; ms.
    pub starting_ms: u64,
    /// Time in playing; ms.
    pub playing_ms: u64,
    /// Time in stalled; ms.
    pub stalled_ms: u64,
    /// Time in seeking, buffering after the seek included; ms.
    pub seeking_ms: u64,
    /// Time in paused; ms.
    pub paused_ms: u64,
    /// Time in ad breaks; ms.
    pub ad_ms: u64,
    /// CTA-2066 watched time: all of these but paused; ms; 0 when not started.
    pub watch_ms: u64,
    /// Stalls; count.
    pub stall_count: u32,
    /// Seeks; count.
    pub seek_count: u32,
    /// Bits played where the bitrate is known; kbit.
    pub bitrate_kbit: u64,
    /// Playing time with a known bitrate; ms.
    pub bitrate_known_ms: u64,
    /// Time-weighted bitrate of what was played; kbit/s; null when not known.
    pub average_bitrate_kbps: Option<f64>,
    /// Changes of bitrate; count.
    pub bitrate_switch_count: u32,
    /// Errors, fatal ones included; count.
    pub error_count: u32,
    /// Fatal errors; count.
    pub fatal_error_count: u32,
    /// Code of the latest error, empty = none.
    pub last_error_code: String,
    /// Ad breaks begun; count.
    pub ad_break_count: u32,
    /// Ads begun; count.
    pub ad_start_count: u32,
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
    /// Furthest playhead; ms; null when not told.
    pub furthest_position_ms: Option<i64>,
    /// Distinct beacons; count.
    pub beacons_received: u64,
    /// Gaps in the ordinals; count.
    pub beacons_lost: u64,
    /// Title, empty = not told.
    pub content_id: String,
    /// Title of the title, empty = not told.
    pub content_title: String,
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
    /// CDN used last, empty = unknown.
    pub cdn: String,
    /// Groups sessions of one visit, empty = not told.
    pub visit_id: String,
    /// Person or household watching, empty = not told.
    pub viewer_id: String,
    /// Paying account, empty = not told.
    pub account_id: String,
    /// Profile inside the account, empty = not told.
    pub profile_id: String,
    /// Installation or device, empty = not told.
    pub device_id: String,
    /// The device class, empty = unknown.
    pub device_class: String,
    /// Device model, empty = unknown.
    pub device_model: String,
    /// Operating system, empty = unknown.
    pub os_name: String,
    /// Version of the operating system, empty = unknown.
    pub os_version: String,
    /// Version of the application, empty = unknown.
    pub app_version: String,
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
    /// Country, ISO 3166-1 alpha-2, empty = unknown.
    pub country: String,
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

/// One session with its timeline.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SessionTimeline {
    /// Its numbers.
    #[serde(flatten)]
    pub session: Session,
    /// Joined stretches of one state, in order of time.
    pub intervals: Vec<Interval>,
    /// Stretches of playing with a known bitrate.
    pub renditions: Vec<Rendition>,
    /// Errors and ad events.
    pub events: Vec<TimelineEvent>,
}

/// A stretch of one state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interval {
    /// `preloading`, `starting`, `playing`, `stalled`, `seeking`, `paused` or `in_ad`.
    pub state: String,
    /// Its begin; event time, RFC 3339.
    pub from: String,
    /// Its end, which does not belong to it; event time, RFC 3339.
    pub to: String,
}

/// A stretch of playing with a known bitrate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rendition {
    /// Its begin; event time, RFC 3339.
    pub from: String,
    /// Its end, which does not belong to it; event time, RFC 3339.
    pub to: String,
    /// Bitrate; kbit/s.
    pub bitrate_kbps: u32,
}

/// An error or ad event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimelineEvent {
    /// When; event time, RFC 3339.
    pub at: String,
    /// 30 error, 31 fatal error, 40 to 48 ad events; `docs/sessions.md`, section 3.
    pub code: u8,
}
