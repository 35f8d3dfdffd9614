//! The name that the customer gives without a frame and without being asked.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::{Introduction, NameSpan, Namer, sentence::is_i};
use crate::call::Speaker;
use crate::lexicon::{Case, Gender, Number, Person, Pos, Tense};
use crate::phrase::Hit;
use crate::text::NormId;
use crate::timeline::roles;

/// A customer who gives the name without being asked does so in one of the first turns.
const VOLUNTEERED_RUNS: usize = 2;
/// «He» or «her» is looked for so far behind a name.
const SPOKEN_OF_REACH: usize = 6;
/// What is told of somebody is looked for so far behind the name.
const TOLD_REACH: usize = 3;
/// How often the agent calls the customer by a name that they said later than in their first turns.
const CALLS_MIN: usize = 2;
/// A turn of so many words at most with a name in it says little else.
const NAME_TURN_TOKENS: usize = 4;

impl Namer<'_> {
    /// «Good day. Konstantin. I am going abroad»: the name as a sentence of its own in the customer's first words.
    pub(super) fn volunteered(&mut self, known: &[Introduction]) -> Vec<Introduction> {
        let mut found = Vec::new();
        let runs = self.customer_runs;
        for &run in runs.iter().take(VOLUNTEERED_RUNS) {
            if self.is_about_another(run) {
                continue;
            }
            let tokens = self.text.runs[run].tokens();
            let mut next = tokens.start;
            loop {
                let token = self.next_nameable(next..tokens.end);
                if token == tokens.end {
                    break;
                }
                next = token + 1;
                let Some(span) = self
                    .name_at(token, tokens.end)
                    .filter(|span| span.first.is_some())
                else {
                    continue;
                };
                let before =
                    span.tokens.start == tokens.start || self.text.before(span.tokens.start).end();
                let after = self.text.after(span.tokens.end - 1).end();
                let agents = known.iter().any(|own| {
                    own.speaker == Speaker::Agent
                        && own.run < run
                        && self.same_name(own.tokens.start, span.tokens.start)
                }) || self.agents_own(span.tokens.start);
                // «Anna!» calls somebody; a greeting behind the name does too.
                let calls = self.text.after(span.tokens.end - 1).exclaims();
                // «Hello, Leila Timurovna», when the agent is known to be another one.
                let full = known
                    .iter()
                    .any(|own| own.speaker == Speaker::Agent && own.run < run && own.first)
                    && span.tokens.start > tokens.start
                    && self.beside(self.parts.greeting, &span.tokens);
                let complete = self.is_complete(&span, &tokens);
                // «Shop Romashka, Igor Lvovich.», «Maria Tikhonovna, a teacher»: who calls, with no frame.
                let signed = span.patronymic.is_some() && {
                    let (from, to) = self.set_off(&span.tokens, &tokens);
                    before && to || from && after
                };
                // «Rashid I am. I want a number».
                let behind = span.tokens.end;
                let signs = behind < tokens.end
                    && self.text.after(behind).end()
                    && !self.text.after(behind).question()
                    && !self.text.before(behind).comma()
                    && self.reading(behind).is_some_and(is_i);
                if (before && (after || signs) || full || complete || signed)
                    && !calls
                    && !agents
                    && !self.covered(self.parts.name_mention, &span.tokens)
                {
                    let whole = match complete {
                        true => self.with_surname(span.tokens, &tokens),
                        false => span.tokens,
                    };
                    found.push(self.introduction(Speaker::Customer, run, whole));
                    return found;
                }
            }
        }
        found
    }

    /// «No internet here at the plant Ilnur — Ilnur what phone is it»: the name that the customer says in one of the first turns and the
    /// agent calls them by then, and by no other; what is said later the agent has to call them by twice.
    pub(super) fn called_back(&mut self, known: &[Introduction]) -> Option<Introduction> {
        let firsts = match self.customers_firsts.take() {
            Some(firsts) => firsts,
            None => self.find_customers_firsts(),
        };
        let own = match firsts.is_empty() {
            true => None,
            false => self.called_back_of(&firsts, known),
        };
        self.customers_firsts = Some(firsts);
        let own = own?;
        let run = self.text.run_of(own);
        let tokens = self.text.runs[run].tokens();
        let name = self.name_at(own, tokens.end)?;
        let whole = self.with_surname(name.tokens, &tokens);
        Some(self.introduction(Speaker::Customer, run, whole))
    }

    fn called_back_of(
        &mut self,
        firsts: &[(NormId, usize)],
        known: &[Introduction],
    ) -> Option<usize> {
        let mut said_by_customer: FxHashMap<NormId, Option<usize>> = FxHashMap::default();
        let mut own = None;
        let mut n_calls = 0;
        for &run in self.agent_runs {
            for span in self.names_in(run) {
                let Some(first) = span.first.filter(|_| self.calls_by(run, &span, known)) else {
                    continue;
                };
                let norm = self.vocabulary.norm_id(self.text.tokens[first].word);
                let said = match said_by_customer.get(&norm) {
                    Some(said) => *said,
                    None => {
                        let same = firsts.iter().find(|(_, at)| self.same_name(*at, first));
                        let said = same.map(|(_, at)| *at);
                        said_by_customer.insert(norm, said);
                        said
                    }
                };
                match said {
                    Some(said) if first < said => {}
                    Some(said)
                        if own.is_none_or(|own| own == said)
                            && !self.is_of_another_asked(said)
                            && self.may_be_own(said, self.beside_opener(&span.tokens)) =>
                    {
                        own = Some(said);
                        // «I am Ilnur» — «Ilnur, your number»: the very answer begins with it.
                        let answers = self
                            .agent_runs
                            .iter()
                            .find(|agent| **agent > self.text.run_of(said));
                        let is_answer = answers == Some(&run)
                            && span.tokens.start == self.text.runs[run].tokens().start;
                        n_calls += if is_answer { CALLS_MIN } else { 1 };
                    }
                    // The agent calls them by another name.
                    _ => return None,
                }
            }
        }
        let own = own?;
        let run = self.text.run_of(own);
        let mut first_runs = self.customer_runs.iter().take(VOLUNTEERED_RUNS);
        // «Pleased to meet you, Gulnara», «Lebedev Igor»: hardly anything but the name.
        let is_mostly_name = self.text.runs[run].tokens().len() <= NAME_TURN_TOKENS;
        let wanted = match is_mostly_name || first_runs.any(|first| *first == run) {
            true => 1,
            false => CALLS_MIN,
        };
        (n_calls >= wanted).then_some(own)
    }

    /// «What was the master's name?» — «Artur».
    fn is_of_another_asked(&self, name: usize) -> bool {
        let run = self.text.run_of(name);
        let before = self.agent_runs.iter().rfind(|agent| **agent < run);
        before.is_some_and(|before| {
            !roles::hits_in(self.hits, self.parts.asks_another, *before).is_empty()
        })
    }

    /// Whether the agent surely calls somebody by the name: set off by signs, or where there are none first, last, with the patronymic or
    /// beside «tell me please», with nothing told of anybody behind it.
    fn calls_by(&mut self, run: usize, span: &NameSpan, known: &[Introduction]) -> bool {
        let tokens = self.text.runs[run].tokens();
        let (start, end) = (span.tokens.start, span.tokens.end);
        let is_agents = self.agents_own(start)
            || known.iter().any(|own| {
                own.speaker == Speaker::Agent && self.same_name(own.tokens.start, start)
            });
        let may_be_word = self.beside_opener(&span.tokens);
        if is_agents
            || !self.is_plainly_a_name(span, may_be_word)
            || self.is_introduced(&span.tokens)
        {
            return false;
        }
        let (before, after) = self.set_off(&span.tokens, &tokens);
        if self.is_written(start) {
            return before && after;
        }
        let is_filler = |token: &usize| self.text.tokens[*token].marks.filler();
        // «Konstantin, the number stays»: the number does.
        let is_other_subject = |token: &usize| {
            self.reading(*token).is_some_and(|reading| {
                reading.pos == Pos::Noun && reading.case == Some(Case::Nominative)
            })
        };
        let mut told = (end..tokens.end)
            .filter(|token| !is_filler(token))
            .take(TOLD_REACH)
            .take_while(|token| !is_other_subject(token));
        let calls = span.patronymic.is_some()
            || start == tokens.start
            || self.past_hesitation(end, tokens.end) == tokens.end
            || may_be_word;
        calls && !told.any(|token| self.tells_of_one(token))
    }

    /// Whether it is no word besides, unless it may be one, no number of a house stands behind it and it is not talked about.
    pub(super) fn is_plainly_a_name(&self, span: &NameSpan, may_be_word: bool) -> bool {
        let facts = |token: usize| self.vocabulary.facts(self.text.tokens[token].word);
        let start = span.tokens.start;
        let run_end = self.text.runs[self.text.run_of(start)].tokens().end;
        let end = self.past_hesitation(span.tokens.end, run_end);
        let is_number = |token: &usize| facts(*token).is_number();
        // «Nurbek, twenty gigabytes» is no house.
        let counts = |token: usize| facts(token).unit().is_some();
        let mut rest = end..run_end;
        let is_numbered = rest.clone().next().is_some_and(|next| is_number(&next))
            && !rest.find(|token| !is_number(token)).is_some_and(counts);
        (may_be_word || span.patronymic.is_some() || !facts(start).also_word)
            && !is_numbered
            && !self.covered(self.parts.name_mention, &span.tokens)
            && !self.covered(self.parts.asks_identity, &span.tokens)
    }

    /// A verb that tells what one person does or did: «came», «answers».
    pub(super) fn tells_of_one(&self, token: usize) -> bool {
        self.is_third_person(token)
            && self.reading(token).is_some_and(|reading| {
                reading.number != Some(Number::Plural) && reading.gender != Some(Gender::Neuter)
            })
    }

    /// «Whose is the number? — Anton Sergeevich.»: what the customer says answers the question for somebody else's name.
    fn is_about_another(&self, run: usize) -> bool {
        let asked = self.agent_runs.iter().rfind(|asked| **asked < run);
        asked.is_some_and(|asked| {
            !roles::hits_in(self.hits, self.parts.asks_another, *asked).is_empty()
        })
    }

    /// Whether a name that the customer says can be their own: nothing is told of it, and neither the turn nor the question before it speaks
    /// of somebody else; or they say «I» beside it. It is no word besides, unless it may be one.
    fn may_be_own(&mut self, name: usize, may_be_word: bool) -> bool {
        let run = self.text.run_of(name);
        let tokens = self.text.runs[run].tokens();
        let Some(span) = self.name_at(name, tokens.end) else {
            return false;
        };
        let is_negation = |token: &usize| {
            self.reading(*token)
                .is_some_and(|reading| reading.pos == Pos::Particle)
        };
        let behind = (span.tokens.end..tokens.end).find(|token| !is_negation(token));
        let before = (tokens.start..name).next_back();
        let mut beside = behind.into_iter().chain(before);
        let says_i = || {
            let mut beside = beside.clone();
            beside.any(|token| self.reading(token).is_some_and(is_i))
                && !self.is_spoken_of_behind(&span.tokens, tokens.end)
        };
        self.is_plainly_a_name(&span, may_be_word)
            && !self.is_about_another(run)
            && (says_i()
                || !self.is_near_another(run, &span.tokens)
                    && !beside.any(|token| self.tells_of_one(token))
                    && !self.is_done_behind(&span.tokens, tokens.end))
    }

    /// «Sardor I have told him a hundred times»: «he», «her» close behind the name, unless that is somebody else with a name.
    fn is_spoken_of_behind(&self, name: &Range<usize>, end: usize) -> bool {
        let is_of_another = |token: usize| {
            self.reading(token).is_some_and(|reading| {
                reading.pos == Pos::Pronoun && reading.person == Some(Person::Third)
            })
        };
        let is_named = |token: usize| token < end && self.text.tokens[token].marks.named();
        (name.end..end)
            .take(SPOKEN_OF_REACH)
            .any(|token| is_of_another(token) && !is_named(token + 1))
    }

    /// «Aidar again did not call back»: what one person did, with nothing but adverbs and particles before the verb.
    fn is_done_behind(&self, name: &Range<usize>, end: usize) -> bool {
        let mut behind = (name.end..end).filter_map(|token| self.reading(token));
        let verb = behind.find(|reading| !matches!(reading.pos, Pos::Particle | Pos::Adverb));
        verb.is_some_and(|reading| {
            reading.tense == Some(Tense::Past)
                && reading.number == Some(Number::Singular)
                && reading.gender != Some(Gender::Neuter)
        })
    }

    /// Whether somebody else is spoken of in the run, who is not named otherwise: «it is Aidar, and here on the line is grandmother Vera».
    fn is_near_another(&self, run: usize, name: &Range<usize>) -> bool {
        let tokens = self.text.runs[run].tokens();
        let is_named = |token: usize| {
            let is_other = tokens.contains(&token) && !name.contains(&token);
            is_other && self.text.tokens[token].marks.named()
        };
        let others = roles::hits_in(self.hits, self.parts.another_person, run).iter();
        others.map(Hit::tokens).any(|other| {
            other.end == name.start
                || other.start == name.end
                || !is_named(other.end) && !other.start.checked_sub(1).is_some_and(is_named)
        })
    }

    /// Surname, name and patronymic; or name and surname set off from the rest: nobody is called so.
    fn is_complete(&mut self, span: &NameSpan, run: &Range<usize>) -> bool {
        let whole = self.with_surname(span.tokens.clone(), run);
        if whole == span.tokens {
            return false;
        }
        let (before, after) = self.set_off(&whole, run);
        span.patronymic.is_some() || self.is_written(whole.start) && before && after
    }
}
