//! Text -> the places of its words, numbers and markers.

use unicode_segmentation::UnicodeSegmentation;

use super::vocabulary::{KEY_BYTES_MAX, Key, Lookup, Vocabulary, WordId};

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

    #[inline]
    fn next(&mut self) -> Option<Piece> {
        let bytes = self.text.as_bytes();
        while let Some(first) = bytes.get(self.at) {
            let start = self.at;
            if *first >= 0x80
                && let Some((end, key)) = plain_word(bytes, start)
            {
                // One space follows almost every word.
                self.at = end + usize::from(bytes.get(end) == Some(&b' '));
                return Some(Piece::word(start, end, key));
            }
            if KIND[*first as usize] == OTHER {
                self.at += 1;
            } else if let Some(piece) = self.other() {
                return Some(piece);
            }
        }
        None
    }
}

impl Pieces<'_> {
    /// Tells, from here on, of words that were met before, as long as nothing else comes: of most words of most texts. `lookups` is
    /// memory for some of them.
    #[inline(always)]
    pub(super) fn known_words(
        &mut self,
        vocabulary: &Vocabulary,
        lookups: &mut [Lookup],
        mut tell: impl FnMut(WordId, u32, u32),
    ) {
        loop {
            let n_cut = self.cut(lookups);
            let cut = &mut lookups[..n_cut];
            vocabulary.look_up(cut);
            for lookup in cut.iter() {
                let Some(word) = vocabulary.known(lookup) else {
                    self.at = lookup.start as usize;
                    return;
                };
                tell(word, lookup.start, lookup.end);
            }
            if n_cut < lookups.len() {
                return;
            }
        }
    }

    /// Cuts what may be short plain words and gives how many of them; fewer than `lookups` has room for where something else comes.
    #[inline(always)]
    fn cut(&mut self, lookups: &mut [Lookup]) -> usize {
        let bytes = self.text.as_bytes();
        let mut near_end = [0; 2 * KEY_BYTES_MAX];
        if let Some(last) = bytes.last_chunk::<KEY_BYTES_MAX>() {
            near_end[..KEY_BYTES_MAX].copy_from_slice(last);
        }
        let mut at = self.at;
        let mut n_cut = 0;
        for lookup in lookups.iter_mut() {
            let Some(rest) = bytes.get(at..) else { break };
            let window = match rest.first_chunk() {
                None if bytes.len() >= KEY_BYTES_MAX => {
                    near_end[KEY_BYTES_MAX - rest.len()..].first_chunk()
                }
                window => window,
            };
            let Some(window) = window else { break };
            let (len, words) = letters(window);
            let end = at + len;
            // A known word needs no look at its letters, but another one may begin with it.
            if len == 0 || !ends_word(bytes, end) {
                break;
            }
            lookup.key = Key::of_words(words);
            (lookup.start, lookup.end) = (at as u32, end as u32);
            n_cut += 1;
            at = end;
            while bytes
                .get(at)
                .is_some_and(|byte| KIND[*byte as usize] == OTHER)
            {
                at += 1;
            }
        }
        self.at = at;
        n_cut
    }

    /// What begins here and is no short plain word, if anything does.
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

/// The same in each of the four pairs of bytes.
const fn each(pair: u64) -> u64 {
    pair * 0x0001_0001_0001_0001
}

/// By length: which bytes of a key belong to the word.
const KEPT: [[u64; 3]; KEY_BYTES_MAX + 1] = {
    let mut kept = [[0; 3]; KEY_BYTES_MAX + 1];
    let mut len = 0;
    while len <= KEY_BYTES_MAX {
        let mut byte = 0;
        while byte < len {
            kept[len][byte / 8] |= 0xff << (byte % 8 * 8);
            byte += 1;
        }
        len += 1;
    }
    kept
};

