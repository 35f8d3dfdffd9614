//! Tokens -> hits. A phrase is looked for only where its rarest word is said, and walked from there.

use std::hint::select_unpredictable;
use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;

use super::compile::{Alias, Automaton, Cue, Ends, Head, Position, by_position};
use super::forms::{
    ANY, Class, FIRST_NAME, FIRST_PERSON, GENITIVE, INFINITIVE, NUMBER, PATRONYMIC, PLACE, SPANS,
    SURNAME, THIRD_PERSON, UNKNOWN,
};
use super::locale::MONTHS;
use super::parse::Owner;
use super::slots::{N_SPAN_KINDS, NUMBER as COUNTS_AS_NUMBER, SpanKind, Spans, part_of_span};
use super::walk::{
    AHEAD, AHEAD_AT_START, BEFORE_MAX, DEAD, FAR, HERE, Making, RUN_END, RUN_START,
    RUN_START_REACH, Reach, SO_FAR, StateId, Stretch, Surroundings, Walker, bits, more_bits,
    place_ahead,
};
use super::{Hit, Hits, Matcher, SetId};
use crate::call::Speaker;
use crate::text::{Run, TokenizedCall, Vocabulary, WordId, is_letter};

/// What a matcher remembers of words and of ways through its automaton. One per matcher and thread; a cache that has served
/// another vocabulary forgets by itself.
#[derive(Debug, Default)]
pub struct MatcherCache {
    generation: Option<u32>,
    /// By word: index of its symbol and flags; `UNSEEN` before the first look.
    words: Vec<u32>,
    /// By word, see [`part_of_span`].
    span_parts: Vec<u8>,
    symbols: Vec<Symbol>,
    /// By symbol, sorted: class times two, plus one if it is met loosely. Part of `class_pool`.
    symbol_classes: Vec<(u32, u32)>,
    class_pool: Vec<u32>,
    triggers: Vec<Trigger>,
    /// By symbol: the exceptions to look for where it stands, if their sets are found.
    excepts: Vec<Triggers>,
    /// By symbol: some bits of the sets of its exceptions.
    excepted: Vec<u64>,
    /// By set: the bits in `MatcherCache::excepted` of it and its aliases, as far as they have exceptions.
    except_bits: Vec<u64>,
    /// The triggers whose state is made.
    ready: Vec<u32>,
    /// By classes: of words that are no fillers, and of those that are.
    symbol_ids: [FxHashMap<Box<[u32]>, u32>; 2],
    with_extras: FxHashMap<(u32, u32), u32>,
    /// The words of fillers of two words with `FILLER_HEAD` or `FILLER_TAIL` or both, and those fillers.
    filler_words: FxHashMap<&'static str, u32>,
    filler_pairs: FxHashSet<(&'static str, &'static str)>,
    /// The months' lemma keys.
    months: [u64; 12],
    walker: Walker,
    /// By class: its bit in `Needs`; 0 where no phrase asks for it.
    need_bits: Vec<u8>,
    /// Of each phrase's further needs the words that meet them.
    further_needs: Vec<FurtherNeed>,
    /// By phrase.
    of_phrase: Vec<OfPhrase>,
    openings: Openings,
    /// Runs so far, to tell this one from earlier ones.
    n_runs: u32,
    /// The symbols met, if anybody asks.
    met: Option<FxHashSet<u32>>,
    scratch: Scratch,
    /// What is taken for missing.
    pub(super) lost: Lost,
}

/// What is asked of a phrase that may begin before the word that it is looked for at: all of it together, for each phrase is another place in
/// memory.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
struct OfPhrase {
    /// The words that meet the first of its further needs; any word does where it has none.
    need: Needs,
    /// The part of `MatcherCache::further_needs` that is its own: the others.
    further_needs: (u32, u32),
    /// See `Openings`.
    opening: u32,
    /// See `Head::before`.
    before_most: u16,
    /// See `Head`.
    at_run_start_too: bool,
    /// The last run in which so many words before one that it is looked for at were tried, and up to where.
    tried: (u32, u32),
}

/// What a matcher passes by, see `loss.rs`.
#[derive(Debug, Default)]
pub(super) struct Lost {
    /// Positions.
    pub(super) positions: FxHashSet<u32>,
    /// What is left of `Automaton::aliases`; `None`: all of it.
    pub(super) aliases: Option<Vec<Vec<Alias>>>,
}

/// What a token is to the automaton, as far as it is asked of every one: a line of the processor's memory.
#[derive(Debug, Clone, Default)]
#[repr(align(64))]
pub(super) struct Symbol {
    /// Some bits of the classes, that of any word among them.
    pub(super) bits: u64,
    /// Those of its classes that some phrase asks for.
    needs: Needs,
    /// But for the exceptions.
    triggers: Triggers,
    /// Other bits of the classes.
    pub(super) more_bits: u32,
}

/// The phrases to look for where a symbol stands: a part of `MatcherCache::triggers`, and where its groups begin. First those of the sets
/// that are looked for later, then what is asked for in an agent's words only, in either side's, and in a customer's only; last where they
/// end.
type Triggers = [u32; 5];

/// One of [`MatcherCache::excepted`].
fn except_bit(set: u32) -> u64 {
    1 << (set % u64::BITS)
}

/// From where and to where the triggers are looked through, as places in `Triggers`.
fn groups(speaker: Speaker, part: Part) -> [usize; 2] {
    match (speaker, part) {
        (Speaker::Agent, Part::All) => [0, 3],
        (Speaker::Agent, Part::First) => [1, 3],
        (Speaker::Agent, Part::Later) => [0, 1],
        (_, Part::All | Part::First) => [2, 4],
        (_, Part::Later) => [4, 4],
    }
}

/// Which sets are looked for, see `SetSource::later`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    All,
    First,
    Later,
}

/// A phrase to look for where a symbol stands, with all that rules it out mostly. They are looked at by the thousand, all over
/// memory: what of them is larger is slower, and so is what lies across two lines of the processor's memory.
#[derive(Debug, Clone, Copy)]
#[repr(align(32))]
struct Trigger {
    /// Nothing comes of it unless one of these is in what comes next, or if it does not begin here, at the word that it begins with.
    bits: u64,
    /// Nothing comes of it either unless one of these is in what comes behind its gap, if a gap follows.
    beyond: u64,
    phrase: u32,
    /// Behind the symbol if that is the phrase's first word, else before the first word. `UNMADE` until the trigger first passes the
    /// other tests.
    state: StateId,
    /// Words that may stand before.
    before: u16,
    /// Bit in `Needs` of a class of which the run has to have a word.
    need: u8,
    /// Where one of `bits` has to be, by its place in `Surroundings`.
    place: u8,
    /// Where one of `beyond` has to be, by its place in `Surroundings`; `UNTOLD` until the trigger first passes the other tests.
    place_beyond: u8,
    /// How to look closer.
    look: Look,
    /// The phrase may begin with the symbol; asked if it may begin before.
    opens: bool,
    /// See `Head`.
    at_run_start: bool,
}

impl Trigger {
    fn begins_here(&self) -> bool {
        self.look == Look::Here
    }
}

/// How to look closer at what may be there: the numbers are the places in `Scratch::looks`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Look {
    /// The symbol is the phrase's first word, and where that leads does not depend on the token.
    Here = 0,
    /// The phrase may begin before.
    Around = 1,
}

/// See [`Trigger::state`].
const UNMADE: StateId = StateId::MAX;

