//! A beacon as the client makes it, before it becomes JSON.

use std::sync::Arc;

use crate::cast::title::Title;

use super::event::{Event, State};

/// One beacon of one session.
#[derive(Debug, Clone)]
pub(crate) struct Beacon {
    /// Its place among the script's beacons.
    pub(crate) index: usize,
    /// Counter to which `seq` belongs, where the client keeps more than one or names it.
    pub(crate) stream: Option<&'static str>,
    pub(crate) seq: u64,
    /// When it happened, in true time; Unix ms.
    pub(crate) at_ms: i64,
    pub(crate) event: Event,
    /// The play in which it was made, counted from 0.
    pub(crate) play: usize,
    /// The title that it is about.
    pub(crate) title: Arc<Title>,
    /// Whether it tells which title that is; some clients do so now and then only.
    pub(crate) names_content: bool,
    pub(crate) state: Option<State>,
    /// Carries all that is known of viewer, device and content, not only what every beacon carries.
    pub(crate) is_portrait: bool,
    pub(crate) cdn: &'static str,
    pub(crate) connection_type: &'static str,
    pub(crate) audio_language: &'static str,
    pub(crate) subtitle_language: Option<&'static str>,
    /// Wire name of `exit_reason`.
    pub(crate) exit_reason: Option<&'static str>,
    pub(crate) traceparent: Option<String>,
    pub(crate) sampling_weight: Option<u32>,
    /// Interval that the client keeps to from here on, when it tells it; ms.
    pub(crate) heartbeat_interval_ms: Option<i64>,
    pub(crate) playback: Playback,
    pub(crate) groups: Vec<Group>,
    /// Lost on the way for good: the gateway never sees it (heartbeats, and both reports of some stalls).
    pub(crate) is_lost: bool,
}

/// The player's condition, as a beacon reports it; what the player does not know is absent.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Playback {
    pub(crate) position_ms: Option<i64>,
    pub(crate) bitrate_kbps: Option<u32>,
    pub(crate) width: Option<u32>,
    pub(crate) height: Option<u32>,
    pub(crate) dropped_frames: Option<u32>,
    pub(crate) buffer_ms: Option<u32>,
    pub(crate) playback_rate: Option<f64>,
    pub(crate) throughput_kbps: Option<u32>,
    pub(crate) live_latency_ms: Option<u32>,
    pub(crate) muted: Option<bool>,
    pub(crate) full_screen: Option<bool>,
    pub(crate) picture_in_picture: Option<bool>,
    pub(crate) background: Option<bool>,
    pub(crate) in_ad: Option<bool>,
}

/// A group of values that few beacons carry: the proto's map field, and its entries.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    pub(crate) field: &'static str,
    pub(crate) entries: Vec<(&'static str, Entry)>,
}

/// A value of a group.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Entry {
    Text(String),
    Number(u64),
    Truth(bool),
}

impl From<&str> for Entry {
    fn from(text: &str) -> Self {
        Entry::Text(text.to_owned())
    }
}

impl From<String> for Entry {
    fn from(text: String) -> Self {
        Entry::Text(text)
    }
}

impl From<u64> for Entry {
    fn from(number: u64) -> Self {
        Entry::Number(number)
    }
}

impl From<bool> for Entry {
    fn from(truth: bool) -> Self {
        Entry::Truth(truth)
    }
}

impl Beacon {
    /// A whole number of a group.
    pub(crate) fn number(&self, field: &str, key: &str) -> Option<i64> {
        self.entry(field, key)?.parse().ok()
    }

    /// The entry of a group, as the text that the canonical beacon holds.
    pub(crate) fn entry(&self, field: &str, key: &str) -> Option<String> {
        let group = self.groups.iter().find(|group| group.field == field)?;
        let (_, entry) = group.entries.iter().find(|(name, _)| *name == key)?;
        Some(match entry {
            Entry::Text(text) => text.clone(),
            Entry::Number(number) => number.to_string(),
            Entry::Truth(truth) => truth.to_string(),
        })
    }
}
