use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{Problems, Secret};

/// What is kept of viewers; `docs/privacy.md`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PrivacyConfig {
    /// What is kept of a client's address.
    pub client_address: AddressPolicy,
    /// What becomes of the ids of viewers, accounts, profiles and devices.
    pub ids: IdPolicy,
    /// Whether people and secrets are taken out of free text.
    pub redact_texts: bool,
    /// What a client that sends `Sec-GPC: 1` is spared.
    pub gpc: GpcPolicy,
    /// File of the keys of hashes: a line each, `YYYY-MM-DD SECRET`. Read again when it changes.
    pub hash_keys_file: PathBuf,
    /// The same where there is no file, for the environment; a semicolon ends a line.
    pub hash_keys: Secret,
    /// What is different for a tenant.
    pub tenants: BTreeMap<String, TenantPrivacy>,
}

/// What is different for one tenant; what is left out is as for all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TenantPrivacy {
    /// See [`PrivacyConfig::client_address`].
    pub client_address: Option<AddressPolicy>,
    /// See [`PrivacyConfig::ids`].
    pub ids: Option<IdPolicy>,
    /// See [`PrivacyConfig::redact_texts`].
    pub redact_texts: Option<bool>,
    /// See [`PrivacyConfig::gpc`].
    pub gpc: Option<GpcPolicy>,
}

/// What is in force for one tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PrivacyPolicy {
    /// See [`PrivacyConfig::client_address`].
    pub client_address: AddressPolicy,
    /// See [`PrivacyConfig::ids`].
    pub ids: IdPolicy,
    /// See [`PrivacyConfig::redact_texts`].
    pub redact_texts: bool,
    /// See [`PrivacyConfig::gpc`].
    pub gpc: GpcPolicy,
}

/// What is kept of a client's address.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AddressPolicy {
    /// Its network: /24 of version 4, /48 of version 6.
    #[default]
    Truncate,
    /// A keyed hash of it.
    Hash,
    /// Nothing.
    None,
}

/// What becomes of ids.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdPolicy {
    /// They are kept as they came.
    #[default]
    AsSent,
    /// Keyed hashes take their place.
    Hash,
    /// They are not kept.
    Drop,
}

/// What a client that sends `Sec-GPC: 1` is spared. All of them mark its beacons.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GpcPolicy {
    /// Nothing else.
    Mark,
    /// Advertising ids and its address are not kept.
    #[default]
    Limit,
    /// Nor is any id of viewer, account, profile, device or visit.
    Anonymous,
}

impl Default for PrivacyConfig {
    fn default() -> Self {
        Self {
            client_address: AddressPolicy::default(),
            ids: IdPolicy::default(),
            redact_texts: true,
            gpc: GpcPolicy::default(),
            hash_keys_file: PathBuf::new(),
            hash_keys: Secret::default(),
            tenants: BTreeMap::new(),
        }
    }
}

impl PrivacyConfig {
    /// What is in force for tenants without a policy of their own.
    pub fn policy(&self) -> PrivacyPolicy {
        PrivacyPolicy {
            client_address: self.client_address,
            ids: self.ids,
            redact_texts: self.redact_texts,
            gpc: self.gpc,
        }
    }

    /// What is in force for a tenant.
    pub fn policy_of(&self, tenant: &str) -> PrivacyPolicy {
        let all = self.policy();
        let own = self.tenants.get(tenant).copied().unwrap_or_default();
        PrivacyPolicy {
            client_address: own.client_address.unwrap_or(all.client_address),
            ids: own.ids.unwrap_or(all.ids),
            redact_texts: own.redact_texts.unwrap_or(all.redact_texts),
            gpc: own.gpc.unwrap_or(all.gpc),
        }
    }

    /// Whether any policy asks for hashes.
    pub fn needs_keys(&self) -> bool {
        let own = self.tenants.keys().map(|tenant| self.policy_of(tenant));
        own.chain([self.policy()]).any(|policy| {
            policy.ids == IdPolicy::Hash || policy.client_address == AddressPolicy::Hash
        })
    }

    pub(super) fn validate(&self, problems: &mut Problems) {
        let has_file = !self.hash_keys_file.as_os_str().is_empty();
        let has_text = !self.hash_keys.reveal().is_empty();
        problems.require(
            !(has_file && has_text),
            "privacy.hash_keys_file, privacy.hash_keys",
            "must not both be set; one of them holds the keys",
        );
        problems.require(
            has_file || has_text || !self.needs_keys(),
            "privacy.hash_keys_file",
            "must name a file (or privacy.hash_keys hold the keys) where a policy says hash; `openssl rand -hex 32` makes a secret",
        );
    }
}
