//! Reading SQL as text: which parts are code, which are strings, comments and quoted names.

/// What a stretch of SQL is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PieceKind {
    /// Keywords, plain names, numbers, punctuation.
    Code,
    /// A string literal with its quotes.
    Text,
    /// A quoted name with its backticks or double quotes.
    Name,
    /// A comment, line or block.
    Comment,
}

/// One stretch of SQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece<'a> {
    /// What it is.
    pub kind: PieceKind,
    /// The characters themselves; all pieces joined give the text back.
    pub text: &'a str,
}

/// Cuts `sql` into pieces. What is left open at the end runs to the end.
pub fn pieces(sql: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let mut rest = sql;
    while !rest.is_empty() {
        let (kind, length) = match opening(rest) {
            Some((0, kind)) => (kind, closing(rest, kind)),
            Some((code, _)) => (PieceKind::Code, code),
            None => (PieceKind::Code, rest.len()),
        };
        let (text, after) = rest.split_at(length);
        found.push(Piece { kind, text });
        rest = after;
    }
    found
}

/// Where the next piece that is no code begins.
fn opening(sql: &str) -> Option<(usize, PieceKind)> {
    let bytes = sql.as_bytes();
    bytes.iter().enumerate().find_map(|(at, byte)| {
        let next = bytes.get(at + 1);
        match byte {
            b'\'' => Some((at, PieceKind::Text)),
            b'`' | b'"' => Some((at, PieceKind::Name)),
            b'-' if next == Some(&b'-') => Some((at, PieceKind::Comment)),
            b'/' if next == Some(&b'*') => Some((at, PieceKind::Comment)),
            _ => None,
        }
    })
}

/// Length of the piece of `kind` that begins `sql`.
fn closing(sql: &str, kind: PieceKind) -> usize {
    if kind == PieceKind::Comment {
        let end = if sql.starts_with("--") {
            sql.find('\n')
        } else {
            sql.find("*/").map(|at| at + 2)
        };
        return end.unwrap_or(sql.len());
    }
    let bytes = sql.as_bytes();
    let quote = bytes[0];
    let mut at = 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            // A doubled quote is one quote inside the string.
            byte if byte == quote && bytes.get(at + 1) == Some(&quote) => at += 2,
            byte if byte == quote => return at + 1,
            _ => at += 1,
        }
    }
    sql.len()
}

#[cfg(test)]
mod tests {
    use super::{PieceKind, pieces};

    #[test]
    fn cuts_and_joins() {
        let sql = "SELECT 'it''s; -- no' /* a;b */, `x'y` -- end; of line\nFROM t;";
        let cut = pieces(sql);
        let kinds: Vec<_> = cut
            .iter()
            .filter(|piece| piece.kind != PieceKind::Code)
            .map(|piece| piece.text)
            .collect();
        assert_eq!(
            kinds,
            ["'it''s; -- no'", "/* a;b */", "`x'y`", "-- end; of line"]
        );
        assert_eq!(cut.iter().map(|piece| piece.text).collect::<String>(), sql);
    }

    #[test]
    fn a_backslash_does_not_close_and_an_open_string_runs_to_the_end() {
        let cut = pieces(r"'a\'b' + 'open \");
        assert_eq!(cut[0].text, r"'a\'b'");
        assert_eq!(cut[2].text, r"'open \");
    }
}
