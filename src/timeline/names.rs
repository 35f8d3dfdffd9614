//! Who introduced themselves, and how the agent addresses the customer by name.

use std::cell::OnceCell;
use std::hash::BuildHasher;
use std::ops::Range;
use std::rc::Rc;

use rustc_hash::{FxBuildHasher, FxHashMap};
use smallvec::SmallVec;

use super::{Roles, roles, zones::ZoneRuns};
use crate::call::{Direction, Speaker};
use crate::lexicon::{
    Analysis, Case, Gender, Lexicon, Mood, NameKind, NameReading, NameReadings, Number, Person,
    Pos, Tense,
};
use crate::phrase::{Hit, Hits, SetId, distance};
use crate::text::{NormId, TokenizedCall, Vocabulary, WordId};

/// Somebody says their own name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Introduction {
    /// Who.
    pub speaker: Speaker,
    /// The run with the name.
    pub run: usize,
    /// The tokens of the name.
    pub tokens: Range<usize>,
    /// A first name is among them.
    pub first: bool,
    /// A surname is among them.
    pub surname: bool,
}

/// How a name that the agent uses relates to the one that the customer gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameForm {
    /// The name that was given, or the full form of a short one.
    Given,
    /// A short or pet form of what was given.
    Short,
    /// The surname alone.
    Surname,
    /// Another name.
    Other,
    /// The customer has given none.
    NotGiven,
}

/// The agent addresses the customer by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// The agent's run.
    pub run: usize,
    /// The tokens of the name.
    pub tokens: Range<usize>,
    /// Against the name that the customer gave.
    pub form: NameForm,
}

/// Introductions and addresses of a call.
#[derive(Debug, Clone, Default)]
pub struct Naming {
    /// In order of the call.
    pub introductions: Vec<Introduction>,
    /// In order of the call; also those before the customer introduced themselves.
    pub addresses: Vec<Address>,
    /// The agent's first run that asks for the name.
    pub asked: Option<usize>,
    /// The agent called the customer by name in the opening, before the customer had said it.
    pub named_from_start: bool,
}

/// Name readings by spelling, kept for a whole run of the program: one per thread, beside its vocabulary.
#[derive(Debug, Default)]
pub struct NameCache {
    generation: u32,
    /// By [`NormId`]; asked of a few words only.
    readings: Vec<Option<Rc<NameReadings>>>,
    /// By [`WordId`], what is asked of names again and again; nothing before anybody asks.
    told: Vec<Told>,
    /// Memory for [`Namer::nameable`].
    nameable: Vec<u32>,
}

/// Bits of a word: whether it was asked for, which kinds of names it can be in the nominative of one, and above these which names it
/// may stand for as a first name.
#[derive(Debug, Clone, Copy, Default)]
struct Told(u64);

impl Told {
    const ASKED: u64 = 1;
    const NAMES_FROM: u32 = 4;

    fn of(name: &NameReadings) -> Self {
        let mut bits = Self::ASKED;
        for reading in &name.readings {
            if reading.number == Number::Singular && reading.cases.has(Case::Nominative) {
                bits |= Self::bit(reading.kind);
            }
        }
        for first in name.of(NameKind::First) {
            let others = first.short_for.iter().copied();
            let fulls = first.fulls.iter().map(|full| &**full).chain(others);
            for name in fulls.chain([first.lemma.as_str()]) {
                let place = FxBuildHasher.hash_one(name) % u64::from(u64::BITS - Self::NAMES_FROM);
                bits |= 1 << Self::NAMES_FROM << place;
            }
        }
        Self(bits)
    }

    fn bit(kind: NameKind) -> u64 {
        match kind {
            NameKind::First => 2,
            NameKind::Patronymic => 4,
            NameKind::Surname => 8,
        }
    }

    fn is_nominative(self, kind: NameKind) -> bool {
        self.0 & Self::bit(kind) != 0
    }

    /// Whether any relation of the two is possible but [`NameForm::Other`].
    fn may_be_related(self, other: Self) -> bool {
        (self.0 & other.0) >> Self::NAMES_FROM != 0
    }
}

impl NameCache {
    fn follow(&mut self, vocabulary: &Vocabulary) {
        if self.generation != vocabulary.generation() {
            self.readings.clear();
            self.told.clear();
            self.generation = vocabulary.generation();
        }
    }

    fn told(&mut self, vocabulary: &Vocabulary, word: WordId) -> Told {
        self.follow(vocabulary);
        let at = word.0 as usize;
        if self.told.get(at).is_none_or(|told| told.0 == 0) {
            if at >= self.told.len() {
                self.told.resize(vocabulary.len(), Told::default());
            }
            self.told[at] = Told::of(&self.of(vocabulary, word));
        }
        self.told[at]
    }

    pub(super) fn of(&mut self, vocabulary: &Vocabulary, word: WordId) -> Rc<NameReadings> {
        self.follow(vocabulary);
        let norm = vocabulary.norm_id(word).0 as usize;
        if norm >= self.readings.len() {
            self.readings.resize(norm + 1, None);
        }
        let readings = || {
            let (lexicon, known) = (vocabulary.lexicon(), vocabulary.facts(word).readings);
            Rc::new(lexicon.names_in(known, vocabulary.norm(word)))
        };
        Rc::clone(self.readings[norm].get_or_insert_with(readings))
    }
}

/// What the customer said of their name.
#[derive(Debug, Default)]
struct Given {
    firsts: Vec<Rc<NameReadings>>,
    /// The same first names as they were spelled.
    first_norms: Vec<NormId>,
    patronymics: Vec<Rc<NameReadings>>,
    /// Names that no table has, and surnames.
    others: Vec<NormId>,
    surnames: Vec<NormId>,
}

/// A name as it stands in the text.
struct NameSpan {
    tokens: Range<usize>,
    first: Option<usize>,
    patronymic: Option<usize>,
}

pub(super) struct Namer<'a> {
    pub(super) text: &'a TokenizedCall<'a>,
    pub(super) hits: &'a Hits,
    pub(super) vocabulary: &'a Vocabulary,
    pub(super) parts: &'a Roles,
    pub(super) zones: &'a ZoneRuns,
    pub(super) agent_runs: &'a [usize],
    pub(super) customer_runs: &'a [usize],
    pub(super) cache: &'a mut NameCache,
    /// The tokens that can be names by their marks, or slips of one: what the dictionary lacks. In order; one word of ten.
    nameable: Vec<u32>,
    /// The first time that the customer says each first name: its spelling and token. Made when it is asked for.
    customers_firsts: Option<Vec<(NormId, usize)>>,
    /// The words of the names that the file gives for the agent and the customer, normalised.
    party_names: [OnceCell<Vec<String>>; 2],
}

/// A customer says so many first names in most calls at most.
const FIRSTS: usize = 8;
/// How surnames end that are words in the genitive of many.
const FAMILY_ENDINGS: [&str; 2] = ["ых", "их"];
/// Such a one has so many letters at least: pronouns are shorter.
const FAMILY_LETTERS_MIN: usize = 5;

