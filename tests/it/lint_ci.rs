//! The hooks, the action and the jobs for other people's repositories: their YAML is read, what it names exists, and its shell
//! lines are run as the service would run them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use etalon::script::Format;
use serde_json::Value;

const ETALON: &str = env!("CARGO_BIN_EXE_etalon");

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn yaml(name: &str, text: &str) -> Value {
    serde_saphyr::from_str(text).unwrap_or_else(|error| panic!("{name}: {error}\n{text}"))
}

fn keys(value: &Value) -> BTreeSet<String> {
    let object = value.as_object().expect("a mapping");
    object.keys().cloned().collect()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}"))
}

// --- what the files name

/// Long options in a text.
fn flags(text: &str) -> BTreeSet<String> {
    let part = |c: char| c.is_ascii_lowercase() || c == '-';
    text.match_indices("--")
        .filter(|(at, _)| !text[..*at].ends_with(|c: char| part(c) || c == '.'))
        .map(|(at, _)| {
            let rest = &text[at..];
            rest[..rest.find(|c| !part(c)).unwrap_or(rest.len())].to_owned()
        })
        .filter(|flag| flag.len() > 2 && !flag.ends_with('-'))
        .collect()
}

fn help(command: &[&str]) -> String {
    let output = Command::new(ETALON)
        .args(command)
        .arg("--help")
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn flags_exist() {
    let mut known = flags(&help(&["lint"]));
    known.extend(flags(&help(&["rules", "check"])));
    known.extend(flags(&help(&["rules", "test"])));
    // Of cargo and git.
    let others = "--locked --path= --git= --tag= --root= --target-dir= --stdin --no-filters";
    known.extend(flags(others));
    for path in [
        ".pre-commit-hooks.yaml",
        "action.yml",
        "ci/gitlab.yml",
        "docs/ci.md",
    ] {
        let named = flags(&read(path));
        assert!(named.len() > 2, "{path}: {named:?}");
        let unknown: Vec<_> = named.difference(&known).collect();
        assert!(unknown.is_empty(), "{path}: {unknown:?}");
    }
}

#[test]
fn flags_are_cut_right() {
    let found = flags("a --fail-on=x \"--pack=$p\" x--y -- --- `--fix` .--z");
    let expected = ["--fail-on", "--fix", "--pack"].map(str::to_owned);
    assert_eq!(found, BTreeSet::from(expected));
}

/// The fenced blocks of the page in this language, in order.
fn blocks(page: &str, language: &str) -> Vec<String> {
    let open = format!("```{language}\n");
    let parts = page.split(&open).skip(1);
    parts
        .map(|part| part.split("```").next().unwrap_or_default().to_owned())
        .collect()
}

#[test]
fn examples_of_the_page() {
    let page = read("docs/ci.md");
    let blocks = blocks(&page, "yaml");
    let [hooks, workflow, gitlab] = &blocks[..] else {
        panic!("{} blocks", blocks.len());
    };

    let known: BTreeSet<String> = pre_commit_hooks()
        .iter()
        .map(|hook| text(&hook["id"]).to_owned())
        .collect();
    let used = &yaml("hooks", hooks)["repos"][0]["hooks"];
    for hook in used.as_array().unwrap() {
        assert!(known.contains(text(&hook["id"])), "{hook}");
    }
    for id in &known {
        assert!(page.contains(&format!("| `{id}` |")), "{id}");
    }

    let action = yaml("action.yml", &read("action.yml"));
    let steps = &yaml("workflow", workflow)["jobs"]["lint"]["steps"];
    let step = &steps[1];
    assert!(text(&step["uses"]).contains("/etalon@"));
    assert!(keys(&step["with"]).is_subset(&keys(&action["inputs"])));
    for name in keys(&action["inputs"])
        .into_iter()
        .chain(keys(&action["outputs"]))
    {
        assert!(page.contains(&format!("`{name}`")), "{name}");
    }

    let template = yaml("ci/gitlab.yml", &read("ci/gitlab.yml"));
    let used = yaml("gitlab", gitlab);
    assert!(keys(&used["variables"]).is_subset(&keys(&template["variables"])));
    let file = text(&used["include"][0]["file"]);
    assert!(root().join(file).is_file());
    for name in keys(&template["variables"]) {
        assert!(page.contains(&format!("`{name}`")), "{name}");
    }
}

// --- where they run

/// Programs that a machine of a service has.
const TOOLS: &str = "awk bash cat find git grep ln mkdir rm sed sh sort touch uniq xargs";

/// A repository with templates, and a place for what the service keeps beside it.
struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let place = Self { folder };
        for name in ["work/scripts", "work/clean", "temp", "bin"] {
            fs::create_dir_all(place.path(name)).unwrap();
        }
        for entry in fs::read_dir(root().join("fixtures/scripts/files")).unwrap() {
            let path = entry.unwrap().path();
            let to = place.path("work/scripts").join(path.file_name().unwrap());
            fs::copy(path, to).unwrap();
        }
        fs::write(place.path("work/clean/a.txt"), "О: Да.\n").unwrap();
        // What the scripts may use, and no etalon that this machine may have.
        for tool in TOOLS.split(' ') {
            let path = std::env::var_os("PATH").unwrap();
            let found = std::env::split_paths(&path).map(|folder| folder.join(tool));
            let found = found.into_iter().find(|path| path.is_file());
            let found = found.unwrap_or_else(|| panic!("{tool} is needed"));
            place.program(
                &format!("bin/{tool}"),
                &format!("exec '{}' \"$@\"\n", found.display()),
            );
        }
        // Instead of a build: what was asked for is written down, and the program of this test comes out.
        place.program(
            "bin/cargo",
            "printf '%s\\n' \"$@\" > \"$TEST_TEMP/cargo-args\"\n\
             for one; do case $one in --root=*) root=${one#--root=} ;; esac; done\n\
             mkdir -p \"$root/bin\"\nln -s \"$TEST_ETALON\" \"$root/bin/etalon\"\n",
        );
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn program(&self, name: &str, script: &str) {
        let path = self.path(name);
        fs::write(&path, format!("#!/bin/sh\nset -e\n{script}")).unwrap();
        let status = Command::new("chmod").arg("+x").arg(&path).status();
        assert!(status.unwrap().success(), "chmod is needed");
    }

    /// `(status, standard output, standard error)` of a shell script in the repository.
    fn shell(
        &self,
        shell: &[&str],
        script: &str,
        env: &BTreeMap<String, String>,
    ) -> (i32, String, String) {
        let file = self.path("temp/script.sh");
        fs::write(&file, script).unwrap();
        let bin = self.path("bin");
        let own = env.get("PATH").map(|own| format!("{own}:"));
        let path = own.unwrap_or_default() + &bin.to_string_lossy();
        let output = Command::new(bin.join(shell[0]))
            .args(&shell[1..])
            .arg(&file)
            .current_dir(self.path("work"))
            .env_clear()
            .envs(env)
            .env("PATH", path)
            .env("HOME", self.path("temp"))
            .env("TEST_TEMP", self.path("temp"))
            .env("TEST_ETALON", ETALON)
            .output()
            .unwrap_or_else(|error| panic!("{} is needed: {error}", shell[0]));
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (
            output.status.code().unwrap(),
            text(output.stdout),
            text(output.stderr),
        )
    }

    /// Words of an input were run as a command.
    fn was_tricked(&self) -> bool {
        let all = walkdir::WalkDir::new(self.folder.path());
        all.into_iter().flatten().any(|entry| {
            ["tricked", "tricked.json"].contains(&&*entry.file_name().to_string_lossy())
        })
    }
}

