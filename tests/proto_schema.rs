//! The canonical beacon, its packed record and the migrations say the same: fields, numbers, types,
//! names of enum values. Readers get the beacon's fields; Kafka and the tables have the record's.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use protox::prost_reflect::{EnumDescriptor, FieldDescriptor, Kind, MessageDescriptor};

/// What doors speak and readers see, comments included.
fn beacon() -> Result<MessageDescriptor> {
    written("playhead/v1/beacon.proto", "playhead.v1.Beacon")
}

/// What Kafka carries, comments included.
fn record() -> Result<MessageDescriptor> {
    written("playhead/v1/record.proto", "playhead.v1.BeaconRecord")
}

/// A message of the real schema.
fn written(file: &str, name: &str) -> Result<MessageDescriptor> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("proto");
    message(&folder, file, name)
}

fn message(folder: &Path, file: &str, name: &str) -> Result<MessageDescriptor> {
    let mut compiler = protox::Compiler::new([folder])?;
    compiler.include_source_info(true).open_file(file)?;
    compiler
        .descriptor_pool()
        .get_message_by_name(name)
        .with_context(|| format!("no message {name} in {file}"))
}

/// Text of the last migration that makes a view what it is.
fn latest(view: &str) -> Result<String> {
    let endings = ["create", "replace"].map(|verb| format!("__{verb}_{view}.sql"));
    let mut found: Vec<_> = migrations()?
        .into_iter()
        .filter(|(file, _)| endings.iter().any(|ending| file.ends_with(ending)))
        .collect();
    found.sort();
    let last = found
        .pop()
        .with_context(|| format!("nothing makes {view}"))?;
    Ok(last.1)
}

/// Text of the migration whose name ends so.
fn migration(name: &str) -> Result<String> {
    let ending = format!("__{name}.sql");
    let found: Vec<_> = migrations()?
        .into_iter()
        .filter(|(file, _)| file.ends_with(&ending))
        .collect();
    ensure!(
        found.len() == 1,
        "{} migrations end in {ending}",
        found.len()
    );
    Ok(found.into_iter().map(|(_, text)| text).collect())
}

fn migrations() -> Result<Vec<(String, String)>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "sql") {
            let text = fs::read_to_string(&path)?;
            files.push((path.display().to_string(), text));
        }
    }
    files.sort();
    Ok(files)
}

/// Columns of a CREATE with a column list, in order: name and type.
fn columns(sql: &str) -> Vec<(String, String)> {
    sql.lines()
        .skip_while(|line| *line != "(")
        .skip(1)
        .take_while(|line| *line != ")")
        .map(str::trim)
        .filter(|line| !line.starts_with("--"))
        .filter_map(|line| {
            let (column, _comment) = line.split_once(" COMMENT ")?;
            let (name, kind) = column.split_once(' ')?;
            Some((name.to_owned(), kind.to_owned()))
        })
        .collect()
}

/// Names of the columns, in order.
fn names(columns: &[(String, String)]) -> Vec<&str> {
    columns.iter().map(|(name, _)| name.as_str()).collect()
}

/// What the wire carries, with enums as the numbers that they are there.
fn wire_type(field: &FieldDescriptor) -> String {
    if let Kind::Message(entry) = field.kind()
        && field.is_map()
    {
        let part = |field: FieldDescriptor| wire_type(&field);
        let (key, value) = (entry.map_entry_key_field(), entry.map_entry_value_field());
        return format!("map<{}, {}>", part(key), part(value));
    }
    match field.kind() {
        Kind::Enum(_) => "uint32".to_owned(),
        kind => format!("{kind:?}").to_lowercase(),
    }
}

