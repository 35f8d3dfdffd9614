//! Words within a slip of one another.

use super::forms::FormTable;
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

/// All forms by length, with the set of their letters, so that most are dismissed by one instruction.
#[derive(Debug, Default)]
pub(super) struct NearIndex {
    by_length: Vec<Vec<(u32, u32)>>,
}

impl NearIndex {
    pub(super) fn new(forms: &FormTable) -> Self {
        let mut by_length: Vec<Vec<(u32, u32)>> = Vec::new();
        for form in 0..forms.len() {
            let text = forms.text(form);
            let (letters, n) = letters(text);
            if n + 1 >= LETTERS_MIN && text.chars().all(is_letter) {
                if by_length.len() <= n {
                    by_length.resize(n + 1, Vec::new());
                }
                by_length[n].push((letters, form as u32));
            }
        }
        Self { by_length }
    }

    /// The forms of which `word` may be a misspelling: those that the fewest slips lead to. Of others it is none, or a word with one
    /// slip would also be taken for all that lies one slip further on.
    pub(super) fn near(&self, word: &str, forms: &FormTable) -> Vec<usize> {
        let mut nearest = Vec::new();
        let (word_letters, n) = letters(word);
        if n < LETTERS_MIN || !word.chars().all(is_letter) {
            return nearest;
        }
        let mut limit = if n >= LETTERS_TWO_EDITS { 2 } else { 1 };
        // A length that differs by two is rather a prefix or «не» than a slip.
        for length in n - 1..=n + 1 {
            for &(form_letters, form) in self.by_length.get(length).into_iter().flatten() {
                // An edit takes a letter away, brings one, or both.
                if (word_letters ^ form_letters).count_ones() as usize > 2 * limit {
                    continue;
                }
                let Some(slips) = distance(word, forms.text(form as usize), limit) else {
                    continue;
                };
                if slips < limit {
                    nearest.clear();
                    limit = slips;
                }
                nearest.push(form as usize);
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
