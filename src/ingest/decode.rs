//! Bytes of a file -> text in UTF-8, whatever encoding it came in.

use std::io::{self, Cursor, Read};

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1251};
use encoding_rs_io::DecodeReaderBytesBuilder;

use super::locale::{self, Problem};

/// So many bytes are looked at to tell what a file is.
pub(super) const HEAD_BYTES: usize = 64 * 1024;

/// A file as text: its beginning to judge by, and all of it to read.
pub(super) struct Text {
    /// The first [`HEAD_BYTES`] or so, meant to be UTF-8 without its byte order mark.
    pub(super) head: Vec<u8>,
    /// What follows the head.
    pub(super) rest: Box<dyn Read>,
    /// The head is everything.
    pub(super) whole: bool,
}

impl Text {
    /// Everything from the first byte on.
    pub(super) fn into_reader(self) -> Box<dyn Read> {
        Box::new(Cursor::new(self.head).chain(self.rest))
    }
}

/// Reads the beginning of `reader`, tells its encoding and gives the whole as UTF-8. What is UTF-8 already passes through
/// unchecked: who parses it checks it, in parallel.
pub(super) fn decode(mut reader: Box<dyn Read>) -> Result<Text, Problem> {
    let unreadable = |error: io::Error| Problem::new(&locale::UNREADABLE, &[&error.to_string()]);
    let mut head = read_head(&mut reader).map_err(unreadable)?;
    if head.is_empty() {
        return Err(Problem::new(&locale::EMPTY_FILE, &[]));
    }
    if let Some(kind) = magic(&head) {
        return Err(Problem::new(&locale::BINARY, &[kind]));
    }
    let encoding = match Encoding::for_bom(&head) {
        Some((encoding, _)) => encoding,
        None => guess(&head)?,
    };
    if encoding == UTF_8 {
        if head.starts_with(b"\xEF\xBB\xBF") {
            head.drain(..3);
        }
        let whole = head.len() + 3 < HEAD_BYTES;
        if head.is_empty() {
            return Err(Problem::new(&locale::EMPTY_FILE, &[]));
        }
        return Ok(Text {
            head,
            rest: reader,
            whole,
        });
    }
    let mut decoded: Box<dyn Read> = Box::new(
        DecodeReaderBytesBuilder::new()
            .encoding(Some(encoding))
            .strip_bom(true)
            .build(Cursor::new(head).chain(reader)),
    );
    let head = read_head(&mut decoded).map_err(unreadable)?;
    if head.is_empty() {
        return Err(Problem::new(&locale::EMPTY_FILE, &[]));
    }
    let whole = head.len() < HEAD_BYTES;
    Ok(Text {
        head,
        rest: decoded,
        whole,
    })
}

fn read_head(reader: &mut dyn Read) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    reader.take(HEAD_BYTES as u64).read_to_end(&mut head)?;
    Ok(head)
}

/// What a file that is no text begins with.
const MAGIC: &[(&[u8], &str)] = &[
    (b"PK\x03\x04", "@zip"),
    (b"PK\x05\x06", "@zip"),
    (b"\xD0\xCF\x11\xE0", "@ole"),
    (b"%PDF", "@pdf"),
    (b"{\\rtf", "@rtf"),
    (b"RIFF", "@audio"),
    (b"OggS", "@audio"),
    (b"fLaC", "@audio"),
    (b"ID3", "@audio"),
    (b"\xFF\xFB", "@audio"),
    (b"\xFF\xF3", "@audio"),
    (b"#!AMR", "@audio"),
    (b"\x1F\x8B", "@gzip"),
    (b"\x28\xB5\x2F\xFD", "@gzip"),
    (b"\x89PNG", "@image"),
    (b"\xFF\xD8\xFF", "@image"),
    (b"<!DOCTYPE html", "@html"),
    (b"<!doctype html", "@html"),
    (b"<html", "@html"),
];

fn magic(head: &[u8]) -> Option<&'static str> {
    if head.get(4..8) == Some(b"ftyp") {
        return Some("@audio");
    }
    MAGIC
        .iter()
        .find(|(bytes, _)| head.starts_with(bytes))
        .map(|(_, kind)| *kind)
}

/// The encoding of a text without a byte order mark.
fn guess(head: &[u8]) -> Result<&'static Encoding, Problem> {
    let n_nul = memchr::memchr_iter(0, head).count();
    if n_nul > 0 {
        // Spaces and line ends of UTF-16 hold a zero byte, always on the same side; Cyrillic holds a 4 there.
        let high = |side: usize| {
            head.iter()
                .skip(side)
                .step_by(2)
                .filter(|byte| matches!(byte, 0 | 4 | 0x20))
                .count()
                * 2
        };
        let most = head.len() * 9 / 10;
        let may_be_wide = head.len() > 8 && n_nul <= head.len() / 2 + 1;
        return if may_be_wide && high(1) >= most {
            Ok(UTF_16LE)
        } else if may_be_wide && high(0) >= most {
            Ok(UTF_16BE)
        } else if n_nul * 100 > head.len() || simdutf8::basic::from_utf8(head).is_err() {
            Err(Problem::new(&locale::BINARY, &["@binary"]))
        } else {
            Ok(UTF_8)
        };
    }
    if simdutf8::basic::from_utf8(head).is_ok() || mostly_utf8(head) {
        return Ok(UTF_8);
    }
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(head, true);
    let guessed = detector.guess(Some(b"ru"), chardetng::Utf8Detection::Deny);
    let cyrillic = [
        "windows-1251",
        "KOI8-R",
        "KOI8-U",
        "IBM866",
        "x-mac-cyrillic",
        "ISO-8859-5",
    ];
    let encoding = if cyrillic.contains(&guessed.name()) {
        guessed
    } else {
        WINDOWS_1251
    };
    let (text, _, _) = encoding.decode(head);
    let n_control = text
        .chars()
        .filter(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
        .count();
    if n_control * 100 > head.len() {
        return Err(Problem::new(&locale::BINARY, &["@binary"]));
    }
    Ok(encoding)
}

/// The encoding of a whole file without a byte order mark; `None` where it is no text.
pub(crate) fn guess_encoding(bytes: &[u8]) -> Option<&'static Encoding> {
    guess(bytes).ok()
}

/// Whether the text is UTF-8 with a spoilt byte here and there, or cut in the middle of a letter.
fn mostly_utf8(head: &[u8]) -> bool {
    let mut n_good = 0;
    let mut n_bad = 0;
    for chunk in head.utf8_chunks() {
        n_good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        n_bad += chunk.invalid().len();
    }
    // The last letter may be cut by the end of the head.
    n_good >= n_bad * 4 && (n_good > 0 || n_bad <= 1)
}
