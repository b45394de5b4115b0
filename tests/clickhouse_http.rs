//! The `clickhouse` crate with its defaults (LZ4, `RowBinaryWithNamesAndTypes`) against the
//! ClickHouse at `PLAYHEAD_CLICKHOUSE_URL` (default `http://127.0.0.1:8123`): what the gateway
//! and the migrations rely on, whichever ClickHouse answers there.

use anyhow::{Context as _, Result, ensure};
use clickhouse::{Client, Row, error::Error};
use serde::{Deserialize, Serialize};

#[derive(Row, Serialize, Deserialize, Debug, Clone, PartialEq)]
struct Play {
    id: u64,
    title: String,
    bitrate_kbps: Option<f64>,
    states: Vec<String>,
    position_ms: i64,
}

#[derive(Row, Deserialize)]
struct Answer {
    text: String,
    number: u64,
    list: Vec<u8>,
    setting: u64,
}

fn play(id: u64) -> Play {
    Play {
        id,
        title: format!("title {}\t'\\ü", id % 7),
        bitrate_kbps: id.is_multiple_of(2).then_some(1.5),
        states: vec!["play".to_owned(), format!("stall {id}")],
        position_ms: -1,
    }
}

/// A client on an empty database of this test's own.
async fn fresh(name: &str) -> Result<Client> {
    let url = std::env::var("PLAYHEAD_CLICKHOUSE_URL")
        .unwrap_or_else(|_| "http://127.0.0.1:8123".to_owned());
    let database = format!("clickhouse_http_{name}");
    let client = Client::default().with_url(&url);
    for statement in ["DROP DATABASE IF EXISTS", "CREATE DATABASE"] {
        client
            .query(&format!("{statement} {database}"))
            .execute()
            .await
            .with_context(|| format!("ClickHouse at {url} (stack/stack up starts one)"))?;
    }
    let client = client.with_database(database);
    client
        .query(
            "CREATE TABLE plays (id UInt64, title String, bitrate_kbps Nullable(Float64), \
             states Array(String), position_ms Int64) ENGINE = MergeTree ORDER BY id",
        )
        .execute()
        .await?;
    Ok(client)
}

async fn drop_database(client: &Client, name: &str) -> Result<()> {
    let statement = format!("DROP DATABASE clickhouse_http_{name}");
    Ok(client.query(&statement).execute().await?)
}

/// The server's answer to a request that must fail.
fn refusal<T>(result: clickhouse::error::Result<T>) -> Result<String> {
    match result {
        Err(Error::BadResponse(text)) => Ok(text),
        Err(other) => Err(other).context("a refusal of the server was expected"),
        Ok(_) => anyhow::bail!("the request should have failed"),
    }
}

#[tokio::test]
async fn rows_go_in_and_come_back() -> Result<()> {
    let client = fresh("rows").await?;
    let plays: Vec<Play> = (0..100_000).map(play).collect();
    let mut insert = client.insert::<Play>("plays").await?;
    for play in &plays {
        insert.write(play).await?;
    }
    insert.end().await?;
    let found: Vec<Play> = client
        .query("SELECT ?fields FROM plays ORDER BY id")
        .fetch_all()
        .await?;
    ensure!(found == plays, "the rows that came back differ");
    drop_database(&client, "rows").await
}

#[tokio::test]
async fn parameters_and_settings_last_for_one_query() -> Result<()> {
    let client = fresh("parameters").await?;
    let awkward = "it's\n\ta \\ 100 % ünï";
    let answer: Answer = client
        .query(
            "SELECT {text:String} AS text, {number:UInt64} AS number, \
             {list:Array(UInt8)} AS list, toUInt64(getSetting('max_result_rows')) AS setting",
        )
        .param("text", awkward)
        .param("number", u64::MAX)
        .param("list", vec![1_u8, 2])
        .with_setting("max_result_rows", "5")
        .fetch_one()
        .await?;
    ensure!((answer.text.as_str(), answer.number) == (awkward, u64::MAX));
    ensure!((answer.list, answer.setting) == (vec![1, 2], 5));
    let setting: u64 = client
        .query("SELECT toUInt64(getSetting('max_result_rows'))")
        .fetch_one()
        .await?;
    ensure!(setting == 0, "a setting outlived its query: {setting}");
    let missing = refusal(
        client
            .query("SELECT {text:String}")
            .fetch_one::<String>()
            .await,
    )?;
    ensure!(missing.contains("UNKNOWN_QUERY_PARAMETER"), "{missing}");
    drop_database(&client, "parameters").await
}

