//! A broker of its own for a test that stops it.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU16, Ordering};

/// An instance of the embedded stack that runs Kafka only.
pub struct OwnKafka {
    instance: String,
    /// Its address.
    pub brokers: String,
}

impl OwnKafka {
    /// Starts one on free ports. Its data are deleted when the test is over.
    pub fn start(instance: &str) -> Self {
        Self::start_with(instance, 1, &["start", "kafka"])
    }

    /// Starts one that wants logins or certificates, and grants nobody anything.
    pub fn start_secured(instance: &str) -> Self {
        Self::start_with(instance, 1, &["start", "kafka", "--secured"])
    }

    /// Starts three, whose names are `kafka`, `kafka2` and `kafka3`.
    pub fn start_three(instance: &str) -> Self {
        Self::start_with(instance, 3, &["up", "--only", "kafka", "--brokers", "3"])
    }

    fn start_with(instance: &str, brokers: u16, command: &[&str]) -> Self {
        let (port, controller_port) = (free_port(), free_port());
        // Each has its port two beyond the one before it.
        let addresses = (0..brokers).map(|broker| format!("127.0.0.1:{}", port + 2 * broker));
        let kafka = Self {
            instance: instance.to_owned(),
            brokers: addresses.collect::<Vec<_>>().join(","),
        };
        let _ = kafka.run(&["reset"]);
        let (port, controller_port) = (port.to_string(), controller_port.to_string());
        let ports = [
            "--kafka-port",
            &port,
            "--kafka-controller-port",
            &controller_port,
        ];
        kafka.must(&[command, ports.as_slice()].concat());
        kafka
    }

    /// Where a secured one takes certificates.
    pub fn brokers_by_certificate(&self) -> String {
        let (host, port) = self.brokers.split_once(':').unwrap();
        format!("{host}:{}", port.parse::<u16>().unwrap() + 2)
    }

    /// A certificate, key or password of a secured one.
    pub fn secret(&self, name: &str) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join(".stack")
            .join(&self.instance)
            .join("kafka/secured")
            .join(name)
    }

    /// Starts it again after [`Self::kill`].
    pub fn start_again(&self) {
        self.start_broker("kafka");
    }

    /// Starts one of them again.
    pub fn start_broker(&self, name: &str) {
        self.must(&["start", name]);
    }

    /// Ends it as a power cut would, as far as one process goes.
    pub fn kill(&self) {
        self.kill_broker("kafka");
    }

    /// Ends one of them.
    pub fn kill_broker(&self, name: &str) {
        let file = format!(
            "{}/.stack/{}/{name}.pid",
            env!("CARGO_MANIFEST_DIR"),
            self.instance
        );
        let pid = std::fs::read_to_string(&file).unwrap();
        let killed = Command::new("kill").args(["-9", pid.trim()]).status();
        assert!(killed.unwrap().success());
    }

    fn must(&self, arguments: &[&str]) {
        let (is_done, output) = self.run(arguments);
        assert!(is_done, "stack/stack {arguments:?}: {output}");
    }

    fn run(&self, arguments: &[&str]) -> (bool, String) {
        let output = Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/stack/stack"))
            .args(arguments)
            .args(["--instance", &self.instance])
            // The ports of another stack, which the environment may name, are not this one's.
            .env_remove("PLAYHEAD_KAFKA_PORT")
            .env_remove("PLAYHEAD_KAFKA_CONTROLLER_PORT")
            .env_remove("PLAYHEAD_CLICKHOUSE_PORT")
            .output()
            .unwrap();
        let text = [output.stdout, output.stderr].concat();
        (
            output.status.success(),
            String::from_utf8_lossy(&text).into_owned(),
        )
    }
}

impl Drop for OwnKafka {
    fn drop(&mut self) {
        let _ = self.run(&["reset"]);
    }
}

/// A port that nobody has, with the seven after it, below those that the system gives to clients.
fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    // Tests run as several processes at the same time.
    let first = 21_000 + u16::try_from(std::process::id() % 1_000).unwrap() * 8;
    loop {
        let port = first + NEXT.fetch_add(8, Ordering::Relaxed) % 2_000;
        let is_free = |port| TcpListener::bind(("127.0.0.1", port)).is_ok();
        if (port..port + 8).all(is_free) {
            return port;
        }
    }
}
