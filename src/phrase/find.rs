//! Tokens -> hits: one automaton for the whole pack, made deterministic as the text asks for it.

use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use super::compile::{CompiledPhrase, Ends, Position};
use super::forms::{ANY, Class, FIRST_NAME, NUMBER, PATRONYMIC, PLACE, SPANS, SURNAME};
use super::locale::MONTHS;
use super::parse::Owner;
use super::slots::{SpanKind, Spans};
use super::{Hit, Hits, Matcher, SetId};
use crate::text::{Run, TokenizedCall, Vocabulary, WordId};

/// What a matcher remembers of words and of ways through its automaton. One per matcher and thread; a cache that has served
/// another vocabulary forgets by itself.
#[derive(Debug, Default)]
pub struct MatcherCache {
    generation: Option<u32>,
    /// By word: index of its symbol and flags; `UNSEEN` before the first look.
    words: Vec<u32>,
    symbols: Vec<Symbol>,
    symbol_ids: FxHashMap<Symbol, u32>,
    with_extras: FxHashMap<(u32, u32), u32>,
    /// The first words of fillers of two words, and those fillers.
    filler_heads: FxHashSet<&'static str>,
    filler_pairs: FxHashSet<(&'static str, &'static str)>,
    /// The months' lemma keys.
    months: [u64; 12],
    states: Vec<State>,
    state_ids: FxHashMap<Box<[u32]>, u32>,
    transitions: FxHashMap<u64, u32>,
    /// By symbol: where the two starts lead; `UNSEEN` before the first look.
    starts: [Vec<u32>; 2],
    /// The latest of `transitions` under a few bits of their keys: one look at memory instead of two.
    recent: Vec<(u64, u32)>,
    scratch: Scratch,
    /// Positions that are taken for missing.
    pub(super) lost: FxHashSet<u32>,
}

/// What a token is to the automaton.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
struct Symbol {
    /// Sorted: class times two, plus one if it is met loosely.
    classes: Box<[u32]>,
    is_filler: bool,
}

#[derive(Debug, Default)]
struct State {
    /// Sorted: position times four, plus `LOOSE`, plus `WAITS`.
    elements: Box<[u32]>,
    accepts: Box<[Accept]>,
    /// Where a token without classes leads: most tokens are such.
    on_plain: Option<u32>,
}

/// The way here had a loose match.
const LOOSE: u32 = 1;
/// Fillers came after the position: no hit ends here.
const WAITS: u32 = 2;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Accept {
    /// Set times two, plus one for its exceptions.
    key: u32,
    loose: bool,
    phrase: u32,
    at_run_end: bool,
}

const DEAD: u32 = 0;
const START: u32 = 1;
const START_OF_RUN: u32 = 2;
const STATES_MAX: usize = 60_000;
const TRANSITIONS_MAX: usize = 600_000;
/// A power of two.
const RECENT: usize = 1 << 14;

// Flags above the symbol's index.
const BEGINS: u32 = 1 << 31;
const BEGINS_RUN: u32 = 1 << 30;
const IS_FILLER: u32 = 1 << 29;
/// The word may be part of a length of time, a sum…
const COUNTS: u32 = 1 << 28;
/// The word may begin a filler of several words.
const FILLER_HEAD: u32 = 1 << 27;
const INDEX: u32 = (1 << 27) - 1;
const UNSEEN: u32 = u32::MAX;