/// Punctuation is looked for so far around a name.
const NEAR_BYTES: usize = 400;
/// A customer who gives the name without being asked does so in one of the first turns.
const VOLUNTEERED_RUNS: usize = 2;
/// Who has been called by another name and patronymic so many times is not who the next answer names.
const OTHER_NAMES: usize = 2;
/// What a pet form ends with.
const PET_ENDINGS: [&str; 6] = ["шка", "чка", "уля", "юша", "чик", "ик"];
/// And what may stand before that: «Прасковь-ю-шка», «Руф-о-чка».
const PET_VOWELS: [char; 4] = ['ю', 'у', 'о', 'е'];
/// So many letters of the name stand before it at least.
const PET_STEM_LETTERS_MIN: usize = 3;
/// A name that is corrected begins with so many of the letters that were said.
const CORRECTED_LETTERS: usize = 3;
/// «He» or «her» is looked for so far behind a name.
const SPOKEN_OF_REACH: usize = 6;
/// What is told of somebody is looked for so far behind the name.
const TOLD_REACH: usize = 3;
/// So many first names in a row stand for letters.
const SPELLING: usize = 4;
/// The answer to «what is your name» comes in one of so many turns.
const ANSWER_RUNS: usize = 3;
/// An answer to «what is your name» that is a name the dictionary lacks has at most so many words.
const NAME_ANSWER_TOKENS: usize = 3;

