//! Remarks that let findings alone, `etalon.toml`, known findings.

use std::fs;
use std::path::Path;
use std::process::Command;

use etalon::locale::Lang;
use etalon::pack::Pack;
use etalon::script::{Config, Ignores, Linter, Options, Script};

/// Name, template, lines of findings that are left, codes and lines of problems.
type Row = (
    &'static str,
    &'static str,
    &'static [u32],
    &'static [(&'static str, u32)],
);

#[test]
fn remarks() {
    let mts = Pack::embedded("mts").unwrap().unwrap();
    let mut linter = Linter::new(&mts);
    let ids: Vec<String> = mts
        .info()
        .criteria
        .iter()
        .map(|criterion| criterion.id.clone())
        .collect();
    // ending, template, lines of the findings that stay, problems with their lines
    let table: &[Row] = &[
        (
            "md",
            "<!-- etalon: ignore literacy.money: название -->\n\nО: Деньги\nи деньги.\n\nО: Деньги.",
            &[6],
            &[],
        ),
        (
            "md",
            "О: Деньги. <!-- etalon: ignore literacy.money: название -->\nО: Деньги.",
            &[2],
            &[],
        ),
        (
            "md",
            "<!-- etalon: ignore literacy.money, literacy.send: так в договоре -->\nО: Вышлю деньги.",
            &[],
            &[],
        ),
        (
            "md",
            "<!-- etalon: ignore literacy.money: так -->\n## Ответ\n\nДеньги.\n\nДеньги.",
            &[6],
            &[],
        ),
        (
            "md",
            "<!-- etalon: ignore literacy.money -->\nО: Деньги.",
            &[2],
            &[("script/ignore-reason", 1)],
        ),
        (
            "md",
            "<!-- etalon: ignore literacy.money: -->\nО: Деньги.",
            &[2],
            &[("script/ignore-reason", 1)],
        ),
        (
            "md",
            "<!-- etalon: ignore literacy.mony: так -->\nО: Деньги.",
            &[2],
            &[("script/ignore-unknown", 1)],
        ),
        (
            "md",
            "О: Нет.\n\n<!-- etalon: ignore literacy.money: так -->\nО: Да.",
            &[],
            &[("script/ignore-unused", 3)],
        ),
        (
            "md",
            "<!-- etalon: skip literacy.money: так -->\nО: Деньги.",
            &[2],
            &[("script/ignore-form", 1)],
        ),
        (
            "md",
            "```\n<!-- etalon: ignore literacy.money: так -->\n```\n\nО: Деньги.",
            &[5],
            &[],
        ),
        (
            "html",
            "<!-- etalon: ignore literacy.money: так -->\n<p>О: Деньги.</p>\n<p>О: Деньги.</p>",
            &[3],
            &[],
        ),
        (
            "txt",
            "# etalon: ignore literacy.money: деньги здесь название\nО: Деньги.\n\nО: Деньги.",
            &[4],
            &[],
        ),
        (
            "txt",
            "О: Деньги. // etalon: ignore literacy.money: деньги здесь название\nО: Деньги.",
            &[2],
            &[],
        ),
        (
            "txt",
            "О: Да.\r\n# etalon: ignore literacy.money: так\r\nО: Деньги.\r\nО: Деньги.",
            &[4],
            &[],
        ),
        (
            "csv",
            "Вопрос,Ответ\n# etalon: ignore literacy.money: так\nа,Деньги\nб,Деньги\n",
            &[4],
            &[],
        ),
        (
            "csv",
            "Вопрос,Ответ\nа,\"Деньги <!-- etalon: ignore literacy.money: так -->\"\nб,Деньги\n",
            &[3],
            &[],
        ),
    ];
    for (ending, text, stay, wrong) in table {
        let script = Script::read(&format!("a.{ending}"), text.as_bytes()).unwrap();
        let found = linter.lint(&script, &Options::default()).diagnostics;
        let (kept, problems) = Ignores::of(&script, &ids).apply(found, &ids);
        let kept: Vec<u32> = kept.iter().map(|one| one.line).collect();
        let problems: Vec<_> = problems.iter().map(|one| (one.code, one.line)).collect();
        assert_eq!((&kept[..], &problems[..]), (*stay, *wrong), "{text}");
    }
}

