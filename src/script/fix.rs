//! Findings -> a template with the right words in it: only bytes of the words themselves change.

use std::ops::Range;

use encoding_rs::{UTF_8, UTF_16BE, UTF_16LE};

use super::decode::Charset;
use super::format::Format;
use super::problem::Problem;
use super::{Diagnostic, Fix, Linter, Options, Script};
use crate::lexicon::Lexicon;
use crate::pack::Pack;
use crate::text::norm;

/// Words to be put in for others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// Bytes of [`Script::text`].
    pub span: Range<usize>,
    /// What stands there then.
    pub text: String,
}

/// In the words of a finding: which of them, what instead, and how safe that is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Exchange {
    pub(super) words: Range<usize>,
    /// As the pack has it.
    pub(super) suggest: String,
    /// With the capitals of the old words.
    pub(super) text: String,
    pub(super) fix: Fix,
}

/// In [`ScriptRule::reword`](crate::pack::ScriptRule::reword): all that was found.
const ALL: &str = "*";
/// So many times a file is looked at again after its fixes: one may uncover another.
const PASSES_MAX: usize = 32;

/// What a criterion would have instead of some words of a turn; `found` is what it found there.
pub(super) fn exchange(
    pack: &Pack,
    criterion: usize,
    turn: &str,
    found: Range<usize>,
) -> Option<Exchange> {
    let rule = pack.script_rules().get(criterion)?.as_ref()?;
    if rule.replace.is_empty() && rule.reword.is_empty() {
        return None;
    }
    let lexicon = Lexicon::embedded();
    for words in words_of(turn, found.clone()) {
        let own = &turn[words.clone()];
        let form = norm(own);
        // A form that the pack names itself goes before one that is found by its word.
        for (exactly, table, fix) in [
            (true, &rule.replace, Fix::Safe),
            (true, &rule.reword, Fix::Unsafe),
            (false, &rule.replace, Fix::Safe),
            (false, &rule.reword, Fix::Unsafe),
        ] {
            let mut pairs = table
                .iter()
                .filter(|(from, _)| (**from == form) == exactly && *from != ALL);
            if let Some(exchanged) = pairs.find_map(|(from, to)| lexicon.exchange(&form, from, to))
            {
                return Some(Exchange {
                    text: cased(own, &exchanged.text),
                    suggest: exchanged.text,
                    fix: if exchanged.agrees { fix } else { Fix::Unsafe },
                    words,
                });
            }
        }
    }
    let all = rule.reword.get(ALL)?;
    Some(Exchange {
        text: cased(&turn[found.clone()], all),
        suggest: all.clone(),
        words: found,
        fix: Fix::Unsafe,
    })
}

/// Words within a range that reaches from word to word; one with a hyphen is one.
fn words_of(turn: &str, range: Range<usize>) -> Vec<Range<usize>> {
    let inside = |c: char| c.is_alphanumeric() || is_joint(c) || c == '\u{301}';
    let mut words = Vec::new();
    let mut start = None;
    for (at, c) in turn[range.clone()].char_indices() {
        match (inside(c), start) {
            (true, None) => start = Some(range.start + at),
            (false, Some(from)) => {
                words.push(from..range.start + at);
                start = None;
            }
            _ => {}
        }
    }
    words.extend(start.map(|from| from..range.end));
    words.retain(|word| stands_alone(turn, word));
    words
}

fn is_joint(c: char) -> bool {
    matches!(c, '-' | '\u{2010}' | '\u{2011}' | '\u{ad}' | '_')
}

/// Whether no part of the same word stands beside it.
fn stands_alone(text: &str, word: &Range<usize>) -> bool {
    let goes_on = |c: char| c.is_alphanumeric() || is_joint(c) || c == '\u{301}';
    !text[..word.start].chars().next_back().is_some_and(goes_on)
        && !text[word.end..].chars().next().is_some_and(goes_on)
}

/// `text` in capitals where the old words were.
fn cased(old: &str, text: &str) -> String {
    let mut letters = old.chars().filter(|c| c.is_alphabetic());
    let Some(first) = letters.next() else {
        return text.to_owned();
    };
    let mut n_letters = 1;
    let shouted = first.is_uppercase()
        && letters.inspect(|_| n_letters += 1).all(char::is_uppercase)
        && n_letters > 1;
    if shouted {
        return text.to_uppercase();
    }
    let mut chars = text.chars();
    match chars.next() {
        Some(head) if first.is_uppercase() => head.to_uppercase().chain(chars).collect(),
        _ => text.to_owned(),
    }
}

/// The edit of an exchange whose words stand at `span` of the file; `None` where they do not stand there as they are, or what
/// the new words are made of could mean something to the format.
pub(super) fn edit(script: &Script, span: Range<usize>, old: &str, text: &str) -> Option<Edit> {
    let plain = text
        .chars()
        .all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-'));
    let there = !script.format.is_packed() && script.text.get(span.clone()) == Some(old);
    let kept = !old.contains(['\n', '\r', '"', '<', '&']);
    (plain && there && kept && stands_alone(&script.text, &span)).then(|| Edit {
        span,
        text: text.to_owned(),
    })
}

