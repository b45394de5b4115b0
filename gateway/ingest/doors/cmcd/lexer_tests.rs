use super::*;

fn read(line: &str) -> Result<Vec<(&str, Value<'_>)>, NotADictionary> {
    let mut dictionary = Dictionary::new(line);
    let mut entries = Vec::new();
    while let Some(entry) = dictionary.next_entry()? {
        entries.push(entry);
    }
    Ok(entries)
}

fn value(line: &str) -> Value<'_> {
    read(line).unwrap().pop().unwrap().1
}

#[test]
fn every_form_of_value_is_read() {
    let list = |items: &[(&'static str, Option<&'static str>)]| {
        Value::List(
            items
                .iter()
                .map(|(word, kind)| Item {
                    bare: Bare::word(word),
                    kind: *kind,
                })
                .collect(),
        )
    };
    assert_eq!(value("su"), Value::Bare(Bare::Boolean(true)));
    assert_eq!(value("bg=?0"), Value::Bare(Bare::Boolean(false)));
    assert_eq!(value("sta=p"), Value::Bare(Bare::word("p")));
    assert_eq!(
        value("ts=1795250275767").number(),
        Some(1_795_250_275_767.0)
    );
    assert_eq!(value("pr=1.0833333333").number(), Some(1.083_333_333_3));
    assert_eq!(value("x=-5").number(), Some(-5.0));
    assert_eq!(
        value("bl=(0;v 1900;a)"),
        list(&[("0", Some("v")), ("1900", Some("a"))])
    );
    assert_eq!(value("br=( 391 )"), list(&[("391", None)]));
    assert_eq!(value("ec=()"), list(&[]));
    assert_eq!(
        value(r#"cid="a\"b\\c, d;e""#),
        Value::Bare(Bare::Text(r#"a"b\c, d;e"#.into()))
    );
    assert_eq!(
        value(r#"cid="Käse""#),
        Value::Bare(Bare::Text("Käse".into()))
    );
    assert_eq!(
        value(r#"nor=("s2.m4s";r="0-500")"#),
        Value::List(vec![Item {
            bare: Bare::Text("s2.m4s".into()),
            kind: Some("r")
        }])
    );
}

#[test]
fn entries_stand_between_commas() {
    let entries = read("a=1,com.example-x=\"v\" , b;p=1,c=tok/en*").unwrap();
    let keys: Vec<_> = entries.iter().map(|(key, _)| *key).collect();
    assert_eq!(keys, ["a", "com.example-x", "b", "c"]);
    assert_eq!(read("").unwrap(), []);
}

#[test]
fn what_is_no_dictionary_is_told_with_its_place() {
    for (line, text) in [
        ("a=\"b", "a text does not end at character 4"),
        ("a=\"b\\", "a text does not end at character 5"),
        ("a=(1 2", "a value is due at character 6"),
        ("a=1 b=2", "a comma is due at character 4"),
        ("a=", "a value is due at character 2"),
        ("=1", "a key is due at character 0"),
        ("{\"event\":1}", "a key is due at character 0"),
        ("a=((1))", "a value is due at character 3"),
    ] {
        assert_eq!(read(line).unwrap_err().to_string(), text, "{line}");
    }
}

#[test]
fn a_flood_of_keys_or_items_is_refused() {
    assert!(read(&"a,".repeat(256)).is_ok());
    assert!(read(&"a,".repeat(257)).is_err());
    assert!(read(&format!("a=({})", "1 ".repeat(257))).is_err());
}
