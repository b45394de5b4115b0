//! Which plays are counted: `dimension:operator:value`.

use std::collections::BTreeSet;

use regex::RegexBuilder;

use super::bad;
use super::dimension::Dimension;
use super::query_string::QueryString;
use crate::analytics::error::QueryError;
use crate::analytics::reader::Param;

/// Where the conditions stand in a query's text.
pub const PLACE: &str = "${filters}";

const FILTERS_MAX: usize = 16;
const VALUES_MAX: usize = 100;
const VALUE_MAX_BYTES: usize = 1_024;
const PATTERN_MAX_BYTES: usize = 256;
/// A pattern that needs more when it is compiled is refused; bytes.
const PATTERN_MAX_COMPILED: usize = 256 * 1024;

/// How a value is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Operator {
    Is,
    IsNot,
    In,
    NotIn,
    Matches,
}

const OPERATORS: [(&str, Operator); 5] = [
    ("is", Operator::Is),
    ("is_not", Operator::IsNot),
    ("in", Operator::In),
    ("not_in", Operator::NotIn),
    ("matches", Operator::Matches),
];

/// A condition on a dimension.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Filter {
    /// The dimension.
    pub dimension: Dimension,
    operator: Operator,
    values: BTreeSet<String>,
}

/// Conditions all of which must hold; the same ones in another order are the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filters(BTreeSet<Filter>);

/// Conditions as SQL, with the values that the server binds.
#[derive(Clone, Debug)]
pub struct Conditions {
    /// Goes where [`PLACE`] stands after a WHERE or AND; `1` when there are none.
    pub sql: String,
    /// The values.
    pub params: Vec<(String, Param)>,
}

impl Filters {
    /// None.
    pub fn none() -> Self {
        Self::default()
    }

    /// Whether everything is counted.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The dimensions that they are about, each once.
    pub fn dimensions(&self) -> BTreeSet<Dimension> {
        self.0.iter().map(|filter| filter.dimension).collect()
    }

    /// What of them tells one question from another.
    pub fn key(&self) -> String {
        format!("{:?}", self.0)
    }

    /// The conditions over columns that `column` knows; the names come out of our own lists, the values are bound.
    ///
    /// # Errors
    /// When a dimension has no column there.
    pub fn conditions(
        &self,
        column: impl Fn(Dimension) -> Option<&'static str>,
    ) -> Result<Conditions, QueryError> {
        let mut conditions = Vec::new();
        let mut params = Vec::new();
        for (index, filter) in self.0.iter().enumerate() {
            let column = column(filter.dimension).ok_or_else(|| {
                let word = filter.dimension.word();
                bad("filter", &format!("`{word}` is not told apart here"))
            })?;
            let name = format!("filter_{index}");
            conditions.push(filter.condition(column, &name));
            params.push((name, filter.value()));
        }
        let sql = match conditions.as_slice() {
            [] => "1".to_owned(),
            conditions => conditions.join(" AND "),
        };
        Ok(Conditions { sql, params })
    }
}

impl Filter {
    fn parse(text: &str) -> Result<Self, QueryError> {
        let mut parts = text.splitn(3, ':');
        let (Some(dimension), Some(operator), Some(value)) =
            (parts.next(), parts.next(), parts.next())
        else {
            return Err(bad(
                "filter",
                "must be dimension:operator:value, such as cdn:is:akamai or country:in:DE,AT",
            ));
        };
        let dimension = Dimension::of(dimension.trim(), "filter")?;
        let known = OPERATORS.iter().find(|(word, _)| *word == operator.trim());
        let Some((_, operator)) = known else {
            let words = OPERATORS.map(|(word, _)| word).join(", ");
            return Err(bad(
                "filter",
                &format!("the operator must be one of {words}"),
            ));
        };
        let values = match operator {
            Operator::In | Operator::NotIn => values_of(value),
            Operator::Is | Operator::IsNot => BTreeSet::from([value.to_owned()]),
            Operator::Matches => BTreeSet::from([pattern(value)?.to_owned()]),
        };
        if values.len() > VALUES_MAX {
            return Err(bad("filter", &format!("has more than {VALUES_MAX} values")));
        }
        if values.iter().any(|value| value.len() > VALUE_MAX_BYTES) {
            let reason = format!("a value is longer than {VALUE_MAX_BYTES} bytes");
            return Err(bad("filter", &reason));
        }
        Ok(Self {
            dimension,
            operator: *operator,
            values,
        })
    }

