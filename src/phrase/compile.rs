//! Trees -> positions: the automaton of a whole pack.
//!
//! Every leaf of every phrase is a *position* (Glushkov's construction): a class of words, and the positions that may follow.
//! There are no empty moves, so a run over the text is a set of positions.

use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;
use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::error::{PhraseError, PhraseErrorKind, nearest};
use super::forms::{
    ANY, Class, FIRST_NAME, FIRST_PERSON, FormTable, GENITIVE, INFINITIVE, NUMBER, PATRONYMIC,
    PLACE, SPANS, SURNAME, THIRD_PERSON, UNKNOWN, WORDS,
};
use super::parse::{Leaf, Node, Owner, Phrase, Slot, parse};
use super::slots::SpanKind;
use super::walk::bits;
use super::{AskedOf, Matcher, SetSource};
use crate::lexicon::{Forms, Lexicon};
use crate::text::{cardinal, norm};

/// The largest phrase, after its sets are put in.
const POSITIONS_MAX: usize = 20_000;
/// A slot of as many words as there are is taken to have no more than this when it stands before a phrase's rarest word.
const REPEATED_MAX: u16 = 12;
/// So many needs of a phrase are checked before it is walked…
const NEEDS_MAX: usize = 3;
/// … unless too many words would meet them.
const NEED_CLASSES_MAX: usize = 12;
/// The largest pack.
const POSITIONS_ALL_MAX: usize = 4_000_000;

/// A position.
#[derive(Debug, Clone)]
pub(super) struct Position {
    pub(super) class: Class,
    /// Whether a hit may end here.
    pub(super) ends: Ends,
    /// The position belongs to a name slot.
    pub(super) name: Option<Owner>,
    /// Bytes of the phrase's text.
    pub(super) at: (u32, u32),
    /// Index into `Automaton::origins`.
    pub(super) origin: u32,
}

/// Where a position is written: in the phrase that it belongs to, or in a set that was put into that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Origin {
    pub(super) set: u32,
    pub(super) except: bool,
    pub(super) phrase: u32,
    /// Bytes of that phrase; empty for a gap.
    pub(super) at: (u32, u32),
    /// The `@set` that brought it here.
    pub(super) within: Option<u32>,
}

impl Position {
    /// Bytes of the phrase; empty for a gap.
    pub(super) fn leaf(&self) -> Range<usize> {
        self.at.0 as usize..self.at.1 as usize
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ends {
    No,
    /// At the end of a run only.
    AtRunEnd,
    Anywhere,
}

/// Where a phrase may begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Root {
    pub(super) class: Class,
    pub(super) position: u32,
    /// At the start of a run only.
    pub(super) at_run_start: bool,
}

#[derive(Debug)]
pub(super) struct CompiledPhrase {
    pub(super) set: u32,
    pub(super) except: bool,
    pub(super) phrase: u16,
    pub(super) has_name: bool,
    pub(super) positions: Range<u32>,
    /// Its part of `Automaton::roots_by_phrase`.
    pub(super) roots: Range<u32>,
}

/// A phrase to look for where a word of a class stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cue {
    pub(super) phrase: u32,
    /// How many words of the phrase may stand before the word; see `Need`.
    pub(super) before: u16,
}

/// What is asked of a phrase most often, kept apart from the rest.
#[derive(Debug, Clone, Copy)]
pub(super) struct Head {
    /// Some bits of the classes that it may begin with.
    pub(super) bits: u64,
    /// The most words that may stand before one that makes the phrase be looked for.
    pub(super) before: u16,
    /// It begins at the start of a run or not at all.
    pub(super) at_run_start: bool,
    /// Some of what it may begin with does so at the start of a run only.
    pub(super) at_run_start_too: bool,
}

/// A phrase that is nothing but another set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Alias {
    pub(super) set: u32,
    pub(super) except: bool,
    pub(super) phrase: u16,
    /// Without loose hits.
    pub(super) strict: bool,
}

#[derive(Debug, Default)]
pub(super) struct Automaton {
    pub(super) positions: Vec<Position>,
    pub(super) origins: Vec<Origin>,
    /// Numbers of groups, by position.
    follow: Vec<u32>,
    follow_at: Vec<u32>,
    /// Positions, by group: what begins a part of a phrase follows everything that ends the part before it.
    groups: Vec<u32>,
    groups_at: Vec<u32>,
    pub(super) phrases: Vec<CompiledPhrase>,
    pub(super) roots_by_phrase: Vec<Root>,
    /// By class, each phrase once.
    triggered: Vec<Cue>,
    triggered_at: Vec<u32>,
    /// By phrase.
    pub(super) heads: Vec<Head>,
    /// By phrase: whether anybody asks what an agent says of it, and what a customer does.
    pub(super) asked_of: Vec<[bool; 2]>,
    /// By set, see `SetSource::later`.
    pub(super) later: Vec<bool>,
    /// By phrase: a class of which the run has to have a word; `ANY` rules nothing out.
    pub(super) lone_needs: Vec<Class>,
    /// More such needs, by phrase: how many classes, then the classes, of which the run has to have a word of one.
    needs: Vec<u32>,
    needs_at: Vec<u32>,
    /// By set: the phrases of other sets that its hits are hits of too, those of phrases that stand for these included.
    pub(super) aliases: Vec<Vec<Alias>>,
    /// The same without those that stand for these.
    pub(super) direct_aliases: Vec<Vec<Alias>>,
    /// Classes below `WORDS` that some position uses.
    pub(super) used_slots: u64,
}

