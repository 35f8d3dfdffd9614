//! The distinct words of a run: raw token -> number -> what is known of the word.

use std::cell::OnceCell;
use std::hash::Hasher;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHasher};

use super::facts::{UNHEARD, UNHEARD_FILLER, WordFacts};
use super::norm::norm;
use crate::lexicon::{Analysis, Lexicon};

/// A distinct raw token, numbered in order of first meeting. Valid until the vocabulary forgets (see [`Vocabulary::generation`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WordId(pub u32);

/// A distinct spelling after normalisation: «Счёт» and «счет» share one. Valid as long as a [`WordId`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NormId(pub u32);

/// What the tokeniser must know of the words somebody looks for, in order to cut words that the recogniser glued together.
pub trait Spellings: Send + Sync {
    /// Whether this normalised word is looked for.
    fn has(&self, norm: &str) -> bool;
    /// Where this normalised word, whether a dictionary has it or not, is two words without the space between them, in bytes.
    fn parts(&self, _norm: &str) -> Option<usize> {
        None
    }
    /// Whether this normalised word may be the second part of a word that was split.
    fn is_tail(&self, _norm: &str) -> bool {
        false
    }
    /// Whether these two normalised words are one that was split.
    fn is_split(&self, _head: &str, _tail: &str) -> bool {
        false
    }
    /// Whether this unknown word is within a slip of a word that is looked for.
    fn has_near(&self, norm: &str) -> bool;
}

/// When so many distinct tokens have been met, the next call starts a new vocabulary.
const WORDS_MAX: usize = 300_000;
/// A first name and a patronymic are no longer together.
const NAMES_BYTES_MAX: usize = 80;
/// How patronymics end in the nominative.
const PATRONYMIC_ENDINGS: [&str; 3] = ["вна", "чна", "вич"];
/// In a [`Vocabulary::intern`] answer: this word is two glued words, or may be the second part of a split one.
const GLUED: u32 = 1 << 31;

/// Every distinct token of a run, looked up once. One per thread.
pub struct Vocabulary {
    lexicon: &'static Lexicon,
    spellings: Vec<Arc<dyn Spellings>>,
    generation: u32,
    /// Open addressing by the hash of a word's key. The rest is in `words`, where frequent words are neighbours, for they are met
    /// first.
    table: Vec<Bucket>,
    raw: String,
    words: Vec<Entry>,
    /// By word.
    lemma_keys: Vec<u64>,
    /// By word: start in `raw` and length.
    places: Vec<(u32, u32)>,
    norms: Vec<Norm>,
    norm_ids: FxHashMap<Box<str>, NormId>,
    glued: FxHashMap<u32, Glued>,
}

/// A token as the table knows it: the bytes of a short one, zeros behind them. Of a longer one a hash, its length, and ones,
/// which no text has: then the spelling itself must be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Key([u64; 3]);

/// Tokens of so many bytes, twelve Cyrillic letters, are their keys.
pub(super) const KEY_BYTES_MAX: usize = 24;

impl Key {
    /// Of a short token's bytes.
    #[inline]
    pub(super) fn of_words(words: [u64; 3]) -> Self {
        Self(words)
    }

    pub(super) fn of(raw: &str) -> Self {
        if raw.len() > KEY_BYTES_MAX {
            let mut hasher = FxHasher::default();
            hasher.write(raw.as_bytes());
            return Self([hasher.finish(), raw.len() as u64, u64::MAX]);
        }
        let mut bytes = [0; KEY_BYTES_MAX];
        bytes[..raw.len()].copy_from_slice(raw.as_bytes());
        let (eights, _) = bytes.as_chunks::<8>();
        Self([eights[0], eights[1], eights[2]].map(u64::from_le_bytes))
    }

    #[inline]
    fn is_hashed(self) -> bool {
        self.0[2] == u64::MAX
    }

