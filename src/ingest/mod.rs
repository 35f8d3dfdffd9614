//! Files -> calls, with every trouble named.
//!
//! [`collect`] finds the files, [`read`] cuts one file into [`Batch`]es without understanding them, and [`Record::parse`] makes a
//! [`Call`] or a [`ReadError`] of each record. Reading is cheap and belongs to one thread; parsing may run on many. Every record
//! gives exactly one call or one error, and what [`read`] itself hands over as an error stands for a call that could not be read:
//! so scorecards and error records together are the calls read.
//!
//! A format is one file here and one line of [`FORMATS`].

use std::fs::File;
use std::io::{self, Read};
use std::ops::{ControlFlow, Range};
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::call::{Call, Speaker};
use crate::locale::Lang;

mod csv;
mod decode;
mod dialog;
mod json;
mod json_plain;
mod json_scan;
pub mod locale;
mod source;
mod times;
mod words;

pub(crate) use decode::guess_encoding;
pub use json::parse_bare;
pub use locale::Problem;
pub use source::{Collected, Ids, Source, collect};

/// A batch is about this long: enough to keep a thread busy, few enough to keep many. With what is written of it, it stays in the
/// second cache of a core, for it is gone through several times.
const BATCH_BYTES: usize = 128 * 1024;

/// A single call that takes more than this is taken for a file with an unclosed bracket or quote.
const RECORD_BYTES_MAX: usize = 32 << 20;

/// One form of transcript.
pub struct Format {
    /// Its name in documentation.
    pub name: &'static str,
    /// Endings of its files, in lower case, without the dot. Folders are searched for these.
    pub endings: &'static [&'static str],
    /// Whether the beginning of a file (text, not necessarily ending at a line's end) is surely of this form.
    looks_like: fn(&str, &Options) -> bool,
    read: fn(&mut Input<'_>, decode::Text) -> ControlFlow<()>,
}

/// Every form of transcript, in the order in which a file is offered to them. The next format joins here.
pub const FORMATS: &[Format] = &[json::FORMAT, csv::FORMAT, dialog::FORMAT];

/// What the user says about files that do not say it themselves.
#[derive(Debug, Clone, Default)]
pub struct Options {
    roles: FxHashMap<String, Speaker>,
    columns: Vec<(&'static str, String)>,
}

impl Options {
    /// Adds who is who: `SPEAKER_00=agent,client=customer`; the names on the right are `agent`, `customer`, `system` or a
    /// usual word for these. What is said here goes before what the word usually means. Case does not matter.
    ///
    /// # Errors
    /// A pair without `=`, or a right side that names no party.
    pub fn add_roles(&mut self, pairs: &str) -> Result<(), Problem> {
        for pair in pairs.split(',').filter(|pair| !pair.trim().is_empty()) {
            let role = pair
                .split_once('=')
                .and_then(|(name, role)| Some((name, words::speaker(role)?)));
            let Some((name, speaker)) = role else {
                return Err(Problem::new(
                    &locale::BAD_MAP,
                    &[pair.trim(), "agent, customer, system"],
                ));
            };
            self.roles.insert(words::plain(name), speaker);
        }
        Ok(())
    }

    /// Adds which column of a table holds what: `call=dlg_id,role=who,text=said`. The left sides are `call`, `turn`, `role`,
    /// `text`, `start`, `end`, `line`, `direction`, `started_at`, `agent_name`, `agent_id`, `agent_group`, `customer_name`,
    /// `customer_id`, `duration`; the right sides are names in the table's head, case does not matter.
    ///
    /// # Errors
    /// A pair without `=`, or a left side that is none of these.
    pub fn add_columns(&mut self, pairs: &str) -> Result<(), Problem> {
        for pair in pairs.split(',').filter(|pair| !pair.trim().is_empty()) {
            let known = pair.split_once('=').and_then(|(field, column)| {
                let field = csv::FIELDS.iter().find(|known| **known == field.trim())?;
                Some((*field, words::plain(column)))
            });
            let Some(known) = known else {
                return Err(Problem::new(
                    &locale::BAD_MAP,
                    &[pair.trim(), &csv::FIELDS.join(", ")],
                ));
            };
            self.columns.push(known);
        }
        Ok(())
    }

    /// Who is meant by a word in a file, as the user or the usual use has it.
    fn speaker(&self, word: &str) -> Option<Speaker> {
        self.mapped(word).or_else(|| words::speaker(word))
    }

