//! Text for a terminal: cleaned, measured, cut, wrapped, styled.

use std::borrow::Cow;

use anstyle::{AnsiColor, Style};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

pub(super) const PLAIN: Style = Style::new();
pub(super) const BOLD: Style = Style::new().bold();
pub(super) const DIM: Style = Style::new().dimmed();
pub(super) const BAD: Style = AnsiColor::Red.on_default();
pub(super) const BAD_BOLD: Style = AnsiColor::Red.on_default().bold();
pub(super) const GOOD: Style = AnsiColor::Green.on_default();
pub(super) const UNSURE: Style = AnsiColor::Yellow.on_default();
pub(super) const ADVICE: Style = AnsiColor::Green.on_default();
pub(super) const MARKED: Style = AnsiColor::Red.on_default().bold().underline();
pub(super) const KEPT: Style = AnsiColor::Green.on_default().underline();

/// `text` without what a terminal would obey: control characters become `·`, line ends and tabs a blank,
/// marks that turn the direction of writing vanish.
pub(super) fn clean(text: &str) -> Cow<'_, str> {
    let harmless = |c: char| !c.is_control() && !turns_direction(c);
    if text.chars().all(harmless) {
        return Cow::Borrowed(text);
    }
    let cleaned = text
        .chars()
        .filter(|&c| !turns_direction(c))
        .map(|c| match c {
            '\n' | '\r' | '\t' => ' ',
            c if c.is_control() => '·',
            c => c,
        });
    Cow::Owned(cleaned.collect())
}

fn turns_direction(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        | '\u{2028}' | '\u{2029}' | '\u{feff}')
}

/// Columns that `text` takes.
pub(super) fn width(text: &str) -> usize {
    text.width()
}

/// `text` in at most `columns`, its end replaced by `…` where it is longer.
pub(super) fn cut(text: &str, columns: usize) -> Cow<'_, str> {
    if width(text) <= columns {
        return Cow::Borrowed(text);
    }
    let mut taken = 0;
    let mut end = 0;
    for (at, c) in text.char_indices() {
        taken += c.width().unwrap_or(0);
        if taken + 1 > columns {
            break;
        }
        end = at + c.len_utf8();
    }
    Cow::Owned(format!("{}…", text[..end].trim_end()))
}

/// A buffer that knows whether it may use styles.
pub(super) struct Page {
    text: String,
    color: bool,
    pub(super) width: usize,
}

impl Page {
    pub(super) fn new(look: super::Look) -> Self {
        Self {
            text: String::new(),
            color: look.color,
            width: look.width.max(40),
        }
    }

    pub(super) fn color(&self) -> bool {
        self.color
    }

    pub(super) fn into_bytes(self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.text.as_bytes());
    }

    /// Appends `text` in `style`; it must hold no line end.
    pub(super) fn put(&mut self, style: Style, text: &str) {
        if text.is_empty() {
            return;
        }
        if self.color && style != PLAIN {
            use std::fmt::Write as _;
            write!(self.text, "{style}{text}{style:#}").expect("writing to memory does not fail");
        } else {
            self.text.push_str(text);
        }
    }

    /// The same, filled with blanks up to `columns`.
    pub(super) fn put_left(&mut self, style: Style, text: &str, columns: usize) {
        self.put(style, text);
        self.blanks(columns.saturating_sub(width(text)));
    }

    /// The same with the blanks before.
    pub(super) fn put_right(&mut self, style: Style, text: &str, columns: usize) {
        self.blanks(columns.saturating_sub(width(text)));
        self.put(style, text);
    }

    pub(super) fn blanks(&mut self, n: usize) {
        self.text.extend(std::iter::repeat_n(' ', n));
    }

    pub(super) fn end_line(&mut self) {
        while self.text.ends_with(' ') {
            self.text.pop();
        }
        self.text.push('\n');
    }

    /// One whole line.
    pub(super) fn line(&mut self, style: Style, text: &str) {
        self.put(style, text);
        self.end_line();
    }

    /// Words of `parts` wrapped into the page's width. The first line starts at column `at` (already written
    /// by the caller), further lines are indented by `indent`. A word may run over several parts.
    pub(super) fn flow(&mut self, at: usize, indent: usize, parts: &[(Style, &str)]) {
        let room = self.width;
        let mut column = at;
        // Whether a blank is due before the next word.
        let mut gap = false;
        let mut word: Vec<(Style, &str)> = Vec::new();
        let mut word_width = 0;
        for &(style, text) in parts {
            let mut rest = text;
            while !rest.is_empty() {
                let blank = rest.find(char::is_whitespace);
                let piece = &rest[..blank.unwrap_or(rest.len())];
                if !piece.is_empty() {
                    word.push((style, piece));
                    word_width += width(piece);
                }
                let Some(at_blank) = blank else { break };
                self.word(&mut word, word_width, &mut column, &mut gap, indent, room);
                word_width = 0;
                let after = &rest[at_blank..];
                rest = after.trim_start();
            }
        }
        self.word(&mut word, word_width, &mut column, &mut gap, indent, room);
        self.end_line();
    }

    fn word(
        &mut self,
        word: &mut Vec<(Style, &str)>,
        word_width: usize,
        column: &mut usize,
        gap: &mut bool,
        indent: usize,
        room: usize,
    ) {
        if word.is_empty() {
            return;
        }
        let needed = word_width + usize::from(*gap);
        if *gap && *column + needed > room {
            self.end_line();
            self.blanks(indent);
            *column = indent;
        } else if *gap {
            self.text.push(' ');
            *column += 1;
        }
        *column += word_width;
        *gap = true;
        for (style, piece) in word.drain(..) {
            self.put(style, piece);
        }
    }
}
