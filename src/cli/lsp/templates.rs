//! A template that is open -> its findings, as `etalon lint` of its file would have them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use etalon::locale::Lang;
use etalon::pack::{Pack, PackFile, PackSource, embedded_ids};
use etalon::score::CriterionInfo;
use etalon::script::{Diagnostic, Fixed, Problem, Script, Wanted};

use super::super::lint::baseline::{Baseline, BaselineArgs};
use super::super::lint::project::{self, Project};
use super::super::{lint, packs};
use super::documents::{Document, Documents, Kind};
use super::{LspArgs, locale, rules};

/// What was found in a template.
#[derive(Debug, Default)]
pub(super) struct Analysis {
    pub(super) findings: Vec<Diagnostic>,
    /// What is wrong with the file.
    pub(super) problems: Vec<Problem>,
    /// Why it could not be checked.
    pub(super) trouble: Option<Trouble>,
    /// Bytes of the document before [`Script::text`]: a byte order mark.
    pub(super) offset: usize,
}

/// Why no template of a project can be checked, or one cannot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Trouble {
    pub(super) code: &'static str,
    pub(super) message: String,
}

/// The packs of every project, as they are now.
#[derive(Debug, Default)]
pub(super) struct Templates {
    /// By the place of `etalon.toml`; `None` is where there is none.
    projects: BTreeMap<Option<PathBuf>, Standing>,
}

/// What the templates of a project are held against.
#[derive(Debug, Default)]
struct Standing {
    /// Its packs, and why they could not be had, were made of this.
    made_of: Option<MadeOf>,
    project: Project,
    /// Those that could be loaded, in the order in which they were given.
    packs: Vec<Pack>,
    /// The name of each.
    pack_names: Vec<String>,
    /// The names of all.
    names: Vec<String>,
    /// Packs inside the program that front matters ask for, by their ids.
    asked: BTreeMap<String, Pack>,
    /// Ids of all criteria that there are.
    known: Vec<String>,
    trouble: Option<Trouble>,
}

#[derive(Debug, PartialEq)]
struct MadeOf {
    config: Option<String>,
    /// Files of packs that are folders.
    folders: Vec<(Vec<PackFile>, Vec<PackFile>)>,
}

/// Everything that a template is held against, and what else is open.
#[derive(Debug, Clone, Copy)]
pub(super) struct World<'w> {
    pub(super) args: &'w LspArgs,
    pub(super) documents: &'w Documents,
    pub(super) lang: Lang,
}

/// A byte order mark that an editor has left in a text.
const MARK: char = '\u{feff}';

/// Gives what is wrong with a template, and its findings.
type Hold<'h> = dyn FnMut(&Script) -> (Vec<Problem>, Vec<Diagnostic>) + 'h;

impl Templates {
    /// Lints a document; one that is no template, or that the project leaves out, has no findings.
    pub(super) fn lint(&mut self, document: &Document, world: World<'_>) -> Analysis {
        let baseline = world.args.baseline.clone();
        let found = self.held(document, world, |name, hold| {
            let mut analysis = Analysis {
                offset: mark(&document.text),
                ..Analysis::default()
            };
            let script = match Script::read(name, &bytes(&document.text)) {
                Ok(script) => script,
                Err(problem) => {
                    analysis.problems.push(problem);
                    return analysis;
                }
            };
            (analysis.problems, analysis.findings) = hold(&script);
            let known = BaselineArgs::known(baseline);
            match Baseline::read(&known, vec![name.to_owned()], world.lang) {
                Ok(mut known) => known.apply(&script, &mut analysis.findings),
                Err(error) => analysis.trouble = Some(general(world.lang, &error)),
            }
            analysis
        });
        match found {
            Ok(analysis) => analysis.unwrap_or_default(),
            Err(trouble) => Analysis {
                trouble: Some(trouble),
                ..Analysis::default()
            },
        }
    }

    /// Puts fixes in as `etalon lint --fix` does; `None` where there is nothing to fix.
    pub(super) fn fix(
        &mut self,
        document: &Document,
        wanted: Wanted,
        world: World<'_>,
    ) -> Option<Fixed> {
        let fixed = self.held(document, world, |name, hold| {
            let mut lint = |script: &Script| hold(script).1;
            etalon::script::fix(name, &bytes(&document.text), wanted, &mut lint).ok()
        });
        fixed.ok().flatten().flatten()
    }

    /// What is found if the text of a document were another; `None` where that is no template.
    pub(super) fn found_in(
        &mut self,
        document: &Document,
        text: &str,
        world: World<'_>,
    ) -> Option<(Vec<Problem>, Vec<Diagnostic>)> {
        let found = self.held(document, world, |name, hold| {
            let script = Script::read(name, &bytes(text)).ok()?;
            Some(hold(&script))
        });
        found.ok().flatten().flatten()
    }

