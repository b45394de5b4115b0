//! Finds gateways that forward in a circle.
//!
//! Each gateway has a name that it makes up when it starts. A forwarded body carries the names of the
//! gateways that it may have passed. Beacons of many bodies go on together, so what is carried is the
//! longest way that was heard of lately, and this gateway's name behind it. In a circle a gateway hears
//! its own name after one round, whichever way was the longest.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::ForwardError;

/// The header that carries the names.
pub const VIA: &str = "x-playhead-via";
/// More gateways one behind the other than anybody needs.
const HOPS_MAX: usize = 8;
/// A way that was not heard of for so long is no more.
const REMEMBERED_FOR: Duration = Duration::from_secs(60);
/// Bytes of a name, before they are written in hexadecimal digits.
const NAME_BYTES: usize = 8;

/// Why a forwarded body is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Loop {
    /// It has been here.
    #[error("gateways forward to each other in a circle")]
    Circle,
    /// It came through too many gateways.
    #[error("more than {HOPS_MAX} gateways forward one to the next")]
    TooLong,
}

/// The name of this gateway, and the longest way that was heard of.
#[derive(Debug)]
pub struct Hops {
    name: String,
    longest: Mutex<Option<(Instant, Vec<String>)>>,
}

impl Hops {
    /// Makes up a name.
    ///
    /// # Errors
    /// A system without randomness.
    pub fn new() -> Result<Self, ForwardError> {
        let mut random = [0; NAME_BYTES];
        getrandom::fill(&mut random).map_err(|_| ForwardError::Randomness)?;
        let number = u64::from_le_bytes(random);
        Ok(Self {
            name: format!("{number:016x}"),
            longest: Mutex::default(),
        })
    }

    /// Hears the way of a body that has come.
    ///
    /// # Errors
    /// A way on which the body must not go on.
    pub fn hear(&self, via: &str) -> Result<(), Loop> {
        let names = via
            .split(',')
            .map(str::trim)
            .filter(|name| !name.is_empty());
        let way: Vec<&str> = names.take(HOPS_MAX + 1).collect();
        if way.contains(&self.name.as_str()) {
            return Err(Loop::Circle);
        }
        if way.len() >= HOPS_MAX || way.iter().any(|name| name.len() > 2 * NAME_BYTES) {
            return Err(Loop::TooLong);
        }
        let mut longest = self.longest.lock().unwrap_or_else(PoisonError::into_inner);
        let is_longest = longest.as_ref().is_none_or(|(heard, known)| {
            heard.elapsed() > REMEMBERED_FOR || way.len() >= known.len()
        });
        if is_longest {
            *longest = Some((Instant::now(), way.into_iter().map(str::to_owned).collect()));
        }
        Ok(())
    }

    /// The way of a body that goes on: what was heard, and this gateway.
    pub fn tell(&self) -> String {
        let longest = self.longest.lock().unwrap_or_else(PoisonError::into_inner);
        let recent = longest
            .as_ref()
            .filter(|(heard, _)| heard.elapsed() <= REMEMBERED_FOR);
        let mut way = recent.map(|(_, way)| way.join(",")).unwrap_or_default();
        if !way.is_empty() {
            way.push(',');
        }
        way.push_str(&self.name);
        way
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_grows_by_each_gateway() {
        let (edge, middle) = (Hops::new().unwrap(), Hops::new().unwrap());
        assert_eq!(edge.tell(), edge.name);
        middle.hear(&edge.tell()).unwrap();
        assert_eq!(middle.tell(), format!("{},{}", edge.name, middle.name));
    }

    #[test]
    fn a_circle_is_found_after_one_round() {
        let gateways: Vec<_> = (0..3).map(|_| Hops::new().unwrap()).collect();
        assert_eq!(gateways[0].hear(&gateways[0].tell()), Err(Loop::Circle));
        // Another edge is heard in between, and its way is as long.
        let other = Hops::new().unwrap();
        let mut found = false;
        for round in 0..3 {
            for (at, gateway) in gateways.iter().enumerate() {
                let next = &gateways[(at + 1) % 3];
                let heard = next.hear(&gateway.tell());
                if round == 0 && at == 0 {
                    assert_eq!(heard, Ok(()));
                    next.hear(&other.tell()).unwrap();
                }
                found |= heard == Err(Loop::Circle);
            }
        }
        assert!(found);
    }

    #[test]
    fn ways_do_not_grow_without_end() {
        let hops = Hops::new().unwrap();
        let of = |length: usize| vec!["ab"; length].join(", ");
        assert_eq!(hops.hear(&of(HOPS_MAX - 1)), Ok(()));
        assert_eq!(hops.hear(&of(HOPS_MAX)), Err(Loop::TooLong));
        assert_eq!(hops.hear(&of(10_000)), Err(Loop::TooLong));
        assert_eq!(hops.hear(&"x".repeat(1_000)), Err(Loop::TooLong));
    }
}