#[derive(Debug, Default)]
struct Scratch {
    /// By token of the call.
    symbols: Vec<u32>,
    plain_tokens: Vec<u32>,
    /// By plain token: whether it counts.
    counts: Vec<bool>,
    /// Tokens with the slots of several words that they are part of, as bits from `SPANS` on.
    extras: Vec<(u32, u32)>,
    /// By key: the best so far from the present start.
    best: Vec<[Best; 2]>,
    touched: Vec<u32>,
    /// By set: how far its exceptions reach that began so far.
    except_reach: Vec<u32>,
    /// By set: the end of its last hit.
    busy_until: Vec<u32>,
    loose: Vec<Hit>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Best {
    end: u32,
    phrase: u32,
}

impl Matcher {
    /// Finds every set in the call. `out` is emptied first.
    ///
    /// In a run each set's hits are the leftmost, of those the longest, and do not overlap. Exact ones come first: a loose hit
    /// stands only where no exact hit of its set does.
    pub fn find(
        &self,
        call: &TokenizedCall<'_>,
        vocabulary: &Vocabulary,
        cache: &mut MatcherCache,
        out: &mut Hits,
    ) {
        cache.prepare(self, vocabulary);
        out.clear(self.sets.len());
        let mut scratch = std::mem::take(&mut cache.scratch);
        scratch.best.resize(self.sets.len() * 2, Default::default());
        for ends in [&mut scratch.except_reach, &mut scratch.busy_until] {
            ends.clear();
            ends.resize(self.sets.len(), 0);
        }
        scratch.symbols.clear();
        scratch.loose.clear();
        let symbol_of = |token: &crate::text::Token| {
            cache
                .words
                .get(token.word.0 as usize)
                .copied()
                .unwrap_or(UNSEEN)
        };
        scratch.symbols.extend(call.tokens.iter().map(symbol_of));
        for (run_idx, run) in call.runs.iter().enumerate() {
            if run.tokens.0 < run.tokens.1 {
                self.fill_symbols(call, vocabulary, cache, &mut scratch, run);
                self.find_in_run(call, cache, &mut scratch, out, run_idx as u32);
            }
        }
        out.add_loose(&mut scratch.loose);
        cache.scratch = scratch;
    }

    /// How a hit came about: for each word that a leaf of the phrase took, the leaf's bytes in the phrase and the token. What gaps
    /// took is left out; words that a `@set` took have the place of the `@set`. For reports on phrases that no example exercises.
    ///
    /// # Panics
    /// When the hit is not one of this call.
    pub fn trace(
        &self,
        call: &TokenizedCall<'_>,
        vocabulary: &Vocabulary,
        cache: &mut MatcherCache,
        hit: &Hit,
    ) -> Vec<(Range<usize>, u32)> {
        cache.prepare(self, vocabulary);
        let run = call.runs[hit.run as usize];
        let mut scratch = std::mem::take(&mut cache.scratch);
        scratch.symbols.clear();
        scratch.symbols.resize(call.tokens.len(), UNSEEN);
        self.fill_symbols(call, vocabulary, cache, &mut scratch, &run);
        let is_its = |phrase: &CompiledPhrase| {
            phrase.set == hit.set.0 && !phrase.except && phrase.phrase == hit.phrase
        };
        let phrase = self.automaton.phrases.iter().position(is_its);
        let path = phrase.and_then(|phrase| self.path(cache, &scratch, run, phrase as u32, hit));
        cache.scratch = scratch;
        let positions = path.unwrap_or_default().into_iter();
        positions
            .map(|(position, token)| (self.automaton.positions[position as usize].leaf(), token))
            .filter(|(leaf, _)| !leaf.is_empty())
            .collect()
    }

    /// The places of a phrase's leaves (words, slots, sets) in its text, each once, in order.
    pub fn leaves(&self, set: SetId, phrase: u16) -> Vec<Range<usize>> {
        let is_its =
            |one: &&CompiledPhrase| one.set == set.0 && !one.except && one.phrase == phrase;
        let Some(compiled) = self.automaton.phrases.iter().find(is_its) else {
            return Vec::new();
        };
        let positions = &self.automaton.positions
            [compiled.positions.start as usize..compiled.positions.end as usize];
        let mut leaves: Vec<Range<usize>> = positions
            .iter()
            .map(Position::leaf)
            .filter(|leaf| !leaf.is_empty())
            .collect();
        leaves.sort_unstable_by_key(|leaf| (leaf.start, leaf.end));
        leaves.dedup();
        leaves
    }

