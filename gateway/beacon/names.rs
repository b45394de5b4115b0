//! Enum names in JSON: the name in the .proto, lower-case and without the enum's prefix.

use super::{DeviceClass, EventKind, ExitReason, PlayState, Source, StreamType};

/// An enum of the beacon whose values have names in JSON.
pub(super) trait Named: Copy + TryFrom<i32> + Into<i32> {
    /// What every name begins with in the .proto, such as `EVENT_KIND_`.
    const PREFIX: &'static str;

    /// The value of a name as the .proto spells it.
    fn from_proto_name(name: &str) -> Option<Self>;

    /// The name as the .proto spells it.
    fn proto_name(self) -> &'static str;

    /// The value of a JSON name; none for an unknown one and for `unspecified`.
    fn from_json_name(name: &str) -> Option<Self> {
        let mut spelled = [0_u8; 64];
        let length = Self::PREFIX.len() + name.len();
        let target = spelled.get_mut(..length)?;
        let (prefix, rest) = target.split_at_mut(Self::PREFIX.len());
        prefix.copy_from_slice(Self::PREFIX.as_bytes());
        rest.copy_from_slice(name.as_bytes());
        if rest.iter().any(u8::is_ascii_uppercase) {
            return None;
        }
        rest.make_ascii_uppercase();
        let value = Self::from_proto_name(std::str::from_utf8(target).ok()?)?;
        (value.into() != 0).then_some(value)
    }

    /// The name in JSON.
    fn json_name(self) -> String {
        let name = self.proto_name();
        name.strip_prefix(Self::PREFIX)
            .unwrap_or(name)
            .to_ascii_lowercase()
    }
}

macro_rules! named {
    ($($name:ident = $prefix:literal),* $(,)?) => {$(
        impl Named for $name {
            const PREFIX: &'static str = $prefix;

            fn from_proto_name(name: &str) -> Option<Self> {
                Self::from_str_name(name)
            }

            fn proto_name(self) -> &'static str {
                self.as_str_name()
            }
        }
    )*};
}

named! {
    EventKind = "EVENT_KIND_",
    PlayState = "PLAY_STATE_",
    DeviceClass = "DEVICE_CLASS_",
    StreamType = "STREAM_TYPE_",
    ExitReason = "EXIT_REASON_",
    Source = "SOURCE_",
}

/// The name of an attribute that the record tells as a number; `None` of other attributes, and of numbers without a name.
pub fn attribute_name(attribute: &str, number: i64) -> Option<String> {
    let number = i32::try_from(number).ok().filter(|number| *number != 0)?;
    match attribute {
        "device_class" => DeviceClass::try_from(number).ok().map(Named::json_name),
        "stream_type" => StreamType::try_from(number).ok().map(Named::json_name),
        "source" => Source::try_from(number).ok().map(Named::json_name),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_that_are_numbers_have_names() {
        assert_eq!(
            attribute_name("device_class", 3).as_deref(),
            Some("smart_tv")
        );
        assert_eq!(
            attribute_name("stream_type", 3).as_deref(),
            Some("low_latency_live")
        );
        assert_eq!(attribute_name("source", 1).as_deref(), Some("native_json"));
        for (attribute, number) in [("source", 0), ("source", 99), ("source", -1), ("asn", 1)] {
            assert_eq!(attribute_name(attribute, number), None);
        }
    }

    #[test]
    fn every_value_is_found_again_by_its_json_name() {
        for number in 1..=26 {
            let event = EventKind::try_from(number).unwrap();
            assert_eq!(EventKind::from_json_name(&event.json_name()), Some(event));
        }
        assert_eq!(DeviceClass::SmartTv.json_name(), "smart_tv");
        assert_eq!(Source::CmcdEvent.json_name(), "cmcd_event");
    }

    #[test]
    fn other_spellings_are_unknown() {
        for name in ["", "unspecified", "PLAY_STATE", "Playing", "nonsense", "é"] {
            assert_eq!(EventKind::from_json_name(name), None, "{name}");
        }
        assert_eq!(EventKind::from_json_name(&"x".repeat(500)), None);
    }
}
