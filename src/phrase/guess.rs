//! What a run could say if some of its words were any words: for words that were badly heard.
//!
//! The automaton is walked position by position, without what makes the search for hits fast: only calls with such words, and
//! of their sets only those that were missed, are looked at.

use std::ops::Range;

use rustc_hash::FxHashSet;

use super::compile::Ends;
use super::find::{IS_FILLER, meets};
use super::forms::ANY;
use super::{Matcher, MatcherCache, SetId};
use crate::text::{TokenizedCall, Vocabulary};

/// The words of one call, some of which may be any word.
#[derive(Debug)]
pub struct Guesser<'m> {
    matcher: &'m Matcher,
    tokens: Vec<Guessed>,
    /// Part of a pool, by token.
    classes: Vec<u32>,
    /// By run, where its tokens begin and end.
    runs: Vec<(u32, u32)>,
}

#[derive(Debug, Clone, Copy)]
struct Guessed {
    classes: (u32, u32),
    filler: bool,
    wild: Wild,
}

/// What a word may be instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wild {
    /// Itself.
    No,
    /// Any word, but only beside words of the phrase that are there.
    Part,
    /// Any word.
    Word,
    /// Any word, or two that the recogniser ran together.
    Words,
}

impl<'m> Guesser<'m> {
    /// For this call; `wild` says it of each token.
    pub fn new(
        matcher: &'m Matcher,
        call: &TokenizedCall<'_>,
        vocabulary: &Vocabulary,
        cache: &mut MatcherCache,
        wild: impl Fn(usize) -> Wild,
    ) -> Self {
        let mut classes = Vec::new();
        let mut tokens = Vec::with_capacity(call.tokens.len());
        matcher.each_symbol(call, vocabulary, cache, |symbol, held| {
            let from = classes.len() as u32;
            classes.extend_from_slice(held);
            tokens.push(Guessed {
                classes: (from, classes.len() as u32),
                filler: symbol & IS_FILLER != 0,
                wild: wild(tokens.len()),
            });
        });
        Self {
            matcher,
            tokens,
            classes,
            runs: call.runs.iter().map(|run| run.tokens).collect(),
        }
    }

    /// The wild tokens by which an exception of the set would cover these tokens of the run; empty where none would.
    pub fn wild_around(&self, set: SetId, run: usize, covered: Range<usize>) -> Vec<u32> {
        self.wild(set, run, Some(covered))
    }

    /// The wild tokens by which a phrase of the set would be said in the run; empty where none would. Exceptions are not looked at:
    /// whether they apply is as unknown as the words.
    pub fn wild_in(&self, set: SetId, run: usize) -> Vec<u32> {
        self.wild(set, run, None)
    }

    fn wild(&self, set: SetId, run: usize, covered: Option<Range<usize>>) -> Vec<u32> {
        let (from, to) = self.runs[run];
        let tokens = &self.tokens[from as usize..to as usize];
        if tokens.iter().all(|token| token.wild == Wild::No) {
            return Vec::new();
        }
        let automaton = &self.matcher.automaton;
        let phrases = automaton.phrases.iter().zip(0_u32..);
        let of_set = phrases.filter(|(phrase, _)| {
            let is_alias = || {
                let mut aliases = automaton.aliases[phrase.set as usize].iter();
                aliases.any(|alias| alias.set == set.0 && alias.except == covered.is_some())
            };
            phrase.set == set.0 && phrase.except == covered.is_some() || is_alias()
        });
        for (_, phrase) in of_set {
            if let Some(wild) = self.way(phrase, from, to, covered.as_ref()) {
                return wild;
            }
        }
        Vec::new()
    }

    fn way(
        &self,
        phrase: u32,
        from: u32,
        to: u32,
        covered: Option<&Range<usize>>,
    ) -> Option<Vec<u32>> {
        let last = (from..to).rfind(|token| !self.tokens[*token as usize].filler);
        let mut walk = Walk {
            guesser: self,
            to,
            last: last.unwrap_or(from),
            failed: FxHashSet::default(),
            wild: Vec::new(),
            n_there: 0,
            n_parts: 0,
            end_min: covered.map_or(0, |covered| covered.end as u32),
        };
        let start_max = covered.map_or(to, |covered| covered.start as u32 + 1);
        let mut at_start = true;
        for token in from..to.min(start_max) {
            for root in self.matcher.automaton.roots_of(phrase) {
                if (!root.at_run_start || at_start) && walk.go(root.position, token, false) {
                    return Some(walk.wild);
                }
            }
            at_start &= self.tokens[token as usize].filler;
        }
        None
    }
}

struct Walk<'g> {
    guesser: &'g Guesser<'g>,
    to: u32,
    /// The last token that is more than a filler.
    last: u32,
    /// Positions and tokens from which nothing was reached, with and without a guess before.
    failed: FxHashSet<(u32, u32, bool, bool)>,
    wild: Vec<u32>,
    /// Words of the phrase that are there.
    n_there: usize,
    /// Guesses that want such words.
    n_parts: usize,
    /// Ends before this token are none.
    end_min: u32,
}

impl Walk<'_> {
    /// Whether the phrase comes to an end from here, with a guess in it.
    fn go(&mut self, position: u32, token: u32, again: bool) -> bool {
        let guesser = self.guesser;
        let automaton = &guesser.matcher.automaton;
        let held = &automaton.positions[position as usize];
        let own = guesser.tokens[token as usize];
        let classes = &guesser.classes[own.classes.0 as usize..own.classes.1 as usize];
        let before = (self.wild.len(), self.n_there, self.n_parts);
        let key = (position, token, before.0 > 0, before.1 > 0);
        if self.failed.contains(&key) {
            return false;
        }
        let fits = meets(classes, held.class).is_some() && !again;
        let is_guess = !fits && own.wild != Wild::No && held.class != ANY;
        if !fits && !is_guess {
            return false;
        }
        if is_guess && !again {
            self.wild.push(token);
            self.n_parts += usize::from(own.wild == Wild::Part);
        }
        self.n_there += usize::from(fits && held.class != ANY);
        let ends = match held.ends {
            Ends::No => false,
            Ends::AtRunEnd => token >= self.last,
            Ends::Anywhere => true,
        };
        let ends = ends && token + 1 >= self.end_min;
        if ends && !self.wild.is_empty() && (self.n_parts == 0 || self.n_there > 0) {
            return true;
        }
        if is_guess && !again && own.wild == Wild::Words {
            for next in automaton.follow(position) {
                if self.go(next, token, true) {
                    return true;
                }
            }
        }
        for next_token in token + 1..self.to {
            for next in automaton.follow(position) {
                if self.go(next, next_token, false) {
                    return true;
                }
            }
            if !guesser.tokens[next_token as usize].filler {
                break;
            }
        }
        self.wild.truncate(before.0);
        (self.n_there, self.n_parts) = (before.1, before.2);
        self.failed.insert(key);
        false
    }
}
