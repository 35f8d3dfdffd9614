//! What names leave in doubt: whose one is, and whether one that was given was heard right.

use std::ops::Range;

use smallvec::SmallVec;

use super::{Address, Introduction, NameSpan, Namer, addresses::Given};
use crate::call::{Direction, Speaker};

/// Whom the agent calls in the opening stands behind so many words at most: «good day», «hello this is».
const CALL_REACH: usize = 3;
/// A shorter name that is a word besides («tema», «mira») is taken for the word.
const LETTERS_MIN: usize = 5;

/// What names leave in doubt: the tokens of the name by which they do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::timeline) struct Doubtful {
    /// The agent calls somebody by a name that is not the agent's, and the customer gave none: it may be theirs.
    pub(in crate::timeline) customer: Option<Range<usize>>,
    /// The agent says a name in the opening that calls nobody, and gave none there: it may be theirs.
    pub(in crate::timeline) agent: Option<Range<usize>>,
    /// The customer gave no first name that the tables have, and the agent says a name that is not the one given.
    pub(in crate::timeline) given: Option<Range<usize>>,
}

impl Namer<'_> {
    pub(super) fn doubtful(
        &mut self,
        introductions: &[Introduction],
        given: &Given,
        addresses: &[Address],
        named_from_start: bool,
    ) -> Doubtful {
        let end = self.zones.opening_end;
        let of = |speaker| {
            introductions
                .iter()
                .filter(move |one| one.speaker == speaker)
        };
        let customer = of(Speaker::Customer).next().is_some();
        let agent = of(Speaker::Agent).any(|one| one.run < end);
        let agent_runs = self.agent_runs;
        let mut doubtful = Doubtful::default();
        if !customer && !named_from_start {
            // In a call in, the agent may read a name with its patronymic from the contract: the customer need not have said it.
            let called = self.text.call.direction_or_default() == Direction::Outbound;
            let mut calls = addresses.iter();
            doubtful.customer = calls.find_map(|call| {
                let mut names = self.strangers(call.run, introductions, &[]).into_iter();
                let name = names.find(|name| name.tokens.start == call.tokens.start)?;
                let calls = (called || name.patronymic.is_none())
                    && self.is_plainly_a_name(&name, false)
                    && !self.is_told_of(&name.tokens);
                calls.then_some(name.tokens)
            });
        } else if customer && given.firsts.is_empty() {
            let mut runs = agent_runs.iter();
            doubtful.given = runs.find_map(|run| {
                let mut names = self.strangers(*run, introductions, &[]).into_iter();
                let name = names.find(|name| self.is_plainly_a_name(name, false))?;
                Some(name.tokens)
            });
        }
        if !agent {
            // The first words of a call are where the agent gives the name.
            let calls_surely = |call: &&Address| {
                let before = self.text.runs[call.run].tokens().start..call.tokens.start;
                let words = before.filter(|token| !self.is_hesitation(*token));
                agent_runs.first() != Some(&call.run) || words.count() < CALL_REACH
            };
            let calls: Vec<Address> = addresses.iter().filter(calls_surely).cloned().collect();
            let is_long = |name: &NameSpan| {
                let word = self.text.tokens[name.tokens.start].word;
                self.vocabulary.norm(word).chars().count() >= LETTERS_MIN
            };
            let mut opening = agent_runs.iter().take_while(|run| **run < end);
            doubtful.agent = opening.find_map(|run| {
                let mut names = self.strangers(*run, introductions, &calls).into_iter();
                let is_name =
                    |name: &NameSpan| is_long(name) || self.is_plainly_a_name(name, false);
                Some(names.find(is_name)?.tokens)
            });
        }
        doubtful
    }

    /// The names in the run that are neither the agent's nor the customer's, nor talked about.
    fn strangers(
        &mut self,
        run: usize,
        introductions: &[Introduction],
        calls: &[Address],
    ) -> SmallVec<[NameSpan; 4]> {
        let mut names = self.names_in(run);
        names.retain(|span| {
            let name = span.tokens.start;
            !calls.iter().any(|call| call.tokens.contains(&name))
                && !self.agents_own(name)
                && !self.covered(self.parts.name_mention, &span.tokens)
                && !self.covered(self.parts.asks_identity, &span.tokens)
                && !introductions
                    .iter()
                    .any(|own| self.same_name(own.tokens.start, name))
        });
        names
    }

    /// «Nikolay has left»: what is told of one person.
    fn is_told_of(&self, name: &Range<usize>) -> bool {
        let end = self.text.runs[self.text.run_of(name.start)].tokens().end;
        let next = self.past_hesitation(name.end, end);
        next < end && self.tells_of_one(next)
    }
}
