//! The labelled calls of `fixtures/eval/`: as many verdicts as were right stay right. A change that falls below has spoilt something,
//! or has met a call that was right by chance: then the call becomes an example, and the figure is looked at again.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;

use etalon::audit::Auditor;
use etalon::ingest::{self, Options, Parsed, Source};
use etalon::locale::Lang;
use etalon::pack::Pack;
use serde::Deserialize;

/// How one call was labelled: the criteria by verdict. A criterion that is named nowhere was not looked at.
#[derive(Deserialize)]
struct Label {
    id: String,
    pass: Vec<String>,
    fail: Vec<String>,
    na: Vec<String>,
    unknown: Vec<String>,
}

/// Of all verdicts, of the faults told, of the faults there are: at least so many of a hundred are right.
struct Least {
    agreement: f64,
    precision: f64,
    recall: f64,
}

#[rustfmt::skip]
const SETS: [(&str, &str, Least); 4] = [
    ("mts", "mts", Least { agreement: 99.2, precision: 99.0, recall: 95.7 }),
    ("yumek", "yumek", Least { agreement: 99.0, precision: 98.8, recall: 96.4 }),
    ("mts", "scenes-mts", Least { agreement: 94.8, precision: 95.6, recall: 91.8 }),
    ("yumek", "scenes-yumek", Least { agreement: 97.2, precision: 99.1, recall: 92.9 }),
];

#[test]
fn as_many_verdicts_as_ever_are_right() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (pack, set, least) in SETS {
        let pack = Pack::from_dir(&root.join("rules").join(pack)).expect("the pack loads");
        let file = |kind: &str| root.join(format!("fixtures/eval/{set}.{kind}.ndjson"));
        let labels = std::fs::read_to_string(file("labels")).expect("the labels can be read");
        let labels: BTreeMap<String, Label> = labels
            .lines()
            .map(|line| serde_json::from_str::<Label>(line).expect("a label is JSON"))
            .map(|label| (label.id.clone(), label))
            .collect();
        let (mut all, mut right, mut told, mut faults, mut found) = (0, 0, 0, 0, 0);
        let mut auditor = Auditor::new(std::slice::from_ref(&pack), Lang::Ru);
        let mut thorough = Auditor::thorough(std::slice::from_ref(&pack), Lang::Ru);
        let options = Options::default();
        let source = Source::new(file("calls"));
        let read = ingest::read(&source, &options, &mut |batch| {
            for record in batch.expect("the file can be read").records() {
                let Parsed::Call(call, _) = record.parse(&options) else {
                    panic!("a call of {set} cannot be read");
                };
                let label = &labels[&*call.id];
                let mut own = String::new();
                auditor.audit(&call, "", None, &mut |card| {
                    own = format!("{card:?}");
                    for (criterion, judgement) in pack.info().criteria.iter().zip(&card.judgements)
                    {
                        let by_verdict = [
                            ("pass", &label.pass),
                            ("fail", &label.fail),
                            ("na", &label.na),
                            ("unknown", &label.unknown),
                        ];
                        let labelled = by_verdict
                            .iter()
                            .find(|(_, criteria)| criteria.contains(&criterion.id));
                        let Some((labelled, _)) = labelled else {
                            continue;
                        };
                        let verdict = judgement.verdict.name();
                        let is_right = verdict == *labelled;
                        all += 1;
                        right += usize::from(is_right);
                        told += usize::from(verdict == "fail");
                        faults += usize::from(*labelled == "fail");
                        found += usize::from(is_right && verdict == "fail");
                    }
                });
                thorough.audit(&call, "", None, &mut |card| {
                    assert!(
                        own == format!("{card:?}"),
                        "{}: looked for beside holds only",
                        call.id
                    );
                });
            }
            ControlFlow::Continue(())
        });
        assert!(read.is_continue());
        let percent = |part: usize, whole: usize| 100.0 * part as f64 / whole as f64;
        let figures = [
            ("agreement", percent(right, all), least.agreement),
            ("precision", percent(found, told), least.precision),
            ("recall", percent(found, faults), least.recall),
        ];
        for (name, figure, least) in figures {
            assert!(
                figure >= least,
                "{set}: {name} {figure:.2}, at least {least}"
            );
        }
    }
}
