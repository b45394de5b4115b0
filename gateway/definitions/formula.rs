//! What a formula reads, and where it could divide by zero.

use std::collections::BTreeSet;

use crate::warehouse::{PieceKind, pieces};

/// Words of SQL that are neither columns nor functions.
const KEYWORDS: [&str; 7] = ["AND", "OR", "NOT", "IN", "IS", "NULL", "AS"];

/// A formula taken apart.
#[derive(Debug)]
pub struct Formula<'a> {
    tokens: Vec<&'a str>,
}

impl<'a> Formula<'a> {
    /// Takes `sql` apart into words, numbers and signs; texts become the empty token.
    pub fn new(sql: &'a str) -> Self {
        let mut tokens = Vec::new();
        for piece in pieces(sql) {
            match piece.kind {
                PieceKind::Code => tokenise(piece.text, &mut tokens),
                PieceKind::Name => tokens.push(piece.text),
                PieceKind::Text => tokens.push(""),
                PieceKind::Comment => {}
            }
        }
        Self { tokens }
    }

    /// The functions that it calls.
    pub fn functions(&self) -> BTreeSet<&'a str> {
        let calls = self.tokens.windows(2).filter(|pair| pair[1] == "(");
        calls
            .map(|pair| pair[0])
            .filter(|word| is_word(word) && !is_keyword(word))
            .collect()
    }

    /// The names that it reads: words that are neither functions nor keywords.
    pub fn names(&self) -> BTreeSet<&'a str> {
        let followers = self.tokens.iter().skip(1).copied().chain([""]);
        let named = self.tokens.iter().copied().zip(followers);
        named
            .filter(|(word, next)| is_word(word) && !is_keyword(word) && *next != "(")
            .map(|(word, _)| word.trim_matches(['`', '"']))
            .collect()
    }

    /// What divides and may be zero: neither a number above zero nor in `nullIf`.
    pub fn unguarded_divisors(&self) -> Vec<&'a str> {
        let followers = self.tokens.windows(2);
        followers
            .filter(|pair| matches!(pair[0], "/" | "%"))
            .map(|pair| pair[1])
            .filter(|divisor| *divisor != "nullIf")
            .filter(|divisor| !divisor.parse::<f64>().is_ok_and(|number| number > 0.0))
            .collect()
    }
}

/// Spaces do not matter to what a formula says.
pub fn without_spaces(sql: &str) -> String {
    sql.split_whitespace().collect()
}

fn is_word(token: &str) -> bool {
    token.starts_with(|first: char| first.is_ascii_alphabetic() || "_`\"".contains(first))
}

fn is_keyword(word: &str) -> bool {
    KEYWORDS
        .iter()
        .any(|known| known.eq_ignore_ascii_case(word))
}

fn tokenise<'a>(code: &'a str, tokens: &mut Vec<&'a str>) {
    let is_part = |each: char| each.is_ascii_alphanumeric() || each == '_' || each == '.';
    let mut rest = code.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = if is_part(first) {
            rest.find(|each| !is_part(each)).unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let (token, after) = rest.split_at(length);
        tokens.push(token);
        rest = after.trim_start();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_functions_are_told_apart() {
        let formula = Formula::new(
            "countIf(end_reason IN ('failed', 'a / b') AND NOT is_started) / nullIf(sum(`plays`), 0)",
        );
        assert_eq!(
            formula.names().into_iter().collect::<Vec<_>>(),
            ["end_reason", "is_started", "plays"]
        );
        assert_eq!(
            formula.functions().into_iter().collect::<Vec<_>>(),
            ["countIf", "nullIf", "sum"]
        );
        assert!(formula.unguarded_divisors().is_empty());
    }

    #[test]
    fn divisors_that_may_be_zero_are_found() {
        let unguarded = |sql| Formula::new(sql).unguarded_divisors();
        assert_eq!(unguarded("sum(a)/sum(b)"), ["sum"]);
        assert_eq!(
            unguarded("sum(a) / 0 + a % b + c / (d + 1)"),
            ["0", "b", "("]
        );
        assert!(unguarded("sum(a) / 1000 + quantile(0.5)(b) / nullIf(c, 0)").is_empty());
    }
}
