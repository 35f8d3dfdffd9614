//! The recogniser's confidence in the words of a call -> the tokens that were badly heard.

use std::ops::Range;

use super::scan::scan;
use super::vocabulary::Unheard;
use super::{TokenizedCall, Vocabulary, locale, norm};
use crate::call::Call;
use crate::locale::Lang;

/// The badly heard tokens of a call.
///
/// Confidence comes with words that the recogniser wrote beside the text, not in it; a word counts only where it is found in the
/// text again, in order and by its normalised spelling. Words that the text has otherwise («5» for «пять») are not guessed at.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Heard {
    /// Token and confidence, in order.
    badly: Vec<(u32, f32)>,
    /// Turns with badly heard words that their text does not have, in order.
    pub unaligned: Vec<u32>,
    /// Some confidence is no number from 0 to 1 and was left out.
    pub odd: bool,
}

/// A word, or a part of one, with the confidence of the whole.
struct Spoken {
    norm: String,
    confidence: Option<f32>,
}

/// So many words may be missing or added on either side before the rest of a turn is given up.
const LOST_MAX: usize = 16;
/// A word cut in pieces, or glued from them, has at most so many.
const PIECES_MAX: usize = 5;
/// After words that do not fit, a shorter word is no proof that both sides go on from the same place.
const ANCHOR_LETTERS: usize = 4;

impl Heard {
    /// Looks for the words below `confidence_min`, in `0.0..=1.0`. `None` where there are none and nothing is to be said about the
    /// others: always so for calls without words.
    pub fn of(
        text: &TokenizedCall<'_>,
        vocabulary: &Vocabulary,
        confidence_min: f32,
    ) -> Option<Self> {
        let mut heard = Self::default();
        for (turn_idx, turn) in text.call.turns.iter().enumerate() {
            if turn.words.is_empty() || text.is_invented(turn_idx) {
                continue;
            }
            let given = || turn.words.iter().filter_map(|word| word.confidence);
            heard.odd |= given().any(|confidence| !is_share(confidence));
            if given().any(|confidence| is_share(confidence) && confidence < confidence_min) {
                heard.align(text, vocabulary, turn_idx, confidence_min);
            }
        }
        let silent = heard.badly.is_empty() && heard.unaligned.is_empty() && !heard.odd;
        (!silent).then_some(heard)
    }

    /// The badly heard tokens among these, each with its confidence.
    pub fn badly(&self, tokens: Range<usize>) -> &[(u32, f32)] {
        let at = |token: usize| {
            self.badly
                .partition_point(|(held, _)| (*held as usize) < token)
        };
        &self.badly[at(tokens.start)..at(tokens.end)]
    }