    fn mapped(&self, word: &str) -> Option<Speaker> {
        if self.roles.is_empty() {
            return None;
        }
        self.roles.get(&words::plain(word)).copied()
    }

    /// Why a word names nobody.
    fn unknown_speaker(word: &str) -> Problem {
        let sentence = if words::is_voice(word) {
            &locale::VOICE_WITHOUT_ROLE
        } else {
            &locale::UNKNOWN_SPEAKER
        };
        Problem::new(sentence, &[word])
    }
}

/// Why a call, or a whole file, gives no [`Call`].
#[derive(Debug, Clone)]
pub struct ReadError {
    /// As on the command line, or below a folder named there, `/` between its parts; `-` is standard input.
    pub path: Arc<str>,
    /// From 1, physical lines of the file.
    pub line: Option<u32>,
    /// From 1, in characters (Unicode scalar values).
    pub column: Option<u32>,
    /// The call's id, where it could be read.
    pub call: Option<String>,
    /// Where within the call: `turns[3].speaker`; may be empty.
    pub place: String,
    /// What is wrong and what to do.
    pub problem: Problem,
}

impl ReadError {
    fn of_file(path: &Arc<str>, problem: Problem) -> Self {
        Self {
            path: path.clone(),
            line: None,
            column: None,
            call: None,
            place: String::new(),
            problem,
        }
    }

    /// Stable, for machines and documentation: `ingest/unknown-speaker`.
    pub fn code(&self) -> &'static str {
        self.problem.code()
    }

    /// The place within the call and what is wrong: `turns[3].speaker: unknown speaker 'robot'`. This is `error` of an error record.
    pub fn message(&self, lang: Lang) -> String {
        placed(&self.place, &self.problem, lang)
    }

    /// What to do about it: one sentence without a full stop.
    pub fn help(&self, lang: Lang) -> String {
        self.problem.help(lang)
    }
}

/// A call was read, but something in it was doubtful, mended or left out.
#[derive(Debug, Clone)]
pub struct Note {
    /// Where within the call: `turns[3].text`; may be empty. The first place where there are several.
    pub place: String,
    /// From 1, physical line of the file, where known.
    pub line: Option<u32>,
    /// What was found and what to do.
    pub problem: Problem,
    /// How many times in this call, at least 1.
    pub n_times: u32,
}

impl Note {
    fn new(place: impl Into<String>, problem: Problem) -> Self {
        Self {
            place: place.into(),
            line: None,
            problem,
            n_times: 1,
        }
    }

    fn at(line: u32, problem: Problem) -> Self {
        Self {
            place: String::new(),
            line: Some(line),
            problem,
            n_times: 1,
        }
    }

    /// Stable, for machines and documentation: `ingest/empty-text`.
    pub fn code(&self) -> &'static str {
        self.problem.code()
    }

    /// The place within the call and what was found.
    pub fn message(&self, lang: Lang) -> String {
        placed(&self.place, &self.problem, lang)
    }
}

fn placed(place: &str, problem: &Problem, lang: Lang) -> String {
    let message = problem.message(lang);
    if place.is_empty() {
        message
    } else {
        format!("{place}: {message}")
    }
}

/// The notes of one call, one of a kind.
#[derive(Debug, Default)]
struct Notes(Vec<Note>);

impl Notes {
    fn add(&mut self, note: Note) {
        match self.0.iter_mut().find(|known| known.code() == note.code()) {
            Some(known) => known.n_times += 1,
            None => self.0.push(note),
        }
    }
}

/// Some records of one file, in its order: the unit that a thread takes.
#[derive(Debug)]
pub struct Batch {
    path: Arc<str>,
    content: Content,
}

