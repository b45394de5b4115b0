//! Titles, programmes and viewers on the real engine: by file, by row, and what sessions then say.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::process::Command;
use std::time::Duration;

use crate::harness::{Gateway, Topic, brokers};
use crate::landing::{insert, migrate, rows, run, wait_for_sessions};
use crate::record::packed;
use crate::scratch::in_database;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{Request, StatusCode};
use futures_util::stream;
use http_body_util::BodyExt as _;
use playhead::beacon::session_key;
use playhead::config::Config;
use playhead::dimensions::{Dimensions, router};
use playhead::warehouse::Warehouse;
use serde_json::{Value, json};
use time::OffsetDateTime;
use tokio::time::{Instant, sleep};
use tower::ServiceExt as _;

const CSV: &str = "text/csv";
const NDJSON: &str = "application/x-ndjson";
const PARQUET: &str = "application/vnd.apache.parquet";
const JSON: &str = "application/json";

fn config(warehouse: &Warehouse) -> Config {
    let mut config = Config::default();
    config.clickhouse.url = warehouse.url().to_owned();
    config.clickhouse.database = warehouse.database().to_owned();
    config
}

fn api_with(warehouse: &Warehouse, change: impl FnOnce(&mut Config)) -> Router {
    let mut config = config(warehouse);
    change(&mut config);
    router(Dimensions::new(&config).unwrap())
}

fn api(warehouse: &Warehouse) -> Router {
    api_with(warehouse, |_| {})
}

/// Status and answer of a PUT below `/v1/dimensions/`.
async fn put(api: &Router, path: &str, content_type: &str, body: impl Into<Body>) -> (u16, Value) {
    let request = Request::put(format!("/v1/dimensions/{path}"))
        .header("content-type", content_type)
        .body(body.into())
        .unwrap();
    let response = api.clone().oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, serde_json::from_slice(&body).unwrap())
}

/// Loads a file that is right; how many rows it had.
async fn load(api: &Router, path: &str, content_type: &str, body: impl Into<Body>) -> Value {
    let (status, answer) = put(api, path, content_type, body).await;
    assert_eq!(status, 200, "{answer}");
    answer["rows"].clone()
}

/// The engine's own Parquet of what a query gives.
async fn parquet(warehouse: &Warehouse, sql: &str) -> Vec<u8> {
    warehouse
        .bytes(warehouse.query(sql), "Parquet")
        .await
        .unwrap()
}

async fn no_load_is_left(warehouse: &Warehouse) {
    let tables = "SELECT name FROM system.tables WHERE database = currentDatabase() AND name LIKE 'dimension%'";
    assert_eq!(rows(warehouse, tables).await, [] as [Value; 0]);
}

