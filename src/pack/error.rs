//! What is wrong with a pack: a diagnostic about a file of rules.

use crate::locale::Lang;

/// One problem in a file of a pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackError {
    /// Stable, such as `pack/unknown-set`.
    pub code: &'static str,
    /// The file, relative to the pack's parent folder (`mts/hold/thanks.toml`), or as given for a loaded folder.
    pub path: String,
    /// From 1; 0 where the whole file is meant.
    pub line: u32,
    /// In characters, from 1.
    pub column: u32,
    /// Characters from there on, all on that line; 0 where the end is not known.
    pub width: u32,
    /// What is wrong, in both languages `(ru, en)`.
    pub message: (String, String),
    /// What to do, in both languages; may be empty.
    pub help: (String, String),
}

impl PackError {
    /// A problem at a byte of a file's text.
    pub fn at(
        code: &'static str,
        path: &str,
        text: &str,
        byte: usize,
        message: (String, String),
        help: (String, String),
    ) -> Self {
        let mut byte = byte.min(text.len());
        while !text.is_char_boundary(byte) {
            byte -= 1;
        }
        let before = &text[..byte];
        let line = before.matches('\n').count() as u32 + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() as u32 + 1;
        Self {
            code,
            path: path.to_owned(),
            line,
            column,
            width: 0,
            message,
            help,
        }
    }

    /// The same up to another byte of the text, or to the end of the line.
    pub(super) fn until(mut self, text: &str, byte: usize) -> Self {
        let line = text.split('\n').nth(self.line.saturating_sub(1) as usize);
        if let Some(line) = line.filter(|_| self.line > 0) {
            let line_start = line.as_ptr() as usize - text.as_ptr() as usize;
            let mut to = byte.clamp(line_start, line_start + line.trim_end().len());
            while !text.is_char_boundary(to) {
                to -= 1;
            }
            let to_column = text[line_start..to].chars().count() as u32 + 1;
            self.width = to_column.saturating_sub(self.column);
        }
        self
    }

    /// A problem of a whole file or folder.
    pub fn whole(
        code: &'static str,
        path: &str,
        message: (String, String),
        help: (String, String),
    ) -> Self {
        Self {
            code,
            path: path.to_owned(),
            line: 0,
            column: 0,
            width: 0,
            message,
            help,
        }
    }

    /// What is wrong.
    pub fn message(&self, lang: Lang) -> &str {
        lang.pick(&self.message.0, &self.message.1)
    }

    /// What to do; may be empty.
    pub fn help(&self, lang: Lang) -> &str {
        lang.pick(&self.help.0, &self.help.1)
    }
}
