use serde_json::json;

use super::*;
use crate::config::PrivacyConfig;

fn shown(ids: IdPolicy, text: &str) -> String {
    let config = PrivacyConfig {
        ids,
        hash_keys: serde_json::from_value(json!("2026-10-01 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"))
            .unwrap(),
        // What a tenant wants kept in its numbers is no reason to show it.
        redact_texts: false,
        ..PrivacyConfig::default()
    };
    let privacy = Privacy::once(&config).unwrap();
    privacy.for_sample("acme", false).text(text)
}

#[test]
fn secrets_are_found_however_they_are_spelt() {
    for text in [
        r#"{"a":"jo@mail.example"}"#,
        r#"{"a":"jo\u0040mail.example"}"#,
        r#"{"a":"jo%40mail.example"}"#,
        r#"{"a":"jo%2540mail.example"}"#,
        r#"{"a":"{\"b\":\"jo@mail.example\"}"}"#,
        r#"{"jo@mail.example":1}"#,
        r#"{"a":"jo\u0040mail.example""#,
        r#"a="jo@mail.example",b=("#,
    ] {
        let shown = shown(IdPolicy::AsSent, text);
        assert!(
            shown.contains("[email]") && !shown.contains("jo"),
            "{text}: {shown}"
        );
    }
    for text in [
        r#"{"password":"two words","seq":"1"}"#,
        r#"{"tags":{"access_token":{"a":"words"}}}"#,
        r#"{"key":"words"}"#,
        r#"{"password": "two words", "seq""#,
        r#"{"ue_px":"d29yZHM="}"#,
        r#"{"ue_px":"d29yZHM=""#,
        r#"{"u":"https:\/\/cdn.example\/a?words=1"}"#,
        r#"{"u":"https:\/\/cdn.example\/a?words=1""#,
        "https%3A%2F%2Fwords%3Apw%40cdn.example%2Fa",
    ] {
        let shown = shown(IdPolicy::AsSent, text);
        assert!(
            !shown.contains("words") && !shown.contains("d29"),
            "{text}: {shown}"
        );
    }
    let key = "phw_Xk93Ab7Qn2v0mWcUuTz5rJ8yLhDe1KfB";
    assert_eq!(
        shown(IdPolicy::AsSent, &format!("?x={key}")),
        "?x=phw_Xk93Ab7Q..."
    );
    assert_eq!(
        shown(
            IdPolicy::AsSent,
            "from 198.51.100.7 and 2001:db8::1:2 at 00:12:31"
        ),
        "from [address] and [address] at 00:12:31"
    );
}

#[test]
fn ids_stay_only_where_they_are_kept_as_sent() {
    for text in [
        r#"{"viewer_id":"someone","seq":"1"}"#,
        r#"{"viewer_id":{"a":["someone"]}}"#,
        r#"{"deviceId":"someone"}"#,
        r#"{"viewer_id":"this is someone""#,
        "e=ue&duid=someone&x=1",
    ] {
        assert!(shown(IdPolicy::AsSent, text).contains("someone"), "{text}");
        for ids in [IdPolicy::Hash, IdPolicy::Drop] {
            let shown = shown(ids, text);
            assert!(
                shown.contains("[id]") && !shown.contains("someone"),
                "{text}: {shown}"
            );
        }
    }
}

#[test]
fn what_is_wrong_stays_to_be_seen() {
    for text in [
        r#"{"session_id":"s-1","event":"heartbeat","seq":"7"}"#,
        r#"{"session_id":"s-1","state":"napping","position_ms":-5}"#,
    ] {
        let as_value = |text: &str| serde_json::from_str::<Value>(text).unwrap();
        assert_eq!(as_value(&shown(IdPolicy::Drop, text)), as_value(text));
    }
    assert_eq!(
        shown(IdPolicy::AsSent, "e=ps,sid=\"s-1\",sta=?"),
        "e=ps,sid=\"s-1\",sta=?"
    );
}

#[test]
fn a_sample_is_short_and_a_bomb_is_text() {
    let long = shown(IdPolicy::AsSent, &"é ".repeat(5_000));
    assert!(long.len() <= SHOWN_MAX_BYTES + 3 && long.ends_with("..."));
    let bomb = "[".repeat(4_000);
    assert!(shown(IdPolicy::AsSent, &bomb).starts_with("[[["));
}

#[test]
fn what_is_told_of_an_id_is_not_told() {
    let config = PrivacyConfig {
        ids: IdPolicy::Drop,
        ..PrivacyConfig::default()
    };
    let privacy = Privacy::once(&config).unwrap();
    let redactor = privacy.for_sample("acme", false);
    let message = "invalid type: integer `4711`, expected a string";
    assert_eq!(redactor.message(Some("viewer_id"), message), "[id]");
    assert_eq!(redactor.message(Some("seq"), message), message);
}
