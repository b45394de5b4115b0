//! Where a file is wrong, as a person finds it, and what ClickHouse says to a file that it cannot read.

use std::fmt;

use super::FileFormat;

/// Where in a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The row, from 1; the header is none.
    pub row: Option<u64>,
    /// The line, from 1, where the file has lines.
    pub line: Option<u64>,
    /// The column's name.
    pub column: Option<String>,
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.line, self.row, &self.column) {
            (Some(line), _, Some(column)) => write!(out, "line {line}, column `{column}`"),
            (Some(line), _, None) => write!(out, "line {line}"),
            (None, Some(row), Some(column)) => write!(out, "row {row}, column `{column}`"),
            (None, Some(row), None) => write!(out, "row {row}"),
            (None, None, Some(column)) => write!(out, "column `{column}`"),
            (None, None, None) => write!(out, "the body"),
        }
    }
}

/// The place and the reason in the words of a parser; `None` when it is no parser that speaks.
pub(super) fn of_parser(message: &str, format: FileFormat) -> Option<(Place, String)> {
    if !message.contains("InputFormat") {
        return None;
    }
    let said = message
        .split_once("DB::Exception: ")
        .map_or(message, |(_, after)| after);
    let end = [
        ": (at row",
        "\n",
        ": (while reading",
        ": While executing",
        ": read stage",
    ]
    .iter()
    .filter_map(|mark| said.find(mark))
    .min()
    .unwrap_or(said.len());
    let reason = if message.contains("has less columns than expected") {
        "the row has fewer columns than the header".to_owned()
    } else if message.contains("has more columns than expected") {
        "the row has more columns than the header".to_owned()
    } else {
        said[..end].trim().to_owned()
    };
    let row = between(message, "(at row ", ")").and_then(|digits| digits.parse::<u64>().ok());
    let line = match format {
        FileFormat::Csv if message.contains("format header") => Some(1),
        FileFormat::Csv => row.map(|row| row + 1),
        FileFormat::Ndjson => row,
        FileFormat::Parquet => None,
    };
    // The diagnosis lists the columns of the row that it could read; the last one is where it ended.
    let column = match format {
        FileFormat::Csv => message
            .rsplit_once(", name: ")
            .or_else(|| message.rsplit_once("name: "))
            .and_then(|(_, after)| after.split(',').next())
            .map(str::to_owned),
        FileFormat::Parquet => message
            .rsplit_once("column: ")
            .and_then(|(_, after)| after.split(':').next())
            .map(str::to_owned),
        FileFormat::Ndjson => None,
    };
    Some((Place { row, line, column }, reason))
}

/// The column that is not known, where that is what a parser says.
pub(super) fn unknown_column(reason: &str) -> Option<&str> {
    let after = reason.strip_prefix("Unknown field found ")?;
    let (_, named) = after.split_once(": ")?;
    Some(between(named, "'", "'").unwrap_or(named))
}

fn between<'t>(text: &'t str, open: &str, close: &str) -> Option<&'t str> {
    let (_, after) = text.split_once(open)?;
    Some(after.split_once(close)?.0)
}

#[cfg(test)]
mod tests {
    use super::{FileFormat, of_parser, unknown_column};

    #[test]
    fn a_short_row_of_csv_has_line_and_column() {
        let said = "Code: 27. DB::Exception: Cannot parse input: expected ',' before: '\\n': (at row 2)\n: \nRow 1:\nColumn 0,   name: content_id,   type: String, parsed text: \"a\"\n\nRow 2:\nColumn 0,   name: content_id,   type: String, parsed text: \"b\"\nERROR: Line feed found. It's like your file has less columns than expected.\n\n: While executing CSVRowInputFormat. (X)";
        let (place, reason) = of_parser(said, FileFormat::Csv).expect("a parser speaks");
        assert_eq!(place.to_string(), "line 3, column `content_id`");
        assert_eq!(reason, "the row has fewer columns than the header");
    }

    #[test]
    fn a_column_that_is_not_known_is_named() {
        let csv = "Code: 117. DB::Exception: Unknown field found in format header: 'nope' at position 1\nSet the 'x': (while reading header): While executing CSVRowInputFormat. (X)";
        let (place, reason) = of_parser(csv, FileFormat::Csv).expect("a parser speaks");
        assert_eq!(place.to_string(), "line 1");
        assert_eq!(unknown_column(&reason), Some("nope"));
        let json = "Code: 117. DB::Exception: Unknown field found while parsing JSONEachRow format: nope: (at row 4)\n: While executing JSONEachRowRowInputFormat. (X)";
        let (place, reason) = of_parser(json, FileFormat::Ndjson).expect("a parser speaks");
        assert_eq!(place.to_string(), "line 4");
        assert_eq!(unknown_column(&reason), Some("nope"));
    }

    #[test]
    fn what_no_parser_says_is_no_fault_of_the_file() {
        let said = "Code: 241. DB::Exception: Memory limit exceeded";
        assert_eq!(of_parser(said, FileFormat::Parquet), None);
    }
}
