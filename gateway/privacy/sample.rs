//! What of a refused beacon may be shown to whoever looks for the mistake. Nobody could read it, so nothing
//! is known of its fields: everything is redacted, names decide where they tell something, and what could hide
//! a secret from the patterns (escapes, percent signs, base64) is taken apart or taken out.

use std::borrow::Cow;

use regex::{Captures, Regex};
use serde_json::{Map, Value};

use super::redact::{RedactError, Redactor};
use super::{Privacy, gpc};
use crate::config::{GpcPolicy, IdPolicy};

/// Longest text that is shown; bytes.
const SHOWN_MAX_BYTES: usize = 1_024;
/// How far JSON within texts of JSON is opened.
const DEPTH_MAX: usize = 3;
/// How often percent signs are undone: proxies encode what is encoded.
const ENCODED_MAX: usize = 3;

/// Names that lead to a person or a device, at every door; in lower case, without `_` and `-`.
const IDS: [&str; 13] = [
    "viewerid",
    "accountid",
    "profileid",
    "deviceid",
    "visitid",
    "userid",
    "domainuserid",
    "networkuserid",
    "uid",
    "duid",
    "nuid",
    "tnuid",
    "vid",
];
/// A member of what was meant to be JSON.
const MEMBER: &str = r#""([^"\\]{1,64})"(\s*:\s*)("[^"]*"?|[^\s,}\]\[{]+)"#;
/// The same in a text that has no fields.
const IDS_IN_TEXT: &str = r#"(?i)\b((?:viewer|account|profile|device|visit|(?:domain_|network_)?user)[_-]?id|(?:d|n|tn)?uid|vid)("?\s*[=:]\s*"?)[^\s&"',;}\]]+"#;
/// Names of what is base64.
const ENCODED: [&str; 3] = ["ue_px", "cx", "data"];
/// What takes its place.
const ENCODED_MARK: &str = "[encoded]";
/// The same in a text that has no fields.
const ENCODED_IN_TEXT: &str = r#"\b(ue_px|cx|data)("?\s*[=:]\s*"?)[A-Za-z0-9+/_-]{2,}={0,2}"#;
/// So long a word tells nobody anything, and may be base64.
const LONG_WORD: &str = r"[A-Za-z0-9+/_-]{48,}={0,2}";
/// Addresses of version 4 and 6.
const ADDRESS: &str =
    r"(?i)\b\d{1,3}(?:\.\d{1,3}){3}\b|(?:\b[0-9a-f]{1,4})?(?::[0-9a-f]{0,4}){3,7}";
/// A write or read key: its id stays.
const KEY: &str = r"\b(phw_[A-Za-z0-9_-]{8}|ph_read_[A-Za-z0-9_-]{8})[A-Za-z0-9_-]+";

/// The patterns beside those of redaction.
pub(super) struct SamplePatterns {
    member: Regex,
    ids: Regex,
    encoded: Regex,
    long_word: Regex,
    address: Regex,
    key: Regex,
}

impl SamplePatterns {
    /// Prepares them.
    ///
    /// # Errors
    /// A pattern that is none.
    pub(super) fn new() -> Result<Self, RedactError> {
        Ok(Self {
            member: Regex::new(MEMBER)?,
            ids: Regex::new(IDS_IN_TEXT)?,
            encoded: Regex::new(ENCODED_IN_TEXT)?,
            long_word: Regex::new(LONG_WORD)?,
            address: Regex::new(ADDRESS)?,
            key: Regex::new(KEY)?,
        })
    }
}

/// Redacts what was refused, by the policy of its tenant.
pub(crate) struct SampleRedactor<'p> {
    redactor: &'p Redactor,
    patterns: &'p SamplePatterns,
    hides_ids: bool,
    hides_advertising: bool,
}

impl Privacy {
    /// What redacts a refused beacon of this tenant. Texts are redacted whatever the policy says of them; ids
    /// stay only where they are kept as sent.
    pub(crate) fn for_sample(&self, tenant: &str, is_gpc: bool) -> SampleRedactor<'_> {
        let policy = self.0.tenants.get(tenant).unwrap_or(&self.0.default);
        SampleRedactor {
            redactor: &self.0.redactor,
            patterns: &self.0.samples,
            hides_ids: policy.ids != IdPolicy::AsSent
                || (is_gpc && policy.gpc == GpcPolicy::Anonymous),
            hides_advertising: is_gpc && policy.gpc != GpcPolicy::Mark,
        }
    }
}

