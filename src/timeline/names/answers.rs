//! The name that the customer gives in answer: to the question for it, or to «is that you».

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::{Introduction, NameSpan, Namer, sentence::is_i};
use crate::call::Speaker;
use crate::text::WordId;
use crate::timeline::roles;

/// Who has been called by another name and patronymic so many times is not who the next answer names.
const OTHER_NAMES: usize = 2;
/// The answer to «what is your name» comes in one of so many turns.
const ANSWER_RUNS: usize = 3;
/// An answer to «what is your name» that is a name the dictionary lacks has at most so many words.
const NAME_ANSWER_TOKENS: usize = 3;

impl Namer<'_> {
    /// The customer's answers to the question for the name.
    pub(super) fn answers(
        &mut self,
        asked_runs: &[usize],
        framed: &[Introduction],
    ) -> Vec<Introduction> {
        let mut found = Vec::new();
        for &asked in asked_runs {
            let answers = self.customer_runs.iter().filter(|run| **run > asked);
            for (nth, &run) in answers.take(ANSWER_RUNS).enumerate() {
                let known = |of: &Introduction| of.run == run && of.speaker == Speaker::Customer;
                if framed.iter().any(known) || found.iter().any(known) {
                    break;
                }
                // «And what for?» comes before the name; what comes later has to be a name for sure.
                let sure = nth == 0 || self.text.runs[run].tokens().len() <= 2 * NAME_ANSWER_TOKENS;
                if let Some(tokens) = self.name_in_answer(run, nth > 0).filter(|_| sure) {
                    found.push(self.introduction(Speaker::Customer, run, tokens));
                    break;
                }
            }
        }
        found
    }

    /// «Name and patronymic? — Nikita Sergeevich», when the agent has called the customer Lyudmila Petrovna twice: the question was for
    /// somebody else's.
    pub(super) fn names_another(&mut self, answer: &Introduction, called: &[usize]) -> bool {
        let until = self.text.runs[answer.run].tokens().start;
        let mut n = 0;
        for &name in called.iter().take_while(|name| **name < until) {
            let mut given = answer.tokens.clone();
            n += usize::from(!given.any(|token| self.same_name(token, name)));
            if n == OTHER_NAMES {
                return true;
            }
        }
        false
    }

    /// Where the agent, before this run, says names with a patronymic that nobody introduces: each at most [`OTHER_NAMES`] times, in the order
    /// of the call.
    pub(super) fn called_in_full(&mut self, before: usize, framed: &[Introduction]) -> Vec<usize> {
        let mut n_said: FxHashMap<WordId, usize> = FxHashMap::default();
        let mut called = Vec::new();
        for run in self.agent_runs.iter().copied() {
            if run >= before {
                break;
            }
            let is_full = |span: &NameSpan| span.first.is_some() && span.patronymic.is_some();
            for span in self.names_in(run).into_iter().filter(is_full) {
                let name = span.tokens;
                let n_said = n_said.entry(self.text.tokens[name.start].word).or_default();
                let overlaps =
                    |own: &Introduction| own.tokens.start < name.end && name.start < own.tokens.end;
                if *n_said < OTHER_NAMES
                    && !framed.iter().any(overlaps)
                    && !self.agents_own(name.start)
                {
                    *n_said += 1;
                    called.push(name.start);
                }
            }
        }
        called
    }

    /// «Are you Anton Valeryevich? — The very same, Anton Valeryevich»: who repeats the name gives it.
    pub(super) fn confirmed(&mut self, known: &[Introduction]) -> Option<Introduction> {
        let is_customers = |introduction: &Introduction| introduction.speaker == Speaker::Customer;
        if known.iter().any(is_customers) {
            return None;
        }
        for hit in roles::hits(self.hits, self.parts.asks_identity) {
            let (Some((_, name)), asked) = (&hit.name, hit.run as usize) else {
                continue;
            };
            if self.text.runs[asked].speaker != Speaker::Agent {
                continue;
            }
            let repeated = self.repeated(name.start as usize, asked);
            if repeated.is_some() {
                return repeated;
            }
        }
        // «Nodira Karimovna? This is Olesya. — Yes, this is Nodira»
        let opening = self.agent_runs.iter().copied();
        for asked in opening.take_while(|run| *run < self.zones.opening_end) {
            for span in self.names_in(asked) {
                let is_others = span.first.is_some()
                    && !self.covered(self.parts.name_mention, &span.tokens)
                    && self.has_another_name(&span, known);
                if is_others {
                    let repeated = self.repeated(span.tokens.start, asked);
                    // «Hello, Varvara» calls the agent.
                    let own = repeated.filter(|own| !self.beside(self.parts.greeting, &own.tokens));
                    if own.is_some() {
                        return own;
                    }
                }
            }
        }
        None
    }

    /// The name at the token, said by the agent, where the customer's answer has it too.
    fn repeated(&mut self, name: usize, asked: usize) -> Option<Introduction> {
        let run = self
            .customer_runs
            .iter()
            .copied()
            .find(|run| *run > asked)?;
        let said = self.text.runs[run].tokens();
        let denies = said.start < said.end && self.norm(said.start) == "нет";
        if denies && let Some(own) = self.corrected(name, run) {
            return Some(own);
        }
        let tokens = self.name_in_answer(run, true)?;
        if denies && tokens.start == said.start + 1 {
            return None;
        }
        self.same_name(name, tokens.start)
            .then(|| self.introduction(Speaker::Customer, run, tokens))
    }

    /// «Вы Алёна, да?» — «Нет, Алёна в декрете, я Марианна»: another name behind «I», or behind «this is» and nothing more about them.
    fn corrected(&mut self, name: usize, run: usize) -> Option<Introduction> {
        let said = self.text.runs[run].tokens();
        for span in self.names_in(run) {
            let at = span.tokens.start;
            let before = at.checked_sub(1).filter(|before| *before > said.start);
            let is_own = before.is_some_and(|before| {
                let is_whole = span.patronymic.is_some() || span.tokens.end == said.end;
                self.reading(before).is_some_and(is_i) || self.norm(before) == "это" && is_whole
            });
            if is_own && span.first.is_some() && !self.same_name(name, at) {
                return Some(self.introduction(Speaker::Customer, run, span.tokens));
            }
        }
        None
    }

    /// `late`: not the first words after the question, so that only what is no other word is a name.
    fn name_in_answer(&mut self, run: usize, late: bool) -> Option<Range<usize>> {
        let tokens = self.text.runs[run].tokens();
        let short = tokens.len() <= 2 * NAME_ANSWER_TOKENS;
        let mut i = tokens.start;
        while i < tokens.end {
            if let Some(span) = self.name_at(i, tokens.end) {
                let also_word = self.vocabulary.facts(self.text.tokens[i].word).also_word;
                let sure = span.patronymic.is_some()
                    || !also_word
                    || !late && (short || i == tokens.start)
                    || self.vocabulary.capitalised(self.text.tokens[i].word);
                if sure && !self.covered(self.parts.name_mention, &span.tokens) {
                    return Some(self.with_surname(span.tokens, &tokens));
                }
                i = span.tokens.end;
            } else {
                i += 1;
            }
        }
        let unknown = |token: &usize| {
            let facts = self.vocabulary.facts(self.text.tokens[*token].word);
            !facts.filler && !facts.is_number() && (!facts.known || facts.surname)
        };
        if late {
            return None;
        }
        let token = tokens
            .clone()
            .find(unknown)
            .filter(|_| tokens.len() <= NAME_ANSWER_TOKENS)?;
        Some(token..token + 1)
    }
}
