//! Dimensions: what the platform knows of its titles, channels and viewers, loaded into the warehouse.
//!
//! A file comes in by `load`: its rows are staged as they stand (`stage`), each is checked
//! (`checks`), and all of them appear at once or none does. One row comes in by `row`. What the
//! columns are and how a text becomes a value is in `dimension` and `column`; `refresh` brings it into the dictionaries.

pub mod column;
pub mod dimension;
pub mod error;
pub mod format;
pub mod load;

mod checks;
mod doors;
mod place;
mod refresh;
mod row;
mod stage;

use std::sync::Arc;

use axum::Router;
use axum::routing::put;
use tokio::sync::Semaphore;

use crate::config::{Config, DimensionsConfig};
use crate::warehouse::{Connection, Warehouse, WarehouseError};

pub use dimension::Dimension;
pub use error::DimensionError;
pub use format::FileFormat;
pub use load::Loaded;

use refresh::Refresher;

/// What the handlers share; cheap to clone.
#[derive(Clone, Debug)]
pub struct Dimensions {
    warehouse: Warehouse,
    config: Arc<DimensionsConfig>,
    /// Loads that may still begin.
    room: Arc<Semaphore>,
    refresher: Refresher,
}

impl Dimensions {
    /// Over the configured warehouse; does not speak to it yet. Must be called inside a runtime.
    ///
    /// # Errors
    /// A database name that is no plain identifier.
    pub fn new(config: &Config) -> Result<Self, WarehouseError> {
        let dimensions = config.dimensions.clone();
        let connection = Connection {
            request_timeout: dimensions.statement_timeout(),
            ..(&config.clickhouse).into()
        };
        let warehouse = Warehouse::new(connection)?;
        Ok(Self {
            refresher: Refresher::start(&warehouse),
            warehouse,
            room: Arc::new(Semaphore::new(dimensions.loads_max)),
            config: Arc::new(dimensions),
        })
    }
}

/// The routes, for the operators' port: whoever reaches it may write.
pub fn router(dimensions: Dimensions) -> Router {
    Router::new()
        .route("/v1/dimensions/{dimension}", put(doors::put_file))
        .route("/v1/dimensions/{dimension}/{id}", put(doors::put_row))
        .with_state(dimensions)
}
