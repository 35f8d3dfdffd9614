//! Markdown: pulldown-cmark finds the blocks, the words are taken from where it says they stand.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::{Block, BlockKind, Cut, Text, front_matter, html};

/// Stands for an underscore of a blank («__», «[____]») while the parser looks for emphasis; of the same length.
const BLANK: char = '\u{1}';

pub(super) fn cut(text: &str) -> Cut {
    let (front, start) = match front_matter(text) {
        Some((front, start)) => (Some(front), start),
        None => (None, 0),
    };
    let shielded = shield(&text[start..]);
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let mut walk = Walk {
        source: text,
        blocks: Vec::new(),
        open: None,
        lists: 0,
        item: false,
        code: false,
        strong: 0,
        struck: 0,
        images: 0,
        tables: 0,
        row: 0,
        column: 0,
        header: false,
        html: String::new(),
        html_start: None,
    };
    for (event, span) in Parser::new_ext(&shielded, options).into_offset_iter() {
        walk.event(event, span.start + start..span.end + start);
    }
    walk.close();
    Cut {
        blocks: walk.blocks,
        front,
    }
}

/// Blanks are no emphasis: their underscores become [`BLANK`]s.
fn shield(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("__") {
        let length = rest[at..].bytes().take_while(|byte| *byte == b'_').count();
        let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let before = rest[..at].chars().next_back().or(out.chars().next_back());
        let after = rest[at + length..].chars().next();
        out.push_str(&rest[..at]);
        // «__word__» is bold, «word __» is a blank.
        let bold =
            length == 2 && (letter(after) && !letter(before) || letter(before) && !letter(after));
        let sign = if bold { '_' } else { BLANK };
        out.extend(std::iter::repeat_n(sign, length));
        rest = &rest[at + length..];
    }
    out.push_str(rest);
    out
}

struct Walk<'t> {
    source: &'t str,
    blocks: Vec<Block>,
    open: Option<Block>,
    lists: u8,
    /// The next words are the first of a list item.
    item: bool,
    code: bool,
    strong: u32,
    /// Inside of what is struck out, which nobody says.
    struck: u32,
    /// Inside of the words that stand for an image, which nobody says either.
    images: u32,
    tables: u32,
    row: u32,
    column: u32,
    header: bool,
    html: String,
    html_start: Option<usize>,
}

impl Walk<'_> {
    fn event(&mut self, event: Event<'_>, span: Range<usize>) {
        match event {
            Event::Start(tag) => self.begin(&tag),
            Event::End(tag) => self.end(tag),
            Event::Text(words) => self.words(&words, span),
            Event::Code(words) => {
                // Code inside a line is words all the same; its signs are not.
                let inside = self.source[span.clone()].trim_matches('`').trim();
                let at = span.start + self.source[span.clone()].find(inside).unwrap_or(0);
                let _ = words;
                self.words(inside, at..at + inside.len());
            }
            Event::SoftBreak | Event::HardBreak => {
                let end = self.source[span.clone()].find('\n').unwrap_or(0);
                let at = span.start + end;
                self.paragraph().text.push("\n", at..at + 1);
            }
            Event::Html(words) => {
                self.html_start.get_or_insert(span.start);
                self.html.push_str(&words);
            }
            Event::InlineHtml(words) => self.inline(&words, span),
            Event::Rule => self.close(),
            _ => {}
        }
    }

    fn begin(&mut self, tag: &Tag<'_>) {
        let kind = match tag {
            Tag::Heading { level, .. } => BlockKind::Heading(*level as u8),
            Tag::List(_) => {
                self.close();
                self.lists = self.lists.saturating_add(1);
                return;
            }
            Tag::Item => {
                self.close();
                self.item = true;
                return;
            }
            Tag::CodeBlock(_) => {
                self.code = true;
                BlockKind::Code
            }
            Tag::Table(_) => {
                self.close();
                self.row = 0;
                return;
            }
            Tag::TableHead => {
                self.header = true;
                self.column = 0;
                return;
            }
            Tag::TableRow => {
                self.row += 1;
                self.column = 0;
                return;
            }
            Tag::TableCell => BlockKind::Cell {
                table: self.tables,
                row: self.row,
                column: self.column,
                header: self.header,
            },
            Tag::Strong => {
                self.strong += 1;
                return;
            }
            Tag::Strikethrough => {
                self.struck += 1;
                return;
            }
            Tag::Image { .. } => {
                self.images += 1;
                return;
            }
            Tag::Paragraph => {
                self.close();
                return;
            }
            _ => return,
        };
        self.close();
        self.open = Some(self.block(kind));
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::List(_) => {
                self.close();
                self.lists = self.lists.saturating_sub(1);
            }
            TagEnd::Item => {
                self.close();
                self.item = false;
            }
            TagEnd::CodeBlock => {
                self.close();
                self.code = false;
            }
            TagEnd::TableHead => self.header = false,
            TagEnd::TableCell => {
                // An empty cell counts as well.
                if let Some(block) = self.open.take() {
                    self.blocks.push(block);
                }
                self.column += 1;
            }
            TagEnd::Table => self.tables += 1,
            TagEnd::Strikethrough => self.struck = self.struck.saturating_sub(1),
            TagEnd::Image => self.images = self.images.saturating_sub(1),
            TagEnd::Strong => self.strong = self.strong.saturating_sub(1),
            TagEnd::Paragraph | TagEnd::Heading(_) => self.close(),
            TagEnd::HtmlBlock => self.close(),
            _ => {}
        }
    }

    fn block(&self, kind: BlockKind) -> Block {
        Block {
            kind,
            text: Text::default(),
            depth: self.lists,
            strong: true,
        }
    }

    fn paragraph(&mut self) -> &mut Block {
        if self.open.is_none() {
            let kind = if std::mem::take(&mut self.item) {
                BlockKind::Item
            } else {
                BlockKind::Paragraph
            };
            self.open = Some(self.block(kind));
        }
        self.open
            .get_or_insert_with(|| unreachable!("opened above"))
    }

    fn words(&mut self, words: &str, span: Range<usize>) {
        if self.struck > 0 || self.images > 0 {
            return;
        }
        let strong = self.strong > 0 || words.trim().is_empty();
        let same = self
            .source
            .get(span.clone())
            .is_some_and(|own| own.len() == words.len());
        let own = if same {
            self.source[span.clone()].to_owned()
        } else {
            words.replace(BLANK, "_")
        };
        let block = self.paragraph();
        block.strong &= strong;
        block.text.push(&own, span);
    }

    fn inline(&mut self, words: &str, span: Range<usize>) {
        if let Some(comment) = words.strip_prefix("<!--") {
            let inside = comment.trim_end_matches("-->");
            let at = span.start + 4;
            self.blocks.push(Block {
                kind: BlockKind::Comment,
                text: Text::of(inside, at),
                depth: 0,
                strong: false,
            });
        } else if html::is_break(words) {
            self.paragraph().text.push("\n", span);
        } else if html::is_placeholder(words) {
            self.words(words, span);
        }
    }

    fn close(&mut self) {
        if let Some(start) = self.html_start.take() {
            let html = std::mem::take(&mut self.html);
            let end = (start + html.len()).min(self.source.len());
            // What the parser gives of a block of HTML is the file's own text, line by line.
            if self.source.is_char_boundary(end) {
                self.blocks
                    .extend(html::blocks(&self.source[start..end], start, self.lists));
            }
        }
        let Some(mut block) = self.open.take() else {
            return;
        };
        block.text = block.text.trim();
        if !block.text.as_str().is_empty() {
            self.blocks.push(block);
        }
    }
}
