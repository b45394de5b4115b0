//! How far the sessions of a tenant go: asked for once a second, however many answers are stamped with it.

use std::fmt;
use std::time::Duration;

use serde::Deserialize;
use time::format_description::well_known::Rfc3339;
use time::{Duration as Span, OffsetDateTime};

use super::error::QueryError;
use super::queries;
use super::reader::{Param, Reader};

/// How far back the newest session is looked for.
const LOOK_BACK: Span = Span::hours(1);
/// How long it is told again. What came since makes answers more complete than they say, and never less.
const TOLD_FOR: Duration = Duration::from_secs(1);
/// Most tenants of whom it is kept.
const TENANTS_MAX: u64 = 10_000;

/// The newest moment of play of each tenant. Clones share it.
#[derive(Clone)]
pub(super) struct Newest(moka::future::Cache<String, Option<OffsetDateTime>>);

#[derive(Default, Deserialize)]
struct Freshness {
    newest: Option<String>,
}

impl Newest {
    pub(super) fn new() -> Self {
        let kept = moka::future::Cache::builder().max_capacity(TENANTS_MAX);
        Self(kept.time_to_live(TOLD_FOR).build())
    }

    /// That of `tenant`, looked for around `now`; none where the last hour has no session. Who asks at the same time waits
    /// for the same query, and shares its failure.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(super) async fn of(
        &self,
        reader: &Reader,
        tenant: &str,
        now: OffsetDateTime,
    ) -> Result<Option<OffsetDateTime>, QueryError> {
        let read = async {
            // A session seen by a clock a little ahead of ours is not to be missed.
            let window = [
                ("from", Param::Moment(now - LOOK_BACK)),
                ("to", Param::Moment(now + Span::hours(1))),
            ];
            let freshness: Freshness = reader.row(queries::FRESHNESS, tenant, &window).await?;
            let newest = freshness.newest;
            Ok(newest.and_then(|text| OffsetDateTime::parse(&text, &Rfc3339).ok()))
        };
        // Boxed: a query's state is large, and most who ask find the moment there.
        let read = self.0.try_get_with_by_ref(tenant, Box::pin(read));
        read.await.map_err(QueryError::Shared)
    }
}

impl fmt::Debug for Newest {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Newest")
            .field("tenants", &self.0.entry_count())
            .finish()
    }
}