/// The column type that holds a field's values, without `Nullable` and `LowCardinality`.
fn column_type(field: &FieldDescriptor) -> String {
    match field.kind() {
        Kind::Enum(_) => "UInt8".to_owned(),
        Kind::String => "String".to_owned(),
        Kind::Bool => "Bool".to_owned(),
        Kind::Double => "Float64".to_owned(),
        Kind::Int64 => "Int64".to_owned(),
        Kind::Uint32 => "UInt32".to_owned(),
        Kind::Uint64 | Kind::Fixed64 => "UInt64".to_owned(),
        Kind::Message(entry) if field.is_map() => {
            format!(
                "Map(String, {})",
                column_type(&entry.map_entry_value_field())
            )
        }
        other => format!("no column type is known for {other:?}"),
    }
}

fn plain(column_type: &str) -> String {
    column_type
        .replace("LowCardinality(String)", "String")
        .strip_prefix("Nullable(")
        .and_then(|inner| inner.strip_suffix(')'))
        .map_or_else(
            || column_type.replace("LowCardinality(String)", "String"),
            str::to_owned,
        )
}

/// Enum value name without its prefix, in lower case, as the native door and the views write it.
fn value_names(kind: &EnumDescriptor) -> BTreeMap<i32, String> {
    let prefix = kind
        .get_value(0)
        .map(|zero| zero.name().trim_end_matches("UNSPECIFIED").to_owned())
        .unwrap_or_default();
    kind.values()
        .filter(|value| value.number() != 0)
        .map(|value| {
            let name = value.name().trim_start_matches(&prefix).to_lowercase();
            (value.number(), name)
        })
        .collect()
}

/// The comment before the element at this path of the file.
fn comment(message: &MessageDescriptor, path: &[i32]) -> String {
    message
        .parent_file()
        .file_descriptor_proto()
        .source_code_info
        .iter()
        .flat_map(|info| &info.location)
        .filter(|location| location.path == path)
        .map(|location| location.leading_comments().to_owned())
        .collect()
}

/// Whether a comment says where a value comes from in each of the four specifications.
fn names_all_sources(comment: &str) -> bool {
    ["2066 ", "CMCD ", "EPAS ", "SP "]
        .iter()
        .all(|source| comment.contains(source))
}

fn field_names(message: &MessageDescriptor) -> BTreeSet<String> {
    let names = message.fields().map(|field| field.name().to_owned());
    names.collect()
}

#[test]
fn the_kafka_table_reads_the_schema_field_by_field() -> Result<()> {
    let sql = migration("create_beacons_kafka")?;
    let (_, rest) = sql
        .split_once("format_schema = '")
        .context("no inline schema")?;
    let (inline, _) = rest.split_once('\'').context("no end of the schema")?;
    let (_, rest) = sql
        .split_once("format_schema_message_name = '")
        .context("no message name")?;
    let (name, _) = rest.split_once('\'').context("no end of the name")?;
    let (major, minor) = name
        .strip_prefix("BeaconRecordV")
        .and_then(|version| version.split_once('_'))
        .with_context(|| format!("{name} must be BeaconRecordV<major>_<minor>"))?;
    assert_eq!(major, "1", "the topic's major version");
    assert!(minor.parse::<u32>().is_ok(), "{name}");

    let folder = tempfile::tempdir()?;
    fs::write(folder.path().join("inline.proto"), inline)?;
    let read = message(folder.path(), "inline.proto", name)?;
    let describe = |message: &MessageDescriptor| -> Vec<(u32, String, String, bool)> {
        message
            .fields()
            .map(|field| {
                let is_optional = field.supports_presence();
                let name = field.name().to_owned();
                (field.number(), name, wire_type(&field), is_optional)
            })
            .collect()
    };
    let (written, read) = (describe(&record()?), describe(&read));
    assert_eq!(written.len(), 25);
    for (written, read) in written.iter().zip(&read) {
        assert_eq!(written, read, "record.proto (left), Kafka table (right)");
    }
    assert_eq!(written.len(), read.len());
    for (number, name, _, is_optional) in written {
        assert!(is_optional, "{name} = {number}: every field is optional");
    }
    Ok(())
}