    /// Its higher half is well mixed.
    #[inline]
    fn hash(self) -> u64 {
        let [a, b, c] = self.0;
        let mixed = a.wrapping_mul(0x9e37_79b9_7f4a_7c15)
            ^ b.wrapping_mul(0xc2b2_ae3d_27d4_eb4f)
            ^ c.wrapping_mul(0x1656_67b1_9e37_79f9);
        // Only the higher bits of a product hang on all bits of its factors.
        (mixed ^ mixed >> 32).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }
}

/// Of nothing but letters of two bytes that begin with 0xd0 or 0xd1, and its own key.
fn is_plain(raw: &str) -> bool {
    let is_cyrillic = |c| matches!(c, '\u{400}'..='\u{47f}');
    raw.len() <= KEY_BYTES_MAX && raw.chars().all(is_cyrillic)
}

/// Slots that are looked at together, so that no jump hangs on which of them has the word: such a jump is guessed wrong, and
/// all that comes next waits for memory. Each has eight bits of the hash and, below, the word's number and one; 0 is free. They
/// are filled in order; what finds no room is in the next bucket that has any.
#[derive(Clone, Copy, Default)]
#[repr(align(16))]
struct Bucket([u32; 4]);

impl Bucket {
    /// The number and one of the word that may be the one with this hash; 0 of none.
    #[inline]
    fn candidate(&self, hash: u64) -> u32 {
        let of_hash = hash_in_slot(hash);
        let fits = |found: u32, slot: u32| match (slot ^ of_hash) <= NUMBER {
            true => slot & NUMBER,
            false => found,
        };
        self.0.into_iter().rev().fold(0, fits)
    }
}

/// A word to be looked up together with others.
#[derive(Clone, Copy, Default)]
pub(super) struct Lookup {
    pub(super) key: Key,
    /// Bytes of the text.
    pub(super) start: u32,
    pub(super) end: u32,
    /// See [`Bucket::candidate`].
    candidate: u32,
}

/// In a slot of `Vocabulary::table`: bits of the hash.
const HASH: u32 = 0xff << 24;
/// In a slot of `Vocabulary::table`: the word's number and one.
const NUMBER: u32 = !HASH;

/// The part of a hash that a slot holds.
#[inline]
fn hash_in_slot(hash: u64) -> u32 {
    (hash >> 56) as u32 * (HASH & HASH.wrapping_neg())
}

/// The bucket where a hash is looked for first in a table with this mask.
#[inline]
fn first_bucket(hash: u64, mask: usize) -> usize {
    (hash >> 32) as usize & mask
}

/// What is asked of every token; two in a line of the processor's memory.
#[derive(Clone, Copy)]
#[repr(align(32))]
struct Entry {
    key: Key,
    norm: NormId,
    marks: Marks,
    outline: Outline,
}

/// What normalised words share that have something in common: it rules out most of the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outline {
    /// Below 64; of the first two letters.
    pub beginning: u8,
    /// Of the first four letters.
    pub root: u8,
    /// Of [`WordFacts::lemma_key`].
    pub lemma: u8,
}

impl Outline {
    /// What [`Outline::beginning`] is for a normalised word.
    pub const fn beginning_of(norm: &str) -> u8 {
        match norm.as_bytes() {
            [_, first, _, second, ..] => first.wrapping_mul(31).wrapping_add(*second) & 63,
            _ => 0,
        }
    }

    fn of(norm: &str, lemma_key: u64) -> Self {
        let fold = |number: u64| (number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as u8;
        let bytes = norm.bytes().take(8);
        Self {
            beginning: Self::beginning_of(norm),
            root: fold(bytes.fold(0, |root, byte| root << 8 | u64::from(byte))),
            lemma: fold(lemma_key),
        }
    }
}

/// The part of what the dictionary knows of a word that is asked of every token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Marks(u8);

impl Marks {
    const CAPITALISED: u8 = 1;
    const FILLER: u8 = 2;
    const FIRST_NAME: u8 = 4;
    const PATRONYMIC: u8 = 8;
    const CONTENT: u8 = 16;
    const FOREIGN: u8 = 32;
    /// It is in `Vocabulary::glued`.
    const GLUED: u8 = 64;
    /// It is a short word of Cyrillic letters and stands for itself, see [`Vocabulary::known`].
    const PLAIN: u8 = 128;

