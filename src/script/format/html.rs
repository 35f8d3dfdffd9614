//! HTML: html5gum gives the tags with their places, everything between them is words.

use std::ops::Range;

use std::borrow::Cow;

use html5gum::{DefaultEmitter, Token, Tokenizer};

use super::html_plain;
use super::{Block, BlockKind, Cut, Text};

pub(super) fn cut(text: &str) -> Cut {
    Cut {
        blocks: blocks(text, 0, 0),
        front: None,
    }
}

/// Tags that begin and end a paragraph.
const BLOCK_TAGS: &[&str] = &[
    "p",
    "div",
    "section",
    "article",
    "main",
    "header",
    "footer",
    "aside",
    "nav",
    "ul",
    "ol",
    "dl",
    "table",
    "thead",
    "tbody",
    "tfoot",
    "tr",
    "body",
    "html",
    "blockquote",
    "figure",
    "figcaption",
    "form",
    "fieldset",
    "details",
    "summary",
    "dt",
    "dd",
    "hr",
    "center",
    "address",
];
/// Tags whose content nobody reads.
const HIDDEN_TAGS: &[&str] = &[
    "head", "style", "script", "title", "template", "noscript", "svg", "textarea", "select",
    "option", "button", "iframe", // Struck out.
    "del", "s", "strike",
];
/// Tags that only mark words inside a line.
const INLINE_TAGS: &[&str] = &[
    "a", "abbr", "b", "bdi", "bdo", "big", "br", "cite", "code", "dfn", "em", "font", "i", "img",
    "input", "ins", "kbd", "label", "mark", "q", "samp", "small", "span", "strong", "sub", "sup",
    "time", "tt", "u", "var", "wbr", "meta", "link",
];

/// Whether a tag as written breaks the line.
pub(super) fn is_break(tag: &str) -> bool {
    tag_name(tag) == "br"
}

/// Whether what looks like a tag is none that HTML knows: `<name>`.
pub(super) fn is_placeholder(tag: &str) -> bool {
    let name = tag_name(tag);
    !tag.starts_with("</") && is_unknown(&name)
}

fn tag_name(tag: &str) -> String {
    let inside = tag.trim_start_matches(['<', '/']);
    let end = inside.find(|c: char| !(c.is_alphanumeric() || c == '-' || c == '_'));
    inside[..end.unwrap_or(inside.len())].to_lowercase()
}

fn is_unknown(name: &str) -> bool {
    let heading = name.len() == 2 && name.starts_with('h') && name.as_bytes()[1].is_ascii_digit();
    let other = [
        "li", "td", "th", "pre", "caption", "col", "colgroup", "dir", "menu", "object", "embed",
        "param", "video", "audio", "source",
    ];
    !heading
        && !other.contains(&name)
        && ![BLOCK_TAGS, HIDDEN_TAGS, INLINE_TAGS]
            .iter()
            .any(|tags| tags.contains(&name))
}

/// The blocks of a piece of HTML that stands at `at` in the file, inside so many lists.
pub(super) fn blocks(html: &str, at: usize, lists: u8) -> Vec<Block> {
    let mut walk = Walk {
        html,
        at,
        blocks: Vec::new(),
        open: None,
        pending: None,
        lists,
        hidden: Vec::new(),
        bold: 0,
        table: 0,
        tables: 0,
        row: None,
        column: 0,
        taken: Vec::new(),
        head: false,
        item: false,
        code: false,
    };
    let plain = html_plain::tags(html);
    debug_assert!(plain.as_ref().is_none_or(|tags| *tags == tags_of_any(html)));
    let mut done = 0;
    for (span, tag) in plain.unwrap_or_else(|| tags_of_any(html)) {
        walk.words(done..span.start);
        done = span.end;
        match tag {
            Tag::Start(name, closed) => walk.begin(&name, span, closed),
            Tag::End(name) => walk.end(&name, span),
            Tag::Comment => walk.comment(span),
        }
    }
    walk.words(done..html.len());
    walk.close();
    walk.blocks
}

