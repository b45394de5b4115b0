//! Content encodings of request bodies, with a bound on what comes out.

use std::io::Read;

use axum::http::HeaderMap;
use axum::http::header::CONTENT_ENCODING;
use bytes::Bytes;
use flate2::read::MultiGzDecoder;

use super::RequestRefusal;

/// The body as the client meant it.
pub(super) fn decompress(
    headers: &HeaderMap,
    body: Bytes,
    max_bytes: usize,
) -> Result<Bytes, RequestRefusal> {
    let Some(encoding) = headers.get(CONTENT_ENCODING) else {
        return Ok(body);
    };
    match encoding.to_str().unwrap_or("?").trim() {
        "" | "identity" => Ok(body),
        "gzip" | "x-gzip" => gunzip(&body, max_bytes),
        other => Err(RequestRefusal::UnsupportedEncoding(
            other.chars().take(40).collect(),
        )),
    }
}

/// Undoes gzip, up to so many bytes.
pub(super) fn gunzip(body: &[u8], max_bytes: usize) -> Result<Bytes, RequestRefusal> {
    let mut plain = Vec::with_capacity((body.len() * 4).min(max_bytes));
    MultiGzDecoder::new(body)
        .take(max_bytes as u64 + 1)
        .read_to_end(&mut plain)
        .map_err(|_| RequestRefusal::MalformedEncoding("gzip"))?;
    if plain.len() > max_bytes {
        return Err(RequestRefusal::BodyTooLarge(max_bytes));
    }
    Ok(plain.into())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn gzip(plain: &[u8]) -> Bytes {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(plain).unwrap();
        encoder.finish().unwrap().into()
    }

    fn encoded(encoding: &'static str) -> HeaderMap {
        [(CONTENT_ENCODING, encoding.parse().unwrap())]
            .into_iter()
            .collect()
    }

    #[test]
    fn gzip_is_undone_up_to_the_limit() {
        let plain = vec![b'a'; 5_000];
        assert_eq!(
            decompress(&encoded("gzip"), gzip(&plain), 5_000).unwrap(),
            plain
        );
        assert_eq!(
            decompress(&encoded("gzip"), gzip(&plain), 4_999),
            Err(RequestRefusal::BodyTooLarge(4_999))
        );
    }

    #[test]
    fn what_is_not_what_it_says_is_refused() {
        assert_eq!(
            decompress(&encoded("gzip"), Bytes::from_static(b"[]"), 10),
            Err(RequestRefusal::MalformedEncoding("gzip"))
        );
        assert_eq!(
            decompress(&encoded("br"), Bytes::new(), 10),
            Err(RequestRefusal::UnsupportedEncoding("br".into()))
        );
        assert_eq!(
            decompress(&HeaderMap::new(), Bytes::from_static(b"x"), 10).unwrap(),
            "x"
        );
    }
}
