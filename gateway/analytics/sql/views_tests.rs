use std::collections::{BTreeMap, BTreeSet};

use super::*;

/// (name of the view, its parameters), of every migration that creates one.
fn migrated() -> BTreeMap<String, BTreeSet<String>> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations");
    let mut views = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let sql = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        let Some((_, rest)) = sql.split_once("CREATE VIEW IF NOT EXISTS ") else {
            continue;
        };
        let name = rest.split_whitespace().next().unwrap().to_owned();
        let parameters = rest.split('{').skip(1).filter_map(|piece| {
            let (name, kind) = piece.split_once('}')?.0.split_once(':')?;
            Some(format!("{name} = {{{name}: {kind}}}"))
        });
        views.insert(name, parameters.collect());
    }
    views
}

#[test]
fn every_view_with_a_confined_form_is_known_with_its_parameters() {
    let migrated = migrated();
    let with_a_form: BTreeSet<_> = migrated
        .keys()
        .filter_map(|name| name.strip_suffix("_v"))
        .filter(|stem| migrated.contains_key(&format!("{stem}_t")))
        .map(|stem| format!("{stem}_v"))
        .collect();
    let known: BTreeSet<_> = VIEWS.iter().map(|view| view.name.to_owned()).collect();
    assert_eq!(known, with_a_form);
    for view in VIEWS {
        let told: BTreeSet<_> = view
            .needs
            .arguments()
            .iter()
            .map(|argument| (*argument).to_owned())
            .collect();
        assert_eq!(told, migrated[view.confined], "{}", view.confined);
    }
}

#[test]
fn names_are_sorted_and_exact() {
    assert!(VIEWS.is_sorted_by_key(|view| view.name));
    assert!(find("sessions_v").is_some());
    for other in ["sessions_t", "Sessions_v", "sessions", "", "session_ids_v"] {
        assert_eq!(find(other), None, "{other}");
    }
}