    fn of(raw: &str, facts: &WordFacts) -> Self {
        let bit = |bit, holds: bool| if holds { bit } else { 0 };
        let capitalised = raw.chars().next().is_some_and(char::is_uppercase);
        Self(
            bit(Self::CAPITALISED, capitalised)
                | bit(Self::FILLER, facts.filler)
                | bit(Self::FIRST_NAME, facts.first_name)
                | bit(Self::PATRONYMIC, facts.patronymic)
                | bit(Self::CONTENT, facts.carries_content())
                | bit(Self::FOREIGN, facts.is_foreign()),
        )
    }

    fn glued(self) -> bool {
        self.0 & Self::GLUED != 0
    }

    fn plain(self) -> bool {
        self.0 & Self::PLAIN != 0
    }

    /// The token begins with a capital letter.
    pub fn capitalised(self) -> bool {
        self.0 & Self::CAPITALISED != 0
    }

    /// See [`WordFacts::filler`].
    #[inline]
    pub fn filler(self) -> bool {
        self.0 & Self::FILLER != 0
    }

    /// Some reading is a first name.
    #[inline]
    pub fn first_name(self) -> bool {
        self.0 & Self::FIRST_NAME != 0
    }

    /// Some reading is a patronymic.
    pub fn patronymic(self) -> bool {
        self.0 & Self::PATRONYMIC != 0
    }

    /// Some reading is a first name or a patronymic.
    #[inline]
    pub fn named(self) -> bool {
        self.0 & (Self::FIRST_NAME | Self::PATRONYMIC) != 0
    }

    /// See [`WordFacts::is_foreign`].
    #[inline]
    pub fn foreign(self) -> bool {
        self.0 & Self::FOREIGN != 0
    }

    /// See [`WordFacts::carries_content`].
    #[inline]
    pub fn content(self) -> bool {
        self.0 & Self::CONTENT != 0
    }
}

struct Norm {
    text: Box<str>,
    facts: WordFacts,
    /// Asked of few words, so that it is looked up when it is first asked for.
    reading: OnceCell<Option<Box<Analysis>>>,
}

/// Words that no phrase finds and that are nobody's name, see [`Vocabulary::unheard`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unheard {
    /// In the place of any word.
    pub word: WordId,
    /// In the place of a filler.
    pub filler: WordId,
}

/// Two words without the space between them; or a word that may be the second part of a split one.
#[derive(Clone, Copy)]
pub(super) struct Glued {
    /// Bytes of the first; 0: this is one word, which may belong to the one before it (see [`Vocabulary::join`]).
    pub(super) cut: u32,
    pub(super) first: WordId,
    pub(super) second: WordId,
}

impl std::fmt::Debug for Vocabulary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Vocabulary({} words)", self.words.len())
    }
}

impl Vocabulary {
    /// An empty vocabulary. `spellings` are the words that matchers look for; unknown words that fall into two of them are cut.
    pub fn new(lexicon: &'static Lexicon, spellings: Vec<Arc<dyn Spellings>>) -> Self {
        Self {
            lexicon,
            spellings,
            generation: 0,
            table: vec![Bucket::default(); 1 << 10],
            raw: String::new(),
            words: Vec::new(),
            lemma_keys: Vec::new(),
            places: Vec::new(),
            norms: Vec::new(),
            norm_ids: FxHashMap::default(),
            glued: FxHashMap::default(),
        }
    }

    /// Grows by one whenever all words were forgotten; tables by [`WordId`] kept elsewhere are then stale.
    pub fn generation(&self) -> u32 {
        self.generation
    }

    /// How many distinct tokens have been met.
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// Whether nothing has been met.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The token as it was written.
    ///
    /// # Panics
    /// When the word is another vocabulary's.
    pub fn raw(&self, word: WordId) -> &str {
        let (start, len) = self.places[word.0 as usize];
        &self.raw[start as usize..(start + len) as usize]
    }