/// A template with what could be fixed in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fixed {
    /// The whole file.
    pub bytes: Vec<u8>,
    /// Its text before and after, for showing the difference.
    pub before: String,
    /// See `before`.
    pub after: String,
    /// How many words were exchanged.
    pub n_edits: usize,
    /// Findings that have a fix of the kind asked for but no place to put it: a word cut by markup, a packed file.
    pub unplaced: Vec<Problem>,
}

/// Which fixes are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// Those that need no look.
    Safe,
    /// Rewordings, too.
    All,
}

impl Wanted {
    fn takes(self, fix: Option<Fix>) -> bool {
        match fix {
            Some(Fix::Safe) => true,
            Some(Fix::Unsafe) => self == Self::All,
            None => false,
        }
    }
}

/// Lints a template, puts the fixes in and lints it again until nothing more can be fixed.
///
/// A fix after which its criterion still finds something there, or any criterion finds more than before, is taken back.
/// `lint` gives the findings of a template in the file's order, those left out that are to be let alone.
///
/// # Errors
/// When the file cannot be read as a template, or has bytes that are not in its encoding.
pub fn fix(
    path: &str,
    bytes: &[u8],
    wanted: Wanted,
    lint: &mut dyn FnMut(&Script) -> Vec<Diagnostic>,
) -> Result<Fixed, Problem> {
    let script = Script::read(path, bytes)?;
    let mut fixed = Fixed {
        bytes: bytes.to_vec(),
        before: script.text.clone(),
        after: script.text.clone(),
        n_edits: 0,
        unplaced: Vec::new(),
    };
    let mut found = lint(&script);
    let mut unplaced = found
        .iter()
        .filter(|one| wanted.takes(one.fix) && one.edit.is_none())
        .peekable();
    let writable = script
        .charset
        .is_none_or(|charset| encode(&script.text, charset).is_some_and(|again| again == bytes));
    let any_edit = found
        .iter()
        .any(|one| wanted.takes(one.fix) && one.edit.is_some());
    if script.format.is_packed() {
        if unplaced.peek().is_some() {
            fixed.unplaced.push(Problem::new(
                "script/fix-packed",
                false,
                &[script.format.name()],
            ));
        }
        return Ok(fixed);
    }
    for one in unplaced {
        let place = (one.line, one.column);
        fixed
            .unplaced
            .push(Problem::new("script/fix-unplaced", false, &[&one.text]).at(place));
    }
    let Some(charset) = script.charset else {
        return Ok(fixed);
    };
    if !writable {
        if any_edit {
            fixed.unplaced.push(Problem::new(
                "script/fix-encoding",
                false,
                &[charset.encoding.name()],
            ));
        }
        return Ok(fixed);
    }
    let mut script = script;
    // What was tried in vain: a criterion, its words and those around them.
    let mut vain: Vec<(String, String)> = Vec::new();
    for _ in 0..PASSES_MAX {
        let key = |one: &Diagnostic, text: &str| {
            let edit = one.edit.as_ref()?;
            Some((one.criterion.clone(), text[..edit.span.end].to_owned()))
        };
        let mut edits: Vec<(&Diagnostic, &Edit)> = found
            .iter()
            .filter(|one| {
                wanted.takes(one.fix)
                    && !key(one, &script.text).is_some_and(|key| vain.contains(&key))
            })
            .filter_map(|one| Some((one, one.edit.as_ref()?)))
            .collect();
        edits.sort_by_key(|(_, edit)| (edit.span.start, edit.span.end));
        let mut end = 0;
        edits.retain(|(_, edit)| {
            let free = edit.span.start >= end;
            if free {
                end = edit.span.end;
            }
            free
        });
        if edits.is_empty() {
            break;
        }
        let mut done = None;
        let mut all = edits;
        // What does not help is left out; where that does not show, half of the edits is tried.
        while done.is_none() && !all.is_empty() {
            let text = put(&script.text, all.iter().map(|(_, edit)| *edit));
            let tried = encode(&text, charset)
                .and_then(|bytes| Some((Script::read(path, &bytes).ok()?, bytes)));
            let mut bad: Vec<(String, String)> = Vec::new();
            if let Some((tried, bytes)) = tried.filter(|(tried, _)| tried.text == text) {
                let now = lint(&tried);
                bad = worse(&found, &now, &all);
                if bad.is_empty() {
                    done = Some((tried, bytes, now, all.len()));
                    break;
                }
            }
            if let [(one, _)] = all[..] {
                vain.extend(key(one, &script.text));
            }
            let n_all = all.len();
            let is_bad = |one: &Diagnostic| {
                bad.iter()
                    .any(|(criterion, pack)| (criterion, pack) == (&one.criterion, &one.pack))
            };
            if n_all > 1
                && all.iter().any(|(one, _)| is_bad(one))
                && !all.iter().all(|(one, _)| is_bad(one))
            {
                all.retain(|(one, _)| !is_bad(one));
            } else {
                all.truncate(n_all / 2);
            }
        }
        let Some((tried, bytes, now, n_edits)) = done else {
            break;
        };
        fixed.n_edits += n_edits;
        fixed.after.clone_from(&tried.text);
        (fixed.bytes, script, found) = (bytes, tried, now);
    }
    Ok(fixed)
}

