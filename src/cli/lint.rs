//! `etalon lint`: templates -> diagnostics.

pub(super) mod baseline;
mod fixing;
pub(super) mod project;
mod watch;

use std::collections::{BTreeMap, HashSet};
use std::convert::Infallible;
use std::fs::File;
use std::io::{self, Read, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, mpsc};

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use etalon::call::Direction;
use etalon::locale::Lang;
use etalon::pack::{Pack, embedded_ids};
use etalon::score::PackInfo;
use etalon::script::report::{self, LintedFile, Report, Trouble};
use etalon::script::{
    Config, Diagnostic, Fixed, Format, Ignores, Linter, Options, Problem, Script, Severity, Wanted,
};

use super::output::{NewFile, formats, same_file};
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
    config: project::ConfigArgs,
    #[command(flatten)]
    fixing: fixing::FixArgs,
    #[command(flatten)]
    baseline: baseline::BaselineArgs,
    /// Lint again whenever a template, etalon.toml, a pack's file or the baseline changes, until Ctrl-C
    #[arg(long)]
    watch: bool,
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
    /// As the command line has it.
    fn name(self) -> String {
        self.to_possible_value()
            .map(|value| value.get_name().to_owned())
            .unwrap_or_default()
    }

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
    /// The whole file, kept for fixes.
    bytes: Vec<u8>,
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

/// A template that was fixed, and its findings.
type Again = (Script, Vec<Diagnostic>);

/// What every thread knows.
struct Job<'a> {
    args: &'a LintArgs,
    options: Options,
    config: &'a Config,
    chosen: &'a [Pack],
    asked: &'a Mutex<BTreeMap<String, &'static Pack>>,
}

/// A thread has to have so many templates to be worth its start.
const FILES_A_THREAD: usize = 16;

pub(super) fn run(args: &LintArgs, speech: Speech) -> anyhow::Result<Status> {
    let lang = speech.lang();
    anyhow::ensure!(!args.paths.is_empty(), locale::lint_nothing(lang));
    let reads_stdin = args.paths.iter().any(|path| path.as_os_str() == STDIN);
    anyhow::ensure!(
        reads_stdin || args.stdin_filename.is_none(),
        locale::lint_no_stdin(lang)
    );
    args.fixing.check(lang)?;
    if args.watch {
        return watch::run(args, speech);
    }
    let Some(standard) = Standard::find(args, speech)? else {
        return Ok(Status::CouldNotRun);
    };
    // The process ends with this run: taking a pack apart piece by piece would only cost time.
    let standard: &'static Standard = Box::leak(Box::new(standard));
    let found = collect(args, &standard.project, lang)?;
    pass(args, standard, &found, speech)
}

/// What templates are held against.
struct Standard {
    project: project::Project,
    packs: Vec<Pack>,
    /// Of templates that do not say it themselves.
    options: Options,
    /// Packs inside the program that front matters ask for.
    asked: Mutex<BTreeMap<String, &'static Pack>>,
}

impl Standard {
    /// What the command line and the project say. `Ok(None)`: it cannot be used, which has been said.
    fn find(args: &LintArgs, speech: Speech) -> anyhow::Result<Option<Self>> {
        let Some(project) = project::Project::find(&args.config, &args.first(), speech)? else {
            return Ok(None);
        };
        let names = args.packs.names(&project.packs());
        let Some(mut packs) = packs::load_all(&names, speech)? else {
            return Ok(None);
        };
        let options = args.situation.options(&project.config, speech.lang());
        packs::ensure_line(options.line.as_deref(), &packs, speech.lang())?;
        if !project.check(&|| known_criteria(&packs), &packs, speech) {
            return Ok(None);
        }
        for pack in &mut packs {
            project.config.extend(pack);
        }
        Ok(Some(Self {
            project,
            packs,
            options,
            asked: Mutex::new(BTreeMap::new()),
        }))
    }
}

