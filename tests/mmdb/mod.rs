//! Writes a small database in MaxMind's format (version 2.0 of its specification), of IPv4 networks.

#![expect(
    clippy::unwrap_used,
    reason = "a test's set-up that fails is a failed test"
)]
#![allow(dead_code, reason = "each test uses its part")]

use std::net::Ipv4Addr;

/// A value of the format.
pub(crate) enum Value {
    /// A text.
    Text(&'static str),
    /// A number of up to 16 bits.
    U16(u16),
    /// A number of up to 32 bits.
    U32(u32),
    /// A number of up to 64 bits.
    U64(u64),
    /// Names with their values.
    Map(Vec<(&'static str, Value)>),
    /// Values in their order.
    List(Vec<Value>),
}

/// One side of a node of the search tree.
#[derive(Clone, Copy)]
enum Record {
    Nothing,
    Node(usize),
    Data(usize),
}

/// The database of these networks: address, bits, what is known of it.
pub(crate) fn database(networks: &[(&str, u32, Value)]) -> Vec<u8> {
    let mut nodes = vec![[Record::Nothing; 2]];
    let mut data = Vec::new();
    for (address, bits, value) in networks {
        let offset = data.len();
        write(value, &mut data);
        let address: Ipv4Addr = address.parse().unwrap();
        insert(&mut nodes, address.to_bits(), *bits, offset);
    }
    let count = nodes.len();
    let mut file = Vec::new();
    for record in nodes.into_iter().flatten() {
        let number = match record {
            Record::Nothing => count,
            Record::Node(node) => node,
            // The separator of 16 bytes counts.
            Record::Data(offset) => count + 16 + offset,
        };
        file.extend_from_slice(&u32::try_from(number).unwrap().to_be_bytes()[1..]);
    }
    file.extend_from_slice(&[0; 16]);
    file.extend_from_slice(&data);
    file.extend_from_slice(b"\xab\xcd\xefMaxMind.com");
    let about = Value::Map(vec![
        ("binary_format_major_version", Value::U16(2)),
        ("binary_format_minor_version", Value::U16(0)),
        ("build_epoch", Value::U64(1_795_258_402)),
        ("database_type", Value::Text("Test")),
        ("description", Value::Map(vec![("en", Value::Text("test"))])),
        ("ip_version", Value::U16(4)),
        ("languages", Value::List(vec![Value::Text("en")])),
        ("node_count", Value::U32(u32::try_from(count).unwrap())),
        ("record_size", Value::U16(24)),
    ]);
    write(&about, &mut file);
    file
}

fn insert(nodes: &mut Vec<[Record; 2]>, address: u32, bits: u32, offset: usize) {
    let mut at = 0;
    for depth in 0..bits {
        let side = ((address >> (31 - depth)) & 1) as usize;
        if depth + 1 == bits {
            nodes[at][side] = Record::Data(offset);
            return;
        }
        at = match nodes[at][side] {
            Record::Node(next) => next,
            Record::Nothing | Record::Data(_) => {
                nodes.push([Record::Nothing; 2]);
                let next = nodes.len() - 1;
                nodes[at][side] = Record::Node(next);
                next
            }
        };
    }
}

fn write(value: &Value, to: &mut Vec<u8>) {
    match value {
        Value::Text(text) => {
            head(2, text.len(), to);
            to.extend_from_slice(text.as_bytes());
        }
        Value::U16(number) => integer(5, &number.to_be_bytes(), to),
        Value::U32(number) => integer(6, &number.to_be_bytes(), to),
        Value::U64(number) => integer(9, &number.to_be_bytes(), to),
        Value::Map(entries) => {
            head(7, entries.len(), to);
            for (name, value) in entries {
                write(&Value::Text(name), to);
                write(value, to);
            }
        }
        Value::List(values) => {
            head(11, values.len(), to);
            values.iter().for_each(|value| write(value, to));
        }
    }
}

/// Without leading zeros.
fn integer(kind: u8, bytes: &[u8], to: &mut Vec<u8>) {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    head(kind, bytes.len() - zeros, to);
    to.extend_from_slice(&bytes[zeros..]);
}

fn head(kind: u8, size: usize, to: &mut Vec<u8>) {
    let size = u8::try_from(size).unwrap();
    let (short, rest) = if size < 29 {
        (size, None)
    } else {
        (29, Some(size - 29))
    };
    if kind < 8 {
        to.push((kind << 5) | short);
    } else {
        to.extend_from_slice(&[short, kind - 7]);
    }
    to.extend(rest);
}