/// See [`Trigger::place_beyond`].
const UNTOLD: u8 = HERE;

/// A word of the run at which phrases are looked for.
#[derive(Debug, Clone, Copy, Default)]
struct Spot {
    at: u32,
    /// Its triggers, from and to.
    from: u32,
    to: u32,
}

/// Whether a phrase begins with a word before which so many of its words may stand. What does so at the start of a run only, or else
/// begins otherwise, is looked at more closely.
fn begins_here(head: &Head, before: u16) -> bool {
    before == 0 && (head.at_run_start || !head.at_run_start_too)
}

/// Where the `Trigger::bits` of a phrase have to be that is looked for at such a word.
fn place(head: &Head, before: u16) -> u8 {
    match head.at_run_start {
        true if begins_here(head, before) => AHEAD_AT_START,
        false if begins_here(head, before) => AHEAD,
        true if before <= RUN_START_REACH => RUN_START,
        false if before <= BEFORE_MAX => HERE + before as u8,
        _ => SO_FAR,
    }
}

/// Which symbols may begin which phrases, of those that may begin before the word that they are looked for at. The bits of a phrase's
/// first words let through several words for each that is one.
#[derive(Debug, Default)]
struct Openings {
    /// Phrases have a number for the classes that they may begin with; those with the same ones share it. Here are the numbers of those that a
    /// class is one of, and by class where its own begin.
    numbers: Vec<u32>,
    numbers_at: Vec<u32>,
    /// A bit for each symbol and number: for the first [`SYMBOLS_TOGETHER`] symbols by number, then for the next ones. The words around a place are
    /// asked for one number after the other, and most are frequent ones, whose symbols come first.
    bits: Vec<u64>,
    n_symbols: usize,
    n_numbers: usize,
}

/// A line of the processor's memory has as many bits.
const SYMBOLS_TOGETHER: usize = 512;

impl Openings {
    /// With the number of each phrase. Nobody asks for that of one which begins with the word that it is looked for at.
    fn new(automaton: &Automaton, n_classes: usize) -> (Self, Vec<u32>) {
        let mut pairs = Vec::new();
        let mut known: FxHashMap<Box<[Class]>, u32> = FxHashMap::default();
        let mut classes = Vec::new();
        let number = |(phrase, head): (u32, &Head)| {
            if begins_here(head, head.before) {
                return 0;
            }
            classes.clear();
            classes.extend(automaton.roots_of(phrase).iter().map(|root| root.class));
            if let Some(known) = known.get(classes.as_slice()) {
                return *known;
            }
            let next = known.len() as u32;
            pairs.extend(classes.iter().map(|class| (*class, next)));
            known.insert(classes.as_slice().into(), next);
            next
        };
        let of_phrase = (0..).zip(&automaton.heads).map(number).collect();
        let (numbers_at, numbers) = by_position(&pairs, n_classes);
        let openings = Self {
            numbers,
            numbers_at,
            bits: Vec::new(),
            n_symbols: 0,
            n_numbers: known.len(),
        };
        (openings, of_phrase)
    }

    /// Takes in the next symbol, which is of these classes.
    fn add(&mut self, classes: impl Iterator<Item = Class>) {
        let symbol = self.n_symbols;
        self.n_symbols += 1;
        let n_blocks = self.n_symbols.div_ceil(SYMBOLS_TOGETHER);
        let n_words = n_blocks * self.n_numbers * (SYMBOLS_TOGETHER / 64);
        self.bits.resize(n_words, 0);
        for class in classes.chain([ANY]) {
            let at = class as usize;
            let own = self.numbers_at[at] as usize..self.numbers_at[at + 1] as usize;
            for &number in &self.numbers[own] {
                let at = self.place(symbol, number);
                self.bits[at] |= 1 << (symbol % 64);
            }
        }
    }

    /// Whether a phrase with this number may begin with a token, given as its symbol with flags.
    #[inline]
    fn open(&self, token: u32, number: u32) -> bool {
        let symbol = (token & INDEX) as usize;
        self.bits[self.place(symbol, number)] >> (symbol % 64) & 1 != 0
    }

    /// Where the bit of a symbol and a number is.
    #[inline]
    fn place(&self, symbol: usize, number: u32) -> usize {
        let line = symbol / SYMBOLS_TOGETHER * self.n_numbers + number as usize;
        line * (SYMBOLS_TOGETHER / 64) + symbol % SYMBOLS_TOGETHER / 64
    }
}

/// A set of classes that phrases ask for; some share a bit. The first bit is for any word.
#[derive(Debug, Clone, Copy, Default)]
struct Needs([u64; 4]);

impl Needs {
    const ANY_WORD: Self = Self([1, 0, 0, 0]);

    #[inline]
    fn set(&mut self, bit: u8) {
        self.0[usize::from(bit / 64)] |= 1 << (bit % 64);
    }

    #[inline]
    fn add(&mut self, other: &Self) {
        let [a, b, c, d] = other.0;
        let all = &mut self.0;
        (all[0], all[1], all[2], all[3]) = (all[0] | a, all[1] | b, all[2] | c, all[3] | d);
    }

    #[inline]
    fn has(&self, bit: u8) -> bool {
        self.0[usize::from(bit / 64)] >> (bit % 64) & 1 != 0
    }

    #[inline]
    fn has_any(&self, of: &Self) -> bool {
        let [a, b, c, d] = self.0;
        a & of.0[0] | b & of.0[1] | c & of.0[2] | d & of.0[3] != 0
    }
}

/// One of those of a phrase: none lies across two lines of the processor's memory.
#[derive(Debug, Clone, Copy)]
#[repr(align(32))]
struct FurtherNeed(Needs);

// Flags above the symbol's index.
/// Some phrase is looked for where it stands.
const TRIGGERS: u32 = 1 << 31;
pub(super) const IS_FILLER: u32 = 1 << 29;
/// The word may be part of a length of time, a sum…
const COUNTS: u32 = 1 << 28;
/// The word may end a filler of two words.
const FILLER_TAIL: u32 = 1 << 30;
/// The word may begin a filler of two words.
const FILLER_HEAD: u32 = 1 << 27;
/// The flags that are the word's, not the symbol's.
const OF_WORD: u32 = COUNTS | FILLER_HEAD | FILLER_TAIL;
pub(super) const INDEX: u32 = (1 << 27) - 1;
const UNSEEN: u32 = u32::MAX;
/// With more states, arcs and steps than that the automaton is made anew: memory is bounded whatever is said.
const KNOWN_MAX: usize = 1 << 20;

