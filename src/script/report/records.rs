//! Diagnostics -> objects of etalon's own schema: `docs/lint.md`.

use serde::Serialize;

use super::LintedFile;
use crate::script::Diagnostic;

/// What the schema of a diagnostic is called.
const SCHEMA: &str = "etalon/diagnostic@1";

#[derive(Serialize)]
struct Object<'a> {
    schema: &'static str,
    file: &'a str,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
    criterion: &'a str,
    pack: &'a str,
    severity: &'static str,
    text: &'a str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    suggest: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<&'static str>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    path: &'a [String],
}

fn write(diagnostic: &Diagnostic, out: &mut Vec<u8>) {
    let object = Object {
        schema: SCHEMA,
        file: &diagnostic.file,
        line: diagnostic.line,
        column: diagnostic.column,
        end_line: diagnostic.end_line,
        end_column: diagnostic.end_column,
        criterion: &diagnostic.criterion,
        pack: &diagnostic.pack,
        severity: diagnostic.severity.name(),
        text: &diagnostic.text,
        message: &diagnostic.message,
        suggest: diagnostic.suggest.as_deref(),
        fix: diagnostic.fix.map(|fix| fix.name()),
        path: &diagnostic.path,
    };
    // A buffer takes everything, and every key is a text.
    let _ = serde_json::to_writer(&mut *out, &object);
}

/// An object a line.
pub(super) fn lines(file: &LintedFile<'_>, out: &mut Vec<u8>) {
    for diagnostic in file.diagnostics {
        write(diagnostic, out);
        out.push(b'\n');
    }
}

/// The next elements of the array.
pub(super) fn array(file: &LintedFile<'_>, first: &mut bool, out: &mut Vec<u8>) {
    for diagnostic in file.diagnostics {
        out.extend_from_slice(if *first { b"[\n" } else { b",\n" });
        *first = false;
        write(diagnostic, out);
    }
}

/// The end of the array; all of an empty one.
pub(super) fn close(empty: bool, out: &mut Vec<u8>) {
    out.extend_from_slice(if empty { b"[]\n" } else { b"\n]\n" });
}
