//! The parts of a running gateway, built once and shared by all handlers.

use std::sync::Arc;

use metrics_exporter_prometheus::PrometheusHandle;
use tokio_util::sync::CancellationToken;

use crate::analytics::access::Access;
use crate::analytics::{AnalyticsSettings, AnalyticsState};
use crate::config::Config;
use crate::dimensions::Dimensions;
use crate::enrich::Enricher;
use crate::gate::Gate;
use crate::health::Readiness;
use crate::ingest::Ingest;
use crate::privacy::Privacy;
use crate::produce::Producer;
use crate::warehouse::Warehouse;
use crate::watch::Watch;

/// What handlers may need; cheap to clone.
#[derive(Clone)]
pub struct AppState {
    /// What is configured.
    pub config: Arc<Config>,
    /// The way of a beacon, for the doors.
    pub ingest: Ingest,
    /// The way to Kafka.
    pub producer: Producer,
    /// Whether beacons can be taken now.
    pub readiness: Readiness,
    /// What the analytics API answers from.
    pub analytics: AnalyticsState,
    /// Where titles, programmes and viewers are loaded.
    pub dimensions: Dimensions,
    /// The page of `/metrics`.
    pub metrics: PrometheusHandle,
}

impl AppState {
    /// Connects to what the configuration names; no longer ready once `end` has come.
    ///
    /// # Errors
    /// Write keys, databases of places or keys of hashes that cannot be read; Kafka that lacks the topic, or that does not answer while there is no spool; a
    /// spool that cannot be opened.
    pub async fn build(config: Config, end: CancellationToken) -> anyhow::Result<Self> {
        let metrics = crate::metrics::start()?;
        let warehouse = Warehouse::new((&config.clickhouse).into())?;
        let gate = Gate::open(&config, &end)?;
        let enricher = Enricher::open(&config.enrich, &end)?;
        let privacy = Privacy::open(&config.privacy, &end)?;
        let watch = Watch::new(end.clone());
        let access = Access::open(&config.read_keys, end.clone())?;
        let producer = Producer::start(config.clone()).await?;
        Ok(Self {
            ingest: Ingest::new(&config, gate, enricher, privacy, watch, producer.clone()),
            readiness: Readiness::new(producer.clone(), end.clone()),
            producer,
            analytics: AnalyticsState::new(warehouse.clone(), AnalyticsSettings::from(&config))
                .with_sql(warehouse, config.sql.clone())
                .with_access(access)
                .with_end(end)
                .with_alerts(config.alerts.clone()),
            dimensions: Dimensions::new(&config)?,
            metrics,
            config: Arc::new(config),
        })
    }
}
