//! The distinct words of a run: raw token -> number -> what is known of the word.

use std::cell::OnceCell;
use std::hash::Hasher;
use std::hint::select_unpredictable;
use std::sync::Arc;

use hashbrown::HashTable;
use rustc_hash::{FxHashMap, FxHasher};
use wide::{i16x8, u8x16};

use super::facts::{UNHEARD, UNHEARD_FILLER, WordFacts};
use super::norm::{is_norm, norm};
use super::stretches::Stretches;
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
    /// Whether any word that is looked for, or one that was split, may have this shape.
    fn may_have(&self, _shape: Shape) -> bool {
        true
    }
    /// Whether this unknown word is within a slip of a word that is looked for.
    fn has_near(&self, norm: &str) -> bool;
}

/// When so many distinct tokens have been met, the next call starts a new vocabulary.
const WORDS_MAX: usize = 300_000;
/// So many answers of [`Vocabulary::join`] are kept.
const JOINED_MAX: usize = 1 << 16;
/// A first name and a patronymic are no longer together.
const NAMES_BYTES_MAX: usize = 80;
/// How patronymics end in the nominative.
const PATRONYMIC_ENDINGS: [&str; 3] = ["вна", "чна", "вич"];
/// A first name glued to another word has so many letters at least, and that word so many: a surname may begin or end with less.
const CALLED_LETTERS_MIN: usize = 4;
const BESIDE_NAME_LETTERS_MIN: usize = 3;
/// In a [`Vocabulary::intern`] answer: this word is two glued words, or may be the second part of a split one.
const GLUED: u32 = 1 << 31;

/// Every distinct token of a run, looked up once. One per thread.
pub struct Vocabulary {
    lexicon: &'static Lexicon,
    spellings: Vec<Arc<dyn Spellings>>,
    generation: u32,
    /// Open addressing by the hash of a word's key. The rest is by word, where frequent words are neighbours, for they are met
    /// first.
    table: Vec<Bucket>,
    raw: String,
    /// By word.
    entries: Vec<Entry>,
    /// By word.
    lemma_keys: Vec<u64>,
    /// By word: start in `raw` and length.
    places: Vec<(u32, u32)>,
    /// By word: the same of its normalised spelling, which is asked for often.
    norm_places: Vec<(u32, u32)>,
    norms: Vec<Norm>,
    /// The normalised spellings, each with its hash.
    norm_ids: HashTable<(u64, NormId)>,
    glued: FxHashMap<u32, Glued>,
    /// What [`Vocabulary::join`] answered.
    joined: FxHashMap<(WordId, WordId), Option<WordId>>,
    /// Memory of the tokeniser.
    pub(super) stretches: Stretches,
}

/// A token as the table knows it. Of a short one of Cyrillic letters a byte for each, zeros behind them. Of any other a hash, its length
/// and a one in the lowest byte of the second number, where no letter has it: then the spelling itself must be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(align(16))]
pub(super) struct Key([u64; 2]);

/// Tokens of so many bytes, sixteen Cyrillic letters, are their keys. Of recognised speech one word in a thousand is longer.
const KEY_BYTES_MAX: usize = 32;

impl Key {
    /// No token's.
    pub(super) const NONE: Self = Self([0; 2]);
    /// Not even [`Key::NONE`]: what is looked up has letters before it has a ninth one.
    const NEVER: Self = Self([0, 1]);

    /// Of a token that is its own key, where it and what comes behind it is known and how long it is; of any other one a key that no such
    /// token has.
    #[inline]
    pub(super) fn of_window(window: &[u8; KEY_BYTES_MAX], len: usize) -> Self {
        let (halves, _) = window.as_chunks::<16>();
        let letters = letters([&halves[0], &halves[1]]).to_array();
        let (eights, _) = letters.as_chunks::<8>();
        let kept = &KEPT[len.min(KEPT.len() - 1)];
        Self([
            u64::from_le_bytes(eights[0]) & kept[0],
            u64::from_le_bytes(eights[1]) & kept[1],
        ])
    }

