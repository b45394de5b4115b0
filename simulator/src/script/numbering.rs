//! The client's counters of its beacons.

use std::ops::Range;

/// Gives each beacon its `seq`; no number is ever given twice in one counter.
#[derive(Debug)]
pub(crate) struct Numbering {
    first: u64,
    next: u64,
    next_beat: u64,
    /// What was given before the client began to count anew.
    used: Range<u64>,
}

impl Numbering {
    /// Counts from `first` on.
    pub(crate) fn new(first: u64) -> Self {
        Self {
            first,
            next: first,
            next_beat: 0,
            used: 0..0,
        }
    }

    /// The next number.
    pub(crate) fn take(&mut self) -> u64 {
        if self.used.contains(&self.next) {
            self.next = self.used.end;
        }
        self.next += 1;
        self.next - 1
    }

    /// The next number of the counter that heartbeats have to themselves.
    pub(crate) fn take_beat(&mut self) -> u64 {
        self.next_beat += 1;
        self.next_beat - 1
    }

    /// Begins at 0 again; what was given stays given, and is skipped when counting comes to it.
    pub(crate) fn begin_anew(&mut self) {
        self.used = self.first..self.next;
        self.next = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::Numbering;

    #[test]
    fn counting_anew_gives_no_number_twice() {
        let mut numbering = Numbering::new(2);
        assert_eq!([numbering.take(), numbering.take()], [2, 3]);
        numbering.begin_anew();
        assert_eq!(
            [numbering.take(), numbering.take(), numbering.take()],
            [0, 1, 4]
        );
        assert_eq!((numbering.take(), numbering.take_beat()), (5, 0));
    }
}
