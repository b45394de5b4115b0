//! Finds the key that a text belongs to.

use std::collections::HashMap;
use std::sync::Arc;

use subtle::ConstantTimeEq as _;

use super::file::{KeyEntry, KeyFile, KeyFileError};
use super::key::{Digest, KeyKind, digest_of, digest_of_hexadecimal};
use crate::gate::DoorName;
use crate::gate::origin::OriginRule;
use crate::gate::quota::Bucket;

/// A key as a gateway uses it.
#[derive(Debug)]
pub struct WriteKey {
    id: Box<str>,
    digest: Digest,
    tenant: Arc<str>,
    doors: Vec<DoorName>,
    origins: Vec<OriginRule>,
    is_test: bool,
    is_revoked: bool,
    quota: Option<Arc<Bucket>>,
}

impl WriteKey {
    /// Whose beacons come with it.
    pub fn tenant(&self) -> &Arc<str> {
        &self.tenant
    }

    /// How it is called: its first letters, which are no secret.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Whether all of its beacons are those of tests.
    pub fn is_test(&self) -> bool {
        self.is_test
    }

    /// Whether it was revoked.
    pub fn is_revoked(&self) -> bool {
        self.is_revoked
    }

    /// Whether it opens this door.
    pub fn opens(&self, door: DoorName) -> bool {
        // Other gateways are believed more than clients, so this door is never opened by the way.
        let opens_all = self.doors.is_empty() && door != DoorName::Forward;
        opens_all || self.doors.contains(&door)
    }

    /// Whether a page of this origin may use it.
    pub fn admits(&self, origin: Option<&str>) -> bool {
        let is_listed = |origin| self.origins.iter().any(|rule| rule.admits(origin));
        self.origins.is_empty() || origin.is_some_and(is_listed)
    }

    /// How many beacons may come.
    pub(in crate::gate) fn quota(&self) -> Option<&Bucket> {
        self.quota.as_deref()
    }
}

/// All keys.
#[derive(Debug, Default)]
pub struct KeyTable {
    by_id: HashMap<String, Arc<WriteKey>>,
    by_app_id: HashMap<String, Arc<WriteKey>>,
}

impl KeyTable {
    /// The keys of a file; buckets of keys that were there before go on as they are.
    ///
    /// # Errors
    /// A digest that is none.
    pub fn new(file: KeyFile, former: &Self) -> Result<Self, KeyFileError> {
        let mut table = Self::default();
        for entry in file.keys {
            let key = Arc::new(write_key(&entry, former)?);
            if !key.is_revoked {
                let app_ids = entry.app_ids.into_iter();
                let named = app_ids.map(|app_id| (app_id, key.clone()));
                table.by_app_id.extend(named);
            }
            table.by_id.insert(entry.id, key);
        }
        Ok(table)
    }

    /// The key of this text.
    pub fn find(&self, text: &str) -> Option<&Arc<WriteKey>> {
        // The id is no secret, so looking it up tells nothing; the digest decides, and is compared
        // in a time that is the same for all.
        let key = self.by_id.get(KeyKind::Write.id_of(text)?)?;
        let is_same = key.digest.ct_eq(&digest_of(text));
        bool::from(is_same).then_some(key)
    }

    /// The key that stands for this application of a Snowplow tracker.
    pub fn find_by_app_id(&self, app_id: &str) -> Option<&Arc<WriteKey>> {
        self.by_app_id.get(app_id)
    }

    /// How many keys are in force.
    pub fn active(&self) -> usize {
        self.by_id.values().filter(|key| !key.is_revoked).count()
    }
}

fn write_key(entry: &KeyEntry, former: &KeyTable) -> Result<WriteKey, KeyFileError> {
    let digest = digest_of_hexadecimal(&entry.sha256).ok_or_else(|| KeyFileError::BadKey {
        id: entry.id.clone(),
        reason: "sha256 is not 64 hexadecimal digits",
    })?;
    let kept = former
        .by_id
        .get(&entry.id)
        .and_then(|key| key.quota.clone());
    let quota = entry.beacons_per_second.map(|rate| {
        let burst = entry
            .burst_beacons
            .unwrap_or(rate.saturating_mul(TWO_SECONDS));
        let fresh = Bucket::new(rate, burst);
        // A full bucket at each change of the file would be a way around the quota.
        kept.filter(|kept| kept.is_like(&fresh))
            .unwrap_or_else(|| Arc::new(fresh))
    });
    Ok(WriteKey {
        id: entry.id.as_str().into(),
        digest,
        tenant: entry.tenant.as_str().into(),
        doors: entry.doors.clone(),
        origins: entry.origins.clone(),
        is_test: entry.is_test,
        is_revoked: entry.revoked.is_some(),
        quota,
    })
}

