//! Plain text: headings, lists and paragraphs as people set them off without markup.

use super::{Block, BlockKind, Cut, Text, front_matter};

/// A heading that is only numbered has at most so many words.
const NUMBERED_WORDS_MAX: usize = 8;
/// A heading in capitals has at least so many letters.
const CAPITALS_MIN: usize = 3;
/// An indentation of this many columns is one list deeper.
const INDENT: usize = 2;

/// One physical line without its end.
#[derive(Debug, Clone, Copy)]
struct Line<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Line<'t> {
    fn trim(self) -> Self {
        let start = self.text.len() - self.text.trim_start().len();
        Self {
            text: self.text.trim(),
            at: self.at + start,
        }
    }

    fn skip(self, bytes: usize) -> Self {
        Self {
            text: &self.text[bytes..],
            at: self.at + bytes,
        }
        .trim()
    }

    fn indent(self) -> usize {
        let white = self.text.chars().take_while(|c| matches!(c, ' ' | '\t'));
        white.map(|c| if c == '\t' { 4 } else { 1 }).sum()
    }
}

pub(super) fn cut(text: &str) -> Cut {
    let (front, start) = match front_matter(text) {
        Some((front, start)) => (Some(front), start),
        None => (None, 0),
    };
    let lines = lines(text, start);
    let mut blocks: Vec<Block> = Vec::new();
    let mut open: Option<Block> = None;
    let mut fence = false;
    let mut i = 0;
    while i < lines.len() {
        let line = lines[i].trim();
        let next = lines.get(i + 1).map(|next| next.trim());
        i += 1;
        if line.text.starts_with("```") {
            blocks.extend(open.take());
            fence = !fence;
            if fence {
                open = Some(block(BlockKind::Code, 0));
            }
            continue;
        }
        if fence {
            if let Some(code) = &mut open {
                push_line(&mut code.text, line);
            }
            continue;
        }
        if line.text.is_empty() || is_rule(line.text) {
            blocks.extend(open.take());
            continue;
        }
        if let Some(inside) = comment(line) {
            blocks.extend(open.take());
            blocks.push(words(BlockKind::Comment, inside, 0));
            continue;
        }
        let lone_before = open.is_none();
        if lone_before && next.is_some_and(|next| is_underline(next.text)) {
            blocks.push(words(BlockKind::Heading(2), line, 0));
            i += 1;
            continue;
        }
        if let Some((level, title)) = heading(line, next, lone_before) {
            blocks.extend(open.take());
            blocks.push(words(BlockKind::Heading(level), title, 0));
            continue;
        }
        if let Some(sign) = bullet(line.text) {
            blocks.extend(open.take());
            let depth = lines[i - 1].indent() / INDENT + 1;
            let mut item = block(BlockKind::Item, depth.min(20) as u8);
            push_line(&mut item.text, line.skip(sign));
            open = Some(item);
            continue;
        }
        let block = open.get_or_insert_with(|| block(BlockKind::Paragraph, 0));
        push_line(&mut block.text, line);
    }
    blocks.extend(open);
    blocks.retain(|block| !block.text.as_str().is_empty());
    Cut { blocks, front }
}

fn lines(text: &str, start: usize) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    let mut at = start;
    while at < text.len() {
        let end = memchr::memchr2(b'\n', b'\r', &text.as_bytes()[at..])
            .map_or(text.len(), |found| at + found);
        lines.push(Line {
            text: &text[at..end],
            at,
        });
        at = end
            + if text[end..].starts_with("\r\n") {
                2
            } else {
                1
            };
    }
    lines
}

fn block(kind: BlockKind, depth: u8) -> Block {
    Block {
        kind,
        text: Text::default(),
        depth,
        strong: false,
    }
}

fn words(kind: BlockKind, line: Line<'_>, depth: u8) -> Block {
    Block {
        text: Text::of(line.text, line.at),
        ..block(kind, depth)
    }
}

fn push_line(text: &mut Text, line: Line<'_>) {
    if !text.as_str().is_empty() {
        // The break stands where the line before ended, white space and all.
        let end = text.whole().end;
        text.push("\n", end..end + 1);
    }
    text.push(line.text, line.at..line.at + line.text.len());
}

/// A line of nothing but signs.
fn is_rule(line: &str) -> bool {
    line.chars().count() >= 3
        && line
            .chars()
            .all(|c| matches!(c, '-' | '=' | '_' | '*' | '~' | '—' | '–' | ' '))
}

