//! Answers that were computed lately: one computation for all who ask at the same time, a bounded amount of memory, and
//! a lifetime that each answer brings along.
//!
//! An answer that is hardly past its lifetime is told at once, and computed again behind the first request that it is told to.
//! Of an older one the first who asks computes the next, and the others wait, though not for long. When the warehouse fails or is slow, the former
//! answer is told for some minutes more and says that it is `stale`; after that there is none.
//!
//! `stored` is what is kept, `lifetime` how long, `answer` what is sent; `changes` forgets what late beacons changed,
//! `revalidate` asks again.

mod answer;
mod changes;
mod lifetime;
mod revalidate;
mod stored;

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use moka::Expiry;
use serde::Serialize;

use super::error::{QueryError, Refusal};
use crate::metrics::api;

pub use answer::{Answer, Origin};
use changes::Looks;
pub use changes::watch_changes;
pub use lifetime::{ClosedWindow, Lifetime};
pub use revalidate::revalidate;
use stored::Stored;

/// How long who asks waits for a computation that somebody else began, before a former answer is told.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long an answer about a closed window is told while nobody looks for changes.
const UNWATCHED_FOR: Duration = Duration::from_secs(10);
/// After a failure the warehouse is left alone for so long, where there is a former answer.
const PAUSE: Duration = Duration::from_secs(2);

/// A computed answer, before anybody was told.
#[derive(Debug)]
pub struct Computed<T> {
    /// What is told; serialises to a JSON object.
    pub answer: T,
    /// How long it may be told again.
    pub lifetime: Lifetime,
}

/// The answers. Clones share them.
#[derive(Clone)]
pub struct Cache {
    answers: moka::future::Cache<String, Arc<Stored>>,
    looks: Arc<Looks>,
}

impl fmt::Debug for Cache {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Cache")
            .field("answers", &self.answers.entry_count())
            .finish()
    }
}

struct OwnTime;

impl Expiry<String, Arc<Stored>> for OwnTime {
    fn expire_after_create(
        &self,
        _: &String,
        stored: &Arc<Stored>,
        _: Instant,
    ) -> Option<Duration> {
        Some(stored.kept_for())
    }

    fn expire_after_update(
        &self,
        _: &String,
        stored: &Arc<Stored>,
        _: Instant,
        _: Option<Duration>,
    ) -> Option<Duration> {
        Some(stored.kept_for())
    }
}

impl Cache {
    /// Holds at most `max_bytes` of answers.
    pub fn new(max_bytes: u64) -> Self {
        let weigh = |key: &String, stored: &Arc<Stored>| {
            u32::try_from(key.len() + stored.bytes()).unwrap_or(u32::MAX)
        };
        let answers = moka::future::Cache::builder()
            .max_capacity(max_bytes)
            .weigher(weigh)
            .expire_after(OwnTime)
            .build();
        Self {
            answers,
            looks: Arc::default(),
        }
    }

    /// The answer to the question `key`, which names the tenant: a stored one, or that of `compute`, which runs once
    /// for all who wait. Failures are shared with those who wait, and not stored.
    ///
    /// # Errors
    /// What `compute` gave, where no former answer can be told.
    pub async fn answer<T, F>(&self, key: String, compute: F) -> Result<Answer, Refusal>
    where
        T: Serialize,
        F: Future<Output = Result<Computed<T>, QueryError>>,
    {
        let asked = Instant::now();
        let answered = match self.answers.get(&key).await {
            Some(stored) if self.is_fresh(&stored) || stored.is_paused() => {
                let origin = if stored.is_nearly_fresh() {
                    Origin::Stored
                } else {
                    Origin::Stale
                };
                Ok(Answer::new(stored, origin))
            }
            // Boxed here and not before: computations are large, and most questions need none.
            former => self.compute(key, former, Box::pin(compute)).await,
        };
        let origin = answered.as_ref().map(Answer::origin);
        let outcome = origin.map_or("failed", Origin::word);
        api::answered(outcome, asked.elapsed());
        api::cached(self.answers.weighted_size(), self.answers.entry_count());
        answered
    }

    /// Computes where `former` holds no longer, or waits for who does.
    async fn compute<T, F>(
        &self,
        key: String,
        former: Option<Arc<Stored>>,
        compute: F,
    ) -> Result<Answer, Refusal>
    where
        T: Serialize,
        F: Future<Output = Result<Computed<T>, QueryError>>,
    {
        let Some(former) = former else {
            let computing = async { store(compute).await.inspect_err(log_failure) };
            let entry = self.answers.entry(key).or_try_insert_with(computing).await;
            let entry = entry.map_err(Refusal)?;
            let origin = if entry.is_fresh() {
                Origin::Computed
            } else {
                Origin::Shared
            };
            return Ok(Answer::new(entry.into_value(), origin));
        };
        if former.is_nearly_fresh() && revalidate::is_asked_again(&former.is_asked_again) {
            return Ok(Answer::new(former, Origin::Stored));
        }
        let turn = match former.turn.try_lock() {
            Ok(turn) => turn,
            Err(_) if former.is_nearly_fresh() => {
                return Ok(Answer::new(former.clone(), Origin::Stored));
            }
            Err(_) => {
                let waited = tokio::time::timeout(PATIENCE, former.turn.lock()).await;
                let now = self.answers.get(&key).await;
                match (waited, now) {
                    (_, Some(now)) if self.is_fresh(&now) => {
                        return Ok(Answer::new(now, Origin::Shared));
                    }
                    (Ok(turn), _) if !former.is_paused() => turn,
                    _ => return Ok(Answer::new(former.clone(), Origin::Stale)),
                }
            }
        };
        match store(compute).await {
            Ok(stored) => {
                self.answers.insert(key, stored.clone()).await;
                drop(turn);
                Ok(Answer::new(stored, Origin::Computed))
            }
            Err(error) if error.is_outage() => {
                log_failure(&error);
                former.pause(PAUSE);
                drop(turn);
                Ok(Answer::new(former, Origin::Stale))
            }
            Err(error) => {
                log_failure(&error);
                Err(error.into())
            }
        }
    }
}

impl Cache {
    /// Whether an answer is told without a second thought. One about a closed window is only as long as changes are
    /// looked for.
    fn is_fresh(&self, stored: &Stored) -> bool {
        let is_told = !stored.is_closed() || stored.age() < UNWATCHED_FOR || self.looks.are_made();
        is_told && stored.is_fresh()
    }
}

/// Computes an answer and writes it down.
async fn store<T, F>(compute: F) -> Result<Arc<Stored>, QueryError>
where
    T: Serialize,
    F: Future<Output = Result<Computed<T>, QueryError>>,
{
    let computed = compute.await?;
    let json = serde_json::to_string(&computed.answer)?;
    Ok(Arc::new(Stored::new(json, computed.lifetime)))
}

/// Once for all who waited; what a client did wrong is no failure of ours.
fn log_failure(error: &QueryError) {
    let mut chain = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(deeper) = cause {
        chain = format!("{chain}: {deeper}");
        cause = deeper.source();
    }
    if error.is_of_client() {
        tracing::debug!(reason = error.reason(), "{chain}");
    } else {
        tracing::error!(reason = error.reason(), "{chain}");
    }
}