#[test]
fn landing_kafka_table_and_tap_have_the_same_columns() -> Result<()> {
    let record = record()?;
    let landing = columns(&migration("create_beacons_in")?);
    let kafka = columns(&migration("create_beacons_kafka")?);
    let tap = migration("create_beacons_kafka_to_beacons_in_mv_v1")?;
    let tap: Vec<&str> = tap
        .lines()
        .skip_while(|line| *line != "SELECT")
        .skip(1)
        .take_while(|line| !line.starts_with("FROM "))
        .map(|line| line.trim().trim_end_matches(','))
        .collect();
    assert_eq!(landing, kafka, "names, types and order");
    assert_eq!(names(&landing), tap, "the tap passes each on, in order");

    let in_landing: BTreeSet<_> = landing.iter().map(|(name, _)| name.clone()).collect();
    assert_eq!(
        field_names(&record),
        in_landing,
        "record.proto (left), beacons_in (right)"
    );
    for (name, kind) in &landing {
        let field = record.get_field_by_name(name).context("a field")?;
        assert_eq!(plain(kind), column_type(&field), "type of {name}");
    }
    Ok(())
}

/// The JSON texts of a record.
const TEXTS: [&str; 2] = ["attributes", "details"];

/// The comment of a message's field.
fn field_comment(message: &MessageDescriptor, field: &FieldDescriptor) -> String {
    comment(message, field.path())
}

#[test]
fn a_record_holds_every_field_of_the_beacon_once() -> Result<()> {
    let (beacon, record) = (beacon()?, record()?);
    let mut places = Vec::new();
    for field in record.fields() {
        let name = field.name();
        let text = field_comment(&record, &field);
        if TEXTS.contains(&name) {
            let (_, keys) = text.split_once("Keys: ").context("no keys")?;
            let (keys, _) = keys.split_once('.').context("no end of the keys")?;
            places.extend(keys.split(',').map(|key| key.trim().to_owned()));
            continue;
        }
        places.push(name.to_owned());
        let whole = beacon.get_field_by_name(name).context("a field")?;
        // By their names: each message was compiled by itself, and brings its own descriptors.
        let kind = |field: &FieldDescriptor| format!("{:?}", field.kind());
        assert_eq!(kind(&whole), kind(&field), "type of {name}");
        let origin = format!("From Beacon.{name}.");
        assert!(text.contains(&origin), "{name} does not say `{origin}`");
        if name.ends_with("_ms") {
            assert!(text.contains("ms"), "{name} does not name its unit: {text}");
        }
    }
    let once: BTreeSet<String> = places.iter().cloned().collect();
    assert_eq!(once.len(), places.len(), "no field twice: {places:?}");
    assert_eq!(field_names(&beacon), once, "beacon (left), record (right)");
    Ok(())
}

#[test]
fn readers_get_every_field_but_the_session_id() -> Result<()> {
    let beacon = beacon()?;
    let view = columns(&latest("beacons_v")?);
    let mut expected = BTreeMap::new();
    for field in beacon.fields().filter(|field| field.name() != "session_id") {
        let name = field.name();
        match (name.strip_suffix("_time_ms"), field.kind()) {
            (Some(moment), _) => {
                expected.insert(format!("{moment}_time"), "DateTime64(3, 'UTC')".to_owned())
            }
            (None, Kind::Enum(_)) => expected.insert(name.to_owned(), "String".to_owned()),
            (None, _) => expected.insert(name.to_owned(), column_type(&field)),
        };
    }
    let found: BTreeMap<_, _> = view
        .iter()
        .map(|(name, kind)| (name.clone(), plain(kind)))
        .collect();
    assert_eq!(found.len(), view.len(), "no column twice");
    assert_eq!(expected, found, "expected (left), beacons_v (right)");
    Ok(())
}

