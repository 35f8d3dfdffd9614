//! What is wrong with a template's file: not what its words do, which is a [`Diagnostic`](super::Diagnostic).

use super::locale;
use crate::locale::Lang;

/// One trouble with a file of templates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Stable, such as `script/broken-file`.
    pub code: &'static str,
    /// From 1; 0 where the whole file is meant.
    pub line: u32,
    /// In characters, from 1; 0 where the whole line or file is meant.
    pub column: u32,
    /// The file cannot be linted because of it; otherwise it was, and this is a note.
    pub fatal: bool,
    /// What fills the gaps of the sentence.
    pub(super) args: Vec<String>,
}

impl Problem {
    pub(super) fn new(code: &'static str, fatal: bool, args: &[&str]) -> Self {
        Self {
            code,
            line: 0,
            column: 0,
            fatal,
            args: args.iter().map(|arg| (*arg).to_owned()).collect(),
        }
    }

    /// A file that cannot be opened.
    pub fn unreadable(error: &str) -> Self {
        Self::new("script/unreadable", true, &[error])
    }

    /// A folder without a file whose ending is a template's; `endings` are those that are.
    pub fn no_templates(endings: &str) -> Self {
        Self::new("script/no-templates", true, &[endings])
    }

    /// A folder whose templates were all left out by `etalon.toml`; so many.
    pub fn all_left_out(n: usize) -> Self {
        Self::new("script/all-left-out", false, &[&n.to_string()])
    }

    /// A file without a word.
    pub fn empty_file() -> Self {
        Self::new("script/empty-file", false, &[])
    }

    /// A front matter that names no pack there is; `known` are those there are.
    pub fn unknown_pack(id: &str, known: &str, place: (u32, u32)) -> Self {
        Self::new("script/unknown-pack", true, &[id, known]).at(place)
    }

    pub(super) fn at(mut self, (line, column): (u32, u32)) -> Self {
        (self.line, self.column) = (line, column);
        self
    }

    /// What is wrong: one sentence without a full stop.
    pub fn message(&self, lang: Lang) -> String {
        locale::problem(lang, self.code, &self.args).0
    }

    /// What to do about it.
    pub fn help(&self, lang: Lang) -> String {
        locale::problem(lang, self.code, &self.args).1
    }
}
