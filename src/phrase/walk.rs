//! One phrase through one run. The sets of positions that a phrase can be in are the states of a deterministic automaton, of
//! which only what calls have needed so far is made: a word is one look into a table.

use rustc_hash::{FxHashMap, FxHashSet};

use super::compile::{Automaton, Ends};
use super::find::{INDEX, IS_FILLER, Symbol};
use super::forms::{ANY, Class};

/// A state by number.
pub(super) type StateId = u32;

/// Nothing leads on from here, and nothing ends here.
pub(super) const DEAD: StateId = 0;

/// One bit for a class.
pub(super) fn bits(class: Class) -> u64 {
    if class == ANY {
        ANY_BIT
    } else {
        bit_of(spread(class))
    }
}

/// Another number for a class; neighbours lie far apart.
fn spread(class: Class) -> u32 {
    class.wrapping_mul(0x9E37_79B1)
}

/// The bit of a class other than `ANY` by its spread number: the greater the one, the greater the other.
fn bit_of(spread: u32) -> u64 {
    2 << (spread >> 26).min(61)
}

/// One more bit for a class, which two that share one of [`bits`] seldom share; none for any word.
pub(super) fn more_bits(class: Class) -> u32 {
    if class == ANY {
        0
    } else {
        1 << (class.wrapping_mul(0x85EB_CA6B) >> 27)
    }
}

/// The bit of any word: every token is one.
const ANY_BIT: u64 = 1;
/// Bit of the end of a run, where a token's would be.
pub(super) const RUN_END: u64 = 1 << 63;

/// The way so far had only exact matches.
const EXACT: u8 = 1;
/// The way so far had a loose match.
const LOOSE: u8 = 2;
/// Shifts the ways that end at the end of a run only.
const AT_RUN_END: u8 = 2;

/// The furthest ends of a phrase from one start; 0 where there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Reach {
    pub(super) exact: u32,
    pub(super) loose: u32,
}

impl Reach {
    /// This, or the end at this token for a state with these ends.
    #[inline]
    fn and(mut self, mut ends: u8, stretch: &Stretch<'_>, at: usize) -> Self {
        if at >= stretch.last_plain {
            ends |= ends >> AT_RUN_END;
        }
        if ends & EXACT != 0 {
            self.exact = at as u32 + 1;
        }
        if ends & LOOSE != 0 {
            self.loose = at as u32 + 1;
        }
        self
    }
}

/// The bits of what stands around a word, gathered from several stretches: one look rules a phrase out, whatever it is that
/// it asks for. As long as a power of two, so that nobody has to ask whether a place is one.
pub(super) type Surroundings = [u64; 16];

// Places in `Surroundings`.
/// The word itself; then with one plain word before it and the fillers beside that, with two, with three.
pub(super) const HERE: u8 = 0;
pub(super) const BEFORE_MAX: u16 = 3;
/// The run up to the word.
pub(super) const SO_FAR: u8 = 4;
/// The first plain word of the run and the fillers before it; nothing where that is too far away.
pub(super) const RUN_START: u8 = 5;
/// In plain words.
pub(super) const RUN_START_REACH: u16 = 15;
/// What comes next at the start of the run; nothing anywhere else.
pub(super) const AHEAD_AT_START: u8 = 6;
/// What comes next: up to the first plain word; then up to the second, the fourth, and all of the rest. `RUN_END` is there where the run ends
/// before.
pub(super) const AHEAD: u8 = 7;

/// More plain words ahead than this are told of by the place of all of the rest.
pub(super) const FAR: usize = 4;

/// The place of the fewest plain words ahead that reach so far.
pub(super) fn place_ahead(n_words: usize) -> u8 {
    match n_words {
        0 | 1 => AHEAD,
        2 => AHEAD + 1,
        3..=FAR => AHEAD + 2,
        _ => AHEAD + 3,
    }
}

/// A run of tokens, as far as walking needs it. What is by token begins with the run's first one, and so do the numbers.
#[derive(Debug, Clone)]
pub(super) struct Stretch<'a> {
    /// No token before it is more than a filler; the last one where all are fillers.
    pub(super) first_plain: usize,
    /// No token behind it is more than a filler; 0 where all are.
    pub(super) last_plain: usize,
    /// Symbols' numbers with flags, by token.
    pub(super) tokens: &'a [u32],
    /// `Symbol::bits`, by token.
    pub(super) bits: &'a [u64],
    /// By token; what is behind the run's last one is rubbish.
    pub(super) around: &'a [Surroundings],
}

