//! Arguments -> exit status: one file a command. Nothing else in etalon prints or ends the process.

mod audit;
mod diagnostics;
mod lint;
mod locale;
mod lsp;
mod output;
mod packs;
mod pipe;
mod rules;
mod show;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};
use etalon::ingest::Options;
use etalon::locale::Lang;
use etalon::report::Look;

/// Holds transcripts of contact-centre calls against a written standard and shows the evidence.
#[derive(Debug, Parser)]
#[command(name = "etalon", version, max_term_width = 100, after_help = STATUSES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    speech: Speech,
}

const STATUSES: &str = "\
Exit status:
  0  done, however bad the calls are
  1  a gate failed (--fail-under, --fail-on, findings of `lint`, `rules test`, `rules check`); `lsp` was ended without `shutdown`
  2  could not run: a bad command line, a pack or an output that cannot be used
  3  done, but some inputs could not be read; each is named on standard error";

#[derive(Debug, Subcommand)]
enum Command {
    /// Score calls: files, folders, or - for standard input
    Audit(audit::AuditArgs),
    /// Show one call: what was lost first, each point with its words and what to say instead
    Show(show::ShowArgs),
    /// Hold script templates against the rules: Markdown, text, HTML, DOCX, CSV and XLSX tables of replies
    Lint(lint::LintArgs),
    /// Look at the packs of rules, test them, begin a new rule
    Rules(rules::RulesArgs),
    /// Score NDJSON from standard input line by line: one line in, one line out, in the same order
    Pipe(pipe::PipeArgs),
    /// Language server on standard input and output: findings in templates and rule files while one types, with their fixes
    Lsp(lsp::LspArgs),
}

/// How etalon speaks; the same for all commands.
#[derive(Debug, Clone, Copy, Args)]
struct Speech {
    /// Language of reports and messages [default: ru; `lsp`: that of the editor]
    #[arg(long, global = true, value_enum, hide_possible_values = false)]
    lang: Option<LangArg>,
    /// Colours on a terminal; NO_COLOR and CLICOLOR_FORCE are obeyed
    #[arg(long, global = true, value_enum, default_value_t = ColorArg::Auto)]
    color: ColorArg,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum LangArg {
    Ru,
    En,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ColorArg {
    Auto,
    Always,
    Never,
}

impl Speech {
    fn lang(self) -> Lang {
        self.given().unwrap_or_default()
    }

    /// The language that was asked for.
    fn given(self) -> Option<Lang> {
        self.lang.map(|lang| match lang {
            LangArg::Ru => Lang::Ru,
            LangArg::En => Lang::En,
        })
    }

    /// How reports on standard output look.
    fn look(self) -> Look {
        Look {
            lang: self.lang(),
            width: width(),
            color: self.colored(&io::stdout()),
        }
    }

    /// Whether what goes to `stream` has colours.
    fn colored(self, stream: &impl anstream::stream::RawStream) -> bool {
        match self.color {
            ColorArg::Always => true,
            ColorArg::Never => false,
            ColorArg::Auto => anstream::AutoStream::choice(stream) != anstream::ColorChoice::Never,
        }
    }
}

/// Columns of the terminal; what is not shown on one gets the width of a page, or what COLUMNS says.
fn width() -> usize {
    let given = std::env::var("COLUMNS").ok();
    let given = given.and_then(|columns| columns.parse().ok());
    let measured = || terminal_size::terminal_size_of(io::stdout()).map(|(columns, _)| columns.0);
    given
        .or_else(|| measured().map(usize::from))
        .unwrap_or(110)
        .clamp(40, 200)
}

/// How calls are read; the same for all commands that read some.
#[derive(Debug, Clone, Args)]
struct Reading {
    /// Which column of a CSV holds what, such as call=dlg_id,role=who,text=said
    #[arg(long, value_name = "FIELD=COLUMN,…")]
    map: Vec<String>,
    /// Who is who where a file uses labels of its own, such as SPEAKER_00=agent,SPEAKER_01=customer
    #[arg(long, value_name = "LABEL=PARTY,…")]
    roles: Vec<String>,
}

impl Reading {
    fn options(&self, lang: Lang) -> anyhow::Result<Options> {
        let mut options = Options::default();
        let wrong = |flag: &str, problem: etalon::ingest::Problem| {
            anyhow::anyhow!("{flag}: {}\n{}", problem.message(lang), problem.help(lang))
        };
        for pairs in &self.map {
            options
                .add_columns(pairs)
                .map_err(|problem| wrong("--map", problem))?;
        }
        for pairs in &self.roles {
            options
                .add_roles(pairs)
                .map_err(|problem| wrong("--roles", problem))?;
        }
        Ok(options)
    }
}

/// What the run came to; the number is the exit status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Status {
    Done = 0,
    GateFailed = 1,
    CouldNotRun = 2,
    Unreadable = 3,
}

impl Status {
    /// A failed gate is a result and goes before inputs that are missing from it.
    fn of(gate_failed: bool, n_unreadable: u64) -> Self {
        match (gate_failed, n_unreadable) {
            (true, _) => Self::GateFailed,
            (false, 0) => Self::Done,
            (false, _) => Self::Unreadable,
        }
    }
}

/// Runs the command line of this process.
pub(crate) fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // `--help` and `--version` come here too and are no failures.
            let status = if error.use_stderr() {
                Status::CouldNotRun
            } else {
                Status::Done
            };
            complain(&error);
            return ExitCode::from(status as u8);
        }
    };
    let speech = cli.speech;
    let result = match cli.command {
        Command::Audit(args) => audit::run(&args, speech),
        Command::Show(args) => show::run(&args, speech),
        Command::Lint(args) => lint::run(&args, speech),
        Command::Rules(args) => rules::run(&args, speech),
        Command::Pipe(args) => pipe::run(&args, speech),
        Command::Lsp(args) => lsp::run(&args, speech),
    };
    let status = result.unwrap_or_else(|error| {
        if is_broken_pipe(&error) {
            // Who reads our output has seen enough.
            return Status::Done;
        }
        diagnostics::failure(&error, speech);
        Status::CouldNotRun
    });
    ExitCode::from(status as u8)
}

/// Says what is wrong with the command line; help and the version come here too.
fn complain(error: &clap::Error) {
    // It could not be read as a whole, but the language that it asks for can.
    let args: Vec<_> = std::env::args_os().skip(1).collect();
    let english = |pair: &[std::ffi::OsString]| pair[0] == "--lang" && pair[1] == "en";
    let in_english = args.iter().any(|arg| arg == "--lang=en") || args.windows(2).any(english);
    let speech = Speech {
        lang: None,
        color: ColorArg::Auto,
    };
    match locale::usage(error) {
        Some((message, help)) if !in_english => {
            diagnostics::failure(&anyhow::anyhow!("{message}\n{help}"), speech);
        }
        _ => {
            let _ = error.print();
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|cause| cause.kind() == io::ErrorKind::BrokenPipe)
}

/// Writes to standard output at once. That nobody reads it any more does not change what the run came to.
fn print(bytes: &[u8]) -> anyhow::Result<()> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}
