//! The notation -> a tree.

use std::borrow::Cow;
use std::ops::Range;

use super::error::{PhraseError, PhraseErrorKind, nearest};
use super::locale::SLOTS;
use crate::text::{is_word_char, norm};

/// A parsed phrase. What it means is stated in `docs/rules.md`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrase<'p> {
    /// `^`: only at the start of a run.
    pub at_start: bool,
    /// `$`: only at the end of a run.
    pub at_end: bool,
    /// Everything else.
    pub body: Node<'p>,
}

/// A part of a phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node<'p> {
    /// These parts one after another; none of them: nothing.
    Sequence(Vec<Node<'p>>),
    /// One of these; an empty sequence among them means that there may be nothing.
    OneOf(Vec<Node<'p>>),
    /// `…`: up to so many other words, and its bytes in the phrase.
    Gap(u8, Range<usize>),
    /// One thing that stands in a text, and its bytes in the phrase.
    Leaf(Leaf<'p>, Range<usize>),
}

/// The smallest part of a phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Leaf<'p> {
    /// `слово`, in any form; normalised, hyphens kept.
    Word(Cow<'p, str>),
    /// `!слово`: this form only.
    Exact(Cow<'p, str>),
    /// `сло*`: any word that begins so.
    Prefix(Cow<'p, str>),
    /// `[слот]`.
    Slot(Slot),
    /// `@set`: any phrase of that set.
    Set(&'p str),
}

/// What a `[…]` stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Slot {
    /// Any one word.
    Word,
    /// A first name, with or without patronymic and surname.
    Name(Owner),
    /// The same with a word in place of the first name that the dictionary lacks.
    NewName(Owner),
    /// A patronymic.
    Patronymic,
    /// A surname.
    Surname,
    /// Numbers in words or digits, as many as stand together.
    Number,
    /// A length of time.
    Term,
    /// A length of time that is a real estimate, not the idiom «минуту».
    ExactTerm,
    /// A sum of money with its units.
    Sum,
    /// Two numbers in words that make no number together.
    BarePrice,
    /// Such two that mean thousands and hundreds.
    BareThousands,
    /// A town or another place.
    Place,
    /// A verb in the first person, of the present or the future.
    FirstPerson,
    /// A verb in the third person, or in the past.
    ThirdPerson,
    /// An infinitive.
    Infinitive,
    /// An adjective in the genitive.
    Genitive,
    /// A date.
    Date,
    /// A time of the day.
    Time,
}

/// Whose name a name slot asks for. The matcher takes any name; a later stage checks the owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Owner {
    /// Any name.
    Anyone,
    /// The customer's.
    Customer,
    /// The agent's own.
    Agent,
}

/// The longest gap that can be written.
const GAP_MAX: usize = 30;
/// `…` without a number.
const GAP_DEFAULT: u8 = 3;

/// Reads one phrase.
///
/// # Errors
/// The first thing that is wrong with its notation. Whether words and sets exist is not known here.
pub fn parse(phrase: &str) -> Result<Phrase<'_>, PhraseError> {
    let mut parser = Parser {
        phrase,
        at: 0,
        nodes: Vec::new(),
        branches: Vec::new(),
    };
    parser.skip_blank();
    let at_start = parser.eat("^");
    let body = parser.alternatives(None)?;
    let end_mark = parser.at;
    let at_end = parser.eat("$");
    parser.skip_blank();
    match parser.peek() {
        None => {}
        Some(bracket @ (')' | ']')) => {
            return Err(parser.error_here(PhraseErrorKind::Unopened { bracket }));
        }
        Some(_) => {
            return Err(PhraseError::new(
                end_mark..end_mark + 1,
                PhraseErrorKind::Misplaced { mark: '$' },
            ));
        }
    }
    let body = if at_start { words_at_start(body) } else { body };
    Ok(Phrase {
        at_start,
        at_end,
        body,
    })
}

/// `^…2 word`: within the first words of a turn. A gap behind `^` becomes so many words that may be there.
fn words_at_start(body: Node<'_>) -> Node<'_> {
    match body {
        Node::Sequence(mut nodes) if matches!(nodes.first(), Some(Node::Gap(..))) => {
            if let Node::Gap(n, _) = nodes.remove(0) {
                let word = || Node::Leaf(Leaf::Slot(Slot::Word), 0..0);
                let optional = || Node::OneOf(vec![word(), Node::Sequence(Vec::new())]);
                nodes.splice(0..0, (0..n).map(|_| optional()));
            }
            Node::Sequence(nodes)
        }
        body => body,
    }
}

struct Parser<'p> {
    phrase: &'p str,
    at: usize,
    /// Of the branches that are open, the innermost last.
    nodes: Vec<Node<'p>>,
    /// Of the choices that are open, the innermost last.
    branches: Vec<Node<'p>>,
}

impl<'p> Parser<'p> {
    fn rest(&self) -> &'p str {
        &self.phrase[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn eat(&mut self, mark: &str) -> bool {
        let found = self.rest().starts_with(mark);
        if found {
            self.at += mark.len();
        }
        found
    }

    fn error_here(&self, kind: PhraseErrorKind) -> PhraseError {
        PhraseError::new(
            self.at..self.at + self.peek().map_or(0, char::len_utf8),
            kind,
        )
    }

    /// Skips white space and the punctuation that means nothing.
    fn skip_blank(&mut self) {
        loop {
            // Most of what there is tells by its first byte: a mark, or a letter from а to я.
            match &self.phrase.as_bytes()[self.at..] {
                [b' ', ..] => {
                    self.at += 1;
                    continue;
                }
                [b'(' | b')' | b'[' | b']' | b'|', ..]
                | [0xd0, 0xb0..=0xbf, ..]
                | [0xd1, 0x80..=0x8f, ..] => return,
                // «!слово» behind a blank or a mark.
                [b'!', 0xd0, 0xb0..=0xbf, ..] | [b'!', 0xd1, 0x80..=0x8f, ..]
                    if self.phrase[..self.at].ends_with([' ', '(', '|']) || self.at == 0 =>
                {
                    return;
                }
                _ => {}
            }
            let Some(c) = self.peek() else { return };
            let next = || self.rest()[c.len_utf8()..].chars().next();
            let means_something = match c {
                ' ' => false,
                '(' | ')' | '[' | ']' | '|' | '…' | '@' | '^' | '$' | '*' => true,
                '!' => next().is_some_and(is_word_char) && !self.follows_word(),
                '.' => self.rest().starts_with("..."),
                c => is_word_char(c),
            };
            if means_something {
                return;
            }
            self.at += c.len_utf8();
        }
    }

    fn follows_word(&self) -> bool {
        self.phrase[..self.at]
            .chars()
            .next_back()
            .is_some_and(is_word_char)
    }

    /// What stands between brackets, or all of the phrase.
    fn alternatives(&mut self, opened_at: Option<usize>) -> Result<Node<'p>, PhraseError> {
        let (start, first) = (self.nodes.len(), self.branches.len());
        loop {
            self.skip_blank();
            let Some(c) = self.peek() else { break };
            match c {
                '|' => {
                    self.at += 1;
                    self.end_branch(start);
                }
                ')' if opened_at.is_some() => break,
                '$' if opened_at.is_none() => break,
                ')' | ']' => return Err(self.error_here(PhraseErrorKind::Unopened { bracket: c })),
                '^' | '$' | '*' => {
                    return Err(self.error_here(PhraseErrorKind::Misplaced { mark: c }));
                }
                _ => {
                    let node = self.element(c)?;
                    self.nodes.push(node);
                }
            }
        }
        if let Some(at) = opened_at
            && !self.eat(")")
        {
            return Err(PhraseError::new(
                at..at + 1,
                PhraseErrorKind::Unclosed { bracket: '(' },
            ));
        }
        self.end_branch(start);
        let is_lone = self.branches.len() == first + 1;
        if is_lone && opened_at.is_some() {
            // In brackets alone: it may be there or not.
            self.end_branch(start);
        } else if is_lone && let Some(only) = self.branches.pop() {
            return Ok(only);
        }
        Ok(Node::OneOf(self.branches.drain(first..).collect()))
    }

    /// The nodes from `start` on become a branch; none of them: nothing.
    fn end_branch(&mut self, start: usize) {
        let branch = match self.nodes.last() {
            // Most branches are a word; a gap alone is one at the edge.
            Some(Node::Leaf(..)) if self.nodes.len() == start + 1 => self.nodes.pop(),
            _ => None,
        };
        let branch = branch.unwrap_or_else(|| Node::Sequence(self.nodes.drain(start..).collect()));
        self.branches.push(branch);
    }

    fn element(&mut self, c: char) -> Result<Node<'p>, PhraseError> {
        let start = self.at;
        match c {
            '(' => {
                self.at += 1;
                return self.alternatives(Some(start));
            }
            '…' | '.' => {
                self.at += if c == '…' { c.len_utf8() } else { 3 };
                let digits = self.take_while(|c| c.is_ascii_digit());
                return match digits.parse::<usize>() {
                    Ok(n) if n > GAP_MAX => {
                        Err(PhraseError::new(start..self.at, PhraseErrorKind::TooLarge))
                    }
                    Ok(n) => Ok(Node::Gap(n as u8, start..self.at)),
                    Err(_) if digits.is_empty() => Ok(Node::Gap(GAP_DEFAULT, start..self.at)),
                    Err(_) => Err(PhraseError::new(start..self.at, PhraseErrorKind::TooLarge)),
                };
            }
            '[' => return self.slot(),
            '@' => {
                self.at += 1;
                let id = set_id(self.rest());
                self.at += id.len();
                if id.is_empty() {
                    self.at = start;
                    return Err(self.error_here(PhraseErrorKind::Misplaced { mark: '@' }));
                }
                return Ok(Node::Leaf(Leaf::Set(id), start..self.at));
            }
            _ => {}
        }
        let is_exact = self.eat("!");
        let word = self.word();
        let leaf = if self.peek() == Some('*') && !is_exact {
            self.at += 1;
            Leaf::Prefix(word)
        } else if is_exact {
            Leaf::Exact(word)
        } else {
            Leaf::Word(word)
        };
        Ok(Node::Leaf(leaf, start..self.at))
    }

    /// A number, or letters with hyphens between them; normalised.
    fn word(&mut self) -> Cow<'p, str> {
        let rest = self.rest();
        let len = plain_len(rest.as_bytes());
        if len > 0 && matches!(rest.as_bytes().get(len), None | Some(b' ' | b')' | b'|')) {
            self.at += len;
            return Cow::Borrowed(&rest[..len]);
        }
        let digits = self.take_while(|c| c.is_ascii_digit());
        if !digits.is_empty() {
            return Cow::Borrowed(digits);
        }
        let is_letter = |c: char| {
            is_word_char(c) && !c.is_ascii_digit() || matches!(c, '\u{300}'..='\u{36F}' | '\u{AD}')
        };
        let mut word = Cow::Borrowed("");
        loop {
            let part = self.take_while(is_letter);
            // Each part on its own: Latin letters of one say nothing of another.
            word += normed(part);
            let mut next = self.rest().chars();
            let is_apostrophe = matches!(self.peek(), Some('\'' | '’'));
            if (self.peek() == Some('-') || is_apostrophe) && next.nth(1).is_some_and(is_letter) {
                self.at += self.peek().map_or(0, char::len_utf8);
                word += if is_apostrophe { "'" } else { "-" };
            } else {
                return word;
            }
        }
    }

    fn slot(&mut self) -> Result<Node<'p>, PhraseError> {
        let start = self.at;
        let Some(len) = self.rest().find(']') else {
            return Err(PhraseError::new(
                start..start + 1,
                PhraseErrorKind::Unclosed { bracket: '[' },
            ));
        };
        self.at += len + 1;
        let name = norm(self.phrase[start + 1..self.at - 1].trim());
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        match SLOTS.iter().find(|(slot, ..)| *slot == name) {
            Some(&(_, slot, _)) => Ok(Node::Leaf(Leaf::Slot(slot), start..self.at)),
            None => Err(PhraseError::new(
                start..self.at,
                PhraseErrorKind::UnknownSlot {
                    near: nearest(&name, SLOTS.iter().map(|(slot, ..)| *slot)),
                    slot: name,
                },
            )),
        }
    }

    fn take_while(&mut self, takes: impl Fn(char) -> bool) -> &'p str {
        let rest = self.rest();
        let len = rest.find(|c| !takes(c)).unwrap_or(rest.len());
        self.at += len;
        &rest[..len]
    }
}

