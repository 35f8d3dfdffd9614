//! Command-line paths -> files to read; ids already seen.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustc_hash::FxHashMap;
use walkdir::WalkDir;

use super::locale::{self, Problem};
use super::{FORMATS, ReadError};

/// A place that calls come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// As on the command line, or below a folder named there, `/` between its parts; `-` is standard input.
    pub path: String,
    /// The same for the operating system.
    pub(super) file: PathBuf,
}

impl Source {
    /// A file by its path, or standard input (`-`).
    pub fn new(path: impl AsRef<Path>) -> Self {
        let file = path.as_ref().to_owned();
        let mut path = file.to_string_lossy().into_owned();
        if std::path::MAIN_SEPARATOR != '/' {
            path = path.replace(std::path::MAIN_SEPARATOR, "/");
        }
        Self { path, file }
    }

    /// Whether this is standard input.
    pub fn is_stdin(&self) -> bool {
        self.path == "-"
    }

    /// In lower case, without the dot; empty where there is none.
    pub(super) fn ending(&self) -> String {
        self.file
            .extension()
            .map(|ending| ending.to_string_lossy().to_lowercase())
            .unwrap_or_default()
    }
}

/// What [`collect`] found.
#[derive(Debug, Default)]
pub struct Collected {
    /// In the order of the command line; within a folder sorted by name.
    pub sources: Vec<Source>,
    /// Paths that do not exist, folders that cannot be read or hold no transcript.
    pub errors: Vec<ReadError>,
    /// Files in folders whose endings are those of no format: sound recordings and the like. They are not read.
    pub passed_over: Vec<String>,
}

/// Finds the files to read: a file is taken as it is, a folder is searched with all its subfolders for the endings of
/// [`FORMATS`]; hidden files and folders in it are left alone. `-` is standard input.
pub fn collect<P: AsRef<Path>>(paths: impl IntoIterator<Item = P>) -> Collected {
    let mut found = Collected::default();
    for path in paths {
        let path = path.as_ref();
        let source = Source::new(path);
        if source.is_stdin() {
            found.sources.push(source);
            continue;
        }
        match std::fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => search(&source, &mut found),
            Ok(_) => found.sources.push(source),
            Err(error) => {
                let problem = if error.kind() == std::io::ErrorKind::NotFound {
                    Problem::new(&locale::NOT_FOUND, &[])
                } else {
                    Problem::new(&locale::UNREADABLE, &[&error.to_string()])
                };
                found
                    .errors
                    .push(ReadError::of_file(&source.path.as_str().into(), problem));
            }
        }
    }
    found
}

fn search(folder: &Source, found: &mut Collected) {
    let n_before = found.sources.len() + found.errors.len();
    let hidden = |name: &std::ffi::OsStr| name.to_string_lossy().starts_with('.');
    let entries = WalkDir::new(&folder.file)
        .follow_links(true)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(|entry| entry.depth() == 0 || !hidden(entry.file_name()));
    for entry in entries {
        match entry {
            Ok(entry) if !entry.file_type().is_file() => {}
            Ok(entry) => {
                let source = Source::new(entry.path());
                let ending = source.ending();
                if FORMATS
                    .iter()
                    .any(|format| format.endings.contains(&ending.as_str()))
                {
                    found.sources.push(source);
                } else {
                    found.passed_over.push(source.path);
                }
            }
            Err(error) => {
                let path = error
                    .path()
                    .map_or_else(|| folder.path.clone(), |path| Source::new(path).path);
                let reason = error
                    .io_error()
                    .map_or_else(|| error.to_string(), ToString::to_string);
                let problem = Problem::new(&locale::UNREADABLE, &[&reason]);
                found
                    .errors
                    .push(ReadError::of_file(&path.as_str().into(), problem));
            }
        }
    }
    if found.sources.len() + found.errors.len() == n_before {
        let endings: Vec<String> = FORMATS
            .iter()
            .flat_map(|format| format.endings)
            .map(|ending| format!(".{ending}"))
            .collect();
        let problem = Problem::new(&locale::EMPTY_FOLDER, &[&endings.join(" ")]);
        found
            .errors
            .push(ReadError::of_file(&folder.path.as_str().into(), problem));
    }
}

/// The ids of a run, to find those that come twice. It keeps 64 bits of an id and where it was, not its text.
#[derive(Debug, Default)]
pub struct Ids {
    seen: FxHashMap<u64, (Arc<str>, u32)>,
}

impl Ids {
    /// Remembers the id of a call; where it was already used, the error says where. `line` is that of the record.
    ///
    /// # Errors
    /// The id was already used.
    pub fn add(&mut self, id: &str, path: &Arc<str>, line: u32) -> Result<(), ReadError> {
        let mut hasher = DefaultHasher::new();
        id.hash(&mut hasher);
        match self.seen.entry(hasher.finish()) {
            std::collections::hash_map::Entry::Vacant(free) => {
                free.insert((path.clone(), line));
                Ok(())
            }
            std::collections::hash_map::Entry::Occupied(first) => {
                let (first_path, first_line) = first.get();
                let first = format!("{first_path}:{first_line}");
                let mut error =
                    ReadError::of_file(path, Problem::new(&locale::DUPLICATE_ID, &[id, &first]));
                error.line = Some(line);
                error.call = Some(id.to_owned());
                error.place = "id".to_owned();
                Err(error)
            }
        }
    }
}
