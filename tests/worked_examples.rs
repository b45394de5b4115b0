//! The worked examples of migrations/README.md: what they name is there, and what they tell to do works.

#![expect(
    clippy::unwrap_used,
    reason = "a test's set-up that fails is a failed test"
)]

use std::collections::BTreeSet;
use std::path::Path;

use crate::landing::{insert, migrate, rows, run};
use crate::record::packed;
use crate::scratch::{in_database, placeholders};
use playhead::beacon::session_key;
use playhead::definitions::Registry;
use playhead::warehouse::schema;
use serde_json::json;

const README: &str = include_str!("../migrations/README.md");
const METRICS: &str = include_str!("../sql/metrics.toml");

/// Everything between backticks on one line, code blocks apart.
fn names() -> BTreeSet<&'static str> {
    let prose = README.split("```").step_by(2);
    let lines = prose.flat_map(str::lines);
    lines
        .flat_map(|line| line.split('`').skip(1).step_by(2))
        .collect()
}

/// The definition in the example of a metric, without the indent of its list.
fn definition() -> String {
    let (_, from) = README.split_once("```toml\n").unwrap();
    let (block, _) = from.split_once("```").unwrap();
    block
        .lines()
        .map(|line| format!("{}\n", line.trim()))
        .collect()
}

#[test]
fn every_file_and_object_that_the_examples_name_is_there() {
    let objects = schema::parse(schema::EXPECTED);
    let mut looked = (0, 0);
    for name in names() {
        let is_word = |text: &str| {
            text.chars()
                .all(|each| each.is_ascii_alphanumeric() || "_./".contains(each))
        };
        if !is_word(name) {
            continue;
        }
        if name.starts_with('V') && name.ends_with(".sql") && name != "V0007__create_x.sql" {
            assert!(Path::new("migrations").join(name).is_file(), "{name}");
            looked.0 += 1;
        } else if name.contains('/') && name.contains('.') && !name.ends_with('.') {
            assert!(Path::new(name).is_file(), "{name}");
            looked.0 += 1;
        } else if name.ends_with("_mv_v1")
            || name.starts_with("session_")
            || name.starts_with("beacons_")
        {
            assert!(objects.contains_key(name), "{name}");
            looked.1 += 1;
        }
    }
    assert!(looked.0 > 12 && looked.1 > 4, "{looked:?}");
}

#[test]
fn the_metric_of_the_example_has_no_faults() {
    let read = Registry::read(&format!("{METRICS}\n{}", definition()));
    let registry = read.unwrap_or_else(|error| unreachable!("{error}"));
    assert_eq!(
        registry.get("paused_time_ratio").unwrap().concept,
        "paused_time"
    );
    // And the faults that it names are told.
    let misspelt = definition().replace("paused_ms", "pause_ms");
    let refused = Registry::read(&format!("{METRICS}\n{misspelt}")).unwrap_err();
    assert!(refused.to_string().contains("pause_ms"), "{refused}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_metric_of_the_example_computes() {
    in_database(|warehouse| async move {
        migrate(&warehouse).await;
        run(
            &warehouse,
            "INSERT INTO quality_by_minute (tenant, dimension_set, minute, paused_ms, playing_ms)
             VALUES ('default', 'audience', now(), 10000, 20000), ('default', 'audience', now() - 60, 0, 10000)",
        )
        .await;
        let registry = Registry::read(&format!("{METRICS}\n{}", definition())).unwrap();
        let formula = &registry.get("paused_time_ratio").unwrap().formula;
        let sql = format!("SELECT {formula} AS value FROM quality_by_minute_v");
        assert_eq!(rows(&warehouse, &sql).await, [json!({"value": 0.25})]);
        let nobody = format!("{sql} WHERE tenant = 'nobody'");
        assert_eq!(rows(&warehouse, &nobody).await, [json!({"value": null})]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_field_needs_no_table_and_one_column_of_the_reader_view() {
    in_database(|warehouse| async move {
        migrate(&warehouse).await;
        let column = "JSONExtract(b.details, 'height', 'Nullable(UInt32)')";
        assert!(names().contains(column));
        assert!(schema::parse(schema::EXPECTED)["beacons_v"].contains(column));
        // A field that no migration knows, as a newer gateway would write it.
        let mut beacon = packed(json!({
            "tenant": "default", "session_id": "s", "session_key": session_key("default", "s"), "stream": "json", "seq": 0,
            "seq_is_ordinal": true, "event": 2, "client_time_ms": 1_795_250_275_830_i64, "received_time_ms": 1_795_250_275_830_i64,
            "event_time_ms": 1_795_250_275_830_i64,
        }));
        beacon["details"] = json!(r#"{"depth":3}"#);
        insert(&warehouse, &[beacon]).await;
        let sql = "SELECT JSONExtract(details, 'depth', 'Nullable(UInt16)') AS depth, JSONExtract(details, 'height', 'Nullable(UInt16)') AS height FROM beacons_raw";
        assert_eq!(rows(&warehouse, sql).await, [json!({"depth": 3, "height": null})]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_further_dimension_takes_the_files_of_the_example() {
    in_database(|warehouse| async move {
        migrate(&warehouse).await;
        // The files that the example names, for matches in place of programmes.
        for name in [
            "V0090__create_programmes.sql",
            "V0094__create_programmes_v.sql",
            "V0095__create_programmes_t.sql",
            "V0099__create_programme_spans.sql",
            "V0102__create_programmes_by_channel.sql",
        ] {
            assert!(names().contains(name), "{name}");
            let text = std::fs::read_to_string(format!("migrations/{name}")).unwrap();
            let text = text.replace("programmes", "matches").replace("programme_spans", "match_spans");
            run(&warehouse, &placeholders().fill(name, &text).unwrap()).await;
        }
        run(
            &warehouse,
            "INSERT INTO matches (tenant, channel, starts_at, ends_at, programme, title, content_id)
             VALUES ('default', 'one', now64(3) - 600, now64(3) + 600, 'final', 'The final', 'film-1')",
        )
        .await;
        run(&warehouse, "SYSTEM RELOAD DICTIONARY matches_by_channel").await;
        let sql = "SELECT dictGet('matches_by_channel', 'title', ('default', 'one'), toUnixTimestamp64Milli(now64(3))) AS title,
            dictGet('matches_by_channel', 'title', ('another', 'one'), toUnixTimestamp64Milli(now64(3))) AS of_another";
        let expected = json!({"title": "The final", "of_another": ""});
        assert_eq!(rows(&warehouse, sql).await, [expected]);
        // Deleted is gone.
        run(&warehouse, "INSERT INTO matches SELECT * REPLACE (1 AS is_deleted, now64(3) AS version) FROM matches FINAL").await;
        let left = "SELECT toInt32(count()) AS matches FROM matches_v";
        assert_eq!(rows(&warehouse, left).await, [json!({"matches": 0})]);
    })
    .await;
}
