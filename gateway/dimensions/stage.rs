//! The tables of one load: the file as it stands, and the rows as they will be.
//!
//! They are this load's own and are dropped at its end. A gateway that is killed leaves them behind;
//! a later load drops what is older than a day.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use clickhouse::query::Query;

use super::column::quoted;
use super::{Dimension, FileFormat};
use crate::warehouse::schema::LOAD_PREFIX;
use crate::warehouse::{Warehouse, WarehouseError};

/// After this nobody works on a load any more.
const STALE_AFTER: Duration = Duration::from_secs(24 * 3600);

/// The tables of one load.
pub(super) struct Stage<'w> {
    warehouse: &'w Warehouse,
    pub(super) dimension: Dimension,
    pub(super) format: FileFormat,
    /// The file as it stands, in its order.
    pub(super) table: String,
    /// The rows as they will be.
    ready: String,
}

impl<'w> Stage<'w> {
    /// Makes the table for the file, and clears away what dead loads have left.
    pub(super) async fn create(
        warehouse: &'w Warehouse,
        dimension: Dimension,
        format: FileFormat,
    ) -> Result<Self, WarehouseError> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let began = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        drop_stale(warehouse, began.saturating_sub(STALE_AFTER)).await?;
        let (pid, number) = (std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        // Gateways on several machines may share a process id, hardly the nanosecond too.
        let table = format!("{LOAD_PREFIX}{}_{pid}_{number}", began.as_nanos());
        let columns: Vec<_> = dimension
            .columns()
            .iter()
            .map(|column| {
                let kind = column.staged_type(format.is_typed());
                format!("{} {kind}", quoted(column.name))
            })
            .collect();
        // Log keeps the rows in the order of the file, which their numbers rely on.
        let sql = format!(
            "CREATE TABLE {table} ({}) ENGINE = Log COMMENT 'A file being loaded into {}'",
            columns.join(", "),
            dimension.name()
        );
        let stage = Self {
            warehouse,
            dimension,
            format,
            ready: format!("{table}_ready"),
            table,
        };
        stage.run(warehouse.query(&sql)).await?;
        Ok(stage)
    }

    /// Makes all rows appear in the dimension at once.
    pub(super) async fn publish(&self, tenant: &str) -> Result<(), WarehouseError> {
        let (target, ready) = (self.dimension.name(), &self.ready);
        self.run(
            self.warehouse
                .query(&format!("CREATE TABLE {ready} AS {target}")),
        )
        .await?;
        let columns = self.dimension.columns();
        let names: Vec<_> = columns.iter().map(|column| quoted(column.name)).collect();
        let values: Vec<_> = columns
            .iter()
            .map(|column| column.value_sql(self.format.is_typed()))
            .collect();
        let fill = format!(
            "INSERT INTO {ready} (tenant, {}) SELECT {{tenant:String}}, {} FROM {}",
            names.join(", "),
            values.join(", "),
            self.table
        );
        self.run(self.warehouse.query(&fill).param("tenant", tenant))
            .await?;
        // One statement takes over all parts or none; an INSERT would show block after block.
        let attach = format!("ALTER TABLE {target} ATTACH PARTITION tuple() FROM {ready}");
        self.run(self.warehouse.query(&attach)).await
    }

    /// Drops the tables; what cannot be dropped now is dropped by a later load.
    pub(super) async fn drop(self) {
        for table in [&self.ready, &self.table] {
            let sql = format!("DROP TABLE IF EXISTS {table}");
            if let Err(error) = self.run(self.warehouse.query(&sql)).await {
                tracing::warn!(%error, table, "the table of a load could not be dropped");
            }
        }
    }

    async fn run(&self, query: Query) -> Result<(), WarehouseError> {
        let limit = self.warehouse.request_timeout();
        self.warehouse.execute(query, limit).await
    }
}

/// Drops the tables of loads that began before this moment.
async fn drop_stale(warehouse: &Warehouse, before: Duration) -> Result<(), WarehouseError> {
    let sql = format!(
        "SELECT name FROM system.tables WHERE database = currentDatabase() AND startsWith(name, '{LOAD_PREFIX}')"
    );
    for table in warehouse.rows::<String>(warehouse.query(&sql)).await? {
        let began = table[LOAD_PREFIX.len()..].split('_').next();
        let began_ns = began.and_then(|digits| digits.parse::<u128>().ok());
        if began_ns.is_some_and(|began_ns| began_ns < before.as_nanos()) {
            let sql = format!("DROP TABLE IF EXISTS {}", quoted(&table));
            let limit = warehouse.request_timeout();
            warehouse.execute(warehouse.query(&sql), limit).await?;
        }
    }
    Ok(())
}
