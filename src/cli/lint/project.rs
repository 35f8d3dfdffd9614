//! `etalon.toml` of the folder in which the templates stand, or of one above it.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use etalon::locale::Lang;
use etalon::script::Config;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::super::{Speech, diagnostics, locale};

const NAME: &str = "etalon.toml";

/// What a project says, and which files it means.
#[derive(Debug, Default)]
pub(super) struct Project {
    pub(super) config: Config,
    /// Where the file stands; `None` where there is none.
    folder: Option<PathBuf>,
    include: Option<Gitignore>,
    exclude: Option<Gitignore>,
}

impl Project {
    /// The nearest from `first` upwards. `Ok(None)`: it cannot be used, which has been said.
    pub(super) fn find(first: &Path, speech: Speech) -> anyhow::Result<Option<Self>> {
        let lang = speech.lang();
        let first = std::path::absolute(first).unwrap_or_else(|_| first.to_owned());
        let first = first.canonicalize().unwrap_or(first);
        let Some(path) = first
            .ancestors()
            .map(|folder| folder.join(NAME))
            .find(|path| path.is_file())
        else {
            return Ok(Some(Self::default()));
        };
        let text =
            std::fs::read_to_string(&path).with_context(|| locale::lint_no_config(lang, &path))?;
        let config = match Config::parse(&text) {
            Ok(config) => config,
            Err(problem) => {
                say(&path, &text, &problem, speech);
                return Ok(None);
            }
        };
        let folder = path.parent().map(Path::to_owned).unwrap_or_default();
        let include = matcher(&folder, &config.include, lang)?;
        let exclude = matcher(&folder, &config.exclude, lang)?;
        Ok(Some(Self {
            config,
            folder: Some(folder),
            include,
            exclude,
        }))
    }

    /// Names of packs; a folder is meant from where the file stands.
    pub(super) fn packs(&self) -> Vec<String> {
        let Some(folder) = &self.folder else {
            return Vec::new();
        };
        let packs = self.config.packs.iter().map(|name| {
            let beside = folder.join(name);
            if beside.is_dir() {
                beside.to_string_lossy().into_owned()
            } else {
                name.clone()
            }
        });
        packs.collect()
    }

    /// Whether a file that was found in a folder is to be linted.
    pub(super) fn takes(&self, path: &Path) -> bool {
        let Some(folder) = &self.folder else {
            return true;
        };
        let Ok(path) = path.canonicalize() else {
            return true;
        };
        let Ok(own) = path.strip_prefix(folder) else {
            return true;
        };
        let meets =
            |matcher: &Gitignore| matcher.matched_path_or_any_parents(own, false).is_ignore();
        self.include.as_ref().is_none_or(meets) && !self.exclude.as_ref().is_some_and(meets)
    }

    /// Fails, having said it, where it names what does not exist.
    pub(super) fn check(
        &self,
        known: &dyn Fn() -> Vec<String>,
        packs: &[etalon::pack::Pack],
        speech: Speech,
    ) -> bool {
        if !self.config.names_any() {
            return true;
        }
        let problems = self.config.check(&known(), packs);
        let path = self
            .folder
            .as_ref()
            .map(|folder| folder.join(NAME))
            .unwrap_or_default();
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        for problem in &problems {
            say(&path, &text, problem, speech);
        }
        problems.is_empty()
    }
}

fn say(path: &Path, text: &str, problem: &etalon::script::Problem, speech: Speech) {
    diagnostics::say(&diagnostics::file_problem(
        &path.to_string_lossy(),
        problem,
        Some(text),
        speech,
    ));
}

fn matcher(folder: &Path, globs: &[String], lang: Lang) -> anyhow::Result<Option<Gitignore>> {
    if globs.is_empty() {
        return Ok(None);
    }
    let mut builder = GitignoreBuilder::new(folder);
    for glob in globs {
        builder
            .add_line(None, glob)
            .with_context(|| locale::lint_bad_glob(lang, glob))?;
    }
    Ok(Some(builder.build()?))
}