impl SampleRedactor<'_> {
    /// A text: JSON, or anything else.
    pub(crate) fn text(&self, text: &str) -> String {
        match serde_json::from_str::<Value>(text) {
            Ok(value @ (Value::Object(_) | Value::Array(_))) => self.json(value),
            _ => cut(self.words(text)),
        }
    }

    /// A value, as JSON.
    pub(crate) fn json(&self, value: Value) -> String {
        cut(self.value(value, DEPTH_MAX).to_string())
    }

    /// What is told of a field: nothing where it is one of those that are not kept.
    pub(crate) fn message(&self, field: Option<&str>, message: &str) -> String {
        match field.and_then(|field| self.taken_out(field)) {
            Some(mark) => mark.to_owned(),
            None => cut(self.words(message)),
        }
    }

    /// Words of any kind, such as names of fields.
    pub(crate) fn words(&self, text: &str) -> String {
        let plain = undo_escapes(text);
        let patterns = self.patterns;
        let by_name = patterns.member.replace_all(&plain, |found: &Captures<'_>| {
            match self.taken_out(&found[1]) {
                Some(mark) => format!("\"{}\"{}\"{mark}\"", &found[1], &found[2]),
                None => found[0].to_owned(),
            }
        });
        let mut clean = self
            .redactor
            .redacted(&by_name)
            .unwrap_or_else(|| by_name.into_owned());
        let mut replace = |pattern: &Regex, by: &str| {
            if let Cow::Owned(replaced) = pattern.replace_all(&clean, by) {
                clean = replaced;
            }
        };
        replace(&patterns.key, "$1...");
        replace(&patterns.encoded, "$1$2[encoded]");
        replace(&patterns.long_word, "[encoded]");
        replace(&patterns.address, "[address]");
        if self.hides_ids {
            replace(&patterns.ids, "$1$2[id]");
        }
        clean
    }

    fn value(&self, value: Value, depth: usize) -> Value {
        match value {
            Value::String(text) => self.leaf(&text, depth),
            Value::Array(values) => {
                let clean = values.into_iter().map(|value| self.value(value, depth));
                clean.collect()
            }
            Value::Object(members) => {
                let clean = members.into_iter().map(|(name, value)| {
                    let value = match self.taken_out(&name) {
                        // Not everything of that name is base64.
                        Some(mark) if mark == ENCODED_MARK && !value.is_string() => {
                            self.value(value, depth)
                        }
                        Some(mark) if !value.is_null() => mark.into(),
                        _ => self.value(value, depth),
                    };
                    (self.words(&name), value)
                });
                Value::Object(clean.collect::<Map<_, _>>())
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => value,
        }
    }

    /// A text within JSON, which may be JSON again.
    fn leaf(&self, text: &str, depth: usize) -> Value {
        if depth > 0
            && text.trim_start().starts_with(['{', '['])
            && let Ok(value @ (Value::Object(_) | Value::Array(_))) = serde_json::from_str(text)
        {
            return self.value(value, depth - 1);
        }
        self.words(text).into()
    }

    /// What takes the place of the value of this name; none where the value may be looked at.
    fn taken_out(&self, name: &str) -> Option<&'static str> {
        let last = name.rsplit('.').next().unwrap_or(name);
        if ENCODED.contains(&last) {
            return Some(ENCODED_MARK);
        }
        if self.hides_ids && is_id(last) {
            return Some("[id]");
        }
        if self.hides_advertising && gpc::is_advertising(last) {
            return Some("[id]");
        }
        let as_text = self.redactor.redacted(&format!("{last}=xx"));
        let is_secret = last == "key" || as_text.is_some_and(|text| text.ends_with("[secret]"));
        is_secret.then_some("[secret]")
    }
}

fn is_id(name: &str) -> bool {
    let letters = name.chars().filter(|letter| !matches!(letter, '_' | '-'));
    let plain: String = letters.map(|letter| letter.to_ascii_lowercase()).collect();
    IDS.contains(&plain.as_str())
}

fn cut(mut text: String) -> String {
    if text.len() > SHOWN_MAX_BYTES {
        let mut ends = (0..=SHOWN_MAX_BYTES).rev();
        let end = ends.find(|end| text.is_char_boundary(*end));
        text.truncate(end.unwrap_or_default());
        text.push_str("...");
    }
    text
}

/// A text as somebody would read it: a secret behind `\u0040` or `%40` is one all the same.
fn undo_escapes(text: &str) -> String {
    let mut plain = undo_backslashes(text);
    for _ in 0..ENCODED_MAX {
        let decoded = undo_percent_signs(&plain);
        if decoded == plain {
            break;
        }
        plain = decoded;
    }
    let shown = plain
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter });
    shown.collect()
}

fn undo_backslashes(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        plain.push_str(before);
        let code = after
            .strip_prefix('u')
            .and_then(|digits| u32::from_str_radix(digits.get(..4)?, 16).ok());
        if let Some(code) = code {
            // Halves of a pair are no letters; nothing is hidden in them.
            plain.push(char::from_u32(code).unwrap_or('?'));
            rest = after.get(5..).unwrap_or_default();
            continue;
        }
        let mut letters = after.chars();
        match letters.next() {
            Some('n' | 'r' | 't' | 'b' | 'f') => plain.push(' '),
            Some(letter) => plain.push(letter),
            None => {}
        }
        rest = letters.as_str();
    }
    plain.push_str(rest);
    plain
}

fn undo_percent_signs(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let digits = after.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        let is_encoded = *first == b'%';
        match digits.and_then(|two| u8::from_str_radix(two, 16).ok()) {
            Some(byte) if is_encoded => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
#[path = "sample_tests.rs"]
mod tests;