    /// Completes the symbols of one run.
    fn fill_symbols(
        &self,
        call: &TokenizedCall<'_>,
        vocabulary: &Vocabulary,
        cache: &mut MatcherCache,
        scratch: &mut Scratch,
        run: &Run,
    ) {
        let mut seen = 0;
        for at in run.tokens() {
            let mut symbol = scratch.symbols[at];
            if symbol == UNSEEN {
                symbol = cache.word(self, vocabulary, call.tokens[at].word);
                scratch.symbols[at] = symbol;
            }
            seen |= symbol;
        }
        if seen & FILLER_HEAD != 0 {
            self.mark_fillers(call, vocabulary, cache, scratch, run);
        }
        if seen & COUNTS != 0 && self.automaton.used_slots >> SPANS != 0 {
            self.mark_spans(call, vocabulary, cache, scratch, run);
        }
    }

    fn mark_fillers(
        &self,
        call: &TokenizedCall<'_>,
        vocabulary: &Vocabulary,
        cache: &mut MatcherCache,
        scratch: &mut Scratch,
        run: &Run,
    ) {
        for at in run.tokens().skip(1) {
            if scratch.symbols[at - 1] & FILLER_HEAD == 0 {
                continue;
            }
            let [first, second] = [at - 1, at].map(|at| vocabulary.norm(call.tokens[at].word));
            if !cache.filler_pairs.contains(&(first, second)) {
                continue;
            }
            for symbol in &mut scratch.symbols[at - 1..=at] {
                if *symbol & IS_FILLER == 0 {
                    let as_filler = Symbol {
                        is_filler: true,
                        ..cache.symbols[(*symbol & INDEX) as usize].clone()
                    };
                    *symbol = cache.symbol(self, as_filler) | *symbol & (COUNTS | FILLER_HEAD);
                }
            }
        }
    }

    fn mark_spans(
        &self,
        call: &TokenizedCall<'_>,
        vocabulary: &Vocabulary,
        cache: &mut MatcherCache,
        scratch: &mut Scratch,
        run: &Run,
    ) {
        let Scratch {
            symbols,
            plain_tokens,
            counts,
            extras,
            ..
        } = scratch;
        plain_tokens.clear();
        plain_tokens.extend(
            run.tokens()
                .filter(|&at| symbols[at] & IS_FILLER == 0)
                .map(|at| at as u32),
        );
        counts.clear();
        counts.extend(
            plain_tokens
                .iter()
                .map(|&at| symbols[at as usize] & COUNTS != 0),
        );
        extras.clear();
        let months = cache.months;
        let spans = Spans::new(call, vocabulary, plain_tokens, counts, &months);
        use SpanKind::{BarePrice, Date, ExactTerm, Sum, Term, Time};
        for kind in [Term, ExactTerm, Sum, BarePrice, Date, Time] {
            let base = 4 * kind as u32;
            if self.automaton.used_slots >> (SPANS + base) & 15 == 0 {
                continue;
            }
            spans.find(kind, |start, end| {
                for (at, &token) in plain_tokens[start..end].iter().enumerate() {
                    let part = match (at == 0, at + 1 == end - start) {
                        (true, true) => 0,
                        (true, false) => 1,
                        (false, false) => 2,
                        (false, true) => 3,
                    };
                    extras.push((token, 1 << (base + part)));
                }
            });
        }
        extras.sort_unstable();
        for same in extras.chunk_by(|a, b| a.0 == b.0) {
            let bits = same.iter().fold(0, |bits, extra| bits | extra.1);
            let symbol = &mut symbols[same[0].0 as usize];
            *symbol = cache.with_extras(self, *symbol, bits);
        }
    }

