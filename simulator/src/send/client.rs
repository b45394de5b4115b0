//! One client library: sends a parcel again and again, unchanged but for the sent time, until it is acknowledged.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};
use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, RETRY_AFTER};

use crate::event::unix_ms;
use crate::script::Script;

use super::Journal;
use super::answer::Answer;
use super::body::body;

const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(3);
const ANSWER_WITHIN: Duration = Duration::from_secs(15);

/// Speaks to the gateway.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    http: reqwest::Client,
    beacons_url: String,
    retry_for: Duration,
}

/// Why an attempt was not acknowledged.
enum Failure {
    /// It may succeed later, perhaps after a pause that was asked for.
    Passing(anyhow::Error, Option<Duration>),
    /// No connection: nothing was delivered, so the next attempt is no second delivery.
    Unsent(anyhow::Error),
    /// It never will.
    Final(anyhow::Error),
}

impl Client {
    /// A client of the gateway at that address; a parcel is retried for `retry_for`.
    pub(crate) fn new(gateway: &str, retry_for: Duration) -> Result<Self> {
        let http = reqwest::Client::builder()
            .timeout(ANSWER_WITHIN)
            .connect_timeout(Duration::from_secs(5))
            .tcp_nodelay(true)
            .build()
            .context("cannot set up the HTTP client")?;
        let beacons_url = format!("{}/v1/beacons", gateway.trim_end_matches('/'));
        Ok(Self {
            http,
            beacons_url,
            retry_for,
        })
    }

    /// Delivers beacons of a session until the gateway acknowledges them, and writes all of it in the journal.
    pub(crate) async fn deliver(
        &self,
        journal: &Journal,
        index: usize,
        script: &Script,
        beacons: &[usize],
    ) -> Result<()> {
        let began = Instant::now();
        let mut pause = FIRST_PAUSE;
        let mut is_retry = false;
        loop {
            let sent_ms = unix_ms()?;
            let body = body(script, beacons, sent_ms);
            let attempt = journal.sent(index, beacons, sent_ms, is_retry);
            is_retry = true;
            journal.requests.fetch_add(1, Ordering::Relaxed);
            journal
                .beacons
                .fetch_add(beacons.len() as u64, Ordering::Relaxed);
            journal
                .bytes
                .fetch_add(body.len() as u64, Ordering::Relaxed);
            let (error, asked) = match self.post(body, script.viewer.is_private).await {
                Ok(answer) => {
                    journal.answered(index, attempt, unix_ms()?);
                    if !answer.took_all(beacons.len()) {
                        journal.complain(
                            (answer.refused + answer.dropped) as usize,
                            answer.complaint(),
                        );
                    }
                    return Ok(());
                }
                Err(Failure::Final(error)) => {
                    journal.failed(index, attempt, unix_ms()?);
                    journal.complain(beacons.len(), format!("{error:#}"));
                    return Ok(());
                }
                Err(Failure::Passing(error, asked)) => {
                    journal.failed(index, attempt, unix_ms()?);
                    journal
                        .redelivered
                        .fetch_add(beacons.len() as u64, Ordering::Relaxed);
                    (error, asked)
                }
                Err(Failure::Unsent(error)) => {
                    journal.unsent(index, attempt, unix_ms()?);
                    (error, None)
                }
            };
            if began.elapsed() > self.retry_for {
                let waited = self.retry_for.as_secs();
                return Err(error.context(format!(
                    "no acknowledgement for {waited} s; is the gateway up?"
                )));
            }
            tracing::debug!(error = %format!("{error:#}"), "request failed, it will be repeated");
            journal.failures.fetch_add(1, Ordering::Relaxed);
            tokio::time::sleep(asked.unwrap_or(pause).min(LONGEST_PAUSE)).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// One attempt with a finished body; an answer that is not 200 is an error.
    pub(crate) async fn post_once(&self, body: Vec<u8>) -> Result<Answer> {
        match self.post(body, false).await {
            Ok(answer) => Ok(answer),
            Err(Failure::Passing(error, _) | Failure::Unsent(error) | Failure::Final(error)) => {
                Err(error)
            }
        }
    }

    /// Fails with a message that says what to do unless something answers at the gateway's address.
    pub(crate) async fn check(&self) -> Result<()> {
        if let Err(error) = self.http.get(&self.beacons_url).send().await {
            bail!(
                "nothing answers at {} ({error}); start it with `playhead serve`",
                self.beacons_url
            );
        }
        Ok(())
    }

    async fn post(&self, body: Vec<u8>, is_private: bool) -> Result<Answer, Failure> {
        let passing = |error: reqwest::Error| match error.is_connect() {
            true => Failure::Unsent(anyhow!(error).context("no connection")),
            false => Failure::Passing(anyhow!(error).context("request failed"), None),
        };
        let mut request = self
            .http
            .post(&self.beacons_url)
            .header(CONTENT_TYPE, "application/json")
            .body(body);
        if is_private {
            request = request.header("sec-gpc", "1");
        }
        let response = request.send().await.map_err(passing)?;
        let status = response.status();
        let asked = response
            .headers()
            .get(RETRY_AFTER)
            .and_then(|value| value.to_str().ok()?.parse().ok());
        let text = response.text().await.map_err(passing)?;
        if status.is_success() {
            let parsed = serde_json::from_str(&text)
                .with_context(|| format!("answer {status} is not understood: {text}"));
            return parsed.map_err(Failure::Final);
        }
        let error = anyhow!(
            "the gateway answered {status}: {}",
            text.chars().take(300).collect::<String>()
        );
        let is_passing = status.is_server_error()
            || status == StatusCode::TOO_MANY_REQUESTS
            || status == StatusCode::REQUEST_TIMEOUT;
        Err(if is_passing {
            Failure::Passing(error, asked.map(Duration::from_secs))
        } else {
            Failure::Final(error)
        })
    }
}
