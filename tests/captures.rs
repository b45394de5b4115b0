//! What real players and trackers sent, through the real gateway, Kafka and ClickHouse: their sessions
//! come out as the page itself saw them on the video element, however often and in whatever order it
//! arrives. `tests/fixtures/captures` holds the requests of each and the page's own measurements.
//!
//! The order is by chance: the test prints its seed, and `PLAYHEAD_TEST_SEED` repeats it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use crate::scratch;

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::harness::{Gateway, Topic, brokers, client, moved};
use crate::landing::rows;
use playhead::warehouse::{Migrator, PlaceholderValues, Placeholders, Warehouse};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

/// From the last answer to the rows: the sweep that closes silent sessions runs now and then.
const PATIENCE: Duration = Duration::from_secs(180);
/// How long before now the sessions begin: all of them are silent when they arrive. Ms.
const AGO_MS: i64 = 300_000;

/// How far a session may be from what the page measured; ms.
const SLACK_MS: i64 = 50;

/// A client with its door, and which start of the start-up time it tells.
struct Player {
    name: &'static str,
    path: &'static str,
    startup: &'static str,
    /// How far the client's first word may be from that start, beyond the slack; ms.
    first_word_ms: i64,
    tells_states: bool,
    again: Again,
}

/// What a client sends again while it is refused, as was seen on the wire. Each try is taken here, as when
/// a proxy in between loses the gateway's answers.
#[derive(Clone, Copy)]
enum Again {
    /// All that waits, in one body, with each later event (hls.js).
    Merged,
    /// The same, and each try twice within some milliseconds (dash.js).
    MergedTwice,
    /// Each body once more about a second later, when the next one is out (Shaka).
    Later,
    /// Nothing (EPAS).
    Nothing,
    /// The whole queue with each later event, under a new time of sending (Snowplow).
    Queue,
}

const PLAYERS: [Player; 5] = [
    Player {
        name: "hls",
        path: "/v1/cmcd",
        startup: "startupFromPlayCallMs",
        first_word_ms: 0,
        tells_states: true,
        again: Again::Merged,
    },
    Player {
        name: "dash",
        path: "/v1/cmcd",
        startup: "startupFromLoadMs",
        first_word_ms: 0,
        tells_states: true,
        again: Again::MergedTwice,
    },
    // Its shipped build tells no state at all, and its start-up as a number.
    Player {
        name: "shaka",
        path: "/v1/cmcd",
        startup: "startupFromLoadMs",
        first_word_ms: 0,
        tells_states: false,
        again: Again::Later,
    },
    // `loading` was sent 54 ms after the page asked to load. `init` comes whenever the application makes its connection.
    Player {
        name: "epas",
        path: "/v1/epas",
        startup: "startupFromLoadMs",
        first_word_ms: 10,
        tells_states: true,
        again: Again::Nothing,
    },
    Player {
        name: "snowplow",
        path: "/com.snowplowanalytics.snowplow/tp2",
        startup: "startupFromPlayCallMs",
        first_word_ms: 0,
        tells_states: true,
        again: Again::Queue,
    },
];

/// How the requests of a session arrive.
#[derive(Clone, Copy, Debug)]
enum Arrival {
    AsSent,
    Twice,
    /// In any order, every third of them again; of CMCD the lines, in bodies of any size.
    Shuffled,
    /// As when every one of them is refused until the last.
    Refused,
}

const ARRIVALS: [Arrival; 4] = [
    Arrival::AsSent,
    Arrival::Twice,
    Arrival::Shuffled,
    Arrival::Refused,
];

/// Numbers that follow from a seed (`SplitMix64`).
struct Chance(u64);

impl Chance {
    fn new() -> Self {
        let given = std::env::var("PLAYHEAD_TEST_SEED").ok();
        let seed = given.map_or_else(|| now_ms().unsigned_abs(), |seed| seed.parse().unwrap());
        println!("PLAYHEAD_TEST_SEED={seed} repeats this order");
        Self(seed)
    }

    /// A number from 0 and below this one.
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let end = u64::try_from(end).unwrap();
        usize::try_from((mixed ^ (mixed >> 31)) % end).unwrap()
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

struct Capture {
    session: String,
    bodies: Vec<String>,
    truth: Value,
}

impl Capture {
    /// Reads one, and moves it in time so that it began some minutes ago.
    fn read(player: &str) -> Self {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/captures");
        let read = |end: &str| std::fs::read_to_string(format!("{folder}/{player}-smooth.{end}"));
        let truth: Value = serde_json::from_str(&read("truth.json").unwrap()).unwrap();
        let began_ms = truth["runFrom"].as_i64().unwrap();
        let later_ms = now_ms() - AGO_MS - began_ms;
        let bodies = read("jsonl")
            .unwrap()
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .filter(|request: &Value| request["method"] == "POST")
            .map(|request| moved(request["body"].as_str().unwrap(), later_ms))
            .collect();
        Self {
            session: truth["sid"].as_str().unwrap().to_owned(),
            bodies,
            truth,
        }
    }

