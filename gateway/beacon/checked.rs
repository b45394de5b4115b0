//! What JSON checks by its types while it is read, for beacons that came in another form: values of
//! lists, and the known keys of maps.

use std::collections::BTreeMap;

use super::groups::{self, Keys, Kind, kind_of};
use super::json::Fault;
use super::{Beacon, DeviceClass, EventKind, ExitReason, PlayState, StreamType};

impl Beacon {
    /// Checks that every value is one that its field can have.
    ///
    /// # Errors
    /// The first field that holds another one.
    pub fn check_types(&self) -> Result<(), Fault> {
        is_known::<EventKind>("event", self.event)?;
        is_known::<PlayState>("state", self.state)?;
        is_known::<DeviceClass>("device_class", self.device_class)?;
        is_known::<StreamType>("stream_type", self.stream_type)?;
        is_known::<ExitReason>("exit_reason", self.exit_reason)?;
        if self.playback_rate.is_some_and(|rate| !rate.is_finite()) {
            return Err(fault("playback_rate".to_owned(), false));
        }
        check_group("error", &self.error, groups::ERROR)?;
        check_group("ad", &self.ad, groups::AD)?;
        check_group("request", &self.request, groups::REQUEST)
    }
}

fn is_known<E: TryFrom<i32>>(field: &str, number: Option<i32>) -> Result<(), Fault> {
    match number.map(E::try_from) {
        Some(Err(_)) => Err(fault(field.to_owned(), true)),
        Some(Ok(_)) | None => Ok(()),
    }
}

fn check_group(field: &str, group: &BTreeMap<String, String>, keys: Keys) -> Result<(), Fault> {
    for (key, text) in group {
        let fits = match kind_of(keys, key) {
            Some(Kind::Integer) => text.parse::<i64>().is_ok(),
            Some(Kind::Boolean) => text.parse::<bool>().is_ok(),
            Some(Kind::Text) | None => true,
        };
        if !fits {
            return Err(fault(format!("{field}.{key}"), false));
        }
    }
    Ok(())
}

fn fault(field: String, is_unknown_name: bool) -> Fault {
    Fault {
        field,
        is_unknown_name,
    }
}
