//! The gateway as a process.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use super::Topic;

/// How long a process may take to start or to end.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running `playhead serve`, killed when the test is over.
pub struct Gateway {
    /// Address of the public port.
    pub http: String,
    /// Address of the operators' port.
    pub operations: String,
    /// Host and port of TLS; empty without it.
    pub tls: String,
    child: Child,
    log: Arc<Mutex<Vec<String>>>,
    /// Gone when the test is over.
    _spool: TempDir,
}

/// How a process that was to end ended.
pub struct Exit {
    /// Its status.
    pub status: ExitStatus,
    /// How long it took.
    pub took: Duration,
    /// What it logged.
    pub log: String,
}

impl Gateway {
    /// Starts one with the defaults, apart from these settings (`kafka.linger_ms` as `KAFKA__LINGER_MS`).
    pub fn start(topic: &Topic, settings: &[(&str, &str)]) -> Self {
        Self::start_by(&[], topic, settings)
    }

    /// Starts one by way of another program, which becomes it.
    pub fn start_by(before: &[&str], topic: &Topic, settings: &[(&str, &str)]) -> Self {
        let spool = tempfile::tempdir().unwrap();
        let mut child = command(before, topic, settings, &spool).spawn().unwrap();
        let log = Arc::new(Mutex::new(Vec::new()));
        let (listening, heard) = mpsc::channel();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let written = log.clone();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let entry: Value = serde_json::from_str(&line).unwrap_or_default();
                if entry["message"] == "listening" {
                    let tls = entry["tls"].as_str().unwrap_or_default().to_owned();
                    let _ = listening.send((
                        address(&entry["public"]),
                        address(&entry["operations"]),
                        tls,
                    ));
                }
                written.lock().unwrap().push(line);
            }
        });
        let Ok((http, operations, tls)) = heard.recv_timeout(PATIENCE) else {
            let _ = child.kill();
            panic!("the gateway does not listen: {:#?}", log.lock().unwrap());
        };
        Self {
            http,
            operations,
            tls,
            child,
            log,
            _spool: spool,
        }
    }

    /// Runs one that is expected to end by itself.
    pub fn fail(topic: &Topic, settings: &[(&str, &str)]) -> (ExitStatus, String) {
        let spool = tempfile::tempdir().unwrap();
        let output = command(&[], topic, settings, &spool).output().unwrap();
        (output.status, String::from_utf8(output.stderr).unwrap())
    }

    /// The public address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.http)
    }

    /// What it has logged so far.
    pub fn logged(&self) -> String {
        self.log.lock().unwrap().join("\n")
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Asks it to end.
    pub fn terminate(&self) {
        let killed = Command::new("kill")
            .args(["-TERM", &self.child.id().to_string()])
            .status();
        assert!(killed.unwrap().success());
    }

    /// Ends it as a crash would: nothing is flushed or finished.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Waits until it has ended.
    pub fn wait(mut self) -> Exit {
        let began = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                let log = self.log.lock().unwrap().join("\n");
                return Exit {
                    status,
                    took: began.elapsed(),
                    log,
                };
            }
            assert!(began.elapsed() < PATIENCE, "the gateway does not end");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// The value of a metric, summed over all its labels that contain `label`.
    pub async fn metric(&self, name: &str, label: &str) -> u64 {
        self.metric_of(name, &[label]).await
    }

    /// The same, over those whose labels contain each of these.
    pub async fn metric_of(&self, name: &str, labels: &[&str]) -> u64 {
        let page = reqwest::get(format!("{}/metrics", self.operations))
            .await
            .unwrap()
            .text()
            .await
            .unwrap();
        page.lines()
            .filter(|line| {
                line.starts_with(name) && labels.iter().all(|label| line.contains(label))
            })
            .map(|line| line.rsplit(' ').next().unwrap().parse::<u64>().unwrap())
            .sum()
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn command(before: &[&str], topic: &Topic, settings: &[(&str, &str)], spool: &TempDir) -> Command {
    let words = [before, &[env!("CARGO_BIN_EXE_playhead"), "serve"]].concat();
    let mut command = Command::new(words[0]);
    command
        .args(&words[1..])
        .env("PLAYHEAD_SPOOL__FOLDER", spool.path())
        .env("PLAYHEAD_HTTP__LISTEN", "127.0.0.1:0")
        .env("PLAYHEAD_OPERATIONS__LISTEN", "127.0.0.1:0")
        .env("PLAYHEAD_KAFKA__BROKERS", &topic.brokers)
        .env("PLAYHEAD_KAFKA__TOPIC", &topic.name)
        // Nothing here asks the warehouse; without one the gateway takes beacons all the same.
        .env("PLAYHEAD_CLICKHOUSE__URL", "http://127.0.0.1:1")
        .env("PLAYHEAD_LOG__FORMAT", "json")
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    for (name, value) in settings {
        command.env(format!("PLAYHEAD_{name}"), value);
    }
    command
}

fn address(value: &Value) -> String {
    format!("http://{}", value.as_str().unwrap())
}
