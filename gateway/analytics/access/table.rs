//! Finds the read key that a text belongs to.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::Arc;

use subtle::ConstantTimeEq as _;
use time::OffsetDateTime;

use super::file::{ReadKeyEntry, ReadKeyFile};
use super::{AccessRefusal, Scope};
use crate::gate::Bucket;
use crate::gate::keys::{Digest, KeyFileError, KeyKind, digest_of, digest_of_hexadecimal};

/// A key as a gateway uses it.
#[derive(Debug)]
pub(super) struct ReadKey {
    digest: Digest,
    tenant: Arc<str>,
    scopes: Vec<Scope>,
    expires: Option<OffsetDateTime>,
    is_revoked: bool,
    requests: Arc<Bucket>,
}

impl ReadKey {
    /// Whose data a request with this key reads, if it may come in now.
    pub(super) fn admit(
        &self,
        needed: Scope,
        now: OffsetDateTime,
    ) -> Result<Arc<str>, AccessRefusal> {
        if self.is_revoked {
            return Err(AccessRefusal::Revoked);
        }
        if self.expires.is_some_and(|expires| expires <= now) {
            return Err(AccessRefusal::Expired);
        }
        if !self.scopes.iter().any(|scope| scope.opens(needed)) {
            return Err(AccessRefusal::MissingScope(needed));
        }
        self.requests
            .take(1)
            .map_err(AccessRefusal::TooManyRequests)?;
        Ok(self.tenant.clone())
    }
}

/// All keys.
#[derive(Debug, Default)]
pub(super) struct ReadKeyTable(HashMap<String, ReadKey>);

impl ReadKeyTable {
    /// The keys of a file; buckets of keys that were there before go on as they are, since a full one at each change
    /// would be a way around the limit.
    pub(super) fn new(
        file: ReadKeyFile,
        requests_per_second: NonZeroU32,
        former: &Self,
    ) -> Result<Self, KeyFileError> {
        let keys = file.read_keys.into_iter().map(|entry| {
            let key = read_key(&entry, requests_per_second, former)?;
            Ok((entry.id, key))
        });
        keys.collect::<Result<_, _>>().map(Self)
    }

    /// The key of this text. The id is no secret; the digest decides, compared in a time that is the same for all.
    pub(super) fn find(&self, text: &str) -> Option<&ReadKey> {
        let key = self.0.get(KeyKind::Read.id_of(text)?)?;
        bool::from(key.digest.ct_eq(&digest_of(text))).then_some(key)
    }

    /// How many keys are not revoked.
    pub(super) fn active(&self) -> usize {
        self.0.values().filter(|key| !key.is_revoked).count()
    }
}

fn read_key(
    entry: &ReadKeyEntry,
    requests_per_second: NonZeroU32,
    former: &ReadKeyTable,
) -> Result<ReadKey, KeyFileError> {
    let bad = |reason| KeyFileError::BadKey {
        id: entry.id.clone(),
        reason,
    };
    let digest = digest_of_hexadecimal(&entry.sha256)
        .ok_or_else(|| bad("sha256 is not 64 hexadecimal digits"))?;
    let expires = entry.expires_at().map_err(|_| bad("expires is no time"))?;
    let rate = entry.requests_per_second.unwrap_or(requests_per_second);
    // A page asks for several things at once when it opens.
    let fresh = Bucket::new(rate, rate.saturating_mul(TWO_SECONDS));
    let kept = former.0.get(&entry.id).map(|key| key.requests.clone());
    Ok(ReadKey {
        digest,
        tenant: entry.tenant.as_str().into(),
        scopes: entry.scopes.clone(),
        expires,
        is_revoked: entry.revoked.is_some(),
        requests: kept
            .filter(|kept| kept.is_like(&fresh))
            .unwrap_or_else(|| Arc::new(fresh)),
    })
}

/// Seconds of the rate that may come at once.
const TWO_SECONDS: NonZeroU32 = NonZeroU32::MIN.saturating_add(1);
