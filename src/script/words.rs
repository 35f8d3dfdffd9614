//! The word lists of `rules/common/script.toml`, ready to be looked for in a line.

use std::cell::RefCell;
use std::ops::Deref;

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::pack::{PassageWords, ScriptWords};

/// A word of a line: lower case with `е` for `ё`, and its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) norm: Norm,
    /// Its first two characters.
    begins: Beginning,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// The first character of a word and the second, as the bytes of UTF-8; 0 where there is none.
type Beginning = (u32, u32);

fn beginning(word: &str) -> Option<Beginning> {
    let mut codes = word.chars().map(|c| {
        let mut utf8 = [0; 4];
        c.encode_utf8(&mut utf8);
        u32::from_le_bytes(utf8)
    });
    Some((codes.next()?, codes.next().unwrap_or(0)))
}

/// A word as it is compared. Words are cut out of every line several times, so those of usual length cost no allocation.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Norm(SmallVec<[u8; NORM_BYTES]>);

const NORM_BYTES: usize = 24;

impl Deref for Norm {
    type Target = str;

    fn deref(&self) -> &str {
        // Nothing but whole characters is ever pushed.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// The words of a text; signs part them, a hyphen too.
pub(super) fn words(text: &str) -> Vec<Word> {
    first_words(text, usize::MAX)
}

/// The first so many of them.
pub(super) fn first_words(text: &str, n: usize) -> Vec<Word> {
    const WORD_BYTES: usize = 12;
    let mut words: Vec<Word> = Vec::with_capacity((text.len() / WORD_BYTES + 1).min(n));
    let mut at = 0;
    while words.len() < n {
        let Some(word) = next_word(text, &mut at) else {
            break;
        };
        words.push(word);
    }
    words
}

/// The first of them.
pub(super) fn first_word(text: &str) -> Option<Word> {
    next_word(text, &mut 0)
}

/// The next word from a byte on, which goes behind it.
fn next_word(text: &str, at: &mut usize) -> Option<Word> {
    let bytes = text.as_bytes();
    let mut spelling = Spelling::new();
    let (mut start, mut end) = (None, *at);
    while let Some(&first) = bytes.get(*at) {
        let here = *at;
        // The two alphabets that templates are written in need not be decoded.
        let is_letter = match (first, bytes.get(here + 1).copied().unwrap_or_default()) {
            (0..0x80, _) => {
                *at += 1;
                let is_letter = first.is_ascii_alphanumeric();
                if is_letter {
                    spelling.push([first.to_ascii_lowercase(), 0, 0, 0], 1);
                }
                is_letter
            }
            (0xd0 | 0xd1, second) => {
                *at += 2;
                let small = match (first, second) {
                    // а-п, р-я, А-П, Р-Я, Ё and ё.
                    (0xd0, 0xb0..=0xbf) | (0xd1, 0x80..=0x8f) => Some((first, second)),
                    (0xd0, 0x90..=0x9f) => Some((0xd0, second + 0x20)),
                    (0xd0, 0xa0..=0xaf) => Some((0xd1, second - 0x20)),
                    (0xd0, 0x81) | (0xd1, 0x91) => Some((0xd0, 0xb5)),
                    _ => None,
                };
                match small {
                    Some((first, second)) => {
                        spelling.push([first, second, 0, 0], 2);
                        true
                    }
                    None => spelling.push_small(text, here),
                }
            }
            _ => {
                *at += text[here..].chars().next().map_or(1, char::len_utf8);
                spelling.push_small(text, here)
            }
        };
        if is_letter {
            start.get_or_insert(here);
            end = *at;
        } else if start.is_some() && first != b'\'' {
            break;
        }
    }
    Some(Word {
        start: start?,
        end,
        begins: spelling.begins,
        norm: spelling.end(),
    })
}

/// A word in the making.
struct Spelling {
    begins: Beginning,
    utf8: [u8; Self::USUAL_BYTES + 4],
    len: usize,
    /// What came before that.
    long: SmallVec<[u8; NORM_BYTES]>,
}

impl Spelling {
    const USUAL_BYTES: usize = 28;

    fn new() -> Self {
        Self {
            begins: (0, 0),
            utf8: [0; Self::USUAL_BYTES + 4],
            len: 0,
            long: SmallVec::new(),
        }
    }

    /// Adds a letter of so many bytes.
    #[inline(always)]
    fn push(&mut self, letter: [u8; 4], n: usize) {
        if self.len > Self::USUAL_BYTES {
            self.long.extend_from_slice(&self.utf8[..self.len]);
            self.len = 0;
        }
        let code = u32::from_le_bytes(letter);
        match self.begins {
            (0, _) => self.begins.0 = code,
            (_, 0) => self.begins.1 = code,
            _ => {}
        }
        // Four bytes whatever its length: nothing is copied in a loop.
        let free = self.utf8.get_mut(self.len..);
        if let Some(free) = free.and_then(|free| free.first_chunk_mut()) {
            *free = letter;
        }
        self.len += n;
    }

    /// Adds any letter or digit in lower case; `false` for other signs.
    #[cold]
    fn push_small(&mut self, text: &str, at: usize) -> bool {
        let c = text[at..].chars().next().unwrap_or_default();
        let small = match c {
            // Quotation marks, dashes and blanks, before the tables of letters are asked.
            '«' | '»' | '\u{a0}' | '\u{2000}'..='\u{206f}' => None,
            _ if c.is_alphanumeric() => c.to_lowercase().next(),
            _ => None,
        };
        let Some(small) = small else { return false };
        let mut utf8 = [0; 4];
        let n = small.encode_utf8(&mut utf8).len();
        self.push(utf8, n);
        true
    }

    fn end(mut self) -> Norm {
        if self.len <= NORM_BYTES
            && self.long.is_empty()
            && let Some(all) = self.utf8.first_chunk()
        {
            return Norm(SmallVec::from_buf_and_len(*all, self.len));
        }
        self.long.extend_from_slice(&self.utf8[..self.len]);
        Norm(self.long)
    }
}

#[derive(Debug, Clone)]
enum Element {
    /// Any of these; `true`: a beginning.
    Any(Vec<(String, bool)>),
    /// Up to three other words.
    Gap,
}

#[derive(Debug, Clone)]
struct Pattern(Vec<Element>);

/// A list of patterns.
#[derive(Debug, Clone, Default)]
pub(super) struct List {
    patterns: Vec<Pattern>,
    /// The beginning of a first word -> patterns; with one character those that go on in any way.
    by_first: FxHashMap<Beginning, Vec<usize>>,
    /// Some pattern goes on in any way behind its first character.
    has_short: bool,
}

const GAP: usize = 3;
/// Several lists that are asked of the same words.
#[derive(Debug, Clone, Default)]
pub(super) struct Together {
    /// The beginning of a word -> the lists that have a pattern for it, a bit each.
    by_first: FxHashMap<Beginning, u16>,
    has_short: bool,
}

impl Together {
    fn of(lists: &[&List]) -> Self {
        let mut together = Self::default();
        for (number, list) in lists.iter().enumerate() {
            together.has_short |= list.has_short;
            #[expect(
                clippy::iter_over_hash_type,
                reason = "bits are set, in whatever order"
            )]
            for begins in list.by_first.keys() {
                *together.by_first.entry(*begins).or_default() |= 1 << number;
            }
        }
        together
    }