    /// Lower case, ё as е, look-alike Latin letters turned back: see [`norm`](super::norm::norm).
    #[inline]
    pub fn norm(&self, word: WordId) -> &str {
        &self.norms[self.norm_id(word).0 as usize].text
    }

    /// The spelling behind a number of [`Vocabulary::norm_id`].
    pub fn norm_of(&self, norm: NormId) -> &str {
        &self.norms[norm.0 as usize].text
    }

    /// The number of the normalised spelling.
    #[inline]
    pub fn norm_id(&self, word: WordId) -> NormId {
        self.words[word.0 as usize].norm
    }

    /// What stands for words that nobody could make out.
    pub fn unheard(&mut self) -> Unheard {
        let [word, filler] = [UNHEARD, UNHEARD_FILLER].map(|raw| {
            let (Ok(word) | Err(Glued { first: word, .. })) = self.intern(|| raw, Key::of(raw));
            word
        });
        Unheard { word, filler }
    }

    /// What the dictionary knows of the word.
    #[inline]
    pub fn facts(&self, word: WordId) -> &WordFacts {
        &self.norms[self.norm_id(word).0 as usize].facts
    }

    /// The likeliest reading of the word; `None` where the dictionary lacks it.
    pub fn reading(&self, word: WordId) -> Option<&Analysis> {
        let Norm {
            text,
            facts,
            reading,
        } = &self.norms[self.norm_id(word).0 as usize];
        let first = || {
            let first = self.lexicon.first_analysis(facts.readings, text);
            first.map(Box::new)
        };
        reading.get_or_init(first).as_deref()
    }

    /// Whether the token begins with a capital letter.
    pub fn capitalised(&self, word: WordId) -> bool {
        self.marks(word).capitalised()
    }

    /// What is asked of every token; cheaper than [`Vocabulary::facts`].
    #[inline]
    pub fn marks(&self, word: WordId) -> Marks {
        self.words[word.0 as usize].marks
    }

    /// [`WordFacts::lemma_key`]; cheaper than [`Vocabulary::facts`].
    #[inline]
    pub fn lemma_key(&self, word: WordId) -> u64 {
        self.lemma_keys[word.0 as usize]
    }

    /// See [`Outline`].
    #[inline]
    pub fn outline(&self, word: WordId) -> Outline {
        self.words[word.0 as usize].outline
    }

