//! Diagnostics as machines read them: goldens, schemas, places counted by another program.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use etalon::locale::Lang;
use etalon::score::{CriterionInfo, CriterionJson, PackInfo};
use etalon::script::report::{Format, LintedFile, Report, Trouble};
use etalon::script::{Diagnostic, Edit, Fix, Script, Severity};
use serde_json::{Value, json};

const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data");

/// A finding on the nth place of some words; words that stand nowhere are missing at the beginning.
fn finding(script: &Script, words: &str, nth: usize, criterion: &str) -> Diagnostic {
    let at = script
        .text
        .match_indices(words)
        .nth(nth)
        .filter(|_| !words.is_empty());
    let span = at.map_or(0..0, |(at, words)| at..at + words.len());
    let (line, column) = script.place(span.start);
    let (end_line, end_column) = script.place(span.end);
    Diagnostic {
        file: script.path.clone(),
        line,
        column,
        end_line,
        end_column,
        text: words.split_whitespace().collect::<Vec<_>>().join(" "),
        span,
        criterion: criterion.to_owned(),
        pack: "mts".to_owned(),
        severity: Severity::Error,
        message: "так не говорят: 100%".to_owned(),
        clause: "Стандарт, пункт 1".to_owned(),
        suggest: None,
        fix: None,
        edit: None,
        path: Vec::new(),
    }
}

fn info() -> PackInfo {
    let criterion = |id: &str, clause: &str, advice: &str| CriterionInfo {
        id: id.to_owned(),
        json: CriterionJson::of(id, 1),
        title: format!("Требование {id}"),
        clause: clause.to_owned(),
        advice: advice.to_owned(),
        weight: 1,
        critical: false,
    };
    PackInfo {
        id: "mts".to_owned(),
        title: "Стандарт".to_owned(),
        version: "1".to_owned(),
        sections: Vec::new(),
        criteria: vec![
            criterion("a.unused", "", ""),
            criterion("a.word", "Стандарт, пункт 1", "Скажите иначе"),
            criterion("a.part", "Стандарт, пункт 2", ""),
        ],
    }
}

fn read(path: &str, text: &str) -> Script {
    Script::read(path, text.as_bytes())
        .unwrap_or_else(|problem| panic!("{}", problem.message(Lang::En)))
}

