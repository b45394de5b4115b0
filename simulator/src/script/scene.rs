//! The truth of a play: which condition the viewer was in, from when to when.

/// A viewer's condition: the effective states of docs/sessions.md.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Condition {
    Starting,
    Playing,
    Stalled,
    Seeking,
    Paused,
    Ad,
    Preloading,
}

impl Condition {
    /// The name in the views.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Condition::Starting => "starting",
            Condition::Playing => "playing",
            Condition::Stalled => "stalled",
            Condition::Seeking => "seeking",
            Condition::Paused => "paused",
            Condition::Ad => "in_ad",
            Condition::Preloading => "preloading",
        }
    }
}

/// One condition from `from_ms` to `to_ms` (true time, the end not included).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Scene {
    pub(crate) condition: Condition,
    pub(crate) from_ms: i64,
    /// Absent while the scene lasts: the client fell silent in it.
    pub(crate) to_ms: Option<i64>,
}

/// A stretch of being in the background (true time, the end not included).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Spell {
    pub(crate) from_ms: i64,
    /// Absent while it lasts: nobody told that it was over.
    pub(crate) to_ms: Option<i64>,
}

/// How a play ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// Nothing was said: the tab was closed, the power went, or the player turned to another title.
    Silent,
    Finished {
        at_ms: i64,
    },
    Exited {
        at_ms: i64,
    },
    Failed {
        at_ms: i64,
        /// A refusal by rule (region, rights, too many streams), and said so before anything else.
        is_business: bool,
    },
}
