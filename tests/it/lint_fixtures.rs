//! `fixtures/scripts`: what the linter finds against what was marked by hand.
//!
//! Every difference stands in `fixtures/scripts/differences.ndjson`, so that none comes or goes without a word. It is written
//! anew by `UPDATE_GOLDEN=1 cargo test --test it lint_fixtures` and read before commit.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use etalon::locale::Lang;
use etalon::pack::Pack;
use etalon::script::{Linter, Options, Script};
use serde::{Deserialize, Serialize};

const PRECISION_MIN: f64 = 0.97;
const RECALL_MIN: f64 = 0.94;

#[derive(Deserialize)]
struct Labelled {
    file: String,
    pack: String,
    line: String,
    direction: String,
    findings: Vec<Label>,
}

#[derive(Deserialize)]
struct Label {
    line: u32,
    criterion: String,
    text: String,
}

#[derive(Deserialize)]
struct Columns {
    file: String,
    findings: Vec<Column>,
}

#[derive(Deserialize)]
struct Column {
    line: u32,
    column: u32,
    criterion: String,
}

/// What is `wrong` is found and not marked, what is `missed` is marked and not found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Difference {
    file: String,
    line: u32,
    criterion: String,
    is: String,
    text: String,
}

fn path(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/scripts");
    folder.join(name)
}

fn read<T: for<'t> Deserialize<'t>>(name: &str) -> Vec<T> {
    let text = fs::read_to_string(path(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    let lines = text.lines().enumerate();
    lines
        .map(|(n, line)| {
            serde_json::from_str(line).unwrap_or_else(|error| panic!("{name}:{}: {error}", n + 1))
        })
        .collect()
}

/// What is found in a file: line, column, criterion, words.
type Found = Vec<(u32, u32, String, String)>;

fn lint(labelled: &Labelled, linter: &mut Linter<'_>) -> Found {
    let bytes = fs::read(path("files").join(&labelled.file)).unwrap();
    let script = Script::read(&labelled.file, &bytes)
        .unwrap_or_else(|problem| panic!("{}: {problem:?}", labelled.file));
    let direction = match labelled.direction.as_str() {
        "" => None,
        "inbound" => Some(etalon::call::Direction::Inbound),
        "outbound" => Some(etalon::call::Direction::Outbound),
        other => panic!("{}: {other}", labelled.file),
    };
    let options = Options {
        line: Some(labelled.line.clone()).filter(|line| !line.is_empty()),
        direction,
        lang: Lang::Ru,
        ..Options::default()
    };
    let found = linter.lint(&script, &options).diagnostics.into_iter();
    found
        .map(|one| (one.line, one.column, one.criterion, one.text))
        .collect()
}

#[test]
fn findings_are_those_that_were_marked() {
    let labels: Vec<Labelled> = read("labels.ndjson");
    let columns: Vec<Columns> = read("columns.ndjson");
    let n_files = fs::read_dir(path("files")).unwrap().count();
    assert_eq!(labels.len(), n_files, "each file is marked once");
    let mut ids: Vec<&str> = labels.iter().map(|one| one.pack.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    let packs: BTreeMap<&str, Pack> = ids
        .into_iter()
        .map(|id| (id, Pack::embedded(id).unwrap().unwrap()))
        .collect();
    let mut linters: BTreeMap<&str, Linter<'_>> = packs
        .iter()
        .map(|(id, pack)| (*id, Linter::new(pack)))
        .collect();

    let (mut n_right, mut n_found, mut n_marked) = (0, 0, 0);
    let mut differences = Vec::new();
    for labelled in &labels {
        let found = lint(labelled, linters.get_mut(labelled.pack.as_str()).unwrap());
        (n_found, n_marked) = (n_found + found.len(), n_marked + labelled.findings.len());
        let difference = |line, criterion: &str, is: &str, text: &str| Difference {
            file: labelled.file.clone(),
            line,
            criterion: criterion.to_owned(),
            is: is.to_owned(),
            text: text.to_owned(),
        };
        let mut marked: Vec<Option<&Label>> = labelled.findings.iter().map(Some).collect();
        for (line, _, criterion, words) in &found {
            let same = |label: &&mut Option<&Label>| {
                label.is_some_and(|label| (label.line, &label.criterion) == (*line, criterion))
            };
            match marked.iter_mut().find(same) {
                Some(label) => {
                    n_right += 1;
                    *label = None;
                }
                None => differences.push(difference(*line, criterion, "wrong", words)),
            }
        }
        for label in marked.into_iter().flatten() {
            differences.push(difference(
                label.line,
                &label.criterion,
                "missed",
                &label.text,
            ));
        }
        // A finding on a marked line has a marked column, where the line has any.
        let marked = |line: u32, criterion: &str| -> Vec<u32> {
            let own = columns.iter().filter(|one| one.file == labelled.file);
            let own = own.flat_map(|one| &one.findings);
            let own = own.filter(|one| (one.line, one.criterion.as_str()) == (line, criterion));
            own.map(|one| one.column).collect()
        };
        for (line, column, criterion, words) in &found {
            let marked = marked(*line, criterion);
            if !words.is_empty() && !marked.is_empty() && !marked.contains(column) {
                differences.push(difference(*line, criterion, &format!("at {column}"), words));
            }
        }
    }
    differences.sort();
    let (precision, recall) = (
        f64::from(n_right) / n_found as f64,
        f64::from(n_right) / n_marked as f64,
    );
    let told = format!(
        "precision {precision:.3}, recall {recall:.3}: {n_right} right, {n_found} found, {n_marked} marked"
    );
    assert!(precision >= PRECISION_MIN, "{told}");
    assert!(recall >= RECALL_MIN, "{told}");

    let known = "differences.ndjson";
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        let lines = differences
            .iter()
            .map(|one| serde_json::to_string(one).unwrap() + "\n");
        fs::write(path(known), lines.collect::<String>()).unwrap();
        return;
    }
    let known: Vec<Difference> = read(known);
    let new: Vec<_> = differences
        .iter()
        .filter(|one| !known.contains(one))
        .collect();
    let gone: Vec<_> = known
        .iter()
        .filter(|one| !differences.contains(one))
        .collect();
    assert!(
        new.is_empty() && gone.is_empty(),
        "new differences: {new:#?}\nthat are none any more: {gone:#?}\nUPDATE_GOLDEN=1 writes the list anew"
    );
}