    /// The call as if nobody had made these words out: no phrase finds them, and they are nobody's name. A filler stays one.
    pub fn masked<'c>(
        &self,
        text: &TokenizedCall<'c>,
        vocabulary: &Vocabulary,
        unheard: Unheard,
    ) -> TokenizedCall<'c> {
        let mut tokens = text.tokens.clone();
        for (token, _) in &self.badly {
            let token = &mut tokens[*token as usize];
            let word = match token.marks.filler() {
                true => unheard.filler,
                false => unheard.word,
            };
            *token = token.with(word, vocabulary);
        }
        TokenizedCall {
            call: text.call,
            tokens,
            runs: text.runs.clone(),
            markers: text.markers.clone(),
            invented: text.invented.clone(),
        }
    }

    /// What is doubtful about the confidence that the call gives.
    pub fn doubts(&self, call: &Call<'_>, lang: Lang) -> Vec<String> {
        let turns = || {
            let texts = self.unaligned.iter();
            texts.map(|turn| &*call.turns[*turn as usize].text)
        };
        let unaligned = (!self.unaligned.is_empty()).then(|| locale::unaligned(lang, turns()));
        let odd = self.odd.then(|| locale::ODD.pick(lang).to_owned());
        unaligned.into_iter().chain(odd).collect()
    }

    /// No token is badly heard.
    pub fn is_empty(&self) -> bool {
        self.badly.is_empty()
    }

    fn align(
        &mut self,
        text: &TokenizedCall<'_>,
        vocabulary: &Vocabulary,
        turn_idx: usize,
        confidence_min: f32,
    ) {
        let from = text
            .tokens
            .partition_point(|token| (token.turn as usize) < turn_idx);
        let to = text
            .tokens
            .partition_point(|token| token.turn as usize <= turn_idx);
        let tokens: Vec<&str> = text.tokens[from..to]
            .iter()
            .map(|token| vocabulary.norm(token.word))
            .collect();
        let mut words: Vec<Spoken> = Vec::new();
        for word in &text.call.turns[turn_idx].words {
            let confidence = word.confidence.filter(|confidence| is_share(*confidence));
            for piece in scan(&word.text).filter(|piece| piece.key.is_some()) {
                let norm = norm(&word.text[piece.start as usize..piece.end as usize]);
                words.push(Spoken { norm, confidence });
            }
        }
        let is_bad = |word: &Spoken| word.confidence.is_some_and(|c| c < confidence_min);
        let mut lost = false;
        let (mut token, mut word) = (0, 0);
        while word < words.len() {
            if let Some((n_tokens, n_words)) = meet(&tokens[token..], &words[word..]) {
                let lowest = words[word..word + n_words]
                    .iter()
                    .filter(|word| is_bad(word))
                    .filter_map(|word| word.confidence)
                    .min_by(f32::total_cmp);
                if let Some(confidence) = lowest {
                    let at = from + token;
                    let held = at..at + n_tokens;
                    self.badly
                        .extend(held.map(|token| (token as u32, confidence)));
                }
                (token, word) = (token + n_tokens, word + n_words);
                continue;
            }
            let (skip_tokens, skip_words) =
                next_meeting(&tokens[token..], &words[word..]).unwrap_or((0, words.len() - word));
            lost |= words[word..word + skip_words].iter().any(is_bad);
            (token, word) = (token + skip_tokens, word + skip_words);
        }
        if lost {
            self.unaligned.push(turn_idx as u32);
        }
    }
}

fn is_share(confidence: f32) -> bool {
    (0.0..=1.0).contains(&confidence)
}

/// How many tokens and words from the start are the same letters, the fewest.
fn meet(tokens: &[&str], words: &[Spoken]) -> Option<(usize, usize)> {
    let (mut left, mut right) = ((*tokens.first()?).to_owned(), words.first()?.norm.clone());
    let (mut n_tokens, mut n_words) = (1, 1);
    while left != right {
        if n_tokens + n_words > PIECES_MAX {
            return None;
        }
        if right.starts_with(&left) {
            left.push_str(tokens.get(n_tokens)?);
            n_tokens += 1;
        } else if left.starts_with(&right) {
            right.push_str(&words.get(n_words)?.norm);
            n_words += 1;
        } else {
            return None;
        }
    }
    Some((n_tokens, n_words))
}

/// The nearest place from which both sides go on alike: how many tokens and words lie before it.
fn next_meeting(tokens: &[&str], words: &[Spoken]) -> Option<(usize, usize)> {
    for n_lost in 1..=LOST_MAX {
        for skip_tokens in 0..=n_lost.min(tokens.len()) {
            let skip_words = n_lost - skip_tokens;
            if skip_words > words.len() {
                continue;
            }
            let (left, right) = (&tokens[skip_tokens..], &words[skip_words..]);
            let Some((n_tokens, n_words)) = meet(left, right) else {
                continue;
            };
            let letters: usize = left[..n_tokens].iter().map(|t| t.chars().count()).sum();
            let (left, right) = (&left[n_tokens..], &right[n_words..]);
            let at_end = left.is_empty() && right.is_empty();
            if letters >= ANCHOR_LETTERS || at_end || meet(left, right).is_some() {
                return Some((skip_tokens, skip_words));
            }
        }
    }
    None
}
