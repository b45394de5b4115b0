//! One column: what kind of value it holds, and how ClickHouse makes that of what a file says.

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Any text.
    Text,
    /// Several texts.
    List,
    /// Texts by name.
    Map,
    /// A day of the calendar.
    Day,
    /// A moment.
    Time,
    /// A length of time; ms.
    Milliseconds,
    /// Yes or no.
    Flag,
}

/// Whether a row must tell the column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// It is part of the row's identity and must be told.
    Key,
    /// It is part of the row's identity; a time that is not told is 1970: from always.
    KeyOrAlways,
    /// It must be told.
    Told,
    /// It may be left out.
    Free,
}

/// One column of a dimension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name, in files and in the warehouse.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Whether a row must tell it.
    pub need: Need,
}

impl Column {
    pub(super) const fn new(name: &'static str, kind: Kind, need: Need) -> Self {
        Self { name, kind, need }
    }

    /// Whether it is part of the row's identity.
    pub fn is_key(&self) -> bool {
        matches!(self.need, Need::Key | Need::KeyOrAlways)
    }

    /// Whether a row must tell it.
    pub fn is_needed(&self) -> bool {
        matches!(self.need, Need::Key | Need::Told)
    }

    /// Its type while it is staged: what the file says, as text, or as what a typed file makes of it.
    pub(super) fn staged_type(&self, is_typed: bool) -> &'static str {
        match self.kind {
            Kind::List if is_typed => "Array(String)",
            Kind::Map if is_typed => "Map(String, String)",
            // What a typed file does not tell would become the default of the file's type, a 0 or a 1970.
            _ if is_typed => "Nullable(String)",
            _ => "String",
        }
    }

    /// SQL of what is staged, as text that is empty where nothing is told.
    pub(super) fn text_sql(&self, is_typed: bool) -> String {
        let name = quoted(self.name);
        match self.kind {
            Kind::List | Kind::Map if is_typed => format!("toString({name})"),
            _ if is_typed => format!("ifNull({name}, '')"),
            _ => name,
        }
    }

    /// SQL that makes the value of what is staged.
    pub(super) fn value_sql(&self, is_typed: bool) -> String {
        let name = self.text_sql(is_typed);
        match self.kind {
            Kind::Text => name,
            Kind::List | Kind::Map if is_typed => quoted(self.name),
            Kind::List => format!(
                "if(startsWith(trimLeft({name}), '['), JSONExtract({name}, 'Array(String)'), \
                 arrayFilter(each -> each != '', arrayMap(each -> trimBoth(each), splitByChar('|', {name}))))"
            ),
            Kind::Map => format!("JSONExtract({name}, 'Map(String, String)')"),
            Kind::Day => format!("toDate32OrNull({name})"),
            Kind::Time => format!(
                "ifNull(parseDateTime64BestEffortOrNull({name}, 3, 'UTC'), toDateTime64(0, 3, 'UTC'))"
            ),
            Kind::Milliseconds => format!("toUInt64OrNull({name})"),
            Kind::Flag => format!("toUInt8({name} IN ('1', 'true'))"),
        }
    }

    /// SQL that is true where what is staged is no such value, and what to tell then.
    pub(super) fn wrong_sql(&self, is_typed: bool) -> Option<(String, &'static str)> {
        let name = self.text_sql(is_typed);
        let told = format!("{name} != ''");
        match self.kind {
            Kind::Text => None,
            Kind::List | Kind::Map if is_typed => None,
            Kind::List => Some((
                format!(
                    "startsWith(trimLeft({name}), '[') AND (NOT isValidJSON({name}) OR arrayExists(each -> NOT startsWith(each, '\"'), JSONExtractArrayRaw({name})))"
                ),
                "is no list of texts; write one|two, or [\"one\",\"two\"]",
            )),
            Kind::Map => Some((
                format!("{told} AND (NOT isValidJSON({name}) OR JSONType({name}) != 'Object')"),
                "is no object of texts; write {\"name\":\"value\"}",
            )),
            Kind::Day => Some((
                format!("{told} AND ifNull(toString(toDate32OrNull({name})) != {name}, 1)"),
                "is no day from 1900 to 2299; write it as 2024-11-30",
            )),
            Kind::Time => Some((
                format!(
                    "{told} AND (NOT match({name}, '^\\\\d{{4}}-\\\\d{{2}}-\\\\d{{2}}') OR ifNull(parseDateTime64BestEffortOrNull({name}, 3, 'UTC') < toDateTime64(0, 3, 'UTC'), 1))"
                ),
                "is no time since 1970; write it as 2024-11-30T20:15:00Z",
            )),
            Kind::Milliseconds => Some((
                format!("{told} AND toUInt64OrNull({name}) IS NULL"),
                "is no whole number of milliseconds",
            )),
            Kind::Flag => Some((
                format!("{name} NOT IN ('', '0', '1', 'false', 'true')"),
                "is neither true nor false",
            )),
        }
    }
}

/// A column's name, safe where a name of ours is a word of SQL too (`cast`).
pub(super) fn quoted(name: &str) -> String {
    format!("`{name}`")
}
