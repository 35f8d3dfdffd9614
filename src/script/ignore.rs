//! Remarks in a template that let a finding alone: `<!-- etalon: ignore ID: why -->`.

use std::borrow::Cow;
use std::ops::Range;

use super::problem::Problem;
use super::{Block, BlockKind, Diagnostic, Format, Script};
use crate::pack::closest;

/// What a remark begins with.
const KEY: &str = "etalon:";
const VERB: &str = "ignore";
/// Before a remark that takes the rest of its line, in text and tables.
const LINE_SIGNS: &[&str] = &["//", "#"];

/// The remarks of one template.
#[derive(Debug, Clone, Default)]
pub struct Ignores {
    ignores: Vec<Ignore>,
    problems: Vec<Problem>,
}

#[derive(Debug, Clone)]
struct Ignore {
    criterion: String,
    place: (u32, u32),
    /// Bytes of the file whose findings are meant.
    covers: Range<usize>,
    /// Stands before everything that is said: what the whole script lacks is meant, too.
    first: bool,
}

/// A remark as it stands in the file.
struct Remark<'t> {
    /// With its signs.
    span: Range<usize>,
    /// Behind [`KEY`].
    body: &'t str,
}

impl Ignores {
    /// Reads the remarks of a template. Criteria that none of `known` is called are named with the nearest.
    pub fn of(script: &Script, known: &[String]) -> Self {
        let mut ignores = Self::default();
        let code = script
            .blocks
            .iter()
            .filter(|block| block.kind == BlockKind::Code);
        let code: Vec<Range<usize>> = code.map(|block| block.text.whole()).collect();
        let remarks = remarks(
            &script.text,
            script.format != Format::Markdown && script.format != Format::Html,
        );
        for remark in remarks {
            if code
                .iter()
                .any(|code| code.start <= remark.span.start && remark.span.end <= code.end)
            {
                continue;
            }
            let place = script.place(remark.span.start);
            let bad = |code, args: &[&str]| Problem::new(code, false, args).at(place);
            let (verb, rest) = split_word(remark.body);
            if verb != VERB {
                ignores.problems.push(bad("script/ignore-form", &[verb]));
                continue;
            }
            let (ids, reason) = rest.split_once(':').unwrap_or((rest, ""));
            let ids: Vec<&str> = ids
                .split([',', ' ', '\t'])
                .filter(|id| !id.is_empty())
                .collect();
            if ids.is_empty() {
                ignores.problems.push(bad("script/ignore-form", &[verb]));
                continue;
            }
            if !reason.chars().any(char::is_alphanumeric) {
                ignores
                    .problems
                    .push(bad("script/ignore-reason", &[&ids.join(", ")]));
                continue;
            }
            let (covers, first) = covered(script, &remark.span);
            for id in ids {
                if known.iter().any(|known| known == id) {
                    ignores.ignores.push(Ignore {
                        criterion: id.to_owned(),
                        place,
                        covers: covers.clone(),
                        first,
                    });
                } else {
                    let near = closest(id, known.iter().map(String::as_str)).unwrap_or_default();
                    ignores
                        .problems
                        .push(bad("script/ignore-unknown", &[id, near]));
                }
            }
        }
        ignores
    }

    /// Whether there is anything to read; quick.
    pub fn may_stand_in(script: &Script) -> bool {
        script.text.contains(KEY)
    }

    /// Takes the findings away that are meant. What is wrong with the remarks comes along; one that meets nothing is named
    /// where its criterion is one of `judged`.
    pub fn apply(
        &self,
        diagnostics: Vec<Diagnostic>,
        judged: &[String],
    ) -> (Vec<Diagnostic>, Vec<Problem>) {
        let mut used = vec![false; self.ignores.len()];
        let mut kept = diagnostics;
        kept.retain(|one| {
            let mut meant = false;
            for (ignore, used) in self.ignores.iter().zip(&mut used) {
                let there =
                    ignore.covers.start <= one.span.start && one.span.start < ignore.covers.end;
                let whole = ignore.first && one.text.is_empty() && one.span == (0..0);
                if ignore.criterion == one.criterion && (there || whole) {
                    *used = true;
                    meant = true;
                }
            }
            !meant
        });
        let mut problems = self.problems.clone();
        for (ignore, used) in self.ignores.iter().zip(used) {
            if !used && judged.contains(&ignore.criterion) {
                problems.push(
                    Problem::new("script/ignore-unused", false, &[&ignore.criterion])
                        .at(ignore.place),
                );
            }
        }
        problems.sort_by_key(|problem| (problem.line, problem.column));
        (kept, problems)
    }
}

fn split_word(text: &str) -> (&str, &str) {
    let text = text.trim();
    text.split_at(text.find(char::is_whitespace).unwrap_or(text.len()))
}

