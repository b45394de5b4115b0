use serde_json::{Value as Json, json};

use super::*;
use crate::ingest::doors::cmcd::lexer::Dictionary;

/// The beacon of one line, as JSON.
fn beacon(line: &str) -> Json {
    serde_json::to_value(decoded(line).beacon).unwrap()
}

fn decoded(line: &str) -> Decoded {
    let mut dictionary = Dictionary::new(line);
    let mut report = Report::default();
    while let Some((key, value)) = dictionary.next_entry().unwrap() {
        report.take(key, &value);
    }
    report.into_decoded(0, None)
}

#[test]
fn a_play_state_line_of_dash_js() {
    assert_eq!(
        beacon(
            r#"ab=(831;v 96;a),bl=(2000;v 1900;a),br=(831;v 96;a),cid="c",e=ps,mtp=(201800;v 149700;a),sf=d,sid="s",sn=9,st=v,sta=w,tpb=(830.576;v 96.166;a),ts=1795250335352,v=2"#
        ),
        json!({
            "session_id": "s", "content_id": "c", "event": "play_state", "state": "waiting", "seq": 9,
            "client_time_ms": 1_795_250_335_352_i64, "stream_type": "vod", "sdk_version": "2",
            "bitrate_kbps": 927, "buffer_ms": 1900, "throughput_kbps": 201_800,
            "tags": {"ab": "831;v 96;a", "sf": "d", "tpb": "830.576;v 96.166;a"}
        })
    );
}

#[test]
fn a_request_keeps_the_host_of_its_address_only() {
    assert_eq!(
        beacon(
            r#"e=rr,ot=v,rc=404,sid="s",ttfb=12,ttlb=149,url="https://u:p@cdn.example:8443/a/b.m4s?token=x""#
        ),
        json!({
            "session_id": "s", "event": "request",
            "request": {"status": 404, "ttfb_ms": 12, "ttlb_ms": 149, "object_type": "v", "host": "cdn.example:8443"}
        })
    );
}

#[test]
fn a_first_byte_after_the_last_one_is_left_out() {
    let line = |ttlb: &str| beacon(&format!("e=rr,ttfb=1795250334720{ttlb}"))["request"].clone();
    assert_eq!(line(",ttlb=149"), json!({"ttlb_ms": 149}));
    assert_eq!(line(""), Json::Null);
    // It is noted that there was one; a line without any has nothing impossible.
    let impossible = |line: &str| decoded(line).impossible;
    assert_eq!(impossible("e=rr,ttfb=50,ttlb=49"), Some("ttfb"));
    assert_eq!(impossible("e=rr,ttfb=1795250334720"), Some("ttfb"));
    assert_eq!(impossible("e=rr,ttlb=49"), None);
    assert_eq!(impossible("e=rr,ttfb=49,ttlb=49"), None);
}

#[test]
fn an_error_code_comes_as_list_text_or_number() {
    for (written, code) in [
        (r#"("manifestLoadError")"#, "manifestLoadError"),
        (r#"("a" "b")"#, "a,b"),
        (r#""x""#, "x"),
        ("27", "27"),
    ] {
        let line = format!("e=e,ec={written}");
        assert_eq!(beacon(&line)["error"], json!({ "code": code }), "{line}");
    }
    assert_eq!(beacon("e=e"), json!({"event": "error"}));
}

#[test]
fn a_code_that_sticks_to_other_events_is_no_error() {
    assert_eq!(beacon("e=t,ec=27"), json!({"event": "heartbeat"}));
}

#[test]
fn bitrates_add_up_by_media_or_stand_alone() {
    for (written, kbps) in [
        ("(831;v 96;a)", 927),
        ("(5000;v)", 5_000),
        ("(96;a)", 96),
        ("(927)", 927),
        ("(2000;av)", 2_000),
        ("831", 831),
        ("(830.576;v 96.166;a)", 927),
    ] {
        let line = format!("e=bc,br={written}");
        assert_eq!(beacon(&line)["bitrate_kbps"], kbps, "{line}");
    }
}

#[test]
fn events_carry_what_they_say() {
    assert_eq!(beacon("e=m"), json!({"event": "mute", "muted": true}));
    assert_eq!(beacon("e=um"), json!({"event": "unmute", "muted": false}));
    assert_eq!(
        beacon("e=pc"),
        json!({"event": "player_resize", "full_screen": false})
    );
    assert_eq!(
        beacon("e=b,bg=?0"),
        json!({"event": "background_change", "background": false})
    );
    assert_eq!(
        beacon("e=abs"),
        json!({"event": "ad_break_start", "in_ad": true})
    );
    assert_eq!(
        beacon("e=pr,pr=1.5"),
        json!({"event": "playback_rate_change", "playback_rate": 1.5})
    );
    assert_eq!(
        beacon("bsa=(2;v),bsda=(2684;v),e=t,msd=382"),
        json!({
            "event": "heartbeat", "startup": {"total_ms": 382},
            "counters": {"stall_count": 2, "stalled_ms": 2684}
        })
    );
}

#[test]
fn what_no_field_has_a_place_for_is_kept_as_tags() {
    assert_eq!(
        beacon(r#"cen="hello",com.example-x=5,e=ce,plain=1"#),
        json!({"event": "custom", "tags": {"cen": "hello", "com.example-x": "5", "plain": "1"}})
    );
    assert_eq!(
        beacon(
            r#"bs,bsd=(1665;v),cmsds="ot=v",cs="abc",d=4004,e=rr,lb=(96;a),nor=("a.m4s?token=x"),su=?0,tbl=(9000;v)"#
        )["tags"],
        json!({
            "bs": "true", "bsd": "1665;v", "cmsds": "ot=v", "cs": "abc", "d": "4004", "lb": "96;a",
            "su": "false", "tbl": "9000;v"
        })
    );
    let flood: Vec<String> = (0..100).map(|n| format!("com.example-{n}={n}")).collect();
    let kept = beacon(&format!("e=ce,{}", flood.join(",")));
    assert_eq!(kept["tags"].as_object().unwrap().len(), 32);
    assert_eq!(
        beacon("e=zz"),
        json!({"event": "custom", "tags": {"e": "zz"}})
    );
    assert_eq!(
        beacon("e=ps,sta=zz"),
        json!({"event": "play_state", "tags": {"sta": "zz"}})
    );
}
