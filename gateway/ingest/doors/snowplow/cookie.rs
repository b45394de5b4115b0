//! The cookie `sp`, by which Snowplow's collector knows a browser again, whatever site it is on.

use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use uuid::fmt::Hyphenated;
use uuid::{Builder, Uuid};

use super::event::Privacy;
use crate::config::SnowplowConfig;
use crate::ingest::{Decoded, DecodedBatch};

const NAME: &str = "sp";
const DAY_SECONDS: u32 = 86_400;

/// What a request's cookie comes to.
pub(super) struct NetworkId {
    /// As the browser sent it, or made for it.
    id: Uuid,
    /// Whether the browser sent it.
    is_known: bool,
    max_age_seconds: u32,
}

impl NetworkId {
    /// The id of the browser that sent these headers. None where no cookie is configured, where the tracker is asked to recognise
    /// nobody, and where the browser asks for it (`Sec-GPC`).
    pub(super) fn of(
        config: SnowplowConfig,
        headers: &HeaderMap,
        privacy: Privacy,
        is_gpc: bool,
    ) -> Option<Self> {
        if config.cookie_days == 0 || privacy == Privacy::Anonymous || is_gpc {
            return None;
        }
        let known = told(headers);
        Some(Self {
            is_known: known.is_some(),
            id: known.or_else(fresh)?,
            max_age_seconds: u32::from(config.cookie_days) * DAY_SECONDS,
        })
    }

    /// Names the browser in beacons that name no device, and as the viewer where they name none.
    ///
    /// An id that was just made is told by the next request: of this one the browser may send a copy without it.
    pub(super) fn name(&self, batch: &mut DecodedBatch) {
        if !self.is_known {
            return;
        }
        // An event without an id is known by its content, which a copy with another cookie would not have.
        let known = |decoded: &&mut Decoded| decoded.identity.is_some();
        for decoded in batch.beacons.iter_mut().filter(known) {
            let beacon = &mut decoded.beacon;
            beacon.device_id.get_or_insert_with(|| self.id.to_string());
            beacon.viewer_id.get_or_insert_with(|| self.id.to_string());
        }
    }

    /// Sets the cookie, or puts off its end, with the attributes of Snowplow's collector.
    pub(super) fn set(&self, mut response: Response) -> Response {
        let cookie = format!(
            "{NAME}={}; Path=/; Max-Age={}; Secure; HttpOnly; SameSite=None",
            self.id, self.max_age_seconds
        );
        if let Ok(cookie) = HeaderValue::try_from(cookie) {
            response.headers_mut().append(SET_COOKIE, cookie);
        }
        response
    }
}

/// The id in the browser's cookies. What is no id that this door makes counts as none, since it is set again and published.
fn told(headers: &HeaderMap) -> Option<Uuid> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|cookies| cookies.to_str().ok())
        .flat_map(|cookies| cookies.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        .filter(|(name, id)| *name == NAME && id.len() == Hyphenated::LENGTH)
        .find_map(|(_, id)| Uuid::try_parse(id).ok())
}

/// A random id; none where the system has no randomness.
fn fresh() -> Option<Uuid> {
    let mut random = [0_u8; 16];
    getrandom::fill(&mut random).ok()?;
    Some(Builder::from_random_bytes(random).into_uuid())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ON: SnowplowConfig = SnowplowConfig { cookie_days: 365 };
    const ID: &str = "0c2a8a4e-5f2b-4a57-9c3d-6a1f0e9b7d21";

    fn with(cookies: &str) -> HeaderMap {
        HeaderMap::from_iter([(COOKIE, HeaderValue::from_str(cookies).unwrap())])
    }

    #[test]
    fn an_id_is_found_among_cookies_and_nothing_else_counts_as_one() {
        let id = told(&with(&format!("a=b; sp={ID}; c=d")));
        assert_eq!(id.map(|id| id.to_string()).as_deref(), Some(ID));
        for cookies in [
            "",
            "sp=",
            "sp=me@example.org",
            "xsp=0c2a8a4e-5f2b-4a57-9c3d-6a1f0e9b7d21",
            "sp=0c2a8a4e+5f2b-4a57-9c3d-6a1f0e9b7d21",
        ] {
            assert_eq!(told(&with(cookies)), None, "{cookies}");
        }
    }

    #[test]
    fn a_made_id_is_random_and_no_two_are_alike() {
        let (one, two) = (fresh().unwrap(), fresh().unwrap());
        assert_ne!(one, two);
        assert_eq!(one.get_version_num(), 4);
    }

    #[test]
    fn nobody_is_recognised_who_does_not_want_to_be() {
        let headers = with(&format!("sp={ID}"));
        let off = SnowplowConfig { cookie_days: 0 };
        assert!(NetworkId::of(off, &headers, Privacy::AsSent, false).is_none());
        assert!(NetworkId::of(ON, &headers, Privacy::Anonymous, false).is_none());
        assert!(NetworkId::of(ON, &headers, Privacy::AsSent, true).is_none());
        assert!(NetworkId::of(ON, &headers, Privacy::AsSent, false).is_some());
    }
}
