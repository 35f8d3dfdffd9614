//! Text -> the places of its words, numbers and markers.

use unicode_segmentation::UnicodeSegmentation;

use super::vocabulary::Key;

/// What the scanner meets, as bytes of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) start: u32,
    pub(super) end: u32,
    /// Of letters or digits without a break; `None` of a marker, `[…]`, the brackets included.
    pub(super) key: Option<Key>,
}

impl Piece {
    fn word(start: usize, end: usize, key: Key) -> Self {
        Self {
            start: start as u32,
            end: end as u32,
            key: Some(key),
        }
    }

    fn marker(start: usize, end: usize) -> Self {
        Self {
            start: start as u32,
            end: end as u32,
            key: None,
        }
    }

    /// Whether it is part of what the recogniser made up.
    pub(super) fn lies_in(&self, invented: &[super::Invented]) -> bool {
        invented
            .iter()
            .filter_map(|one| one.span)
            .any(|(from, to)| from <= self.start && self.end <= to)
    }
}

/// A marker longer than this is a bracket that somebody forgot.
const MARKER_BYTES_MAX: usize = 200;

const OTHER: u8 = 0;
const LATIN: u8 = 1;
const DIGIT: u8 = 2;
/// The first byte of U+0400..=U+047F: two bytes, always a letter.
const CYRILLIC: u8 = 3;
const BRACKET: u8 = 4;
const WIDE: u8 = 5;

static KIND: [u8; 256] = {
    let mut kind = [OTHER; 256];
    let mut byte = 0;
    while byte < 256 {
        kind[byte] = match byte as u8 {
            b'a'..=b'z' | b'A'..=b'Z' => LATIN,
            b'0'..=b'9' => DIGIT,
            b'[' => BRACKET,
            0xD0 | 0xD1 => CYRILLIC,
            0x80..=0xFF => WIDE,
            _ => OTHER,
        };
        byte += 1;
    }
    kind
};

/// The pieces of a text in order. A run of letters is a word, a run of digits is a word of its own; an apostrophe between
/// letters, an accent and a soft hyphen stay inside the word.
pub(super) struct Pieces<'t> {
    text: &'t str,
    at: usize,
}

/// See [`Pieces`].
#[inline]
pub(super) fn scan(text: &str) -> Pieces<'_> {
    Pieces { text, at: 0 }
}

impl Iterator for Pieces<'_> {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        self.next_within(0, self.text.len() as u32)
    }
}

impl Pieces<'_> {
    /// Whether a piece that was told of reaches beyond this byte.
    #[inline]
    pub(super) fn reach_beyond(&self, byte: u32) -> bool {
        self.at > byte as usize
    }

    /// The next piece that begins between these bytes; the last one may reach beyond them.
    #[inline]
    pub(super) fn next_within(&mut self, start: u32, end: u32) -> Option<Piece> {
        self.at = self.at.max(start as usize);
        while self.at < end as usize {
            if KIND[self.text.as_bytes()[self.at] as usize] == OTHER {
                self.at += 1;
            } else if let Some(piece) = self.other() {
                return Some(piece);
            }
        }
        None
    }
    /// What begins here, if anything does.
    #[inline(never)]
    fn other(&mut self) -> Option<Piece> {
        let (text, start) = (self.text, self.at);
        let bytes = text.as_bytes();
        let mut is_word = true;
        self.at = match KIND[bytes[start] as usize] {
            CYRILLIC | LATIN => word_end(text, start),
            DIGIT => {
                let digits = bytes[start..]
                    .iter()
                    .take_while(|byte| byte.is_ascii_digit());
                start + digits.count()
            }
            BRACKET => {
                let end = marker_end(bytes, start);
                self.at = end.unwrap_or(start + 1);
                return end.map(|end| Piece::marker(start, end));
            }
            _ => {
                let end;
                (is_word, end) = wide(text, start);
                end
            }
        };
        let end = self.at;
        is_word.then(|| Piece::word(start, end, Key::of(&text[start..end])))
    }
}

#[inline(never)]
fn word_end(text: &str, mut at: usize) -> usize {
    let bytes = text.as_bytes();
    loop {
        while at < bytes.len() {
            match KIND[bytes[at] as usize] {
                CYRILLIC => at += 2,
                LATIN => at += 1,
                _ => break,
            }
        }
        if at >= bytes.len() || KIND[bytes[at] as usize] != WIDE && bytes[at] != b'\'' {
            return at;
        }
        match inside_word(text, at) {
            Some(end) => at = end,
            None => return at,
        }
    }
}

