//! How much of a change each value of a dimension brought about; the method is docs/changes.md.

use super::parts::Scatter;
use crate::analytics::explore::earlier::Side;

/// A contribution must be so many times as great as chance makes it.
const TIMES_CHANCE: f64 = 4.0;
/// And so great a part of the metric itself.
const LEAST_PART: f64 = 0.02;
/// A value with fewer observations in both windows together tells nothing.
const LEAST_OBSERVATIONS: f64 = 30.0;

/// The sums of a window.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sums {
    /// The metric's sum, or what it divides.
    pub numerator: f64,
    /// By what it divides.
    pub denominator: f64,
    /// Playbacks begun and minutes spent: how much was seen of it.
    pub observations: f64,
}

/// Both windows.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Change {
    /// The window.
    pub now: Sums,
    /// The one that it is compared with.
    pub before: Sums,
}

/// What a value brought about.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Contribution {
    /// By how much it changed the metric; those of all values of a dimension make the whole change.
    pub contribution: f64,
    /// Of that, by having more or less of the whole; 0 of sums.
    pub mix_effect: f64,
    /// Of that, by its own number; 0 of sums.
    pub rate_effect: f64,
    /// Of that, what is beyond its part in a change that is the same everywhere.
    pub excess: f64,
}

impl Change {
    /// The sums of one of the windows.
    pub fn side(&mut self, side: Side) -> &mut Sums {
        match side {
            Side::Now => &mut self.now,
            Side::Before => &mut self.before,
        }
    }
}

impl Sums {
    /// The metric of this window; `None` when there is nothing to tell it from.
    pub fn value(&self, is_ratio: bool) -> Option<f64> {
        match is_ratio {
            false => Some(self.numerator),
            true => (self.denominator > 0.0).then(|| self.numerator / self.denominator),
        }
    }
}

impl Scatter {
    fn is_ratio(self) -> bool {
        !matches!(self, Self::Count | Self::Sum)
    }
}

/// What `part` brought about of the change of `whole`; `None` when it cannot be told from chance, or is as great as a change
/// everywhere makes it.
pub fn contribution(scatter: Scatter, whole: &Change, part: &Change) -> Option<Contribution> {
    let is_ratio = scatter.is_ratio();
    let (value, value_before) = (whole.now.value(is_ratio)?, whole.before.value(is_ratio)?);
    if part.now.observations + part.before.observations < LEAST_OBSERVATIONS {
        return None;
    }
    let (mix_effect, rate_effect, chance) = if is_ratio {
        effects(scatter, whole, part)?
    } else {
        (0.0, 0.0, chance_of_sum(scatter, part))
    };
    let contribution = match is_ratio {
        true => mix_effect + rate_effect,
        false => part.now.numerator - part.before.numerator,
    };
    let excess = excess(contribution, value - value_before, whole, part);
    let scale = if value_before == 0.0 {
        value
    } else {
        value_before
    };
    let is_told = excess.abs() >= TIMES_CHANCE * chance
        && excess.abs() >= LEAST_PART * scale.abs()
        && excess != 0.0;
    is_told.then_some(Contribution {
        contribution,
        mix_effect,
        rate_effect,
        excess,
    })
}

/// Mix and rate effect of a ratio, and how great chance makes their sum.
fn effects(scatter: Scatter, whole: &Change, part: &Change) -> Option<(f64, f64, f64)> {
    let weight = |sums: &Sums, of: &Sums| sums.denominator / of.denominator;
    let (now, before) = (
        weight(&part.now, &whole.now),
        weight(&part.before, &whole.before),
    );
    let (rate_now, rate_before) = (part.now.value(true), part.before.value(true));
    // What is not there in one window has no number of its own in it: all of its effect is that it came or went.
    let (rate_now, rate_before) = match (rate_now, rate_before) {
        (None, None) => return None,
        (now, before) => (now.or(before)?, before.or(now)?),
    };
    let middle = f64::midpoint(whole.now.value(true)?, whole.before.value(true)?);
    let rate = f64::midpoint(rate_now, rate_before);
    let weight = f64::midpoint(now, before);
    let mix_effect = (now - before) * (rate - middle);
    let rate_effect = (rate_now - rate_before) * weight;

    let counted = |sums: &Sums| match scatter {
        Scatter::ShareOfCount | Scatter::MeanOfCount => sums.denominator,
        _ => sums.observations,
    };
    let inverse = |sums: &Sums| 1.0 / counted(sums).max(1.0);
    let observed = counted(&part.now) + counted(&part.before);
    let variance = match scatter {
        Scatter::ShareOfCount | Scatter::ShareOfTime => {
            // One more of each kind than was seen, so that never having seen one is no certainty.
            let share = (rate.clamp(0.0, 1.0) * observed + 1.0) / (observed + 2.0);
            share * (1.0 - share)
        }
        _ => rate_now.max(rate_before).powi(2),
    };
    let is_in_both = part.now.denominator > 0.0 && part.before.denominator > 0.0;
    let of_rates = if is_in_both {
        weight * (variance * (inverse(&part.now) + inverse(&part.before))).sqrt()
    } else {
        now.max(before) * (variance * (1.0 / observed.max(1.0))).sqrt()
    };
    let of_weights =
        (weight * (1.0 - weight).max(0.0) * (inverse(&whole.now) + inverse(&whole.before))).sqrt()
            * (rate - middle).abs();
    Some((mix_effect, rate_effect, of_rates.hypot(of_weights)))
}