impl Automaton {
    /// The positions that may follow; one may come several times.
    pub(super) fn follow(&self, position: u32) -> impl Iterator<Item = u32> + '_ {
        let at = position as usize;
        let groups = &self.follow[self.follow_at[at] as usize..self.follow_at[at + 1] as usize];
        let group = |&group: &u32| {
            let at = group as usize;
            &self.groups[self.groups_at[at] as usize..self.groups_at[at + 1] as usize]
        };
        groups.iter().flat_map(group).copied()
    }

    /// The groups that may follow a position.
    pub(super) fn groups_of(&self, position: u32) -> &[u32] {
        let at = position as usize;
        &self.follow[self.follow_at[at] as usize..self.follow_at[at + 1] as usize]
    }

    /// The positions of a group.
    pub(super) fn group(&self, group: u32) -> &[u32] {
        let at = group as usize;
        &self.groups[self.groups_at[at] as usize..self.groups_at[at + 1] as usize]
    }

    /// What a phrase may begin with.
    pub(super) fn roots_of(&self, phrase: u32) -> &[Root] {
        let roots = &self.phrases[phrase as usize].roots;
        &self.roots_by_phrase[roots.start as usize..roots.end as usize]
    }

    /// By class: a number if some phrase asks for it, else 0. Classes asked for alone have numbers of their own as far as they go.
    pub(super) fn need_bits(&self, n_classes: usize) -> Vec<u8> {
        let mut bits = vec![0; n_classes];
        let mut n = 0;
        let mut add = |class: Class| {
            let bit = &mut bits[class as usize];
            if class != ANY && *bit == 0 {
                *bit = (n % 255) as u8 + 1;
                n += 1;
            }
        };
        self.lone_needs.iter().copied().for_each(&mut add);
        let mut rest = self.needs.as_slice();
        while let [n, after @ ..] = rest {
            let (need, after) = after.split_at(*n as usize);
            need.iter().copied().for_each(&mut add);
            rest = after;
        }
        bits
    }

    /// What a run needs to have for a phrase besides its lone need: of each of these a word of one of its classes.
    pub(super) fn further_needs(&self, phrase: u32) -> impl Iterator<Item = &[Class]> {
        let at = phrase as usize;
        let start = at
            .checked_sub(1)
            .map_or(0, |before| self.needs_at[before] as usize);
        let mut rest = &self.needs[start..self.needs_at[at] as usize];
        std::iter::from_fn(move || {
            let (n, after) = rest.split_first()?;
            let (need, after) = after.split_at(*n as usize);
            rest = after;
            Some(need)
        })
    }

    /// The phrases to look for where a word of the class stands.
    pub(super) fn triggered(&self, class: Class) -> &[Cue] {
        let at = class as usize;
        &self.triggered[self.triggered_at[at] as usize..self.triggered_at[at + 1] as usize]
    }

    pub(super) fn uses_slot(&self, class: Class) -> bool {
        self.used_slots & 1 << class != 0
    }

    /// Whether some position uses a slot of several words.
    pub(super) fn uses_spans(&self) -> bool {
        self.used_slots & ((1 << INFINITIVE) - (1 << SPANS)) != 0
    }
}

/// What a part of a phrase begins and ends with, and what has to be there. Its lists are the upper ends of [`Lists`]: of two parts in hand
/// those of the second stand right behind those of the first, so most of what joins them moves nothing.
#[derive(Clone, Copy)]
struct Fragment {
    nullable: bool,
    /// The most words that it takes.
    length: u16,
    /// Where its part of each list begins.
    first: usize,
    last: usize,
    needs: usize,
}

/// Of the parts of a phrase in hand.
#[derive(Default)]
struct Lists {
    /// The bound: at the start of a run only.
    first: Vec<Edge>,
    /// The bound: at the end of a run only.
    last: Vec<Edge>,
    /// What has to be there, in order; nothing where a part may be empty.
    needs: Vec<Need>,
    /// Classes of the needs, each with how many words may stand before one of it.
    classes: Vec<(Class, u16)>,
}

impl Lists {
    fn clear(&mut self) {
        self.first.clear();
        self.last.clear();
        self.needs.clear();
        self.classes.clear();
    }
}

/// See [`Compiler::link`].
enum List {
    First,
    Last,
}

/// Of the automaton so far.
struct Counts {
    positions: u32,
    origins: u32,
    groups: u32,
    follow: usize,
}

/// A set as it was put into a phrase, to be put into others.
struct Inlined {
    positions: Range<u32>,
    /// Its positions' origins; all that they stand within lies behind this one, or is it.
    origins: Range<u32>,
    groups: Range<u32>,
    follow: Range<usize>,
    nullable: bool,
    length: u16,
    lists: Lists,
}

/// A position that a part of a phrase begins or ends with.
#[derive(Clone, Copy)]
struct Edge {
    position: u32,
    /// Only where the run begins or ends too.
    bound: bool,
}

impl Edge {
    fn of(position: u32) -> Self {
        Self {
            position,
            bound: false,
        }
    }
}

/// Every match of the fragment has a word of one of the classes in it, with at most so many words before that one as stand by the class.
///
/// A phrase is looked for where the rarest of its needs is met, and only if the run meets the others somewhere.
#[derive(Clone, Copy)]
struct Need {
    /// Part of [`Lists::classes`].
    classes: (u32, u32),
    /// How often such words come, in a thousand words.
    weight: f32,
}

impl Need {
    /// Its part of the classes.
    fn of_all(&self) -> Range<usize> {
        self.classes.0 as usize..self.classes.1 as usize
    }

    fn n_classes(&self) -> usize {
        self.of_all().len()
    }
}

/// By set: the phrases that stand for it, and for a set that stands for it, and so on.
pub(super) fn all_aliases(direct: &[Vec<Alias>]) -> Vec<Vec<Alias>> {
    (0..direct.len())
        .map(|set| aliases_of(direct, set))
        .collect()
}

/// Which sets are looked for later: those that ask for it, unless their hits come from the phrases of one that does not, or the other way
/// round.
fn later(sources: &[SetSource<'_>], aliases: &[Vec<Alias>]) -> Vec<bool> {
    let mut later: Vec<bool> = sources
        .iter()
        .map(|set| set.later && !set.asked_of.customer())
        .collect();
    let pairs = |set: usize| aliases[set].iter().map(move |to| (set, to.set as usize));
    let torn = |later: &[bool]| {
        let mut all = (0..aliases.len()).flat_map(pairs);
        all.find(|(from, to)| later[*from] != later[*to])
    };
    while let Some((from, to)) = torn(&later) {
        (later[from], later[to]) = (false, false);
    }
    later
}

fn aliases_of(direct: &[Vec<Alias>], set: usize) -> Vec<Alias> {
    let mut all: Vec<Alias> = direct[set].clone();
    let mut at = 0;
    while at < all.len() {
        let alias = all[at];
        // What only takes away from a set gives nothing to the sets above it.
        if !alias.except {
            for next in &direct[alias.set as usize] {
                let next = Alias {
                    strict: next.strict || alias.strict,
                    ..*next
                };
                if !all
                    .iter()
                    .any(|known| (known.set, known.except) == (next.set, next.except))
                {
                    all.push(next);
                }
            }
        }
        at += 1;
    }
    all
}

/// The rarest of the needs, by its place among them.
fn rarest(needs: &[Need]) -> Option<usize> {
    (0..needs.len()).min_by(|a, b| needs[*a].weight.total_cmp(&needs[*b].weight))
}

/// The trees of a set.
struct ParsedSet<'a> {
    phrases: Vec<Result<Phrase<'a>, PhraseError>>,
    except: Vec<Result<Phrase<'a>, PhraseError>>,
}

