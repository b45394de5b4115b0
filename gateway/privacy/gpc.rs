//! What a client that sends `Sec-GPC: 1` is spared: that it can be recognised by advertisers.

use crate::beacon::Beacon;
use crate::config::GpcPolicy;

/// Identifiers that exist for advertising, as platforms and SDKs call them; in lower case, without `_` and `-`.
const ADVERTISING: [&str; 20] = [
    "aaid",
    "adid",
    "advertiserid",
    "advertisingid",
    "adtrackingid",
    "afai",
    "gaid",
    "googleadid",
    "idfa",
    "idfv",
    "ifa",
    "ifv",
    "lgudid",
    "maid",
    "msai",
    "ppid",
    "psid",
    "rida",
    "tifa",
    "vida",
];

/// Names the ad that was shown, not who saw it.
const WHICH_AD: &str = "ad_id";

/// Takes out of a beacon what the policy spares its viewer.
pub(super) fn honour(beacon: &mut Beacon, policy: GpcPolicy) {
    if policy == GpcPolicy::Mark {
        return;
    }
    for map in [
        &mut beacon.tags,
        &mut beacon.app_config,
        &mut beacon.engagement,
    ] {
        map.retain(|key, _| !is_advertising(key));
    }
    beacon
        .ad
        .retain(|key, _| key == WHICH_AD || !is_advertising(key));
    if policy == GpcPolicy::Anonymous {
        beacon.viewer_id = None;
        beacon.account_id = None;
        beacon.profile_id = None;
        beacon.device_id = None;
        beacon.visit_id = None;
    }
}

pub(super) fn is_advertising(key: &str) -> bool {
    // The longest name and some separators.
    if key.len() > 24 {
        return false;
    }
    let letters = key
        .bytes()
        .filter(|byte| !matches!(byte, b'_' | b'-' | b'.'));
    let plain: Vec<u8> = letters.map(|byte| byte.to_ascii_lowercase()).collect();
    ADVERTISING.iter().any(|name| name.as_bytes() == plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn beacon() -> Beacon {
        let entries = [("IDFA", "x"), ("advertising_id", "x"), ("firmware", "7")];
        Beacon {
            viewer_id: Some("v".into()),
            device_id: Some("d".into()),
            visit_id: Some("u".into()),
            tags: entries
                .map(|(key, value)| (key.into(), value.into()))
                .into(),
            ad: [("ad_id", "spot-7"), ("idfa", "x")]
                .map(|(key, value)| (key.into(), value.into()))
                .into(),
            ..Beacon::default()
        }
    }

    fn left(policy: GpcPolicy) -> (usize, bool, bool) {
        let mut beacon = beacon();
        honour(&mut beacon, policy);
        (
            beacon.tags.len(),
            beacon.viewer_id.is_some(),
            beacon.device_id.is_some() || beacon.visit_id.is_some(),
        )
    }

    #[test]
    fn which_ad_was_shown_stays() {
        let mut beacon = beacon();
        honour(&mut beacon, GpcPolicy::Anonymous);
        assert_eq!(beacon.ad.into_keys().collect::<Vec<_>>(), ["ad_id"]);
    }

    #[test]
    fn each_policy_takes_what_it_says() {
        assert_eq!(left(GpcPolicy::Mark), (3, true, true));
        assert_eq!(left(GpcPolicy::Limit), (1, true, true));
        assert_eq!(left(GpcPolicy::Anonymous), (1, false, false));
    }
}
