//! Which pages may use a key.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// An origin as a browser names it (`https://tv.example`, with a port if it has one), or all
/// subdomains of one (`https://*.example`), or `null`, which pages of no origin send.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OriginRule {
    text: String,
    /// Where its star stands.
    star: Option<usize>,
}

/// Why a text is no origin.
#[derive(Debug, thiserror::Error)]
#[error(
    "`{0}` is no origin; write https://tv.example, https://*.example, with a port if it has one, or null"
)]
pub struct BadOrigin(String);

impl OriginRule {
    /// Whether it is this origin, or one of these.
    pub fn admits(&self, origin: &str) -> bool {
        let Some(star) = self.star else {
            return self.text.eq_ignore_ascii_case(origin);
        };
        let (before, after) = (&self.text[..star], &self.text[star + 1..]);
        let has_subdomain = origin.len() > before.len() + after.len();
        let begins = origin.get(..before.len());
        let ends = origin.len().checked_sub(after.len());
        has_subdomain
            && begins.is_some_and(|begins| begins.eq_ignore_ascii_case(before))
            && ends
                .and_then(|at| origin.get(at..))
                .is_some_and(|ends| ends.eq_ignore_ascii_case(after))
    }
}

impl FromStr for OriginRule {
    type Err = BadOrigin;

    fn from_str(text: &str) -> Result<Self, BadOrigin> {
        let bad = || BadOrigin(text.to_owned());
        if text == "null" {
            return Ok(Self {
                text: text.to_owned(),
                star: None,
            });
        }
        let (scheme, host) = text.split_once("://").ok_or_else(bad)?;
        let name = host.strip_prefix("*.").unwrap_or(host);
        let is_scheme = !scheme.is_empty()
            && scheme
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "+.-".contains(c));
        let is_name = !name.is_empty()
            && name
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || ".-:[]_".contains(c));
        if !is_scheme || !is_name {
            return Err(bad());
        }
        let star = host.starts_with("*.").then_some(scheme.len() + "://".len());
        Ok(Self {
            text: text.to_owned(),
            star,
        })
    }
}

impl TryFrom<String> for OriginRule {
    type Error = BadOrigin;

    fn try_from(text: String) -> Result<Self, BadOrigin> {
        text.parse()
    }
}

impl From<OriginRule> for String {
    fn from(rule: OriginRule) -> Self {
        rule.text
    }
}

impl fmt::Display for OriginRule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

/// The origin of an address: what stands before its path.
pub(super) fn origin_of(address: &str) -> Option<&str> {
    let host = address.find("://")? + "://".len();
    let end = address[host..].find(['/', '?', '#']);
    address.get(..end.map_or(address.len(), |end| host + end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admits(rule: &str, origin: &str) -> bool {
        rule.parse::<OriginRule>().unwrap().admits(origin)
    }

    #[test]
    fn an_origin_admits_itself_alone() {
        assert!(admits("https://tv.example", "https://tv.example"));
        assert!(admits("https://TV.example", "https://tv.EXAMPLE"));
        assert!(admits("http://localhost:3000", "http://localhost:3000"));
        assert!(admits("null", "null"));
        for other in [
            "http://tv.example",
            "https://tv.example:8443",
            "https://tv.example.evil",
            "null",
            "",
        ] {
            assert!(!admits("https://tv.example", other), "{other}");
        }
    }

    #[test]
    fn a_star_stands_for_subdomains() {
        let rule = "https://*.tv.example:8443";
        assert!(admits(rule, "https://a.tv.example:8443"));
        assert!(admits(rule, "https://a.b.tv.example:8443"));
        for other in [
            "https://tv.example:8443",
            "https://.tv.example:8443",
            "https://eviltv.example:8443",
            "http://a.tv.example:8443",
            "https://a.tv.example",
            "https://é",
        ] {
            assert!(!admits(rule, other), "{other}");
        }
    }

    #[test]
    fn what_is_no_origin_is_refused() {
        for text in [
            "",
            "*",
            "tv.example",
            "https://",
            "https://tv.example/",
            "https://a.*.example",
            "https://*",
        ] {
            assert!(text.parse::<OriginRule>().is_err(), "{text}");
        }
    }

    #[test]
    fn the_origin_of_an_address_ends_before_its_path() {
        assert_eq!(
            origin_of("https://tv.example/watch?v=1"),
            Some("https://tv.example")
        );
        assert_eq!(origin_of("https://tv.example"), Some("https://tv.example"));
        assert_eq!(
            origin_of("https://tv.example?x"),
            Some("https://tv.example")
        );
        assert_eq!(origin_of("nothing"), None);
    }
}