#[derive(Debug)]
enum Content {
    /// NDJSON: whole lines.
    Lines { first_line: u32, bytes: Vec<u8> },
    /// Calls cut out of a longer text.
    Pieces {
        kind: PieceKind,
        bytes: Vec<u8>,
        pieces: Vec<Piece>,
    },
    /// Rows of a table, by call.
    Rows {
        table: Arc<csv::Table>,
        calls: Vec<csv::Rows>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PieceKind {
    Json,
    Dialog,
}

/// One call's text within a batch.
#[derive(Debug, Clone)]
struct Piece {
    range: Range<usize>,
    /// Where it begins, from 1.
    line: u32,
    /// In characters, from 1.
    column: u32,
    /// Which call of the file, from 1; told apart from the others by this where it names no id.
    ordinal: u32,
}

/// What will become one call or one error: borrowed from its batch, not yet understood.
#[derive(Debug, Clone)]
pub struct Record<'a> {
    /// As in [`ReadError::path`].
    pub path: &'a Arc<str>,
    /// From 1, the physical line where it begins.
    pub line: u32,
    column: u32,
    body: Body<'a>,
}

#[derive(Debug, Clone, Copy)]
enum Body<'a> {
    Json(&'a [u8]),
    Dialog {
        bytes: &'a [u8],
        ordinal: u32,
    },
    Rows {
        table: &'a csv::Table,
        rows: &'a csv::Rows,
    },
}

/// What became of a record.
#[derive(Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "it lives on the stack until the call is audited"
)]
pub enum Parsed<'a> {
    /// A call, and what was doubtful about it.
    Call(Call<'a>, Vec<Note>),
    /// No call.
    Error(ReadError),
}

impl Batch {
    /// The file, as in [`ReadError::path`].
    pub fn path(&self) -> &Arc<str> {
        &self.path
    }

    /// The records in the file's order.
    pub fn records(&self) -> impl Iterator<Item = Record<'_>> {
        // Three kinds of content, three iterators of one type: the two that do not apply are empty.
        let (lines, pieces, rows) = match &self.content {
            Content::Lines { first_line, bytes } => (Some((*first_line, &bytes[..])), None, None),
            Content::Pieces {
                kind,
                bytes,
                pieces,
            } => (None, Some((*kind, bytes, pieces)), None),
            Content::Rows { table, calls } => (None, None, Some((table, calls))),
        };
        let lines = lines
            .into_iter()
            .flat_map(|(first_line, bytes)| json::lines(first_line, bytes))
            .map(|(line, bytes)| Record {
                path: &self.path,
                line,
                column: 1,
                body: Body::Json(bytes),
            });
        let pieces = pieces.into_iter().flat_map(move |(kind, bytes, pieces)| {
            pieces.iter().map(move |piece| {
                let bytes = &bytes[piece.range.clone()];
                let body = match kind {
                    PieceKind::Json => Body::Json(bytes),
                    PieceKind::Dialog => Body::Dialog {
                        bytes,
                        ordinal: piece.ordinal,
                    },
                };
                Record {
                    path: &self.path,
                    line: piece.line,
                    column: piece.column,
                    body,
                }
            })
        });
        let rows = rows.into_iter().flat_map(move |(table, calls)| {
            calls.iter().map(move |rows| Record {
                path: &self.path,
                line: rows.line(),
                column: 1,
                body: Body::Rows { table, rows },
            })
        });
        lines.chain(pieces).chain(rows)
    }
}

impl<'a> Record<'a> {
    /// One line of NDJSON that the caller has cut out of a stream, without its line end.
    pub fn of_line(path: &'a Arc<str>, line: u32, bytes: &'a [u8]) -> Self {
        Record {
            path,
            line,
            column: 1,
            body: Body::Json(bytes),
        }
    }

    /// Makes a call of it; its text is borrowed from the batch where the format allows that.
    pub fn parse(&self, options: &Options) -> Parsed<'a> {
        let parsed = match self.body {
            Body::Json(bytes) if bytes.trim_ascii().is_empty() => {
                let problem = Problem::new(&locale::EMPTY_LINE, &[]);
                Err(self.error(&[], String::new(), problem))
            }
            Body::Json(bytes) => self
                .text(bytes)
                .and_then(|text| json::parse(text, self, options)),
            Body::Dialog { bytes, ordinal } => self
                .text(bytes)
                .and_then(|text| dialog::parse(text, ordinal, self, options)),
            Body::Rows { table, rows } => csv::parse(table, rows, self, options),
        };
        match parsed {
            Ok((call, notes)) => Parsed::Call(call, notes.0),
            Err(error) => Parsed::Error(*error),
        }
    }

    fn text(&self, bytes: &'a [u8]) -> Result<&'a str, Box<ReadError>> {
        simdutf8::basic::from_utf8(bytes).map_err(|_| {
            let at = std::str::from_utf8(bytes).map_or_else(|error| error.valid_up_to(), str::len);
            self.error(
                &bytes[..at],
                String::new(),
                Problem::new(&locale::NOT_UTF8, &[]),
            )
        })
    }

    /// An error at the end of `before`, the part of this record that stands before the trouble.
    fn error(&self, before: &[u8], place: String, problem: Problem) -> Box<ReadError> {
        let mut at = Position {
            line: self.line,
            column: self.column,
        };
        at.pass(before);
        Box::new(ReadError {
            path: self.path.clone(),
            line: Some(at.line),
            column: Some(at.column),
            call: None,
            place,
            problem,
        })
    }
}