    pub(super) fn of(raw: &str) -> Self {
        let mut bytes = [0; KEY_BYTES_MAX];
        if let Some(start) = bytes.get_mut(..raw.len()) {
            start.copy_from_slice(raw.as_bytes());
            let key = Self::of_window(&bytes, raw.len());
            if key.is_of_letters(raw.len()) {
                return key;
            }
        }
        Self([hash(raw), (raw.len() as u64) << 8 | 1])
    }

    /// Whether it is the key of a token of so many bytes that is of nothing but letters of two bytes that begin with 0xd0 or 0xd1.
    #[inline]
    fn is_of_letters(self, len: usize) -> bool {
        let highest = 0x8080_8080_8080_8080;
        let kept = KEPT.get(len).copied().unwrap_or_default();
        len.is_multiple_of(2) && (0..2).all(|half| self.0[half] & highest == kept[half] & highest)
    }

    #[inline]
    fn is_hashed(self) -> bool {
        self.0[1] & 0xff == 1
    }

    /// Equal, told without a jump: whether the beginnings are the same tells little of the rest.
    #[inline]
    fn is(&self, other: &Self) -> bool {
        let ([a, b], [c, d]) = (self.0, other.0);
        (a ^ c) | (b ^ d) == 0
    }

    /// All of its bits hang on all bits of the key.
    #[inline]
    fn hash(self) -> u64 {
        let [a, b] = self.0;
        let (a, b) = (a ^ 0x9e37_79b9_7f4a_7c15, b ^ 0xc2b2_ae3d_27d4_eb4f);
        let product = u128::from(a) * u128::from(b);
        (product >> 64) as u64 ^ product as u64
    }
}

/// Letters of two bytes each, as one byte each: the highest bit, the lowest one of the first byte, and the lower six of the second.
/// One for what does not begin with 0xd0 or 0xd1. In a text the second byte needs no look: after these it is one of such a letter.
#[inline]
fn letters(halves: [&[u8; 16]; 2]) -> u8x16 {
    let pairs = halves.map(|bytes| {
        let pair = |at: usize| i16::from_le_bytes([bytes[2 * at], bytes[2 * at + 1]]);
        i16x8::from(std::array::from_fn(pair))
    });
    let byte = i16x8::splat(0xff);
    let first = u8x16::narrow_i16x8(pairs[0] & byte, pairs[1] & byte);
    let second = u8x16::narrow_i16x8(pairs[0] >> 8 & byte, pairs[1] >> 8 & byte);
    let is_high = first.simd_eq(u8x16::splat(0xd1));
    let is_letter = is_high | first.simd_eq(u8x16::splat(0xd0));
    is_letter.bitselect(second | is_high & u8x16::splat(0x40), u8x16::splat(1))
}

/// By length: which letters of a window belong to the token; none of one that is too long or ends amid a letter.
static KEPT: [[u64; 2]; KEY_BYTES_MAX + 2] = {
    let mut kept = [[0; 2]; KEY_BYTES_MAX + 2];
    let mut len = 2;
    while len <= KEY_BYTES_MAX {
        let mut letter = 0;
        while letter < len / 2 {
            kept[len][letter / 8] |= 0xff << (letter % 8 * 8);
            letter += 1;
        }
        len += 2;
    }
    kept
};

fn hash(text: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(text.as_bytes());
    hasher.finish()
}

/// Slots that are looked at together, so that no jump hangs on which of them has the word: such a jump is guessed wrong, and
/// all that comes next waits for memory. Each has eight bits of the hash, whether the word is a plain one and, below, its number and
/// one; 0 is free. They are filled in order; what finds no room is in the next bucket that has any.
#[derive(Clone, Copy, Default)]
#[repr(align(16))]
struct Bucket([u32; 4]);

impl Bucket {
    /// The number and one of the plain word that may be the one with this hash; 0 of none. Where several may be it, of none that is here.
    #[inline]
    fn candidate(&self, hash: u64) -> u32 {
        let of_hash = hash_in_slot(hash) | PLAIN;
        let fits = |slot: &u32| match (slot ^ of_hash) & (HASH | PLAIN) == 0 {
            true => slot & NUMBER,
            false => 0,
        };
        self.0.iter().fold(0, |all, slot| all | fits(slot))
    }
}