#[test]
fn configurations_that_cannot_be() {
    let table = [
        (
            "pack = [\"mts\"]",
            "config/unknown-key",
            (1, 1),
            "did you mean `packs`?",
        ),
        (
            "line = \"ookk\"\nlin = 1",
            "config/unknown-key",
            (2, 1),
            "did you mean `line`?",
        ),
        (
            "direction = \"up\"",
            "config/value",
            (1, 13),
            "docs/lint-living.md says how it is written",
        ),
        (
            "[severity]\n\"literacy.money\" = \"loud\"",
            "config/value",
            (2, 20),
            "docs/lint-living.md says how it is written",
        ),
        (
            "packs = ",
            "config/value",
            (1, 9),
            "docs/lint-living.md says how it is written",
        ),
    ];
    for (text, code, place, help) in table {
        let problem = Config::parse(text).unwrap_err();
        assert_eq!(
            (
                problem.code,
                (problem.line, problem.column),
                problem.help(Lang::En).as_str()
            ),
            (code, place, help),
            "{text}"
        );
    }
    let mts = [Pack::embedded("mts").unwrap().unwrap()];
    let config =
        Config::parse("[severity]\n\"literacy.mony\" = \"off\"\n[words.slots]\nnme = [\"икс\"]")
            .unwrap();
    let problems = config.check(&["literacy.money".to_owned()], &mts);
    let problems: Vec<_> = problems
        .iter()
        .map(|one| (one.code, one.line, one.help(Lang::En)))
        .collect();
    let near = |word: &str| format!("did you mean `{word}`?");
    assert_eq!(
        problems,
        [
            ("config/unknown-criterion", 2, near("literacy.money")),
            ("config/unknown-slot", 4, near("name"))
        ]
    );
}

/// `(status, standard output, standard error)` of a run in a folder.
fn run(folder: &Path, args: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_etalon"))
        .current_dir(folder)
        .arg("lint")
        .args(args)
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        output.status.code().unwrap(),
        text(output.stdout),
        text(output.stderr),
    )
}

#[test]
fn a_project() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("s/a.txt", "О: Деньги.\nЭксперт: Вышлю.\n");
    write("s/old/b.txt", "О: Деньги.\n");
    let concise = |args: &[&str]| run(folder.path(), &[&["--format", "concise"], args].concat());
    let lines = |text: &str| -> Vec<String> {
        text.lines()
            .map(|line| line.split(' ').take(3).collect::<Vec<_>>().join(" "))
            .collect()
    };
    let expected =
        |lines: &[&str]| -> Vec<String> { lines.iter().map(|line| (*line).to_owned()).collect() };
    let (status, out, _) = concise(&["s"]);
    assert_eq!(
        (status, lines(&out)),
        (
            1,
            expected(&[
                "s/a.txt:1:4: error literacy.money",
                "s/a.txt:2:10: error literacy.send",
                "s/old/b.txt:1:4: error literacy.money"
            ])
        )
    );
    write(
        "etalon.toml",
        "exclude = [\"old/\"]\n[severity]\n\"literacy.money\" = \"warning\"\n[words]\ncustomer = [\"эксперт*\"]\n",
    );
    let (status, out, _) = concise(&["s"]);
    assert_eq!(
        (status, lines(&out)),
        (0, expected(&["s/a.txt:1:4: warning literacy.money"]))
    );
    write("etalon.toml", "packs = [\"yumek\"]\n");
    assert_eq!(concise(&["s"]).0, 0);
    assert_eq!(concise(&["-p", "mts", "s"]).0, 1);
    write("etalon.toml", "excude = []\n");
    let (status, _, err) = concise(&["s"]);
    assert!(
        status == 2 && err.contains("exclude") && err.contains(":1:1"),
        "{err}"
    );
}

#[test]
fn known_findings() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.txt");
    fs::write(&path, "О: Деньги. Вышлю деньги.\n").unwrap();
    let (status, ..) = run(folder.path(), &["--write-baseline", "known.json", "a.txt"]);
    assert_eq!(status, 0);
    assert_eq!(
        run(folder.path(), &["--baseline", "known.json", "a.txt"]).0,
        0
    );
    // Other lines and another name do not matter; one more does.
    fs::write(
        &path,
        "О: Да.\n\nО: Деньги. Вышлю.\n\nО: деньги и деньги.\n",
    )
    .unwrap();
    fs::rename(&path, folder.path().join("b.txt")).unwrap();
    let (status, out, _) = run(
        folder.path(),
        &["--format", "concise", "--baseline", "known.json", "b.txt"],
    );
    assert_eq!((status, out.lines().count()), (1, 1), "{out}");
    fs::write(&path, "О: Деньги.\n").unwrap();
    // What is known of a file that is still there excuses no other file.
    let (status, out, _) = run(
        folder.path(),
        &["--format", "concise", "--baseline", "known.json", "b.txt"],
    );
    assert_eq!((status, out.lines().count()), (1, 4), "{out}");
    let (status, _, err) = run(folder.path(), &["--baseline", "known.json", "a.txt"]);
    assert!(
        status == 0 && err.contains("baseline/stale") && err.contains("literacy.send"),
        "{err}"
    );
}

#[test]
fn known_findings_of_other_files() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("a.txt", "О: Деньги.\n");
    write("b.txt", "О: Да.\n");
    run(
        folder.path(),
        &["--write-baseline", "known.json", "a.txt", "b.txt"],
    );
    write("b.txt", "О: Деньги.\n");
    // A file that is there keeps what is known of it, also when only another one is linted.
    assert_eq!(
        run(folder.path(), &["--baseline", "known.json", "b.txt"]).0,
        1
    );
    fs::remove_file(folder.path().join("a.txt")).unwrap();
    assert_eq!(
        run(folder.path(), &["--baseline", "known.json", "b.txt"]).0,
        0
    );
}

