//! A text.

pub(in crate::beacon) use super::scalar::{read, write};
use crate::beacon::size::{Oversize, Sizes};

pub(in crate::beacon) fn measure(
    text: &Option<String>,
    name: &'static str,
    sizes: &mut Sizes<'_>,
) -> Result<(), Oversize> {
    match text {
        Some(text) => sizes.text(name, text),
        None => Ok(()),
    }
}
