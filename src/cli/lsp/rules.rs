//! Rule files that are open -> what is wrong with their packs: what stops one from loading, and examples that come out wrong.
//!
//! What is open in the editor goes before the files on disk.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use etalon::examples::{ExampleResult, Runner};
use etalon::locale::Lang;
use etalon::pack::{Pack, PackError, PackFile, PackSource};
use lsp_types::{Diagnostic, Position, Uri};

use super::super::diagnostics;
use super::documents::{Document, Documents, Kind, uri_of};
use super::position::{Encoding, LineIndex};
use super::{code, finding};

const PACK_FILE: &str = "pack.toml";
const COMMON_DIR: &str = "common";

/// The files of a pack, those that are open as they are in the editor.
#[derive(Debug)]
pub(super) struct Source {
    files: PackSource,
    /// As errors name them -> where they are.
    paths: BTreeMap<String, PathBuf>,
}

/// Diagnostics by file.
type Found = BTreeMap<PathBuf, Vec<Diagnostic>>;

/// The packs of all rule files that are open.
#[derive(Debug, Default)]
pub(super) struct Rules {
    /// By folder.
    packs: BTreeMap<PathBuf, Proven>,
    /// Folders of packs that have to be looked at again.
    pub(super) dirty: BTreeSet<PathBuf>,
    /// Files that were said to have something wrong.
    told: BTreeSet<PathBuf>,
}

#[derive(Debug, Default)]
struct Proven {
    /// The last that could be loaded.
    pack: Option<Pack>,
    found: Found,
}

/// What is to be told about a file.
pub(super) struct Told {
    pub(super) uri: Uri,
    pub(super) version: Option<i32>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

impl Rules {
    /// The packs of a file have changed.
    pub(super) fn touch(&mut self, document: &Document, documents: &Documents) {
        if document.kind == Kind::Rules
            && let Some(path) = &document.path
        {
            self.dirty.extend(packs_of(path, documents));
        }
    }

    /// Packs none of whose files is open any more are let go.
    pub(super) fn forget(&mut self, documents: &Documents) {
        let open = documents
            .iter()
            .filter(|document| document.kind == Kind::Rules)
            .filter_map(|document| document.path.as_deref())
            .flat_map(|path| packs_of(path, documents))
            .collect::<BTreeSet<_>>();
        self.packs.retain(|folder, _| open.contains(folder));
        self.dirty.retain(|folder| open.contains(folder));
    }

    /// Looks at the packs that have changed. `interrupted` says that there is something more urgent: what is left stays dirty.
    pub(super) fn prove(
        &mut self,
        documents: &Documents,
        encoding: Encoding,
        lang: Lang,
        interrupted: &dyn Fn() -> bool,
    ) {
        for folder in self.dirty.clone() {
            let Some(found) = self.prove_one(&folder, documents, encoding, lang, interrupted)
            else {
                return;
            };
            self.packs.entry(folder.clone()).or_default().found = found;
            self.dirty.remove(&folder);
        }
    }

    fn prove_one(
        &mut self,
        folder: &Path,
        documents: &Documents,
        encoding: Encoding,
        lang: Lang,
        interrupted: &dyn Fn() -> bool,
    ) -> Option<Found> {
        let mut found = Found::new();
        let source = match source(folder, documents) {
            Ok(source) => source,
            Err(error) => {
                let path = PathBuf::from(&error.path);
                let text = std::fs::read(&path).unwrap_or_default();
                let text = String::from_utf8_lossy(&text);
                let one = of_error(&error, &text, encoding, lang);
                found.entry(path).or_default().push(one);
                return Some(found);
            }
        };
        let mut tell = |shown: &str, diagnostic: &dyn Fn(&str) -> Diagnostic| {
            if let Some(path) = source.paths.get(shown) {
                let text = source.text(shown);
                let own = found.entry(path.clone()).or_default();
                own.push(diagnostic(text));
            }
        };
        let pack = match Pack::from_source(&source.files) {
            Ok(pack) => pack,
            Err(errors) => {
                for error in &errors {
                    let of_pack = error.path == source.files.id;
                    let shown = if of_pack {
                        format!("{}/{PACK_FILE}", source.files.id)
                    } else {
                        error.path.clone()
                    };
                    tell(&shown, &|text| of_error(error, text, encoding, lang));
                }
                return Some(found);
            }
        };
        let mut runner = Runner::new(&pack);
        for (criterion, info) in pack.info().criteria.iter().enumerate() {
            if interrupted() {
                return None;
            }
            match runner.run(criterion) {
                Err(error) => tell(&error.path, &|text| of_error(&error, text, encoding, lang)),
                Ok(results) => {
                    for result in results.iter().filter(|result| !result.is_ok()) {
                        tell(&result.path, &|text| {
                            of_example(&info.id, result, text, encoding, lang)
                        });
                    }
                }
            }
        }
        drop(runner);
        self.packs.entry(folder.to_owned()).or_default().pack = Some(pack);
        Some(found)
    }