#[test]
fn fixes_let_known_findings_alone() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    // what is known, the template, what it is after --fix, status, findings
    let table = [
        ("О: Деньги.\n", "О: Деньги.\n", "О: Деньги.\n", 0, 0),
        (
            "О: Деньги.\n",
            "О: Деньги. Вышлю.\n",
            "О: Деньги. Отправлю.\n",
            0,
            0,
        ),
        // The first ones are the known ones.
        (
            "О: Деньги.\n",
            "О: Да.\n\nО: Деньги.\n\nО: Деньги.\n\nО: Деньги.\n",
            "О: Да.\n\nО: Деньги.\n\nО: Денежные средства.\n\nО: Денежные средства.\n",
            0,
            0,
        ),
        // A greeting known to lack something is known by its line, which is another after the fix beside it.
        (
            "О: Здравствуйте, слушаю.\n",
            "О: Здравствуйте, вышлю.\n",
            "О: Здравствуйте, отправлю.\n",
            0,
            2,
        ),
    ];
    for (known, before, after, status, n_findings) in table {
        write("a.txt", known);
        run(folder.path(), &["--write-baseline", "known.json", "a.txt"]);
        write("a.txt", before);
        let args = ["--format", "concise", "--baseline", "known.json"];
        let diff = run(folder.path(), &[&args[..], &["--diff", "a.txt"]].concat()).1;
        assert_eq!(diff.is_empty(), before == after, "{diff}");
        let got = run(folder.path(), &[&args[..], &["--fix", "a.txt"]].concat());
        let now = fs::read_to_string(folder.path().join("a.txt")).unwrap();
        assert_eq!(now, after, "{got:?}");
        assert_eq!(
            (got.0, got.1.lines().count()),
            (status, n_findings),
            "{got:?}"
        );
    }
    // Without the list everything is fixed.
    write("a.txt", "О: Деньги.\n");
    run(folder.path(), &["--fix", "a.txt"]);
    let now = fs::read_to_string(folder.path().join("a.txt")).unwrap();
    assert_eq!(now, "О: Денежные средства.\n");
}

#[test]
fn which_configuration_holds() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("s/old")).unwrap();
    fs::create_dir_all(folder.path().join("other")).unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("s/a.txt", "О: Деньги.\n");
    write("s/old/b.txt", "О: Деньги.\n");
    write("etalon.toml", "exclude = [\"old/\"]\n");
    write("other/e.toml", "[severity]\n\"literacy.money\" = \"off\"\n");
    write("other/bad.toml", "oops\n");
    // arguments, status, findings
    let table: &[(&[&str], i32, usize)] = &[
        (&["s"], 1, 1),
        (&["--no-config", "s"], 1, 2),
        (&["--config", "other/e.toml", "s"], 0, 0),
        (&["--config", "other/bad.toml", "s"], 2, 0),
        (&["--config", "other/none.toml", "s"], 2, 0),
        (&["--config", "other/e.toml", "--no-config", "s"], 2, 0),
        (&["s/old/b.txt"], 1, 1),
        (&["--force-exclude", "s/old/b.txt"], 0, 0),
        (&["--force-exclude", "s/old/b.txt", "s/a.txt"], 1, 1),
    ];
    for (args, status, n_findings) in table {
        let got = run(folder.path(), &[&["--format", "concise"], *args].concat());
        assert_eq!(
            (got.0, got.1.lines().count()),
            (*status, *n_findings),
            "{args:?} {got:?}"
        );
    }
    let told = run(folder.path(), &["--config", "other/bad.toml", "s"]).2;
    assert!(told.contains("other/bad.toml:1:"), "{told}");
}

#[test]
fn files_are_fixed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.txt");
    let before = "О: Вышлю деньги.\r\nК: Вышлю.\r\n";
    let after = "О: Отправлю денежные средства.\r\nК: Вышлю.\r\n";
    fs::write(&path, before).unwrap();
    let (status, out, _) = run(folder.path(), &["--diff", "a.txt"]);
    assert_eq!(
        (status, fs::read_to_string(&path).unwrap().as_str()),
        (1, before)
    );
    assert_eq!(
        out,
        "--- a/a.txt\n+++ b/a.txt\n@@ -1,2 +1,2 @@\n-О: Вышлю деньги.\r\n+О: Отправлю денежные средства.\r\n К: Вышлю.\r\n"
    );
    assert_eq!(run(folder.path(), &["--fix", "a.txt"]).0, 0);
    assert_eq!(fs::read_to_string(&path).unwrap(), after);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    assert_eq!(run(folder.path(), &["--unsafe-fixes", "a.txt"]).0, 2);
}
