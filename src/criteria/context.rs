//! What a kind of check may ask about the call it judges.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use serde_json::Value;
use smallvec::{SmallVec, smallvec};

use super::again::{Again, Before, Tells};
use super::{Bound, Condition, Evidence, Say, Zone, Zones};
use crate::call::Speaker;
use crate::lexicon::{Lexicon, Pos};
use crate::locale::Lang;
use crate::phrase::{Guesser, Hit, Owner, SetId};
use crate::text::{Heard, Run};
use crate::timeline::{Parameters, Timeline};

/// The call in hand, for one criterion.
#[derive(Debug, Clone, Copy)]
pub struct Context<'c, 'p> {
    /// The course of the call.
    pub timeline: &'c Timeline<'c>,
    /// The line whose requirements hold.
    pub line: &'c str,
    /// The pack's numbers.
    pub parameters: &'p Parameters,
    /// What the pack takes for granted where the metadata are silent.
    pub meta_defaults: &'p BTreeMap<String, Value>,
    /// The language of reasons.
    pub lang: Lang,
    /// What the criterion advises to say.
    pub advice: Option<&'p str>,
    /// The badly heard words, where the call has any.
    pub heard: Option<&'c Heard>,
    /// What could have been said by the badly heard words.
    pub guesser: Option<&'c Guesser<'c>>,
    /// When the criterion applies.
    pub when: &'p [Condition],
    /// What takes a fault of the criterion back.
    pub excuse: &'p [Condition],
}

/// The metadata key that says that the call broke off, see `docs/call.md`.
const DROPPED: &str = "dropped";
static YES: Value = Value::Bool(true);
/// Who tells something at the leave says at least so many words of content…
const TOLD_WORDS_MIN: usize = 3;
/// … or so many if it is told as done.
const DONE_WORDS_MIN: usize = 2;
/// So many words at the end of a turn still belong to the closing question before them: «остались вопросы какие-нибудь ко мне».
const QUESTION_TAIL: usize = 4;

impl<'c, 'p> Context<'c, 'p> {
    /// The same for a criterion with this advice and these conditions.
    pub(super) fn of_criterion(
        &self,
        advice: Option<&'p str>,
        when: &'p [Condition],
        excuse: &'p [Condition],
    ) -> Self {
        Self {
            advice,
            when,
            excuse,
            ..*self
        }
    }

    /// Whether a fault of the criterion would be taken back, so that nobody will read why it is one.
    pub(super) fn is_excused(&self) -> bool {
        self.excuse.iter().any(|condition| condition.holds(self))
    }

    /// A key of the call's metadata, or what the pack takes for granted.
    pub fn meta(&self, key: &str) -> Option<&'c Value>
    where
        'p: 'c,
    {
        if key == DROPPED && self.timeline.dropped {
            return Some(&YES);
        }
        self.timeline
            .call
            .meta
            .get(key)
            .or_else(|| self.meta_defaults.get(key))
    }

    /// The number that holds on this call's line.
    pub fn number(&self, bound: &Bound) -> f64 {
        bound.value(self.parameters, self.line)
    }

    /// Whether a run lies in any of the zones.
    pub fn in_zones(&self, run: usize, zones: &Zones) -> bool {
        zones.0.iter().any(|zone| match zone {
            Zone::Opening => self.timeline.in_opening(run),
            Zone::Closing => self.timeline.in_closing(run),
            Zone::Anywhere => true,
        })
    }

    /// Whether a part of the zones may be missing in the record.
    pub fn zones_are_cut(&self, zones: &Zones) -> bool {
        let gaps = self.timeline.gaps;
        zones.0.iter().any(|zone| match zone {
            Zone::Opening => gaps.before,
            Zone::Closing => gaps.after,
            Zone::Anywhere => gaps.any(),
        })
    }