    /// The numbers of the lists of which some pattern may begin with a word, in order.
    pub(super) fn beginning(&self, word: &Word) -> impl Iterator<Item = usize> + use<> {
        let of = |begins| self.by_first.get(&begins).copied().unwrap_or(0);
        let (first, second) = word.begins;
        let short = self.has_short && second != 0;
        let mut all = of(word.begins) | if short { of((first, 0)) } else { 0 };
        std::iter::from_fn(move || {
            let next = (all != 0).then_some(all.trailing_zeros() as usize);
            all &= all.wrapping_sub(1);
            next
        })
    }
}

/// A line that titles a passage is at most this long.
const TITLE_BYTES_MAX: usize = 120;

impl List {
    pub(super) fn of(entries: &[String]) -> Self {
        let mut list = Self::default();
        for entry in entries {
            let elements: Vec<Element> = entry
                .split_whitespace()
                .map(|part| match part {
                    "…" => Element::Gap,
                    words => Element::Any(words.split('|').map(word).collect()),
                })
                .collect();
            let index = list.patterns.len();
            if let Some(Element::Any(first)) = elements.first() {
                let words = first.iter();
                let mut begins: Vec<Beginning> =
                    words.filter_map(|(word, _)| beginning(word)).collect();
                begins.sort_unstable();
                begins.dedup();
                for begins in begins {
                    list.has_short |= begins.1 == 0;
                    list.by_first.entry(begins).or_default().push(index);
                }
                list.patterns.push(Pattern(elements));
            }
        }
        list
    }

