use serde_json::{Value, json};

use super::*;

/// The beacon, or the reason with the field to blame.
fn read(query: &str) -> Result<Value, (&'static str, Option<String>)> {
    let batch = decode(query);
    match (batch.beacons.first(), batch.refusals.first()) {
        (Some(decoded), None) => Ok(serde_json::to_value(&decoded.beacon).unwrap()),
        (None, Some(refusal)) => {
            let field = refusal.field.clone().map(Cow::into_owned);
            Err((refusal.reason.as_str(), field))
        }
        _ => panic!("neither read nor refused: {batch:?}"),
    }
}

#[test]
fn values_have_the_type_of_their_field() {
    assert_eq!(
        read(
            "session_id=123&event=play_state&state=playing&seq=7&client_time_ms=1795250275767&playback_rate=1.5\
             &muted=1&background=false&content_id=a+b%2Fc&_=99&state="
        ),
        Ok(json!({
            "session_id": "123", "event": "play_state", "seq": 7, "client_time_ms": 1_795_250_275_767_i64,
            "playback_rate": 1.5, "muted": true, "background": false, "content_id": "a b/c"
        }))
    );
}

#[test]
fn a_dot_leads_into_a_map() {
    assert_eq!(
        read(
            "session_id=s&event=error&error.code=12&error.fatal=true&error.message=no+signal&ad.quartile=50\
             &tags.firmware=007&counters.stall_count=2&startup.drm_ms=5"
        ),
        Ok(json!({
            "session_id": "s", "event": "error",
            "error": {"code": "12", "fatal": true, "message": "no signal"}, "ad": {"quartile": 50},
            "tags": {"firmware": "007"}, "counters": {"stall_count": 2}, "startup": {"drm_ms": 5}
        }))
    );
}

#[test]
fn what_does_not_fit_is_refused_by_field() {
    let field = |name: &str| Some(name.to_owned());
    for (query, reason, name) in [
        ("seq=x", "bad_type", "seq"),
        ("seq=-1", "bad_type", "seq"),
        ("state=nap", "bad_value", "state"),
        ("event.x=1", "bad_type", "event"),
        ("muted=maybe", "bad_type", "muted"),
        ("playback_rate=NaN", "bad_type", "playback_rate"),
        ("ad.quartile=half", "bad_type", "ad.quartile"),
        ("error=E1", "bad_type", "error"),
        ("seq.x=1", "bad_type", "seq"),
        (
            "counters.stall_count=many",
            "bad_type",
            "counters.stall_count",
        ),
    ] {
        assert_eq!(read(query), Err((reason, field(name))), "{query}");
    }
    assert_eq!(read(""), Ok(json!({})));
}

#[test]
fn an_unknown_event_is_kept_with_its_name() {
    assert_eq!(
        read("event=nap+time&tags.firmware=7"),
        Ok(json!({"event": "custom", "tags": {"event": "nap time", "firmware": "7"}}))
    );
    assert_eq!(read("event="), Ok(json!({})));
}