#[tokio::test]
async fn each_format_loads_the_same_rows() {
    in_database(|warehouse| async move {
        migrate(&warehouse).await;
        let api = api(&warehouse);
        let csv = "content_id,title,genres,cast,release_date,duration_ms,season\n\
            c1,\"One, the \"\"first\"\"\",drama| comedy,\"[\"\"A. Adams\"\", \"\"B|C\"\"]\",2024-02-29,5400000,1\n\
            c2,two,,,,,\n";
        let ndjson = r#"{"content_id":"c1","title":"One, the \"first\"","genres":["drama","comedy"],"cast":["A. Adams","B|C"],"release_date":"2024-02-29","duration_ms":5400000,"season":1}
{"content_id":"c2","title":"two","release_date":null}
"#;
        let table = parquet(
            &warehouse,
            "SELECT * FROM VALUES('content_id String, title String, genres Array(String), cast Array(String), release_date Nullable(Date32), duration_ms Nullable(UInt64), season Nullable(UInt8)', ('c1', 'One, the \"first\"', ['drama', 'comedy'], ['A. Adams', 'B|C'], '2024-02-29', 5400000, 1), ('c2', 'two', [], [], NULL, NULL, NULL))",
        )
        .await;
        assert_eq!(load(&api, "content?tenant=csv", CSV, csv).await, 2);
        assert_eq!(load(&api, "content?tenant=ndjson", NDJSON, ndjson).await, 2);
        assert_eq!(load(&api, "content?tenant=parquet", PARQUET, table).await, 2);
        for tenant in ["csv", "ndjson", "parquet"] {
            let sql = format!("SELECT content_id, title, genres, cast, release_date, duration_ms, season FROM content_t(tenant = '{tenant}') ORDER BY content_id");
            assert_eq!(
                rows(&warehouse, &sql).await,
                [
                    json!({"content_id": "c1", "title": "One, the \"first\"", "genres": ["drama", "comedy"], "cast": ["A. Adams", "B|C"], "release_date": "2024-02-29", "duration_ms": 5_400_000, "season": "1"}),
                    json!({"content_id": "c2", "title": "two", "genres": [], "cast": [], "release_date": null, "duration_ms": null, "season": ""}),
                ],
                "{tenant}"
            );
        }

        let csv = "viewer_id,valid_from,subscription,joined_on,preferences\n\
            v1,,free,2023-05-06,\"{\"\"language\"\":\"\"de\"\"}\"\n\
            v1,2026-06-01T02:00:00.250+02:00,premium,,\n";
        let ndjson = r#"{"viewer_id":"v1","subscription":"free","joined_on":"2023-05-06","preferences":{"language":"de"}}
{"viewer_id":"v1","valid_from":"2026-06-01T00:00:00.250Z","subscription":"premium"}"#;
        let table = parquet(
            &warehouse,
            "SELECT 'v1' AS viewer_id, toDateTime64(0, 3, 'UTC') AS valid_from, 'free' AS subscription, toDate32('2023-05-06')::Nullable(Date32) AS joined_on, map('language', 'de') AS preferences
UNION ALL SELECT 'v1', toDateTime64('2026-06-01 00:00:00.250', 3, 'UTC'), 'premium', NULL, map()",
        )
        .await;
        assert_eq!(load(&api, "viewers?tenant=csv", CSV, csv).await, 2);
        assert_eq!(load(&api, "viewers?tenant=ndjson", NDJSON, ndjson).await, 2);
        assert_eq!(load(&api, "viewers?tenant=parquet", PARQUET, table).await, 2);
        for tenant in ["csv", "ndjson", "parquet"] {
            let sql = format!("SELECT valid_from, valid_to, subscription, joined_on, preferences FROM viewers_t(tenant = '{tenant}') ORDER BY valid_from");
            assert_eq!(
                rows(&warehouse, &sql).await,
                [
                    json!({"valid_from": "1970-01-01 00:00:00.000", "valid_to": "2026-06-01 00:00:00.250", "subscription": "free", "joined_on": "2023-05-06", "preferences": {"language": "de"}}),
                    json!({"valid_from": "2026-06-01 00:00:00.250", "valid_to": null, "subscription": "premium", "joined_on": null, "preferences": {}}),
                ],
                "{tenant}"
            );
        }

        let csv = "channel,starts_at,ends_at,programme\nnews,2026-11-21T20:00:00Z,2026-11-21T20:15:00Z,evening\n";
        let ndjson = r#"{"channel":"news","starts_at":"2026-11-21T21:00:00+01:00","ends_at":"2026-11-21T21:15:00+01:00","programme":"evening"}"#;
        let table = parquet(&warehouse, "SELECT 'news' AS channel, toDateTime64('2026-11-21 20:00:00', 3, 'UTC') AS starts_at, toDateTime64('2026-11-21 20:15:00', 3, 'UTC') AS ends_at, 'evening' AS programme").await;
        assert_eq!(load(&api, "programmes?tenant=csv", CSV, csv).await, 1);
        assert_eq!(load(&api, "programmes?tenant=ndjson", NDJSON, ndjson).await, 1);
        assert_eq!(load(&api, "programmes?tenant=parquet", PARQUET, table).await, 1);
        for tenant in ["csv", "ndjson", "parquet"] {
            let sql = format!("SELECT channel, starts_at, ends_at, programme FROM programmes_t(tenant = '{tenant}', from_time = '2026-11-21 20:14:59', to_time = '2026-11-21 20:16:00')");
            let evening = json!({"channel": "news", "starts_at": "2026-11-21 20:00:00.000", "ends_at": "2026-11-21 20:15:00.000", "programme": "evening"});
            assert_eq!(rows(&warehouse, &sql).await, [evening], "{tenant}");
        }
        no_load_is_left(&warehouse).await;
    })
    .await;
}

