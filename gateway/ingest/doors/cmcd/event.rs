//! Tokens of CMCD in the beacon's words.

use crate::beacon::{EventKind, PlayState, StreamType};

/// The event of `e=`; none for one that the standard does not know.
pub(super) fn event_kind(token: &str) -> Option<EventKind> {
    Some(match token {
        "ps" => EventKind::PlayState,
        "t" => EventKind::Heartbeat,
        "bc" => EventKind::BitrateChange,
        "pr" => EventKind::PlaybackRateChange,
        "c" => EventKind::ContentChange,
        "e" => EventKind::Error,
        "rr" => EventKind::Request,
        "ce" => EventKind::Custom,
        "m" => EventKind::Mute,
        "um" => EventKind::Unmute,
        "b" => EventKind::BackgroundChange,
        "pe" | "pc" => EventKind::PlayerResize,
        "h" => EventKind::HostChange,
        "abs" => EventKind::AdBreakStart,
        "abe" => EventKind::AdBreakEnd,
        "as" => EventKind::AdStart,
        "ae" => EventKind::AdEnd,
        "sk" => EventKind::AdSkip,
        _ => return None,
    })
}

/// The state of `sta=`. `w` is dash.js's own.
pub(super) fn play_state(token: &str) -> Option<PlayState> {
    Some(match token {
        "s" => PlayState::Starting,
        "p" => PlayState::Playing,
        "k" => PlayState::Seeking,
        "r" => PlayState::Rebuffering,
        "a" => PlayState::Paused,
        "e" => PlayState::Ended,
        "f" => PlayState::Failed,
        "q" => PlayState::Quit,
        "d" => PlayState::Preloading,
        "w" => PlayState::Waiting,
        _ => return None,
    })
}

/// The kind of stream of `st=`.
pub(super) fn stream_type(token: &str) -> Option<StreamType> {
    Some(match token {
        "v" => StreamType::Vod,
        "l" => StreamType::Live,
        "ll" => StreamType::LowLatencyLive,
        _ => return None,
    })
}
