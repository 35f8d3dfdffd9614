//! What a matcher would find without a phrase, or without a word of one: the phrase's positions are passed by.
//!
//! This asks whether anything holds a wording, without building a matcher for each that lacks one.

use rustc_hash::{FxHashMap, FxHashSet};

use super::compile::{Alias, all_aliases};
use super::{Matcher, MatcherCache, SetId};

/// A phrase, or a word of one, that may be taken for missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Part {
    /// The set that it is written in.
    pub set: SetId,
    /// It is one of the set's exceptions.
    pub except: bool,
    /// Index among the set's phrases, or among its exceptions.
    pub phrase: u32,
    /// Bytes of the word, slot or `@set` in the phrase; `None` for the whole phrase.
    pub leaf: Option<(u32, u32)>,
}

/// Where each part of a matcher's phrases stands in its automaton.
#[derive(Debug)]
pub struct Parts {
    places: FxHashMap<Part, Vec<u32>>,
    /// Phrases that are nothing but another set.
    whole_sets: FxHashSet<Part>,
}

impl Parts {
    /// Of a matcher.
    pub fn of(matcher: &Matcher) -> Self {
        let mut places: FxHashMap<Part, Vec<u32>> = FxHashMap::default();
        for (position, held) in matcher.automaton.positions.iter().enumerate() {
            let mut next = Some(held.origin);
            while let Some(origin) = next {
                let origin = matcher.automaton.origins[origin as usize];
                let phrase = Part {
                    set: SetId(origin.set),
                    except: origin.except,
                    phrase: origin.phrase,
                    leaf: None,
                };
                let word = Part {
                    leaf: Some(origin.at),
                    ..phrase
                };
                for part in [phrase, word] {
                    places.entry(part).or_default().push(position as u32);
                }
                next = origin.within;
            }
        }
        let aliases = matcher.automaton.direct_aliases.iter().flatten();
        let whole_set = |alias: &Alias| Part {
            set: SetId(alias.set),
            except: alias.except,
            phrase: u32::from(alias.phrase),
            leaf: None,
        };
        Self {
            places,
            whole_sets: aliases.map(whole_set).collect(),
        }
    }

    /// Whether the part is a phrase that is nothing but another set: then all that is found of that set goes with it.
    pub fn is_whole_set(&self, part: &Part) -> bool {
        self.whole_sets.contains(part)
    }

    /// Positions of the automaton, wherever the part's set is put in; empty for a part that the matcher has not.
    pub fn places(&self, part: &Part) -> &[u32] {
        self.places.get(part).map_or(&[], Vec::as_slice)
    }
}

impl Matcher {
    /// The positions that a cache came near since it began to watch: those of the phrases that were looked for whose word was met.
    pub(crate) fn seen(&self, cache: &MatcherCache) -> Vec<u32> {
        let met = cache.classes_met(self);
        let mut seen = Vec::new();
        for phrase in cache.phrases_tried() {
            let positions = self.automaton.phrases[phrase as usize].positions.clone();
            let class = |position: &u32| self.automaton.positions[*position as usize].class;
            let is_met = |position: &u32| met[class(position) as usize];
            seen.extend(positions.filter(is_met));
        }
        seen
    }
}

impl MatcherCache {
    /// From now on finds what would be found without these parts; none of them: everything again. [`Matcher::seen`] begins anew.
    pub fn lose(&mut self, matcher: &Matcher, parts: &Parts, lost: &[Part]) {
        self.watch();
        self.lost.positions = lost
            .iter()
            .flat_map(|part| parts.places(part))
            .copied()
            .collect();
        let mut aliases = matcher.automaton.direct_aliases.clone();
        let is_lost = |alias: &Alias| {
            lost.iter().any(|part| {
                part.leaf.is_none()
                    && (part.set.0, part.except, part.phrase)
                        == (alias.set, alias.except, u32::from(alias.phrase))
            })
        };
        let mut any = false;
        for of_set in &mut aliases {
            any |= of_set.iter().any(is_lost);
            of_set.retain(|alias| !is_lost(alias));
        }
        self.lost.aliases = any.then(|| all_aliases(&aliases));
    }
}
