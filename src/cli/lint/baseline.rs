//! `--baseline`, `--write-baseline`: findings that are known and let alone for now.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;
use etalon::locale::Lang;
use etalon::script::{Diagnostic, Script};
use serde::{Deserialize, Serialize};

use super::super::output::NewFile;
use super::super::{Speech, diagnostics, locale};

/// Which findings are known.
#[derive(Debug, Clone, Args)]
pub(in super::super) struct BaselineArgs {
    /// Let the findings alone that this file holds, by criterion and words; entries that meet nothing are named
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Write all findings of this run into a file for --baseline
    #[arg(long, value_name = "FILE", conflicts_with = "baseline")]
    write_baseline: Option<PathBuf>,
}

impl BaselineArgs {
    /// Nothing but what is known.
    pub(in super::super) fn known(path: Option<PathBuf>) -> Self {
        Self {
            baseline: path,
            write_baseline: None,
        }
    }

    /// The file of known findings.
    pub(super) fn file(&self) -> Option<&Path> {
        self.baseline.as_deref()
    }

    /// Whether findings are only written down.
    pub(super) fn writes(&self) -> bool {
        self.write_baseline.is_some()
    }
}

const SCHEMA: &str = "etalon/baseline@1";

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    schema: String,
    findings: Vec<Entry>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    criterion: String,
    text: String,
    file: String,
    count: usize,
}

/// `(criterion, words)`.
type Key = (String, String);

/// Findings that are known, or that will be.
#[derive(Debug, Clone, Default)]
pub(in super::super) struct Baseline {
    args: Option<BaselineArgs>,
    /// Known: how many are left, by file.
    known: BTreeMap<Key, BTreeMap<String, usize>>,
    written: BTreeMap<(String, Key), usize>,
    /// The files of this run.
    run: Vec<String>,
}

impl Baseline {
    /// Reads what is known; `run` are the files of this run.
    pub(in super::super) fn read(
        args: &BaselineArgs,
        run: Vec<String>,
        lang: Lang,
    ) -> anyhow::Result<Self> {
        let mut baseline = Self {
            args: Some(args.clone()),
            run,
            ..Self::default()
        };
        let Some(path) = &args.baseline else {
            return Ok(baseline);
        };
        let text =
            std::fs::read_to_string(path).with_context(|| locale::lint_no_baseline(lang, path))?;
        let file: File = serde_json::from_str(&text).map_err(|error| {
            anyhow::anyhow!(locale::lint_bad_baseline(lang, path, &error.to_string()))
        })?;
        anyhow::ensure!(
            file.schema == SCHEMA,
            locale::lint_bad_baseline(lang, path, &file.schema)
        );
        for entry in file.findings {
            let files = baseline
                .known
                .entry((entry.criterion, entry.text))
                .or_default();
            *files.entry(entry.file).or_default() += entry.count;
        }
        Ok(baseline)
    }

    /// Takes those findings of a template away that are known, or writes all of them down.
    pub(in super::super) fn apply(&mut self, script: &Script, found: &mut Vec<Diagnostic>) {
        let writes = self.args.as_ref().is_some_and(BaselineArgs::writes);
        if !writes && self.known.is_empty() {
            return;
        }
        found.retain(|one| {
            let key = key(one, script);
            if writes {
                *self.written.entry((one.file.clone(), key)).or_default() += 1;
                return false;
            }
            !self.uses_up(&key, &one.file)
        });
    }

    /// Whether such a finding of this file is known; then there is one less.
    fn uses_up(&mut self, key: &Key, file: &str) -> bool {
        let Some(files) = self.known.get_mut(key) else {
            return false;
        };
        let own = files.get_mut(file).filter(|left| **left > 0);
        // A file may have another name by now; one that is there but not in this run keeps what is known of it.
        let left = match own {
            Some(left) => Some(left),
            None => files
                .iter_mut()
                .find(|(file, left)| {
                    **left > 0 && !self.run.contains(file) && !Path::new(file).exists()
                })
                .map(|(_, left)| left),
        };
        left.map(|left| *left -= 1).is_some()
    }

    /// The findings of a template that its fixes are to let alone.
    pub(super) fn take(&mut self, script: &Script, found: &[Diagnostic]) -> LetAlone {
        let mut taken = LetAlone::default();
        if self.known.is_empty() {
            return taken;
        }
        for one in found {
            let key = key(one, script);
            if self.uses_up(&key, &one.file) {
                *taken.0.entry(loose(one, key)).or_default() += 1;
            }
        }
        taken
    }

    /// Writes the file, or names what it holds in vain.
    pub(in super::super) fn end(&self, speech: Speech) -> anyhow::Result<()> {
        let lang = speech.lang();
        let Some(args) = &self.args else {
            return Ok(());
        };
        if let Some(path) = &args.write_baseline {
            let entry = |((file, (criterion, text)), count): (&(String, Key), &usize)| Entry {
                criterion: criterion.clone(),
                text: text.clone(),
                file: file.clone(),
                count: *count,
            };
            let file = File {
                schema: SCHEMA.to_owned(),
                findings: self.written.iter().map(entry).collect(),
            };
            let mut text = serde_json::to_string_pretty(&file)?;
            text.push('\n');
            let (new, mut handle) = NewFile::create(path, lang)?;
            handle
                .write_all(text.as_bytes())
                .with_context(|| locale::cannot_write(lang, path))?;
            new.finish(lang)?;
        }
        for ((criterion, text), files) in &self.known {
            for (file, left) in files.iter().filter(|(_, left)| **left > 0) {
                // Of a file that was not looked at nothing is known.
                if self.run.contains(file) || !Path::new(file).exists() {
                    let (message, help) = locale::lint_stale(lang, criterion, text, *left);
                    diagnostics::say(&diagnostics::about_file(
                        file,
                        (0, 0),
                        "baseline/stale",
                        (message, help),
                        false,
                        None,
                        speech,
                    ));
                }
            }
        }
        Ok(())
    }
}

/// How many findings of one file are known.
#[derive(Debug, Default)]
pub(super) struct LetAlone(BTreeMap<Key, usize>);

impl LetAlone {
    /// Takes them away, the first ones of each kind.
    pub(super) fn without(&self, script: &Script, found: &mut Vec<Diagnostic>) {
        if self.0.is_empty() {
            return;
        }
        let mut left = self.0.clone();
        found.retain(|one| match left.get_mut(&loose(one, key(one, script))) {
            Some(left) if *left > 0 => {
                *left -= 1;
                false
            }
            _ => true,
        });
    }
}

/// While a file is being fixed its lines change, and with them the lines by which missing parts are known: only their criterion
/// counts then, so that a fix beside a missing part is not taken back.
fn loose(one: &Diagnostic, key: Key) -> Key {
    match one.text.as_str() {
        "" => (key.0, String::new()),
        _ => key,
    }
}

/// What is missing has no words of its own: it is known by the line where it is missing.
fn key(one: &Diagnostic, script: &Script) -> Key {
    let line = || {
        script
            .text
            .get(script.lines.line(&script.text, one.span.start))
            .unwrap_or_default()
    };
    let text = match one.text.as_str() {
        "" if one.path.is_empty() => line().split_whitespace().collect::<Vec<_>>().join(" "),
        "" => one.path.join(" → "),
        text => text.to_owned(),
    };
    (one.criterion.clone(), text)
}
