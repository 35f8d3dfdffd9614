//! Command lines as data: each file of `tests/cmd/` holds cases, this runs them.
//!
//! ```toml
//! [[case]]
//! name = "…"
//! args = ["audit", "a.ndjson"]
//! stdin = "…"                  # optional
//! env = { NO_COLOR = "1" }     # optional
//! files = { "a.ndjson" = "…" } # optional: put into the empty folder where the command runs
//! status = 0
//! stdout_has = ["…"]           # all of these; likewise stdout_lacks, stderr_has, stderr_lacks
//! stdout_lines = 3             # optional
//! ndjson = ["…", "…"]          # optional: `schema` of each line, without `etalon/` and `@1`
//! written = { "x.csv" = 4 }    # optional: files that are there afterwards and their lines
//! not_written = ["x.ndjson"]   # optional
//! ```

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Cases {
    case: Vec<Case>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    args: Vec<String>,
    #[serde(default)]
    stdin: String,
    #[serde(default)]
    env: BTreeMap<String, String>,
    #[serde(default)]
    files: BTreeMap<String, String>,
    status: i32,
    #[serde(default)]
    stdout_has: Vec<String>,
    #[serde(default)]
    stdout_lacks: Vec<String>,
    #[serde(default)]
    stderr_has: Vec<String>,
    #[serde(default)]
    stderr_lacks: Vec<String>,
    stdout_lines: Option<usize>,
    ndjson: Option<Vec<String>>,
    #[serde(default)]
    written: BTreeMap<String, usize>,
    #[serde(default)]
    not_written: Vec<String>,
}

fn etalon(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_etalon"));
    command.current_dir(folder);
    for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS"] {
        command.env_remove(name);
    }
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// What is wrong with a case; empty where all is well.
fn faults(case: &Case) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in &case.files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let mut child = etalon(folder.path())
        .args(&case.args)
        .envs(&case.env)
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let text = case.stdin.clone();
    let writer = std::thread::spawn(move || {
        // A command that does not read its input closes it.
        let _ = stdin.write_all(text.as_bytes());
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    let stdout = String::from_utf8(output.stdout).unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();

    let mut faults = Vec::new();
    let mut check = |fine: bool, what: String| {
        if !fine {
            faults.push(what);
        }
    };
    check(
        output.status.code() == Some(case.status),
        format!("status {:?}", output.status.code()),
    );
    for (stream, text, has, lacks) in [
        ("stdout", &stdout, &case.stdout_has, &case.stdout_lacks),
        ("stderr", &stderr, &case.stderr_has, &case.stderr_lacks),
    ] {
        for wanted in has {
            check(text.contains(wanted), format!("{stream} lacks {wanted:?}"));
        }
        for unwanted in lacks {
            check(
                !text.contains(unwanted),
                format!("{stream} has {unwanted:?}"),
            );
        }
    }
    if let Some(n) = case.stdout_lines {
        let lines = stdout.lines().count();
        check(lines == n, format!("stdout has {lines} lines"));
    }
    if let Some(expected) = &case.ndjson {
        let schemas: Vec<String> = stdout
            .lines()
            .map(|line| {
                let value: serde_json::Value = serde_json::from_str(line).unwrap_or_default();
                let schema = value["schema"].as_str().unwrap_or("no JSON").to_owned();
                schema.replace("etalon/", "").replace("@1", "")
            })
            .collect();
        check(schemas == *expected, format!("records are {schemas:?}"));
    }
    for (path, n) in &case.written {
        let text = std::fs::read_to_string(folder.path().join(path));
        let lines = text.map(|text| text.lines().count());
        check(
            matches!(&lines, Ok(lines) if lines == n),
            format!("{path}: {lines:?} lines"),
        );
    }
    for path in &case.not_written {
        check(
            !folder.path().join(path).exists(),
            format!("{path} is there"),
        );
    }
    let leftovers = std::fs::read_dir(folder.path()).unwrap();
    for entry in leftovers.map(|entry| entry.unwrap().file_name()) {
        check(
            !entry.to_string_lossy().ends_with(".part"),
            format!("left over: {entry:?}"),
        );
    }
    if !faults.is_empty() {
        faults.push(format!("stdout:\n{stdout}\nstderr:\n{stderr}"));
    }
    faults
}

#[test]
fn command_lines() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cmd");
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    assert!(!paths.is_empty(), "tests/cmd/ holds cases");
    let mut report = String::new();
    for path in paths {
        let text = std::fs::read_to_string(&path).unwrap();
        let cases: Cases =
            toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        for case in &cases.case {
            for fault in faults(case) {
                report.push_str(&format!("{} / {}: {fault}\n", path.display(), case.name));
            }
        }
    }
    assert!(report.is_empty(), "\n{report}");
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let folder = tempfile::tempdir().unwrap();
    let words = "слово ".repeat(300);
    let lines: String = (0..2000)
        .map(|n| {
            format!(
                "{{\"id\":\"{n}\",\"turns\":[{{\"speaker\":\"agent\",\"text\":\"{words}\"}}]}}\n"
            )
        })
        .collect();
    std::fs::write(folder.path().join("a.ndjson"), lines).unwrap();
    for args in [
        &["audit", "a.ndjson", "--format", "ndjson"][..],
        &["audit", "a.ndjson"],
    ] {
        let mut child = etalon(folder.path()).args(args).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{args:?}");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{args:?}");
    }
}

