//! `playhead watch`: what the gateway makes of the beacons of one session or device, as they come.

use std::io::Write;

use anyhow::{Context, bail};
use serde_json::Value;

use crate::config::Config;

/// Longest event that is put together; bytes. A beacon is at most some 32 KiB.
const EVENT_MAX_BYTES: usize = 1024 * 1024;

/// Watch what the gateway makes of the beacons of one session or device
///
/// Prints a line for each beacon with its outcome, and what is odd about it. Ends when the gateway ends the
/// stream, after ten minutes.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  playhead watch --session s-42
  playhead watch --device 0c2f --key phw_Xk93Ab7Qn2v0mWcUuTz5rJ8yLhDe1KfB --gateway https://gateway.example
  playhead watch --session s-42 --json | jq .beacon")]
pub(super) struct Args {
    /// Session id, as the player sends it
    #[arg(long, value_name = "ID", required_unless_present = "device")]
    session: Option<String>,
    /// Device id, as the player sends it
    #[arg(long, value_name = "ID")]
    device: Option<String>,
    /// Write key of the player
    #[arg(long, value_name = "KEY", env = "PLAYHEAD_KEY", hide_env_values = true)]
    key: Option<String>,
    /// Address of the gateway; without it the configured port on this machine
    #[arg(long, value_name = "URL")]
    gateway: Option<String>,
    /// Whole events as JSON, one a line
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(args: Args, config: &Config) -> anyhow::Result<()> {
    let gateway = match &args.gateway {
        Some(url) => url.trim_end_matches('/').to_owned(),
        None => format!("http://{}", config.http.listen),
    };
    let mut request = reqwest::Client::new()
        .get(format!("{gateway}/v1/debug/stream"))
        .query(&[
            ("session_id", args.session.as_deref().unwrap_or_default()),
            ("device_id", args.device.as_deref().unwrap_or_default()),
        ]);
    if let Some(key) = &args.key {
        request = request.header("x-playhead-key", key);
    }
    let mut response = request
        .send()
        .await
        .with_context(|| format!("no answer from {gateway}; is `playhead serve` running?"))?;
    if !response.status().is_success() {
        let status = response.status();
        bail!("{status}: {}", response.text().await?);
    }
    let mut read: Vec<u8> = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        read.extend_from_slice(&chunk);
        while let Some(end) = read.windows(2).position(|pair| pair == b"\n\n") {
            let event: Vec<u8> = read.drain(..end + 2).collect();
            print(&String::from_utf8_lossy(&event), args.json)?;
        }
        if read.len() > EVENT_MAX_BYTES {
            bail!("the gateway sends something else than events");
        }
    }
    Ok(())
}

/// Prints one event; those that carry nothing are passed over.
fn print(event: &str, is_json: bool) -> anyhow::Result<()> {
    let data = event.lines().find_map(|line| line.strip_prefix("data:"));
    let Some(data) = data.map(str::trim) else {
        return Ok(());
    };
    let mut out = std::io::stdout().lock();
    if is_json {
        writeln!(out, "{data}")?;
        return Ok(());
    }
    let told: Value = serde_json::from_str(data)?;
    if let Some(missed) = told.get("missed") {
        writeln!(out, "{missed} events were missed")?;
        return Ok(());
    }
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    if told.get("outcome").is_none() {
        return Ok(());
    }
    let parts = [
        text(&told["outcome"]),
        text(&told["reason"]),
        match told.get("index") {
            Some(index) => format!("{}#{index}", text(&told["door"])),
            None => format!("{}: the request", text(&told["door"])),
        },
        text(&told["beacon"]["event"]),
        text(&told["beacon"]["state"]),
        text(&told["field"]),
        text(&told["message"]),
    ];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    writeln!(out, "{}", parts.join(" "))?;
    for advice in told["advice"].as_array().into_iter().flatten() {
        writeln!(out, "  {}", text(advice))?;
    }
    Ok(())
}
