//! Files to write: under another name first, renamed when they are whole.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use etalon::locale::Lang;

use super::locale;

/// A file that appears, or replaces an older one, only when it is whole. What is no file (a device, a named pipe) is written to
/// at once.
#[derive(Debug)]
pub(super) struct NewFile {
    path: PathBuf,
    /// Its name until it is whole; `None` where there is nothing to rename.
    unfinished: Option<PathBuf>,
}

impl NewFile {
    /// Begins a file; gives its handle too.
    pub(super) fn create(path: &Path, lang: Lang) -> anyhow::Result<(Self, File)> {
        let name = path
            .file_name()
            .with_context(|| locale::no_file_name(lang, path))?;
        anyhow::ensure!(!path.is_dir(), locale::output_is_folder(lang, path));
        let special = |found: &fs::Metadata| !found.is_file();
        if fs::metadata(path).as_ref().is_ok_and(special) {
            let file = File::options().write(true).open(path);
            let file = file.with_context(|| locale::cannot_write(lang, path))?;
            let new = Self {
                path: path.to_owned(),
                unfinished: None,
            };
            return Ok((new, file));
        }
        // A link stays one: the file that it leads to is replaced.
        let target = target(path);
        let name = target.file_name().unwrap_or(name);
        let mut hidden = std::ffi::OsString::from(".");
        hidden.push(name);
        hidden.push(format!(".{}.part", std::process::id()));
        let unfinished = target.with_file_name(hidden);
        let file = File::create(&unfinished).with_context(|| locale::cannot_write(lang, path))?;
        let new = Self {
            path: target,
            unfinished: Some(unfinished),
        };
        Ok((new, file))
    }

    /// Gives the file its name.
    pub(super) fn finish(mut self, lang: Lang) -> anyhow::Result<()> {
        if let Some(unfinished) = &self.unfinished {
            fs::rename(unfinished, &self.path)
                .with_context(|| locale::cannot_write(lang, &self.path))?;
        }
        self.unfinished = None;
        Ok(())
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        if let Some(unfinished) = &self.unfinished {
            let _ = fs::remove_file(unfinished);
        }
    }
}

/// The format of every `-o`: that of the first of `endings` that its name has, in any letter case.
pub(super) fn formats<F: Copy>(
    outputs: &[PathBuf],
    endings: &[(&str, F)],
    lang: Lang,
) -> anyhow::Result<Vec<F>> {
    let mut formats = Vec::new();
    for (idx, path) in outputs.iter().enumerate() {
        let same = |other: &PathBuf| target(other) == target(path);
        anyhow::ensure!(
            !outputs[..idx].iter().any(same),
            locale::output_twice(lang, path)
        );
        let name = path.to_string_lossy().to_ascii_lowercase();
        let named = endings.iter().find(|(ending, _)| name.ends_with(ending));
        let Some((_, format)) = named else {
            let known: Vec<&str> = endings.iter().map(|(ending, _)| *ending).collect();
            anyhow::bail!(locale::no_format(lang, path, &known.join(", ")));
        };
        formats.push(*format);
    }
    Ok(formats)
}

/// What a path leads to through links, of which the last may lead to a file that is not there yet.
fn target(path: &Path) -> PathBuf {
    const LINKS_MAX: usize = 40;
    let mut target = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    for _ in 0..LINKS_MAX {
        let Ok(next) = fs::read_link(&target) else {
            break;
        };
        // An absolute one replaces the folder.
        target = target.with_file_name("").join(next);
    }
    target
}

/// Whether two paths name one file; `false` where either does not exist.
pub(super) fn same_file(left: &Path, right: &Path) -> bool {
    let whole = |path: &Path| -> io::Result<PathBuf> { path.canonicalize() };
    matches!((whole(left), whole(right)), (Ok(left), Ok(right)) if left == right)
}