impl<'a> ParsedSet<'a> {
    fn of(source: &SetSource<'a>) -> Self {
        let parsed = |phrases: &[&'a str]| phrases.iter().map(|phrase| parse(phrase)).collect();
        Self {
            phrases: parsed(&source.phrases),
            except: parsed(&source.except),
        }
    }
}

/// All sets' trees: each is made by whoever wants it first, another thread that reads ahead or the compiler.
struct Parsed<'a> {
    sources: &'a [SetSource<'a>],
    sets: Vec<OnceLock<ParsedSet<'a>>>,
}

impl<'a> Parsed<'a> {
    fn set(&self, set: usize) -> &ParsedSet<'a> {
        self.sets[set].get_or_init(|| ParsedSet::of(&self.sources[set]))
    }
}

/// Fewer phrases are read sooner than a thread begins.
const PARALLEL_MIN: usize = 200;

struct Compiler<'a> {
    lexicon: &'a Lexicon,
    /// The pack's own words with their forms.
    declared: Vec<Rc<[String]>>,
    /// A declared word or form -> its word among `declared`.
    declared_form: FxHashMap<String, usize>,
    parsed: &'a Parsed<'a>,
    /// By set, with loose matching and without; `None` until the set is first put into a phrase.
    inlined: Vec<[Option<Rc<Inlined>>; 2]>,
    set_ids: BTreeMap<&'a str, usize>,
    forms: FormTable,
    /// Those with loose matching, then those without.
    classes: [Classes; 2],
    automaton: Automaton,
    /// Position, and a group that may follow it.
    follow: Vec<(u32, u32)>,
    lists: Lists,
    /// Of the word in hand.
    word_forms: Forms,
    triggers: Vec<(Class, Cue)>,
    /// By set.
    aliases: Vec<Vec<Alias>>,
    errors: Vec<PhraseError>,
    here: Here,
}

/// The classes that there are, by what they were made of.
#[derive(Default)]
struct Classes {
    by_word: FxHashMap<Box<str>, Class>,
    by_prefix: FxHashMap<Box<str>, Class>,
    by_number: FxHashMap<u64, Class>,
    /// By the forms as [`Forms::text`] gives them.
    by_forms: FxHashMap<Box<str>, Class>,
    /// By the lexemes as [`FormTable::lexeme`] numbers them, sorted.
    by_lexemes: FxHashMap<SmallVec<[u32; 4]>, Class>,
}

/// The phrase that is being compiled.
#[derive(Default)]
struct Here {
    set: usize,
    except: bool,
    phrase: usize,
    strict: bool,
    first_position: usize,
    too_large: bool,
    /// A set was left out of itself.
    cyclic: bool,
    /// Sets that are being put in, outermost first.
    inside: Vec<usize>,
    /// The place of the outermost `@set`.
    set_at: Option<Range<usize>>,
    /// Where the node in hand is written.
    origin: Option<Origin>,
}

pub(super) fn build(
    sources: &[SetSource<'_>],
    declared: &BTreeMap<String, Vec<String>>,
    lexicon: &Lexicon,
) -> Result<Matcher, Vec<PhraseError>> {
    let parsed = Parsed {
        sources,
        sets: sources.iter().map(|_| OnceLock::new()).collect(),
    };
    let n_phrases: usize = sources.iter().map(|source| source.phrases.len()).sum();
    if n_phrases < PARALLEL_MIN {
        return compile(&parsed, declared, lexicon);
    }
    std::thread::scope(|scope| {
        let read_ahead = || (0..sources.len()).for_each(|set| _ = parsed.set(set));
        // Where there is no thread to be had, the compiler reads everything.
        let _ = std::thread::Builder::new().spawn_scoped(scope, read_ahead);
        compile(&parsed, declared, lexicon)
    })
}

fn compile<'a>(
    parsed: &'a Parsed<'a>,
    declared: &BTreeMap<String, Vec<String>>,
    lexicon: &'a Lexicon,
) -> Result<Matcher, Vec<PhraseError>> {
    let sources = parsed.sources;
    let mut errors = Vec::new();
    let mut number_of = BTreeMap::new();
    for (set, source) in sources.iter().enumerate() {
        if number_of.insert(source.id, set).is_some() {
            let id = source.id.to_owned();
            errors.push(PhraseError {
                set,
                ..PhraseError::new(0..0, PhraseErrorKind::DuplicateSet { id })
            });
        }
    }
    // Equal words become one; a word itself goes before the forms of others.
    let declared: BTreeMap<String, Rc<[String]>> = declared
        .iter()
        .map(|(word, forms)| {
            let forms = std::iter::once(word)
                .chain(forms)
                .map(|form| norm(form.trim()));
            (norm(word), forms.collect())
        })
        .collect();
    let numbered = || declared.iter().enumerate();
    let mut declared_form: FxHashMap<String, usize> = numbered()
        .flat_map(|(number, (_, forms))| forms.iter().map(move |form| (form.clone(), number)))
        .collect();
    declared_form.extend(numbered().map(|(number, (word, _))| (word.clone(), number)));
    let n_phrases: usize = sources.iter().map(|source| source.phrases.len()).sum();
    let mut compiler = Compiler {
        lexicon,
        declared: declared.into_values().collect(),
        declared_form,
        parsed,
        inlined: vec![[None, None]; sources.len()],
        set_ids: number_of,
        forms: FormTable::for_phrases(n_phrases),
        classes: Default::default(),
        automaton: Automaton {
            positions: Vec::with_capacity(n_phrases * 20),
            origins: Vec::with_capacity(n_phrases * 20),
            groups: Vec::with_capacity(n_phrases * 16),
            groups_at: vec![0],
            ..Automaton::default()
        },
        follow: Vec::with_capacity(n_phrases * 20),
        lists: Lists::default(),
        word_forms: Forms::default(),
        triggers: Vec::new(),
        aliases: vec![Vec::new(); sources.len()],
        errors,
        here: Here::default(),
    };
    for (set, source) in sources.iter().enumerate() {
        let parsed = parsed.set(set);
        for (except, phrases) in [(false, &parsed.phrases), (true, &parsed.except)] {
            for (phrase, parsed) in phrases.iter().enumerate() {
                match parsed {
                    Ok(parsed) => compiler.phrase(set, except, phrase, parsed, source),
                    Err(error) => compiler.errors.push(PhraseError {
                        set,
                        except,
                        phrase,
                        ..error.clone()
                    }),
                }
            }
        }
    }
    compiler.finish(sources)
}

