//! `etalon rules explain`: everything about one criterion.

use etalon::examples::ADVICE_SLOT;
use etalon::pack::Pack;
use etalon::report::rules::{self, Example, Explained, PhraseSet};

use super::super::{Speech, Status, diagnostics, print};
use super::ensure_known;

pub(super) fn run(id: &str, packs: &[Pack], speech: Speech) -> anyhow::Result<Status> {
    ensure_known(id, packs, speech.lang())?;
    let mut out = Vec::new();
    for pack in packs {
        let info = pack.info();
        let Some(idx) = info.criteria.iter().position(|c| c.id == id) else {
            continue;
        };
        let (criterion, home) = (&info.criteria[idx], &pack.homes()[idx]);
        let examples = match pack.examples(idx) {
            Ok(examples) => examples,
            Err(error) => {
                diagnostics::pack_errors(&[error], None, speech);
                return Ok(Status::CouldNotRun);
            }
        };
        // Of many wordings in one call the first is enough here.
        let shown = examples
            .into_iter()
            .filter(|(_, example)| example.wording.is_none_or(|n| n == 0));
        let examples = shown.map(|(_, example)| Example {
            verdict: example.verdict,
            why: example.why.unwrap_or_default(),
            talk: example.call.replace(ADVICE_SLOT, &criterion.advice),
        });
        let named = |set: &&etalon::pack::SetHome| {
            !set.in_place && home.head.contains(&format!("\"{}\"", set.id))
        };
        let sets = pack.sets().iter().filter(named).map(|set| PhraseSet {
            id: &set.id,
            path: &set.path,
            phrases: &set.phrases,
            except: &set.except,
        });
        if !out.is_empty() {
            out.push(b'\n');
        }
        let explained = Explained {
            pack: info,
            criterion,
            why: home.why.as_deref().unwrap_or(""),
            path: &home.path,
            source: checks_of(&home.head),
            sets: sets.collect(),
            examples: examples.collect(),
        };
        rules::explain(&explained, speech.look(), &mut out);
    }
    print(&out)?;
    Ok(Status::Done)
}

/// The tables of a criterion's file: how it is checked, as its author wrote it. What stands before the first table is shown in words.
fn checks_of(head: &str) -> &str {
    let mut at = 0;
    for line in head.split_inclusive('\n') {
        if line.starts_with('[') {
            return head[at..].trim_end();
        }
        at += line.len();
    }
    ""
}