/// What stands between words.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Tag<'h> {
    /// Its name in lower case, and whether it is closed at once.
    Start(Cow<'h, str>, bool),
    /// Its name in lower case.
    End(Cow<'h, str>),
    /// Or a document type.
    Comment,
}

/// The tags of any HTML, each with its bytes.
fn tags_of_any(html: &str) -> Vec<(Range<usize>, Tag<'static>)> {
    let name = |name: &[u8]| Cow::Owned(String::from_utf8_lossy(name).into_owned());
    let mut tags = Vec::new();
    let mut done = 0;
    for token in Tokenizer::new_with_emitter(html, emitter()) {
        let Ok(token) = token;
        let (span, tag) = match token {
            Token::StartTag(tag) => (tag.span, Tag::Start(name(&tag.name), tag.self_closing)),
            Token::EndTag(tag) => (tag.span, Tag::End(name(&tag.name))),
            Token::Comment(comment) => (comment.span, Tag::Comment),
            Token::Doctype(doctype) => (doctype.span, Tag::Comment),
            Token::String(_) | Token::Error(_) => continue,
        };
        let span = whole_tag(html, span.start..span.end, done);
        if span.start < done {
            continue;
        }
        done = span.end;
        tags.push((span, tag));
    }
    tags
}

fn emitter() -> DefaultEmitter<usize> {
    let mut emitter = DefaultEmitter::new_with_span();
    emitter.naively_switch_states(true);
    emitter
}

/// The tokenizer's spans may begin behind the bracket: from `<` to `>`.
fn whole_tag(html: &str, span: Range<usize>, done: usize) -> Range<usize> {
    let start = span.start.min(html.len());
    let start = if html[start..].starts_with('<') {
        start
    } else {
        html[done..start]
            .rfind('<')
            .map_or(start, |open| done + open)
    };
    let mut end = span.end.min(html.len());
    if !html[..end].ends_with('>') {
        end = html[end..]
            .find('>')
            .map_or(html.len(), |close| end + close + 1);
    }
    start..end.max(start)
}

struct Walk<'t> {
    html: &'t str,
    at: usize,
    blocks: Vec<Block>,
    open: Option<Block>,
    /// What the next words begin.
    pending: Option<BlockKind>,
    lists: u8,
    hidden: Vec<String>,
    bold: u32,
    /// Depth of tables; inner ones are read as the outer one's words.
    table: u32,
    tables: u32,
    row: Option<u32>,
    column: u32,
    /// For how many rows more each column is taken by a cell.
    taken: Vec<u32>,
    head: bool,
    item: bool,
    code: bool,
}

impl Walk<'_> {
    fn begin(&mut self, name: &str, span: Range<usize>, closed: bool) {
        if HIDDEN_TAGS.contains(&name) {
            if !closed {
                self.hidden.push(name.to_owned());
            }
            return;
        }
        match name {
            "br" => {
                if let Some(block) = &mut self.open {
                    block
                        .text
                        .push("\n", self.at + span.start..self.at + span.end);
                }
            }
            "b" | "strong" => self.bold += 1,
            "q" => self.words_of("«", span),
            "pre" => {
                self.close();
                self.code = true;
                self.pending = Some(BlockKind::Code);
            }
            "ul" | "ol" => {
                self.close();
                self.lists = self.lists.saturating_add(1);
            }
            "li" => {
                self.close();
                self.pending = Some(BlockKind::Item);
            }
            "table" => {
                self.close();
                self.table += 1;
                if self.table == 1 {
                    (self.row, self.column) = (None, 0);
                    self.taken.clear();
                }
            }
            "tr" if self.table <= 1 => {
                self.close();
                self.row = Some(self.row.map_or(0, |row| row + 1));
                self.column = 0;
                for rows in &mut self.taken {
                    *rows = rows.saturating_sub(1);
                }
            }
            "thead" => self.head = true,
            "td" | "th" if self.table <= 1 => {
                self.close();
                // Cells of rows above may reach down here.
                let taken = |column: &u32| {
                    self.taken
                        .get(*column as usize)
                        .is_none_or(|rows| *rows == 0)
                };
                self.column = (self.column..).find(taken).unwrap_or(self.column);
                self.pending = Some(BlockKind::Cell {
                    table: self.tables,
                    row: self.row.unwrap_or(0),
                    column: self.column,
                    header: name == "th" && self.row.unwrap_or(0) == 0 || self.head,
                });
                // An empty cell counts as well.
                let tag = &self.html[span];
                let (columns, rows) = (spanned(tag, "colspan"), spanned(tag, "rowspan"));
                for column in self.column..self.column + columns {
                    let column = column as usize;
                    self.taken.resize(self.taken.len().max(column + 1), 0);
                    self.taken[column] = rows;
                }
                self.column += columns;
            }
            "p" | "div" if self.pending.is_some() && self.open.is_none() => {}
            // Paragraphs of one cell are its lines.
            "p" | "div" if self.in_cell() => {
                if let Some(block) = &mut self.open {
                    block
                        .text
                        .push("\n", self.at + span.start..self.at + span.end);
                }
            }
            _ if heading(name).is_some() => {
                self.close();
                self.pending = heading(name).map(BlockKind::Heading);
            }
            _ if BLOCK_TAGS.contains(&name) => self.close(),
            _ if is_unknown(name) => self.words_at(span),
            _ => {}
        }
    }

    fn end(&mut self, name: &str, span: Range<usize>) {
        if let Some(open) = self.hidden.iter().rposition(|hidden| hidden == name) {
            self.hidden.truncate(open);
            return;
        }
        match name {
            "b" | "strong" => self.bold = self.bold.saturating_sub(1),
            "q" if self.hidden.is_empty() => self.words_of("»", span),
            "pre" => {
                self.close();
                self.code = false;
            }
            "ul" | "ol" => {
                self.close();
                self.lists = self.lists.saturating_sub(1);
            }
            "table" => {
                self.close();
                self.table = self.table.saturating_sub(1);
                self.tables += u32::from(self.table == 0);
            }
            "thead" => {
                self.close();
                self.head = false;
            }
            "li" | "td" | "th" | "tr" => self.close(),
            "p" | "div" if self.in_cell() => {}
            _ if heading(name).is_some() || BLOCK_TAGS.contains(&name) => self.close(),
            _ => {}
        }
    }

    fn in_cell(&self) -> bool {
        let cell = |kind| matches!(kind, BlockKind::Cell { .. });
        self.open.as_ref().is_some_and(|block| cell(block.kind)) || self.pending.is_some_and(cell)
    }

    fn comment(&mut self, span: Range<usize>) {
        let comment = &self.html[span.clone()];
        if let Some(inside) = comment.strip_prefix("<!--") {
            let inside = inside.strip_suffix("-->").unwrap_or(inside);
            let text = Text::of(inside, self.at + span.start + 4);
            self.blocks.push(Block {
                kind: BlockKind::Comment,
                text,
                depth: 0,
                strong: false,
            });
        }
    }

    fn words(&mut self, span: Range<usize>) {
        if !self.hidden.is_empty() || span.is_empty() {
            return;
        }
        if self.open.is_none() && self.html[span.clone()].trim().is_empty() {
            return;
        }
        self.words_at(span);
    }

    fn words_at(&mut self, span: Range<usize>) {
        let words = &self.html[span.clone()];
        let strong = self.bold > 0 || words.trim().is_empty();
        let at = self.at + span.start;
        let block = self.block();
        block.strong &= strong;
        push_decoded(&mut block.text, words, at);
    }

    /// Words that stand in the file as a tag.
    fn words_of(&mut self, words: &str, tag: Range<usize>) {
        if self.hidden.is_empty() {
            let span = self.at + tag.start..self.at + tag.end;
            self.block().text.push(words, span);
        }
    }

    fn block(&mut self) -> &mut Block {
        let kind = match self.pending.take() {
            Some(kind) => kind,
            None if self.code => BlockKind::Code,
            None => BlockKind::Paragraph,
        };
        let lists = self.lists;
        self.open.get_or_insert_with(|| Block {
            kind,
            text: Text::default(),
            depth: lists,
            strong: true,
        })
    }

    fn close(&mut self) {
        self.pending = None;
        self.item = false;
        let Some(mut block) = self.open.take() else {
            return;
        };
        if block.kind != BlockKind::Code {
            block.text = on_one_line(block.text.into_trimmed());
        }
        if !block.text.as_str().is_empty() {
            self.blocks.push(block);
        }
    }
}