impl<'a> Compiler<'a> {
    /// A phrase that is nothing but `@set` is not compiled: what is found of that set is found of this phrase.
    fn stands_for(
        &mut self,
        set: usize,
        except: bool,
        phrase: usize,
        parsed: &Phrase<'_>,
        strict: bool,
    ) -> bool {
        let Some(included) = self
            .whole_set(parsed)
            .filter(|included| !self.includes(*included, set))
        else {
            return false;
        };
        self.aliases[included].push(Alias {
            set: set as u32,
            except,
            phrase: phrase.min(usize::from(u16::MAX)) as u16,
            strict,
        });
        true
    }

    /// The set that a phrase consists of.
    fn whole_set(&self, phrase: &Phrase<'_>) -> Option<usize> {
        let body = match &phrase.body {
            Node::Sequence(nodes) if nodes.len() == 1 => &nodes[0],
            body => body,
        };
        match body {
            Node::Leaf(Leaf::Set(id), _) if !phrase.at_start && !phrase.at_end => {
                self.set_ids.get(id).copied()
            }
            _ => None,
        }
    }

    /// Whether a set has another one, or itself, among its whole phrases, directly or by way of others.
    fn includes(&self, set: usize, wanted: usize) -> bool {
        let mut seen = vec![set];
        let mut at = 0;
        while at < seen.len() {
            if seen[at] == wanted {
                return true;
            }
            let phrases = self.parsed.set(seen[at]).phrases.iter().flatten();
            let next: Vec<usize> = phrases
                .filter_map(|phrase| self.whole_set(phrase))
                .collect();
            for set in next {
                if !seen.contains(&set) {
                    seen.push(set);
                }
            }
            at += 1;
        }
        false
    }

    fn phrase(
        &mut self,
        set: usize,
        except: bool,
        phrase: usize,
        parsed: &Phrase<'_>,
        source: &SetSource<'_>,
    ) {
        if self.stands_for(set, except, phrase, parsed, source.exact) {
            return;
        }
        let first_position = self.automaton.positions.len();
        self.here = Here {
            set,
            except,
            phrase,
            strict: source.exact,
            first_position,
            inside: if except { vec![] } else { vec![set] },
            origin: Some(Origin {
                set: set as u32,
                except,
                phrase: phrase as u32,
                at: (0, 0),
                within: None,
            }),
            ..Here::default()
        };
        self.lists.clear();
        if let Some(at) = edge_gap(&parsed.body) {
            self.error(at, PhraseErrorKind::EdgeGap);
            return;
        }
        let fragment = self.anchored(parsed);
        let text_len = if except {
            source.except[phrase].len()
        } else {
            source.phrases[phrase].len()
        };
        if fragment.nullable {
            self.error(0..text_len, PhraseErrorKind::Empty);
        }
        if self.here.too_large || self.automaton.positions.len() > POSITIONS_ALL_MAX {
            self.error(0..text_len, PhraseErrorKind::TooLarge);
        }
        for edge in &self.lists.last {
            let ends = &mut self.automaton.positions[edge.position as usize].ends;
            *ends = if edge.bound && *ends != Ends::Anywhere {
                Ends::AtRunEnd
            } else {
                Ends::Anywhere
            };
        }
        let roots = self.automaton.roots_by_phrase.len() as u32;
        for edge in &self.lists.first {
            let class = self.automaton.positions[edge.position as usize].class;
            self.automaton.roots_by_phrase.push(Root {
                class,
                position: edge.position,
                at_run_start: edge.bound,
            });
        }
        let number = self.automaton.phrases.len() as u32;
        let cue = |before: u16| Cue {
            phrase: number,
            before,
        };
        let Lists { needs, classes, .. } = &mut self.lists;
        match rarest(needs) {
            Some(at) => {
                let looked_for = classes[needs.swap_remove(at).of_all()].iter();
                let cues = looked_for.map(|&(class, before)| (class, cue(before)));
                self.triggers.extend(cues);
            }
            None => self.triggers.push((ANY, cue(fragment.length))),
        }
        needs.retain(|need| need.n_classes() <= NEED_CLASSES_MAX);
        needs.sort_by(|a, b| a.weight.total_cmp(&b.weight));
        needs.truncate(NEEDS_MAX);
        let positions = &self.automaton.positions[first_position..];
        self.automaton.phrases.push(CompiledPhrase {
            set: set as u32,
            except,
            phrase: phrase.min(usize::from(u16::MAX)) as u16,
            has_name: positions.iter().any(|position| position.name.is_some()),
            positions: first_position as u32..self.automaton.positions.len() as u32,
            roots: roots..self.automaton.roots_by_phrase.len() as u32,
        });
        // The first need of one class goes with the trigger itself: most phrases are ruled out by it.
        let lone = needs.iter().position(|need| need.n_classes() == 1);
        let lone = lone.map_or(ANY, |at| classes[needs.swap_remove(at).of_all().start].0);
        self.automaton.lone_needs.push(lone);
        for need in needs.iter() {
            let classes = classes[need.of_all()].iter().map(|(class, _)| *class);
            self.automaton.needs.push(classes.len() as u32);
            self.automaton.needs.extend(classes);
        }
        self.automaton
            .needs_at
            .push(self.automaton.needs.len() as u32);
    }

    /// Notes an error of the phrase in hand. What is wrong inside another set is that set's error.
    fn error(&mut self, at: Range<usize>, kind: PhraseErrorKind) {
        let Here {
            set,
            except,
            phrase,
            ..
        } = self.here;
        let error = PhraseError {
            set,
            except,
            phrase,
            at,
            kind,
        };
        if self.here.set_at.is_none() && !self.errors.contains(&error) {
            self.errors.push(error);
        }
    }