/// Seconds of a quota that may come at once, where the key tells no other burst.
const TWO_SECONDS: std::num::NonZeroU32 = std::num::NonZeroU32::MIN.saturating_add(1);

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use super::super::key::NewKey;
    use super::*;

    fn entry(key: &NewKey) -> KeyEntry {
        KeyEntry {
            id: key.id.clone(),
            sha256: key.sha256.clone(),
            tenant: "acme".into(),
            name: String::new(),
            doors: vec![],
            origins: vec![],
            app_ids: vec!["web".into()],
            is_test: false,
            beacons_per_second: NonZeroU32::new(10),
            burst_beacons: None,
            created: String::new(),
            revoked: None,
        }
    }

    fn table(entries: Vec<KeyEntry>, former: &KeyTable) -> KeyTable {
        let mut file = KeyFile::default();
        file.keys = entries;
        KeyTable::new(file, former).unwrap()
    }

    #[test]
    fn a_key_is_found_by_its_whole_text() {
        let key = NewKey::make(KeyKind::Write).unwrap();
        let table = table(vec![entry(&key)], &KeyTable::default());
        assert_eq!(table.find(&key.text).unwrap().tenant().as_ref(), "acme");
        // The same id, another secret.
        let last = if key.text.ends_with('A') { "B" } else { "A" };
        let close = format!("{}{last}", &key.text[..key.text.len() - 1]);
        for other in [close.as_str(), &key.id, "", &format!("{}A", key.text)] {
            assert!(table.find(other).is_none(), "{other}");
        }
        assert!(table.find_by_app_id("web").is_some());
        assert!(table.find_by_app_id("tv").is_none());
    }

    #[test]
    fn a_revoked_key_is_known_and_its_application_is_not() {
        let key = NewKey::make(KeyKind::Write).unwrap();
        let mut revoked = entry(&key);
        revoked.revoked = Some("now".into());
        let table = table(vec![revoked], &KeyTable::default());
        assert!(table.find(&key.text).unwrap().is_revoked());
        assert!(table.find_by_app_id("web").is_none());
        assert_eq!(table.active(), 0);
    }

    #[test]
    fn a_changed_file_does_not_fill_buckets() {
        let key = NewKey::make(KeyKind::Write).unwrap();
        let before = table(vec![entry(&key)], &KeyTable::default());
        let bucket = |table: &KeyTable| table.find(&key.text).unwrap().quota.clone().unwrap();
        bucket(&before).take(20).unwrap();
        let same = table(vec![entry(&key)], &before);
        assert!(bucket(&same).take(20).is_err());
        let mut wider = entry(&key);
        wider.beacons_per_second = NonZeroU32::new(20);
        let wider = table(vec![wider], &before);
        assert!(bucket(&wider).take(20).is_ok());
    }

    #[test]
    fn doors_and_origins_are_open_unless_they_are_listed() {
        let key = NewKey::make(KeyKind::Write).unwrap();
        let open = table(vec![entry(&key)], &KeyTable::default());
        let open = open.find(&key.text).unwrap();
        assert!(open.opens(DoorName::Epas) && open.admits(None) && open.admits(Some("null")));
        assert!(!open.opens(DoorName::Forward));
        let mut narrow = entry(&key);
        narrow.doors = vec![DoorName::Native];
        narrow.origins = vec!["https://tv.example".parse().unwrap()];
        let narrow = table(vec![narrow], &KeyTable::default());
        let narrow = narrow.find(&key.text).unwrap();
        assert!(narrow.opens(DoorName::Native) && !narrow.opens(DoorName::Epas));
        assert!(narrow.admits(Some("https://tv.example")));
        assert!(!narrow.admits(Some("https://other.example")) && !narrow.admits(None));
    }
}
