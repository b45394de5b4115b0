//! Completes a beacon: whose it is, when it came, by which door, and what is known of its client.

use super::{ClientFacts, DeviceFacts, Place, cdn_name};
use crate::beacon::{Beacon, EventKind, Source, session_key};
use crate::privacy::ProtectedBeacon;

/// What all beacons of one request have in common.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// Owner of the data.
    pub tenant: String,
    /// The id of the key that the client showed; another gateway tells it with each beacon.
    pub write_key: Option<String>,
    /// When the request had been read; Unix ms.
    pub received_time_ms: i64,
    /// The door.
    pub source: Source,
    /// How streams of this door begin: `json`, `cmcd:event`.
    pub stream: &'static str,
    /// Whether the client sent `Sec-GPC: 1`.
    pub is_gpc: bool,
    /// Whether the key says that all of it is of tests.
    pub is_test: bool,
    /// What is known of the client.
    pub client: ClientFacts,
    /// Who sends.
    pub origin: Origin,
}

/// Who sends a request, and what of its beacons is believed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Origin {
    /// A client: the gateway's own fields are the gateway's.
    #[default]
    Client,
    /// Another gateway, for one tenant: all is believed but whose the beacons are.
    Gateway,
    /// Another gateway, which is believed this as well.
    GatewayOfAllTenants,
}

/// A beacon that is complete.
#[derive(Debug)]
pub struct EnrichedBeacon(Box<Beacon>);

impl EnrichedBeacon {
    /// The beacon, to be packed for Kafka.
    pub(crate) fn into_beacon(self) -> Box<Beacon> {
        self.0
    }

    /// One that another gateway has completed.
    pub(super) fn of_gateway(beacon: Box<Beacon>) -> Self {
        Self(beacon)
    }

    /// What it says.
    pub(crate) fn beacon(&self) -> &Beacon {
        &self.0
    }

    /// The key of its session.
    pub fn session_key(&self) -> u64 {
        self.0.session_key()
    }

    /// Whose beacon which it is: the same for each copy that its client sends, and for no other beacon.
    pub(crate) fn identity(&self) -> u128 {
        let beacon = &self.0;
        let mut hasher = xxhash_rust::xxh3::Xxh3::new();
        hasher.update(&beacon.session_key().to_le_bytes());
        hasher.update(&beacon.seq().to_le_bytes());
        hasher.update(&beacon.client_time_ms().to_le_bytes());
        hasher.update(&(beacon.event() as i32).to_le_bytes());
        hasher.update(beacon.stream().as_bytes());
        hasher.digest128()
    }

    #[cfg(test)]
    pub(crate) fn for_test(beacon: Beacon) -> Self {
        Self(Box::new(beacon))
    }
}

/// Completes a beacon. What its client said itself stays.
pub fn enrich(protected: ProtectedBeacon, arrival: &Arrival) -> EnrichedBeacon {
    let ProtectedBeacon {
        mut beacon,
        identity,
        event_time_ms,
    } = protected;
    beacon.seq_is_ordinal = Some(beacon.seq.is_some());
    beacon.seq.get_or_insert(identity);
    beacon.session_key = Some(session_key(&arrival.tenant, beacon.session_id()));
    beacon.tenant = Some(arrival.tenant.clone());
    beacon.write_key.clone_from(&arrival.write_key);
    beacon.stream = Some(match beacon.stream.as_deref() {
        Some(clients_own) if !clients_own.is_empty() => {
            format!("{}:{clients_own}", arrival.stream)
        }
        _ => arrival.stream.to_owned(),
    });
    beacon
        .client_time_ms
        .get_or_insert(arrival.received_time_ms);
    beacon.received_time_ms = Some(arrival.received_time_ms);
    beacon.event_time_ms = Some(event_time_ms);
    beacon.source = Some(arrival.source.into());
    beacon.privacy_gpc = arrival.is_gpc.then_some(true);
    if arrival.is_test {
        // A client may say so itself; it cannot take back what its key says.
        beacon.is_test = Some(true);
    }
    add_device(&mut beacon, &arrival.client.device);
    add_place(&mut beacon, &arrival.client.place);
    if let Some(name) = beacon.cdn.as_deref().and_then(cdn_name::published)
        && beacon.cdn.as_deref() != Some(name)
    {
        beacon.cdn = Some(name.to_owned());
    }
    EnrichedBeacon(beacon)
}

/// Whether facts without a field of their own, which go into `tags`, are worth their bytes here:
/// heartbeats and requests are most of all beacons, and their session tells them elsewhere.
pub(crate) fn carries_tags(beacon: &Beacon) -> bool {
    !matches!(beacon.event(), EventKind::Heartbeat | EventKind::Request)
}

fn add_device(beacon: &mut Beacon, device: &DeviceFacts) {
    if beacon.device_class.is_none() {
        beacon.device_class = device.class.map(Into::into);
    }
    fill(&mut beacon.device_model, device.model.as_ref());
    // A version belongs to its system: half a pair from each side would name one that there is not.
    if beacon.os_name.is_none() && beacon.os_version.is_none() {
        beacon.os_name.clone_from(&device.os_name);
        beacon.os_version.clone_from(&device.os_version);
    }
    if device.is_bot {
        beacon.is_bot = Some(true);
    }
    if let Some(browser) = &device.browser
        && carries_tags(beacon)
        && !beacon.tags.contains_key("browser")
    {
        beacon.tags.insert("browser".into(), browser.clone());
        if let Some(version) = &device.browser_version {
            beacon
                .tags
                .insert("browser_version".into(), version.clone());
        }
    }
}

fn add_place(beacon: &mut Beacon, place: &Place) {
    // The region of one country beside another one would be none.
    if beacon.country.is_none() && beacon.region.is_none() {
        beacon.country.clone_from(&place.country);
        beacon.region.clone_from(&place.region);
    }
    if beacon.asn.is_none() && beacon.isp.is_none() {
        beacon.asn = place.asn;
        beacon.isp.clone_from(&place.isp);
    }
}

fn fill(field: &mut Option<String>, known: Option<&String>) {
    if field.is_none() {
        *field = known.cloned();
    }
}

#[cfg(test)]
#[path = "complete_tests.rs"]
mod tests;
