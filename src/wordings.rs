//! Whether anything holds a pack's wordings: each phrase, and each word of one that may be left out, is taken away in turn, and
//! some example has to notice: by its verdict, or by the words marked in it.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::audit::Auditor;
use crate::examples::judge_call;
use crate::examples::{Told, told};
use crate::locale::Lang;
use crate::pack::{Pack, PackError};
use crate::phrase::{Node, Part, Parts, SetId, parse};

/// A wording that no example holds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unheld {
    /// The file.
    pub path: String,
    /// Line from 1.
    pub line: u32,
    /// In characters, from 1: where the phrase, or the word, begins.
    pub column: u32,
    /// The set.
    pub set: String,
    /// From `rules/common`.
    pub common: bool,
    /// It is an exception of the set.
    pub except: bool,
    /// As written.
    pub phrase: String,
    /// The bytes of the word in the phrase; `None`: the whole phrase.
    pub word: Option<(usize, usize)>,
}

/// What is taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// Whole phrases.
    Phrases,
    /// Phrases, and in those that are held each word of a choice.
    Words,
}

/// Tries the wordings of the pack on so many threads, in the order of files and lines.
///
/// # Errors
/// Files whose examples cannot be read.
pub fn unheld(pack: &Pack, depth: Depth, threads: usize) -> Result<Vec<Unheld>, Vec<PackError>> {
    let told = told(pack)?;
    let parts = Parts::of(pack.matcher());
    let trial = Trial::of(pack, &told, &parts);
    let phrases = phrases(pack);
    let next = AtomicUsize::new(0);
    let found = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            scope.spawn(|| {
                let mut auditor = Auditor::new(std::slice::from_ref(pack), Lang::Ru);
                while let Some(phrase) = phrases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let words = trial.unheld_of(phrase, depth, &mut auditor);
                    found
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .extend(words);
                }
            });
        }
    });
    let mut found: Vec<Unheld> = found.into_inner().unwrap_or_else(PoisonError::into_inner);
    found.sort();
    Ok(found)
}

/// The same of several packs: a wording that packs share is held where one of them holds it, and is looked at only if there are
/// several.
///
/// # Errors
/// Files whose examples cannot be read.
pub fn unheld_of_all(
    packs: &[Pack],
    depth: Depth,
    threads: usize,
) -> Result<Vec<Unheld>, Vec<PackError>> {
    let mut own = Vec::new();
    // By set, exception or not, phrase and word: the same file may be known under several paths.
    let mut shared: BTreeMap<_, (usize, Unheld)> = BTreeMap::new();
    for pack in packs {
        for wording in unheld(pack, depth, threads)? {
            if wording.common {
                let key = (
                    wording.set.clone(),
                    wording.except,
                    wording.phrase.clone(),
                    wording.word,
                );
                shared.entry(key).or_insert((0, wording)).0 += 1;
            } else {
                own.push(wording);
            }
        }
    }
    if packs.len() > 1 {
        for ((set, except, phrase, word), (n, wording)) in &shared {
            let users = packs
                .iter()
                .filter(|pack| pack.sets().iter().any(|one| one.id == *set && one.common))
                .count();
            // Where a whole phrase is unheld its words are not listed.
            let whole = (set.clone(), *except, phrase.clone(), None);
            let n_whole = if word.is_some() {
                shared.get(&whole).map_or(0, |(n, _)| *n)
            } else {
                0
            };
            if n + n_whole == users {
                own.push(wording.clone());
            }
        }
    }
    own.sort();
    Ok(own)
}

/// A phrase or an exception, and where it stands in the matcher: an exception comes along into other sets.
struct Phrase<'p> {
    path: &'p str,
    /// Line and column of its quotation mark.
    place: (u32, u32),
    set: &'p str,
    common: bool,
    except: bool,
    text: &'p str,
    parts: Vec<Part>,
}

fn phrases(pack: &Pack) -> Vec<Phrase<'_>> {
    let sets = pack.sets();
    let mut phrases: Vec<Phrase<'_>> = Vec::new();
    let mut excepts: BTreeMap<(usize, usize), Vec<Part>> = BTreeMap::new();
    for set in 0..sets.len() {
        for (at, home) in pack.exceptions(set).into_iter().enumerate() {
            let part = Part {
                set: SetId(set as u32),
                except: true,
                phrase: at as u32,
                leaf: None,
            };
            excepts.entry(home).or_default().push(part);
        }
    }
    for (index, home) in sets.iter().enumerate() {
        let phrase = |except: bool, at: usize, text, parts| {
            let places = if except {
                &home.except_places
            } else {
                &home.places
            };
            let place = places.get(at).copied().unwrap_or((0, 0));
            Phrase {
                path: &home.path,
                place,
                set: &home.id,
                common: home.common,
                except,
                text,
                parts,
            }
        };
        for (at, text) in home.phrases.iter().enumerate() {
            let part = Part {
                set: SetId(index as u32),
                except: false,
                phrase: at as u32,
                leaf: None,
            };
            phrases.push(phrase(false, at, text, vec![part]));
        }
        for (at, text) in home.except.iter().enumerate() {
            phrases.push(phrase(
                true,
                at,
                text,
                excepts.remove(&(index, at)).unwrap_or_default(),
            ));
        }
    }
    // What is written once may have become a part of several sets.
    let mut written: Vec<Phrase<'_>> = Vec::new();
    for phrase in phrases {
        let same = |other: &&mut Phrase<'_>| {
            (other.path, other.place, other.except, other.text)
                == (phrase.path, phrase.place, phrase.except, phrase.text)
        };
        match written.iter_mut().find(same) {
            Some(known) => known.parts.extend(phrase.parts),
            None => written.push(phrase),
        }
    }
    written
}