impl<'a> Stretch<'a> {
    /// At least one token. `bits` are given, `around` is filled.
    #[inline(never)]
    pub(super) fn new(
        tokens: &'a [u32],
        bits: &'a [u64],
        around: &'a mut Vec<Surroundings>,
    ) -> Self {
        let is_plain = |token: &u32| token & IS_FILLER == 0;
        if around.len() < tokens.len() {
            around.resize(tokens.len(), Surroundings::default());
        }
        let (mut first_plain, mut last_plain) = (tokens.len() - 1, 0);
        let (mut one, mut two, mut three, mut four) = (RUN_END, RUN_END, RUN_END, RUN_END);
        let mut rest = RUN_END;
        let all = tokens.iter().zip(bits).zip(around.iter_mut());
        for (at, ((token, bits), around)) in all.enumerate().rev() {
            around[usize::from(AHEAD)..][..4].copy_from_slice(&[one, two, four, rest]);
            rest |= bits;
            let before = if is_plain(token) {
                [0, one, two, three]
            } else {
                [one, two, three, four]
            };
            [one, two, three, four] = before.map(|before| before | bits);
            first_plain = if is_plain(token) { at } else { first_plain };
        }
        let run_start = one & !RUN_END;
        // The bits since the last plain word, and of each of the last ones with the fillers before it.
        let (mut now, mut first, mut second, mut third) = (0, 0, 0, 0);
        let (mut so_far, mut n_plain) = (0, 0);
        let all = tokens.iter().zip(bits).zip(around.iter_mut());
        for (at, ((token, here), around)) in all.enumerate() {
            so_far |= here;
            now |= here;
            let is_near_start = n_plain <= RUN_START_REACH;
            let next = around[usize::from(AHEAD)];
            around[..usize::from(AHEAD)].copy_from_slice(&[
                *here,
                now | first,
                now | first | second,
                now | first | second | third,
                so_far,
                if is_near_start { run_start } else { 0 },
                if n_plain == 0 { next } else { 0 },
            ]);
            if is_plain(token) {
                n_plain += 1;
                last_plain = at;
                (now, first, second, third) = (0, now, first, second);
            }
        }
        Self {
            first_plain,
            last_plain,
            tokens,
            bits,
            around,
        }
    }

    /// The bits of the next tokens, up to the first that is not a filler or else `RUN_END`.
    #[inline]
    pub(super) fn ahead(&self, at: usize) -> u64 {
        self.around[at][usize::from(AHEAD)]
    }
}

/// What making states needs to know.
pub(super) struct Making<'a> {
    pub(super) automaton: &'a Automaton,
    /// See `MatcherCache`.
    pub(super) symbols: &'a [Symbol],
    pub(super) symbol_classes: &'a [(u32, u32)],
    pub(super) class_pool: &'a [u32],
    pub(super) n_classes: usize,
    /// Positions that are passed by.
    pub(super) lost: &'a FxHashSet<u32>,
}

impl<'a> Making<'a> {
    pub(super) fn classes(&self, token: u32) -> &'a [u32] {
        let (from, to) = self.symbol_classes[(token & INDEX) as usize];
        &self.class_pool[from as usize..to as usize]
    }
}

/// Most words are of one class that leads on from a state, or of none; so steps are kept by class. The latest ones stand in the state itself,
/// which is a line of the processor's memory: any other has to be looked for in three other places, one after the other.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
struct State {
    /// Some bits of the classes that lead on.
    bits: u64,
    /// Other bits of these.
    more_bits: u32,
    /// Where a word leads of which nothing is known.
    any: StateId,
    /// The part of `Walker::arcs` from here on, sorted by `spread`; made when a class first leads on, `UNKNOWN` before.
    arcs: u32,
    n_arcs: u16,
    /// The latest steps: a symbol with whether it is a filler, and where it led. No token is `UNKNOWN`.
    latest: [(u32, StateId); LATEST],
    /// The ways that end with the word that led here, and those that do so at the end of a run only.
    ends: u8,
}

/// What has room beside the rest of a state.
const LATEST: usize = 5;

impl State {
    /// Where this token led, if that is remembered here; told without a jump for each place.
    #[inline]
    fn latest(&self, token: u32) -> Option<StateId> {
        let its = |found, (known, next): &_| if *known == token { *next } else { found };
        let next = self.latest.iter().fold(UNKNOWN, its);
        (next != UNKNOWN).then_some(next)
    }

