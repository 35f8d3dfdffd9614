//! `etalon.toml` of the folder in which the templates stand, or of one above it.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;
use etalon::locale::Lang;
use etalon::script::{Config, Problem};
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::super::{Speech, diagnostics, locale};

/// What it is called.
pub(in super::super) const NAME: &str = "etalon.toml";

/// Which configuration holds.
#[derive(Debug, Clone, Args)]
pub(super) struct ConfigArgs {
    /// Read this file instead of the nearest etalon.toml; its patterns and folders are meant from where it stands
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    config: Option<PathBuf>,
    /// Read no etalon.toml
    #[arg(long)]
    no_config: bool,
    /// Leave out what etalon.toml leaves out also where it is named itself, for programs that name files
    #[arg(long)]
    force_exclude: bool,
}

impl ConfigArgs {
    /// The file that holds for a run whose first path is this; `None` where there is none.
    pub(super) fn path(&self, first: &Path) -> Option<PathBuf> {
        if self.no_config {
            return None;
        }
        if let Some(path) = &self.config {
            return Some(path.canonicalize().unwrap_or_else(|_| path.clone()));
        }
        Project::locate(first)
    }

    /// Folders in which a file that would hold may appear, change or go.
    pub(super) fn folders(&self, first: &Path) -> Vec<PathBuf> {
        let found = self.path(first);
        let folder = |path: &Path| path.parent().map(Path::to_owned);
        match (&found, self.no_config, &self.config) {
            (_, true, _) => Vec::new(),
            (found, _, Some(_)) => found.as_deref().and_then(folder).into_iter().collect(),
            // A nearer one would go before the one that holds now.
            (found, ..) => {
                let places = places(first);
                let n_places = match found {
                    Some(found) => places.iter().take_while(|place| *place != found).count() + 1,
                    None => places.len(),
                };
                let places = places.iter().take(n_places);
                places.filter_map(|place| folder(place)).collect()
            }
        }
    }

    /// The packs that it names, also where something else in it cannot be used; none where it cannot be read.
    pub(super) fn packs(&self, first: &Path) -> Vec<String> {
        let Some(path) = self.path(first) else {
            return Vec::new();
        };
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        let config = Config::parse(&text).unwrap_or_default();
        let project = Project {
            config,
            folder: path.parent().map(Path::to_owned),
            ..Project::default()
        };
        project.packs()
    }

    /// Whether named files are left out like those that were found in folders.
    pub(super) fn leaves_out_named(&self) -> bool {
        self.force_exclude
    }
}

/// Where the file may stand, the nearest first.
fn places(first: &Path) -> Vec<PathBuf> {
    let first = real(first);
    let folders = first.ancestors();
    folders.map(|folder| folder.join(NAME)).collect()
}

/// What a project says, and which files it means.
#[derive(Debug, Default)]
pub(in super::super) struct Project {
    pub(in super::super) config: Config,
    /// The file; `None` where there is none.
    path: Option<PathBuf>,
    /// Where it stands.
    folder: Option<PathBuf>,
    include: Option<Gitignore>,
    exclude: Option<Gitignore>,
}

impl Project {
    /// What holds for a run whose first path is `first`. `Ok(None)`: it cannot be used, which has been said.
    pub(super) fn find(
        args: &ConfigArgs,
        first: &Path,
        speech: Speech,
    ) -> anyhow::Result<Option<Self>> {
        let lang = speech.lang();
        let Some(path) = args.path(first) else {
            return Ok(Some(Self::default()));
        };
        let text =
            std::fs::read_to_string(&path).with_context(|| locale::lint_no_config(lang, &path))?;
        match Self::parse(&path, &text, lang)? {
            Ok(project) => Ok(Some(project)),
            Err(problem) => {
                say(&path, &text, &problem, speech);
                Ok(None)
            }
        }
    }

    /// Where the nearest from `first` upwards stands.
    pub(in super::super) fn locate(first: &Path) -> Option<PathBuf> {
        places(first).into_iter().find(|path| path.is_file())
    }

    /// From the text of the file that stands at `path`.
    pub(in super::super) fn parse(
        path: &Path,
        text: &str,
        lang: Lang,
    ) -> anyhow::Result<Result<Self, Problem>> {
        let config = match Config::parse(text) {
            Ok(config) => config,
            Err(problem) => return Ok(Err(problem)),
        };
        let folder = path.parent().map(Path::to_owned).unwrap_or_default();
        let include = matcher(&folder, &config.include, lang)?;
        let exclude = matcher(&folder, &config.exclude, lang)?;
        Ok(Ok(Self {
            config,
            path: Some(path.to_owned()),
            folder: Some(folder),
            include,
            exclude,
        }))
    }

    /// Names of packs; a folder is meant from where the file stands.
    pub(in super::super) fn packs(&self) -> Vec<String> {
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

    /// Whether a file that nobody named is to be linted.
    pub(in super::super) fn takes(&self, path: &Path) -> bool {
        let Some(folder) = &self.folder else {
            return true;
        };
        let path = real(path);
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
        let path = self.path.clone().unwrap_or_default();
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        for problem in &problems {
            say(&path, &text, problem, speech);
        }
        problems.is_empty()
    }
}

/// A path from the root without links in it; one whose file does not exist yet goes by its folder.
pub(in super::super) fn real(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    if let Ok(path) = path.canonicalize() {
        return path;
    }
    match (path.parent().map(Path::canonicalize), path.file_name()) {
        (Some(Ok(folder)), Some(name)) => folder.join(name),
        _ => path,
    }
}

fn say(path: &Path, text: &str, problem: &Problem, speech: Speech) {
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
