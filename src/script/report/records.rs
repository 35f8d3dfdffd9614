//! Diagnostics -> objects of etalon's own schema: `docs/lint.md`.

use super::LintedFile;
use crate::script::Diagnostic;

/// Every object begins so.
const SCHEMA: &[u8] = br#"{"schema":"etalon/diagnostic@1""#;
/// Numbers, signs and names of keys take fewer bytes than that.
const FRAME_BYTES: usize = 256;

fn write(diagnostic: &Diagnostic, out: &mut Vec<u8>) {
    let texts = [
        &diagnostic.file,
        &diagnostic.criterion,
        &diagnostic.pack,
        &diagnostic.text,
        &diagnostic.message,
    ];
    let texts = texts.into_iter().chain(&diagnostic.suggest);
    out.reserve(texts.map(String::len).sum::<usize>() + FRAME_BYTES);
    out.extend_from_slice(SCHEMA);
    text("file", &diagnostic.file, out);
    number("line", diagnostic.line, out);
    number("column", diagnostic.column, out);
    number("end_line", diagnostic.end_line, out);
    number("end_column", diagnostic.end_column, out);
    text("criterion", &diagnostic.criterion, out);
    text("pack", &diagnostic.pack, out);
    text("severity", diagnostic.severity.name(), out);
    text("text", &diagnostic.text, out);
    text("message", &diagnostic.message, out);
    if let Some(suggest) = &diagnostic.suggest {
        text("suggest", suggest, out);
    }
    if let Some(fix) = diagnostic.fix {
        text("fix", fix.name(), out);
    }
    if !diagnostic.path.is_empty() {
        key("path", out);
        // A buffer takes everything.
        let _ = serde_json::to_writer(&mut *out, &diagnostic.path);
    }
    out.push(b'}');
}

fn key(key: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(b",\"");
    out.extend_from_slice(key.as_bytes());
    out.extend_from_slice(b"\":");
}

fn text(name: &str, value: &str, out: &mut Vec<u8>) {
    key(name, out);
    string(value, out);
}

fn number(name: &str, value: u32, out: &mut Vec<u8>) {
    key(name, out);
    // The digits from the last to the first.
    let mut digits = [0; 10];
    let mut at = digits.len();
    let mut left = value;
    loop {
        at -= 1;
        digits[at] = b'0' + (left % 10) as u8;
        left /= 10;
        if left == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[at..]);
}

/// A text in quotes. Most have nothing to escape, and looking for that in one go is what makes large reports quick.
fn string(text: &str, out: &mut Vec<u8>) {
    let escapes = |byte: &u8| u8::from((*byte < 0x20) | (*byte == b'"') | (*byte == b'\\'));
    let any = text
        .as_bytes()
        .iter()
        .fold(0, |any, byte| any | escapes(byte));
    if any != 0 {
        let _ = serde_json::to_writer(out, text);
        return;
    }
    out.push(b'"');
    out.extend_from_slice(text.as_bytes());
    out.push(b'"');
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