/// What would run a command if any text of an input became part of one.
const TRICKS: &[&str] = &[
    "$(touch tricked)",
    "`touch tricked`",
    "\"; touch tricked; \"",
    "'; touch tricked; '",
    "x\nEND\ntouch tricked\n",
    "--output=tricked.json",
    "&& touch tricked",
];

/// All of them in one text, by lines and in one line.
fn tricks() -> [String; 2] {
    let lines = TRICKS.join("\n");
    let line = lines.replace('\n', " ");
    [lines, line]
}

// --- pre-commit

fn pre_commit_hooks() -> Vec<Value> {
    let name = ".pre-commit-hooks.yaml";
    yaml(name, &read(name)).as_array().unwrap().clone()
}

#[test]
fn hooks_take_every_format() {
    for hook in pre_commit_hooks() {
        let id = text(&hook["id"]).to_owned();
        if id.starts_with("etalon-rules") {
            continue;
        }
        let pattern = text(&hook["files"]);
        let endings = pattern
            .strip_prefix(r"(?i)\.(")
            .and_then(|rest| rest.strip_suffix(")$"));
        let endings: BTreeSet<&str> = endings.unwrap().split('|').collect();
        let known = Format::ENDINGS.iter();
        let known = known.filter(|(_, format)| id == "etalon-lint" || !format.is_packed());
        assert_eq!(endings, known.map(|(ending, _)| *ending).collect(), "{id}");
    }
}

