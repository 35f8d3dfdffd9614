//! Whether a label («customer», «young man») calls the one who is talked to.

use std::ops::Range;

use super::{
    Namer, SUBJECT_REACH,
    sentence::{is_i, is_said_to},
};
use crate::call::Speaker;
use crate::lexicon::{Analysis, Case, Gender, Mood, Number, Person, Pos, Tense};
use crate::timeline::roles;

/// How many words before a label tell whether somebody is talked to.
const CLOSING_REACH: usize = 8;
/// In so many words before a label its verb stands.
const VERB_REACH: usize = 2;

impl Namer<'_> {
    /// A noun whose form is the nominative and cannot be the accusative: «специалист», «справка».
    fn is_surely_subject(&self, token: usize) -> bool {
        let readings = self.vocabulary.lexicon().analyses(self.norm(token));
        let mut nouns = readings.iter().filter(|reading| reading.pos == Pos::Noun);
        nouns.all(|noun| noun.case != Some(Case::Accusative))
    }

    /// Whether a label («customer», «young man») at these tokens is an address.
    pub(in crate::timeline) fn label_is_address(&self, run: usize, tokens: &Range<usize>) -> bool {
        let run_tokens = self.text.runs[run].tokens();
        let acknowledged = roles::hits(self.hits, self.parts.acknowledge_word);
        let leads = |token: usize| {
            self.text.tokens[token].marks.filler()
                || acknowledged.iter().any(|hit| hit.tokens().contains(&token))
        };
        let opened = (run_tokens.start..tokens.start).all(leads);
        // «В поле „Пол“ отметьте: женщина.»
        let is_told = tokens.start > run_tokens.start
            && self.text.before(tokens.start).colon()
            && self.text.after(tokens.end - 1).end();
        if is_told {
            return false;
        }
        if self.is_written(tokens.start) {
            let (before, after) = self.set_off(tokens, &run_tokens);
            return after && (before || opened);
        }
        // «К вам подойдёт мужчина, откройте дверь».
        let before = (run_tokens.start..tokens.start).rfind(|token| !self.is_hesitation(*token));
        let is_subject = before.is_some_and(|before| self.tells_of(tokens, before));
        self.parts_what_is_said_twice(tokens, &run_tokens)
            || (opened && !self.answers_about(run, tokens)
                || self.beside_opener(tokens) && !is_subject
                || self.closes_as_address(tokens, &run_tokens)
                || self.turns_amid(tokens, &run_tokens)
                || self.has_its_subject(tokens, &run_tokens))
                && !self.is_spoken_of(tokens, run_tokens.end)
    }

    /// Whether the word at a token tells what the one does or is whom a label names.
    fn tells_of(&self, label: &Range<usize>, token: usize) -> bool {
        let gender = self.reading(label.end - 1).and_then(|label| label.gender);
        self.reading(token).is_some_and(|reading| {
            let is_short = matches!(reading.pos, Pos::ShortAdjective | Pos::ShortParticiple);
            (is_short || self.is_third_person(token))
                && reading.number != Some(Number::Plural)
                && (reading.gender.is_none() || reading.gender == gender)
        })
    }

    /// Whether the form of a verb cannot go with the label as its subject: «объявление висело, женщина», «как вас зовут, мамочка».
    fn cannot_tell_of(&self, label: &Range<usize>, verb: &Analysis) -> bool {
        let gender = self.reading(label.end - 1).and_then(|label| label.gender);
        let is_past = verb.tense == Some(Tense::Past);
        verb.number == Some(Number::Plural) && !is_past
            || verb.gender.is_some() && gender.is_some() && verb.gender != gender
    }

    /// Without punctuation: «а женщины нет» — «женщина только в четверг», which nobody is told who would be called so.
    fn answers_about(&self, run: usize, label: &Range<usize>) -> bool {
        let lemma = |token: usize| self.vocabulary.lemma_key(self.text.tokens[token].word);
        let run_tokens = self.text.runs[run].tokens();
        let behind = label.end..run_tokens.end.min(label.end + SUBJECT_REACH);
        let asked = run.checked_sub(1).map(|before| &self.text.runs[before]);
        asked.is_some_and(|asked| {
            // Not as the customer calls the agent: «девушка сколько».
            let is_of = |token: usize| {
                lemma(token) == lemma(label.end - 1) && self.norm(token) != self.norm(label.end - 1)
            };
            asked.speaker == Speaker::Customer && asked.tokens().any(is_of)
        }) && !behind
            .filter_map(|token| self.reading(token))
            .any(|reading| reading.person == Some(Person::Second) || is_said_to(reading))
    }

    /// Without punctuation: «вижу мужчина вижу», where the label cannot be the subject; of «звонила девушка звонила» it is.
    fn parts_what_is_said_twice(&self, tokens: &Range<usize>, run: &Range<usize>) -> bool {
        if tokens.start == run.start || tokens.end == run.end {
            return false;
        }
        let norm = |token: usize| self.vocabulary.norm_id(self.text.tokens[token].word);
        let (before, after) = (tokens.start - 1, tokens.end);
        norm(before) == norm(after)
            && self.reading(before).is_some_and(|reading| {
                matches!(reading.person, Some(Person::First | Person::Second))
            })
    }

    /// Without punctuation: whether the words before the label have a subject of their own, so that a nominative can be nothing but
    /// an address: «вы определитесь уже молодой человек», «посмотрю мужчина что у вас», «не я закрыл мужчина».
    fn has_its_subject(&self, tokens: &Range<usize>, run: &Range<usize>) -> bool {
        // Nothing but what goes with the verb stands between it and the label.
        let is_verb = |token: usize| self.reading(token).is_some_and(|r| r.pos == Pos::Verb);
        let near = run.start.max(tokens.start.saturating_sub(VERB_REACH));
        if !(near..tokens.start).any(is_verb) {
            return false;
        }
        let from = run.start.max(tokens.start.saturating_sub(CLOSING_REACH));
        let mut subject = false;
        let mut verb = None;
        for token in from..tokens.start {
            let Some(reading) = self.reading(token) else {
                continue;
            };
            match reading.pos {
                Pos::Pronoun if reading.person.is_some() => {
                    subject |= reading.case == Some(Case::Nominative);
                }
                Pos::Verb => {
                    // «посмотрю» has its subject in itself; of «вижу» the label may be the object's clause.
                    let own = reading.person == Some(Person::First)
                        && reading.tense == Some(Tense::Future);
                    subject |= own;
                    verb = subject.then_some(token);
                }
                _ => {}
            }
        }
        verb.is_some_and(|verb| verb >= near)
    }

    /// Without punctuation: whether what is said behind the label is said to somebody («вас плохо слышно мужчина погромче говорите»), and
    /// nothing before it tells of whom it names («там была женщина …»).
    fn turns_amid(&self, tokens: &Range<usize>, run: &Range<usize>) -> bool {
        let mut earlier = run.start..tokens.start;
        let Some(before) = earlier.rfind(|token| !self.is_hesitation(*token)) else {
            return false;
        };
        // What stands right before has to be at its end; a noun, a place, «the owner is» may go with the label.
        let parts = self
            .reading(before)
            .is_some_and(|reading| match reading.pos {
                // «Есть мужчина»: of eating nobody speaks.
                Pos::Infinitive => {
                    let readings = self.vocabulary.lexicon().analyses(self.norm(before));
                    let mut readings = readings.iter();
                    readings.all(|reading| reading.pos == Pos::Infinitive)
                }
                Pos::Verb => {
                    is_said_to(reading)
                        || reading.person == Some(Person::First)
                        || self.cannot_tell_of(tokens, reading)
                }
                Pos::Adverb | Pos::ShortAdjective | Pos::ShortParticiple => {
                    self.norm(before).ends_with('о')
                }
                Pos::Pronoun => reading.person.is_some() && reading.case != Some(Case::Nominative),
                _ => false,
            });
        let label = self.norm(tokens.end - 1);
        let is_adjective = label.ends_with("гой") || label.ends_with("гая");
        let earlier = tokens.start.saturating_sub(CLOSING_REACH).max(run.start);
        let near = tokens.end..run.end.min(tokens.end + SUBJECT_REACH);
        let is_of_others = |token: usize| {
            let mut readings = self
                .vocabulary
                .lexicon()
                .analyses(self.norm(token))
                .into_iter();
            readings
                .any(|reading| reading.pos == Pos::Pronoun && reading.person == Some(Person::Third))
        };
        parts
            && !is_adjective
            && !(earlier..tokens.start).any(|token| self.tells_of(tokens, token))
            && self.turns_to_customer(near.start, run.end)
            && !near.into_iter().any(is_of_others)
    }

    /// Without punctuation: whether the label ends what is said and belongs to nothing before it («по какому вопросу девушка»).
    fn closes_as_address(&self, tokens: &Range<usize>, run: &Range<usize>) -> bool {
        if self.past_hesitation(tokens.end, run.end) != run.end || tokens.start == run.start {
            return false;
        }
        let is_word = |token: &usize| !self.text.tokens[*token].marks.filler();
        let Some(last) = (run.start..tokens.start).rfind(is_word) else {
            return false;
        };
        let parted = self.reading(last).is_some_and(|before| match before.pos {
            Pos::Noun => before.case.is_some_and(|case| case != Case::Nominative),
            Pos::Adverb | Pos::Infinitive => true,
            Pos::Verb => is_said_to(before) || self.cannot_tell_of(tokens, before),
            _ => false,
        });
        if !parted {
            return false;
        }
        let from = tokens.start.saturating_sub(CLOSING_REACH).max(run.start);
        let mut asked = tokens.len() > 1;
        for token in from..tokens.start {
            let Some(reading) = self.reading(token) else {
                continue;
            };
            let facts = self.vocabulary.facts(self.text.tokens[token].word);
            let is_short = matches!(reading.pos, Pos::ShortAdjective | Pos::ShortParticiple);
            let goes_with_it = facts.third_person && !self.cannot_tell_of(tokens, reading);
            if goes_with_it || is_short {
                return false;
            }
            asked |= is_said_to(reading) || reading.person == Some(Person::Second);
        }
        asked
    }

    /// Without punctuation: whether the label at these tokens is what the talk is about («молодой человек в салоне поможет»), or an
    /// adjective of the noun behind it («дорогая связь»).
    fn is_spoken_of(&self, tokens: &Range<usize>, end: usize) -> bool {
        let reading = |token: usize| self.reading(token);
        let label = reading(tokens.end - 1);
        // «Дорогой» is of a woman or a road too, but not as one calls; of the others nothing is, but people.
        let (gender, is_adjective) = match self.norm(tokens.end - 1) {
            norm if norm.ends_with("гой") => (Some(Gender::Masculine), true),
            norm => (label.and_then(|label| label.gender), norm.ends_with("гая")),
        };
        let is_short =
            |next: &Analysis| matches!(next.pos, Pos::ShortAdjective | Pos::ShortParticiple);
        let tells = |token: usize, next: &Analysis| self.is_third_person(token) || is_short(next);
        // Of what does not live the two cases are alike.
        let is_thing = |next: &Analysis| {
            let named = matches!(next.case, Some(Case::Nominative | Case::Accusative));
            next.pos == Pos::Noun && named
        };
        let is_word = |token: &usize| !self.is_hesitation(*token);
        let mut behind = (tokens.end..end).filter(is_word);
        let behind = tokens.end..behind.nth(SUBJECT_REACH).unwrap_or(end);
        let (mut at_yours, mut of_yours) = (false, false);
        let mut is_near = true;
        let mut has_noun = false;
        let mut before = None;
        for token in behind.clone().filter(is_word) {
            let Some(next) = reading(token) else {
                continue;
            };
            let follows_preposition = before == Some(Pos::Preposition);
            before = Some(next.pos);
            let agrees = next.gender == gender;
            // «Молодой человек, вопросы будут?», «девушка у вас закончился пакет»: not what the one who is called so does.
            let of_another =
                next.number == Some(Number::Plural) || next.gender.is_some() && !agrees;
            // «клиент номер заблокирован»
            let is_of_noun = next.pos == Pos::ShortParticiple && has_noun;
            if tells(token, next) && !of_another && !is_of_noun {
                // «мужчина у вас закончился пакет», «девушка вам перезвонит специалист»; but «женщина вам откроет дверь».
                let is_subject = |token: usize| {
                    let fits = |noun: &Analysis| {
                        let agrees = next.gender.is_none_or(|gender| noun.gender == Some(gender));
                        is_thing(noun) && agrees
                    };
                    reading(token).is_some_and(fits)
                        && (is_short(next)
                            || at_yours && next.gender.is_some()
                            || self.is_surely_subject(token))
                };
                return !(of_yours && (token + 1..behind.end).any(is_subject));
            }
            let mut rest =
                (token + 1..behind.end).filter_map(|token| Some((token, reading(token)?)));
            // «сынок ваш сколько лет»; but «сынок ваш номер».
            let is_theirs = token == tokens.end && agrees && self.norm(token).starts_with("ваш");
            if is_theirs && !rest.clone().any(|(_, next)| is_thing(next)) {
                return true;
            }
            // «дорогая связь», «дорогой у вас тариф»; but «дорогая у вас карта закрыта», «дорогой номер скажите».
            let is_attribute = is_near && is_adjective && is_thing(next) && agrees;
            let is_asked = |next: &Analysis| next.mood == Some(Mood::Imperative);
            if is_attribute
                && !rest.any(|(at, next)| is_asked(next) || token > tokens.end && tells(at, next))
            {
                return true;
            }
            // «девушка у вас интернет отключён»: talk to the one who is called so; «девушка вам поможет» is not.
            let of_you = next.person == Some(Person::Second);
            let turns_to = next.mood == Some(Mood::Imperative)
                || is_i(next)
                || of_you && next.case.is_none_or(|case| case == Case::Nominative);
            if at_yours && is_thing(next) || turns_to {
                return false;
            }
            let is_dative = next.case == Some(Case::Dative);
            at_yours |= of_you && !is_dative && follows_preposition;
            of_yours |= of_you;
            has_noun |= is_thing(next) && agrees && !follows_preposition;
            is_near &= next.pos.is_function();
        }
        false
    }
}
