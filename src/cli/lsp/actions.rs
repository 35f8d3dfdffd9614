//! Findings of a template -> what an editor may do about them.

use std::ops::Range;

use etalon::locale::Lang;
use etalon::script::{Diagnostic, Fix, Problem, Wanted};
use lsp_types::{CodeActionKind, TextEdit};

use super::documents::{Document, Kind};
use super::locale;
use super::templates::{Analysis, Templates, World, mark};

/// Everything that is safe at once.
pub(super) const FIX_ALL: CodeActionKind = CodeActionKind::new("source.fixAll.etalon");

/// So many findings get remarks: each is tried out.
const REMARKS_MAX: usize = 8;
/// A longer text is not linted once more only to offer something.
const TRIED_BYTES_MAX: usize = 200_000;

/// An action without what the protocol puts around it.
#[derive(Debug)]
pub(super) struct Action {
    pub(super) title: String,
    pub(super) kind: CodeActionKind,
    pub(super) edits: Vec<TextEdit>,
    pub(super) preferred: bool,
    /// Index of the finding that it is about.
    pub(super) finding: Option<usize>,
}

/// Whether an action of this kind is asked for; a kind includes those that go on behind its dot.
fn wanted(only: Option<&[CodeActionKind]>, kind: &CodeActionKind) -> bool {
    let includes = |asked: &CodeActionKind| {
        let rest = kind.as_str().strip_prefix(asked.as_str());
        asked.as_str().is_empty()
            || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    only.is_none_or(|only| only.iter().any(includes))
}

/// Everything that can be done about the findings in a range of bytes, and about the whole document.
pub(super) fn of(
    document: &Document,
    analysis: &Analysis,
    range: &Range<usize>,
    only: Option<&[CodeActionKind]>,
    templates: &mut Templates,
    world: World<'_>,
) -> Vec<Action> {
    let mut actions = Vec::new();
    if wanted(only, &CodeActionKind::QUICKFIX) {
        let there = touched(document, analysis, range);
        for idx in &there {
            actions.extend(fix(document, analysis, *idx, world.lang));
        }
        for idx in there.into_iter().take(REMARKS_MAX) {
            actions.extend(ignore(document, analysis, idx, templates, world));
        }
    }
    let any_safe = || {
        let mut findings = analysis.findings.iter();
        findings.any(|one| one.fix == Some(Fix::Safe) && one.edit.is_some())
    };
    // Of a long text only where it is asked for by its name, as on saving.
    let cheap = only.is_some() || document.text.len() <= TRIED_BYTES_MAX;
    if wanted(only, &FIX_ALL) && cheap && any_safe() {
        actions.extend(fix_all(document, templates, world));
    }
    actions
}

/// The findings that a range touches; one without words is there on all of its line.
pub(super) fn touched(
    document: &Document,
    analysis: &Analysis,
    range: &Range<usize>,
) -> Vec<usize> {
    let line = |at: usize| {
        let line = document.lines.position(&document.text, at).line;
        document.lines.line(&document.text, line as usize)
    };
    let touches = |one: &Diagnostic| {
        let mut own = place(analysis, one);
        if own.is_empty() {
            own = line(own.start);
        }
        own.start <= range.end && range.start <= own.end
    };
    let findings = analysis.findings.iter().enumerate();
    let there = findings.filter(|(_, one)| touches(one));
    there.map(|(idx, _)| idx).collect()
}

/// Bytes of the document.
pub(super) fn place(analysis: &Analysis, finding: &Diagnostic) -> Range<usize> {
    finding.span.start + analysis.offset..finding.span.end + analysis.offset
}

fn fix(document: &Document, analysis: &Analysis, idx: usize, lang: Lang) -> Option<Action> {
    let finding = &analysis.findings[idx];
    let edit = finding.edit.as_ref()?;
    let bytes = edit.span.start + analysis.offset..edit.span.end + analysis.offset;
    let old = document.text.get(bytes.clone())?;
    let safe = finding.fix == Some(Fix::Safe);
    Some(Action {
        title: match safe {
            true => locale::replace(lang, old, &edit.text),
            false => locale::reword(lang, old, &edit.text),
        },
        kind: CodeActionKind::QUICKFIX,
        edits: vec![TextEdit {
            range: document.lines.range(&document.text, bytes),
            new_text: edit.text.clone(),
        }],
        preferred: safe,
        finding: Some(idx),
    })
}

/// All safe replacements, those that uncover others included: the same text that `lint --fix` writes.
fn fix_all(document: &Document, templates: &mut Templates, world: World<'_>) -> Option<Action> {
    let fixed = templates.fix(document, Wanted::Safe, world)?;
    let edits = differences(document, &fixed.before, &fixed.after);
    (!edits.is_empty()).then(|| Action {
        title: locale::fix_all(world.lang, fixed.n_edits),
        kind: FIX_ALL,
        edits,
        preferred: false,
        finding: None,
    })
}

/// An edit for each line that has changed; fixes leave lines where they are.
fn differences(document: &Document, before: &str, after: &str) -> Vec<TextEdit> {
    let offset = mark(&document.text);
    let mut edits = Vec::new();
    let mut at = offset;
    let (mut old, mut new) = (before.split_inclusive('\n'), after.split_inclusive('\n'));
    loop {
        let (old, new) = match (old.next(), new.next()) {
            (Some(old), Some(new)) => (old, new),
            _ => return edits,
        };
        if old != new {
            let same = |(a, b): &(char, char)| a == b;
            let head: usize = old
                .chars()
                .zip(new.chars())
                .take_while(same)
                .map(|(c, _)| c.len_utf8())
                .sum();
            let tail: usize = old[head..]
                .chars()
                .rev()
                .zip(new[head..].chars().rev())
                .take_while(same)
                .map(|(c, _)| c.len_utf8())
                .sum();
            edits.push(TextEdit {
                range: document
                    .lines
                    .range(&document.text, at + head..at + old.len() - tail),
                new_text: new[head..new.len() - tail].to_owned(),
            });
        }
        at += old.len();
    }
}

/// A remark that lets the finding alone, where one does that and nothing else.
fn ignore(
    document: &Document,
    analysis: &Analysis,
    idx: usize,
    templates: &mut Templates,
    world: World<'_>,
) -> Option<Action> {
    let finding = &analysis.findings[idx];
    let text = &document.text;
    let mut places = places(document, analysis, finding, world.lang).into_iter();
    let (at, put) = if text.len() > TRIED_BYTES_MAX {
        places.next()?
    } else {
        let before = templates.found_in(document, text, world)?;
        places.find(|(at, put)| {
            let tried = format!("{}{put}{}", &text[..*at], &text[*at..]);
            let after = templates.found_in(document, &tried, world);
            after.is_some_and(|after| silences(finding, &before, &after))
        })?
    };
    let position = document.lines.position(text, at);
    Some(Action {
        title: locale::ignore(world.lang, &finding.criterion),
        kind: CodeActionKind::QUICKFIX,
        edits: vec![TextEdit {
            range: lsp_types::Range::new(position, position),
            new_text: put,
        }],
        preferred: false,
        finding: Some(idx),
    })
}

/// Where a remark may stand, the best first: bytes of the document, and what is put in.
fn places(
    document: &Document,
    analysis: &Analysis,
    finding: &Diagnostic,
    lang: Lang,
) -> Vec<(usize, String)> {
    let Kind::Template(name) = &document.kind else {
        return Vec::new();
    };
    let text = &document.text;
    let (id, why) = (&finding.criterion, locale::reason(lang));
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let format = etalon::script::Format::of(name);
    let comments = matches!(
        format,
        Some(etalon::script::Format::Markdown | etalon::script::Format::Html)
    );
    let remark = match comments {
        true => format!("<!-- etalon: ignore {id}: {why} -->"),
        false => format!("# etalon: ignore {id}: {why}"),
    };
    let own_line = |at: usize| {
        let number = document.lines.position(text, at).line as usize;
        document.lines.line(text, number)
    };
    let line = own_line(place(analysis, finding).start);
    let words = text[line.clone()].trim_end().len();
    let indent: String = text[line.clone()]
        .chars()
        .take_while(|c| matches!(c, ' ' | '\t'))
        .collect();
    let behind = (line.start + words, format!(" {remark}"));
    let above = (line.start, format!("{indent}{remark}{end}"));
    let apart = (line.start, format!("{indent}{remark}{end}{end}"));
    // A whole script's remark stands above all that is said, but below the front matter.
    let begin = analysis.offset;
    let mut top = begin;
    if text[begin..].starts_with("---") {
        let mut at = own_line(begin).end;
        let lines = text[at..].split_inclusive('\n');
        for (n, own) in lines.enumerate() {
            at += own.len();
            if n > 0 && own.trim_end() == "---" {
                top = at;
                break;
            }
        }
    }
    let first = (top, format!("{remark}{end}"));
    let first_apart = (top, format!("{remark}{end}{end}"));
    if finding.text.is_empty() && finding.span == (0..0) {
        return vec![first_apart, first];
    }
    match format {
        Some(etalon::script::Format::Csv) => vec![above, behind],
        _ => vec![behind, above, apart],
    }
}

/// Whether the finding is gone, nothing of another criterion with it, and nothing new has come.
fn silences(
    finding: &Diagnostic,
    (problems_before, before): &(Vec<Problem>, Vec<Diagnostic>),
    (problems, after): &(Vec<Problem>, Vec<Diagnostic>),
) -> bool {
    let own = |list: &[Diagnostic]| {
        let is_own = |one: &&Diagnostic| one.criterion == finding.criterion;
        list.iter().filter(is_own).count()
    };
    let others = |list: &[Diagnostic]| {
        let is_other = |one: &&Diagnostic| one.criterion != finding.criterion;
        let key = |one: &Diagnostic| (one.pack.clone(), one.criterion.clone(), one.text.clone());
        list.iter().filter(is_other).map(key).collect::<Vec<_>>()
    };
    own(after) < own(before)
        && others(before) == others(after)
        && problems.len() <= problems_before.len()
}