    /// The runs of one side in the zones.
    pub fn runs_in(&self, speaker: Speaker, zones: &Zones) -> Vec<usize> {
        let runs = match speaker {
            Speaker::Customer => &self.timeline.customer_runs,
            _ => &self.timeline.agent_runs,
        };
        let inside = runs.iter().filter(|run| self.in_zones(**run, zones));
        inside.copied().collect()
    }

    /// The next run with words, whoever speaks.
    pub(super) fn next_words(&self, run: usize) -> Option<usize> {
        let runs = &self.timeline.text.runs;
        (run + 1..runs.len()).find(|later| !runs[*later].tokens().is_empty())
    }

    /// Whether the customer's run answers words of the agent: whether they were said since the customer spoke before.
    pub(super) fn answers(&self, run: usize, asked: &Say) -> bool {
        let runs = &self.timeline.text.runs[..=run];
        let by_agent = |run: &Run| run.speaker == Speaker::Agent;
        let Some(last) = runs.iter().rposition(by_agent) else {
            return false;
        };
        let by_customer = |run: &Run| run.speaker == Speaker::Customer;
        let first = runs[..last].iter().rposition(by_customer);
        let talk = first.map_or(0, |before| before + 1)..=last;
        let mut hits = self.timeline.said_by(asked.set, Speaker::Agent);
        hits.any(|hit| talk.contains(&(hit.run as usize)))
    }

