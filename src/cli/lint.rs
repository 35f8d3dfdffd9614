//! `etalon lint`: templates -> diagnostics.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use etalon::call::Direction;
use etalon::locale::Lang;
use etalon::pack::{Pack, embedded_ids};
use etalon::script::{Diagnostic, Format, Linter, Options, Problem, Script, Severity};
use serde_json::{Value, json};

use super::packs::{self, PackArgs};
use super::{Speech, Status, diagnostics, locale, print};

#[derive(Debug, Args)]
pub(super) struct LintArgs {
    /// Templates, folders (searched with their subfolders, .gitignore respected), or - for standard input
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    packs: PackArgs,
    /// Line whose requirements hold for templates that name none
    #[arg(long, value_name = "LINE")]
    line: Option<String>,
    /// Who calls whom where a template does not say
    #[arg(long, value_enum)]
    direction: Option<DirectionArg>,
    /// Every template is a whole script, from the greeting to the farewell
    #[arg(long)]
    whole: bool,
    /// How findings are written to standard output
    #[arg(long, value_enum, default_value_t = FormatArg::Full)]
    format: FormatArg,
    /// Exit with status 1 from this severity on
    #[arg(long, value_enum, default_value_t = FailOn::Error)]
    fail_on: FailOn,
    /// What standard input is called; the ending tells its format
    #[arg(long, value_name = "FILE")]
    stdin_filename: Option<String>,
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
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FailOn {
    Error,
    Warning,
    Never,
}

/// What the schema of a diagnostic is called.
const SCHEMA: &str = "etalon/diagnostic@1";
/// Standard input on a command line.
const STDIN: &str = "-";

/// What a run came to.
#[derive(Debug, Default)]
struct Totals {
    files: usize,
    errors: usize,
    warnings: usize,
    unreadable: u64,
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
    /// By line and column.
    diagnostics: Vec<Diagnostic>,
}

/// What every thread knows.
struct Job<'a> {
    args: &'a LintArgs,
    options: Options,
    chosen: &'a [Pack],
    /// Packs inside the program that front matters ask for.
    asked: Mutex<BTreeMap<String, &'static Pack>>,
}

/// A thread has to have so many templates to be worth its start.
const FILES_A_THREAD: usize = 16;

pub(super) fn run(args: &LintArgs, speech: Speech) -> anyhow::Result<Status> {
    let lang = speech.lang();
    let Some(packs) = packs::load(&args.packs, speech)? else {
        return Ok(Status::CouldNotRun);
    };
    packs::ensure_line(args.line.as_deref(), &packs, lang)?;
    anyhow::ensure!(!args.paths.is_empty(), locale::lint_nothing(lang));
    // The process ends with this run: taking a pack apart piece by piece would only cost time.
    let packs: &'static [Pack] = Vec::leak(packs);
    let job = Job {
        args,
        options: Options {
            line: args.line.clone(),
            direction: args.direction.map(|direction| match direction {
                DirectionArg::Inbound => Direction::Inbound,
                DirectionArg::Outbound => Direction::Outbound,
            }),
            whole: args.whole,
            lang,
        },
        chosen: packs,
        asked: Mutex::new(BTreeMap::new()),
    };
    let files = collect(&args.paths, lang)?;
    let outcomes = job.all(&files);

    let mut totals = Totals::default();
    let mut out = Writer::new(args.format, speech);
    for outcome in outcomes {
        totals.files += 1;
        for problem in &outcome.problems {
            tell(&outcome.shown, problem, outcome.script.as_ref(), speech);
        }
        let fatal = outcome.problems.iter().any(|problem| problem.fatal);
        totals.unreadable += u64::from(fatal);
        let Some(script) = &outcome.script else {
            continue;
        };
        for diagnostic in &outcome.diagnostics {
            match diagnostic.severity {
                Severity::Error => totals.errors += 1,
                Severity::Warning => totals.warnings += 1,
            }
            out.write(diagnostic, script);
        }
        out.flush()?;
    }
    out.end(&totals)?;
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
        let shown = shown(path, self.args.stdin_filename.as_deref());
        let mut outcome = Outcome {
            shown,
            script: None,
            problems: Vec::new(),
            diagnostics: Vec::new(),
        };
        let read = read(path).map_err(|error| Problem::unreadable(&error.to_string()));
        let script = match read.and_then(|bytes| Script::read(&outcome.shown, &bytes)) {
            Ok(script) => script,
            Err(problem) => {
                outcome.problems.push(problem);
                return outcome;
            }
        };
        let packs: Vec<&'l Pack> = match &script.front.pack {
            None => self.chosen.iter().collect(),
            Some(id) => match self.pack(id) {
                Some(pack) => vec![pack],
                None => {
                    let known = embedded_ids().join(", ");
                    outcome.problems.push(Problem::unknown_pack(
                        id,
                        &known,
                        script.front.pack_place,
                    ));
                    Vec::new()
                }
            },
        };
        for pack in packs {
            let linter = linters
                .entry(pack.info().id.clone())
                .or_insert_with(|| Linter::new(pack));
            let linted = linter.lint(&script, &self.options);
            for problem in linted.problems {
                // Two packs see the same file.
                if !outcome.problems.contains(&problem) {
                    outcome.problems.push(problem);
                }
            }
            outcome.diagnostics.extend(linted.diagnostics);
        }
        outcome
            .diagnostics
            .sort_by_key(|one| (one.line, one.column));
        outcome.script = Some(script);
        outcome
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
        let pack: &'static Pack = Box::leak(Box::new(Pack::embedded(id)?.ok()?));
        asked.insert(id.to_owned(), pack);
        Some(pack)
    }
}

