//! One phrase through one run: the sets of positions it can be in, word by word.

use rustc_hash::{FxHashMap, FxHashSet};

use super::compile::{Automaton, Ends};
use super::find::{INDEX, IS_FILLER, Symbol};
use super::forms::{ANY, Class};

/// A phrase made ready to be walked, when it is looked for the first time, without the positions that are lost. All numbers are the phrase's own.
#[derive(Debug)]
pub(super) struct Program {
    /// The first `n_anywhere` members of the first group may begin anywhere, the others at the start of a run.
    n_anywhere: u32,
    /// The first is what the phrase begins with; the others are what may follow a position.
    groups: Box<[Group]>,
    members: Box<[Member]>,
    positions: Box<[Place]>,
    /// What may follow a position, as numbers of groups.
    opens: Box<[u32]>,
}

#[derive(Debug, Clone, Copy)]
struct Group {
    /// Some bits of its members' classes.
    bits: u64,
    /// Part of `Program::members`.
    start: u32,
    end: u32,
}

#[derive(Debug, Clone, Copy)]
struct Member {
    bits: u64,
    class: Class,
    position: u32,
}

#[derive(Debug, Clone, Copy)]
struct Place {
    ends: Ends,
    /// Part of `Program::opens`.
    opens: (u32, u32),
}

/// Groups with more members are searched by the token's classes rather than member by member.
const GROUP_SMALL: u32 = 12;

impl Program {
    pub(super) fn of(automaton: &Automaton, phrase: u32, lost: &FxHashSet<u32>) -> Self {
        let compiled = &automaton.phrases[phrase as usize];
        let first = compiled.positions.start;
        let member = |position: u32| {
            let class = automaton.positions[position as usize].class;
            Member {
                bits: bits(class),
                class,
                position: position - first,
            }
        };
        let mut groups = Vec::new();
        let mut members: Vec<Member> = Vec::new();
        let add = |mut of: Vec<Member>, members: &mut Vec<Member>| {
            of.sort_unstable_by_key(|member| member.class);
            let start = members.len() as u32;
            members.extend_from_slice(&of);
            Group {
                bits: of.iter().fold(0, |all, member| all | member.bits),
                start,
                end: members.len() as u32,
            }
        };
        let roots = compiled.roots.start as usize..compiled.roots.end as usize;
        let roots = &automaton.roots_by_phrase[roots];
        // What no word leads to is passed by.
        let is_there = |position: &u32| !lost.contains(position);
        let anywhere: Vec<Member> = roots
            .iter()
            .filter(|root| !root.at_run_start && is_there(&root.position))
            .map(|root| member(root.position))
            .collect();
        let at_start: Vec<Member> = roots
            .iter()
            .filter(|root| root.at_run_start && is_there(&root.position))
            .map(|root| member(root.position))
            .collect();
        let n_anywhere = anywhere.len() as u32;
        let begin = add(anywhere, &mut members);
        let begin_at_start = add(at_start, &mut members);
        groups.push(Group {
            bits: begin.bits | begin_at_start.bits,
            start: begin.start,
            end: begin_at_start.end,
        });
        let mut numbers: FxHashMap<u32, u32> = FxHashMap::default();
        let mut opens = Vec::new();
        let mut positions = Vec::with_capacity(compiled.positions.len());
        for position in compiled.positions.clone() {
            let start = opens.len() as u32;
            for &group in automaton.groups_of(position) {
                let number = *numbers.entry(group).or_insert_with(|| {
                    let of = automaton
                        .group(group)
                        .iter()
                        .filter(|to| is_there(to))
                        .map(|to| member(*to))
                        .collect();
                    groups.push(add(of, &mut members));
                    groups.len() as u32 - 1
                });
                opens.push(number);
            }
            positions.push(Place {
                ends: automaton.positions[position as usize].ends,
                opens: (start, opens.len() as u32),
            });
        }
        Self {
            n_anywhere,
            groups: groups.into(),
            members: members.into(),
            positions: positions.into(),
            opens: opens.into(),
        }
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
    /// The first token.
    pub(super) start: usize,
    /// Behind the last token.
    pub(super) end: usize,
    /// No token before it is more than a filler.
    pub(super) first_plain: usize,
    /// No token behind it is more than a filler.
    pub(super) last_plain: usize,
    /// The symbols by number, and their numbers with flags by token.
    pub(super) symbols: &'a [Symbol],
    pub(super) class_pool: &'a [u32],
    pub(super) tokens: &'a [u32],
    /// `Symbol::bits` of the run's tokens, from the first one on.
    pub(super) bits: &'a [u64],
}

impl Stretch<'_> {
    fn classes(&self, at: usize) -> &[u32] {
        let (from, to) = self.symbols[(self.tokens[at] & INDEX) as usize].classes;
        &self.class_pool[from as usize..to as usize]
    }

