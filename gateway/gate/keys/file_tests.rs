use super::*;

fn key(id: &str) -> KeyEntry {
    KeyEntry {
        id: id.to_owned(),
        sha256: "0a".repeat(32),
        tenant: "acme".to_owned(),
        name: String::new(),
        doors: vec![DoorName::Native, DoorName::CmcdRequest],
        origins: vec!["https://*.acme.example".parse().unwrap()],
        app_ids: vec![format!("app of {id}")],
        is_test: false,
        beacons_per_second: NonZeroU32::new(10),
        burst_beacons: None,
        created: "2026-11-21T12:00:00Z".to_owned(),
        revoked: None,
    }
}

fn file(keys: Vec<KeyEntry>) -> KeyFile {
    KeyFile {
        keys,
        ..KeyFile::default()
    }
}

#[test]
fn what_is_written_is_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys.json");
    assert!(matches!(KeyFile::read(&path), Err(KeyFileError::Io(_))));
    for keys in [vec![], vec![key("phw_a"), key("phw_b")]] {
        let written = file(keys);
        written.write(&path).unwrap();
        assert_eq!(KeyFile::read(&path).unwrap(), written);
    }
    // Nothing is left beside it.
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn only_a_key_on_test_says_so_and_older_files_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys.json");
    let mut on_test = key("phw_b");
    on_test.is_test = true;
    file(vec![key("phw_a"), on_test]).write(&path).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    assert_eq!(text.matches("is_test").count(), 1, "{text}");
    let read = KeyFile::read(&path).unwrap();
    assert_eq!((read.keys[0].is_test, read.keys[1].is_test), (false, true));
}

#[test]
fn a_key_that_cannot_be_is_named() {
    let wrong = |change: fn(&mut KeyEntry)| {
        let mut second = key("phw_b");
        change(&mut second);
        file(vec![key("phw_a"), second])
            .check()
            .unwrap_err()
            .to_string()
    };
    assert!(wrong(|key| key.id = "phw_a".into()).starts_with("key phw_a: the id"));
    assert!(wrong(|key| key.sha256 = "12".into()).starts_with("key phw_b: sha256"));
    assert!(wrong(|key| key.tenant = String::new()).starts_with("key phw_b: the tenant"));
    assert!(wrong(|key| key.app_ids = vec!["app of phw_a".into()]).contains("app_ids"));
    let no_rate =
        wrong(|key| (key.burst_beacons, key.beacons_per_second) = (NonZeroU32::new(5), None));
    assert!(no_rate.contains("burst_beacons"), "{no_rate}");
}

#[test]
fn a_revoked_key_gives_its_application_ids_back() {
    let mut revoked = key("phw_b");
    revoked.app_ids = vec!["app of phw_a".into()];
    revoked.revoked = Some("2026-11-21T13:00:00Z".into());
    file(vec![key("phw_a"), revoked]).check().unwrap();
}

#[test]
fn anything_else_is_refused_with_its_reason() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys.json");
    for (text, reason) in [
        ("", "not a list of keys: EOF"),
        ("[]", "not a list of keys"),
        (r#"{"version":2,"keys":[]}"#, "has version 2"),
        (
            r#"{"version":1,"keys":[],"other":1}"#,
            "unknown field `other`",
        ),
        (r#"{"version":1,"keys":[{"id":"a"}]}"#, "missing field"),
    ] {
        fs::write(&path, text).unwrap();
        let error = KeyFile::read(&path).unwrap_err().to_string();
        assert!(error.contains(reason), "{text}: {error}");
    }
    let large = File::create(&path).unwrap();
    large.set_len(FILE_MAX_BYTES + 1).unwrap();
    assert!(matches!(KeyFile::read(&path), Err(KeyFileError::TooLarge)));
}
