//! `etalon lint`: templates -> diagnostics.

pub(super) mod baseline;
mod fixing;
pub(super) mod project;

use std::collections::{BTreeMap, HashSet};
use std::fs::File;
use std::io::{self, Read, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use etalon::call::Direction;
use etalon::locale::Lang;
use etalon::pack::{Pack, embedded_ids};
use etalon::score::PackInfo;
use etalon::script::report::{self, LintedFile, Report, Trouble};
use etalon::script::{
    Config, Diagnostic, Fixed, Format, Ignores, Linter, Options, Problem, Script, Severity,
};

use super::output::{NewFile, same_file};
use super::packs::{self, PackArgs};
use super::{Speech, Status, diagnostics, locale, print};

#[derive(Debug, Args)]
pub(super) struct LintArgs {
    /// Templates, folders (searched with their subfolders, .gitignore respected), or - for standard input
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    packs: PackArgs,
    #[command(flatten)]
    situation: Situation,
    /// How findings are written to standard output
    #[arg(long, value_enum, default_value_t = FormatArg::Full)]
    format: FormatArg,
    /// Write to this file too, in the format of its name: .sarif, .xml (JUnit), .json, .ndjson, .rdjson, gl-code-quality-report.json;
    /// may be given several times
    #[arg(short, long = "output", value_name = "FILE")]
    outputs: Vec<PathBuf>,
    /// Exit with status 1 from this severity on
    #[arg(long, value_enum, default_value_t = FailOn::Error)]
    fail_on: FailOn,
    #[command(flatten)]
    fixing: fixing::FixArgs,
    #[command(flatten)]
    baseline: baseline::BaselineArgs,
    /// What standard input is called; the ending tells its format
    #[arg(long, value_name = "FILE")]
    stdin_filename: Option<String>,
}

/// What the command line says about templates that do not say it themselves.
#[derive(Debug, Clone, Args)]
pub(super) struct Situation {
    /// Line whose requirements hold for templates that name none
    #[arg(long, value_name = "LINE")]
    line: Option<String>,
    /// Who calls whom where a template does not say
    #[arg(long, value_enum)]
    direction: Option<DirectionArg>,
    /// Every template is a whole script, from the greeting to the farewell
    #[arg(long)]
    whole: bool,
}

impl Situation {
    /// The same with what `etalon.toml` says where the command line is silent.
    pub(super) fn options(&self, config: &Config, lang: Lang) -> Options {
        let direction = self.direction.map(|direction| match direction {
            DirectionArg::Inbound => Direction::Inbound,
            DirectionArg::Outbound => Direction::Outbound,
        });
        Options {
            line: self.line.clone().or_else(|| config.line.clone()),
            direction: direction.or(config.direction()),
            whole: self.whole,
            lang,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum DirectionArg {
    Inbound,
    Outbound,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FormatArg {
    /// With the line of the template, and a summary
    Full,
    /// A line a finding
    Concise,
    /// One array
    Json,
    /// An object a line
    Ndjson,
    /// SARIF 2.1.0
    Sarif,
    /// Workflow commands of GitHub Actions, ten errors and ten warnings at most
    Github,
    /// Code Quality of GitLab
    Gitlab,
    /// JUnit XML
    Junit,
    /// Reviewdog Diagnostic Format
    Rdjson,
}

impl FormatArg {
    /// The machine format; `None` for those that people read.
    fn machine(self) -> Option<report::Format> {
        match self {
            Self::Full | Self::Concise => None,
            Self::Json => Some(report::Format::Json),
            Self::Ndjson => Some(report::Format::Ndjson),
            Self::Sarif => Some(report::Format::Sarif),
            Self::Github => Some(report::Format::Github),
            Self::Gitlab => Some(report::Format::Gitlab),
            Self::Junit => Some(report::Format::Junit),
            Self::Rdjson => Some(report::Format::Rdjson),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FailOn {
    Error,
    Warning,
    Never,
}

/// Standard input on a command line.
const STDIN: &str = "-";

/// What a run came to.
#[derive(Debug, Default)]
struct Totals {
    files: usize,
    errors: usize,
    warnings: usize,
    unreadable: u64,
    fixed: usize,
}

/// What one template came to.
#[derive(Debug)]
struct Outcome {
    /// As messages name it.
    shown: String,
    /// `None` where it could not be read.
    script: Option<Script>,
    /// What is wrong with the file.
    problems: Vec<Problem>,
    /// By line and column; of the fixed template where fixes are put in.
    diagnostics: Vec<Diagnostic>,
    /// What was fixed, where that was asked for.
    fixed: Option<Fixed>,
    /// The template as it is after that, where it changed.
    now: Option<Script>,
}

/// What every thread knows.
struct Job<'a> {
    args: &'a LintArgs,
    options: Options,
    config: &'a Config,
    chosen: &'a [Pack],
    /// Packs inside the program that front matters ask for.
    asked: Mutex<BTreeMap<String, &'static Pack>>,
}

/// A thread has to have so many templates to be worth its start.
const FILES_A_THREAD: usize = 16;

pub(super) fn run(args: &LintArgs, speech: Speech) -> anyhow::Result<Status> {
    let lang = speech.lang();
    anyhow::ensure!(!args.paths.is_empty(), locale::lint_nothing(lang));
    args.fixing.check(lang)?;
    let formats = formats(&args.outputs, lang)?;
    let first = match (&args.paths[0], &args.stdin_filename) {
        (path, Some(name)) if path.as_os_str() == STDIN => PathBuf::from(name),
        (path, None) if path.as_os_str() == STDIN => PathBuf::from("."),
        (path, _) => path.clone(),
    };
    let Some(project) = project::Project::find(&first, speech)? else {
        return Ok(Status::CouldNotRun);
    };
    let Some(mut packs) = packs::load_all(&args.packs.names(&project.packs()), speech)? else {
        return Ok(Status::CouldNotRun);
    };
    let options = args.situation.options(&project.config, lang);
    packs::ensure_line(options.line.as_deref(), &packs, lang)?;
    if !project.check(&|| known_criteria(&packs), &packs, speech) {
        return Ok(Status::CouldNotRun);
    }
    for pack in &mut packs {
        project.config.extend(pack);
    }
    let files = collect(&args.paths, &project, lang)?;
    for output in &args.outputs {
        if let Some(input) = files.iter().find(|path| same_file(path, output)) {
            anyhow::bail!(locale::output_is_input(lang, &input.to_string_lossy()));
        }
    }
    // The process ends with this run: taking a pack apart piece by piece would only cost time.
    let packs: &'static [Pack] = Vec::leak(packs);
    let job = Job {
        args,
        options,
        config: &project.config,
        chosen: packs,
        asked: Mutex::new(BTreeMap::new()),
    };
    let run_files = files
        .iter()
        .map(|path| shown(path, args.stdin_filename.as_deref()))
        .collect();
    let mut known_findings = baseline::Baseline::read(&args.baseline, run_files, lang)?;
    let outcomes = job.all(&files);

    // Standard output holds one thing: findings, a difference, or a text.
    let fixes = args.fixing.wanted().is_some();
    let taken = |path: &Path| fixes && (args.fixing.only_shows() || path.as_os_str() == STDIN);
    let piped = files.iter().any(|path| taken(path));
    let mut totals = Totals::default();
    let mut out = Writer::new(args.format, piped, speech);
    for (path, format) in args.outputs.iter().zip(formats) {
        out.add_file(path, format)?;
    }
    for (path, mut outcome) in files.iter().zip(outcomes) {
        totals.files += 1;
        for problem in &outcome.problems {
            tell(&outcome.shown, problem, outcome.script.as_ref(), speech);
        }
        let fatal = outcome.problems.iter().any(|problem| problem.fatal);
        totals.unreadable += u64::from(fatal);
        let troubles: Vec<Trouble> = outcome
            .problems
            .iter()
            .map(|problem| Trouble::of(problem, lang))
            .collect();
        if let Some(fixed) = &outcome.fixed {
            for problem in &fixed.unplaced {
                tell(&outcome.shown, problem, outcome.script.as_ref(), speech);
            }
            match args.fixing.put(path, &outcome.shown, fixed, lang) {
                Ok(()) if args.fixing.only_shows() => {}
                Ok(()) => totals.fixed += fixed.n_edits,
                // The other files are fixed all the same.
                Err(error) => {
                    diagnostics::failure(&error, speech);
                    totals.unreadable += 1;
                }
            }
        }
        if let Some(script) = outcome.now.as_ref().or(outcome.script.as_ref()) {
            known_findings.apply(script, &mut outcome.diagnostics);
        }
        for diagnostic in &outcome.diagnostics {
            match diagnostic.severity {
                Severity::Error => totals.errors += 1,
                Severity::Warning => totals.warnings += 1,
            }
        }
        out.file(&LintedFile {
            path: &outcome.shown,
            script: outcome.now.as_ref().or(outcome.script.as_ref()),
            diagnostics: &outcome.diagnostics,
            troubles: &troubles,
        })?;
    }
    known_findings.end(speech)?;
    out.end(&totals, &job.infos())?;
    let failed = match args.fail_on {
        FailOn::Error => totals.errors > 0,
        FailOn::Warning => totals.errors + totals.warnings > 0,
        FailOn::Never => false,
    };
    Ok(Status::of(failed, totals.unreadable))
}

impl Job<'_> {
    /// Every file's outcome, in order, on as many threads as are worth it.
    fn all(&self, files: &[PathBuf]) -> Vec<Outcome> {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let threads = cores.min(files.len().div_ceil(FILES_A_THREAD)).max(1);
        if threads == 1 {
            let mut linters = BTreeMap::new();
            return files
                .iter()
                .map(|path| self.one(path, &mut linters))
                .collect();
        }
        let next = AtomicUsize::new(0);
        let work = || {
            let mut linters = BTreeMap::new();
            let mut done = Vec::new();
            loop {
                let index = next.fetch_add(1, Ordering::Relaxed);
                let Some(path) = files.get(index) else {
                    return done;
                };
                done.push((index, self.one(path, &mut linters)));
            }
        };
        let mut outcomes: Vec<(usize, Outcome)> = std::thread::scope(|scope| {
            let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
            let done = workers.into_iter().map(|worker| match worker.join() {
                Ok(done) => done,
                Err(panic) => std::panic::resume_unwind(panic),
            });
            done.flatten().collect()
        });
        outcomes.sort_by_key(|(index, _)| *index);
        outcomes.into_iter().map(|(_, outcome)| outcome).collect()
    }

    fn one<'l>(&'l self, path: &Path, linters: &mut BTreeMap<String, Linter<'l>>) -> Outcome {
        let mut outcome = Outcome {
            shown: shown(path, self.args.stdin_filename.as_deref()),
            script: None,
            problems: Vec::new(),
            diagnostics: Vec::new(),
            fixed: None,
            now: None,
        };
        let bytes = match read(path) {
            Ok(bytes) => bytes,
            Err(error) => {
                let problem = Problem::unreadable(&error.to_string());
                outcome.problems.push(problem);
                return outcome;
            }
        };
        let script = match Script::read(&outcome.shown, &bytes) {
            Ok(script) => script,
            Err(problem) => {
                outcome.problems.push(problem);
                return outcome;
            }
        };
        (outcome.problems, outcome.diagnostics) = self.lint(&script, linters);
        if let Some(wanted) = self.args.fixing.wanted() {
            let mut again = |script: &Script| self.lint(script, linters).1;
            match etalon::script::fix(&outcome.shown, &bytes, wanted, &mut again) {
                Ok(fixed) => {
                    let changed = !self.args.fixing.only_shows() && fixed.n_edits > 0;
                    if changed && let Ok(now) = Script::read(&outcome.shown, &fixed.bytes) {
                        outcome.diagnostics = again(&now);
                        outcome.now = Some(now);
                    }
                    outcome.fixed = Some(fixed);
                }
                Err(problem) => outcome.problems.push(problem),
            }
        }
        outcome.script = Some(script);
        outcome
    }

    /// What all packs say of a template, by line and column.
    fn lint<'l>(
        &'l self,
        script: &Script,
        linters: &mut BTreeMap<String, Linter<'l>>,
    ) -> (Vec<Problem>, Vec<Diagnostic>) {
        let packs: Option<Vec<&'l Pack>> = match &script.front.pack {
            None => Some(self.chosen.iter().collect()),
            Some(id) => self.pack(id).map(|pack| vec![pack]),
        };
        let known = || known_criteria(self.chosen);
        hold(
            script,
            packs.as_deref(),
            self.config,
            &known,
            &self.options,
            linters,
        )
    }

    /// Of every pack that something was held against.
    fn infos(&self) -> Vec<&PackInfo> {
        let asked = self
            .asked
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let asked = asked.values().map(|pack| pack.info());
        self.chosen.iter().map(Pack::info).chain(asked).collect()
    }

    /// A pack by its id: one of those on the command line, else one inside the program.
    fn pack(&self, id: &str) -> Option<&Pack> {
        if let Some(pack) = self.chosen.iter().find(|pack| pack.info().id == id) {
            return Some(pack);
        }
        let mut asked = self
            .asked
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(pack) = asked.get(id) {
            return Some(pack);
        }
        let mut pack = Pack::embedded(id)?.ok()?;
        self.config.extend(&mut pack);
        let pack: &'static Pack = Box::leak(Box::new(pack));
        asked.insert(id.to_owned(), pack);
        Some(pack)
    }
}

/// Holds a template against packs; `None`: there is no such pack as its front matter names. `known` gives the ids of all criteria.
pub(super) fn hold<'l>(
    script: &Script,
    packs: Option<&[&'l Pack]>,
    config: &Config,
    known: &dyn Fn() -> Vec<String>,
    options: &Options,
    linters: &mut BTreeMap<String, Linter<'l>>,
) -> (Vec<Problem>, Vec<Diagnostic>) {
    let (mut problems, mut diagnostics) = (Vec::new(), Vec::new());
    if packs.is_none() {
        let id = script.front.pack.as_deref().unwrap_or_default();
        let place = script.front.pack_place;
        let inside = embedded_ids().join(", ");
        problems.push(Problem::unknown_pack(id, &inside, place));
    }
    let mut judged: Vec<String> = Vec::new();
    for pack in packs.unwrap_or_default() {
        let ids = pack.info().criteria.iter();
        let ids = ids.map(|criterion| criterion.id.clone());
        judged.extend(ids.filter(|id| !config.is_off(id)));
        let linter = linters
            .entry(pack.info().id.clone())
            .or_insert_with(|| Linter::new(pack));
        let linted = linter.lint(script, options);
        for problem in linted.problems {
            // Two packs see the same file.
            if !problems.contains(&problem) {
                problems.push(problem);
            }
        }
        diagnostics.extend(linted.diagnostics);
    }
    diagnostics.sort_by_key(|one| (one.line, one.column));
    config.apply(&mut diagnostics);
    if Ignores::may_stand_in(script) {
        let ignores = Ignores::of(script, &known());
        let (kept, remarks) = ignores.apply(diagnostics, &judged);
        diagnostics = kept;
        if !problems.iter().any(|problem| problem.fatal) {
            problems.extend(remarks);
        }
    }
    (problems, diagnostics)
}

/// Ids of all criteria of these packs and of those inside the program.
pub(super) fn known_criteria(packs: &[Pack]) -> Vec<String> {
    let inside = embedded_ids()
        .into_iter()
        .filter(|id| packs.iter().all(|given| given.info().id != *id));
    let inside: Vec<Pack> = inside.filter_map(|id| Pack::embedded(id)?.ok()).collect();
    let all = packs.iter().chain(&inside);
    let criteria = all.flat_map(|pack| &pack.info().criteria);
    let mut known: Vec<String> = criteria.map(|criterion| criterion.id.clone()).collect();
    known.sort_unstable();
    known.dedup();
    known
}

/// The files of a command line: those of folders that are templates by their ending, sorted, what git ignores left out.
fn collect(
    paths: &[PathBuf],
    project: &project::Project,
    lang: Lang,
) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in paths {
        if path.as_os_str() == STDIN || !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let mut walk = ignore::WalkBuilder::new(path);
        walk.require_git(false).sort_by_file_path(Path::cmp);
        for entry in walk.build() {
            let entry = entry.with_context(|| locale::cannot_walk(lang, path))?;
            let is_file = entry.file_type().is_some_and(|kind| kind.is_file());
            if is_file
                && Format::of(&entry.path().to_string_lossy()).is_some()
                && project.takes(entry.path())
            {
                files.push(entry.into_path());
            }
        }
    }
    // Reports go by file, and a file named twice is one.
    let mut seen = HashSet::new();
    files.retain(|path| path.as_os_str() == STDIN || seen.insert(shown(path, None)));
    files.sort_by_cached_key(|path| shown(path, None));
    Ok(files)
}

fn shown(path: &Path, stdin: Option<&str>) -> String {
    if path.as_os_str() == STDIN {
        return stdin.unwrap_or(STDIN).to_owned();
    }
    let shown = path.to_string_lossy().replace('\\', "/");
    shown
        .strip_prefix("./")
        .map_or(shown.clone(), str::to_owned)
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    if path.as_os_str() == STDIN {
        let mut bytes = Vec::new();
        io::stdin().lock().read_to_end(&mut bytes)?;
        return Ok(bytes);
    }
    std::fs::read(path)
}

fn tell(path: &str, problem: &Problem, script: Option<&Script>, speech: Speech) {
    let source = script
        .filter(|script| !script.format.is_packed())
        .map(|script| script.text.as_str());
    diagnostics::say(&diagnostics::file_problem(path, problem, source, speech));
}

/// The format of every `-o`.
fn formats(outputs: &[PathBuf], lang: Lang) -> anyhow::Result<Vec<report::Format>> {
    let mut formats = Vec::new();
    for (idx, path) in outputs.iter().enumerate() {
        anyhow::ensure!(
            !outputs[..idx].contains(path),
            locale::output_twice(lang, path)
        );
        let Some(format) = report::Format::of_file_name(&path.to_string_lossy()) else {
            let known = report::Format::ENDINGS.map(|(ending, _)| ending).join(", ");
            anyhow::bail!(locale::no_format(lang, path, &known));
        };
        formats.push(format);
    }
    Ok(formats)
}

/// Findings -> standard output and the files of `-o`.
struct Writer {
    format: FormatArg,
    /// Standard output belongs to something else.
    silent: bool,
    speech: Speech,
    /// Paths of repositories start here.
    root: Option<String>,
    /// Of standard output; `None` where people read it.
    standard: Option<Report>,
    files: Vec<(PathBuf, NewFile, File, Report)>,
}

impl Writer {
    fn new(format: FormatArg, silent: bool, speech: Speech) -> Self {
        let root = std::env::current_dir().ok();
        let root = root.map(|root| root.to_string_lossy().replace('\\', "/"));
        let report = |format| Report::new(format, root.as_deref(), speech.lang());
        Self {
            format,
            silent,
            speech,
            standard: format.machine().map(report),
            root,
            files: Vec::new(),
        }
    }

    fn add_file(&mut self, path: &Path, format: report::Format) -> anyhow::Result<()> {
        let lang = self.speech.lang();
        let (new, file) = NewFile::create(path, lang)?;
        let report = Report::new(format, self.root.as_deref(), lang);
        self.files.push((path.to_owned(), new, file, report));
        Ok(())
    }

    fn file(&mut self, linted: &LintedFile<'_>) -> anyhow::Result<()> {
        let lang = self.speech.lang();
        for (own, _, file, report) in &mut self.files {
            let mut bytes = Vec::new();
            report.file(linted, &mut bytes);
            file.write_all(&bytes)
                .with_context(|| locale::cannot_write(lang, own))?;
        }
        if self.silent {
            return Ok(());
        }
        let mut bytes = Vec::new();
        match (&mut self.standard, linted.script) {
            (Some(report), _) => report.file(linted, &mut bytes),
            (None, Some(script)) => {
                for diagnostic in linted.diagnostics {
                    let text = match self.format {
                        FormatArg::Concise => concise(diagnostic) + "\n",
                        _ => diagnostics::finding(diagnostic, script, self.speech) + "\n\n",
                    };
                    bytes.extend_from_slice(text.as_bytes());
                }
            }
            (None, None) => {}
        }
        print(&bytes)
    }

    fn end(self, totals: &Totals, packs: &[&PackInfo]) -> anyhow::Result<()> {
        let lang = self.speech.lang();
        let mut bytes = Vec::new();
        match self.standard {
            _ if self.silent => {}
            Some(report) => report.end(packs, &mut bytes),
            None if self.format == FormatArg::Full => {
                let line = locale::lint_totals(
                    lang,
                    totals.files,
                    totals.errors,
                    totals.warnings,
                    totals.fixed,
                );
                bytes.extend_from_slice(format!("{line}\n").as_bytes());
            }
            None => {}
        }
        print(&bytes)?;
        for (own, new, mut file, report) in self.files {
            let mut bytes = Vec::new();
            report.end(packs, &mut bytes);
            file.write_all(&bytes)
                .with_context(|| locale::cannot_write(lang, &own))?;
            drop(file);
            new.finish(lang)?;
        }
        Ok(())
    }
}

fn concise(diagnostic: &Diagnostic) -> String {
    let Diagnostic {
        file,
        line,
        column,
        severity,
        criterion,
        message,
        ..
    } = diagnostic;
    let mut text = format!(
        "{file}:{line}:{column}: {} {criterion} {message}",
        severity.name()
    );
    if let Some(suggest) = &diagnostic.suggest {
        text.push_str(" → ");
        text.push_str(suggest);
    }
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}
