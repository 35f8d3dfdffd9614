//! One phrase through one run: the sets of positions it can be in, word by word.

use rustc_hash::{FxHashMap, FxHashSet};

use super::compile::{Automaton, Ends};
use super::find::{INDEX, IS_FILLER, Symbol};
use super::forms::{ANY, Class};

/// A phrase made ready to be walked, when it is looked for the first time, without the positions that are lost. All numbers are the phrase's own.
#[derive(Debug)]
pub(super) struct Program {
    /// How many words may stand before the one that makes the phrase be looked for.
    pub(super) before: u16,
    /// Where to begin in the run of this number; earlier starts have been tried.
    pub(super) tried: (u64, u32),
    /// It begins at the start of a run or not at all.
    pub(super) at_run_start: bool,
    /// Some bits of the classes that it may begin with.
    begins_with: u64,
    /// Some bits of all its classes.
    holds: u64,
    /// Sorted.
    by_class: Box<[(Class, u32)]>,
    positions: Box<[Place]>,
    /// What may follow a position, and what it may follow, as numbers of groups.
    links: Box<[u32]>,
}

#[derive(Debug, Clone, Copy)]
struct Place {
    ends: Ends,
    begins: Begins,
    /// Parts of `Program::links`.
    opens: (u32, u32),
    follows: (u32, u32),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Begins {
    No,
    AtRunStart,
    Anywhere,
}

impl Program {
    pub(super) fn of(automaton: &Automaton, phrase: u32, lost: &FxHashSet<u32>) -> Self {
        let compiled = &automaton.phrases[phrase as usize];
        let first = compiled.positions.start;
        let n = compiled.positions.len();
        let mut groups: FxHashMap<u32, u32> = FxHashMap::default();
        let mut follows: Vec<Vec<u32>> = vec![Vec::new(); n];
        let mut opens: Vec<Vec<u32>> = Vec::with_capacity(n);
        for position in compiled.positions.clone() {
            let mut own = Vec::new();
            for &group in automaton.groups_of(position) {
                let next = groups.len() as u32;
                let number = *groups.entry(group).or_insert_with(|| {
                    for &to in automaton.group(group) {
                        follows[(to - first) as usize].push(next);
                    }
                    next
                });
                own.push(number);
            }
            opens.push(own);
        }
        let mut links = Vec::new();
        let mut put = |numbers: &[u32]| {
            let start = links.len() as u32;
            links.extend_from_slice(numbers);
            (start, links.len() as u32)
        };
        let mut positions: Vec<Place> = (0..n)
            .map(|at| Place {
                ends: automaton.positions[first as usize + at].ends,
                begins: Begins::No,
                opens: put(&opens[at]),
                follows: put(&follows[at]),
            })
            .collect();
        let roots = compiled.roots.start as usize..compiled.roots.end as usize;
        for root in &automaton.roots_by_phrase[roots] {
            let begins = &mut positions[(root.position - first) as usize].begins;
            if !root.at_run_start {
                *begins = Begins::Anywhere;
            } else if *begins == Begins::No {
                *begins = Begins::AtRunStart;
            }
        }
        let (mut begins_with, mut holds, mut at_run_start) = (0, 0, true);
        for (at, place) in positions.iter().enumerate() {
            let class = automaton.positions[first as usize + at].class;
            holds |= bits(class);
            if place.begins != Begins::No {
                begins_with |= bits(class);
            }
            at_run_start &= place.begins != Begins::Anywhere;
        }
        let class_of = |at: usize| (automaton.positions[first as usize + at].class, at as u32);
        // What no word leads to is passed by.
        let is_there = |at: &usize| !lost.contains(&(first + *at as u32));
        let mut by_class: Vec<(Class, u32)> = (0..n).filter(is_there).map(class_of).collect();
        by_class.sort_unstable();
        Self {
            before: compiled.before,
            tried: (0, 0),
            at_run_start,
            begins_with,
            holds,
            by_class: by_class.into(),
            positions: positions.into(),
            links: links.into(),
        }
    }

    fn of_class(&self, class: Class) -> impl Iterator<Item = u32> + '_ {
        let start = self.by_class.partition_point(|(other, _)| *other < class);
        let same = self.by_class[start..]
            .iter()
            .take_while(move |(other, _)| *other == class);
        same.map(|(_, position)| *position)
    }

    /// Whether it may hold a word of the class; seldom a mistaken yes.
    fn may_hold(&self, class: Class) -> bool {
        self.holds & bits(class) != 0
    }

    fn links(&self, part: (u32, u32)) -> &[u32] {
        &self.links[part.0 as usize..part.1 as usize]
    }
}