/// In a slot of `Vocabulary::table`: bits of the hash.
const HASH: u32 = 0xff << 24;
/// In a slot of `Vocabulary::table`: it is a short word of Cyrillic letters and stands for itself, see [`Vocabulary::known`].
const PLAIN: u32 = 1 << 23;
/// In a slot of `Vocabulary::table`: the word's number and one.
const NUMBER: u32 = PLAIN - 1;

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

/// A word as who looks it up finds it, with all that is asked of every token: no word lies across two lines of the processor's memory, and of
/// a rare one no other line has to be waited for.
#[derive(Clone, Copy)]
#[repr(align(32))]
struct Entry {
    key: Key,
    /// Its normalised spelling.
    norm: NormId,
    outline: Outline,
    marks: Marks,
    shape: Shape,
}

impl Entry {
    /// No word's.
    const NEVER: Self = Self {
        key: Key::NEVER,
        norm: NormId(0),
        outline: Outline::NONE,
        marks: Marks(0),
        shape: Shape::NONE,
    };
}

/// A word to be looked up together with others.
#[derive(Clone, Copy)]
pub(super) struct Lookup {
    key: Key,
    hash: u64,
    /// Where it must be, if it was met before.
    bucket: Bucket,
    /// See [`Bucket::candidate`].
    candidate: u32,
    /// The candidate's.
    found: Entry,
}

/// A word that was met before, if it was.
#[derive(Clone, Copy)]
pub(super) struct Known {
    /// Its number and one; 0: it was not.
    pub(super) number: u32,
    pub(super) outline: Outline,
    pub(super) marks: Marks,
}

impl Known {
    pub(super) const NOT: Self = Self {
        number: 0,
        outline: Outline::NONE,
        marks: Marks(0),
    };
}

impl Lookup {
    /// Of nothing.
    pub(super) const NONE: Self = Self {
        key: Key::NONE,
        hash: 0,
        bucket: Bucket([0; 4]),
        candidate: 0,
        found: Entry::NEVER,
    };
}

/// What normalised words share that have something in common: it rules out most of the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outline {
    /// Below 64; of the first two letters.
    pub beginning: u8,
    /// Of the first four letters.
    pub root: u8,
    /// Of [`WordFacts::lemma_key`].
    pub lemma: u16,
}

/// Of so many bytes of a word hangs [`Outline::root`].
const ROOT_BYTES: usize = 8;

impl Outline {
    /// No word's.
    pub(crate) const NONE: Self = Self {
        beginning: 0,
        root: 0,
        lemma: 0,
    };

    /// What [`Outline::beginning`] is for a normalised word.
    pub const fn beginning_of(norm: &str) -> u8 {
        match norm.as_bytes() {
            [_, first, _, second, ..] => first.wrapping_mul(31).wrapping_add(*second) & 63,
            _ => 0,
        }
    }

    fn of(norm: &str, lemma_key: u64) -> Self {
        Self {
            beginning: Self::beginning_of(norm),
            root: Shape::of(norm).root,
            lemma: Self::fold(lemma_key),
        }
    }

    /// [`Outline::root`] by the first bytes of a normalised word as a number.
    fn root_of(first: u64) -> u8 {
        (Self::fold(first) >> 8) as u8
    }

    fn fold(number: u64) -> u16 {
        (number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 48) as u16
    }
}

/// What tells most of two words that they are not the same, of words put together from two as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// [`Outline::root`].
    root: u8,
    /// Of the last two letters.
    ending: u8,
    /// At most 255.
    n_bytes: u8,
}

/// Of so many bytes of a word hangs [`Shape::ending`].
const ENDING_BYTES: usize = 4;

impl Shape {
    /// No word's.
    const NONE: Self = Self {
        root: 0,
        ending: 0,
        n_bytes: 0,
    };

