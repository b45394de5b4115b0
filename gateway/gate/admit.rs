//! Whether a request may come in, by the key that it shows.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::http::HeaderMap;
use axum::http::header::{ORIGIN, REFERER};
use axum::http::request::Parts;

use super::keys::WriteKey;
use super::origin::origin_of;
use super::{DoorName, Gate, Peer};
use crate::enrich::ClientFacts;
use crate::ingest::RequestRefusal;

/// The header that carries a key.
const KEY_HEADER: &str = "x-playhead-key";
/// The parameter of an address that carries a key.
const KEY_PARAMETER: &str = "key";
/// The header in which Amazon Data Firehose carries a key.
const FIREHOSE_HEADER: &str = "x-amz-firehose-access-key";
/// The parameter in which a Snowplow tracker names its application.
const APP_ID_PARAMETER: &str = "aid";

/// Owner of beacons that come without a key, where that is allowed.
const DEFAULT_TENANT: &str = "default";
/// Tenant of a key with which another gateway brings beacons of every tenant.
const ALL_TENANTS: &str = "*";

/// A request that may come in.
#[derive(Clone, Debug)]
pub struct Pass {
    tenant: Arc<str>,
    key: Option<Arc<WriteKey>>,
    client: ClientFacts,
    /// What is left to ask, once the body is read.
    unsettled: Option<Shown>,
}

/// What a request shows of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Shown {
    key: Option<String>,
    app_id: Option<String>,
    origin: Option<String>,
}

impl Pass {
    /// One without a key.
    pub fn of_default() -> Self {
        Self {
            tenant: DEFAULT_TENANT.into(),
            key: None,
            client: ClientFacts::default(),
            unsettled: None,
        }
    }

    fn of_key(key: Arc<WriteKey>) -> Self {
        Self {
            tenant: key.tenant().clone(),
            key: Some(key),
            client: ClientFacts::default(),
            unsettled: None,
        }
    }

    /// Whether a key is behind it.
    pub fn has_key(&self) -> bool {
        self.key.is_some()
    }

    /// The key behind it: its first letters, which are no secret.
    pub fn key_id(&self) -> Option<&str> {
        self.key.as_deref().map(WriteKey::id)
    }

    /// Whether all that it brings is of tests: its key says so.
    pub fn is_test(&self) -> bool {
        self.key.as_deref().is_some_and(WriteKey::is_test)
    }

    /// Whether it is known whose beacons come in; of a tracker it is once the body is read.
    pub(crate) fn is_settled(&self) -> bool {
        self.unsettled.is_none()
    }

    /// Whether it may bring beacons of every tenant: its key's is `*`.
    pub fn is_for_all_tenants(&self) -> bool {
        self.key.is_some() && &*self.tenant == ALL_TENANTS
    }

    /// Whose beacons come in.
    pub fn tenant(&self) -> &str {
        &self.tenant
    }

    /// Notes whom the request came from.
    pub(crate) fn meet(&mut self, client: ClientFacts) {
        self.client = client;
    }

    /// Whom the request came from, as far as is known.
    pub fn client(&self) -> &ClientFacts {
        &self.client
    }

    /// Whether its beacons are counted against a quota.
    pub(crate) fn has_quota(&self) -> bool {
        self.key.as_deref().and_then(WriteKey::quota).is_some()
    }

    /// Takes so many beacons from the key's quota.
    pub(super) fn take_from_quota(&self, count: usize) -> Result<(), Duration> {
        let quota = self.key.as_deref().and_then(WriteKey::quota);
        quota.map_or(Ok(()), |quota| quota.take(count))
    }
}

impl Shown {
    fn of(head: &Parts, door: DoorName) -> Self {
        let query = head.uri.query().unwrap_or_default();
        let key = text(&head.headers, KEY_HEADER)
            .or_else(|| parameter(query, KEY_PARAMETER))
            .or_else(|| {
                (door == DoorName::Firehose).then(|| text(&head.headers, FIREHOSE_HEADER))?
            });
        let app_id = (door == DoorName::Snowplow).then(|| parameter(query, APP_ID_PARAMETER));
        let origin = text(&head.headers, ORIGIN.as_str()).or_else(|| {
            // Pictures are asked for without an origin.
            let referer = text(&head.headers, REFERER.as_str())?;
            origin_of(&referer).map(str::to_owned)
        });
        Self {
            key,
            app_id: app_id.flatten(),
            origin,
        }
    }
}