/// One bit for a class.
pub(super) fn bits(class: Class) -> u64 {
    // The lowest bit is that of any word: every token is one.
    if class == ANY {
        1
    } else {
        2 << (class.wrapping_mul(0x9E37_79B1) >> 26).min(62)
    }
}

/// The way so far had only exact matches.
const EXACT: u8 = 1;
/// The way so far had a loose match.
const LOOSE: u8 = 2;

/// The furthest ends of a phrase from one start; 0 where there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Reach {
    pub(super) exact: u32,
    pub(super) loose: u32,
}

/// A run of tokens, as far as walking needs it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stretch<'a> {
    /// Behind the last token.
    pub(super) end: usize,
    /// No token before it is more than a filler.
    pub(super) first_plain: usize,
    /// No token behind it is more than a filler.
    pub(super) last_plain: usize,
    /// The symbols by number, and their numbers with flags by token.
    pub(super) symbols: &'a [Symbol],
    pub(super) tokens: &'a [u32],
}

impl Stretch<'_> {
    fn symbol(&self, at: usize) -> &Symbol {
        &self.symbols[(self.tokens[at] & INDEX) as usize]
    }
}

/// Memory for walking.
#[derive(Debug, Default)]
pub(super) struct Walker {
    /// By group: whether and how it can be reached.
    marks: Vec<u8>,
    marked: Vec<u32>,
    here: Vec<(u32, u8)>,
}

impl Walker {
    /// How far the phrase reaches from this token.
    pub(super) fn walk(&mut self, program: &Program, stretch: &Stretch<'_>, start: usize) -> Reach {
        let mut reach = Reach::default();
        self.here.clear();
        let symbol = stretch.symbol(start);
        if program.begins_with & symbol.bits == 0 {
            return reach;
        }
        for class in symbol.classes.iter().copied().chain([ANY * 2]) {
            for position in program.of_class(class / 2) {
                let begins = match program.positions[position as usize].begins {
                    Begins::No => false,
                    Begins::AtRunStart => start <= stretch.first_plain,
                    Begins::Anywhere => true,
                };
                if begins {
                    self.here
                        .push((position, if class & 1 == 1 { LOOSE } else { EXACT }));
                }
            }
        }
        if self.here.is_empty() {
            return reach;
        }
        self.arrive(program, stretch, start, &mut reach);
        for at in start + 1..stretch.end {
            if self.marked.is_empty() {
                break;
            }
            let symbol = stretch.symbol(at);
            let is_filler = stretch.tokens[at] & IS_FILLER != 0;
            self.here.clear();
            for class in symbol.classes.iter().copied().chain([ANY * 2]) {
                if !program.may_hold(class / 2) {
                    continue;
                }
                for position in program.of_class(class / 2) {
                    let follows = program.links(program.positions[position as usize].follows);
                    let mark = follows
                        .iter()
                        .fold(0, |mark, group| mark | self.mark(*group));
                    let ways = if class & 1 == 1 && mark != 0 {
                        LOOSE
                    } else {
                        mark
                    };
                    if ways != 0 {
                        self.here.push((position, ways));
                    }
                }
            }
            // A filler may also stand between: then everything that was possible still is.
            if !is_filler {
                self.forget();
            }
            self.arrive(program, stretch, at, &mut reach);
        }
        self.forget();
        reach
    }

    /// Notes where the walk may end and where it may go on.
    fn arrive(&mut self, program: &Program, stretch: &Stretch<'_>, at: usize, reach: &mut Reach) {
        for i in 0..self.here.len() {
            let (position, ways) = self.here[i];
            let place = &program.positions[position as usize];
            let may_end = match place.ends {
                Ends::No => false,
                Ends::AtRunEnd => at >= stretch.last_plain,
                Ends::Anywhere => true,
            };
            if may_end && ways & EXACT != 0 {
                reach.exact = at as u32 + 1;
            }
            if may_end && ways & LOOSE != 0 {
                reach.loose = at as u32 + 1;
            }
            for &group in program.links(place.opens) {
                if self.marks.len() <= group as usize {
                    self.marks.resize(group as usize + 1, 0);
                }
                let mark = &mut self.marks[group as usize];
                if *mark == 0 {
                    self.marked.push(group);
                }
                *mark |= ways;
            }
        }
    }

    fn mark(&self, group: u32) -> u8 {
        self.marks.get(group as usize).copied().unwrap_or(0)
    }

    fn forget(&mut self) {
        for group in self.marked.drain(..) {
            self.marks[group as usize] = 0;
        }
    }
}
