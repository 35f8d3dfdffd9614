//! What the beginning of a line makes of it: a label, a condition, the title of a list.

use std::borrow::Cow;

pub(super) use super::super::words::Party;
use super::super::words::{Word, Words, first_word, first_words, words};
use super::quotes;

/// A label is at most this long, in bytes.
const LABEL_BYTES_MAX: usize = 90;
/// It has at most so many words, and perhaps a number behind them.
const LABEL_WORDS_MAX: usize = 5;
/// What may stand before it.
const BEFORE_LABEL: [char; 11] = [
    ' ', '\t', '*', '_', '—', '–', '-', '>', '•', '☎', '\u{fe0f}',
];
/// A condition has at most so many words.
const CONDITION_WORDS_MAX: usize = 16;
/// A condition is told by so many of its words.
const OPENING_WORDS_MAX: usize = 8;
/// The title of a list has at most so many words.
const TITLE_WORDS_MAX: usize = 9;
/// And is at most this long.
const TITLE_BYTES_MAX: usize = 200;

/// A label at the beginning of a line, and where its words begin.
pub(super) fn label(line: &str, lists: &Words) -> Option<(Party, usize)> {
    // Letters of the two alphabets that templates are written in.
    let first = line.as_bytes().first();
    let begins_plainly =
        first.is_some_and(|first| first.is_ascii_alphanumeric() || matches!(first, 0xd0 | 0xd1));
    let mut skip = match begins_plainly {
        true => 0,
        false => line.len() - line.trim_start_matches(BEFORE_LABEL).len(),
    };
    // «[00:12] Оператор:»
    if let Some(rest) = line[skip..].strip_prefix('[')
        && let Some((inside, _)) = rest.split_once(']')
        && !inside.is_empty()
        && inside
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, ':' | '.' | ' ' | '-' | '–'))
    {
        skip += inside.len() + 2;
    }
    let rest = &line[skip..];
    let beginning = &rest.as_bytes()[..rest.len().min(LABEL_BYTES_MAX + 1)];
    let colon = memchr::memchr(b':', beginning)?;
    let name = &rest[..colon];
    if name.contains(['.', '!', '?', ';', '\n', '«']) && !name.trim_end().ends_with('.') {
        return None;
    }
    let party = lists.labels.of(name, || party_before(name, lists))?;
    let mut start = skip + colon + 1;
    // «**Оператор**: » and «**Оператор:** » alike.
    start += line[start..].len()
        - line[start..]
            .trim_start_matches(['*', '_', ' ', '\t'])
            .len();
    Some((party, start.min(line.len())))
}

/// Whose label stands before a colon.
fn party_before(name: &str, lists: &Words) -> Option<Party> {
    // «Оператор (вежливо):»
    let bare = match (name.find('('), name.rfind(')')) {
        (Some(open), Some(close)) if open < close => {
            Cow::Owned(format!("{}{}", &name[..open], &name[close + 1..]))
        }
        _ => Cow::Borrowed(name),
    };
    let mut own = first_words(&bare, LABEL_WORDS_MAX + 2);
    if own.len() > 1
        && own
            .last()
            .is_some_and(|last| last.norm.bytes().all(|byte| byte.is_ascii_digit()))
    {
        own.pop();
    }
    if own.is_empty() || own.len() > LABEL_WORDS_MAX {
        return None;
    }
    party_of(&own, lists)
}

/// Whose label these words are, all of them.
pub(super) fn party_of(own: &[Word], lists: &Words) -> Option<Party> {
    if lists.label_customer.is_all(own) {
        Some(Party::Customer)
    } else if lists.label_agent.is_all(own) {
        Some(Party::Agent)
    } else if lists.label_other.is_all(own) {
        Some(Party::Other)
    } else if lists.label_note.is_all(own) {
        Some(Party::Note)
    } else {
        None
    }
}

/// The same of a text that is nothing but a label, with its colon or without.
pub(super) fn party(text: &str, lists: &Words) -> Option<Party> {
    let name = text.trim().trim_end_matches(':');
    label(&format!("{name}:"), lists).map(|(party, _)| party)
}

/// A line that is nothing but a condition.
pub(super) fn is_condition(line: &str, lists: &Words) -> bool {
    // What most lines end with is never trimmed off.
    let ends_plainly = match line.as_bytes() {
        [.., 0xd0 | 0xd1, _] => true,
        [.., last] => last.is_ascii_alphanumeric() || matches!(last, b'.' | b'!' | b'?'),
        [] => false,
    };
    if ends_plainly {
        return false;
    }
    let Some(inside) = line
        .trim()
        .trim_matches(['*', '_', '[', ']'])
        .trim()
        .strip_suffix(':')
    else {
        return false;
    };
    opens(inside, lists)
}

