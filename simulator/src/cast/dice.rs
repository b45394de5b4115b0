//! Random choices, by the words that the stories use.

use std::ops::Range;

use rand::Rng;
use rand_chacha::ChaCha8Rng;

/// A seeded source of choices; the same seed always makes the same choices.
pub(crate) trait Dice {
    /// True in `percent` of the cases.
    fn chance(&mut self, percent: f64) -> bool;
    /// A whole number of the range, milliseconds mostly.
    fn within(&mut self, range: Range<i64>) -> i64;
    /// One of `items`, all equally likely; `items` is never empty (static tables).
    fn pick<T: Copy>(&mut self, items: &[T]) -> T;
    /// A time of about that mean, mostly shorter, at most three times as long; ms.
    fn around(&mut self, mean_ms: i64) -> i64;
    /// An index below `count`, the first ones far more often (Zipf with exponent 1).
    fn zipf(&mut self, count: usize) -> usize;
}

impl Dice for ChaCha8Rng {
    fn chance(&mut self, percent: f64) -> bool {
        self.random_range(0.0..100.0) < percent
    }

    fn within(&mut self, range: Range<i64>) -> i64 {
        self.random_range(range)
    }

    fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.random_range(0..items.len())]
    }

    fn around(&mut self, mean_ms: i64) -> i64 {
        let u: f64 = self.random_range(0.05..1.0);
        (-u.ln() * mean_ms as f64) as i64 + 1
    }

    fn zipf(&mut self, count: usize) -> usize {
        // The inverse of the harmonic sum, by its logarithm: good to a few per cent, and cheap.
        let u: f64 = self.random_range(0.0..1.0);
        let index = ((count as f64 + 1.0).powf(u) - 1.0) as usize;
        index.min(count.saturating_sub(1))
    }
}
