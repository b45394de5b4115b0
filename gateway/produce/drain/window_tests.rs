use super::*;

const LIMITS: MessageLimits = MessageLimits {
    rows: 10,
    bytes: 1_000,
    linger_ms: 50,
};

fn record(seq: u64, partition: u32, rows: u32) -> Located {
    Located::for_test(seq, partition, rows, 100)
}

fn seqs(parcel: &Parcel) -> Vec<u64> {
    parcel.records.iter().map(|record| record.seq).collect()
}

#[test]
fn records_of_a_partition_share_messages_and_partitions_take_turns() {
    let now = Instant::now();
    let mut window = Window::default();
    for seq in 1..=6 {
        window.add(record(seq, (seq % 2) as u32, 4));
    }
    let sent: Vec<_> = std::iter::from_fn(|| window.next(LIMITS, now, 1_000))
        .map(|parcel| (parcel.partition, seqs(&parcel)))
        .collect();
    assert_eq!(
        sent,
        [(1, vec![1, 3]), (0, vec![2, 4]), (1, vec![5]), (0, vec![6])]
    );
}

#[test]
fn the_settled_end_never_passes_what_is_not_in_kafka() {
    let now = Instant::now();
    let mut window = Window::default();
    assert_eq!(window.settled_to(), 0);
    for seq in 1..=4 {
        window.add(record(seq, (seq % 2) as u32, 1));
    }
    let odd = window.next(LIMITS, now, 1_000).unwrap();
    let even = window.next(LIMITS, now, 1_000).unwrap();
    assert_eq!((seqs(&odd), seqs(&even)), (vec![1, 3], vec![2, 4]));
    window.settle(&even);
    assert_eq!(window.settled_to(), 0);
    window.settle(&odd);
    assert_eq!((window.settled_to(), window.len()), (4, 0));
}

#[test]
fn a_partition_that_fails_waits_and_goes_again_in_order_while_others_go_on() {
    let now = Instant::now();
    let mut window = Window::default();
    for seq in 1..=4 {
        window.add(record(seq, 1, 8));
    }
    window.add(record(5, 2, 1));
    let first = window.next(LIMITS, now, 1_000).unwrap();
    let other = window.next(LIMITS, now, 1_000).unwrap();
    let second = window.next(LIMITS, now, 1_000).unwrap();
    assert_eq!((first.partition, other.partition), (1, 2));
    assert!(
        window.next(LIMITS, now, 1_000).is_none(),
        "two are on their way"
    );
    window.put_back(second, now);
    window.put_back(first, now);
    window.settle(&other);
    assert!(window.next(LIMITS, now, 1_000).is_none(), "it pauses");
    let later = now + PAUSE_MAX;
    let again = window.next(LIMITS, later, 1_000).unwrap();
    assert_eq!(seqs(&again), [1]);
    assert!(
        window.next(LIMITS, later, 1_000).is_none(),
        "one shows whether it works"
    );
    window.settle(&again);
    assert_eq!(seqs(&window.next(LIMITS, later, 1_000).unwrap()), [2]);
}

#[test]
fn a_small_message_waits_for_the_linger() {
    let now = Instant::now();
    let mut window = Window::default();
    window.add(record(1, 1, 1));
    assert!(window.next(LIMITS, now, 49).is_none());
    assert!(window.next(LIMITS, now, 50).is_some());
}
