//! DOCX: zip + quick-xml; a line of text is a paragraph of the document, those inside tables too.

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
        .map(|xml| heading_styles(&xml))
        .unwrap_or_default();
    let mut walk = Walk {
        styles,
        ..Walk::default()
    };
    let mut reader = Reader::from_str(&document);
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) => walk.begin(&tag, false),
            Ok(Event::Empty(tag)) => walk.begin(&tag, true),
            Ok(Event::End(tag)) => walk.end(tag.local_name().as_ref()),
            Ok(Event::Text(words)) if walk.in_text => {
                walk.words(&words);
            }
            Ok(Event::GeneralRef(entity)) if walk.in_text => {
                let name = entity.to_string();
                let resolved =
                    quick_xml::escape::unescape(&format!("&{name};")).map(|text| text.into_owned());
                walk.words(&resolved.unwrap_or_default());
            }
            Ok(Event::Eof) => break,
            Err(error) => return Err(broken(&error)),
            _ => {}
        }
    }
    Ok(Unpacked {
        lines: Lines::of(&walk.text),
        text: walk.text,
        blocks: walk.blocks,
    })
}

/// Ids of paragraph styles that are headings, with their levels: by outline level or by name.
fn heading_styles(xml: &str) -> BTreeMap<String, u8> {
    let mut styles = BTreeMap::new();
    let mut reader = Reader::from_str(xml);
    let mut id = String::new();
    while let Ok(event) = reader.read_event() {
        match event {
            Event::Start(tag) | Event::Empty(tag) => match tag.local_name().as_ref() {
                "style" => id = attribute(&tag, "styleId").unwrap_or_default(),
                "name" => {
                    let name = attribute(&tag, "val").unwrap_or_default().to_lowercase();
                    let level = name
                        .strip_prefix("heading ")
                        .and_then(|level| level.parse().ok());
                    let level = level.or((name == "title").then_some(1));
                    if let Some(level) = level {
                        styles.insert(id.clone(), level);
                    }
                }
                "outlineLvl" => {
                    if let Some(level) =
                        attribute(&tag, "val").and_then(|level| level.parse::<u8>().ok())
                        && level < 9
                    {
                        styles.entry(id.clone()).or_insert(level + 1);
                    }
                }
                _ => {}
            },
            Event::Eof => break,
            _ => {}
        }
    }
    styles
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = tag.attributes().flatten();
    let found = attributes.find(|attribute| attribute.key.local_name().as_ref() == name)?;
    Some(found.value.into_owned())
}

#[derive(Debug, Default)]
struct Walk {
    text: String,
    blocks: Vec<Block>,
    styles: BTreeMap<String, u8>,
    begun: bool,
    in_text: bool,
    in_paragraph: u32,
    paragraph: Paragraph,
    /// Depth of tables; inner ones are read as the outer one's words.
    table: u32,
    tables: u32,
    row: Option<u32>,
    column: Option<u32>,
    header: bool,
    /// The cell in hand: its words so far.
    cell: Option<Text>,
}

#[derive(Debug, Default)]
struct Paragraph {
    words: Text,
    heading: Option<u8>,
    list: Option<u8>,
    /// The run in hand is bold; all words so far were.
    bold: bool,
    strong: bool,
}

impl Walk {
    fn begin(&mut self, tag: &BytesStart<'_>, empty: bool) {
        let value = || attribute(tag, "val");
        match tag.local_name().as_ref() {
            "p" => {
                self.in_paragraph += 1;
                if self.in_paragraph == 1 {
                    if std::mem::replace(&mut self.begun, true) {
                        self.text.push('\n');
                    }
                    self.paragraph = Paragraph {
                        strong: true,
                        ..Paragraph::default()
                    };
                }
                if empty {
                    self.end("p");
                }
            }
            "t" => self.in_text = !empty,
            "tab" | "br" | "cr" if self.in_paragraph > 0 => self.words(" "),
            "noBreakHyphen" => self.words("-"),
            "r" => self.paragraph.bold = false,
            "b" => {
                self.paragraph.bold =
                    value().is_none_or(|on| !matches!(on.as_str(), "0" | "false" | "none"))
            }
            "pStyle" => {
                let style = value().unwrap_or_default();
                let by_id = || {
                    style
                        .strip_prefix("Heading")
                        .and_then(|level| level.parse().ok())
                };
                self.paragraph.heading = self.styles.get(&style).copied().or_else(by_id);
            }
            "outlineLvl" => {
                if let Some(level) = value()
                    .and_then(|level| level.parse::<u8>().ok())
                    .filter(|level| *level < 9)
                {
                    self.paragraph.heading = Some(level + 1);
                }
            }
            "numPr" => self.paragraph.list = Some(1),
            "ilvl" => {
                let level: u8 = value().and_then(|level| level.parse().ok()).unwrap_or(0);
                self.paragraph.list = Some(level.saturating_add(1));
            }
            "tbl" => {
                self.table += 1;
                if self.table == 1 {
                    (self.row, self.header) = (None, false);
                }
            }
            "tr" if self.table == 1 => {
                self.row = Some(self.row.map_or(0, |row| row + 1));
                self.column = None;
            }
            "tc" if self.table == 1 => {
                self.column = Some(self.column.map_or(0, |column| column + 1));
                self.cell = Some(Text::default());
            }
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "t" => self.in_text = false,
            "p" => {
                self.in_paragraph = self.in_paragraph.saturating_sub(1);
                if self.in_paragraph == 0 {
                    self.paragraph_ends();
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

    fn words(&mut self, words: &str) {
        let words: String = words
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect();
        let at = self.text.len();
        self.text.push_str(&words);
        self.paragraph.strong &= self.paragraph.bold || words.trim().is_empty();
        self.paragraph.words.push(&words, at..at + words.len());
    }

    fn paragraph_ends(&mut self) {
        let paragraph = std::mem::take(&mut self.paragraph);
        if let Some(cell) = &mut self.cell {
            if !cell.as_str().is_empty() {
                let at = cell.whole().end;
                cell.push("\n", at..at + 1);
            }
            cell.append(&paragraph.words);
            return;
        }
        let text = paragraph.words.trim();
        if text.as_str().is_empty() {
            return;
        }
        let kind = match (paragraph.heading, paragraph.list) {
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
