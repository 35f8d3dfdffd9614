//! Scorecards -> bytes: one file a format.
//!
//! Nothing here writes to a file or a terminal: every function appends to a buffer that `cli` or `run` hands over.

pub mod csv;
pub mod json;
mod locale;
pub mod ndjson;
pub mod rules;
pub mod show;
pub mod table;
mod text;

use crate::locale::Lang;
use crate::score::{PackInfo, Scorecard, Summary};

/// A call, or a piece of a file, that could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ErrorRecord<'a> {
    /// Path as given on the command line; `-` is the standard input.
    pub path: &'a str,
    /// Physical line from 1.
    pub line: Option<u32>,
    /// The call's id where it is known.
    pub call: Option<&'a str>,
    /// One sentence: what is wrong.
    pub error: &'a str,
}

/// The formats of the `audit` command's output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// For a person at a terminal.
    Table,
    /// One JSON object a line.
    Ndjson,
    /// One JSON array.
    Json,
    /// One row a call and pack, for spreadsheets.
    Csv,
}

impl Format {
    /// Formats that a file can have, with the ending that names each. The first that fits counts.
    pub const ENDINGS: [(&'static str, Format); 4] = [
        (".ndjson", Self::Ndjson),
        (".jsonl", Self::Ndjson),
        (".csv", Self::Csv),
        (".json", Self::Json),
    ];
}

/// How a report for people looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// The language of headings; titles and advice are in the pack's.
    pub lang: Lang,
    /// Columns to fill; at least 40 are used.
    pub width: usize,
    /// Whether to write ANSI styles.
    pub color: bool,
}

/// Writes one report: a head, items in the order of the input, a tail.
///
/// It holds no state, so that items may be written on any thread. Each item begins with [`Report::separator`];
/// who joins them drops the separator of the first.
#[derive(Debug, Clone)]
pub struct Report<'p> {
    format: Format,
    look: Look,
    per_call: bool,
    errors: bool,
    packs: Vec<&'p PackInfo>,
    columns: csv::Columns<'p>,
}

impl<'p> Report<'p> {
    /// A report of `format` on cards of `packs`.
    pub fn new(format: Format, packs: Vec<&'p PackInfo>, look: Look) -> Self {
        let columns = match format {
            Format::Csv => csv::Columns::new(&packs),
            _ => csv::Columns::default(),
        };
        Self {
            format,
            look,
            per_call: true,
            errors: true,
            packs,
            columns,
        }
    }

    /// A table without a line a call: the summaries only.
    pub fn summary_only(mut self) -> Self {
        self.per_call = false;
        self
    }

    /// A table without the calls that could not be read, for whoever is told of them beside it.
    pub fn errors_told_elsewhere(mut self) -> Self {
        self.errors = false;
        self
    }

    /// The format.
    pub fn format(&self) -> Format {
        self.format
    }

    /// What stands before every item but the first.
    pub fn separator(&self) -> &'static [u8] {
        match self.format {
            Format::Json => json::SEPARATOR,
            _ => b"",
        }
    }

    /// What stands before all items.
    pub fn head(&self, out: &mut Vec<u8>) {
        match self.format {
            Format::Table if self.per_call => table::head(&self.packs, self.look, out),
            Format::Table | Format::Ndjson => {}
            Format::Json => out.extend_from_slice(json::HEAD),
            Format::Csv => csv::head(&self.columns, out),
        }
    }

    /// One scorecard.
    pub fn card(&self, card: &Scorecard<'_>, out: &mut Vec<u8>) {
        match self.format {
            Format::Table if self.per_call => {
                table::card(card, self.packs.len() > 1, self.look, out)
            }
            Format::Table => {}
            Format::Ndjson => ndjson::write(card, out),
            Format::Json => json::card(card, out),
            Format::Csv => csv::card(&self.columns, card, out),
        }
    }

    /// One call that could not be read.
    pub fn error(&self, error: &ErrorRecord<'_>, out: &mut Vec<u8>) {
        match self.format {
            Format::Table if self.per_call && self.errors => table::error(error, self.look, out),
            Format::Table => {}
            Format::Ndjson => ndjson::write_error(error, out),
            Format::Json => json::error(error, out),
            Format::Csv => csv::error(&self.columns, error, out),
        }
    }

    /// What stands after all items.
    pub fn tail(&self, summary: &Summary, out: &mut Vec<u8>) {
        match self.format {
            Format::Table => table::tail(&self.packs, summary, self.look, out),
            Format::Json => out.extend_from_slice(json::TAIL),
            Format::Ndjson | Format::Csv => {}
        }
    }
}