    fn remember(&mut self, token: u32, next: StateId) {
        self.latest.copy_within(..LATEST - 1, 1);
        self.latest[0] = (token, next);
    }
}

/// Where the words of a class lead that are met exactly.
#[derive(Debug, Clone, Copy)]
struct Arc {
    spread: u32,
    /// `UNKNOWN` before the first time.
    next: StateId,
}

const UNKNOWN: StateId = StateId::MAX;
/// So many or more are not counted: their steps are kept by symbol.
const ARCS_TOO_MANY: u16 = u16::MAX;
/// Fewer arcs are searched one by one.
const ARCS_FEW: usize = 64;

/// What a state stands for, to make its steps from.
#[derive(Debug, Clone, Copy)]
enum Source {
    /// The phrase begins; whether at the start of a run.
    Begin(u32, bool),
    /// These groups may follow, part of `Walker::groups`.
    Follow(u32, u32),
}

/// The states made so far.
#[derive(Debug, Default)]
pub(super) struct Walker {
    /// The first is `DEAD`.
    states: Vec<State>,
    sources: Vec<Source>,
    arcs: Vec<Arc>,
    /// Groups of `Automaton` that may follow, times four, plus the ways there.
    groups: Vec<u32>,
    /// By groups and, last, ends.
    known: FxHashMap<Box<[u32]>, StateId>,
    /// By state and symbol: steps with fillers, with words met loosely, and with those of several classes that lead on.
    next: FxHashMap<u64, StateId>,
    /// By phrase: the state before its first word; one for the start of a run may come after it. `DEAD` if not made.
    roots: Vec<StateId>,
    /// By class: how the token in hand is of it. All zero between uses.
    marks: Vec<u8>,
    here: Vec<(u32, u8)>,
    key: Vec<u32>,
}

impl Walker {
    /// Forgets all states.
    pub(super) fn clear(&mut self) {
        self.states.clear();
        self.groups.clear();
        self.known.clear();
        self.next.clear();
        self.roots.clear();
        self.sources.clear();
        self.arcs.clear();
    }

    /// How much is remembered: states, arcs and other steps.
    pub(super) fn n_known(&self) -> usize {
        self.states.len() + self.arcs.len() + self.next.len()
    }

