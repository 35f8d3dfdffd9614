//! Names said in words such as «my name is», and what an introduction consists of.

use std::ops::Range;

use smallvec::SmallVec;

use super::{Introduction, Namer, sentence::is_i};
use crate::call::{Direction, Speaker};
use crate::lexicon::{Analysis, Case, NameKind, NameReading, Number, Person, Pos};
use crate::phrase::Hit;
use crate::timeline::roles;

/// How surnames end that are words in the genitive of many.
const FAMILY_ENDINGS: [&str; 2] = ["ых", "их"];
/// How most other surnames end.
const SURNAME_ENDINGS: [&str; 6] = ["ов", "ев", "ин", "ова", "ева", "ина"];
/// Such a one has so many letters at least: pronouns are shorter.
const FAMILY_LETTERS_MIN: usize = 5;

impl Namer<'_> {
    /// «Anna, I am listening» after the customer has said that this is their name introduces nobody.
    pub(super) fn leave_out_the_customers(&mut self, introductions: &mut Vec<Introduction>) {
        let mut at = 0;
        while at < introductions.len() {
            let own = introductions[at].clone();
            let is_customers = own.speaker == Speaker::Agent
                && introductions[..at].iter().any(|earlier| {
                    earlier.speaker == Speaker::Customer
                        && earlier.run < own.run
                        && self.same_name(earlier.tokens.start, own.tokens.start)
                });
            if is_customers {
                introductions.remove(at);
            } else {
                at += 1;
            }
        }
    }

    /// Introductions in words such as «my name is».
    pub(super) fn framed(&mut self) -> Vec<Introduction> {
        let mut found = Vec::new();
        for hit in roles::hits(self.hits, self.parts.introduces) {
            let run = hit.run as usize;
            let Some((_, name)) = &hit.name else { continue };
            if self.calls_the_customer(hit) {
                continue;
            }
            let mut name = name.start as usize..name.end as usize;
            if let Some(behind) = self.name_behind(hit) {
                name = behind;
            }
            // «Я цветами торгую»: a name in another case that is a word too is the word.
            let is_word = self
                .vocabulary
                .facts(self.text.tokens[name.start].word)
                .also_word
                && !self.nominative(name.start, NameKind::First)
                && name.len() == 1;
            // «Я Марине говорил»
            let is_told_of = name.start > self.text.runs[run].tokens().start
                && self.reading(name.start - 1).is_some_and(is_i)
                && !self.nominative(name.start, NameKind::First);
            // «Department of contracts. Of Ruslan Tagirovich?»: nobody says their own name so.
            let outbound = self.text.call.direction_or_default() == Direction::Outbound;
            if is_word
                || is_told_of
                || self.is_glad(&name)
                || self.is_declined(&name) && !self.is_of_oneself(&name)
                || outbound && name.len() > 1 && self.is_greeted(&name)
                || self.covered(self.parts.asks_identity, &name)
                || self.covered(self.parts.name_mention, &name)
            {
                continue;
            }
            let speaker = self.text.runs[run].speaker;
            found.push(self.introduction(speaker, run, name));
        }
        found
    }

    /// «Любовь, меня зовут Вера»: the name behind the frame is meant, the one before it is called.
    fn name_behind(&mut self, hit: &Hit) -> Option<Range<usize>> {
        let (_, name) = hit.name.as_ref()?;
        let (tokens, end) = (hit.tokens(), self.text.runs[hit.run as usize].tokens().end);
        // «Альбина зовут меня Фаниль Рашитович»: the frame is closed, whom the agent rings is called.
        let is_me = |reading: &Analysis| reading.person == Some(Person::First);
        let is_closed = name.len() == 1 && self.reading(tokens.end - 1).is_some_and(is_me);
        let is_before = name.start as usize == tokens.start && (name.end as usize) < tokens.end;
        if !is_before {
            return None;
        }
        // «Павел, меня зовут Грачёва Анна»
        let next = self.past_hesitation(tokens.end, end);
        let is_surname = next < end && self.nominative(next, NameKind::Surname);
        let behind = self.past_hesitation(end.min(next + 1), end);
        let at = [Some(next), is_surname.then_some(behind)];
        let mut names = at.into_iter().flatten().filter(|at| *at < end);
        let span = names.find_map(|at| {
            let span = self.name_at(at, end)?;
            span.first.is_some().then_some(span)
        });
        span.filter(|span| !(is_closed && span.patronymic.is_some()))
            .filter(|span| !self.is_glad(&span.tokens))
            .map(|span| span.tokens)
    }

    /// «Рада вам помочь», «рада слышать»: the short adjective, whatever name is written so.
    pub(super) fn is_glad(&self, name: &Range<usize>) -> bool {
        let may_be_short = |token: usize| {
            let mut readings = self
                .vocabulary
                .lexicon()
                .analyses(self.norm(token))
                .into_iter();
            readings.any(|reading| reading.pos == Pos::ShortAdjective)
        };
        let is = |token: usize, is: &dyn Fn(&Analysis) -> bool| self.reading(token).is_some_and(is);
        let is_infinitive = |reading: &Analysis| reading.pos == Pos::Infinitive;
        let is_you = |reading: &Analysis| {
            reading.person == Some(Person::Second) && reading.case != Some(Case::Nominative)
        };
        if is(name.start, &|reading| reading.pos == Pos::ShortAdjective) {
            return true;
        }
        let end = self.text.runs[self.text.run_of(name.start)].tokens().end;
        let behind = self.past_hesitation(name.end, end);
        let then = self.past_hesitation(end.min(behind + 1), end);
        let goes_on = behind < end
            && (is(behind, &is_infinitive)
                || is(behind, &is_you) && then < end && is(then, &is_infinitive));
        name.len() == 1
            && goes_on
            && !self.text.after(name.end - 1).end()
            && may_be_short(name.start)
    }

    /// A first name with a patronymic that is in another case than the nominative.
    pub(super) fn is_declined(&mut self, name: &Range<usize>) -> bool {
        name.len() > 1
            && self.text.tokens[name.start + 1].marks.patronymic()
            && !self.nominative(name.start + 1, NameKind::Patronymic)
    }

    /// «На меня, на Арину Валерьевну»: whoever says so is called so.
    fn is_of_oneself(&self, name: &Range<usize>) -> bool {
        let run = self.text.runs[self.text.run_of(name.start)].tokens();
        let is_preposition = |token: &usize| {
            self.reading(*token)
                .is_some_and(|reading| reading.pos == Pos::Preposition)
        };
        let before = (run.start..name.start).rfind(|token| !is_preposition(token));
        before
            .and_then(|token| self.reading(token))
            .is_some_and(|reading| {
                reading.pos == Pos::Pronoun && reading.person == Some(Person::First)
            })
    }

    /// «Olga Lvovna, I have put a ban»: what a customer would introduce themselves with calls the customer when the agent says it.
    fn calls_the_customer(&mut self, hit: &Hit) -> bool {
        let run = hit.run as usize;
        let tokens = hit.tokens();
        let Some((_, name)) = &hit.name else {
            return false;
        };
        let name = name.start as usize..name.end as usize;
        let goes_on = || {
            tokens.end < self.text.runs[run].tokens().end
                && self.reading(tokens.end - 1).is_some_and(is_i)
        };
        // «Hello, Renat Maratovich, MTS, my name is Evgeny».
        let is_greeted = || self.follows_greeting(&name) && self.another_is_given(run, &name);
        if self.text.runs[run].speaker != Speaker::Agent {
            return false;
        }
        name.start == tokens.start && (goes_on() || is_greeted())
            // «My name is Vera» — «It is the director, Renat Maratovich» — «Renat Maratovich, I am listening».
            || self.was_another_given(run, &name) && self.customer_mentions(name.start, name.start)
            || self.asks_who_it_is(run, &name)
    }

    /// «It is Sergey» — «yes» — «my name is Anna»: the agent's turn ends with a name, and the next one has another that is their own.
    fn asks_who_it_is(&mut self, run: usize, name: &Range<usize>) -> bool {
        let next = self.agent_runs.partition_point(|agent| *agent <= run);
        let Some(&next) = self.agent_runs.get(next) else {
            return false;
        };
        let is_last = name.end == self.text.runs[run].tokens().end;
        if !is_last {
            return false;
        }
        let mut own = roles::hits_in(self.hits, self.parts.introduces, next)
            .iter()
            .filter(|hit| hit.name.is_some());
        own.any(|hit| {
            let behind = self.name_behind(hit).map(|name| name.start);
            let own = behind.or(hit.name.as_ref().map(|(_, name)| name.start as usize));
            own.is_some_and(|own| !self.same_name(own, name.start))
        }) || self.calls_again(next, name.start)
    }

    /// «It is Rasul Mazitovich» — «yes» — «Rasul Mazitovich, it is the power company, Valentina Pavlovna»: called again by it beside another
    /// name, or another one is there that the file gives for the agent.
    fn calls_again(&mut self, run: usize, name: usize) -> bool {
        let names = self.names_in(run);
        let names = names.iter().map(|span| span.tokens.start);
        let is_same: SmallVec<[bool; 4]> =
            names.clone().map(|at| self.same_name(at, name)).collect();
        let again = is_same.first() == Some(&true) && is_same.contains(&false);
        let mut others = names;
        again
            || others.any(|at| self.agents_own(at))
                && !self.agents_own(name)
                && !is_same.contains(&true)
    }

    /// Whether the agent has said another name as their own in an earlier turn.
    fn was_another_given(&self, run: usize, name: &Range<usize>) -> bool {
        let norm = |token: usize| self.vocabulary.norm_id(self.text.tokens[token].word);
        let given = roles::hits(self.hits, self.parts.introduces).iter();
        let earlier = given.take_while(|hit| (hit.run as usize) < run);
        let mut own = earlier
            .filter(|hit| self.text.runs[hit.run as usize].speaker == Speaker::Agent)
            .filter_map(|hit| hit.name.as_ref());
        own.any(|(_, own)| norm(own.start as usize) != norm(name.start))
    }

    pub(super) fn introduction(
        &mut self,
        speaker: Speaker,
        run: usize,
        name: Range<usize>,
    ) -> Introduction {
        let name = self.with_unknown_first(speaker, run, name);
        let mut first = false;
        let mut surname = false;
        for token in name.clone() {
            if self.is_hesitation(token) {
                continue;
            }
            let readings = self.readings(token);
            let has = |kind| readings.of(kind).next().is_some();
            // «Егоров» is the surname rather than many by the name of «Егор»; «светлан» lost its ending.
            let of_one = |reading: &NameReading| reading.number == Number::Singular;
            let is_first = readings.of(NameKind::First).any(of_one)
                || has(NameKind::First) && !has(NameKind::Surname);
            if is_first && !first {
                first = true;
            } else if !has(NameKind::Patronymic) {
                surname = true;
            }
        }
        // Nobody is called «my name is» and then a surname; what the dictionary lacks is a first name there.
        let lacked = |token: usize| {
            let word = self.text.tokens[token].word;
            self.vocabulary.facts(word).is_foreign()
        };
        if !first && name.clone().next().is_some_and(lacked) {
            (first, surname) = (true, name.len() > 1);
        }
        let run_tokens = self.text.runs[run].tokens();
        let before = (run_tokens.start..name.start).rfind(|token| !self.is_hesitation(*token));
        let after = self.past_hesitation(name.end, run_tokens.end);
        let neighbours = before.into_iter().chain([after]);
        for token in neighbours.filter(|token| run_tokens.contains(token)) {
            // «Анна Мельник», of whoever introduces themselves on duty.
            let word = self.text.tokens[token].word;
            let is_listed = self.vocabulary.facts(word).surname;
            let may_be =
                speaker == Speaker::Agent && (is_listed || self.may_be_a_family(token, &name));
            surname |= may_be || self.is_surname(token, speaker);
        }
        Introduction {
            speaker,
            run,
            tokens: name,
            first,
            surname,
        }
    }

    /// «Анотолий Георгиевич», «шах ноза Рустамовна»: what stands before the customer's patronymic and nobody knows is their first name, or
    /// the end of it.
    fn with_unknown_first(
        &mut self,
        speaker: Speaker,
        run: usize,
        name: Range<usize>,
    ) -> Range<usize> {
        let starts = self.text.runs[run].tokens().start;
        let is_lone = speaker == Speaker::Customer
            && name.start > starts
            && self.nominative(name.start, NameKind::Patronymic)
            && !self.nominative(name.start, NameKind::First);
        let is_unknown = |token: usize| {
            let word = self.text.tokens[token].word;
            self.vocabulary.marks(word).foreign()
        };
        match is_lone && is_unknown(name.start - 1) {
            true => name.start - 1..name.end,
            false => name,
        }
    }

    /// A surname by the dictionary, by the metadata, or a capitalised word that no dictionary has.
    fn is_surname(&mut self, token: usize, speaker: Speaker) -> bool {
        let word = self.text.tokens[token].word;
        let facts = self.vocabulary.facts(word);
        if facts.surname && !facts.also_word
            || !facts.known && !facts.is_number() && self.vocabulary.capitalised(word)
            || self.is_of_a_family(token)
        {
            return true;
        }
        self.place_in_name(token, speaker)
            .is_some_and(|place| place > 0)
    }

    /// «Анна Стрельцова», «Анна Речная»: what nobody knows and ends like surnames, or an adjective with a capital, in the same breath.
    fn may_be_a_family(&self, token: usize, name: &Range<usize>) -> bool {
        let between = match token < name.start {
            true => self.text.after(token),
            false => self.text.after(token - 1),
        };
        let word = self.text.tokens[token].word;
        let norm = self.vocabulary.norm(word);
        between.is_none()
            && match self.reading(token) {
                None => {
                    norm.chars().count() >= FAMILY_LETTERS_MIN
                        && SURNAME_ENDINGS.iter().any(|end| norm.ends_with(end))
                }
                Some(reading) => reading.pos == Pos::Adjective && self.vocabulary.capitalised(word),
            }
    }

    /// «Sedykh», of the grey-haired ones: a surname that is a word, in the genitive of many.
    fn is_of_a_family(&self, token: usize) -> bool {
        let norm = self.vocabulary.norm(self.text.tokens[token].word);
        let reading = self.reading(token);
        FAMILY_ENDINGS.iter().any(|end| norm.ends_with(end))
            && norm.chars().count() >= FAMILY_LETTERS_MIN
            && reading.is_some_and(|reading| reading.pos == Pos::Adjective)
    }

    /// Whether the name at the tokens is the one that somebody introduces: in «Irina Lvovna, this is Gleb» only Gleb is.
    pub(super) fn is_introduced(&mut self, tokens: &Range<usize>) -> bool {
        roles::hits_over(self.hits, self.parts.introduces, tokens)
            .iter()
            .any(|hit| {
                let name = hit.name.as_ref().map_or(hit.tokens(), |(_, name)| {
                    name.start as usize..name.end as usize
                });
                name.start < tokens.end
                    && tokens.start < name.end
                    && !self.calls_the_customer(hit)
                    && self.name_behind(hit).is_none()
            })
    }

    /// The name with a surname before or behind it.
    pub(super) fn with_surname(&mut self, name: Range<usize>, run: &Range<usize>) -> Range<usize> {
        let start = name.start
            - usize::from(
                name.start > run.start && self.is_surname(name.start - 1, Speaker::Customer),
            );
        let end = name.end
            + usize::from(name.end < run.end && self.is_surname(name.end, Speaker::Customer));
        start..end
    }

    /// A greeting stands right before the name, and the sentence ends with it, or the name is asked and begins the turn. Where more
    /// follows («Hello, Olga Ivanovna, the power company»), the name may be the agent's own.
    pub(super) fn is_greeted(&self, name: &Range<usize>) -> bool {
        let after = self.text.after(name.end - 1);
        self.follows_greeting(name) && after.end()
            || self.opens_turn(name.start) && after.question()
    }

    /// Behind the name somebody introduces themselves by another one: «hello Svetlana my name is Oleg».
    pub(super) fn another_is_given(&self, run: usize, name: &Range<usize>) -> bool {
        let given = roles::hits_in(self.hits, self.parts.introduces, run).iter();
        let mut later = given.filter(|hit| name.end <= hit.tokens().start);
        later.any(|hit| {
            let own = hit.name.as_ref();
            own.is_some_and(|(_, own)| {
                self.vocabulary
                    .norm(self.text.tokens[own.start as usize].word)
                    != self.vocabulary.norm(self.text.tokens[name.start].word)
            })
        })
    }

    pub(super) fn follows_greeting(&self, name: &Range<usize>) -> bool {
        let mut greetings = roles::hits(self.hits, self.parts.greeting).iter();
        greetings.any(|hit| hit.tokens().end == name.start) && !self.text.before(name.start).end()
    }
}
