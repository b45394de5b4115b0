use serde_json::json;

use super::*;

const MEDIA: &str = "iglu:com.snowplowanalytics.snowplow.media";
const PLAYER: &str = "iglu:com.snowplowanalytics.snowplow/media_player/jsonschema/2-0-0";

/// An event of the media plugin as a tracker sends it.
fn media(name: &str, data: Value, player: Value, session: Value) -> Value {
    let contexts = [
        json!({"schema": PLAYER, "data": player}),
        json!({"schema": format!("{MEDIA}/session/jsonschema/1-0-0"), "data": session}),
    ];
    event(
        &format!("{MEDIA}/{name}_event/jsonschema/1-0-0"),
        data,
        &contexts,
    )
}

fn event(schema: &str, data: Value, contexts: &[Value]) -> Value {
    json!({
        "e": "ue", "eid": "e-1", "dtm": "1795250513572", "stm": "1795250513575", "p": "web", "tv": "js-4.10.1",
        "uid": "viewer-1", "duid": "d-1", "sid": "visit-1",
        "ue_pr": json!({"schema": "u", "data": {"schema": schema, "data": data}}).to_string(),
        "co": json!({"schema": "c", "data": contexts}).to_string(),
    })
}

fn batch(events: &[Value], privacy: Privacy) -> DecodedBatch {
    let body = json!({"schema": "p", "data": events}).to_string();
    decode(body.as_bytes(), privacy, 10).unwrap()
}

fn told(event: Value) -> Value {
    let batch = batch(&[event], Privacy::AsSent);
    assert_eq!((batch.beacons.len(), batch.refusals.len()), (1, 0));
    serde_json::to_value(&batch.beacons[0].beacon).unwrap()
}

fn session(more: Value) -> Value {
    let mut session = json!({"mediaSessionId": "m-1", "pingInterval": 5});
    session
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    session
}

/// Event and state of a media event.
fn state(name: &str, player: Value, totals: Value) -> (Value, Value) {
    let beacon = told(media(name, json!({}), player, session(totals)));
    (beacon["event"].clone(), beacon["state"].clone())
}

#[test]
fn every_part_of_an_event_has_its_place() {
    let player = json!({
        "currentTime": 4.356_679, "paused": false, "ended": false, "label": "Test pattern", "playerType": "html5",
        "duration": 20.08, "livestream": false, "muted": false, "playbackRate": 1, "fullscreen": true
    });
    let totals = json!({"timePlayed": 4.864, "timeBuffering": 0.447, "timePaused": 1.003});
    assert_eq!(
        told(media("ping", json!({}), player, session(totals))),
        json!({
            "session_id": "m-1", "event": "heartbeat", "state": "playing",
            "client_time_ms": 1_795_250_513_572_i64, "sent_time_ms": 1_795_250_513_575_i64,
            "content_id": "Test pattern", "device_class": "web", "viewer_id": "viewer-1", "visit_id": "visit-1",
            "device_id": "d-1", "heartbeat_interval_ms": 5000, "player_name": "html5", "stream_type": "vod",
            "content_duration_ms": 20_080, "content": {"title": "Test pattern"}, "position_ms": 4_357,
            "playback_rate": 1.0, "muted": false, "full_screen": true,
            "counters": {"played_ms": 4_417, "paused_ms": 1_003}, "sdk_version": "js-4.10.1"
        })
    );
}

#[test]
fn states_follow_from_the_event_and_the_totals_beside_it() {
    let (moving, still) = (json!({"paused": false}), json!({"paused": true}));
    let played = json!({"timePlayed": 2.5, "timeBuffering": 0.4});
    for (name, player, totals, state_told) in [
        ("play", &moving, json!({}), "starting"),
        ("play", &moving, json!({"timeBuffering": 0.8}), "playing"),
        ("play", &moving, played.clone(), "playing"),
        ("buffer_start", &moving, played.clone(), "rebuffering"),
        ("buffer_end", &moving, played.clone(), "playing"),
        ("buffer_end", &still, played.clone(), "paused"),
        ("seek_start", &moving, played.clone(), "seeking"),
        ("seek_end", &moving, played.clone(), "playing"),
        ("seek_end", &still, played.clone(), "paused"),
        ("pause", &still, played.clone(), "paused"),
        ("end", &still, played.clone(), "ended"),
        ("ad_pause", &still, played.clone(), "paused"),
        ("ad_resume", &moving, played.clone(), "playing"),
    ] {
        assert_eq!(
            state(name, player.clone(), totals),
            (json!("play_state"), json!(state_told)),
            "{name} {player}"
        );
    }
    let no_session = event(
        &format!("{MEDIA}/play_event/jsonschema/1-0-0"),
        json!({}),
        &[json!({"schema": PLAYER, "data": {"currentTime": 0}})],
    );
    let beacon = told(no_session);
    assert_eq!(
        (&beacon["session_id"], &beacon["state"]),
        (&json!("visit-1"), &json!("playing"))
    );
}

