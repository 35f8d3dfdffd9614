//! Whole runs over `fixtures/`: the same bytes on any number of threads, nothing lost, every line valid; a golden of verdicts.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use etalon::audit::Auditor;
use etalon::ingest::{self, Options};
use etalon::locale::Lang;
use etalon::pack::Pack;
use etalon::report::{Format, Look, Report};
use etalon::run::{self, Event, Job, Output, RunOutcome};
use etalon::score::PackInfo;
use serde_json::Value;

fn fixtures(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures")
        .join(path)
}

fn packs() -> Vec<Pack> {
    let load = |id| Pack::embedded(id).unwrap().unwrap();
    ["mts", "yumek"].map(load).into()
}

struct Ran {
    /// One a format: NDJSON, JSON, CSV, table.
    files: Vec<Vec<u8>>,
    outcome: RunOutcome,
    errors_told: u64,
}

fn audit(paths: &[PathBuf], packs: &[Pack], threads: usize) -> Ran {
    let look = Look {
        lang: Lang::Ru,
        width: 100,
        color: false,
    };
    let found = ingest::collect(paths);
    let options = Options::default();
    let job = Job {
        sources: &found.sources,
        options: &options,
        n_packs: packs.len(),
        threads,
        lang: Lang::Ru,
        line: None,
    };
    let infos: Vec<&PackInfo> = packs.iter().map(Pack::info).collect();
    let formats = [Format::Ndjson, Format::Json, Format::Csv, Format::Table];
    let mut files: Vec<Vec<u8>> = vec![Vec::new(); formats.len()];
    let mut outputs: Vec<Output<'_, '_>> = formats
        .iter()
        .zip(&mut files)
        .map(|(format, file)| {
            Output::new(Report::new(*format, infos.clone(), look), Box::new(file))
        })
        .collect();
    let mut errors_told = 0;
    let outcome = run::run(
        &job,
        found.errors.clone(),
        &|| Auditor::new(packs, Lang::Ru),
        &mut outputs,
        &mut |event| errors_told += u64::from(matches!(event, Event::Error(_))),
    )
    .unwrap();
    drop(outputs);
    Ran {
        files,
        outcome,
        errors_told,
    }
}

fn records(ndjson: &[u8]) -> Vec<Value> {
    let text = std::str::from_utf8(ndjson).unwrap();
    let record =
        |line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
    text.lines().map(record).collect()
}

#[test]
fn same_bytes_at_any_number_of_threads() {
    let packs = packs();
    let paths = [fixtures("calls"), fixtures("broken")];
    let alone = audit(&paths, &packs, 1);
    assert!(alone.files.iter().all(|file| !file.is_empty()));
    for threads in [2, 4] {
        let together = audit(&paths, &packs, threads);
        for (n, (file, expected)) in together.files.iter().zip(&alone.files).enumerate() {
            assert!(file == expected, "{threads} threads, format {n}");
        }
        assert_eq!(together.outcome.summary, alone.outcome.summary);
        assert_eq!(together.outcome.notes, alone.outcome.notes);
    }
    // What one thread has learned of words in earlier calls changes nothing: a call alone gets the same card.
    let whole = records(&alone.files[0]);
    let source = fixtures("calls/mts/one-call.json");
    let single = records(&audit(&[source], &packs, 1).files[0]);
    for card in &single {
        let same = |other: &&Value| other["call"] == card["call"] && other["pack"] == card["pack"];
        assert_eq!(whole.iter().find(same), Some(card));
    }
    assert_eq!(single.len(), 2);
}

