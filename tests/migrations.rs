//! The migrator on the real engine, and the rules of the files in migrations/.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::process::Command;
use std::time::Duration;

use crate::landing::{eventually, insert, rows, run};
use crate::record::packed;
use crate::scratch::{execute, in_database, placeholders, url, warehouse_at};
use clickhouse::Row;
use playhead::beacon::session_key;
use playhead::warehouse::migrate::{Progress, embedded_migrations, statement_count};
use playhead::warehouse::{
    Migrator, PieceKind, Warehouse, WarehouseError, pieces, schema, version,
};
use refinery_core::Migration;
use serde::Deserialize;
use serde_json::json;
use time::OffsetDateTime;

fn file(name: &str, sql: &str) -> Migration {
    Migration::unapplied(name, sql).expect("the name is well formed")
}

fn table(number: i32, name: &str) -> Migration {
    let sql = format!(
        "CREATE TABLE IF NOT EXISTS {name} (a UInt8) ENGINE = ${{replicated}}MergeTree ORDER BY a;"
    );
    file(&format!("V{number:04}__create_{name}"), &sql)
}

async fn migrate(warehouse: &Warehouse, files: &[Migration]) -> Result<usize, WarehouseError> {
    Migrator::with_files(warehouse, &placeholders(), files.to_vec())
        .run(|_| {})
        .await
}

/// Names of the tables that exist, the history left out.
async fn tables(warehouse: &Warehouse) -> Vec<String> {
    let sql = format!(
        "SELECT name FROM system.tables WHERE database = '{}' AND name != 'playhead_migrations' ORDER BY name",
        warehouse.database()
    );
    warehouse
        .rows(warehouse.server_query(&sql))
        .await
        .expect("the catalogue can be read")
}

// ---- the files

#[test]
fn files_are_numbered_without_gaps_and_begin_with_a_verb() {
    let verbs = ["create_", "add_", "replace_", "drop_", "backfill_"];
    let mut names: Vec<String> = std::fs::read_dir("migrations")
        .expect("the folder is there")
        .map(|entry| {
            entry
                .expect("it can be read")
                .file_name()
                .into_string()
                .expect("names are UTF-8")
        })
        .filter(|name| name != "README.md")
        .collect();
    names.sort();
    let mut before = 0;
    for name in &names {
        let parts = name
            .strip_prefix('V')
            .and_then(|rest| rest.split_once("__"));
        let (digits, rest) = parts.unwrap_or_else(|| panic!("{name}: begins with V0000__"));
        assert_eq!(digits.len(), 4, "{name}: four digits");
        let number: u32 = digits.parse().expect("digits are a number");
        assert_eq!(number, before + 1, "{name}: follows number {before:04}");
        before = number;
        assert!(
            verbs.iter().any(|verb| rest.starts_with(verb)),
            "{name}: begins with none of {verbs:?}"
        );
        assert!(rest.ends_with(".sql"), "{name}");
    }
    assert_eq!(
        names.len(),
        embedded_migrations().len(),
        "the binary has every file"
    );
}

#[test]
fn files_hold_one_statement_a_header_and_no_address() {
    for migration in embedded_migrations() {
        let (name, sql) = (migration.to_string(), migration.sql().unwrap_or_default());
        assert_eq!(statement_count(sql), 1, "{name}: one statement a file");
        let header: Vec<_> = sql
            .lines()
            .take_while(|line| line.starts_with("--"))
            .collect();
        assert!(!header.is_empty(), "{name}: opens with a comment");
        assert!(
            header.iter().any(|line| line.starts_with("-- Undo: ")),
            "{name}: says how to undo it"
        );
        let last = pieces(sql.trim_end()).last().map(|piece| piece.kind);
        assert_ne!(
            last,
            Some(PieceKind::Comment),
            "{name}: nothing stands after the statement"
        );
        for address in [
            "localhost",
            "127.0.0.1",
            "http://",
            "https://",
            ":9092",
            ":8123",
        ] {
            assert!(
                !sql.contains(address),
                "{name}: names the address {address}"
            );
        }
        for piece in pieces(sql)
            .iter()
            .filter(|piece| piece.kind == PieceKind::Code)
        {
            for database in ["playhead.", "default."] {
                assert!(
                    !piece.text.contains(database),
                    "{name}: names the database {database}"
                );
            }
        }
        placeholders()
            .fill(&name, sql)
            .expect("every placeholder is known");
    }
}