    /// Of a normalised word.
    pub(crate) fn of(norm: &str) -> Self {
        let bytes = norm.as_bytes();
        match (bytes.first_chunk(), bytes.last_chunk()) {
            (Some(first), Some(last)) => {
                let (first, last) = (u64::from_be_bytes(*first), u32::from_le_bytes(*last));
                Self::new(first, last.into(), bytes.len())
            }
            _ => Self::of_bytes(norm.bytes(), bytes.len()),
        }
    }

    fn of_bytes(bytes: impl DoubleEndedIterator<Item = u8> + Clone, n_bytes: usize) -> Self {
        let number = |all, byte| all << 8 | u64::from(byte);
        let first = bytes.clone().take(ROOT_BYTES).fold(0, number);
        let last = bytes.rev().take(ENDING_BYTES).fold(0, number);
        Self::new(first, last, n_bytes)
    }

    /// Of the first and the last bytes as numbers.
    fn new(first: u64, last: u64, n_bytes: usize) -> Self {
        Self {
            root: Outline::root_of(first),
            ending: Outline::root_of(last),
            n_bytes: n_bytes.min(u8::MAX.into()) as u8,
        }
    }

    /// Of two words without the space between them, each long enough to have a root and an ending of its own.
    fn of_both(head: Self, tail: Self) -> Option<Self> {
        let are_long =
            usize::from(head.n_bytes) >= ROOT_BYTES && usize::from(tail.n_bytes) >= ENDING_BYTES;
        are_long.then(|| Self {
            root: head.root,
            ending: tail.ending,
            n_bytes: head.n_bytes.saturating_add(tail.n_bytes),
        })
    }

    /// A number below 2 to this power that hangs on all of it.
    pub(crate) fn folded(self, n_bits: u32) -> usize {
        let all = u32::from_le_bytes([self.root, self.ending, self.n_bytes, 0]);
        (all.wrapping_mul(0x9e37_79b1) >> (u32::BITS - n_bits)) as usize
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
    const HESITATION: u8 = 128;

    fn of(raw: &str, norm: &str, facts: &WordFacts) -> Self {
        let bit = |bit, holds: bool| if holds { bit } else { 0 };
        let capitalised = raw.chars().next().is_some_and(char::is_uppercase);
        let is_sound = |c| matches!(c, 'э' | 'м' | 'ы');
        Self(
            bit(Self::CAPITALISED, capitalised)
                | bit(Self::FILLER, facts.filler)
                | bit(Self::FIRST_NAME, facts.first_name)
                | bit(Self::PATRONYMIC, facts.patronymic)
                | bit(Self::CONTENT, facts.carries_content())
                | bit(Self::FOREIGN, facts.is_foreign())
                | bit(Self::HESITATION, norm.chars().all(is_sound)),
        )
    }

    fn glued(self) -> bool {
        self.0 & Self::GLUED != 0
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

    /// «эм», «ээ»: fillers that mean something as words, such as «это», are none.
    #[inline]
    pub fn hesitation(self) -> bool {
        self.0 & Self::HESITATION != 0
    }

    /// See [`WordFacts::carries_content`].
    #[inline]
    pub fn content(self) -> bool {
        self.0 & Self::CONTENT != 0
    }
}

struct Norm {
    /// Start in `Vocabulary::raw` and length.
    place: (u32, u32),
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
        write!(f, "Vocabulary({} words)", self.len())
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
            entries: Vec::new(),
            lemma_keys: Vec::new(),
            places: Vec::new(),
            norm_places: Vec::new(),
            norms: Vec::new(),
            norm_ids: HashTable::new(),
            glued: FxHashMap::default(),
            joined: FxHashMap::default(),
            stretches: Stretches::default(),
        }
    }

    /// Grows by one whenever all words were forgotten; tables by [`WordId`] kept elsewhere are then stale.
    pub fn generation(&self) -> u32 {
        self.generation
    }

    /// How many distinct tokens have been met.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether nothing has been met.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The token as it was written.
    ///
    /// # Panics
    /// When the word is another vocabulary's.
    pub fn raw(&self, word: WordId) -> &str {
        self.text_at(self.places[word.0 as usize])
    }