/// `(file or folder, calls, of which unreadable)`: as `fixtures/README.md` says.
const CALLS: &[(&str, u64, u64)] = &[
    ("mts/one-call.json", 1, 0),
    ("mts/2026-10-week1.json", 6, 0),
    ("mts/2026-10-week2.ndjson", 9, 0),
    ("mts/2026-10-week3.ndjson", 8, 0),
    ("mts/2026-10-week4.ndjson", 4, 0),
    ("mts/dialogs", 8, 0),
    ("mts/export-sales.csv", 6, 0),
    ("mts/export-1251.csv", 4, 0),
    ("mts/export-times.tsv", 4, 0),
    ("mts/damaged.ndjson", 5, 1),
    ("yumek/2026-10-dogovornoy.json", 5, 0),
    ("yumek/2026-10-kontakt.ndjson", 8, 0),
    ("yumek/dialogs", 6, 0),
    ("yumek/2026-10-obzvon.csv", 3, 0),
];

fn by_schema<'r>(records: &'r [Value], schema: &str) -> Vec<&'r Value> {
    records
        .iter()
        .filter(|record| record["schema"] == schema)
        .collect()
}

#[test]
fn scorecards_and_errors_are_the_calls_read() {
    let packs = packs();
    let mut all = 0;
    for (path, calls, unreadable) in CALLS {
        let ran = audit(&[fixtures("calls").join(path)], &packs, 2);
        let records = records(&ran.files[0]);
        let (cards, errors) = (
            by_schema(&records, "etalon/scorecard@1"),
            by_schema(&records, "etalon/error@1"),
        );
        assert_eq!(cards.len() as u64, (calls - unreadable) * 2, "{path}");
        assert_eq!(errors.len() as u64, *unreadable, "{path}");
        assert_eq!(ran.outcome.summary.calls, calls - unreadable, "{path}");
        assert_eq!(ran.outcome.summary.errors, *unreadable, "{path}");
        assert_eq!(ran.errors_told, *unreadable, "{path}");
        all += calls;
    }
    // No file of the folder is missing above, and no id stands in two of them.
    let ran = audit(&[fixtures("calls")], &packs, 2);
    assert_eq!(ran.outcome.summary.calls + ran.outcome.summary.errors, all);
    assert_eq!(ran.outcome.summary.errors, 1);
}

#[test]
fn of_spoilt_files_nothing_is_lost_either() {
    let packs = packs();
    let folder = fixtures("broken");
    let ran = audit(std::slice::from_ref(&folder), &packs, 2);
    let records = records(&ran.files[0]);
    let cards = by_schema(&records, "etalon/scorecard@1").len() as u64;
    let errors = by_schema(&records, "etalon/error@1").len() as u64;
    assert_eq!(cards + errors, records.len() as u64);
    let summary = &ran.outcome.summary;
    assert_eq!((cards, errors), (summary.calls * 2, summary.errors));
    assert_eq!(ran.errors_told, errors);
    // The golden of the readers names each record of each file; here the ids that come twice are errors as well.
    let golden = std::fs::read_to_string(folder.join("expected.golden")).unwrap();
    let found = ingest::collect([&folder]);
    let read: Vec<&str> = found
        .sources
        .iter()
        .map(|source| source.path.rsplit('/').next().unwrap())
        .collect();
    let mut expected = 0;
    let mut in_read = false;
    for line in golden.lines() {
        match line.strip_prefix("# ") {
            Some(file) => in_read = read.contains(&file),
            None => expected += u64::from(in_read),
        }
    }
    assert_eq!(summary.calls + errors, expected);
    // Every file that was read has a record, and every error says something of a place.
    for source in &found.sources {
        let named = |record: &&Value| record["source"]["path"] == source.path;
        assert!(
            records.iter().any(|record| named(&record)),
            "{}",
            source.path
        );
    }
    for error in by_schema(&records, "etalon/error@1") {
        assert!(
            error["error"].as_str().is_some_and(|text| !text.is_empty()),
            "{error}"
        );
    }
}