/// Where the word goes on after the rare character at `at`; `None` when the word ends before it.
#[cold]
fn inside_word(text: &str, at: usize) -> Option<usize> {
    let mut rest = text[at..].chars();
    let c = rest.next()?;
    let end = at + c.len_utf8();
    let joins = match c {
        '\'' | '\u{2019}' => rest.next().is_some_and(is_near_letter),
        _ => is_extender(c) || is_near_letter(c),
    };
    joins.then_some(end)
}

/// A letter of the Latin or Cyrillic blocks, or near them.
fn is_near_letter(c: char) -> bool {
    c < '\u{530}' && super::norm::is_letter(c)
}

/// Accents, soft hyphen and invisible joiners: part of the word they follow.
pub(super) fn is_extender(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}' | '\u{483}'..='\u{489}' | '\u{AD}' | '\u{200C}' | '\u{200D}' | '\u{2060}')
}

fn marker_end(bytes: &[u8], at: usize) -> Option<usize> {
    let limit = bytes.len().min(at + MARKER_BYTES_MAX);
    memchr::memchr2(b']', b'[', &bytes[at + 1..limit])
        .map(|found| at + 1 + found)
        .filter(|&found| bytes[found] == b']')
        .map(|found| found + 1)
}

/// A character outside ASCII and plain Cyrillic at `at`: whether it begins a word, and where that or it ends.
#[cold]
fn wide(text: &str, at: usize) -> (bool, usize) {
    let Some(c) = text[at..].chars().next() else {
        return (false, text.len());
    };
    if is_near_letter(c) {
        return (true, word_end(text, at));
    }
    if !c.is_alphanumeric() {
        return (false, at + c.len_utf8());
    }
    match text[at..].unicode_word_indices().next() {
        Some((0, word)) => (true, at + word.len()),
        _ => (true, at + c.len_utf8()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::{Speaker, Turn};
    use crate::lexicon::Lexicon;
    use crate::text::stretches::Stretches;
    use crate::text::vocabulary::Vocabulary;
    use proptest::prelude::*;

    fn words(text: &str) -> Vec<(usize, usize)> {
        let mut words = Vec::new();
        for piece in scan(text) {
            let (start, end) = (piece.start as usize, piece.end as usize);
            if let Some(key) = piece.key {
                assert_eq!(key, Key::of(&text[start..end]));
                words.push((start, end));
            }
        }
        words
    }

    /// The words of UAX #29.
    fn oracle(text: &str) -> Vec<(usize, usize)> {
        text.unicode_word_indices()
            .map(|(start, word)| (start, start + word.len()))
            .collect()
    }

    proptest! {
        /// Letters, spaces and punctuation that do not join words: the same words as UAX #29 gives.
        #[test]
        fn same_words_as_the_oracle(text in "([а-яА-ЯёЁa-zA-Z]{1,9}['’]?|[0-9]{1,4} |[ ,!?;«»()—…№-]{1,3}|é|ї|中| \u{301})*") {
            // A digit beside a letter is a word of its own with us and none there; so digits come with a space.
            let text = text.replace(|c: char| c.is_ascii_digit(), " 7 ");
            prop_assert_eq!(words(&text), oracle(&text));
        }

        /// Looked for only where no space and no plain mark is, and the next turn does not matter.
        #[test]
        fn same_pieces_within_stretches(text in "([а-яА-ЯёЁa-zA-Z]{1,20}|[0-9]{1,4}|[ ,.!?;:«»()—…№'’@_-]{1,3}|[ \\[\\]]|é|ї|中|ա\\.|\u{301})*") {
            let vocabulary = Vocabulary::new(Lexicon::embedded(), Vec::new());
            let turn = |text: &str| Turn {
                speaker: Speaker::Agent,
                time: None,
                text: text.to_owned().into(),
                words: Vec::new(),
            };
            let mut stretches = Stretches::default();
            stretches.fill(&[turn("да"), turn(&text), turn("7")], &vocabulary);
            let mut pieces = scan(&text);
            let mut found = Vec::new();
            for stretch in stretches.of_turn(1) {
                while let Some(piece) = pieces.next_within(stretch.start, stretch.end) {
                    found.push(piece);
                }
            }
            prop_assert_eq!(found, scan(&text).collect::<Vec<_>>());
        }

        #[test]
        fn any_text_is_cut_at_characters(text in ".*") {
            let mut last = 0;
            for (start, end) in words(&text) {
                prop_assert!(last <= start && start < end && text.get(start..end).is_some());
                last = end;
            }
        }
    }
}
