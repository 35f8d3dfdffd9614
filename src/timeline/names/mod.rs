//! Who introduced themselves, and how the agent addresses the customer by name.

mod addresses;
mod agents;
mod answers;
mod cache;
mod doubtful;
mod introductions;
mod labels;
mod relation;
mod sentence;
mod unasked;

use std::cell::OnceCell;
use std::ops::Range;
use std::rc::Rc;

use smallvec::SmallVec;

pub use cache::NameCache;
use doubtful::Doubtful;
use relation::relation;
pub(super) use sentence::{is_i, is_said_to};

use super::{Roles, roles, zones::ZoneRuns};
use crate::call::Speaker;
use crate::lexicon::{NameKind, NameReadings};
use crate::phrase::{Hits, SetId};
use crate::text::{NormId, Token, TokenizedCall, Vocabulary};

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
    /// What names leave in doubt.
    pub(super) doubtful: Doubtful,
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
/// So many first names in a row stand for letters.
const SPELLING: usize = 4;
/// How many words behind a label tell whether it is the subject of what is said.
const SUBJECT_REACH: usize = 5;

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
        let doubtful = self.doubtful(&introductions, &given, &addresses, named_from_start);
        self.cache.nameable = std::mem::take(&mut self.nameable);
        Naming {
            introductions,
            addresses,
            asked: asked_runs.first().copied(),
            named_from_start,
            doubtful,
        }
    }

    fn find_nameable(&mut self) {
        let tokens = &self.text.tokens;
        // Without a jump for each token, which would be a guess.
        self.nameable.resize(tokens.len() + 1, 0);
        let mut n = 0;
        for (at, token) in tokens.iter().enumerate() {
            self.nameable[n] = at as u32;
            n += usize::from(token.marks.named() | token.marks.foreign());
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

    /// Whether a hit of the set stands over any of the tokens.
    fn covered(&self, set: Option<SetId>, tokens: &Range<usize>) -> bool {
        !roles::hits_over(self.hits, set, tokens).is_empty()
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
        if !self.text.tokens[token].marks.named() || self.spells(token) {
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
        let is_first = |token: &usize| self.text.tokens[*token].marks.first_name();
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
        let Token { word, marks, .. } = self.text.tokens[token];
        let possible = match kind {
            NameKind::First => marks.first_name(),
            NameKind::Patronymic => marks.patronymic(),
            NameKind::Surname => self.vocabulary.facts(word).surname,
        };
        possible && self.cache.told(self.vocabulary, word).is_nominative(kind)
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
            let token = &self.text.tokens[at];
            if token.marks.first_name() && is_customers(at) {
                let norm = self.vocabulary.norm_id(token.word);
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
}
