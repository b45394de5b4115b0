//! From text to exactly one SELECT, in bounded time and depth.

use sqlparser::ast::{Query, Statement};
use sqlparser::dialect::ClickHouseDialect;
use sqlparser::parser::{Parser, ParserError, ParserOptions};
use sqlparser::tokenizer::{Location, Token, TokenWithSpan, Tokenizer};

use super::advice;
use super::refusal::{Checked, SqlRefusal, not_allowed};

/// Words, names, numbers and signs of one query; the longest in use has some hundred.
const TOKENS_MAX: usize = 4_000;
/// Brackets in brackets.
const BRACKETS_MAX: usize = 24;
/// Brackets that open one right after the other: the parser tries each of them in two ways.
const BRACKETS_IN_A_ROW_MAX: usize = 6;
/// How often the parser may call itself.
const RECURSION_MAX: usize = 100;

/// The one SELECT that `text` is.
///
/// # Errors
/// When it cannot be read, is anything else, or is too large.
pub(super) fn parse(text: &str) -> Result<Query, SqlRefusal> {
    let tokens = tokens(text)?;
    within_bounds(&tokens)?;
    let significant: Vec<_> = tokens.iter().map(|each| each.token.clone()).collect();
    let statements = Parser::new(&ClickHouseDialect {})
        // Strings stay as they are written, escapes included.
        .with_options(ParserOptions::new().with_unescape(false))
        .with_recursion_limit(RECURSION_MAX)
        .with_tokens_with_locations(tokens)
        .parse_statements()
        .map_err(|error| unreadable(&error, &significant))?;
    let mut statements = statements.into_iter();
    match (statements.next(), statements.next()) {
        (Some(Statement::Query(query)), None) => Ok(*query),
        (None, _) => Err(not_allowed("an empty query", "write one SELECT")),
        (Some(_), Some(_)) => Err(not_allowed(
            "more than one statement",
            "send one SELECT at a time",
        )),
        (Some(_), None) => Err(not_allowed(
            "any statement but SELECT",
            "views can only be read here",
        )),
    }
}

/// Reads what was written from a query that had been parsed and checked.
pub(super) fn parse_written(sql: &str) -> Option<Query> {
    let mut statements = Parser::new(&ClickHouseDialect {})
        .with_options(ParserOptions::new().with_unescape(false))
        .with_recursion_limit(RECURSION_MAX * 2)
        .try_with_sql(sql)
        .and_then(|mut parser| parser.parse_statements())
        .ok()?
        .into_iter();
    match (statements.next(), statements.next()) {
        (Some(Statement::Query(query)), None) => Some(*query),
        _ => None,
    }
}

fn tokens(text: &str) -> Result<Vec<TokenWithSpan>, SqlRefusal> {
    let is_control = |each: char| each.is_control() && !matches!(each, '\n' | '\r' | '\t');
    if text.chars().any(is_control) {
        return Err(not_allowed(
            "a control character",
            "write text, tabs and line breaks",
        ));
    }
    Tokenizer::new(&ClickHouseDialect {}, text)
        .with_unescape(false)
        .tokenize_with_location()
        .map_err(|error| told(error.location, error.message, ""))
}

fn within_bounds(tokens: &[TokenWithSpan]) -> Checked {
    let mut depth = 0_usize;
    let mut in_a_row = 0_usize;
    let mut count = 0_usize;
    for token in tokens {
        match token.token {
            Token::Whitespace(_) => continue,
            Token::LParen | Token::LBracket | Token::LBrace => {
                depth += 1;
                in_a_row += 1;
            }
            Token::RParen | Token::RBracket | Token::RBrace => {
                depth = depth.saturating_sub(1);
                in_a_row = 0;
            }
            _ => in_a_row = 0,
        }
        count += 1;
        let reason = if count > TOKENS_MAX {
            format!("the query has more than {TOKENS_MAX} words and signs")
        } else if depth > BRACKETS_MAX {
            format!("brackets are nested more than {BRACKETS_MAX} deep")
        } else if in_a_row > BRACKETS_IN_A_ROW_MAX {
            format!("more than {BRACKETS_IN_A_ROW_MAX} brackets open one right after the other")
        } else {
            continue;
        };
        return Err(SqlRefusal::TooLarge(reason));
    }
    Ok(())
}

/// What the parser says, with its place taken out of its sentence.
fn unreadable(error: &ParserError, tokens: &[Token]) -> SqlRefusal {
    let message = match error {
        ParserError::TokenizerError(message) | ParserError::ParserError(message) => message,
        ParserError::RecursionLimitExceeded => {
            return SqlRefusal::TooLarge("the query is nested too deeply".to_owned());
        }
    };
    let (message, place) = message.rsplit_once(" at Line: ").unwrap_or((message, ""));
    let (line, column) = place.split_once(", Column: ").unwrap_or_default();
    let place = Location {
        line: line.trim().parse().unwrap_or(0),
        column: column.trim().parse().unwrap_or(0),
    };
    told(place, message.to_owned(), advice::instead(tokens))
}

fn told(place: Location, message: String, advice: &str) -> SqlRefusal {
    let advice = if advice.is_empty() {
        String::new()
    } else {
        format!(". {advice}")
    };
    SqlRefusal::Unreadable {
        line: place.line,
        column: place.column,
        message: super::names::told(&message),
        advice,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str) -> String {
        parse(text).map_or_else(|refusal| refusal.to_string(), |query| query.to_string())
    }

    #[test]
    fn the_place_and_the_way_out_are_told() {
        let told = refusal("SELECT a\nFROM sessions_v AS s FINAL");
        assert!(told.starts_with("line 2, column "), "{told}");
        assert!(told.contains("leave FINAL out"), "{told}");
        assert!(refusal("SELECT 'open").contains("line 1, column 8"));
    }
}
