//! The checks: one file each under `sql/checks/`.

/// A check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Check {
    /// Its name, that of its file.
    pub name: &'static str,
    /// Its text: what it proves and what to do in the comment at the top, then one query.
    pub sql: &'static str,
}

macro_rules! checks {
    ($($name:literal,)*) => {
        /// Every check, those first whose violation explains others.
        pub const ALL: &[Check] = &[$(
            Check { name: $name, sql: include_str!(concat!("../../sql/checks/", $name, ".sql")) },
        )*];
    };
}

checks! {
    "dead_letters",
    "copies_folded",
    "session_ids",
    "session_rows",
    "session_beacons",
    "impressions",
    "minute_rollup",
    "minute_time",
    "second_rollup",
    "second_curve",
    "ten_second_rollup",
    "hour_rollup",
    "day_rollup",
}

impl Check {
    /// The check of this name.
    pub fn named(name: &str) -> Option<Self> {
        ALL.iter().copied().find(|check| check.name == name)
    }

    /// What holds while it finds nothing.
    pub fn proves(&self) -> String {
        self.section("Proves")
    }

    /// What to do when it finds something.
    pub fn remedy(&self) -> String {
        self.section("When it fails")
    }

    /// A section of the comment at the top, its lines joined.
    fn section(&self, title: &str) -> String {
        let comment = self
            .sql
            .lines()
            .map_while(|line| line.strip_prefix("-- "))
            .skip_while(|line| !line.starts_with(&format!("{title}: ")));
        let mut text = String::new();
        for line in comment {
            let is_next = !text.is_empty() && !line.starts_with(' ');
            if is_next {
                break;
            }
            let line = line.strip_prefix(&format!("{title}: ")).unwrap_or(line);
            text.push_str(line.trim());
            text.push(' ');
        }
        text.trim_end().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_file_is_a_check_that_says_what_it_proves() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/sql/checks");
        let files: BTreeSet<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        let known: BTreeSet<_> = ALL
            .iter()
            .map(|check| format!("{}.sql", check.name))
            .collect();
        assert_eq!(files, known);
        for check in ALL {
            assert!(
                check.proves().len() > 40,
                "{}: {}",
                check.name,
                check.proves()
            );
            assert!(
                check.remedy().len() > 40,
                "{}: {}",
                check.name,
                check.remedy()
            );
            assert!(check.section("Cost").len() > 20, "{}", check.name);
        }
    }

    #[test]
    fn every_check_is_bounded() {
        for check in ALL {
            let last = check.sql.trim_end().lines().next_back();
            assert_eq!(last, Some("LIMIT 100"), "{}", check.name);
            for moment in ["{since:DateTime}", "{until:DateTime}"] {
                assert!(check.sql.contains(moment), "{} has no {moment}", check.name);
            }
        }
    }

    #[test]
    fn sections_end_where_the_next_begins() {
        let check = Check {
            name: "x",
            sql: "-- Proves: one\n--         and two.\n-- When it fails: three.\n-- Cost: four\nSELECT 1",
        };
        assert_eq!(check.proves(), "one and two.");
        assert_eq!(check.remedy(), "three.");
    }
}