    #[inline]
    fn text_at(&self, (start, len): (u32, u32)) -> &str {
        &self.raw[start as usize..(start + len) as usize]
    }

    /// Lower case, ё as е, look-alike Latin letters turned back: see [`norm`](super::norm::norm).
    #[inline]
    pub fn norm(&self, word: WordId) -> &str {
        self.text_at(self.norm_places[word.0 as usize])
    }

    /// The spelling behind a number of [`Vocabulary::norm_id`].
    pub fn norm_of(&self, norm: NormId) -> &str {
        self.text_at(self.norms[norm.0 as usize].place)
    }

    /// The number of the normalised spelling.
    #[inline]
    pub fn norm_id(&self, word: WordId) -> NormId {
        self.entries[word.0 as usize].norm
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
            place,
            facts,
            reading,
        } = &self.norms[self.norm_id(word).0 as usize];
        let first = || {
            let text = self.text_at(*place);
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
        self.entries[word.0 as usize].marks
    }

    /// [`WordFacts::lemma_key`]; cheaper than [`Vocabulary::facts`].
    #[inline]
    pub fn lemma_key(&self, word: WordId) -> u64 {
        self.lemma_keys[word.0 as usize]
    }

    /// See [`Outline`].
    #[inline]
    pub fn outline(&self, word: WordId) -> Outline {
        self.entries[word.0 as usize].outline
    }

