//! Words within a slip of one another.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::forms::FormTable;
use crate::lexicon::Lexicon;
use crate::text::is_letter;

/// Edits (a letter changed, added, lost, or two neighbours swapped) between two words; `None` above `limit`.
pub(crate) fn distance(a: &str, b: &str, limit: usize) -> Option<usize> {
    let a: Vec<char> = a.chars().collect();
    let b: Vec<char> = b.chars().collect();
    if a.len().abs_diff(b.len()) > limit {
        return None;
    }
    // Rows of the table of prefixes: two ago, previous, current.
    let mut rows = [
        vec![0; b.len() + 1],
        (0..=b.len()).collect::<Vec<usize>>(),
        vec![0; b.len() + 1],
    ];
    for i in 1..=a.len() {
        rows[2][0] = i;
        for j in 1..=b.len() {
            let change = rows[1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = change.min(rows[1][j] + 1).min(rows[2][j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[0][j - 2] + 1);
            }
            rows[2][j] = best;
        }
        if rows[2].iter().min().is_some_and(|&best| best > limit) {
            return None;
        }
        rows.rotate_left(1);
    }
    Some(rows[1][b.len()]).filter(|&distance| distance <= limit)
}

/// The shortest word that is matched loosely, in letters.
const LETTERS_MIN: usize = 5;
/// From so many letters on, two edits are allowed, as long as the lengths differ by one at most.
const LETTERS_TWO_EDITS: usize = 10;

/// All forms with the set of their letters, so that most are dismissed by one instruction.
#[derive(Debug, Default)]
pub(super) struct NearIndex {
    /// The spellings by length.
    by_length: Vec<Vec<(u32, u32)>>,
    stems: Vec<Stem>,
    endings: Vec<Ending>,
}

/// A lexeme. Its forms are spelt out when something like its stem is asked for.
#[derive(Debug)]
struct Stem {
    letters: u32,
    n_letters: usize,
    form: u32,
    endings: Range<usize>,
}

/// What stands before and behind stems.
#[derive(Debug)]
struct Ending {
    letters: u32,
    n_letters: usize,
    prefix: &'static str,
    suffix: &'static str,
}

impl NearIndex {
    pub(super) fn new(forms: &FormTable) -> Self {
        let mut index = Self::default();
        let mut endings_of: FxHashMap<u16, Range<usize>> = FxHashMap::default();
        for form in 0..forms.len() {
            let text = forms.text(form);
            let (letters, n_letters) = letters(text);
            if !text.chars().all(is_letter) {
                continue;
            }
            let Some(paradigm) = forms.paradigm(form) else {
                if n_letters + 1 >= LETTERS_MIN {
                    if index.by_length.len() <= n_letters {
                        index.by_length.resize(n_letters + 1, Vec::new());
                    }
                    index.by_length[n_letters].push((letters, form as u32));
                }
                continue;
            };
            let endings = endings_of
                .entry(paradigm)
                .or_insert_with(|| index.add_endings(paradigm))
                .clone();
            index.stems.push(Stem {
                letters,
                n_letters,
                form: form as u32,
                endings,
            });
        }
        index
    }

    fn add_endings(&mut self, paradigm: u16) -> Range<usize> {
        let start = self.endings.len();
        for (prefix, suffix) in Lexicon::embedded().spellings(paradigm) {
            let (before, after) = (letters(prefix), letters(suffix));
            if prefix.chars().chain(suffix.chars()).all(is_letter) {
                self.endings.push(Ending {
                    letters: before.0 | after.0,
                    n_letters: before.1 + after.1,
                    prefix,
                    suffix,
                });
            }
        }
        start..self.endings.len()
    }

    /// The forms of which `word` may be a misspelling, or their lexemes: those that the fewest slips lead to. Of others it is none, or a
    /// word with one slip would also be taken for all that lies one slip further on.
    pub(super) fn near(&self, word: &str, forms: &FormTable) -> Vec<usize> {
        let mut nearest = Vec::new();
        let (word_letters, n) = letters(word);
        if n < LETTERS_MIN || !word.chars().all(is_letter) {
            return nearest;
        }
        let mut limit = if n >= LETTERS_TWO_EDITS { 2 } else { 1 };
        let mut look = |form_letters: u32, text: &str, form: u32| {
            // An edit takes a letter away, brings one, or both.
            if (word_letters ^ form_letters).count_ones() as usize > 2 * limit {
                return;
            }
            let Some(slips) = distance(word, text, limit) else {
                return;
            };
            if slips < limit {
                nearest.clear();
                limit = slips;
            }
            nearest.push(form as usize);
        };
        // A length that differs by two is rather a prefix or «не» than a slip.
        let lengths = n - 1..=n + 1;
        for length in lengths.clone() {
            for &(letters, form) in self.by_length.get(length).into_iter().flatten() {
                look(letters, forms.text(form as usize), form);
            }
        }
        let slips_max = if n >= LETTERS_TWO_EDITS { 2 } else { 1 };
        let mut text = String::new();
        for stem in &self.stems {
            let lost = (stem.letters & !word_letters).count_ones() as usize;
            if stem.n_letters > n + 1 || lost > slips_max {
                continue;
            }
            for ending in &self.endings[stem.endings.clone()] {
                let letters = stem.letters | ending.letters;
                if lengths.contains(&(stem.n_letters + ending.n_letters))
                    && (word_letters ^ letters).count_ones() as usize <= 2 * slips_max
                {
                    text.clear();
                    text.push_str(ending.prefix);
                    text.push_str(forms.text(stem.form as usize));
                    text.push_str(ending.suffix);
                    look(letters, &text, stem.form);
                }
            }
        }
        nearest
    }
}

/// The set of the word's letters, folded into 32 bits, and their number.
fn letters(word: &str) -> (u32, usize) {
    word.chars().fold((0, 0), |(letters, n), c| {
        (letters | 1 << (c as u32 & 31), n + 1)
    })
}
