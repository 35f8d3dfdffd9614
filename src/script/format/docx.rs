//! DOCX: zip + quick-xml; a line of text is a paragraph of the document, those inside tables and text boxes too.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::{Block, BlockKind, Lines, Problem, Text, Unpacked};

/// More than this, unpacked, is no template.
const XML_BYTES_MAX: u64 = 64 << 20;

pub(super) fn unpack(bytes: &[u8]) -> Result<Unpacked, Problem> {
    let broken = |error: &dyn std::fmt::Display| {
        Problem::new("script/broken-file", true, &["DOCX", &error.to_string()])
    };
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|error| broken(&error))?;
    let mut part = |name: &str| -> Result<String, String> {
        let file = archive.by_name(name).map_err(|error| error.to_string())?;
        let mut xml = String::new();
        let read = file.take(XML_BYTES_MAX).read_to_string(&mut xml);
        read.map_err(|error| error.to_string())?;
        Ok(xml)
    };
    let document = part("word/document.xml").map_err(|error| broken(&error))?;
    let styles = part("word/styles.xml")
        .map(|xml| styles(&xml))
        .unwrap_or_default();
    let mut walk = Walk {
        styles,
        ..Walk::default()
    };
    let mut reader = Reader::from_str(&document);
    // A document that was cut off ends inside its elements, or before the first.
    let (mut depth, mut begun) = (0_usize, false);
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) => {
                (depth, begun) = (depth + 1, true);
                walk.begin(&tag, false);
            }
            Ok(Event::Empty(tag)) => walk.begin(&tag, true),
            Ok(Event::End(tag)) => {
                depth = depth.saturating_sub(1);
                walk.end(tag.local_name().as_ref());
            }
            Ok(Event::Text(words)) => walk.content(&words),
            Ok(Event::GeneralRef(entity)) => {
                let name = entity.to_string();
                let resolved =
                    quick_xml::escape::unescape(&format!("&{name};")).map(|text| text.into_owned());
                walk.content(&resolved.unwrap_or_default());
            }
            Ok(Event::Eof) if depth > 0 || !begun => return Err(broken(&"word/document.xml")),
            Ok(Event::Eof) => break,
            Err(error) => return Err(broken(&error)),
            _ => {}
        }
    }
    Ok(Unpacked {
        lines: Lines::of(&walk.text),
        text: walk.text,
        blocks: walk.blocks,
        problems: Vec::new(),
    })
}

/// What a paragraph style makes of its paragraphs.
#[derive(Debug, Clone, Copy, Default)]
struct Style {
    heading: Option<u8>,
    list: Option<u8>,
    /// A line of the table of contents.
    contents: bool,
}

