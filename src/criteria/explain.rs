//! What a verdict tells of the call: the words that were said, and where.
//!
//! Only what is not plainly met is explained, so none of this is run for most verdicts.

use std::borrow::Cow;
use std::ops::Range;

use smallvec::SmallVec;

use super::near::{AROUND_SLOT, Heard, WORDS_SLOT};
use super::{Condition, Context, Evidence, Zone, Zones, locale};
use crate::locale::Lang;

/// Longer quotations are cut, in characters.
const QUOTE_CHARS_MAX: usize = 70;
/// So many words on either side tell what a word was about.
const AROUND_TOKENS: usize = 4;
/// Of many things of a kind so many are named.
const LISTED_MAX: usize = 3;
/// So many words of a turn show how it began or ended.
const GLIMPSE_TOKENS: usize = 10;

impl<'c, 'p> Context<'c, 'p> {
    /// Words of the call in quotation marks, as they were transcribed; long ones are cut.
    pub(super) fn quote(&self, tokens: Range<usize>) -> String {
        locale::quoted(&shortened(&self.words(tokens)))
    }

    /// Words of the call as they were transcribed; a blank where a turn ends.
    fn words(&self, tokens: Range<usize>) -> Cow<'c, str> {
        let text = self.timeline.text;
        let (Some(first), Some(last)) = (
            text.tokens[tokens.clone()].first(),
            text.tokens[tokens.clone()].last(),
        ) else {
            return Cow::Borrowed("");
        };
        if first.turn == last.turn {
            let turn = &text.call.turns[first.turn as usize].text;
            return Cow::Borrowed(&turn[first.start as usize..last.end as usize]);
        }
        let mut words = String::new();
        for piece in text.tokens[tokens].chunk_by(|a, b| a.turn == b.turn) {
            let (first, last) = (&piece[0], &piece[piece.len() - 1]);
            if !words.is_empty() {
                words.push(' ');
            }
            let turn = &text.call.turns[first.turn as usize].text;
            words.push_str(&turn[first.start as usize..last.end as usize]);
        }
        Cow::Owned(words)
    }

    /// Several quotations, each once and not all of many.
    pub(super) fn quote_each(&self, all: &[Range<usize>]) -> String {
        if let [one] = all {
            return self.quote(one.clone());
        }
        let mut quotes: Vec<String> = Vec::new();
        for tokens in all {
            let quote = self.quote(tokens.clone());
            if !quotes.contains(&quote) {
                quotes.push(quote);
            }
        }
        listed(quotes, self.lang)
    }

    /// The words of a piece of evidence, as [`Self::quote`] gives them.
    pub(super) fn quote_evidence(&self, evidence: &Evidence<'_>) -> String {
        let words = evidence.turn.zip(evidence.span).map(|(turn, (from, to))| {
            &self.timeline.call.turns[turn as usize].text[from as usize..to as usize]
        });
        locale::quoted(&shortened(words.unwrap_or_default()))
    }

    /// How a run began, or how it ended, in quotation marks.
    pub(super) fn glimpse(&self, run: usize, end: bool) -> String {
        let tokens = self.timeline.text.runs[run].tokens();
        let mut some = if end {
            tokens.end.saturating_sub(GLIMPSE_TOKENS).max(tokens.start)..tokens.end
        } else {
            tokens.start..tokens.end.min(tokens.start + GLIMPSE_TOKENS)
        };
        let too_long = |words: Cow<'_, str>| {
            words.len() > QUOTE_CHARS_MAX && words.chars().nth(QUOTE_CHARS_MAX).is_some()
        };
        while some.len() > 1 && too_long(self.words(some.clone())) {
            match end {
                true => some.start += 1,
                false => some.end -= 1,
            }
        }
        let (before, after) = (some.start > tokens.start, some.end < tokens.end);
        locale::cut(&self.words(some), before, after)
    }

    /// When, or in which turn, a token was said: `at 02:13`, `in turn 5`; turns count from 1.
    pub(super) fn place(&self, token: usize) -> String {
        let turn = self.timeline.text.tokens[token].turn;
        match self.timeline.call.turns[turn as usize].time {
            Some(time) => locale::at(self.lang, time.start),
            None => locale::in_turn(self.lang, turn + 1),
        }
    }

    /// The sentence about a near miss.
    pub(super) fn about(&self, heard: &Heard<'_>) -> String {
        let from = heard.hits.first().map_or(0, |hit| hit.start);
        let to = heard.hits.last().map_or(from, |hit| hit.end);
        let words = self.quote(from..to);
        match heard.note {
            Some(note) if note.contains(AROUND_SLOT) => {
                note.replace(AROUND_SLOT, &self.quote(self.widened(from..to)))
            }
            Some(note) => note.replace(WORDS_SLOT, &words),
            None => locale::said(self.lang, &words),
        }
    }

    /// With a few words on either side, of the same turn and up to the next punctuation.
    fn widened(&self, tokens: Range<usize>) -> Range<usize> {
        let text = self.timeline.text;
        let turn = |token: usize| text.tokens.get(token).map(|token| token.turn);
        let parted = |token: usize| turn(token) != turn(token + 1) || !text.after(token).is_none();
        let (mut from, mut to) = (tokens.start, tokens.end);
        for _ in 0..AROUND_TOKENS {
            if from > 0 && !parted(from - 1) {
                from -= 1;
            }
            if !parted(to - 1) {
                to += 1;
            }
        }
        from..to
    }

    /// Adds the words of a near miss to the evidence; the customer's are told and not held against the agent.
    pub(super) fn cite_heard(&self, heard: &Heard<'_>, evidence: &mut Vec<Evidence<'p>>) {
        if heard.by_agent {
            for hit in &heard.hits {
                self.cite_tokens(hit.clone(), None, evidence);
            }
        }
    }

    /// The customer's words for whose sake the criterion applies.
    pub(super) fn occasion(&self) -> Option<&crate::phrase::Hit> {
        let asked = |condition: &&Condition| condition.holds(self);
        let mut asked = self.when.iter().filter(asked);
        asked.find_map(|condition| condition.customer_words(self))
    }

    /// The agent's first run after another one.
    pub(super) fn agent_run_after(&self, run: usize) -> Option<usize> {
        let runs = &self.timeline.agent_runs;
        runs.get(runs.partition_point(|agent| *agent <= run))
            .copied()
    }

    /// Which turn of the agent stands for something that is missing.
    fn missed_at(&self, zones: &Zones, at: Option<MissedAt>) -> Option<MissedAt> {
        at.or(match zones.0.first() {
            Some(Zone::Opening) => Some(MissedAt::FirstTurn),
            Some(Zone::Closing) => Some(MissedAt::LastTurn),
            _ => None,
        })
    }

    /// The agent's runs at which something that is missing should have stood.
    pub(super) fn missed(&self, zones: &Zones, at: Option<MissedAt>) -> Missed {
        let runs = &self.timeline.agent_runs;
        let first = || runs.first().copied();
        match self.missed_at(zones, at) {
            None => {
                let occasion = self.occasion();
                let answer = occasion.and_then(|hit| self.agent_run_after(hit.run as usize));
                answer.into_iter().collect()
            }
            Some(MissedAt::FirstTurn) => first().into_iter().collect(),
            Some(MissedAt::Opening) => {
                let all = runs.iter().copied();
                all.filter(|run| self.timeline.in_opening(*run)).collect()
            }
            Some(MissedAt::LastTurn) => runs.last().copied().into_iter().collect(),
            Some(MissedAt::Reply) => {
                let customer = self.timeline.customer_runs.first();
                let reply = customer.and_then(|run| self.agent_run_after(*run));
                reply.or_else(first).into_iter().collect()
            }
        }
    }

    /// What the agent said there instead, where nothing came near.
    pub(super) fn instead(&self, zones: &Zones, at: Option<MissedAt>, runs: &[usize]) -> String {
        let lang = self.lang;
        let begin = |run: usize| self.glimpse(run, false);
        match (self.missed_at(zones, at), runs) {
            (None, _) => match self.occasion() {
                Some(occasion) => {
                    let answer = runs.first().map(|run| begin(*run));
                    locale::answered(lang, &self.quote(occasion.tokens()), answer.as_deref())
                }
                None => locale::nowhere(lang, self.timeline.agent_runs.len()),
            },
            (Some(_), []) => locale::nowhere(lang, self.timeline.agent_runs.len()),
            (Some(MissedAt::LastTurn), [.., run]) => locale::ended(lang, &self.glimpse(*run, true)),
            (Some(MissedAt::Reply), [.., run]) => locale::replied(lang, &begin(*run)),
            (Some(MissedAt::Opening), [first, .., last]) => {
                locale::began_and_went_on(lang, &begin(*first), &begin(*last))
            }
            (Some(_), [first, ..]) => locale::began(lang, &begin(*first)),
        }
    }

    /// Adds the runs to the evidence of which no words are in it.
    pub(super) fn point_at(&self, runs: &[usize], evidence: &mut Vec<Evidence<'p>>) {
        for run in runs {
            let turns = self.timeline.text.runs[*run].turns();
            let there = |one: &Evidence<'_>| {
                one.turn
                    .is_some_and(|turn| turns.contains(&(turn as usize)))
            };
            if !evidence.iter().any(there) {
                evidence.extend(self.evidence_of(*run));
            }
        }
    }
}

