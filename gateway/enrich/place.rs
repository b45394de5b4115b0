//! Where a client is: country, region, network.

use std::net::IpAddr;

use axum::http::HeaderMap;

use super::place_files::PlaceFiles;

/// What is known of a client's place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// ISO 3166-2.
    pub region: Option<String>,
    /// Autonomous system number.
    pub asn: Option<u32>,
    /// Whose network it is.
    pub isp: Option<String>,
}

/// The headers of one CDN. Names as it sends them, or as its users agree to.
struct PlaceHeaders {
    country: &'static str,
    region: &'static str,
    asn: &'static str,
}

/// CloudFront; Cloudflare; and what Fastly, a load balancer or a proxy of one's own is told to send.
const HEADERS: [PlaceHeaders; 3] = [
    PlaceHeaders {
        country: "cloudfront-viewer-country",
        region: "cloudfront-viewer-country-region",
        asn: "cloudfront-viewer-asn",
    },
    PlaceHeaders {
        country: "cf-ipcountry",
        region: "cf-region-code",
        asn: "cf-asn",
    },
    PlaceHeaders {
        country: "x-client-country",
        region: "x-client-region",
        asn: "x-client-asn",
    },
];

/// Akamai's list of what it knows: `country_code=US,region_code=CA,asnum=7922,...`.
const EDGESCAPE: &str = "x-akamai-edgescape";

impl Place {
    /// What a trusted proxy says of its client. Call it for no other: anyone can write a header.
    pub(super) fn told_by_proxy(headers: &HeaderMap) -> Self {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        for names in &HEADERS {
            let place = Self::of_parts(text(names.country), text(names.region), text(names.asn));
            if place != Self::default() {
                return place;
            }
        }
        let list = text(EDGESCAPE).unwrap_or_default();
        let part = |name: &str| {
            let mut pairs = list.split(',').filter_map(|pair| pair.split_once('='));
            pairs
                .find(|(key, _)| key.trim() == name)
                .map(|(_, value)| value)
        };
        Self::of_parts(part("country_code"), part("region_code"), part("asnum"))
    }

    /// Adds what the files know of an address and nobody has told.
    pub(super) fn look_up(mut self, address: Option<IpAddr>, files: &PlaceFiles) -> Self {
        let is_complete = self.country.is_some() && self.region.is_some() && self.asn.is_some();
        if let Some(address) = address
            && !is_complete
        {
            files.complete(&mut self, address);
        }
        self
    }

    fn of_parts(country: Option<&str>, region: Option<&str>, asn: Option<&str>) -> Self {
        let country = country.and_then(country_of);
        let region = country
            .as_deref()
            .and_then(|country| region_of(country, region?));
        // Akamai may name several networks: `7922 3356`.
        let first = asn.and_then(|asn| asn.split_ascii_whitespace().next());
        let number = first.map(|asn| asn.trim_start_matches("AS"));
        Self {
            country,
            region,
            asn: number
                .and_then(|number| number.parse().ok())
                .filter(|asn| *asn > 0),
            isp: None,
        }
    }
}

/// Two letters; `XX` (nobody knows), `T1` (Tor) and the like are none.
pub(super) fn country_of(code: &str) -> Option<String> {
    let code = code.trim().to_ascii_uppercase();
    let is_code = code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase());
    (is_code && code != "XX" && code != "ZZ").then_some(code)
}

/// `CA` or `US-CA` in the country `US` to `US-CA`.
pub(super) fn region_of(country: &str, code: &str) -> Option<String> {
    let code = code.trim().to_ascii_uppercase();
    let part = code.strip_prefix(country).map_or(code.as_str(), |rest| {
        rest.strip_prefix('-').unwrap_or(code.as_str())
    });
    let is_code = (1..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric());
    is_code.then(|| format!("{country}-{part}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(headers: &[(&'static str, &'static str)]) -> (String, String, u32) {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(*name, value.parse().unwrap());
        }
        let place = Place::told_by_proxy(&map);
        (
            place.country.unwrap_or_default(),
            place.region.unwrap_or_default(),
            place.asn.unwrap_or_default(),
        )
    }

    fn place(country: &str, region: &str, asn: u32) -> (String, String, u32) {
        (country.into(), region.into(), asn)
    }

    #[test]
    fn each_cdns_own_headers_are_read() {
        let cloudfront = [
            ("cloudfront-viewer-country", "US"),
            ("cloudfront-viewer-country-region", "MI"),
            ("cloudfront-viewer-asn", "7922"),
        ];
        assert_eq!(told(&cloudfront), place("US", "US-MI", 7_922));
        let cloudflare = [("cf-ipcountry", "de"), ("cf-region-code", "BY")];
        assert_eq!(told(&cloudflare), place("DE", "DE-BY", 0));
        let fastly = [("x-client-country", "GB"), ("x-client-asn", "AS2856")];
        assert_eq!(told(&fastly), place("GB", "", 2_856));
        let akamai = [(
            "x-akamai-edgescape",
            "georegion=246,country_code=US,region_code=CA,city=SANJOSE,asnum=7922 3356",
        )];
        assert_eq!(told(&akamai), place("US", "US-CA", 7_922));
    }

    #[test]
    fn what_is_no_place_is_unknown() {
        assert_eq!(told(&[("cf-ipcountry", "XX")]), place("", "", 0));
        assert_eq!(told(&[("cf-ipcountry", "T1")]), place("", "", 0));
        assert_eq!(
            told(&[("cloudfront-viewer-country-region", "MI")]),
            place("", "", 0)
        );
        assert_eq!(region_of("US", "US-CA").as_deref(), Some("US-CA"));
        assert_eq!(region_of("US", "California"), None);
        // The code of a region may begin like its country.
        assert_eq!(region_of("GB", "GBN").as_deref(), Some("GB-GBN"));
    }
}
