use super::*;
use crate::analytics::sql::views::VIEWS;
use crate::warehouse::{PieceKind, pieces};

const ACCEPTED: &str = include_str!("../../../tests/fixtures/sql/accepted.sql");
const REFUSED: &str = include_str!("../../../tests/fixtures/sql/refused.sql");

/// (title, SQL) of each case.
fn cases(file: &'static str) -> Vec<(&'static str, &'static str)> {
    let cases = file.split("--- ").skip(1);
    cases.map(|case| case.split_once('\n').unwrap()).collect()
}

/// What runs, on a stack as large as in service.
fn rewritten(text: &str) -> Result<String, SqlRefusal> {
    let text = text.to_owned();
    let check = std::thread::Builder::new().stack_size(STACK_BYTES);
    let check = check.spawn(move || confined(&text)).unwrap();
    check.join().unwrap().map(|confined| confined.sql)
}

/// A generator with a seed (`SplitMix64`).
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % bound as u64).unwrap()
    }
}

/// The same words with other blanks between them.
fn respaced(sql: &str, chance: &mut Chance) -> String {
    const BLANKS: [&str; 7] = [
        " ",
        "  ",
        "\n",
        "\t",
        "\r\n",
        " /* a ' b */ ",
        " -- a ` b\n",
    ];
    let pieces = pieces(sql).into_iter().map(|piece| match piece.kind {
        PieceKind::Code => piece
            .text
            .split(' ')
            .collect::<Vec<_>>()
            .join(BLANKS[chance.below(BLANKS.len())]),
        _ => piece.text.to_owned(),
    });
    pieces.collect()
}

/// Some letters of the words in the other case.
fn recased(sql: &str, chance: &mut Chance) -> String {
    let pieces = pieces(sql).into_iter().map(|piece| match piece.kind {
        PieceKind::Code => piece
            .text
            .chars()
            .map(|each| match chance.below(4) {
                0 => each.to_ascii_uppercase(),
                1 => each.to_ascii_lowercase(),
                _ => each,
            })
            .collect(),
        _ => piece.text.to_owned(),
    });
    pieces.collect()
}

/// The same inside another query.
fn nested(sql: &str, chance: &mut Chance) -> String {
    let sql = sql.trim().trim_end_matches(';');
    match chance.below(7) {
        0 => format!("SELECT * FROM ({sql}\n) AS inner_query"),
        1 => format!("WITH inner_query AS ({sql}\n) SELECT * FROM inner_query"),
        2 => format!("SELECT 1 UNION ALL {sql}"),
        3 => format!("{sql}\n UNION ALL SELECT 1"),
        4 => format!("SELECT ({sql}\n)"),
        5 => format!("SELECT 1 FROM sessions_v WHERE session_key IN ({sql}\n)"),
        _ => format!("SELECT 1 WHERE EXISTS ({sql}\n)"),
    }
}

#[test]
fn the_questions_of_analysts_pass() {
    let cases = cases(ACCEPTED);
    assert!(cases.len() >= 50, "{}", cases.len());
    for (title, sql) in cases {
        let runs = rewritten(sql).unwrap_or_else(|refusal| panic!("{title}: {refusal}"));
        // Nothing is read by its own name, and every value of the fence is a parameter.
        for piece in pieces(&runs) {
            let name = piece.text;
            assert!(piece.kind != PieceKind::Comment, "{title}: {runs}");
            if piece.kind == PieceKind::Code {
                for view in VIEWS {
                    assert!(!name.contains(view.name), "{title}: {runs}");
                }
            }
        }
        let confined = runs.matches("_t(tenant = {tenant: String}").count();
        assert_eq!(confined, runs.matches("_t(").count(), "{title}: {runs}");
    }
}