/// Paragraph styles by their ids: headings by outline level or by name, lists by their numbering; what a style does not say, the one
/// that it is based on does.
fn styles(xml: &str) -> BTreeMap<String, Style> {
    let mut styles: BTreeMap<String, (Style, Option<String>)> = BTreeMap::new();
    let mut reader = Reader::from_str(xml);
    let mut id = String::new();
    while let Ok(event) = reader.read_event() {
        match event {
            Event::Start(tag) | Event::Empty(tag) => {
                let value = || attribute(&tag, "val");
                let level = || value().and_then(|level| level.parse::<u8>().ok());
                match tag.local_name().as_ref() {
                    "style" => {
                        id = attribute(&tag, "styleId").unwrap_or_default();
                        styles.entry(id.clone()).or_default();
                    }
                    name => {
                        let Some((style, based)) = styles.get_mut(&id) else {
                            continue;
                        };
                        match name {
                            "name" => {
                                let name = value().unwrap_or_default().to_lowercase();
                                let level = name
                                    .strip_prefix("heading ")
                                    .and_then(|level| level.parse().ok());
                                style.heading = level.or((name == "title").then_some(1));
                                style.contents = name.starts_with("toc ");
                            }
                            "basedOn" => *based = value(),
                            "outlineLvl" => {
                                let level = level().filter(|level| *level < 9);
                                style.heading = style.heading.or(level.map(|level| level + 1));
                            }
                            "numPr" => style.list = style.list.or(Some(1)),
                            "ilvl" => style.list = level().map(|level| level.saturating_add(1)),
                            _ => {}
                        }
                    }
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    let own = |id: &String| {
        let (mut style, mut based) = styles.get(id).cloned().unwrap_or_default();
        // Chains are short; one that bites its tail ends too.
        for _ in 0..STYLES_DEEP_MAX {
            let Some((base, next)) = based.and_then(|id| styles.get(&id)) else {
                break;
            };
            style.heading = style.heading.or(base.heading);
            style.list = style.list.or(base.list);
            based = next.clone();
        }
        style
    };
    styles.keys().map(|id| (id.clone(), own(id))).collect()
}

/// So many styles may be based on one another.
const STYLES_DEEP_MAX: usize = 12;

fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = tag.attributes().flatten();
    let found = attributes.find(|attribute| attribute.key.local_name().as_ref() == name)?;
    Some(found.value.into_owned())
}

/// What the document no longer says, says twice, or says of how it looked before.
const SKIPPED: &[&str] = &[
    "del",
    "moveFrom",
    "Fallback",
    "pPrChange",
    "rPrChange",
    "tblPrChange",
    "trPrChange",
    "tcPrChange",
    "sectPrChange",
];

/// Instructions of fields that stand for what is filled in later.
const FILLED_IN: &[&str] = &["MERGEFIELD", "FORMTEXT", "FILLIN", "DOCPROPERTY"];

#[derive(Debug, Default)]
struct Walk {
    text: String,
    blocks: Vec<Block>,
    styles: BTreeMap<String, Style>,
    /// Depth inside of what is not read.
    skipped: u32,
    begun: bool,
    in_text: bool,
    in_instruction: bool,
    /// The paragraph in hand and, of a text box inside it, those around.
    paragraphs: Vec<Paragraph>,
    /// Paragraphs of a text box wait for the one that holds it.
    waiting: Vec<Paragraph>,
    /// Content controls: whether each shows but what is to be filled in.
    controls: Vec<bool>,
    /// Fields: the instruction of each, and whether its result is being read.
    fields: Vec<(String, bool)>,
    /// Depth of tables; inner ones are read as the outer one's words.
    table: u32,
    tables: u32,
    row: Option<u32>,
    column: Option<u32>,
    /// Columns that the cell in hand takes.
    span: u32,
    /// The cell in hand: its words so far.
    cell: Option<Text>,
}

#[derive(Debug, Default)]
struct Paragraph {
    words: String,
    /// Bytes of blanks that are line breaks.
    breaks: Vec<usize>,
    heading: Option<u8>,
    list: Option<u8>,
    contents: bool,
    run: Run,
    /// Ends in a place to be filled in, which further words of the same kind belong to.
    filling: bool,
    strong: bool,
}

/// How the run in hand looks.
#[derive(Debug, Clone, Copy, Default)]
struct Run {
    bold: bool,
    /// Hidden or struck out.
    gone: bool,
    filling: bool,
}

impl Walk {
    fn begin(&mut self, tag: &BytesStart<'_>, empty: bool) {
        let name = tag.local_name();
        let name: &str = name.as_ref();
        // A mark inside of properties is empty: the words it speaks of stand elsewhere.
        if self.skipped > 0 || SKIPPED.contains(&name) {
            self.skipped += u32::from(!empty);
            return;
        }
        let value = || attribute(tag, "val");
        let on = || value().is_none_or(|on| !matches!(on.as_str(), "0" | "false" | "none" | "off"));
        let level = || value().and_then(|level| level.parse::<u8>().ok());
        match name {
            "sdt" if !empty => self.controls.push(false),
            "showingPlcHdr" => {
                if let Some(last) = self.controls.last_mut() {
                    *last = on();
                }
            }
            "fldSimple" if !empty => {
                let instruction = attribute(tag, "instr").unwrap_or_default();
                self.fields.push((instruction, true));
            }
            "fldChar" => match attribute(tag, "fldCharType").as_deref() {
                Some("begin") => self.fields.push((String::new(), false)),
                Some("separate") => {
                    if let Some((_, result)) = self.fields.last_mut() {
                        *result = true;
                    }
                }
                Some("end") => {
                    self.fields.pop();
                }
                _ => {}
            },
            "instrText" => self.in_instruction = !empty,
            "tbl" if !empty => {
                self.table += 1;
                if self.table == 1 {
                    self.row = None;
                }
            }
            "tr" if self.table == 1 => {
                self.row = Some(self.row.map_or(0, |row| row + 1));
                self.column = None;
                self.span = 1;
            }
            "gridBefore" if self.table == 1 => {
                self.column = level().and_then(|before| u32::from(before).checked_sub(1));
            }
            "tc" if self.table == 1 && !empty => {
                self.column = Some(self.column.map_or(0, |column| column + self.span));
                self.span = 1;
                self.cell = Some(Text::default());
            }
            "gridSpan" if self.table == 1 => self.span = level().map_or(1, u32::from).max(1),
            "p" => {
                self.paragraphs.push(Paragraph {
                    strong: true,
                    ..Paragraph::default()
                });
                if empty {
                    self.end("p");
                }
            }
            _ => self.in_paragraph(name, &value, &on, &level, empty),
        }
    }

    fn in_paragraph(
        &mut self,
        name: &str,
        value: &dyn Fn() -> Option<String>,
        on: &dyn Fn() -> bool,
        level: &dyn Fn() -> Option<u8>,
        empty: bool,
    ) {
        let Some(paragraph) = self.paragraphs.last_mut() else {
            return;
        };
        match name {
            "t" => self.in_text = !empty,
            "tab" | "ptab" => self.words(" "),
            "br" | "cr" => {
                paragraph.breaks.push(paragraph.words.len());
                self.words(" ");
            }
            "noBreakHyphen" => self.words("-"),
            "r" => paragraph.run = Run::default(),
            "b" => paragraph.run.bold = on(),
            "vanish" | "strike" | "dstrike" => paragraph.run.gone |= on(),
            "rStyle" => {
                paragraph.run.filling = value().is_some_and(|style| style == "PlaceholderText");
            }
            "pStyle" => {
                let style = value().unwrap_or_default();
                let by_id = || {
                    style
                        .strip_prefix("Heading")
                        .and_then(|level| level.parse().ok())
                };
                let known = self.styles.get(&style).copied().unwrap_or_default();
                paragraph.heading = known.heading.or_else(by_id);
                paragraph.list = known.list;
                paragraph.contents = known.contents;
            }
            "outlineLvl" => {
                if let Some(level) = level().filter(|level| *level < 9) {
                    paragraph.heading = Some(level + 1);
                }
            }
            "numPr" => paragraph.list = paragraph.list.or(Some(1)),
            "ilvl" => paragraph.list = Some(level().unwrap_or(0).saturating_add(1)),
            // Numbering that is switched off.
            "numId" if level() == Some(0) => paragraph.list = None,
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        if self.skipped > 0 {
            self.skipped -= 1;
            return;
        }
        match name {
            "t" => self.in_text = false,
            "instrText" => self.in_instruction = false,
            "sdt" => {
                self.controls.pop();
            }
            "fldSimple" => {
                self.fields.pop();
            }
            "p" => {
                let Some(paragraph) = self.paragraphs.pop() else {
                    return;
                };
                if !self.paragraphs.is_empty() {
                    self.waiting.push(paragraph);
                    return;
                }
                self.paragraph_ends(paragraph);
                for inner in std::mem::take(&mut self.waiting) {
                    self.paragraph_ends(inner);
                }
            }
            "tc" if self.table == 1 => {
                if let Some(text) = self.cell.take() {
                    let row = self.row.unwrap_or(0);
                    self.blocks.push(Block {
                        kind: BlockKind::Cell {
                            table: self.tables,
                            row,
                            column: self.column.unwrap_or(0),
                            header: row == 0,
                        },
                        text: text.trim(),
                        depth: 0,
                        strong: false,
                    });
                }
            }
            "tbl" => {
                self.table = self.table.saturating_sub(1);
                self.tables += u32::from(self.table == 0);
            }
            _ => {}
        }
    }

    /// What stands between tags.
    fn content(&mut self, words: &str) {
        if self.skipped > 0 {
            return;
        }
        if self.in_instruction {
            if let Some((instruction, _)) = self.fields.last_mut() {
                instruction.push_str(words);
            }
        } else if self.in_text {
            self.words(words);
        }
    }

    fn words(&mut self, words: &str) {
        let field = self.fields.iter().any(|(instruction, result)| {
            let code = instruction.split_whitespace().next();
            *result && code.is_some_and(|code| FILLED_IN.contains(&code))
        });
        let control = self.controls.contains(&true);
        let Some(paragraph) = self.paragraphs.last_mut() else {
            return;
        };
        if paragraph.run.gone {
            return;
        }
        let mut words: String = words
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect();
        paragraph.strong &= paragraph.run.bold || words.trim().is_empty();
        let filling = (field || control || paragraph.run.filling) && !words.is_empty();
        if filling {
            let inside = words.trim_matches(['«', '»', '[', ']', '<', '>', '{', '}']);
            let inside = inside.to_owned();
            let open = match paragraph.filling {
                true => {
                    paragraph.words.pop();
                    ""
                }
                false => "[",
            };
            words = format!("{open}{inside}]");
        }
        paragraph.filling = filling;
        paragraph.words.push_str(&words);
    }

    fn paragraph_ends(&mut self, paragraph: Paragraph) {
        if std::mem::replace(&mut self.begun, true) {
            self.text.push('\n');
        }
        if paragraph.words.trim().is_empty() {
            return;
        }
        let at = self.text.len();
        self.text.push_str(&paragraph.words);
        let mut text = Text::default();
        let mut from = 0;
        // A line break inside of a paragraph parts what is said, but begins no line of the file.
        for end in paragraph.breaks {
            text.push(&paragraph.words[from..end], at + from..at + end);
            text.push("\n", at + end..at + end + 1);
            from = (end + 1).min(paragraph.words.len());
        }
        text.push(
            &paragraph.words[from..],
            at + from..at + paragraph.words.len(),
        );
        let text = text.trim();
        if let Some(cell) = &mut self.cell {
            if !cell.as_str().is_empty() {
                cell.push("\n", at - 1..at);
            }
            cell.append(&text);
            return;
        }
        let kind = match (paragraph.heading, paragraph.list) {
            _ if paragraph.contents => BlockKind::Comment,
            (Some(level), _) => BlockKind::Heading(level),
            (None, Some(_)) => BlockKind::Item,
            (None, None) => BlockKind::Paragraph,
        };
        self.blocks.push(Block {
            kind,
            text,
            depth: paragraph
                .list
                .filter(|_| kind == BlockKind::Item)
                .unwrap_or(0),
            strong: paragraph.strong,
        });
    }
}
