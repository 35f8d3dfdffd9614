//! `etalon lint`: templates -> diagnostics.

mod baseline;
mod fixing;
mod project;

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use etalon::call::Direction;
use etalon::locale::Lang;
use etalon::pack::{Pack, embedded_ids};
use etalon::script::{Config, Diagnostic, Format, Ignores, Linter, Options, Problem, Script, Severity};
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
    #[command(flatten)]
    fixing: fixing::FixArgs,
    #[command(flatten)]
    baseline: baseline::BaselineArgs,
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
    fixed: usize,
}

/// A linter a pack: those of the run, and those that templates ask for.
struct Linters<'c> {
    config: &'c Config,
    packs: &'static [Pack],
    by_id: BTreeMap<String, Linter<'static>>,
    /// For templates that name none.
    chosen: Vec<String>,
}

/// What all packs found in a template.
#[derive(Debug, Default)]
struct Found {
    found: Vec<Diagnostic>,
    problems: Vec<Problem>,
    fatal: bool,
}

impl<'c> Linters<'c> {
    fn new(packs: &'static [Pack], config: &'c Config) -> Self {
        Self {
            config,
            packs,
            by_id: packs.iter().map(|pack| (pack.info().id.clone(), Linter::new(pack))).collect(),
            chosen: packs.iter().map(|pack| pack.info().id.clone()).collect(),
        }
    }

    /// Every finding of a template by line and column; `None` where a pack cannot be used, which has been said.
    fn lint(&mut self, script: &Script, options: &Options, speech: Speech) -> anyhow::Result<Option<Found>> {
        let own: Vec<String> = match &script.front.pack {
            Some(id) => vec![id.clone()],
            None => self.chosen.clone(),
        };
        let mut all = Found::default();
        let mut judged: Vec<String> = Vec::new();
        for id in own {
            if !self.by_id.contains_key(&id) {
                let Some(loaded) = Pack::embedded(&id) else {
                    let known = embedded_ids().join(", ");
                    all.problems.push(Problem::unknown_pack(script, &id, &known));
                    all.fatal = true;
                    continue;
                };
                match loaded {
                    Ok(mut pack) => {
                        self.config.extend(&mut pack);
                        let pack: &'static Pack = Box::leak(Box::new(pack));
                        self.by_id.insert(id.clone(), Linter::new(pack));
                    }
                    Err(errors) => {
                        diagnostics::pack_errors(&errors, None, speech);
                        return Ok(None);
                    }
                }
            }
            let Some(linter) = self.by_id.get_mut(&id) else { continue };
            let linted = linter.lint(script, options);
            let ids = linter.pack().info().criteria.iter().map(|criterion| criterion.id.clone());
            judged.extend(ids.filter(|id| !self.config.is_off(id)));
            all.fatal |= linted.problems.iter().any(|problem| problem.fatal);
            for problem in linted.problems {
                // Two packs read the same file.
                if !all.problems.contains(&problem) {
                    all.problems.push(problem);
                }
            }
            all.found.extend(linted.diagnostics);
        }
        all.found.sort_by(|a, b| (a.line, a.column).cmp(&(b.line, b.column)));
        self.config.apply(&mut all.found);
        if Ignores::may_stand_in(script) {
            let (kept, problems) = Ignores::of(script, &known_criteria(self.packs)).apply(all.found, &judged);
            all.found = kept;
            all.problems.extend(problems.into_iter().filter(|_| !all.fatal));
        }
        Ok(Some(all))
    }
}

/// Ids of all criteria of these packs and of those inside the program.
fn known_criteria(packs: &[Pack]) -> Vec<String> {
    let inside = embedded_ids().into_iter().filter_map(|id| Pack::embedded(&id)?.ok());
    let inside: Vec<Pack> = inside.filter(|pack| packs.iter().all(|given| given.info().id != pack.info().id)).collect();
    let all = packs.iter().chain(&inside);
    let mut known: Vec<String> = all.flat_map(|pack| &pack.info().criteria).map(|criterion| criterion.id.clone()).collect();
    known.sort_unstable();
    known.dedup();
    known
}

