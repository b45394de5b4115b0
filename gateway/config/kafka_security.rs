use std::path::PathBuf;

use rdkafka::ClientConfig;
use serde::{Deserialize, Serialize};

use super::{Problems, Secret};

/// How the brokers know who speaks, and whether others can listen.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct KafkaSecurityConfig {
    /// What the brokers' port speaks.
    pub protocol: Protocol,
    /// How user and password are proven; for the protocols with `sasl`.
    pub mechanism: Mechanism,
    /// The user; for the protocols with `sasl`.
    pub user: String,
    /// The user's password; better in [`Self::password_file`] or in the environment than in a file that others read.
    pub password: Secret,
    /// A file with the password, without which [`Self::password`] counts. A line end after it is no part of it.
    pub password_file: PathBuf,
    /// Certificates of those who vouch for the brokers, PEM; empty: the system's.
    pub ca_file: PathBuf,
    /// The gateway's own certificate, PEM, with those between it and the root; empty: none is shown.
    pub certificate_file: PathBuf,
    /// Its private key, PEM.
    pub key_file: PathBuf,
    /// The password of the private key; empty: it has none.
    pub key_password: Secret,
    /// Whether a broker's certificate must be for the host that was asked for.
    pub verify_host: HostCheck,
}

/// What a port of the brokers speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Protocol {
    /// Neither encryption nor login.
    #[default]
    Plaintext,
    /// TLS; with a certificate of its own the gateway is known by it.
    Tls,
    /// A login without encryption, for networks that nobody else reads.
    SaslPlaintext,
    /// A login over TLS.
    SaslTls,
}

/// How a password is proven.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mechanism {
    /// As it is: only over TLS.
    #[serde(rename = "plain")]
    Plain,
    /// By a challenge, SHA-256.
    #[serde(rename = "scram-sha-256")]
    ScramSha256,
    /// By a challenge, SHA-512.
    #[default]
    #[serde(rename = "scram-sha-512")]
    ScramSha512,
}

/// Whether the host's name is checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum HostCheck {
    /// The certificate must name the host.
    #[default]
    On,
    /// Any certificate that is vouched for will do.
    Off,
}

impl Protocol {
    fn as_str(self) -> &'static str {
        match self {
            Self::Plaintext => "plaintext",
            Self::Tls => "ssl",
            Self::SaslPlaintext => "sasl_plaintext",
            Self::SaslTls => "sasl_ssl",
        }
    }

    fn has_login(self) -> bool {
        matches!(self, Self::SaslPlaintext | Self::SaslTls)
    }

    fn has_tls(self) -> bool {
        matches!(self, Self::Tls | Self::SaslTls)
    }
}

impl Mechanism {
    fn as_str(self) -> &'static str {
        match self {
            Self::Plain => "PLAIN",
            Self::ScramSha256 => "SCRAM-SHA-256",
            Self::ScramSha512 => "SCRAM-SHA-512",
        }
    }
}

impl KafkaSecurityConfig {
    /// Whom the brokers see, for messages.
    pub fn who(&self) -> String {
        if self.protocol.has_login() {
            format!("user {}", self.user)
        } else if self.protocol == Protocol::Tls && !self.certificate_file.as_os_str().is_empty() {
            format!("the certificate {}", self.certificate_file.display())
        } else {
            "anonymous clients".to_owned()
        }
    }

    /// Tells librdkafka.
    pub(super) fn apply(&self, settings: &mut ClientConfig) {
        settings.set("security.protocol", self.protocol.as_str());
        if self.protocol.has_login() {
            settings
                .set("sasl.mechanism", self.mechanism.as_str())
                .set("sasl.username", &self.user)
                .set("sasl.password", self.secret());
        }
        if !self.protocol.has_tls() {
            return;
        }
        let check = match self.verify_host {
            HostCheck::On => "https",
            HostCheck::Off => "none",
        };
        settings.set("ssl.endpoint.identification.algorithm", check);
        let files = [
            ("ssl.ca.location", &self.ca_file),
            ("ssl.certificate.location", &self.certificate_file),
            ("ssl.key.location", &self.key_file),
        ];
        for (name, file) in files {
            if !file.as_os_str().is_empty() {
                settings.set(name, file.display().to_string());
            }
        }
        if !self.key_password.reveal().is_empty() {
            settings.set("ssl.key.password", self.key_password.reveal());
        }
    }