    fn find_in_run(
        &self,
        call: &TokenizedCall<'_>,
        cache: &mut MatcherCache,
        scratch: &mut Scratch,
        out: &mut Hits,
        run_idx: u32,
    ) {
        let Range {
            start: run_start,
            end: run_end,
        } = call.runs[run_idx as usize].tokens();
        let mut begins = BEGINS | BEGINS_RUN;
        for start in run_start..run_end {
            let symbol = scratch.symbols[start];
            let at_run_start = begins & BEGINS_RUN != 0;
            let may_begin = symbol & begins != 0;
            if symbol & IS_FILLER == 0 {
                begins = BEGINS;
            }
            if !may_begin {
                continue;
            }
            let mut state = if at_run_start { START_OF_RUN } else { START };
            for end in start..run_end {
                state = cache.step(self, state, scratch.symbols[end] & INDEX);
                if state == DEAD {
                    break;
                }
                for accept in &cache.states[state as usize].accepts {
                    let is_rest_filler = || {
                        scratch.symbols[end + 1..run_end]
                            .iter()
                            .all(|symbol| symbol & IS_FILLER != 0)
                    };
                    if accept.at_run_end && !is_rest_filler() {
                        continue;
                    }
                    let key = accept.key as usize;
                    let bests = &mut scratch.best[key];
                    if bests[0].end == 0 && bests[1].end == 0 {
                        scratch.touched.push(accept.key);
                    }
                    let best = &mut bests[usize::from(accept.loose)];
                    if best.end < end as u32 + 1 {
                        *best = Best {
                            end: end as u32 + 1,
                            phrase: accept.phrase,
                        };
                    }
                }
            }
            if !scratch.touched.is_empty() {
                self.settle(call, cache, scratch, out, run_idx, start as u32);
            }
        }
    }

    /// Turns what was found from one start into hits.
    fn settle(
        &self,
        call: &TokenizedCall<'_>,
        cache: &MatcherCache,
        scratch: &mut Scratch,
        out: &mut Hits,
        run_idx: u32,
        start: u32,
    ) {
        let mut touched = std::mem::take(&mut scratch.touched);
        for &key in touched.iter().filter(|&&key| key & 1 == 1) {
            let reach = &mut scratch.except_reach[key as usize / 2];
            let [exact, loose] = std::mem::take(&mut scratch.best[key as usize]);
            *reach = (*reach).max(exact.end).max(loose.end);
        }
        for &key in touched.iter().filter(|&&key| key & 1 == 0) {
            let set = key / 2;
            let [exact, loose] = std::mem::take(&mut scratch.best[key as usize]);
            let reach = scratch.except_reach[set as usize];
            for (best, is_loose) in [(exact, false), (loose, true)] {
                let busy = scratch.busy_until[set as usize];
                if best.end <= reach || start < busy || is_loose && best.end == exact.end {
                    continue;
                }
                let mut hit = Hit {
                    set: SetId(set),
                    phrase: self.automaton.phrases[best.phrase as usize].phrase,
                    run: run_idx,
                    tokens: start..best.end,
                    loose: is_loose,
                    name: None,
                };
                if self.automaton.phrases[best.phrase as usize].has_name {
                    hit.name = self.name_in(
                        cache,
                        scratch,
                        call.runs[run_idx as usize],
                        best.phrase,
                        &hit,
                    );
                }
                if is_loose {
                    scratch.loose.push(hit);
                } else {
                    scratch.busy_until[set as usize] = best.end;
                    out.push(hit);
                }
            }
        }
        touched.clear();
        scratch.touched = touched;
    }

    /// The tokens of the name slot that the phrase took.
    fn name_in(
        &self,
        cache: &MatcherCache,
        scratch: &Scratch,
        run: Run,
        phrase: u32,
        hit: &Hit,
    ) -> Option<(Owner, Range<u32>)> {
        let path = self.path(cache, scratch, run, phrase, hit)?;
        let mut best: Option<(Owner, Range<u32>)> = None;
        for (position, token) in path {
            let Some(owner) = self.automaton.positions[position as usize].name else {
                continue;
            };
            match &mut best {
                Some((known, tokens)) if *known == owner && tokens.end <= token => {
                    tokens.end = token + 1
                }
                Some((Owner::Anyone, _)) | None => best = Some((owner, token..token + 1)),
                Some(_) => {}
            }
        }
        best
    }