/// The words, slots and sets without which the phrase still says something: those in a choice.
fn words_of_choices(node: &Node<'_>, in_choice: bool, words: &mut Vec<(u32, u32)>) {
    match node {
        Node::Sequence(nodes) => nodes
            .iter()
            .for_each(|node| words_of_choices(node, in_choice, words)),
        Node::OneOf(nodes) => nodes
            .iter()
            .for_each(|node| words_of_choices(node, true, words)),
        Node::Leaf(_, at) if in_choice && !at.is_empty() => {
            words.push((at.start as u32, at.end as u32))
        }
        Node::Gap(..) | Node::Leaf(..) => {}
    }
}

struct Trial<'t> {
    pack: &'t Pack,
    told: &'t [Told],
    parts: &'t Parts,
    /// By position of the automaton: the examples that come to it.
    seen_in: Vec<Vec<u32>>,
}

impl<'t> Trial<'t> {
    fn of(pack: &'t Pack, told: &'t [Told], parts: &'t Parts) -> Self {
        let mut auditor = Auditor::new(std::slice::from_ref(pack), Lang::Ru);
        let mut trial = Self {
            pack,
            told,
            parts,
            seen_in: Vec::new(),
        };
        for example in 0..told.len() {
            auditor.phrases(0).lose(pack.matcher(), parts, &[]);
            // An example that fails anyway holds nothing.
            if !trial.holds(example, &mut auditor) {
                continue;
            }
            for position in pack.matcher().seen(auditor.phrases(0)) {
                let position = position as usize;
                if trial.seen_in.len() <= position {
                    trial.seen_in.resize_with(position + 1, Vec::new);
                }
                trial.seen_in[position].push(example as u32);
            }
        }
        trial
    }

    fn holds(&self, example: usize, auditor: &mut Auditor<'_>) -> bool {
        let Told {
            criterion,
            line,
            example,
            call,
        } = &self.told[example];
        judge_call(self.pack, auditor, *criterion, *line, example, call).is_ok()
    }

    fn unheld_of(
        &self,
        phrase: &Phrase<'_>,
        depth: Depth,
        auditor: &mut Auditor<'_>,
    ) -> Vec<Unheld> {
        let unheld = |word: Option<(u32, u32)>| Unheld {
            path: phrase.path.to_owned(),
            line: phrase.place.0,
            column: phrase.place.1
                + word.map_or(0, |(from, _)| {
                    // Behind the quotation mark.
                    let before = phrase.text.get(..from as usize).unwrap_or_default();
                    before.chars().count() as u32 + 1
                }),
            set: phrase.set.to_owned(),
            common: phrase.common,
            except: phrase.except,
            phrase: phrase.text.to_owned(),
            word: word.map(|(from, to)| (from as usize, to as usize)),
        };
        if !self.is_held(phrase, None, auditor) {
            return vec![unheld(None)];
        }
        let mut words = Vec::new();
        if let (Depth::Words, Ok(parsed)) = (depth, parse(phrase.text)) {
            words_of_choices(&parsed.body, false, &mut words);
        }
        words.retain(|&word| !self.is_held(phrase, Some(word), auditor));
        words.into_iter().map(|word| unheld(Some(word))).collect()
    }

    /// Some example notices that the phrase, or the word of it, is missing.
    fn is_held(
        &self,
        phrase: &Phrase<'_>,
        word: Option<(u32, u32)>,
        auditor: &mut Auditor<'_>,
    ) -> bool {
        let lost: Vec<Part> = phrase
            .parts
            .iter()
            .map(|part| Part {
                leaf: word,
                ..*part
            })
            .collect();
        let places = || lost.iter().flat_map(|part| self.parts.places(part));
        let seen = places()
            .filter_map(|position| self.seen_in.get(*position as usize))
            .flatten();
        let mut examples: Vec<u32> = seen.copied().collect();
        if lost.iter().any(|part| self.parts.is_whole_set(part)) {
            examples = (0..self.told.len() as u32).collect();
        }
        // Those of the phrase's own file are likeliest to notice.
        let is_far = |example: u32| {
            self.pack.homes()[self.told[example as usize].criterion].path != phrase.path
        };
        examples.sort_unstable_by_key(|&example| (is_far(example), example));
        examples.dedup();
        if examples.is_empty() {
            return false;
        }
        auditor
            .phrases(0)
            .lose(self.pack.matcher(), self.parts, &lost);
        examples
            .into_iter()
            .any(|example| !self.holds(example as usize, auditor))
    }
}