    /// The bodies under a session id of their own, in the order of this arrival.
    fn arriving(&self, arrival: Arrival, player: &Player, chance: &mut Chance) -> Vec<String> {
        let session = session_id(&self.session, arrival);
        let own = |body: &String| body.replace(&self.session, &session);
        let bodies: Vec<String> = self.bodies.iter().map(own).collect();
        match arrival {
            Arrival::AsSent => bodies,
            Arrival::Twice => [bodies.clone(), bodies].concat(),
            Arrival::Shuffled => shuffled(&bodies, player, chance),
            Arrival::Refused => refused(&bodies, player.again, chance),
        }
    }

    fn truth(&self, pointer: &str) -> i64 {
        let value = self.truth.pointer(&format!("/summary/{pointer}"));
        value.and_then(Value::as_i64).unwrap()
    }
}

fn shuffled(bodies: &[String], player: &Player, chance: &mut Chance) -> Vec<String> {
    let is_cmcd = player.path == "/v1/cmcd";
    let mut all: Vec<String> = if is_cmcd {
        let lines = bodies.iter().flat_map(|body| body.lines());
        lines.map(|line| format!("{line}\n")).collect()
    } else {
        bodies.to_vec()
    };
    let again: Vec<String> = all.iter().step_by(3).cloned().collect();
    all.extend(again);
    chance.shuffle(&mut all);
    if !is_cmcd {
        return all;
    }
    let mut merged = Vec::new();
    let mut rest = all.as_slice();
    while !rest.is_empty() {
        let (body, left) = rest.split_at(rest.len().min(1 + chance.below(7)));
        merged.push(body.concat());
        rest = left;
    }
    merged
}

/// What a client sends of these bodies when none of them is answered well.
fn refused(bodies: &[String], again: Again, chance: &mut Chance) -> Vec<String> {
    match again {
        Again::Nothing => bodies.to_vec(),
        Again::Merged => merged(bodies, chance),
        Again::MergedTwice => {
            let tries = merged(bodies, chance).into_iter();
            tries.flat_map(|body| [body.clone(), body]).collect()
        }
        Again::Later => {
            let pairs = bodies.windows(2).flat_map(|pair| [&pair[1], &pair[0]]);
            let all = bodies.first().into_iter().chain(pairs).chain(bodies.last());
            all.cloned().collect()
        }
        Again::Queue => {
            let mut queue: Vec<Value> = Vec::new();
            let tries = bodies.iter().map(|body| {
                let mut payload: Value = serde_json::from_str(body).unwrap();
                let events = payload["data"].as_array().unwrap();
                let sent = events.last().unwrap()["stm"].clone();
                queue.extend_from_slice(events);
                for event in &mut queue {
                    event["stm"] = sent.clone();
                }
                payload["data"] = json!(queue);
                payload.to_string()
            });
            tries.collect()
        }
    }
}

/// With each event of a body all that waits by then; what waits loses its order.
fn merged(bodies: &[String], chance: &mut Chance) -> Vec<String> {
    let mut waiting = Vec::new();
    let mut tries = Vec::new();
    for body in bodies {
        waiting.push(body.as_str());
        for _ in body.lines() {
            chance.shuffle(&mut waiting);
            tries.push(waiting.concat());
        }
    }
    tries
}

fn session_id(session: &str, arrival: Arrival) -> String {
    format!("{session}-{arrival:?}")
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_of_real_clients_come_out_as_their_pages_saw_them() {
    let topic = Topic::create(brokers(), 2).await;
    scratch::in_database(|warehouse| async move {
        migrate(&warehouse, &topic).await;
        let gateway = Gateway::start(&topic, &[("KAFKA__LINGER_MS", "5")]);
        let captures: Vec<(&Player, Capture)> = PLAYERS
            .iter()
            .map(|player| (player, Capture::read(player.name)))
            .collect();
        let mut chance = Chance::new();
        for (player, capture) in &captures {
            for arrival in ARRIVALS {
                for body in capture.arriving(arrival, player, &mut chance) {
                    send(&gateway, player, body).await;
                }
            }
        }
        let sessions = closed_sessions(&warehouse).await;
        for (player, capture) in &captures {
            let of = |arrival| &sessions[&session_id(&capture.session, arrival)];
            let session = of(Arrival::AsSent);
            for arrival in &ARRIVALS[1..] {
                let arrival = *arrival;
                assert_eq!(of(arrival), session, "{} {arrival:?}", player.name);
            }
            check(player, capture, session);
        }
    })
    .await;
}

async fn send(gateway: &Gateway, player: &Player, body: String) {
    let content_type = if player.path == "/v1/cmcd" {
        "application/cmcd"
    } else {
        "application/json; charset=utf-8"
    };
    let request = client()
        .post(gateway.url(player.path))
        .header("content-type", content_type)
        .body(body);
    let status = request.send().await.unwrap().status();
    assert!(status.is_success(), "{}: {status}", player.name);
}

/// Compares a session with what the page measured.
fn check(player: &Player, capture: &Capture, session: &Value) {
    let name = player.name;
    let number = |column: &str| {
        let value = session[column].as_i64();
        value.unwrap_or_else(|| panic!("{name}: {column} is not known: {session:#}"))
    };
    let close_within = |column: &str, pointer: &str, slack_ms: i64| {
        let off_ms = number(column) - capture.truth(pointer);
        assert!(
            off_ms.abs() <= slack_ms,
            "{name}: {column} is {off_ms} ms off"
        );
    };
    let close = |column: &str, pointer: &str| close_within(column, pointer, SLACK_MS);
    assert_eq!(number("beacons_lost"), 0, "{name}");
    close_within(
        "startup_ms",
        player.startup,
        SLACK_MS + player.first_word_ms,
    );
    if !player.tells_states {
        // What the client does not tell is not known.
        assert_eq!(
            (&session["is_started"], &session["intervals"]),
            (&json!(false), &json!([]))
        );
        assert_eq!(session["end_reason"], "timed_out");
        return;
    }
    close("playing_ms", "playedMs");
    close("paused_ms", "pauseMs");
    close("seeking_ms", "seeks/0/toPlayingMs");
    assert_eq!(
        (
            number("stall_count"),
            number("stalled_ms"),
            number("seek_count")
        ),
        (capture.truth("stallCount"), 0, 1),
        "{name}"
    );
    assert_eq!(session["end_reason"], "finished", "{name}");
    assert_eq!(session["is_started"], true, "{name}");
    // Position: no player tells it by CMCD.
    let furthest = match name {
        "epas" | "snowplow" => json!(20_080),
        _ => Value::Null,
    };
    assert_eq!(session["furthest_position_ms"], furthest, "{name}");
    let content = match name {
        "snowplow" => "Test pattern".to_owned(),
        _ => format!("testpattern-{name}"),
    };
    assert_eq!(session["content_id"], content.as_str(), "{name}");
    // The higher one of the two renditions, as each client counts it.
    let top_kbps = match name {
        "dash" => 927,
        _ => 1_019,
    };
    assert_eq!(number("top_bitrate_kbps"), top_kbps, "{name}");
}

/// Every session by its id, once all are there, closed, and no longer changing: without what differs by
/// arrival, moments counted from the session's begin.
async fn closed_sessions(warehouse: &Warehouse) -> BTreeMap<String, Value> {
    let sql = "SELECT * EXCEPT (session_key, play_no, started_at, first_frame_at, last_seen_at, ended_at, clock_offset_ms, \
               beacons_duplicated, version, intervals, renditions, events), isNull(ended_at) AS is_running, \
               arrayMap(i -> (i.1, toUnixTimestamp64Milli(i.2) - toUnixTimestamp64Milli(started_at), \
                              toUnixTimestamp64Milli(i.3) - toUnixTimestamp64Milli(started_at)), intervals) AS intervals \
               FROM sessions_v ORDER BY session_id, play_no";
    let raw = "SELECT session_id, uniqExact(stream, seq)::UInt32 AS beacons FROM beacons_v \
               JOIN session_ids_v USING (tenant, session_key) GROUP BY session_id";
    let expected = PLAYERS.len() * ARRIVALS.len();
    let give_up = Instant::now() + PATIENCE;
    loop {
        let beacons: BTreeMap<String, Value> = rows(warehouse, raw)
            .await
            .into_iter()
            .map(|row| (text(&row["session_id"]), row["beacons"].clone()))
            .collect();
        let mut sessions = BTreeMap::new();
        let mut is_settled = true;
        let found = rows(warehouse, sql).await;
        let plays = found.len();
        for mut row in found {
            let fields = row.as_object_mut().unwrap();
            let id = text(&fields.remove("session_id").unwrap());
            is_settled &= fields.remove("is_running") == Some(json!(0));
            is_settled &= beacons.get(&id) == fields.get("beacons_received");
            sessions.insert(id, row);
        }
        if sessions.len() == expected && plays == expected && is_settled {
            return sessions;
        }
        assert!(
            Instant::now() < give_up,
            "{plays} plays of {} sessions, {beacons:?}: {sessions:#?}",
            sessions.len()
        );
        sleep(Duration::from_millis(500)).await;
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

async fn migrate(warehouse: &Warehouse, topic: &Topic) {
    let placeholders = Placeholders::new(PlaceholderValues {
        kafka_brokers: topic.brokers.clone(),
        kafka_topic: topic.name.clone(),
        kafka_group: topic.name.clone(),
        kafka_consumers: 1,
        liveness_seconds: 90,
        heartbeat_ms: 30_000,
        refresh_seconds: 5,
        frozen_after_hours: 192,
        replicated: false,
        all: String::new(),
    })
    .unwrap();
    let migrator = Migrator::embedded(warehouse, &placeholders);
    migrator.run(|_| {}).await.unwrap();
}

fn now_ms() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    i64::try_from(now.as_millis()).unwrap()
}