fn is_underline(line: &str) -> bool {
    let mut chars = line.chars();
    let first = chars.next();
    first.is_some_and(|c| matches!(c, '=' | '-' | '~'))
        && line.chars().count() >= 3
        && chars.all(|c| Some(c) == first)
}

fn comment(line: Line<'_>) -> Option<Line<'_>> {
    if let Some(inside) = line.text.strip_prefix("<!--") {
        let inside = inside.strip_suffix("-->").unwrap_or(inside);
        return Some(
            Line {
                text: inside,
                at: line.at + 4,
            }
            .trim(),
        );
    }
    let inside = line.text.strip_prefix("//")?;
    Some(
        Line {
            text: inside,
            at: line.at + 2,
        }
        .trim(),
    )
}

/// Bytes of the sign that makes a line a list item: a bullet, a number, a letter with a bracket.
pub(super) fn bullet(line: &str) -> Option<usize> {
    let first = line.chars().next()?;
    if matches!(
        first,
        '-' | '*' | '•' | '–' | '—' | '·' | '‣' | '▪' | '●' | '○' | '◦' | '+'
    ) {
        let rest = &line[first.len_utf8()..];
        return rest.starts_with([' ', '\t']).then_some(first.len_utf8());
    }
    let (sign, _) = numbering(line)?;
    Some(sign)
}

/// Bytes of `1.`, `2)`, `3.1.`, and whether it is a number of one level with a dot or bracket behind it.
fn numbering(line: &str) -> Option<(usize, bool)> {
    let digits = line
        .bytes()
        .take_while(|b| b.is_ascii_digit() || *b == b'.')
        .count();
    let number = &line[..digits];
    if number.starts_with(|c: char| c.is_ascii_digit()) && number.len() <= 8 {
        let after = &line[digits..];
        if let Some(rest) = after.strip_prefix(')')
            && rest.starts_with([' ', '\t'])
        {
            return Some((digits + 1, true));
        }
        if number.ends_with('.') && after.starts_with([' ', '\t']) {
            return Some((digits, number.matches('.').count() == 1));
        }
        return None;
    }
    let mut chars = line.chars();
    let letter = chars.next()?;
    let bracket = chars.next()?;
    (letter.is_lowercase() && bracket == ')' && chars.next().is_some_and(char::is_whitespace))
        .then(|| (letter.len_utf8() + 1, true))
}

/// A line that only titles what follows.
fn heading<'t>(
    line: Line<'t>,
    next: Option<Line<'t>>,
    lone_before: bool,
) -> Option<(u8, Line<'t>)> {
    let hashes = line.text.bytes().take_while(|byte| *byte == b'#').count();
    if (1..=6).contains(&hashes) && line.text[hashes..].starts_with(' ') {
        return Some((hashes as u8, line.skip(hashes)));
    }
    let decorated = |c: char| matches!(c, '=' | '*' | '-' | '~' | '#' | '—' | '–' | '_' | ' ');
    let inner = line.text.trim_matches(decorated);
    let has_both = line.text.starts_with(['=', '*', '-', '~', '#', '—'])
        && line.text.ends_with(['=', '*', '-', '~', '#', '—']);
    if has_both && !inner.is_empty() && lone_before && !ends_sentence(inner) {
        let start = line.text.len() - line.text.trim_start_matches(decorated).len();
        return Some((
            2,
            Line {
                text: inner,
                at: line.at + start,
            },
        ));
    }
    let title = line.text.trim_end_matches(':');
    if lone_before && is_capitals(title) && !ends_sentence(title) {
        return Some((2, line));
    }
    if let Some((sign, flat)) = numbering(line.text)
        && lone_before
    {
        let rest = line.skip(sign);
        let title = rest.text.trim_end_matches(':');
        let n_words = title.split_whitespace().count();
        // Neighbours with numbers make it a list.
        let listed = flat && next.is_some_and(|next| bullet(next.text).is_some());
        let capital = title.chars().next().is_some_and(char::is_uppercase);
        let plain = !title.contains(['«', '"', '“', ':', ',', '[', '{', '→']);
        if !listed && capital && plain && n_words <= NUMBERED_WORDS_MAX && !ends_sentence(title) {
            return Some((2, rest));
        }
    }
    None
}

fn ends_sentence(title: &str) -> bool {
    title.ends_with(['.', '!', '?', ';', ',', '»', '"', '…'])
}

fn is_capitals(title: &str) -> bool {
    // Most lines have a small letter soon.
    let mut chars = title.chars();
    !chars.any(char::is_lowercase)
        && title.chars().filter(|c| c.is_alphabetic()).count() >= CAPITALS_MIN
}
