//! Diagnostics -> the Code Quality report of GitLab.

use serde_json::{Value, json};

use super::place::{Root, digest};
use super::{LintedFile, identities, told, write_json};
use crate::locale::Lang;
use crate::script::Severity;

/// All of a run.
#[derive(Debug, Default)]
pub(super) struct Issues(Vec<Value>);

impl Issues {
    pub(super) fn add(&mut self, file: &LintedFile<'_>, root: &Root, lang: Lang) {
        let path = root.path(file.path);
        for trouble in file.fatal() {
            self.0.push(json!({
                "description": trouble.told(),
                "check_name": trouble.code,
                "fingerprint": digest(&[&path, trouble.code]),
                "severity": "critical",
                "location": {"path": path, "lines": {"begin": trouble.line.max(1)}},
            }));
        }
        for (diagnostic, identity) in file.diagnostics.iter().zip(identities(file.diagnostics)) {
            let severity = match diagnostic.severity {
                Severity::Error => "major",
                Severity::Warning => "minor",
            };
            self.0.push(json!({
                "description": told(diagnostic, lang),
                "check_name": diagnostic.criterion,
                // One report holds all files, and a fingerprint has to be one of a kind in it.
                "fingerprint": identity.fingerprint(&path),
                "severity": severity,
                "location": {"path": path, "lines": {"begin": diagnostic.line}},
            }));
        }
    }

    pub(super) fn write(self, out: &mut Vec<u8>) {
        write_json(&Value::Array(self.0), out);
    }
}
