//! `etalon rules`: look at packs, test them, begin a new criterion.

mod explain;
mod new;
mod stress;
mod test;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use etalon::check;
use etalon::locale::Lang;
use etalon::pack::{Pack, embedded_ids};
use etalon::wordings::Depth;

use super::{Speech, Status, diagnostics, locale, packs, print};

#[derive(Debug, Args)]
pub(super) struct RulesArgs {
    #[command(subcommand)]
    command: RulesCommand,
}

#[derive(Debug, Subcommand)]
enum RulesCommand {
    /// Every criterion of a pack with its points
    List(Which),
    /// One criterion: what it wants and why, by which clause, how it is checked, its phrases and examples
    Explain {
        /// section.requirement, as `etalon rules list` shows it
        #[arg(value_name = "ID")]
        id: String,
        #[command(flatten)]
        packs: Which,
    },
    /// What is valid in a pack but poor: wordings that no example holds, sets that nobody uses, …
    Check {
        /// Not only each phrase, but also each word of a choice inside one has to be held by an example; takes long
        #[arg(long)]
        words: bool,
        #[command(flatten)]
        packs: Which,
    },
    /// Run the examples of a pack
    Test {
        /// Also change each example in known ways, and name those whose verdict does not change as it should
        #[arg(long)]
        stress: bool,
        /// Only these criteria
        #[arg(value_name = "ID")]
        ids: Vec<String>,
        #[command(flatten)]
        packs: Which,
    },
    /// A commented file for a new criterion, to standard output or into a pack's folder
    New {
        /// section.requirement: the section and what is wanted
        #[arg(value_name = "ID")]
        id: String,
        /// Folder of the pack: the file becomes SECTION/NAME.toml there
        #[arg(long, value_name = "FOLDER")]
        into: Option<PathBuf>,
    },
}

/// Which packs to look at.
#[derive(Debug, Args)]
struct Which {
    /// Pack of rules by its name or the path of its folder; may be given several times [default: all inside etalon]
    #[arg(short, long = "pack", value_name = "PACK")]
    pack: Vec<String>,
}

impl Which {
    fn load(&self, speech: Speech) -> anyhow::Result<Option<Vec<Pack>>> {
        let names = match &self.pack[..] {
            [] => embedded_ids().into_iter().map(str::to_owned).collect(),
            names => names.to_vec(),
        };
        packs::load_all(&names, speech)
    }
}

pub(super) fn run(args: &RulesArgs, speech: Speech) -> anyhow::Result<Status> {
    let which = match &args.command {
        RulesCommand::New { id, into } => return new::run(id, into.as_deref(), speech.lang()),
        RulesCommand::List(which) => which,
        RulesCommand::Explain { packs, .. }
        | RulesCommand::Check { packs, .. }
        | RulesCommand::Test { packs, .. } => packs,
    };
    let Some(packs) = which.load(speech)? else {
        return Ok(Status::CouldNotRun);
    };
    match &args.command {
        RulesCommand::List(_) => list(&packs, speech),
        RulesCommand::Explain { id, .. } => explain::run(id, &packs, speech),
        RulesCommand::Check { words, .. } => check(&packs, *words, speech),
        RulesCommand::Test { ids, stress, .. } => test::run(ids, *stress, &packs, speech),
        RulesCommand::New { .. } => unreachable!("handled above"),
    }
}

/// Fails on an id that no pack has, so that a slip of the pen is never taken for success.
fn ensure_known(id: &str, packs: &[Pack], lang: Lang) -> anyhow::Result<()> {
    let ids = || {
        let criteria = packs.iter().flat_map(|pack| &pack.info().criteria);
        criteria.map(|criterion| criterion.id.as_str())
    };
    if ids().any(|known| known == id) {
        return Ok(());
    }
    let (section, name) = id.split_once('.').unwrap_or((id, id));
    let near: Vec<&str> = ids()
        .filter(|known| known.starts_with(section) || known.ends_with(name))
        .collect();
    anyhow::bail!(locale::no_criterion(lang, id, &near.join(", ")))
}

fn list(packs: &[Pack], speech: Speech) -> anyhow::Result<Status> {
    let mut out = Vec::new();
    for (idx, pack) in packs.iter().enumerate() {
        if idx > 0 {
            out.push(b'\n');
        }
        etalon::report::rules::list(pack.info(), speech.look(), &mut out);
    }
    print(&out)?;
    Ok(Status::Done)
}

fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

fn check(packs: &[Pack], words: bool, speech: Speech) -> anyhow::Result<Status> {
    let depth = if words { Depth::Words } else { Depth::Phrases };
    let findings = check::run(packs, depth, threads());
    match findings {
        Err(errors) => {
            diagnostics::pack_errors(&errors, None, speech);
            Ok(Status::CouldNotRun)
        }
        Ok(findings) => {
            diagnostics::pack_findings(&findings, speech);
            if !findings.is_empty() {
                let text = locale::findings(speech.lang(), findings.len());
                diagnostics::note(&text, speech.lang());
            }
            Ok(Status::of(!findings.is_empty(), 0))
        }
    }
}