    /// What one side said of a set in the zones, in order.
    pub fn hits<'z>(
        &self,
        say: &Say,
        speaker: Speaker,
        zones: &'z Zones,
    ) -> impl Iterator<Item = &'c Hit> + use<'c, 'p, 'z> {
        let context = *self;
        self.timeline.said_by(say.set, speaker).filter(move |hit| {
            context.in_zones(hit.run as usize, zones) && context.is_owners_name(hit)
        })
    }

    /// A name in the hit belongs to whom the phrase says.
    fn is_owners_name(&self, hit: &Hit) -> bool {
        let Some((owner, tokens)) = &hit.name else {
            return true;
        };
        let speaker = match owner {
            Owner::Anyone => return true,
            Owner::Agent => Speaker::Agent,
            Owner::Customer => Speaker::Customer,
        };
        let norm = |token: usize| self.norm(token);
        let name = norm(tokens.start as usize);
        let introductions = &self.timeline.naming.introductions;
        introductions.iter().any(|own| {
            own.speaker == speaker && own.tokens.clone().any(|token| norm(token) == name)
        })
    }

    /// Whether one side said it.
    pub fn said(&self, say: &Say, speaker: Speaker, zones: &Zones) -> bool {
        self.hits(say, speaker, zones).next().is_some()
    }

    /// A token's normalised spelling.
    pub fn norm(&self, token: usize) -> &'c str {
        self.timeline
            .vocabulary
            .norm(self.timeline.text.tokens[token].word)
    }

    /// Whether the token was badly heard.
    pub fn is_badly_heard(&self, token: usize) -> bool {
        let mut heard = self.heard.into_iter();
        heard.any(|heard| !heard.badly(token..token + 1).is_empty())
    }

    /// Whether the token is a filler.
    pub fn is_filler(&self, token: usize) -> bool {
        self.timeline.text.tokens[token].marks.filler()
    }

    /// Whether a run has hardly a word besides hits of the set.
    pub fn is_only(&self, run: usize, set: SetId) -> bool {
        let tokens = self.timeline.text.runs[run].tokens();
        let hits = self
            .timeline
            .hits
            .of(set)
            .iter()
            .filter(|hit| hit.run as usize == run);
        let covered: usize = hits.map(|hit| hit.tokens().len()).sum();
        covered > 0 && covered + 3 >= tokens.len()
    }

    /// Adds the words of a hit to the evidence.
    pub fn cite(&self, hit: &Hit, suggest: Option<Cow<'p, str>>, evidence: &mut Vec<Evidence<'p>>) {
        self.cite_tokens(hit.tokens(), suggest, evidence);
    }

    /// Adds words to the evidence: one piece a turn.
    pub fn cite_tokens(
        &self,
        tokens: Range<usize>,
        suggest: Option<Cow<'p, str>>,
        evidence: &mut Vec<Evidence<'p>>,
    ) {
        let tokens = &self.timeline.text.tokens[tokens];
        for piece in tokens.chunk_by(|a, b| a.turn == b.turn) {
            let (first, last) = (&piece[0], &piece[piece.len() - 1]);
            evidence.push(Evidence {
                turn: Some(first.turn),
                span: Some((first.start, last.end)),
                time: None,
                suggest: suggest.clone(),
            });
        }
    }

    /// The turns of a run.
    pub fn evidence_of(&self, run: usize) -> impl Iterator<Item = Evidence<'p>> {
        self.timeline.text.runs[run]
            .turns()
            .filter(|turn| !self.timeline.call.turns[*turn].text.trim().is_empty())
            .filter(|turn| !self.timeline.text.is_invented(*turn))
            .map(|turn| Evidence::of_turn(turn as u32))
    }

    /// A single word that is a piece of another one that the recogniser tore: «по ложите», «комп ания».
    pub(super) fn is_piece(&self, hit: &Hit) -> bool {
        let tokens = hit.tokens();
        if tokens.len() != 1 {
            return false;
        }
        let timeline = self.timeline;
        let (text, vocabulary) = (timeline.text, timeline.vocabulary);
        let run = text.runs[hit.run as usize].tokens();
        let word = |token: usize| text.tokens[token].word;
        let is_word = |head: usize| {
            let [head, tail] = [head, head + 1].map(|token| vocabulary.norm(word(token)));
            Lexicon::embedded().knows(&[head, tail].concat())
        };
        let at = tokens.start;
        // No preposition stands before a verb.
        let begins = |head: usize| {
            let reading = vocabulary.reading(word(head));
            reading.is_none_or(|reading| reading.pos == Pos::Preposition)
        };
        let ends = |tail: usize| {
            let marks = text.tokens[tail].marks;
            marks.foreign() || marks.named()
        };
        at > run.start && text.before(at).is_none() && begins(at - 1) && is_word(at - 1)
            || at + 1 < run.end && text.after(at).is_none() && ends(at + 1) && is_word(at)
    }

    /// A run of the closing that says again what the agent or the customer said before, before the farewell words in it.
    ///
    /// An answer to a question of the customer is none, however often its words were said.
    pub fn restating_run(&self) -> Option<usize> {
        self.restating_run_but_for(|_| false)
    }

    /// The same if these tokens were said before.
    pub(super) fn restating_run_but_for(&self, known: impl Fn(usize) -> bool) -> Option<usize> {
        let timeline = self.timeline;
        let mut closing = timeline
            .agent_runs
            .iter()
            .copied()
            .filter(|run| timeline.in_closing(*run));
        let mut before = None;
        closing.find(|run| !self.answers_question(*run) && self.restates(*run, &known, &mut before))
    }

    /// The customer's run just before, with nothing of the agent's between.
    fn customer_before(&self, run: usize) -> Option<usize> {
        let timeline = self.timeline;
        let mut customer = timeline.customer_runs.iter().copied();
        let before = customer.rfind(|customer| *customer < run)?;
        let mut agent = timeline.agent_runs.iter();
        (!agent.any(|agent| (before..run).contains(agent))).then_some(before)
    }

    /// The customer's words just before the run ask something.
    fn answers_question(&self, run: usize) -> bool {
        let timeline = self.timeline;
        let Some(before) = self.customer_before(run) else {
            return false;
        };
        let asks = timeline
            .part(timeline.roles.customer_question)
            .iter()
            .any(|hit| hit.run as usize == before);
        let tokens = timeline.text.runs[before].tokens();
        asks || !tokens.is_empty() && timeline.text.after(tokens.end - 1).question()
    }

    /// Most of what the run says besides thanks, wishes, goodbye and the closing question was said before.
    ///
    /// `before` has what was said before an earlier run that was asked for.
    fn restates(
        &self,
        run: usize,
        known: &dyn Fn(usize) -> bool,
        before: &mut Option<Before<'c>>,
    ) -> bool {
        let timeline = self.timeline;
        let tokens = timeline.text.runs[run].tokens();
        let is_formula = self.formulas(run);
        let roles = timeline.roles;
        let word = |token: usize| timeline.text.tokens[token].word;
        if self.tells_at_leave(run, &is_formula) {
            return true;
        }
        let mut no_outcome = timeline.part(roles.no_outcome).iter();
        let asked = self.customer_before(run);
        let mut may_ask = timeline.part(roles.customer_may_ask).iter();
        if no_outcome.any(|hit| hit.run as usize == run)
            || may_ask.any(|hit| Some(hit.run as usize) == asked)
        {
            return false;
        }
        let told = tokens
            .clone()
            .filter(|token| !is_formula[token - tokens.start])
            .filter(|token| !timeline.text.tokens[*token].marks.named())
            .map(|token| (word(token), known(token)));
        let Some(mut again) = Again::new(timeline.vocabulary, told, Tells::Outcome) else {
            return false;
        };
        let before = before.get_or_insert_with(|| self.nothing_before());
        before.hear(before.n_heard()..tokens.start);
        // What the customer said just now is answered, not settled before, unless it was done: «удалилось».
        let mut earlier = timeline.text.runs[..run].iter();
        let last = earlier.rposition(|run| !run.tokens().is_empty());
        let last = last.filter(|last| timeline.customer_runs.contains(last));
        let last = last.map_or(0..0, |last| timeline.text.runs[last].tokens());
        let settled = if last.is_empty() {
            tokens.start
        } else {
            last.start
        };
        let is_done = |token: usize| timeline.vocabulary.facts(word(token)).done;
        again.hears(before, 0..settled, Again::is_most)
            || again.hears(before, settled..tokens.start, Again::is_most)
                && last.clone().any(is_done)
    }

    fn nothing_before(&self) -> Before<'c> {
        Before::new(self.timeline.vocabulary, &self.timeline.text.tokens)
    }

    /// By token of the run, whether it belongs to words that the end of any call has, which tell nothing of the matter.
    fn formulas(&self, run: usize) -> SmallVec<[bool; 64]> {
        let timeline = self.timeline;
        let tokens = timeline.text.runs[run].tokens();
        let roles = timeline.roles;
        let mut is_formula: SmallVec<[bool; 64]> = smallvec![false; tokens.len()];
        let formulas = [
            (roles.goodbye, 0),
            (roles.thanks_call, 0),
            (roles.anything_else, QUESTION_TAIL),
            (roles.question_solved, QUESTION_TAIL),
            (roles.wish, 0),
            (roles.pleasantry, 0),
        ];
        // «… какие-нибудь ко мне» tells nothing, «… мастер завтра» does.
        let tells = |token: usize| {
            let word = timeline.text.tokens[token].word;
            let reading = timeline.vocabulary.reading(word);
            timeline.vocabulary.facts(word).is_number()
                || reading.is_some_and(|reading| {
                    matches!(
                        reading.pos,
                        Pos::Noun
                            | Pos::Verb
                            | Pos::Infinitive
                            | Pos::Adverb
                            | Pos::Numeral
                            | Pos::ShortAdjective
                            | Pos::ShortParticiple
                    )
                })
        };
        for (set, tail) in formulas {
            let hits = timeline.part(set).iter();
            for hit in hits.filter(|hit| hit.run as usize == run) {
                let hit = hit.tokens();
                let is_short = tokens.end - hit.end <= tail;
                let end = match is_short && !(hit.end..tokens.end).any(tells) {
                    true => tokens.end,
                    false => hit.end,
                };
                is_formula[hit.start - tokens.start..end - tokens.start].fill(true);
            }
        }
        is_formula
    }

    /// Whether the run of the closing sums up by what it tells right before the leave.
    pub(super) fn is_told_at_leave(&self, run: usize) -> bool {
        self.tells_at_leave(run, &self.formulas(run))
    }

    /// «Money is on the account, the connection is up, thank you for your call»: who tells something right before the words of leave or the
    /// closing question sums up, in whatever words. Of all labelled calls without a summing up one in thirty has anything there.
    fn tells_at_leave(&self, run: usize, is_formula: &[bool]) -> bool {
        let timeline = self.timeline;
        let tokens = timeline.text.runs[run].tokens();
        let roles = timeline.roles;
        let start_of = |sets: &[Option<SetId>]| {
            let hits = sets.iter().flat_map(|set| timeline.part(*set));
            let here = hits.filter(|hit| hit.run as usize == run);
            here.map(|hit| hit.tokens().start).min()
        };
        let leave =
            start_of(&[roles.goodbye, roles.thanks_call]).or_else(|| start_of(&[roles.wish]));
        let question = start_of(&[roles.anything_else, roles.question_solved]);
        let Some(end) = leave.into_iter().chain(question).min() else {
            return false;
        };
        let words = &timeline.text.tokens[tokens.start..end];
        let mut n_told = 0;
        let (mut has_verb, mut is_done) = (false, false);
        for (token, is_formula) in words.iter().zip(is_formula) {
            let marks = token.marks;
            let facts = timeline.vocabulary.facts(token.word);
            let tells = marks.content() && !marks.foreign() && !marks.named() && !facts.is_number();
            n_told += usize::from(tells && !is_formula);
            has_verb |= facts.third_person || facts.first_person;
            is_done |= facts.done;
        }
        n_told >= TOLD_WORDS_MIN && (has_verb || is_done)
            || n_told >= DONE_WORDS_MIN && is_done && leave.is_some()
    }

    /// The first turn of one side, of so many, that says again what the other side said before and is confirmed: it asks whether that is so
    /// in words of `asks`, or the answer to it has words of `confirmed`. These tokens count as said before.
    pub(super) fn echo(
        &self,
        speaker: Speaker,
        asks: &Say,
        confirmed: &Say,
        within: usize,
        known: impl Fn(usize) -> bool,
    ) -> Option<(usize, &'c Hit)> {
        let timeline = self.timeline;
        let text = timeline.text;
        let (own, other) = match speaker {
            Speaker::Customer => (&timeline.customer_runs, &timeline.agent_runs),
            _ => (&timeline.agent_runs, &timeline.customer_runs),
        };
        let other_side = match speaker {
            Speaker::Customer => Speaker::Agent,
            _ => Speaker::Customer,
        };
        own.iter().take(within).find_map(|&run| {
            let tokens = text.runs[run].tokens();
            let is_other = |next: &usize| text.runs[*next].speaker == other_side;
            let answer = self.next_words(run).filter(is_other);
            let ends = |hit: &&Hit| {
                let end = hit.tokens().end;
                end == tokens.end && answer.is_some() || text.after(end - 1).question()
            };
            let mut asked = timeline.said_by(asks.set, speaker);
            let asked = asked.find(|hit| hit.run as usize == run && ends(hit));
            let hit = asked.or_else(|| {
                let mut answers = timeline.said_by(confirmed.set, other_side);
                answers.find(|hit| Some(hit.run as usize) == answer)
            })?;
            let end = asked.map_or(tokens.end, |hit| hit.tokens().start);
            let word = |token: usize| text.tokens[token].word;
            let told = (tokens.start..end).map(|token| (word(token), known(token)));
            let mut again = Again::new(timeline.vocabulary, told, Tells::Business)?;
            let mut before = self.nothing_before();
            for other in other.iter().take_while(|other| **other < run) {
                before.hear(text.runs[*other].tokens());
            }
            let is_echo = again.hears(&before, 0..tokens.start, Again::is_echo);
            is_echo.then_some((run, hit))
        })
    }
}
