//! Diagnostics -> workflow commands of GitHub Actions, within what a step may show.

use super::place::Root;
use super::{LintedFile, Trouble, level, locale, told};
use crate::locale::Lang;
use crate::script::{Diagnostic, Severity};

/// Annotations of one level that GitHub takes from a step; it drops the rest without a word.
const SHOWN_MAX: usize = 10;

/// What came by.
#[derive(Debug, Default)]
pub(super) struct Counts {
    errors: usize,
    warnings: usize,
}

impl Counts {
    pub(super) fn write(
        &mut self,
        file: &LintedFile<'_>,
        root: &Root,
        lang: Lang,
        out: &mut Vec<u8>,
    ) {
        let path = root.path(file.path);
        for trouble in file.fatal() {
            if self.is_shown(Severity::Error) {
                put(out, trouble_command(trouble, &path));
            }
        }
        for diagnostic in file.diagnostics {
            if self.is_shown(diagnostic.severity) {
                put(out, command(diagnostic, &path, lang));
            }
        }
    }

    /// Says how many more there were.
    pub(super) fn write_rest(self, lang: Lang, out: &mut Vec<u8>) {
        let more = |n: usize| n.saturating_sub(SHOWN_MAX);
        let (errors, warnings) = (more(self.errors), more(self.warnings));
        if errors + warnings > 0 {
            let text = locale::more(lang, errors, warnings);
            put(out, format!("::notice title=etalon::{}", data(&text)));
        }
    }

    /// Counts one more.
    fn is_shown(&mut self, severity: Severity) -> bool {
        let count = match severity {
            Severity::Error => &mut self.errors,
            Severity::Warning => &mut self.warnings,
        };
        *count += 1;
        *count <= SHOWN_MAX
    }
}

fn put(out: &mut Vec<u8>, command: String) {
    out.extend_from_slice(command.as_bytes());
    out.push(b'\n');
}

fn command(diagnostic: &Diagnostic, path: &str, lang: Lang) -> String {
    let Diagnostic {
        line,
        end_line,
        column,
        end_column,
        ..
    } = diagnostic;
    let mut text = format!(
        "::{} file={},line={line},",
        level(diagnostic.severity),
        property(path)
    );
    // Columns of two lines are refused.
    if line == end_line {
        text.push_str(&format!("col={column},endColumn={end_column},"));
    } else {
        text.push_str(&format!("endLine={end_line},"));
    }
    let message = told(diagnostic, lang);
    text.push_str(&format!(
        "title={}::{}",
        property(&diagnostic.criterion),
        data(&message)
    ));
    text
}

fn trouble_command(trouble: &Trouble, path: &str) -> String {
    let mut text = format!("::error file={},", property(path));
    if trouble.line > 0 {
        text.push_str(&format!("line={},", trouble.line));
    }
    text.push_str(&format!(
        "title={}::{}",
        property(trouble.code),
        data(&trouble.told())
    ));
    text
}

/// What stands behind `::`. No library writes these commands; the signs are those that the runner takes back.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// The value of a key.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