/// The pairs of a `transform(expression, [numbers], ['names'], ...)`, and the field that the expression
/// reads: the last of the given names in it, be it a column or a key of a JSON text.
fn transforms(sql: &str, fields: &BTreeSet<String>) -> Vec<(String, BTreeMap<i32, String>)> {
    sql.split("transform(")
        .skip(1)
        .filter_map(|call| {
            let (expression, rest) = call.split_once(", [")?;
            let (numbers, rest) = rest.split_once("], [")?;
            let (names, _) = rest.split_once(']')?;
            let is_border = |letter: char| !letter.is_ascii_alphanumeric() && letter != '_';
            let mut words = expression.rsplit(is_border);
            let column = words
                .find(|word| fields.contains(*word))
                .unwrap_or(expression)
                .to_owned();
            let numbers = numbers.split(", ").map(|number| number.parse().ok());
            let names = names.split(", ").map(|name| {
                let name = name.strip_prefix('\'')?.strip_suffix('\'')?;
                Some(name.to_owned())
            });
            let pairs: Option<BTreeMap<i32, String>> = numbers
                .zip(names)
                .map(|(number, name)| Some((number?, name?)))
                .collect();
            // Other transforms go from numbers to numbers.
            Some((column, pairs?))
        })
        .collect()
}

#[test]
fn the_views_name_enum_values_as_the_schema_does() -> Result<()> {
    let enums: BTreeMap<String, BTreeMap<i32, String>> = beacon()?
        .fields()
        .filter_map(|field| match field.kind() {
            Kind::Enum(kind) => Some((field.name().to_owned(), value_names(&kind))),
            _ => None,
        })
        .collect();
    let fields: BTreeSet<String> = enums.keys().cloned().collect();
    let mut seen = 0;
    for (file, sql) in migrations()? {
        for (column, pairs) in transforms(&sql, &fields) {
            assert_eq!(enums.get(&column), Some(&pairs), "{column} in {file}");
            seen += 1;
        }
    }
    assert!(seen >= 10, "only {seen} transforms were read");
    let in_view: BTreeSet<String> = transforms(&latest("beacons_v")?, &fields)
        .into_iter()
        .map(|(column, _)| column)
        .collect();
    assert_eq!(fields, in_view);
    Ok(())
}

#[test]
fn every_field_says_where_it_comes_from() -> Result<()> {
    let beacon = beacon()?;
    // In a file's descriptor messages are list 4, enums 5; in a message fields are list 2.
    let index = |at: usize| i32::try_from(at);
    let place = beacon.parent_file().messages().position(|m| m == beacon);
    let place = index(place.context("the message's place")?)?;
    let enum_comment = |wanted: &EnumDescriptor| -> Result<String> {
        let at = beacon.parent_file().enums().position(|e| e == *wanted);
        Ok(comment(
            &beacon,
            &[5, index(at.context("the enum's place")?)?],
        ))
    };
    let fields = &beacon.descriptor_proto().field;
    for (at, declared) in fields.iter().enumerate() {
        let name = declared.name();
        let mut text = comment(&beacon, &[4, place, 2, index(at)?]);
        let field = beacon.get_field_by_name(name).context("a field")?;
        ensure!(!text.trim().is_empty(), "{name} has no comment");
        if let Kind::Enum(kind) = field.kind() {
            text += &enum_comment(&kind)?;
        }
        assert!(
            names_all_sources(&text) || text.contains("set by the gateway"),
            "{name} does not name 2066, CMCD, EPAS and SP: {text}"
        );
        if name.ends_with("_ms") && !field.is_map() {
            assert!(text.contains("ms"), "{name} does not name its unit: {text}");
        }
    }
    Ok(())
}

#[test]
fn every_event_says_where_it_comes_from() -> Result<()> {
    let beacon = beacon()?;
    let file = beacon.parent_file();
    let (place, kind) = file
        .enums()
        .enumerate()
        .find(|(_, kind)| kind.name() == "EventKind")
        .context("EventKind")?;
    for (at, value) in kind
        .enum_descriptor_proto()
        .value
        .iter()
        .enumerate()
        .skip(1)
    {
        let text = comment(&beacon, &[5, i32::try_from(place)?, 2, i32::try_from(at)?]);
        assert!(names_all_sources(&text), "{}: {text}", value.name());
    }
    Ok(())
}