#[test]
fn a_session_without_buffering_is_told_its_first_frame_by_what_comes_later() {
    let player = json!({"paused": false, "currentTime": 5.0});
    let totals = session(json!({"timePlayed": 5.002}));
    let batch = batch(&[media("ping", json!({}), player, totals)], Privacy::AsSent);
    let told: Vec<_> = batch
        .beacons
        .iter()
        .map(|decoded| {
            let beacon = &decoded.beacon;
            (
                beacon.event(),
                beacon.state(),
                beacon.client_time_ms(),
                beacon.position_ms,
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (
                EventKind::PlayState,
                PlayState::Playing,
                1_795_250_508_590,
                None
            ),
            (
                EventKind::Heartbeat,
                PlayState::Playing,
                1_795_250_513_572,
                Some(5_000)
            ),
        ]
    );
    assert_ne!(batch.beacons[0].identity, batch.beacons[1].identity);
    // Later signs of life do not say it again.
    let late = media(
        "ping",
        json!({}),
        json!({}),
        session(json!({"timePlayed": 60.0})),
    );
    assert_eq!(told_count(late), 1);
    let buffered = json!({"timePlayed": 5.0, "timeBuffering": 0.2});
    assert_eq!(
        told_count(media("ping", json!({}), json!({}), session(buffered))),
        1
    );
}

fn told_count(event: Value) -> usize {
    batch(&[event], Privacy::AsSent).beacons.len()
}

#[test]
fn renditions_rates_screens_sound_and_errors_are_told() {
    let of = |name: &str, data: Value| {
        let beacon = told(media(
            name,
            data,
            json!({}),
            session(json!({"timeBuffering": 0.1})),
        ));
        let mut fields = beacon.as_object().unwrap().clone();
        for known in [
            "session_id",
            "client_time_ms",
            "sent_time_ms",
            "device_class",
            "viewer_id",
            "visit_id",
            "device_id",
            "heartbeat_interval_ms",
            "sdk_version",
            "counters",
        ] {
            fields.remove(known);
        }
        Value::Object(fields)
    };
    assert_eq!(
        of(
            "quality_change",
            json!({"newQuality": "360p", "bitrate": 1_019_416, "automatic": true})
        ),
        json!({"event": "bitrate_change", "bitrate_kbps": 1019, "height": 360, "tags": {"quality": "360p"}})
    );
    assert_eq!(
        of(
            "playback_rate_change",
            json!({"previousRate": 1, "newRate": 1.5})
        ),
        json!({"event": "playback_rate_change", "playback_rate": 1.5})
    );
    assert_eq!(
        of("fullscreen_change", json!({"fullscreen": true})),
        json!({"event": "player_resize", "full_screen": true})
    );
    for (before, after, event) in [(50, 0, "mute"), (0, 50, "unmute"), (50, 50, "unmute")] {
        let data = json!({"previousVolume": before, "newVolume": after});
        assert_eq!(of("volume_change", data), json!({"event": event}));
    }
    assert_eq!(
        of(
            "volume_change",
            json!({"previousVolume": 20, "newVolume": 50})
        ),
        json!({"event": "custom", "tags": {"event": "volume_change_event", "previousVolume": "20", "newVolume": "50"}})
    );
    assert_eq!(
        of(
            "error",
            json!({"errorCode": "3", "errorName": "DECODE", "errorDescription": "no"})
        ),
        json!({"event": "error", "error": {"code": "3", "message": "no"}})
    );
}

#[test]
fn ads_carry_their_break_and_their_quartile() {
    let contexts = [
        json!({"schema": format!("{MEDIA}/session/jsonschema/1-0-0"), "data": {"mediaSessionId": "m-1"}}),
        json!({"schema": format!("{MEDIA}/ad_break/jsonschema/1-0-0"), "data": {"breakId": "b", "startTime": 0, "breakType": "linear"}}),
        json!({"schema": format!("{MEDIA}/ad/jsonschema/1-0-0"), "data": {"adId": "a", "creativeId": "c", "podPosition": 2, "duration": 15.5}}),
    ];
    let of = |name: &str, data: Value| {
        told(event(
            &format!("{MEDIA}/{name}_event/jsonschema/1-0-0"),
            data,
            &contexts,
        ))
    };
    let quartile = of("ad_quartile", json!({"percentProgress": 51}));
    assert_eq!(
        (&quartile["event"], &quartile["in_ad"]),
        (&json!("ad_quartile"), &json!(true))
    );
    assert_eq!(
        quartile["ad"],
        json!({
            "break_id": "b", "break_type": "linear", "ad_id": "a", "creative_id": "c", "pod_position": 2,
            "duration_ms": 15_500, "quartile": 50
        })
    );
    for (name, kind) in [
        ("ad_break_start", "ad_break_start"),
        ("ad_break_end", "ad_break_end"),
        ("ad_start", "ad_start"),
        ("ad_complete", "ad_end"),
        ("ad_skip", "ad_skip"),
        ("ad_click", "ad_click"),
    ] {
        let beacon = of(name, json!({}));
        let is_over = name == "ad_break_end";
        assert_eq!(
            (&beacon["event"], &beacon["in_ad"]),
            (&json!(kind), &json!(!is_over))
        );
    }
}

#[test]
fn a_copy_is_known_by_its_eid_alone() {
    let mut first = media(
        "pause",
        json!({}),
        json!({}),
        session(json!({"timeBuffering": 1})),
    );
    let mut copy = first.clone();
    copy["stm"] = json!("1795250599999");
    let mut other = first.clone();
    other["eid"] = json!("e-2");
    let identities: Vec<_> = batch(&[first.take(), copy, other], Privacy::AsSent)
        .beacons
        .iter()
        .map(|decoded| decoded.identity.unwrap())
        .collect();
    assert_eq!(identities[0], identities[1]);
    assert_ne!(identities[0], identities[2]);
}

#[test]
fn nobody_is_recognised_where_the_tracker_asks_for_it() {
    let event = media(
        "pause",
        json!({}),
        json!({}),
        session(json!({"timeBuffering": 1})),
    );
    let batch = batch(&[event], Privacy::Anonymous);
    let beacon = &batch.beacons[0].beacon;
    assert_eq!(
        (&beacon.viewer_id, &beacon.device_id, &beacon.visit_id),
        (&None, &None, &None)
    );
    assert_eq!(beacon.session_id(), "m-1");
}

#[test]
fn what_is_no_playback_is_dropped_and_what_is_unknown_is_kept() {
    let page_view = json!({"e": "pv", "eid": "e", "url": "https://example/?token=x"});
    let unknown = event(
        "iglu:tv.example/poll_answered/jsonschema/1-0-0",
        json!({"answer": 2}),
        &[
            json!({"schema": format!("{MEDIA}/session/jsonschema/1-0-0"), "data": {"mediaSessionId": "m-1"}}),
            json!({"schema": "iglu:tv.example/channel/jsonschema/1-0-0", "data": {"name": "one"}}),
        ],
    );
    let broken = json!({"e": "ue", "ue_pr": "{", "co": "{}"});
    let batch = batch(&[page_view, unknown, broken, json!(7)], Privacy::AsSent);
    assert_eq!(
        batch.drops,
        [DroppedReport {
            index: 0,
            reason: DropReason::NoPlayback
        }]
    );
    let kept = serde_json::to_value(&batch.beacons[0].beacon).unwrap();
    assert_eq!(
        (&kept["event"], &kept["tags"]),
        (
            &json!("custom"),
            &json!({"event": "poll_answered", "answer": "2", "channel.name": "one"})
        )
    );
    let refused: Vec<_> = batch.refusals.iter().map(|r| (r.index, r.reason)).collect();
    assert_eq!(
        refused,
        [(2, RefuseReason::MalformedJson), (3, RefuseReason::BadType)]
    );
}

#[test]
fn what_is_no_payload_is_refused_as_a_whole() {
    let refused = |body: &str| decode(body.as_bytes(), Privacy::AsSent, 1).unwrap_err();
    assert_eq!(refused("{").as_str(), "malformed_json");
    assert_eq!(refused("[]").as_str(), "malformed_json");
    assert_eq!(
        refused("{\"schema\":\"p\",\"data\":[]}").as_str(),
        "empty_batch"
    );
    assert_eq!(
        refused("{\"schema\":\"p\",\"data\":[1,2]}").as_str(),
        "too_many_beacons"
    );
}