    fn anchored(&mut self, phrase: &Phrase<'_>) -> Fragment {
        let fragment = self.node(&phrase.body);
        if phrase.at_start {
            let first = &mut self.lists.first[fragment.first..];
            first.iter_mut().for_each(|edge| edge.bound = true);
        }
        if phrase.at_end {
            let last = &mut self.lists.last[fragment.last..];
            last.iter_mut().for_each(|edge| edge.bound = true);
        }
        fragment
    }

    /// No way through; with `nullable`, the empty one.
    fn nothing(&self, nullable: bool) -> Fragment {
        Fragment {
            nullable,
            length: 0,
            first: self.lists.first.len(),
            last: self.lists.last.len(),
            needs: self.lists.needs.len(),
        }
    }

    fn node(&mut self, node: &Node<'_>) -> Fragment {
        match node {
            Node::Sequence(nodes) => {
                let mut nodes = nodes.iter();
                let mut all = match nodes.next() {
                    Some(node) => self.node(node),
                    None => self.nothing(true),
                };
                for node in nodes {
                    let next = self.node(node);
                    self.then(&mut all, next);
                }
                all
            }
            Node::OneOf(nodes) => {
                let mut all = self.nothing(false);
                for node in nodes {
                    let branch = self.node(node);
                    self.either(&mut all, branch);
                }
                all
            }
            Node::Gap(n, _) => {
                self.written_at(&(0..0));
                let mut words = self.nothing(true);
                words.length = u16::from(*n);
                for _ in 0..*n {
                    let position = self.position(ANY, &(0..0), None);
                    self.lists.last.push(Edge::of(position));
                }
                for next in words.last + 1..self.lists.last.len() {
                    self.link(next - 1..next, next..next + 1, List::Last);
                }
                let first = self.lists.last.get(words.last).copied();
                self.lists.first.extend(first);
                words
            }
            Node::Leaf(leaf, at) => {
                self.written_at(at);
                let at = self.here.set_at.clone().unwrap_or(at.clone());
                match leaf {
                    Leaf::Word(word) => self.word(word, &at),
                    Leaf::Exact(word) if !is_compound(word) => {
                        let class = self.exact_class(word);
                        self.single(class, &at, None)
                    }
                    Leaf::Exact(word) => {
                        let classes: Vec<Class> =
                            word.split('-').map(|part| self.exact_class(part)).collect();
                        self.chain(&classes, &at)
                    }
                    Leaf::Prefix(word) => {
                        let mut parts: Vec<&str> = word.split('-').collect();
                        let last = parts.pop().unwrap_or_default();
                        let mut classes: Vec<Class> =
                            parts.iter().map(|part| self.exact_class(part)).collect();
                        classes.push(self.prefix_class(last));
                        self.chain(&classes, &at)
                    }
                    Leaf::Slot(slot) => self.slot(*slot, &at),
                    Leaf::Set(id) => self.set(id, at),
                }
            }
        }
    }

    /// What begins with these parts of a list may follow what ends with those of the list of ends.
    fn link(&mut self, last: Range<usize>, next: Range<usize>, list: List) {
        let last = &self.lists.last[last];
        let first = match list {
            List::First => &self.lists.first[next],
            List::Last => &self.lists.last[next],
        };
        let joins = |edge: &Edge| !edge.bound;
        if !last.iter().any(joins) || !first.iter().any(joins) {
            return;
        }
        let Automaton {
            groups, groups_at, ..
        } = &mut self.automaton;
        let group = groups_at.len() as u32 - 1;
        for to in first {
            if joins(to) {
                groups.push(to.position);
            }
        }
        groups_at.push(groups.len() as u32);
        for from in last {
            if joins(from) {
                self.follow.push((from.position, group));
            }
        }
    }

    /// `next` is the part made last, `all` the one before it.
    fn then(&mut self, all: &mut Fragment, next: Fragment) {
        let n_first = self.lists.first.len();
        self.link(all.last..next.last, next.first..n_first, List::First);
        let Lists {
            first,
            last,
            needs,
            classes,
        } = &mut self.lists;
        if !all.nullable {
            first.truncate(next.first);
        }
        if !next.nullable {
            last.drain(all.last..next.last);
        }
        for need in &needs[next.needs..] {
            for (_, before) in &mut classes[need.of_all()] {
                *before = before.saturating_add(all.length);
            }
        }
        all.nullable &= next.nullable;
        all.length = all.length.saturating_add(next.length);
    }

    /// `b` is the part made last, `a` the one before it.
    fn either(&mut self, a: &mut Fragment, b: Fragment) {
        // The very first of several branches joins nothing.
        if a.first == b.first && !a.nullable {
            self.lists.last.drain(a.last..b.last);
            self.lists.needs.drain(a.needs..b.needs);
            (a.nullable, a.length) = (b.nullable, b.length);
            return;
        }
        a.nullable |= b.nullable;
        a.length = a.length.max(b.length);
        // Of each branch its rarest word: one of them has to be there.
        let (of_a, of_b) = self.lists.needs[a.needs..].split_at(b.needs - a.needs);
        let rarest = match (rarest(of_a), rarest(of_b)) {
            (Some(a), Some(b)) => Some((of_a[a], of_b[b])),
            _ => None,
        };
        self.lists.needs.truncate(a.needs);
        if let Some((one, other)) = rarest {
            let classes = self.join(one.classes, other.classes);
            self.lists.needs.push(Need {
                classes,
                weight: one.weight + other.weight,
            });
        }
    }

    /// Two parts of the needs' classes as one.
    fn join(&mut self, a: (u32, u32), b: (u32, u32)) -> (u32, u32) {
        if a.1 == b.0 {
            return (a.0, b.1);
        }
        let classes = &mut self.lists.classes;
        let start = classes.len() as u32;
        for (from, to) in [a, b] {
            classes.extend_from_within(from as usize..to as usize);
        }
        (start, classes.len() as u32)
    }

    fn position(&mut self, class: Class, at: &Range<usize>, name: Option<Owner>) -> u32 {
        let position = self.automaton.positions.len() as u32;
        if self.automaton.positions.len() - self.here.first_position >= POSITIONS_MAX {
            self.here.too_large = true;
            return position - 1;
        }
        let origin = self.origin();
        self.automaton.positions.push(Position {
            class,
            ends: Ends::No,
            name,
            at: (at.start as u32, at.end as u32),
            origin,
        });
        if class < WORDS {
            self.automaton.used_slots |= 1 << class;
        }
        position
    }

