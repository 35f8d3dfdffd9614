//! `etalon show`: one call for a person.

use std::ops::ControlFlow;
use std::path::PathBuf;

use anyhow::bail;
use clap::Args;
use etalon::audit::Auditor;
use etalon::ingest::{self, Parsed, Source};
use etalon::report::show::{self, Parts};

use super::packs::{self, PackArgs};
use super::{Reading, Speech, Status, diagnostics, locale, print};

#[derive(Debug, Args)]
pub(super) struct ShowArgs {
    /// File with the call, or - for standard input
    #[arg(value_name = "CALL")]
    path: PathBuf,
    /// Which call, where the file holds several
    #[arg(long, value_name = "ID")]
    id: Option<String>,
    #[command(flatten)]
    packs: PackArgs,
    /// Only this criterion, in detail
    #[arg(long, value_name = "ID")]
    rule: Option<String>,
    /// The whole talk with the evidence marked
    #[arg(long)]
    transcript: bool,
    #[command(flatten)]
    reading: Reading,
    /// Line whose requirements hold if the call names none
    #[arg(long, value_name = "LINE")]
    line: Option<String>,
}

/// So many ids are named where one has to be chosen.
const N_IDS_NAMED: usize = 12;

pub(super) fn run(args: &ShowArgs, speech: Speech) -> anyhow::Result<Status> {
    let lang = speech.lang();
    let options = args.reading.options(lang)?;
    let Some(packs) = packs::load(&args.packs, speech)? else {
        return Ok(Status::CouldNotRun);
    };
    // The process ends with this call: taking a pack apart piece by piece would only cost the reader time.
    let packs = std::mem::ManuallyDrop::new(packs);
    packs::ensure_line(args.line.as_deref(), &packs, lang)?;
    if let Some(rule) = &args.rule {
        let mut ids = packs.iter().flat_map(|pack| &pack.info().criteria);
        if !ids.any(|criterion| criterion.id == *rule) {
            bail!(locale::no_criterion(lang, rule, ""));
        }
    }
    if args.path.is_dir() {
        bail!(locale::show_of_folder(lang, &args.path));
    }

    let source = Source::new(&args.path);
    let look = speech.look();
    let mut auditor = Auditor::new(&packs, lang);
    let mut ids: Vec<String> = Vec::new();
    let mut page = Vec::new();
    let mut unreadable = 0;
    let _ = ingest::read(&source, &options, &mut |piece| {
        let batch = match piece {
            Ok(batch) => batch,
            Err(error) => {
                unreadable += 1;
                diagnostics::say(&diagnostics::read_error(&error, speech));
                return ControlFlow::Continue(());
            }
        };
        for record in batch.records() {
            match record.parse(&options) {
                Parsed::Error(error) => {
                    unreadable += 1;
                    diagnostics::say(&diagnostics::read_error(&error, speech));
                }
                Parsed::Call(mut call, notes) => {
                    if args.id.as_deref().is_some_and(|id| call.id != id) {
                        continue;
                    }
                    ids.push(call.id.clone().into_owned());
                    if ids.len() > N_IDS_NAMED {
                        return ControlFlow::Break(());
                    }
                    if ids.len() > 1 {
                        continue;
                    }
                    for note in &notes {
                        let message = note.message(lang);
                        let text = match note.line {
                            Some(line) => format!("{}:{line}: {message}", record.path),
                            None => message,
                        };
                        diagnostics::note(&text, lang);
                    }
                    if call.line.is_none() {
                        call.line = args.line.as_deref().map(Into::into);
                    }
                    let parts = Parts {
                        rule: args.rule.as_deref(),
                        transcript: args.transcript,
                    };
                    let mut first = true;
                    auditor.audit(&call, record.path, Some(record.line), &mut |card| {
                        let criteria = &card.pack.criteria;
                        let asked = |id: &str| criteria.iter().any(|c| c.id == id);
                        if parts.rule.is_some_and(|id| !asked(id)) {
                            return;
                        }
                        if !first {
                            page.push(b'\n');
                        }
                        first = false;
                        show::write(card, parts, look, &mut page);
                    });
                    if args.id.is_some() {
                        return ControlFlow::Break(());
                    }
                }
            }
        }
        ControlFlow::Continue(())
    });
    match (ids.len(), &args.id) {
        (0, Some(id)) => bail!(locale::no_call(lang, &source.path, id)),
        (0 | 1, _) => {}
        _ => {
            let mut named = ids[..ids.len().min(N_IDS_NAMED)].join(", ");
            if ids.len() > N_IDS_NAMED {
                named.push_str(", …");
            }
            bail!(locale::which_call(lang, &source.path, &named));
        }
    }
    print(&page)?;
    Ok(Status::of(false, unreadable))
}
