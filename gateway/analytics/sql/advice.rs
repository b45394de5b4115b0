//! What to write instead of the ClickHouse SQL that the parser does not know.

use sqlparser::tokenizer::Token;

/// (words that stand one after the other, what to write instead). `*` is any one word or sign.
#[rustfmt::skip]
const KNOWN: [(&[&str], &str); 23] = [
    (&["final"], "The views have one row of each thing already: leave FINAL out"),
    (&["with", "ties"], "Instead of WITH TIES, compare with a subquery: WHERE n >= (SELECT ...)"),
    (&["asof"], "ASOF JOIN is not known here: join on equality, and take argMax(...) of what comes before"),
    (&["left", "any"], "Write a plain LEFT JOIN over a subquery that groups with any(...)"),
    (&["any", "join"], "Write a plain JOIN over a subquery that groups with any(...)"),
    (&["any", "left"], "Write a plain LEFT JOIN over a subquery that groups with any(...)"),
    (&["global", "in"], "Leave GLOBAL out"),
    (&["global", "not"], "Leave GLOBAL out"),
    (&["div"], "Write intDiv(a, b) instead of a DIV b"),
    (&["mod"], "Write a % b instead of a MOD b"),
    (&["?"], "Write if(condition, then, else) instead of condition ? then : else"),
    (&["#"], "Comments begin with -- here, not with #"),
    (&["apply"], "Name the columns instead of APPLY"),
    (&["staleness"], "WITH FILL is known with FROM, TO and STEP"),
    (&["into", "outfile"], "The answer is the result; its format is told by the header Accept"),
    (&["settings"], "Leave SETTINGS out: the limits are fixed"),
    (&["format"], "Leave FORMAT out: the format is told by the header Accept"),
    (&["array", "join", "["], "Write arrayJoin([...]) AS x in a subquery instead of ARRAY JOIN [...] AS x"),
    (&["array", "join", "("], "Write arrayJoin(...) AS x in a subquery instead of ARRAY JOIN (...) AS x"),
    (&["limit", "*", "by"], "After LIMIT n BY no second LIMIT is known: put the query into SELECT * FROM (...) LIMIT m"),
    (&["limit", "*", "offset", "*", "by"], "Put the query into SELECT * FROM (...) and cut it there"),
    (&["."], "Write tupleElement(t, 1) instead of t.1"),
    (&["with"], "WITH names subqueries: WITH name AS (SELECT ...). Instead of WITH expression AS name write the expression AS name in the SELECT"),
];

/// What to write instead of the first gap that the text seems to have; empty when none is seen.
pub(super) fn instead(tokens: &[Token]) -> &'static str {
    let words: Vec<String> = tokens
        .iter()
        .filter(|token| !matches!(token, Token::Whitespace(_)))
        .map(|token| match token {
            Token::Word(word) => word.value.to_lowercase(),
            // `t.1` is cut into `t` and the number `.1`.
            Token::Number(number, _) if number.starts_with('.') => ".".to_owned(),
            other => other.to_string(),
        })
        .collect();
    let is_there = |pattern: &[&str]| {
        words.windows(pattern.len()).any(|window| {
            let mut pairs = window.iter().zip(pattern);
            pairs.all(|(word, wanted)| *wanted == "*" || word == wanted)
        })
    };
    // Dots are in many queries that are wrong for another reason; only one before a number tells something.
    let dot_is_a_number = tokens.windows(2).any(|pair| {
        matches!(&pair[1], Token::Number(number, _) if number.starts_with('.'))
            || matches!((&pair[0], &pair[1]), (Token::Period, Token::Number(..)))
    });
    KNOWN
        .iter()
        .filter(|(pattern, _)| *pattern != ["."] || dot_is_a_number)
        .find(|(pattern, _)| is_there(pattern))
        .map_or("", |(_, instead)| instead)
}