/// The same as [`beginning`] for less, where the word is of letters of two bytes: only the first byte of each is looked at. Where
/// it is not, an ASCII byte may be among those given.
#[inline(always)]
fn letters(window: &[u8; KEY_BYTES_MAX]) -> (usize, [u64; 3]) {
    let [a, b, c] = eights(window);
    // The highest bit of each first byte, those of one eight at 0, 16, 32 and 48 and of the next ones 4 and 8 further; the product
    // puts all of them side by side.
    let wide = a >> 7 & each(1) | b >> 3 & each(1 << 4) | c << 1 & each(1 << 8);
    let wide = wide.wrapping_mul(1 << 48 | 1 << 33 | 1 << 18 | 1 << 3) >> 48;
    let n_letters = (!wide | 1 << (KEY_BYTES_MAX / 2)).trailing_zeros() as usize;
    let kept = &KEPT_LETTERS[n_letters.min(KEY_BYTES_MAX / 2)];
    (2 * n_letters, [a & kept[0], b & kept[1], c & kept[2]])
}

#[inline(always)]
fn eights(window: &[u8; KEY_BYTES_MAX]) -> [u64; 3] {
    let (eights, _) = window.as_chunks::<8>();
    [
        u64::from_le_bytes(eights[0]),
        u64::from_le_bytes(eights[1]),
        u64::from_le_bytes(eights[2]),
    ]
}

/// `KEPT` by letters of two bytes.
static KEPT_LETTERS: [[u64; 3]; KEY_BYTES_MAX / 2 + 1] = {
    let mut kept = [[0; 3]; KEY_BYTES_MAX / 2 + 1];
    let mut n_letters = 0;
    while n_letters <= KEY_BYTES_MAX / 2 {
        kept[n_letters] = KEPT[2 * n_letters];
        n_letters += 1;
    }
    kept
};

/// How many bytes at the start are no ASCII, and these bytes, zeros behind them.
#[inline(always)]
fn beginning(window: &[u8; KEY_BYTES_MAX]) -> (usize, [u64; 3]) {
    let words = eights(window);
    // The highest bit of each byte tells letters of two bytes from ASCII; the product puts eight such bits side by side.
    let ascii = words.map(|eight| {
        let ascii = !eight >> 7 & 0x0101_0101_0101_0101;
        ascii.wrapping_mul(0x0102_0408_1020_4080) >> 56
    });
    let ascii = ascii[0] | ascii[1] << 8 | ascii[2] << 16 | 1 << KEY_BYTES_MAX;
    let len = ascii.trailing_zeros() as usize;
    let kept = &KEPT[len];
    let kept_words = [words[0] & kept[0], words[1] & kept[1], words[2] & kept[2]];
    (len, kept_words)
}

/// The end of the word at `at` and its key, if that is nothing but Cyrillic letters, not too many, and surely ends there.
///
/// Most words are such ones. They differ in length without any order, so that each jump that depends on the length would be
/// guessed wrong: there is none.
#[inline(always)]
fn plain_word(bytes: &[u8], at: usize) -> Option<(usize, Key)> {
    let rest = &bytes[at..];
    let mut near_end;
    let window: &[u8; KEY_BYTES_MAX] = match rest.first_chunk() {
        Some(window) => window,
        None => {
            near_end = [0; KEY_BYTES_MAX];
            near_end[..rest.len()].copy_from_slice(rest);
            &near_end
        }
    };
    let (len, words) = beginning(window);
    let kept = &KEPT[len];
    // The first byte of each letter is 0xd0 or 0xd1.
    let foreign = |eight: u64, kept: u64| (eight ^ each(0xd0) & kept) & each(0xfe);
    let foreign =
        foreign(words[0], kept[0]) | foreign(words[1], kept[1]) | foreign(words[2], kept[2]);
    let end = at + len;
    let ends = foreign == 0 && ends_word(bytes, end);
    ends.then(|| (end, Key::of_words(words)))
}

/// Whether nothing that can belong to a word stands here.
#[inline]
fn ends_word(bytes: &[u8], at: usize) -> bool {
    bytes.get(at).is_none_or(|&byte| ENDS_WORD[byte as usize])
}

/// By byte: whether it can be no part of a word.
static ENDS_WORD: [bool; 256] = {
    let mut ends = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        ends[byte] = matches!(KIND[byte], OTHER | DIGIT | BRACKET) && byte as u8 != b'\'';
        byte += 1;
    }
    ends
};

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