    /// One way of the phrase through the hit: which position took which token.
    fn path(
        &self,
        cache: &MatcherCache,
        scratch: &Scratch,
        run: Run,
        phrase: u32,
        hit: &Hit,
    ) -> Option<Vec<(u32, u32)>> {
        let is_filler = |at: u32| scratch.symbols[at as usize] & IS_FILLER != 0;
        let search = Search {
            matcher: self,
            cache,
            symbols: &scratch.symbols,
            end: hit.tokens.end,
            loose: hit.loose,
            rest_is_filler: (hit.tokens.end..run.tokens.1).all(is_filler),
        };
        let at_run_start = (run.tokens.0..hit.tokens.start).all(is_filler);
        let compiled = &self.automaton.phrases[phrase as usize];
        let roots = &self.automaton.roots_by_phrase
            [compiled.roots.start as usize..compiled.roots.end as usize];
        let mut failed = FxHashSet::default();
        let mut path = Vec::new();
        let begins = roots
            .iter()
            .filter(|root| !root.at_run_start || at_run_start);
        begins
            .into_iter()
            .any(|root| search.go(root.position, hit.tokens.start, &mut path, &mut failed))
            .then_some(path)
    }
}

/// A search for one way of one phrase through one hit.
struct Search<'a> {
    matcher: &'a Matcher,
    cache: &'a MatcherCache,
    symbols: &'a [u32],
    end: u32,
    loose: bool,
    rest_is_filler: bool,
}

impl Search<'_> {
    fn go(
        &self,
        position: u32,
        token: u32,
        path: &mut Vec<(u32, u32)>,
        failed: &mut FxHashSet<(u32, u32)>,
    ) -> bool {
        let symbol = &self.cache.symbols[(self.symbols[token as usize] & INDEX) as usize];
        let held = &self.matcher.automaton.positions[position as usize];
        let fits = match symbol.meets(held.class) {
            Some(loose) => self.loose || !loose,
            None => false,
        };
        if !fits || self.cache.lost.contains(&position) || failed.contains(&(position, token)) {
            return false;
        }
        path.push((position, token));
        let may_end = match held.ends {
            Ends::No => false,
            Ends::AtRunEnd => self.rest_is_filler,
            Ends::Anywhere => true,
        };
        if token + 1 == self.end && may_end {
            return true;
        }
        for next in token + 1..self.end {
            let mut follow = self.matcher.automaton.follow(position);
            if follow.any(|to| self.go(to, next, path, failed)) {
                return true;
            }
            if self.symbols[next as usize] & IS_FILLER == 0 {
                break;
            }
        }
        path.pop();
        failed.insert((position, token));
        false
    }
}

impl Symbol {
    /// Whether it is of the class, and if so whether loosely.
    fn meets(&self, class: Class) -> Option<bool> {
        if class == ANY {
            return Some(false);
        }
        let at = self.classes.partition_point(|&held| held < class * 2);
        self.classes
            .get(at)
            .filter(|&&held| held / 2 == class)
            .map(|&held| held & 1 == 1)
    }
}

fn transition(state: u32, symbol: u32) -> u64 {
    u64::from(state) << 32 | u64::from(symbol)
}

fn recent_slot(key: u64) -> usize {
    // The upper bits of a product depend on all bits of the key.
    (key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (64 - RECENT.ilog2())) as usize
}

impl MatcherCache {
    /// An empty cache.
    pub fn new() -> Self {
        Self::default()
    }

    fn prepare(&mut self, matcher: &Matcher, vocabulary: &Vocabulary) {
        if self.generation != Some(vocabulary.generation()) {
            self.generation = Some(vocabulary.generation());
            self.words.clear();
            self.words.shrink_to(1 << 16);
        }
        self.words.resize(vocabulary.len(), UNSEEN);
        if self.filler_heads.is_empty() {
            let fillers = vocabulary.lexicon().fillers();
            let hyphened = fillers
                .words()
                .into_iter()
                .filter_map(|word| word.split_once('-'));
            // The list writes some with a hyphen, which parts words here.
            self.filler_pairs = fillers.pairs().into_iter().chain(hyphened).collect();
            // An empty word keeps the table from being filled again.
            let heads = fillers.pairs().into_iter().map(|(head, _)| head);
            let hyphened = fillers
                .words()
                .into_iter()
                .filter_map(|word| word.split_once('-'));
            self.filler_heads = heads
                .chain(hyphened.map(|(head, _)| head))
                .chain([""])
                .collect();
            self.months = MONTHS.map(|month| vocabulary.lexicon().lemma_key(month));
        }
        if self.states.len() > STATES_MAX || self.transitions.len() > TRANSITIONS_MAX {
            self.forget_ways();
        }
        self.recent.resize(RECENT, (0, DEAD));
        if self.states.is_empty() {
            self.states.resize_with(3, State::default);
        }
        if self.symbols.is_empty() {
            self.symbol(matcher, Symbol::default());
        }
    }