    fn condition(&self, column: &str, name: &str) -> String {
        match self.operator {
            Operator::Is => format!("{column} = {{{name}:String}}"),
            Operator::IsNot => format!("{column} != {{{name}:String}}"),
            Operator::In => format!("{column} IN {{{name}:Array(String)}}"),
            Operator::NotIn => format!("{column} NOT IN {{{name}:Array(String)}}"),
            Operator::Matches => format!("match({column}, {{{name}:String}})"),
        }
    }

    fn value(&self) -> Param {
        match self.operator {
            Operator::In | Operator::NotIn => Param::Texts(self.values.iter().cloned().collect()),
            _ => Param::Text(self.values.first().cloned().unwrap_or_default()),
        }
    }
}

/// Values separated by commas; `\,` is a comma and `\\` a backslash inside a value.
fn values_of(text: &str) -> BTreeSet<String> {
    let mut values = BTreeSet::new();
    let mut value = String::new();
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            ',' => {
                values.insert(std::mem::take(&mut value));
            }
            '\\' => match characters.next() {
                Some(escaped @ (',' | '\\')) => value.push(escaped),
                other => {
                    value.push('\\');
                    value.extend(other);
                }
            },
            other => value.push(other),
        }
    }
    values.insert(value);
    values
}

/// A pattern that the server's engine reads the same way.
fn pattern(text: &str) -> Result<&str, QueryError> {
    if text.len() > PATTERN_MAX_BYTES {
        let reason = format!("a pattern is longer than {PATTERN_MAX_BYTES} bytes");
        return Err(bad("filter", &reason));
    }
    let compiled = RegexBuilder::new(text)
        .size_limit(PATTERN_MAX_COMPILED)
        .build();
    match compiled {
        Ok(_) => Ok(text),
        Err(regex::Error::CompiledTooBig(_)) => Err(bad("filter", "the pattern repeats too much")),
        Err(_) => Err(bad("filter", "the pattern is no regular expression (RE2)")),
    }
}

impl QueryString {
    /// All filters; none when none is given.
    ///
    /// # Errors
    /// When one cannot be understood, or there are too many.
    pub fn filters(&mut self) -> Result<Filters, QueryError> {
        let texts = self.take_all("filter");
        if texts.len() > FILTERS_MAX {
            return Err(bad(
                "filter",
                &format!("is given more than {FILTERS_MAX} times"),
            ));
        }
        let filters = texts.iter().map(|text| Filter::parse(text));
        Ok(Filters(filters.collect::<Result<_, _>>()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filters(texts: &[&str]) -> Result<Filters, String> {
        let pairs: Vec<_> = texts.iter().map(|text| ("filter", *text)).collect();
        QueryString::of(&pairs)
            .filters()
            .map_err(|error| error.to_string())
    }

    fn sql(texts: &[&str]) -> String {
        let conditions = filters(texts)
            .unwrap()
            .conditions(|dimension| Some(dimension.word()));
        conditions.unwrap().sql
    }

    #[test]
    fn values_are_bound_and_names_are_ours() {
        assert_eq!(sql(&[]), "1");
        assert_eq!(
            sql(&["country:in:DE,AT", "cdn:is_not:a' OR 1"]),
            "country IN {filter_0:Array(String)} AND cdn != {filter_1:String}"
        );
        assert_eq!(
            sql(&["app_version:matches:^7\\."]),
            "match(app_version, {filter_0:String})"
        );
        assert_eq!(
            filters(&["cdn:is:a", "isp:is:b"]),
            filters(&["isp:is:b", "cdn:is:a"])
        );
    }

    #[test]
    fn values_may_hold_commas_and_colons() {
        let values = |text: &str| {
            let told = Filter::parse(text).unwrap();
            told.values.into_iter().collect::<Vec<_>>()
        };
        assert_eq!(values("content_id:is:a:b,c"), ["a:b,c"]);
        assert_eq!(
            values(r"content_id:in:a\,b,c\\,d\e"),
            ["a,b", r"c\", r"d\e"]
        );
        assert_eq!(values("cdn:in:"), [""]);
        assert_eq!(values("cdn:is:"), [""]);
    }

    #[test]
    fn what_is_no_filter_is_refused() {
        let long = format!("cdn:matches:{}", "a".repeat(257));
        for text in [
            "",
            "cdn",
            "cdn:is",
            "colour:is:red",
            "cdn:like:a",
            "cdn:matches:(",
            "cdn:matches:(a{9}){9999}",
            &long,
        ] {
            assert!(filters(&[text]).is_err(), "{text:?}");
        }
        assert!(filters(&["cdn:is:a"; 17]).is_err());
        let nowhere = filters(&["cdn:is:a"]).unwrap().conditions(|_| None);
        assert!(
            nowhere.is_err_and(|error| error.to_string().contains("`cdn` is not told apart here"))
        );
    }
}
