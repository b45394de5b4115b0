//! How much the loss of a beacon, or a delay, would cost.

use super::{Beacon, BeaconRecord, EventKind, PlayState};

/// How much a beacon's loss would cost, least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Priority {
    /// It repeats what is known, or measures.
    SignOfLife,
    /// It changes what is known of a playback.
    Change,
    /// A start, an end, an error, an ad.
    Conversion,
}

impl Beacon {
    /// How much its loss would cost.
    pub fn priority(&self) -> Priority {
        Priority::of(self.event(), self.state())
    }
}

impl BeaconRecord {
    /// How much its loss would cost.
    pub fn priority(&self) -> Priority {
        Priority::of(self.event(), self.state())
    }
}

impl Priority {
    fn of(event: EventKind, state: PlayState) -> Self {
        match event {
            EventKind::Heartbeat | EventKind::Request => Self::SignOfLife,
            EventKind::PlayState => match state {
                PlayState::Starting | PlayState::Ended | PlayState::Failed | PlayState::Quit => {
                    Self::Conversion
                }
                // The first one of a session is its first frame; they are rare beside heartbeats.
                PlayState::Playing => Self::Conversion,
                PlayState::Unspecified
                | PlayState::Seeking
                | PlayState::Rebuffering
                | PlayState::Paused
                | PlayState::Preloading
                | PlayState::Waiting => Self::Change,
            },
            EventKind::Error
            | EventKind::SessionEnd
            | EventKind::ContentChange
            | EventKind::AdBreakStart
            | EventKind::AdBreakEnd
            | EventKind::AdStart
            | EventKind::AdEnd
            | EventKind::AdQuartile
            | EventKind::AdSkip
            | EventKind::AdClick
            | EventKind::AdError
            | EventKind::AdImpression => Self::Conversion,
            EventKind::Unspecified
            | EventKind::BitrateChange
            | EventKind::PlaybackRateChange
            | EventKind::Custom
            | EventKind::Mute
            | EventKind::Unmute
            | EventKind::BackgroundChange
            | EventKind::PlayerResize
            | EventKind::HostChange
            | EventKind::Metadata
            | EventKind::Impression
            | EventKind::Rating => Self::Change,
        }
    }
}
