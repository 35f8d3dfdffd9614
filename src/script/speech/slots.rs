//! Places to be filled in, and the choices inside a line: `[имя]`, `{{name}}`, `__`, `[If yes: …]`, «Хорошо/Вы согласны?».

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::super::text::Text;
use super::super::words::{Words, first_word, first_words, words};
use super::lines::inline_condition;

/// A piece of what somebody says.
#[derive(Debug, Clone)]
pub(in super::super) enum Piece {
    /// Words.
    Words(Text),
    /// A slot: what it means, its own words, where it stands.
    Slot {
        /// As `script.toml` names meanings; `any` for none.
        means: String,
        /// The customer's.
        customer: bool,
        words: String,
        span: Range<usize>,
    },
    /// One of several; each with its condition, empty where there is none.
    Choice(Vec<(String, Vec<Piece>)>),
}

/// A slot is at most this long, in bytes.
const SLOT_BYTES_MAX: usize = 160;
/// The same of `%name%` and of «(а)».
const NAME_BYTES_MAX: usize = 60;
/// What a slot means is told by so many bytes before it and so many words behind it.
const BEFORE_BYTES: usize = 240;
const BEHIND_WORDS: usize = 8;
/// Conditions in brackets lie at most so deep in one another; deeper ones are slots.
const DEPTH_MAX: usize = 16;

/// What was found besides.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Bytes in the file of every slot.
    pub(super) slots: Vec<Range<usize>>,
    /// Bytes in the file of every condition.
    pub(super) conditions: Vec<Range<usize>>,
    /// Where a bracket that is never closed stands in the file.
    pub(super) unclosed: Vec<usize>,
}

/// Cuts speech into words, slots and choices.
pub(super) fn pieces(text: Text, lists: &Words, found: &mut Found) -> Vec<Piece> {
    pieces_in(text, lists, found, 0)
}

fn pieces_in(text: Text, lists: &Words, found: &mut Found, depth: usize) -> Vec<Piece> {
    let mut out = Vec::new();
    let whole = text.as_str();
    // Where the brackets close, once there is one: looked for together, for a line may have very many.
    let mut closing: Option<FxHashMap<usize, usize>> = None;
    let mut done = 0;
    let mut at = 0;
    while at < whole.len() {
        let Some(sign) = next_sign(whole, at) else {
            break;
        };
        at = sign;
        if whole[at..].starts_with('(') {
            let length = other_ending(whole, at);
            if length > 0 {
                push_words(&mut out, text.slice(done..at));
                done = at + length;
            }
            at += length.max(1);
            continue;
        }
        let close = whole[at..].starts_with('[').then(|| {
            let closing = closing.get_or_insert_with(|| brackets(whole));
            closing.get(&at).copied()
        });
        match slot_at(whole, at, close.flatten()) {
            Slot::None(skip) => at += skip,
            Slot::Unclosed => {
                found.unclosed.push(text.source(at..at + 1).start);
                at += 1;
            }
            Slot::Is { outer, inner } => {
                let words_before = text.slice(done..outer.start);
                let inner_text = &whole[inner.clone()];
                if depth < DEPTH_MAX
                    && whole[outer.clone()].starts_with('[')
                    && let Some(colon) = inline_condition(inner_text, lists)
                {
                    push_words(&mut out, words_before);
                    let condition = inner_text[..colon].trim_end_matches(':').trim().to_owned();
                    found
                        .conditions
                        .push(text.source(inner.start..inner.start + colon));
                    let inside = pieces_in(
                        text.slice_trimmed(inner.start + colon..inner.end),
                        lists,
                        found,
                        depth + 1,
                    );
                    push_choice(&mut out, condition, inside);
                } else {
                    let own = &whole[done..outer.start];
                    // Behind a bracket with another ending stands the word before it.
                    let ended = own.trim().is_empty() && whole[..done].ends_with(')');
                    let bracket = whole[..done].rfind('(').filter(|_| ended);
                    let before = bracket.map_or(own, |bracket| &whole[..bracket]);
                    push_words(&mut out, words_before);
                    let span = text.source(outer.clone());
                    found.slots.push(span.clone());
                    out.push(slot(inner_text, before, &whole[outer.end..], span, lists));
                }
                at = outer.end;
                done = outer.end;
            }
        }
    }
    if done == 0 {
        push_words(&mut out, text);
    } else {
        push_words(&mut out, text.slice(done..whole.len()));
    }
    alternatives(out)
}