#[tokio::test]
async fn a_row_told_again_replaces_and_a_flag_deletes() {
    in_database(|warehouse| async move {
        migrate(&warehouse).await;
        let api = api(&warehouse);
        let first = "content_id,title,director\nc1,one,Ada\nc2,two,Bob\nc3,three,Cyd\n";
        load(&api, "content", CSV, first).await;
        load(&api, "content", CSV, "content_id,title\nc1,one again\n").await;
        load(&api, "content", CSV, "content_id,is_deleted\nc2,true\n").await;
        let (status, answer) = put(&api, "content/c3", JSON, r#"{"title":"three again","genres":["drama"]}"#).await;
        assert_eq!((status, answer), (200, json!({"dimension": "content", "tenant": "default", "rows": 1})));
        let catalogue = "SELECT content_id, title, director, genres FROM content_v ORDER BY content_id";
        assert_eq!(
            rows(&warehouse, catalogue).await,
            [
                json!({"content_id": "c1", "title": "one again", "director": "", "genres": []}),
                json!({"content_id": "c3", "title": "three again", "director": "", "genres": ["drama"]}),
            ]
        );
        load(&api, "content", CSV, "content_id,title\nc2,two is back\n").await;
        let (status, _) = put(&api, "content/c1", JSON, r#"{"is_deleted":true}"#).await;
        assert_eq!(status, 200);
        assert_eq!(
            rows(&warehouse, "SELECT content_id, title FROM content_v ORDER BY content_id").await,
            [json!({"content_id": "c2", "title": "two is back"}), json!({"content_id": "c3", "title": "three again"})]
        );

        load(&api, "viewers", CSV, "viewer_id,subscription\nv1,free\n").await;
        let change = r#"{"valid_from":"2026-06-01T00:00:00Z","subscription":"premium","preferences":{"language":"de"}}"#;
        assert_eq!(put(&api, "viewers/v1", JSON, change).await.0, 200);
        assert_eq!(
            rows(&warehouse, "SELECT subscription, preferences FROM viewers_v ORDER BY valid_from").await,
            [json!({"subscription": "free", "preferences": {}}), json!({"subscription": "premium", "preferences": {"language": "de"}})]
        );
    })
    .await;
}

/// Two beacons of a session: it begins to play, and ends ten seconds later.
fn session(tenant: &str, session_id: &str, begins: OffsetDateTime, told: &Value) -> Vec<Value> {
    let begins_ms = i64::try_from(begins.unix_timestamp_nanos() / 1_000_000).unwrap();
    let beacon = |(seq, state): (i64, u8)| {
        let at_ms = begins_ms + seq * 10_000;
        let mut beacon = json!({
            "tenant": tenant, "session_id": session_id, "session_key": session_key(tenant, session_id),
            "stream": "json", "seq": seq, "seq_is_ordinal": true, "event": 1, "state": state,
            "client_time_ms": at_ms, "sent_time_ms": at_ms, "received_time_ms": at_ms + 50, "event_time_ms": at_ms,
        });
        let fields = beacon.as_object_mut().unwrap();
        fields.extend(told.as_object().unwrap().clone());
        packed(beacon)
    };
    const PLAYING: u8 = 2;
    const ENDED: u8 = 6;
    [(0, PLAYING), (1, ENDED)].map(beacon).to_vec()
}

fn written(moment: OffsetDateTime) -> String {
    let format =
        time::macros::format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z");
    moment.format(format).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sessions_say_who_the_viewer_was_then_and_what_was_on_air() {
    const LIVE: u8 = 2;
    const VOD: u8 = 1;
    in_database(|warehouse| async move {
        migrate(&warehouse).await;
        let api = api(&warehouse);
        let change = OffsetDateTime::now_utc() - Duration::from_secs(3600);
        let before = change - Duration::from_secs(600);
        let (film, station) = (
            json!({"viewer_id": "v1", "content_id": "film", "stream_type": VOD}),
            json!({"viewer_id": "v1", "content_id": "station", "stream_type": LIVE}),
        );
        let unknown = json!({"viewer_id": "nobody", "content_id": "nothing", "stream_type": LIVE});
        let beacons = [
            session("default", "before", before, &film),
            session("default", "after", change + Duration::from_secs(1), &station),
            session("default", "unknown", change, &unknown),
            session("other", "elsewhere", change + Duration::from_secs(1), &station),
        ];
        insert(&warehouse, &beacons.concat()).await;

        let viewers = format!(
            "viewer_id,valid_from,subscription,country,joined_on\nv1,,free,DE,2020-01-02\nv1,{},premium,FR,2020-01-02\n",
            written(change)
        );
        load(&api, "viewers", CSV, viewers).await;
        let content = "content_id,title,genres,channel,content_type,release_date\n\
            film,The film,drama|war,news,movie,1999-12-31\nstation,The station,,news,channel,\n";
        load(&api, "content", CSV, content).await;
        let programmes = format!(
            "channel,starts_at,ends_at,programme,title\nnews,{},{},late,Late news\nnews,{},{},later,Later news\n",
            written(before),
            written(change),
            written(change),
            written(change + Duration::from_secs(60))
        );
        load(&api, "programmes", CSV, programmes).await;
        wait_for_sessions(&warehouse, 4).await;

        let sql = "SELECT session_id, playing_ms::UInt32 AS playing_ms, catalogue_title, catalogue_genres, catalogue_type, catalogue_release_date, programme_on_air, programme_on_air_title, viewer_subscription, viewer_country, viewer_joined_on";
        let default = format!("{sql} FROM sessions_enriched_t(tenant = 'default', from_time = '2020-01-01 00:00:00', to_time = '2100-01-01 00:00:00') ORDER BY session_id");
        let nothing = json!({"session_id": "unknown", "playing_ms": 10_000, "catalogue_title": "", "catalogue_genres": [], "catalogue_type": "", "catalogue_release_date": null, "programme_on_air": "", "programme_on_air_title": "", "viewer_subscription": "", "viewer_country": "", "viewer_joined_on": null});
        assert_eq!(
            rows(&warehouse, &default).await,
            [
                json!({"session_id": "after", "playing_ms": 10_000, "catalogue_title": "The station", "catalogue_genres": [], "catalogue_type": "channel", "catalogue_release_date": null, "programme_on_air": "later", "programme_on_air_title": "Later news", "viewer_subscription": "premium", "viewer_country": "FR", "viewer_joined_on": "2020-01-02"}),
                json!({"session_id": "before", "playing_ms": 10_000, "catalogue_title": "The film", "catalogue_genres": ["drama", "war"], "catalogue_type": "movie", "catalogue_release_date": "1999-12-31", "programme_on_air": "", "programme_on_air_title": "", "viewer_subscription": "free", "viewer_country": "DE", "viewer_joined_on": "2020-01-02"}),
                nothing.clone(),
            ]
        );
        // What one tenant loads says nothing about another's viewer and title of the same name.
        let elsewhere = default.replace("'default'", "'other'");
        let mut same = nothing;
        same["session_id"] = "elsewhere".into();
        assert_eq!(rows(&warehouse, &elsewhere).await, [same]);
        for (view, parameters) in [
            ("content_t", ""),
            ("viewers_t", ""),
            ("programmes_t", ", from_time = '2020-01-01 00:00:00', to_time = '2100-01-01 00:00:00'"),
        ] {
            let count = |tenant: &str| format!("SELECT count()::UInt8 AS n FROM {view}(tenant = '{tenant}'{parameters})");
            assert_eq!(rows(&warehouse, &count("default")).await, [json!({"n": 2})], "{view}");
            assert_eq!(rows(&warehouse, &count("other")).await, [json!({"n": 0})], "{view}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dictionary_in_use_takes_a_file_at_once_and_a_row_within_seconds() {
    in_database(|warehouse| async move {
        migrate(&warehouse).await;
        let api = api(&warehouse);
        let title = "SELECT dictGet('content_by_id', 'title', ('default', 'c1')) AS title";
        let told = async || rows(&warehouse, title).await[0]["title"].clone();
        load(&api, "content", CSV, "content_id,title\nc1,one\n").await;
        assert_eq!(told().await, "one");
        load(&api, "content", CSV, "content_id,title\nc1,two\n").await;
        assert_eq!(told().await, "two");
        let (status, _) = put(&api, "content/c1", JSON, r#"{"title":"three"}"#).await;
        assert_eq!(status, 200);
        let give_up = Instant::now() + Duration::from_secs(60);
        while told().await != "three" {
            assert!(Instant::now() < give_up, "the dictionary is not refreshed");
            sleep(Duration::from_millis(100)).await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_bad_file_is_told_where_it_is_bad_and_changes_nothing() {
    in_database(|warehouse| async move {
        migrate(&warehouse).await;
        let api = api(&warehouse);
        load(&api, "content", CSV, "content_id,title\nc1,one\n").await;
        let wrong_type = parquet(&warehouse, "SELECT 'c1' AS content_id, 7 AS genres").await;
        let wrong_value = parquet(&warehouse, "SELECT arrayJoin(['c1', 'c2']) AS content_id, if(content_id = 'c2', -1, 1) AS duration_ms").await;
        let cases: [(&str, &str, Body, &str); 19] = [
            ("content", CSV, "content_id,titel\nc1,x\n".into(), "line 1: there is no column `titel`; there are content_id, title, "),
            ("content", CSV, "content_id,title\nc1,x\nc2\n".into(), "line 3, column `content_id`: the row has fewer columns than the header"),
            ("content", CSV, "content_id,title\nc1,x\nc2,y,z\n".into(), "line 3, column `title`: the row has more columns than the header"),
            ("content", CSV, "content_id,title\nc1,x\n,y\n".into(), "line 3, column `content_id`: must not be empty"),
            ("content", CSV, "title\nx\n".into(), "line 2, column `content_id`: must not be empty"),
            ("content", CSV, "content_id,title,release_date\nc1,\"x\ny\",\nc2,,2024-02-30\nc3,,soon\n".into(),
                "line 4, column `release_date`: `2024-02-30` is no day from 1900 to 2299; write it as 2024-11-30 (and 1 more row is wrong)"),
            ("content", CSV, "content_id,duration_ms\nc1,1.5\n".into(), "line 2, column `duration_ms`: `1.5` is no whole number of milliseconds"),
            ("content", CSV, "content_id,is_deleted\nc1,yes\n".into(), "line 2, column `is_deleted`: `yes` is neither true nor false"),
            ("content", CSV, "content_id,genres\nc1,[drama\n".into(), "line 2, column `genres`: `[drama` is no list of texts; write one|two, or [\"one\",\"two\"]"),
            ("content", CSV, "content_id\nc1\nc2\nc1\n".into(), "line 4: the same content_id as line 2: c1; a file tells each row once"),
            ("content", CSV, "".into(), "the file holds no rows"),
            ("content", CSV, "content_id\n".into(), "the file holds no rows"),
            ("viewers", NDJSON, "{\"viewer_id\":\"v\"}\n{\"viewer_id\":\"v\",\"valid_from\":\"June\"}".into(),
                "line 2, column `valid_from`: `June` is no time since 1970; write it as 2024-11-30T20:15:00Z"),
            ("viewers", NDJSON, "{\"viewer_id\":\"v\",\"preferences\":[1]}".into(), "line 1, column `preferences`: `[1]` is no object of texts; write {\"name\":\"value\"}"),
            ("viewers", NDJSON, "{\"viewer_id\":\"v\"}\n{\"viewer_id\":\"w\",\"plan\":\"x\"}".into(), "line 2: there is no column `plan`; there are viewer_id, "),
            ("programmes", CSV, "channel,starts_at,ends_at\nnews,2026-11-21T20:00:00Z,2026-11-21T20:00:00Z\n".into(),
                "line 2, column `ends_at`: `2026-11-21T20:00:00Z` is not after `starts_at`"),
            ("content", PARQUET, "content_id,title\nc1,x\n".into(), "the body: Not a Parquet file"),
            ("content", PARQUET, wrong_type.into(), "column `genres`: "),
            ("content", PARQUET, wrong_value.into(), "row 2, column `duration_ms`: `-1` is no whole number of milliseconds"),
        ];
        for (dimension, content_type, body, wanted) in cases {
            let (status, answer) = put(&api, dimension, content_type, body).await;
            assert_eq!(status, 400, "{answer}");
            let detail = answer["detail"].as_str().unwrap();
            assert!(detail.starts_with(wanted), "{detail}\nexpected {wanted}");
        }
        let broken = put(&api, "viewers", NDJSON, "{\"viewer_id\":\"v\"}\n{\"viewer_id\":\n").await;
        assert_eq!((broken.0, &broken.1["reason"]), (400, &json!("bad_file")), "{}", broken.1);
        assert!(broken.1["detail"].as_str().unwrap().starts_with("line 2: "), "{}", broken.1);

        for (path, content_type, body, wanted) in [
            ("content/c1", JSON, r#"{"title":7}"#, "column `title`: is no text"),
            ("content/c1", JSON, r#"{"content_id":"c2"}"#, "column `content_id`: is not the one in the address"),
            ("viewers/v1", JSON, "{\n\"a\":", "line 2: no JSON: "),
        ] {
            let (status, answer) = put(&api, path, content_type, body).await;
            let detail = answer["detail"].as_str().unwrap();
            assert!(status == 400 && detail.starts_with(wanted), "{status} {detail}");
        }
        let everything = "SELECT (SELECT groupArray((content_id, title)) FROM content) AS content, (SELECT count()::UInt8 FROM viewers) + (SELECT count()::UInt8 FROM programmes) AS others";
        assert_eq!(rows(&warehouse, everything).await, [json!({"content": [["c1", "one"]], "others": 0})]);
        no_load_is_left(&warehouse).await;
    })
    .await;
}

#[tokio::test]
async fn requests_that_cannot_be_loads_are_refused() {
    in_database(|warehouse| async move {
        migrate(&warehouse).await;
        let plain = api(&warehouse);
        for (path, content_type, wanted) in [
            ("titles", CSV, (404, "unknown_dimension")),
            ("programmes/p1", JSON, (404, "no_single_row")),
            ("content", "text/plain", (415, "unsupported_content_type")),
            ("content/c1", CSV, (415, "unsupported_content_type")),
            ("content?tenant=", CSV, (400, "bad_parameter")),
        ] {
            let (status, answer) = put(&plain, path, content_type, "{}").await;
            assert_eq!(
                (status, answer["reason"].as_str().unwrap()),
                wanted,
                "{path}"
            );
        }
        let small = api_with(&warehouse, |config| config.dimensions.body_max_bytes = 1000);
        let long = format!("content_id,title\nc1,{}\n", "x".repeat(1000));
        let announced = put(&small, "content", CSV, long.clone()).await;
        // Without a length beforehand the bytes are counted as they come.
        let pieces = long
            .into_bytes()
            .chunks(100)
            .map(|piece| Ok::<_, std::io::Error>(Bytes::copy_from_slice(piece)))
            .collect::<Vec<_>>();
        let streamed = put(
            &small,
            "content",
            CSV,
            Body::from_stream(stream::iter(pieces)),
        )
        .await;
        for (status, answer) in [announced, streamed] {
            assert_eq!(
                (status, answer["reason"].as_str().unwrap()),
                (413, "body_too_large")
            );
        }

        let broken = stream::iter([
            Ok(Bytes::from_static(b"content_id\nc1\nc2\n")),
            Err(std::io::Error::other("the line is cut")),
        ]);
        let (status, answer) = put(&plain, "content", CSV, Body::from_stream(broken)).await;
        assert_eq!(
            (status, answer["reason"].as_str().unwrap()),
            (400, "body_unreadable")
        );

        let hasty = api_with(&warehouse, |config| {
            config.dimensions.body_idle_timeout_ms = 200;
            config.dimensions.loads_max = 1;
        });
        let stalled = || Body::from_stream(stream::pending::<std::io::Result<Bytes>>());
        let both = tokio::join!(
            put(&hasty, "content", CSV, stalled()),
            put(&hasty, "content", CSV, stalled())
        );
        let mut statuses = [both.0.0, both.1.0];
        statuses.sort_unstable();
        assert_eq!(
            statuses,
            [StatusCode::REQUEST_TIMEOUT, StatusCode::SERVICE_UNAVAILABLE],
            "{both:?}"
        );
        assert_eq!(
            load(&hasty, "content", CSV, "content_id\nc1\n").await,
            1,
            "there is room again"
        );
        assert_eq!(
            rows(&warehouse, "SELECT content_id FROM content").await,
            [json!({"content_id": "c1"})]
        );
        no_load_is_left(&warehouse).await;
    })
    .await;
}

#[tokio::test]
async fn what_a_dead_load_has_left_is_cleared_away() {
    in_database(|warehouse| async move {
        migrate(&warehouse).await;
        let now_ns = OffsetDateTime::now_utc().unix_timestamp_nanos();
        let (old, young) = (now_ns - 25 * 3_600_000_000_000, now_ns - 3_600_000_000_000);
        for began_ns in [old, young] {
            run(&warehouse, &format!("CREATE TABLE dimension_load_{began_ns}_7_0 (a UInt8) ENGINE = Log")).await;
        }
        load(&api(&warehouse), "content", CSV, "content_id\nc1\n").await;
        let left = "SELECT name FROM system.tables WHERE database = currentDatabase() AND name LIKE 'dimension%'";
        let young = format!("dimension_load_{young}_7_0");
        assert_eq!(rows(&warehouse, left).await, [json!({"name": young})]);
    })
    .await;
}

#[tokio::test]
async fn the_enriched_view_has_every_column_of_sessions_as_it_is_there() {
    in_database(|warehouse| async move {
        migrate(&warehouse).await;
        let columns = async |view: &str| {
            let sql = format!("SELECT name, type, comment FROM system.columns WHERE database = currentDatabase() AND table = '{view}' ORDER BY position");
            rows(&warehouse, &sql).await
        };
        let (sessions, enriched) = (columns("sessions_v").await, columns("sessions_enriched_v").await);
        for (wanted, found) in sessions.iter().zip(&enriched) {
            assert_eq!(wanted, found, "the list at the head of sessions_enriched_v follows sessions_v line by line");
        }
        assert!(enriched.len() > sessions.len());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_command_loads_through_the_operators_port_alone() {
    in_database(|warehouse| async move {
        migrate(&warehouse).await;
        let topic = Topic::create(brokers(), 1).await;
        let gateway = Gateway::start(&topic, &[
            ("CLICKHOUSE__URL", warehouse.url()),
            ("CLICKHOUSE__DATABASE", warehouse.database()),
        ]);
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            path.into_os_string().into_string().unwrap()
        };
        let playhead = |arguments: &[&str]| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_playhead"));
            let output = command.args(["dimensions", "load"]).args(arguments).output().unwrap();
            (output.status.code(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
        };
        let at = ["--gateway", gateway.operations.as_str()];
        let with = |arguments: &[&str]| playhead(&[arguments, &at].concat());

        // More than one piece of a body.
        let many: String = (0..50_000).map(|number| format!("c{number},Title {number}\n")).collect();
        let catalogue = file("catalogue.csv", &format!("content_id,title\n{many}"));
        let (code, told) = with(&["content", &catalogue, "--tenant", "acme"]);
        assert!(code == Some(0) && told.starts_with("50000 rows of content loaded for tenant acme in "), "{told}");
        let count = "SELECT count()::UInt32 AS n, countIf(title = concat('Title ', substring(content_id, 2)))::UInt32 AS right FROM content_t(tenant = 'acme')";
        assert_eq!(rows(&warehouse, count).await, [json!({"n": 50_000, "right": 50_000})]);

        let last_is_wrong = file("wrong.csv", &format!("content_id,duration_ms\n{}c,long\n", many.replace(",Title ", ",")));
        let (code, told) = with(&["content", &last_is_wrong]);
        assert!(code == Some(1) && told.contains("wrong.csv: line 50002, column `duration_ms`: `long` is no whole number"), "{told}");
        assert_eq!(rows(&warehouse, "SELECT count()::UInt8 AS n FROM content_t(tenant = 'default')").await, [json!({"n": 0})]);

        let (code, told) = with(&["viewers", &file("export.txt", "{}")]);
        assert!(code == Some(1) && told.contains("give --format csv, ndjson or parquet"), "{told}");
        // Small enough to be sent before the answer comes: who refuses early closes the connection.
        let few = file("few.csv", "content_id,title\nc1,Title 1\n");
        let (code, told) = playhead(&["content", &few, "--gateway", &gateway.http]);
        assert!(code == Some(1) && told.contains("there is nothing at this address"), "{told}");
        let (code, told) = playhead(&["content", &catalogue, "--gateway", "http://127.0.0.1:1"]);
        assert!(code == Some(1) && told.contains("no answer from http://127.0.0.1:1; is `playhead serve` running?"), "{told}");
    })
    .await;
}
