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

const KIND: [u8; 256] = {
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

/// Calls `emit` for every piece in order. A run of letters is a word, a run of digits is a word of its own; an
/// apostrophe between letters, an accent and a soft hyphen stay inside the word.
#[inline]
pub(super) fn scan(text: &str, mut emit: impl FnMut(Piece)) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        match KIND[bytes[at] as usize] {
            CYRILLIC => {
                let (plain_end, key) = plain_word(bytes, at);
                at = if ends_word(bytes, plain_end) {
                    plain_end
                } else {
                    word_end(text, plain_end)
                };
                let key = key.filter(|_| at == plain_end);
                let key = key.unwrap_or_else(|| Key::of(&text[start..at]));
                emit(Piece::word(start, at, key));
                // One space follows almost every word.
                at += usize::from(bytes.get(at) == Some(&b' '));
            }
            LATIN => {
                at = word_end(text, at);
                emit(Piece::word(start, at, Key::of(&text[start..at])));
            }
            OTHER => at += 1,
            DIGIT => {
                while at < bytes.len() && KIND[bytes[at] as usize] == DIGIT {
                    at += 1;
                }
                emit(Piece::word(start, at, Key::of(&text[start..at])));
            }
            BRACKET => match marker_end(bytes, at) {
                Some(end) => {
                    emit(Piece::marker(start, end));
                    at = end;
                }
                None => at += 1,
            },
            _ => {
                let (is_word, end) = wide(text, at);
                if is_word {
                    emit(Piece::word(start, end, Key::of(&text[start..end])));
                }
                at = end;
            }
        }
    }
}

/// The end of the Cyrillic letters at `at`, and their key.
#[inline]
fn plain_word(bytes: &[u8], at: usize) -> (usize, Option<Key>) {
    /// The same in each of the four pairs of bytes.
    const fn each(pair: u64) -> u64 {
        pair * 0x0001_0001_0001_0001
    }
    let mut letters = 0_u64;
    let mut n = 0;
    let mut others = 0;
    let mut rest = &bytes[at..];
    // Four letters at once.
    while let Some((chunk, after)) = rest.split_first_chunk() {
        let chunk = u64::from_le_bytes(*chunk);
        let n_here = ((chunk & each(0xfe)) ^ each(0xd0)).trailing_zeros() / 16;
        let here = if n_here == 4 {
            u64::MAX
        } else {
            (1 << (16 * n_here)) - 1
        };
        // Each letter's place behind U+0400, less that of а: below 32 from а to я. The 0x100 is there to be borrowed from.
        let places = (chunk & each(1)) << 6 | chunk >> 8 & each(0x3f);
        let places = (places | each(0x100)) - each(0x30);
        others |= (places & each(0x1e0) ^ each(0x100)) & here;
        let places = places & each(0x1f) & here;
        let pairs = (places | places >> 11) & 0x0000_03ff_0000_03ff;
        let four = (pairs | pairs >> 22) & 0xf_ffff;
        letters |= four.wrapping_shl(5 * n);
        n += n_here;
        if n_here < 4 {
            break;
        }
        rest = after;
    }
    // Near the end of the text one by one.
    if rest.len() < 8 {
        for pair in rest.chunks_exact(2) {
            if pair[0] & 0xfe != 0xd0 {
                break;
            }
            let place =
                (u64::from(pair[0] & 1) << 6 | u64::from(pair[1] & 0x3f)).wrapping_sub(0x30);
            others |= place & !0x1f;
            letters |= (place & 0x1f).wrapping_shl(5 * n);
            n += 1;
        }
    }
    let key = if others == 0 {
        Key::of_plain(letters, n)
    } else {
        None
    };
    (at + 2 * n as usize, key)
}

/// Whether nothing that can belong to a word stands here.
#[inline]
fn ends_word(bytes: &[u8], at: usize) -> bool {
    bytes
        .get(at)
        .is_none_or(|&byte| matches!(KIND[byte as usize], OTHER | DIGIT | BRACKET) && byte != b'\'')
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
    use proptest::prelude::*;

    fn words(text: &str) -> Vec<(usize, usize)> {
        let mut words = Vec::new();
        scan(text, |piece| {
            let (start, end) = (piece.start as usize, piece.end as usize);
            if let Some(key) = piece.key {
                assert_eq!(key, Key::of(&text[start..end]));
                words.push((start, end));
            }
        });
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
