//! Content encodings of request bodies, bounded in what comes out.
//!
//! An encoding is named by the header, or, for pages that want no preflight, by `?compression=`, or
//! not at all: gzip and zstd are known by how they begin, as no body of any door does.

use std::io::Read;

use axum::http::HeaderMap;
use axum::http::header::CONTENT_ENCODING;
use bytes::Bytes;
use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};

use super::RequestRefusal;

/// The parameter that names an encoding.
const PARAMETER: &str = "compression";
/// Beacons take some twentieth of their size; what grows by more was made to.
const RATIO_MAX: usize = 250;
/// Up to here nobody asks by how much it grew; bytes.
const RATIO_FREE_BYTES: usize = 64 * 1024;
/// Largest window of zstd, as power of two: what browsers and RFC 9659 hold to, 8 MiB.
const ZSTD_WINDOW_LOG_MAX: u32 = 23;
/// What brotli reads at a time; bytes.
const BROTLI_BUFFER_BYTES: usize = 4 * 1024;

/// How a body is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Gzip,
    Zstd,
    Brotli,
    Deflate,
}

impl Encoding {
    /// The encoding that the header, the address or the body's beginning tells; none for a plain body.
    pub(super) fn of(
        headers: &HeaderMap,
        query: &str,
        body: &[u8],
    ) -> Result<Option<Self>, RequestRefusal> {
        if let Some(value) = headers.get(CONTENT_ENCODING) {
            return Self::named(value.to_str().unwrap_or("?"));
        }
        if query.contains(PARAMETER) {
            let mut pairs = form_urlencoded::parse(query.as_bytes());
            if let Some((_, name)) = pairs.find(|(name, _)| name == PARAMETER) {
                return Self::named(&name);
            }
        }
        Ok(Self::of_beginning(body))
    }

    /// The encoding that a body's beginning tells.
    pub(super) fn of_beginning(body: &[u8]) -> Option<Self> {
        match body {
            [0x1f, 0x8b, ..] => Some(Self::Gzip),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(Self::Zstd),
            _ => None,
        }
    }

    fn named(name: &str) -> Result<Option<Self>, RequestRefusal> {
        let name = name.trim();
        Ok(Some(match name.to_ascii_lowercase().as_str() {
            "" | "identity" | "none" => return Ok(None),
            "gzip" | "x-gzip" => Self::Gzip,
            "zstd" => Self::Zstd,
            "br" => Self::Brotli,
            "deflate" => Self::Deflate,
            _ => {
                let name = name.chars().take(40).collect();
                return Err(RequestRefusal::UnsupportedEncoding(name));
            }
        }))
    }

    fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
            Self::Brotli => "br",
            Self::Deflate => "deflate",
        }
    }

    /// Undoes it, up to so many bytes.
    pub(super) fn undo(self, body: &[u8], max_bytes: usize) -> Result<Bytes, RequestRefusal> {
        match self {
            Self::Gzip => self.read(MultiGzDecoder::new(body), body, max_bytes),
            Self::Deflate if is_zlib(body) => self.read(ZlibDecoder::new(body), body, max_bytes),
            Self::Deflate => self.read(DeflateDecoder::new(body), body, max_bytes),
            Self::Brotli => {
                let decoder = brotli_decompressor::Decompressor::new(body, BROTLI_BUFFER_BYTES);
                self.read(decoder, body, max_bytes)
            }
            Self::Zstd => {
                let mut decoder =
                    zstd::stream::read::Decoder::with_buffer(body).map_err(|_| self.malformed())?;
                decoder
                    .window_log_max(ZSTD_WINDOW_LOG_MAX)
                    .map_err(|_| self.malformed())?;
                self.read(decoder, body, max_bytes)
            }
        }
    }

    fn read(
        self,
        decoder: impl Read,
        body: &[u8],
        max_bytes: usize,
    ) -> Result<Bytes, RequestRefusal> {
        let by_ratio = body.len().saturating_mul(RATIO_MAX).max(RATIO_FREE_BYTES);
        let most = max_bytes.min(by_ratio);
        let mut plain = Vec::with_capacity((body.len() * 4).min(most));
        decoder
            .take(most as u64 + 1)
            .read_to_end(&mut plain)
            .map_err(|_| self.malformed())?;
        match plain.len() {
            bytes if bytes <= most => Ok(plain.into()),
            _ if most == max_bytes => Err(RequestRefusal::BodyTooLarge(max_bytes)),
            _ => Err(RequestRefusal::TooCompressed(RATIO_MAX)),
        }
    }

    fn malformed(self) -> RequestRefusal {
        RequestRefusal::MalformedEncoding(self.name())
    }
}

/// Undoes an encoding by its name in `Content-Encoding`; without a name, by how the body begins. A plain body stays
/// as it is.
///
/// # Errors
/// A name that is not known, a body that is not so encoded, and more than `max_bytes` or too many times what came.
pub fn decompress(name: &str, body: &[u8], max_bytes: usize) -> Result<Bytes, RequestRefusal> {
    let encoding = match Encoding::named(name)? {
        None => Encoding::of_beginning(body),
        named => named,
    };
    match encoding {
        Some(encoding) => encoding.undo(body, max_bytes),
        None => Ok(Bytes::copy_from_slice(body)),
    }
}

/// Whether `deflate` has the frame that HTTP asks for; some clients leave it out.
fn is_zlib(body: &[u8]) -> bool {
    match body {
        [method, flags, ..] => {
            method & 0x0f == 8 && u16::from_be_bytes([*method, *flags]).is_multiple_of(31)
        }
        _ => false,
    }
}

#[cfg(test)]
#[path = "decompress_tests.rs"]
mod tests;
