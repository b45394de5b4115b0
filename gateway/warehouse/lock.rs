//! One migrator at a time, as well as ClickHouse can promise it.
//!
//! ClickHouse has no locks. What it does have is a CREATE TABLE that succeeds for exactly one of
//! many callers; the lock is such a table, and its comment names the holder. The holder rewrites
//! the comment every few seconds, so a lock whose holder has died is recognised by the server's
//! own clock and taken over.
//!
//! Promised: on one server, two migrators never work on one database at the same time, as long as
//! a holder that lives renews its lock within 30 s. A holder looks at its lock before each
//! file and stops when it has lost it. Not promised: anything across servers of a cluster (each
//! keeps its own lock table), which is why `playhead migrate` is one job of an installation.
//! Should two overlap all the same, idempotent files and one history row a version keep the
//! schema right.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use clickhouse::Row;
use serde::Deserialize;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

use super::{Warehouse, WarehouseError};

/// Name of the lock table; it exists only while a migrator works.
pub(super) const TABLE: &str = "playhead_migrations_lock";

const RENEW_EVERY: Duration = Duration::from_secs(5);
const LOOK_EVERY: Duration = Duration::from_millis(500);
const TABLE_ALREADY_EXISTS: u32 = 57;
const UNKNOWN_TABLE: u32 = 60;

/// How patient a migrator is with another one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    /// How long to wait for it to finish.
    pub(super) wait: Duration,
    /// Without a sign of life for this long it is taken for dead.
    pub(super) stale_after: Duration,
}

/// The held lock; it goes on renewing itself until released or dropped.
pub(super) struct Lock<'a> {
    warehouse: &'a Warehouse,
    owner: String,
    renewal: JoinHandle<()>,
}

#[derive(Row, Deserialize)]
struct Holder {
    owner: String,
    idle_seconds: u64,
}

impl<'a> Lock<'a> {
    /// Takes the lock, waiting up to `patience`; `waiting` is told once whom it waits for.
    pub(super) async fn take(
        warehouse: &'a Warehouse,
        patience: Patience,
        mut waiting: impl FnMut(&str),
    ) -> Result<Self, WarehouseError> {
        let owner = this_process();
        let give_up = Instant::now() + patience.wait;
        let mut has_told = false;
        loop {
            match create(warehouse, &owner).await {
                Ok(()) => return Ok(Self::held(warehouse, owner)),
                Err(error) if error.is_code(TABLE_ALREADY_EXISTS) => {}
                Err(other) => return Err(other),
            }
            let Some(holder) = holder(warehouse).await? else {
                continue;
            };
            if holder.idle_seconds > patience.stale_after.as_secs() {
                remove(warehouse, &holder.owner, &owner).await?;
                continue;
            }
            if Instant::now() >= give_up {
                return Err(WarehouseError::Locked {
                    database: warehouse.database().to_owned(),
                    owner: holder.owner,
                    idle_seconds: holder.idle_seconds,
                });
            }
            if !has_told {
                waiting(&holder.owner);
                has_told = true;
            }
            sleep(LOOK_EVERY).await;
        }
    }

    fn held(warehouse: &'a Warehouse, owner: String) -> Self {
        let (renewed, sign) = (warehouse.clone(), owner.clone());
        let renewal = tokio::spawn(async move {
            loop {
                sleep(RENEW_EVERY).await;
                // A failed renewal is seen by the check before the next file.
                if matches!(holder(&renewed).await, Ok(Some(holder)) if holder.owner == sign) {
                    let sql = format!("ALTER TABLE {TABLE} MODIFY COMMENT '{sign}'");
                    let _ = renewed
                        .execute(renewed.query(&sql), renewed.request_timeout())
                        .await;
                }
            }
        });
        Self {
            warehouse,
            owner,
            renewal,
        }
    }

    /// Makes sure that the lock is still ours before `file` is begun.
    pub(super) async fn check(&self, file: &str) -> Result<(), WarehouseError> {
        match holder(self.warehouse).await? {
            Some(holder) if holder.owner == self.owner => Ok(()),
            _ => Err(WarehouseError::LockLost {
                file: file.to_owned(),
            }),
        }
    }

    /// Gives the lock back, if it is still ours.
    pub(super) async fn release(self) -> Result<(), WarehouseError> {
        self.renewal.abort();
        remove(self.warehouse, &self.owner, &self.owner).await
    }
}

impl Drop for Lock<'_> {
    fn drop(&mut self) {
        self.renewal.abort();
    }
}

async fn create(warehouse: &Warehouse, owner: &str) -> Result<(), WarehouseError> {
    let sql = format!(
        "CREATE TABLE {TABLE} (unused UInt8 COMMENT 'the comment of the table is all that counts') \
         ENGINE = MergeTree ORDER BY tuple() COMMENT '{owner}'"
    );
    warehouse
        .execute(warehouse.query(&sql), warehouse.request_timeout())
        .await
}

async fn holder(warehouse: &Warehouse) -> Result<Option<Holder>, WarehouseError> {
    let sql = format!(
        "SELECT comment AS owner, toUInt64(greatest(0, dateDiff('second', metadata_modification_time, now()))) AS idle_seconds
FROM system.tables
WHERE database = '{}' AND name = '{TABLE}'",
        warehouse.database()
    );
    Ok(warehouse
        .rows::<Holder>(warehouse.server_query(&sql))
        .await?
        .pop())
}

/// Removes the lock of `holder`. The table is moved aside first, which succeeds for one caller
/// only, and looked at there: a lock that another migrator has taken meanwhile is put back.
async fn remove(warehouse: &Warehouse, holder: &str, by: &str) -> Result<(), WarehouseError> {
    let aside = format!(
        "{TABLE}_{}",
        by.chars()
            .filter(char::is_ascii_alphanumeric)
            .collect::<String>()
    );
    let limit = warehouse.request_timeout();
    let rename = |from: &str, to: &str| {
        let sql = format!("RENAME TABLE {from} TO {to}");
        let query = warehouse.query(&sql);
        async move { warehouse.execute(query, limit).await }
    };
    match rename(TABLE, &aside).await {
        Ok(()) => {}
        Err(error) if error.is_code(UNKNOWN_TABLE) => return Ok(()),
        Err(other) => return Err(other),
    }
    let sql = format!(
        "SELECT comment FROM system.tables WHERE database = '{}' AND name = '{aside}'",
        warehouse.database()
    );
    let found = warehouse
        .rows::<String>(warehouse.server_query(&sql))
        .await?
        .pop();
    if found.is_some_and(|found| found != holder) {
        return rename(&aside, TABLE).await;
    }
    warehouse
        .execute(
            warehouse.query(&format!("DROP TABLE IF EXISTS {aside}")),
            limit,
        )
        .await
}

/// Host, process and moment: no two migrators have the same.
fn this_process() -> String {
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let host: String = host
        .chars()
        .filter(|each| each.is_ascii_alphanumeric() || "-.".contains(*each))
        .collect();
    let moment = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    format!(
        "{host} process {} since {}",
        std::process::id(),
        moment.as_nanos()
    )
}
