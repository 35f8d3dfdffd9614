//! Spelling -> the classes of pattern words that it belongs to.
//!
//! A class is one pattern word with all its forms; equal words share one. The first class numbers are kept for what is no
//! spelling: slots.

use std::hash::Hasher;
use std::sync::OnceLock;

use rustc_hash::{FxHashMap, FxHashSet, FxHasher};

use super::near::NearIndex;
use crate::lexicon::{Forms, Lexicon};
use crate::text::{Spellings, WordFacts, as_cyrillic};

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
pub(super) const INFINITIVE: Class = 32;
/// An adjective in the genitive.
pub(super) const GENITIVE: Class = 33;
/// From here on the classes of pattern words.
pub(super) const WORDS: Class = 34;

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
        .unwrap_or(match form.len() / 2 {
            0..=2 => 4.0,
            3 => 2.0,
            4 => 1.0,
            5 => 0.6,
            _ => 0.3,
        })
}

/// All spellings of all pattern words.
#[derive(Debug, Default)]
pub(super) struct FormTable {
    text: String,
    forms: Vec<Form>,
    /// Open addressing; index of the form plus one, 0 is free.
    table: Vec<u32>,
    links: Vec<(Class, u32)>,
    prefixes: FxHashMap<Box<str>, Vec<Class>>,
    numbers: FxHashMap<u64, Vec<Class>>,
    /// Words that are two words without the space between them: bytes of the first.
    parts: FxHashMap<Box<str>, usize>,
    /// Words that are one word with a space inside, and the second parts of these.
    splits: FxHashSet<(Box<str>, Box<str>)>,
    tails: FxHashSet<Box<str>>,
    /// Spoken words, with the written ones that they stand for.
    spoken: FxHashMap<Box<str>, Vec<Box<str>>>,
    /// Classes without loose matching, by class number.
    strict: Vec<bool>,
    /// By class: how often its words come in a thousand, roughly.
    weights: Vec<f32>,
    near: OnceLock<NearIndex>,
}

#[derive(Debug)]
struct Form {
    start: u32,
    end: u32,
    hash: u32,
    /// First of `links`.
    head: u32,
}

impl FormTable {
    /// An empty table with room for the words of about so many phrases.
    pub(super) fn for_phrases(n_phrases: usize) -> Self {
        let n_forms = n_phrases * 24;
        Self {
            text: String::with_capacity(n_forms * 20),
            forms: Vec::with_capacity(n_forms),
            links: Vec::with_capacity(n_forms),
            table: vec![0; (n_forms + 64).next_power_of_two()],
            strict: vec![true; WORDS as usize],
            weights: SLOT_WEIGHTS.to_vec(),
            ..Self::default()
        }
    }

    /// How many distinct spellings.
    pub(super) fn len(&self) -> usize {
        self.forms.len()
    }

    pub(super) fn text(&self, form: usize) -> &str {
        let Form { start, end, .. } = self.forms[form];
        &self.text[start as usize..end as usize]
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
    }

    pub(super) fn add_parts(&mut self, first: &str, second: &str) {
        self.parts
            .insert(format!("{first}{second}").into(), first.len());
    }

    pub(super) fn add_split(&mut self, head: &str, tail: &str) {
        self.splits.insert((head.into(), tail.into()));
        self.tails.insert(tail.into());
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
        let weight = &mut self.weights[class as usize];
        *weight = weight.max(frequency(form)) + RARE;
        let hash = hash(form);
        let mask = self.table.len() - 1;
        let mut slot = hash as usize & mask;
        let index = loop {
            match self.table[slot] {
                0 => {
                    let start = self.text.len() as u32;
                    self.text.push_str(form);
                    let end = self.text.len() as u32;
                    self.forms.push(Form {
                        start,
                        end,
                        hash,
                        head: NONE,
                    });
                    self.table[slot] = self.forms.len() as u32;
                    if self.forms.len() * 4 > self.table.len() * 3 {
                        self.grow();
                    }
                    break self.forms.len() - 1;
                }
                held if self.forms[held as usize - 1].hash == hash
                    && self.text(held as usize - 1) == form =>
                {
                    break held as usize - 1;
                }
                _ => slot = (slot + 1) & mask,
            }
        };
        let head = &mut self.forms[index].head;
        // A form that two lexemes of the word share comes twice.
        if *head == NONE || self.links[*head as usize].0 != class {
            self.links.push((class, *head));
            *head = self.links.len() as u32 - 1;
        }
    }

    fn grow(&mut self) {
        self.table = vec![0; self.table.len() * 2];
        let mask = self.table.len() - 1;
        for (index, form) in self.forms.iter().enumerate() {
            let mut slot = form.hash as usize & mask;
            while self.table[slot] != 0 {
                slot = (slot + 1) & mask;
            }
            self.table[slot] = index as u32 + 1;
        }
    }

    fn find(&self, form: &str) -> Option<usize> {
        let hash = hash(form);
        let mask = self.table.len() - 1;
        let mut slot = hash as usize & mask;
        loop {
            match self.table[slot] {
                0 => return None,
                held if self.forms[held as usize - 1].hash == hash
                    && self.text(held as usize - 1) == form =>
                {
                    return Some(held as usize - 1);
                }
                _ => slot = (slot + 1) & mask,
            }
        }
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

    /// The classes of a word, sorted, each with whether it is met only loosely. Slots are not among them.
    pub(super) fn classes(&self, raw: &str, norm: &str, facts: &WordFacts) -> Vec<(Class, bool)> {
        let mut classes: Vec<(Class, bool)> = Vec::new();
        let mut add = |class| classes.push((class, false));
        if let Some(form) = self.find(norm) {
            self.links_of(form).for_each(&mut add);
        }
        if let Some(form) = as_cyrillic(raw).and_then(|word| self.find(&word)) {
            self.links_of(form).for_each(&mut add);
        }
        for written in self.spoken.get(norm).into_iter().flatten() {
            if let Some(form) = self.find(written) {
                self.links_of(form).for_each(&mut add);
            }
        }
        if !self.prefixes.is_empty() {
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
            // «отличнова», as it sounds.
            let spelt = AS_IT_SOUNDS.iter().find_map(|(heard, written)| {
                let stem = norm.strip_suffix(heard)?;
                self.find(&[stem, written].concat())
            });
            if let Some(form) = spelt {
                classes.extend(
                    self.links_of(form)
                        .filter(|&class| !self.strict[class as usize])
                        .map(|class| (class, true)),
                );
            }
        }
        if classes.is_empty() && facts.is_foreign() {
            for form in self.near().near(norm, self) {
                classes.extend(
                    self.links_of(form)
                        .filter(|&class| !self.strict[class as usize])
                        .map(|class| (class, true)),
                );
            }
        }
        classes.sort_unstable();
        classes.dedup();
        classes
    }
}

impl Spellings for FormTable {
    fn parts(&self, norm: &str) -> Option<usize> {
        self.parts.get(norm).copied()
    }

    fn is_tail(&self, norm: &str) -> bool {
        self.tails.contains(norm)
    }

    fn is_split(&self, head: &str, tail: &str) -> bool {
        self.splits.contains(&(Box::from(head), Box::from(tail)))
    }

    fn has(&self, norm: &str) -> bool {
        self.find(norm).is_some() || self.spoken.contains_key(norm)
    }

    fn has_near(&self, norm: &str) -> bool {
        !self.near().near(norm, self).is_empty()
    }
}

fn hash(text: &str) -> u32 {
    let mut hasher = FxHasher::default();
    hasher.write(text.as_bytes());
    (hasher.finish() >> 32) as u32 ^ hasher.finish() as u32
}
