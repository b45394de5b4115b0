//! `playhead send`: one beacon, to see what the gateway says to it.

use std::io::Read;
use std::process::ExitCode;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, bail};
use serde_json::{Map, Value};

use crate::config::Config;

/// How long the answer may take; it waits for Kafka.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Send one beacon to a gateway and print the answer
///
/// Give it as JSON, which is sent as it is, or by options. Exits with 1 unless it was accepted.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  playhead send --session s-42 --event play_state --state playing
  playhead send --session s-42 --event error --field 'error={\"code\":\"E1\",\"fatal\":true}'
  playhead send '{\"session_id\":\"s-42\",\"event\":\"heartbeat\",\"seq\":7}'
  echo '{\"session_id\":\"s-42\"}' | playhead send -")]
pub(super) struct Args {
    /// The beacon as JSON; `-` reads it from standard input
    #[arg(value_name = "JSON", conflicts_with_all = ["session", "event", "state", "seq", "fields"])]
    json: Option<String>,
    /// Session id
    #[arg(long, value_name = "ID", default_value = "playhead-send")]
    session: String,
    /// What happened
    #[arg(long, value_name = "NAME", default_value = "heartbeat")]
    event: String,
    /// The player's state
    #[arg(long, value_name = "NAME")]
    state: Option<String>,
    /// Ordinal in the session
    #[arg(long, value_name = "NUMBER")]
    seq: Option<u64>,
    /// Any field, its value in JSON or as plain text; can be given several times
    #[arg(long = "field", value_name = "NAME=VALUE")]
    fields: Vec<String>,
    /// Address of the gateway; without it the configured port on this machine
    #[arg(long, value_name = "URL")]
    gateway: Option<String>,
}

#[expect(clippy::print_stdout, reason = "this is what the command is for")]
pub(super) async fn run(args: Args, config: &Config) -> anyhow::Result<ExitCode> {
    let gateway = match &args.gateway {
        Some(url) => url.trim_end_matches('/').to_owned(),
        None => format!("http://{}", config.http.listen),
    };
    let response = reqwest::Client::builder()
        .timeout(TIMEOUT)
        .build()?
        .post(format!("{gateway}/v1/beacons"))
        .header("content-type", "application/json")
        .body(args.body()?)
        .send()
        .await
        .with_context(|| format!("no answer from {gateway}; is `playhead serve` running?"))?;
    let status = response.status();
    let answer = response.text().await?;
    println!("{status}\n{answer}");
    let is_accepted = serde_json::from_str::<Value>(&answer)
        .is_ok_and(|answer| status.is_success() && answer["received"] == answer["accepted"]);
    Ok(if is_accepted {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

impl Args {
    fn body(&self) -> anyhow::Result<String> {
        match self.json.as_deref() {
            Some("-") => {
                let mut body = String::new();
                std::io::stdin().read_to_string(&mut body)?;
                Ok(body)
            }
            Some(json) => Ok(json.to_owned()),
            None => Ok(Value::Object(self.beacon()?).to_string()),
        }
    }

    fn beacon(&self) -> anyhow::Result<Map<String, Value>> {
        let now_ms = SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis();
        let now_ms = Value::from(u64::try_from(now_ms)?);
        let mut beacon = Map::new();
        beacon.insert("session_id".into(), self.session.clone().into());
        beacon.insert("event".into(), self.event.clone().into());
        beacon.insert("client_time_ms".into(), now_ms.clone());
        beacon.insert("sent_time_ms".into(), now_ms);
        if let Some(state) = &self.state {
            beacon.insert("state".into(), state.clone().into());
        }
        if let Some(seq) = self.seq {
            beacon.insert("seq".into(), seq.into());
        }
        for field in &self.fields {
            let Some((name, text)) = field.split_once('=') else {
                bail!("--field {field}: write it as NAME=VALUE");
            };
            let value = serde_json::from_str(text).unwrap_or_else(|_| text.into());
            beacon.insert(name.to_owned(), value);
        }
        Ok(beacon)
    }
}
