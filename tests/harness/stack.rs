//! A broker of its own for a test that stops it.

use std::net::TcpListener;
use std::process::Command;

/// An instance of the embedded stack that runs Kafka only.
pub struct OwnKafka {
    instance: String,
    /// Its address.
    pub brokers: String,
}

impl OwnKafka {
    /// Starts one on free ports. Its data are deleted when the test is over.
    pub fn start(instance: &str) -> Self {
        let (port, controller_port) = (free_port(), free_port());
        let kafka = Self {
            instance: instance.to_owned(),
            brokers: format!("127.0.0.1:{port}"),
        };
        let _ = kafka.run(&["reset"]);
        let (port, controller_port) = (port.to_string(), controller_port.to_string());
        let ports = [
            "--kafka-port",
            &port,
            "--kafka-controller-port",
            &controller_port,
        ];
        kafka.must(&[&["start", "kafka"], ports.as_slice()].concat());
        kafka
    }

    /// Starts it again after [`Self::kill`].
    pub fn start_again(&self) {
        self.must(&["start", "kafka"]);
    }

    /// Ends it as a power cut would, as far as one process goes.
    pub fn kill(&self) {
        let file = format!(
            "{}/.stack/{}/kafka.pid",
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

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}
