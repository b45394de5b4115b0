//! The text of a write key.
//!
//! `phw_` and 32 letters of base64url, which are 24 bytes of the operating system's randomness. The
//! first twelve letters are the key's id: they stand in lists, logs and the file. 144 bits remain
//! that nobody can guess.
//!
//! That is why the file keeps a plain SHA-256 and no slow hash: slowness makes up for passwords that
//! people choose, which can be tried in the order of their likelihood. Here every try is as likely as
//! any of 2^144 others, and a slow hash would only be a way to keep a gateway busy.

use std::fmt::Write as _;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

/// Letters of what is random.
const RANDOM_LENGTH: usize = 32;
/// Letters of it that stand in the id.
const TOLD_LENGTH: usize = 8;
/// Letters shown of a text that is no key; it may be somebody's secret.
const SHOWN_OF_OTHERS: usize = 4;

/// SHA-256 of a key's text.
pub(crate) type Digest = [u8; 32];

/// A key that was just made. Its text is told once and kept nowhere.
pub struct NewKey {
    /// What players send.
    pub text: String,
    /// How it is called.
    pub id: String,
    /// SHA-256 in hexadecimal digits.
    pub sha256: String,
}

/// What a key is for: its text begins with it, so that one that leaked is recognised by scanners.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// Players send beacons with it.
    Write,
    /// Programs and people read the analytics API with it.
    Read,
}

impl KeyKind {
    fn prefix(self) -> &'static str {
        match self {
            Self::Write => "phw_",
            Self::Read => "ph_read_",
        }
    }

    /// The id in a text, if it has the form of such a key. Longer texts are none, and are not hashed.
    pub(crate) fn id_of(self, text: &str) -> Option<&str> {
        let has_form =
            text.starts_with(self.prefix()) && text.len() == self.prefix().len() + RANDOM_LENGTH;
        if has_form {
            text.get(..self.prefix().len() + TOLD_LENGTH)
        } else {
            None
        }
    }

    /// Whether a text, a key or an id, begins like such a key.
    pub fn is_told_by(self, text: &str) -> bool {
        text.starts_with(self.prefix())
    }
}

impl NewKey {
    /// Makes one.
    ///
    /// # Errors
    /// An operating system without randomness.
    pub fn make(kind: KeyKind) -> Result<Self, getrandom::Error> {
        let mut random = [0; 24];
        getrandom::fill(&mut random)?;
        let text = format!("{}{}", kind.prefix(), URL_SAFE_NO_PAD.encode(random));
        Ok(Self {
            id: text
                .chars()
                .take(kind.prefix().len() + TOLD_LENGTH)
                .collect(),
            sha256: hexadecimal(&digest_of(&text)),
            text,
        })
    }

    /// Whether a text has the form of the key with this id.
    pub fn is_of(text: &str, id: &str) -> bool {
        id_of(text) == Some(id)
    }
}

/// The id in a text, if it has the form of a key of either kind.
fn id_of(text: &str) -> Option<&str> {
    KeyKind::Write
        .id_of(text)
        .or_else(|| KeyKind::Read.id_of(text))
}

pub(crate) fn digest_of(text: &str) -> Digest {
    Sha256::digest(text.as_bytes()).into()
}

/// Reads 64 hexadecimal digits.
pub(crate) fn digest_of_hexadecimal(digits: &str) -> Option<Digest> {
    if digits.len() != 64 || !digits.is_ascii() {
        return None;
    }
    let mut digest = Digest::default();
    for (byte, at) in digest.iter_mut().zip((0..64).step_by(2)) {
        *byte = u8::from_str_radix(digits.get(at..at + 2)?, 16).ok()?;
    }
    Some(digest)
}

/// What of a text may stand in a log: the id of a key, and little of anything else.
pub fn shortened(text: &str) -> String {
    if let Some(id) = id_of(text) {
        return id.to_owned();
    }
    let shown = text.chars().take(SHOWN_OF_OTHERS);
    let shown: String = shown.filter(char::is_ascii_graphic).collect();
    format!("{shown}...")
}

fn hexadecimal(digest: &Digest) -> String {
    digest.iter().fold(String::new(), |mut digits, byte| {
        // Writing into a String cannot fail.
        let _ = write!(digits, "{byte:02x}");
        digits
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_key_has_its_id_and_digest() {
        for kind in [KeyKind::Write, KeyKind::Read] {
            let (one, other) = (NewKey::make(kind).unwrap(), NewKey::make(kind).unwrap());
            assert_ne!(one.text, other.text);
            assert_eq!(id_of(&one.text), Some(one.id.as_str()));
            let digest = digest_of_hexadecimal(&one.sha256).unwrap();
            assert_eq!(digest, digest_of(&one.text));
            // Nothing of an address or a header needs to be escaped.
            let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
            assert!(one.text.chars().all(is_plain), "{}", one.text);
        }
        // One kind is not taken for the other.
        let write = NewKey::make(KeyKind::Write).unwrap();
        assert_eq!(KeyKind::Read.id_of(&write.text), None);
    }

    #[test]
    fn the_digest_is_sha_256() {
        // Of "abc", from FIPS 180-2.
        let known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(hexadecimal(&digest_of("abc")), known);
        for wrong in ["", "ba78", &"g".repeat(64), &"é".repeat(32)] {
            assert_eq!(digest_of_hexadecimal(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn little_is_shown_of_what_is_no_key() {
        let key = NewKey::make(KeyKind::Write).unwrap();
        assert_eq!(shortened(&key.text), key.id);
        assert_eq!(shortened("hunter2hunter2"), "hunt...");
        assert_eq!(shortened("a\r\nb"), "ab...");
        assert_eq!(shortened("é"), "...");
        assert_eq!(id_of(&"é".repeat(18)), None);
    }
}
