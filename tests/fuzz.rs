//! Every parser takes whatever comes: the corpora of fuzz/ as they are, then changed at random, the same on every run.
//! `make fuzz` goes far beyond; what it finds becomes a file of the corpora, and so a case of this test.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

#[path = "../fuzz/parsers.rs"]
mod parsers;

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use parsers::PARSERS;

/// Changed inputs of each parser.
const INPUTS: usize = 4_000;
/// An input of some kilobytes that takes longer is a fault: somebody could send many.
const SLOW: Duration = Duration::from_secs(2);
/// What formats treat apart from other bytes.
const TOKENS: [&[u8]; 20] = [
    b"\"",
    b"\\",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b";",
    b"(",
    b")",
    b"=",
    b"%",
    b"\n",
    b"-1",
    b"1e400",
    b"18446744073709551616",
    b"null",
    b"\xff\xfe",
    b"\0",
];

/// Numbers from a seed: xorshift64.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % bound.max(1) as u64).unwrap()
    }

    /// One change: a byte, a cut, a token, a part doubled, a part of another input.
    fn change(&mut self, input: &mut Vec<u8>, other: &[u8]) {
        let at = self.below(input.len() + 1);
        let length = self.below(16);
        match self.below(6) {
            0 if at < input.len() => input[at] ^= 1 << self.below(8),
            1 => input.truncate(at),
            2 => drop(input.drain(at..(at + length).min(input.len()))),
            3 => drop(input.splice(at..at, TOKENS[self.below(TOKENS.len())].iter().copied())),
            4 => {
                let part = input[at..(at + length).min(input.len())].to_vec();
                input.splice(at..at, part.repeat(1 + length));
            }
            _ => {
                let from = self.below(other.len() + 1);
                let part = &other[from..(from + 4 * length).min(other.len())];
                input.splice(at..at, part.iter().copied());
            }
        }
    }
}

#[test]
fn every_parser_takes_whatever_comes() {
    let corpora = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
    let folders = fs::read_dir(&corpora).unwrap().count();
    assert_eq!(
        folders,
        PARSERS.len(),
        "each parser has a corpus, and each corpus a parser"
    );
    for parser in PARSERS {
        let mut files: Vec<_> = fs::read_dir(corpora.join(parser.name))
            .unwrap()
            .map(|file| file.unwrap().path())
            .collect();
        files.sort();
        let seeds: Vec<Vec<u8>> = files.iter().map(|file| fs::read(file).unwrap()).collect();
        assert!(seeds.len() >= 3, "{}", parser.name);
        let mut random = Random(0x9e37_79b9_7f4a_7c15);
        for round in 0..seeds.len() + INPUTS {
            let mut input = seeds[round % seeds.len()].clone();
            if round >= seeds.len() {
                for _ in 0..=random.below(8) {
                    let other = random.below(seeds.len());
                    random.change(&mut input, &seeds[other]);
                }
            }
            let began = Instant::now();
            (parser.read)(&input);
            let took = began.elapsed();
            assert!(took < SLOW, "{} took {took:?}: {input:?}", parser.name);
        }
    }
}