#[derive(Debug, Default)]
struct Scratch {
    /// By token of the call.
    symbols: Vec<u32>,
    plain_tokens: Vec<u32>,
    /// By plain token: see `Spans`.
    span_parts: Vec<u8>,
    /// Tokens with the slots of several words that they are part of, as bits from `SPANS` on.
    extras: Vec<(u32, u32)>,
    /// By key: the best so far from the present start.
    best: Vec<[Best; 2]>,
    touched: Vec<u32>,
    /// By set.
    taken: Vec<Taken>,
    loose: Vec<Hit>,
    /// By token of the call: `Symbol::bits`.
    bits: Vec<u64>,
    around: Vec<Surroundings>,
    /// Start, phrase and how far it reaches.
    found: Vec<(u32, u32, Reach)>,
    /// What is behind the last one of the run is rubbish.
    spots: Vec<Spot>,
    /// What may be in the run: the trigger and where it stands. What is behind the end is rubbish.
    passed: Vec<(u32, u32)>,
    /// The same by `Look`.
    looks: [Vec<(u32, u32)>; 2],
    /// Where phrases may begin that are looked for at a later word: the trigger and the token. What is behind the end is rubbish.
    starts: Vec<(u32, u32)>,
    /// By set with exceptions: the last run in which it was found.
    found_in: Vec<u32>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Taken {
    /// How far the set's exceptions reach that began so far.
    by_excepts: u32,
    /// The end of its last hit.
    by_hits: u32,
}

#[derive(Debug, Clone, Copy, Default)]
struct Best {
    end: u32,
    /// As compiled.
    phrase: u32,
    /// Among the phrases of the set.
    shown: u16,
}

impl Scratch {
    /// A phrase of a set, or an exception of it, reaches so far from the present start. `key` is the set's number twice, plus one for an
    /// exception.
    #[inline]
    fn offer(&mut self, key: u32, phrase: u32, shown: u16, reach: Reach) {
        let [exact, loose] = &mut self.best[key as usize];
        if exact.end == 0 && loose.end == 0 && reach != Reach::default() {
            self.touched.push(key);
        }
        let best = |end| Best { end, phrase, shown };
        if exact.end < reach.exact {
            *exact = best(reach.exact);
        }
        if loose.end < reach.loose {
            *loose = best(reach.loose);
        }
    }
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
        out.clear(self.sets.len());
        self.find_in(call, vocabulary, cache, out, Part::All, 0..call.runs.len());
    }

    /// Finds the sets that are not left for later. `out` is emptied first.
    pub fn find_first(
        &self,
        call: &TokenizedCall<'_>,
        vocabulary: &Vocabulary,
        cache: &mut MatcherCache,
        out: &mut Hits,
    ) {
        out.clear(self.sets.len());
        self.find_in(
            call,
            vocabulary,
            cache,
            out,
            Part::First,
            0..call.runs.len(),
        );
    }

    /// Adds the hits of the sets that [`Matcher::find_first`] left, in some of the runs, each given once and in order.
    pub fn find_later(
        &self,
        call: &TokenizedCall<'_>,
        vocabulary: &Vocabulary,
        cache: &mut MatcherCache,
        out: &mut Hits,
        runs: &[usize],
    ) {
        if !runs.is_empty() {
            let runs = runs.iter().copied();
            self.find_in(call, vocabulary, cache, out, Part::Later, runs);
        }
    }

