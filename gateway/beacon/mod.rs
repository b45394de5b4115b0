//! The canonical beacon: what every door produces and every reader sees. Kafka carries it packed, as
//! a [`BeaconRecord`], which [`crate::produce`] makes.
//!
//! Fields, their meaning and units are written in `proto/playhead/v1/beacon.proto` and `record.proto`.
//! - `fields` lists how each of them looks in JSON;
//! - `groups` names the known keys of the maps;
//! - [`json`] reads and writes a beacon;
//! - `checked` checks what came in another form than JSON;
//! - `priority` tells what its loss would cost;
//! - `quoted` writes one text as JSON has it, and `size` bounds what all of them take.

mod checked;
mod fields;
mod groups;
pub mod json;
mod kinds;
mod names;
mod priority;
pub(crate) mod quoted;
mod size;

pub use names::attribute_name;
pub use priority::Priority;
pub use size::{Oversize, SizeLimits};

/// The types generated from `proto/playhead/v1/`.
#[allow(
    missing_docs,
    clippy::all,
    clippy::doc_markdown,
    rustdoc::all,
    unreachable_pub,
    reason = "generated"
)]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/playhead.v1.rs"));
}

pub use generated::{
    Beacon, BeaconRecord, DeviceClass, EventKind, ExitReason, PlayState, Source, StreamType,
};

/// The session's key: XXH3-64 of the tenant, a zero byte and the session id.
pub fn session_key(tenant: &str, session_id: &str) -> u64 {
    let mut hasher = xxhash_rust::xxh3::Xxh3::new();
    hasher.update(tenant.as_bytes());
    hasher.update(&[0]);
    hasher.update(session_id.as_bytes());
    hasher.digest()
}

/// The tag that names an event which the schema does not know.
pub(crate) const EVENT_TAG: &str = "event";
/// Longest name that is kept there, as no setting of limits forbids it; bytes.
const EVENT_NAME_MAX_BYTES: usize = 128;

impl Beacon {
    /// Makes the event a `custom` one, and keeps its own name in `tags.event`: the beginning of a long one.
    pub fn keep_unknown_event(&mut self, name: &str) {
        self.event = Some(EventKind::Custom.into());
        let ends = 0..=name.len().min(EVENT_NAME_MAX_BYTES);
        let end = ends.rev().find(|end| name.is_char_boundary(*end));
        let kept = end.and_then(|end| name.get(..end)).unwrap_or_default();
        self.tags.insert(EVENT_TAG.to_owned(), kept.to_owned());
    }

    /// A 64-bit hash of what the client reported: the identity of a beacon that carries no ordinal.
    ///
    /// Call it before the gateway has filled in its own fields. The time of sending is left out,
    /// since a repeated copy differs in it.
    pub fn content_hash(&mut self) -> u64 {
        let sent_time_ms = self.sent_time_ms.take();
        let bytes = prost::Message::encode_to_vec(self);
        self.sent_time_ms = sent_time_ms;
        xxhash_rust::xxh3::xxh3_64(&bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_session_key_is_the_hash_of_tenant_zero_byte_and_session() {
        assert_eq!(
            session_key("default", "s-1"),
            xxhash_rust::xxh3::xxh3_64(b"default\0s-1")
        );
        assert_ne!(session_key("a", "bc"), session_key("ab", "c"));
    }

    #[test]
    fn the_content_hash_ignores_when_the_copy_was_sent() {
        let mut first = Beacon {
            session_id: Some("s".into()),
            sent_time_ms: Some(1),
            ..Beacon::default()
        };
        let mut copy = Beacon {
            sent_time_ms: Some(2),
            ..first.clone()
        };
        assert_eq!(first.content_hash(), copy.content_hash());
        assert_eq!(first.sent_time_ms, Some(1));
        copy.position_ms = Some(5);
        assert_ne!(first.content_hash(), copy.content_hash());
    }
}
