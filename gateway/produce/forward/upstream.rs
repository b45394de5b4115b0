//! One body to the other gateway, and what its answer means.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE, InvalidHeaderValue, RETRY_AFTER};
use axum::http::uri::InvalidUri;
use axum::http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, Uri};
use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper_rustls::{ConfigBuilderExt, HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::{self, ClientConfig, RootCertStore};

use super::{Hops, VIA};
use crate::config::ForwardConfig;

/// The door of the other gateway.
const DOOR: &str = "/v1/forward";
/// Its content type: records, each with its length before it.
pub(crate) const RECORDS_TYPE: &str = "application/vnd.playhead.records";
/// Fast, and records of one session are much alike.
const ZSTD_LEVEL: i32 = 1;
/// Longest answer that is read; bytes.
const ANSWER_MAX_BYTES: usize = 64 * 1024;
/// Most of an answer's text that goes into the log.
const ANSWER_SHOWN_CHARS: usize = 200;

/// Why nothing can be forwarded.
#[derive(Debug, thiserror::Error)]
pub enum ForwardError {
    /// The address is none.
    #[error("forward.url is no address")]
    Url(#[source] InvalidUri),
    /// The key holds what no header may.
    #[error("forward.key is no write key")]
    Key(#[source] InvalidHeaderValue),
    /// TLS cannot be prepared.
    #[error("TLS cannot be prepared")]
    Tls(#[from] rustls::Error),
    /// The system's roots cannot be read.
    #[error("the system's root certificates cannot be read; SSL_CERT_FILE names others")]
    Roots(#[source] io::Error),
    /// No randomness.
    #[error("the operating system gives no randomness")]
    Randomness,
}

/// What became of a body.
pub(super) enum Sent {
    /// The other gateway has it, durable by its own rules.
    Taken,
    /// It may take it later.
    Again {
        /// Why it did not.
        reason: String,
        /// When it asks to be asked again.
        after: Option<Duration>,
    },
    /// It never will as things are; somebody has to change a setting.
    Refused(String),
}

/// The other gateway.
pub(super) struct Upstream {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    door: Uri,
    key: HeaderValue,
    timeout: Duration,
}

impl Upstream {
    pub(super) fn new(config: &ForwardConfig) -> Result<Self, ForwardError> {
        let door = format!("{}{DOOR}", config.url.trim_end_matches('/'));
        let door: Uri = door.parse().map_err(ForwardError::Url)?;
        let mut key = HeaderValue::from_str(config.key.reveal()).map_err(ForwardError::Key)?;
        key.set_sensitive(true);
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(tls(door.scheme_str() == Some("https"))?)
            .https_or_http()
            .enable_http1()
            .build();
        Ok(Self {
            client: Client::builder(TokioExecutor::new()).build(connector),
            door,
            key,
            timeout: config.request_timeout(),
        })
    }

    /// Sends a body; waits no longer than `left`.
    pub(super) async fn send(&self, payload: &[u8], hops: &Hops, left: Duration) -> Sent {
        let body = match zstd::bulk::compress(payload, ZSTD_LEVEL) {
            Ok(body) => body,
            Err(error) => return Sent::Refused(error.to_string()),
        };
        let Ok(via) = HeaderValue::from_str(&hops.tell()) else {
            return Sent::Refused("its way cannot be told".into());
        };
        let mut request = self.request(Method::POST, body.into());
        let headers = request.headers_mut();
        headers.insert(VIA, via);
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(RECORDS_TYPE));
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("zstd"));
        match self.ask(request, self.timeout.min(left)).await {
            Ok((status, headers, text)) => judge(status, &headers, &text),
            Err(reason) => Sent::Again {
                reason,
                after: None,
            },
        }
    }

    /// Asks the door whether the key is good.
    pub(super) async fn ping(&self, within: Duration) -> Result<(), String> {
        let request = self.request(Method::GET, Bytes::new());
        match self.ask(request, within).await {
            Ok((status, _, _)) if status.is_success() => Ok(()),
            Ok((status, _, text)) => Err(format!("the other gateway answers {status}: {text}")),
            Err(reason) => Err(format!("the other gateway does not answer: {reason}")),
        }
    }

    fn request(&self, method: Method, body: Bytes) -> Request<Full<Bytes>> {
        let mut request = Request::new(Full::new(body));
        *request.method_mut() = method;
        *request.uri_mut() = self.door.clone();
        let headers = request.headers_mut();
        headers.insert("x-playhead-key", self.key.clone());
        request
    }

    /// Status, headers and the beginning of the text; else why there is no answer.
    async fn ask(
        &self,
        request: Request<Full<Bytes>>,
        within: Duration,
    ) -> Result<(StatusCode, HeaderMap, String), String> {
        let asked = async {
            let response = self.client.request(request).await;
            let response = response.map_err(|error| format!("{:#}", anyhow::Error::from(error)))?;
            Ok(read(response).await)
        };
        let answered = tokio::time::timeout(within, asked).await;
        answered.unwrap_or_else(|_| Err("no answer in time".into()))
    }
}

/// The body is read to its end where it is short, or the connection could not be used again.
async fn read(response: Response<Incoming>) -> (StatusCode, HeaderMap, String) {
    let (head, body) = response.into_parts();
    let body = Limited::new(body, ANSWER_MAX_BYTES).collect().await;
    let bytes = body.map(|body| body.to_bytes()).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    let shown = text.chars().take(ANSWER_SHOWN_CHARS).collect();
    (head.status, head.headers, shown)
}

/// TLS 1.2 and 1.3, by the system's roots where they are needed.
fn tls(is_needed: bool) -> Result<ClientConfig, ForwardError> {
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(rustls::DEFAULT_VERSIONS)?;
    let builder = if is_needed {
        builder.with_native_roots().map_err(ForwardError::Roots)?
    } else {
        builder.with_root_certificates(RootCertStore::empty())
    };
    Ok(builder.with_no_client_auth())
}

fn judge(status: StatusCode, headers: &HeaderMap, text: &str) -> Sent {
    if status.is_success() {
        return Sent::Taken;
    }
    let after = headers
        .get(RETRY_AFTER)
        .and_then(|value| value.to_str().ok()?.parse().ok());
    let reason = format!("it answered {status}: {text}");
    let is_passing = (status.is_server_error() && status != StatusCode::LOOP_DETECTED)
        || status == StatusCode::TOO_MANY_REQUESTS
        || status == StatusCode::REQUEST_TIMEOUT;
    if is_passing {
        Sent::Again {
            reason,
            after: after.map(Duration::from_secs),
        }
    } else {
        Sent::Refused(reason)
    }
}