/// Whether words are a condition.
pub(super) fn opens(text: &str, lists: &Words) -> bool {
    // Most texts are told by their first word to be none.
    let may = |first: &Word| lists.opens.begins(first) || lists.answers.begins(first);
    if !first_word(text).as_ref().is_some_and(may) {
        return false;
    }
    let own = first_words(text, CONDITION_WORDS_MAX + 1);
    !own.is_empty()
        && own.len() <= CONDITION_WORDS_MAX
        && (lists.opens.at(&own, 0).is_some() || lists.answers.is_all(&own))
}

/// Where the words behind a condition at the beginning of a line begin: «Если согласен: …».
pub(super) fn inline_condition(line: &str, lists: &Words) -> Option<usize> {
    // «(Если согласен) …»
    if let Some(inside) = line.trim_start().strip_prefix('(')
        && let Some((condition, rest)) = inside.split_once(')')
        && !rest.trim().is_empty()
        && opens(condition, lists)
    {
        return Some(line.len() - rest.len());
    }
    if let Some(at) = dashed_condition(line, lists) {
        return Some(at);
    }
    let colon = memchr::memchr(b':', line.as_bytes())?;
    let rest = line[colon + 1..].trim();
    let condition = &line[..colon];
    let plain = !rest.is_empty() && !condition.contains(['«', '"', '.', '!', '?']);
    (plain && opens(condition, lists) && !leads_to_quote(condition, rest, lists))
        .then_some(colon + 1)
}

/// «Если клиент говорит: «…», ответьте: «…»»: the first quotation belongs to the condition.
fn leads_to_quote(condition: &str, rest: &str, lists: &Words) -> bool {
    let found = quotes::quotes(rest);
    let Some(first) = found.first().filter(|quote| quote.outer.start == 0) else {
        return false;
    };
    let own = words(condition);
    let says = own
        .len()
        .checked_sub(1)
        .is_some_and(|last| lists.condition_says.at(&own, last).is_some());
    says && rest[first.outer.end..].contains(char::is_alphabetic)
}

/// «Если клиент согласен — …»: only where the condition speaks of the customer, for others are the agent's own words.
fn dashed_condition(line: &str, lists: &Words) -> Option<usize> {
    // Dashes begin with this byte, and no letter does.
    memchr::memchr(0xe2, line.as_bytes())?;
    let (at, dash) = [" — ", " – "]
        .into_iter()
        .filter_map(|dash| line.find(dash).map(|at| (at, dash)))
        .min()?;
    let condition = &line[..at];
    if condition.contains(['«', '"', '.', '!', '?', ':', '→']) {
        return None;
    }
    let own = first_words(condition, CONDITION_WORDS_MAX + 1);
    let speaks = (0..own.len()).any(|word| lists.customer_party.at(&own, word).is_some());
    (own.len() <= CONDITION_WORDS_MAX && speaks && lists.opens.at(&own, 0).is_some())
        .then_some(at + dash.len())
}

/// Whether a text begins with a condition, whatever follows.
pub(super) fn begins_with_condition(text: &str, lists: &Words) -> bool {
    let may = |first: &Word| lists.opens.begins(first);
    if !first_word(text).as_ref().is_some_and(may) {
        return false;
    }
    let own = first_words(text, OPENING_WORDS_MAX);
    lists.opens.at(&own, 0).is_some()
}

/// What the list behind a title holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    Forbidden,
    Allowed,
}

/// A title of right or wrong wordings.
pub(super) fn title(text: &str, lists: &Words) -> Option<Mode> {
    if text.len() > TITLE_BYTES_MAX {
        return None;
    }
    title_of_heading(text, &lists.heading(text), lists)
}

/// The same of a heading whose words are known.
pub(super) fn title_of_heading(text: &str, own: &[Word], lists: &Words) -> Option<Mode> {
    if text.len() > TITLE_BYTES_MAX {
        return None;
    }
    let asks = text.contains('?');
    if own.is_empty() || own.len() > TITLE_WORDS_MAX || lists.opens.at(own, 0).is_some() {
        return None;
    }
    if lists.forbidden.anywhere(own) || lists.forbidden_whole.is_all(own) {
        return Some(Mode::Forbidden);
    }
    (!asks && lists.allowed.is_all(own)).then_some(Mode::Allowed)
}

/// The same for a sign such as a cross before a wording; and how long it is.
pub(super) fn sign(text: &str, lists: &Words) -> Option<(Mode, usize)> {
    let at = text.len() - text.trim_start().len();
    if !lists.may_be_sign(&text[at..]) {
        return None;
    }
    let find = |signs: &[String]| {
        let mut signs = signs.iter();
        signs
            .find(|sign| text[at..].starts_with(sign.as_str()))
            .map(|sign| at + sign.len())
    };
    let forbidden = find(&lists.forbidden_signs).map(|end| (Mode::Forbidden, end));
    forbidden.or_else(|| find(&lists.allowed_signs).map(|end| (Mode::Allowed, end)))
}
