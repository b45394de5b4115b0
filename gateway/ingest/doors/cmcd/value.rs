//! Values of a structured-field dictionary, and what a key may ask of them.

use std::borrow::Cow;

/// The value of a key.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value<'l> {
    /// A single one.
    Bare(Bare<'l>),
    /// An inner list.
    List(Vec<Item<'l>>),
}

/// One item of an inner list.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Item<'l> {
    /// Its value.
    pub(super) bare: Bare<'l>,
    /// The kind of media it is for: `v`, `a`, `av`.
    pub(super) kind: Option<&'l str>,
}

/// A value that is not a list.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Bare<'l> {
    /// `?1`, `?0`, or a key that stands alone.
    Boolean(bool),
    /// A number as it was written, or a token.
    Word(&'l str),
    /// A string.
    Text(Cow<'l, str>),
}

impl Item<'_> {
    fn with_kind(&self) -> String {
        match self.kind {
            Some(kind) => format!("{};{kind}", self.bare.as_str()),
            None => self.bare.as_str().to_owned(),
        }
    }
}

impl<'l> Bare<'l> {
    pub(super) fn word(word: &'l str) -> Self {
        Self::Word(word)
    }

    /// The text, whichever way it was written.
    pub(super) fn as_str(&self) -> &str {
        match self {
            Self::Boolean(true) => "true",
            Self::Boolean(false) => "false",
            Self::Word(word) => word,
            Self::Text(text) => text,
        }
    }

    fn number(&self) -> Option<f64> {
        self.as_str()
            .parse()
            .ok()
            .filter(|number: &f64| number.is_finite())
    }
}

impl Value<'_> {
    /// The text; items of a list are joined by commas.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Bare(bare) => bare.as_str().to_owned(),
            Self::List(items) => {
                let words: Vec<_> = items.iter().map(|item| item.bare.as_str()).collect();
                words.join(",")
            }
        }
    }

    /// The text as it was written: items of a list with the kind of media that each is for,
    /// `831;v 96;a`; without kinds joined by commas.
    pub(super) fn with_kinds(&self) -> String {
        match self {
            Self::List(items) if items.iter().any(|item| item.kind.is_some()) => {
                let words: Vec<_> = items.iter().map(Item::with_kind).collect();
                words.join(" ")
            }
            Self::Bare(_) | Self::List(_) => self.text(),
        }
    }

    /// The boolean.
    pub(super) fn boolean(&self) -> Option<bool> {
        match self {
            Self::Bare(Bare::Boolean(flag)) => Some(*flag),
            Self::Bare(_) | Self::List(_) => None,
        }
    }

    /// The number, or the first one of a list.
    pub(super) fn number(&self) -> Option<f64> {
        match self {
            Self::Bare(bare) => bare.number(),
            Self::List(items) => items.first()?.bare.number(),
        }
    }

    /// The number, rounded, if it is not negative.
    pub(super) fn whole(&self) -> Option<u64> {
        whole(self.number()?)
    }

    /// The smallest number.
    pub(super) fn smallest(&self) -> Option<u64> {
        self.numbers().map(|(number, _)| number).min()
    }

    /// The largest number.
    pub(super) fn largest(&self) -> Option<u64> {
        self.numbers().map(|(number, _)| number).max()
    }

    /// Sound and picture together: the sum of both, or the number that stands for both.
    pub(super) fn sum_of_sound_and_picture(&self) -> Option<u64> {
        let of = |kind: &str| {
            self.numbers()
                .filter(|(_, is)| *is == Some(kind))
                .map(|(number, _)| number)
                .max()
        };
        match (of("v"), of("a")) {
            (None, None) => self.largest(),
            (picture, sound) => Some(picture.unwrap_or(0) + sound.unwrap_or(0)),
        }
    }

    fn numbers(&self) -> impl Iterator<Item = (u64, Option<&str>)> {
        let (bare, items) = match self {
            Self::Bare(bare) => (Some(bare), [].as_slice()),
            Self::List(items) => (None, items.as_slice()),
        };
        let single = bare.map(|bare| (bare, None));
        let listed = items.iter().map(|item| (&item.bare, item.kind));
        single
            .into_iter()
            .chain(listed)
            .filter_map(|(bare, kind)| Some((whole(bare.number()?)?, kind)))
    }
}

/// Rounds a number that is not negative and fits well within 53 bits.
fn whole(number: f64) -> Option<u64> {
    let rounded = number.round();
    // In this range the conversion is exact.
    (0.0..9e15).contains(&rounded).then_some(rounded as u64)
}