    /// The patterns that may begin with a word.
    fn beginning(&self, word: &Word) -> impl Iterator<Item = &Pattern> {
        let (first, second) = word.begins;
        let by_two = (second != 0).then(|| self.by_first.get(&word.begins));
        let by_one = self.has_short.then(|| self.by_first.get(&(first, 0)));
        let indices = by_two
            .flatten()
            .into_iter()
            .chain(by_one.flatten())
            .flatten();
        indices.map(|index| &self.patterns[*index])
    }

    /// The longest match that begins at a word: the index behind its last word.
    pub(super) fn at(&self, words: &[Word], from: usize) -> Option<usize> {
        let patterns = self.beginning(words.get(from)?);
        let ends = patterns.filter_map(|pattern| longest(&pattern.0, words, from));
        ends.max()
    }

    /// Whether any pattern stands anywhere in the words.
    pub(super) fn anywhere(&self, words: &[Word]) -> bool {
        (0..words.len()).any(|from| self.at(words, from).is_some())
    }

    /// Whether some pattern is all of the words.
    pub(super) fn is_all(&self, words: &[Word]) -> bool {
        let Some(first) = words.first() else {
            return false;
        };
        let mut patterns = self.beginning(first);
        patterns.any(|pattern| is_all(&pattern.0, words, 0))
    }

    /// Whether some pattern begins with the word.
    pub(super) fn begins(&self, word: &Word) -> bool {
        let mut patterns = self.beginning(word);
        patterns
            .any(|pattern| matches!(pattern.0.first(), Some(Element::Any(any)) if fits(any, word)))
    }
}

fn word(text: &str) -> (String, bool) {
    let norm = text.to_lowercase().replace('ё', "е");
    match norm.strip_suffix('*') {
        Some(stem) => (stem.to_owned(), true),
        None => (norm, false),
    }
}

fn fits(alternatives: &[(String, bool)], word: &Word) -> bool {
    let own = &word.norm.0[..];
    alternatives.iter().any(|(stem, open)| match open {
        true => own.starts_with(stem.as_bytes()),
        false => own == stem.as_bytes(),
    })
}

/// Where the longest match of the elements ends.
fn longest(elements: &[Element], words: &[Word], from: usize) -> Option<usize> {
    let Some((first, rest)) = elements.split_first() else {
        return Some(from);
    };
    match first {
        Element::Any(alternatives) => {
            let word = words.get(from)?;
            fits(alternatives, word)
                .then(|| longest(rest, words, from + 1))
                .flatten()
        }
        Element::Gap => (0..=GAP)
            .filter(|gap| from + gap <= words.len())
            .filter_map(|gap| longest(rest, words, from + gap))
            .max(),
    }
}

/// Whether some match of the elements ends with the words.
fn is_all(elements: &[Element], words: &[Word], from: usize) -> bool {
    let Some((first, rest)) = elements.split_first() else {
        return from == words.len();
    };
    match first {
        Element::Any(alternatives) => words
            .get(from)
            .is_some_and(|word| fits(alternatives, word) && is_all(rest, words, from + 1)),
        Element::Gap => (0..=GAP)
            .filter(|gap| from + gap <= words.len())
            .any(|gap| is_all(rest, words, from + gap)),
    }
}

/// Whose words follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Party {
    Agent,
    Customer,
    /// A machine.
    Other,
    /// A remark for the agent.
    Note,
}

/// So many names of labels are kept.
const LABELS_MAX: usize = 4_096;

/// What stood before a colon, and whose label it is: every line is asked several times, and labels come again and again.
#[derive(Debug, Clone, Default)]
pub(super) struct Labels(RefCell<FxHashMap<Box<str>, Option<Party>>>);

