//! Token buckets: how many beacons a key may bring, and how often a client may ask.

use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use governor::clock::Clock as _;
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use moka::policy::EvictionPolicy;
use moka::sync::Cache;

use crate::config::GateConfig;

/// A bucket that holds a burst and fills at a rate; one atomic number.
#[derive(Debug)]
pub(crate) struct Bucket {
    limiter: DefaultDirectRateLimiter,
    rate: NonZeroU32,
    burst: NonZeroU32,
}

impl Bucket {
    /// A full one.
    pub(crate) fn new(rate: NonZeroU32, burst: NonZeroU32) -> Self {
        let quota = Quota::per_second(rate).allow_burst(burst);
        Self {
            limiter: RateLimiter::direct(quota),
            rate,
            burst,
        }
    }

    /// A full one; 0 counts as 1.
    pub(crate) fn per_second(rate: u32, burst: u32) -> Self {
        let at_least_one = |number| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
        Self::new(at_least_one(rate), at_least_one(burst))
    }

    /// Whether it follows the same numbers.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        (self.rate, self.burst) == (other.rate, other.burst)
    }

    /// Takes so many at once, or nothing.
    ///
    /// # Errors
    /// How long it takes until there are enough.
    pub(crate) fn take(&self, count: usize) -> Result<(), Duration> {
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        // More than ever fit at once would never be let in: they take all there is.
        let Some(count) = NonZeroU32::new(count.min(self.burst.get())) else {
            return Ok(());
        };
        match self.limiter.check_n(count) {
            Ok(Ok(())) => Ok(()),
            Ok(Err(later)) => Err(later.wait_time_from(self.limiter.clock().now())),
            // Not more than the burst, so it fits some day.
            Err(_) => Err(Duration::from_secs(1)),
        }
    }
}

/// A bucket for each client that was seen lately.
pub(super) struct ClientBuckets {
    buckets: Cache<IpAddr, Arc<Bucket>>,
    rate: u32,
    burst: u32,
}

impl ClientBuckets {
    /// None where clients are not limited.
    pub(super) fn of(config: &GateConfig) -> Option<Self> {
        let rate = config.client_requests_per_second;
        (rate > 0).then(|| Self {
            buckets: Cache::builder()
                .max_capacity(config.clients_remembered_max)
                // A new client takes the place of the one that was silent for longest; a policy that
                // keeps frequent ones would let new ones in unlimited.
                .eviction_policy(EvictionPolicy::lru())
                // By then a bucket is full again, or as good as.
                .time_to_idle(Duration::from_secs(60))
                .build(),
            rate,
            burst: config.client_burst_requests.max(rate),
        })
    }

    /// Takes one request from a client's bucket.
    ///
    /// # Errors
    /// How long it takes until the next one is let in.
    pub(super) fn take(&self, client: IpAddr) -> Result<(), Duration> {
        let fresh = || Arc::new(Bucket::per_second(self.rate, self.burst));
        let bucket = self.buckets.get_with(subscriber_of(client), fresh);
        bucket.take(1)
    }
}

/// What one subscriber has for himself: an address of version 4, or a /64 of version 6.
fn subscriber_of(client: IpAddr) -> IpAddr {
    match client {
        IpAddr::V4(_) => client,
        IpAddr::V6(address) => {
            let network = address.to_bits() & (u128::MAX << 64);
            IpAddr::V6(Ipv6Addr::from_bits(network))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_gives_its_burst_and_then_says_how_long_to_wait() {
        let bucket = Bucket::per_second(10, 30);
        assert_eq!(bucket.take(0), Ok(()));
        assert_eq!(bucket.take(30), Ok(()));
        let wait = bucket.take(20).unwrap_err();
        assert!(
            wait > Duration::from_millis(1_500) && wait <= Duration::from_secs(2),
            "{wait:?}"
        );
        // What was refused took nothing.
        let wait = bucket.take(1).unwrap_err();
        assert!(wait <= Duration::from_millis(100), "{wait:?}");
    }

    #[test]
    fn more_than_a_bucket_holds_takes_all_of_it() {
        let bucket = Bucket::per_second(1, 5);
        assert_eq!(bucket.take(1_000), Ok(()));
        assert!(bucket.take(1).is_err());
    }

    fn buckets(remembered: u64) -> ClientBuckets {
        let config = GateConfig {
            client_requests_per_second: 1,
            client_burst_requests: 2,
            clients_remembered_max: remembered,
            ..GateConfig::default()
        };
        ClientBuckets::of(&config).unwrap()
    }

    #[test]
    fn clients_have_a_bucket_each_and_a_network_of_version_6_has_one() {
        let buckets = buckets(100);
        let take = |address: &str| buckets.take(address.parse().unwrap()).is_ok();
        assert!(take("192.0.2.1") && take("192.0.2.1") && !take("192.0.2.1"));
        assert!(take("192.0.2.2"));
        assert!(take("2001:db8::1") && take("2001:db8::2") && !take("2001:db8::3"));
        assert!(take("2001:db8:0:1::1"));
        assert!(ClientBuckets::of(&GateConfig::default()).is_none());
    }

    #[test]
    fn many_clients_take_bounded_memory() {
        let buckets = buckets(50);
        for number in 0..10_000_u32 {
            buckets.take(IpAddr::from(number.to_be_bytes())).unwrap();
        }
        buckets.buckets.run_pending_tasks();
        assert!(buckets.buckets.entry_count() <= 50);
    }
}