    /// [`Matcher::find`] for a call of which most runs are those of another one: `kept` has for each run the one of `earlier` that it is, or
    /// `None`. `found` are the hits of `earlier`.
    pub fn find_again(
        &self,
        call: &TokenizedCall<'_>,
        vocabulary: &Vocabulary,
        cache: &mut MatcherCache,
        out: &mut Hits,
        earlier: (&TokenizedCall<'_>, &Hits, &[Option<usize>]),
    ) {
        self.find_new(call, vocabulary, cache, out, Part::All, earlier);
    }

    /// [`Matcher::find_first`] for such a call. What `found` has of the other sets is left behind.
    pub fn find_first_again(
        &self,
        call: &TokenizedCall<'_>,
        vocabulary: &Vocabulary,
        cache: &mut MatcherCache,
        out: &mut Hits,
        earlier: (&TokenizedCall<'_>, &Hits, &[Option<usize>]),
    ) {
        self.find_new(call, vocabulary, cache, out, Part::First, earlier);
    }

    fn find_new(
        &self,
        call: &TokenizedCall<'_>,
        vocabulary: &Vocabulary,
        cache: &mut MatcherCache,
        out: &mut Hits,
        part: Part,
        (earlier, found, kept): (&TokenizedCall<'_>, &Hits, &[Option<usize>]),
    ) {
        out.clear(self.sets.len());
        let new = (0..call.runs.len()).filter(|run| kept[*run].is_none());
        self.find_in(call, vocabulary, cache, out, part, new);
        let mut moved = vec![None; earlier.runs.len()];
        for (run, from) in kept.iter().enumerate() {
            if let Some(from) = *from {
                let to = call.runs[run].tokens.0;
                moved[from] = Some((run as u32, earlier.runs[from].tokens.0, to));
            }
        }
        let later = &self.automaton.later;
        out.add_moved(
            found,
            |set| part == Part::All || !later[set as usize],
            &moved,
        );
    }

    /// Finds a part of the sets in some of the runs.
    fn find_in(
        &self,
        call: &TokenizedCall<'_>,
        vocabulary: &Vocabulary,
        cache: &mut MatcherCache,
        out: &mut Hits,
        part: Part,
        runs: impl Iterator<Item = usize> + Clone,
    ) {
        cache.prepare(self, vocabulary);
        let mut scratch = std::mem::take(&mut cache.scratch);
        scratch.best.resize(self.sets.len() * 2, Default::default());
        scratch.taken.clear();
        scratch.taken.resize(self.sets.len(), Taken::default());
        scratch.symbols.clear();
        scratch.symbols.resize(call.tokens.len(), 0);
        scratch.loose.clear();
        // Symbols lie all over memory: they are read for all runs first, where nothing else has to wait for them.
        let runs = runs.filter(|run| !call.runs[*run].tokens().is_empty());
        for run in runs.clone() {
            self.fill_symbols(call, vocabulary, cache, &mut scratch, &call.runs[run]);
        }
        for run in runs {
            self.find_in_run(call, cache, &mut scratch, out, run as u32, part);
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
        scratch.symbols.resize(call.tokens.len(), 0);
        self.fill_symbols(call, vocabulary, cache, &mut scratch, &run);
        let found = self
            .phrases_behind(hit.set, hit.phrase)
            .find_map(|(phrase, whole)| {
                let path = self.path(cache, &scratch, run, phrase, hit)?;
                Some((path, whole))
            });
        cache.scratch = scratch;
        let (path, whole) = found.unwrap_or_default();
        let leaf = |position: u32| self.automaton.positions[position as usize].leaf();
        path.into_iter()
            .filter(|(position, _)| !leaf(*position).is_empty())
            .map(|(position, token)| (whole.clone().unwrap_or_else(|| leaf(position)), token))
            .collect()
    }

    /// Tells for each token of the call, in order, its symbol with flags and its classes as `meets` wants them.
    pub(super) fn each_symbol(
        &self,
        call: &TokenizedCall<'_>,
        vocabulary: &Vocabulary,
        cache: &mut MatcherCache,
        mut tell: impl FnMut(u32, &[u32]),
    ) {
        cache.prepare(self, vocabulary);
        let mut scratch = std::mem::take(&mut cache.scratch);
        scratch.symbols.clear();
        scratch.symbols.resize(call.tokens.len(), 0);
        for run in call.runs.iter().filter(|run| run.tokens.0 < run.tokens.1) {
            self.fill_symbols(call, vocabulary, cache, &mut scratch, run);
        }
        for &symbol in &scratch.symbols {
            tell(symbol, cache.classes(symbol));
        }
        cache.scratch = scratch;
    }

    /// The compiled phrases that a phrase of a set consists of; for one that is nothing but `@set` the phrases of that set, with
    /// the place of the `@set`.
    fn phrases_behind(
        &self,
        set: SetId,
        phrase: u16,
    ) -> impl Iterator<Item = (u32, Option<Range<usize>>)> + '_ {
        let compiled = self.automaton.phrases.iter().enumerate();
        compiled.filter_map(move |(number, one)| {
            if one.except {
                return None;
            }
            let is_own = one.set == set.0 && one.phrase == phrase;
            let stands =
                |alias: &Alias| alias.set == set.0 && !alias.except && alias.phrase == phrase;
            let is_alias = self.automaton.aliases[one.set as usize].iter().any(stands);
            let whole = || 0..self.phrase_text(set, phrase).len();
            (is_own || is_alias).then(|| (number as u32, is_alias.then(whole)))
        })
    }

    /// The places of a phrase's leaves (words, slots, sets) in its text, each once, in order.
    pub fn leaves(&self, set: SetId, phrase: u16) -> Vec<Range<usize>> {
        let its = self.phrases_behind(set, phrase);
        let mut leaves: Vec<Range<usize>> = its
            .flat_map(|(number, whole)| {
                let compiled = &self.automaton.phrases[number as usize];
                let positions = compiled.positions.start as usize..compiled.positions.end as usize;
                let leaves = self.automaton.positions[positions]
                    .iter()
                    .map(Position::leaf);
                let own = leaves.filter(|leaf| !leaf.is_empty()).collect();
                whole.map_or(own, |whole| vec![whole])
            })
            .collect();
        leaves.sort_unstable_by_key(|leaf| (leaf.start, leaf.end));
        leaves.dedup();
        leaves
    }

    /// Completes the symbols of one run and their bits.
    #[inline(never)]
    fn fill_symbols(
        &self,
        call: &TokenizedCall<'_>,
        vocabulary: &Vocabulary,
        cache: &mut MatcherCache,
        scratch: &mut Scratch,
        run: &Run,
    ) {
        let mut seen = 0;
        let tokens = &call.tokens[run.tokens()];
        for (token, symbol) in tokens.iter().zip(&mut scratch.symbols[run.tokens()]) {
            *symbol = cache.words[token.word.0 as usize];
            if *symbol == UNSEEN {
                *symbol = cache.word(self, vocabulary, token.word);
            }
            seen |= *symbol;
        }
        if seen & FILLER_HEAD != 0 && seen & FILLER_TAIL != 0 {
            self.mark_fillers(call, vocabulary, cache, scratch, run);
        }
        if seen & COUNTS != 0 && self.automaton.uses_spans() {
            self.mark_spans(call, vocabulary, cache, scratch, run);
        }
        let Scratch { symbols, bits, .. } = scratch;
        bits.resize(symbols.len(), 0);
        for (bits, symbol) in bits[run.tokens()].iter_mut().zip(&symbols[run.tokens()]) {
            *bits = cache.symbols[(symbol & INDEX) as usize].bits;
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
        for at in run.tokens.0 as usize + 1..run.tokens.1 as usize {
            let [first, second] = [at - 1, at].map(|at| scratch.symbols[at]);
            let are_fillers = first & second & IS_FILLER != 0;
            if are_fillers || first & FILLER_HEAD == 0 || second & FILLER_TAIL == 0 {
                continue;
            }
            let [first, second] = [at - 1, at].map(|at| vocabulary.norm(call.tokens[at].word));
            if !cache.filler_pairs.contains(&(first, second)) {
                continue;
            }
            for symbol in &mut scratch.symbols[at - 1..=at] {
                if *symbol & IS_FILLER == 0 {
                    let classes = cache.classes(*symbol).to_vec();
                    *symbol = cache.symbol(self, &classes, true) | *symbol & OF_WORD;
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
            span_parts,
            extras,
            ..
        } = scratch;
        let part_of = |at: usize| match symbols[at] & COUNTS {
            0 => 0,
            _ => cache.span_parts[call.tokens[at].word.0 as usize],
        };
        // What stands before the first token that counts and behind the last has no part in any span.
        let counts = |at: &usize| symbols[*at] & COUNTS != 0;
        let (Some(first), Some(last)) =
            (run.tokens().find(counts), run.tokens().rev().find(counts))
        else {
            return;
        };
        let counting = first..last + 1;
        let (mut parts, mut n_numbers) = (0, 0);
        for at in counting.clone() {
            let part = part_of(at);
            parts |= part;
            n_numbers += usize::from(part & COUNTS_AS_NUMBER);
        }
        use SpanKind::{BarePrice, BareThousands, Date, ExactTerm, Sum, Term, Time};
        let kinds = [Term, Sum, BarePrice, Date, Time];
        let may_be = |kind: &SpanKind| kind.may_be_in(parts, n_numbers);
        if !kinds.iter().any(may_be) {
            return;
        }
        plain_tokens.clear();
        span_parts.clear();
        for at in counting {
            if symbols[at] & IS_FILLER == 0 {
                plain_tokens.push(at as u32);
                span_parts.push(part_of(at));
            }
        }
        extras.clear();
        let spans = Spans::new(call, vocabulary, plain_tokens, span_parts);
        let used_slots = self.automaton.used_slots;
        let mut note = |kind: SpanKind, start: usize, end: usize| {
            let base = 4 * kind as u32;
            if used_slots >> (SPANS + base) & 15 == 0 {
                return;
            }
            for (at, &token) in plain_tokens[start..end].iter().enumerate() {
                let part = match (at == 0, at + 1 == end - start) {
                    (true, true) => 0,
                    (true, false) => 1,
                    (false, false) => 2,
                    (false, true) => 3,
                };
                extras.push((token, 1 << (base + part)));
            }
        };
        for kind in kinds.iter().copied().filter(may_be) {
            spans.find(kind, |start, end| {
                note(kind, start, end);
                if kind == Term && !spans.is_idiom(start, end) {
                    note(ExactTerm, start, end);
                }
                if kind == BarePrice && spans.are_thousands(start) {
                    note(BareThousands, start, end);
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
        part: Part,
    ) {
        let run = &call.runs[run_idx as usize];
        let tokens = &scratch.symbols[run.tokens()];
        if tokens.iter().all(|token| token & TRIGGERS == 0) {
            return;
        }
        if let Some(met) = &mut cache.met {
            met.extend(tokens.iter().map(|token| token & INDEX));
        }
        self.search(cache, scratch, run, part);
        if !scratch.found.is_empty() {
            self.collect(call, cache, scratch, out, run_idx);
        }
    }

    /// Walks the phrases that may be in the run, from where they may begin; exceptions last.
    #[inline(never)]
    fn search(&self, cache: &mut MatcherCache, scratch: &mut Scratch, run: &Run, part: Part) {
        let MatcherCache {
            symbols,
            symbol_classes,
            walker,
            n_runs,
            lost,
            of_phrase,
            class_pool,
            triggers,
            ready,
            further_needs,
            openings,
            excepts,
            excepted,
            except_bits,
            ..
        } = cache;
        let Scratch {
            symbols: tokens,
            bits,
            around,
            found,
            passed,
            looks,
            starts,
            spots,
            found_in,
            ..
        } = scratch;
        if *n_runs == u32::MAX {
            for phrase in &mut *of_phrase {
                phrase.tried = (0, 0);
            }
            found_in.fill(0);
            *n_runs = 0;
        }
        *n_runs += 1;
        let (tokens, bits) = (&tokens[run.tokens()], &bits[run.tokens()]);
        let triggers = &mut triggers[..];
        let its_triggers = groups(run.speaker, part);
        let (needs, n_spots, n_triggers) = lay_out(tokens, symbols, its_triggers, spots);
        found.clear();
        let making = &Making {
            automaton: &self.automaton,
            symbols,
            symbol_classes,
            class_pool,
            n_classes: self.forms.n_classes(),
            lost: &lost.positions,
        };
        let stretch = &Stretch::new(tokens, bits, around);
        let mut in_run = InRun {
            making,
            stretch,
            openings,
            needs,
            further_needs,
            of_phrase,
            first_token: run.tokens.0,
            n_run: *n_runs,
            walker,
            ready,
            starts,
            found,
        };
        if passed.len() < n_triggers {
            passed.resize(2 * n_triggers, Default::default());
            for look in looks.iter_mut() {
                look.resize(2 * n_triggers, Default::default());
            }
        }
        let n_passed = look_through(triggers, &spots[..=n_spots], stretch.around, passed);
        let mut n_looks = [0; 2];
        for &one in &passed[..n_passed] {
            let Trigger { look, need, .. } = triggers[one.0 as usize];
            let look = look as usize;
            looks[look][n_looks[look]] = one;
            n_looks[look] += usize::from(needs.has(need));
        }
        let [here, around] = looks;
        let [n_here, n_around] = n_looks;
        for &(number, at) in &here[..n_here] {
            in_run.walk_here(&mut triggers[number as usize], number, at as usize);
        }
        in_run.walk_around(triggers, &mut around[..n_around]);
        // What is not there needs no exceptions.
        let set_of = |phrase: u32| self.automaton.phrases[phrase as usize].set;
        let found = in_run.found.iter();
        let sets = found.map(|(_, phrase, _)| set_of(*phrase));
        let wanted = sets
            .clone()
            .fold(0, |all, set| all | except_bits[set as usize]);
        if wanted == 0 {
            return;
        }
        found_in.resize(self.sets.len(), 0);
        for set in sets {
            found_in[set as usize] = *n_runs;
            for alias in &self.automaton.aliases[set as usize] {
                found_in[alias.set as usize] = *n_runs;
            }
        }
        let n_spots = find_excepts(tokens, excepted, wanted, spots);
        let (n_spots, n_triggers) = lay_out_excepts(tokens, excepts, its_triggers, n_spots, spots);
        if passed.len() < n_triggers {
            passed.resize(2 * n_triggers, Default::default());
        }
        let n_passed = look_through(triggers, &spots[..=n_spots], stretch.around, passed);
        for &(number, at) in &passed[..n_passed] {
            let trigger = &mut triggers[number as usize];
            let set = set_of(trigger.phrase);
            if found_in[set as usize] != *n_runs || !needs.has(trigger.need) {
                continue;
            }
            match trigger.look {
                Look::Here => in_run.walk_here(trigger, number, at as usize),
                Look::Around => in_run.walk_around(triggers, &mut [(number, at)]),
            }
        }
    }

    /// Turns what was found in a run into hits.
    #[inline(never)]
    fn collect(
        &self,
        call: &TokenizedCall<'_>,
        cache: &MatcherCache,
        scratch: &mut Scratch,
        out: &mut Hits,
        run_idx: u32,
    ) {
        let aliases = cache
            .lost
            .aliases
            .as_ref()
            .unwrap_or(&self.automaton.aliases);
        let mut found = std::mem::take(&mut scratch.found);
        found.sort_unstable_by_key(|(start, phrase, _)| (*start, *phrase));
        for same_start in found.chunk_by(|a, b| a.0 == b.0) {
            // Most hits begin where no other does.
            if let &[(start, phrase, reach)] = same_start {
                let compiled = &self.automaton.phrases[phrase as usize];
                if !compiled.except && aliases[compiled.set as usize].is_empty() {
                    let best = |end| Best {
                        end,
                        phrase,
                        shown: compiled.phrase,
                    };
                    let bests = [best(reach.exact), best(reach.loose)];
                    self.keep(
                        call,
                        cache,
                        scratch,
                        out,
                        run_idx,
                        start,
                        compiled.set,
                        bests,
                    );
                    continue;
                }
            }
            for &(_, phrase, reach) in same_start {
                let compiled = &self.automaton.phrases[phrase as usize];
                let key = compiled.set * 2 + u32::from(compiled.except);
                scratch.offer(key, phrase, compiled.phrase, reach);
                if compiled.except {
                    continue;
                }
                for alias in &aliases[compiled.set as usize] {
                    let key = alias.set * 2 + u32::from(alias.except);
                    let loose = if alias.strict { 0 } else { reach.loose };
                    scratch.offer(key, phrase, alias.phrase, Reach { loose, ..reach });
                }
            }
            self.settle(call, cache, scratch, out, run_idx, same_start[0].0);
        }
        scratch.found = found;
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
            let reach = &mut scratch.taken[key as usize / 2].by_excepts;
            let [exact, loose] = std::mem::take(&mut scratch.best[key as usize]);
            *reach = (*reach).max(exact.end).max(loose.end);
        }
        for &key in touched.iter().filter(|&&key| key & 1 == 0) {
            let best = std::mem::take(&mut scratch.best[key as usize]);
            self.keep(call, cache, scratch, out, run_idx, start, key / 2, best);
        }
        touched.clear();
        scratch.touched = touched;
    }

    /// Keeps the hit of one set from one start, the best exact one or else the best loose one, unless something is in its way.
    #[inline(always)]
    #[expect(
        clippy::too_many_arguments,
        reason = "what `settle` has, for one of its sets"
    )]
    fn keep(
        &self,
        call: &TokenizedCall<'_>,
        cache: &MatcherCache,
        scratch: &mut Scratch,
        out: &mut Hits,
        run_idx: u32,
        start: u32,
        set: u32,
        [exact, loose]: [Best; 2],
    ) {
        let taken = scratch.taken[set as usize];
        if start < taken.by_hits {
            return;
        }
        let reach = taken.by_excepts;
        let is_loose = exact.end <= reach;
        let best = if is_loose { loose } else { exact };
        // Nothing is kept, or what an exception rules out.
        if best.end <= reach || is_loose && loose.end == exact.end {
            return;
        }
        let mut hit = Hit {
            set: SetId(set),
            phrase: best.shown,
            run: run_idx,
            tokens: start..best.end,
            loose: is_loose,
            name: None,
        };
        if self.automaton.phrases[best.phrase as usize].has_name {
            let run = call.runs[run_idx as usize];
            hit.name = self.name_in(cache, scratch, run, best.phrase, &hit);
        }
        if is_loose {
            scratch.loose.push(hit);
        } else {
            scratch.taken[set as usize].by_hits = best.end;
            out.push(hit);
        }
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

/// A run that is searched.
struct InRun<'a> {
    making: &'a Making<'a>,
    stretch: &'a Stretch<'a>,
    openings: &'a Openings,
    needs: Needs,
    /// See `MatcherCache`.
    further_needs: &'a [FurtherNeed],
    of_phrase: &'a mut [OfPhrase],
    first_token: u32,
    /// See `MatcherCache`.
    n_run: u32,
    ready: &'a mut Vec<u32>,
    /// See `Scratch`.
    starts: &'a mut Vec<(u32, u32)>,
    walker: &'a mut Walker,
    found: &'a mut Vec<(u32, u32, Reach)>,
}

impl InRun<'_> {
    /// Walks a phrase that begins with the token. `number` is the trigger's.
    #[inline]
    fn walk_here(&mut self, trigger: &mut Trigger, number: u32, at: usize) {
        if trigger.place_beyond == UNTOLD && !self.tell_beyond(trigger, at) {
            return;
        }
        if trigger.state == UNMADE {
            self.get_ready(trigger, number, at);
        }
        let reach = self
            .walker
            .walk(self.making, self.stretch, trigger.state, at);
        self.add(at, trigger.phrase, reach);
    }

    /// Walks phrases that have a token in them, from wherever they may begin. `looks` are the triggers and where they were met.
    ///
    /// What is asked of a phrase lies elsewhere for each, and so does which words may begin it: both are read for all before anything
    /// hangs on them, so that the waits for memory overlap.
    fn walk_around(&mut self, triggers: &mut [Trigger], looks: &mut [(u32, u32)]) {
        let mut n_looks = 0;
        for at in 0..looks.len() {
            let look = looks[at];
            let phrase = triggers[look.0 as usize].phrase;
            looks[n_looks] = look;
            let need = &self.of_phrase[phrase as usize].need;
            n_looks += usize::from(self.needs.has_any(need));
        }
        let n_starts = self.find_starts(triggers, &looks[..n_looks]);
        let (making, stretch) = (self.making, self.stretch);
        for nth in 0..n_starts {
            let (number, start) = self.starts[nth];
            let trigger = &mut triggers[number as usize];
            let start = start as usize;
            if trigger.state == UNMADE {
                self.get_ready(trigger, number, start);
            }
            let of_phrase = &self.of_phrase[trigger.phrase as usize];
            let is_at_start = of_phrase.at_run_start_too && start <= stretch.first_plain;
            let root = trigger.state + StateId::from(is_at_start);
            let (token, bits) = (stretch.tokens[start], stretch.bits[start]);
            let state = self.walker.step(making, root, token, bits);
            if state != DEAD {
                let reach = self.walker.walk(making, stretch, state, start);
                self.add(start, trigger.phrase, reach);
            }
        }
    }

    /// Fills `starts` with the tokens that may begin these phrases, and gives how many there are.
    fn find_starts(&mut self, triggers: &mut [Trigger], looks: &[(u32, u32)]) -> usize {
        let stretch = self.stretch;
        let mut n_starts = 0;
        for &(number, at) in looks {
            let trigger = &mut triggers[number as usize];
            let mut start = at as usize;
            if trigger.place_beyond == UNTOLD && !self.tell_beyond(trigger, start) {
                continue;
            }
            let OfPhrase {
                further_needs: (from, to),
                opening,
                before_most,
                tried,
                ..
            } = &mut self.of_phrase[trigger.phrase as usize];
            let mut further_needs = self.further_needs[*from as usize..*to as usize].iter();
            if !further_needs.all(|need| self.needs.has_any(&need.0)) {
                continue;
            }
            // Starts that an earlier word of the run made us try are not tried again.
            let first = if tried.0 == self.n_run { tried.1 } else { 0 };
            if trigger.before == *before_most {
                *tried = (self.n_run, at + 1);
            }
            let last = match trigger.at_run_start {
                true => stretch.first_plain,
                false => start,
            };
            if self.starts.len() <= n_starts + start {
                self.starts.resize(2 * (n_starts + start + 1), (0, 0));
            }
            // From here back over so many words and the fillers before them.
            let mut n_left = trigger.before;
            let mut begins = trigger.opens;
            loop {
                self.starts[n_starts] = (number, start as u32);
                n_starts += usize::from(begins & (start <= last));
                if start <= first as usize || trigger.before == 0 {
                    break;
                }
                start -= 1;
                if stretch.tokens[start] & IS_FILLER == 0 {
                    if n_left == 0 {
                        break;
                    }
                    n_left -= 1;
                }
                begins = self.openings.open(stretch.tokens[start], *opening);
            }
        }
        n_starts
    }

    /// What has to come behind the word that the phrase is looked for at, and whether it does. `at` is where the trigger was met.
    #[cold]
    fn tell_beyond(&mut self, trigger: &mut Trigger, at: usize) -> bool {
        let automaton = self.making.automaton;
        let classes = self.making.classes(self.stretch.tokens[at]);
        let is_cue = |cue: &Cue| cue.phrase == trigger.phrase;
        let looked_for_at = |class| automaton.triggered(class).iter().any(is_cue);
        let is_here = |position: &u32| {
            let class = automaton.positions[*position as usize].class;
            class != ANY && meets(classes, class).is_some() && looked_for_at(class)
        };
        let its = automaton.phrases[trigger.phrase as usize].positions.clone();
        let mut here: Vec<u32> = its.filter(is_here).collect();
        let (mut beyond, mut n_words) = (0, 1);
        if looked_for_at(ANY) {
            beyond = u64::MAX;
        }
        let mut met = Vec::new();
        // Gaps may follow one another, and the longest way through them counts; what is further than `FAR` is all one.
        while !here.is_empty() {
            let n_met = met.len();
            let mut next = Vec::new();
            for &position in &here {
                match automaton.positions[position as usize].ends {
                    Ends::No => {}
                    Ends::AtRunEnd => beyond |= RUN_END,
                    Ends::Anywhere => beyond = u64::MAX,
                }
                for to in automaton.follow(position) {
                    match automaton.positions[to as usize].class {
                        ANY => {
                            for list in [&mut met, &mut next] {
                                if !list.contains(&to) {
                                    list.push(to);
                                }
                            }
                        }
                        class => beyond |= bits(class),
                    }
                }
            }
            here = next;
            n_words += usize::from(!here.is_empty());
            if n_words > FAR && met.len() == n_met {
                break;
            }
        }
        trigger.beyond = beyond;
        trigger.place_beyond = place_ahead(n_words);
        beyond & self.stretch.around[at][usize::from(trigger.place_beyond)] != 0
    }

    /// `at` is where the trigger was met.
    #[cold]
    fn get_ready(&mut self, trigger: &mut Trigger, number: u32, at: usize) {
        self.ready.push(number);
        trigger.state = self.walker.root(self.making, trigger.phrase);
        if trigger.begins_here() {
            let head = &self.making.automaton.heads[trigger.phrase as usize];
            let root = trigger.state + StateId::from(head.at_run_start_too);
            let (token, bits) = (self.stretch.tokens[at], self.stretch.bits[at]);
            trigger.state = self.walker.step(self.making, root, token, bits);
            trigger.bits = self.walker.needed(trigger.state);
        }
    }

    #[inline]
    fn add(&mut self, start: usize, phrase: u32, reach: Reach) {
        if reach == Reach::default() {
            return;
        }
        let first_token = self.first_token;
        let in_call = |end: u32| if end == 0 { 0 } else { first_token + end };
        let reach = Reach {
            exact: in_call(reach.exact),
            loose: in_call(reach.loose),
        };
        self.found.push((first_token + start as u32, phrase, reach));
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
        let classes = self.cache.classes(self.symbols[token as usize]);
        let held = &self.matcher.automaton.positions[position as usize];
        let fits = match meets(classes, held.class) {
            Some(loose) => self.loose || !loose,
            None => false,
        };
        if !fits
            || self.cache.lost.positions.contains(&position)
            || failed.contains(&(position, token))
        {
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

/// Whether one of the sorted classes is this one, and if so whether loosely.
pub(super) fn meets(classes: &[u32], class: Class) -> Option<bool> {
    if class == ANY {
        return Some(false);
    }
    let at = classes.partition_point(|&held| held < class * 2);
    let held = classes.get(at).filter(|&&held| held / 2 == class);
    held.map(|&held| held & 1 == 1)
}

/// Fills `spots` with the words that have triggers between these places in [`Triggers`]. Gives what phrases may ask for,
/// and how many spots and triggers there are.
#[inline(never)]
fn lay_out(
    tokens: &[u32],
    symbols: &[Symbol],
    [from, to]: [usize; 2],
    spots: &mut Vec<Spot>,
) -> (Needs, usize, usize) {
    let mut needs = Needs::ANY_WORD;
    if spots.len() <= tokens.len() {
        spots.resize(tokens.len() + 1, Spot::default());
    }
    let (mut n_spots, mut n_triggers) = (0, 0);
    for (at, token) in (0..).zip(tokens) {
        let symbol = &symbols[(token & INDEX) as usize];
        needs.add(&symbol.needs);
        let (from, to) = (symbol.triggers[from], symbol.triggers[to]);
        spots[n_spots] = Spot { at, from, to };
        // What has no trigger is written over.
        n_spots += usize::from(from != to);
        n_triggers += (to - from) as usize;
    }
    (needs, n_spots, n_triggers)
}

/// Fills `spots` with the words at which exceptions of these sets, given as bits, may be looked for, without their triggers, and gives how many
/// there are. Which ones nobody could guess.
#[inline(never)]
fn find_excepts(tokens: &[u32], excepted: &[u64], wanted: u64, spots: &mut [Spot]) -> usize {
    let mut n_spots = 0;
    for (at, token) in (0..).zip(tokens) {
        spots[n_spots].at = at;
        n_spots += usize::from(excepted[(token & INDEX) as usize] & wanted != 0);
    }
    n_spots
}

/// Gives so many words their exceptions and leaves out those that have none between these places. Gives how many spots and triggers there are.
fn lay_out_excepts(
    tokens: &[u32],
    excepts: &[Triggers],
    [from, to]: [usize; 2],
    n_found: usize,
    spots: &mut [Spot],
) -> (usize, usize) {
    let (mut n_spots, mut n_triggers) = (0, 0);
    for found in 0..n_found {
        let at = spots[found].at;
        let triggers = &excepts[(tokens[at as usize] & INDEX) as usize];
        let (from, to) = (triggers[from], triggers[to]);
        spots[n_spots] = Spot { at, from, to };
        n_spots += usize::from(from != to);
        n_triggers += (to - from) as usize;
    }
    (n_spots, n_triggers)
}

/// Notes the triggers that pass but for their needs, with where they were met, and gives how many do.
///
/// Which of them pass nobody could guess, nor how many a word has: so all are noted, the next is noted over those that do not pass, and
/// all words' triggers are gone through in one loop. The last spot means nothing: it follows those of the run.
#[inline(never)]
fn look_through(
    triggers: &[Trigger],
    spots: &[Spot],
    around: &[Surroundings],
    passed: &mut [(u32, u32)],
) -> usize {
    let Spot {
        mut at,
        from: mut number,
        mut to,
    } = spots[0];
    let (mut n_passed, mut n_begun) = (0, 1);
    while let Some(next) = spots.get(n_begun) {
        let around = &around[at as usize];
        let trigger = &triggers[number as usize];
        let is_there = (trigger.bits & around[usize::from(trigger.place & 15)] != 0)
            & (trigger.beyond & around[usize::from(trigger.place_beyond & 15)] != 0);
        passed[n_passed] = (number, at);
        n_passed += usize::from(is_there);
        number += 1;
        let is_last = number == to;
        n_begun += usize::from(is_last);
        number = select_unpredictable(is_last, next.from, number);
        at = select_unpredictable(is_last, next.at, at);
        to = select_unpredictable(is_last, next.to, to);
    }
    n_passed
}

/// Long enough for a name, and of letters.
fn is_word(norm: &str) -> bool {
    norm.chars().count() >= NEW_NAME_LETTERS_MIN && norm.chars().all(is_letter)
}

/// The shortest name that the dictionary lacks: shorter ones are rather pieces of words.
const NEW_NAME_LETTERS_MIN: usize = 3;

impl MatcherCache {
    /// Makes the phrases ready anew when they are looked for again, and from now on notes what is met.
    pub(super) fn watch(&mut self) {
        self.forget_states();
        self.met = Some(FxHashSet::default());
    }

    fn forget_states(&mut self) {
        self.walker.clear();
        for trigger in self.ready.drain(..) {
            let trigger = &mut self.triggers[trigger as usize];
            trigger.state = UNMADE;
            if trigger.begins_here() {
                trigger.bits = u64::MAX;
            }
        }
    }

    /// The phrases that were looked for since the last [`MatcherCache::watch`].
    pub(super) fn phrases_tried(&self) -> impl Iterator<Item = u32> + '_ {
        self.walker.phrases()
    }

    /// By class: whether a word of it was met since then.
    pub(super) fn classes_met(&self, matcher: &Matcher) -> Vec<bool> {
        let mut met = vec![false; matcher.forms.n_classes()];
        met[ANY as usize] = true;
        for symbol in self.met.iter().flatten() {
            for held in self.classes(*symbol) {
                met[(held / 2) as usize] = true;
            }
        }
        met
    }

    /// An empty cache.
    pub fn new() -> Self {
        Self::default()
    }

    fn prepare(&mut self, matcher: &Matcher, vocabulary: &Vocabulary) {
        if self.generation != Some(vocabulary.generation()) {
            self.generation = Some(vocabulary.generation());
            self.words.clear();
            self.span_parts.clear();
            self.words.shrink_to(1 << 16);
        }
        self.words.resize(vocabulary.len(), UNSEEN);
        self.span_parts.resize(vocabulary.len(), 0);
        if self.filler_words.is_empty() {
            let fillers = vocabulary.lexicon().fillers();
            let words = fillers.words().into_iter();
            // The list writes some with a hyphen, which parts words here.
            let hyphened = words.filter_map(|word| word.split_once('-'));
            for (head, tail) in fillers.pairs().into_iter().chain(hyphened) {
                *self.filler_words.entry(head).or_default() |= FILLER_HEAD;
                *self.filler_words.entry(tail).or_default() |= FILLER_TAIL;
                self.filler_pairs.insert((head, tail));
            }
            // An empty word keeps the table from being filled again.
            self.filler_words.insert("", 0);
            self.months = MONTHS.map(|month| vocabulary.lexicon().lemma_key(month));
        }
        if self.walker.n_known() > KNOWN_MAX {
            self.forget_states();
        }
        if self.symbols.is_empty() {
            let n_classes = matcher.forms.n_classes();
            self.need_bits = matcher.automaton.need_bits(n_classes);
            let mut own = vec![0; matcher.sets.len()];
            for except in matcher.automaton.phrases.iter().filter(|one| one.except) {
                own[except.set as usize] = except_bit(except.set);
            }
            let with_aliases = |(own_bit, aliases): (&u64, &Vec<Alias>)| {
                let of_aliases = aliases.iter().map(|alias| own[alias.set as usize]);
                of_aliases.fold(*own_bit, |all, bit| all | bit)
            };
            let sets = own.iter().zip(&matcher.automaton.aliases);
            self.except_bits = sets.map(with_aliases).collect();
            let (openings, numbers) = Openings::new(&matcher.automaton, n_classes);
            self.openings = openings;
            let heads = &matcher.automaton.heads;
            for ((phrase, opening), head) in (0..).zip(numbers).zip(heads) {
                let from = self.further_needs.len() as u32;
                let need_bits = &self.need_bits;
                let mut needs = matcher.automaton.further_needs(phrase).map(|classes| {
                    let mut need = Needs::default();
                    let bits = classes.iter().map(|class| need_bits[*class as usize]);
                    bits.for_each(|bit| need.set(bit));
                    need
                });
                let need = needs.next().unwrap_or(Needs::ANY_WORD);
                self.further_needs.extend(needs.map(FurtherNeed));
                self.of_phrase.push(OfPhrase {
                    need,
                    further_needs: (from, self.further_needs.len() as u32),
                    opening,
                    before_most: head.before,
                    at_run_start_too: head.at_run_start_too,
                    tried: (0, 0),
                });
            }
            self.symbol(matcher, &[], false);
        }
    }

    /// The classes of a symbol, with or without flags.
    fn classes(&self, symbol: u32) -> &[u32] {
        let (from, to) = self.symbol_classes[(symbol & INDEX) as usize];
        &self.class_pool[from as usize..to as usize]
    }

    /// The symbol of a word and its flags, looked up once per distinct word.
    #[cold]
    fn word(&mut self, matcher: &Matcher, vocabulary: &Vocabulary, word: WordId) -> u32 {
        let (raw, norm, facts) = (
            vocabulary.raw(word),
            vocabulary.norm(word),
            vocabulary.facts(word),
        );
        let mut classes: SmallVec<[u32; 16]> = SmallVec::new();
        let slots = [
            (FIRST_NAME, facts.first_name),
            (PATRONYMIC, facts.patronymic),
            (SURNAME, facts.surname),
            (NUMBER, facts.is_number()),
            (PLACE, facts.place),
            (FIRST_PERSON, facts.first_person),
            (INFINITIVE, facts.infinitive),
            (GENITIVE, facts.genitive_adjective),
            (THIRD_PERSON, facts.third_person),
        ];
        classes.extend(
            slots
                .iter()
                .filter(|(slot, holds)| *holds && matcher.automaton.uses_slot(*slot))
                .map(|(slot, _)| slot * 2),
        );
        classes.extend(matcher.forms.classes(raw, norm, facts));
        let is_ours = classes.iter().any(|held| held & 1 == 0);
        if !is_ours && matcher.automaton.uses_slot(UNKNOWN) && facts.is_foreign() && is_word(norm) {
            classes.push(UNKNOWN * 2);
        }
        classes.sort_unstable();
        classes.dedup();
        let mut found = self.symbol(matcher, &classes, facts.filler);
        let part = part_of_span(facts, &self.months);
        if part != 0 {
            found |= COUNTS;
        }
        self.span_parts[word.0 as usize] = part;
        found |= self.filler_words.get(norm).copied().unwrap_or(0);
        self.words[word.0 as usize] = found;
        found
    }

    fn with_extras(&mut self, matcher: &Matcher, symbol: u32, bits: u32) -> u32 {
        let key = (symbol, bits);
        if let Some(&found) = self.with_extras.get(&key) {
            return found;
        }
        let is_filler = symbol & IS_FILLER != 0;
        let base = self.classes(symbol);
        let extras = (0..4 * N_SPAN_KINDS)
            .filter(|bit| bits & 1 << bit != 0)
            .map(|bit| (SPANS + bit) * 2);
        let mut classes: Vec<u32> = base.iter().copied().chain(extras).collect();
        classes.sort_unstable();
        let found = self.symbol(matcher, &classes, is_filler) | symbol & OF_WORD;
        self.with_extras.insert(key, found);
        found
    }

    /// The number of a symbol, with the flags that follow from it.
    fn symbol(&mut self, matcher: &Matcher, held: &[u32], is_filler: bool) -> u32 {
        if let Some(&found) = self.symbol_ids[usize::from(is_filler)].get(held) {
            return found;
        }
        let mut found = self.symbols.len() as u32;
        let met = held.iter().map(|held| held / 2).chain([ANY]);
        let mut cues: Vec<Cue> = met
            .flat_map(|class| matcher.automaton.triggered(class))
            .copied()
            .collect();
        // The one with the most words before it is kept.
        cues.sort_unstable_by(|a, b| b.cmp(a));
        cues.dedup_by_key(|cue| cue.phrase);
        if is_filler {
            found |= IS_FILLER;
        }
        if !cues.is_empty() {
            found |= TRIGGERS;
        }
        let all = held.iter().map(|held| held / 2).chain([ANY]);
        let classes = (
            self.class_pool.len() as u32,
            (self.class_pool.len() + held.len()) as u32,
        );
        self.class_pool.extend_from_slice(held);
        let automaton = &matcher.automaton;
        self.openings.add(held.iter().map(|held| held / 2));
        let (need_bits, of_phrase, openings) = (&self.need_bits, &self.of_phrase, &self.openings);
        let trigger = |&Cue { phrase, before }: &Cue| {
            let head = automaton.heads[phrase as usize];
            let begins_here = begins_here(&head, before);
            Trigger {
                bits: if begins_here { u64::MAX } else { head.bits },
                phrase,
                state: UNMADE,
                before,
                need: need_bits[automaton.lone_needs[phrase as usize] as usize],
                place: place(&head, before),
                beyond: u64::MAX,
                place_beyond: UNTOLD,
                look: if begins_here {
                    Look::Here
                } else {
                    Look::Around
                },
                opens: !begins_here && openings.open(found, of_phrase[phrase as usize].opening),
                at_run_start: head.at_run_start,
            }
        };
        let asked = |cue: &&Cue| automaton.asked_of[cue.phrase as usize] != [false, false];
        let mut triggers: Vec<Trigger> = cues.iter().rev().filter(asked).map(trigger).collect();
        let order = |trigger: &Trigger| {
            let phrase = &automaton.phrases[trigger.phrase as usize];
            let group = match automaton.asked_of[trigger.phrase as usize] {
                _ if automaton.later[phrase.set as usize] => 0,
                [_, false] => 1,
                [true, true] => 2,
                [false, true] => 3,
            };
            (phrase.except, group)
        };
        triggers.sort_by_key(order);
        let from = self.triggers.len();
        let [triggers_of, excepts]: [Triggers; 2] = [false, true].map(|except| {
            let before = |group| triggers.partition_point(|one| order(one) < (except, group));
            std::array::from_fn(|group| (from + before(group)) as u32)
        });
        let its_excepts = triggers.iter().filter(|one| order(one).0);
        let sets = its_excepts.map(|one| automaton.phrases[one.phrase as usize].set);
        let excepted = sets.fold(0, |all, set| all | except_bit(set));
        self.excepted.push(excepted);
        self.excepts.push(excepts);
        self.triggers.append(&mut triggers);
        let mut needs = Needs::default();
        for held in held {
            needs.set(need_bits[(held / 2) as usize]);
        }
        let more = held.iter().map(|held| more_bits(held / 2));
        self.symbols.push(Symbol {
            more_bits: more.fold(0, |all, bit| all | bit),
            bits: all.fold(0, |all, class| all | bits(class)),
            needs,
            triggers: triggers_of,
        });
        self.symbol_classes.push(classes);
        self.symbol_ids[usize::from(is_filler)].insert(held.into(), found);
        found
    }
}
