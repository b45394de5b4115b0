//! What is odd about a beacon, in words for whoever wrote the player's side.

use crate::beacon::{Beacon, EVENT_TAG, EventKind, Source};

/// A clock that differs by less is right: the network takes its time.
const CLOCK_MS: i64 = 2_000;
/// No player starts so fast; dash.js reports the age of a request in place of its start-up.
const STARTUP_MIN_MS: u64 = 5;

/// Everything that there is to say; nothing about a beacon that is as it should be. `impossible` names a key whose
/// value could not be and was left out.
pub(super) fn of(
    beacon: &Beacon,
    ignored_fields: &[String],
    impossible: Option<&str>,
) -> Vec<String> {
    let mut advice = Vec::new();
    if !ignored_fields.is_empty() {
        advice.push(format!(
            "no beacon has these fields, nothing of them is kept: {}; tags take what is your own",
            ignored_fields.join(", ")
        ));
    }
    unknown_event(beacon, &mut advice);
    identity(beacon, &mut advice);
    times(beacon, &mut advice);
    known_defects(beacon, &mut advice);
    if let Some(key) = impossible {
        advice.push(format!(
            "{key} is no duration that can be, and is left out: dash.js 5.2.1 sends moments in its place on some lines"
        ));
    }
    left_out(beacon, &mut advice);
    advice
}

fn is_native(beacon: &Beacon) -> bool {
    matches!(
        beacon.source(),
        Source::NativeJson | Source::NativeProtobuf | Source::Pixel | Source::Firehose
    )
}

fn unknown_event(beacon: &Beacon, advice: &mut Vec<String>) {
    if is_native(beacon)
        && beacon.event() == EventKind::Custom
        && let Some(name) = beacon.tags.get(EVENT_TAG)
    {
        advice.push(format!(
            "no event is called `{name}`: kept as custom, with the name in tags.event"
        ));
    }
}

fn identity(beacon: &Beacon, advice: &mut Vec<String>) {
    if is_native(beacon) && !beacon.seq_is_ordinal() {
        advice.push(
            "without seq (0, 1, 2, ... in each session) lost beacons cannot be counted".into(),
        );
    }
    if is_native(beacon) && beacon.content_id.is_none() && beacon.event() == EventKind::PlayState {
        advice.push("without content_id the session belongs to no title".into());
    }
}

fn times(beacon: &Beacon, advice: &mut Vec<String>) {
    let client = beacon.client_time_ms();
    if is_native(beacon) && client == beacon.received_time_ms() {
        advice.push(
            "without client_time_ms a beacon that is sent again counts as another one".into(),
        );
    }
    let offset = beacon.event_time_ms() - client;
    if offset.abs() > CLOCK_MS {
        let direction = if offset > 0 { "behind" } else { "ahead" };
        advice.push(format!(
            "the device's clock is {} s {direction}; the beacon was put right",
            offset.abs() / 1_000
        ));
    } else if is_native(beacon) && beacon.sent_time_ms.is_none() && beacon.clock_offset_ms.is_none()
    {
        advice.push(
            "with sent_time_ms, or clock_offset_ms by GET /v1/time, a wrong clock is put right"
                .into(),
        );
    }
}

/// Defects of shipped releases that one beacon shows.
fn known_defects(beacon: &Beacon, advice: &mut Vec<String>) {
    if beacon.source() != Source::CmcdEvent {
        return;
    }
    // Every player reports once before it has a state; what comes after that first report has one.
    let is_later = beacon.seq_is_ordinal() && beacon.seq() > 0;
    let is_stateless = beacon.state.is_none()
        && matches!(
            beacon.event(),
            EventKind::Heartbeat | EventKind::Request | EventKind::BitrateChange
        );
    if is_later && is_stateless {
        advice.push(
            "no sta: the compiled builds of Shaka 5.2.1 to 5.2.12 lose it, and so tell no stalls, pauses or end; its debug build sends it. Of another player, see that includeKeys names it".into(),
        );
    }
    if beacon
        .startup
        .get("total_ms")
        .is_some_and(|ms| *ms <= STARTUP_MIN_MS)
    {
        advice.push("msd of a few ms: dash.js 5.2.1 sends the age of its first request here; the start-up is taken from its states".into());
    }
}

fn left_out(beacon: &Beacon, advice: &mut Vec<String>) {
    if beacon.is_test() {
        advice.push("is_test, or a key of tests: kept, and left out of published numbers".into());
    }
    if beacon.is_bot() {
        advice.push("the user agent is a robot's: kept, and left out of published numbers".into());
    }
    if beacon.privacy_gpc() {
        advice.push("Sec-GPC: what privacy.gpc spares the viewer is not kept".into());
    }
    let texts = beacon.error.values().chain(beacon.tags.values());
    let marks = ["[email]", "[token]", "[secret]", "[query]", "[phone]"];
    if texts
        .into_iter()
        .any(|text| marks.iter().any(|mark| text.contains(mark)))
    {
        advice.push("something in brackets took the place of a secret or a person's address: do not send them".into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn good() -> Beacon {
        Beacon {
            event: Some(EventKind::Heartbeat.into()),
            source: Some(Source::NativeJson.into()),
            seq: Some(1),
            seq_is_ordinal: Some(true),
            client_time_ms: Some(1_000),
            sent_time_ms: Some(1_000),
            received_time_ms: Some(1_010),
            event_time_ms: Some(1_000),
            ..Beacon::default()
        }
    }

    fn advice(change: impl FnOnce(&mut Beacon)) -> String {
        let mut beacon = good();
        change(&mut beacon);
        of(&beacon, &[], None).join("\n")
    }

    #[test]
    fn a_good_beacon_needs_none() {
        assert_eq!(advice(|_| ()), "");
    }

    #[test]
    fn what_is_missing_or_wrong_is_said() {
        assert!(advice(|b| b.seq_is_ordinal = Some(false)).contains("without seq"));
        assert!(advice(|b| b.sent_time_ms = None).contains("sent_time_ms"));
        assert!(advice(|b| b.event_time_ms = Some(61_000)).contains("60 s behind"));
        let secret = ("message".to_owned(), "for [email]".to_owned());
        assert!(advice(|b| b.error.extend([secret])).contains("do not send"));
        assert!(of(&good(), &["bitrate".into()], None)[0].contains("bitrate"));
    }

    #[test]
    fn the_first_report_of_a_session_is_no_evidence() {
        let stateless = |seq: u64, is_ordinal: bool| {
            advice(|beacon| {
                beacon.source = Some(Source::CmcdEvent.into());
                beacon.seq = Some(seq);
                beacon.seq_is_ordinal = Some(is_ordinal);
            })
        };
        assert_eq!(stateless(0, true), "");
        // A hash tells nothing of the order.
        assert_eq!(stateless(7, false), "");
        assert!(stateless(1, true).contains("Shaka"));
    }

    #[test]
    fn defects_of_releases_are_recognised() {
        let of_cmcd = |change: fn(&mut Beacon)| {
            advice(|beacon| {
                beacon.source = Some(Source::CmcdEvent.into());
                change(beacon);
            })
        };
        assert!(of_cmcd(|_| ()).contains("Shaka"));
        assert!(of_cmcd(|b| b.startup.extend([("total_ms".into(), 2)])).contains("dash.js"));
        assert!(of(&good(), &[], Some("ttfb"))[0].contains("dash.js"));
    }
}