// ---- the migrator

#[tokio::test]
async fn applies_in_order_once_and_tells_it() {
    in_database(|warehouse| async move {
        let files = [table(2, "b"), table(1, "a")];
        let mut told = Vec::new();
        let filled = placeholders();
        let migrator = Migrator::with_files(&warehouse, &filled, files.to_vec());
        let count = migrator
            .run(|progress| told.push(format!("{progress:?}")))
            .await
            .expect("both apply");
        assert_eq!(count, 2);
        assert_eq!(tables(&warehouse).await, ["a", "b"]);
        assert!(
            told[0].contains("version: 1, name: \"create_a\"") && told[1].starts_with("Applied"),
            "{told:?}"
        );
        assert_eq!(migrator.run(|_| {}).await.expect("nothing to do"), 0);

        let status = Migrator::with_files(
            &warehouse,
            &filled,
            vec![table(1, "a"), table(2, "b"), table(3, "c")],
        );
        let lines = status.status().await.expect("the history can be read");
        let applied: Vec<_> = lines
            .iter()
            .map(|line| (line.version, line.applied_on.is_some()))
            .collect();
        assert_eq!(applied, [(1, true), (2, true), (3, false)]);
        let age = time::OffsetDateTime::now_utc() - lines[0].applied_on.expect("it was applied");
        assert!(age.whole_seconds().abs() < 60, "applied {age} ago");
    })
    .await;
}

