//! The result of comparing: a table a person can act on.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// What comparing one column gave.
#[derive(Debug, Clone, Default)]
pub(crate) struct ColumnResult {
    pub(crate) compared: usize,
    pub(crate) differing: usize,
    /// Key, expected, found.
    pub(crate) example: Option<(String, String, String)>,
}

impl ColumnResult {
    /// Counts a difference, and keeps the first as the example.
    pub(crate) fn differs(&mut self, key: &str, expected: &str, found: &str) {
        self.differing += 1;
        self.example
            .get_or_insert_with(|| (key.to_owned(), expected.to_owned(), found.to_owned()));
    }
}

/// What comparing one view gave.
#[derive(Debug, Clone, Default)]
pub(crate) struct Comparison {
    pub(crate) view: String,
    pub(crate) expected_rows: usize,
    pub(crate) missing_rows: usize,
    pub(crate) unexpected_rows: usize,
    pub(crate) repeated_rows: usize,
    pub(crate) columns: BTreeMap<String, ColumnResult>,
    /// Views and columns that one side knows and the other does not, and examples of such rows.
    pub(crate) problems: BTreeSet<String>,
    /// Keys of rows that differ, are missing or too many; the first thousand.
    pub(crate) differing_keys: BTreeSet<String>,
}

impl Comparison {
    /// The beginning of a comparison.
    pub(crate) fn of(view: &str, expected_rows: usize) -> Self {
        Self {
            view: view.to_owned(),
            expected_rows,
            ..Self::default()
        }
    }

    /// A view that nobody checks.
    pub(crate) fn unknown_view(view: &str) -> Self {
        let problem = "the verifier does not know this view; give it an expectation";
        Self {
            problems: BTreeSet::from([problem.to_owned()]),
            ..Self::of(view, 0)
        }
    }

    /// A view that should be there.
    pub(crate) fn missing_view(view: &str) -> Self {
        Self {
            problems: BTreeSet::from(["the database has no such view".to_owned()]),
            ..Self::of(view, 0)
        }
    }

    pub(crate) fn unknown_column(&mut self, column: &str) {
        self.problems.insert(format!(
            "the verifier does not know column `{column}`; give it an expectation"
        ));
    }

    pub(crate) fn missing_column(&mut self, column: &str) {
        self.problems
            .insert(format!("the view has no column `{column}`"));
    }

    pub(crate) fn missing_row(&mut self, key: &str) {
        self.missing_rows += 1;
        self.note_key(key);
        self.note_row("missing", self.missing_rows, key);
    }

    pub(crate) fn unexpected_row(&mut self, key: &str) {
        self.unexpected_rows += 1;
        self.note_key(key);
        self.note_row("unexpected", self.unexpected_rows, key);
    }

    pub(crate) fn repeated_row(&mut self, key: &str) {
        self.repeated_rows += 1;
        self.note_key(key);
        self.note_row("repeated", self.repeated_rows, key);
    }

    /// A row of that key is not as it should be.
    pub(crate) fn note_key(&mut self, key: &str) {
        const MOST: usize = 1_000;
        if self.differing_keys.len() < MOST && !self.differing_keys.contains(key) {
            self.differing_keys.insert(key.to_owned());
        }
    }

    /// Whether everything was there and equal.
    pub(crate) fn is_equal(&self) -> bool {
        self.missing_rows + self.unexpected_rows + self.repeated_rows == 0
            && self.problems.is_empty()
            && self.columns.values().all(|column| column.differing == 0)
    }

    /// `view.column` of every column with a difference, and the view's name where rows differ.
    pub(crate) fn differing(&self) -> Vec<String> {
        let columns = self
            .columns
            .iter()
            .filter(|(_, column)| column.differing > 0);
        let mut names: Vec<String> = columns
            .map(|(name, _)| format!("{}.{name}", self.view))
            .collect();
        if self.missing_rows + self.unexpected_rows + self.repeated_rows > 0 {
            names.push(self.view.clone());
        }
        names
    }

    fn note_row(&mut self, what: &str, count: usize, key: &str) {
        if count <= 3 {
            self.problems.insert(format!("{what} row: {key}"));
        }
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            view,
            expected_rows,
            missing_rows,
            unexpected_rows,
            repeated_rows,
            columns,
            problems,
            differing_keys: _,
        } = self;
        let verdict = if self.is_equal() {
            "equal"
        } else {
            "DIFFERENT"
        };
        writeln!(
            f,
            "{view}: {verdict}; {expected_rows} rows expected, {missing_rows} missing, {unexpected_rows} unexpected, {repeated_rows} repeated"
        )?;
        for (name, column) in columns {
            writeln!(
                f,
                "  {name:<26} {:>9} compared {:>9} differing",
                column.compared, column.differing
            )?;
            if let Some((key, expected, found)) = &column.example {
                writeln!(f, "      at {key}")?;
                writeln!(f, "      expected {}", shortened(expected))?;
                writeln!(f, "      found    {}", shortened(found))?;
            }
        }
        for problem in problems {
            writeln!(f, "  {problem}")?;
        }
        Ok(())
    }
}

fn shortened(text: &str) -> String {
    const LONGEST: usize = 600;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_owned(),
    }
}