    /// The dictionary behind the facts.
    pub fn lexicon(&self) -> &'static Lexicon {
        self.lexicon
    }

    /// Forgets everything when too much has been met.
    pub(super) fn shrink(&mut self) {
        if self.len() > WORDS_MAX {
            self.generation += 1;
            self.table.fill(Bucket::default());
            self.raw.clear();
            self.entries.clear();
            self.joined.clear();
            self.lemma_keys.clear();
            self.places.clear();
            self.norm_places.clear();
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

    /// Puts into `known`, for each of these places, from and to a byte, the word there, if that was met before, is a plain one and in one
    /// piece; now and then [`Known::NOT`] all the same. There may be no words there: these were never met.
    /// Behind the last must be room for a key. `lookups` is memory for as many.
    ///
    /// The processor looks only some hundreds of instructions ahead, so that waits for memory overlap where nearly nothing else is
    /// done between two reads: each step is made for all before the next one, and the reads are steps of their own.
    pub(super) fn known(
        &self,
        bytes: &[u8],
        places: &[[u32; 2]],
        lookups: &mut [Lookup],
        known: &mut [Known],
    ) {
        for (lookup, [start, end]) in lookups.iter_mut().zip(places) {
            let (start, end) = (*start as usize, *end as usize);
            let window = bytes.get(start..start + KEY_BYTES_MAX);
            let window = window.and_then(|window| window.first_chunk());
            lookup.key = window.map_or(Key::NONE, |window| Key::of_window(window, end - start));
            lookup.hash = lookup.key.hash();
        }
        let mask = self.table.len() - 1;
        for lookup in &mut *lookups {
            lookup.bucket = self.table[first_bucket(lookup.hash, mask)];
        }
        for lookup in &mut *lookups {
            lookup.candidate = lookup.bucket.candidate(lookup.hash);
        }
        for lookup in &mut *lookups {
            let id = lookup.candidate.wrapping_sub(1) as usize;
            lookup.found = *self.entries.get(id).unwrap_or(&Entry::NEVER);
        }
        for (known, lookup) in known.iter_mut().zip(&*lookups) {
            let Lookup {
                candidate, found, ..
            } = lookup;
            *known = Known {
                number: select_unpredictable(found.key.is(&lookup.key), *candidate, 0),
                outline: found.outline,
                marks: found.marks,
            };
        }
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
                    let entry = &self.entries[id as usize];
                    let is_it = entry.key.is(&key);
                    if is_it && (!key.is_hashed() || self.raw(WordId(id)) == raw()) {
                        let is_glued = entry.marks.glued();
                        return if is_glued { id | GLUED } else { id };
                    }
                }
            }
            at = (at + 1) & mask;
        }
    }

    #[cold]
    #[inline(never)]
    fn add(&mut self, raw: &str, key: Key) -> u32 {
        let id = self.len() as u32;
        let place = self.add_text(raw);
        let norm = self.add_norm(raw, place);
        let Norm {
            place: norm_place,
            facts,
            ..
        } = &self.norms[norm.0 as usize];
        let text = self.text_at(*norm_place);
        self.entries.push(Entry {
            key,
            norm,
            outline: Outline::of(text, facts.lemma_key),
            marks: Marks::of(raw, text, facts),
            shape: Shape::of(text),
        });
        self.lemma_keys.push(facts.lemma_key);
        self.places.push(place);
        self.norm_places.push(*norm_place);
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
        if answer & GLUED != 0 {
            self.entries[id as usize].marks.0 |= Marks::GLUED;
        }
        self.put(id);
        if self.len() > self.table.len() * 2 {
            self.grow();
        }
        answer
    }

    fn is_tail(&self, norm: NormId) -> bool {
        let text = self.norm_of(norm);
        let facts = &self.norms[norm.0 as usize].facts;
        facts.is_foreign() || self.spellings.iter().any(|words| words.is_tail(text))
    }

    /// The word that was split into these two; `None` where they are two words. They are one if a phrase has it and nobody knows the
    /// first («приятн ого»), or nobody knows the second, nor looks for it alone («об ращаться»).
    pub(super) fn join(&mut self, head: WordId, tail: WordId) -> Option<WordId> {
        if !self.may_join(head, tail) {
            return None;
        }
        if !self.marks(head).foreign() && !self.marks(tail).foreign() {
            return self.join_split(head, tail);
        }
        if let Some(answer) = self.joined.get(&(head, tail)) {
            return *answer;
        }
        let answer = self.join_new(head, tail);
        if self.joined.len() >= JOINED_MAX {
            self.joined.clear();
        }
        self.joined.insert((head, tail), answer);
        answer
    }

    /// Mostly no word that is looked for begins so, ends so and is so long, which is told without a look at the spellings: what was answered before, the
    /// spellings and the dictionary each lie somewhere else in memory.
    fn may_join(&self, head: WordId, tail: WordId) -> bool {
        let shape = |word: WordId| self.entries[word.0 as usize].shape;
        let shape = Shape::of_both(shape(head), shape(tail)).unwrap_or_else(|| {
            let (head, tail) = (self.norm(head), self.norm(tail));
            Shape::of_bytes(head.bytes().chain(tail.bytes()), head.len() + tail.len())
        });
        let mut spellings = self.spellings.iter();
        spellings.any(|words| words.may_have(shape))
    }

    /// Of two words one of which nobody knows.
    #[cold]
    fn join_new(&mut self, head: WordId, tail: WordId) -> Option<WordId> {
        let (first, second) = (self.norm(head), self.norm(tail));
        // «Что нибудь»: somebody looks for the second alone.
        let is_torn =
            self.marks(head).foreign() || !self.spellings.iter().any(|words| words.has(second));
        if !is_torn {
            return self.join_split(head, tail);
        }
        let whole = [first, second].concat();
        let is_one = self.spellings.iter().any(|words| words.has(&whole));
        is_one.then(|| self.word_of(&whole))
    }

    fn join_split(&mut self, head: WordId, tail: WordId) -> Option<WordId> {
        let (first, second) = (self.norm(head), self.norm(tail));
        let mut spellings = self.spellings.iter();
        let is_split = spellings.any(|words| words.is_split(first, second));
        let whole = is_split.then(|| [first, second].concat())?;
        Some(self.word_of(&whole))
    }

    fn word_of(&mut self, whole: &str) -> WordId {
        WordId(self.answer(|| whole, Key::of(whole)) & !GLUED)
    }

    /// Makes a word be found. Beyond all reason a call may have more words than can be numbered: these are new at each meeting.
    fn put(&mut self, id: u32) {
        if id >= NUMBER {
            return;
        }
        let key = self.entries[id as usize].key;
        let is_plain = !key.is_hashed() && !self.marks(WordId(id)).glued();
        let hash = key.hash();
        let mask = self.table.len() - 1;
        let mut at = first_bucket(hash, mask);
        loop {
            let free = self.table[at].0.iter_mut().find(|slot| **slot == 0);
            if let Some(free) = free {
                *free = hash_in_slot(hash) | if is_plain { PLAIN } else { 0 } | (id + 1);
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

    fn add_text(&mut self, text: &str) -> (u32, u32) {
        let place = (self.raw.len() as u32, text.len() as u32);
        self.raw.push_str(text);
        place
    }

    /// The number of a token's normalised spelling; the token stands at `place`.
    fn add_norm(&mut self, raw: &str, place: (u32, u32)) -> NormId {
        if is_norm(raw) {
            return self.add_own_norm(raw, |_| place);
        }
        let norm = norm(raw);
        self.add_own_norm(&norm, |vocabulary| vocabulary.add_text(&norm))
    }

    fn add_own_norm(&mut self, norm: &str, place: impl FnOnce(&mut Self) -> (u32, u32)) -> NormId {
        let hash = hash(norm);
        let is_it = |(its, id): &(u64, NormId)| *its == hash && self.norm_of(*id) == norm;
        if let Some((_, id)) = self.norm_ids.find(hash, is_it) {
            return *id;
        }
        let id = NormId(self.norms.len() as u32);
        let place = place(self);
        self.norms.push(Norm {
            place,
            facts: WordFacts::of(norm, self.lexicon),
            reading: OnceCell::new(),
        });
        self.norm_ids
            .insert_unique(hash, (hash, id), |(hash, _)| *hash);
        id
    }

    /// Where an unknown word falls into two words that are looked for, in bytes of the raw token.
    fn cut(&self, raw: &str, norm: NormId) -> Option<usize> {
        let text = self.norm_of(norm);
        let facts = &self.norms[norm.0 as usize].facts;
        if let Some(at) = self.spellings.iter().find_map(|words| words.parts(text)) {
            let n_before = text[..at].chars().count();
            return raw.char_indices().nth(n_before).map(|(at, _)| at);
        }
        if facts.known {
            return None;
        }
        let n_letters = raw.chars().count();
        if n_letters < 6 || n_letters != text.chars().count() {
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
            if best.is_none()
                && !spellings.has_near(text)
                && let Some(cut) = self.cut_of_call(raw, text, &**spellings)
            {
                return Some(cut);
            }
        }
        None
    }

    /// «спасибоденис», «романнажмите», «иринана»: a first name beside a word that somebody looks for, or before a small one.
    fn cut_of_call(&self, raw: &str, norm: &str, spellings: &dyn Spellings) -> Option<usize> {
        if norm.len() > NAMES_BYTES_MAX {
            return None;
        }
        let is_name = |part: &str| {
            part.chars().count() >= CALLED_LETTERS_MIN && self.lexicon.lists_name(part)
        };
        let is_word =
            |part: &str| part.chars().count() >= BESIDE_NAME_LETTERS_MIN && spellings.has(part);
        let is_small =
            |part: &str| part.chars().count() > 1 && self.lexicon.brief(part).function_word;
        let places = raw.char_indices().zip(norm.char_indices());
        let mut cuts = places.filter(|(_, (at, _))| {
            let (first, second) = norm.split_at(*at);
            is_name(first) && (is_word(second) || is_small(second))
                || is_word(first) && is_name(second)
        });
        cuts.next().map(|((raw_at, _), _)| raw_at)
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
            // «Алтынбаевич» is the son of one Altynbay.
            let is_patronymic = |part: &WordFacts| part.patronymic && part.known;
            *at > 0 && is_patronymic(&facts(&norm[*at..])) && facts(&norm[..*at]).first_name
        });
        cuts.last().map(|((raw_at, _), _)| raw_at)
    }
}
