//! Bytes of a template -> text, with what is needed to write it back.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8};

use super::problem::Problem;
use super::text::Lines;

/// How a file was encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Charset {
    /// The encoding.
    pub encoding: &'static Encoding,
    /// A byte order mark stood before the text.
    pub bom: bool,
}

/// What a file that is no text begins with, and its name for people.
const MAGIC: &[(&[u8], &str)] = &[
    (b"PK\x03\x04", "ZIP"),
    (b"\xD0\xCF\x11\xE0", "DOC/XLS"),
    (b"%PDF", "PDF"),
    (b"{\\rtf", "RTF"),
    (b"\x89PNG", "PNG"),
    (b"\xFF\xD8\xFF", "JPEG"),
    (b"\x1F\x8B", "gzip"),
    (b"RIFF", "WAV"),
    (b"ID3", "MP3"),
    (b"GIF8", "GIF"),
];

/// The text without its byte order mark. Bytes that the encoding does not know become U+FFFD, and the first is named.
pub(super) fn decode(
    bytes: &[u8],
    problems: &mut Vec<Problem>,
) -> Result<(String, Charset), Problem> {
    if let Some((_, kind)) = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Err(Problem::new("script/binary-file", true, &[kind]));
    }
    let (encoding, bom) = match Encoding::for_bom(bytes) {
        Some((encoding, length)) => (encoding, length),
        None => match crate::ingest::guess_encoding(bytes) {
            Some(encoding) => (encoding, 0),
            None => return Err(Problem::new("script/binary-file", true, &["?"])),
        },
    };
    let charset = Charset {
        encoding,
        bom: bom > 0,
    };
    let body = &bytes[bom..];
    if encoding == UTF_8
        && let Ok(text) = simdutf8::basic::from_utf8(body)
    {
        return Ok((text.to_owned(), charset));
    }
    let (text, had_errors) = encoding.decode_without_bom_handling(body);
    if had_errors && let Some(at) = text.find('\u{fffd}') {
        let place = Lines::of(&text).place(&text, at);
        problems.push(Problem::new("script/bad-bytes", false, &[encoding.name()]).at(place));
    }
    Ok((Cow::into_owned(text), charset))
}