/// More columns or rows are no cell of a template.
const SPAN_MAX: u32 = 64;

/// How many columns or rows a cell takes: the number behind `name` in its tag.
fn spanned(tag: &str, name: &str) -> u32 {
    let tag = tag.to_ascii_lowercase();
    let value = tag.split_once(name).map(|(_, rest)| {
        let rest = rest.trim_start_matches([' ', '=', '"', '\'']);
        let end = rest.find(|c: char| !c.is_ascii_digit());
        rest[..end.unwrap_or(rest.len())].parse().unwrap_or(1)
    });
    value.unwrap_or(1).clamp(1, SPAN_MAX)
}

fn heading(name: &str) -> Option<u8> {
    let digit = name.strip_prefix('h')?.parse().ok()?;
    (1..=6).contains(&digit).then_some(digit)
}

/// Line breaks of the source mean nothing; only those that `<br>` put there (not a bare `\n` of the file) stay.
fn on_one_line(text: Text) -> Text {
    let mut out = Text::default();
    let all = text.as_str();
    if memchr::memchr2(b'\n', b'\r', all.as_bytes()).is_none() {
        return text;
    }
    let mut from = 0;
    for (at, _) in all.match_indices(['\n', '\r']) {
        let source = text.source(at..at + 1);
        // A break of the source is one byte long, a tag is more.
        if source.len() > 1 {
            continue;
        }
        out.append(&text.slice(from..at));
        out.push(" ", source);
        from = at + 1;
    }
    out.append(&text.slice(from..all.len()));
    out
}

/// Adds words with their entities resolved, each of which leads back to the whole entity.
fn push_decoded(text: &mut Text, words: &str, at: usize) {
    let mut rest = 0;
    while let Some(amp) = words[rest..].find('&').map(|found| rest + found) {
        let Some(end) = words[amp..].bytes().take(34).position(|byte| byte == b';') else {
            text.push(&words[rest..=amp], at + rest..at + amp + 1);
            rest = amp + 1;
            continue;
        };
        let entity = &words[amp..=amp + end];
        text.push(&words[rest..amp], at + rest..at + amp);
        text.push(&decoded(entity), at + amp..at + amp + entity.len());
        rest = amp + entity.len();
    }
    text.push(&words[rest..], at + rest..at + words.len());
}

/// One entity as the tokenizer reads it; itself where it is none.
fn decoded(entity: &str) -> String {
    let mut out = String::new();
    for token in Tokenizer::new(entity) {
        let Ok(token) = token;
        if let Token::String(words) = token {
            out.push_str(&String::from_utf8_lossy(&words));
        }
    }
    // No-break spaces part words like any others.
    out.replace('\u{a0}', " ")
}
