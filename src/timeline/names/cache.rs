//! What is known of words as names, kept for a whole run of the program.

use std::hash::BuildHasher;
use std::rc::Rc;

use rustc_hash::FxBuildHasher;

use crate::lexicon::{Case, NameKind, NameReadings, Number};
use crate::text::{Vocabulary, WordId};

/// Name readings by spelling, kept for a whole run of the program: one per thread, beside its vocabulary.
#[derive(Debug, Default)]
pub struct NameCache {
    generation: u32,
    /// By [`NormId`]; asked of a few words only.
    readings: Vec<Option<Rc<NameReadings>>>,
    /// By [`WordId`], what is asked of names again and again; nothing before anybody asks.
    told: Vec<Told>,
    /// Memory for [`Namer::nameable`].
    pub(super) nameable: Vec<u32>,
}

/// Bits of a word: whether it was asked for, which kinds of names it can be in the nominative of one, and above these which names it
/// may stand for as a first name.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Told(u64);

impl Told {
    const ASKED: u64 = 1;
    const NAMES_FROM: u32 = 4;

    fn of(name: &NameReadings) -> Self {
        let mut bits = Self::ASKED;
        for reading in &name.readings {
            if reading.number == Number::Singular && reading.cases.has(Case::Nominative) {
                bits |= Self::bit(reading.kind);
            }
        }
        for first in name.of(NameKind::First) {
            let others = first.short_for.iter().copied();
            let fulls = first.fulls.iter().map(|full| &**full).chain(others);
            for name in fulls.chain([first.lemma.as_str()]) {
                let place = FxBuildHasher.hash_one(name) % u64::from(u64::BITS - Self::NAMES_FROM);
                bits |= 1 << Self::NAMES_FROM << place;
            }
        }
        Self(bits)
    }

    fn bit(kind: NameKind) -> u64 {
        match kind {
            NameKind::First => 2,
            NameKind::Patronymic => 4,
            NameKind::Surname => 8,
        }
    }

    pub(super) fn is_nominative(self, kind: NameKind) -> bool {
        self.0 & Self::bit(kind) != 0
    }

    /// Whether any relation of the two is possible but [`NameForm::Other`].
    pub(super) fn may_be_related(self, other: Self) -> bool {
        (self.0 & other.0) >> Self::NAMES_FROM != 0
    }
}

impl NameCache {
    fn follow(&mut self, vocabulary: &Vocabulary) {
        if self.generation != vocabulary.generation() {
            self.readings.clear();
            self.told.clear();
            self.generation = vocabulary.generation();
        }
    }

    pub(super) fn told(&mut self, vocabulary: &Vocabulary, word: WordId) -> Told {
        self.follow(vocabulary);
        let at = word.0 as usize;
        if self.told.get(at).is_none_or(|told| told.0 == 0) {
            if at >= self.told.len() {
                self.told.resize(vocabulary.len(), Told::default());
            }
            self.told[at] = Told::of(&self.of(vocabulary, word));
        }
        self.told[at]
    }

    pub(in crate::timeline) fn of(
        &mut self,
        vocabulary: &Vocabulary,
        word: WordId,
    ) -> Rc<NameReadings> {
        self.follow(vocabulary);
        let norm = vocabulary.norm_id(word).0 as usize;
        if norm >= self.readings.len() {
            self.readings.resize(norm + 1, None);
        }
        let readings = || {
            let (lexicon, known) = (vocabulary.lexicon(), vocabulary.facts(word).readings);
            Rc::new(lexicon.names_in(known, vocabulary.norm(word)))
        };
        Rc::clone(self.readings[norm].get_or_insert_with(readings))
    }
}
