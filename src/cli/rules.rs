//! `etalon rules`: look at packs, test them, begin a new criterion.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::packs::{self, PackArgs};
use super::{Speech, Status, print};

#[derive(Debug, Args)]
pub(super) struct RulesArgs {
    #[command(subcommand)]
    command: RulesCommand,
}

#[derive(Debug, Subcommand)]
enum RulesCommand {
    /// Every criterion of a pack with its points
    List {
        #[command(flatten)]
        packs: PackArgs,
    },
    /// One criterion: what it wants, why, by which clause, what to say
    Explain {
        /// Such as hold.thanks
        id: String,
        #[command(flatten)]
        packs: PackArgs,
    },
    /// A commented file for a new criterion, to standard output or into a pack's folder
    New {
        /// Such as hold.thanks: the section and what is wanted
        id: String,
        /// Folder of the pack; the file is put into the section's folder there
        #[arg(long, value_name = "FOLDER")]
        into: Option<PathBuf>,
    },
}

pub(super) fn run(args: &RulesArgs, speech: Speech) -> anyhow::Result<Status> {
    match &args.command {
        RulesCommand::List { packs } => list(packs, speech),
        RulesCommand::Explain { id, packs } => explain(id, packs, speech),
        RulesCommand::New { id, into } => new(id, into.as_deref()),
    }
}

fn list(args: &PackArgs, speech: Speech) -> anyhow::Result<Status> {
    let Some(packs) = packs::load(args, speech)? else {
        return Ok(Status::CouldNotRun);
    };
    let mut text = String::new();
    for pack in &packs {
        let info = pack.info();
        writeln!(text, "{} {}: {}", info.id, info.version, info.title)?;
        for criterion in &info.criteria {
            let (id, weight, title) = (&criterion.id, criterion.weight, &criterion.title);
            let critical = if criterion.critical { "!" } else { " " };
            writeln!(text, "{weight:>4} {critical} {id:<28} {title}")?;
        }
    }
    print(text.as_bytes())?;
    Ok(Status::Done)
}

fn explain(id: &str, args: &PackArgs, speech: Speech) -> anyhow::Result<Status> {
    let Some(packs) = packs::load(args, speech)? else {
        return Ok(Status::CouldNotRun);
    };
    let _ = (id, packs);
    Ok(Status::Done)
}

fn new(id: &str, into: Option<&std::path::Path>) -> anyhow::Result<Status> {
    let _ = (id, into);
    Ok(Status::Done)
}
