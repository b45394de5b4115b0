//! Dictionaries take what was told now, not only when their lifetime is over.
//!
//! A server refreshes a dictionary within its `LIFETIME`; the embedded engine never does. So the
//! gateway refreshes what it has changed itself, on the server that it writes to.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::mpsc;
use tokio::time::sleep;

use super::Dimension;
use crate::warehouse::{Warehouse, WarehouseError};

/// Rows told within this time share one refresh.
const GATHERED_FOR: Duration = Duration::from_secs(1);
/// Between two refreshes for single rows, as a multiple of what the last one took: a large
/// dictionary and many rows cost a tenth of the time at most.
const REST_FACTOR: u32 = 9;

/// Refreshes dictionaries after single rows, until its last clone is dropped.
#[derive(Clone, Debug)]
pub(super) struct Refresher {
    changed: Arc<[(Dimension, mpsc::Sender<()>); 3]>,
}

impl Refresher {
    /// Begins to wait for changes.
    pub(super) fn start(warehouse: &Warehouse) -> Self {
        let each = |dimension| {
            // One place: a change that is waiting already stands for the next ones too.
            let (changed, changes) = mpsc::channel(1);
            tokio::spawn(follow(warehouse.clone(), dimension, changes));
            (dimension, changed)
        };
        Self {
            changed: Arc::new(Dimension::ALL.map(each)),
        }
    }

    /// Has the dictionary of a dimension refreshed soon.
    pub(super) fn changed(&self, dimension: Dimension) {
        for (each, changed) in self.changed.iter() {
            if *each == dimension {
                // Full: a refresh is coming.
                let _ = changed.try_send(());
            }
        }
    }
}

async fn follow(warehouse: Warehouse, dimension: Dimension, mut changes: mpsc::Receiver<()>) {
    while changes.recv().await.is_some() {
        sleep(GATHERED_FOR).await;
        // What was told in the meantime is in the table, so this refresh is theirs as well.
        let _ = changes.try_recv();
        let began = Instant::now();
        refresh(&warehouse, dimension).await;
        sleep(began.elapsed() * REST_FACTOR).await;
    }
}

/// Refreshes the dictionary of a dimension, if anybody has used it.
pub(super) async fn refresh(warehouse: &Warehouse, dimension: Dimension) {
    let dictionary = dimension.dictionary();
    let is_used = format!(
        "SELECT toUInt8(count()) FROM system.dictionaries WHERE database = currentDatabase() AND name = '{dictionary}' AND status = 'LOADED'"
    );
    let reload = async {
        if warehouse.rows::<u8>(warehouse.query(&is_used)).await? == [1] {
            let sql = format!("SYSTEM RELOAD DICTIONARY {dictionary}");
            let limit = warehouse.request_timeout();
            warehouse.execute(warehouse.query(&sql), limit).await?;
        }
        Ok::<(), WarehouseError>(())
    };
    if let Err(error) = reload.await {
        tracing::warn!(%error, dictionary, "not refreshed now; a server does it by itself later");
    }
}