fn report(format: Format, files: &[LintedFile<'_>]) -> String {
    let mut out = Vec::new();
    let mut report = Report::new(format, Some("/дом/repo"), Lang::Ru);
    for file in files {
        report.file(file, &mut out);
    }
    report.end(&[&info()], &mut out);
    String::from_utf8(out).unwrap()
}

const ALL: [Format; 7] = [
    Format::Json,
    Format::Ndjson,
    Format::Sarif,
    Format::Github,
    Format::Gitlab,
    Format::Junit,
    Format::Rdjson,
];

const TEMPLATE: &str = "# Пауза 😀\n\n😀 «Вернём» <b>деньги</b> & ихний\nзапрос, деньги\n";

/// Every format on one run: a finding with a fix, one again, one over two lines, one missing on a path, a clean file, one that cannot
/// be read, one outside.
fn sample(format: Format) -> String {
    let script = read("./скрипты/пауза,50%.md", TEMPLATE);
    let mut first = finding(&script, "деньги", 0, "a.word");
    (first.suggest, first.fix) = (Some("денежные средства".to_owned()), Some(Fix::Safe));
    first.edit = Some(Edit {
        span: first.span.clone(),
        text: "денежные средства".to_owned(),
    });
    let mut second = finding(&script, "деньги", 1, "a.word");
    second.suggest = Some("средства <&\"'>".to_owned());
    let mut wide = finding(&script, "ихний\nзапрос", 0, "a.word");
    wide.message = "две\r\nстроки\u{1b}[31m ::error::\u{fffe}".to_owned();
    let mut missing = finding(&script, "", 0, "a.part");
    missing.severity = Severity::Warning;
    missing.path = vec!["если «да»".to_owned(), "иначе".to_owned()];
    let diagnostics = [missing, first, wide, second];
    let note = Trouble {
        code: "script/code-skipped",
        line: 2,
        column: 1,
        fatal: false,
        message: "блоки кода не читаются".to_owned(),
        help: String::new(),
    };
    let fatal = Trouble {
        code: "script/broken-file",
        line: 0,
        column: 0,
        fatal: true,
        message: "файл повреждён, 50%".to_owned(),
        help: "сохраните заново".to_owned(),
    };
    let outside = read("/tmp/вне дома.txt", "деньги\n");
    let outside_found = [finding(&outside, "деньги", 0, "a.word")];
    let clean = read("ok.md", "# Ок\n");
    let file = |path, script, diagnostics, troubles| LintedFile {
        path,
        script,
        diagnostics,
        troubles,
    };
    report(
        format,
        &[
            file("/tmp/вне дома.txt", Some(&outside), &outside_found, &[]),
            file("/дом/repo/bad.docx", None, &[], &[fatal]),
            file("ok.md", Some(&clean), &[], &[]),
            file(
                "./скрипты/пауза,50%.md",
                Some(&script),
                &diagnostics,
                &[note],
            ),
        ],
    )
}

#[test]
fn goldens() {
    for format in ALL {
        let text =
            sample(format).replace(&format!("\"{}\"", env!("CARGO_PKG_VERSION")), "\"VERSION\"");
        insta::assert_snapshot!(format!("lint_{format:?}").to_lowercase(), text);
    }
}

fn sarif_schema() -> jsonschema::Validator {
    let text = std::fs::read_to_string(format!("{DATA}/sarif-2.1.0.schema.json")).unwrap();
    jsonschema::validator_for(&serde_json::from_str(&text).unwrap()).unwrap()
}

fn assert_sarif(text: &str) {
    let log: Value = serde_json::from_str(text).unwrap();
    let faults: Vec<String> = sarif_schema()
        .iter_errors(&log)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    for run in log["runs"].as_array().unwrap() {
        let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
        for result in run["results"].as_array().unwrap() {
            let rule = &rules[result["ruleIndex"].as_u64().unwrap() as usize];
            assert_eq!(rule["id"], result["ruleId"]);
            let place = &result["locations"][0]["physicalLocation"]["artifactLocation"];
            let artifact = &run["artifacts"][place["index"].as_u64().unwrap() as usize];
            assert_eq!(artifact["location"]["uri"], place["uri"]);
        }
    }
}

#[test]
fn sarif_is_what_its_schema_says() {
    assert_sarif(&sample(Format::Sarif));
    assert_sarif(&report(Format::Sarif, &[]));
    let broken = json!({"version": "2.1.0", "runs": [{"results": []}]});
    assert!(!sarif_schema().is_valid(&broken), "the schema sees faults");
}

#[test]
fn nothing_to_say_is_a_whole_report_too() {
    for (format, expected) in [
        (Format::Json, "[]\n"),
        (Format::Ndjson, ""),
        (Format::Github, ""),
        (Format::Gitlab, "[]\n"),
    ] {
        assert_eq!(report(format, &[]), expected, "{format:?}");
    }
    let rdjson: Value = serde_json::from_str(&report(Format::Rdjson, &[])).unwrap();
    assert_eq!(
        rdjson,
        json!({"source": {"name": "etalon"}, "diagnostics": []})
    );
    assert!(report(Format::Junit, &[]).contains("tests=\"0\""));
}

/// The fingerprints of every finding, by format.
fn fingerprints(text: &str, of: &[(&str, usize)]) -> [Vec<String>; 2] {
    let script = read("a.md", text);
    let diagnostics: Vec<_> = of
        .iter()
        .map(|(words, nth)| finding(&script, words, *nth, "a.word"))
        .collect();
    let file = LintedFile {
        path: "a.md",
        script: Some(&script),
        diagnostics: &diagnostics,
        troubles: &[],
    };
    let sarif: Value = serde_json::from_str(&report(Format::Sarif, &[file])).unwrap();
    let gitlab: Value = serde_json::from_str(&report(Format::Gitlab, &[file])).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    [
        results
            .iter()
            .map(|one| text(&one["partialFingerprints"]["etalonFinding/v1"]))
            .collect(),
        gitlab
            .as_array()
            .unwrap()
            .iter()
            .map(|one| text(&one["fingerprint"]))
            .collect(),
    ]
}

#[test]
fn fingerprints_do_not_know_lines() {
    let before = fingerprints("деньги и деньги\n", &[("деньги", 0), ("деньги", 1)]);
    let moved = fingerprints(
        "# Новое\n\nДеньги\nа потом 😀 деньги\n",
        &[("Деньги", 0), ("деньги", 0)],
    );
    assert_eq!(before, moved);
    for prints in &before {
        assert_ne!(prints[0], prints[1], "two places are two findings");
    }
    let other = fingerprints("ихний\n", &[("ихний", 0)]);
    assert_ne!(before[0][0], other[0][0]);
    // The same in every version and on every machine: baselines rest on it.
    assert_eq!(before[0][0].len(), 32);
    insta::assert_snapshot!("lint_fingerprint", before[0][0]);
}

#[test]
fn github_shows_ten_of_each_and_says_how_many_more() {
    let script = read("a.md", &"деньги\n".repeat(13));
    let mut diagnostics: Vec<_> = (0..13)
        .map(|nth| finding(&script, "деньги", nth, "a.word"))
        .collect();
    for diagnostic in &mut diagnostics[..11] {
        diagnostic.severity = Severity::Warning;
    }
    let file = |diagnostics| LintedFile {
        path: "a.md",
        script: Some(&script),
        diagnostics,
        troubles: &[],
    };
    // The limit is of the step, not of a file.
    let text = report(
        Format::Github,
        &[file(&diagnostics[..6]), file(&diagnostics[6..])],
    );
    let count = |begin: &str| text.lines().filter(|line| line.starts_with(begin)).count();
    assert_eq!(
        (count("::error "), count("::warning "), count("::notice ")),
        (2, 10, 1),
        "{text}"
    );
    assert!(
        text.lines()
            .last()
            .unwrap()
            .contains("ошибок 0, предупреждений 1"),
        "{text}"
    );
}

#[test]
fn a_packed_file_gets_no_replacement() {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let mut zip = zip::ZipWriter::new(&mut bytes);
    zip.start_file(
        "word/document.xml",
        zip::write::SimpleFileOptions::default(),
    )
    .unwrap();
    let xml = r#"<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>деньги</w:t></w:r></w:p></w:body></w:document>"#;
    std::io::Write::write_all(&mut zip, xml.as_bytes()).unwrap();
    zip.finish().unwrap();
    let script = Script::read("a.docx", bytes.get_ref()).unwrap();
    let mut diagnostic = finding(&script, "деньги", 0, "a.word");
    (diagnostic.suggest, diagnostic.fix) = (Some("средства".to_owned()), Some(Fix::Safe));
    diagnostic.edit = Some(Edit {
        span: diagnostic.span.clone(),
        text: "средства".to_owned(),
    });
    let file = LintedFile {
        path: "a.docx",
        script: Some(&script),
        diagnostics: &[diagnostic],
        troubles: &[],
    };
    assert!(!report(Format::Sarif, &[file]).contains("fixes"));
    assert!(!report(Format::Rdjson, &[file]).contains("suggestions"));
}

// --- through the command line

fn etalon(folder: &Path, args: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_etalon"));
    let output = command.current_dir(folder).args(args).output().unwrap();
    (
        output.status.code(),
        String::from_utf8(output.stdout).unwrap(),
    )
}

/// `file, text, line, chars, utf8` as `tests/data/lint_columns.py` counted them.
fn counted() -> Vec<Value> {
    let text = std::fs::read_to_string(format!("{DATA}/lint_columns.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

#[test]
fn places_are_those_that_another_program_counts() {
    let folder = Path::new(DATA).join("lint_formats");
    let run = |format| {
        let (status, text) = etalon(&folder, &["lint", ".", "--format", format]);
        assert_eq!(status, Some(1), "{format}");
        text
    };
    let counted = counted();
    assert_eq!(counted.len(), 11);
    let lines: Vec<Value> = counted.iter().map(|row| row["line"].clone()).collect();
    let pick = |key: &str| -> Vec<Value> { counted.iter().map(|row| row[key].clone()).collect() };

    let sarif = run("sarif");
    assert_sarif(&sarif);
    let sarif: Value = serde_json::from_str(&sarif).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let regions: Vec<&Value> = results
        .iter()
        .map(|one| &one["locations"][0]["physicalLocation"]["region"])
        .collect();
    let places: Vec<Value> = regions
        .iter()
        .map(|one| json!([one["startColumn"], one["endColumn"]]))
        .collect();
    assert_eq!(places, pick("chars"));
    assert_eq!(
        regions
            .iter()
            .map(|one| one["startLine"].clone())
            .collect::<Vec<_>>(),
        lines
    );
    assert_eq!(
        regions
            .iter()
            .map(|one| one["snippet"]["text"].clone())
            .collect::<Vec<_>>(),
        pick("text")
    );

    let ndjson: Vec<Value> = run("ndjson")
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let places: Vec<Value> = ndjson
        .iter()
        .map(|one| json!([one["column"], one["end_column"]]))
        .collect();
    assert_eq!(places, pick("chars"));
    assert_eq!(
        ndjson
            .iter()
            .map(|one| one["file"].clone())
            .collect::<Vec<_>>(),
        pick("file")
    );
    assert_eq!(
        serde_json::from_str::<Value>(&run("json")).unwrap(),
        json!(ndjson)
    );

    let rdjson: Value = serde_json::from_str(&run("rdjson")).unwrap();
    let all = rdjson["diagnostics"].as_array().unwrap().iter();
    let ranges = all
        .map(|one| &one["location"]["range"])
        .filter(|range| range.is_object());
    let places: Vec<Value> = ranges
        .map(|one| json!([one["start"]["column"], one["end"]["column"]]))
        .collect();
    assert_eq!(places, pick("utf8"));

    // GitHub shows ten errors: that of the picture and the first nine findings.
    let github = run("github");
    let places: Vec<Value> = github
        .lines()
        .filter_map(|line| {
            let (_, keys) = line.strip_prefix("::error ")?.split_once("col=")?;
            let mut numbers = keys
                .split(',')
                .map(|key| key.trim_start_matches("endColumn=").parse::<u32>());
            Some(json!([numbers.next()?.ok()?, numbers.next()?.ok()?]))
        })
        .collect();
    assert_eq!(places, pick("chars")[..9]);
}

#[test]
fn several_files_at_once_each_by_its_name() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("a.md"),
        "**Оператор:** 😀 ихний запрос принят.\n",
    )
    .unwrap();
    let names = [
        ("x.sarif", "\"columnKind\""),
        ("x.sarif.json", "\"columnKind\""),
        ("X.XML", "<testsuites "),
        ("x.json", "[\n{\"schema\":"),
        ("x.ndjson", "{\"schema\":"),
        ("x.rdjson", "\"diagnostics\""),
        ("gl-code-quality-report.json", "\"check_name\""),
    ];
    let mut args = vec!["lint", "a.md", "--format", "concise"];
    for (name, _) in names {
        args.extend(["-o", name]);
    }
    let (status, stdout) = etalon(folder.path(), &args);
    assert_eq!((status, stdout.lines().count()), (Some(1), 1), "{stdout}");
    let written: BTreeMap<&str, String> = names
        .iter()
        .map(|(name, _)| {
            (
                *name,
                std::fs::read_to_string(folder.path().join(name)).unwrap(),
            )
        })
        .collect();
    for (name, has) in names {
        assert!(written[name].contains(has), "{name}: {}", written[name]);
    }
    for (args, why) in [
        (
            &["lint", "a.md", "-o", "x.txt"][..],
            "an ending without a format",
        ),
        (
            &["lint", "a.md", "-o", "y.sarif", "-o", "y.sarif"][..],
            "one file two times",
        ),
        (
            &["lint", "a.md", "x.json", "-o", "x.json"][..],
            "an output that is an input",
        ),
    ] {
        assert_eq!(etalon(folder.path(), args).0, Some(2), "{why}");
    }
    assert!(!folder.path().join("y.sarif").exists());
    assert_eq!(
        std::fs::read_to_string(folder.path().join("x.json")).unwrap(),
        written["x.json"]
    );
}

/// Findings stand in the order of the files, however long each takes.
#[test]
fn files_keep_their_order_on_several_threads() {
    let folder = tempfile::tempdir().unwrap();
    let mut wanted = Vec::new();
    for n in 0..64 {
        let name = format!("{n:02}.md");
        let plain = "О: Хорошо, проверю.\n\n".repeat(if n % 16 == 0 { 400 } else { 1 });
        std::fs::write(
            folder.path().join(&name),
            format!("{plain}О: Деньги {n}.\n"),
        )
        .unwrap();
        wanted.push(name);
    }
    let (status, out) = etalon(
        folder.path(),
        &["lint", "-p", "mts", "--format", "ndjson", "."],
    );
    assert_eq!(status, Some(1));
    let files: Vec<String> = out
        .lines()
        .filter(|line| line.contains("literacy.money"))
        .map(|line| {
            let found: serde_json::Value = serde_json::from_str(line).unwrap();
            found["file"].as_str().unwrap().to_owned()
        })
        .collect();
    assert_eq!(files, wanted);
}
