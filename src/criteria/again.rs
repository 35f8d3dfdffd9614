//! Words that say again what was said before.

use crate::text::{Outline, Token, Vocabulary, WordId};

/// A restatement has at least so many words of content…
const RESTATED_WORDS_MIN: usize = 2;
/// … all of them said before where they are fewer than this…
const RESTATED_WORDS_ENOUGH: usize = 4;
/// … else at least this share.
const RESTATED_SHARE_MIN: f64 = 0.5;
/// Whoever checks that they understood says at least so many words of content…
const ECHO_WORDS_MIN: usize = 4;
/// … and so many of the other side's.
const ECHOED_WORDS_MIN: usize = 1;
/// Letters that words of one root have in common at their start; one less is enough for short ones.
const ROOT_LETTERS: usize = 5;
/// Up to seven Cyrillic letters.
const SHORT_BYTES: usize = 14;

/// Which words of a turn tell something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tells {
    /// Of an outcome numbers too: «мастер в двенадцать».
    Outcome,
    /// Of the business neither numbers, letters nor names, which are mere data.
    Business,
}

/// The words of a turn that tell something, and which of them were said before.
#[derive(Debug)]
pub(super) struct Again<'a> {
    vocabulary: &'a Vocabulary,
    said: Vec<Said>,
    /// Most of what was said before is dismissed by bits: none of the words that are not known yet begins with the same letters …
    roots: Bits,
    /// … and none has the same lemma.
    lemmas: Bits,
    n_known: usize,
}

/// A word that may have been said before.
#[derive(Debug)]
struct Said {
    lemma: u64,
    word: WordId,
    outline: Outline,
    known: bool,
    /// Known because it was heard.
    heard: bool,
}

/// So many words are asked for by their bits before any is looked at closely.
const AT_ONCE: usize = 64;

/// What some outlines have, a bit each.
type Bits = [u64; 64];

/// The place in `Again::roots`, and the bit there.
fn root_slot(outline: Outline) -> (usize, u32) {
    (
        usize::from(outline.beginning % 64),
        u32::from(outline.root % 64),
    )
}

/// The place in `Again::lemmas`, and the bit there.
fn lemma_slot(outline: Outline) -> (usize, u32) {
    (
        usize::from(outline.lemma / 64 % 64),
        u32::from(outline.lemma % 64),
    )
}

impl<'a> Again<'a> {
    /// Of the words of a turn, each with whether it counts as said before in any case, those that tell something. `None` where they
    /// are too few to be said again, or no outcome because they are mere numbers: then nobody needs to look at what was said before.
    pub(super) fn new(
        vocabulary: &'a Vocabulary,
        words: impl Iterator<Item = (WordId, bool)>,
        tells: Tells,
    ) -> Option<Self> {
        let does = |(word, known): &(WordId, bool)| {
            let marks = vocabulary.marks(*word);
            let is_data = || {
                let facts = vocabulary.facts(*word);
                facts.is_number()
                    || facts.number_word.is_some()
                    || facts.first_name
                    || marks.patronymic()
            };
            *known
                || match tells {
                    Tells::Outcome => marks.foreign() || marks.content(),
                    Tells::Business => marks.content() && !marks.foreign() && !is_data(),
                }
        };
        let mut said: Vec<Said> = words
            .filter(does)
            .map(|(word, known)| Said {
                lemma: vocabulary.lemma_key(word),
                word,
                outline: vocabulary.outline(word),
                known,
                heard: false,
            })
            .collect();
        said.sort_unstable_by_key(|said| said.lemma);
        said.dedup_by_key(|said| said.lemma);
        let is_number = |said: &Said| {
            let facts = vocabulary.facts(said.word);
            facts.is_number() || facts.number_word.is_some()
        };
        let is_enough = match tells {
            Tells::Outcome => said.len() >= RESTATED_WORDS_MIN && !said.iter().all(is_number),
            Tells::Business => said.len() >= ECHO_WORDS_MIN,
        };
        if !is_enough {
            return None;
        }
        let n_known = said.iter().filter(|said| said.known).count();
        let mut again = Self {
            vocabulary,
            said,
            roots: [0; 64],
            lemmas: [0; 64],
            n_known,
        };
        again.mark_unknown();
        Some(again)
    }

    /// Fills the bits.
    fn mark_unknown(&mut self) {
        (self.roots, self.lemmas) = ([0; 64], [0; 64]);
        for one in self.said.iter().filter(|one| !one.known) {
            let (slot, bit) = root_slot(one.outline);
            self.roots[slot] |= 1 << bit;
            let (slot, bit) = lemma_slot(one.outline);
            self.lemmas[slot] |= 1 << bit;
        }
    }

    /// These words were said before; whether it is enough then. What comes behind is not heard any more.
    pub(super) fn hears(&mut self, words: &[Token], is_enough: impl Fn(&Self) -> bool) -> bool {
        if is_enough(self) {
            return true;
        }
        for words in words.chunks(AT_ONCE) {
            // Without a jump for each word, which would be a guess.
            let mut likely = [WordId(0); AT_ONCE];
            let mut n_likely = 0;
            for word in words {
                let outline = self.vocabulary.outline(word.word);
                let (slot, bit) = root_slot(outline);
                let of_root = self.roots[slot] >> bit;
                let (slot, bit) = lemma_slot(outline);
                let of_lemma = self.lemmas[slot] >> bit;
                likely[n_likely % AT_ONCE] = word.word;
                n_likely += ((of_root | of_lemma) & 1) as usize;
            }
            for word in &likely[..n_likely] {
                if self.looks_closely(*word) && is_enough(self) {
                    return true;
                }
            }
        }
        false
    }

    /// Whether the word tells that more was said before than is known.
    fn looks_closely(&mut self, word: WordId) -> bool {
        let vocabulary = self.vocabulary;
        let outline = vocabulary.outline(word);
        let n_known = self.n_known;
        for one in self.said.iter_mut().filter(|one| !one.known) {
            let may_share =
                (outline.beginning, outline.root) == (one.outline.beginning, one.outline.root);
            one.known = outline.lemma == one.outline.lemma
                && vocabulary.lemma_key(word) == one.lemma
                || may_share && share_a_root(vocabulary.norm(one.word), vocabulary.norm(word));
            one.heard = one.known;
            self.n_known += usize::from(one.known);
        }
        let is_more = self.n_known > n_known;
        if is_more {
            self.mark_unknown();
        }
        is_more
    }

    /// Most of it was said before.
    pub(super) fn is_most(&self) -> bool {
        let wanted = match self.said.len() {
            n if n < RESTATED_WORDS_ENOUGH => n,
            n => (n as f64 * RESTATED_SHARE_MIN).ceil() as usize,
        };
        // «Договорились, подключили»: where one of those said before is told as done, half is enough.
        let is_done = |one: &Said| one.heard && self.vocabulary.facts(one.word).done;
        self.n_known >= wanted
            || self.n_known >= self.said.len().div_ceil(2) && self.said.iter().any(is_done)
    }

    /// More is told than a question or some data have, with words of the other side.
    pub(super) fn is_echo(&self) -> bool {
        self.n_known >= ECHOED_WORDS_MIN
    }
}

/// «удалён» and «удалилось», «автоплатёж» and «автоплатежи»: four letters in common of a short word, five of a longer one.
fn share_a_root(a: &str, b: &str) -> bool {
    let common = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count() / 2;
    common >= ROOT_LETTERS || common + 1 == ROOT_LETTERS && a.len().min(b.len()) <= SHORT_BYTES
}
