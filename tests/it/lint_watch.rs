//! `lint --watch`: passes follow changes.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

/// A run that is ended with the test.
struct Watch {
    child: Child,
    lines: Receiver<String>,
}

impl Watch {
    fn start(folder: &Path, args: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_etalon"))
            .current_dir(folder)
            .args(["lint", "--watch", "--lang", "en", "--format", "concise"])
            .args(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (send, lines) = mpsc::channel();
        let streams: [Box<dyn std::io::Read + Send>; 2] = [
            Box::new(child.stdout.take().unwrap()),
            Box::new(child.stderr.take().unwrap()),
        ];
        for stream in streams {
            let send = send.clone();
            std::thread::spawn(move || {
                for line in BufReader::new(stream).lines().map_while(Result::ok) {
                    if send.send(line).is_err() {
                        break;
                    }
                }
            });
        }
        Self { child, lines }
    }

    /// The lines of a pass, to where it waits.
    fn pass(&self) -> Vec<String> {
        let mut pass = Vec::new();
        loop {
            match self.lines.recv_timeout(Duration::from_secs(60)) {
                Ok(line) if line.starts_with("waiting for changes") => return pass,
                Ok(line) if line.is_empty() => {}
                Ok(line) => pass.push(line),
                Err(error) => panic!("{error} after {pass:#?}"),
            }
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Puts a file there at once: one that is written in two steps may be seen in between.
fn put(path: &Path, text: &str) {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    std::io::Write::write_all(&mut file, text.as_bytes()).unwrap();
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    file.persist(path).unwrap();
}

fn has(pass: &[String], words: &str) -> bool {
    pass.iter().any(|line| line.contains(words))
}

#[test]
fn passes_follow_changes() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| put(&folder.path().join(name), text);
    write("s/a.txt", "О: Деньги.\n");
    write("s/notes.log", "О: Деньги.\n");
    let watch = Watch::start(folder.path(), &["s"]);
    let pass = watch.pass();
    assert!(has(&pass, "s/a.txt:1:4: error literacy.money"), "{pass:#?}");
    assert!(has(&pass, "files: 1, errors: 1"), "{pass:#?}");

    write("s/a.txt", "О: Да.\nО: Вышлю.\n");
    let pass = watch.pass();
    assert!(has(&pass, "changed: s/a.txt"), "{pass:#?}");
    assert!(has(&pass, "s/a.txt:2:4: error literacy.send"), "{pass:#?}");
    assert!(!has(&pass, "literacy.money"), "{pass:#?}");

    // What is no template makes no pass; a folder that is new is looked into.
    write("s/notes.log", "О: Да.\n");
    write("s/new/deep/b.md", "О: Деньги.\n");
    let pass = watch.pass();
    assert!(has(&pass, "changed: s/new/deep/b.md"), "{pass:#?}");
    assert!(has(&pass, "files: 2, errors: 2"), "{pass:#?}");

    // Another file in its place, as editors do it.
    write("s/b.part", "О: Да.\n");
    fs::rename(
        folder.path().join("s/b.part"),
        folder.path().join("s/new/deep/b.md"),
    )
    .unwrap();
    assert!(has(&watch.pass(), "files: 2, errors: 1"));

    // A configuration comes, is broken, is mended, goes.
    write(
        "etalon.toml",
        "[severity]\n\"literacy.send\" = \"warning\"\n",
    );
    let pass = watch.pass();
    assert!(
        has(&pass, "etalon.toml") && has(&pass, "errors: 0, warnings: 1"),
        "{pass:#?}"
    );
    write("etalon.toml", "[severty]\n");
    let pass = watch.pass();
    assert!(!has(&pass, "errors:"), "{pass:#?}");
    write("s/a.txt", "О: Да. Деньги.\n");
    watch.pass();
    write("etalon.toml", "[severity]\n\"literacy.money\" = \"off\"\n");
    assert!(has(&watch.pass(), "errors: 0, warnings: 0"));
    fs::remove_file(folder.path().join("etalon.toml")).unwrap();
    assert!(has(&watch.pass(), "errors: 1, warnings: 0"));

    // What a configuration leaves out is no change of its own.
    write("etalon.toml", "exclude = [\"new/\"]\n");
    let pass = watch.pass();
    assert!(
        has(&pass, "files: 1, errors: 1") && !has(&pass, "b.md"),
        "{pass:#?}"
    );
    write("s/new/deep/b.md", "О: Вышлю.\n");
    fs::remove_file(folder.path().join("etalon.toml")).unwrap();
    assert!(has(&watch.pass(), "files: 2, errors: 2"));

    fs::remove_file(folder.path().join("s/a.txt")).unwrap();
    let pass = watch.pass();
    assert!(
        has(&pass, "changed: s/a.txt") && has(&pass, "files: 1, errors: 1"),
        "{pass:#?}"
    );
}

#[test]
fn a_pack_and_a_baseline_are_watched() {
    let folder = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_etalon"))
            .current_dir(folder.path())
            .args(args)
            .output();
        output.unwrap().status.code()
    };
    assert_eq!(
        run(&["rules", "new", "order.thanks", "--into", "ours"]),
        Some(0)
    );
    fs::write(folder.path().join("a.txt"), "О: Деньги.\n").unwrap();
    assert_eq!(
        run(&["lint", "--write-baseline", "known.json", "a.txt"]),
        Some(0)
    );
    let known = fs::read_to_string(folder.path().join("known.json")).unwrap();
    fs::write(
        folder.path().join("known.json"),
        r#"{"schema":"etalon/baseline@1","findings":[]}"#,
    )
    .unwrap();
    let args = [
        "-p",
        "mts",
        "-p",
        "ours",
        "--baseline",
        "known.json",
        "a.txt",
    ];
    let watch = Watch::start(folder.path(), &args);
    assert!(has(&watch.pass(), "files: 1, errors: 1"));
    put(&folder.path().join("known.json"), &known);
    let pass = watch.pass();
    assert!(
        has(&pass, "changed: known.json") && has(&pass, "errors: 0"),
        "{pass:#?}"
    );
    let pack = folder.path().join("ours/pack.toml");
    let sound = fs::read_to_string(&pack).unwrap();
    put(&pack, "nonsense\n");
    let pass = watch.pass();
    assert!(
        has(&pass, "pack.toml") && !has(&pass, "errors:"),
        "{pass:#?}"
    );
    put(&pack, &sound);
    assert!(has(&watch.pass(), "files: 1, errors: 0"));
}

#[test]
fn what_makes_no_sense_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.txt"), "О: Деньги.\n").unwrap();
    // arguments, what is named, why
    let table: &[(&[&str], &str, &str)] = &[
        (&["-"], "- does not go with --watch", "only once"),
        (
            &["a.txt", "--format", "json"],
            "--format json does not",
            "once and whole",
        ),
        (&["a.txt", "-o", "x.sarif"], "-o does not", "once and whole"),
        (&["a.txt", "--fix"], "--fix does not", "files would change"),
        (
            &["a.txt", "--diff"],
            "--diff does not",
            "files would change",
        ),
        (
            &["a.txt", "--write-baseline", "x.json"],
            "--write-baseline does not",
            "files would change",
        ),
        (&["a.txt", "--line", "absent"], "absent", ""),
        (&["a.txt", "-p", "absent"], "absent", ""),
    ];
    for (args, named, why) in table {
        let output = Command::new(env!("CARGO_BIN_EXE_etalon"))
            .current_dir(folder.path())
            .args(["lint", "--watch", "--lang", "en"])
            .args(*args)
            .output()
            .unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{args:?}: {told}");
        assert!(
            told.contains(named) && told.contains(why),
            "{args:?}: {told}"
        );
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}