impl Gate {
    /// Asks whether a request may come in, before its body is read.
    ///
    /// # Errors
    /// A client that asks too often; a key that is missing, unknown, revoked, or not for this door
    /// or page.
    pub fn admit(&self, head: &Parts, door: DoorName) -> Result<Pass, RequestRefusal> {
        self.limit_client(head)?;
        if !self.asks_for_keys() {
            return Ok(Pass::of_default());
        }
        let shown = Shown::of(head, door);
        let has_nothing = shown.key.is_none() && shown.app_id.is_none();
        if has_nothing && door == DoorName::Snowplow {
            // Its trackers name their application in each event.
            return Ok(Pass {
                unsettled: Some(shown),
                ..Pass::of_default()
            });
        }
        self.settle(&shown, door)
    }

    /// Settles what could not be asked before the body was read.
    ///
    /// # Errors
    /// An application that stands for no key, or for one that is not for this door or page.
    pub fn admit_application(
        &self,
        pass: Pass,
        app_id: Option<&str>,
        door: DoorName,
    ) -> Result<Pass, RequestRefusal> {
        let Some(shown) = pass.unsettled else {
            return Ok(pass);
        };
        let shown = Shown {
            app_id: app_id.map(str::to_owned),
            ..shown
        };
        let settled = self.settle(&shown, door)?;
        Ok(Pass {
            client: pass.client,
            ..settled
        })
    }

    /// Asks whether another gateway may bring beacons. Whatever the mode, it needs a key that names the door.
    ///
    /// # Errors
    /// A key that is missing, unknown, revoked, or does not name the door.
    pub fn admit_forwarder(&self, head: &Parts) -> Result<Pass, RequestRefusal> {
        let door = DoorName::Forward;
        self.look_up(&Shown::of(head, door), door).map(Pass::of_key)
    }

    /// Whose beacons a request may watch: those of its key's tenant, and refused requests of its key.
    ///
    /// # Errors
    /// A client that asks too often; a key that is missing, unknown or revoked.
    pub fn admit_watcher(&self, head: &Parts) -> Result<Pass, RequestRefusal> {
        self.limit_client(head)?;
        if !self.asks_for_keys() {
            return Ok(Pass::of_default());
        }
        let shown = Shown::of(head, DoorName::Native);
        let found = match &shown.key {
            None => Err(RequestRefusal::MissingKey),
            Some(text) => {
                let keys = self.0.keys.now();
                let key = keys.find(text).cloned();
                key.ok_or(RequestRefusal::UnknownKey)
            }
        };
        let refusal = match found {
            Ok(key) if key.is_revoked() => RequestRefusal::RevokedKey,
            Ok(key) => return Ok(Pass::of_key(key)),
            Err(refusal) => refusal,
        };
        self.refuse_or_tell(refusal, shown.key.as_deref())?;
        Ok(Pass::of_default())
    }

    /// The address of a request's client, and whether a trusted proxy brought the request.
    pub(crate) fn address_of(&self, head: &Parts) -> (Option<IpAddr>, bool) {
        let peer = head.extensions.get::<Peer>();
        let is_trusted = peer.is_some_and(|Peer(peer)| self.0.proxies.trusts(*peer));
        (self.0.proxies.client_of(head), is_trusted)
    }

    fn settle(&self, shown: &Shown, door: DoorName) -> Result<Pass, RequestRefusal> {
        match self.look_up(shown, door) {
            Ok(key) => Ok(Pass::of_key(key)),
            Err(refusal) => self
                .refuse_or_tell(refusal, shown.key.as_deref().or(shown.app_id.as_deref()))
                .map(|()| Pass::of_default()),
        }
    }