/// The id of the set that stands behind an `@`.
fn set_id(rest: &str) -> &str {
    let is_part = |c: char| is_word_char(c) || matches!(c, '_' | '-' | '.');
    let len = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
    rest[..len].trim_end_matches(['.', '-'])
}

/// How many bytes of letters from а to я a text begins with.
fn plain_len(text: &[u8]) -> usize {
    let is_plain = |pair: &&[u8]| matches!(pair, [0xd0, 0xb0..=0xbf] | [0xd1, 0x80..=0x8f]);
    2 * text.chunks_exact(2).take_while(is_plain).count()
}

/// A part of a word, normalised; most are written so.
fn normed(part: &str) -> Cow<'_, str> {
    if part.chars().all(|c| matches!(c, 'а'..='я')) {
        Cow::Borrowed(part)
    } else {
        Cow::Owned(norm(part))
    }
}

/// One plain wording of the phrase: the first of every choice, everything that may be there, nothing in gaps.
/// `set` gives the wording of a set by its id; `None` leaves it out.
pub fn example_text(phrase: &Phrase<'_>, set: &dyn Fn(&str) -> Option<String>) -> String {
    let mut words = Vec::new();
    example_of(&phrase.body, set, &mut words);
    words.join(" ")
}

fn example_of(node: &Node<'_>, set: &dyn Fn(&str) -> Option<String>, words: &mut Vec<String>) {
    match node {
        Node::Sequence(nodes) => nodes.iter().for_each(|node| example_of(node, set, words)),
        Node::OneOf(nodes) => nodes
            .iter()
            .take(1)
            .for_each(|node| example_of(node, set, words)),
        Node::Gap(..) => {}
        Node::Leaf(Leaf::Word(word) | Leaf::Exact(word) | Leaf::Prefix(word), _) => {
            words.push(word.clone().into_owned())
        }
        Node::Leaf(Leaf::Slot(slot), _) => {
            words.extend(
                SLOTS
                    .iter()
                    .find(|(_, known, _)| known == slot)
                    .map(|(.., example)| (*example).to_owned()),
            );
        }
        Node::Leaf(Leaf::Set(id), _) => words.extend(set(id)),
    }
}