#[cfg(unix)]
#[test]
fn an_output_is_written_through_a_link() {
    use std::os::unix::fs::symlink;
    let call = r#"{"id":"c-1","turns":[{"speaker":"agent","text":"здравствуйте"}]}"#;
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    std::fs::create_dir(path("sub")).unwrap();
    std::fs::write(path("a.ndjson"), call).unwrap();
    std::fs::write(path("sub/old.csv"), "old").unwrap();
    // To a file that is there, to one that is not yet, and through another link.
    symlink("sub/old.csv", path("old.csv")).unwrap();
    symlink(path("sub/new.csv"), path("new.csv")).unwrap();
    symlink("old.csv", path("twice.csv")).unwrap();
    for (link, file) in [
        ("old.csv", "sub/old.csv"),
        ("new.csv", "sub/new.csv"),
        ("twice.csv", "sub/old.csv"),
    ] {
        let args = ["audit", "a.ndjson", "-o", link];
        let output = etalon(folder.path()).args(args).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{link}");
        assert!(path(link).is_symlink(), "{link}");
        let text = std::fs::read_to_string(path(file)).unwrap();
        assert_eq!(text.lines().count(), 2, "{link}: {text}");
        std::fs::write(path("sub/old.csv"), "old").unwrap();
    }
    // What is no file is neither replaced nor renamed.
    symlink("/dev/null", path("none.csv")).unwrap();
    let output = etalon(folder.path())
        .args(["audit", "a.ndjson", "-o", "none.csv"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(path("none.csv").is_symlink());
    assert_eq!(std::fs::read_dir(path("sub")).unwrap().count(), 2);
}

#[test]
fn a_pipe_answers_before_its_input_ends() {
    use std::io::{BufRead, BufReader};
    let folder = tempfile::tempdir().unwrap();
    let mut child = etalon(folder.path()).arg("pipe").spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    for n in 0..3 {
        let call = format!(
            "{{\"id\":\"{n}\",\"turns\":[{{\"speaker\":\"agent\",\"text\":\"здравствуйте\"}}]}}"
        );
        // The line comes in two pieces.
        let (first, second) = call.split_at(10);
        stdin.write_all(first.as_bytes()).unwrap();
        stdin.flush().unwrap();
        writeln!(stdin, "{second}").unwrap();
        stdin.flush().unwrap();
        let mut answer = String::new();
        stdout.read_line(&mut answer).unwrap();
        let value: serde_json::Value = serde_json::from_str(&answer).unwrap();
        assert_eq!(value["call"], n.to_string());
        assert_eq!(value["source"]["line"], n + 1);
    }
    drop(stdin);
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_new_criterion_proves_itself() {
    let folder = tempfile::tempdir().unwrap();
    let pack = r#"
id = "demo"
title = "Проба"
version = "1"
uses = ["common"]
[parameters]
merge_s = 3
opening_turns = 2
closing_turns = 3
hold_pause_s = 5
interruption_s = 1
answer_s = 5
short_call_turns = 3
[[section]]
id = "parting"
title = "Прощание"
"#;
    std::fs::create_dir(folder.path().join("demo")).unwrap();
    std::fs::write(folder.path().join("demo/pack.toml"), pack).unwrap();
    for args in [
        &["rules", "new", "parting.thanks", "--into", "demo"][..],
        &["rules", "test", "-p", "demo"],
    ] {
        let output = etalon(folder.path()).args(args).output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{args:?}: {stderr}");
    }
}
