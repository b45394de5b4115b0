use std::io::Write;

use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

use super::*;

const PLAIN: &[u8] = br#"[{"session_id":"s","event":"heartbeat","seq":0}]"#;
/// What Node's zlib makes of it; brotli is only ever undone here.
const PLAIN_IN_BROTLI: &str = "8b17805b7b2273657373696f6e5f6964223a2273222c226576656e74223a22686561727462656174222c22736571223a307d5d03";
/// 50,000,000 spaces.
const BOMB_IN_BROTLI: &str =
    "cfffff7ff82540e2b14020f7fe9ffffffff04b00c4610180eefd7ffec1ebe3970088c322001d747d";

fn bytes(hex: &str) -> Vec<u8> {
    let digits = hex.as_bytes().chunks(2);
    digits
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}

fn encoded(encoding: Encoding, plain: &[u8]) -> Vec<u8> {
    match encoding {
        Encoding::Gzip => {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
            encoder.write_all(plain).unwrap();
            encoder.finish().unwrap()
        }
        Encoding::Deflate => {
            let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
            encoder.write_all(plain).unwrap();
            encoder.finish().unwrap()
        }
        Encoding::Zstd => zstd::encode_all(plain, 1).unwrap(),
        Encoding::Brotli => bytes(PLAIN_IN_BROTLI),
    }
}

const ALL: [Encoding; 4] = [
    Encoding::Gzip,
    Encoding::Zstd,
    Encoding::Brotli,
    Encoding::Deflate,
];

fn header(value: &'static str) -> HeaderMap {
    [(CONTENT_ENCODING, value.parse().unwrap())]
        .into_iter()
        .collect()
}

#[test]
fn every_encoding_is_undone_up_to_the_limit() {
    for encoding in ALL {
        let body = encoded(encoding, PLAIN);
        assert_eq!(
            encoding.undo(&body, PLAIN.len()).unwrap(),
            PLAIN,
            "{encoding:?}"
        );
        assert_eq!(
            encoding.undo(&body, PLAIN.len() - 1),
            Err(RequestRefusal::BodyTooLarge(PLAIN.len() - 1)),
            "{encoding:?}"
        );
    }
    let mut raw = DeflateEncoder::new(Vec::new(), Compression::fast());
    raw.write_all(PLAIN).unwrap();
    assert_eq!(
        Encoding::Deflate
            .undo(&raw.finish().unwrap(), 1_000)
            .unwrap(),
        PLAIN
    );
}

#[test]
fn what_is_cut_off_or_is_something_else_is_refused() {
    for encoding in ALL {
        let body = encoded(encoding, PLAIN);
        for wrong in [&body[..body.len() - 1], b"[{}]".as_slice()] {
            assert_eq!(
                encoding.undo(wrong, 1_000),
                Err(RequestRefusal::MalformedEncoding(encoding.name())),
                "{encoding:?} {wrong:?}"
            );
        }
    }
}

#[test]
fn bombs_are_stopped_by_their_ratio_and_by_the_limit() {
    let spaces = vec![b' '; 2_000_000];
    let bombs = [
        (Encoding::Zstd, encoded(Encoding::Zstd, &spaces)),
        (Encoding::Brotli, bytes(BOMB_IN_BROTLI)),
    ];
    for (encoding, bomb) in bombs {
        assert!(bomb.len() < 400, "{encoding:?} {}", bomb.len());
        assert_eq!(
            encoding.undo(&bomb, 1_000_000),
            Err(RequestRefusal::TooCompressed(RATIO_MAX))
        );
        assert_eq!(
            encoding.undo(&bomb, 50_000),
            Err(RequestRefusal::BodyTooLarge(50_000))
        );
    }
    // A window of 128 MiB, which would have to be held in memory.
    let mut encoder = zstd::stream::write::Encoder::new(Vec::new(), 1).unwrap();
    encoder.window_log(27).unwrap();
    encoder.include_contentsize(false).unwrap();
    encoder.write_all(PLAIN).unwrap();
    assert_eq!(
        Encoding::Zstd.undo(&encoder.finish().unwrap(), 1_000),
        Err(RequestRefusal::MalformedEncoding("zstd"))
    );
}

#[test]
fn an_encoding_is_told_by_header_address_or_beginning() {
    let none = HeaderMap::new();
    for (value, encoding) in [
        ("gzip", Some(Encoding::Gzip)),
        ("X-GZIP", Some(Encoding::Gzip)),
        ("zstd", Some(Encoding::Zstd)),
        ("br", Some(Encoding::Brotli)),
        ("deflate", Some(Encoding::Deflate)),
        ("identity", None),
        ("", None),
    ] {
        assert_eq!(
            Encoding::of(&header(value), "", b"[]"),
            Ok(encoding),
            "{value}"
        );
        let query = format!("key=a&compression={value}");
        assert_eq!(Encoding::of(&none, &query, b"[]"), Ok(encoding), "{query}");
    }
    for encoding in [Encoding::Gzip, Encoding::Zstd] {
        let body = encoded(encoding, PLAIN);
        assert_eq!(Encoding::of(&none, "", &body), Ok(Some(encoding)));
    }
    assert_eq!(Encoding::of(&none, "no_compression=1", PLAIN), Ok(None));
    assert_eq!(
        Encoding::of(&header("gzip, br"), "", b""),
        Err(RequestRefusal::UnsupportedEncoding("gzip, br".into()))
    );
    assert_eq!(
        Encoding::of(&none, "compression=lzma", b""),
        Err(RequestRefusal::UnsupportedEncoding("lzma".into()))
    );
}
