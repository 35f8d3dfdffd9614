//! Diagnostics -> what machines read: one file a format.
//!
//! Nothing here writes to a file or a terminal: every function appends to a buffer that the command hands over.

mod github;
mod gitlab;
mod junit;
mod locale;
mod place;
mod rdjson;
mod records;
mod sarif;

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::{Diagnostic, Problem, Script, Severity};
use crate::locale::Lang;
use crate::score::PackInfo;
use place::Root;

/// The formats of diagnostics that machines read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// One array of what NDJSON has line by line.
    Json,
    /// An object a line.
    Ndjson,
    /// SARIF 2.1.0.
    Sarif,
    /// Workflow commands of GitHub Actions.
    Github,
    /// Code Quality of GitLab.
    Gitlab,
    /// JUnit XML: a suite a file, a case a finding.
    Junit,
    /// Reviewdog Diagnostic Format.
    Rdjson,
}

impl Format {
    /// How the name of a file ends, with the format that it asks for. The first that fits counts.
    pub const ENDINGS: [(&'static str, Format); 7] = [
        ("gl-code-quality-report.json", Self::Gitlab),
        (".sarif.json", Self::Sarif),
        (".sarif", Self::Sarif),
        (".ndjson", Self::Ndjson),
        (".rdjson", Self::Rdjson),
        (".json", Self::Json),
        (".xml", Self::Junit),
    ];
}

/// What is wrong with a file itself, in the language of the run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// Stable, such as `script/broken-file`.
    pub code: &'static str,
    /// From 1; 0 where the whole file is meant.
    pub line: u32,
    /// In characters, from 1; 0 where the whole line or file is meant.
    pub column: u32,
    /// The file could not be linted because of it.
    pub fatal: bool,
    /// One sentence.
    pub message: String,
    /// What to do; may be empty.
    pub help: String,
}

impl Trouble {
    /// A problem as it is told.
    pub fn of(problem: &Problem, lang: Lang) -> Self {
        Self {
            code: problem.code,
            line: problem.line,
            column: problem.column,
            fatal: problem.fatal,
            message: problem.message(lang),
            help: problem.help(lang),
        }
    }

    /// The sentence and what to do about it.
    fn told(&self) -> String {
        match self.help.as_str() {
            "" => self.message.clone(),
            help => format!("{}; {help}", self.message),
        }
    }
}

/// One file of a run.
#[derive(Debug, Clone, Copy)]
pub struct LintedFile<'a> {
    /// As given.
    pub path: &'a str,
    /// What was read; `None` where nothing could be.
    pub script: Option<&'a Script>,
    /// In order.
    pub diagnostics: &'a [Diagnostic],
    /// What is wrong with the file itself.
    pub troubles: &'a [Trouble],
}

impl<'a> LintedFile<'a> {
    /// What stopped the linting.
    fn fatal(&self) -> impl Iterator<Item = &'a Trouble> {
        self.troubles.iter().filter(|trouble| trouble.fatal)
    }

    /// Whether its bytes are a text, so that a place in it can be written to.
    fn is_text(&self) -> bool {
        self.script.is_some_and(|script| !script.format.is_packed())
    }
}

/// Writes one report: files in the order of the run, then [`Report::end`].
#[derive(Debug)]
pub struct Report {
    lang: Lang,
    root: Root,
    body: Body,
}

#[derive(Debug)]
enum Body {
    Json { first: bool },
    Ndjson,
    Sarif(sarif::Log),
    Github(github::Counts),
    Gitlab(gitlab::Issues),
    Junit(junit::Suites),
    Rdjson(rdjson::Diagnostics),
}

impl Report {
    /// A report of `format`. `root` is the absolute path, with `/`, of the folder that relative paths start from: what lies in it is
    /// named from it where a format wants paths of a repository. Without it absolute paths stay as they are.
    pub fn new(format: Format, root: Option<&str>, lang: Lang) -> Self {
        let body = match format {
            Format::Json => Body::Json { first: true },
            Format::Ndjson => Body::Ndjson,
            Format::Sarif => Body::Sarif(sarif::Log::default()),
            Format::Github => Body::Github(github::Counts::default()),
            Format::Gitlab => Body::Gitlab(gitlab::Issues::default()),
            Format::Junit => Body::Junit(junit::Suites::default()),
            Format::Rdjson => Body::Rdjson(rdjson::Diagnostics::default()),
        };
        Self {
            lang,
            root: Root::new(root),
            body,
        }
    }

