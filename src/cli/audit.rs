//! `etalon audit`: calls -> scorecards.

use std::io::{self, BufRead, IsTerminal};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use etalon::audit::Auditor;
use etalon::ingest;
use etalon::locale::Lang;
use etalon::pack::Pack;
use etalon::report::{Format, Report};
use etalon::run::{self, Event, Job, Output, RunOutcome};
use etalon::score::PackInfo;
use indicatif::{ProgressBar, ProgressStyle};

use super::output::{NewFile, formats, same_file};
use super::packs::{self, PackArgs};
use super::{Reading, Speech, Status, diagnostics, locale};

#[derive(Debug, Args)]
pub(super) struct AuditArgs {
    /// Files, folders (searched with their subfolders), or - for standard input
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    packs: PackArgs,
    /// Write to this file too, in the format of its ending: .ndjson (or .jsonl), .csv, .json; may be given several times
    #[arg(short, long = "output", value_name = "FILE")]
    outputs: Vec<PathBuf>,
    /// Format of standard output; the default is a table, with -o only its totals
    #[arg(long, value_enum)]
    format: Option<FormatArg>,
    /// Threads [default: as many as the machine has]
    #[arg(short = 'j', long, value_name = "N", value_parser = count)]
    jobs: Option<u16>,
    /// Read paths from this file, one a line, blanks around it not counted; - for standard input
    #[arg(long, value_name = "FILE")]
    files_from: Option<PathBuf>,
    #[command(flatten)]
    reading: Reading,
    /// Line whose requirements hold for calls that name none
    #[arg(long, value_name = "LINE")]
    line: Option<String>,
    /// Exit with status 1 if any call scores under N of 100
    #[arg(long, value_name = "N", value_parser = out_of_100)]
    fail_under: Option<f64>,
    /// Exit with status 1 if any call has such a fault
    #[arg(long, value_name = "WHAT")]
    fail_on: Option<FailOn>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FormatArg {
    Table,
    Ndjson,
    Csv,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FailOn {
    /// A criterion that the pack marks critical
    Critical,
}

/// A score that can be: NaN and what lies outside 0 to 100 would make a gate that always or never fails.
fn out_of_100(text: &str) -> Result<f64, locale::Unfit> {
    let number = text.parse().ok();
    number
        .filter(|number| (0.0..=100.0).contains(number))
        .ok_or(locale::NO_SCORE)
}

fn count(text: &str) -> Result<u16, locale::Unfit> {
    let number = text.parse().ok();
    number.filter(|number| *number > 0).ok_or(locale::NO_COUNT)
}

pub(super) fn run(args: &AuditArgs, speech: Speech) -> anyhow::Result<Status> {
    let lang = speech.lang();
    let options = args.reading.options(lang)?;
    let formats = formats(&args.outputs, &Format::ENDINGS, lang)?;
    let paths = paths(args, lang)?;
    let Some(packs) = packs::load(&args.packs, speech)? else {
        return Ok(Status::CouldNotRun);
    };
    packs::ensure_line(args.line.as_deref(), &packs, lang)?;
    let collected = ingest::collect(&paths);
    for output in &args.outputs {
        let sources = collected.sources.iter();
        let input = sources
            .filter(|source| !source.is_stdin())
            .find(|source| same_file(Path::new(&source.path), output));
        if let Some(input) = input {
            anyhow::bail!(locale::output_is_input(lang, &input.path));
        }
    }

    let infos: Vec<&PackInfo> = packs.iter().map(Pack::info).collect();
    let look = speech.look();
    let mut outputs = Vec::new();
    let mut files = Vec::new();
    let standard = match args.format {
        None if args.outputs.is_empty() => Report::new(Format::Table, infos.clone(), look),
        None => Report::new(Format::Table, infos.clone(), look).summary_only(),
        Some(FormatArg::Table) => Report::new(Format::Table, infos.clone(), look),
        Some(FormatArg::Ndjson) => Report::new(Format::Ndjson, infos.clone(), look),
        Some(FormatArg::Csv) => Report::new(Format::Csv, infos.clone(), look),
        Some(FormatArg::Json) => Report::new(Format::Json, infos.clone(), look),
    };
    let streams_to_terminal =
        io::stdout().is_terminal() && (args.format.is_some() || args.outputs.is_empty());
    // On one screen a call that cannot be read is told once, where also stands what to do.
    let standard = if io::stdout().is_terminal() && io::stderr().is_terminal() {
        standard.errors_told_elsewhere()
    } else {
        standard
    };
    outputs.push(Output::new(standard, Box::new(io::stdout().lock())));
    for (path, format) in args.outputs.iter().zip(formats) {
        let (new, file) = NewFile::create(path, lang)?;
        files.push(new);
        let report = Report::new(format, infos.clone(), look);
        outputs.push(Output::new(report, Box::new(file)));
    }

    let threads = match args.jobs {
        Some(jobs) => usize::from(jobs),
        None => std::thread::available_parallelism().map_or(1, usize::from),
    };
    let job = Job {
        sources: &collected.sources,
        options: &options,
        n_packs: packs.len(),
        threads,
        lang,
        line: args.line.as_deref(),
    };
    // Lines that stream to the terminal show progress by themselves.
    let progress = if streams_to_terminal {
        ProgressBar::hidden()
    } else {
        progress()
    };
    let outcome = run::run(
        &job,
        collected.errors.clone(),
        &|| Auditor::new(&packs, lang),
        &mut outputs,
        &mut |event| match event {
            Event::Error(error) => {
                let text = diagnostics::read_error(error, speech);
                progress.suspend(|| diagnostics::say(&text));
            }
            Event::Progress(n, path) => {
                progress.set_position(n);
                if progress.message() != path {
                    progress.set_message(path.to_owned());
                }
            }
        },
    )
    .context(locale::cannot_write_cards(lang))?;
    progress.finish_and_clear();
    drop(outputs);
    for file in files {
        file.finish(lang)?;
    }
    if let Some(first) = collected.passed_over.first() {
        let n = collected.passed_over.len();
        diagnostics::note(&locale::passed_over(lang, n, first), lang);
    }
    Ok(close(args, &outcome, lang))
}

/// Says what is left to say and decides how it went.
fn close(args: &AuditArgs, outcome: &RunOutcome, lang: Lang) -> Status {
    for note in outcome.notes.values() {
        let text = locale::note(lang, &note.message, note.calls, &note.first);
        diagnostics::note(&text, lang);
    }
    let errors = outcome.summary.errors;
    if errors > 0 {
        let text = locale::unreadable(lang, errors, outcome.summary.calls);
        diagnostics::note(&text, lang);
    }
    let mut gate_failed = false;
    if let (Some(limit), Some(lowest)) = (args.fail_under, outcome.lowest_score)
        && lowest < limit
    {
        gate_failed = true;
        diagnostics::note(&locale::under(lang, lowest, limit), lang);
    }
    if args.fail_on == Some(FailOn::Critical) && outcome.critical > 0 {
        gate_failed = true;
        diagnostics::note(&locale::critical(lang, outcome.critical), lang);
    }
    Status::of(gate_failed, errors)
}

/// The paths of the command line and of `--files-from`, in this order.
fn paths(args: &AuditArgs, lang: Lang) -> anyhow::Result<Vec<PathBuf>> {
    let stdin = Path::new("-");
    let mut paths = args.paths.clone();
    if let Some(list) = &args.files_from {
        let read = || locale::cannot_read(lang, list);
        let reader: Box<dyn BufRead> = if list == Path::new("-") {
            Box::new(io::stdin().lock())
        } else {
            let file = std::fs::File::open(list).with_context(read)?;
            Box::new(io::BufReader::new(file))
        };
        for line in reader.lines() {
            let line = line.with_context(read)?;
            let line = line.trim();
            if !line.is_empty() {
                paths.push(PathBuf::from(line));
            }
        }
    }
    let listed = args.files_from.as_deref().filter(|list| *list == stdin);
    let named = paths.iter().map(PathBuf::as_path).chain(listed);
    anyhow::ensure!(
        named.filter(|path| *path == stdin).count() <= 1,
        locale::stdin_twice(lang)
    );
    anyhow::ensure!(!paths.is_empty(), locale::no_calls(lang));
    Ok(paths)
}

/// On standard error, if that is a terminal.
fn progress() -> ProgressBar {
    let style = ProgressStyle::with_template("{spinner} {pos} ({per_sec}) {wide_msg}");
    let bar = ProgressBar::new_spinner();
    match style {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
