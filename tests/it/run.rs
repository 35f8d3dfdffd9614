//! The runner: order, duplicates, memory of nothing, panics.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use etalon::call::Call;
use etalon::ingest::{self, Options};
use etalon::locale::Lang;
use etalon::report::{Format, Look, Report};
use etalon::run::{self, Event, Job, Judge, Output};
use etalon::score::{PackInfo, Scorecard};

use crate::report::{card, pack};

/// Gives the sample card under another call's name; some calls take longer, one may panic.
struct Dummy<'p> {
    pack: &'p PackInfo,
    panics_at: Option<&'static str>,
}

impl Judge for Dummy<'_> {
    fn judge(
        &mut self,
        call: &Call<'_>,
        path: &str,
        line: Option<u32>,
        sink: &mut dyn FnMut(&Scorecard<'_>),
    ) {
        assert!(self.panics_at != Some(call.id.as_ref()), "asked to panic");
        if call.id.ends_with('7') {
            std::thread::sleep(Duration::from_millis(2));
        }
        let sample = crate::report::call();
        let sample = Call {
            id: call.id.clone(),
            ..sample
        };
        let card = card(&sample, self.pack);
        sink(&Scorecard {
            path,
            source_line: line,
            ..card
        });
    }
}

/// Several files: long ones that make several batches, short ones, a broken line, ids that come twice.
fn inputs() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for file in 0..6 {
        let mut text = String::new();
        let n_calls = if file % 2 == 0 { 120 } else { 1 };
        for n in 0..n_calls {
            let id = if n == 60 && file == 4 {
                "0-7".to_owned()
            } else {
                format!("{file}-{n}")
            };
            let words = "слово ".repeat(2000);
            text.push_str(&format!(
                r#"{{"id":"{id}","turns":[{{"speaker":"agent","text":"{words}"}}]}}"#
            ));
            text.push('\n');
            if n == 50 {
                text.push_str("сломано\n");
            }
        }
        std::fs::write(folder.path().join(format!("{file}.ndjson")), text).unwrap();
    }
    folder
}

struct Ran {
    files: Vec<Vec<u8>>,
    calls: u64,
    errors: u64,
    named: usize,
}

fn ran(folder: &std::path::Path, threads: usize, panics_at: Option<&'static str>) -> Ran {
    let pack = pack();
    let look = Look {
        lang: Lang::Ru,
        width: 80,
        color: false,
    };
    let found = ingest::collect([folder]);
    let options = Options::default();
    let job = Job {
        sources: &found.sources,
        options: &options,
        n_packs: 1,
        threads,
        lang: Lang::En,
        line: None,
    };
    let formats = [Format::Ndjson, Format::Json, Format::Csv, Format::Table];
    let mut files: Vec<Vec<u8>> = vec![Vec::new(); formats.len()];
    let mut outputs: Vec<Output<'_, '_>> = formats
        .iter()
        .zip(&mut files)
        .map(|(format, file)| Output::new(Report::new(*format, vec![&pack], look), Box::new(file)))
        .collect();
    let named = AtomicUsize::new(0);
    let outcome = run::run(
        &job,
        found.errors.clone(),
        &|| Dummy {
            pack: &pack,
            panics_at,
        },
        &mut outputs,
        &mut |event| {
            if matches!(event, Event::Error(_)) {
                named.fetch_add(1, Ordering::Relaxed);
            }
        },
    )
    .unwrap();
    drop(outputs);
    Ran {
        files,
        calls: outcome.summary.calls,
        errors: outcome.summary.errors,
        named: named.into_inner(),
    }
}

#[test]
fn same_bytes_on_any_number_of_threads() {
    let folder = inputs();
    let alone = ran(folder.path(), 1, None);
    assert_eq!(alone.calls, 3 * 120 + 3 - 1);
    assert_eq!(alone.errors, 3 + 1);
    assert_eq!(alone.named, 4);
    let lines = alone.files[0].iter().filter(|&&b| b == b'\n').count() as u64;
    assert_eq!(lines, alone.calls + alone.errors);
    let array: Vec<serde_json::Value> = serde_json::from_slice(&alone.files[1]).unwrap();
    assert_eq!(array.len() as u64, lines);
    let duplicate = array
        .iter()
        .find(|value| value["schema"] == "etalon/error@1" && value["call"] == "0-7");
    assert_eq!(duplicate.unwrap()["source"]["line"], 62);
    for threads in [2, 3, 8] {
        let together = ran(folder.path(), threads, None);
        assert!(together.files == alone.files, "{threads} threads");
        assert_eq!(
            (together.calls, together.errors, together.named),
            (alone.calls, alone.errors, alone.named)
        );
    }
}

#[test]
fn a_panic_is_passed_on() {
    let folder = inputs();
    for threads in [1, 2, 4] {
        let result = std::panic::catch_unwind(|| ran(folder.path(), threads, Some("2-30")));
        assert!(result.is_err(), "{threads} threads");
    }
}

#[test]
fn a_closed_pipe_leaves_the_other_outputs_alone() {
    struct Closed;
    impl std::io::Write for Closed {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let folder = inputs();
    let pack = pack();
    let found = ingest::collect([folder.path()]);
    let options = Options::default();
    let look = Look {
        lang: Lang::Ru,
        width: 80,
        color: false,
    };
    // Nobody reading is no reason to leave calls out of the totals.
    for with_file in [true, false] {
        for threads in [1, 3] {
            let job = Job {
                sources: &found.sources,
                options: &options,
                n_packs: 1,
                threads,
                lang: Lang::Ru,
                line: None,
            };
            let mut file = Vec::new();
            let report = || Report::new(Format::Ndjson, vec![&pack], look);
            let mut outputs = vec![Output::new(report(), Box::new(Closed))];
            if with_file {
                outputs.push(Output::new(report(), Box::new(&mut file)));
            }
            let judge = || Dummy {
                pack: &pack,
                panics_at: None,
            };
            let outcome = run::run(&job, Vec::new(), &judge, &mut outputs, &mut |_| {}).unwrap();
            assert!(outcome.summary.calls > 30);
            drop(outputs);
            assert_eq!(file.is_empty(), !with_file);
        }
    }
}
