//! Bytes of a text <-> lines and characters as the protocol counts them: both from 0, characters in units of an encoding.

use std::cell::Cell;
use std::ops::Range;

use lsp_types::{Position, PositionEncodingKind};
use serde_json::Value;

/// What a character of a position is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    Utf16,
    Utf32,
}

impl Encoding {
    /// The first that the client offers; UTF-16 where it offers none that is known.
    pub(super) fn negotiate(offered: Option<&Value>) -> Self {
        let offered = offered.and_then(Value::as_array).into_iter().flatten();
        let known = offered.filter_map(|name| match name.as_str()? {
            "utf-8" => Some(Self::Utf8),
            "utf-16" => Some(Self::Utf16),
            "utf-32" => Some(Self::Utf32),
            _ => None,
        });
        known.into_iter().next().unwrap_or(Self::Utf16)
    }

    /// As the protocol names it.
    pub(super) fn kind(self) -> PositionEncodingKind {
        match self {
            Self::Utf8 => PositionEncodingKind::UTF8,
            Self::Utf16 => PositionEncodingKind::UTF16,
            Self::Utf32 => PositionEncodingKind::UTF32,
        }
    }

    fn units(self, c: char) -> usize {
        match self {
            Self::Utf8 => c.len_utf8(),
            Self::Utf16 => c.len_utf16(),
            Self::Utf32 => 1,
        }
    }
}

/// Where the lines of a text begin; `\n`, `\r\n` and a lone `\r` end one.
#[derive(Debug, Clone)]
pub(super) struct LineIndex {
    starts: Vec<usize>,
    encoding: Encoding,
    /// The byte that was asked for last, and its position: on a line of a megabyte the next one is near it.
    last: Cell<(usize, Position)>,
}

impl LineIndex {
    pub(super) fn of(text: &str, encoding: Encoding) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
            if bytes[at] == b'\n' || bytes.get(at + 1) != Some(&b'\n') {
                starts.push(at + 1);
            }
        }
        Self {
            starts,
            encoding,
            last: Cell::new((0, Position::new(0, 0))),
        }
    }

    /// Bytes of a line without its end; empty, at the end of the text, where there is none.
    pub(super) fn line(&self, text: &str, line: usize) -> Range<usize> {
        let Some(start) = self.starts.get(line).copied() else {
            return text.len()..text.len();
        };
        let end = self.starts.get(line + 1).copied().unwrap_or(text.len());
        start..start + text[start..end].trim_end_matches(['\n', '\r']).len()
    }

    /// The byte at a position. Behind the end of a line is its end, behind the last line the end of the text, within a character
    /// its beginning.
    pub(super) fn byte(&self, text: &str, position: Position) -> usize {
        let line = self.line(text, position.line as usize);
        let mut left = position.character as usize;
        let mut at = line.start;
        for c in text[line].chars() {
            let units = self.encoding.units(c);
            if units > left {
                break;
            }
            left -= units;
            at += c.len_utf8();
        }
        at
    }

    /// The position of a byte; of one within a character, that of the character.
    pub(super) fn position(&self, text: &str, byte: usize) -> Position {
        let mut byte = byte.min(text.len());
        while !text.is_char_boundary(byte) {
            byte -= 1;
        }
        let line = self.starts.partition_point(|start| *start <= byte) - 1;
        let units = |bytes: Range<usize>| -> u32 {
            let units = text[bytes].chars().map(|c| self.encoding.units(c));
            units.sum::<usize>() as u32
        };
        let (known, place) = self.last.get();
        let start = self.starts[line];
        let character = if place.line as usize == line && known.abs_diff(byte) < byte - start {
            match known <= byte {
                true => place.character + units(known..byte),
                false => place.character - units(byte..known),
            }
        } else {
            units(start..byte)
        };
        let place = Position::new(line as u32, character);
        self.last.set((byte, place));
        place
    }

    pub(super) fn range(&self, text: &str, bytes: Range<usize>) -> lsp_types::Range {
        lsp_types::Range::new(
            self.position(text, bytes.start),
            self.position(text, bytes.end),
        )
    }

    /// Bytes of a range; one whose end stands before its beginning is empty.
    pub(super) fn bytes(&self, text: &str, range: lsp_types::Range) -> Range<usize> {
        let start = self.byte(text, range.start);
        start..self.byte(text, range.end).max(start)
    }
}
