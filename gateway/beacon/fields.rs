//! Every field of the beacon with its kind in JSON: the one list that reading, writing and the
//! size check share. A field of the .proto that is missing here does not compile.

use serde::de::MapAccess;
use serde::ser::SerializeMap;

use super::json::Notes;
use super::size::{Oversize, Sizes};
use super::{Beacon, DeviceClass, ExitReason, PlayState, Source, StreamType, groups, kinds};

macro_rules! fields {
    ($($name:ident: $kind:ident $(($argument:expr))?,)*) => {
        /// Reads the value of `key` into its field; an unknown key is noted and skipped.
        pub(super) fn read<'de, A: MapAccess<'de>>(
            beacon: &mut Beacon,
            key: &str,
            map: &mut A,
            notes: &mut Notes,
        ) -> Result<(), A::Error> {
            match key {
                $(stringify!($name) => {
                    kinds::$kind::read(&mut beacon.$name, stringify!($name), map, notes $(, $argument)?)
                })*
                _ => {
                    notes.ignored(key);
                    map.next_value::<serde::de::IgnoredAny>().map(|_| ())
                }
            }
        }

        /// Writes every field that is set.
        pub(super) fn write<M: SerializeMap>(beacon: &Beacon, map: &mut M) -> Result<(), M::Error> {
            let Beacon { $($name),* } = beacon;
            $(kinds::$kind::write($name, stringify!($name), map $(, $argument)?)?;)*
            Ok(())
        }

        /// Adds up every text and map.
        pub(super) fn measure(beacon: &Beacon, sizes: &mut Sizes<'_>) -> Result<(), Oversize> {
            $(kinds::$kind::measure(&beacon.$name, stringify!($name), sizes)?;)*
            Ok(())
        }
    };
}

fields! {
    tenant: text,
    session_id: text,
    session_key: scalar,
    stream: text,
    seq: scalar,
    seq_is_ordinal: scalar,
    event: event,
    state: name(PlayState::Unspecified),
    client_time_ms: scalar,
    sent_time_ms: scalar,
    received_time_ms: scalar,
    event_time_ms: scalar,
    content_id: text,
    device_class: name(DeviceClass::Unspecified),
    viewer_id: text,

    visit_id: text,
    account_id: text,
    profile_id: text,
    device_id: text,
    experiments: group(groups::FREE),
    app_config: group(groups::FREE),
    traceparent: text,
    sampling_weight: scalar,

    clock_offset_ms: scalar,
    heartbeat_interval_ms: scalar,

    device_model: text,
    os_name: text,
    os_version: text,
    app_version: text,
    player_name: text,
    player_version: text,

    stream_type: name(StreamType::Unspecified),
    content_duration_ms: scalar,
    content: group(groups::CONTENT),
    audio_language: text,
    subtitle_language: text,

    cdn: text,
    isp: text,
    asn: scalar,
    country: text,
    region: text,
    connection_type: text,
    connection_quality: text,

    position_ms: scalar,
    bitrate_kbps: scalar,
    width: scalar,
    height: scalar,
    dropped_frames: scalar,
    buffer_ms: scalar,
    playback_rate: scalar,
    throughput_kbps: scalar,
    live_latency_ms: scalar,
    muted: scalar,
    full_screen: scalar,
    picture_in_picture: scalar,
    background: scalar,
    in_ad: scalar,

    startup: counts,
    error: group(groups::ERROR),
    ad: group(groups::AD),
    request: group(groups::REQUEST),
    counters: counts,
    engagement: group(groups::ENGAGEMENT),
    tags: group(groups::FREE),

    exit_reason: name(ExitReason::Unspecified),
    source: name(Source::Unspecified),
    sdk_version: text,
    privacy_gpc: scalar,
    privacy_consent: text,
    is_test: scalar,
    is_bot: scalar,
    write_key: text,
}