    /// What `etalon.toml` itself has wrong, as it is in the editor.
    pub(super) fn config(&mut self, document: &Document, world: World<'_>) -> Vec<Problem> {
        let Some(path) = &document.path else {
            return Vec::new();
        };
        match Project::parse(path, &document.text, world.lang) {
            Ok(Ok(project)) => {
                let standing = self.standing(Some(path), world);
                project.config.check(&standing.known, &standing.packs)
            }
            Ok(Err(problem)) => vec![problem],
            // A pattern of files; the templates tell.
            Err(_) => Vec::new(),
        }
    }

    /// Whether anything is held against rule files that may be open, or may come to be.
    pub(super) fn hang_on_files(&self) -> bool {
        self.projects.values().any(|standing| {
            let made_of = standing.made_of.as_ref();
            standing.trouble.is_some() || made_of.is_some_and(|it| !it.folders.is_empty())
        })
    }

    /// A criterion that is known where a document stands, with the pack and why it is wanted.
    pub(super) fn criterion(
        &mut self,
        document: &Document,
        id: &str,
        pack_id: Option<&str>,
        world: World<'_>,
    ) -> Option<(CriterionInfo, Option<String>)> {
        let standing = self.standing(document.path.as_deref(), world);
        let packs = standing.packs.iter().chain(standing.asked.values());
        let mut packs = packs.filter(|pack| pack_id.is_none_or(|id| id == pack.info().id));
        packs.find_map(|pack| {
            let criteria = &pack.info().criteria;
            let idx = criteria.iter().position(|criterion| criterion.id == id)?;
            Some((criteria[idx].clone(), pack.homes()[idx].why.clone()))
        })
    }

    /// Calls `work` with the name of the template and what lints it; `Ok(None)` where it is not to be linted.
    fn held<R>(
        &mut self,
        document: &Document,
        world: World<'_>,
        work: impl FnOnce(&str, &mut Hold<'_>) -> R,
    ) -> Result<Option<R>, Trouble> {
        let Kind::Template(name) = &document.kind else {
            return Ok(None);
        };
        let standing = self.standing(document.path.as_deref(), world);
        let left_out = |path: &PathBuf| !standing.project.takes(path);
        if document.path.as_ref().is_some_and(left_out) {
            return Ok(None);
        }
        if let Some(trouble) = &standing.trouble {
            return Err(trouble.clone());
        }
        if let Ok(script) = Script::read(name, &bytes(&document.text))
            && let Some(id) = &script.front.pack
        {
            standing.ask(id);
        }
        let standing = &*standing;
        let config = &standing.project.config;
        let options = world.args.situation.options(config, world.lang);
        let mut linters = BTreeMap::new();
        let mut hold = |script: &Script| {
            let packs = match &script.front.pack {
                None => Some(standing.packs.iter().collect::<Vec<_>>()),
                Some(id) => standing.pack(id).map(|pack| vec![pack]),
            };
            let known = || standing.known.clone();
            lint::hold(
                script,
                packs.as_deref(),
                config,
                &known,
                &options,
                &mut linters,
            )
        };
        Ok(Some(work(name, &mut hold)))
    }

    /// What is to be held against a template at `path`, made anew where something of it has changed.
    fn standing(&mut self, path: Option<&Path>, world: World<'_>) -> &mut Standing {
        let place = match path {
            Some(path) if path.file_name().is_some_and(|name| name == project::NAME) => {
                Some(path.to_owned())
            }
            path => Project::locate(path.unwrap_or(Path::new("."))),
        };
        let standing = self.projects.entry(place.clone()).or_default();
        standing.refresh(place.as_deref(), world);
        standing
    }
}

impl Standing {
    fn refresh(&mut self, place: Option<&Path>, world: World<'_>) {
        let lang = world.lang;
        let config = place.map(|place| match world.documents.of_file(place) {
            Some(document) => Ok(document.text.clone()),
            None => std::fs::read_to_string(place)
                .map_err(|_| super::super::locale::lint_no_config(lang, place)),
        });
        let parsed = match (&config, place) {
            (Some(Ok(text)), Some(place)) => match Project::parse(place, text, lang) {
                Ok(Ok(project)) => Ok(project),
                Ok(Err(problem)) => Err(of_config(lang, &problem)),
                Err(error) => Err(general(lang, &error)),
            },
            (Some(Err(error)), _) => Err(Trouble {
                code: "config/unreadable",
                message: locale::not_checked(lang, error),
            }),
            _ => Ok(Project::default()),
        };
        let project = match parsed {
            Ok(project) => project,
            Err(trouble) => {
                self.trouble = Some(trouble);
                self.made_of = None;
                return;
            }
        };
        let names = world.args.packs.names(&project.packs());
        let folders: Vec<Option<Result<PackSource, String>>> = names
            .iter()
            .map(|name| {
                let path = Path::new(name);
                let is_folder = !embedded_ids().contains(&name.as_str()) && path.is_dir();
                is_folder.then(|| {
                    let source = rules::source(path, world.documents);
                    let source = source.map(rules::Source::files);
                    source.map_err(|error| error.message(lang).to_owned())
                })
            })
            .collect();
        let sources = folders.iter().flatten().flatten();
        let made_of = MadeOf {
            config: config.and_then(Result::ok),
            folders: sources
                .map(|source| (source.files.clone(), source.common.clone()))
                .collect(),
        };
        if self.made_of.as_ref() == Some(&made_of) && self.names == names {
            return;
        }
        let before = std::mem::take(&mut self.packs);
        let mut before: BTreeMap<String, Pack> = std::mem::take(&mut self.pack_names)
            .into_iter()
            .zip(before)
            .collect();
        *self = Self {
            made_of: Some(made_of),
            project,
            names,
            ..Self::default()
        };
        for (name, folder) in self.names.clone().into_iter().zip(folders) {
            let loaded = match (folder, Pack::embedded(&name)) {
                (_, Some(loaded)) => loaded.map_err(|errors| told(&errors, lang)),
                (Some(Ok(source)), None) => {
                    Pack::from_source(&source).map_err(|errors| told(&errors, lang))
                }
                (Some(Err(error)), None) => Err((1, error)),
                (None, None) => {
                    let why = packs::no_pack(&name, lang);
                    self.trouble = Some(general_text(lang, &why));
                    continue;
                }
            };
            let pack = match (loaded, before.remove(&name)) {
                (Ok(mut pack), _) => {
                    self.project.config.extend(&mut pack);
                    pack
                }
                // While a rule is being written, the last one that could be read holds.
                (Err(_), Some(pack)) => pack,
                (Err((n, first)), None) => {
                    self.trouble = Some(Trouble {
                        code: "pack/broken",
                        message: locale::broken_pack(lang, &name, n, &first),
                    });
                    continue;
                }
            };
            let id = &pack.info().id;
            if self.packs.iter().any(|other| other.info().id == *id) {
                let why = super::super::locale::same_id(lang, id);
                self.trouble = Some(general_text(lang, &why));
                continue;
            }
            self.packs.push(pack);
            self.pack_names.push(name);
        }
        self.known = lint::known_criteria(&self.packs);
        if self.trouble.is_some() {
            return;
        }
        let options = world
            .args
            .situation
            .options(&self.project.config, world.lang);
        if let Err(error) = packs::ensure_line(options.line.as_deref(), &self.packs, lang) {
            self.trouble = Some(general(lang, &error));
        } else if let Some(problem) = self.project.config.check(&self.known, &self.packs).first() {
            self.trouble = Some(of_config(lang, problem));
        }
    }