/// The criteria, with their packs, that do not find less by as many findings as were fixed, or find more.
fn worse(
    before: &[Diagnostic],
    after: &[Diagnostic],
    fixed: &[(&Diagnostic, &Edit)],
) -> Vec<(String, String)> {
    let id = |one: &Diagnostic| (one.criterion.clone(), one.pack.clone());
    let mut ids: Vec<_> = before.iter().chain(after).map(id).collect();
    ids.sort_unstable();
    ids.dedup();
    ids.retain(|known| {
        let count = |list: &[Diagnostic]| list.iter().filter(|one| id(one) == *known).count();
        let n_fixed = fixed.iter().filter(|(one, _)| id(one) == *known).count();
        count(after) + n_fixed > count(before)
    });
    ids
}

/// A text with these edits, which do not overlap and stand in order.
fn put<'e>(text: &str, edits: impl Iterator<Item = &'e Edit>) -> String {
    let mut new = String::with_capacity(text.len() + 64);
    let mut from = 0;
    for edit in edits {
        new.push_str(&text[from..edit.span.start]);
        new.push_str(&edit.text);
        from = edit.span.end;
    }
    new.push_str(&text[from..]);
    new
}

/// A text in the encoding of its file; `None` when a letter has no place there.
fn encode(text: &str, charset: Charset) -> Option<Vec<u8>> {
    let encoding = charset.encoding;
    let mut bytes = Vec::with_capacity(text.len() + 3);
    let text_with_mark = charset.bom.then_some('\u{feff}').into_iter();
    if encoding == UTF_16LE || encoding == UTF_16BE {
        let mut units = [0; 2];
        for c in text_with_mark.chain(text.chars()) {
            for unit in c.encode_utf16(&mut units) {
                bytes.extend(if encoding == UTF_16LE {
                    unit.to_le_bytes()
                } else {
                    unit.to_be_bytes()
                });
            }
        }
        return Some(bytes);
    }
    if encoding == UTF_8 {
        if charset.bom {
            bytes.extend_from_slice(b"\xEF\xBB\xBF");
        }
        bytes.extend_from_slice(text.as_bytes());
        return Some(bytes);
    }
    let (encoded, _, lost) = encoding.encode(text);
    (!lost).then(|| encoded.into_owned())
}

/// The same with one pack, for who has nothing to leave out.
///
/// # Errors
/// When the file cannot be read as a template, or has bytes that are not in its encoding.
pub fn fix_with(
    linter: &mut Linter<'_>,
    path: &str,
    bytes: &[u8],
    wanted: Wanted,
    options: &Options,
) -> Result<Fixed, Problem> {
    fix(path, bytes, wanted, &mut |script| {
        linter.lint(script, options).diagnostics
    })
}

/// A unified difference of two texts with three lines around each change; empty where they are the same.
///
/// Lines end where the file ends them; what stands behind the last one is named as `diff` does.
pub fn unified(path: &str, before: &str, after: &str) -> String {
    let (old, new) = (lines(before), lines(after));
    // Words are exchanged within their lines.
    if before == after || old.len() != new.len() {
        return String::new();
    }
    const AROUND: usize = 3;
    let changed: Vec<usize> = (0..old.len())
        .filter(|line| old[*line] != new[*line])
        .collect();
    let name = path.trim_start_matches('/');
    let mut text = format!("--- a/{name}\n+++ b/{name}\n");
    let mut rest = &changed[..];
    while let Some(first) = rest.first() {
        let near = rest
            .windows(2)
            .take_while(|pair| pair[1] - pair[0] <= 2 * AROUND)
            .count()
            + 1;
        let (hunk, others) = rest.split_at(near);
        rest = others;
        let start = first.saturating_sub(AROUND);
        let end = (hunk[near - 1] + AROUND + 1).min(old.len());
        let n_lines = end - start;
        text.push_str(&format!("@@ -{0},{n_lines} +{0},{n_lines} @@\n", start + 1));
        let mut line = start;
        while line < end {
            let same = old[line] == new[line];
            let until = (line..end)
                .find(|other| (old[*other] == new[*other]) != same)
                .unwrap_or(end);
            let sides: &[(char, &[&str])] = match same {
                true => &[(' ', &old)],
                false => &[('-', &old), ('+', &new)],
            };
            for (sign, side) in sides {
                for own in &side[line..until] {
                    text.push(*sign);
                    text.push_str(own);
                    if !own.ends_with('\n') {
                        text.push_str("\n\\ No newline at end of file\n");
                    }
                }
            }
            line = until;
        }
    }
    text
}

fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

impl Format {
    fn name(self) -> &'static str {
        match self {
            Self::Docx => "DOCX",
            Self::Xlsx => "XLSX",
            _ => "",
        }
    }
}
