//! Where a viewer is, and what carries the media.

use rand_chacha::ChaCha8Rng;

use super::Dice;

/// A viewer's place and connection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Network {
    pub(crate) country: &'static str,
    pub(crate) region: &'static str,
    pub(crate) isp: &'static str,
    pub(crate) asn: u32,
    pub(crate) connection_type: &'static str,
    pub(crate) connection_quality: Option<&'static str>,
    /// Name of the CDN when the session begins; it may change later.
    pub(crate) cdn: &'static str,
}

/// CDNs that serve the media.
pub(crate) const CDNS: [&str; 4] = ["akamai", "cloudfront", "fastly", "own-edge"];

// country, region, provider, its number.
const PLACES: [(&str, &str, &str, u32); 10] = [
    ("DE", "DE-BE", "Deutsche Telekom", 3320),
    ("DE", "DE-BY", "Vodafone", 3209),
    ("GB", "GB-LND", "BT", 2856),
    ("FR", "FR-IDF", "Orange", 3215),
    ("US", "US-CA", "Comcast", 7922),
    ("US", "US-NY", "Verizon", 701),
    ("IN", "IN-MH", "Jio", 55836),
    ("IN", "IN-KA", "Airtel", 24560),
    ("BR", "BR-SP", "Claro", 28573),
    ("SE", "SE-AB", "Telia", 3301),
];

impl Network {
    /// The network of a viewer on a device of that class.
    pub(crate) fn of(device_class: &str, rng: &mut ChaCha8Rng) -> Self {
        let (country, region, isp, asn) = rng.pick(&PLACES);
        let connection_type = match device_class {
            "mobile" if rng.chance(55.0) => "cellular",
            "smart_tv" | "set_top_box" | "game_console" if rng.chance(50.0) => "ethernet",
            _ => "wifi",
        };
        let connection_quality = match connection_type {
            "cellular" => Some(rng.pick(&["3g", "4g", "5g"])),
            _ => None,
        };
        let cdn = rng.pick(&CDNS);
        Self {
            country,
            region,
            isp,
            asn,
            connection_type,
            connection_quality,
            cdn,
        }
    }
}