#[test]
fn scorecards_are_valid_and_true_to_the_words() {
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/scorecard.schema.json");
    let schema = serde_json::from_str(&std::fs::read_to_string(schema).unwrap()).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let packs = packs();
    let ran = audit(&[fixtures("calls"), fixtures("broken")], &packs, 2);
    let mut faults = String::new();
    for record in records(&ran.files[0]) {
        let call = record["call"].to_string();
        for error in schema.iter_errors(&record) {
            writeln!(faults, "{call}: {error} at {}", error.instance_path()).unwrap();
        }
        if record["schema"] != "etalon/scorecard@1" {
            continue;
        }
        let pack = packs
            .iter()
            .find(|pack| record["pack"] == pack.info().id.as_str())
            .unwrap();
        let criteria = record["criteria"].as_array().unwrap();
        let ids: Vec<&str> = criteria
            .iter()
            .map(|criterion| criterion["id"].as_str().unwrap())
            .collect();
        let wanted: Vec<&str> = pack
            .info()
            .criteria
            .iter()
            .map(|info| info.id.as_str())
            .collect();
        assert_eq!(ids, wanted, "{call}: every criterion in the pack's order");
        let points = |verdicts: &[&str]| -> u64 {
            let of = criteria
                .iter()
                .filter(|criterion| verdicts.contains(&criterion["verdict"].as_str().unwrap()));
            of.map(|criterion| criterion["weight"].as_u64().unwrap())
                .sum()
        };
        assert_eq!(record["earned"], points(&["pass"]), "{call}");
        assert_eq!(record["possible"], points(&["pass", "fail"]), "{call}");
        for criterion in criteria {
            let id = &criterion["id"];
            let verdict = criterion["verdict"].as_str().unwrap();
            let reason = criterion["reason"].as_str().unwrap_or("");
            // What is kept may have something to tell too: a measure, a promised time and the real one.
            if verdict != "pass" && reason.is_empty() {
                writeln!(faults, "{call} {id}: {verdict}, reason {reason:?}").unwrap();
            }
            for evidence in criterion["evidence"].as_array().into_iter().flatten() {
                let (from, to) = (evidence["from"].as_u64(), evidence["to"].as_u64());
                let Some(text) = evidence["text"].as_str() else {
                    continue;
                };
                if from
                    .zip(to)
                    .is_some_and(|(from, to)| to - from != text.chars().count() as u64)
                {
                    writeln!(faults, "{call} {id}: {evidence}").unwrap();
                }
            }
        }
    }
    assert!(faults.is_empty(), "\n{faults}");
}

#[test]
fn a_pipe_gives_a_line_for_a_line() {
    let mut input = String::new();
    let mut expected = Vec::new();
    for file in [
        "calls/mts/2026-10-week2.ndjson",
        "calls/mts/damaged.ndjson",
        "calls/mts/2026-10-week3.ndjson",
    ] {
        for line in std::fs::read_to_string(fixtures(file)).unwrap().lines() {
            input.push_str(line);
            input.push('\n');
            let call: Option<Value> = serde_json::from_str(line).ok();
            expected.push(call.map_or(Value::Null, |call| call["id"].clone()));
        }
        input.push_str("не JSON\n");
        expected.push(Value::Null);
    }
    for pack in ["mts", "yumek"] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_etalon"))
            .args(["pipe", "-p", pack])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let text = input.clone();
        let writer = std::thread::spawn(move || stdin.write_all(text.as_bytes()).unwrap());
        let output = child.wait_with_output().unwrap();
        writer.join().unwrap();
        assert_eq!(output.status.code(), Some(3));
        let records = records(&output.stdout);
        assert_eq!(records.len(), expected.len());
        for (n, (record, call)) in records.iter().zip(&expected).enumerate() {
            assert_eq!(record["source"]["line"], n + 1);
            if call.is_null() {
                assert_eq!(record["schema"], "etalon/error@1", "line {}", n + 1);
            } else {
                assert_eq!(
                    (&record["call"], record["pack"].as_str()),
                    (call, Some(pack))
                );
            }
        }
    }
}