    /// The phrases that were looked for.
    pub(super) fn phrases(&self) -> impl Iterator<Item = u32> + '_ {
        let made = self.roots.iter().zip(0u32..);
        made.filter(|(root, _)| **root != DEAD)
            .map(|(_, phrase)| phrase)
    }

    /// The state before the first word of a phrase; one more is that at the start of a run, if `Head::at_run_start_too`.
    pub(super) fn root(&mut self, making: &Making<'_>, phrase: u32) -> StateId {
        if self.roots.is_empty() {
            self.roots.resize(making.automaton.phrases.len(), DEAD);
            self.known.insert([0].into(), DEAD);
            self.add(making, Source::Follow(0, 0), 0);
        }
        let known = self.roots[phrase as usize];
        if known != DEAD {
            return known;
        }
        let root = self.add(making, Source::Begin(phrase, false), 0);
        if making.automaton.heads[phrase as usize].at_run_start_too {
            self.add(making, Source::Begin(phrase, true), 0);
        }
        self.roots[phrase as usize] = root;
        root
    }

    /// The bits of which what comes next has to have one if anything is to come of the state.
    pub(super) fn needed(&self, state: StateId) -> u64 {
        let State { bits, ends, .. } = self.states[state as usize];
        if ends & (EXACT | LOOSE) != 0 {
            u64::MAX
        } else if ends != 0 {
            bits | RUN_END
        } else {
            bits
        }
    }

    /// How far the phrase reaches that is in this state behind this token.
    #[inline]
    pub(super) fn walk(
        &mut self,
        making: &Making<'_>,
        stretch: &Stretch<'_>,
        state: StateId,
        at: usize,
    ) -> Reach {
        let State { bits, ends, .. } = self.states[state as usize];
        let reach = Reach::default().and(ends, stretch, at);
        if bits & stretch.ahead(at) == 0 {
            return reach;
        }
        self.walk_on(making, stretch, state, at, reach)
    }

    /// Walks from a state where something may lead on.
    #[inline(never)]
    fn walk_on(
        &mut self,
        making: &Making<'_>,
        stretch: &Stretch<'_>,
        mut state: StateId,
        mut at: usize,
        mut reach: Reach,
    ) -> Reach {
        let mut bits = self.states[state as usize].bits;
        loop {
            // Fillers that lead nowhere are passed by: everything that was possible before them still is.
            at += 1;
            while stretch.bits[at] & bits == 0 {
                at += 1;
            }
            state = self.step(making, state, stretch.tokens[at], stretch.bits[at]);
            let ends;
            State { bits, ends, .. } = self.states[state as usize];
            reach = reach.and(ends, stretch, at);
            if bits & stretch.ahead(at) == 0 {
                return reach;
            }
        }
    }

    /// The state behind a token, given as its symbol with flags and the symbol's bits.
    #[inline]
    pub(super) fn step(
        &mut self,
        making: &Making<'_>,
        state: StateId,
        token: u32,
        token_bits: u64,
    ) -> StateId {
        let held = &self.states[state as usize];
        let is_filler = token & IS_FILLER != 0;
        if held.bits & token_bits & !ANY_BIT == 0 && !is_filler && held.any != UNKNOWN {
            return held.any;
        }
        let token = token & (INDEX | IS_FILLER);
        if let Some(next) = held.latest(token) {
            return next;
        }
        let bits = making.symbols[(token & INDEX) as usize].more_bits;
        if held.more_bits & bits == 0 && !is_filler && held.any != UNKNOWN {
            return held.any;
        }
        let next = self.step_by_class(making, state, token);
        self.states[state as usize].remember(token, next);
        next
    }

    #[inline(never)]
    fn step_by_class(&mut self, making: &Making<'_>, state: StateId, token: u32) -> StateId {
        if token & IS_FILLER != 0 {
            return self.rare_step(making, state, token);
        }
        if self.states[state as usize].arcs == UNKNOWN {
            self.make_arcs(making, state);
        }
        let State {
            bits,
            any,
            arcs,
            n_arcs,
            ..
        } = self.states[state as usize];
        if n_arcs == ARCS_TOO_MANY {
            return self.rare_step(making, state, token);
        }
        let arcs_here = &self.arcs[arcs as usize..][..usize::from(n_arcs)];
        let mut found = None;
        for held in making.classes(token) {
            let spread = spread(held / 2);
            let bit = bit_of(spread);
            if bit & bits == 0 {
                continue;
            }
            // Every lower bit has an arc or more.
            let n_lower = (bits & (bit - 1) & !ANY_BIT).count_ones() as usize;
            let mut at = n_lower;
            if arcs_here.len() > ARCS_FEW {
                at += arcs_here[at..].partition_point(|arc| arc.spread < spread);
            }
            while arcs_here.get(at).is_some_and(|arc| arc.spread < spread) {
                at += 1;
            }
            if arcs_here.get(at).is_some_and(|arc| arc.spread == spread) {
                let is_loose = held % 2 == 1;
                if found.is_some() || is_loose {
                    return self.rare_step(making, state, token);
                }
                found = Some(arcs as usize + at);
            }
        }
        let known = match found {
            None => any,
            Some(arc) => self.arcs[arc].next,
        };
        if known != UNKNOWN {
            return known;
        }
        let next = self.make_step(making, state, token);
        match found {
            None => self.states[state as usize].any = next,
            Some(arc) => self.arcs[arc].next = next,
        }
        next
    }

    #[inline(never)]
    fn rare_step(&mut self, making: &Making<'_>, state: StateId, token: u32) -> StateId {
        let key = u64::from(state) << 32 | u64::from(token & INDEX);
        if let Some(&next) = self.next.get(&key) {
            return next;
        }
        let next = self.make_step(making, state, token);
        self.next.insert(key, next);
        next
    }

    #[cold]
    fn make_step(&mut self, making: &Making<'_>, state: StateId, token: u32) -> StateId {
        let automaton = making.automaton;
        let classes = making.classes(token);
        self.marks.resize(making.n_classes, 0);
        self.marks[ANY as usize] = EXACT;
        for held in classes {
            self.marks[(held / 2) as usize] = if held & 1 == 1 { LOOSE } else { EXACT };
        }
        let Self {
            marks, here, key, ..
        } = self;
        here.clear();
        key.clear();
        let meet = |position: u32, ways: u8, here: &mut Vec<(u32, u8)>| {
            let mark = marks[automaton.positions[position as usize].class as usize];
            if mark != 0 && !making.lost.contains(&position) {
                here.push((position, if mark == LOOSE { LOOSE } else { ways }));
            }
        };
        match self.sources[state as usize] {
            Source::Follow(from, to) => {
                let groups = &self.groups[from as usize..to as usize];
                for &group in groups {
                    for &position in automaton.group(group / 4) {
                        meet(position, (group % 4) as u8, here);
                    }
                }
                // A filler may also stand between.
                if token & IS_FILLER != 0 {
                    key.extend_from_slice(groups);
                }
            }
            Source::Begin(phrase, at_run_start) => {
                for root in automaton.roots_of(phrase) {
                    if !root.at_run_start || at_run_start {
                        meet(root.position, EXACT, here);
                    }
                }
            }
        }
        for held in classes {
            self.marks[(held / 2) as usize] = 0;
        }
        let mut ends = 0;
        for &(position, ways) in &self.here {
            ends |= match automaton.positions[position as usize].ends {
                Ends::No => 0,
                Ends::AtRunEnd => ways << AT_RUN_END,
                Ends::Anywhere => ways,
            };
            let groups = automaton.groups_of(position).iter();
            self.key
                .extend(groups.map(|group| group * 4 + u32::from(ways)));
        }
        self.state(making, ends)
    }

    /// The state with these ends and the groups in `key`.
    fn state(&mut self, making: &Making<'_>, ends: u8) -> StateId {
        let key = &mut self.key;
        key.sort_unstable();
        key.dedup_by(|next, kept| {
            let is_same = *next / 4 == *kept / 4;
            if is_same {
                *kept |= *next;
            }
            is_same
        });
        key.push(u32::from(ends));
        if let Some(&known) = self.known.get(key.as_slice()) {
            return known;
        }
        let state = self.states.len() as StateId;
        self.known.insert(key.as_slice().into(), state);
        let groups = &key[..key.len() - 1];
        let from = self.groups.len() as u32;
        self.groups.extend_from_slice(groups);
        let source = Source::Follow(from, self.groups.len() as u32);
        self.add(making, source, ends)
    }

    /// A new state.
    fn add(&mut self, making: &Making<'_>, source: Source, ends: u8) -> StateId {
        let (mut all, mut more) = (0, 0);
        self.for_each_class(making, source, |class| {
            all |= bits(class);
            more |= more_bits(class);
        });
        self.states.push(State {
            bits: all,
            any: if all & ANY_BIT == 0 { DEAD } else { UNKNOWN },
            more_bits: more,
            arcs: UNKNOWN,
            n_arcs: 0,
            latest: [(UNKNOWN, DEAD); LATEST],
            ends,
        });
        self.sources.push(source);
        self.states.len() as StateId - 1
    }

    #[cold]
    fn make_arcs(&mut self, making: &Making<'_>, state: StateId) {
        let mut arcs = std::mem::take(&mut self.arcs);
        let from = arcs.len();
        self.for_each_class(making, self.sources[state as usize], |class| {
            if class != ANY {
                arcs.push(Arc {
                    spread: spread(class),
                    next: UNKNOWN,
                });
            }
        });
        arcs[from..].sort_unstable_by_key(|arc| arc.spread);
        let mut kept = from;
        for at in from..arcs.len() {
            if kept == from || arcs[kept - 1].spread != arcs[at].spread {
                arcs[kept] = arcs[at];
                kept += 1;
            }
        }
        arcs.truncate(kept);
        self.arcs = arcs;
        let state = &mut self.states[state as usize];
        state.arcs = from as u32;
        state.n_arcs = u16::try_from(kept - from).unwrap_or(ARCS_TOO_MANY);
    }

    /// The classes that lead on from what a state stands for; one may come several times.
    fn for_each_class(&self, making: &Making<'_>, source: Source, mut met: impl FnMut(Class)) {
        let automaton = making.automaton;
        match source {
            Source::Begin(phrase, _) => {
                let roots = automaton.roots_of(phrase).iter();
                roots.for_each(|root| met(root.class));
            }
            Source::Follow(from, to) => {
                let groups = self.groups[from as usize..to as usize].iter();
                groups
                    .flat_map(|group| automaton.group(group / 4))
                    .for_each(|to| met(automaton.positions[*to as usize].class));
            }
        }
    }
}