pub(super) fn run(args: &LintArgs, speech: Speech) -> anyhow::Result<Status> {
    let lang = speech.lang();
    anyhow::ensure!(!args.paths.is_empty(), locale::lint_nothing(lang));
    args.fixing.check(lang)?;
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
    let line = args.line.clone().or_else(|| project.config.line.clone());
    packs::ensure_line(line.as_deref(), &packs, lang)?;
    if !project.check(&|| known_criteria(&packs), &packs, speech) {
        return Ok(Status::CouldNotRun);
    }
    for pack in &mut packs {
        project.config.extend(pack);
    }
    // The process ends with this run; a template may ask for a pack at any time.
    let packs: &'static [Pack] = Vec::leak(packs);
    let mut linters = Linters::new(packs, &project.config);
    let options = Options {
        line,
        direction: args.direction.map(|direction| match direction {
            DirectionArg::Inbound => Direction::Inbound,
            DirectionArg::Outbound => Direction::Outbound,
        })
        .or(project.config.direction()),
        whole: args.whole,
        lang,
    };
    // Standard output holds one thing: findings, a difference, or a text.
    let fixes = args.fixing.wanted().is_some();
    let taken = |path: &Path| fixes && (args.fixing.only_shows() || path.as_os_str() == STDIN);
    let piped = fixes && args.paths.iter().any(|path| taken(path));
    let mut totals = Totals::default();
    let mut out = Writer::new(args.format, speech);
    let files = collect(&args.paths, &project, lang)?;
    let run_files = files.iter().map(|path| shown(path, args.stdin_filename.as_deref())).collect();
    let mut known_findings = baseline::Baseline::read(&args.baseline, run_files, lang)?;
    for path in files {
        let shown = shown(&path, args.stdin_filename.as_deref());
        totals.files += 1;
        let bytes = match read(&path) {
            Ok(bytes) => bytes,
            Err(error) => {
                totals.unreadable += 1;
                let message = locale::lint_unreadable(lang, &error.to_string());
                diagnostics::say(&diagnostics::file_problem(&shown, (0, 0), "script/unreadable", (&message, ""), true, None, speech));
                continue;
            }
        };
        let script = match Script::read(&shown, &bytes) {
            Ok(script) => script,
            Err(problem) => {
                totals.unreadable += 1;
                tell(&shown, &problem, None, speech);
                continue;
            }
        };
        let Some(linted) = linters.lint(&script, &options, speech)? else {
            return Ok(Status::CouldNotRun);
        };
        for problem in &linted.problems {
            tell(&shown, problem, Some(&script), speech);
        }
        totals.unreadable += u64::from(linted.fatal);
        let mut found = linted.found;
        let mut script = script;
        if let Some(wanted) = args.fixing.wanted() {
            let mut again = |script: &Script| {
                let linted = linters.lint(script, &options, speech).ok().flatten();
                linted.map(|linted| linted.found).unwrap_or_default()
            };
            let fixed = etalon::script::fix(&shown, &bytes, wanted, &mut again);
            if let Ok(fixed) = fixed.map_err(|problem| tell(&shown, &problem, None, speech)) {
                for problem in &fixed.unplaced {
                    tell(&shown, problem, Some(&script), speech);
                }
                let put = args.fixing.put(&path, &shown, &fixed, lang);
                if let Err(error) = &put {
                    // The other files are fixed all the same.
                    diagnostics::failure(error, speech);
                    totals.unreadable += 1;
                } else if !args.fixing.only_shows() {
                    totals.fixed += fixed.n_edits;
                }
                if put.is_ok()
                    && !args.fixing.only_shows()
                    && fixed.n_edits > 0
                    && let Ok(now) = Script::read(&shown, &fixed.bytes)
                {
                    found = again(&now);
                    script = now;
                }
            }
        }
        known_findings.apply(&script, &mut found);
        for diagnostic in &found {
            match diagnostic.severity {
                Severity::Error => totals.errors += 1,
                Severity::Warning => totals.warnings += 1,
            }
            if !taken(&path) {
                out.write(diagnostic, &script);
            }
        }
        out.flush()?;
    }
    known_findings.end(speech)?;
    if !piped {
        out.end(&totals)?;
    }
    let failed = match args.fail_on {
        FailOn::Error => totals.errors > 0,
        FailOn::Warning => totals.errors + totals.warnings > 0,
        FailOn::Never => false,
    };
    Ok(Status::of(failed, totals.unreadable))
}

/// The files of a command line: those of folders that are templates by their ending, sorted, what git ignores left out.
fn collect(paths: &[PathBuf], project: &project::Project, lang: Lang) -> anyhow::Result<Vec<PathBuf>> {
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
            if is_file && Format::of(&entry.path().to_string_lossy()).is_some() && project.takes(entry.path()) {
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
    shown.strip_prefix("./").map_or(shown.clone(), str::to_owned)
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
    let lang = speech.lang();
    let (message, help) = (problem.message(lang), problem.help(lang));
    diagnostics::say(&diagnostics::file_problem(
        path,
        (problem.line, problem.column),
        problem.code,
        (&message, &help),
        problem.fatal,
        script.filter(|script| !script.format.is_packed()).map(|script| script.text.as_str()),
        speech,
    ));
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
        let bytes = if format == FormatArg::Json { b"[".to_vec() } else { Vec::new() };
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
            FormatArg::Json => format!("{}\n{}", if self.first { "" } else { "," }, object(diagnostic)),
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
                let line = locale::lint_totals(lang, totals.files, totals.errors, totals.warnings, totals.fixed);
                self.bytes.extend_from_slice(format!("{line}\n").as_bytes());
            }
            FormatArg::Json => self.bytes.extend_from_slice(if self.first { b"]\n" } else { b"\n]\n" }),
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
    let mut text = format!("{file}:{line}:{column}: {} {criterion} {message}", severity.name());
    if let Some(suggest) = &diagnostic.suggest {
        text.push_str(" → ");
        text.push_str(suggest);
    }
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
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