/// Which bytes tell of a sign that may begin a slot: itself, the first of «…», the last of the Cyrillic letter that looks like X.
const SIGNS: [bool; 256] = {
    let mut signs = [false; 256];
    let mut at = 0;
    let all = b"[{<%$_X.(\xe2\xa5";
    while at < all.len() {
        signs[all[at] as usize] = true;
        at += 1;
    }
    signs
};

/// The next sign that may begin a slot, from a byte on.
fn next_sign(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = from;
    loop {
        at += bytes[at..].iter().position(|byte| SIGNS[*byte as usize])?;
        match bytes[at] {
            0xe2 if bytes[at..].starts_with("…".as_bytes()) => return Some(at),
            0xa5 if at > from && bytes[at - 1] == 0xd0 => return Some(at - 1),
            0xe2 | 0xa5 => at += 1,
            _ => return Some(at),
        }
    }
}

/// Bytes of a bracket that only holds another ending of the word before it: «рад(а)», «уважаемый (-ая)»; 0 where it does not.
fn other_ending(text: &str, at: usize) -> usize {
    let before = text[..at].chars().next_back();
    let Some(close) = within(&text[at..], NAME_BYTES_MAX).find(')') else {
        return 0;
    };
    let inside = &text[at + 1..at + close];
    let ending = inside.strip_prefix(['-', '–', '—']);
    let letters = ending.unwrap_or(inside);
    let short = (1..=4).contains(&letters.chars().count())
        && letters
            .chars()
            .all(|c| c.is_alphabetic() && c.is_lowercase());
    let stands = before.is_some_and(|c| c.is_alphabetic() || c == ' ' && ending.is_some());
    if short && stands { close + 1 } else { 0 }
}

fn push_words(out: &mut Vec<Piece>, words: Text) {
    if !words.as_str().is_empty() {
        out.push(Piece::Words(words));
    }
}

/// Bracketed branches that stand one behind the other are alternatives.
fn push_choice(out: &mut Vec<Piece>, condition: String, inside: Vec<Piece>) {
    let mut blank = false;
    if let Some(Piece::Words(between)) = out.last()
        && between.as_str().trim().is_empty()
        && out.len() >= 2
    {
        blank = true;
    }
    let index = if blank {
        out.len() - 2
    } else {
        out.len().wrapping_sub(1)
    };
    if let Some(Piece::Choice(alternatives)) = out.get_mut(index) {
        alternatives.push((condition, inside));
        return;
    }
    out.push(Piece::Choice(vec![(condition, inside)]));
}

enum Slot {
    /// Go on so many bytes further.
    None(usize),
    Unclosed,
    Is {
        outer: Range<usize>,
        inner: Range<usize>,
    },
}

