//! Sentences about how a call was recognised.

use crate::locale::{Lang, Text};

/// See [`Heard`](super::Heard).
pub(super) const ODD: Text = Text(
    "уверенность распознавания вне пределов от 0 до 1 не учтена",
    "confidence outside 0 to 1 was left out",
);

/// Texts are quoted up to so many characters, and so many of them.
const QUOTED_CHARS: usize = 40;
const QUOTED_MAX: usize = 3;

/// See [`Heard`](super::Heard).
pub(super) fn unaligned<'t>(lang: Lang, turns: impl Iterator<Item = &'t str>) -> String {
    let sentence = Text(
        "слова с уверенностью распознавания не сошлись с текстом реплики, и там она не учтена",
        "the words with their confidence do not fit the text of the turn, where confidence was left out",
    );
    quoting(lang, sentence, turns)
}

/// See [`TokenizedCall::invented_doubt`](super::TokenizedCall::invented_doubt).
pub(super) fn invented<'t>(lang: Lang, texts: impl Iterator<Item = &'t str>) -> String {
    let sentence = Text(
        "похоже на текст, который распознавание придумало в тишине; он не оценён",
        "looks like text that the recogniser made up in silence; it was not judged",
    );
    quoting(lang, sentence, texts)
}

fn quoting<'t>(lang: Lang, sentence: Text, texts: impl Iterator<Item = &'t str>) -> String {
    let mut texts: Vec<&str> = texts.map(str::trim).collect();
    texts.dedup();
    let n_more = texts.len().saturating_sub(QUOTED_MAX);
    let quoted: Vec<String> = texts
        .iter()
        .take(QUOTED_MAX)
        .map(|text| match text.char_indices().nth(QUOTED_CHARS) {
            Some((at, _)) => format!("«{}…»", text[..at].trim_end()),
            None => format!("«{text}»"),
        })
        .collect();
    let more = match (n_more, lang) {
        (0, _) => String::new(),
        (n, Lang::Ru) => format!(" и ещё {n}"),
        (n, Lang::En) => format!(" and {n} more"),
    };
    format!("{}: {}{more}", sentence.pick(lang), quoted.join(", "))
}
