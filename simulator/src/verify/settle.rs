//! Compares again while something differs only because a pass has not come by.

use std::time::Duration;

use anyhow::Result;
use tokio::time::{Instant, sleep};

use super::{Comparison, Scope, Warehouse, compare_all};
use crate::truth::Truth;

const PAUSE: Duration = Duration::from_secs(3);
/// Its rows are what was sent; no pass changes them.
const NOT_COMPUTED: &str = "beacons_v";

/// Compares everything, then what differed again and again, and once more everything that is computed when nothing differs:
/// what was equal must have stayed so. What differs at `give_up` is the result.
pub(crate) async fn compare_until_equal(
    warehouse: &Warehouse,
    truth: &Truth,
    scope: Scope,
    give_up: Instant,
) -> Result<Vec<Comparison>> {
    let mut comparisons = compare_all(warehouse, truth, scope, |_| true).await?;
    // Whether all that is equal was compared after the last difference.
    let mut is_settled = true;
    loop {
        if comparisons.iter().all(Comparison::is_equal) {
            if is_settled {
                return Ok(comparisons);
            }
            let again = compare_all(warehouse, truth, scope, |view| view != NOT_COMPUTED).await?;
            replace(&mut comparisons, again);
            is_settled = comparisons.iter().all(Comparison::is_equal);
            continue;
        }
        if Instant::now() > give_up {
            return Ok(comparisons);
        }
        is_settled = false;
        sleep(PAUSE).await;
        let differed = |view: &str| {
            comparisons
                .iter()
                .any(|one| !one.is_equal() && one.view == view)
        };
        let again = compare_all(warehouse, truth, scope, differed).await?;
        replace(&mut comparisons, again);
    }
}

/// Puts newer comparisons in the place of older ones.
fn replace(comparisons: &mut [Comparison], newer: Vec<Comparison>) {
    for comparison in newer {
        let place = comparisons
            .iter_mut()
            .find(|one| one.view == comparison.view);
        if let Some(before) = place {
            *before = comparison;
        }
    }
}