/// What stands at a byte; `close`: behind the bracket that closes the one there.
fn slot_at(text: &str, at: usize, close: Option<usize>) -> Slot {
    let rest = &text[at..];
    // No slot but one in brackets is longer.
    let near = within(rest, SLOT_BYTES_MAX + 2);
    let first = rest.chars().next().unwrap_or(' ');
    let none = Slot::None(first.len_utf8());
    let before = text[..at].chars().next_back();
    let is = |outer: usize, left: usize, right: usize| Slot::Is {
        outer: at..at + outer,
        inner: at + left..at + outer - right,
    };
    match first {
        '[' => match close {
            Some(close) => is(close - at, 1, 1),
            None if rest.len() > 1 => Slot::Unclosed,
            None => none,
        },
        '{' if rest.starts_with("{{") => match near.find("}}") {
            Some(end) if end < SLOT_BYTES_MAX => is(end + 2, 2, 2),
            _ => Slot::Unclosed,
        },
        '{' => match near.find('}') {
            Some(end) if end < SLOT_BYTES_MAX && !rest[..end].contains('\n') => is(end + 1, 1, 1),
            _ => Slot::Unclosed,
        },
        '$' if rest.starts_with("${") => match near.find('}') {
            Some(end) if end < SLOT_BYTES_MAX => is(end + 1, 2, 1),
            _ => none,
        },
        '<' => match near.find('>') {
            Some(end)
                if end < SLOT_BYTES_MAX
                    && rest[1..].starts_with(char::is_alphabetic)
                    && !rest[1..end].contains(['<', '\n']) =>
            {
                is(end + 1, 1, 1)
            }
            _ => none,
        },
        '%' => match near[1..].find('%') {
            Some(end) if end > 0 && end < NAME_BYTES_MAX && is_name(&rest[1..=end]) => {
                is(end + 2, 1, 1)
            }
            _ => none,
        },
        '_' => {
            let length = rest.bytes().take_while(|byte| *byte == b'_').count();
            if length >= 2 {
                is(length, length, 0)
            } else {
                Slot::None(length)
            }
        }
        '…' | '.' => {
            let length = if first == '…' {
                first.len_utf8()
            } else {
                rest.bytes().take_while(|byte| *byte == b'.').count()
            };
            let dots = first == '…' || length >= 3;
            // Behind a word it only trails off.
            let free = before.is_none_or(|c| c.is_whitespace() || c == '№');
            let goes_on = rest[length..]
                .trim_start()
                .starts_with(char::is_alphanumeric)
                || before == Some('№')
                || text[..at].trim_end().ends_with('№');
            if dots && free && goes_on {
                is(length, length, 0)
            } else {
                Slot::None(length)
            }
        }
        'X' | 'Х' => {
            let length: usize = rest
                .chars()
                .take_while(|c| matches!(c, 'X' | 'Х'))
                .map(char::len_utf8)
                .sum();
            let count = rest[..length].chars().count();
            let free = before.is_none_or(|c| !c.is_alphanumeric());
            let ends = !rest[length..].starts_with(char::is_alphanumeric);
            if free && ends && count >= 2 {
                is(length, length, 0)
            } else {
                Slot::None(length)
            }
        }
        _ => none,
    }
}

fn is_name(text: &str) -> bool {
    text.chars()
        .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | ' ' | '.'))
        && text.starts_with(char::is_alphabetic)
}

/// Of every bracket that is closed: its byte, and the one behind its closing.
fn brackets(text: &str) -> FxHashMap<usize, usize> {
    let mut closing = FxHashMap::default();
    let mut open = Vec::new();
    for at in memchr::memchr2_iter(b'[', b']', text.as_bytes()) {
        if text.as_bytes()[at] == b'[' {
            open.push(at);
        } else if let Some(open) = open.pop() {
            closing.insert(open, at + 1);
        }
    }
    closing
}

/// The first so many bytes of a text, or a little less where a character lies over the border.
fn within(text: &str, bytes: usize) -> &str {
    &text[..border(text, bytes)]
}