type ParseResult<'a> = Result<(Call<'a>, Notes), Box<ReadError>>;

/// A place in a file, both from 1, the column in characters.
#[derive(Debug, Clone, Copy)]
struct Position {
    line: u32,
    column: u32,
}

impl Position {
    const START: Self = Self { line: 1, column: 1 };

    /// Moves behind `bytes`.
    fn pass(&mut self, bytes: &[u8]) {
        let last_line = match memchr::memrchr(b'\n', bytes) {
            Some(at) => {
                self.line += memchr::memchr_iter(b'\n', bytes).count() as u32;
                self.column = 1;
                &bytes[at + 1..]
            }
            None => bytes,
        };
        // Every byte but those that continue a letter.
        self.column += last_line
            .iter()
            .filter(|byte| (**byte & 0xC0) != 0x80)
            .count() as u32;
    }
}

/// Where a reader of a format puts what it has cut.
struct Input<'s> {
    path: Arc<str>,
    /// In lower case, without the dot; may be empty.
    ending: String,
    options: &'s Options,
    sink: &'s mut dyn FnMut(Result<Batch, ReadError>) -> ControlFlow<()>,
}

impl Input<'_> {
    fn batch(&mut self, content: Content) -> ControlFlow<()> {
        (self.sink)(Ok(Batch {
            path: self.path.clone(),
            content,
        }))
    }

    fn error(&mut self, at: Option<Position>, problem: Problem) -> ControlFlow<()> {
        let mut error = ReadError::of_file(&self.path, problem);
        error.line = at.map(|at| at.line);
        error.column = at.map(|at| at.column);
        (self.sink)(Err(error))
    }

    fn io_error(&mut self, error: &io::Error) -> ControlFlow<()> {
        let problem = if error.kind() == io::ErrorKind::NotFound {
            Problem::new(&locale::NOT_FOUND, &[])
        } else {
            Problem::new(&locale::UNREADABLE, &[&error.to_string()])
        };
        self.error(None, problem)
    }

    fn too_long(&mut self, at: Position) -> ControlFlow<()> {
        let megabytes = (RECORD_BYTES_MAX >> 20).to_string();
        self.error(Some(at), Problem::new(&locale::TOO_LONG, &[&megabytes]))
    }
}

/// Reads one file or standard input and hands it over in batches, in order, holding a batch or two at a time. A trouble that
/// concerns the whole file, or its tail, is handed over as one error. Stops early where `sink` breaks.
pub fn read(
    source: &Source,
    options: &Options,
    sink: &mut dyn FnMut(Result<Batch, ReadError>) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let mut input = Input {
        path: source.path.as_str().into(),
        ending: source.ending(),
        options,
        sink,
    };
    let reader: Box<dyn Read> = if source.is_stdin() {
        Box::new(io::stdin())
    } else {
        match File::open(&source.file) {
            Ok(file) => Box::new(file),
            Err(error) => return input.io_error(&error),
        }
    };
    read_from(&mut input, reader)
}

/// Like [`read`], from any reader; `path` is for messages, and its ending may tell the format.
pub fn read_reader(
    path: &str,
    reader: Box<dyn Read>,
    options: &Options,
    sink: &mut dyn FnMut(Result<Batch, ReadError>) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let ending = Source::new(path).ending();
    read_from(
        &mut Input {
            path: path.into(),
            ending,
            options,
            sink,
        },
        reader,
    )
}

fn read_from(input: &mut Input<'_>, reader: Box<dyn Read>) -> ControlFlow<()> {
    let text = match decode::decode(reader) {
        Ok(text) => text,
        Err(problem) => return input.error(None, problem),
    };
    let head = String::from_utf8_lossy(&text.head);
    if text.whole && head.trim().is_empty() {
        return input.error(None, Problem::new(&locale::EMPTY_FILE, &[]));
    }
    let by_content = FORMATS
        .iter()
        .find(|format| (format.looks_like)(&head, input.options));
    let format = by_content.or_else(|| {
        FORMATS
            .iter()
            .find(|format| format.endings.contains(&input.ending.as_str()))
    });
    match format {
        Some(format) => (format.read)(input, text),
        None => input.error(None, Problem::new(&locale::NOT_A_TRANSCRIPT, &[])),
    }
}
