//! Structured-field dictionaries (RFC 8941), read with more patience than the standard asks for.
//!
//! Players send decimals of any length where integers are due, text beyond ASCII, and scalars where
//! lists are due; a strict parser would lose the whole line for it.

use std::borrow::Cow;

use super::value::{Bare, Item, Value};

/// Most keys of one dictionary, and most items of one list.
const ENTRIES_MAX: usize = 256;

/// A line that is no dictionary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{problem} at character {at}")]
pub(super) struct NotADictionary {
    problem: &'static str,
    at: usize,
}

/// The entries of one line, in their order.
pub(super) struct Dictionary<'l> {
    line: &'l str,
    at: usize,
    entries: usize,
}

impl<'l> Dictionary<'l> {
    pub(super) fn new(line: &'l str) -> Self {
        Self {
            line,
            at: 0,
            entries: 0,
        }
    }

    /// The next key with its value; none at the end of the line.
    ///
    /// # Errors
    /// What follows is no entry.
    pub(super) fn next_entry(&mut self) -> Result<Option<(&'l str, Value<'l>)>, NotADictionary> {
        self.skip_spaces();
        if self.entries > 0 && !self.is_at_end() {
            self.expect(b',', "a comma is due")?;
            self.skip_spaces();
        }
        if self.is_at_end() {
            return Ok(None);
        }
        self.entries += 1;
        if self.entries > ENTRIES_MAX {
            return Err(self.fault("too many keys"));
        }
        let key = self.key()?;
        let value = if self.take(b'=') {
            self.value()?
        } else {
            Value::Bare(Bare::Boolean(true))
        };
        self.parameters()?;
        Ok(Some((key, value)))
    }

    fn value(&mut self) -> Result<Value<'l>, NotADictionary> {
        if !self.take(b'(') {
            return Ok(Value::Bare(self.bare()?));
        }
        let mut items = Vec::new();
        loop {
            self.skip_spaces();
            if self.take(b')') {
                return Ok(Value::List(items));
            }
            if items.len() == ENTRIES_MAX {
                return Err(self.fault("too many items"));
            }
            let bare = self.bare()?;
            let kind = self.parameters()?;
            items.push(Item { bare, kind });
        }
    }

    /// Reads parameters and gives the first one's name: the kind of object that a number is for.
    fn parameters(&mut self) -> Result<Option<&'l str>, NotADictionary> {
        let mut first = None;
        while self.take(b';') {
            self.skip_spaces();
            let name = self.key()?;
            if self.take(b'=') {
                self.bare()?;
            }
            first.get_or_insert(name);
        }
        Ok(first)
    }

    fn bare(&mut self) -> Result<Bare<'l>, NotADictionary> {
        if self.take(b'"') {
            return self.string();
        }
        let word =
            self.word(|byte| !matches!(byte, b',' | b';' | b')' | b'(' | b' ' | b'\t' | b'"'));
        match word {
            "" => Err(self.fault("a value is due")),
            "?1" => Ok(Bare::Boolean(true)),
            "?0" => Ok(Bare::Boolean(false)),
            _ => Ok(Bare::word(word)),
        }
    }

    fn string(&mut self) -> Result<Bare<'l>, NotADictionary> {
        let from = self.at;
        let mut has_escape = false;
        while let Some(byte) = self.peek() {
            match byte {
                b'"' => {
                    let text = self.line.get(from..self.at).unwrap_or_default();
                    self.at += 1;
                    return Ok(Bare::Text(if has_escape {
                        Cow::Owned(unescaped(text))
                    } else {
                        Cow::Borrowed(text)
                    }));
                }
                b'\\' => {
                    has_escape = true;
                    self.at += 2;
                }
                _ => self.at += 1,
            }
        }
        Err(self.fault("a text does not end"))
    }

    fn key(&mut self) -> Result<&'l str, NotADictionary> {
        let key = self
            .word(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'*'));
        if key.is_empty() {
            return Err(self.fault("a key is due"));
        }
        Ok(key)
    }

    fn word(&mut self, is_part: impl Fn(u8) -> bool) -> &'l str {
        let from = self.at;
        while self.peek().is_some_and(&is_part) {
            self.at += 1;
        }
        // Words end before an ASCII character or at the end, so both ends lie between characters.
        self.line.get(from..self.at).unwrap_or_default()
    }

    fn skip_spaces(&mut self) {
        self.word(|byte| matches!(byte, b' ' | b'\t'));
    }

    fn peek(&self) -> Option<u8> {
        self.line.as_bytes().get(self.at).copied()
    }

    fn is_at_end(&self) -> bool {
        self.at >= self.line.len()
    }

    fn take(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        self.at += usize::from(is_next);
        is_next
    }

    fn expect(&mut self, byte: u8, problem: &'static str) -> Result<(), NotADictionary> {
        if self.take(byte) {
            Ok(())
        } else {
            Err(self.fault(problem))
        }
    }

    fn fault(&self, problem: &'static str) -> NotADictionary {
        NotADictionary {
            problem,
            at: self.at.min(self.line.len()),
        }
    }
}

fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        plain.push(match character {
            '\\' => characters.next().unwrap_or('\\'),
            other => other,
        });
    }
    plain
}

#[cfg(test)]
#[path = "lexer_tests.rs"]
mod tests;