#[test]
fn hooks_run() {
    let place = Place::new();
    let work = place.path("work");
    let made = Command::new(ETALON)
        .current_dir(&work)
        .args(["rules", "new", "order.thanks", "--into", "packs/ours"])
        .status();
    assert!(made.unwrap().success());
    fs::write(
        work.join("etalon.toml"),
        "include = [\"scripts/\", \"clean/\"]\n",
    )
    .unwrap();
    fs::write(work.join("README.md"), "О: Деньги.\n").unwrap();
    fs::write(work.join("scripts/new.md"), "О: Деньги.\n").unwrap();
    // id, arguments of the user, files of the commit, status
    let table: &[(&str, &[&str], &[&str], i32)] = &[
        ("etalon-lint", &[], &["scripts/new.md"], 1),
        ("etalon-lint", &["--fail-on=never"], &["scripts/new.md"], 0),
        ("etalon-lint", &[], &["clean/a.txt", "README.md"], 0),
        ("etalon-lint", &["--no-config"], &["README.md"], 1),
        (
            "etalon-lint-fix",
            &[],
            &["scripts/new.md", "README.md", "clean/a.txt"],
            0,
        ),
        ("etalon-rules-check", &["packs/ours"], &[], 0),
        ("etalon-rules-test", &["packs/ours"], &[], 0),
        ("etalon-rules-check", &[], &[], 2),
        ("etalon-rules-test", &[], &[], 2),
        (
            "etalon-rules-test",
            &["packs/ours", "--pack", "packs/theirs"],
            &[],
            2,
        ),
    ];
    let hooks = pre_commit_hooks();
    for (id, args, files, expected) in table {
        let hook = hooks.iter().find(|hook| hook["id"] == *id).unwrap();
        assert_eq!(hook["language"], "rust");
        let mut entry = text(&hook["entry"]).split(' ');
        assert_eq!(entry.next(), Some("etalon"));
        let passes = hook["pass_filenames"].as_bool().unwrap_or(true);
        assert!(passes || files.is_empty());
        let output = Command::new(ETALON)
            .current_dir(&work)
            .args(entry)
            .args(*args)
            .args(*files)
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(
            output.status.code(),
            Some(*expected),
            "{id} {args:?}: {told}"
        );
    }
    let now = |name: &str| fs::read_to_string(work.join(name)).unwrap();
    assert_eq!(now("scripts/new.md"), "О: Денежные средства.\n");
    assert_eq!(now("README.md"), "О: Деньги.\n");
}

// --- GitHub

/// Runs the steps of `action.yml`.
struct Action {
    place: Place,
    action: Value,
    /// `binary.key` → what the step gave.
    given: BTreeMap<String, String>,
    /// Actions of others that were used.
    used: Vec<String>,
    said: String,
    summary: String,
}

impl Action {
    /// The status of the first step that failed, or 0.
    fn run(inputs: &[(&str, &str)], cached: bool) -> (i32, Self) {
        Self::run_in(Place::new(), inputs, cached)
    }

