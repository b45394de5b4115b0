//! The fields of one event, all of them texts, from a payload or an address.

use std::borrow::Cow;
use std::collections::BTreeMap;

use base64::Engine;
use base64::alphabet::URL_SAFE;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde_json::{Map, Value};

use crate::ingest::Remains;

/// Base64 as trackers write it: for addresses, with padding or without.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Most parameters of an address that are looked at.
const PARAMETERS_MAX: usize = 256;

/// An event as its tracker wrote it.
pub(super) enum Fields<'e> {
    /// An element of a payload.
    Element(&'e Map<String, Value>),
    /// The parameters of an address.
    Parameters(BTreeMap<Cow<'e, str>, Cow<'e, str>>),
}

/// A JSON text inside a field that is none; the name of the field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NotJson(pub(super) &'static str);

impl<'e> Fields<'e> {
    pub(super) fn of_query(query: &'e str) -> Self {
        let pairs = form_urlencoded::parse(query.as_bytes());
        Self::Parameters(pairs.take(PARAMETERS_MAX).collect())
    }

    /// A text; the protocol has no other type, but numbers are read too.
    pub(super) fn text(&self, name: &str) -> Option<Cow<'_, str>> {
        let text: Cow<'_, str> = match self {
            Self::Element(members) => match members.get(name)? {
                Value::String(text) => text.as_str().into(),
                Value::Number(number) => number.to_string().into(),
                _ => return None,
            },
            Self::Parameters(parameters) => (&**parameters.get(name)?).into(),
        };
        (!text.is_empty()).then_some(text)
    }

    /// All of them, where the event is refused.
    pub(super) fn remains(&self) -> Remains {
        let written = match self {
            Self::Element(members) => serde_json::to_vec(members),
            Self::Parameters(parameters) => serde_json::to_vec(parameters),
        };
        written.map_or(Remains::Nothing, |json| Remains::of_text(&json))
    }

    /// An owned text.
    pub(super) fn owned(&self, name: &str) -> Option<String> {
        self.text(name).map(Cow::into_owned)
    }

    /// A moment; Unix ms.
    pub(super) fn time_ms(&self, name: &str) -> Option<i64> {
        self.text(name)?.parse().ok()
    }

    /// The JSON of a field, or of the one that has it in base64; none if it has neither.
    ///
    /// # Errors
    /// A text that is no JSON.
    pub(super) fn json(
        &self,
        plain: &'static str,
        encoded: &'static str,
    ) -> Result<Option<Value>, NotJson> {
        if let Some(text) = self.text(plain) {
            let value = serde_json::from_str(&text).map_err(|_| NotJson(plain))?;
            return Ok(Some(value));
        }
        let Some(text) = self.text(encoded) else {
            return Ok(None);
        };
        // Some trackers write the alphabet that is not for addresses.
        let text: String = text
            .chars()
            .map(|letter| match letter {
                '+' | ' ' => '-',
                '/' => '_',
                other => other,
            })
            .collect();
        let bytes = BASE64.decode(text).map_err(|_| NotJson(encoded))?;
        let value = serde_json::from_slice(&bytes).map_err(|_| NotJson(encoded))?;
        Ok(Some(value))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn json_comes_plain_or_in_base64_of_either_kind() {
        let value = json!({"schema": "a/b?c>d", "n": "é"});
        let text = value.to_string();
        let padded = base64::engine::general_purpose::STANDARD.encode(&text);
        let unpadded = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(&text);
        for (name, text) in [("ue_pr", &text), ("ue_px", &padded), ("ue_px", &unpadded)] {
            let members = Map::from_iter([(name.to_owned(), json!(text))]);
            let fields = Fields::Element(&members);
            assert_eq!(
                fields.json("ue_pr", "ue_px"),
                Ok(Some(value.clone())),
                "{text}"
            );
        }
        let query = format!("e=ue&ue_px={unpadded}");
        let fields = Fields::of_query(&query);
        assert_eq!(fields.json("ue_pr", "ue_px"), Ok(Some(value)));
        assert_eq!(fields.json("co", "cx"), Ok(None));
    }

    #[test]
    fn what_is_no_json_is_named() {
        let fields = Fields::of_query("ue_pr={&cx=%21%21");
        assert_eq!(fields.json("ue_pr", "ue_px"), Err(NotJson("ue_pr")));
        assert_eq!(fields.json("co", "cx"), Err(NotJson("cx")));
        assert_eq!(fields.text("ue_pr").as_deref(), Some("{"));
        assert_eq!(Fields::of_query("dtm=soon").time_ms("dtm"), None);
    }
}