impl Labels {
    /// What is known of a name, else what `tell` says.
    pub(super) fn of(&self, name: &str, tell: impl FnOnce() -> Option<Party>) -> Option<Party> {
        if let Some(known) = self.0.borrow().get(name) {
            return *known;
        }
        let party = tell();
        let mut labels = self.0.borrow_mut();
        if labels.len() >= LABELS_MAX {
            labels.clear();
        }
        labels.insert(name.into(), party);
        party
    }
}

/// One kind of passage.
#[derive(Debug, Clone)]
pub(super) struct Passage {
    pub(super) id: String,
    pub(super) headings: List,
    pub(super) not_headings: List,
    pub(super) words: PassageWords,
}

/// Everything of `script.toml`.
#[derive(Debug, Clone)]
pub(super) struct Words {
    pub(super) label_agent: List,
    pub(super) label_customer: List,
    pub(super) forbidden: List,
    pub(super) allowed: List,
    pub(super) forbidden_signs: Vec<String>,
    pub(super) allowed_signs: Vec<String>,
    pub(super) column_forbidden: List,
    pub(super) column_customer_first: List,
    pub(super) column_agent: List,
    pub(super) column_customer: List,
    pub(super) column_who: List,
    pub(super) column_said: List,
    pub(super) heading_agent: List,
    pub(super) say: List,
    pub(super) say_infinitive: List,
    pub(super) say_noun: List,
    pub(super) prohibit: List,
    pub(super) prohibit_next: List,
    pub(super) prohibit_near: List,
    pub(super) prohibit_behind: List,
    pub(super) customer: List,
    pub(super) name: List,
    pub(super) says: List,
    pub(super) agent_party: List,
    pub(super) customer_party: List,
    pub(super) forbidden_whole: List,
    pub(super) written: List,
    pub(super) quote_name_behind: List,
    pub(super) ordinal: List,
    pub(super) label_other: List,
    pub(super) label_note: List,
    pub(super) heading_customer: List,
    pub(super) goes_on: List,
    pub(super) opens: List,
    pub(super) answers: List,
    pub(super) condition_says: List,
    pub(super) of_customer: List,
    pub(super) meanings: Vec<(String, List)>,
    pub(super) values: FxHashMap<String, String>,
    pub(super) name_behind: List,
    pub(super) customer_behind: List,
    pub(super) term_behind: List,
    pub(super) units: List,
    pub(super) passages: Vec<Passage>,
    pub(super) customer_says: String,
    pub(super) labels: Labels,
    /// Of [`Words::governing`].
    pub(super) governing_together: Together,
    /// First bytes of all signs of both lists.
    sign_bytes: Vec<u8>,
}

