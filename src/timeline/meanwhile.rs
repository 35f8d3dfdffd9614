//! A word or two of the customer while the agent goes on speaking.

use crate::call::{Millis, Speaker};
use crate::lexicon::{Person, Pos};
use crate::text::{Run, TokenizedCall, Vocabulary};

/// So many words are said meanwhile; more are an answer.
const MEANWHILE_TOKENS: usize = 2;
/// Whoever waits for an answer pauses longer.
const MEANWHILE_GAP: Millis = Millis(1_000);
/// … or not much longer where the words broke off at a preposition.
const BROKEN_OFF_GAP: Millis = Millis(4_000);

/// … or the phrase goes on, whatever was said in between.
const IN_PHRASE_TOKENS: usize = 3;
/// Of the two halves of a phrase one is so short at most: «чем могу» — «да» — «помочь».
const HALF_TOKENS: usize = 6;

/// How the customer's words part what the agent says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parting {
    /// In one breath: by the times; without times where the agent's words break off at a preposition.
    OneBreath,
    /// Perhaps in the middle of a phrase: only what is said across the words tells.
    InPhrase,
}

impl Parting {
    /// The customer's runs that part what the agent says, in order.
    pub fn runs(self, text: &TokenizedCall<'_>, vocabulary: &Vocabulary) -> Vec<usize> {
        let breaks_off = |run: &Run| {
            // What most turns end with tells something, so that it is none.
            let last = run.tokens().last().map(|token| &text.tokens[token]);
            last.filter(|token| !token.marks.content())
                .and_then(|token| vocabulary.reading(token.word))
                .is_some_and(|reading| reading.pos == Pos::Preposition)
        };
        // «как вас», «чем могу», «спасибо что»: hardly ever the end.
        let is_open = |run: &Run| {
            let word = run.tokens().last().map(|token| text.tokens[token].word);
            let last = word.and_then(|word| vocabulary.reading(word));
            last.is_some_and(|reading| {
                let joins = matches!(
                    reading.pos,
                    Pos::Preposition | Pos::Conjunction | Pos::Pronoun
                );
                joins || reading.person == Some(Person::First)
            })
        };
        let within = |before: &Run, after: &Run, gap| match (before.time, after.time) {
            (Some(left), Some(right)) => Some(right.start - left.end <= gap),
            _ => None,
        };
        let goes_on = |before: &Run, after: &Run| match self {
            Self::OneBreath => {
                let gap = match breaks_off(before) {
                    true => BROKEN_OFF_GAP,
                    false => MEANWHILE_GAP,
                };
                within(before, after, gap).unwrap_or_else(|| breaks_off(before))
            }
            Self::InPhrase => {
                [before, after]
                    .iter()
                    .any(|half| half.tokens().len() <= HALF_TOKENS)
                    && is_open(before)
                    && within(before, after, BROKEN_OFF_GAP).unwrap_or(true)
            }
        };
        let n_tokens_max = match self {
            Self::OneBreath => MEANWHILE_TOKENS,
            Self::InPhrase => IN_PHRASE_TOKENS,
        };
        let parts = |window: &[Run]| {
            let [before, between, after] = window else {
                return false;
            };
            (1..=n_tokens_max).contains(&between.tokens().len())
                && between.speaker == Speaker::Customer
                && [before, after]
                    .iter()
                    .all(|run| run.speaker == Speaker::Agent && !run.tokens().is_empty())
                && before.turns.1 == between.turns.0
                && between.turns.1 == after.turns.0
                && goes_on(before, after)
        };
        let found = text.runs.windows(3).enumerate();
        let runs = found
            .filter(|(_, window)| parts(window))
            .map(|(at, _)| at + 1);
        runs.filter(|run| !marked(text, *run)).collect()
    }
}

/// A marker stands beside the run.
fn marked(text: &TokenizedCall<'_>, run: usize) -> bool {
    text.markers
        .iter()
        .any(|marker| (run..=run + 1).contains(&(marker.before_run as usize)))
}
