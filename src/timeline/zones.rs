//! Opening and closing: the parts of a call that the standard gives rules for.

use super::{Roles, Thresholds, roles};
use crate::call::Speaker;
use crate::phrase::Hits;
use crate::text::TokenizedCall;

/// Which runs belong to the opening and to the closing.
#[derive(Debug, Clone, Default)]
pub(super) struct ZoneRuns {
    /// Runs `0..opening_end` are the opening; but see `opening_skips`.
    pub(super) opening_end: usize,
    /// Agent runs inside the opening that are mere prompts to a silent customer.
    pub(super) opening_skips: Vec<usize>,
    /// Runs from here on are the closing.
    pub(super) closing_start: usize,
    /// Earlier runs that hold a full farewell.
    pub(super) early_farewells: Vec<usize>,
}

/// In a prompt to a silent customer, so many words may stand outside the set phrases.
const PROMPT_OTHER_TOKENS: usize = 4;

pub(super) struct Zoning<'a> {
    pub(super) text: &'a TokenizedCall<'a>,
    pub(super) hits: &'a Hits,
    pub(super) parts: &'a Roles,
    pub(super) thresholds: &'a Thresholds,
    /// Indices of the agent's runs that have words.
    pub(super) agent_runs: &'a [usize],
    /// The customer's first run with words.
    pub(super) customer_first: Option<usize>,
}

impl Zoning<'_> {
    pub(super) fn zones(&self) -> ZoneRuns {
        let (opening_end, opening_skips) = self.opening();
        let closing_start = self.closing();
        ZoneRuns {
            opening_end,
            opening_skips,
            closing_start,
            early_farewells: self.early_farewells(closing_start),
        }
    }

    fn opening(&self) -> (usize, Vec<usize>) {
        let n_runs = self.text.runs.len();
        let customer_first = self.customer_first.unwrap_or(n_runs);
        let mut skips = Vec::new();
        let mut n_counted = 0;
        let mut end = 0;
        for &run in self.agent_runs {
            if n_counted > 0 && run < customer_first && self.is_prompt(run) {
                skips.push(run);
                continue;
            }
            n_counted += 1;
            end = run + 1;
            if n_counted == self.thresholds.opening_turns {
                break;
            }
        }
        if !skips.is_empty() {
            // The answer to a customer who was silent at first still belongs to the opening.
            let first_after = self.agent_runs.iter().find(|run| **run > customer_first);
            end = end.max(first_after.map_or(0, |run| run + 1));
        }
        (end, skips)
    }

    /// Nothing but «you are not heard, speak please».
    pub(super) fn is_prompt(&self, run: usize) -> bool {
        let n_tokens = self.text.runs[run].tokens().len();
        let mut covered = 0;
        for set in [self.parts.cannot_hear, self.parts.speak_please] {
            let hits = roles::hits_in(self.hits, set, run).iter();
            covered += hits.map(|hit| hit.tokens().len()).sum::<usize>();
        }
        covered > 0 && covered + PROMPT_OTHER_TOKENS >= n_tokens
    }

    /// Whether the run is only an acknowledgement.
    pub(super) fn acknowledges(&self, run: usize) -> bool {
        let tokens = self.text.runs[run].tokens();
        roles::hits_in(self.hits, self.parts.acknowledge, run)
            .iter()
            .any(|hit| hit.tokens() == tokens)
    }

    /// Whether one turn of a run has nothing but words that acknowledge; the run may go on with more.
    pub(super) fn turn_acknowledges(&self, run: usize, turn: usize) -> bool {
        let tokens = self.text.runs[run].tokens();
        let mut own = tokens
            .filter(|token| self.text.tokens[*token].turn as usize == turn)
            .peekable();
        let sets = [self.parts.acknowledge_word, self.parts.listening_word];
        let hits = sets.map(|set| roles::hits_in(self.hits, set, run));
        let is_one = |token: usize| {
            hits.iter()
                .copied()
                .flatten()
                .any(|hit| hit.tokens().contains(&token))
        };
        own.peek().is_some() && own.all(is_one)
    }

    fn closing(&self) -> usize {
        let counted = self
            .agent_runs
            .iter()
            .rev()
            .filter(|run| !self.acknowledges(**run));
        let by_count = counted
            .take(self.thresholds.closing_turns.max(1))
            .last()
            .copied()
            .unwrap_or(0);
        let question = roles::hits(self.hits, self.parts.anything_else)
            .iter()
            .filter(|hit| self.text.runs[hit.run as usize].speaker == Speaker::Agent)
            .map(|hit| hit.run as usize)
            .next_back();
        question.map_or(by_count, |run| run.min(by_count))
    }

    fn early_farewells(&self, closing_start: usize) -> Vec<usize> {
        let said = |set, run: usize| {
            roles::hits(self.hits, set)
                .iter()
                .any(|hit| hit.run as usize == run)
        };
        let before = self
            .agent_runs
            .iter()
            .copied()
            .filter(|run| *run < closing_start);
        before
            .filter(|run| said(self.parts.thanks_call, *run) && said(self.parts.goodbye, *run))
            .collect()
    }
}
