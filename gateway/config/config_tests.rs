use serde_json::Value;

use super::*;

const EXAMPLE: &str = include_str!("../../playhead.example.toml");

fn read(text: &str) -> Result<Config, ConfigError> {
    Config::extract(&Figment::from(Toml::string(text)))
}

#[test]
fn the_example_file_holds_every_setting_with_its_default() {
    assert_eq!(read(EXAMPLE).unwrap(), Config::default());
    let written: Value = Figment::from(Toml::string(EXAMPLE)).extract().unwrap();
    let known = serde_json::to_value(Config::default()).unwrap();
    for (section, fields) in known.as_object().unwrap() {
        // A list of tables is empty by default, and has no fields to name.
        for field in fields
            .as_object()
            .into_iter()
            .flat_map(|fields| fields.keys())
        {
            assert!(
                written[section].get(field).is_some(),
                "playhead.example.toml lacks [{section}] {field}"
            );
        }
    }
}

#[test]
fn an_unknown_setting_is_refused_by_name() {
    let error = read("[kafka]\nlinger = 3").unwrap_err().to_string();
    assert!(error.contains("linger"), "{error}");
}

#[test]
fn a_wrong_type_is_refused_with_its_place() {
    let error = read("[kafka]\nlinger_ms = \"long\"")
        .unwrap_err()
        .to_string();
    assert!(error.contains("linger_ms"), "{error}");
}

#[test]
fn all_reasons_are_told_at_once() {
    let error = read(
        "[kafka]\ntopic = \" \"\nlinger_ms = 5000\n[sessions]\nliveness_seconds = 20\n[clickhouse]\ndatabase = \"a-b\"",
    )
    .unwrap_err()
    .to_string();
    for setting in [
        "kafka.topic",
        "kafka.linger_ms",
        "sessions.liveness_seconds",
        "clickhouse.database",
    ] {
        assert!(error.contains(setting), "{setting} is not in: {error}");
    }
}

#[test]
fn a_request_that_could_never_find_room_is_refused() {
    let error = read("[kafka]\nbatch_max_rows = 10\nbeacons_in_flight_max = 20").unwrap_err();
    assert!(error.to_string().contains("limits.beacons_per_request_max"));
}

#[test]
fn a_missing_file_is_named() {
    let error = Config::load(Some(Path::new("/nowhere/playhead.toml"))).unwrap_err();
    assert_eq!(
        error.to_string(),
        "no configuration file at /nowhere/playhead.toml"
    );
}

#[test]
fn a_password_is_never_printed() {
    let config = read("[clickhouse]\npassword = \"hunter2\"").unwrap();
    assert_eq!(config.clickhouse.password.reveal(), "hunter2");
    assert!(!format!("{config:?}").contains("hunter2"));
    assert!(!serde_json::to_string(&config).unwrap().contains("hunter2"));
}
