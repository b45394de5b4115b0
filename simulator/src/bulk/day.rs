//! When sessions of a bulk load arrive: few at night, most in the evening.

/// One hour; ms.
pub(super) const HOUR_MS: i64 = 3_600_000;

/// Arrivals of an hour of the day (UTC), of about a thousand.
const ARRIVALS: [u64; 24] = [
    26, 19, 14, 11, 10, 12, 17, 24, 30, 34, 36, 39, 44, 45, 44, 45, 50, 59, 70, 84, 92, 86, 66, 43,
];

/// The stretch of time that is loaded, and how its sessions are spread over it.
#[derive(Debug)]
pub(super) struct Day {
    /// Unix ms.
    pub(super) begins_ms: i64,
    /// Sessions that have arrived by the end of each hour.
    arrived: Vec<u64>,
}

impl Day {
    /// `hours` hours that end at `ends_ms`, with `sessions` arrivals.
    pub(super) fn of(ends_ms: i64, hours: u32, sessions: u64) -> Self {
        let begins_ms = ends_ms - i64::from(hours) * HOUR_MS;
        let weight = |hour: u32| {
            let of_day = (begins_ms / HOUR_MS + i64::from(hour)).rem_euclid(24);
            // The remainder is below 24.
            u128::from(ARRIVALS[of_day as usize])
        };
        let whole: u128 = (0..hours).map(weight).sum();
        let mut so_far = 0;
        let arrived = (0..hours).map(|hour| {
            so_far += weight(hour);
            // At most `sessions`.
            (u128::from(sessions) * so_far / whole) as u64
        });
        Self {
            begins_ms,
            arrived: arrived.collect(),
        }
    }

    /// Begin of an hour; Unix ms.
    pub(super) fn hour_begins_ms(&self, hour: u32) -> i64 {
        self.begins_ms + i64::from(hour) * HOUR_MS
    }

    /// The sessions that arrive in an hour, with the time of each; Unix ms, ascending.
    pub(super) fn arrivals(&self, hour: u32) -> impl Iterator<Item = (u64, i64)> {
        let place = hour as usize;
        let first = match place {
            0 => 0,
            _ => self.arrived[place - 1],
        };
        let count = self.arrived[place] - first;
        let begins_ms = self.hour_begins_ms(hour);
        (0..count).map(move |nth| {
            let part_ms = u128::from(nth) * HOUR_MS as u128 / u128::from(count);
            (first + nth, begins_ms + part_ms as i64)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_session_arrives_once_and_in_order() {
        let day = Day::of(1_795_255_200_000, 24, 1_000);
        let arrivals: Vec<_> = (0..24).flat_map(|hour| day.arrivals(hour)).collect();
        let indexes: Vec<_> = arrivals.iter().map(|(index, _)| *index).collect();
        assert_eq!(indexes, (0..1_000).collect::<Vec<_>>());
        assert!(arrivals.is_sorted_by_key(|(_, at_ms)| *at_ms));
        let of_hour = |utc: i64| {
            let here = |at_ms: &&(u64, i64)| (at_ms.1 / HOUR_MS).rem_euclid(24) == utc;
            arrivals.iter().filter(here).count()
        };
        assert!(
            of_hour(20) > 5 * of_hour(4),
            "evenings are busier than nights"
        );
    }
}
