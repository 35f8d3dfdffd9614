//! The agent's own name without a frame.

use std::ops::Range;
use std::rc::Rc;

use super::{Introduction, NameForm, NameSpan, Namer, relation::relation};
use crate::call::{Direction, Speaker};
use crate::lexicon::{Lexicon, NameKind, NameReadings};
use crate::timeline::roles;

impl Namer<'_> {
    /// The agent's own name in the opening without a frame: «Anna, hello», «specialist Anna».
    pub(super) fn bare_agent_names(&mut self, introductions: &[Introduction]) -> Vec<Introduction> {
        let mut found = Vec::new();
        let (runs, end) = (self.agent_runs, self.zones.opening_end);
        for &run in runs.iter().take_while(|run| **run < end) {
            let earlier = found.len();
            for span in self.names_in(run) {
                if span.first.is_some()
                    && self.is_bare_own_name(run, &span, introductions)
                    && !self.is_customers_beside(&found, run, &span)
                {
                    // «Hello Marina Anna from the flower shop»: who is called stands first.
                    let word = self.text.tokens[span.tokens.start].word;
                    let may_be_surname = self.vocabulary.facts(word).surname;
                    let is_other =
                        |own: &Introduction| !self.same_name(own.tokens.start, span.tokens.start);
                    let first = found.get(earlier).filter(|own| !own.surname);
                    if !may_be_surname && first.is_some_and(is_other) {
                        found.truncate(earlier);
                    }
                    found.push(self.introduction(Speaker::Agent, run, span.tokens));
                }
            }
        }
        found
    }

    /// «Roman, hello» — «Hello, it is Aidar from the first line» — «Aidar, calm down»: the agent has a name by then, and the customer has
    /// said the other one.
    fn is_customers_beside(&mut self, own: &[Introduction], run: usize, span: &NameSpan) -> bool {
        let is_other = |own: &Introduction| {
            own.run < run && !self.same_name(own.tokens.start, span.tokens.start)
        };
        own.iter().any(is_other) && self.customer_mentions(span.tokens.start, span.tokens.start)
    }

    fn is_bare_own_name(
        &mut self,
        run: usize,
        span: &NameSpan,
        introductions: &[Introduction],
    ) -> bool {
        let tokens = &span.tokens;
        let overlaps = |introduction: &Introduction| {
            introduction.tokens.start < tokens.end && tokens.start < introduction.tokens.end
        };
        if introductions.iter().any(overlaps)
            || self.covered(self.parts.asks_identity, tokens)
            || self.covered(self.parts.name_mention, tokens)
        {
            return false;
        }
        let word = self.text.tokens[tokens.start].word;
        if self.agents_own(tokens.start) {
            return true;
        }
        if self.is_glad(tokens) {
            return false;
        }
        if self.is_whom_they_call(span) || self.is_declined(tokens) {
            return false;
        }
        // Name and patronymic are how one calls the other side, unless a sentence that greets ends with them.
        // Who answers a call cannot know yet whom to call so; unless «tell me please» comes next.
        let answers = self.text.call.direction_or_default() == Direction::Inbound
            && self.customer_runs.first().is_none_or(|first| run < *first)
            && !roles::hits(self.hits, self.parts.vocative_verbs)
                .iter()
                .any(|hit| hit.tokens().start == tokens.end && hit.run as usize == run);
        let is_signed = || {
            let has_greeting = !roles::hits_in(self.hits, self.parts.greeting, run).is_empty();
            let is_first = self.agent_runs.first() == Some(&run);
            let after = self.text.after(tokens.end - 1);
            // «Good evening. Ilya Viktorovich?» asks who it is.
            after.end() && !after.question() && (has_greeting || is_first)
        };
        let before = self.customer_runs.iter().rfind(|before| **before < run);
        let is_answer = before.is_some_and(|before| {
            !roles::hits_in(self.hits, self.parts.customer_question, *before).is_empty()
        });
        // «Who is it?» — «Anna Sergeevna».
        let answers = answers || is_answer && self.is_whole_turn(run, tokens);
        if span.patronymic.is_some() && !answers && !is_signed() && !self.is_greeted_back(run, span)
        {
            return false;
        }
        let said_by_customer = introductions.iter().any(|introduction| {
            introduction.speaker == Speaker::Customer
                && introduction.run < run
                && self.same_name(introduction.tokens.start, tokens.start)
        });
        // «May I speak to Olga?» — «Olga is off today.» But «Olga?» — «Yes, Olga, the power company.»
        let goes_on = tokens.end < self.text.runs[run].tokens().end
            && self.text.after(tokens.end - 1).is_none()
            && self.reading(tokens.end).is_some();
        if said_by_customer || goes_on && self.customer_mentions(tokens.start, tokens.start) {
            return false;
        }
        // «Yes?» — «Hello, Artyom»: who calls asks for whom they want, and does not ask for the name then.
        let asks_name = || {
            let mut asked = roles::hits(self.hits, self.parts.ask_name).iter();
            asked.any(|hit| {
                let asked = hit.run as usize;
                asked > run && self.text.runs[asked].speaker == Speaker::Agent
            })
        };
        let is_asked_for =
            before.is_some() && self.is_whole_turn(run, tokens) && !is_answer && !asks_name();
        if is_asked_for || self.has_another_name(span, introductions) {
            return false;
        }
        let facts = self.vocabulary.facts(word);
        if !facts.also_word {
            return true;
        }
        // «Green net, Ksenia»: the customer has heard a name.
        let first = self.customer_runs.first().copied();
        let heard = first.is_some_and(|first| {
            let mut tokens = self.text.runs[first].tokens();
            run < first && tokens.any(|token| self.same_name(token, span.tokens.start))
        });
        if heard || self.is_greeted_back(run, span) {
            return true;
        }
        let run_tokens = self.text.runs[run].tokens();
        // «Roman Petrov, hello».
        let may_be_surname = |token: usize| {
            run_tokens.contains(&token)
                && self.vocabulary.facts(self.text.tokens[token].word).surname
        };
        let from = usize::from(tokens.start.checked_sub(1).is_some_and(may_be_surname));
        let behind = self.past_hesitation(tokens.end, run_tokens.end);
        let end = match may_be_surname(behind) {
            true => behind + 1,
            false => tokens.end,
        };
        let whole = tokens.start - from..end;
        let beside_greeting = [tokens, &whole]
            .iter()
            .any(|name| self.beside(self.parts.greeting, name));
        let capitalised_inside = self.vocabulary.capitalised(word)
            && tokens.start > run_tokens.start
            && !self.text.before(tokens.start).end();
        beside_greeting || capitalised_inside
    }

    /// «Lilia Rafisovna, how can I help you» — «Hello Lilia Rafisovna, I have a question»: the customer greets them by the name.
    fn is_greeted_back(&mut self, run: usize, span: &NameSpan) -> bool {
        let Some(next) = self.customer_runs.iter().copied().find(|next| *next > run) else {
            return false;
        };
        let greetings = roles::hits_in(self.hits, self.parts.greeting, next);
        let mut names = greetings.iter().map(|hit| hit.tokens().end);
        let end = self.text.runs[next].tokens().end;
        names.any(|name| name < end && self.same_name(name, span.tokens.start))
    }

    /// Who says «my name is Anna» has no other name beside: «Grigory, good day, my name is Alla».
    pub(super) fn has_another_name(
        &mut self,
        span: &NameSpan,
        introductions: &[Introduction],
    ) -> bool {
        let mut own = introductions.iter().filter(|introduction| {
            introduction.speaker == Speaker::Agent
                && introduction.first
                && introduction.run < self.zones.opening_end
        });
        let others = |own: &Introduction| !self.same_name(own.tokens.start, span.tokens.start);
        own.clone().next().is_some() && own.all(others)
    }

    /// Whether the agent's turn is the name and at most a word such as «hello» before it.
    pub(super) fn is_whole_turn(&self, run: usize, name: &Range<usize>) -> bool {
        let tokens = self.text.runs[run].tokens();
        let words = (tokens.start..name.start).filter(|token| !self.is_hesitation(*token));
        name.end == tokens.end && words.count() <= 1
    }

    /// An outbound call to somebody whose name the file tells, or whom the agent greets or asks for by name and patronymic, or to whom
    /// else than the agent whose first name the file tells: «Smirnov Alexei Viktorovich?»
    fn is_whom_they_call(&mut self, span: &NameSpan) -> bool {
        let call = self.text.call;
        if call.direction_or_default() != Direction::Outbound {
            return false;
        }
        if self
            .place_in_name(span.tokens.start, Speaker::Customer)
            .is_some()
        {
            return true;
        }
        let (Some(first), Some(_)) = (span.first, span.patronymic) else {
            return false;
        };
        // «Hello, Yana Eduardovna! This is the contracts department.»
        if self.is_greeted(&span.tokens) {
            return true;
        }
        let Some(agent) = &call.agent.name else {
            return false;
        };
        let said = self.readings(first);
        let names = agent.split_whitespace().map(|part| {
            let name = Lexicon::embedded().names(&crate::text::norm(part));
            Rc::new(name)
        });
        let firsts: Vec<Rc<NameReadings>> = names
            .filter(|name| name.of(NameKind::First).next().is_some())
            .collect();
        let is_other = |name: &Rc<NameReadings>| {
            matches!(relation(&said, std::slice::from_ref(name)), NameForm::Other)
                && matches!(relation(name, std::slice::from_ref(&said)), NameForm::Other)
        };
        !firsts.is_empty() && firsts.iter().all(is_other)
    }
}
