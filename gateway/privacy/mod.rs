//! Protects viewers before anything leaves the gateway: Kafka, the spool and the live tail see what comes
//! out of here, and nothing else does.
//!
//! For each beacon, by the policy of its tenant:
//! 1. what clients wrote into the gateway's own fields is emptied;
//! 2. `redact` takes people and secrets out of free text;
//! 3. `gpc` honours `Sec-GPC`;
//! 4. a beacon without an ordinal gets its identity, which must not depend on which key is in force;
//! 5. ids become hashes by the `keys`, or go;
//! 6. `address` leaves of the client's address what the policy lets.
//!
//! `sample` redacts what was refused, for samples of it.
//!
//! What each of them takes, and what a new key breaks, is told in `docs/privacy.md`.

mod address;
mod gpc;
mod ids;
mod keys;
mod live;
mod redact;
mod sample;
pub mod well_known;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use tokio_util::sync::CancellationToken;

pub use keys::{HashKey, HashKeys, HashKeysError};
pub use redact::RedactError;

use crate::beacon::Beacon;
use crate::config::{GpcPolicy, PrivacyConfig, PrivacyPolicy};
use crate::enrich::{Arrival, carries_tags};
use crate::ingest::ValidBeacon;
use ids::RequestIds;
use live::LiveKeys;
use redact::Redactor;
use sample::SamplePatterns;

/// The tag that carries what is kept of the client's address.
const ADDRESS_TAG: &str = "client_address";

/// Why viewers cannot be protected as is configured.
#[derive(Debug, thiserror::Error)]
pub enum PrivacyError {
    /// The keys of hashes.
    #[error("privacy.hash_keys_file, privacy.hash_keys: {0}")]
    Keys(#[from] HashKeysError),
    /// The patterns of redaction.
    #[error(transparent)]
    Redact(#[from] RedactError),
}

/// A beacon that may leave the gateway.
#[derive(Debug)]
pub struct ProtectedBeacon {
    pub(crate) beacon: Box<Beacon>,
    /// What identifies it where it has no ordinal.
    pub(crate) identity: u64,
    pub(crate) event_time_ms: i64,
}

/// The policies of one gateway; clones share them.
#[derive(Clone)]
pub struct Privacy(Arc<Parts>);

struct Parts {
    default: PrivacyPolicy,
    tenants: HashMap<String, PrivacyPolicy>,
    keys: LiveKeys,
    redactor: Redactor,
    samples: SamplePatterns,
}

impl Privacy {
    /// Prepares what is configured, and keeps the keys fresh until `end`.
    ///
    /// # Errors
    /// Keys that cannot be used, or none where a policy asks for hashes.
    pub fn open(config: &PrivacyConfig, end: &CancellationToken) -> Result<Self, PrivacyError> {
        let tenants = config.tenants.keys();
        let policies = tenants.map(|tenant| (tenant.clone(), config.policy_of(tenant)));
        Ok(Self(Arc::new(Parts {
            default: config.policy(),
            tenants: policies.collect(),
            keys: LiveKeys::open(config, end)?,
            redactor: Redactor::new()?,
            samples: SamplePatterns::new()?,
        })))
    }

    /// Prepares what is configured once: files of keys are not looked at again.
    ///
    /// # Errors
    /// Those of [`Self::open`].
    pub fn once(config: &PrivacyConfig) -> Result<Self, PrivacyError> {
        let end = CancellationToken::new();
        end.cancel();
        Self::open(config, &end)
    }

    /// What protects the beacons of one request.
    pub fn of_request<'r>(&'r self, arrival: &'r Arrival) -> RequestPrivacy<'r> {
        let policy = *self
            .0
            .tenants
            .get(&arrival.tenant)
            .unwrap_or(&self.0.default);
        let spared = arrival.is_gpc && policy.gpc != GpcPolicy::Mark;
        let keys = self.0.keys.now();
        let address = arrival
            .client
            .address
            .filter(|_| !spared)
            .and_then(|address| {
                address::kept(
                    address,
                    policy.client_address,
                    &keys,
                    &arrival.tenant,
                    arrival.received_time_ms,
                )
            });
        RequestPrivacy {
            redactor: policy.redact_texts.then_some(&self.0.redactor),
            gpc: arrival.is_gpc.then_some(policy.gpc),
            ids: RequestIds::new(policy.ids, keys, arrival),
            address,
        }
    }
}

/// What protects the beacons of one request.
pub struct RequestPrivacy<'r> {
    redactor: Option<&'r Redactor>,
    gpc: Option<GpcPolicy>,
    ids: RequestIds<'r>,
    address: Option<String>,
}

impl RequestPrivacy<'_> {
    /// Protects one beacon.
    pub fn protect(&mut self, valid: ValidBeacon) -> ProtectedBeacon {
        let ValidBeacon {
            mut beacon,
            identity,
            event_time_ms,
        } = valid;
        clear_own_fields(&mut beacon);
        if let Some(redactor) = self.redactor {
            redact(&mut beacon, redactor);
        }
        if let Some(policy) = self.gpc {
            gpc::honour(&mut beacon, policy);
        }
        let identity = match (beacon.seq, identity) {
            (Some(_), _) => 0,
            (None, Some(told)) => told,
            (None, None) => self.ids.identity_of(&mut beacon),
        };
        self.ids.protect(&mut beacon);
        if let Some(address) = &self.address
            && carries_tags(&beacon)
        {
            beacon.tags.insert(ADDRESS_TAG.into(), address.clone());
        }
        ProtectedBeacon {
            beacon,
            identity,
            event_time_ms,
        }
    }
}

/// Empties what only the gateway sets, before the content is hashed.
fn clear_own_fields(beacon: &mut Beacon) {
    beacon.tenant = None;
    beacon.session_key = None;
    beacon.seq_is_ordinal = None;
    beacon.received_time_ms = None;
    beacon.event_time_ms = None;
    beacon.source = None;
    beacon.privacy_gpc = None;
    beacon.is_bot = None;
    beacon.write_key = None;
    if !beacon.tags.is_empty() {
        beacon.tags.remove(ADDRESS_TAG);
        ids::clear_own_tags(&mut beacon.tags);
    }
}

/// Free text is what clients and their libraries compose. Names and titles of the platform's are not.
fn redact(beacon: &mut Beacon, redactor: &Redactor) {
    for map in [
        &mut beacon.error,
        &mut beacon.tags,
        &mut beacon.app_config,
        &mut beacon.request,
        &mut beacon.ad,
        &mut beacon.engagement,
    ] {
        redact_map(map, redactor);
    }
    for text in [&mut beacon.content_id, &mut beacon.stream]
        .into_iter()
        .flatten()
    {
        // An id may be a URL whose query names the title: of those only what is a secret goes.
        if let Some(clean) = redactor.without_credentials(text) {
            *text = clean;
        }
    }
}

fn redact_map(map: &mut BTreeMap<String, String>, redactor: &Redactor) {
    for text in map.values_mut() {
        if let Some(clean) = redactor.redacted(text) {
            *text = clean;
        }
    }
    let has_telling_key = map.keys().any(|key| redactor.redacted(key).is_some());
    if has_telling_key {
        let entries = std::mem::take(map).into_iter();
        let clean = |key: String| redactor.redacted(&key).unwrap_or(key);
        map.extend(entries.map(|(key, text)| (clean(key), text)));
    }
}

#[cfg(test)]
#[path = "privacy_tests.rs"]
mod tests;