    /// Forgets everything about ways through the automaton.
    pub(super) fn forget_ways(&mut self) {
        self.states.clear();
        self.state_ids.clear();
        self.transitions.clear();
        self.starts.iter_mut().for_each(Vec::clear);
        self.recent.clear();
    }

    /// The positions on the ways that are remembered; sorted.
    pub(super) fn positions(&self) -> Vec<u32> {
        let elements = self.states.iter().flat_map(|state| &state.elements);
        let mut positions: Vec<u32> = elements.map(|element| element >> 2).collect();
        positions.sort_unstable();
        positions.dedup();
        positions
    }

    /// The symbol of a word and its flags, looked up once per distinct word.
    #[cold]
    fn word(&mut self, matcher: &Matcher, vocabulary: &Vocabulary, word: WordId) -> u32 {
        let (raw, norm, facts) = (
            vocabulary.raw(word),
            vocabulary.norm(word),
            vocabulary.facts(word),
        );
        let mut classes: Vec<u32> = Vec::new();
        let slots = [
            (FIRST_NAME, facts.first_name),
            (PATRONYMIC, facts.patronymic),
            (SURNAME, facts.surname),
            (NUMBER, facts.is_number()),
            (PLACE, facts.place),
        ];
        classes.extend(
            slots
                .iter()
                .filter(|(slot, holds)| *holds && matcher.automaton.uses_slot(*slot))
                .map(|(slot, _)| slot * 2),
        );
        classes.extend(
            matcher
                .forms
                .classes(raw, norm, facts)
                .into_iter()
                .map(|(class, loose)| class * 2 + u32::from(loose)),
        );
        classes.sort_unstable();
        classes.dedup();
        let symbol = Symbol {
            classes: classes.into(),
            is_filler: facts.filler,
        };
        let mut found = self.symbol(matcher, symbol);
        if facts.unit.is_some() || facts.number_word.is_some() || facts.is_number() {
            found |= COUNTS;
        }
        if self.filler_heads.contains(norm) {
            found |= FILLER_HEAD;
        }
        self.words[word.0 as usize] = found;
        found
    }

    fn with_extras(&mut self, matcher: &Matcher, symbol: u32, bits: u32) -> u32 {
        let key = (symbol, bits);
        if let Some(&found) = self.with_extras.get(&key) {
            return found;
        }
        let base = &self.symbols[(symbol & INDEX) as usize];
        let extras = (0..32 - SPANS)
            .filter(|bit| bits & 1 << bit != 0)
            .map(|bit| (SPANS + bit) * 2);
        let mut classes: Vec<u32> = base.classes.iter().copied().chain(extras).collect();
        classes.sort_unstable();
        let extended = Symbol {
            classes: classes.into(),
            is_filler: base.is_filler,
        };
        let found = self.symbol(matcher, extended) | symbol & (COUNTS | FILLER_HEAD);
        self.with_extras.insert(key, found);
        found
    }

    /// The number of a symbol, with the flags that follow from it.
    fn symbol(&mut self, matcher: &Matcher, symbol: Symbol) -> u32 {
        if let Some(&found) = self.symbol_ids.get(&symbol) {
            return found;
        }
        let mut found = self.symbols.len() as u32;
        if symbol.is_filler {
            found |= IS_FILLER;
        }
        let classes = symbol.classes.iter().map(|held| held / 2).chain([ANY]);
        for root in classes.flat_map(|class| matcher.automaton.roots(class)) {
            found |= if root.at_run_start {
                BEGINS_RUN
            } else {
                BEGINS
            };
        }
        self.symbols.push(symbol.clone());
        self.symbol_ids.insert(symbol, found);
        found
    }

