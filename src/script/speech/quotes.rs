//! Quotations inside instructions: which the agent is told to say, which only mention a word.

use std::ops::Range;

use super::super::words::{Word, Words, words};

/// What a quotation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quoted {
    /// To be said.
    Speech,
    /// Not to be said, or written somewhere.
    Mention,
    /// The customer's.
    Customer,
    /// The name of something.
    Name,
}

/// A quotation: with its marks and without.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Quote {
    pub(super) outer: Range<usize>,
    pub(super) inner: Range<usize>,
}

/// The outermost quotations of a text.
pub(super) fn quotes(text: &str) -> Vec<Quote> {
    let mut quotes = Vec::new();
    // Signs that nothing closes any more.
    let mut unclosed: Vec<char> = Vec::new();
    // Quotation marks begin with one of these bytes, and no letter does.
    let Some(mut at) = memchr::memchr3(b'"', 0xc2, 0xe2, text.as_bytes()) else {
        return quotes;
    };
    while let Some(open) = text[at..]
        .find(['«', '"', '„', '“'])
        .map(|found| at + found)
    {
        let sign = text[open..].chars().next().unwrap_or('"');
        let inner = open + sign.len_utf8();
        let may_close = !unclosed.contains(&sign);
        let close = may_close.then(|| closing(&text[inner..], sign)).flatten();
        let Some(close) = close.map(|found| inner + found) else {
            // Another one behind it is not closed either; a straight one may be.
            unclosed.extend((may_close && sign != '"').then_some(sign));
            at = inner;
            continue;
        };
        let end = close + text[close..].chars().next().map_or(1, char::len_utf8);
        quotes.push(Quote {
            outer: open..end,
            inner: inner..close,
        });
        at = end;
    }
    quotes
}

