//! Every field of the beacon with its place in the record: the one list that packing and unpacking
//! share. A field of either .proto that is missing here does not compile.

use serde::de::{IgnoredAny, MapAccess};

use super::pack::JsonText;
use super::unpack::{ReadJson, UnpackError, read_text};
use crate::beacon::{Beacon, BeaconRecord};

macro_rules! places {
    (
        fields: $($field:ident,)*;
        attributes: $($attribute:ident,)*;
        details: $($detail:ident,)*;
    ) => {
        /// Moves a beacon into the record, in place of what it held; its texts keep their memory.
        pub(super) fn pack(beacon: Box<Beacon>, record: &mut BeaconRecord) {
            let Beacon { $($field,)* $($attribute,)* $($detail,)* } = *beacon;
            let mut attributes = JsonText::over(record.attributes.take());
            $(attributes.add(concat!(",\"", stringify!($attribute), "\":"), &$attribute);)*
            let mut details = JsonText::over(record.details.take());
            $(details.add(concat!(",\"", stringify!($detail), "\":"), &$detail);)*
            *record = BeaconRecord {
                $($field,)*
                attributes: Some(attributes.finish()),
                details: Some(details.finish()),
            };
        }

        /// The beacon that a record holds.
        ///
        /// # Errors
        /// A text that is no JSON object, or in which a known key has a value of another type.
        pub(in crate::produce) fn unpack(record: BeaconRecord) -> Result<Beacon, UnpackError> {
            let BeaconRecord { $($field,)* attributes, details } = record;
            let mut beacon = Beacon { $($field,)* ..Beacon::default() };
            read_text("attributes", attributes.as_deref(), &mut beacon)?;
            read_text("details", details.as_deref(), &mut beacon)?;
            Ok(beacon)
        }

        /// Reads the value of `key` into its field; the key of a newer gateway is skipped.
        pub(super) fn read<'de, A: MapAccess<'de>>(
            beacon: &mut Beacon,
            key: &str,
            map: &mut A,
        ) -> Result<(), A::Error> {
            match key {
                $(stringify!($attribute) => beacon.$attribute = ReadJson::read(map)?,)*
                $(stringify!($detail) => beacon.$detail = ReadJson::read(map)?,)*
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
            Ok(())
        }
    };
}

places! {
    fields:
        tenant,
        session_id,
        session_key,
        stream,
        seq,
        seq_is_ordinal,
        event,
        state,
        client_time_ms,
        sent_time_ms,
        received_time_ms,
        event_time_ms,
        content_id,
        cdn,
        position_ms,
        bitrate_kbps,
        buffer_ms,
        throughput_kbps,
        dropped_frames,
        in_ad,
        exit_reason,
        is_test,
        is_bot,
    ;
    attributes:
        visit_id,
        viewer_id,
        account_id,
        profile_id,
        device_id,
        device_class,
        device_model,
        os_name,
        os_version,
        app_version,
        player_name,
        player_version,
        sdk_version,
        source,
        heartbeat_interval_ms,
        clock_offset_ms,
        stream_type,
        content_duration_ms,
        content,
        audio_language,
        subtitle_language,
        isp,
        asn,
        country,
        region,
        connection_type,
        connection_quality,
        experiments,
        app_config,
        privacy_gpc,
        privacy_consent,
        write_key,
    ;
    details:
        traceparent,
        sampling_weight,
        width,
        height,
        playback_rate,
        live_latency_ms,
        muted,
        full_screen,
        picture_in_picture,
        background,
        startup,
        error,
        ad,
        request,
        counters,
        engagement,
        tags,
    ;
}