    fn written_at(&mut self, at: &Range<usize>) {
        if let Some(origin) = &mut self.here.origin {
            origin.at = (at.start as u32, at.end as u32);
        }
    }

    /// The index of the origin of the node in hand.
    fn origin(&mut self) -> u32 {
        let origins = &mut self.automaton.origins;
        if let Some(origin) = self.here.origin
            && origins.last() != Some(&origin)
        {
            origins.push(origin);
        }
        origins.len().saturating_sub(1) as u32
    }

    fn single(&mut self, class: Class, at: &Range<usize>, name: Option<Owner>) -> Fragment {
        let mut fragment = self.nothing(false);
        fragment.length = 1;
        let edge = Edge::of(self.position(class, at, name));
        let Lists {
            first,
            last,
            needs,
            classes,
        } = &mut self.lists;
        first.push(edge);
        last.push(edge);
        if class != ANY {
            let at = classes.len() as u32;
            classes.push((class, 0));
            needs.push(Need {
                classes: (at, at + 1),
                weight: self.forms.weight(class),
            });
        }
        fragment
    }

    fn chain(&mut self, classes: &[Class], at: &Range<usize>) -> Fragment {
        let mut all = self.nothing(true);
        for &class in classes {
            let next = self.single(class, at, None);
            self.then(&mut all, next);
        }
        all
    }

    fn repeated(&mut self, class: Class, at: &Range<usize>) -> Fragment {
        let one = self.single(class, at, None);
        self.link(
            one.last..one.last + 1,
            one.first..one.first + 1,
            List::First,
        );
        Fragment {
            length: REPEATED_MAX,
            ..one
        }
    }

    fn slot(&mut self, slot: Slot, at: &Range<usize>) -> Fragment {
        match slot {
            Slot::Word => self.single(ANY, at, None),
            Slot::Patronymic => self.single(PATRONYMIC, at, None),
            Slot::Surname => self.single(SURNAME, at, None),
            Slot::Number => self.repeated(NUMBER, at),
            Slot::Place => self.repeated(PLACE, at),
            Slot::FirstPerson => self.single(FIRST_PERSON, at, None),
            Slot::Infinitive => self.single(INFINITIVE, at, None),
            Slot::ThirdPerson => self.single(THIRD_PERSON, at, None),
            Slot::Genitive => self.single(GENITIVE, at, None),
            Slot::Name(owner) | Slot::NewName(owner) => {
                let class = match slot {
                    Slot::Name(_) => FIRST_NAME,
                    _ => UNKNOWN,
                };
                let mut all = self.maybe(SURNAME, at, owner);
                let first = self.single(class, at, Some(owner));
                self.then(&mut all, first);
                for class in [PATRONYMIC, SURNAME] {
                    let next = self.maybe(class, at, owner);
                    self.then(&mut all, next);
                }
                all
            }
            Slot::Term => self.span(SpanKind::Term, at),
            Slot::ExactTerm => self.span(SpanKind::ExactTerm, at),
            Slot::Sum => self.span(SpanKind::Sum, at),
            Slot::BarePrice => self.span(SpanKind::BarePrice, at),
            Slot::BareThousands => self.span(SpanKind::BareThousands, at),
            Slot::Date => self.span(SpanKind::Date, at),
            Slot::Time => self.span(SpanKind::Time, at),
        }
    }

    fn maybe(&mut self, class: Class, at: &Range<usize>, owner: Owner) -> Fragment {
        let mut fragment = self.single(class, at, Some(owner));
        fragment.nullable = true;
        self.lists.needs.truncate(fragment.needs);
        fragment
    }

    /// One token of its own, or a first, middles and a last.
    fn span(&mut self, kind: SpanKind, at: &Range<usize>) -> Fragment {
        let [only, first, middle, last] = [0, 1, 2, 3].map(|part| SPANS + 4 * kind as u32 + part);
        let mut only = self.single(only, at, None);
        let mut long = self.single(first, at, None);
        let mut middle = self.repeated(middle, at);
        middle.nullable = true;
        self.then(&mut long, middle);
        let last = self.single(last, at, None);
        self.then(&mut long, last);
        self.either(&mut only, long);
        only
    }

    fn set(&mut self, id: &str, at: Range<usize>) -> Fragment {
        let mut all = self.nothing(false);
        let Some(&set) = self.set_ids.get(id) else {
            let near = nearest(id, self.set_ids.keys().copied());
            self.error(
                at,
                PhraseErrorKind::UnknownSet {
                    id: id.to_owned(),
                    near,
                },
            );
            return all;
        };
        if self.here.inside.contains(&set) {
            self.here.cyclic = true;
            // Report it where the set in hand comes back to itself.
            if set == self.here.set {
                let outer = self.here.set_at.take();
                self.error(at, PhraseErrorKind::Cycle { id: id.to_owned() });
                self.here.set_at = outer;
            }
            return all;
        }
        let within = self.origin();
        let strict = usize::from(self.here.strict);
        if let Some(inlined) = self.inlined[set][strict].clone() {
            let n_positions = self.automaton.positions.len() - self.here.first_position;
            if n_positions + inlined.positions.len() <= POSITIONS_MAX {
                return self.again(&inlined, within, &at);
            }
        }
        let is_outermost = self.here.set_at.is_none();
        if is_outermost {
            self.here.set_at = Some(at);
        }
        self.here.inside.push(set);
        let outer = self.here.origin;
        let before = self.ends();
        let n_classes = self.lists.classes.len();
        let parsed: &'a Parsed<'a> = self.parsed;
        for (phrase, parsed) in parsed.set(set).phrases.iter().enumerate() {
            if self.here.too_large {
                break;
            }
            if let Ok(parsed) = parsed {
                self.here.origin = Some(Origin {
                    set: set as u32,
                    except: false,
                    phrase: phrase as u32,
                    at: (0, 0),
                    within: Some(within),
                });
                let branch = self.anchored(parsed);
                self.either(&mut all, branch);
            }
        }
        self.here.inside.pop();
        self.here.origin = outer;
        if is_outermost {
            self.here.set_at = None;
        }
        // What is wrong in a set hangs on where it stands: such a set is compiled each time.
        if !self.here.cyclic && !self.here.too_large && self.errors.is_empty() {
            let after = self.ends();
            let Lists {
                first,
                last,
                needs,
                classes,
            } = &self.lists;
            let mut lists = Lists {
                first: first[all.first..].to_vec(),
                last: last[all.last..].to_vec(),
                needs: needs[all.needs..].to_vec(),
                classes: classes[n_classes..].to_vec(),
            };
            for need in &mut lists.needs {
                need.classes.0 -= n_classes as u32;
                need.classes.1 -= n_classes as u32;
            }
            self.inlined[set][strict] = Some(Rc::new(Inlined {
                positions: before.positions..after.positions,
                origins: before.origins..after.origins,
                groups: before.groups..after.groups,
                follow: before.follow..after.follow,
                nullable: all.nullable,
                length: all.length,
                lists,
            }));
        }
        all
    }

