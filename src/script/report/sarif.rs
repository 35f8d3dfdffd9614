//! Diagnostics -> SARIF 2.1.0.

use rustc_hash::FxHashMap;
use serde_json::{Value, json};

use super::place::Root;
use super::{LintedFile, identities, level, replacement, told, write_json};
use crate::locale::Lang;
use crate::score::PackInfo;

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// The folder that relative URIs start from; who reads the log knows where it has it.
const BASE: &str = "%SRCROOT%";
/// The name of our fingerprint; another way to make it gets another number.
const FINGERPRINT: &str = "etalonFinding/v1";

/// All of a run.
#[derive(Debug, Default)]
pub(super) struct Log {
    artifacts: Vec<Value>,
    /// Each with its pack and criterion.
    results: Vec<(String, String, Value)>,
    notifications: Vec<Value>,
    failed: bool,
}

impl Log {
    pub(super) fn add(&mut self, file: &LintedFile<'_>, root: &Root, lang: Lang) {
        let mut artifact = json!({"location": location(root, file.path)});
        if let Some(charset) = file.script.and_then(|script| script.charset) {
            artifact["encoding"] = json!(charset.encoding.name());
        }
        let index = self.artifacts.len();
        self.artifacts.push(artifact);
        let mut own = location(root, file.path);
        own["index"] = json!(index);
        for trouble in file.troubles {
            let mut place = json!({"artifactLocation": own});
            if trouble.line > 0 {
                place["region"] = json!({"startLine": trouble.line});
                if trouble.column > 0 {
                    place["region"]["startColumn"] = json!(trouble.column);
                }
            }
            self.notifications.push(json!({
                "descriptor": {"id": trouble.code},
                "level": if trouble.fatal { "error" } else { "note" },
                "message": {"text": trouble.told()},
                "locations": [{"physicalLocation": place}],
            }));
            self.failed |= trouble.fatal;
        }
        for (diagnostic, identity) in file.diagnostics.iter().zip(identities(file.diagnostics)) {
            let start = (diagnostic.line, diagnostic.column);
            let mut region = region(start, (diagnostic.end_line, diagnostic.end_column));
            let own_words = file
                .script
                .and_then(|script| script.text.get(diagnostic.span.clone()));
            if let Some(words) = own_words.filter(|words| !words.is_empty()) {
                region["snippet"] = json!({"text": words});
            }
            let mut result = json!({
                "ruleId": diagnostic.criterion,
                "level": level(diagnostic.severity),
                "message": {"text": told(diagnostic, lang)},
                "locations": [{"physicalLocation": {"artifactLocation": own, "region": region}}],
                "partialFingerprints": {FINGERPRINT: identity.fingerprint("")},
                "properties": {"pack": diagnostic.pack},
            });
            if let Some(fix) = diagnostic.fix {
                result["properties"]["fix"] = json!(fix.name());
            }
            if !diagnostic.path.is_empty() {
                result["properties"]["path"] = json!(diagnostic.path);
            }
            if let (Some((span, text)), Some(script)) = (replacement(file, diagnostic), file.script)
            {
                let deleted = self::region(script.place(span.start), script.place(span.end));
                result["fixes"] = json!([{
                    "description": {"text": text},
                    "artifactChanges": [{
                        "artifactLocation": own,
                        "replacements": [{"deletedRegion": deleted, "insertedContent": {"text": text}}],
                    }],
                }]);
            }
            let (pack, criterion) = (diagnostic.pack.clone(), diagnostic.criterion.clone());
            self.results.push((pack, criterion, result));
        }
    }

    pub(super) fn write(mut self, packs: &[&PackInfo], out: &mut Vec<u8>) {
        let mut rules = Vec::new();
        let mut index_of = FxHashMap::default();
        for pack in packs {
            for criterion in &pack.criteria {
                let is_own =
                    |(own, id, _): &(String, String, Value)| *own == pack.id && *id == criterion.id;
                if !self.results.iter().any(is_own) {
                    continue;
                }
                index_of.insert((pack.id.as_str(), criterion.id.as_str()), rules.len());
                let mut rule = json!({
                    "id": criterion.id,
                    "shortDescription": {"text": criterion.title},
                    "properties": {"pack": pack.id, "tags": [pack.id]},
                });
                if !criterion.clause.is_empty() {
                    rule["fullDescription"] = json!({"text": criterion.clause});
                }
                let help = [criterion.advice.as_str(), criterion.clause.as_str()];
                if let Some(help) = help.iter().find(|text| !text.is_empty()) {
                    rule["help"] = json!({"text": help});
                }
                rules.push(rule);
            }
        }
        for (pack, criterion, result) in &mut self.results {
            if let Some(index) = index_of.get(&(pack.as_str(), criterion.as_str())) {
                result["ruleIndex"] = json!(index);
            }
        }
        let results: Vec<Value> = self
            .results
            .into_iter()
            .map(|(_, _, result)| result)
            .collect();
        let version = env!("CARGO_PKG_VERSION");
        let mut invocation = json!({"executionSuccessful": !self.failed});
        if !self.notifications.is_empty() {
            invocation["toolExecutionNotifications"] = json!(self.notifications);
        }
        let log = json!({
            "$schema": SCHEMA,
            "version": "2.1.0",
            "runs": [{
                "tool": {"driver": {"name": "etalon", "version": version, "semanticVersion": version, "rules": rules}},
                "columnKind": "unicodeCodePoints",
                "originalUriBaseIds": {BASE: {"description": {"text": "The folder where etalon was run."}}},
                "invocations": [invocation],
                "artifacts": self.artifacts,
                "results": results,
            }],
        });
        write_json(&log, out);
    }
}

fn location(root: &Root, path: &str) -> Value {
    match root.uri(path) {
        (uri, true) => json!({"uri": uri, "uriBaseId": BASE}),
        (uri, false) => json!({"uri": uri}),
    }
}

fn region((line, column): (u32, u32), (end_line, end_column): (u32, u32)) -> Value {
    json!({
        "startLine": line,
        "startColumn": column,
        "endLine": end_line,
        "endColumn": end_column,
    })
}
