use super::*;
use crate::beacon::{EventKind, Source};
use crate::config::{AddressPolicy, IdPolicy};
use crate::enrich::{ClientFacts, Origin};

const RECEIVED: i64 = 1_795_250_275_830;

fn arrival(is_gpc: bool) -> Arrival {
    Arrival {
        tenant: "acme".into(),
        write_key: None,
        received_time_ms: RECEIVED,
        source: Source::NativeJson,
        stream: "json",
        is_gpc,
        is_test: false,
        client: ClientFacts {
            address: Some("198.51.100.77".parse().unwrap()),
            ..ClientFacts::default()
        },
        origin: Origin::Client,
    }
}

fn config() -> PrivacyConfig {
    serde_json::from_value(serde_json::json!({
        "hash_keys": "2026-10-01 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa;2026-11-15 bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
    }))
    .unwrap()
}

fn protected(config: &PrivacyConfig, is_gpc: bool, beacon: Beacon) -> ProtectedBeacon {
    let privacy = Privacy::open(config, &CancellationToken::new()).unwrap();
    let arrival = arrival(is_gpc);
    let mut request = privacy.of_request(&arrival);
    request.protect(ValidBeacon {
        beacon: beacon.into(),
        identity: None,
        event_time_ms: RECEIVED,
    })
}

fn viewer() -> Beacon {
    Beacon {
        session_id: Some("s".into()),
        event: Some(EventKind::PlayState.into()),
        viewer_id: Some("viewer-1".into()),
        device_id: Some(String::new()),
        ..Beacon::default()
    }
}

#[test]
fn what_clients_write_into_the_gateways_fields_is_emptied() {
    let own = ["client_address", "former_viewer_id", "kept"];
    let beacon = Beacon {
        tenant: Some("another".into()),
        session_key: Some(1),
        seq_is_ordinal: Some(false),
        received_time_ms: Some(1),
        event_time_ms: Some(1),
        source: Some(7),
        privacy_gpc: Some(false),
        is_bot: Some(true),
        write_key: Some("phw_notmykey".into()),
        tags: own.map(|key| (key.to_owned(), "x".to_owned())).into(),
        ..Beacon::default()
    };
    let config = PrivacyConfig {
        client_address: AddressPolicy::None,
        ..config()
    };
    let left = protected(&config, false, beacon).beacon;
    assert_eq!(
        *left,
        Beacon {
            tags: [("kept".to_owned(), "x".to_owned())].into(),
            ..Beacon::default()
        }
    );
}

#[test]
fn by_default_ids_stay_and_the_address_is_a_network() {
    let left = protected(&config(), false, viewer()).beacon;
    assert_eq!(left.viewer_id(), "viewer-1");
    assert_eq!(left.tags["client_address"], "198.51.100.0/24");
    let spared = protected(&config(), true, viewer()).beacon;
    assert_eq!(spared.viewer_id(), "viewer-1");
    assert!(spared.tags.is_empty());
}

#[test]
fn hashed_ids_can_be_joined_over_a_new_key() {
    let config = PrivacyConfig {
        ids: IdPolicy::Hash,
        ..config()
    };
    let left = protected(&config, false, viewer()).beacon;
    assert!(left.viewer_id().starts_with("20261115."), "{left:?}");
    assert!(left.tags["former_viewer_id"].starts_with("20261001."));
    // An empty id stays none, and is no hash that all of them share.
    assert_eq!(left.device_id, None);
    let dropped = PrivacyConfig {
        ids: IdPolicy::Drop,
        ..config
    };
    assert_eq!(protected(&dropped, false, viewer()).beacon.viewer_id, None);
}

#[test]
fn a_tenant_may_have_a_policy_of_its_own() {
    let config: PrivacyConfig = serde_json::from_value(serde_json::json!({
        "tenants": { "acme": { "ids": "drop", "client_address": "none" } },
    }))
    .unwrap();
    let left = protected(&config, false, viewer()).beacon;
    assert_eq!((left.viewer_id, left.tags.len()), (None, 0));
}

#[test]
fn the_identity_of_a_copy_is_the_same_whatever_the_key() {
    let identity = |keys: &str, viewer_id: &str| {
        let config: PrivacyConfig = serde_json::from_value(serde_json::json!({
            "ids": "hash", "hash_keys": keys,
        }))
        .unwrap();
        let beacon = Beacon {
            viewer_id: Some(viewer_id.into()),
            ..viewer()
        };
        protected(&config, false, beacon).identity
    };
    let (one, other) = ("a".repeat(32), "b".repeat(32));
    let first = identity(&format!("2026-01-01 {one}"), "viewer-1");
    assert_eq!(first, identity(&format!("2026-01-01 {other}"), "viewer-1"));
    // Copies differ in when they were sent only, and the session tells whose they are.
    let as_sent = protected(&self::config(), false, viewer());
    assert_ne!(as_sent.identity, 0);
}

#[test]
fn copies_without_an_ordinal_have_one_identity() {
    let copy = |sent: i64, source: i32| {
        let beacon = Beacon {
            client_time_ms: Some(9),
            sent_time_ms: Some(sent),
            source: Some(source),
            ..viewer()
        };
        protected(&config(), false, beacon).identity
    };
    assert_eq!(copy(1, 1), copy(2, 3));
}

#[test]
fn free_text_is_redacted_and_titles_are_not() {
    let mut beacon = viewer();
    beacon
        .error
        .insert("message".into(), "403 for jo@mail.example".into());
    beacon.tags.insert("jo@mail.example".into(), "x".into());
    beacon
        .content
        .insert("title".into(), "You@me.example".into());
    beacon.content_id = Some("https://tv.example/watch?v=7&token=abc123".into());
    let left = protected(&config(), true, beacon).beacon;
    assert_eq!(left.error["message"], "403 for [email]");
    assert_eq!(left.tags["[email]"], "x");
    assert_eq!(left.content["title"], "You@me.example");
    assert_eq!(
        left.content_id(),
        "https://tv.example/watch?v=7&token=[secret]"
    );
}

#[test]
fn without_a_key_nothing_is_hashed_and_nothing_starts() {
    let config: PrivacyConfig =
        serde_json::from_value(serde_json::json!({ "ids": "hash" })).unwrap();
    let opened = Privacy::open(&config, &CancellationToken::new());
    let error = opened
        .err()
        .map(|error| error.to_string())
        .unwrap_or_default();
    assert!(error.contains("no key in force"), "{error}");
}
