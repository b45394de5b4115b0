//! What is kept of a client's address.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::keys::HashKeys;
use crate::config::AddressPolicy;

/// Bits that are kept of an address of version 4: a network of 256.
const V4_BITS: u32 = 24;
/// Bits that are kept of an address of version 6: what a provider gives one customer, or a site.
const V6_BITS: u32 = 48;

/// The text that goes on; none for addresses that name nobody on the internet.
pub(super) fn kept(
    address: IpAddr,
    policy: AddressPolicy,
    keys: &HashKeys,
    tenant: &str,
    now_ms: i64,
) -> Option<String> {
    let address = address.to_canonical();
    if !is_of_the_internet(address) {
        return None;
    }
    match policy {
        AddressPolicy::None => None,
        AddressPolicy::Truncate => Some(network_of(address)),
        AddressPolicy::Hash => {
            let key = keys.in_force(now_ms)?;
            Some(key.hash(tenant, "client_address", &address.to_string()))
        }
    }
}

fn network_of(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => {
            let network = address.to_bits() & (u32::MAX << (32 - V4_BITS));
            format!("{}/{V4_BITS}", Ipv4Addr::from_bits(network))
        }
        IpAddr::V6(address) => {
            let network = address.to_bits() & (u128::MAX << (128 - V6_BITS));
            format!("{}/{V6_BITS}", Ipv6Addr::from_bits(network))
        }
    }
}

/// Whether it is no address of a machine's or network's own: those say nothing to a reader.
fn is_of_the_internet(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            !(address.is_loopback()
                || address.is_private()
                || address.is_link_local()
                || address.is_unspecified()
                || address.is_broadcast())
        }
        IpAddr::V6(address) => {
            !(address.is_loopback()
                || address.is_unspecified()
                || address.is_unique_local()
                || address.is_unicast_link_local())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept_of(address: &str, policy: AddressPolicy) -> Option<String> {
        let keys = HashKeys::of_text("2026-01-01 0123456789abcdef0123456789abcdef").unwrap();
        let now_ms = 1_795_250_275_830;
        kept(address.parse().unwrap(), policy, &keys, "acme", now_ms)
    }

    #[test]
    fn an_address_loses_what_tells_its_owner() {
        let truncated = |address| kept_of(address, AddressPolicy::Truncate);
        assert_eq!(truncated("198.51.100.77").unwrap(), "198.51.100.0/24");
        assert_eq!(truncated("2001:db8:12:34::5").unwrap(), "2001:db8:12::/48");
        assert_eq!(
            truncated("::ffff:198.51.100.77").unwrap(),
            "198.51.100.0/24"
        );
        assert_eq!(kept_of("198.51.100.77", AddressPolicy::None), None);
    }

    #[test]
    fn a_hash_tells_addresses_apart_and_nothing_else() {
        let hashed = |address| kept_of(address, AddressPolicy::Hash).unwrap();
        assert_eq!(hashed("198.51.100.77"), hashed("::ffff:198.51.100.77"));
        assert_ne!(hashed("198.51.100.77"), hashed("198.51.100.78"));
        assert!(hashed("198.51.100.77").starts_with("20260101."));
    }

    #[test]
    fn addresses_of_no_one_are_not_kept() {
        for address in [
            "127.0.0.1",
            "10.1.2.3",
            "192.168.0.1",
            "169.254.1.1",
            "::1",
            "fd00::1",
            "fe80::1",
        ] {
            assert_eq!(kept_of(address, AddressPolicy::Truncate), None, "{address}");
        }
    }
}
