//! Spelling -> the classes of pattern words that it belongs to.
//!
//! A class is one pattern word with all its forms; equal words share one. The first class numbers are kept for what is no
//! spelling: slots.

use std::hash::Hasher;
use std::sync::OnceLock;

use hashbrown::HashTable;
use rustc_hash::{FxHashMap, FxHasher};
use smallvec::SmallVec;

use super::near::NearIndex;
use super::slots::N_SPAN_KINDS;
use crate::lexicon::{Forms, Lexeme, Lexemes, Lexicon};
use crate::text::{Outline, Shape, Spellings, WordFacts, as_cyrillic};

/// A class by number.
pub(super) type Class = u32;

/// Any token.
pub(super) const ANY: Class = 0;
pub(super) const FIRST_NAME: Class = 1;
pub(super) const PATRONYMIC: Class = 2;
pub(super) const SURNAME: Class = 3;
pub(super) const NUMBER: Class = 4;
pub(super) const PLACE: Class = 5;
/// A word that the dictionary lacks.
pub(super) const UNKNOWN: Class = 6;
/// A verb in the first person, of the present or the future.
pub(super) const FIRST_PERSON: Class = 7;
/// From here on four classes for every kind of span: a span of one token, first, middle and last token.
pub(super) const SPANS: Class = 8;
/// An infinitive.
pub(super) const INFINITIVE: Class = SPANS + 4 * N_SPAN_KINDS;
/// An adjective in the genitive.
pub(super) const GENITIVE: Class = INFINITIVE + 1;
/// A verb in the third person or the past.
pub(super) const THIRD_PERSON: Class = INFINITIVE + 2;
/// From here on the classes of pattern words.
pub(super) const WORDS: Class = INFINITIVE + 3;

/// Endings as a recogniser may write them, and as they are spelt.
const AS_IT_SOUNDS: &[(&str, &str)] = &[("ова", "ого"), ("ева", "его")];

const NONE: u32 = u32::MAX;

/// How often a word of a slot comes in a thousand words, roughly, by class: any word, names, numbers, places, verbs, spans.
const SLOT_WEIGHTS: [f32; WORDS as usize] = {
    let mut weights = [4.0; WORDS as usize];
    weights[ANY as usize] = 1000.0;
    weights[FIRST_NAME as usize] = 40.0;
    weights[PATRONYMIC as usize] = 8.0;
    weights[SURNAME as usize] = 40.0;
    weights[NUMBER as usize] = 40.0;
    weights[FIRST_PERSON as usize] = 40.0;
    weights[INFINITIVE as usize] = 40.0;
    weights[GENITIVE as usize] = 20.0;
    weights[THIRD_PERSON as usize] = 80.0;
    weights
};
const PREFIX_WEIGHT: f32 = 2.0;
const NUMBER_WEIGHT: f32 = 6.0;
/// What one more form of a word adds.
const RARE: f32 = 0.01;

/// How often a form comes in a thousand words, roughly; of what is not known to be frequent, short words come oftener.
fn frequency(form: &str) -> f32 {
    Lexicon::embedded()
        .frequent(form)
        .unwrap_or(frequency_of_length(form.len()))
}

/// By bytes; a letter has two.
fn frequency_of_length(length: usize) -> f32 {
    match length / 2 {
        0..=2 => 0.4,
        3 => 0.2,
        4 => 0.1,
        5 => 0.06,
        _ => 0.03,
    }
}

/// All spellings of all pattern words. Of a word of the dictionary its lexemes are kept, not its forms: whether a word is one of these
/// the dictionary tells.
#[derive(Debug, Default)]
pub(super) struct FormTable {
    text: String,
    forms: Vec<Form>,
    /// Hash and index of each form: who looks for one that is not there, as mostly, reads nothing but this.
    table: HashTable<(u64, u32)>,
    links: Vec<(Class, u32)>,
    prefixes: FxHashMap<Box<str>, Vec<Class>>,
    /// How they begin: a bit for each [`Outline::beginning_of`].
    prefix_beginnings: u64,
    numbers: FxHashMap<u64, Vec<Class>>,
    /// Words that are two words without the space between them: bytes of the first.
    parts: FxHashMap<Box<str>, usize>,
    /// Words that are one word with a space inside: the first parts by the second one.
    splits: FxHashMap<Box<str>, Vec<Box<str>>>,
    /// Spoken words, with the written ones that they stand for.
    spoken: FxHashMap<Box<str>, Vec<Box<str>>>,
    /// Classes without loose matching, by class number.
    strict: Vec<bool>,
    /// By class: how often its words come in a thousand, roughly.
    weights: Vec<f32>,
    /// By paradigm: how many forms it makes, and the bytes that the shortest adds to the stem.
    shapes: FxHashMap<u16, (u16, u16)>,
    near: OnceLock<NearIndex>,
    word_shapes: OnceLock<Shapes>,
}

