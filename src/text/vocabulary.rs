//! The distinct words of a run: raw token -> number -> what is known of the word.

use std::hash::Hasher;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHasher};

use super::facts::WordFacts;
use super::norm::norm;
use crate::lexicon::Lexicon;

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
    /// Whether this unknown word is within a slip of a word that is looked for.
    fn has_near(&self, norm: &str) -> bool;
}

/// When so many distinct tokens have been met, the next call starts a new vocabulary.
const WORDS_MAX: usize = 300_000;
/// In a [`Vocabulary::intern`] answer: this word is two glued words.
const GLUED: u32 = 1 << 31;

/// Every distinct token of a run, looked up once. One per thread.
pub struct Vocabulary {
    lexicon: &'static Lexicon,
    spellings: Vec<Arc<dyn Spellings>>,
    generation: u32,
    /// Open addressing: the upper half of the hash above, the answer of `intern` plus one below; 0 is free.
    table: Vec<u64>,
    raw: Vec<u8>,
    words: Vec<Entry>,
    norms: Vec<Norm>,
    norm_ids: FxHashMap<Box<str>, NormId>,
    glued: FxHashMap<u32, Glued>,
}

#[derive(Clone, Copy)]
struct Entry {
    start: u32,
    len: u32,
    norm: NormId,
    capitalised: bool,
}

struct Norm {
    text: Box<str>,
    facts: WordFacts,
}

/// Two words without the space between them.
#[derive(Clone, Copy)]
pub(super) struct Glued {
    /// Bytes of the first.
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
            table: vec![0; 1 << 12],
            raw: Vec::new(),
            words: Vec::new(),
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
        let entry = self.words[word.0 as usize];
        let bytes = &self.raw[entry.start as usize..(entry.start + entry.len) as usize];
        std::str::from_utf8(bytes).expect("the arena holds whole tokens")
    }

    /// Lower case, ё as е, look-alike Latin letters turned back: see [`norm`](super::norm::norm).
    pub fn norm(&self, word: WordId) -> &str {
        &self.norms[self.norm_id(word).0 as usize].text
    }

    /// The number of the normalised spelling.
    pub fn norm_id(&self, word: WordId) -> NormId {
        self.words[word.0 as usize].norm
    }

    /// What the dictionary knows of the word.
    pub fn facts(&self, word: WordId) -> &WordFacts {
        &self.norms[self.norm_id(word).0 as usize].facts
    }

    /// Whether the token begins with a capital letter.
    pub fn capitalised(&self, word: WordId) -> bool {
        self.words[word.0 as usize].capitalised
    }

    /// The dictionary behind the facts.
    pub fn lexicon(&self) -> &'static Lexicon {
        self.lexicon
    }

    /// Forgets everything when too much has been met.
    pub(super) fn shrink(&mut self) {
        if self.words.len() > WORDS_MAX {
            self.generation += 1;
            self.table.fill(0);
            self.raw.clear();
            self.words.clear();
            self.norms.clear();
            self.norm_ids.clear();
            self.glued.clear();
        }
    }

    /// The token's number, or what it falls into.
    #[inline]
    pub(super) fn intern(&mut self, raw: &str) -> Result<WordId, Glued> {
        let answer = self.answer(raw);
        if answer & GLUED == 0 {
            Ok(WordId(answer))
        } else {
            Err(self.glued[&(answer & !GLUED)])
        }
    }

    #[inline]
    fn answer(&mut self, raw: &str) -> u32 {
        let bytes = raw.as_bytes();
        let tag = hash(bytes);
        let mask = self.table.len() - 1;
        let mut slot = tag as usize & mask;
        loop {
            let held = self.table[slot];
            if held == 0 {
                return self.add(raw, tag);
            }
            if (held >> 32) as u32 == tag {
                let answer = (held as u32) - 1;
                let entry = self.words[(answer & !GLUED) as usize];
                if entry.len as usize == bytes.len()
                    && &self.raw[entry.start as usize..][..bytes.len()] == bytes
                {
                    return answer;
                }
            }
            slot = (slot + 1) & mask;
        }
    }

    #[cold]
    #[inline(never)]
    fn add(&mut self, raw: &str, tag: u32) -> u32 {
        let id = self.words.len() as u32;
        let norm = self.add_norm(raw);
        self.words.push(Entry {
            start: self.raw.len() as u32,
            len: raw.len() as u32,
            norm,
            capitalised: raw.chars().next().is_some_and(char::is_uppercase),
        });
        self.raw.extend_from_slice(raw.as_bytes());
        let answer = match self.cut(raw, norm) {
            None => id,
            Some(cut) => {
                let (first, second) = raw.split_at(cut);
                let (first, second) = (self.answer(first) & !GLUED, self.answer(second) & !GLUED);
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
        self.put(tag, answer);
        if self.words.len() * 2 > self.table.len() {
            self.grow();
        }
        answer
    }

    fn put(&mut self, tag: u32, answer: u32) {
        let mask = self.table.len() - 1;
        let mut slot = tag as usize & mask;
        while self.table[slot] != 0 {
            slot = (slot + 1) & mask;
        }
        self.table[slot] = u64::from(tag) << 32 | u64::from(answer + 1);
    }

    fn grow(&mut self) {
        let old = std::mem::take(&mut self.table);
        self.table = vec![0; old.len() * 2];
        for held in old.into_iter().filter(|&held| held != 0) {
            self.put((held >> 32) as u32, held as u32 - 1);
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
        });
        self.norm_ids.insert(text, id);
        id
    }

    /// Where an unknown word falls into two words that are looked for, in bytes of the raw token.
    fn cut(&self, raw: &str, norm: NormId) -> Option<usize> {
        let Norm { text, facts } = &self.norms[norm.0 as usize];
        let n_letters = raw.chars().count();
        if facts.known || facts.is_name() || n_letters < 6 || n_letters != text.chars().count() {
            return None;
        }
        for spellings in &self.spellings {
            if spellings.has(text) {
                return None;
            }
            // The more even cut is the likelier: a short first part is often a preposition by chance.
            let mut best: Option<(usize, usize)> = None;
            for (n_before, ((raw_at, _), (at, _))) in
                raw.char_indices().zip(text.char_indices()).enumerate()
            {
                let shorter = n_before.min(n_letters - n_before);
                if n_before >= 2
                    && n_letters - n_before >= 3
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
}

fn hash(bytes: &[u8]) -> u32 {
    let mut hasher = FxHasher::default();
    hasher.write(bytes);
    (hasher.finish() >> 32) as u32 ^ hasher.finish() as u32
}
