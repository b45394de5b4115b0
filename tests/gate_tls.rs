//! TLS on the real gateway: versions, protocols, and a certificate that changes while it runs.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

use crate::harness;

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::harness::{Gateway, Topic, brokers, heartbeat};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::{Request, Version};
use hyper_util::rt::{TokioExecutor, TokioIo};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{
    ClientConfig, ProtocolVersion, RootCertStore, SupportedProtocolVersion, version,
};

const PATIENCE: Duration = Duration::from_secs(15);

/// A certificate that signs itself, written where the gateway looks.
struct Certificate {
    der: CertificateDer<'static>,
    pem: String,
    key_pem: String,
}

impl Certificate {
    fn new() -> Self {
        let made = rcgen::generate_simple_self_signed(["playhead.test".to_owned()]).unwrap();
        Self {
            der: made.cert.der().clone(),
            pem: made.cert.pem(),
            key_pem: made.signing_key.serialize_pem(),
        }
    }

    fn write(&self, folder: &Path) {
        std::fs::write(folder.join("key.pem"), &self.key_pem).unwrap();
        std::fs::write(folder.join("certificate.pem"), &self.pem).unwrap();
    }
}

async fn start(topic: &Topic, folder: &Path, settings: &[(&str, &str)]) -> Gateway {
    let (certificate, key) = (folder.join("certificate.pem"), folder.join("key.pem"));
    let own = [
        ("TLS__LISTEN", "127.0.0.1:0"),
        ("TLS__CERTIFICATE_FILE", certificate.to_str().unwrap()),
        ("TLS__KEY_FILE", key.to_str().unwrap()),
        ("TLS__RELOAD_MS", "100"),
        ("KAFKA__LINGER_MS", "5"),
    ];
    Gateway::start(topic, &[own.as_slice(), settings].concat())
}

/// Shakes hands, trusting this certificate alone.
async fn shake(
    gateway: &Gateway,
    trusted: &Certificate,
    versions: &[&'static SupportedProtocolVersion],
    protocol: &str,
) -> std::io::Result<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.der.clone()).unwrap();
    let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(versions)
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![protocol.as_bytes().to_vec()];
    let stream = TcpStream::connect(&gateway.tls).await?;
    let name = ServerName::try_from("playhead.test").unwrap();
    TlsConnector::from(Arc::new(config))
        .connect(name, stream)
        .await
}

fn beacon(gateway: &Gateway) -> Request<Full<Bytes>> {
    let body = Full::new(Bytes::from(heartbeat("tls", 0).to_string()));
    let request = Request::post(format!("https://{}/v1/beacons", gateway.tls));
    request.header("host", "playhead.test").body(body).unwrap()
}

async fn accepted(response: hyper::Response<hyper::body::Incoming>) -> (u16, Version, Value) {
    let (status, version) = (response.status().as_u16(), response.version());
    let body = response.into_body().collect().await.unwrap().to_bytes();
    let body: Value = serde_json::from_slice(&body).unwrap();
    (status, version, body["accepted"].clone())
}

#[tokio::test]
async fn beacons_come_over_tls_1_2_and_1_3_and_both_versions_of_http() {
    let topic = Topic::create(brokers(), 1).await;
    let folder = tempfile::tempdir().unwrap();
    let certificate = Certificate::new();
    certificate.write(folder.path());
    let gateway = start(&topic, folder.path(), &[]).await;
    for (offered, agreed) in [
        (&version::TLS12, ProtocolVersion::TLSv1_2),
        (&version::TLS13, ProtocolVersion::TLSv1_3),
    ] {
        let stream = shake(&gateway, &certificate, &[offered], "h2")
            .await
            .unwrap();
        assert_eq!(stream.get_ref().1.protocol_version(), Some(agreed));
        assert_eq!(stream.get_ref().1.alpn_protocol(), Some(b"h2".as_slice()));
        let io = TokioIo::new(stream);
        let (mut sender, connection) =
            hyper::client::conn::http2::handshake(TokioExecutor::new(), io)
                .await
                .unwrap();
        tokio::spawn(connection);
        let response = sender.send_request(beacon(&gateway)).await.unwrap();
        assert_eq!(accepted(response).await, (200, Version::HTTP_2, 1.into()));

        let stream = shake(&gateway, &certificate, &[offered], "http/1.1")
            .await
            .unwrap();
        assert_eq!(
            stream.get_ref().1.alpn_protocol(),
            Some(b"http/1.1".as_slice())
        );
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
            .await
            .unwrap();
        tokio::spawn(connection);
        let response = sender.send_request(beacon(&gateway)).await.unwrap();
        assert_eq!(accepted(response).await, (200, Version::HTTP_11, 1.into()));
    }
    assert_eq!(topic.beacons().len(), 4);
    // The plain port is there beside it.
    assert_eq!(
        harness::client()
            .get(gateway.url("/v1/time"))
            .send()
            .await
            .unwrap()
            .status(),
        200
    );
}