    /// What is to be told now: of every file that has something wrong, and of every one that had.
    pub(super) fn tell(&mut self, documents: &Documents) -> Vec<Told> {
        let mut all: Found = std::mem::take(&mut self.told)
            .into_iter()
            .map(|path| (path, Vec::new()))
            .collect();
        for (path, found) in self.packs.values().flat_map(|proven| &proven.found) {
            let own = all.entry(path.clone()).or_default();
            // Two packs see the same common file.
            for one in found {
                if !own.contains(one) {
                    own.push(one.clone());
                }
            }
        }
        // An open file without faults is told about too, so that an editor knows that it was looked at.
        for document in documents.iter().filter(|it| it.kind == Kind::Rules) {
            if let Some(path) = &document.path {
                all.entry(path.clone()).or_default();
            }
        }
        let wrong = all.iter().filter(|(_, found)| !found.is_empty());
        self.told = wrong.map(|(path, _)| path.clone()).collect();
        let told = all.into_iter().filter_map(|(path, diagnostics)| {
            let open = documents.of_file(&path);
            Some(Told {
                uri: open.map_or_else(|| uri_of(&path), |open| Some(open.uri.clone()))?,
                version: open.map(|open| open.version),
                diagnostics,
            })
        });
        told.collect()
    }

    /// A pack that a rule file belongs to, as it could be loaded last.
    pub(super) fn packs(&self, path: &Path, documents: &Documents) -> Vec<&Pack> {
        let folders = packs_of(path, documents);
        let proven = folders.iter().filter_map(|folder| self.packs.get(folder));
        proven.filter_map(|proven| proven.pack.as_ref()).collect()
    }
}

impl Source {
    /// What a pack is made of.
    pub(super) fn files(self) -> PackSource {
        self.files
    }

    fn text(&self, shown: &str) -> &str {
        let mut files = self.files.files.iter().chain(&self.files.common);
        files
            .find(|file| file.shown == shown)
            .map_or("", |file| &file.text)
    }
}

/// The folders of the packs that a file belongs to: the nearest one above it with a `pack.toml`, or all beside `common`.
fn packs_of(path: &Path, documents: &Documents) -> Vec<PathBuf> {
    let is_pack = |folder: &Path| {
        let file = folder.join(PACK_FILE);
        file.is_file() || documents.of_file(&file).is_some()
    };
    let above = || path.ancestors().skip(1);
    if let Some(folder) = above().find(|folder| is_pack(folder)) {
        return vec![folder.to_owned()];
    }
    let common = above().find(|folder| folder.file_name().is_some_and(|name| name == COMMON_DIR));
    let beside = common.and_then(Path::parent).map(std::fs::read_dir);
    let Some(Ok(beside)) = beside else {
        return Vec::new();
    };
    let mut folders: Vec<PathBuf> = beside
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|folder| is_pack(folder))
        .collect();
    folders.sort();
    folders
}

/// Reads the files of a pack's folder, and puts those that are open in their place.
pub(super) fn source(folder: &Path, documents: &Documents) -> Result<Source, PackError> {
    let folder = &std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    let mut files = PackSource::from_dir(folder)?;
    let mut paths = BTreeMap::new();
    put_open(&mut files.files, folder, documents, &mut paths);
    if let Some(common) = folder.parent().map(|parent| parent.join(COMMON_DIR))
        && common.is_dir()
    {
        put_open(&mut files.common, &common, documents, &mut paths);
    }
    Ok(Source { files, paths })
}

fn put_open(
    files: &mut Vec<PackFile>,
    folder: &Path,
    documents: &Documents,
    paths: &mut BTreeMap<String, PathBuf>,
) {
    for document in documents.iter().filter(|it| it.kind == Kind::Rules) {
        let Some(own) = document.below(folder) else {
            continue;
        };
        let relative = own.to_string_lossy().replace('\\', "/");
        let text = Cow::Owned(document.text.clone());
        match files.iter_mut().find(|file| file.relative == relative) {
            Some(file) => file.text = text,
            None => files.push(PackFile {
                shown: String::new(),
                relative,
                text,
            }),
        }
    }
    files.sort_by(|a, b| a.relative.cmp(&b.relative));
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    for file in files {
        file.shown = format!("{name}/{}", file.relative);
        paths.insert(file.shown.clone(), folder.join(&file.relative));
    }
}

fn of_error(error: &PackError, text: &str, encoding: Encoding, lang: Lang) -> Diagnostic {
    let lines = LineIndex::of(text, encoding);
    let bytes = match (error.line, error.width) {
        (0, _) => 0..0,
        (line, 0) => diagnostics::place(text, line, error.column).unwrap_or(0..0),
        (line, width) => {
            let chars = LineIndex::of(text, Encoding::Utf32);
            let at = |column| chars.byte(text, Position::new(line - 1, column));
            let column = error.column.saturating_sub(1);
            at(column)..at(column + width)
        }
    };
    let mut message = error.message(lang).to_owned();
    if !error.help(lang).is_empty() {
        message.push('\n');
        message.push_str(error.help(lang));
    }
    finding(lines.range(text, bytes), code(error.code), message)
}

fn of_example(
    id: &str,
    result: &ExampleResult,
    text: &str,
    encoding: Encoding,
    lang: Lang,
) -> Diagnostic {
    let lines = LineIndex::of(text, encoding);
    let line = lines.line(text, result.line.saturating_sub(1) as usize);
    let own = &text[line.clone()];
    let start = line.start + own.len() - own.trim_start().len();
    let bytes = start..start + own.trim().trim_end_matches(',').len();
    let (mut message, remarks) = diagnostics::example_told(id, result, lang);
    for (label, remark) in remarks {
        message.push_str(&format!("\n{label}: {remark}"));
    }
    let code = code(diagnostics::WRONG_EXAMPLE);
    finding(lines.range(text, bytes), code, message)
}
