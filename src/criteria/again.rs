//! Words that say again what was said before.

use std::ops::Range;

use smallvec::SmallVec;

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
    said: SmallVec<[Said; 16]>,
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

/// Words that were said, to be asked for one by one: those of one slot stand in a chain, the latest first.
#[derive(Debug)]
pub(super) struct Before<'a> {
    vocabulary: &'a Vocabulary,
    tokens: &'a [Token],
    /// By slot, the latest token there + 1, by the beginnings of words and by their lemmas.
    latest: [[u32; SLOTS]; 2],
    /// By token; nothing was heard of those that were passed over.
    heard: Vec<Heard>,
}

/// A word that was said, with all that a look at most of a chain asks for.
#[derive(Debug, Clone, Copy)]
struct Heard {
    word: WordId,
    outline: Outline,
    /// The token + 1 that stands next in each of its chains.
    next: [u32; 2],
}

/// More are cleared for each call and hardly shorten a chain.
const SLOTS: usize = 256;

/// Where a word stands in [`Before::latest`].
fn slots(outline: Outline) -> [usize; 2] {
    [outline.root.into(), usize::from(outline.lemma) % SLOTS]
}

impl<'a> Before<'a> {
    /// Nothing of these words of a call was said yet.
    pub(super) fn new(vocabulary: &'a Vocabulary, tokens: &'a [Token]) -> Self {
        Self {
            vocabulary,
            tokens,
            latest: [[0; SLOTS]; 2],
            heard: Vec::with_capacity(tokens.len()),
        }
    }

    /// These tokens were said, and none of those between them and what was heard before.
    pub(super) fn hear(&mut self, tokens: Range<usize>) {
        let nothing = Heard {
            word: WordId(0),
            outline: Outline::NONE,
            next: [0; 2],
        };
        self.heard.resize(tokens.start, nothing);
        let [roots, lemmas] = &mut self.latest;
        let said = self.tokens[tokens.clone()]
            .iter()
            .zip(tokens.start as u32 + 1..);
        self.heard.extend(said.map(|(token, latest)| {
            let Token { word, outline, .. } = *token;
            let [root, lemma] = slots(outline);
            let next = [roots[root], lemmas[lemma]];
            (roots[root], lemmas[lemma]) = (latest, latest);
            Heard {
                word,
                outline,
                next,
            }
        }));
    }

    /// Behind the last token that was heard.
    pub(super) fn n_heard(&self) -> usize {
        self.heard.len()
    }

    /// Whether one of these tokens was heard and has the lemma of the word.
    fn has_lemma(&self, one: &Said, within: &Range<usize>) -> bool {
        let [_, slot] = slots(one.outline);
        self.chain(1, slot, within).any(|heard| {
            heard.word == one.word
                || heard.outline.lemma == one.outline.lemma
                    && self.vocabulary.lemma_key(heard.word) == one.lemma
        })
    }

    /// Whether one of these tokens was heard and shares a root with the word.
    fn has_root(&self, one: &Said, within: &Range<usize>) -> bool {
        let [slot, _] = slots(one.outline);
        let begins = |outline: Outline| (outline.beginning, outline.root);
        let norm = |word| self.vocabulary.norm(word);
        self.chain(0, slot, within).any(|heard| {
            begins(heard.outline) == begins(one.outline)
                && share_a_root(norm(one.word), norm(heard.word))
        })
    }

    fn chain(
        &self,
        kind: usize,
        slot: usize,
        within: &Range<usize>,
    ) -> impl Iterator<Item = &Heard> {
        let at = |latest: u32| (latest as usize).checked_sub(1);
        let first = at(self.latest[kind][slot]);
        let all = std::iter::successors(first, move |token| at(self.heard[*token].next[kind]));
        let within = within.clone();
        all.skip_while(move |token| *token >= within.end)
            .take_while(move |token| *token >= within.start)
            .map(|token| &self.heard[token])
    }
}

impl<'a> Again<'a> {
    /// Of the words of a turn, each with whether it counts as said before in any case, those that tell something. `None` where they
    /// are too few to be said again: then nobody needs to look at what was said before.
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
                    || facts.number_word().is_some()
                    || facts.first_name
                    || marks.patronymic()
            };
            *known
                || match tells {
                    Tells::Outcome => marks.foreign() || marks.content(),
                    Tells::Business => marks.content() && !marks.foreign() && !is_data(),
                }
        };
        let mut said: SmallVec<[Said; 16]> = words
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
        let wanted = match tells {
            Tells::Outcome => RESTATED_WORDS_MIN,
            Tells::Business => ECHO_WORDS_MIN,
        };
        if said.len() < wanted {
            return None;
        }
        let n_known = said.iter().filter(|said| said.known).count();
        Some(Self {
            vocabulary,
            said,
            n_known,
        })
    }

    /// These tokens count as said before, as far as they were heard; whether it is enough then.
    pub(super) fn hears(
        &mut self,
        before: &Before<'_>,
        tokens: Range<usize>,
        is_enough: impl Fn(&Self) -> bool,
    ) -> bool {
        // How a word is spelled stands far away in memory, and mostly nobody needs to ask.
        for has_alike in [Before::has_lemma, Before::has_root] {
            for one in self.said.iter_mut().filter(|one| !one.known) {
                one.known = has_alike(before, one, &tokens);
                one.heard = one.known;
                self.n_known += usize::from(one.known);
            }
            if is_enough(self) {
                return true;
            }
        }
        false
    }

    /// Most of it was said before, and it is more than mere numbers.
    pub(super) fn is_most(&self) -> bool {
        let wanted = match self.said.len() {
            n if n < RESTATED_WORDS_ENOUGH => n,
            n => (n as f64 * RESTATED_SHARE_MIN).ceil() as usize,
        };
        let facts = |one: &Said| self.vocabulary.facts(one.word);
        // «Договорились, подключили»: where one of those said before is told as done, half is enough.
        let is_done = |one: &Said| one.heard && facts(one).done;
        let is_number = |one: &Said| facts(one).is_number() || facts(one).number_word().is_some();
        let is_most = self.n_known >= wanted
            || self.n_known >= self.said.len().div_ceil(2) && self.said.iter().any(is_done);
        is_most && !self.said.iter().all(is_number)
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
