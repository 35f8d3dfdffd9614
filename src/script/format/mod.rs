//! A template's file -> blocks of text, one file a format. Nothing here knows what is speech.

mod csv;
mod docx;
mod html;
mod html_plain;
mod markdown;
mod plain;
mod xlsx;

use super::problem::Problem;
use super::text::{Lines, Text};

/// A piece of a template as its format divides it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Its words without markup; lines of a paragraph are parted by `\n`.
    pub text: Text,
    /// How deep in lists it stands; 0 outside of them.
    pub depth: u8,
    /// Stands out in the file: bold as a whole.
    pub strong: bool,
}

/// See [`Block`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockKind {
    /// A heading and its level from 1.
    Heading(u8),
    /// A paragraph, also a further one of a list item.
    Paragraph,
    /// The first words of a list item.
    Item,
    /// A cell of a table: which table of the file, row and column from 0, and whether the row is the header.
    Cell {
        /// Which table of the file, from 0.
        table: u32,
        /// From 0, the header included.
        row: u32,
        /// From 0.
        column: u32,
        /// Stands in the header.
        header: bool,
    },
    /// Code, which nobody says.
    Code,
    /// A comment of the format.
    Comment,
}

/// The forms of templates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// `*.md`, `*.markdown`.
    Markdown,
    /// `*.txt` and whatever is text.
    Plain,
    /// `*.html`, `*.htm`.
    Html,
    /// `*.docx`; a line is a paragraph.
    Docx,
    /// `*.csv`, `*.tsv`.
    Csv,
    /// `*.xlsx`; a line is a row, its cells are parted by tabs.
    Xlsx,
}

impl Format {
    /// Endings of the files, lower case.
    pub const ENDINGS: &'static [(&'static str, Format)] = &[
        ("md", Self::Markdown),
        ("markdown", Self::Markdown),
        ("txt", Self::Plain),
        ("text", Self::Plain),
        ("html", Self::Html),
        ("htm", Self::Html),
        ("docx", Self::Docx),
        ("csv", Self::Csv),
        ("tsv", Self::Csv),
        ("xlsx", Self::Xlsx),
    ];

    /// By the file's ending.
    pub fn of(path: &str) -> Option<Self> {
        let (_, ending) = path.rsplit_once('.')?;
        let ending = ending.to_lowercase();
        let known = Self::ENDINGS.iter().find(|(known, _)| *known == ending);
        known.map(|(_, format)| *format)
    }

    /// Whether the file is bytes rather than text.
    pub fn is_packed(self) -> bool {
        matches!(self, Self::Docx | Self::Xlsx)
    }
}

/// What a file was cut into.
#[derive(Debug, Default)]
pub(super) struct Cut {
    pub(super) blocks: Vec<Block>,
    /// Bytes of the front matter, without its fences.
    pub(super) front: Option<std::ops::Range<usize>>,
}

/// A packed file as text: what positions refer to.
#[derive(Debug)]
pub(super) struct Unpacked {
    pub(super) text: String,
    pub(super) lines: Lines,
    pub(super) blocks: Vec<Block>,
    /// What of it was not read.
    pub(super) problems: Vec<Problem>,
}

/// Cuts a decoded text.
pub(super) fn cut(format: Format, text: &str) -> Cut {
    match format {
        Format::Markdown => markdown::cut(text),
        Format::Html => html::cut(text),
        Format::Csv => csv::cut(text),
        Format::Plain | Format::Docx | Format::Xlsx => plain::cut(text),
    }
}

/// Reads a packed file.
///
/// # Errors
/// When it is broken.
pub(super) fn unpack(format: Format, bytes: &[u8]) -> Result<Unpacked, Problem> {
    match format {
        Format::Xlsx => xlsx::unpack(bytes),
        _ => docx::unpack(bytes),
    }
}

/// Bytes of the front matter at the top of a text, without its fences, and where the rest begins.
pub(super) fn front_matter(text: &str) -> Option<(std::ops::Range<usize>, usize)> {
    let first = text.split_inclusive('\n').next()?;
    if first.trim_end() != "---" {
        return None;
    }
    let mut at = first.len();
    for line in text[at..].split_inclusive('\n') {
        if matches!(line.trim_end(), "---" | "...") {
            return Some((first.len()..at, at + line.len()));
        }
        at += line.len();
    }
    None
}
