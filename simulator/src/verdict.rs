//! Whether a run did what it should.

use std::fmt;

use crate::verify::Comparison;

/// What came of a run.
#[derive(Debug, Clone)]
pub struct Verdict {
    /// One for each view; empty without --verify.
    pub(crate) comparisons: Vec<Comparison>,
    /// Why waiting for the warehouse ended before it had settled.
    pub(crate) gave_up: Option<String>,
    /// Seeds whose worlds have to do with what differs; empty without --seeds.
    pub(crate) suspects: Vec<u64>,
    /// Beacons that the gateway did not take.
    pub(crate) not_taken: u64,
    /// Beacons sent once more because a request that had been sent was not acknowledged.
    pub(crate) redelivered: u64,
}

impl Verdict {
    /// Everything sent was taken, and everything compared was equal.
    pub fn is_passed(&self) -> bool {
        self.not_taken == 0
            && self.gave_up.is_none()
            && self.comparisons.iter().all(Comparison::is_equal)
    }

    /// Names of the views that were compared.
    pub fn views(&self) -> Vec<&str> {
        self.comparisons
            .iter()
            .map(|comparison| comparison.view.as_str())
            .collect()
    }

    /// `view.column` of every column with a difference, and the view's name where rows are missing or too many.
    pub fn differing(&self) -> Vec<String> {
        self.comparisons
            .iter()
            .flat_map(Comparison::differing)
            .collect()
    }

    /// Seeds of --seeds whose worlds have to do with what differs.
    pub fn suspects(&self) -> &[u64] {
        &self.suspects
    }

    /// Single values that were compared.
    pub fn values_compared(&self) -> usize {
        self.comparisons
            .iter()
            .flat_map(|comparison| comparison.columns.values())
            .map(|column| column.compared)
            .sum()
    }

    /// Beacons sent once more because no acknowledgement came; a count.
    pub fn redelivered(&self) -> u64 {
        self.redelivered
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = if self.is_passed() { "PASSED" } else { "FAILED" };
        let columns: usize = self
            .comparisons
            .iter()
            .map(|comparison| comparison.columns.len())
            .sum();
        let (views, values) = (self.comparisons.len(), self.values_compared());
        if views == 0 {
            write!(
                f,
                "{word}: everything was delivered; nothing was to be compared"
            )?;
        } else {
            write!(
                f,
                "{word}: {values} values of {columns} columns of {views} views compared"
            )?;
        }
        write!(
            f,
            "; {} beacons redelivered, {} not taken",
            self.redelivered, self.not_taken
        )?;
        let differing = self.differing();
        if !differing.is_empty() {
            write!(f, "; differing: {}", differing.join(", "))?;
        }
        if let Some(first) = self.suspects.first() {
            let seeds: Vec<String> = self.suspects.iter().map(u64::to_string).collect();
            write!(
                f,
                "\nseeds that it has to do with: {}; one alone, in an empty database: playhead simulate --seeds {first} --verify",
                seeds.join(",")
            )?;
        }
        if let Some(reason) = &self.gave_up {
            write!(f, "\n{reason}")?;
        }
        Ok(())
    }
}