    #[inline]
    fn step(&mut self, matcher: &Matcher, state: u32, symbol: u32) -> u32 {
        if state <= START_OF_RUN {
            let known = self.starts[(state - START) as usize].get(symbol as usize);
            return match known {
                Some(&to) if to != UNSEEN => to,
                _ => self.new_start(matcher, state, symbol),
            };
        }
        // Symbol 0 is that of the words that no phrase has.
        if symbol == 0 {
            return match self.states[state as usize].on_plain {
                Some(to) => to,
                None => self.new_step(matcher, state, symbol),
            };
        }
        let key = transition(state, symbol);
        let slot = recent_slot(key);
        if self.recent[slot].0 == key {
            return self.recent[slot].1;
        }
        let to = match self.transitions.get(&key) {
            Some(&to) => to,
            None => self.new_step(matcher, state, symbol),
        };
        self.recent[slot] = (key, to);
        to
    }

    #[cold]
    #[inline(never)]
    fn new_start(&mut self, matcher: &Matcher, state: u32, symbol: u32) -> u32 {
        let to = self.new_step(matcher, state, symbol);
        let starts = &mut self.starts[(state - START) as usize];
        starts.resize(self.symbols.len(), UNSEEN);
        starts[symbol as usize] = to;
        to
    }

    #[cold]
    #[inline(never)]
    fn new_step(&mut self, matcher: &Matcher, state: u32, symbol: u32) -> u32 {
        let automaton = &matcher.automaton;
        let held = &self.symbols[symbol as usize];
        let mut elements: Vec<u32> = Vec::new();
        if state == START || state == START_OF_RUN {
            let classes = held.classes.iter().copied().chain([ANY * 2]);
            for class in classes {
                let roots = automaton.roots(class / 2).iter();
                let roots = roots.filter(|root| state == START_OF_RUN || !root.at_run_start);
                elements.extend(roots.map(|root| root.position << 2 | class & 1));
            }
        } else {
            for &element in &self.states[state as usize].elements {
                for to in automaton.follow(element >> 2) {
                    if let Some(loose) = held.meets(automaton.positions[to as usize].class) {
                        elements.push(to << 2 | element & LOOSE | u32::from(loose));
                    }
                }
                if held.is_filler && automaton.goes_on(element >> 2) {
                    elements.push(element | WAITS);
                }
            }
        }
        if !self.lost.is_empty() {
            elements.retain(|element| !self.lost.contains(&(element >> 2)));
        }
        elements.sort_unstable();
        elements.dedup();
        let to = self.state(matcher, elements);
        if symbol == 0 {
            self.states[state as usize].on_plain = Some(to);
        } else {
            self.transitions.insert(transition(state, symbol), to);
        }
        to
    }

    fn state(&mut self, matcher: &Matcher, elements: Vec<u32>) -> u32 {
        if elements.is_empty() {
            return DEAD;
        }
        let elements: Box<[u32]> = elements.into();
        if let Some(&found) = self.state_ids.get(&elements) {
            return found;
        }
        let automaton = &matcher.automaton;
        let mut accepts: Vec<Accept> = Vec::new();
        for &element in &elements {
            let position = &automaton.positions[element as usize >> 2];
            if element & WAITS == 0 && position.ends != Ends::No {
                let phrase = &automaton.phrases[position.phrase as usize];
                accepts.push(Accept {
                    key: phrase.set * 2 + u32::from(phrase.except),
                    loose: element & LOOSE != 0,
                    phrase: position.phrase,
                    at_run_end: position.ends == Ends::AtRunEnd,
                });
            }
        }
        accepts.sort_unstable();
        accepts.dedup();
        let found = self.states.len() as u32;
        self.states.push(State {
            elements: elements.clone(),
            accepts: accepts.into(),
            on_plain: None,
        });
        self.state_ids.insert(elements, found);
        found
    }
}