impl LintArgs {
    /// Where the search for `etalon.toml` begins.
    fn first(&self) -> PathBuf {
        match (self.paths.first(), &self.stdin_filename) {
            (Some(path), _) if path.as_os_str() != STDIN => path.clone(),
            (_, Some(name)) => PathBuf::from(name),
            (_, None) => PathBuf::from("."),
        }
    }
}

/// Lints these files once.
fn pass(
    args: &LintArgs,
    standard: &Standard,
    found: &Found,
    speech: Speech,
) -> anyhow::Result<Status> {
    let lang = speech.lang();
    let files = &found.files[..];
    let formats = formats(&args.outputs, &report::Format::ENDINGS, lang)?;
    for output in &args.outputs {
        if let Some(input) = files.iter().find(|path| same_file(path, output)) {
            anyhow::bail!(locale::output_is_input(lang, &input.to_string_lossy()));
        }
    }
    let job = Job {
        args,
        options: standard.options.clone(),
        config: &standard.project.config,
        chosen: &standard.packs,
        asked: &standard.asked,
    };
    let run_files = files
        .iter()
        .map(|path| shown(path, args.stdin_filename.as_deref()))
        .collect();
    let mut known_findings = baseline::Baseline::read(&args.baseline, run_files, lang)?;
    // Which findings a fix has to let alone hangs on all files; else a file is told of as soon as those before it are.
    let fixed = args.fixing.wanted().map(|wanted| {
        let mut outcomes = job.all(files);
        job.fix_all(&mut outcomes, wanted, &known_findings);
        outcomes
    });

    // Standard output holds one thing: findings, a difference, or a text.
    let fixes = args.fixing.wanted().is_some();
    let taken = |path: &Path| fixes && (args.fixing.only_shows() || path.as_os_str() == STDIN);
    let piped = files.iter().any(|path| taken(path));
    let mut totals = Totals::default();
    let mut out = Writer::new(args, piped, speech);
    for (path, format) in args.outputs.iter().zip(formats) {
        out.add_file(path, format)?;
    }
    for (folder, problem) in &found.barren {
        tell(folder, problem, None, speech);
        totals.unreadable += u64::from(problem.fatal);
        out.file(&LintedFile {
            path: folder,
            script: None,
            diagnostics: &[],
            troubles: &[Trouble::of(problem, lang)],
        })?;
    }
    let mut take = |path: &Path, mut outcome: Outcome| -> anyhow::Result<()> {
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
        Ok(())
    };
    match fixed {
        Some(outcomes) => {
            for (path, outcome) in files.iter().zip(outcomes) {
                take(path, outcome)?;
            }
        }
        None => on_threads(
            files.len(),
            BTreeMap::new,
            &|linters, index| job.one(&files[index], linters),
            |index, outcome| take(&files[index], outcome),
        )?,
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
    /// Every file's outcome, in order; nothing is fixed yet.
    fn all(&self, files: &[PathBuf]) -> Vec<Outcome> {
        all_on_threads(files.len(), &|linters, index| {
            self.one(&files[index], linters)
        })
    }

    /// Puts the fixes in, where a baseline does not let the findings alone.
    fn fix_all(&self, outcomes: &mut [Outcome], wanted: Wanted, known: &baseline::Baseline) {
        // Which findings of a file are known hangs on the files before it, so that is told first and in order.
        let mut known = known.clone();
        let let_alone: Vec<baseline::LetAlone> = outcomes
            .iter()
            .map(|outcome| match &outcome.script {
                Some(script) => known.take(script, &outcome.diagnostics),
                None => baseline::LetAlone::default(),
            })
            .collect();
        let fixed = all_on_threads(outcomes.len(), &|linters, index| {
            self.fix(&outcomes[index], wanted, &let_alone[index], linters)
        });
        for (outcome, fixed) in outcomes.iter_mut().zip(fixed) {
            match fixed {
                None => {}
                Some(Err(problem)) => outcome.problems.push(problem),
                Some(Ok((fixed, now))) => {
                    if let Some((script, diagnostics)) = now {
                        outcome.diagnostics = diagnostics;
                        outcome.now = Some(script);
                    }
                    outcome.fixed = Some(fixed);
                }
            }
        }
    }

    fn one<'l>(&'l self, path: &Path, linters: &mut BTreeMap<String, Linter<'l>>) -> Outcome {
        let mut outcome = Outcome {
            shown: shown(path, self.args.stdin_filename.as_deref()),
            bytes: Vec::new(),
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
        if script.text.trim().is_empty() {
            outcome.problems.push(Problem::empty_file());
        }
        outcome.script = Some(script);
        if self.args.fixing.wanted().is_some() {
            outcome.bytes = bytes;
        }
        outcome
    }

    /// A template with its fixes, and what is said of it then where that is to be reported.
    fn fix<'l>(
        &'l self,
        outcome: &Outcome,
        wanted: Wanted,
        let_alone: &baseline::LetAlone,
        linters: &mut BTreeMap<String, Linter<'l>>,
    ) -> Option<Result<(Fixed, Option<Again>), Problem>> {
        outcome.script.as_ref()?;
        let mut again = |script: &Script| {
            let mut found = self.lint(script, linters).1;
            let_alone.without(script, &mut found);
            found
        };
        let fixed = etalon::script::fix(&outcome.shown, &outcome.bytes, wanted, &mut again);
        Some(fixed.map(|fixed| {
            let changed = !self.args.fixing.only_shows() && fixed.n_edits > 0;
            let now = changed.then(|| Script::read(&outcome.shown, &fixed.bytes).ok());
            let now = now.flatten().map(|script| {
                let found = self.lint(&script, linters).1;
                (script, found)
            });
            (fixed, now)
        }))
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

/// What `work` makes of `0..n`, in order.
fn all_on_threads<'l, T: Send>(
    n: usize,
    work: &(dyn Fn(&mut BTreeMap<String, Linter<'l>>, usize) -> T + Sync),
) -> Vec<T> {
    let mut all = Vec::with_capacity(n);
    let collected = on_threads(n, BTreeMap::new, work, |_, made| {
        all.push(made);
        Ok::<(), Infallible>(())
    });
    match collected {
        Ok(()) => all,
    }
}

/// `take`s what `work` makes of `0..n`, in order and while the rest is being made, on as many threads as are worth it; each has a
/// state of its own. The first error ends it.
fn on_threads<S, T: Send, E>(
    n: usize,
    state: impl Fn() -> S + Sync,
    work: &(dyn Fn(&mut S, usize) -> T + Sync),
    mut take: impl FnMut(usize, T) -> Result<(), E>,
) -> Result<(), E> {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let threads = cores.min(n.div_ceil(FILES_A_THREAD)).max(1);
    if threads == 1 {
        let mut state = state();
        return (0..n).try_for_each(|index| take(index, work(&mut state, index)));
    }
    let next = AtomicUsize::new(0);
    let (send, made) = mpsc::channel();
    let worker = |send: mpsc::Sender<(usize, T)>| {
        let mut state = state();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            // Nobody receives any more after an error.
            if index >= n || send.send((index, work(&mut state, index))).is_err() {
                return;
            }
        }
    };
    let worker = &worker;
    std::thread::scope(|scope| {
        for _ in 0..threads {
            let send = send.clone();
            scope.spawn(move || worker(send));
        }
        drop(send);
        let mut early = BTreeMap::new();
        let mut due = 0;
        for (index, one) in made {
            early.insert(index, one);
            while let Some(one) = early.remove(&due) {
                take(due, one)?;
                due += 1;
            }
        }
        Ok(())
    })
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
    for pack in packs.unwrap_or_default() {
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
        match diagnostics.is_empty() {
            true => diagnostics = linted.diagnostics,
            false => diagnostics.extend(linted.diagnostics),
        }
    }
    let place = |one: &Diagnostic| (one.line, one.column);
    // One pack has them in order.
    if !diagnostics.is_sorted_by_key(place) {
        diagnostics.sort_by_key(place);
    }
    config.apply(&mut diagnostics);
    if Ignores::may_stand_in(script) {
        let ids = packs.unwrap_or_default().iter();
        let ids = ids.flat_map(|pack| &pack.info().criteria);
        let judged = ids.filter(|criterion| !config.is_off(&criterion.id));
        let judged: Vec<String> = judged.map(|criterion| criterion.id.clone()).collect();
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

/// What a command line names.
#[derive(Debug, Default)]
struct Found {
    files: Vec<PathBuf>,
    /// Folders in which nothing was found, as messages name them, and why.
    barren: Vec<(String, Problem)>,
}

/// The files of a command line: those of folders that are templates by their ending, sorted, what git ignores left out.
fn collect(args: &LintArgs, project: &project::Project, lang: Lang) -> anyhow::Result<Found> {
    let mut files = Vec::new();
    let mut barren = Vec::new();
    for path in &args.paths {
        if path.as_os_str() == STDIN || !path.is_dir() {
            let named = match (&args.stdin_filename, path.as_os_str() == STDIN) {
                (Some(name), true) => Some(Path::new(name)),
                (None, true) => None,
                (_, false) => Some(path.as_path()),
            };
            let left_out = |path: &Path| args.config.leaves_out_named() && !project.takes(path);
            if !named.is_some_and(left_out) {
                files.push(path.clone());
            }
            continue;
        }
        let mut walk = ignore::WalkBuilder::new(path);
        walk.require_git(false).sort_by_file_path(Path::cmp);
        let before = files.len();
        let mut n_left_out = 0;
        for entry in walk.build() {
            let entry = entry.with_context(|| locale::cannot_walk(lang, path))?;
            let is_file = entry.file_type().is_some_and(|kind| kind.is_file());
            if !is_file || Format::of(&entry.path().to_string_lossy()).is_none() {
                continue;
            }
            match project.takes(entry.path()) {
                true => files.push(entry.into_path()),
                false => n_left_out += 1,
            }
        }
        if files.len() == before {
            let problem = match n_left_out {
                0 => Problem::no_templates(&endings()),
                n => Problem::all_left_out(n),
            };
            barren.push((shown(path, None), problem));
        }
    }
    // Reports go by file, and a file named twice is one.
    let mut seen = HashSet::new();
    files.retain(|path| path.as_os_str() == STDIN || seen.insert(shown(path, None)));
    files.sort_by_cached_key(|path| shown(path, None));
    Ok(Found { files, barren })
}

/// The endings of templates, with their dots.
fn endings() -> String {
    let endings = Format::ENDINGS.iter();
    let endings: Vec<String> = endings.map(|(ending, _)| format!(".{ending}")).collect();
    endings.join(" ")
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

/// Findings -> standard output and the files of `-o`.
struct Writer {
    format: FormatArg,
    /// Standard output belongs to something else.
    silent: bool,
    /// Every pass ends with its totals.
    watched: bool,
    speech: Speech,
    /// Paths of repositories start here.
    root: Option<String>,
    /// Of standard output; `None` where people read it.
    standard: Option<Report>,
    files: Vec<(PathBuf, NewFile, File, Report)>,
}

impl Writer {
    fn new(args: &LintArgs, silent: bool, speech: Speech) -> Self {
        let format = args.format;
        let root = std::env::current_dir().ok();
        let root = root.map(|root| root.to_string_lossy().replace('\\', "/"));
        let report = |format| Report::new(format, root.as_deref(), speech.lang());
        Self {
            format,
            silent,
            watched: args.watch,
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
            None if self.format == FormatArg::Full || self.watched => {
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