    fn look_up(&self, shown: &Shown, door: DoorName) -> Result<Arc<WriteKey>, RequestRefusal> {
        let keys = self.0.keys.now();
        let key = match (&shown.key, &shown.app_id) {
            (Some(text), _) => keys.find(text),
            (None, Some(app_id)) => keys.find_by_app_id(app_id),
            (None, None) => return Err(RequestRefusal::MissingKey),
        };
        let key = key.ok_or(RequestRefusal::UnknownKey)?;
        if key.is_revoked() {
            return Err(RequestRefusal::RevokedKey);
        }
        if !key.opens(door) {
            return Err(RequestRefusal::DoorNotAllowed(door));
        }
        if !key.admits(shown.origin.as_deref()) {
            return Err(RequestRefusal::OriginNotAllowed);
        }
        Ok(key.clone())
    }

    fn limit_client(&self, head: &Parts) -> Result<(), RequestRefusal> {
        let Some(clients) = &self.0.clients else {
            return Ok(());
        };
        let Some(client) = self.0.proxies.client_of(head) else {
            return Ok(());
        };
        clients
            .take(client)
            .map_err(|wait| RequestRefusal::TooManyRequests(whole_seconds(wait)))
    }
}

/// Seconds for `Retry-After`: never too early, at least one.
pub(crate) fn whole_seconds(wait: Duration) -> u32 {
    let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    u32::try_from(seconds.max(1)).unwrap_or(u32::MAX)
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    let value = headers.get(name)?.to_str().ok()?;
    (!value.is_empty()).then(|| value.to_owned())
}

fn parameter(query: &str, name: &str) -> Option<String> {
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    let (_, value) = pairs.find(|(found, _)| found == name)?;
    (!value.is_empty()).then(|| value.into_owned())
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    fn shown(door: DoorName, address: &str, headers: &[(&str, &str)]) -> Shown {
        let mut request = Request::builder().uri(address);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Shown::of(&request.body(()).unwrap().into_parts().0, door)
    }

    #[test]
    fn a_key_is_found_in_the_header_or_the_address() {
        let key = |door, address: &str, headers: &[(&str, &str)]| shown(door, address, headers).key;
        let native = DoorName::Native;
        assert_eq!(
            key(native, "/v1/beacons?key=b", &[("x-playhead-key", "a")]).as_deref(),
            Some("a")
        );
        assert_eq!(
            key(native, "/v1/beacons?x=1&key=b%2Dc", &[]).as_deref(),
            Some("b-c")
        );
        assert_eq!(
            key(native, "/v1/beacons?key=", &[("x-playhead-key", "")]),
            None
        );
        let access = [("x-amz-firehose-access-key", "f")];
        assert_eq!(key(native, "/", &access), None);
        assert_eq!(key(DoorName::Firehose, "/", &access).as_deref(), Some("f"));
    }

    #[test]
    fn only_a_tracker_names_its_application() {
        let app_id = |door| shown(door, "/i?aid=web", &[]).app_id;
        assert_eq!(app_id(DoorName::Snowplow).as_deref(), Some("web"));
        assert_eq!(app_id(DoorName::Pixel), None);
    }

    #[test]
    fn a_picture_is_known_by_the_page_that_shows_it() {
        let origin = |headers: &[(&str, &str)]| shown(DoorName::Pixel, "/", headers).origin;
        let referer = ("referer", "https://tv.example/watch");
        assert_eq!(origin(&[referer]).as_deref(), Some("https://tv.example"));
        assert_eq!(
            origin(&[("origin", "null"), referer]).as_deref(),
            Some("null")
        );
        assert_eq!(origin(&[]), None);
    }

    #[test]
    fn waiting_is_told_in_whole_seconds_and_never_too_short() {
        for (millis, seconds) in [(0, 1), (1, 1), (1_000, 1), (1_001, 2), (59_500, 60)] {
            assert_eq!(whole_seconds(Duration::from_millis(millis)), seconds);
        }
    }
}
