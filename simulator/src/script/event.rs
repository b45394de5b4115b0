//! The words of a beacon, with the numbers that the rules give them.

/// What happened: wire name of `Beacon.event`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Event {
    PlayState,
    Heartbeat,
    BitrateChange,
    PlaybackRateChange,
    Error,
    Request,
    Custom,
    Mute,
    Unmute,
    BackgroundChange,
    PlayerResize,
    HostChange,
    ContentChange,
    Metadata,
    SessionEnd,
    AdBreakStart,
    AdBreakEnd,
    AdStart,
    AdEnd,
    AdQuartile,
    AdSkip,
    AdClick,
    AdError,
    AdImpression,
    Impression,
    Rating,
}

impl Event {
    /// The name on the wire.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Event::PlayState => "play_state",
            Event::Heartbeat => "heartbeat",
            Event::BitrateChange => "bitrate_change",
            Event::PlaybackRateChange => "playback_rate_change",
            Event::Error => "error",
            Event::Request => "request",
            Event::Custom => "custom",
            Event::Mute => "mute",
            Event::Unmute => "unmute",
            Event::BackgroundChange => "background_change",
            Event::PlayerResize => "player_resize",
            Event::HostChange => "host_change",
            Event::ContentChange => "content_change",
            Event::Metadata => "metadata",
            Event::SessionEnd => "session_end",
            Event::AdBreakStart => "ad_break_start",
            Event::AdBreakEnd => "ad_break_end",
            Event::AdStart => "ad_start",
            Event::AdEnd => "ad_end",
            Event::AdQuartile => "ad_quartile",
            Event::AdSkip => "ad_skip",
            Event::AdClick => "ad_click",
            Event::AdError => "ad_error",
            Event::AdImpression => "ad_impression",
            Event::Impression => "impression",
            Event::Rating => "rating",
        }
    }

    /// Whether such a beacon can change the timeline (docs/sessions.md, section 3).
    pub(crate) fn is_mark(self) -> bool {
        !matches!(
            self,
            Event::Heartbeat
                | Event::Request
                | Event::Custom
                | Event::Mute
                | Event::Unmute
                | Event::PlayerResize
                | Event::Metadata
                | Event::Impression
                | Event::Rating
        )
    }
}

/// The player's state: wire name of `Beacon.state`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Starting,
    Playing,
    Seeking,
    Rebuffering,
    Paused,
    Ended,
    Failed,
    Quit,
    Preloading,
    Waiting,
}

impl State {
    /// The name on the wire.
    pub(crate) fn name(self) -> &'static str {
        match self {
            State::Starting => "starting",
            State::Playing => "playing",
            State::Seeking => "seeking",
            State::Rebuffering => "rebuffering",
            State::Paused => "paused",
            State::Ended => "ended",
            State::Failed => "failed",
            State::Quit => "quit",
            State::Preloading => "preloading",
            State::Waiting => "waiting",
        }
    }
}
