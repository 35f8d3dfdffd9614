//! `etalon rules test`: a pack proves itself.

use etalon::examples::{self, ExampleResult};
use etalon::pack::Pack;
use etalon::score::CriterionInfo;

use super::super::{Speech, Status, diagnostics, locale, print};
use super::{ensure_known, stress};

pub(super) fn run(
    ids: &[String],
    stressed: bool,
    packs: &[Pack],
    speech: Speech,
) -> anyhow::Result<Status> {
    for id in ids {
        ensure_known(id, packs, speech.lang())?;
    }
    let lang = speech.lang();
    let mut failed = false;
    let mut usable = true;
    let mut said = String::new();
    for pack in packs {
        let results = match examples::run(pack) {
            Ok(results) => results,
            Err(errors) => {
                diagnostics::pack_errors(&errors, None, speech);
                usable = false;
                continue;
            }
        };
        let criteria = &pack.info().criteria;
        let asked = |result: &&ExampleResult| {
            ids.is_empty() || ids.contains(&criteria[result.criterion].id)
        };
        let results: Vec<&ExampleResult> = results.iter().filter(asked).collect();
        let wrong: Vec<&&ExampleResult> = results.iter().filter(|r| !r.is_ok()).collect();
        for result in &wrong {
            let id = &criteria[result.criterion].id;
            diagnostics::wrong_example(id, result, speech);
        }
        failed |= !wrong.is_empty();
        let has_none = |(number, criterion): &(usize, &CriterionInfo)| {
            let is_asked = ids.is_empty() || ids.contains(&criterion.id);
            is_asked && results.iter().all(|result| result.criterion != *number)
        };
        let bare = criteria.iter().enumerate().filter(has_none);
        let bare: Vec<&str> = bare.map(|(_, criterion)| criterion.id.as_str()).collect();
        if !bare.is_empty() {
            diagnostics::note(&locale::untested(lang, &pack.info().id, &bare), lang);
            // Who asks for a criterion by its name wants to know that it holds.
            failed |= !ids.is_empty();
        }
        if ids.is_empty() || !results.is_empty() {
            let criteria = results.iter().map(|result| result.criterion);
            let n_criteria = criteria.collect::<std::collections::BTreeSet<_>>().len();
            let id = &pack.info().id;
            said += &locale::tested(lang, id, n_criteria, results.len(), wrong.len());
            said.push('\n');
        }
        if stressed {
            let asked = |criterion: usize| ids.is_empty() || ids.contains(&criteria[criterion].id);
            match stress::run(pack, &asked, &mut said, speech) {
                Ok(held) => failed |= !held,
                Err(errors) => {
                    diagnostics::pack_errors(&errors, None, speech);
                    usable = false;
                }
            }
        }
    }
    print(said.as_bytes())?;
    if !usable {
        return Ok(Status::CouldNotRun);
    }
    Ok(Status::of(failed, 0))
}