    fn run_in(place: Place, inputs: &[(&str, &str)], cached: bool) -> (i32, Self) {
        let mut run = Self {
            place,
            action: yaml("action.yml", &read("action.yml")),
            given: BTreeMap::new(),
            used: Vec::new(),
            said: String::new(),
            summary: String::new(),
        };
        let known = run.action["inputs"].as_object().unwrap().clone();
        for (name, input) in &known {
            let default = text(&input["default"]).to_owned();
            run.given.insert(format!("inputs.{name}"), default);
        }
        for (name, value) in inputs {
            let set = run
                .given
                .insert(format!("inputs.{name}"), (*value).to_owned());
            assert!(set.is_some(), "{name}");
        }
        let source = root().to_string_lossy().into_owned();
        run.given.insert("github.action_path".to_owned(), source);
        run.given
            .insert("github.action_repository".to_owned(), "o/etalon".to_owned());
        assert_eq!(run.action["runs"]["using"], "composite");
        let steps = run.action["runs"]["steps"].as_array().unwrap().clone();
        let mut path = Vec::new();
        for step in &steps {
            if step.get("if").is_some_and(|when| !run.holds(text(when))) {
                continue;
            }
            if let Some(used) = step.get("uses") {
                run.used.push(text(used).to_owned());
                let with = step["with"].as_object().unwrap();
                assert!(
                    with.values()
                        .all(|value| !run.filled(text(value)).is_empty())
                );
                let id = text(&step["id"]);
                run.given
                    .insert(format!("steps.{id}.outputs.cache-hit"), cached.to_string());
                continue;
            }
            let status = run.step(step, &mut path);
            if status != 0 {
                return (status, run);
            }
        }
        (0, run)
    }

    fn step(&mut self, step: &Value, path: &mut Vec<String>) -> i32 {
        let script = text(&step["run"]);
        // An expression in a script would be an injection.
        assert!(!script.contains("${{"), "{script}");
        assert_eq!(step["shell"], "bash");
        let files = ["GITHUB_OUTPUT", "GITHUB_PATH", "GITHUB_STEP_SUMMARY"];
        let temp = self.place.path("temp");
        let mut env: BTreeMap<String, String> = files
            .iter()
            .map(|name| {
                fs::write(temp.join(name), "").unwrap();
                let path = temp.join(name).to_string_lossy().into_owned();
                ((*name).to_owned(), path)
            })
            .collect();
        for (name, value) in [
            ("RUNNER_OS", "Linux"),
            ("RUNNER_ARCH", "X64"),
            ("GITHUB_SERVER_URL", "https://github.com"),
            ("RUNNER_TEMP", &temp.to_string_lossy()),
        ] {
            env.insert(name.to_owned(), value.to_owned());
        }
        for (name, value) in step["env"].as_object().unwrap() {
            env.insert(name.clone(), self.filled(text(value)));
        }
        if !path.is_empty() {
            env.insert("PATH".to_owned(), path.join(":"));
        }
        let bash = ["bash", "--noprofile", "--norc", "-eo", "pipefail"];
        let (status, out, err) = self.place.shell(&bash, script, &env);
        self.said.push_str(&out);
        self.said.push_str(&err);
        let written = |name: &str| fs::read_to_string(temp.join(name)).unwrap();
        self.summary.push_str(&written("GITHUB_STEP_SUMMARY"));
        path.extend(written("GITHUB_PATH").lines().map(str::to_owned));
        let outputs = written("GITHUB_OUTPUT");
        for line in outputs.lines() {
            let (name, value) = line.split_once('=').expect("NAME=VALUE");
            let id = text(&step["id"]);
            let before = self
                .given
                .insert(format!("steps.{id}.outputs.{name}"), value.to_owned());
            assert_eq!(before, None, "{name} is given twice");
        }
        status
    }

