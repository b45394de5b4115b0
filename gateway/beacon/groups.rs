//! The known keys of the beacon's text maps, and the JSON type that each of them has.
//!
//! A map carries text on the wire; in JSON its values look natural (`"fatal":true`, `"status":404`).
//! A key that is not listed here is kept as it came, as long as it is a scalar.

/// The JSON type of a known key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A string; a number is taken too, as it was written (error codes are often numbers).
    Text,
    /// A whole number.
    Integer,
    /// `true` or `false`.
    Boolean,
}

/// The known keys of one map.
pub(super) type Keys = &'static [(&'static str, Kind)];

/// Maps whose keys the platform chooses.
pub(super) const FREE: Keys = &[];

pub(super) const CONTENT: Keys = &[
    ("title", Kind::Text),
    ("series", Kind::Text),
    ("season", Kind::Text),
    ("episode", Kind::Text),
    ("channel", Kind::Text),
    ("programme", Kind::Text),
    ("encoding_variant", Kind::Text),
    ("drm", Kind::Text),
];

pub(super) const ERROR: Keys = &[
    ("code", Kind::Text),
    ("message", Kind::Text),
    ("fatal", Kind::Boolean),
    ("business", Kind::Boolean),
];

pub(super) const AD: Keys = &[
    ("break_id", Kind::Text),
    ("break_type", Kind::Text),
    ("ad_id", Kind::Text),
    ("creative_id", Kind::Text),
    ("pod_position", Kind::Integer),
    ("duration_ms", Kind::Integer),
    ("quartile", Kind::Integer),
    ("error_code", Kind::Text),
];

pub(super) const REQUEST: Keys = &[
    ("status", Kind::Integer),
    ("ttfb_ms", Kind::Integer),
    ("ttlb_ms", Kind::Integer),
    ("cache_hit", Kind::Boolean),
    ("bytes", Kind::Integer),
    ("object_type", Kind::Text),
    ("host", Kind::Text),
];

pub(super) const ENGAGEMENT: Keys = &[
    ("impression_id", Kind::Text),
    ("placement", Kind::Text),
    ("rating", Kind::Text),
];

/// The kind of a key, if it is a known one.
pub(super) fn kind_of(keys: Keys, key: &str) -> Option<Kind> {
    keys.iter()
        .find(|(name, _)| *name == key)
        .map(|(_, kind)| *kind)
}
