//! Stored answers: one computation for all, stale ones when the warehouse is away, changed ones computed again.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test fails by panicking, and measures"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::landing::{migrate, run};
use crate::scratch::{self, in_database};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt as _;
use playhead::analytics::cache::{Answer, Cache, Computed, Origin, revalidate};
use playhead::analytics::error::QueryError;
use playhead::analytics::{AnalyticsSettings, AnalyticsState, router};
use playhead::warehouse::Warehouse;
use serde_json::{Value, json};
use time::format_description::well_known::Rfc3339;
use time::{Duration as Span, OffsetDateTime};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

type Outcome = Result<Computed<Value>, QueryError>;

fn told(number: usize, fresh_for: Duration) -> Outcome {
    Ok(Computed {
        answer: json!({ "number": number }),
        lifetime: fresh_for.into(),
    })
}

fn body(answer: &Answer) -> Value {
    serde_json::from_str(&answer.json()).unwrap()
}

async fn ask(cache: &Cache, outcome: Outcome) -> Value {
    let answer = cache.answer("question t".into(), async { outcome }).await;
    body(&answer.unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_who_ask_at_once_share_one_computation() {
    let (cache, computed) = (Cache::new(1_000_000), Arc::new(AtomicUsize::new(0)));
    let tasks = (0..200).map(|_| {
        let (cache, computed) = (cache.clone(), computed.clone());
        tokio::spawn(async move {
            let compute = async {
                let number = computed.fetch_add(1, Ordering::SeqCst);
                sleep(Duration::from_millis(100)).await;
                told(number, Duration::from_secs(60))
            };
            cache.answer("question t".into(), compute).await.unwrap()
        })
    });
    let mut fresh = 0;
    for task in tasks.collect::<Vec<_>>() {
        let answer = task.await.unwrap();
        let told = body(&answer);
        assert_eq!(told["number"], 0);
        // Who waited is not taken for who was told a stored answer.
        let expected = if told["from_cache"] == false {
            Origin::Computed
        } else {
            Origin::Shared
        };
        assert_eq!(answer.origin(), expected);
        fresh += usize::from(told["from_cache"] == false);
    }
    assert_eq!((computed.load(Ordering::SeqCst), fresh), (1, 1));
    let again = async { told(9, Duration::from_secs(60)) };
    let again = cache.answer("question t".into(), again).await.unwrap();
    assert_eq!(again.origin(), Origin::Stored);
}

#[tokio::test]
async fn who_waits_for_the_next_answer_shares_it() {
    let cache = Cache::new(1_000_000);
    ask(&cache, told(1, Duration::from_millis(1))).await;
    sleep(Duration::from_millis(20)).await;
    let slow = async {
        sleep(Duration::from_millis(150)).await;
        told(2, Duration::from_secs(60))
    };
    let first = cache.answer("question t".into(), slow);
    let second = async {
        sleep(Duration::from_millis(20)).await;
        let other = async { told(3, Duration::from_secs(60)) };
        cache.answer("question t".into(), other).await.unwrap()
    };
    let (first, second) = tokio::join!(first, second);
    assert_eq!(first.unwrap().origin(), Origin::Computed);
    assert_eq!(second.origin(), Origin::Shared);
    assert_eq!(Origin::Shared.word(), "shared");
    assert_eq!(
        body(&second),
        json!({"from_cache": true, "stale": false, "number": 2})
    );
}

#[tokio::test]
async fn who_asks_while_the_next_answer_is_computed_gets_the_former_one() {
    let cache = Cache::new(1_000_000);
    let short = Duration::from_millis(300);
    ask(&cache, told(1, short)).await;
    sleep(short).await;
    let slow = async {
        sleep(Duration::from_millis(150)).await;
        told(2, short)
    };
    let first = cache.answer("question t".into(), slow);
    let second = async {
        sleep(Duration::from_millis(20)).await;
        let asked = Instant::now();
        let answer = ask(&cache, told(3, short)).await;
        (answer, asked.elapsed())
    };
    let (first, (second, took)) = tokio::join!(first, second);
    assert_eq!(body(&first.unwrap())["number"], 2);
    assert_eq!(
        second,
        json!({"from_cache": true, "stale": false, "number": 1})
    );
    assert!(took < Duration::from_millis(100), "{took:?}");
    assert_eq!(ask(&cache, told(3, short)).await["number"], 2);
}

/// A page that asks all the time never waits: the next answer is computed behind one of its requests.
#[tokio::test]
async fn a_request_past_the_time_of_an_answer_is_told_it_and_brings_the_next() {
    let lasts = Duration::from_secs(2);
    let (cache, computed) = (Cache::new(1_000_000), Arc::new(AtomicUsize::new(0)));
    let gate = Arc::new(Semaphore::new(1));
    let shared = (cache, computed.clone(), gate.clone());
    let handler = move || {
        let (cache, computed, gate) = shared.clone();
        async move {
            let compute = async {
                gate.acquire().await.unwrap().forget();
                told(computed.fetch_add(1, Ordering::SeqCst), lasts)
            };
            cache.answer("question t".into(), compute).await
        }
    };
    let router = Router::new()
        .route("/", axum::routing::get(handler))
        .layer(axum::middleware::from_fn(revalidate));
    let number = async || {
        let request = Request::get("/").body(Body::empty()).unwrap();
        let answer = router.clone().oneshot(request).await.unwrap();
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        serde_json::from_slice::<Value>(&body).unwrap()["number"].clone()
    };
    assert_eq!(number().await, 0);
    sleep(lasts).await;
    // None of them waits, although nothing can be computed now.
    for _ in 0..20 {
        assert_eq!(number().await, 0);
    }
    assert_eq!(computed.load(Ordering::SeqCst), 1);
    // Two computations could be made; one is.
    gate.add_permits(2);
    let is_computed = async {
        while computed.load(Ordering::SeqCst) < 2 {
            sleep(Duration::from_millis(1)).await;
        }
        while number().await == 0 {
            sleep(Duration::from_millis(1)).await;
        }
    };
    let waited = tokio::time::timeout(Duration::from_secs(30), is_computed).await;
    assert!(waited.is_ok(), "nobody asked again");
    assert_eq!(number().await, 1);
    assert_eq!(computed.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn an_outage_is_bridged_and_told() {
    let cache = Cache::new(1_000_000);
    ask(&cache, told(1, Duration::from_millis(1))).await;
    sleep(Duration::from_millis(20)).await;
    let stale = json!({"from_cache": true, "stale": true, "number": 1});
    assert_eq!(ask(&cache, Err(QueryError::Busy)).await, stale);
    // For a moment the warehouse is left alone.
    assert_eq!(ask(&cache, told(2, Duration::from_secs(1))).await, stale);
    sleep(Duration::from_millis(2_100)).await;
    assert_eq!(
        ask(&cache, told(3, Duration::from_secs(1))).await["number"],
        3
    );
    // Where nothing is stored, nothing can be told; and what is not there is no outage.
    let other = cache
        .answer("other t".into(), async { Outcome::Err(QueryError::Busy) })
        .await;
    assert_eq!(other.unwrap_err().0.reason(), "too_many_queries");
    ask(&cache, told(4, Duration::ZERO)).await;
    let gone = async { Outcome::Err(QueryError::UnknownSession("s".into())) };
    sleep(Duration::from_millis(1_100)).await;
    let gone = cache.answer("question t".into(), gone).await;
    assert_eq!(gone.unwrap_err().0.reason(), "unknown_session");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stored_answer_takes_little_of_a_millisecond() {
    let cache = Cache::new(16_000_000);
    let large = json!({ "rows": vec!["a row of an answer"; 1_000] });
    let keep = Duration::from_secs(600);
    let mut took: Vec<Duration> = Vec::new();
    for _ in 0..5_000 {
        let compute = async {
            Ok(Computed {
                answer: large.clone(),
                lifetime: keep.into(),
            })
        };
        let asked = Instant::now();
        let answer = cache.answer("question t".into(), compute).await.unwrap();
        let written = answer.json().len();
        took.push(asked.elapsed());
        assert!(written > 20_000);
    }
    took.sort_unstable();
    let (half, most) = (took[took.len() / 2], took[took.len() * 99 / 100]);
    println!("stored answers of 21 kB: median {half:?}, 99th percentile {most:?}");
    // Other programs share the machine: the median tells this program's part.
    assert!(half < Duration::from_millis(1), "{half:?}");
}

fn state(warehouse: &Warehouse) -> AnalyticsState {
    let settings = AnalyticsSettings {
        liveness: Duration::from_secs(180),
        refresh: Duration::from_secs(5),
        frozen_after: Duration::from_secs(192 * 3_600),
        max_concurrent_queries: 8,
        query_timeout: Duration::from_secs(60),
        cache_max_bytes: 16 * 1024 * 1024,
    };
    AnalyticsState::new(warehouse.clone(), settings)
}

async fn get(api: &Router, path: &str, header: (&str, &str)) -> (StatusCode, HeaderMap, Bytes) {
    let request = Request::get(path).header(header.0, header.1);
    let response = api.clone().oneshot(request.body(Body::empty()).unwrap());
    let (parts, body) = response.await.unwrap().into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    (parts.status, parts.headers, body)
}

/// Plays in a minute, as its pass writes them.
async fn plays(warehouse: &Warehouse, minute: OffsetDateTime, plays: u32) {
    let minute = minute.unix_timestamp();
    let sql = format!(
        "INSERT INTO quality_by_minute (tenant, dimension_set, minute, content_id, plays, version) \
         SELECT 'default', 'audience', toDateTime({minute}, 'UTC'), 'film', {plays}, now64(3)"
    );
    run(warehouse, &sql).await;
}

/// A way to ClickHouse that is there until it is aborted, with all of its connections.
async fn way_to_clickhouse() -> (String, JoinHandle<()>) {
    let server = scratch::url().trim_start_matches("http://").to_owned();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let way = tokio::spawn(async move {
        let mut connections = JoinSet::new();
        while let Ok((mut from, _)) = listener.accept().await {
            let mut to = TcpStream::connect(&server).await.unwrap();
            connections.spawn(async move { copy_bidirectional(&mut from, &mut to).await });
        }
    });
    (url, way)
}

/// The window of a dashboard moves on with each minute; the answer about the former one is what it is told without ClickHouse.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_window_that_moves_is_told_through_an_outage_of_more_than_a_minute() {
    in_database(|warehouse| async move {
        migrate(&warehouse).await;
        let now = OffsetDateTime::now_utc();
        let minute =
            OffsetDateTime::from_unix_timestamp((now.unix_timestamp() / 60 - 3) * 60).unwrap();
        plays(&warehouse, minute, 7).await;
        let (url, way) = way_to_clickhouse().await;
        let api = router(state(&scratch::warehouse_at(&url, warehouse.database())));
        let path = "/v1/top?dimension=content_id&metric=plays&from=now-15m";
        let told = async || {
            let (status, _, body) = get(&api, path, ("x-none", "")).await;
            let body: Value = serde_json::from_slice(&body).unwrap();
            (status, body)
        };
        let (status, first) = told().await;
        assert_eq!(
            (status, &first["stale"], &first["rows"][0]["number"]),
            (StatusCode::OK, &json!(false), &json!(7)),
            "{first}"
        );

        way.abort();
        assert!(way.await.unwrap_err().is_cancelled());
        // In the next minute the question is about another window.
        sleep(Duration::from_secs(61)).await;
        for _ in 0..2 {
            let (status, body) = told().await;
            assert_eq!(
                (status, &body["stale"], &body["from_cache"]),
                (StatusCode::OK, &json!(true), &json!(true)),
                "{body}"
            );
            // It says which window it is about, and when that was computed.
            for same in ["rows", "from", "to", "computed_at"] {
                assert_eq!(body[same], first[same], "{same}");
            }
        }
        // What nobody asked before cannot be told, which is said at once.
        let other = "/v1/top?dimension=cdn&metric=plays&from=now-15m";
        let (status, _, body) = get(&api, other, ("x-none", "")).await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{body:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_late_beacon_ends_what_was_stored_of_a_closed_window() {
    in_database(|warehouse| async move {
        migrate(&warehouse).await;
        let now = OffsetDateTime::now_utc();
        let minute = OffsetDateTime::from_unix_timestamp((now.unix_timestamp() / 3_600 - 2) * 3_600 + 600).unwrap();
        plays(&warehouse, minute, 7).await;
        // The newest moment of play, from which the stamp tells what is complete.
        run(&warehouse, "INSERT INTO sessions (tenant, session_key, play_no, started_at, last_seen_at, version) \
            SELECT 'default', 1, 1, now64(3) - 60, now64(3), now64(3)").await;
        let end = CancellationToken::new();
        let api = router(state(&warehouse).with_end(end.clone()));
        let told = |moment: OffsetDateTime| moment.format(&Rfc3339).unwrap();
        let path = format!(
            "/v1/top?dimension=content_id&metric=plays&from={}&to={}",
            told(minute - Span::minutes(5)),
            told(minute + Span::minutes(5))
        );
        let number = |body: &Bytes| {
            let body: Value = serde_json::from_slice(body).unwrap();
            (body["rows"][0]["number"].as_u64(), body["from_cache"] == true)
        };
        let (status, headers, body) = get(&api, &path, ("x-none", "")).await;
        assert_eq!((status, number(&body)), (StatusCode::OK, (Some(7), false)), "{body:?}");

        // Who has it is told so; a tag of something else is no reason.
        let tag = headers["etag"].to_str().unwrap();
        let (status, headers, body) = get(&api, &path, ("if-none-match", tag)).await;
        assert_eq!((status, body.len()), (StatusCode::NOT_MODIFIED, 0));
        assert_eq!(headers["etag"], tag);
        let (status, _, body) = get(&api, &path, ("if-none-match", "\"other\"")).await;
        assert_eq!((status, number(&body)), (StatusCode::OK, (Some(7), true)));

        // The first look for changes finds what was inserted a moment before the answer. From then on it is stored for
        // minutes, unless the minute is computed again.
        sleep(Duration::from_secs(16)).await;
        assert_eq!(number(&get(&api, &path, ("x-none", "")).await.2).0, Some(7));
        sleep(Duration::from_secs(12)).await;
        assert_eq!(number(&get(&api, &path, ("x-none", "")).await.2), (Some(7), true));
        plays(&warehouse, minute, 8).await;
        let give_up = Instant::now() + Duration::from_secs(60);
        loop {
            let found = number(&get(&api, &path, ("x-none", "")).await.2).0;
            if found == Some(8) {
                break;
            }
            assert!(Instant::now() < give_up, "{found:?}");
            sleep(Duration::from_millis(200)).await;
        }
        end.cancel();

        // Large answers are compressed as the client likes.
        for encoding in ["gzip", "zstd"] {
            let (_, headers, body) = get(&api, "/v1/live?window=1h", ("accept-encoding", encoding)).await;
            assert_eq!(headers["content-encoding"], encoding);
            assert_eq!(headers["vary"], "accept-encoding");
            assert!(body.len() < 10_000, "{}", body.len());
        }
    })
    .await;
}