    /// A text with its expressions filled in; what no step gave is empty.
    fn filled(&self, text: &str) -> String {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${{") {
            let (expression, after) = after.split_once("}}").unwrap();
            filled.push_str(before);
            filled.push_str(&self.value(expression.trim()));
            rest = after;
        }
        filled + rest
    }

    fn value(&self, expression: &str) -> String {
        let known = ["inputs.", "steps.", "github."];
        assert!(
            known.iter().any(|known| expression.starts_with(known)),
            "{expression}"
        );
        assert!(
            !expression.starts_with("inputs.") || self.given.contains_key(expression),
            "{expression}"
        );
        self.given.get(expression).cloned().unwrap_or_default()
    }

    /// Whether a condition holds: comparisons with texts, joined by `&&`.
    fn holds(&self, condition: &str) -> bool {
        condition.split(" && ").all(|part| {
            let (left, same, right) = match (part.split_once(" == "), part.split_once(" != ")) {
                (Some((left, right)), None) => (left, true, right),
                (None, Some((left, right))) => (left, false, right),
                _ => panic!("{part}"),
            };
            let right = right.strip_prefix('\'').and_then(|t| t.strip_suffix('\''));
            (self.value(left) == right.unwrap()) == same
        })
    }

    /// An output of the action.
    fn output(&self, name: &str) -> String {
        self.filled(text(&self.action["outputs"][name]["value"]))
    }
}

#[test]
fn the_action_lints() {
    let (status, run) = Action::run(&[("paths", "scripts")], false);
    assert_eq!(status, 1, "{}", run.said);
    assert_eq!(run.used, ["actions/cache@v4"]);
    let built = fs::read_to_string(run.place.path("temp/cargo-args")).unwrap();
    let source = format!("--path={}", root().display());
    assert!(built.lines().any(|arg| arg == source), "{built}");
    assert!(run.said.contains("::error file=scripts/"), "{}", run.said);
    assert_eq!(
        (run.output("status"), run.output("sarif")),
        ("1".to_owned(), "etalon.sarif".to_owned())
    );
    let sarif = fs::read_to_string(run.place.path("work/etalon.sarif")).unwrap();
    let sarif: Value = serde_json::from_str(&sarif).unwrap();
    let count = |level: &str| {
        let results = sarif["runs"][0]["results"].as_array().unwrap().iter();
        results.filter(|result| result["level"] == level).count()
    };
    let (errors, warnings) = (count("error"), count("warning"));
    assert!(errors > 10 && warnings > 10);
    assert_eq!(run.output("errors"), errors.to_string());
    assert_eq!(run.output("warnings"), warnings.to_string());
    let total = format!("Errors: {errors}, warnings: {warnings}");
    assert!(run.summary.contains(&total), "{}", run.summary);
    let rows = run.summary.lines().filter(|line| line.starts_with("| "));
    let counted: usize = rows
        .filter_map(|row| row.split(' ').nth(1)?.parse::<usize>().ok())
        .sum();
    assert_eq!(counted, errors + warnings, "{}", run.summary);
}

#[test]
fn the_action_and_its_inputs() {
    // inputs, built already, status
    type Row<'r> = (&'r [(&'r str, &'r str)], bool, i32);
    let table: &[Row<'_>] = &[
        (&[("paths", "clean")], true, 0),
        (&[("paths", "clean"), ("sarif", "")], false, 0),
        (&[("paths", "clean"), ("version", "v9.9.9")], false, 0),
        (&[("paths", "scripts"), ("fail-on", "never")], false, 0),
        (&[("paths", "  clean  \n\n scripts\n")], false, 1),
        (&[("paths", "clean\nabsent.md")], false, 3),
        (&[("paths", "")], false, 2),
        (&[("paths", "clean"), ("fail-on", "loud")], false, 2),
        (
            &[
                ("paths", "clean"),
                ("pack", "mts\nyumek"),
                ("line", "ookk"),
                ("direction", "inbound"),
            ],
            false,
            0,
        ),
        (&[("paths", "clean"), ("pack", "absent")], false, 2),
        (&[("paths", "clean"), ("baseline", "absent.json")], false, 2),
        (&[("paths", "clean"), ("config", "absent.toml")], false, 2),
        (&[("paths", "clean"), ("format", "full")], false, 0),
        (&[("paths", "clean"), ("version", "installed")], false, 0),
    ];
    for (inputs, cached, expected) in table {
        let place = Place::new();
        let installed = inputs.contains(&("version", "installed"));
        if installed {
            place.program("bin/etalon", "exec \"$TEST_ETALON\" \"$@\"\n");
        }
        if *cached {
            // What a cache would bring back is put where the build would have put it, by the one name that is the key's.
            let (_, before) = Action::run(&[("paths", "clean")], false);
            let path = before.value("steps.binary.outputs.root");
            let name = Path::new(&path).file_name().unwrap().to_owned();
            let bin = place.path("temp").join(name).join("bin");
            fs::create_dir_all(&bin).unwrap();
            let bin = bin.strip_prefix(place.folder.path()).unwrap();
            let etalon = bin.join("etalon").to_string_lossy().into_owned();
            place.program(&etalon, "exec \"$TEST_ETALON\" \"$@\"\n");
        }
        let (status, run) = Action::run_in(place, inputs, *cached);
        assert_eq!(status, *expected, "{inputs:?}\n{}", run.said);
        assert_eq!(run.output("status"), expected.to_string(), "{inputs:?}");
        let built = run.place.path("temp/cargo-args").exists();
        assert_eq!(built, !*cached && !installed, "{inputs:?}");
        if built && inputs.contains(&("version", "v9.9.9")) {
            let args = fs::read_to_string(run.place.path("temp/cargo-args")).unwrap();
            assert!(
                args.contains("--git=https://github.com/o/etalon\n--tag=v9.9.9\n"),
                "{args}"
            );
        }
        let sarif = run.place.path("work/etalon.sarif").exists();
        assert_eq!(run.output("sarif") == "etalon.sarif", sarif, "{inputs:?}");
    }
}