/// What a remark at `span` means: its own line, or the next block where it stands alone; and whether it is the first thing.
fn covered(script: &Script, span: &Range<usize>) -> (Range<usize>, bool) {
    let text = &script.text;
    let line = |at: usize| script.lines.line(text, at);
    let own = line(span.start).start..line(span.end).end;
    let alone = [&text[own.start..span.start], &text[span.end..own.end]].concat();
    let said = |block: &&Block| {
        !matches!(block.kind, BlockKind::Comment | BlockKind::Code)
            && !block.text.as_str().trim().is_empty()
    };
    let first = script
        .blocks
        .iter()
        .find(said)
        .is_none_or(|block| span.end <= block.text.whole().start);
    // Other cells of a packed table stand behind tabs, and HTML has its tags around.
    if alone.chars().any(|c| c.is_alphanumeric()) {
        return (own.start..own.end + 1, first);
    }
    let inside = |block: &Block| {
        let whole = block.text.whole();
        whole.start < span.start && span.end <= whole.end
    };
    if script.blocks.iter().filter(said).any(inside) {
        // Lines of text that no blank line parts are one block.
        let behind = &text[own.end..];
        let next = own.end + behind.len() - behind.trim_start_matches(['\r', '\n']).len();
        return (next..line(next).end + 1, first);
    }
    let mut covers: Option<Range<usize>> = None;
    for block in script.blocks.iter().filter(said) {
        let whole = block.text.whole();
        let lines = line(whole.start).start..line(whole.end).end + 1;
        match &mut covers {
            _ if whole.start < span.end => {}
            None => covers = Some(lines),
            // Cells of one row are one block, and a heading belongs to what it is the heading of.
            Some(covers) if whole.start < covers.end => covers.end = covers.end.max(lines.end),
            Some(_) => break,
        }
        if let (Some(covers), BlockKind::Heading(_)) = (&mut covers, block.kind) {
            let behind = script
                .blocks
                .iter()
                .filter(said)
                .map(|block| block.text.whole().start);
            let next = behind.filter(|start| *start >= covers.end).min();
            covers.end = next.map_or(covers.end, |next| next + 1);
        }
    }
    (covers.unwrap_or(own), first)
}

/// Every remark of a text; those of a line only where the format has no comments.
fn remarks(text: &str, lines: bool) -> Vec<Remark<'_>> {
    let mut remarks = Vec::new();
    for (at, _) in text.match_indices(KEY) {
        let before = text[..at].trim_end_matches([' ', '\t', '\n', '\r']);
        let body_at = at + KEY.len();
        if before.ends_with("<!--") {
            if let Some(len) = text[body_at..].find("-->") {
                remarks.push(Remark {
                    span: before.len() - "<!--".len()..body_at + len + "-->".len(),
                    body: &text[body_at..body_at + len],
                });
            }
            continue;
        }
        let line_start = text[..at].rfind(['\n', '\r']).map_or(0, |end| end + 1);
        let sign = LINE_SIGNS
            .iter()
            .find(|sign| before.len() >= line_start && before.ends_with(**sign));
        if let Some(sign) = sign.filter(|_| lines) {
            // It ends with its line, its cell, its quotes.
            let len = text[body_at..]
                .find(['\n', '\r', '\t', '"'])
                .unwrap_or(text.len() - body_at);
            remarks.push(Remark {
                span: before.len() - sign.len()..body_at + len,
                body: &text[body_at..body_at + len],
            });
        }
    }
    remarks
}

/// A text without its remarks, byte for byte as long; for formats that have no comments.
///
/// Of a remark with a line of its own the line end before it goes, so that no paragraph is parted by it.
pub(super) fn without_remarks(text: &str) -> Cow<'_, str> {
    if !text.contains(KEY) {
        return Cow::Borrowed(text);
    }
    let mut own = text.to_owned();
    for remark in remarks(text, true) {
        let mut span = remark.span;
        let before = text[..span.start].trim_end_matches([' ', '\t']);
        let behind = text[span.end..].trim_start_matches([' ', '\t']);
        if behind.is_empty() || behind.starts_with(['\n', '\r']) {
            let ended = before
                .strip_suffix('\n')
                .map(|before| before.strip_suffix('\r').unwrap_or(before));
            span.start = ended.unwrap_or(before).len();
        }
        own.replace_range(span.clone(), &" ".repeat(span.len()));
    }
    Cow::Owned(own)
}

/// Makes comments of the paragraphs and cells of a packed file that are remarks.
pub(super) fn set_apart(blocks: &mut [Block]) {
    for block in blocks {
        let text = block.text.as_str().trim_start();
        let signed = LINE_SIGNS
            .iter()
            .find_map(|sign| text.strip_prefix(sign))
            .or_else(|| text.strip_prefix("<!--"));
        if signed.is_some_and(|rest| rest.trim_start().starts_with(KEY)) {
            block.kind = BlockKind::Comment;
        }
    }
}