    /// Puts in a set that was put into another phrase before: all its parts once more, with other numbers.
    fn again(&mut self, inlined: &Inlined, within: u32, at: &Range<usize>) -> Fragment {
        let mut all = self.nothing(inlined.nullable);
        all.length = inlined.length;
        let now = self.ends();
        let position_by = now.positions - inlined.positions.start;
        let origin_by = now.origins - inlined.origins.start;
        let group_by = now.groups - inlined.groups.start;
        let at = self.here.set_at.as_ref().unwrap_or(at);
        let at = (at.start as u32, at.end as u32);
        let Automaton {
            positions,
            origins,
            groups,
            groups_at,
            ..
        } = &mut self.automaton;
        for position in inlined.positions.clone() {
            let known = &positions[position as usize];
            let is_gap = known.leaf().is_empty();
            positions.push(Position {
                class: known.class,
                ends: Ends::No,
                name: known.name,
                at: if is_gap { (0, 0) } else { at },
                origin: known.origin + origin_by,
            });
        }
        for origin in inlined.origins.clone() {
            let known = origins[origin as usize];
            origins.push(Origin {
                within: known.within.map(|within| within + origin_by),
                ..known
            });
        }
        for group in inlined.groups.clone() {
            let members =
                groups_at[group as usize] as usize..groups_at[group as usize + 1] as usize;
            for member in members {
                groups.push(groups[member] + position_by);
            }
            groups_at.push(groups.len() as u32);
        }
        for pair in inlined.follow.clone() {
            let (position, group) = self.follow[pair];
            self.follow.push((position + position_by, group + group_by));
        }
        debug_assert_eq!(within + 1, now.origins);
        let n_classes = self.lists.classes.len() as u32;
        let moved = |edge: &Edge| Edge {
            position: edge.position + position_by,
            bound: edge.bound,
        };
        let Lists {
            first,
            last,
            needs,
            classes,
        } = &mut self.lists;
        first.extend(inlined.lists.first.iter().map(moved));
        last.extend(inlined.lists.last.iter().map(moved));
        needs.extend(inlined.lists.needs.iter().map(|need| Need {
            classes: (need.classes.0 + n_classes, need.classes.1 + n_classes),
            ..*need
        }));
        classes.extend_from_slice(&inlined.lists.classes);
        all
    }

    /// How much of everything there is.
    fn ends(&self) -> Counts {
        Counts {
            positions: self.automaton.positions.len() as u32,
            origins: self.automaton.origins.len() as u32,
            groups: self.automaton.groups_at.len() as u32 - 1,
            follow: self.follow.len(),
        }
    }

    fn word(&mut self, word: &str, at: &Range<usize>) -> Fragment {
        if let Some(&number) = self.declared_form.get(word) {
            let forms = self.declared[number].clone();
            return self.declared_word(word, &forms, at);
        }
        if !is_compound(word) {
            let class = self.plain_class(word, at);
            return self.single(class, at, None);
        }
        let parts: Vec<&str> = word.split('-').collect();
        let mut by_part: Vec<Vec<String>> = vec![Vec::new(); parts.len()];
        self.lexicon.forms_into(word, &mut self.word_forms);
        for form in self.word_forms.iter() {
            let form: Vec<&str> = form.split('-').collect();
            if form.len() == parts.len() {
                by_part
                    .iter_mut()
                    .zip(form)
                    .for_each(|(forms, part)| forms.push(part.to_owned()));
            }
        }
        let mut classes = Vec::new();
        for (part, forms) in parts.iter().zip(by_part) {
            classes.push(if forms.is_empty() {
                self.plain_class(part, at)
            } else {
                self.word_forms
                    .fill(forms.iter().map(String::as_str).chain([*part]));
                self.class_of_forms()
            });
        }
        self.chain(&classes, at)
    }

    /// A word of the pack's own list; some of its forms may be several words.
    fn declared_word(&mut self, word: &str, forms: &[String], at: &Range<usize>) -> Fragment {
        let is_one = |form: &&String| !form.contains(|c: char| c == '-' || c.is_whitespace());
        let mut all = self.nothing(false);
        if forms.iter().any(|form| is_one(&form)) {
            let class = match self.known().by_word.get(word) {
                Some(&class) => class,
                None => {
                    let single = forms.iter().filter(is_one);
                    self.word_forms.fill(single.map(String::as_str));
                    let class = self.class_of_forms();
                    self.known().by_word.insert(word.into(), class);
                    class
                }
            };
            all = self.single(class, at, None);
        }
        for form in forms.iter().filter(|form| !is_one(form)) {
            let parts = form
                .split(|c: char| c == '-' || c.is_whitespace())
                .filter(|part| !part.is_empty());
            let classes: Vec<Class> = parts.map(|part| self.exact_class(part)).collect();
            let several = self.chain(&classes, at);
            if !several.nullable {
                self.either(&mut all, several);
            }
        }
        all
    }

    /// The classes that there are, for a phrase like the one in hand.
    fn known(&mut self) -> &mut Classes {
        &mut self.classes[usize::from(self.here.strict)]
    }

    fn plain_class(&mut self, word: &str, at: &Range<usize>) -> Class {
        if let Some(&class) = self.known().by_word.get(word) {
            return class;
        }
        let digits = word
            .bytes()
            .all(|b| b.is_ascii_digit())
            .then(|| word.parse::<u64>().unwrap_or(u64::MAX));
        let lexemes = self.lexicon.lexemes(word);
        if lexemes.is_empty() && digits.is_none() {
            self.error(
                at.clone(),
                PhraseErrorKind::UnknownWord {
                    word: word.to_owned(),
                },
            );
        }
        let mut lexemes: SmallVec<[u32; 4]> = lexemes
            .into_iter()
            .map(|lexeme| self.forms.lexeme(lexeme))
            .collect();
        let number = digits.or_else(|| cardinal(self.lexicon.number_word(word)));
        let class = match number {
            Some(value) => {
                let class = self.number_class(value);
                for lexeme in lexemes {
                    self.forms.add_lexeme(lexeme, class);
                }
                class
            }
            None => {
                lexemes.sort_unstable();
                self.class_of_lexemes(lexemes)
            }
        };
        self.known().by_word.insert(word.into(), class);
        class
    }

