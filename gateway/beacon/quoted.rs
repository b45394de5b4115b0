//! A text as JSON writes it: only the quote, the backslash and control characters are escaped.

use std::fmt::Write;

/// Most bytes that one byte of a text becomes: `\u001f`.
pub(crate) const ESCAPE_MAX_BYTES: usize = 6;

/// Writes the text in quotes.
pub(crate) fn write(text: &str, json: &mut String) {
    json.push('"');
    // Looks at every byte without leaving early, which compiles to vector instructions; texts are short.
    let is_plain = text
        .bytes()
        .fold(true, |is_plain, byte| is_plain & !needs_escape(byte));
    if is_plain {
        json.push_str(text);
    } else {
        write_escaped(text, json);
    }
    json.push('"');
}

/// How long [`write()`] makes it, without the quotes; bytes.
pub(crate) fn written_bytes(text: &str) -> usize {
    text.bytes().map(escaped_bytes).sum()
}

/// Those of characters beyond ASCII stand for themselves.
fn needs_escape(byte: u8) -> bool {
    (byte < 0x20) | (byte == b'"') | (byte == b'\\')
}

fn escaped_bytes(byte: u8) -> usize {
    match byte {
        b'"' | b'\\' | b'\n' | b'\r' | b'\t' | 0x08 | 0x0c => 2,
        0..0x20 => ESCAPE_MAX_BYTES,
        _ => 1,
    }
}

fn write_escaped(text: &str, json: &mut String) {
    for character in text.chars() {
        match character {
            '"' => json.push_str("\\\""),
            '\\' => json.push_str("\\\\"),
            '\n' => json.push_str("\\n"),
            '\r' => json.push_str("\\r"),
            '\t' => json.push_str("\\t"),
            '\u{8}' => json.push_str("\\b"),
            '\u{c}' => json.push_str("\\f"),
            '\0'..' ' => {
                // A String takes everything.
                let _ = write!(json, "\\u{:04x}", u32::from(character));
            }
            plain => json.push(plain),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_is_written_as_serde_json_does_and_as_long_as_counted() {
        for character in (0..=0x2100).chain([0xfeff, 0x1f3ac, 0x10_ffff]) {
            let Some(character) = char::from_u32(character) else {
                continue;
            };
            let text = format!("a{character}b");
            let mut json = String::new();
            write(&text, &mut json);
            assert_eq!(json, serde_json::to_string(&text).unwrap());
            assert_eq!(json.len(), written_bytes(&text) + 2, "{json}");
        }
    }
}
