//! `etalon lint`: templates -> diagnostics.

use std::collections::{BTreeMap, HashSet};
use std::fs::File;
use std::io::{self, Read, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use etalon::call::Direction;
use etalon::locale::Lang;
use etalon::pack::{Pack, embedded_ids};
use etalon::score::PackInfo;
use etalon::script::{Diagnostic, Format, Linter, Options, Problem, Script, Severity};
use etalon::script::report::{self, LintedFile, Report, Trouble};

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
    /// Write to this file too, in the format of its name: .sarif, .xml (JUnit), .json, .ndjson, .rdjson, gl-code-quality-report.json;
    /// may be given several times
    #[arg(short, long = "output", value_name = "FILE")]
    outputs: Vec<PathBuf>,
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
}

pub(super) fn run(args: &LintArgs, speech: Speech) -> anyhow::Result<Status> {
    let lang = speech.lang();
    let Some(packs) = packs::load(&args.packs, speech)? else {
        return Ok(Status::CouldNotRun);
    };
    packs::ensure_line(args.line.as_deref(), &packs, lang)?;
    anyhow::ensure!(!args.paths.is_empty(), locale::lint_nothing(lang));
    let formats = formats(&args.outputs, lang)?;
    let paths = collect(&args.paths, lang)?;
    for output in &args.outputs {
        if let Some(input) = paths.iter().find(|path| same_file(path, output)) {
            anyhow::bail!(locale::output_is_input(lang, &input.to_string_lossy()));
        }
    }
    // The process ends with this run; a template may ask for a pack at any time.
    let packs: &'static [Pack] = Vec::leak(packs);
    let mut infos: Vec<_> = packs.iter().map(Pack::info).collect();
    let mut linters: BTreeMap<String, Linter<'static>> = BTreeMap::new();
    let chosen: Vec<String> = packs.iter().map(|pack| pack.info().id.clone()).collect();
    for pack in packs {
        linters.insert(pack.info().id.clone(), Linter::new(pack));
    }
    let options = Options {
        line: args.line.clone(),
        direction: args.direction.map(|direction| match direction {
            DirectionArg::Inbound => Direction::Inbound,
            DirectionArg::Outbound => Direction::Outbound,
        }),
        whole: args.whole,
        lang,
    };
    let mut totals = Totals::default();
    let mut out = Writer::new(args.format, speech);
    for (path, format) in args.outputs.iter().zip(formats) {
        out.add_file(path, format)?;
    }
    for path in paths {
        let shown = shown(&path, args.stdin_filename.as_deref());
        totals.files += 1;
        let bytes = match read(&path) {
            Ok(bytes) => bytes,
            Err(error) => {
                totals.unreadable += 1;
                let message = locale::lint_unreadable(lang, &error.to_string());
                diagnostics::say(&diagnostics::file_problem(&shown, (0, 0), "script/unreadable", (&message, ""), true, None, speech));
                out.trouble(trouble("script/unreadable", (0, 0), message, String::new()));
                out.file(&shown, None, &[])?;
                continue;
            }
        };
        let script = match Script::read(&shown, &bytes) {
            Ok(script) => script,
            Err(problem) => {
                totals.unreadable += 1;
                tell(&shown, &problem, None, speech);
                out.trouble(Trouble::of(&problem, lang));
                out.file(&shown, None, &[])?;
                continue;
            }
        };
        let own: Vec<String> = match &script.front.pack {
            Some(id) => vec![id.clone()],
            None => chosen.clone(),
        };
        let mut found = Vec::new();
        let mut fatal = false;
        for id in own {
            if !linters.contains_key(&id) {
                let Some(loaded) = Pack::embedded(&id) else {
                    let known = embedded_ids().join(", ");
                    let message = locale::lint_unknown_pack(lang, &id, &known);
                    let place = script.front.pack_place;
                    diagnostics::say(&diagnostics::file_problem(
                        &shown,
                        place,
                        "script/unknown-pack",
                        (&message.0, &message.1),
                        true,
                        Some(&script.text),
                        speech,
                    ));
                    out.trouble(trouble("script/unknown-pack", place, message.0, message.1));
                    fatal = true;
                    continue;
                };
                match loaded {
                    Ok(pack) => {
                        let pack: &'static Pack = Box::leak(Box::new(pack));
                        infos.push(pack.info());
                        linters.insert(id.clone(), Linter::new(pack));
                    }
                    Err(errors) => {
                        diagnostics::pack_errors(&errors, None, speech);
                        return Ok(Status::CouldNotRun);
                    }
                }
            }
            let Some(linter) = linters.get_mut(&id) else { continue };
            let linted = linter.lint(&script, &options);
            for problem in &linted.problems {
                tell(&shown, problem, Some(&script), speech);
                out.trouble(Trouble::of(problem, lang));
                fatal |= problem.fatal;
            }
            found.extend(linted.diagnostics);
        }
        totals.unreadable += u64::from(fatal);
        found.sort_by(|a, b| (a.line, a.column).cmp(&(b.line, b.column)));
        for diagnostic in &found {
            match diagnostic.severity {
                Severity::Error => totals.errors += 1,
                Severity::Warning => totals.warnings += 1,
            }
        }
        out.file(&shown, Some(&script), &found)?;
    }
    out.end(&totals, &infos)?;
    let failed = match args.fail_on {
        FailOn::Error => totals.errors > 0,
        FailOn::Warning => totals.errors + totals.warnings > 0,
        FailOn::Never => false,
    };
    Ok(Status::of(failed, totals.unreadable))
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

/// The format of every `-o`.
fn formats(outputs: &[PathBuf], lang: Lang) -> anyhow::Result<Vec<report::Format>> {
    let mut formats = Vec::new();
    for (idx, path) in outputs.iter().enumerate() {
        anyhow::ensure!(!outputs[..idx].contains(path), locale::output_twice(lang, path));
        let Some(format) = report::Format::of_file_name(&path.to_string_lossy()) else {
            let known = report::Format::ENDINGS.map(|(ending, _)| ending).join(", ");
            anyhow::bail!(locale::no_format(lang, path, &known));
        };
        formats.push(format);
    }
    Ok(formats)
}

/// What stops the linting of a file, as machine formats tell it.
fn trouble(code: &'static str, (line, column): (u32, u32), message: String, help: String) -> Trouble {
    Trouble {
        code,
        line,
        column,
        fatal: true,
        message,
        help,
    }
}

/// Findings -> standard output and the files of `-o`.
struct Writer {
    format: FormatArg,
    speech: Speech,
    /// Paths of repositories start here.
    root: Option<String>,
    /// Of standard output; `None` where people read it.
    standard: Option<Report>,
    files: Vec<(PathBuf, NewFile, File, Report)>,
    /// Of the file that is under way.
    troubles: Vec<Trouble>,
}

impl Writer {
    fn new(format: FormatArg, speech: Speech) -> Self {
        let root = std::env::current_dir().ok();
        let root = root.map(|root| root.to_string_lossy().replace('\\', "/"));
        let report = |format| Report::new(format, root.as_deref(), speech.lang());
        Self {
            format,
            speech,
            standard: format.machine().map(report),
            root,
            files: Vec::new(),
            troubles: Vec::new(),
        }
    }

    fn add_file(&mut self, path: &Path, format: report::Format) -> anyhow::Result<()> {
        let lang = self.speech.lang();
        let (new, file) = NewFile::create(path, lang)?;
        let report = Report::new(format, self.root.as_deref(), lang);
        self.files.push((path.to_owned(), new, file, report));
        Ok(())
    }

    /// Keeps what is wrong with the file that is under way.
    fn trouble(&mut self, trouble: Trouble) {
        self.troubles.push(trouble);
    }

    /// Writes what the file that was under way came to.
    fn file(&mut self, path: &str, script: Option<&Script>, found: &[Diagnostic]) -> anyhow::Result<()> {
        let troubles = std::mem::take(&mut self.troubles);
        let linted = LintedFile {
            path,
            script,
            diagnostics: found,
            troubles: &troubles,
        };
        let lang = self.speech.lang();
        for (own, _, file, report) in &mut self.files {
            let mut bytes = Vec::new();
            report.file(&linted, &mut bytes);
            file.write_all(&bytes).with_context(|| locale::cannot_write(lang, own))?;
        }
        let mut bytes = Vec::new();
        match (&mut self.standard, script) {
            (Some(report), _) => report.file(&linted, &mut bytes),
            (None, Some(script)) => {
                for diagnostic in found {
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
            Some(report) => report.end(packs, &mut bytes),
            None if self.format == FormatArg::Full => {
                let line = locale::lint_totals(lang, totals.files, totals.errors, totals.warnings);
                bytes.extend_from_slice(format!("{line}\n").as_bytes());
            }
            None => {}
        }
        print(&bytes)?;
        for (own, new, mut file, report) in self.files {
            let mut bytes = Vec::new();
            report.end(packs, &mut bytes);
            file.write_all(&bytes).with_context(|| locale::cannot_write(lang, &own))?;
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
    let mut text = format!("{file}:{line}:{column}: {} {criterion} {message}", severity.name());
    if let Some(suggest) = &diagnostic.suggest {
        text.push_str(" → ");
        text.push_str(suggest);
    }
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
