//! Forgets what late beacons changed: minutes that the warehouse computed again, while answers about closed windows are
//! stored.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde::Deserialize;
use time::{Duration as Span, OffsetDateTime};
use tokio::time::MissedTickBehavior;

use super::Cache;
use crate::analytics::queries;
use crate::analytics::reader::{Param, Reader};
use crate::metrics::api;

/// How often is looked.
const EVERY: Duration = Duration::from_secs(5);
/// How far back a look reaches beyond the one before: inserts take a moment to show, and clocks differ.
const OVERLAP: Span = Span::seconds(20);

#[derive(Deserialize)]
struct Changed {
    minute: i64,
    version_ms: i64,
}

/// When changes were last looked for.
#[derive(Debug, Default)]
pub(super) struct Looks(Mutex<Option<Instant>>);

impl Looks {
    fn note(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    /// Whether they are being looked for.
    pub(super) fn are_made(&self) -> bool {
        let last = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        last.is_some_and(|last| last.elapsed() < EVERY * 3)
    }
}

/// Looks as long as the cache lives. Nothing is asked while nothing about closed windows is stored.
pub async fn watch_changes(cache: Cache, reader: Reader) {
    let mut ticks = tokio::time::interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    // Since when changes are to be told, by tenant; and which were seen already.
    let mut since: BTreeMap<String, OffsetDateTime> = BTreeMap::new();
    let mut seen: BTreeMap<(String, i64), i64> = BTreeMap::new();
    loop {
        ticks.tick().await;
        let tenants = cache.tenants_with_closed_windows();
        let mut all_are_known = true;
        since.retain(|tenant, _| tenants.contains(tenant));
        seen.retain(|(tenant, _), version_ms| {
            let is_recent = *version_ms > now_ms() - 60_000;
            is_recent && tenants.contains(tenant)
        });
        for tenant in tenants {
            let now = OffsetDateTime::now_utc();
            let from = *since.entry(tenant.clone()).or_insert(now - EVERY);
            let params = [("since", Param::Moment(from - OVERLAP))];
            let found = reader
                .rows::<Changed>(queries::CHANGED_MINUTES, &tenant, &params)
                .await;
            match found {
                Ok(changed) => {
                    let news = changed.iter().filter(|row| {
                        let key = (tenant.clone(), row.minute);
                        seen.insert(key, row.version_ms) != Some(row.version_ms)
                    });
                    let minutes: Vec<_> = news.map(|row| (row.minute, row.version_ms)).collect();
                    api::invalidated(cache.forget(&tenant, &minutes));
                    since.insert(tenant, now);
                }
                // Looked for again at the next turn, from the same moment on.
                Err(error) => {
                    tracing::debug!(reason = error.reason(), "changed minutes cannot be read");
                    all_are_known = false;
                }
            }
        }
        if all_are_known {
            cache.looks.note();
        }
    }
}

fn now_ms() -> i64 {
    OffsetDateTime::now_utc().unix_timestamp() * 1_000
}

impl Cache {
    /// Whose closed windows are stored. The second word of each key is the tenant.
    fn tenants_with_closed_windows(&self) -> BTreeSet<String> {
        let closed = self.answers.iter().filter(|(_, stored)| stored.is_closed());
        closed.map(|(key, _)| tenant_of(&key).to_owned()).collect()
    }

    /// Marks the answers that these minutes touch, unless they were computed later; how many.
    fn forget(&self, tenant: &str, minutes: &[(i64, i64)]) -> u64 {
        let mut forgotten = 0;
        for (key, stored) in &self.answers {
            if tenant_of(&key) != tenant {
                continue;
            }
            let computed_ms = now_ms() - i64::try_from(stored.age().as_millis()).unwrap_or(0);
            // A version is set when its computation begins, so an answer of the next seconds may have missed it.
            let news = minutes
                .iter()
                .filter(|(_, version_ms)| version_ms + 15_000 > computed_ms);
            forgotten += u64::from(
                news.into_iter()
                    .any(|(minute, _)| stored.note_change(*minute)),
            );
        }
        forgotten
    }
}

/// Keys are `resource tenant …`.
fn tenant_of(key: &str) -> &str {
    key.split(' ').nth(1).unwrap_or_default()
}