    /// The dictionary behind the facts.
    pub fn lexicon(&self) -> &'static Lexicon {
        self.lexicon
    }

    /// Forgets everything when too much has been met.
    pub(super) fn shrink(&mut self) {
        if self.words.len() > WORDS_MAX {
            self.generation += 1;
            self.table.fill(Bucket::default());
            self.raw.clear();
            self.words.clear();
            self.lemma_keys.clear();
            self.places.clear();
            self.norms.clear();
            self.norm_ids.clear();
            self.glued.clear();
        }
    }

    /// The token's number, or what it falls into. `raw` is asked only where the key does not say it all.
    #[inline]
    pub(super) fn intern<'r>(
        &mut self,
        raw: impl Fn() -> &'r str,
        key: Key,
    ) -> Result<WordId, Glued> {
        let answer = self.answer(raw, key);
        if answer & GLUED == 0 {
            Ok(WordId(answer))
        } else {
            Err(self.glued[&(answer & !GLUED)])
        }
    }

    /// Goes half the way for several words at once: the waits for memory overlap.
    #[inline]
    pub(super) fn look_up(&self, lookups: &mut [Lookup]) {
        let mask = self.table.len() - 1;
        for lookup in lookups {
            let hash = lookup.key.hash();
            lookup.candidate = self.table[first_bucket(hash, mask)].candidate(hash);
        }
    }

    /// The word looked up, if it was met before, is a plain one and in one piece; now and then `None` all the same. The key may
    /// be of bytes that are no word: these were never met.
    #[inline]
    pub(super) fn known(&self, lookup: &Lookup) -> Option<WordId> {
        let id = lookup.candidate.checked_sub(1)?;
        let entry = &self.words[id as usize];
        (entry.key == lookup.key && entry.marks.plain()).then_some(WordId(id))
    }

    #[inline]
    fn answer<'r>(&mut self, raw: impl Fn() -> &'r str, key: Key) -> u32 {
        let hash = key.hash();
        let mask = self.table.len() - 1;
        let mut at = first_bucket(hash, mask);
        loop {
            for slot in self.table[at].0 {
                if slot == 0 {
                    return self.add(raw(), key);
                }
                if slot & HASH == hash_in_slot(hash) {
                    let id = (slot & NUMBER) - 1;
                    let entry = &self.words[id as usize];
                    if entry.key == key && (!key.is_hashed() || self.raw(WordId(id)) == raw()) {
                        return if entry.marks.glued() { id | GLUED } else { id };
                    }
                }
            }
            at = (at + 1) & mask;
        }
    }

    #[cold]
    #[inline(never)]
    fn add(&mut self, raw: &str, key: Key) -> u32 {
        let id = self.words.len() as u32;
        let norm = self.add_norm(raw);
        let facts = &self.norms[norm.0 as usize].facts;
        self.words.push(Entry {
            key,
            norm,
            marks: Marks::of(raw, facts),
            outline: Outline::of(&self.norms[norm.0 as usize].text, facts.lemma_key),
        });
        self.lemma_keys.push(facts.lemma_key);
        self.places.push((self.raw.len() as u32, raw.len() as u32));
        self.raw.push_str(raw);
        let answer = match self.cut(raw, norm) {
            None if self.is_tail(norm) => {
                let (cut, first, second) = (0, WordId(id), WordId(id));
                self.glued.insert(id, Glued { cut, first, second });
                id | GLUED
            }
            None => id,
            Some(cut) => {
                let (first, second) = raw.split_at(cut);
                let (first, second) = [first, second]
                    .map(|part| self.answer(|| part, Key::of(part)) & !GLUED)
                    .into();
                self.glued.insert(
                    id,
                    Glued {
                        cut: cut as u32,
                        first: WordId(first),
                        second: WordId(second),
                    },
                );
                id | GLUED
            }
        };
        let marks = &mut self.words[id as usize].marks;
        if answer & GLUED != 0 {
            marks.0 |= Marks::GLUED;
        } else if is_plain(raw) {
            marks.0 |= Marks::PLAIN;
        }
        self.put(id);
        if self.words.len() > self.table.len() * 2 {
            self.grow();
        }
        answer
    }

    fn is_tail(&self, norm: NormId) -> bool {
        let Norm { text, facts, .. } = &self.norms[norm.0 as usize];
        facts.is_foreign() || self.spellings.iter().any(|words| words.is_tail(text))
    }

    /// The word that was split into these two; `None` where they are two words. They are one if a phrase has it and nobody knows the
    /// first («приятн ого»), or nobody knows the second, nor looks for it alone («об ращаться»).
    #[cold]
    pub(super) fn join(&mut self, head: WordId, tail: WordId) -> Option<WordId> {
        let (first, second) = (self.norm(head), self.norm(tail));
        let mut spellings = self.spellings.iter();
        // «Что нибудь»: somebody looks for the second alone.
        let is_torn = self.marks(head).foreign()
            || self.marks(tail).foreign() && !self.spellings.iter().any(|words| words.has(second));
        let whole = match is_torn {
            true => {
                let whole = format!("{first}{second}");
                spellings.any(|words| words.has(&whole)).then_some(whole)?
            }
            false => spellings
                .any(|words| words.is_split(first, second))
                .then(|| format!("{first}{second}"))?,
        };
        Some(WordId(self.answer(|| &whole, Key::of(&whole)) & !GLUED))
    }

    /// Makes a word be found. Beyond all reason a call may have more words than can be numbered: these are new at each meeting.
    fn put(&mut self, id: u32) {
        if id >= NUMBER {
            return;
        }
        let hash = self.words[id as usize].key.hash();
        let mask = self.table.len() - 1;
        let mut at = first_bucket(hash, mask);
        loop {
            let free = self.table[at].0.iter_mut().find(|slot| **slot == 0);
            if let Some(free) = free {
                *free = hash_in_slot(hash) | (id + 1);
                return;
            }
            at = (at + 1) & mask;
        }
    }

    fn grow(&mut self) {
        let larger = vec![Bucket::default(); self.table.len() * 2];
        let old = std::mem::replace(&mut self.table, larger);
        let slots = old.into_iter().flat_map(|bucket| bucket.0);
        for slot in slots.filter(|slot| *slot != 0) {
            self.put((slot & NUMBER) - 1);
        }
    }

    fn add_norm(&mut self, raw: &str) -> NormId {
        let norm = norm(raw);
        if let Some(&id) = self.norm_ids.get(norm.as_str()) {
            return id;
        }
        let id = NormId(self.norms.len() as u32);
        let text = norm.into_boxed_str();
        self.norms.push(Norm {
            facts: WordFacts::of(&text, self.lexicon),
            text: text.clone(),
            reading: OnceCell::new(),
        });
        self.norm_ids.insert(text, id);
        id
    }

    /// Where an unknown word falls into two words that are looked for, in bytes of the raw token.
    fn cut(&self, raw: &str, norm: NormId) -> Option<usize> {
        let Norm { text, facts, .. } = &self.norms[norm.0 as usize];
        let n_letters = raw.chars().count();
        if let Some(at) = self.spellings.iter().find_map(|words| words.parts(text)) {
            let n_before = text[..at].chars().count();
            return raw.char_indices().nth(n_before).map(|(at, _)| at);
        }
        if facts.known || n_letters < 6 || n_letters != text.chars().count() {
            return None;
        }
        if let Some(cut) = self.cut_of_names(raw, text) {
            return Some(cut);
        }
        if facts.is_name() {
            return None;
        }
        for spellings in &self.spellings {
            if spellings.has(text) {
                return None;
            }
            // The more even cut is the likelier: a short first part is often a preposition by chance. One letter is a preposition
            // where a whole word stands behind it, two are a word of their own after a whole word only («спасибоза»).
            let mut best: Option<(usize, usize)> = None;
            for (n_before, ((raw_at, _), (at, _))) in
                raw.char_indices().zip(text.char_indices()).enumerate()
            {
                let n_after = n_letters - n_before;
                let shorter = n_before.min(n_after);
                let n_after_min = match n_before {
                    1 => 5,
                    2 | 3 => 3,
                    _ => 2,
                };
                if n_before >= 1
                    && n_after >= n_after_min
                    && best.is_none_or(|(best, _)| shorter > best)
                    && spellings.has(&text[..at])
                    && spellings.has(&text[at..])
                {
                    best = Some((shorter, raw_at));
                }
            }
            match best {
                Some((2, _)) if spellings.has_near(text) => {}
                Some((_, cut)) => return Some(cut),
                None => {}
            }
        }
        None
    }

    /// «Галинапетровна»: a first name and a patronymic.
    fn cut_of_names(&self, raw: &str, norm: &str) -> Option<usize> {
        let has_ending = || {
            PATRONYMIC_ENDINGS
                .iter()
                .any(|ending| norm.ends_with(ending))
        };
        if norm.len() > NAMES_BYTES_MAX || !has_ending() {
            return None;
        }
        // The dictionary takes a long word with such an ending for a patronymic too: the shortest one is meant.
        let places = raw.char_indices().zip(norm.char_indices());
        let cuts = places.filter(|(_, (at, _))| {
            let facts = |part: &str| WordFacts::of(part, self.lexicon);
            *at > 0 && facts(&norm[*at..]).patronymic && facts(&norm[..*at]).first_name
        });
        cuts.last().map(|((raw_at, _), _)| raw_at)
    }
}