#[test]
fn the_action_is_not_tricked() {
    let action = yaml("action.yml", &read("action.yml"));
    for input in keys(&action["inputs"]) {
        for trick in tricks() {
            let mut inputs = vec![("paths", "clean")];
            inputs.retain(|(name, _)| *name != input);
            inputs.push((&input, &trick));
            let (status, run) = Action::run(&inputs, false);
            assert!(!run.place.was_tricked(), "{input}: {trick}\n{}", run.said);
            // A tag may be called anything.
            assert!(status != 0 || input == "version", "{input}: {trick}");
        }
    }
    let (status, run) = Action::run(&[("paths", "clean"), ("sarif", "a.sarif\nstatus=0")], false);
    assert_eq!((status, run.output("status")), (2, String::new()));
}

// --- GitLab

/// `(status, standard output and error)` of a job of `ci/gitlab.yml`.
fn job(place: &Place, name: &str, set: &[(&str, &str)], shell: &[&str]) -> (i32, String) {
    let file = yaml("ci/gitlab.yml", &read("ci/gitlab.yml"));
    let job = &file[name];
    assert_eq!(job["extends"], ".etalon");
    let lines = [&file[".etalon"]["before_script"], &job["script"]];
    let lines = lines
        .iter()
        .flat_map(|lines| lines.as_array().unwrap())
        .map(text);
    let script = lines.collect::<Vec<_>>().join("\n");
    let mut env: BTreeMap<String, String> = file["variables"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, value)| (name.clone(), text(value).to_owned()))
        .collect();
    for (name, value) in set {
        let known = env.insert((*name).to_owned(), (*value).to_owned());
        assert!(known.is_some(), "{name}");
    }
    let work = place.path("work").to_string_lossy().into_owned();
    env.insert("CI_PROJECT_DIR".to_owned(), work);
    let (status, out, err) = place.shell(shell, &script, &env);
    (status, out + &err)
}

const SHELLS: [&[&str]; 2] = [&["sh", "-e"], &["bash", "-eo", "pipefail"]];
const FROM: [(&str, &str); 2] = [
    ("ETALON_SOURCE", "https://example.com/etalon.git"),
    ("ETALON_VERSION", "v0.1.0"),
];