impl<'a> Namer<'a> {
    #[expect(
        clippy::too_many_arguments,
        reason = "all that is known of a call before its names are"
    )]
    pub(super) fn new(
        text: &'a TokenizedCall<'a>,
        hits: &'a Hits,
        vocabulary: &'a Vocabulary,
        parts: &'a Roles,
        zones: &'a ZoneRuns,
        agent_runs: &'a [usize],
        customer_runs: &'a [usize],
        cache: &'a mut NameCache,
    ) -> Self {
        Self {
            text,
            hits,
            vocabulary,
            parts,
            zones,
            agent_runs,
            customer_runs,
            cache,
            nameable: Vec::new(),
            customers_firsts: None,
            party_names: [const { OnceCell::new() }; 2],
        }
    }

    pub(super) fn naming(&mut self) -> Naming {
        self.nameable = std::mem::take(&mut self.cache.nameable);
        self.find_nameable();
        let asked_runs: Vec<usize> = self.runs_of(self.parts.ask_name, Speaker::Agent);
        let mut introductions = self.framed();
        let mut customer = self.answers(&asked_runs, &introductions);
        if let Some(last) = customer.iter().map(|answer| answer.run).max() {
            let called = self.called_in_full(last, &introductions);
            customer.retain(|answer| !self.names_another(answer, &called));
        }
        introductions.append(&mut customer);
        let confirmed = self.confirmed(&introductions);
        introductions.extend(confirmed);
        // The agent's names without a frame, and how many introductions they were found beside.
        let mut bare = None;
        if !introductions
            .iter()
            .any(|introduction| introduction.speaker == Speaker::Customer)
        {
            let own = self.bare_agent_names(&introductions);
            let known = [&own[..], &introductions].concat();
            let mut customers = self.volunteered(&known);
            if customers.is_empty() && asked_runs.is_empty() {
                customers.extend(self.called_back(&known));
            }
            bare = customers.is_empty().then_some((own, introductions.len()));
            introductions.extend(customers);
        }
        introductions.sort_by_key(|introduction| introduction.tokens.start);
        introductions.dedup_by(|b, a| a.tokens.end > b.tokens.start && a.speaker == b.speaker);
        self.leave_out_the_customers(&mut introductions);
        let own = match bare {
            Some((own, n_beside)) if n_beside == introductions.len() => own,
            _ => self.bare_agent_names(&introductions),
        };
        introductions.extend(own);
        introductions.sort_by_key(|introduction| introduction.tokens.start);
        let given = self.given(&introductions);
        let (addresses, named_from_start) =
            self.addresses(&introductions, &given, asked_runs.first().copied());
        self.cache.nameable = std::mem::take(&mut self.nameable);
        Naming {
            introductions,
            addresses,
            asked: asked_runs.first().copied(),
            named_from_start,
        }
    }

    fn find_nameable(&mut self) {
        let tokens = &self.text.tokens;
        // Without a jump for each token, which would be a guess.
        self.nameable.resize(tokens.len() + 1, 0);
        let mut n = 0;
        for (at, token) in tokens.iter().enumerate() {
            let marks = self.vocabulary.marks(token.word);
            self.nameable[n] = at as u32;
            n += usize::from(marks.named() | marks.foreign());
        }
        self.nameable.truncate(n);
    }

    /// The first of the tokens that can be a name, or the end of them.
    fn next_nameable(&self, tokens: Range<usize>) -> usize {
        let next = self
            .nameable
            .partition_point(|token| (*token as usize) < tokens.start);
        let next = self.nameable.get(next).map(|token| *token as usize);
        next.map_or(tokens.end, |next| next.min(tokens.end))
    }

    /// «Anna, I am listening» after the customer has said that this is their name introduces nobody.
    fn leave_out_the_customers(&mut self, introductions: &mut Vec<Introduction>) {
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

    fn runs_of(&self, set: Option<SetId>, speaker: Speaker) -> Vec<usize> {
        let hits = roles::hits(self.hits, set)
            .iter()
            .map(|hit| hit.run as usize);
        hits.filter(|run| self.text.runs[*run].speaker == speaker)
            .collect()
    }

    fn readings(&mut self, token: usize) -> Rc<NameReadings> {
        self.cache.of(self.vocabulary, self.text.tokens[token].word)
    }

    /// Introductions in words such as «my name is».
    fn framed(&mut self) -> Vec<Introduction> {
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
                || self.greets_the_agent(run, &name)
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
        let is_before = name.start as usize == tokens.start && (name.end as usize) < tokens.end;
        let next = self.past_hesitation(tokens.end, end);
        let span = (is_before && next < end)
            .then(|| self.name_at(next, end))
            .flatten();
        span.filter(|span| span.first.is_some() && !self.is_glad(&span.tokens))
            .map(|span| span.tokens)
    }

    /// «Рада вам помочь», «рада слышать»: the short adjective, whatever name is written so.
    fn is_glad(&self, name: &Range<usize>) -> bool {
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
    fn is_declined(&mut self, name: &Range<usize>) -> bool {
        name.len() > 1
            && self
                .vocabulary
                .marks(self.text.tokens[name.start + 1].word)
                .patronymic()
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
        before.and_then(|token| self.reading(token)).is_some_and(|reading| {
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

    /// «Good day, Eduard, the curtains» — «It is me. Eduard, hello»: the name that the agent has said, before the customer's greeting.
    fn greets_the_agent(&self, run: usize, name: &Range<usize>) -> bool {
        let norm = |token: usize| self.vocabulary.norm_id(self.text.tokens[token].word);
        let greetings = roles::hits_in(self.hits, self.parts.greeting, run);
        let introductions = roles::hits(self.hits, self.parts.introduces).iter();
        let mut earlier = introductions.take_while(|hit| (hit.run as usize) < run);
        self.text.runs[run].speaker == Speaker::Customer
            && greetings.iter().any(|hit| hit.tokens().start == name.end)
            && earlier.any(|hit| {
                let own = hit.name.as_ref();
                self.text.runs[hit.run as usize].speaker == Speaker::Agent
                    && own.is_some_and(|(_, own)| norm(own.start as usize) == norm(name.start))
            })
    }

    /// «It is Sergey» — «yes» — «my name is Anna»: the agent's turn ends with a name, and the next one has another that is their own.
    fn asks_who_it_is(&mut self, run: usize, name: &Range<usize>) -> bool {
        let Some(next) = self.agent_runs.iter().copied().find(|next| *next > run) else {
            return false;
        };
        let mut customers = self.customer_runs.iter();
        let is_answered = customers.any(|answer| (run..next).contains(answer));
        let is_last = name.end == self.text.runs[run].tokens().end;
        let own = roles::hits_in(self.hits, self.parts.introduces, next).iter();
        is_answered
            && is_last
            && own.filter(|hit| hit.name.is_some()).any(|hit| {
                let behind = self.name_behind(hit).map(|name| name.start);
                let own = behind.or(hit.name.as_ref().map(|(_, name)| name.start as usize));
                own.is_some_and(|own| !self.same_name(own, name.start))
            })
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

    fn introduction(&mut self, speaker: Speaker, run: usize, name: Range<usize>) -> Introduction {
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
            let may_be = speaker == Speaker::Agent && self.vocabulary.facts(word).surname;
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

    /// «Sedykh», of the grey-haired ones: a surname that is a word, in the genitive of many.
    fn is_of_a_family(&self, token: usize) -> bool {
        let norm = self.vocabulary.norm(self.text.tokens[token].word);
        let reading = self.reading(token);
        FAMILY_ENDINGS.iter().any(|end| norm.ends_with(end))
            && norm.chars().count() >= FAMILY_LETTERS_MIN
            && reading.is_some_and(|reading| reading.pos == Pos::Adjective)
    }

    /// Which word of the name that the file gives for the agent, or else the customer, the token is.
    fn place_in_name(&self, token: usize, speaker: Speaker) -> Option<usize> {
        let (party, norms) = match speaker {
            Speaker::Agent => (&self.text.call.agent, &self.party_names[0]),
            _ => (&self.text.call.customer, &self.party_names[1]),
        };
        let name = party.name.as_deref()?;
        let norms = norms.get_or_init(|| name.split_whitespace().map(crate::text::norm).collect());
        let norm = self.vocabulary.norm(self.text.tokens[token].word);
        norms.iter().position(|part| part == norm)
    }

    /// «Good day. Konstantin. I am going abroad»: the name as a sentence of its own in the customer's first words.
    fn volunteered(&mut self, known: &[Introduction]) -> Vec<Introduction> {
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
    fn called_back(&mut self, known: &[Introduction]) -> Option<Introduction> {
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
        let is_filler = |token: &usize| {
            let word = self.text.tokens[*token].word;
            self.vocabulary.marks(word).filler()
        };
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
    fn is_plainly_a_name(&self, span: &NameSpan, may_be_word: bool) -> bool {
        let facts = |token: usize| self.vocabulary.facts(self.text.tokens[token].word);
        let (start, end) = (span.tokens.start, span.tokens.end);
        let run_end = self.text.runs[self.text.run_of(start)].tokens().end;
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
    fn tells_of_one(&self, token: usize) -> bool {
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
        let is_named = |token: usize| {
            token < end && self.vocabulary.marks(self.text.tokens[token].word).named()
        };
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
            is_other && self.vocabulary.marks(self.text.tokens[token].word).named()
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

    /// Whether a hit of the set stands over any of the tokens.
    fn covered(&self, set: Option<SetId>, tokens: &Range<usize>) -> bool {
        !roles::hits_over(self.hits, set, tokens).is_empty()
    }

    /// Whether the name at the tokens is the one that somebody introduces: in «Irina Lvovna, this is Gleb» only Gleb is.
    fn is_introduced(&mut self, tokens: &Range<usize>) -> bool {
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

    /// The customer's answers to the question for the name.
    fn answers(&mut self, asked_runs: &[usize], framed: &[Introduction]) -> Vec<Introduction> {
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
    fn names_another(&mut self, answer: &Introduction, called: &[usize]) -> bool {
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
    fn called_in_full(&mut self, before: usize, framed: &[Introduction]) -> Vec<usize> {
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
    fn confirmed(&mut self, known: &[Introduction]) -> Option<Introduction> {
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
        let tokens = self.name_in_answer(run, true)?;
        self.same_name(name, tokens.start)
            .then(|| self.introduction(Speaker::Customer, run, tokens))
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

    /// The name with a surname before or behind it.
    fn with_surname(&mut self, name: Range<usize>, run: &Range<usize>) -> Range<usize> {
        let start = name.start
            - usize::from(
                name.start > run.start && self.is_surname(name.start - 1, Speaker::Customer),
            );
        let end = name.end
            + usize::from(name.end < run.end && self.is_surname(name.end, Speaker::Customer));
        start..end
    }

    /// The names that somebody says in a run, in the nominative.
    fn names_in(&mut self, run: usize) -> SmallVec<[NameSpan; 4]> {
        let mut found = SmallVec::new();
        let tokens = self.text.runs[run].tokens();
        let mut at = self.next_nameable(tokens.clone());
        while at < tokens.end {
            let span = self.name_at(at, tokens.end);
            let next = span.as_ref().map_or(at + 1, |span| span.tokens.end);
            found.extend(span);
            at = self.next_nameable(next..tokens.end);
        }
        found
    }

    /// A name that begins with this token, in the nominative.
    fn name_at(&mut self, token: usize, end: usize) -> Option<NameSpan> {
        if !self.vocabulary.marks(self.text.tokens[token].word).named() || self.spells(token) {
            return None;
        }
        if self.nominative(token, NameKind::First) {
            let next = token + 1;
            let patronymic = self.past_hesitation(next, end);
            if patronymic < end && self.nominative(patronymic, NameKind::Patronymic) {
                return Some(NameSpan {
                    tokens: token..patronymic + 1,
                    first: Some(token),
                    patronymic: Some(patronymic),
                });
            }
            return Some(NameSpan {
                tokens: token..next,
                first: Some(token),
                patronymic: None,
            });
        }
        self.nominative(token, NameKind::Patronymic)
            .then(|| NameSpan {
                tokens: token..token + 1,
                first: None,
                patronymic: Some(token),
            })
    }

    /// «Evgeny, Olga, Leonid, Dmitry»: so many first names in a row spell a word out, unless it is one name again and again.
    fn spells(&self, token: usize) -> bool {
        let word = |token: usize| self.text.tokens[token].word;
        let is_first = |token: &usize| self.vocabulary.marks(word(*token)).first_name();
        let n_tokens = self.text.tokens.len();
        let mut neighbours = token.saturating_sub(1)..n_tokens.min(token + 2);
        if !neighbours.any(|next| next != token && is_first(&next)) {
            return false;
        }
        let run = self.text.runs[self.text.run_of(token)].tokens();
        let before = (run.start..token).rev().take_while(is_first);
        let from_here = (token..run.end).take_while(is_first);
        let mut names = before.take(SPELLING).chain(from_here.take(SPELLING));
        let is_other = |other: usize| word(other) != word(token);
        names.clone().count() >= SPELLING && names.any(is_other)
    }

    fn nominative(&mut self, token: usize, kind: NameKind) -> bool {
        let word = self.text.tokens[token].word;
        let possible = match kind {
            NameKind::First => self.vocabulary.marks(word).first_name(),
            NameKind::Patronymic => self.vocabulary.marks(word).patronymic(),
            NameKind::Surname => self.vocabulary.facts(word).surname,
        };
        possible && self.cache.told(self.vocabulary, word).is_nominative(kind)
    }

    /// The agent's own name in the opening without a frame: «Anna, hello», «specialist Anna».
    fn bare_agent_names(&mut self, introductions: &[Introduction]) -> Vec<Introduction> {
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
                    if !may_be_surname && found.get(earlier).is_some_and(is_other) {
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
            self.text.after(tokens.end - 1).end() && (has_greeting || is_first)
        };
        let before = self.customer_runs.iter().rfind(|before| **before < run);
        let is_answer = before.is_some_and(|before| {
            !roles::hits_in(self.hits, self.parts.customer_question, *before).is_empty()
        });
        let answers = answers || is_answer && self.is_whole_turn(run, tokens);
        if span.patronymic.is_some() && !answers && !is_signed() {
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
        if heard {
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

    /// Who says «my name is Anna» has no other name beside: «Grigory, good day, my name is Alla».
    fn has_another_name(&mut self, span: &NameSpan, introductions: &[Introduction]) -> bool {
        let mut own = introductions.iter().filter(|introduction| {
            introduction.speaker == Speaker::Agent
                && introduction.first
                && introduction.run < self.zones.opening_end
        });
        let others = |own: &Introduction| !self.same_name(own.tokens.start, span.tokens.start);
        own.clone().next().is_some() && own.all(others)
    }

    /// Whether the agent's turn is the name and at most a word such as «hello» before it.
    fn is_whole_turn(&self, run: usize, name: &Range<usize>) -> bool {
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

    /// A greeting stands right before the name, and the sentence ends with it, or the name is asked and begins the turn. Where more
    /// follows («Hello, Olga Ivanovna, the power company»), the name may be the agent's own.
    fn is_greeted(&self, name: &Range<usize>) -> bool {
        let after = self.text.after(name.end - 1);
        self.follows_greeting(name) && after.end()
            || self.opens_turn(name.start) && after.question()
    }

    /// Behind the name somebody introduces themselves by another one: «hello Svetlana my name is Oleg».
    fn another_is_given(&self, run: usize, name: &Range<usize>) -> bool {
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

    fn follows_greeting(&self, name: &Range<usize>) -> bool {
        let mut greetings = roles::hits(self.hits, self.parts.greeting).iter();
        greetings.any(|hit| hit.tokens().end == name.start) && !self.text.before(name.start).end()
    }

    /// Whether two tokens can be forms of one person's name.
    fn same_name(&mut self, a: usize, b: usize) -> bool {
        if self.vocabulary.norm_id(self.text.tokens[a].word)
            == self.vocabulary.norm_id(self.text.tokens[b].word)
        {
            return true;
        }
        // Mostly they are not, and nobody has to ask what they can stand for.
        let told = |token: usize| {
            let word = self.text.tokens[token].word;
            self.cache.told(self.vocabulary, word)
        };
        let [told_a, told_b] = [a, b].map(told);
        if !told_a.may_be_related(told_b) {
            return false;
        }
        let (a, b) = (self.readings(a), self.readings(b));
        !matches!(relation(&b, std::slice::from_ref(&a)), NameForm::Other)
    }

    fn given(&mut self, introductions: &[Introduction]) -> Given {
        let mut given = Given::default();
        for introduction in introductions
            .iter()
            .filter(|introduction| introduction.speaker == Speaker::Customer)
        {
            let in_any_case = self.is_of_oneself(&introduction.tokens);
            for token in self.with_corrected(introduction) {
                if self.is_hesitation(token) {
                    continue;
                }
                let readings = self.readings(token);
                let has = |kind| {
                    let mut of_kind = readings
                        .readings
                        .iter()
                        .filter(|reading| reading.kind == kind);
                    of_kind.any(|reading| in_any_case || reading.cases.has(Case::Nominative))
                };
                let norm = self.vocabulary.norm_id(self.text.tokens[token].word);
                if has(NameKind::First) {
                    given.firsts.push(readings);
                    given.first_norms.push(norm);
                } else if has(NameKind::Patronymic) {
                    given.patronymics.push(readings);
                } else if has(NameKind::Surname) {
                    given.surnames.push(norm);
                } else {
                    given.others.push(norm);
                }
            }
        }
        given
    }

    /// «Алек… Александр»: a name that is cut off and said again is given in both forms.
    fn with_corrected(&mut self, introduction: &Introduction) -> Range<usize> {
        let name = introduction.tokens.clone();
        let end = self.text.runs[introduction.run].tokens().end;
        let next = self.past_hesitation(name.end, end);
        let is_corrected = name.len() == 1 && next < end && {
            let [begun, whole] =
                [name.start, next].map(|token| self.vocabulary.norm(self.text.tokens[token].word));
            let begins = begun
                .char_indices()
                .nth(CORRECTED_LETTERS)
                .map_or(begun, |(at, _)| &begun[..at]);
            begun != whole && whole.starts_with(begins) && self.nominative(next, NameKind::First)
        };
        match is_corrected {
            true => name.start..next + 1,
            false => name,
        }
    }

    fn addresses(
        &mut self,
        introductions: &[Introduction],
        given: &Given,
        asked: Option<usize>,
    ) -> (Vec<Address>, bool) {
        let mut found = Vec::new();
        let mut named_from_start = false;
        let first_given = introductions
            .iter()
            .find(|i| i.speaker == Speaker::Customer)
            .map(|i| i.run);
        let of_agent = introductions
            .iter()
            .filter(|own| own.speaker == Speaker::Agent);
        let mut agents_own: Vec<usize> = of_agent.map(|own| own.tokens.start).collect();
        let norm = |token: &usize| self.vocabulary.norm_id(self.text.tokens[*token].word);
        agents_own.sort_by_key(norm);
        agents_own.dedup_by_key(|token| norm(token));
        // Mostly no name was given but such as the tables have.
        let gave_unlisted = !given.others.is_empty() || !given.surnames.is_empty();
        let mut at = 0;
        for &run in self.agent_runs {
            let tokens = self.text.runs[run].tokens();
            let mut i = tokens.start;
            loop {
                // Hardly a word is a name, and a slip of one is what the dictionary lacks.
                if !gave_unlisted {
                    while let Some(earlier) = self.nameable.get(at)
                        && (*earlier as usize) < i
                    {
                        at += 1;
                    }
                    let next = self.nameable.get(at);
                    i = next.map_or(tokens.end, |next| *next as usize);
                }
                if i >= tokens.end {
                    break;
                }
                let word = self.text.tokens[i].word;
                let marks = self.vocabulary.marks(word);
                let is_unlisted = || {
                    let norm = self.vocabulary.norm_id(word);
                    given.others.contains(&norm)
                        || given.surnames.contains(&norm)
                        || self.is_slip(word, &given.others)
                };
                // «Ростисла в»: what nothing else is, and nearly the name that was given.
                let misheard = self.is_slip(word, &given.first_norms);
                let pet = !misheard && self.is_pet(word, given);
                let unlisted = misheard || pet || gave_unlisted && is_unlisted();
                if !unlisted && !marks.named() {
                    i += 1;
                    continue;
                }
                let span = self.name_at(i, tokens.end);
                // «Sidorova Nina Vasilyevna»: the name behind the surname is what calls her.
                let names_follow = span.is_none()
                    && unlisted
                    && !misheard
                    && i + 1 < tokens.end
                    && (self.norm(i + 1) == self.norm(i)
                        || self.name_at(i + 1, tokens.end).is_some());
                if names_follow {
                    i += 1;
                    continue;
                }
                let Some(span) = span.or(unlisted.then(|| NameSpan {
                    tokens: i..i + 1,
                    first: None,
                    patronymic: None,
                })) else {
                    i += 1;
                    continue;
                };
                i = span.tokens.end;
                let form = match pet {
                    true => NameForm::Short,
                    false => self.form_of(&span, given),
                };
                // «Эль… Эльмира Тагировна»: cut off and said again.
                let next = self.past_hesitation(i, tokens.end);
                let is_begun = form != NameForm::Given
                    && span.patronymic.is_none()
                    && next < tokens.end
                    && self.name_at(next, tokens.end).is_some_and(|whole| {
                        let [begun, whole] = [&span, &whole].map(|name| {
                            let word = self.text.tokens[name.tokens.start].word;
                            self.vocabulary.norm(word)
                        });
                        begun != whole && whole.starts_with(begun)
                    });
                if is_begun {
                    continue;
                }
                // «Best regards, Anna»: the agent's own.
                let is_own = |own: &usize| self.same_name(*own, span.tokens.start);
                if form == NameForm::Other && agents_own.iter().any(is_own) {
                    continue;
                }
                let known = form == NameForm::Given
                    && span.first.is_some()
                    && first_given.is_some_and(|given| given < run);
                if self.not_the_customer(&span, introductions, known) {
                    continue;
                }
                if !self.is_address(run, &span, form) {
                    continue;
                }
                // «Лебедев» — «Лебедев Игорь»: a question who they are.
                let asks = form == NameForm::Surname
                    && first_given.is_some_and(|given| run < given)
                    && self.is_whole_turn(run, &span.tokens);
                if asks {
                    continue;
                }
                let before_given = first_given.is_none_or(|given| run < given)
                    && asked.is_none_or(|asked| run <= asked);
                // Who is called speaks first: «Hello?» — «Dmitry, good day, my name is Maxim».
                let answers = |first: &usize| *first < run;
                let sure = span.patronymic.is_some()
                    || self.text.call.direction_or_default() == Direction::Outbound
                    || self.customer_runs.first().is_some_and(answers)
                        && (self.is_whole_turn(run, &span.tokens)
                            || self.beside(self.parts.greeting, &span.tokens)
                                && self.has_another_name(&span, introductions));
                let is_named = span.first.is_some() || self.beside(self.parts.greeting, &span.tokens);
                if before_given && run < self.zones.opening_end && is_named && sure {
                    named_from_start = true;
                }
                let other = form == NameForm::Given
                    && first_given.is_some_and(|given| given < run)
                    && self.is_another_patronymic(run, &span, given, introductions);
                found.push(Address {
                    run,
                    tokens: span.tokens,
                    form: if other { NameForm::Other } else { form },
                });
            }
        }
        (
            found,
            named_from_start || self.asked_for_by_name(first_given, asked),
        )
    }

    /// «May I speak to Pavel Petrovich»: who calls so knows the name.
    fn asked_for_by_name(&mut self, first_given: Option<usize>, asked: Option<usize>) -> bool {
        if self.text.call.direction_or_default() != Direction::Outbound {
            return false;
        }
        let before = |run: usize| {
            first_given.is_none_or(|given| run < given) && asked.is_none_or(|asked| run <= asked)
        };
        let (agent_runs, end) = (self.agent_runs.iter().copied(), self.zones.opening_end);
        let mut opening = agent_runs.take_while(|run| *run < end && before(*run));
        let greeted = opening.any(|run| {
            let tokens = self.text.runs[run].tokens();
            tokens.clone().any(|token| {
                let span = self.name_at(token, tokens.end);
                span.is_some_and(|span| {
                    let after = self.text.after(span.tokens.end - 1);
                    let is_whole = span.patronymic.is_some()
                        || after.end()
                        || self.another_is_given(run, &span.tokens);
                    span.first == Some(token)
                        && is_whole
                        && (self.follows_greeting(&span.tokens) || after.question())
                })
            })
        });
        greeted
            || roles::hits(self.hits, self.parts.asks_identity)
                .iter()
                .any(|hit| {
                    let run = hit.run as usize;
                    self.text.runs[run].speaker == Speaker::Agent
                        && run < self.zones.opening_end
                        && hit.name.is_some()
                        && before(run)
                })
    }

    /// «Ильнурчик», «Прасковьюшка»: a pet form that no table has, of the name that was given.
    fn is_pet(&self, word: WordId, given: &Given) -> bool {
        if given.firsts.is_empty() || !self.vocabulary.marks(word).foreign() {
            return false;
        }
        let norm = self.vocabulary.norm(word);
        let stem = |end: &&str| Some(norm.strip_suffix(*end)?.trim_end_matches(PET_VOWELS));
        let stems = PET_ENDINGS.iter().filter_map(stem);
        let mut stems = stems.filter(|stem| stem.chars().count() >= PET_STEM_LETTERS_MIN);
        let readings = || {
            given
                .firsts
                .iter()
                .flat_map(|given| given.of(NameKind::First))
        };
        stems.any(|stem| readings().any(|name| name.lemma.starts_with(stem)))
    }

    /// A word that the dictionary lacks and that is one of the names but for a slip of the recogniser.
    fn is_slip(&self, word: WordId, names: &[NormId]) -> bool {
        !names.is_empty()
            && self.vocabulary.marks(word).foreign()
            && names
                .iter()
                .any(|name| is_slip_of(self.vocabulary.norm(word), self.vocabulary.norm_of(*name)))
    }

    /// The agent's own name, a name in a question, a name that is talked about.
    /// `known`: the customer has given this name before, so that «Anna, I am listening» is said to them.
    fn not_the_customer(
        &mut self,
        span: &NameSpan,
        introductions: &[Introduction],
        known: bool,
    ) -> bool {
        let tokens = &span.tokens;
        let introduces = introductions
            .iter()
            .any(|own| own.tokens.start < tokens.end && tokens.start < own.tokens.end)
            || self.is_introduced(tokens);
        if introduces && !known {
            return true;
        }
        let [asked, mentioned] = [self.parts.asks_identity, self.parts.name_mention]
            .map(|set| roles::hits_over(self.hits, set, tokens));
        let mut told = asked.iter().chain(mentioned);
        let is_told = told.clone().next().is_some();
        is_told
            && !(known
                && self.is_thanked(tokens)
                && told.all(|hit| hit.tokens().start == tokens.start))
    }

    /// «Спасибо, Олег. Ваш папа …»: «thank you» stands right before the name.
    fn is_thanked(&self, name: &Range<usize>) -> bool {
        let run = self.text.run_of(name.start);
        let mut openers = roles::hits_in(self.hits, self.parts.vocative_verbs, run).iter();
        openers.any(|hit| {
            let end = hit.tokens().end;
            end <= name.start && self.past_hesitation(end, name.start) == name.start
        })
    }

    /// «Svetlana Ivanovna, …» to one who said to be Svetlana Igorevna. What differs by a few letters was heard badly; what does not
    /// surely call the customer may be said of the agent or of somebody else.
    fn is_another_patronymic(
        &mut self,
        run: usize,
        span: &NameSpan,
        given: &Given,
        introductions: &[Introduction],
    ) -> bool {
        let Some(patronymic) = span.patronymic.filter(|_| !given.patronymics.is_empty()) else {
            return false;
        };
        let run_tokens = self.text.runs[run].tokens();
        let opens =
            span.tokens.start == run_tokens.start || self.text.before(span.tokens.start).end();
        let after = self.text.after(span.tokens.end - 1);
        let calls = match self.is_written(span.tokens.start) {
            true => opens && after.comma() && !self.text.before(patronymic).comma(),
            false => {
                self.beside_opener(&span.tokens)
                    || span.tokens.start == run_tokens.start
                        && self.turns_to_customer(span.tokens.end, run_tokens.end)
            }
        };
        if !calls || self.agents_own(span.tokens.start) {
            return false;
        }
        let said = self.readings(patronymic);
        let norm = self.vocabulary.norm(self.text.tokens[patronymic].word);
        let nearly = |known: &NameReadings| {
            known
                .readings
                .iter()
                .any(|reading| is_slip_of(norm, &reading.lemma))
        };
        let same = |known: &Rc<NameReadings>| {
            shares_lemma(known, &said) || nearly(known) || is_torn_end(norm, known)
        };
        if given.patronymics.iter().any(same) {
            return false;
        }
        // Somebody else has this patronymic, or the right one is said in the same breath.
        let introduced = introductions
            .iter()
            .filter(|own| own.speaker == Speaker::Agent)
            .flat_map(|own| own.tokens.clone());
        let customers = self.customer_runs.iter();
        let customers = customers.flat_map(|run| self.text.runs[*run].tokens());
        let others: Vec<usize> = introduced.chain(customers).collect();
        let is_patronymic = |token: &usize| {
            self.vocabulary
                .marks(self.text.tokens[*token].word)
                .patronymic()
        };
        let others: Vec<usize> = others.into_iter().filter(is_patronymic).collect();
        let corrected: Vec<usize> = run_tokens.filter(is_patronymic).collect();
        let is_said = |token: usize| shares_lemma(&self.readings(token), &said);
        if others.into_iter().any(is_said) {
            return false;
        }
        !corrected.into_iter().any(|token| {
            let readings = self.readings(token);
            given
                .patronymics
                .iter()
                .any(|known| shares_lemma(known, &readings))
        })
    }

    fn form_of(&mut self, span: &NameSpan, given: &Given) -> NameForm {
        if given.firsts.is_empty() && given.others.is_empty() && given.patronymics.is_empty() {
            return if given.surnames.is_empty() {
                NameForm::NotGiven
            } else {
                NameForm::Surname
            };
        }
        let norm = self
            .vocabulary
            .norm_id(self.text.tokens[span.tokens.start].word);
        let word = self.text.tokens[span.tokens.start].word;
        let heard = [&given.others, &given.first_norms];
        if given.others.contains(&norm) || heard.iter().any(|names| self.is_slip(word, names)) {
            return NameForm::Given;
        }
        match (span.first, span.patronymic) {
            (Some(first), _) => {
                let readings = self.readings(first);
                if given.firsts.is_empty() {
                    // Badly heard or unheard of: nobody can tell that this is another name.
                    match given.others.is_empty() {
                        true => NameForm::Other,
                        false => NameForm::Given,
                    }
                } else if given.first_norms.contains(&norm)
                    || self.is_odd_spelling(&readings, norm, given)
                {
                    NameForm::Given
                } else {
                    match relation(&readings, &given.firsts) {
                        NameForm::Short if self.customer_says(norm, first) => NameForm::Given,
                        form => form,
                    }
                }
            }
            // A spoken patronymic alone is let pass when it is the customer's or nobody knows the customer's.
            (None, Some(patronymic)) => {
                let readings = self.readings(patronymic);
                let said = self.vocabulary.norm(self.text.tokens[patronymic].word);
                let same = given.patronymics.is_empty()
                    || given
                        .patronymics
                        .iter()
                        .any(|known| shares_lemma(known, &readings) || is_torn_end(said, known));
                if same {
                    NameForm::Given
                } else {
                    NameForm::Other
                }
            }
            (None, None) => NameForm::Surname,
        }
    }

    /// The customer has said just this name before: another one is called so («Саша мой сын»), or they want to be («люда можно»).
    fn customer_says(&mut self, norm: NormId, before: usize) -> bool {
        let firsts = match self.customers_firsts.take() {
            Some(firsts) => firsts,
            None => self.find_customers_firsts(),
        };
        let mut earlier = firsts.iter().take_while(|(_, at)| *at < before);
        let is_said = earlier.any(|(said, _)| *said == norm);
        self.customers_firsts = Some(firsts);
        is_said
    }

    /// «Аликсей»: hardly anybody is called so, and it is the name that was given but for a slip.
    fn is_odd_spelling(&self, used: &NameReadings, norm: NormId, given: &Given) -> bool {
        let lexicon = self.vocabulary.lexicon();
        let norm = self.vocabulary.norm_of(norm);
        !used
            .of(NameKind::First)
            .any(|used| lexicon.lists_name(&used.lemma))
            && given
                .first_norms
                .iter()
                .any(|given| is_slip_of(norm, self.vocabulary.norm_of(*given)))
    }

    /// Whether the agent talks *to* somebody with this name rather than about them.
    fn is_address(&mut self, run: usize, span: &NameSpan, form: NameForm) -> bool {
        let tokens = &span.tokens;
        let run_tokens = self.text.runs[run].tokens();
        let set_off = self.set_off(tokens, &run_tokens);
        match form {
            NameForm::Short | NameForm::Other if self.is_subject(tokens, &run_tokens) => false,
            NameForm::Given | NameForm::NotGiven | NameForm::Short => {
                set_off.0 || set_off.1 || !self.is_written(tokens.start)
            }
            NameForm::Surname if self.is_written(tokens.start) => set_off.0 && set_off.1,
            NameForm::Surname => {
                // «So, Kovalyova, I'll have a look».
                let mut before = run_tokens.start..tokens.start;
                let filler = |token: usize| {
                    let word = self.text.tokens[token].word;
                    self.vocabulary.marks(word).filler()
                };
                before.all(filler) || self.beside_opener(tokens)
            }
            NameForm::Other => {
                // «Stas will call you, thank you»: without punctuation too.
                let is_subject = tokens.start > run_tokens.start
                    && self.is_third_person(tokens.start - 1)
                    && !self.is_written(tokens.start);
                if is_subject {
                    return false;
                }
                let word = self.vocabulary.facts(self.text.tokens[tokens.start].word);
                // With the patronymic it is somebody whom the customer had named, or nobody else.
                let before = match span.patronymic {
                    Some(_) => tokens.start,
                    None => usize::MAX,
                };
                if word.also_word
                    || self.agents_own(tokens.start)
                    || self.customer_mentions(tokens.start, before)
                {
                    return false;
                }
                if self.is_written(tokens.start) {
                    set_off.0 && set_off.1
                } else {
                    let opens = tokens.start == run_tokens.start;
                    self.beside_opener(tokens)
                        || opens && self.turns_to_customer(tokens.end, run_tokens.end)
                }
            }
        }
    }

    /// «Вам перезвонит Стас, наш монтажник», «Стас наберёт», «у Влада»: whether a word that tells what somebody does stands beside the
    /// name, or a preposition before it, with no sign between.
    fn is_subject(&self, tokens: &Range<usize>, run: &Range<usize>) -> bool {
        let written = self.is_written(tokens.start);
        let facts = |token: usize| self.vocabulary.facts(self.text.tokens[token].word);
        let tells = |token: usize| {
            let Some(reading) = self.reading(token) else {
                return false;
            };
            // «подключён» of him, «готово» of nobody.
            let of_somebody = matches!(reading.pos, Pos::ShortParticiple | Pos::ShortAdjective)
                && matches!(reading.gender, Some(Gender::Masculine | Gender::Feminine));
            // «лена записала» may be the agent's own doing.
            let told = facts(token).third_person && (written || reading.tense != Some(Tense::Past));
            reading.number != Some(Number::Plural) && (of_somebody || told)
        };
        let is = |token: usize, pos: Pos| self.reading(token).is_some_and(|r| r.pos == pos);
        let goes_on = |end: usize| end < run.end && self.text.after(end - 1).is_none();
        let before = run.start < tokens.start && self.text.before(tokens.start).is_none() && {
            let last = tokens.start - 1;
            tells(last) || is(last, Pos::Preposition)
        };
        // «Женя Петрова вписана», «Стас уже выехал».
        let mut verb = tokens.end;
        verb += usize::from(goes_on(verb) && facts(verb).surname);
        let is_adverb = |token: &usize| written && goes_on(*token) && is(*token, Pos::Adverb);
        verb += (verb..run.end).take_while(is_adverb).count();
        // «Саша, подключена услуга»: what is told is told of the noun behind it.
        let is_of_noun = |verb: usize| {
            let next = Some(verb + 1).filter(|next| goes_on(*next));
            let noun = next.and_then(|next| self.reading(next));
            let told = self.reading(verb);
            noun.zip(told).is_some_and(|(noun, told)| {
                told.pos != Pos::Verb
                    && noun.pos == Pos::Noun
                    && noun.case == Some(Case::Nominative)
                    && noun.gender == told.gender
            })
        };
        let behind = goes_on(verb) && tells(verb) && !is_of_noun(verb);
        (before || behind) && !self.beside_opener(tokens)
    }

    /// Without punctuation: whether what follows a name is said to somebody («вы сами», «назовите») and of nobody.
    fn turns_to_customer(&self, from: usize, end: usize) -> bool {
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
        readings
            .iter()
            .any(|reading| is_you(reading) || is_said_to(reading))
            && !readings.iter().any(|reading| is_of_somebody(reading))
            && !near.into_iter().any(|token| self.is_third_person(token))
    }

    /// A noun whose form is the nominative and cannot be the accusative: «специалист», «справка».
    fn is_surely_subject(&self, token: usize) -> bool {
        let readings = self.vocabulary.lexicon().analyses(self.norm(token));
        let mut nouns = readings.iter().filter(|reading| reading.pos == Pos::Noun);
        nouns.all(|noun| noun.case != Some(Case::Accusative))
    }

    fn norm(&self, token: usize) -> &str {
        self.vocabulary.norm(self.text.tokens[token].word)
    }

    fn is_third_person(&self, token: usize) -> bool {
        let word = self.text.tokens[token].word;
        self.vocabulary.facts(word).third_person
    }

    /// The likeliest reading of a token.
    fn reading(&self, token: usize) -> Option<&Analysis> {
        self.vocabulary.reading(self.text.tokens[token].word)
    }

    /// Whether the turn has punctuation, so that its absence means something. Recognisers that put nothing but a full stop at the
    /// end of each turn do not count.
    pub(super) fn is_written(&self, token: usize) -> bool {
        let turn = self.text.tokens[token].turn as usize;
        let text = self.text.call.turns[turn].text.trim_end();
        let bytes = text.trim_end_matches(['.', '?', '!', '…']).as_bytes();
        // A turn may be very long; what stands near the name tells enough.
        let at = self.text.tokens[token].start as usize;
        let near = &bytes[at.saturating_sub(NEAR_BYTES)..(at + NEAR_BYTES).min(bytes.len())];
        memchr::memchr3(b',', b'.', b'?', near).is_some() || memchr::memchr(b'!', near).is_some()
    }

    /// A comma or the edge of a sentence before and behind the tokens.
    pub(super) fn set_off(&self, tokens: &Range<usize>, run: &Range<usize>) -> (bool, bool) {
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

    fn opens_turn(&self, token: usize) -> bool {
        token == 0 || self.text.tokens[token - 1].turn != self.text.tokens[token].turn
    }

    fn ends_turn(&self, token: usize) -> bool {
        self.text
            .tokens
            .get(token + 1)
            .is_none_or(|next| next.turn != self.text.tokens[token].turn)
    }

    /// Directly beside «please tell me», «thank you», «sorry»…
    pub(super) fn beside_opener(&self, tokens: &Range<usize>) -> bool {
        self.beside(self.parts.vocative_verbs, tokens)
    }

    /// Whether a hit of the set stands directly before or behind the tokens, in the same run.
    fn beside(&self, set: Option<SetId>, tokens: &Range<usize>) -> bool {
        let run = self.text.run_of(tokens.start);
        roles::hits(self.hits, set).iter().any(|hit| {
            let (before, after) = (hit.tokens().end, hit.tokens().start);
            let between =
                |from: usize, to: usize| from <= to && self.past_hesitation(from, to) == to;
            hit.run as usize == run && (between(before, tokens.start) || between(tokens.end, after))
        })
    }

    /// The first token from `token` on, and before `end`, that is no mere sound of hesitation; `end` where all are.
    fn past_hesitation(&self, token: usize, end: usize) -> usize {
        let is_word = |token: &usize| !self.is_hesitation(*token);
        (token..end).find(is_word).unwrap_or(end)
    }

    fn is_hesitation(&self, token: usize) -> bool {
        let word = self.text.tokens[token].word;
        self.vocabulary.marks(word).hesitation()
    }

    /// The customer speaks of somebody with this name too, somewhere before this token.
    fn customer_mentions(&mut self, token: usize, before: usize) -> bool {
        let firsts = match self.customers_firsts.take() {
            Some(firsts) => firsts,
            None => self.find_customers_firsts(),
        };
        let mut earlier = firsts.iter().take_while(|(_, other)| *other < before);
        let is_mentioned = earlier.any(|(_, other)| self.same_name(*other, token));
        self.customers_firsts = Some(firsts);
        is_mentioned
    }

    fn find_customers_firsts(&self) -> Vec<(NormId, usize)> {
        let mut found: Vec<(NormId, usize)> = Vec::with_capacity(FIRSTS);
        let is_customers =
            |at: usize| self.text.runs[self.text.run_of(at)].speaker == Speaker::Customer;
        for at in self.nameable.iter().map(|at| *at as usize) {
            let word = self.text.tokens[at].word;
            if self.vocabulary.marks(word).first_name() && is_customers(at) {
                let norm = self.vocabulary.norm_id(word);
                if found.iter().all(|(known, _)| *known != norm) {
                    found.push((norm, at));
                }
            }
        }
        found
    }

    fn agents_own(&self, token: usize) -> bool {
        self.place_in_name(token, Speaker::Agent).is_some()
    }

    /// Whether a label («customer», «young man») at these tokens is an address.
    pub(super) fn label_is_address(&self, run: usize, tokens: &Range<usize>) -> bool {
        let run_tokens = self.text.runs[run].tokens();
        let acknowledged = roles::hits(self.hits, self.parts.acknowledge_word);
        let leads = |token: usize| {
            self.vocabulary.marks(self.text.tokens[token].word).filler()
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
        self.parts_what_is_said_twice(tokens, &run_tokens)
            || (opened && !self.answers_about(run, tokens)
                || self.beside_opener(tokens)
                || self.closes_as_address(tokens, &run_tokens)
                || self.has_its_subject(tokens, &run_tokens))
                && !self.is_spoken_of(tokens, run_tokens.end)
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
        let from = run.start.max(tokens.start.saturating_sub(SUBJECT_REACH));
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

    /// Without punctuation: whether the label ends what is said and belongs to nothing before it («по какому вопросу девушка»).
    fn closes_as_address(&self, tokens: &Range<usize>, run: &Range<usize>) -> bool {
        if self.past_hesitation(tokens.end, run.end) != run.end || tokens.start == run.start {
            return false;
        }
        let is_word = |token: &usize| {
            !self
                .vocabulary
                .marks(self.text.tokens[*token].word)
                .filler()
        };
        let Some(last) = (run.start..tokens.start).rfind(is_word) else {
            return false;
        };
        let parted = self.reading(last).is_some_and(|before| match before.pos {
            Pos::Noun => before.case.is_some_and(|case| case != Case::Nominative),
            Pos::Adverb | Pos::Infinitive => true,
            Pos::Verb => is_said_to(before),
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
            if facts.third_person || is_short {
                return false;
            }
            asked |= is_said_to(reading);
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

/// Whether two spellings of a name may be one name, heard twice.
fn is_slip_of(a: &str, b: &str) -> bool {
    let ((n_a, has_a), (n_b, has_b)) = (letters(a), letters(b));
    let limit = match n_a.min(n_b) {
        0..=3 => 0,
        4..=6 => 1,
        _ => 2,
    };
    // Each edit takes away one kind of letter at most and brings in one: that dismisses nearly all.
    let lost = (has_a & !has_b)
        .count_ones()
        .max((has_b & !has_a).count_ones());
    n_a.abs_diff(n_b) <= limit && lost as usize <= limit && distance(a, b, limit).is_some()
}

/// How many letters a word has, and which, as bits that several letters may share.
fn letters(word: &str) -> (usize, u64) {
    let add = |(n, bits), letter| (n + 1, bits | 1 << (u32::from(letter) & 63));
    word.chars().fold((0, 0), add)
}

/// The speaker as a subject: «я».
pub(super) fn is_i(reading: &Analysis) -> bool {
    reading.pos == Pos::Pronoun
        && reading.person == Some(Person::First)
        && reading.case == Some(Case::Nominative)
}

/// A verb that is said to somebody: «назовите», «хотите».
fn is_said_to(reading: &Analysis) -> bool {
    reading.mood == Some(Mood::Imperative)
        || reading.pos == Pos::Verb && reading.person == Some(Person::Second)
}

/// How often the agent calls the customer by a name that they said later than in their first turns.
const CALLS_MIN: usize = 2;
/// A turn of so many words at most with a name in it says little else.
const NAME_TURN_TOKENS: usize = 4;
/// How many words before a label tell whether somebody is talked to.
const CLOSING_REACH: usize = 8;
/// In so many words before a label its verb stands.
const VERB_REACH: usize = 2;
/// How many words behind a label tell whether it is the subject of what is said.
const SUBJECT_REACH: usize = 5;

/// How a name relates to the first names that the customer gave.
fn relation(used: &NameReadings, given: &[Rc<NameReadings>]) -> NameForm {
    let mut form = NameForm::Other;
    for used in used.of(NameKind::First) {
        for given in given.iter().flat_map(|given| given.of(NameKind::First)) {
            if used.lemma == given.lemma {
                return NameForm::Given;
            }
            // A short form may be used of one: «Given» for the full name of a short one outweighs it.
            let tells = match (used.short, given.short) {
                // «Наталия», «Софья»: the ear hardly tells the spellings of one name apart.
                (false, false) if is_variant_of(used, given) || is_short_for(given, used) => {
                    return NameForm::Given;
                }
                (false, false) if is_short_for(used, given) => NameForm::Short,
                (false, false) => continue,
                (false, true) => NameForm::Given,
                (true, _) => NameForm::Short,
            };
            if form != NameForm::Given && used.fulls.iter().any(|full| given.fulls.contains(full)) {
                form = tells;
            }
        }
    }
    form
}

/// Whether two full names are spellings of one that sound nearly alike. «Гелина» is short for «Ангелина» and no spelling of it.
fn is_variant_of(a: &NameReading, b: &NameReading) -> bool {
    let stands_for = |name: &NameReading, other: &NameReading| {
        name.fulls.iter().any(|full| *full == other.lemma)
    };
    // «Пал Палыч», «Марь Иванна»: as it is said in one breath.
    let is_contracted = |short: &str, long: &str| {
        let begins = short
            .char_indices()
            .nth(2)
            .map_or(short, |(at, _)| &short[..at]);
        let is_open = short.ends_with(['а', 'я', 'е', 'о', 'и', 'й']);
        !is_open && short.len() < long.len() && long.starts_with(begins)
    };
    stands_for(a, b)
        && stands_for(b, a)
        && (distance(&a.lemma, &b.lemma, 1).is_some()
            || is_contracted(&a.lemma, &b.lemma)
            || is_contracted(&b.lemma, &a.lemma))
}

/// Whether a name that is a full one too is short for the other: «Рита» for «Маргарита».
fn is_short_for(name: &NameReading, full: &NameReading) -> bool {
    name.gender == full.gender && name.short_for.contains(&full.lemma.as_str())
}

/// «сте панович»: whether a word is what the recogniser left of the name when it tore it in two.
fn is_torn_end(word: &str, name: &NameReadings) -> bool {
    let mut names = name.readings.iter();
    names.any(|reading| reading.lemma.ends_with(word))
}

fn shares_lemma(a: &NameReadings, b: &NameReadings) -> bool {
    a.readings.iter().any(|a| {
        b.readings
            .iter()
            .any(|b| a.kind == b.kind && a.lemma == b.lemma)
    })
}