    fn bits(&self, at: usize) -> u64 {
        self.bits[at - self.start]
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
    #[inline]
    pub(super) fn walk(&mut self, program: &Program, stretch: &Stretch<'_>, start: usize) -> Reach {
        let mut begins = program.groups[0];
        if begins.bits & stretch.bits(start) == 0 {
            return Reach::default();
        }
        self.here.clear();
        let at_start = Group {
            start: program.n_anywhere,
            ..begins
        };
        begins.end = program.n_anywhere;
        self.meet(program, stretch, start, begins, EXACT);
        if start <= stretch.first_plain {
            self.meet(program, stretch, start, at_start, EXACT);
        }
        if self.here.is_empty() {
            return Reach::default();
        }
        self.go_on(program, stretch, start)
    }

    fn go_on(&mut self, program: &Program, stretch: &Stretch<'_>, start: usize) -> Reach {
        let mut reach = Reach::default();
        self.arrive(program, stretch, start, &mut reach);
        for at in start + 1..stretch.end {
            if self.marked.is_empty() {
                break;
            }
            self.here.clear();
            let token_bits = stretch.bits(at);
            for i in 0..self.marked.len() {
                let number = self.marked[i] as usize;
                let group = program.groups[number];
                if group.bits & token_bits != 0 {
                    self.meet(program, stretch, at, group, self.marks[number]);
                }
            }
            // A filler may also stand between: then everything that was possible still is.
            if stretch.tokens[at] & IS_FILLER == 0 {
                self.forget();
            }
            self.arrive(program, stretch, at, &mut reach);
        }
        self.forget();
        reach
    }

    /// Notes the members of a group that the token is one of.
    #[inline]
    fn meet(
        &mut self,
        program: &Program,
        stretch: &Stretch<'_>,
        at: usize,
        group: Group,
        ways: u8,
    ) {
        let members = &program.members[group.start as usize..group.end as usize];
        let classes = stretch.classes(at);
        let after = |loose: bool| if loose { LOOSE } else { ways };
        if group.end - group.start <= GROUP_SMALL {
            let token_bits = stretch.bits(at);
            for member in members
                .iter()
                .filter(|member| member.bits & token_bits != 0)
            {
                if member.class == ANY {
                    self.here.push((member.position, ways));
                } else if let Some(held) = classes.iter().find(|held| **held / 2 == member.class) {
                    self.here.push((member.position, after(held & 1 == 1)));
                }
            }
            return;
        }
        for held in [ANY * 2].iter().chain(classes) {
            let from = members.partition_point(|member| member.class < held / 2);
            for member in members[from..]
                .iter()
                .take_while(|member| member.class == held / 2)
            {
                self.here.push((member.position, after(held & 1 == 1)));
            }
        }
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
            for &group in &program.opens[place.opens.0 as usize..place.opens.1 as usize] {
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

    fn forget(&mut self) {
        for group in self.marked.drain(..) {
            self.marks[group as usize] = 0;
        }
    }
}