/// Runs in which something is missing: mostly one.
type Missed = SmallVec<[usize; 2]>;

/// What is told of a fault: mostly one sentence.
pub(super) type Sentences = SmallVec<[String; 2]>;

/// Which turn stands for something that was said nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MissedAt {
    /// The agent's first one.
    FirstTurn,
    /// All of the opening.
    Opening,
    /// The agent's first one after the customer has spoken.
    Reply,
    /// The agent's last one.
    LastTurn,
}

/// At most [`QUOTE_CHARS_MAX`] characters, cut between words.
fn shortened(words: &str) -> Cow<'_, str> {
    if words.len() <= QUOTE_CHARS_MAX {
        return Cow::Borrowed(words);
    }
    match words.char_indices().nth(QUOTE_CHARS_MAX) {
        None => Cow::Borrowed(words),
        Some((at, _)) => {
            let end = words[..at].rfind(char::is_whitespace).unwrap_or(at);
            Cow::Owned([words[..end].trim_end(), "…"].concat())
        }
    }
}

/// The first of several things, and how many more there are.
pub(super) fn listed(mut all: Vec<String>, lang: Lang) -> String {
    let n = all.len();
    if n == 1 {
        return all.swap_remove(0);
    }
    all.truncate(LISTED_MAX);
    if n > LISTED_MAX {
        all.push(locale::and_more(lang, n - LISTED_MAX));
    }
    all.join(", ")
}

/// Sentences one behind the other.
pub(super) fn join(mut sentences: Sentences) -> String {
    match sentences.len() {
        1 => sentences.swap_remove(0),
        _ => sentences.join("; "),
    }
}
