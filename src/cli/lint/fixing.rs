//! `--fix`, `--unsafe-fixes`, `--diff`: what is put into the files, or shown.

use std::io::Write as _;
use std::path::Path;

use anyhow::Context as _;
use clap::Args;
use etalon::locale::Lang;
use etalon::script::{Fixed, Wanted, unified};

use super::super::output::NewFile;
use super::super::{locale, print};
use super::STDIN;

/// What is done about findings that have a fix.
#[derive(Debug, Clone, Copy, Args)]
pub(super) struct FixArgs {
    /// Put the right words in where that is safe; standard input is written to standard output
    #[arg(long)]
    fix: bool,
    /// With --fix or --diff: rewordings too, which somebody should read again
    #[arg(long)]
    unsafe_fixes: bool,
    /// Show what --fix would change as a unified diff, and write nothing
    #[arg(long)]
    diff: bool,
}

impl FixArgs {
    /// Which fixes, where any are asked for.
    pub(super) fn wanted(self) -> Option<Wanted> {
        match (self.fix || self.diff, self.unsafe_fixes) {
            (false, _) => None,
            (true, true) => Some(Wanted::All),
            (true, false) => Some(Wanted::Safe),
        }
    }

    /// Nothing is written, and standard output is the difference.
    pub(super) fn only_shows(self) -> bool {
        self.diff
    }

    /// Fails where the options do not make sense together.
    pub(super) fn check(self, lang: Lang) -> anyhow::Result<()> {
        anyhow::ensure!(
            !self.unsafe_fixes || self.fix || self.diff,
            locale::lint_unsafe_alone(lang)
        );
        anyhow::ensure!(!(self.fix && self.diff), locale::lint_fix_or_diff(lang));
        Ok(())
    }

    /// Writes what was fixed, or shows it.
    pub(super) fn put(
        self,
        path: &Path,
        shown: &str,
        fixed: &Fixed,
        lang: Lang,
    ) -> anyhow::Result<()> {
        if self.diff {
            return print(unified(shown, &fixed.before, &fixed.after).as_bytes());
        }
        if path.as_os_str() == STDIN {
            return print(&fixed.bytes);
        }
        if fixed.n_edits == 0 {
            return Ok(());
        }
        // A link stays a link, and the file keeps what may be done with it.
        let path = path
            .canonicalize()
            .with_context(|| locale::cannot_write(lang, path))?;
        let permissions = std::fs::metadata(&path).map(|data| data.permissions());
        anyhow::ensure!(
            permissions
                .as_ref()
                .is_ok_and(|permissions| !permissions.readonly()),
            locale::lint_read_only(lang, &path)
        );
        let (new, mut file) = NewFile::create(&path, lang)?;
        file.write_all(&fixed.bytes)
            .and_then(|()| file.sync_all())
            .and_then(|()| permissions.and_then(|permissions| file.set_permissions(permissions)))
            .with_context(|| locale::cannot_write(lang, &path))?;
        new.finish(lang)
    }
}