#[tokio::test]
async fn a_plan_changes_nothing() {
    in_database(|warehouse| async move {
        let filled = placeholders();
        let plan = Migrator::with_files(&warehouse, &filled, vec![table(1, "a")])
            .plan()
            .await
            .expect("it can be planned");
        assert_eq!(plan.len(), 1);
        assert_eq!(plan[0].file, "V0001__create_a");
        assert_eq!(
            plan[0].sql,
            "CREATE TABLE IF NOT EXISTS a (a UInt8) ENGINE = MergeTree ORDER BY a;"
        );
        let databases = format!(
            "SELECT name FROM system.databases WHERE name = '{}'",
            warehouse.database()
        );
        let found: Vec<String> = warehouse
            .rows(warehouse.server_query(&databases))
            .await
            .expect("readable");
        assert!(found.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_failed_statement_names_its_file_and_is_run_again() {
    in_database(|warehouse| async move {
        let broken = file(
            "V0002__create_b",
            "CREATE TABLE IF NOT EXISTS b (a Uint99) ENGINE = MergeTree ORDER BY a",
        );
        let failure = migrate(&warehouse, &[table(1, "a"), broken, table(3, "c")])
            .await
            .expect_err("b is broken");
        let told = failure.to_string();
        assert!(
            told.starts_with("V0002__create_b failed: ") && told.contains("Uint99"),
            "{told}"
        );
        assert_eq!(
            tables(&warehouse).await,
            ["a"],
            "nothing after it was run, and the lock is gone"
        );

        let repaired = [table(1, "a"), table(2, "b"), table(3, "c")];
        assert_eq!(migrate(&warehouse, &repaired).await.expect("repaired"), 2);
        assert_eq!(tables(&warehouse).await, ["a", "b", "c"]);
    })
    .await;
}

#[tokio::test]
async fn a_statement_done_but_not_recorded_is_run_again() {
    in_database(|warehouse| async move {
        assert_eq!(
            migrate(&warehouse, &[table(1, "a")])
                .await
                .expect("applies"),
            1
        );
        execute(
            &warehouse,
            &format!(
                "CREATE TABLE {}.b (a UInt8) ENGINE = MergeTree ORDER BY a",
                warehouse.database()
            ),
        )
        .await;
        assert_eq!(
            migrate(&warehouse, &[table(1, "a"), table(2, "b")])
                .await
                .expect("applies again"),
            1
        );
    })
    .await;
}

#[tokio::test]
async fn files_that_disagree_with_the_history_are_refused() {
    in_database(|warehouse| async move {
        let (a, b, c) = (table(1, "a"), table(2, "b"), table(3, "c"));
        assert_eq!(
            migrate(&warehouse, &[a.clone(), c.clone()])
                .await
                .expect("both apply"),
            2
        );
        let told = async |files: &[Migration]| {
            migrate(&warehouse, files)
                .await
                .expect_err("they disagree")
                .to_string()
        };

        let changed = file(
            "V0003__create_c",
            "CREATE TABLE IF NOT EXISTS c (a UInt16) ENGINE = Memory",
        );
        let divergent = told(&[a.clone(), changed, table(4, "d")]).await;
        assert!(
            divergent.starts_with("V0003__create_c was changed after it had been applied"),
            "{divergent}"
        );
        let missing = told(&[a.clone(), table(4, "d")]).await;
        assert!(
            missing.starts_with("V0003__create_c was applied to this database, but"),
            "{missing}"
        );
        let late = told(&[a.clone(), b, c.clone()]).await;
        assert!(
            late.starts_with("V0002__create_b was added below V0003__create_c"),
            "{late}"
        );
        let twice = told(&[a, c, table(4, "d"), table(4, "e")]).await;
        assert_eq!(
            twice,
            "migration V0004__create_e: its number is used by another file"
        );
        assert_eq!(tables(&warehouse).await, ["a", "c"], "nothing was run");
    })
    .await;
}

#[tokio::test]
async fn two_statements_or_an_unknown_placeholder_stop_it_before_anything_runs() {
    in_database(|warehouse| async move {
        let unknown = file(
            "V0002__create_b",
            "CREATE TABLE b\n(a UInt8) ENGINE = ${engine}",
        );
        let told = migrate(&warehouse, &[table(1, "a"), unknown])
            .await
            .expect_err("unknown")
            .to_string();
        assert!(
            told.starts_with("V0002__create_b, line 2: unknown placeholder `${engine}`"),
            "{told}"
        );
        let two = file(
            "V0002__create_b",
            "CREATE TABLE b (a UInt8) ENGINE = Memory; SELECT 1",
        );
        let told = migrate(&warehouse, &[table(1, "a"), two])
            .await
            .expect_err("two statements")
            .to_string();
        assert_eq!(
            told,
            "migration V0002__create_b: 2 statements; a file holds exactly one"
        );
        assert!(tables(&warehouse).await.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_migrators_at_once_apply_each_file_once() {
    in_database(|warehouse| async move {
        let files: Vec<_> = (1..=8)
            .map(|number| table(number, &format!("t{number}")))
            .collect();
        let outcomes = tokio::join!(
            migrate(&warehouse, &files),
            migrate(&warehouse, &files),
            migrate(&warehouse, &files)
        );
        let counts =
            [outcomes.0, outcomes.1, outcomes.2].map(|outcome| outcome.expect("each ends well"));
        assert_eq!(counts.iter().sum::<usize>(), 8, "{counts:?}");
        let sql = "SELECT toUInt64(count()) FROM playhead_migrations";
        assert_eq!(
            warehouse
                .rows::<u64>(warehouse.query(sql))
                .await
                .expect("readable"),
            [8]
        );
        assert_eq!(tables(&warehouse).await.len(), 8, "no lock is left");
    })
    .await;
}

#[tokio::test]
async fn the_lock_of_a_living_migrator_is_respected_and_that_of_a_dead_one_taken_over() {
    in_database(|warehouse| async move {
        let database = warehouse.database();
        execute(&warehouse, &format!("CREATE DATABASE {database}")).await;
        let lock = format!("{database}.playhead_migrations_lock");
        execute(
            &warehouse,
            &format!(
                "CREATE TABLE {lock} (a UInt8) ENGINE = MergeTree ORDER BY a COMMENT 'somebody'"
            ),
        )
        .await;
        let filled = placeholders();
        let migrator = || Migrator::with_files(&warehouse, &filled, vec![table(1, "a")]);

        let mut waited_for = Vec::new();
        let note = |progress: Progress<'_>| {
            if let Progress::Waiting { owner } = progress {
                waited_for.push(owner.to_owned());
            }
        };
        let refused = migrator()
            .lock_patience(Duration::from_secs(1))
            .run(note)
            .await
            .expect_err("somebody lives");
        assert!(
            refused
                .to_string()
                .starts_with("another migrator (somebody) holds the lock"),
            "{refused}"
        );
        assert_eq!(waited_for, ["somebody"]);

        let patient = migrator()
            .lock_patience(Duration::from_secs(60))
            .lock_stale_after(Duration::from_secs(3));
        assert_eq!(
            patient
                .run(|_| {})
                .await
                .expect("the dead one's lock is taken over"),
            1
        );
        assert_eq!(tables(&warehouse).await, ["a"]);
    })
    .await;
}

// ---- the server

#[tokio::test]
async fn an_unreachable_server_is_named_with_the_way_out() {
    let away = warehouse_at("http://127.0.0.1:1", "playhead_test");
    let told = migrate(&away, &[table(1, "a")])
        .await
        .expect_err("nobody is there")
        .to_string();
    assert!(
        told.starts_with("cannot reach ClickHouse at http://127.0.0.1:1: "),
        "{told}"
    );
    assert!(told.contains("stack/stack up"), "{told}");
}

#[tokio::test]
async fn an_old_server_is_refused() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let address = listener.local_addr().expect("it is bound");
    std::thread::spawn(move || answer_version(&listener, "25.8.2.29"));
    let old = warehouse_at(&format!("http://{address}"), "playhead_test");
    let told = migrate(&old, &[table(1, "a")])
        .await
        .expect_err("it is too old")
        .to_string();
    assert_eq!(
        told,
        "ClickHouse 25.8.2.29 is too old: 26.1 or newer is needed"
    );
}

/// Answers one request as a server of that version answers `SELECT version()`.
fn answer_version(listener: &std::net::TcpListener, version: &str) {
    use std::io::{Read as _, Write as _};
    let (mut client, _) = listener.accept().expect("a client comes");
    let mut request = [0; 4096];
    let _ = client.read(&mut request).expect("it asks");
    let text = |bytes: &str| {
        [
            &[u8::try_from(bytes.len()).expect("short")],
            bytes.as_bytes(),
        ]
        .concat()
    };
    // RowBinaryWithNamesAndTypes: number of columns, names, types, values.
    let body = [
        &[1][..],
        &text("version()"),
        &text("String"),
        &text(version),
    ]
    .concat();
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    client
        .write_all(&[head.as_bytes(), &body].concat())
        .expect("it listens");
}

#[tokio::test]
async fn a_schema_that_is_absent_behind_or_ahead_is_refused() {
    in_database(|warehouse| async move {
        let needed = version::needed();
        let told = async || version::check(&warehouse).await.expect_err("the schema is another one").to_string();
        let absent = told().await;
        assert!(absent.ends_with(&format!("has no schema yet, this binary needs {needed}: run `playhead migrate`")), "{absent}");

        migrate(&warehouse, &embedded_migrations()[..2]).await.expect("the first two apply");
        assert_eq!(told().await, format!("the schema is at 2, this binary needs {needed}: run `playhead migrate`"));

        let database = warehouse.database();
        let future = needed + 1;
        execute(&warehouse, &format!("INSERT INTO {database}.playhead_migrations VALUES ({future}, 'create_future', now64(3), 1)")).await;
        assert_eq!(told().await, format!("the schema is at {future}, this binary knows only {needed}: use a newer release of playhead"));
    })
    .await;
}

// ---- the schema that the files make

#[derive(Row, Deserialize)]
struct Described {
    name: String,
}

#[tokio::test]
async fn every_object_and_column_is_described() {
    in_database(|warehouse| async move {
        let filled = placeholders();
        let count = Migrator::embedded(&warehouse, &filled)
            .run(|_| {})
            .await
            .expect("all apply");
        assert_eq!(count, embedded_migrations().len());
        version::check(&warehouse)
            .await
            .expect("the schema is this binary's");
        let found = schema::of_database(&warehouse, &filled)
            .await
            .expect("readable");
        let files = embedded_migrations();
        let named = |prefix: &str| {
            let names = files.iter().filter_map(|file| file.name().strip_prefix(prefix));
            names.map(str::to_owned).collect::<BTreeSet<_>>()
        };
        // What is dropped may be a column as well, which no file creates.
        let objects = named("create_").difference(&named("drop_")).count();
        assert_eq!(
            found.len(),
            objects + 1,
            "an object for each file that creates one, and the history"
        );

        let database = warehouse.database();
        let undescribed = async |sql: String| {
            let rows = warehouse
                .rows::<Described>(warehouse.server_query(&sql))
                .await
                .expect("readable");
            rows.into_iter().map(|row| row.name).collect::<Vec<_>>()
        };
        let objects = format!(
            "SELECT name FROM system.tables WHERE database = '{database}' AND comment = ''"
        );
        assert!(
            undescribed(objects.clone()).await.is_empty(),
            "{:?}",
            undescribed(objects).await
        );
        // A materialized view shows its target's columns without their comments, and a parametrised
        // view none at all: both are described at the table or plain view that they stand on. A
        // dictionary's columns cannot have comments; they are those of its source.
        let columns = format!(
            "SELECT concat(c.table, '.', c.name) AS name
FROM system.columns AS c
INNER JOIN system.tables AS t ON t.database = c.database AND t.name = c.table
WHERE c.database = '{database}' AND t.engine NOT IN ('MaterializedView', 'Dictionary') AND c.comment = ''
  AND NOT (t.engine = 'View' AND NOT endsWith(t.name, '_v'))"
        );
        assert!(
            undescribed(columns.clone()).await.is_empty(),
            "{:?}",
            undescribed(columns).await
        );
    })
    .await;
}

#[tokio::test]
async fn schema_is_sum_of_migrations() {
    let warehouse = warehouse_at(&url(), &format!("playhead_test_sum_{}", std::process::id()));
    let made = match schema::of_migrations(&warehouse).await {
        Err(error @ WarehouseError::Unreachable { .. }) => panic!("run `stack/stack up` ({error})"),
        made => made.expect("the migrations apply"),
    };
    let differences = schema::differences(&schema::parse(schema::EXPECTED), &made);
    assert!(
        differences.is_empty(),
        "sql/schema.sql is not what the migrations make; run `playhead schema --write sql/schema.sql`:\n{}",
        differences.join("\n")
    );
}

// ---- what was stored before

/// A copy of the same beacon comes before each of V0197 to V0202 and after the last, twice as Kafka may deliver it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn copies_stored_as_bitmaps_count_as_those_stored_as_lists() {
    in_database(|warehouse| async move {
        let now_ms = i64::try_from(OffsetDateTime::now_utc().unix_timestamp_nanos() / 1_000_000)
            .expect("of this age");
        let copy = |copy_no: i64| {
            packed(json!({
                "tenant": "default", "session_id": "s", "session_key": session_key("default", "s"),
                "stream": "json", "seq": 0, "seq_is_ordinal": true, "event": 1, "state": 6,
                "client_time_ms": now_ms, "sent_time_ms": now_ms, "event_time_ms": now_ms,
                "received_time_ms": now_ms + copy_no,
            }))
        };
        for (copy_no, last_file) in (196..=202).enumerate() {
            let mut files = embedded_migrations();
            files.retain(|file| i64::from(file.version()) <= last_file);
            migrate(&warehouse, &files).await.expect("they apply");
            let copy = copy(i64::try_from(copy_no).expect("seven"));
            insert(&warehouse, &[copy.clone(), copy]).await;
            // Rows of before and after a file become one.
            if copy_no % 2 == 1 {
                run(&warehouse, "OPTIMIZE TABLE session_states FINAL").await;
            }
        }
        eventually(async || {
            let told = "SELECT beacons_received, beacons_duplicated FROM sessions_v";
            assert_eq!(
                rows(&warehouse, told).await,
                [json!({"beacons_received": 1, "beacons_duplicated": 6})]
            );
        })
        .await;
    })
    .await;
}

// ---- the command

#[tokio::test]
async fn the_command_plans_applies_and_lists() {
    in_database(|warehouse| async move {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(
            folder.path().join("V0001__create_a.sql"),
            "CREATE TABLE IF NOT EXISTS a (a UInt8) ENGINE = MergeTree ORDER BY a COMMENT '${liveness_seconds} s'",
        )
        .expect("written");
        let playhead = |arguments: &[&str]| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_playhead"));
            command.arg("migrate").args(arguments).arg("--folder").arg(folder.path());
            command.env("PLAYHEAD_CLICKHOUSE__URL", warehouse.url());
            command.env("PLAYHEAD_CLICKHOUSE__DATABASE", warehouse.database());
            let output = command.output().expect("it runs");
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            String::from_utf8(output.stdout).expect("it prints UTF-8")
        };
        let plan = playhead(&["--dry-run"]);
        assert!(plan.contains("-- V0001__create_a\n") && plan.contains("COMMENT '90 s'"), "{plan}");
        assert!(playhead(&["status"]).contains("pending"));
        let applied = playhead(&[]);
        assert!(applied.starts_with("V0001 create_a ... ") && applied.contains("1 migration applied to"), "{applied}");
        assert!(playhead(&[]).contains("is up to date"));
        assert!(playhead(&["status"]).contains(" UTC"));
    })
    .await;
}
