//! The analytics API: cached, stamped answers over the warehouse's tenant-confined views.
//!
//! A request becomes parameters ([`params`]); the [`cache`] has the answer or computes it once for
//! everybody who waits; the [`reader`] runs the [`queries`] under a bound on their number and time.
//! Nothing is computed here that an analyst could not read in `sql/queries/`, except ratios of sums.
//! What analysts write themselves comes in by [`sql`].

pub mod access;
pub mod cache;
pub mod error;
pub mod explore;
pub mod live;
pub mod metrics;
pub mod openapi;
pub mod params;
pub mod quality;
pub mod queries;
pub mod reader;
pub mod reference;
pub mod resources;
pub mod session;
pub mod sessions;
pub mod sql;
pub mod stamp;
pub mod streams;
pub mod top;
pub mod viewers;

mod conditional;
mod newest;
mod settings;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use tokio_util::sync::CancellationToken;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{
    DefaultPredicate, NotForContentType, Predicate, SizeAbove,
};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::config::{AlertRule, SqlConfig};
use crate::warehouse::Warehouse;

use access::Access;
use cache::Cache;
use reader::Reader;
use sql::run::SqlRunner;
use streams::Streams;

/// Smaller answers gain nothing from compression.
const COMPRESSED_FROM_BYTES: u64 = 1_024;

/// What the API needs to know of the installation.
#[derive(Clone, Debug)]
pub struct AnalyticsSettings {
    /// A session silent for longer is closed.
    pub liveness: Duration,
    /// How often running sessions are computed anew.
    pub refresh: Duration,
    /// Age at which windows are frozen.
    pub frozen_after: Duration,
    /// Queries that may run at the same time.
    pub max_concurrent_queries: usize,
    /// How long one query may take, waiting for its turn included.
    pub query_timeout: Duration,
    /// Memory of the cache; bytes.
    pub cache_max_bytes: u64,
}

/// What the handlers share; cheap to clone.
#[derive(Clone, Debug)]
pub struct AnalyticsState {
    reader: Reader,
    cache: Cache,
    sql: SqlRunner,
    access: Access,
    streams: Streams,
    settings: Arc<AnalyticsSettings>,
}

impl AnalyticsState {
    /// Over this warehouse; does not speak to it yet.
    pub fn new(warehouse: Warehouse, settings: AnalyticsSettings) -> Self {
        let sql = SqlRunner::new(warehouse.clone(), SqlConfig::default());
        let reader = Reader::new(
            warehouse,
            settings.max_concurrent_queries,
            settings.query_timeout,
        );
        let cache = Cache::new(settings.cache_max_bytes);
        Self {
            reader,
            cache,
            sql,
            access: Access::default(),
            streams: Streams::default(),
            settings: Arc::new(settings),
        }
    }

    /// The same, with read keys as configured.
    #[must_use]
    pub fn with_access(mut self, access: Access) -> Self {
        self.access = access;
        self
    }

    /// The same; streams and what runs beside requests end then.
    #[must_use]
    pub fn with_end(mut self, end: CancellationToken) -> Self {
        self.streams = Streams::until(end.clone());
        let looking = cache::watch_changes(self.cache.clone(), self.reader.clone());
        tokio::spawn(async move { end.run_until_cancelled(looking).await });
        self
    }

    /// The same, with these rules looked at from now on, until the streams end.
    #[must_use]
    pub fn with_alerts(self, rules: Vec<AlertRule>) -> Self {
        streams::watch_alerts(&self, rules);
        self
    }

    /// The same, with queries of analysts as configured.
    #[must_use]
    pub fn with_sql(mut self, warehouse: Warehouse, config: SqlConfig) -> Self {
        self.sql = SqlRunner::new(warehouse, config);
        self
    }
}

/// The API as it is served.
pub fn router(state: AnalyticsState) -> Router {
    let (routes, _) = routes().split_for_parts();
    routes
        .layer(from_fn(cache::revalidate))
        .layer(from_fn(conditional::answer_conditionally))
        .layer(compression())
        .route_layer(from_fn_with_state(state.access.clone(), access::admit))
        .with_state(state)
        .route("/openapi.json", get(openapi::get_openapi))
        .route("/docs/api", get(reference::get_reference))
        .route("/docs/api.css", get(reference::get_style))
}

/// Streams are sent as they come, and what is compressed by its own format is left as it is.
fn compression() -> CompressionLayer<impl Predicate> {
    let is_worth_it = DefaultPredicate::new()
        .and(SizeAbove::new(COMPRESSED_FROM_BYTES))
        .and(NotForContentType::const_new(
            "application/vnd.apache.parquet",
        ));
    CompressionLayer::new()
        .gzip(true)
        .zstd(true)
        .compress_when(is_worth_it)
}

/// The routes of the API, with what they say of themselves.
fn routes() -> OpenApiRouter<AnalyticsState> {
    let sql = OpenApiRouter::new()
        .routes(routes!(sql::post_sql))
        .layer(DefaultBodyLimit::max(sql::BODY_MAX_BYTES));
    OpenApiRouter::new()
        .routes(routes!(explore::timeseries::get_timeseries))
        .routes(routes!(explore::breakdown::get_breakdown))
        .routes(routes!(explore::comparison::get_comparison))
        .routes(routes!(explore::changes::get_changes))
        .routes(routes!(explore::dimensions::list_dimensions))
        .routes(routes!(explore::dimensions::list_dimension_values))
        .routes(routes!(live::get_live))
        .routes(routes!(metrics::list_metrics))
        .routes(routes!(metrics::get_quality))
        .routes(routes!(sessions::list_sessions))
        .routes(routes!(sessions::get_session))
        .merge(sql)
        .routes(routes!(top::get_top))
        .routes(routes!(viewers::list_live_viewers))
        .routes(routes!(streams::stream_live))
        .routes(routes!(streams::stream_viewers))
        .routes(routes!(streams::stream_alerts))
        .merge(resources::routes())
}