/// `(file, pack)`: one call of each, its verdicts with their words. A change here is a change of what people are judged by.
const GOLDEN: &[(&str, &str)] = &[
    ("mts/one-call.json", "mts"),
    ("mts/dialogs/2026-10-16-zhaloba.txt", "mts"),
    ("mts/2026-10-week2.ndjson", "mts"),
    ("yumek/dialogs/2026-10-16-perezvon.txt", "yumek"),
    ("yumek/dialogs/2026-10-21-perevod.txt", "yumek"),
];

/// Rewritten by `INSTA_UPDATE=always cargo test --test it runs::verdicts`; read it before you commit.
#[test]
fn verdicts_of_five_calls() {
    let mut text = String::new();
    for (path, pack) in GOLDEN {
        let packs = [Pack::embedded(pack).unwrap().unwrap()];
        let ran = audit(&[fixtures("calls").join(path)], &packs, 1);
        let cards = records(&ran.files[0]);
        let card = &cards[0];
        writeln!(
            text,
            "# {path}: {} {} of {}",
            card["call"], card["earned"], card["possible"]
        )
        .unwrap();
        for criterion in card["criteria"].as_array().unwrap() {
            let verdict = criterion["verdict"].as_str().unwrap();
            write!(text, "{verdict:7} {}", criterion["id"].as_str().unwrap()).unwrap();
            for (n, evidence) in criterion["evidence"]
                .as_array()
                .into_iter()
                .flatten()
                .enumerate()
            {
                let separator = if n == 0 { ": " } else { " | " };
                let turn = evidence["turn"]
                    .as_u64()
                    .map_or("-".to_owned(), |turn| turn.to_string());
                let what = match (
                    evidence["text"].as_str(),
                    evidence["start"].as_f64(),
                    evidence["end"].as_f64(),
                ) {
                    (Some(words), ..) => words.to_owned(),
                    (None, Some(start), Some(end)) => format!("{start}-{end} s"),
                    _ => String::new(),
                };
                write!(text, "{separator}{turn} {what}").unwrap();
            }
            text.push('\n');
        }
    }
    insta::assert_snapshot!("verdicts", text);
}

