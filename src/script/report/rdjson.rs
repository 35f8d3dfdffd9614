//! Diagnostics -> Reviewdog Diagnostic Format. Its columns are bytes of UTF-8 from 1, whatever the file's own encoding.

use std::ops::Range;

use serde_json::{Value, json};

use super::place::Root;
use super::{LintedFile, replacement, told, write_json};
use crate::locale::Lang;
use crate::script::{Diagnostic, Script, Severity};

/// All of a run.
#[derive(Debug, Default)]
pub(super) struct Diagnostics(Vec<Value>);

impl Diagnostics {
    pub(super) fn add(&mut self, file: &LintedFile<'_>, root: &Root, lang: Lang) {
        let path = root.path(file.path);
        for trouble in file.fatal() {
            let mut location = json!({"path": path});
            if trouble.line > 0 {
                location["range"] = json!({"start": {"line": trouble.line}});
            }
            self.0.push(json!({
                "message": trouble.told(),
                "location": location,
                "severity": "ERROR",
                "code": {"value": trouble.code},
            }));
        }
        for diagnostic in file.diagnostics {
            let range = range(diagnostic, file.script);
            let severity = match diagnostic.severity {
                Severity::Error => "ERROR",
                Severity::Warning => "WARNING",
            };
            let mut object = json!({
                "message": told(diagnostic, lang),
                "location": {"path": path, "range": range},
                "severity": severity,
                "code": {"value": diagnostic.criterion},
            });
            if let (Some((span, text)), Some(script)) = (replacement(file, diagnostic), file.script)
            {
                object["suggestions"] = json!([{"range": range_of(script, &span), "text": text}]);
            }
            self.0.push(object);
        }
    }

    pub(super) fn write(self, out: &mut Vec<u8>) {
        let report = json!({
            "source": {"name": "etalon"},
            "diagnostics": self.0,
        });
        write_json(&report, out);
    }
}

fn range(diagnostic: &Diagnostic, script: Option<&Script>) -> Value {
    match script {
        Some(script) => range_of(script, &diagnostic.span),
        None => json!({"start": {"line": diagnostic.line}, "end": {"line": diagnostic.end_line}}),
    }
}

fn range_of(script: &Script, span: &Range<usize>) -> Value {
    let position = |at: usize| {
        let start = script.lines.line(&script.text, at).start;
        json!({"line": script.place(at).0, "column": at - start + 1})
    };
    json!({"start": position(span.start), "end": position(span.end)})
}
