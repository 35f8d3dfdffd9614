//! A word or two of the customer while the agent goes on speaking.

use crate::call::{Millis, Speaker};
use crate::lexicon::Pos;
use crate::text::{Run, TokenizedCall, Vocabulary};

/// So many words are said meanwhile; more are an answer.
const MEANWHILE_TOKENS: usize = 2;
/// Whoever waits for an answer pauses longer.
const MEANWHILE_GAP: Millis = Millis(1_000);
/// … or not much longer where the words broke off at a preposition.
const BROKEN_OFF_GAP: Millis = Millis(4_000);

/// The customer's runs that part what the agent says in one breath, in order: by the times; without times where the agent's words
/// break off at a preposition.
pub fn said_meanwhile(text: &TokenizedCall<'_>, vocabulary: &Vocabulary) -> Vec<usize> {
    let breaks_off = |run: &Run| {
        let last = run.tokens().last().map(|token| text.tokens[token].word);
        // What most turns end with tells something, so that it is none.
        last.filter(|word| !vocabulary.marks(*word).content())
            .and_then(|word| vocabulary.reading(word))
            .is_some_and(|reading| reading.pos == Pos::Preposition)
    };
    let parts = |window: &[Run]| {
        let [before, between, after] = window else {
            return false;
        };
        let in_one_breath = || match (before.time, after.time) {
            (Some(left), Some(right)) => {
                right.start - left.end <= MEANWHILE_GAP
                    || breaks_off(before) && right.start - left.end <= BROKEN_OFF_GAP
            }
            _ => breaks_off(before),
        };
        let n_tokens = between.tokens().len();
        (1..=MEANWHILE_TOKENS).contains(&n_tokens)
            && between.speaker == Speaker::Customer
            && [before, after]
                .iter()
                .all(|run| run.speaker == Speaker::Agent && !run.tokens().is_empty())
            && before.turns.1 == between.turns.0
            && between.turns.1 == after.turns.0
            && in_one_breath()
    };
    let found = text.runs.windows(3).enumerate();
    let runs = found
        .filter(|(_, window)| parts(window))
        .map(|(at, _)| at + 1);
    runs.filter(|run| !marked(text, *run)).collect()
}

/// A marker stands beside the run.
fn marked(text: &TokenizedCall<'_>, run: usize) -> bool {
    text.markers
        .iter()
        .any(|marker| (run..=run + 1).contains(&(marker.before_run as usize)))
}
