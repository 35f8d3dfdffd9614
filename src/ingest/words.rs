//! words.tsv -> what a transcript means by a speaker, a header line, a column.

use std::borrow::Cow;
use std::sync::LazyLock;

use rustc_hash::FxHashMap;
use serde_json::Value;

use crate::call::{Direction, Speaker};

const WORDS: &str = include_str!("words.tsv");

/// kind -> word -> meaning.
static TABLE: LazyLock<FxHashMap<&'static str, FxHashMap<String, &'static str>>> =
    LazyLock::new(|| {
        let mut table: FxHashMap<_, FxHashMap<_, _>> = FxHashMap::default();
        for line in WORDS.lines().filter(|line| !line.starts_with('#')) {
            let mut cells = line.split('\t');
            let (Some(kind), Some(meaning), Some(words)) =
                (cells.next(), cells.next(), cells.next())
            else {
                continue;
            };
            let of_kind = table.entry(kind).or_default();
            for word in words.split('|') {
                let before = of_kind.insert(plain(word), meaning);
                debug_assert!(
                    before.is_none_or(|other| other == meaning),
                    "`{word}` has two meanings among `{kind}`"
                );
            }
        }
        table
    });

/// Lower case, `ё` as `е`, and every run of spaces, `_`, `-` and `.` as one space.
pub(super) fn plain(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    for letter in word.trim().chars().flat_map(char::to_lowercase) {
        match letter {
            'ё' => out.push('е'),
            '_' | '-' | '.' | ' ' | '\t' | '\u{a0}' => {
                if !out.is_empty() && !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            _ => out.push(letter),
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// What `word` means among words of `kind` (a first column of `words.tsv`).
pub(super) fn meaning(kind: &str, word: &str) -> Option<&'static str> {
    TABLE.get(kind)?.get(&plain(word)).copied()
}

/// The speaker that a role word names; voices without a role (`SPEAKER_00`) name none.
pub(super) fn speaker(word: &str) -> Option<Speaker> {
    by_name(meaning("speaker", word)?)
}

/// Whose words a column of this name holds, where it says so: `agent_text`.
pub(super) fn spoken(name: &str) -> Option<Speaker> {
    by_name(meaning("spoken", name)?)
}

/// Like [`speaker`], and the one-letter labels of written dialogues.
pub(super) fn label(word: &str) -> Option<Speaker> {
    speaker(word).or_else(|| by_name(meaning("short", word)?))
}

/// The speaker by its name in `call.md`.
pub(super) fn by_name(name: &str) -> Option<Speaker> {
    match name {
        "agent" => Some(Speaker::Agent),
        "customer" => Some(Speaker::Customer),
        "system" => Some(Speaker::System),
        _ => None,
    }
}

/// Whether the label is that of a voice which only the user can give a role: `SPEAKER_00`, `Speaker B`, `unknown`.
pub(super) fn is_voice(label: &str) -> bool {
    let label = plain(label);
    if meaning("voice", &label) == Some("any") {
        return true;
    }
    let word = match label.rsplit_once(' ') {
        Some((word, end))
            if end.chars().count() == 1 || end.bytes().all(|b| b.is_ascii_digit()) =>
        {
            word
        }
        _ => label.trim_end_matches(|c: char| c.is_ascii_digit()),
    };
    word.len() < label.len() && meaning("voice", word).is_some()
}

/// Who called whom, by the usual words.
pub(super) fn direction(word: &str) -> Option<Direction> {
    match meaning("direction", word)? {
        "outbound" => Some(Direction::Outbound),
        _ => Some(Direction::Inbound),
    }
}

/// More digits than this are a telephone or an account, and no number to reckon with.
const NUMBER_DIGITS_MAX: usize = 9;

/// What a cell or a header line says as metadata: yes and no are truth values, `12`, `-3` and `2,5` numbers, all else a string as
/// it is written. A number with a zero or a plus before it is none, for it is written to be read out.
pub(super) fn value(text: &str) -> Value {
    let word = text.trim();
    match meaning("value", word) {
        Some("true") => Value::Bool(true),
        Some(_) => Value::Bool(false),
        None => number(word).unwrap_or_else(|| Value::String(text.to_owned())),
    }
}

fn number(word: &str) -> Option<Value> {
    let digits = word.strip_prefix('-').unwrap_or(word);
    let (whole, part) = match digits.split_once(['.', ',']) {
        Some((whole, part)) => (whole, Some(part)),
        None => (digits, None),
    };
    let are_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let fits = whole.len() + part.map_or(0, str::len) <= NUMBER_DIGITS_MAX;
    let zero_before = whole.len() > 1 && whole.starts_with('0');
    if !fits || zero_before || !are_digits(whole) || !part.is_none_or(are_digits) {
        return None;
    }
    match part {
        None => word.parse::<i64>().ok().map(Value::from),
        Some(_) => word.replace(',', ".").parse::<f64>().ok().map(Value::from),
    }
}

/// `text` without what people put around labels and values.
pub(super) fn bare(text: &str) -> &str {
    text.trim().trim_matches(['*', '"', '«', '»']).trim()
}

/// The words of a few lines as one.
pub(super) fn join<'a>(first: Cow<'a, str>, more: &'a str) -> Cow<'a, str> {
    if first.is_empty() {
        return Cow::Borrowed(more);
    }
    let mut joined = first.into_owned();
    joined.push(' ');
    joined.push_str(more);
    Cow::Owned(joined)
}
