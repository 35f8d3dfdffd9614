//! Files to write: under another name first, renamed when they are whole.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use etalon::locale::Lang;

use super::locale;

/// A file that appears, or replaces an older one, only when it is whole.
#[derive(Debug)]
pub(super) struct NewFile {
    path: PathBuf,
    unfinished: PathBuf,
    finished: bool,
}

impl NewFile {
    /// Begins a file; gives its handle too.
    pub(super) fn create(path: &Path, lang: Lang) -> anyhow::Result<(Self, File)> {
        let name = path
            .file_name()
            .with_context(|| locale::no_file_name(lang, path))?;
        anyhow::ensure!(!path.is_dir(), locale::output_is_folder(lang, path));
        let mut hidden = std::ffi::OsString::from(".");
        hidden.push(name);
        hidden.push(format!(".{}.part", std::process::id()));
        let unfinished = path.with_file_name(hidden);
        let file = File::create(&unfinished).with_context(|| locale::cannot_write(lang, path))?;
        let new = Self {
            path: path.to_owned(),
            unfinished,
            finished: false,
        };
        Ok((new, file))
    }

    /// Gives the file its name.
    pub(super) fn finish(mut self, lang: Lang) -> anyhow::Result<()> {
        fs::rename(&self.unfinished, &self.path)
            .with_context(|| locale::cannot_write(lang, &self.path))?;
        self.finished = true;
        Ok(())
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        if !self.finished {
            let _ = fs::remove_file(&self.unfinished);
        }
    }
}

/// Whether two paths name one file; `false` where either does not exist.
pub(super) fn same_file(left: &Path, right: &Path) -> bool {
    let whole = |path: &Path| -> io::Result<PathBuf> { path.canonicalize() };
    matches!((whole(left), whole(right)), (Ok(left), Ok(right)) if left == right)
}