/// The last border between characters up to a byte, or the end of the text.
fn border(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn slot(inner: &str, before: &str, after: &str, span: Range<usize>, lists: &Words) -> Piece {
    let own = words(&split_identifier(inner));
    let near = border(before, before.len().saturating_sub(BEFORE_BYTES));
    let spoken = words(&before[near..]);
    let behind = first_words(after, BEHIND_WORDS);
    let unit = lists.units.at(&behind, 0).is_some()
        && !after.trim_start().starts_with(['.', ',', '!', '?']);
    let customer = lists.of_customer.anywhere(&own);
    let meaning = lists.meanings.iter().find(|(_, list)| list.anywhere(&own));
    let mut means = meaning.map_or("any", |(means, _)| means.as_str());
    let last = spoken.len().checked_sub(1);
    let behind_name = last.is_some_and(|last| lists.name_behind.at(&spoken, last).is_some());
    let behind_term = (0..2).any(|back| {
        last.and_then(|last| last.checked_sub(back))
            .is_some_and(|at| lists.term_behind.at(&spoken, at).is_some())
    });
    if unit {
        means = "number";
    } else if means == "any" && own.is_empty() && behind_name {
        means = "name";
    } else if means == "time" && behind_term {
        means = "term";
    }
    let addressed = last.is_some_and(|last| lists.customer_behind.at(&spoken, last).is_some());
    // A customer's number or sum is no name.
    let customer = (customer || addressed) && matches!(means, "name" | "full_name");
    Piece::Slot {
        means: means.to_owned(),
        customer,
        words: if own.is_empty() {
            String::new()
        } else {
            inner.trim().to_owned()
        },
        span,
    }
}

/// `clientName`, `client_name`, `client-name` as words.
fn split_identifier(inner: &str) -> String {
    let mut out = String::new();
    let mut small = false;
    for c in inner.chars() {
        if c.is_uppercase() && small {
            out.push(' ');
        }
        small = c.is_lowercase();
        out.push(if matches!(c, '_' | '-' | '.') { ' ' } else { c });
    }
    out
}

/// «Хорошо/Вы согласны?»: whole phrases on both sides of a stroke are alternatives; words of one phrase stay together.
fn alternatives(pieces: Vec<Piece>) -> Vec<Piece> {
    let has_stroke = |piece: &Piece| matches!(piece, Piece::Words(text) if memchr::memchr(b'/', text.as_str().as_bytes()).is_some());
    if !pieces.iter().any(has_stroke) {
        return pieces;
    }
    let mut out = Vec::new();
    for piece in pieces {
        let Piece::Words(text) = piece else {
            out.push(piece);
            continue;
        };
        if !text.as_str().contains('/') {
            out.push(Piece::Words(text));
            continue;
        }
        let mut done = 0;
        while let Some((range, cuts)) = stroke(text.as_str(), done) {
            push_words(&mut out, text.slice(done..range.start));
            let mut choice = Vec::new();
            let mut from = range.start;
            for cut in cuts.iter().copied().chain([range.end]) {
                choice.push((String::new(), vec![Piece::Words(text.slice(from..cut))]));
                from = (cut + 1).min(range.end);
            }
            out.push(Piece::Choice(choice));
            done = range.end;
        }
        push_words(&mut out, text.slice(done..text.as_str().len()));
    }
    out
}

/// The next sentence with strokes between phrases: its bytes, and those of the strokes.
fn stroke(text: &str, from: usize) -> Option<(Range<usize>, Vec<usize>)> {
    let mut at = from;
    while let Some(found) = text[at..].find('/').map(|found| at + found) {
        let sentence_end = |c: char| matches!(c, '.' | '!' | '?' | '\n' | ';');
        let closes = |c: char| sentence_end(c) || c.is_whitespace();
        let mut cuts = Vec::new();
        let mut next = Some(found);
        let mut end = found;
        let mut fails = None;
        while let Some(cut) = next.take() {
            if !parts_phrases(text, cut) {
                fails = Some(cut);
                break;
            }
            cuts.push(cut);
            end = cut + 1;
            let stop = text[end..]
                .find(|c| sentence_end(c) || c == '/')
                .map_or(text.len(), |stop| end + stop);
            match text[stop..].chars().next() {
                Some('/') => next = Some(stop),
                Some(sign) => {
                    let behind = stop + sign.len_utf8();
                    // «Хорошо? / Согласны?»
                    let rest = &text[behind..];
                    let blank = rest.len() - rest.trim_start().len();
                    next = rest[blank..].starts_with('/').then_some(behind + blank);
                    end = behind;
                }
                None => end = stop,
            }
        }
        // It fails for the strokes before it as well.
        if let Some(cut) = fails {
            at = cut + 1;
            continue;
        }
        let start = text[from..found]
            .trim_end_matches(closes)
            .rfind(sentence_end)
            .map_or(from, |end| from + end + 1);
        let sentence = start + (text[start..found].len() - text[start..found].trim_start().len());
        // «Спасибо за звонок, до свидания/Всего доброго»: what stands before the comma is said either way.
        let clause = text[sentence..found]
            .rfind(", ")
            .map(|comma| sentence + comma + 2);
        let whole = text[found..end].contains(',');
        let start = clause.filter(|_| !whole).unwrap_or(sentence);
        return Some((start..end, cuts));
    }
    None
}

fn parts_phrases(text: &str, cut: usize) -> bool {
    let (left, right) = (&text[..cut], &text[cut + 1..]);
    let spaced = left.ends_with(' ') && right.starts_with(' ');
    let near = border(left, left.len().saturating_sub(BEFORE_BYTES));
    let beside = (
        words(&left[near..]).pop(),
        first_word(within(right, BEFORE_BYTES)),
    );
    let (Some(last), Some(next)) = beside else {
        return false;
    };
    let same: usize = last
        .norm
        .chars()
        .zip(next.norm.chars())
        .take_while(|(a, b)| a == b)
        .count();
    let capital = right
        .trim_start()
        .chars()
        .next()
        .is_some_and(char::is_uppercase);
    let cyrillic = next.norm.chars().all(|c| !c.is_ascii());
    // «SMS/MMS», «рад/рада»
    same < 3 && cyrillic && (capital || spaced)
}