    /// The password, from where it is kept.
    fn secret(&self) -> String {
        if self.password_file.as_os_str().is_empty() {
            return self.password.reveal().to_owned();
        }
        match std::fs::read_to_string(&self.password_file) {
            Ok(text) => text.trim_end_matches(['\r', '\n']).to_owned(),
            Err(error) => {
                let file = self.password_file.display();
                tracing::error!(%error, %file, "the password for Kafka cannot be read");
                String::new()
            }
        }
    }

    pub(super) fn validate(&self, problems: &mut Problems) {
        let has = |file: &PathBuf| !file.as_os_str().is_empty();
        if self.protocol.has_login() {
            problems.require(
                !self.user.is_empty(),
                "kafka.security.user",
                "must not be empty with a protocol that logs in",
            );
            problems.require(
                has(&self.password_file) == self.password.reveal().is_empty(),
                "kafka.security.password, password_file",
                "exactly one of them must be given with a protocol that logs in",
            );
        } else {
            problems.require(
                self.user.is_empty(),
                "kafka.security.user",
                "means nothing unless kafka.security.protocol is sasl_tls or sasl_plaintext",
            );
        }
        problems.require(
            self.protocol != Protocol::SaslPlaintext || self.mechanism != Mechanism::Plain,
            "kafka.security.mechanism",
            "plain sends the password as it is, so kafka.security.protocol must be sasl_tls",
        );
        problems.require(
            has(&self.certificate_file) == has(&self.key_file),
            "kafka.security.certificate_file, key_file",
            "go together",
        );
        problems.require(
            self.protocol.has_tls() || !(has(&self.ca_file) || has(&self.certificate_file)),
            "kafka.security.ca_file, certificate_file",
            "mean nothing unless kafka.security.protocol is tls or sasl_tls",
        );
        for file in [
            &self.password_file,
            &self.ca_file,
            &self.certificate_file,
            &self.key_file,
        ] {
            problems.require(
                !has(file) || std::fs::File::open(file).is_ok(),
                "kafka.security",
                &format!("the file {} cannot be read", file.display()),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(config: &KafkaSecurityConfig) -> Vec<String> {
        let mut problems = Problems::default();
        config.validate(&mut problems);
        problems.lines
    }

    fn login() -> KafkaSecurityConfig {
        KafkaSecurityConfig {
            protocol: Protocol::SaslTls,
            user: "gateway".into(),
            password: serde_json::from_str("\"hunter2\"").unwrap(),
            ..KafkaSecurityConfig::default()
        }
    }

    #[test]
    fn a_login_is_told_to_the_client_and_to_nobody_else() {
        assert!(problems(&KafkaSecurityConfig::default()).is_empty());
        let config = login();
        assert!(problems(&config).is_empty());
        let mut settings = ClientConfig::new();
        config.apply(&mut settings);
        assert_eq!(settings.get("security.protocol"), Some("sasl_ssl"));
        assert_eq!(settings.get("sasl.mechanism"), Some("SCRAM-SHA-512"));
        assert_eq!(settings.get("sasl.password"), Some("hunter2"));
        let shown = format!("{config:?} {}", serde_json::to_string(&config).unwrap());
        assert!(!shown.contains("hunter2"), "{shown}");
        assert!(!config.who().contains("hunter2"));
    }

    #[test]
    fn a_password_file_is_read_without_its_line_end() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("password");
        std::fs::write(&file, "correct horse\n").unwrap();
        let config = KafkaSecurityConfig {
            password: Secret::default(),
            password_file: file.clone(),
            ..login()
        };
        assert!(problems(&config).is_empty());
        assert_eq!(config.secret(), "correct horse");
        std::fs::remove_file(file).unwrap();
        assert!(problems(&config)[0].contains("cannot be read"));
    }

    #[test]
    fn what_cannot_work_is_told() {
        let twice = KafkaSecurityConfig {
            password_file: "/dev/null".into(),
            ..login()
        };
        assert!(problems(&twice)[0].contains("exactly one"));
        let open = KafkaSecurityConfig {
            protocol: Protocol::SaslPlaintext,
            mechanism: Mechanism::Plain,
            ..login()
        };
        assert!(problems(&open)[0].contains("sends the password as it is"));
        let half = KafkaSecurityConfig {
            protocol: Protocol::Tls,
            key_file: "/dev/null".into(),
            ..KafkaSecurityConfig::default()
        };
        assert!(problems(&half)[0].contains("go together"));
    }
}