#[test]
fn what_is_hostile_is_refused_for_its_reason() {
    let mut failures = Vec::new();
    for (title, sql) in cases(REFUSED) {
        let expected = title.split_once('|').unwrap().1.trim();
        match rewritten(sql) {
            Ok(runs) => failures.push(format!("{title} ran as {runs}")),
            Err(refusal) if !refusal.to_string().contains(expected) => {
                failures.push(format!("{title}: {refusal}"));
            }
            Err(_) => {}
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn what_is_hostile_stays_refused_however_it_is_written() {
    let mut chance = Chance(7);
    for (title, sql) in cases(REFUSED) {
        for _ in 0..20 {
            let mut text = sql.to_owned();
            for _ in 0..=chance.below(4) {
                text = match chance.below(3) {
                    0 => respaced(&text, &mut chance),
                    1 => recased(&text, &mut chance),
                    _ => nested(&text, &mut chance),
                };
            }
            if let Ok(runs) = rewritten(&text) {
                panic!("{title}:\n{text}\nran as\n{runs}");
            }
        }
    }
}

#[test]
fn blanks_and_comments_change_nothing() {
    let mut chance = Chance(11);
    for (title, sql) in cases(ACCEPTED) {
        let runs = rewritten(sql).unwrap();
        for _ in 0..5 {
            let again = rewritten(&respaced(sql, &mut chance));
            assert_eq!(again.unwrap(), runs, "{title}");
        }
    }
}

#[test]
fn a_view_becomes_its_confined_form_under_its_name() {
    let runs = rewritten("SELECT sessions_v.cdn FROM sessions_v").unwrap();
    assert_eq!(
        runs,
        "SELECT `sessions_v`.`cdn` FROM sessions_t(tenant = {tenant: String}, \
         from_time = {from_time: DateTime64(3, 'UTC')}, to_time = {to_time: DateTime64(3, 'UTC')}) AS `sessions_v`"
    );
    let runs = rewritten("WITH viewers AS (SELECT 1 AS n) SELECT viewers.n FROM viewers").unwrap();
    assert_eq!(
        runs,
        "WITH `subquery 1 viewers` AS (SELECT 1 AS `n`) SELECT `viewers`.`n` FROM `subquery 1 viewers` AS `viewers`"
    );
}

#[test]
fn long_and_deep_texts_end_in_an_answer() {
    for text in [
        format!("SELECT 1{}", " + 1".repeat(1_950)),
        format!("SELECT 1{}", " AND 1".repeat(1_950)),
        format!("SELECT 1{}", "::UInt8".repeat(1_300)),
        format!("SELECT a{}", "[1]".repeat(1_300)),
        format!("SELECT 1{}", " UNION ALL SELECT 1".repeat(900)),
        format!("SELECT 1{}", " IS NULL".repeat(1_300)),
        format!("SELECT {}1", "-".repeat(3_900)),
        format!("SELECT {}1{}", "(".repeat(5_000), ")".repeat(5_000)),
        format!("SELECT {}", "(SELECT ".repeat(23)),
        format!("SELECT 1{}", ", 1".repeat(5_000)),
    ] {
        match rewritten(&text) {
            Ok(runs) => assert!(runs.len() > 1_000),
            Err(refusal) => assert!(!refusal.to_string().is_empty()),
        }
    }
}

#[test]
fn brackets_cost_no_time() {
    let begun = std::time::Instant::now();
    for text in [
        format!("SELECT * FROM {}sessions_v", "(".repeat(6)),
        format!("SELECT {}1", "(".repeat(6)),
        format!("SELECT {}1", "f((((((".repeat(3)),
        format!("SELECT {}", "(SELECT * FROM ".repeat(24)),
        format!("SELECT * FROM {}", "((SELECT a FROM ".repeat(12)),
        format!("SELECT * FROM {}", "((((((SELECT a FROM ".repeat(4)),
        format!("SELECT {}1", "a IN (".repeat(24)),
        format!("SELECT {}1", "a IN ((((((".repeat(4)),
        format!("SELECT {}1", "[(".repeat(12)),
        format!("SELECT {}1", "NOT ".repeat(2_000)),
        format!("SELECT {}1", "- ".repeat(2_000)),
        format!("SELECT {}1", "CASE WHEN ".repeat(1_000)),
        format!("SELECT {}x", "x -> ".repeat(1_000)),
    ] {
        let one = std::time::Instant::now();
        assert!(rewritten(&text).is_err(), "{text}");
        let head: String = text.chars().take(40).collect();
        assert!(one.elapsed().as_secs() < 2, "{head}: {:?}", one.elapsed());
    }
    assert!(begun.elapsed().as_secs() < 10, "{:?}", begun.elapsed());
}