#[test]
fn the_gitlab_jobs_run() {
    for shell in SHELLS {
        let place = Place::new();
        let with = |set: &[(&'static str, &'static str)]| [&FROM[..], set].concat();
        let lint =
            |set: &[(&'static str, &'static str)]| job(&place, "etalon-lint", &with(set), shell);
        let (status, said) = lint(&[("ETALON_PATHS", "scripts")]);
        assert_eq!(status, 1, "{said}");
        let args = fs::read_to_string(place.path("temp/cargo-args")).unwrap();
        assert!(
            args.contains("--git=https://example.com/etalon.git\n--tag=v0.1.0\n"),
            "{args}"
        );
        let file = yaml("ci/gitlab.yml", &read("ci/gitlab.yml"));
        let reports = &file["etalon-lint"]["artifacts"]["reports"];
        let report =
            |name: &str| fs::read_to_string(place.path("work").join(text(&reports[name]))).unwrap();
        let quality: Value = serde_json::from_str(&report("codequality")).unwrap();
        let quality = quality.as_array().unwrap();
        assert!(quality.len() > 20 && quality.iter().all(|one| one["fingerprint"].is_string()));
        assert!(report("junit").starts_with("<?xml"));
        // variables, status
        let table: &[(&[(&str, &str)], i32)] = &[
            (&[("ETALON_PATHS", "clean")], 0),
            (&[("ETALON_PATHS", "clean\nscripts\n")], 1),
            (
                &[("ETALON_PATHS", "scripts"), ("ETALON_FAIL_ON", "never")],
                0,
            ),
            (
                &[
                    ("ETALON_PATHS", "clean"),
                    ("ETALON_PACK", "mts\nyumek"),
                    ("ETALON_LINE", "ookk"),
                ],
                0,
            ),
            (
                &[
                    ("ETALON_PATHS", "clean"),
                    ("ETALON_BASELINE", "absent.json"),
                ],
                2,
            ),
            (&[("ETALON_PATHS", "")], 2),
        ];
        for (set, expected) in table {
            let (status, said) = lint(set);
            assert_eq!(status, *expected, "{set:?}\n{said}");
        }
        assert_eq!(report("codequality").trim(), "[]");
        let made = Command::new(ETALON)
            .current_dir(place.path("work"))
            .args(["rules", "new", "order.thanks", "--into", "packs/ours"])
            .status();
        assert!(made.unwrap().success());
        let (status, said) = job(
            &place,
            "etalon-rules",
            &with(&[("ETALON_RULES", "packs/ours")]),
            shell,
        );
        assert_eq!(status, 0, "{said}");
        let rules = job(
            &place,
            "etalon-rules",
            &with(&[("ETALON_RULES", "packs/ours\npacks/absent")]),
            shell,
        );
        assert_eq!(rules.0, 2, "{}", rules.1);
        let nowhere = Place::new();
        let (status, said) = job(&nowhere, "etalon-lint", &[], shell);
        assert!(status == 2 && said.contains("ETALON_SOURCE"), "{said}");
    }
}

#[test]
fn the_gitlab_jobs_are_not_tricked() {
    let file = yaml("ci/gitlab.yml", &read("ci/gitlab.yml"));
    for variable in keys(&file["variables"]) {
        for trick in tricks() {
            for name in ["etalon-lint", "etalon-rules"] {
                let script = file[name]["script"].to_string();
                if !FROM.iter().any(|(from, _)| *from == variable) && !script.contains(&variable) {
                    continue;
                }
                let place = Place::new();
                let mut set = FROM.to_vec();
                set.extend([("ETALON_PATHS", "clean"), ("ETALON_RULES", "packs/absent")]);
                set.retain(|(name, _)| *name != variable);
                set.push((&variable, &trick));
                let (_, said) = job(&place, name, &set, SHELLS[0]);
                assert!(!place.was_tricked(), "{name}: {variable}: {trick}\n{said}");
            }
        }
    }
}
