//! The ids of people and devices: as they came, as keyed hashes, or not at all.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::keys::HashKeys;
use crate::beacon::Beacon;
use crate::config::IdPolicy;
use crate::enrich::{Arrival, carries_tags};

/// Fields that name a person or a device, and the tag that tells the hash by the former key.
const FIELDS: [(&str, &str); 4] = [
    ("viewer_id", "former_viewer_id"),
    ("account_id", "former_account_id"),
    ("profile_id", "former_profile_id"),
    ("device_id", "former_device_id"),
];

fn fields_of(beacon: &mut Beacon) -> [&mut Option<String>; FIELDS.len()] {
    [
        &mut beacon.viewer_id,
        &mut beacon.account_id,
        &mut beacon.profile_id,
        &mut beacon.device_id,
    ]
}

/// Takes out what clients wrote into tags that only the gateway sets.
pub(super) fn clear_own_tags(tags: &mut BTreeMap<String, String>) {
    for (_, tag) in FIELDS {
        tags.remove(tag);
    }
}

/// The ids of one request.
pub(super) struct RequestIds<'r> {
    policy: IdPolicy,
    keys: Arc<HashKeys>,
    arrival: &'r Arrival,
    /// The last id of each field with its hashes: a request is one viewer's nearly always.
    last: [Option<Hashed>; FIELDS.len()],
}

struct Hashed {
    id: String,
    hash: String,
    former: Option<String>,
}

impl<'r> RequestIds<'r> {
    pub(super) fn new(policy: IdPolicy, keys: Arc<HashKeys>, arrival: &'r Arrival) -> Self {
        Self {
            policy,
            keys,
            arrival,
            last: [None, None, None, None],
        }
    }

    /// The hash of the content. Ids that become hashes stay out of it: a repetition after a new key
    /// has begun is the same beacon, and nobody can try ids against the hash.
    pub(super) fn identity_of(&self, beacon: &mut Beacon) -> u64 {
        if self.policy == IdPolicy::AsSent {
            return beacon.content_hash();
        }
        let ids = fields_of(beacon).map(Option::take);
        let identity = beacon.content_hash();
        for (field, id) in fields_of(beacon).into_iter().zip(ids) {
            *field = id;
        }
        identity
    }

    /// Brings the ids of one beacon into the form that the policy lets.
    pub(super) fn protect(&mut self, beacon: &mut Beacon) {
        match self.policy {
            IdPolicy::AsSent => {}
            IdPolicy::Drop => fields_of(beacon).into_iter().for_each(|id| *id = None),
            IdPolicy::Hash => self.hash(beacon),
        }
    }

    fn hash(&mut self, beacon: &mut Beacon) {
        let mut former: [Option<String>; FIELDS.len()] = Default::default();
        let fields = fields_of(beacon).into_iter().zip(&mut self.last);
        for (((field, last), (name, _)), former) in fields.zip(FIELDS).zip(&mut former) {
            let Some(id) = field.take() else { continue };
            // An empty id is nobody's: its hash would make one viewer of all of them.
            if id.is_empty() {
                continue;
            }
            if last.as_ref().is_none_or(|hashed| hashed.id != id) {
                *last = hashed(&self.keys, self.arrival, name, id);
            }
            if let Some(hashed) = last {
                *field = Some(hashed.hash.clone());
                former.clone_from(&hashed.former);
            }
        }
        if carries_tags(beacon) {
            for ((_, tag), hash) in FIELDS.into_iter().zip(former) {
                if let Some(hash) = hash {
                    beacon.tags.insert(tag.into(), hash);
                }
            }
        }
    }
}

/// None where no key is in force, and then the id goes: it is never sent as it came.
fn hashed(keys: &HashKeys, arrival: &Arrival, field: &str, id: String) -> Option<Hashed> {
    let now_ms = arrival.received_time_ms;
    let key = keys.in_force(now_ms)?;
    let former = keys.former(now_ms);
    Some(Hashed {
        hash: key.hash(&arrival.tenant, field, &id),
        former: former.map(|key| key.hash(&arrival.tenant, field, &id)),
        id,
    })
}