/// A bit for each [`Shape::folded`]: whether a word has it that is looked for, or one that was split.
#[derive(Debug)]
struct Shapes(Box<[u64]>);

/// A bit in ten is set with the words of a large pack.
const SHAPE_BITS: u32 = 18;

impl Shapes {
    fn of(forms: &FormTable) -> Self {
        let mut shapes = Self(vec![0; 1 << SHAPE_BITS >> 6].into());
        let mut word = String::new();
        for form in 0..forms.len() {
            let text = forms.text(form);
            let Some(paradigm) = forms.paradigm(form) else {
                shapes.add_as_it_sounds(text);
                continue;
            };
            for (prefix, suffix) in Lexicon::embedded().spellings(paradigm) {
                word.clear();
                word.extend([prefix, text, suffix]);
                shapes.add_as_it_sounds(&word);
            }
        }
        // In whatever order: bits are set.
        #[expect(clippy::iter_over_hash_type)]
        for (tail, heads) in &forms.splits {
            for head in heads {
                shapes.add(&[&**head, tail].concat());
            }
        }
        #[expect(clippy::iter_over_hash_type)]
        for spoken in forms.spoken.keys() {
            shapes.add(spoken);
        }
        shapes
    }

    /// A word, and how it may be written otherwise: see [`FormTable::as_it_sounds`].
    fn add_as_it_sounds(&mut self, word: &str) {
        self.add(word);
        for (heard, written) in AS_IT_SOUNDS {
            if let Some(stem) = word.strip_suffix(written) {
                self.add(&[stem, heard].concat());
            }
        }
    }

    fn add(&mut self, word: &str) {
        let bit = Shape::of(word).folded(SHAPE_BITS);
        self.0[bit / 64] |= 1 << (bit % 64);
    }

    fn has(&self, shape: Shape) -> bool {
        let bit = shape.folded(SHAPE_BITS);
        self.0[bit / 64] >> (bit % 64) & 1 != 0
    }
}

/// A spelling, or a lexeme.
#[derive(Debug)]
struct Form {
    /// The spelling, or the stem.
    start: u32,
    end: u32,
    /// What it is the stem of; `None`: it is a spelling.
    paradigm: Option<u16>,
    /// First of `links`.
    head: u32,
    /// The classes of this spelling alone, with loose matching and without.
    exact: [Class; 2],
}

impl FormTable {
    /// An empty table with room for the words of about so many phrases.
    pub(super) fn for_phrases(n_phrases: usize) -> Self {
        let n_forms = n_phrases * 4;
        Self {
            text: String::with_capacity(n_forms * 20),
            forms: Vec::with_capacity(n_forms),
            links: Vec::with_capacity(n_forms),
            table: HashTable::with_capacity(n_forms),
            strict: vec![true; WORDS as usize],
            weights: SLOT_WEIGHTS.to_vec(),
            ..Self::default()
        }
    }

    /// How many distinct spellings and lexemes.
    pub(super) fn len(&self) -> usize {
        self.forms.len()
    }

    /// The spelling, or the stem of the lexeme.
    pub(super) fn text(&self, form: usize) -> &str {
        let Form { start, end, .. } = self.forms[form];
        &self.text[start as usize..end as usize]
    }

    /// Of a lexeme.
    pub(super) fn paradigm(&self, form: usize) -> Option<u16> {
        self.forms[form].paradigm
    }

    pub(super) fn n_classes(&self) -> usize {
        self.strict.len()
    }

    pub(super) fn new_class(&mut self, strict: bool) -> Class {
        self.strict.push(strict);
        self.weights.push(0.0);
        self.strict.len() as Class - 1
    }

    /// How often words of the class come in a thousand, roughly.
    pub(super) fn weight(&self, class: Class) -> f32 {
        self.weights[class as usize]
    }

    pub(super) fn add_prefix(&mut self, prefix: &str, class: Class) {
        self.weights[class as usize] = PREFIX_WEIGHT;
        self.prefixes.entry(prefix.into()).or_default().push(class);
        self.prefix_beginnings |= match prefix.len() {
            0..4 => u64::MAX,
            _ => 1 << Outline::beginning_of(prefix),
        };
    }