fn chance_of_sum(scatter: Scatter, part: &Change) -> f64 {
    match scatter {
        Scatter::Count => (part.now.numerator + part.before.numerator).max(1.0).sqrt(),
        _ => {
            let one = |sums: &Sums| sums.numerator.powi(2) / sums.observations.max(1.0);
            (one(&part.now) + one(&part.before)).sqrt()
        }
    }
}

/// What of a contribution is beyond the part that the value has in a change everywhere: by its part of the audience, and by
/// its part of the number itself. The lesser one, and 0 where it goes the other way.
fn excess(contribution: f64, change: f64, whole: &Change, part: &Change) -> f64 {
    let share = |part: f64, whole: f64| if whole > 0.0 { part / whole } else { 0.0 };
    let audience = f64::midpoint(
        share(part.now.observations, whole.now.observations),
        share(part.before.observations, whole.before.observations),
    );
    let of_audience = contribution - change * audience;
    let of_number = match whole.before.numerator > 0.0 {
        true => contribution - change * part.before.numerator / whole.before.numerator,
        false => of_audience,
    };
    let all = [contribution, of_audience, of_number];
    let is_one_way = all.iter().all(|each| *each > 0.0) || all.iter().all(|each| *each < 0.0);
    if !is_one_way {
        return 0.0;
    }
    let least = all
        .iter()
        .map(|each| each.abs())
        .fold(f64::INFINITY, f64::min);
    least.copysign(contribution)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sums(numerator: f64, denominator: f64) -> Sums {
        Sums {
            numerator,
            denominator,
            observations: denominator,
        }
    }

    fn whole(parts: &[Change]) -> Change {
        let add = |one: Sums, other: &Sums| Sums {
            numerator: one.numerator + other.numerator,
            denominator: one.denominator + other.denominator,
            observations: one.observations + other.observations,
        };
        parts.iter().fold(Change::default(), |all, part| Change {
            now: add(all.now, &part.now),
            before: add(all.before, &part.before),
        })
    }

    fn change(now: (f64, f64), before: (f64, f64)) -> Change {
        Change {
            now: sums(now.0, now.1),
            before: sums(before.0, before.1),
        }
    }

    #[test]
    fn contributions_make_the_whole_change() {
        let parts = [
            change((900.0, 5_000.0), (100.0, 4_000.0)),
            change((50.0, 4_000.0), (60.0, 6_000.0)),
            change((80.0, 1_000.0), (0.0, 0.0)),
            change((0.0, 0.0), (500.0, 1_000.0)),
        ];
        let whole = whole(&parts);
        let all: f64 = parts
            .iter()
            .map(|part| {
                let (mix, rate, _) = effects(Scatter::ShareOfTime, &whole, part).unwrap();
                mix + rate
            })
            .sum();
        let change = whole.now.value(true).unwrap() - whole.before.value(true).unwrap();
        assert!((all - change).abs() < 1e-12, "{all} {change}");
    }

    #[test]
    fn who_changed_is_told_and_who_did_not_is_not() {
        let stalled = change((1_000.0, 5_000.0), (50.0, 5_000.0));
        let calm = change((50.0, 5_000.0), (50.0, 5_000.0));
        let whole = whole(&[stalled, calm]);
        let told = contribution(Scatter::ShareOfTime, &whole, &stalled).unwrap();
        assert!((told.contribution - 0.095).abs() < 1e-12);
        assert!((told.rate_effect - 0.095).abs() < 1e-12);
        assert_eq!(contribution(Scatter::ShareOfTime, &whole, &calm), None);
        // The only value of a dimension changed as much as everything.
        assert_eq!(contribution(Scatter::ShareOfTime, &whole, &whole), None);
    }

    #[test]
    fn a_change_everywhere_is_nobodys() {
        let parts = [
            change((30.0, 1_000.0), (10.0, 1_000.0)),
            change((600.0, 4_000.0), (200.0, 4_000.0)),
        ];
        let whole = whole(&parts);
        for part in parts {
            assert_eq!(contribution(Scatter::ShareOfTime, &whole, &part), None);
        }
        let grown = [
            change((1_100.0, 1_100.0), (1_000.0, 1_000.0)),
            change((3_300.0, 3_300.0), (3_000.0, 3_000.0)),
        ];
        let all = self::whole(&grown);
        for part in grown {
            assert_eq!(contribution(Scatter::Count, &all, &part), None);
        }
    }

    #[test]
    fn small_numbers_tell_nothing() {
        let few = change((5.0, 10.0), (0.0, 10.0));
        let many = change((100.0, 10_000.0), (100.0, 10_000.0));
        let whole = whole(&[few, many]);
        assert_eq!(contribution(Scatter::ShareOfCount, &whole, &few), None);
        // Three errors more among a thousand playbacks are chance.
        let chance = change((9.0, 1_000.0), (6.0, 1_000.0));
        let whole = self::whole(&[chance, many]);
        assert_eq!(contribution(Scatter::ShareOfCount, &whole, &chance), None);
        assert_eq!(contribution(Scatter::Count, &whole, &chance), None);
    }

    #[test]
    fn who_came_is_told() {
        let came = change((100.0, 100.0), (0.0, 0.0));
        let there = change((1_000.0, 1_000.0), (1_000.0, 1_000.0));
        let whole = whole(&[came, there]);
        let told = contribution(Scatter::Count, &whole, &came).unwrap();
        assert_eq!(told.contribution, 100.0);
        assert!(told.excess > 90.0);
        assert_eq!(contribution(Scatter::Count, &whole, &there), None);
    }
}