/// The greeting of a client that knows nothing newer than this version.
fn greeting(version: [u8; 2]) -> Vec<u8> {
    let mut hello = version.to_vec();
    hello.extend([7; 32]);
    // No session; the suites ECDHE-RSA-AES128-SHA and AES128-SHA; no compression.
    hello.extend([0, 0, 4, 0xc0, 0x13, 0x00, 0x2f, 1, 0]);
    // The one extension that is always asked for: signatures by RSA and SHA-256.
    hello.extend([0, 8, 0, 13, 0, 4, 0, 2, 4, 1]);
    let length = u8::try_from(hello.len()).unwrap();
    let mut record = vec![22, 3, 1, 0, length + 4, 1, 0, 0, length];
    record.extend(hello);
    record
}

#[tokio::test]
async fn what_is_older_than_tls_1_2_is_refused_by_name() {
    let topic = Topic::create(brokers(), 1).await;
    let folder = tempfile::tempdir().unwrap();
    Certificate::new().write(folder.path());
    let gateway = start(&topic, folder.path(), &[]).await;
    for old in [[3, 1], [3, 2]] {
        let mut stream = TcpStream::connect(&gateway.tls).await.unwrap();
        stream.write_all(&greeting(old)).await.unwrap();
        let mut told = Vec::new();
        let _ = timeout(PATIENCE, stream.read_to_end(&mut told))
            .await
            .unwrap();
        // A record of type alert: fatal, protocol_version.
        assert_eq!((told[0], &told[5..7]), (21, [2, 70].as_slice()), "{told:?}");
    }
    assert_eq!(
        gateway
            .metric(
                "playhead_http_connections_closed_total",
                "reason=\"handshake\""
            )
            .await,
        2
    );
}

#[tokio::test]
async fn a_new_certificate_is_used_without_a_restart_and_a_broken_one_is_not() {
    let topic = Topic::create(brokers(), 1).await;
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (Certificate::new(), Certificate::new());
    first.write(folder.path());
    let gateway = start(&topic, folder.path(), &[]).await;
    let both = [&version::TLS12, &version::TLS13];
    let open = shake(&gateway, &first, &both, "http/1.1").await.unwrap();
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(open))
        .await
        .unwrap();
    tokio::spawn(connection);

    second.write(folder.path());
    let began = Instant::now();
    while shake(&gateway, &second, &both, "http/1.1").await.is_err() {
        assert!(began.elapsed() < PATIENCE, "{}", gateway.logged());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(shake(&gateway, &first, &both, "http/1.1").await.is_err());
    // Who was connected before stays so.
    let response = sender.send_request(beacon(&gateway)).await.unwrap();
    assert_eq!(accepted(response).await.0, 200);

    // A key that is not the certificate's, and a file that is no PEM.
    for broken in [first.key_pem.as_str(), "nothing"] {
        let unusable = "outcome=\"unusable\"";
        let before = gateway
            .metric("playhead_file_reloads_total", unusable)
            .await;
        std::fs::write(folder.path().join("key.pem"), broken).unwrap();
        let began = Instant::now();
        while gateway
            .metric("playhead_file_reloads_total", unusable)
            .await
            == before
        {
            assert!(began.elapsed() < PATIENCE);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        shake(&gateway, &second, &both, "http/1.1").await.unwrap();
    }
    assert!(gateway.logged().contains("the former one stays in force"));
}

#[tokio::test]
async fn a_handshake_that_never_ends_is_given_up() {
    let topic = Topic::create(brokers(), 1).await;
    let folder = tempfile::tempdir().unwrap();
    Certificate::new().write(folder.path());
    let gateway = start(
        &topic,
        folder.path(),
        &[("TLS__HANDSHAKE_TIMEOUT_MS", "500")],
    )
    .await;
    for beginning in [&[][..], &greeting([3, 3])[..20], b"GET / HTTP/1.1\r\n\r\n"] {
        let mut stream = TcpStream::connect(&gateway.tls).await.unwrap();
        let began = Instant::now();
        stream.write_all(beginning).await.unwrap();
        let mut told = Vec::new();
        let _ = timeout(PATIENCE, stream.read_to_end(&mut told))
            .await
            .expect("closed");
        assert!(began.elapsed() < Duration::from_secs(4));
    }
}

#[tokio::test]
async fn without_its_certificate_a_gateway_does_not_start() {
    let topic = Topic::create(brokers(), 1).await;
    let settings = [
        ("TLS__CERTIFICATE_FILE", "/nowhere/c.pem"),
        ("TLS__KEY_FILE", "/nowhere/k.pem"),
    ];
    let (status, told) = Gateway::fail(&topic, &settings);
    assert!(
        !status.success() && told.contains("/nowhere/c.pem cannot be read as PEM"),
        "{told}"
    );
    let (status, told) = Gateway::fail(&topic, &settings[..1]);
    assert!(
        !status.success() && told.contains("tls.certificate_file, tls.key_file"),
        "{told}"
    );
}