    fn number_class(&mut self, value: u64) -> Class {
        if let Some(&class) = self.known().by_number.get(&value) {
            return class;
        }
        let class = self.forms.new_class(self.here.strict);
        self.forms.add_number(value, class);
        self.known().by_number.insert(value, class);
        class
    }

    fn exact_class(&mut self, word: &str) -> Class {
        self.forms.exact_class(word, self.here.strict)
    }

    fn prefix_class(&mut self, prefix: &str) -> Class {
        if let Some(&class) = self.known().by_prefix.get(prefix) {
            return class;
        }
        let class = self.forms.new_class(self.here.strict);
        self.forms.add_prefix(prefix, class);
        self.known().by_prefix.insert(prefix.into(), class);
        class
    }

    /// The class of `word_forms`: different words with the same forms share one.
    fn class_of_forms(&mut self) -> Class {
        let known = &mut self.classes[usize::from(self.here.strict)];
        if let Some(&class) = known.by_forms.get(self.word_forms.text()) {
            return class;
        }
        let class = self.forms.new_class(self.here.strict);
        self.forms.add_forms(&self.word_forms, class);
        known.by_forms.insert(self.word_forms.text().into(), class);
        class
    }

    /// Different words with the same lexemes share a class.
    fn class_of_lexemes(&mut self, lexemes: SmallVec<[u32; 4]>) -> Class {
        let known = &mut self.classes[usize::from(self.here.strict)];
        if let Some(&class) = known.by_lexemes.get(&lexemes) {
            return class;
        }
        let class = self.forms.new_class(self.here.strict);
        for &lexeme in &lexemes {
            self.forms.add_lexeme(lexeme, class);
        }
        known.by_lexemes.insert(lexemes, class);
        class
    }

    fn finish(mut self, sources: &[SetSource<'_>]) -> Result<Matcher, Vec<PhraseError>> {
        if !self.errors.is_empty() {
            self.errors
                .sort_by_key(|error| (error.set, error.except, error.phrase, error.at.start));
            return Err(self.errors);
        }
        let mut automaton = self.automaton;
        (automaton.follow_at, automaton.follow) =
            by_position(&self.follow, automaton.positions.len());
        automaton.aliases = all_aliases(&self.aliases);
        automaton.direct_aliases = self.aliases;
        let asked_of = |phrase: &CompiledPhrase| {
            let aliases = &automaton.aliases[phrase.set as usize];
            [AskedOf::agent, AskedOf::customer].map(|side| {
                let asked = |set: u32| side(sources[set as usize].asked_of);
                asked(phrase.set) || !phrase.except && aliases.iter().any(|alias| asked(alias.set))
            })
        };
        automaton.asked_of = automaton.phrases.iter().map(asked_of).collect();
        automaton.later = later(sources, &automaton.aliases);
        let mut triggers = self.triggers;
        let mut before = vec![0; automaton.phrases.len()];
        for (_, cue) in &triggers {
            let most: &mut u16 = &mut before[cue.phrase as usize];
            *most = cue.before.max(*most);
        }
        let head = |(phrase, before): (&CompiledPhrase, u16)| {
            let roots = phrase.roots.start as usize..phrase.roots.end as usize;
            let roots = &automaton.roots_by_phrase[roots];
            Head {
                bits: roots.iter().fold(0, |all, root| all | bits(root.class)),
                before,
                at_run_start: roots.iter().all(|root| root.at_run_start),
                at_run_start_too: roots.iter().any(|root| root.at_run_start),
            }
        };
        automaton.heads = automaton.phrases.iter().zip(before).map(head).collect();
        // Phrases come in order, so each class's do; one that has the class twice comes twice in a row.
        triggers.dedup();
        let (starts, cues) = by_position(&triggers, self.forms.n_classes());
        automaton.triggered_at.push(0);
        for class in starts.windows(2) {
            let start = automaton.triggered.len();
            for &cue in &cues[class[0] as usize..class[1] as usize] {
                match automaton.triggered[start..].last_mut() {
                    Some(last) if last.phrase == cue.phrase => {
                        last.before = last.before.max(cue.before);
                    }
                    _ => automaton.triggered.push(cue),
                }
            }
            automaton
                .triggered_at
                .push(automaton.triggered.len() as u32);
        }
        Ok(Matcher {
            forms: Arc::new(self.forms),
            automaton,
            sets: sources.iter().map(super::MatcherSet::of).collect(),
            ids: sources
                .iter()
                .enumerate()
                .map(|(set, source)| (source.id.to_owned(), super::SetId(set as u32)))
                .collect(),
        })
    }
}

fn is_compound(word: &str) -> bool {
    memchr::memchr(b'-', word.as_bytes()).is_some()
}

/// Pairs of position and group -> where each position's groups begin, and the groups, in the order of the pairs.
pub(super) fn by_position<T: Copy + Default>(
    pairs: &[(u32, T)],
    n_positions: usize,
) -> (Vec<u32>, Vec<T>) {
    let mut starts = vec![0; n_positions + 1];
    for (position, _) in pairs {
        starts[*position as usize + 1] += 1;
    }
    for at in 0..n_positions {
        starts[at + 1] += starts[at];
    }
    let (mut next, mut groups) = (starts.clone(), vec![T::default(); pairs.len()]);
    for (position, group) in pairs {
        let at = &mut next[*position as usize];
        groups[*at as usize] = *group;
        *at += 1;
    }
    (starts, groups)
}

/// A gap with nothing before or nothing behind it.
fn edge_gap(body: &Node<'_>) -> Option<Range<usize>> {
    match body {
        Node::Gap(_, at) => Some(at.clone()),
        Node::Sequence(nodes) => [nodes.first(), nodes.last()]
            .into_iter()
            .flatten()
            .find_map(|edge| match edge {
                Node::Gap(_, at) => Some(at.clone()),
                _ => None,
            }),
        Node::OneOf(nodes) => nodes.iter().find_map(edge_gap),
        Node::Leaf(..) => None,
    }
}
