//! The files of a pack: inside the program, or in a folder.

use std::borrow::Cow;
use std::path::Path;

use super::{PackError, locale};

// `RULES`: path from `rules/` and text of every rule file, sorted by path.
include!(concat!(env!("OUT_DIR"), "/rules.rs"));

/// The folder of phrase sets that packs may share.
const COMMON: &str = "common";

/// The texts of a pack's files.
#[derive(Debug, Clone, Default)]
pub struct PackSource {
    /// Folder name.
    pub id: String,
    /// `(path relative to the pack, shown path, text)`, sorted by path.
    pub files: Vec<PackFile>,
    /// The same of the shared folder.
    pub common: Vec<PackFile>,
}

/// One file of a pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackFile {
    /// With `/` between parts, relative to the pack's folder.
    pub relative: String,
    /// As shown to people.
    pub shown: String,
    /// Content.
    pub text: Cow<'static, str>,
}

/// The ids of the packs inside the program, sorted.
pub fn embedded_ids() -> Vec<&'static str> {
    let packs = RULES
        .iter()
        .filter_map(|(path, _)| path.strip_suffix("/pack.toml"));
    packs.filter(|id| !id.contains('/')).collect()
}

impl PackSource {
    /// `None` when the program has no such pack.
    pub fn embedded(id: &str) -> Option<Self> {
        if !embedded_ids().contains(&id) {
            return None;
        }
        Some(Self {
            id: id.to_owned(),
            files: embedded_files(id),
            common: embedded_files(COMMON),
        })
    }

    /// Reads every `*.toml` of a folder and of the `common` folder beside it; without one, of that inside the program.
    ///
    /// # Errors
    /// When the folder or one of its files cannot be read.
    pub fn from_dir(dir: &Path) -> Result<Self, PackError> {
        let id = std::path::absolute(dir).ok().and_then(|dir| {
            dir.file_name()
                .map(|name| name.to_string_lossy().into_owned())
        });
        let files = read_files(dir)?;
        let beside = dir.join("..").join(COMMON);
        let common = if beside.is_dir() {
            read_files(&beside)?
        } else {
            embedded_files(COMMON)
        };
        Ok(Self {
            id: id.unwrap_or_default(),
            files,
            common,
        })
    }
}

/// The place of the first byte that is no text.
fn not_utf8(path: &Path, error: &std::string::FromUtf8Error) -> PackError {
    let at = error.utf8_error().valid_up_to();
    let text = String::from_utf8_lossy(&error.as_bytes()[..at]);
    let path = path.display().to_string();
    PackError::at(
        "pack/not-utf8",
        &path,
        &text,
        at,
        locale::not_utf8(error.as_bytes()[at]),
        locale::not_utf8_help(),
    )
}

fn embedded_files(id: &str) -> Vec<PackFile> {
    let file = |(path, text): &(&str, &'static str)| {
        let relative = path.strip_prefix(id)?.strip_prefix('/')?;
        Some(PackFile {
            relative: relative.to_owned(),
            shown: format!("rules/{path}"),
            text: Cow::Borrowed(*text),
        })
    };
    RULES.iter().filter_map(file).collect()
}

fn read_files(dir: &Path) -> Result<Vec<PackFile>, PackError> {
    let problem = |path: &Path, error: String| {
        PackError::whole(
            "pack/unreadable",
            &path.display().to_string(),
            locale::unreadable(&error),
            locale::unreadable_help(),
        )
    };
    let mut files = Vec::new();
    for entry in walkdir::WalkDir::new(dir).sort_by_file_name() {
        let entry = entry.map_err(|error| problem(dir, error.to_string()))?;
        if entry.file_type().is_file()
            && entry
                .path()
                .extension()
                .is_some_and(|ending| ending == "toml")
        {
            let bytes = std::fs::read(entry.path())
                .map_err(|error| problem(entry.path(), error.to_string()))?;
            let text = String::from_utf8(bytes).map_err(|error| not_utf8(entry.path(), &error))?;
            let relative = entry.path().strip_prefix(dir).unwrap_or(entry.path());
            files.push(PackFile {
                relative: relative.to_string_lossy().replace('\\', "/"),
                shown: entry.path().display().to_string(),
                text: Cow::Owned(text),
            });
        }
    }
    files.sort_by(|a, b| a.relative.cmp(&b.relative));
    Ok(files)
}