    pub(super) fn add_parts(&mut self, first: &str, second: &str) {
        self.parts
            .insert(format!("{first}{second}").into(), first.len());
    }

    pub(super) fn add_split(&mut self, head: &str, tail: &str) {
        let heads = self.splits.entry(tail.into()).or_default();
        heads.push(head.into());
    }

    pub(super) fn add_spoken(&mut self, word: &str, written: &str) {
        let all = self.spoken.entry(word.into()).or_default();
        all.push(written.into());
    }

    pub(super) fn add_number(&mut self, value: u64, class: Class) {
        self.weights[class as usize] = NUMBER_WEIGHT;
        self.numbers.entry(value).or_default().push(class);
    }

    pub(super) fn add_forms(&mut self, forms: &Forms, class: Class) {
        forms.iter().for_each(|form| self.add_form(form, class));
    }

    pub(super) fn add_form(&mut self, form: &str, class: Class) {
        self.weigh(class, frequency(form), 1);
        let form = self.intern(form, None);
        self.add_link(form, class);
    }

    /// The class of this spelling alone.
    pub(super) fn exact_class(&mut self, word: &str, strict: bool) -> Class {
        let form = self.intern(word, None);
        let known = self.forms[form].exact[usize::from(strict)];
        if known != NONE {
            return known;
        }
        let class = self.new_class(strict);
        self.forms[form].exact[usize::from(strict)] = class;
        self.weigh(class, frequency(word), 1);
        self.add_link(form, class);
        class
    }

    /// Adds all forms of a lexeme that [`FormTable::lexeme`] numbered.
    pub(super) fn add_lexeme(&mut self, form: u32, class: Class) {
        let Some(paradigm) = self.forms[form as usize].paradigm else {
            return;
        };
        let lexicon = Lexicon::embedded();
        let (n_forms, shortest) = *self.shapes.entry(paradigm).or_insert_with(|| {
            let lengths = lexicon.spellings(paradigm);
            let lengths = lengths.map(|(prefix, suffix)| (prefix.len() + suffix.len()) as u16);
            lengths.fold((0, u16::MAX), |(n, min), length| (n + 1, min.min(length)))
        });
        let stem = self.text(form as usize);
        let frequent = lexicon.frequent_lexeme(Lexeme { paradigm, stem });
        let by_length = frequency_of_length(stem.len() + usize::from(shortest));
        self.weigh(class, frequent.unwrap_or(0.0).max(by_length), n_forms);
        self.add_link(form as usize, class);
    }

    /// The number of a lexeme, for [`FormTable::add_lexeme`].
    pub(super) fn lexeme(&mut self, lexeme: Lexeme<'_>) -> u32 {
        self.intern(lexeme.stem, Some(lexeme.paradigm)) as u32
    }

    fn weigh(&mut self, class: Class, frequency: f32, n_forms: u16) {
        let weight = &mut self.weights[class as usize];
        *weight = weight.max(frequency) + f32::from(n_forms) * RARE;
    }

    fn add_link(&mut self, form: usize, class: Class) {
        let head = &mut self.forms[form].head;
        // A form that two parts of the word share comes twice.
        if *head == NONE || self.links[*head as usize].0 != class {
            self.links.push((class, *head));
            *head = self.links.len() as u32 - 1;
        }
    }

    fn intern(&mut self, text: &str, paradigm: Option<u16>) -> usize {
        let hash = hash(text, paradigm);
        if let Some(form) = self.entry_of(text, paradigm, hash) {
            return form;
        }
        let start = self.text.len() as u32;
        self.text.push_str(text);
        let form = self.forms.len();
        self.forms.push(Form {
            start,
            end: self.text.len() as u32,
            paradigm,
            head: NONE,
            exact: [NONE; 2],
        });
        let held = (hash, form as u32);
        self.table.insert_unique(hash, held, |(hash, _)| *hash);
        form
    }

    fn entry(&self, text: &str, paradigm: Option<u16>) -> Option<usize> {
        self.entry_of(text, paradigm, hash(text, paradigm))
    }

    fn entry_of(&self, text: &str, paradigm: Option<u16>, hash: u64) -> Option<usize> {
        let is_it = |(its, form): &(u64, u32)| {
            let form = *form as usize;
            *its == hash && self.forms[form].paradigm == paradigm && self.text(form) == text
        };
        let (_, form) = self.table.find(hash, is_it)?;
        Some(*form as usize)
    }

    /// The spelling and the lexemes that a word is.
    fn find(&self, word: &str) -> SmallVec<[usize; 4]> {
        self.find_with(Lexicon::embedded().lexemes(word), word)
    }

