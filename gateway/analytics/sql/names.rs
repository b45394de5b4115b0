//! Names go out in backticks, so that ClickHouse never takes one for a keyword where the parser saw a name.

use sqlparser::ast::{Ident, ObjectName, ObjectNamePart};

use super::refusal::{Checked, SqlRefusal, not_allowed};

/// Longest name; characters.
const NAME_MAX_CHARS: usize = 128;

/// Puts a name of a column, alias or window into backticks.
///
/// # Errors
/// When it has characters that ClickHouse reads otherwise inside backticks, or may be one of its virtual columns.
pub(super) fn quote(name: &mut Ident) -> Checked {
    let is_plain = |each: char| each.is_alphanumeric() || " _-.%/()+:,&".contains(each);
    let text = &name.value;
    if text.is_empty() || text.chars().count() > NAME_MAX_CHARS || !text.chars().all(is_plain) {
        return Err(not_allowed(
            format!("the name `{}`", told(text)),
            "use letters, digits, spaces and underscores",
        ));
    }
    if text.starts_with('_') {
        return Err(not_allowed(
            format!("the name `{}`", told(text)),
            "names that begin with an underscore are the server's own",
        ));
    }
    name.quote_style = Some('`');
    Ok(())
}

/// The same for each part of a dotted name.
pub(super) fn quote_all(name: &mut ObjectName) -> Checked {
    let ObjectName(parts) = name;
    parts.iter_mut().try_for_each(|part| match part {
        ObjectNamePart::Identifier(ident) => quote(ident),
        ObjectNamePart::Function(_) => {
            Err(not_allowed("a name that is computed", "write the name"))
        }
    })
}

/// The only part of a name that has one.
pub(super) fn single(name: &ObjectName) -> Result<&Ident, SqlRefusal> {
    let ObjectName(parts) = name;
    match parts.as_slice() {
        [ObjectNamePart::Identifier(ident)] => Ok(ident),
        _ => Err(not_allowed(
            format!("the name `{}`", told(&name.to_string())),
            "views are named without their database",
        )),
    }
}

/// A text of the client's in an answer: short, and on one line.
pub(super) fn told(text: &str) -> String {
    const SHOWN_CHARS: usize = 80;
    let mut shown: String = text
        .chars()
        .take(SHOWN_CHARS)
        .map(|each| if each.is_control() { ' ' } else { each })
        .collect();
    if text.chars().nth(SHOWN_CHARS).is_some() {
        shown.push('…');
    }
    shown
}
