//! Words that say again what was said before.

use crate::text::{Vocabulary, WordId};

/// A restatement has at least so many words of content…
const RESTATED_WORDS_MIN: usize = 2;
/// … all of them said before where they are fewer than this…
const RESTATED_WORDS_ENOUGH: usize = 4;
/// … else at least this share.
const RESTATED_SHARE_MIN: f64 = 0.5;
/// Whoever checks that they understood says at least so many words of content…
const ECHO_WORDS_MIN: usize = 4;
/// … and so many of the other side's.
const ECHOED_WORDS_MIN: usize = 2;
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
    /// Most of what was said before is dismissed by bits: of the words that begin with the same letters and may have its root …
    by_beginning: [u64; 64],
    by_root: [u64; 64],
    /// … and of the lemmas that there are, whatever the letters.
    lemmas: [u64; 64],
    /// The latest words that were looked at closely: frequent ones come again and again, and tell nothing new.
    looked_at: [Option<WordId>; 64],
    n_known: usize,
    /// «Подключили»: one of those said before is told as done.
    done_known: bool,
}

/// A word that may have been said before.
#[derive(Debug)]
struct Said {
    word: WordId,
    lemma: u64,
    known: bool,
}

/// The place in a table of what an [`Outline`](crate::text::Outline) has.
fn slot(of_outline: u8) -> usize {
    usize::from(of_outline % 64)
}

/// The place of a lemma in `Again::lemmas`, and its bit there.
fn lemma_slot(of_outline: u16) -> (usize, u32) {
    (
        usize::from(of_outline / 64 % 64),
        u32::from(of_outline % 64),
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
                word,
                lemma: vocabulary.lemma_key(word),
                known,
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
        let mut by_beginning = [0_u64; 64];
        let mut by_root = [0_u64; 64];
        let mut lemmas = [0_u64; 64];
        for (number, one) in said.iter().enumerate() {
            let outline = vocabulary.outline(one.word);
            let bit = 1 << (number % 64);
            by_beginning[slot(outline.beginning)] |= bit;
            by_root[slot(outline.root)] |= bit;
            let (slot, bit) = lemma_slot(outline.lemma);
            lemmas[slot] |= 1 << bit;
        }
        let n_known = said.iter().filter(|said| said.known).count();
        Some(Self {
            vocabulary,
            said,
            by_beginning,
            by_root,
            lemmas,
            looked_at: [None; 64],
            n_known,
            done_known: false,
        })
    }

    /// A word was said before; whether this tells more than was known.
    #[inline]
    pub(super) fn hears(&mut self, word: WordId) -> bool {
        let outline = self.vocabulary.outline(word);
        let of_root = self.by_beginning[slot(outline.beginning)] & self.by_root[slot(outline.root)];
        let (slot, bit) = lemma_slot(outline.lemma);
        let of_lemma = self.lemmas[slot] >> bit & 1;
        of_root | of_lemma != 0 && self.looks_closely(word, of_root, of_lemma != 0)
    }

    /// With the bits of the words that may have its root, and whether some may have its lemma.
    #[inline(never)]
    fn looks_closely(&mut self, word: WordId, of_root: u64, of_lemma: bool) -> bool {
        if self.looked_at[word.0 as usize % 64].replace(word) == Some(word) {
            return false;
        }
        let vocabulary = self.vocabulary;
        let lemma = vocabulary.lemma_key(word);
        let n_known = self.n_known;
        let all = u64::MAX >> (64 - self.said.len().clamp(1, 64));
        let mut may_be = if of_lemma { all } else { of_root };
        while may_be != 0 {
            let number = may_be.trailing_zeros() as usize;
            let share = |one: &Said| {
                of_root >> number & 1 != 0
                    && share_a_root(vocabulary.norm(one.word), vocabulary.norm(word))
            };
            may_be &= may_be - 1;
            let those = self.said.iter_mut().skip(number).step_by(64);
            for one in those.filter(|one| !one.known) {
                if one.lemma == lemma || share(one) {
                    one.known = true;
                    self.n_known += 1;
                    self.done_known |= vocabulary.facts(one.word).done;
                }
            }
        }
        self.n_known > n_known
    }

    /// Most of it was said before.
    pub(super) fn is_most(&self) -> bool {
        let wanted = match self.said.len() {
            n if n < RESTATED_WORDS_ENOUGH => n,
            n => (n as f64 * RESTATED_SHARE_MIN).ceil() as usize,
        };
        // «Договорились, подключили»: of what is told as done, half is enough.
        self.n_known >= wanted || self.done_known && self.n_known >= self.said.len().div_ceil(2)
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