    /// The same of a word whose lexemes are these.
    fn find_with(&self, lexemes: Lexemes<'_>, word: &str) -> SmallVec<[usize; 4]> {
        let find = |text, paradigm| self.entry(text, paradigm);
        let lexemes = lexemes.into_iter();
        let lexemes = lexemes.filter_map(|lexeme| find(lexeme.stem, Some(lexeme.paradigm)));
        find(word, None).into_iter().chain(lexemes).collect()
    }

    fn links_of(&self, form: usize) -> impl Iterator<Item = Class> {
        let mut at = self.forms[form].head;
        std::iter::from_fn(move || {
            let (class, next) = *self.links.get(at as usize)?;
            at = next;
            Some(class)
        })
    }

    fn near(&self) -> &NearIndex {
        self.near.get_or_init(|| NearIndex::new(self))
    }

    /// The classes of a word, sorted, each twice as large, plus one where it is met only loosely. Slots are not among them.
    pub(super) fn classes(&self, raw: &str, norm: &str, facts: &WordFacts) -> SmallVec<[u32; 16]> {
        let mut classes = SmallVec::new();
        let mut add = |class| classes.push(class * 2);
        let lexemes = Lexicon::embedded().lexemes_in(facts.readings, norm);
        let own = self.find_with(lexemes, norm);
        let spelt = as_cyrillic(raw).map_or_else(SmallVec::new, |word| self.find(&word));
        for form in own.into_iter().chain(spelt) {
            self.links_of(form).for_each(&mut add);
        }
        for written in self.spoken.get(norm).into_iter().flatten() {
            for form in self.find(written) {
                self.links_of(form).for_each(&mut add);
            }
        }
        if self.prefix_beginnings >> Outline::beginning_of(norm) & 1 != 0 {
            let ends = norm.char_indices().map(|(at, c)| at + c.len_utf8());
            ends.filter_map(|end| self.prefixes.get(&norm[..end]))
                .flatten()
                .copied()
                .for_each(&mut add);
        }
        if let Some(classes) = facts.cardinal().and_then(|value| self.numbers.get(&value)) {
            classes.iter().copied().for_each(&mut add);
        }
        if classes.is_empty() && facts.is_foreign() {
            classes.extend(self.loose_links_of(&self.as_it_sounds(norm)));
        }
        if classes.is_empty() && facts.is_foreign() {
            classes.extend(self.loose_links_of(&self.near().near(norm, self)));
        }
        classes.sort_unstable();
        classes.dedup();
        classes
    }
}

impl FormTable {
    /// The forms of «отличного» for «отличнова».
    fn as_it_sounds(&self, norm: &str) -> SmallVec<[usize; 4]> {
        let spelt = AS_IT_SOUNDS.iter().map(|(heard, written)| {
            let stem = norm.strip_suffix(heard);
            stem.map_or_else(SmallVec::new, |stem| self.find(&[stem, written].concat()))
        });
        spelt
            .into_iter()
            .find(|forms| !forms.is_empty())
            .unwrap_or_default()
    }

    fn loose_links_of(&self, forms: &[usize]) -> impl Iterator<Item = u32> {
        let classes = forms.iter().flat_map(|&form| self.links_of(form));
        let loose = classes.filter(|&class| !self.strict[class as usize]);
        loose.map(|class| class * 2 + 1)
    }
}

impl Spellings for FormTable {
    fn parts(&self, norm: &str) -> Option<usize> {
        self.parts.get(norm).copied()
    }

    fn is_tail(&self, norm: &str) -> bool {
        self.splits.contains_key(norm)
    }

    fn is_split(&self, head: &str, tail: &str) -> bool {
        let heads = self.splits.get(tail);
        heads.is_some_and(|heads| heads.iter().any(|one| **one == *head))
    }

    fn may_have(&self, shape: Shape) -> bool {
        self.word_shapes.get_or_init(|| Shapes::of(self)).has(shape)
    }

    fn has(&self, norm: &str) -> bool {
        !self.find(norm).is_empty()
            || self.spoken.contains_key(norm)
            || !self.as_it_sounds(norm).is_empty()
    }

    fn has_near(&self, norm: &str) -> bool {
        !self.near().near(norm, self).is_empty()
    }
}

fn hash(text: &str, paradigm: Option<u16>) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(text.as_bytes());
    if let Some(paradigm) = paradigm {
        hasher.write_u16(paradigm);
    }
    hasher.finish()
}