/// The files of a command line: those of folders that are templates by their ending, sorted, what git ignores left out.
fn collect(paths: &[PathBuf], lang: Lang) -> anyhow::Result<Vec<PathBuf>> {
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
            if is_file && Format::of(&entry.path().to_string_lossy()).is_some() {
                files.push(entry.into_path());
            }
        }
    }
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

/// Findings -> standard output.
struct Writer {
    format: FormatArg,
    speech: Speech,
    bytes: Vec<u8>,
    first: bool,
}

impl Writer {
    fn new(format: FormatArg, speech: Speech) -> Self {
        let bytes = if format == FormatArg::Json {
            b"[".to_vec()
        } else {
            Vec::new()
        };
        Self {
            format,
            speech,
            bytes,
            first: true,
        }
    }

    fn write(&mut self, diagnostic: &Diagnostic, script: &Script) {
        let text = match self.format {
            FormatArg::Full => diagnostics::finding(diagnostic, script, self.speech) + "\n\n",
            FormatArg::Concise => concise(diagnostic) + "\n",
            FormatArg::Ndjson => object(diagnostic).to_string() + "\n",
            FormatArg::Json => format!(
                "{}\n{}",
                if self.first { "" } else { "," },
                object(diagnostic)
            ),
        };
        self.first = false;
        self.bytes.extend_from_slice(text.as_bytes());
    }

    fn flush(&mut self) -> anyhow::Result<()> {
        print(&std::mem::take(&mut self.bytes))
    }

    fn end(&mut self, totals: &Totals) -> anyhow::Result<()> {
        match self.format {
            FormatArg::Full => {
                let lang = self.speech.lang();
                let line = locale::lint_totals(lang, totals.files, totals.errors, totals.warnings);
                self.bytes.extend_from_slice(format!("{line}\n").as_bytes());
            }
            FormatArg::Json => {
                self.bytes
                    .extend_from_slice(if self.first { b"]\n" } else { b"\n]\n" })
            }
            FormatArg::Concise | FormatArg::Ndjson => {}
        }
        self.flush()
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

/// A diagnostic as machines read it.
fn object(diagnostic: &Diagnostic) -> Value {
    let mut object = json!({
        "schema": SCHEMA,
        "file": diagnostic.file,
        "line": diagnostic.line,
        "column": diagnostic.column,
        "end_line": diagnostic.end_line,
        "end_column": diagnostic.end_column,
        "criterion": diagnostic.criterion,
        "pack": diagnostic.pack,
        "severity": diagnostic.severity.name(),
        "text": diagnostic.text,
        "message": diagnostic.message,
    });
    if let Some(suggest) = &diagnostic.suggest {
        object["suggest"] = json!(suggest);
    }
    if let Some(fix) = diagnostic.fix {
        object["fix"] = json!(fix.name());
    }
    if !diagnostic.path.is_empty() {
        object["path"] = json!(diagnostic.path);
    }
    object
}