/// What the sample calls are told, word for word: the near miss, the place, the measure.
#[test]
fn verdicts_explain_themselves() {
    #[rustfmt::skip]
    let rows = [
        ("m-2026-10-01-002", "hold.time", "перед удержанием не названо время ожидания: сказано «подождите секундочку», срок не назван, ждать пришлось 19 с"),
        ("m-2026-10-01-002", "hold.purpose", "перед удержанием не сказано, зачем ждать: сказано «подождите секундочку», а для чего — нет"),
        ("m-2026-10-01-002", "hold.consent", "перед удержанием не спрошено согласие клиента: сказано «подождите секундочку», но это просьба, а не вопрос"),
        ("m-2026-10-02-004", "hold.time", "сказано «Это займёт до двух минут», ждать пришлось 1 мин 36 с"),
        ("m-2026-10-08-013", "hold.thanks", "после удержания не сказано спасибо за ожидание: удержание в 00:29: оператор вернулся со словами «Формирование справки займёт ещё некоторое время, примерно минуту…»"),
        ("m-2026-10-08-013", "hold.time", "сказано «Это займёт около минуты», ждать пришлось 1 мин 4 с; сказано «займёт ещё некоторое время, примерно минуту», ждать пришлось 58 с"),
        ("m-2026-10-05-007", "hold.thanks", "после удержания не сказано спасибо за ожидание: оператор вернулся со словами «Есть на Путейской, дом пять, три минуты пешком от вокзала»"),
        ("m-2026-10-03-006", "greeting.hello", "в начале разговора не сказано «Здравствуйте»: вместо него «добрый день»"),
        ("m-2026-10-01-002", "greeting.offer_help", "в начале разговора нет предложения помощи («Чем я могу Вам помочь?»): вместо него «слушаю вас»"),
        ("m-2026-10-03-006", "silence.prompt", "клиент молчит, а ему не сказано, что его не слышно, и не предложено говорить: сказано «алло», а что клиента не слышно — нет"),
        ("m-2026-10-03-006", "hold.silence", "пауза дольше 10 секунд без удержания: 13 с (с 00:18), допустимо 10 с"),
        ("m-2026-10-07-011", "hold.duration", "удержание длилось дольше положенного: 3 мин 15 с (с 00:20), допустимо 3 мин"),
        ("m-2026-10-07-010", "farewell.order", "спасибо за звонок, пожелание и прощание прозвучали не в том порядке: «всего доброго» прозвучало раньше, чем «спасибо, что обратились»"),
        ("m-2026-10-01-002", "farewell.wish", "на прощание не прозвучало доброго пожелания: «всего доброго» здесь само прощание, а доброго слова при нём нет"),
        ("m-2026-10-12-017", "farewell.thanks", "на прощание не сказано спасибо за звонок: сказано «спасибо вам», но не за звонок"),
        ("m-2026-10-06-009", "name.ask", "оператор не спросил, как обращаться к клиенту: на первые слова клиента оператор ответил «ну и что вы хотите»"),
        ("m-2026-10-16-026", "name.use", "к клиенту обратились по имени меньше двух раз: ни разу; клиент назвался «Павел Андреевич»"),
        ("m-2026-10-16-026", "name.label", "обращение ярлыком вместо имени: «Клиент», клиент назвался «Павел Андреевич»"),
        ("m-2026-10-06-009", "literacy.arrive", "о сообщении сказано «пришло» вместо «поступило»: «придет смс»"),
        ("d-2", "farewell.goodbye", "нет ни «до свидания», ни «всего доброго»: попрощался только клиент: «до свидания»"),
        ("d-2", "greeting.introduction", "оператор не назвал своё имя: оператор начал словами «алло здравствуйте мтс»"),
        ("y-2026-10-02-002", "outbound.reschedule", "клиент не мог говорить, а оператор не спросил, когда перезвонить, и не оставил номера: клиент: «я сейчас в больнице», оператор в ответ: «там быстро надо приехать и подписать»"),
        ("y-2026-10-02-002", "outbound.can_talk", "оператор перешёл к делу, не спросив, удобно ли клиенту говорить: оператор начал словами «здравствуйте яна беспокоит по договору», а продолжил «у вас дом на лесной срок договора вышел»"),
        ("y-2026-10-06-005", "transfer.reaction", "после предупреждения о переводе оператор не дождался ответа клиента: сказано «мне это в сбыт перевожу», и клиент не успел ответить"),
        ("y-2026-10-06-005", "answer.wait", "клиент ждал соединения дольше 20 секунд: по данным о звонке 34, допустимо 20"),
        ("y-2026-10-06-005", "farewell.goodbye", "в конце разговора не сказано «до свидания»: вместо этого «всего доброго»"),
        ("y-2026-10-16-015", "callback.interval", "обещано перезвонить, но срок не назван: «попозже» — это не срок"),
        ("y-2026-10-08-008", "farewell.thanks", "в конце входящего звонка не сказано спасибо за звонок: последние слова оператора: «на здоровье»"),
    ];
    let records = records(&audit(&[fixtures("calls")], &packs(), 1).files[0]);
    let mut faults = String::new();
    for (call, id, expected) in rows {
        let pack = if call.starts_with("y-") {
            "yumek"
        } else {
            "mts"
        };
        let card = records
            .iter()
            .find(|card| card["call"] == call && card["pack"] == pack)
            .unwrap_or_else(|| panic!("no card of {call}"));
        let criteria = card["criteria"].as_array().unwrap();
        let criterion = criteria.iter().find(|criterion| criterion["id"] == id);
        let reason = criterion.and_then(|criterion| criterion["reason"].as_str());
        if reason != Some(expected) {
            writeln!(faults, "{call} {id}:\n    {reason:?}\n    {expected}").unwrap();
        }
    }
    assert!(faults.is_empty(), "\n{faults}");
}