    /// One file; formats that are one piece keep it until [`Report::end`].
    pub fn file(&mut self, file: &LintedFile<'_>, out: &mut Vec<u8>) {
        let (lang, root) = (self.lang, &self.root);
        match &mut self.body {
            Body::Json { first } => records::array(file, first, out),
            Body::Ndjson => records::lines(file, out),
            Body::Sarif(log) => log.add(file, root, lang),
            Body::Github(counts) => counts.write(file, root, lang, out),
            Body::Gitlab(issues) => issues.add(file, root, lang),
            Body::Junit(suites) => suites.add(file, lang),
            Body::Rdjson(diagnostics) => diagnostics.add(file, root, lang),
        }
    }

    /// What stands behind all files. `packs` are those of the run, also those that only a file named.
    pub fn end(self, packs: &[&PackInfo], out: &mut Vec<u8>) {
        match self.body {
            Body::Json { first } => records::close(first, out),
            Body::Ndjson => {}
            Body::Sarif(log) => log.write(packs, out),
            Body::Github(counts) => counts.write_rest(self.lang, out),
            Body::Gitlab(issues) => issues.write(out),
            Body::Junit(suites) => suites.write(out),
            Body::Rdjson(diagnostics) => diagnostics.write(out),
        }
    }
}

/// What a finding says in one line: why, on which path of the script, what to write instead.
fn told(diagnostic: &Diagnostic, lang: Lang) -> String {
    let mut text = diagnostic.message.clone();
    if !diagnostic.path.is_empty() {
        text.push_str(&locale::path(lang, &diagnostic.path));
    }
    if let Some(suggest) = &diagnostic.suggest {
        text.push_str(" → ");
        text.push_str(suggest);
    }
    one_line(&text)
}

/// Without control characters: each run of them and of blanks is one blank.
fn one_line(text: &str) -> String {
    let text: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What may be put in by machine, and for which bytes of the text.
fn replacement<'a>(
    file: &LintedFile<'_>,
    diagnostic: &'a Diagnostic,
) -> Option<(Range<usize>, &'a str)> {
    let edit = diagnostic.edit.as_ref()?;
    file.is_text()
        .then(|| (edit.span.clone(), edit.text.as_str()))
}

/// What a finding is, wherever in its file it stands.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Identity<'a> {
    pack: &'a str,
    criterion: &'a str,
    /// Lower case, `е` for `ё`, one blank between words.
    text: String,
    /// From 1: how often the three came by in this file.
    nth: u32,
}

impl Identity<'_> {
    /// The fingerprint of it, beginning with what the caller adds.
    fn fingerprint(&self, more: &str) -> String {
        let nth = self.nth.to_string();
        place::digest(&[more, self.pack, self.criterion, &self.text, &nth])
    }
}

/// The identities of a file's findings in order.
fn identities<'a>(diagnostics: &'a [Diagnostic]) -> Vec<Identity<'a>> {
    let mut seen: FxHashMap<(&str, &str, String), u32> = FxHashMap::default();
    let identity = |diagnostic: &'a Diagnostic| {
        let text = one_line(&diagnostic.text).to_lowercase().replace('ё', "е");
        let (pack, criterion) = (diagnostic.pack.as_str(), diagnostic.criterion.as_str());
        let nth = seen.entry((pack, criterion, text.clone())).or_default();
        *nth += 1;
        Identity {
            pack,
            criterion,
            text,
            nth: *nth,
        }
    };
    diagnostics.iter().map(identity).collect()
}

/// Appends a value as indented JSON and a line end.
fn write_json(value: &serde_json::Value, out: &mut Vec<u8>) {
    // A buffer takes everything, and a value has no key that is no text.
    let _ = serde_json::to_writer_pretty(&mut *out, value);
    out.push(b'\n');
}

/// The level of SARIF and the command of GitHub: the same words.
fn level(severity: Severity) -> &'static str {
    severity.name()
}
