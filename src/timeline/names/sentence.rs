//! What stands around a name in its sentence.

use std::ops::Range;

use super::{Namer, SUBJECT_REACH};
use crate::lexicon::{Analysis, Case, Mood, Number, Person, Pos, Tense};
use crate::phrase::SetId;
use crate::timeline::roles;

/// Punctuation is looked for so far around a name.
const NEAR_BYTES: usize = 400;

impl Namer<'_> {
    /// Without punctuation: whether what follows a name is said to somebody («вы сами», «назовите») and of nobody.
    pub(super) fn turns_to_customer(&self, from: usize, end: usize) -> bool {
        let near = from..end.min(from + SUBJECT_REACH);
        let readings: Vec<_> = near
            .clone()
            .filter_map(|token| self.reading(token))
            .collect();
        let is_of_somebody =
            |reading: &Analysis| matches!(reading.pos, Pos::ShortAdjective | Pos::ShortParticiple);
        let is_you = |reading: &Analysis| {
            reading.pos == Pos::Pronoun
                && reading.person == Some(Person::Second)
                && reading.case == Some(Case::Nominative)
        };
        let says_you = readings.iter().any(|reading| is_you(reading));
        // «Вы читали».
        let is_yours = |reading: &Analysis| {
            says_you && reading.tense == Some(Tense::Past) && reading.number == Some(Number::Plural)
        };
        let is_of_others = |token: usize| {
            self.is_third_person(token) && !self.reading(token).is_some_and(is_yours)
        };
        (says_you || readings.iter().any(|reading| is_said_to(reading)))
            && !readings.iter().any(|reading| is_of_somebody(reading))
            && !near.into_iter().any(is_of_others)
    }

    pub(super) fn norm(&self, token: usize) -> &str {
        self.vocabulary.norm(self.text.tokens[token].word)
    }

    pub(super) fn is_third_person(&self, token: usize) -> bool {
        let word = self.text.tokens[token].word;
        self.vocabulary.facts(word).third_person
    }

    /// The likeliest reading of a token.
    pub(super) fn reading(&self, token: usize) -> Option<&Analysis> {
        self.vocabulary.reading(self.text.tokens[token].word)
    }

    /// Whether the turn has punctuation, so that its absence means something. Recognisers that put nothing but a full stop at the
    /// end of each turn do not count.
    pub(in crate::timeline) fn is_written(&self, token: usize) -> bool {
        let turn = self.text.tokens[token].turn as usize;
        let text = self.text.call.turns[turn].text.trim_end();
        let bytes = text.trim_end_matches(['.', '?', '!', '…']).as_bytes();
        // A turn may be very long; what stands near the name tells enough.
        let at = self.text.tokens[token].start as usize;
        let near = &bytes[at.saturating_sub(NEAR_BYTES)..(at + NEAR_BYTES).min(bytes.len())];
        memchr::memchr3(b',', b'.', b'?', near).is_some() || memchr::memchr(b'!', near).is_some()
    }

    /// A comma or the edge of a sentence before and behind the tokens.
    pub(in crate::timeline) fn set_off(
        &self,
        tokens: &Range<usize>,
        run: &Range<usize>,
    ) -> (bool, bool) {
        let sets_off = |punct: crate::text::Punct| {
            punct.comma() || punct.end() || punct.dash() || punct.colon()
        };
        let hesitation = |token: &usize| self.is_hesitation(*token);
        let sounds = (run.start..tokens.start).rev().take_while(hesitation);
        let start = tokens.start - sounds.count();
        let end = self.past_hesitation(tokens.end, run.end);
        let before = start == run.start
            || sets_off(self.text.before(start))
            || self.opens_turn(start)
            || sets_off(self.text.before(tokens.start));
        let after = end == run.end
            || sets_off(self.text.after(end - 1))
            || self.ends_turn(end - 1)
            || sets_off(self.text.after(tokens.end - 1));
        (before, after)
    }

    pub(super) fn opens_turn(&self, token: usize) -> bool {
        token == 0 || self.text.tokens[token - 1].turn != self.text.tokens[token].turn
    }

    fn ends_turn(&self, token: usize) -> bool {
        self.text
            .tokens
            .get(token + 1)
            .is_none_or(|next| next.turn != self.text.tokens[token].turn)
    }

    /// Directly beside «please tell me», «thank you», «sorry»…
    pub(in crate::timeline) fn beside_opener(&self, tokens: &Range<usize>) -> bool {
        self.beside(self.parts.vocative_verbs, tokens)
    }

    /// Whether a hit of the set stands directly before or behind the tokens, in the same run.
    pub(super) fn beside(&self, set: Option<SetId>, tokens: &Range<usize>) -> bool {
        let run = self.text.run_of(tokens.start);
        roles::hits(self.hits, set).iter().any(|hit| {
            let (before, after) = (hit.tokens().end, hit.tokens().start);
            let between =
                |from: usize, to: usize| from <= to && self.past_hesitation(from, to) == to;
            hit.run as usize == run && (between(before, tokens.start) || between(tokens.end, after))
        })
    }

    /// The first token from `token` on, and before `end`, that is no mere sound of hesitation; `end` where all are.
    pub(super) fn past_hesitation(&self, token: usize, end: usize) -> usize {
        let is_word = |token: &usize| !self.is_hesitation(*token);
        (token..end).find(is_word).unwrap_or(end)
    }

    pub(super) fn is_hesitation(&self, token: usize) -> bool {
        self.text.tokens[token].marks.hesitation()
    }
}

/// The speaker as a subject: «я».
pub(in crate::timeline) fn is_i(reading: &Analysis) -> bool {
    reading.pos == Pos::Pronoun
        && reading.person == Some(Person::First)
        && reading.case == Some(Case::Nominative)
}

/// A verb that is said to somebody: «назовите», «хотите».
pub(in crate::timeline) fn is_said_to(reading: &Analysis) -> bool {
    reading.mood == Some(Mood::Imperative)
        || reading.pos == Pos::Verb && reading.person == Some(Person::Second)
}
