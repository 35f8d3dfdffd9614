//! `etalon rules test --stress`: every example changed in known ways.

use std::fmt::Write as _;

use etalon::pack::{Mutation, Pack, PackError};
use etalon::stress::{self, Stress, Tally};

use super::super::{Speech, diagnostics, locale};
use super::threads;

/// Names what a pack does not stand, and appends the totals to `said`. Whether it stood all.
pub(super) fn run(
    pack: &Pack,
    asked: &(dyn Fn(usize) -> bool + Sync),
    said: &mut String,
    speech: Speech,
) -> Result<bool, Vec<PackError>> {
    let stress = stress::run(pack, asked, threads())?;
    for survivor in stress.survivors.iter().filter(|one| one.excused.is_none()) {
        diagnostics::survivor(pack, survivor, speech);
    }
    for unused in &stress.unused {
        diagnostics::unused_reason(pack, unused, speech);
    }
    totals(pack, &stress, said, speech);
    Ok(stress.is_ok())
}

/// A line a criterion, a column a mutation: how often it was tried, and behind a sign how many survived it.
fn totals(pack: &Pack, stress: &Stress, said: &mut String, speech: Speech) {
    const COLUMN: usize = 10;
    let criteria = &pack.info().criteria;
    let width = criteria.iter().map(|one| one.id.len()).max().unwrap_or(0);
    let mut row = |name: &str, cell: &dyn Fn(Mutation) -> String| {
        let _ = write!(said, "{name:width$}");
        for mutation in Mutation::ALL {
            let _ = write!(said, "{:>COLUMN$}", cell(mutation));
        }
        said.push('\n');
    };
    row("", &|mutation| mutation.name().to_owned());
    for (idx, criterion) in criteria.iter().enumerate() {
        let tally = |mutation| stress.tallies.get(&(idx, mutation));
        if Mutation::ALL
            .iter()
            .any(|mutation| tally(*mutation).is_some())
        {
            row(&criterion.id, &|mutation| cell(tally(mutation).copied()));
        }
    }
    let sum = |mutation: Mutation| {
        let own = stress.tallies.iter().filter(|((_, of), _)| *of == mutation);
        own.fold(Tally::default(), |sum, (_, tally)| Tally {
            tried: sum.tried + tally.tried,
            survived: sum.survived + tally.survived,
            excused: sum.excused + tally.excused,
        })
    };
    row("", &|mutation| cell(Some(sum(mutation))));
    let (mut tried, mut survived, mut excused) = (0, 0, 0);
    for tally in stress.tallies.values() {
        tried += tally.tried;
        survived += tally.survived;
        excused += tally.excused;
    }
    let id = &pack.info().id;
    let counts = [
        stress.examples,
        tried,
        survived,
        excused,
        stress.unused.len(),
    ];
    said.push_str(&locale::stressed(speech.lang(), id, counts));
    said.push('\n');
}

/// `120`, `120 !3` with three survivors, `120 (2)` with two that have a reason.
fn cell(tally: Option<Tally>) -> String {
    let Some(tally) = tally else {
        return String::new();
    };
    let mut text = tally.tried.to_string();
    if tally.survived > 0 {
        let _ = write!(text, " !{}", tally.survived);
    }
    if tally.excused > 0 {
        let _ = write!(text, " ({})", tally.excused);
    }
    text
}
