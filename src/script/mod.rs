//! Templates that agents will read aloud -> diagnostics, by the criteria that score the calls.
//!
//! A template goes through `decode → format → speech → judge`: bytes become text, text becomes [`Block`]s, blocks become the
//! agent's and the customer's words with their branches, and these are put before the pack's own criteria as small calls. What a
//! criterion can say about a template stands in its rule file (`[script]`), what words make a heading, a label or a slot stands in
//! `rules/common/script.toml`.

mod config;
mod decode;
mod fix;
mod format;
mod front;
mod ignore;
mod judge;
mod locale;
mod problem;
pub mod report;
mod speech;
mod text;
mod words;

use std::ops::Range;

pub use config::Config;
pub use decode::Charset;
pub use fix::{Edit, Fixed, Wanted, fix, fix_with, unified};
pub use format::{Block, BlockKind, Format};
pub use front::{Front, Kind};
pub use ignore::Ignores;
pub use judge::Linter;
pub use problem::Problem;
pub use speech::{Part, Segment};
pub use text::{Lines, Text};

use crate::call::Direction;
use crate::locale::Lang;
use crate::pack::Pack;

/// How grave a diagnostic is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Something required is missing.
    Warning,
    /// Something forbidden is said.
    Error,
}

impl Severity {
    /// The name in files: `error` or `warning`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// Whether a suggestion may be put in without a person looking at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fix {
    /// The same in the right word.
    Safe,
    /// A rewording.
    Unsafe,
}

impl Fix {
    /// The name in files: `safe` or `unsafe`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Unsafe => "unsafe",
        }
    }
}

/// One finding in a template. Lines and columns from 1, columns in characters, ends exclusive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// As given.
    pub file: String,
    /// Physical line of the file (paragraph of a DOCX, row of a sheet).
    pub line: u32,
    /// In characters.
    pub column: u32,
    /// Physical line.
    pub end_line: u32,
    /// In characters, exclusive.
    pub end_column: u32,
    /// Bytes of [`Script::text`]; empty at the place where something is missing.
    pub span: Range<usize>,
    /// Id of the requirement.
    pub criterion: String,
    /// Id of its pack.
    pub pack: String,
    /// Forbidden or missing.
    pub severity: Severity,
    /// The words found, on one line; empty where something is missing.
    pub text: String,
    /// For people.
    pub message: String,
    /// Where the standard says so.
    pub clause: String,
    /// What to write instead, or what is missing in an exemplary wording.
    pub suggest: Option<String>,
    /// How safe it is to put that in; `None`: not by machine.
    pub fix: Option<Fix>,
    /// The same as bytes to write; `None` where the words do not stand in the file as they are said.
    pub edit: Option<Edit>,
    /// For whole scripts: the branch conditions of the path that lacks the part.
    pub path: Vec<String>,
}

/// What the caller says about templates that do not say it themselves.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The line of the contact centre.
    pub line: Option<String>,
    /// Who calls whom.
    pub direction: Option<Direction>,
    /// Every template is a whole script.
    pub whole: bool,
    /// Of messages.
    pub lang: Lang,
}

/// A template as it was read, whatever the pack.
#[derive(Debug)]
pub struct Script {
    /// As given.
    pub path: String,
    /// The decoded file; of a packed file, what stands for it: a paragraph or a row a line.
    pub text: String,
    /// Its lines.
    pub lines: Lines,
    /// What it is.
    pub format: Format,
    /// How it was encoded; `None` for a packed file.
    pub charset: Option<Charset>,
    /// What it says of itself.
    pub front: Front,
    /// Its pieces in order, comments and code included.
    pub blocks: Vec<Block>,
    /// Troubles that did not stop the reading.
    pub problems: Vec<Problem>,
}

impl Script {
    /// Reads a template; `path` tells its format by its ending, anything else is plain text.
    ///
    /// # Errors
    /// When there is no text to read: a binary or broken file, an encoding that cannot be told, a front matter that is no table.
    pub fn read(path: &str, bytes: &[u8]) -> Result<Self, Problem> {
        let format = Format::of(path).unwrap_or(Format::Plain);
        let mut problems = Vec::new();
        if format.is_packed() {
            let mut unpacked = format::unpack(format, bytes)?;
            ignore::set_apart(&mut unpacked.blocks);
            return Ok(Self {
                path: path.to_owned(),
                text: unpacked.text,
                lines: unpacked.lines,
                format,
                charset: None,
                front: Front::default(),
                blocks: unpacked.blocks,
                problems: unpacked.problems,
            });
        }
        let (text, charset) = decode::decode(bytes, &mut problems)?;
        let lines = Lines::of(&text);
        let cut = match format {
            Format::Markdown | Format::Html => format::cut(format, &text),
            _ => format::cut(format, &ignore::without_remarks(&text)),
        };
        let front = match cut.front {
            Some(span) => Front::parse(&text, span, &lines)?,
            None => Front::default(),
        };
        if let Some(code) = cut
            .blocks
            .iter()
            .find(|block| block.kind == BlockKind::Code)
        {
            let place = lines.place(&text, code.text.whole().start);
            problems.push(Problem::new("script/code-skipped", false, &[]).at(place));
        }
        Ok(Self {
            path: path.to_owned(),
            lines,
            format,
            charset: Some(charset),
            front,
            blocks: cut.blocks,
            problems,
            text,
        })
    }

    /// Line and column from 1 of a byte of [`Script::text`].
    pub fn place(&self, at: usize) -> (u32, u32) {
        self.lines.place(&self.text, at)
    }

    /// The comments of the format, inside their signs, with their bytes.
    pub fn comments(&self) -> impl Iterator<Item = &Text> {
        let comments = self.blocks.iter();
        comments
            .filter(|block| block.kind == BlockKind::Comment)
            .map(|block| &block.text)
    }

    /// Who says what: every piece of the template that is speech, a mention, a slot or a condition, in order.
    pub fn segments(&self, pack: &Pack) -> Vec<Segment> {
        speech::read(self, pack.script_words()).segments
    }
}

/// What was found in a template.
#[derive(Debug, Clone, Default)]
pub struct Linted {
    /// By line, column and criterion.
    pub diagnostics: Vec<Diagnostic>,
    /// What is wrong with the file itself.
    pub problems: Vec<Problem>,
}

/// Reads one template and holds it against one pack; who has many keeps a [`Linter`].
pub fn lint(path: &str, bytes: &[u8], pack: &Pack, options: &Options) -> Linted {
    match Script::read(path, bytes) {
        Ok(script) => Linter::new(pack).lint(&script, options),
        Err(problem) => Linted {
            diagnostics: Vec::new(),
            problems: vec![problem],
        },
    }
}
