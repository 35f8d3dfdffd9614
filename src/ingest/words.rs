//! words.tsv -> what a transcript means by a speaker, a header line, a column.

use std::borrow::Cow;
use std::sync::LazyLock;

use rustc_hash::FxHashMap;

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