#[tokio::test]
async fn bytes_stream_in_any_format() -> Result<()> {
    let client = fresh("bytes").await?;
    let mut insert = client
        .insert_formatted_with("INSERT INTO plays (id, title) FORMAT JSONEachRow")
        .buffered();
    for id in 0..10_000 {
        insert.write_buffered(format!("{{\"id\":{id},\"title\":\"t\"}}\n").as_bytes());
    }
    insert.end().await?;
    let csv = client
        .query("SELECT id, title FROM plays ORDER BY id LIMIT 2")
        .fetch_bytes("CSV")?
        .collect()
        .await?;
    ensure!(csv == "0,\"t\"\n1,\"t\"\n", "{csv:?}");
    let mut cursor = client
        .query("SELECT number, repeat('x', 100) FROM numbers(1000000)")
        .fetch_bytes("TSV")?;
    let mut bytes = 0;
    while let Some(chunk) = cursor.next().await? {
        bytes += chunk.len();
    }
    // 888,890 digits of 1,000,000 numbers more than one each, and a tab and a line break.
    ensure!(bytes == 5_888_890 + 102 * 1_000_000, "{bytes}");
    drop_database(&client, "bytes").await
}

#[tokio::test]
async fn errors_are_the_servers_own() -> Result<()> {
    let client = fresh("errors").await?;
    let unknown = refusal(
        client
            .query("SELECT nope FROM plays")
            .fetch_one::<u64>()
            .await,
    )?;
    ensure!(
        unknown.starts_with("Code: 47. DB::Exception: "),
        "{unknown}"
    );
    ensure!(unknown.contains("(UNKNOWN_IDENTIFIER)"), "{unknown}");

    let mut cursor = client
        .query("SELECT number, throwIf(number = 2900000, 'half way') FROM numbers(3000000)")
        .fetch::<(u64, u8)>()?;
    let mut rows = 0;
    let late = loop {
        match cursor.next().await {
            Ok(Some(_)) => rows += 1,
            end => break refusal(end)?,
        }
    };
    ensure!(
        rows > 0 && rows <= 2_900_000,
        "{rows} rows before the error"
    );
    ensure!(
        late.contains("Code: 395. DB::Exception: half way"),
        "{late}"
    );

    let mut insert = client
        .insert_formatted_with("INSERT INTO plays (id, title) FORMAT CSV")
        .buffered();
    insert.write_buffered(b"1,a\nnot a number,b\n");
    let refused = refusal(insert.end().await)?;
    ensure!(
        refused.contains("CANNOT_PARSE_INPUT_ASSERTION_FAILED"),
        "{refused}"
    );
    let rows: u64 = client
        .query("SELECT count() FROM plays")
        .fetch_one()
        .await?;
    ensure!(rows == 0, "{rows} rows of a refused insert were stored");
    drop_database(&client, "errors").await
}

#[tokio::test]
async fn an_insert_that_is_dropped_stores_nothing() -> Result<()> {
    let client = fresh("dropped").await?;
    let mut insert = client.insert::<Play>("plays").await?;
    for id in 0..10_000 {
        insert.write(&play(id)).await?;
    }
    drop(insert);
    let mut insert = client.insert::<Play>("plays").await?;
    insert.write(&play(1)).await?;
    insert.end().await?;
    let rows: u64 = client
        .query("SELECT count() FROM plays")
        .fetch_one()
        .await?;
    ensure!(rows == 1, "{rows} rows instead of 1");
    drop_database(&client, "dropped").await
}