    /// A pack by its id: one of those that are chosen, else one that was asked for.
    fn pack(&self, id: &str) -> Option<&Pack> {
        let mut chosen = self.packs.iter();
        chosen
            .find(|pack| pack.info().id == id)
            .or_else(|| self.asked.get(id))
    }

    /// Loads a pack inside the program, if there is one.
    fn ask(&mut self, id: &str) {
        if self.pack(id).is_none()
            && let Some(Ok(mut pack)) = Pack::embedded(id)
        {
            self.project.config.extend(&mut pack);
            self.asked.insert(id.to_owned(), pack);
        }
    }
}

/// Bytes of the mark that a text begins with.
pub(super) fn mark(text: &str) -> usize {
    if text.starts_with(MARK) {
        MARK.len_utf8()
    } else {
        0
    }
}

/// The text as a file that can be in no other encoding, for an editor knows which one it had.
fn bytes(text: &str) -> Vec<u8> {
    let mut bytes = MARK.to_string().into_bytes();
    bytes.extend_from_slice(&text.as_bytes()[mark(text)..]);
    bytes
}

/// How many errors, and the first of them.
fn told(errors: &[etalon::pack::PackError], lang: Lang) -> (usize, String) {
    let first = errors.first().map(|error| {
        let place = match error.line {
            0 => error.path.clone(),
            line => format!("{}:{line}", error.path),
        };
        format!("{place}: {}", error.message(lang))
    });
    (errors.len(), first.unwrap_or_default())
}

fn of_config(lang: Lang, problem: &Problem) -> Trouble {
    let place = format!("{}:{}:{}", project::NAME, problem.line, problem.column);
    let why = format!("{place}: {}", problem.message(lang));
    Trouble {
        code: problem.code,
        message: locale::not_checked(lang, &why),
    }
}

fn general(lang: Lang, error: &anyhow::Error) -> Trouble {
    general_text(lang, &format!("{error:#}"))
}

fn general_text(lang: Lang, why: &str) -> Trouble {
    Trouble {
        code: "lsp/not-checked",
        message: locale::not_checked(lang, why),
    }
}