fn closing(text: &str, sign: char) -> Option<usize> {
    match sign {
        '"' => text.find('"').filter(|at| *at > 0),
        '„' => text.find(['“', '”']),
        '“' => text.find('”'),
        _ => {
            let mut depth = 0;
            for (at, c) in text.char_indices() {
                match c {
                    '«' => depth += 1,
                    '»' if depth == 0 => return Some(at),
                    '»' => depth -= 1,
                    _ => {}
                }
            }
            // An inner pair that was closed once for both.
            text.rfind('»')
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Governor {
    Say,
    Prohibit,
    Customer,
}

#[derive(Debug, Clone, Copy, Default)]
struct State {
    governor: Option<Governor>,
    /// Forbids the next quotation only.
    once: bool,
    /// The party named last: `true` is the agent.
    party: Option<bool>,
}

/// A sign that leads from what the customer says to the answer.
const ARROWS: &[&str] = &["→", "->", "=>", "➔", "➜", "⇒", "—>", "–>", "▶"];

/// The arrows of a text and where they stand, each kind in order.
pub(super) fn arrows(text: &str) -> impl Iterator<Item = (usize, &'static str)> {
    // They end with this sign or begin with these two bytes, which only signs do.
    let bytes = text.as_bytes();
    let mut signs = memchr::memchr2_iter(b'>', 0xe2, bytes);
    let may = signs.any(|at| {
        let next = bytes.get(at + 1);
        bytes[at] == b'>' || next.is_some_and(|next| matches!(next, 0x86 | 0x87 | 0x96 | 0x9e))
    });
    let known: &[&str] = if may { ARROWS } else { &[] };
    known
        .iter()
        .flat_map(move |arrow| text.match_indices(arrow).map(|(at, _)| (at, *arrow)))
}

/// What each quotation is; `of_agent`: the text is about what the agent does.
pub(super) fn classify(
    text: &str,
    quotes: &[Quote],
    words_of: &Words,
    of_agent: bool,
) -> Vec<Quoted> {
    let mut classes: Vec<Quoted> = Vec::with_capacity(quotes.len());
    let begin = State {
        party: of_agent.then_some(true),
        ..State::default()
    };
    let mut state = begin;
    let mut from = 0;
    for (index, quote) in quotes.iter().enumerate() {
        let gap = &text[from..quote.outer.start];
        let arrow = arrows(gap).next().is_some();
        if arrow {
            // «objection» → «answer»
            let beside = ARROWS
                .iter()
                .any(|arrow| gap.trim_start().starts_with(arrow));
            if let Some(last) = classes
                .last_mut()
                .filter(|last| beside && **last == Quoted::Speech)
            {
                *last = Quoted::Customer;
            }
            state = State::default();
        }
        let near = govern(gap, &mut state, words_of, index > 0);
        let inner = &text[quote.inner.clone()];
        let whole = is_sentence(inner);
        let led = gap.trim_end().ends_with([':', '—', '–', '→', '>', '-']) || arrow;
        let alone = quotes.len() == 1
            && is_bare(&text[..quote.outer.start])
            && is_bare(&text[quote.outer.end..]);
        let ends = inner.trim_end().ends_with(['.', '!', '?', '…']);
        let begins = gap.trim().is_empty() || gap.trim_end().ends_with(['.', '!', '?', ';', '\n']);
        let class = if state.once
            || state.governor == Some(Governor::Prohibit)
            || near.written
            || forbidden_behind(text, quotes, index, words_of)
        {
            Quoted::Mention
        } else if near.name && !(led && whole) || near.preposition && !whole {
            Quoted::Name
        } else {
            match state.governor {
                Some(Governor::Customer) => Quoted::Customer,
                Some(Governor::Say) => Quoted::Speech,
                _ if whole && (alone || led || ends || begins) => Quoted::Speech,
                _ => Quoted::Name,
            }
        };
        classes.push(class);
        from = quote.outer.end;
    }
    classes
}

/// What stands right before a quotation.
#[derive(Debug, Clone, Copy, Default)]
struct Near {
    name: bool,
    written: bool,
    preposition: bool,
}

/// So many words may stand between the name of a kind of thing and its own name.
const NAME_WORDS_BETWEEN: usize = 1;
/// So many words may stand between «instead of» and its quotation.
const ONCE_WORDS_BETWEEN: usize = 2;

/// Reads the words before a quotation into the state; `behind`: another quotation stands before them.
fn govern(gap: &str, state: &mut State, lists: &Words, behind: bool) -> Near {
    let words = words(gap);
    let governing = lists.governing();
    let mut once_end = (state.once && behind).then_some(0);
    state.once = false;
    let (mut name_end, mut written_end) = (None, None);
    let mut noun = false;
    // Words of a match say nothing else by themselves, unless together with further ones.
    let mut busy = 0;
    // Where the sentence ends: what governs a quotation lies in one sentence.
    let mut until = 0;
    for at in 0..words.len() {
        let before = between(gap, &words, at);
        if at == until {
            let begins = |next: &usize| ends_sentence(between(gap, &words, *next));
            until = (at + 1..words.len()).find(begins).unwrap_or(words.len());
        }
        if ends_sentence(before) {
            *state = State::default();
            (once_end, name_end, written_end, noun) = (None, None, None, false);
        } else if before != " " && before.contains([',', ';', ':', '(', ')']) {
            let on = lists.goes_on.at(&words, at).is_some();
            if state.governor == Some(Governor::Prohibit) && !on && !before.contains(':') {
                state.governor = None;
            }
            if !before.contains(':') || state.governor != Some(Governor::Say) {
                name_end = None;
            }
            written_end = None;
            if at > 0 || !behind {
                once_end = None;
            }
        }
        // Most words are told by their beginning to be of no list.
        let may = lists.governing_together.beginning(&words[at]);
        let matched = may.filter_map(|which| {
            let end = governing[which].at(&words[..until], at)?;
            Some((end, std::cmp::Reverse(which)))
        });
        let best = matched.max();
        let Some((end, std::cmp::Reverse(which))) = best.filter(|(end, _)| *end > busy) else {
            continue;
        };
        busy = end;
        match which {
            0 => state.governor = Some(Governor::Prohibit),
            1 => state.governor = Some(Governor::Customer),
            2 => {
                state.governor = Some(Governor::Say);
                once_end = None;
            }
            3 if state.governor != Some(Governor::Prohibit) => state.governor = Some(Governor::Say),
            4 => written_end = Some(end),
            5 => name_end = Some(end),
            6 => {
                noun = true;
                name_end = None;
            }
            // «не» governs what stands right behind it, «вместо» what follows in a word or two.
            7 => once_end = (end == words.len()).then_some(end),
            11 => once_end = Some(end),
            8 => match state.party {
                Some(true) => state.governor = Some(Governor::Say),
                Some(false) => state.governor = Some(Governor::Customer),
                None => {}
            },
            9 => state.party = Some(true),
            10 => state.party = Some(false),
            _ => {}
        }
    }
    let n = words.len();
    let tail = &gap[words.last().map_or(0, |last| last.end)..];
    if ends_sentence(tail) {
        *state = State::default();
        return Near::default();
    }
    if noun && state.governor.is_none() {
        state.governor = Some(Governor::Say);
    }
    state.once =
        once_end.is_some_and(|end| n - end <= ONCE_WORDS_BETWEEN && !(tail.contains(',') && n > 0));
    // Mere «and» between two quotations goes on with what forbade the first; other words do not.
    if behind && once_end == Some(0) && n > 0 {
        state.once = lists.goes_on.at(&words, 0).is_some_and(|end| end == n);
    }
    let near = |end: Option<usize>| end.is_some_and(|end| n - end <= NAME_WORDS_BETWEEN);
    Near {
        name: near(name_end),
        written: near(written_end) || written_end.is_some() && tail.contains(':'),
        preposition: n > 0 && lists.quote_name_behind.at(&words, n - 1).is_some(),
    }
}

fn between<'t>(gap: &'t str, words: &[Word], at: usize) -> &'t str {
    let from = at.checked_sub(1).map_or(0, |before| words[before].end);
    &gap[from..words[at].start]
}

fn ends_sentence(signs: &str) -> bool {
    // Nearly all words are parted by nothing else.
    signs != " " && ends_with_signs(signs)
}

fn ends_with_signs(signs: &str) -> bool {
    signs.contains(['!', '?', '\n', ';']) || signs.contains(". ") || signs.trim_end() == "."
}

/// Behind the quotation, in its own clause, it is said that it must not be said.
fn forbidden_behind(text: &str, quotes: &[Quote], index: usize, lists: &Words) -> bool {
    let mut index = index;
    loop {
        let from = quotes[index].outer.end;
        let next = quotes.get(index + 1).map(|next| next.outer.start);
        let gap = &text[from..next.unwrap_or(text.len())];
        let end = gap
            .find([',', '.', ';', '!', '?', '\n', ':'])
            .unwrap_or(gap.len());
        let clause = words(&gap[..end]);
        let links = next.is_some() && {
            let all = words(gap);
            let signs = !gap.contains(['.', ';', '!', '?', '\n', ':', '—', '→']);
            signs
                && (all.is_empty()
                    || lists
                        .goes_on
                        .at(&all, 0)
                        .is_some_and(|end| end == all.len()))
        };
        if links {
            index += 1;
            continue;
        }
        if clause.is_empty() {
            return false;
        }
        let governs_next = end == gap.len() && next.is_some() && lists.prohibit.anywhere(&clause);
        return !governs_next && lists.prohibit_behind.anywhere(&clause);
    }
}

/// A whole phrase rather than a word or a name.
fn is_sentence(inner: &str) -> bool {
    let inner = inner.trim();
    let n = inner.split_whitespace().count();
    let capital = inner
        .chars()
        .find(|c| c.is_alphabetic())
        .is_some_and(char::is_uppercase);
    let ends = inner.ends_with(['.', '!', '?', '…']);
    n >= 4 || n >= 3 && capital || n >= 1 && capital && ends
}

fn is_bare(text: &str) -> bool {
    !text.chars().any(char::is_alphabetic)
}