impl Words {
    pub(super) fn of(words: &ScriptWords) -> Self {
        let passage = |(id, words): (&String, &PassageWords)| Passage {
            id: id.clone(),
            headings: List::of(&words.headings),
            not_headings: List::of(&words.not_headings),
            words: words.clone(),
        };
        let meanings = words.slots.meanings.iter();
        let values = words.slots.values.iter();
        let signs = words
            .lists
            .forbidden_signs
            .iter()
            .chain(&words.lists.allowed_signs);
        let mut sign_bytes: Vec<u8> = signs.filter_map(|sign| sign.bytes().next()).collect();
        sign_bytes.sort_unstable();
        sign_bytes.dedup();
        let mut own = Self {
            label_agent: List::of(&words.labels.agent),
            label_customer: List::of(&words.labels.customer),
            forbidden: List::of(&words.lists.forbidden),
            allowed: List::of(&words.lists.allowed),
            forbidden_signs: words.lists.forbidden_signs.clone(),
            allowed_signs: words.lists.allowed_signs.clone(),
            column_forbidden: List::of(&words.columns.forbidden),
            column_customer_first: List::of(&words.columns.customer_first),
            column_agent: List::of(&words.columns.agent),
            column_customer: List::of(&words.columns.customer),
            column_who: List::of(&words.columns.who),
            column_said: List::of(&words.columns.said),
            heading_agent: List::of(&words.headings.agent),
            say: List::of(&words.quotes.say),
            say_infinitive: List::of(&words.quotes.say_infinitive),
            say_noun: List::of(&words.quotes.say_noun),
            prohibit: List::of(&words.quotes.prohibit),
            prohibit_next: List::of(&words.quotes.prohibit_next),
            prohibit_near: List::of(&words.quotes.prohibit_near),
            prohibit_behind: List::of(&words.quotes.prohibit_behind),
            customer: List::of(&words.quotes.customer),
            name: List::of(&words.quotes.name),
            says: List::of(&words.quotes.says),
            agent_party: List::of(&words.quotes.agent_party),
            customer_party: List::of(&words.quotes.customer_party),
            forbidden_whole: List::of(&words.lists.forbidden_whole),
            written: List::of(&words.quotes.written),
            quote_name_behind: List::of(&words.quotes.name_behind),
            ordinal: List::of(&words.headings.ordinal),
            label_other: List::of(&words.labels.other),
            label_note: List::of(&words.labels.note),
            heading_customer: List::of(&words.headings.customer),
            goes_on: List::of(&words.quotes.goes_on),
            opens: List::of(&words.branches.opens),
            answers: List::of(&words.branches.answers),
            condition_says: List::of(&words.branches.says),
            of_customer: List::of(&words.slots.of_customer),
            meanings: meanings
                .map(|one| (one.means.clone(), List::of(&one.words)))
                .collect(),
            values: values
                .map(|(means, value)| (means.clone(), value.clone()))
                .collect(),
            name_behind: List::of(&words.slots.name_behind),
            customer_behind: List::of(&words.slots.customer_behind),
            term_behind: List::of(&words.slots.term_behind),
            units: List::of(&words.slots.units),
            passages: words.passage.iter().map(passage).collect(),
            customer_says: words.customer_says.clone(),
            labels: Labels::default(),
            governing_together: Together::default(),
            sign_bytes,
        };
        own.governing_together = Together::of(&own.governing());
        own
    }

    /// What governs a quotation, the strongest first.
    pub(super) fn governing(&self) -> [&List; 12] {
        [
            &self.prohibit,
            &self.customer,
            &self.say,
            &self.say_infinitive,
            &self.written,
            &self.name,
            &self.say_noun,
            &self.prohibit_next,
            &self.says,
            &self.agent_party,
            &self.customer_party,
            &self.prohibit_near,
        ]
    }

    /// Whether a text may begin with a sign of right or wrong wordings.
    pub(super) fn may_be_sign(&self, text: &str) -> bool {
        let first = text.as_bytes().first();
        first.is_some_and(|first| self.sign_bytes.contains(first))
    }

    /// The words of a heading without what numbers it.
    pub(super) fn heading(&self, heading: &str) -> Vec<Word> {
        let mut words = words(heading);
        let numbers = |from: usize| {
            words[from].norm.starts_with(|c: char| c.is_ascii_digit())
                || self.ordinal.at(&words, from).is_some()
        };
        let first = (0..words.len()).find(|from| !numbers(*from));
        words.drain(..first.unwrap_or(0));
        words
    }

    /// Which passage a heading of these words names.
    pub(super) fn passage_of(&self, words: &[Word]) -> Option<usize> {
        self.passages.iter().position(|passage| {
            passage.headings.at(words, 0).is_some() && passage.not_headings.at(words, 0).is_none()
        })
    }

    /// Which passage a line by itself titles: all of it.
    pub(super) fn titled(&self, line: &str) -> bool {
        if line.len() > TITLE_BYTES_MAX {
            return false;
        }
        // Most lines are told by their first word to be none.
        let may = |word: &Word| {
            let mut headings = self.passages.iter().map(|passage| &passage.headings);
            word.norm.0.first().is_some_and(u8::is_ascii_digit)
                || self.ordinal.begins(word)
                || self.heading_agent.begins(word)
                || headings.any(|headings| headings.begins(word))
        };
        if !first_word(line).as_ref().is_some_and(may) {
            return false;
        }
        let words = self.heading(line);
        let mut passages = self.passages.iter();
        passages.any(|passage| passage.headings.is_all(&words)) || self.heading_agent.is_all(&words)
    }

    /// What stands for a slot of this meaning.
    pub(super) fn value(&self, means: &str) -> &str {
        self.values.get(means).map_or("", String::as_str)
    }
}
