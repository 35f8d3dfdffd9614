//! The language server: the protocol is spoken to the binary as an editor would.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::{Value, json};

/// Nothing takes so long; a server that is silent is one that hangs.
const PATIENCE: Duration = Duration::from_secs(60);

/// An editor.
struct Editor {
    child: Child,
    stdin: Option<ChildStdin>,
    messages: Receiver<Value>,
    n_requests: i64,
    /// What was told last about each address: version, diagnostics.
    told: BTreeMap<String, (Value, Vec<Value>)>,
}

impl Editor {
    /// Starts the server in a folder without a word.
    fn silent(folder: &Path, args: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_etalon"))
            .current_dir(folder)
            .arg("lsp")
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let stdin = child.stdin.take();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let (sender, messages) = channel();
        std::thread::spawn(move || {
            let mut header = String::new();
            while stdout.read_line(&mut header).is_ok_and(|n| n > 0) {
                let length = header.strip_prefix("Content-Length: ");
                let length = length.and_then(|length| length.trim().parse().ok());
                let mut body = vec![0; length.expect("nothing but the protocol on stdout")];
                header.clear();
                stdout.read_line(&mut header).unwrap();
                assert_eq!(header, "\r\n");
                header.clear();
                stdout.read_exact(&mut body).unwrap();
                let message: Value = serde_json::from_slice(&body).unwrap();
                assert_eq!(message["jsonrpc"], "2.0");
                if sender.send(message).is_err() {
                    break;
                }
            }
        });
        Self {
            child,
            stdin,
            messages,
            n_requests: 0,
            told: BTreeMap::new(),
        }
    }

    /// Starts it and says hello.
    fn new(folder: &Path, args: &[&str], capabilities: Value) -> Self {
        let mut editor = Self::silent(folder, args);
        let params = json!({"processId": null, "rootUri": null, "capabilities": capabilities});
        let answer = editor.ask("initialize", params);
        assert_eq!(answer["serverInfo"]["name"], "etalon");
        editor.tell("initialized", json!({}));
        editor
    }

    fn raw(&mut self, bytes: &[u8]) {
        let stdin = self.stdin.as_mut().unwrap();
        stdin.write_all(bytes).unwrap();
        stdin.flush().unwrap();
    }

    fn send(&mut self, mut message: Value) {
        message["jsonrpc"] = "2.0".into();
        let body = message.to_string();
        let frame = format!("Content-Length: {}\r\n\r\n{body}", body.len());
        self.raw(frame.as_bytes());
    }

    fn tell(&mut self, method: &str, params: Value) {
        self.send(json!({"method": method, "params": params}));
    }

    fn next(&mut self) -> Value {
        let message = self.messages.recv_timeout(PATIENCE).expect("an answer");
        if message["method"] == "textDocument/publishDiagnostics" {
            let params = &message["params"];
            let diagnostics = params["diagnostics"].as_array().unwrap().clone();
            let uri = params["uri"].as_str().unwrap().to_owned();
            self.told
                .insert(uri, (params["version"].clone(), diagnostics));
        }
        message
    }

    /// The whole answer to a request.
    fn answer(&mut self, method: &str, params: Value) -> Value {
        self.n_requests += 1;
        let id = self.n_requests;
        self.send(json!({"id": id, "method": method, "params": params}));
        loop {
            let message = self.next();
            if message["id"] == id && message["method"].is_null() {
                return message;
            }
        }
    }

    /// The result of a request.
    fn ask(&mut self, method: &str, params: Value) -> Value {
        let answer = self.answer(method, params);
        assert!(answer["error"].is_null(), "{answer}");
        answer["result"].clone()
    }

    fn code(&mut self, method: &str, params: Value) -> i64 {
        self.answer(method, params)["error"]["code"]
            .as_i64()
            .unwrap()
    }

    fn open(&mut self, uri: &str, text: &str) -> Vec<Value> {
        let language = if uri.ends_with(".toml") {
            "toml"
        } else {
            "markdown"
        };
        let document = json!({"uri": uri, "languageId": language, "version": 1, "text": text});
        self.told.remove(uri);
        self.tell("textDocument/didOpen", json!({"textDocument": document}));
        self.diagnostics(uri, 1)
    }

    /// Changes without waiting.
    fn send_change(&mut self, uri: &str, version: i64, changes: Value) {
        let document = json!({"uri": uri, "version": version});
        let params = json!({"textDocument": document, "contentChanges": changes});
        self.tell("textDocument/didChange", params);
    }

    fn change(&mut self, uri: &str, version: i64, changes: Value) -> Vec<Value> {
        self.send_change(uri, version, changes);
        self.diagnostics(uri, version)
    }

    /// The whole text anew.
    fn replace(&mut self, uri: &str, version: i64, text: &str) -> Vec<Value> {
        self.change(uri, version, json!([{"text": text}]))
    }

    /// What is told about a version of a document.
    fn diagnostics(&mut self, uri: &str, version: i64) -> Vec<Value> {
        loop {
            if let Some((told, diagnostics)) = self.told.get(uri)
                && *told == version
            {
                return diagnostics.clone();
            }
            self.next();
        }
    }

    /// What is told next about a document.
    fn told_next(&mut self, uri: &str) -> Vec<Value> {
        self.told.remove(uri);
        loop {
            if let Some((_, diagnostics)) = self.told.get(uri) {
                return diagnostics.clone();
            }
            self.next();
        }
    }

    fn actions(&mut self, uri: &str, range: Value, only: Option<&str>) -> Vec<Value> {
        let mut context = json!({"diagnostics": []});
        if let Some(only) = only {
            context["only"] = json!([only]);
        }
        let document = json!({"uri": uri});
        let params = json!({"textDocument": document, "range": range, "context": context});
        let actions = self.ask("textDocument/codeAction", params);
        actions.as_array().cloned().unwrap_or_default()
    }

    fn hover(&mut self, uri: &str, line: u32, character: u32) -> String {
        let position = json!({"line": line, "character": character});
        let params = json!({"textDocument": {"uri": uri}, "position": position});
        let hover = self.ask("textDocument/hover", params);
        let text = hover["contents"]["value"].as_str();
        text.unwrap_or_default().to_owned()
    }

    /// Says goodbye, if it has to; the exit status.
    fn end(mut self, shutdown: bool) -> i32 {
        if shutdown {
            assert_eq!(self.ask("shutdown", Value::Null), Value::Null);
        }
        self.tell("exit", Value::Null);
        self.child.wait().unwrap().code().unwrap()
    }
}

impl Drop for Editor {
    fn drop(&mut self) {
        drop(self.stdin.take());
        let _ = self.child.wait();
    }
}

fn uri(path: &Path) -> String {
    format!("file://{}", path.display())
}

fn write(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, text).unwrap();
    path
}

fn folder() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().canonicalize().unwrap();
    (folder, path)
}

/// How many units of an encoding a text has.
fn units(text: &str, encoding: &str) -> usize {
    match encoding {
        "utf-8" => text.len(),
        "utf-16" => text.encode_utf16().count(),
        _ => text.chars().count(),
    }
}

/// The byte at a position, counted as the protocol says and as simply as can be.
fn byte_at(text: &str, position: &Value, encoding: &str) -> usize {
    let mut rest = text;
    for _ in 0..position["line"].as_u64().unwrap() {
        let end = rest.find(['\n', '\r']).unwrap();
        let width = if rest[end..].starts_with("\r\n") {
            2
        } else {
            1
        };
        rest = &rest[end + width..];
    }
    let start = text.len() - rest.len();
    let line = rest.split(['\n', '\r']).next().unwrap();
    let character = position["character"].as_u64().unwrap() as usize;
    let mut passed = 0;
    let at = line.char_indices().find_map(|(at, c)| {
        let here = passed == character;
        passed += units(c.encode_utf8(&mut [0; 4]), encoding);
        here.then_some(at)
    });
    let at = at.or((passed == character).then_some(line.len()));
    start + at.expect("a position on a character's border")
}

/// What a diagnostic marks.
fn marked<'t>(text: &'t str, diagnostic: &Value, encoding: &str) -> &'t str {
    let at = |end: &str| byte_at(text, &diagnostic["range"][end], encoding);
    &text[at("start")..at("end")]
}

/// A text after edits, which are all for the text as it was.
fn edited(text: &str, edits: &Value) -> String {
    let mut edits: Vec<(usize, usize, &str)> = edits
        .as_array()
        .unwrap()
        .iter()
        .map(|edit| {
            let at = |end: &str| byte_at(text, &edit["range"][end], "utf-16");
            (at("start"), at("end"), edit["newText"].as_str().unwrap())
        })
        .collect();
    edits.sort_unstable();
    let mut new = text.to_owned();
    for (start, end, put) in edits.into_iter().rev() {
        new.replace_range(start..end, put);
    }
    new
}

/// `(code, marked words)`, sorted.
fn found<'t>(text: &'t str, diagnostics: &[Value]) -> Vec<(String, &'t str)> {
    let pair = |it: &Value| {
        let code = it["code"].as_str().unwrap().to_owned();
        (code, marked(text, it, "utf-16"))
    };
    let mut found: Vec<_> = diagnostics.iter().map(pair).collect();
    found.sort_unstable();
    found
}

fn codes(diagnostics: &[Value]) -> Vec<&str> {
    diagnostics
        .iter()
        .map(|it| it["code"].as_str().unwrap())
        .collect()
}

#[test]
fn a_talk_in_order_and_out_of_it() {
    let (_folder, path) = folder();
    let hello = json!({"capabilities": {}});
    let mut editor = Editor::silent(&path, &[]);
    assert_eq!(editor.code("textDocument/hover", json!({})), -32002);
    editor.tell("textDocument/didOpen", json!({"nonsense": 1}));
    let result = editor.ask("initialize", hello.clone());
    assert_eq!(result["capabilities"]["positionEncoding"], "utf-16");
    editor.tell("initialized", json!({}));
    assert_eq!(editor.code("initialize", hello), -32600);
    assert_eq!(editor.code("textDocument/definition", json!({})), -32601);
    assert_eq!(editor.code("$/whatever", Value::Null), -32601);
    assert_eq!(editor.code("textDocument/hover", json!({"odd": 1})), -32602);
    // What is no message, what nobody knows, what is about nothing that is open.
    editor.raw(b"Content-Length: 5\r\n\r\n{oops");
    editor.raw(b"rubbish\r\n");
    editor.tell("$/setTrace", json!({"value": "off"}));
    editor.tell("textDocument/didChange", json!([1, 2]));
    editor.send_change("file:///nothing.md", 7, json!([{"text": "О: Вышлю."}]));
    editor.tell(
        "textDocument/didClose",
        json!({"textDocument": {"uri": "file:///nothing.md"}}),
    );
    editor.tell(
        "textDocument/didClose",
        json!({"textDocument": {"uri": "::"}}),
    );
    editor.send(json!({"id": 99, "result": null}));
    assert_eq!(editor.hover("file:///nothing.md", 3, 3), "");
    assert_eq!(editor.hover("untitled:Untitled-1", 3, 3), "");
    // A change of what is not open opens nothing.
    let text = "О: Вышлю.\n";
    assert_eq!(
        codes(&editor.open("untitled:Untitled-1", text)),
        ["literacy.send"]
    );
    assert_eq!(editor.ask("shutdown", Value::Null), Value::Null);
    assert_eq!(editor.code("textDocument/hover", json!({})), -32600);
    assert_eq!(editor.end(false), 0);

    assert_eq!(Editor::new(&path, &[], json!({})).end(true), 0);
    assert_eq!(Editor::new(&path, &[], json!({})).end(false), 1);
    assert_eq!(Editor::silent(&path, &["--stdio"]).end(false), 1);
    let mut editor = Editor::new(&path, &[], json!({}));
    drop(editor.stdin.take());
    assert_eq!(editor.child.wait().unwrap().code(), Some(1));
    // A length that nobody has the memory for ends the talk, although standard input stays open.
    let mut editor = Editor::new(&path, &[], json!({}));
    editor.raw(b"Content-Length: 8589934592\r\n\r\n{");
    assert_eq!(editor.child.wait().unwrap().code(), Some(1));
    // One that is no number is passed over like other rubbish.
    let mut editor = Editor::new(&path, &[], json!({}));
    editor.raw(b"Content-Length: 99999999999999999999999\r\n\r\n");
    assert_eq!(
        codes(&editor.open("untitled:Untitled-1", text)),
        ["literacy.send"]
    );
    assert_eq!(editor.end(true), 0);
}

#[test]
fn places_in_every_encoding() {
    let (_folder, path) = folder();
    let text = "О: 😀 Вышлю деньги.\r\n\r\nК: 👍🏽 да\r\nО: Мо\u{301}жно тикет\rО: ещё «деньги»\nО: 𝒳 деньги";
    let words = ["Вышлю", "деньги", "тикет", "деньги", "деньги"];
    // offered, taken
    let table = [
        (json!(null), "utf-16"),
        (json!([]), "utf-16"),
        (json!(["utf-8", "utf-16"]), "utf-8"),
        (json!(["utf-16", "utf-8"]), "utf-16"),
        (json!(["utf-32", "utf-16"]), "utf-32"),
        (json!(["ucs-2", "utf-8"]), "utf-8"),
    ];
    for (offered, taken) in table {
        let mut editor = Editor::silent(&path, &[]);
        let general = json!({"general": {"positionEncodings": offered}});
        let result = editor.ask("initialize", json!({"capabilities": general}));
        assert_eq!(result["capabilities"]["positionEncoding"], taken);
        let diagnostics = editor.open(&uri(&path.join("a.txt")), text);
        let marked: Vec<_> = diagnostics
            .iter()
            .map(|it| marked(text, it, taken))
            .collect();
        assert_eq!(marked, words, "{taken}");
        // A byte order mark that the editor left in the text.
        let marked_text = format!("\u{feff}{text}");
        let diagnostics = editor.replace(&uri(&path.join("a.txt")), 2, &marked_text);
        let words_behind: Vec<_> = diagnostics
            .iter()
            .map(|it| self::marked(&marked_text, it, taken))
            .collect();
        assert_eq!(words_behind, words, "{taken}");
    }
}

#[test]
fn the_same_as_lint() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/scripts/files");
    let capabilities = json!({"general": {"positionEncodings": ["utf-32"]}});
    let mut editor = Editor::new(&root, &[], capabilities);
    let mut n_findings = 0;
    let mut files: Vec<PathBuf> = fs::read_dir(&root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    for path in files {
        let ending = path.extension().unwrap().to_str().unwrap();
        let Ok(text) = fs::read_to_string(&path) else {
            continue;
        };
        if !["md", "txt", "html", "csv"].contains(&ending) {
            continue;
        }
        let output = Command::new(env!("CARGO_BIN_EXE_etalon"))
            .current_dir(&root)
            .args(["lint", "--format", "json"])
            .arg(&path)
            .output()
            .unwrap();
        let lint: Value = serde_json::from_slice(&output.stdout).unwrap();
        let place = |it: &Value, line: &str, column: &str| {
            (it[line].as_u64().unwrap(), it[column].as_u64().unwrap())
        };
        let mut expected: Vec<_> = lint
            .as_array()
            .unwrap()
            .iter()
            .map(|it| {
                let severity = if it["severity"] == "error" { 1 } else { 2 };
                let message = it["message"].as_str().unwrap().to_owned();
                let ends = (
                    place(it, "line", "column"),
                    place(it, "end_line", "end_column"),
                );
                (
                    ends,
                    it["criterion"].as_str().unwrap().to_owned(),
                    severity,
                    message,
                )
            })
            .collect();
        expected.sort();
        let told = editor.open(&uri(&path), &text);
        let mut got: Vec<_> = told
            .iter()
            .filter(|it| !it["code"].as_str().unwrap().contains('/'))
            .map(|it| {
                let from_one = |(line, column)| (line + 1, column + 1);
                let range = &it["range"];
                let ends = (
                    from_one(place(&range["start"], "line", "character")),
                    from_one(place(&range["end"], "line", "character")),
                );
                assert_eq!(it["source"], "etalon");
                let message = it["message"].as_str().unwrap();
                let message = message.lines().next().unwrap().to_owned();
                let code = it["code"].as_str().unwrap().to_owned();
                (ends, code, it["severity"].as_u64().unwrap(), message)
            })
            .collect();
        got.sort();
        n_findings += got.len();
        // An end on the next line begins it: a tail of lines counts from its own beginning in both.
        assert_eq!(got, expected, "{}", path.display());
    }
    assert!(n_findings > 40, "{n_findings}");
}

/// Numbers that look random and are the same every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }
}

#[test]
fn edits_come_to_the_same_as_opening_anew() {
    let (_folder, path) = folder();
    let pieces = [
        "О: ",
        "К: ",
        "Вышлю деньги. ",
        "😀",
        "\r\n",
        "\n",
        "\r",
        "## Прощание\n\n",
        "Здравствуйте! ",
        "тикет ",
        "«",
        "»",
        "- ",
        "Если клиент согласен:\n",
        "Спасибо за ожидание. ",
        "[имя] ",
        "<!-- etalon: ignore literacy.money: так -->",
        "| Ответ |\n|---|\n",
        "---\n",
        "etalon: {pack: yumek}\n",
        "ё",
        "e\u{301}",
        "```\n",
        "",
        "",
    ];
    for (seed, ending) in [
        (1, "md"),
        (2, "txt"),
        (3, "html"),
        (4, "csv"),
        (5, "md"),
        (6, "txt"),
    ] {
        let mut editor = Editor::new(&path, &[], json!({}));
        let mut dice = Dice(seed);
        let (own, fresh) = (format!("e{seed}.{ending}"), format!("f{seed}.{ending}"));
        let (own, fresh) = (uri(&path.join(own)), uri(&path.join(fresh)));
        let mut text = "О: Вышлю деньги.\r\nК: 😀 нет\n\nО: До свидания".to_owned();
        editor.open(&own, &text);
        for version in 2..60 {
            let mut changes = Vec::new();
            for _ in 0..=dice.roll(3) {
                // Places as an editor has them: a line, and units of UTF-16 in it.
                let borders: Vec<usize> = (0..=text.len())
                    .filter(|at| text.is_char_boundary(*at))
                    .filter(|at| !(text[..*at].ends_with('\r') && text[*at..].starts_with('\n')))
                    .collect();
                let from = dice.roll(borders.len());
                let to = (from + dice.roll(12)).min(borders.len() - 1);
                let (from, to) = (borders[from], borders[to]);
                let position = |at: usize| {
                    let before = text[..at].replace("\r\n", "\n").replace('\r', "\n");
                    let line = before.matches('\n').count();
                    let character = units(before.rsplit('\n').next().unwrap(), "utf-16");
                    json!({"line": line, "character": character})
                };
                let put = pieces[dice.roll(pieces.len())];
                let range = json!({"start": position(from), "end": position(to)});
                text.replace_range(from..to, put);
                changes.push(json!({"range": range, "text": put}));
                if dice.roll(40) == 0 {
                    changes.push(json!({"text": text}));
                }
            }
            let changes = Value::from(changes);
            if dice.roll(4) == 0 {
                editor.send_change(&own, version, changes);
                continue;
            }
            let told = editor.change(&own, version, changes);
            let anew = editor.open(&fresh, &text);
            assert_eq!(told, anew, "seed {seed}, version {version}: {text:?}");
            // Every place is one that the text has.
            found(&text, &told);
            let params = json!({"textDocument": {"uri": fresh}});
            editor.tell("textDocument/didClose", params);
            assert_eq!(editor.told_next(&fresh), [] as [Value; 0]);
        }
        assert_eq!(editor.end(true), 0);
    }
}

#[test]
fn places_that_are_not_there() {
    let (_folder, path) = folder();
    let mut editor = Editor::new(&path, &[], json!({}));
    let own = uri(&path.join("a.txt"));
    editor.open(&own, "О: 😀 да\nО: нет");
    let at = |line: u32, character: u32| json!({"line": line, "character": character});
    // Behind the end of a line is its end, behind the last line the end of the text, and within a letter its beginning.
    let changes = json!([
        {"range": {"start": at(0, 900), "end": at(0, 4_000_000_000)}, "text": " вышлю"},
        {"range": {"start": at(700, 3), "end": at(900, 0)}, "text": " тикет"},
        {"range": {"start": at(0, 4), "end": at(0, 4)}, "text": "деньги "},
        {"range": {"start": at(1, 9), "end": at(1, 2)}, "text": ""},
    ]);
    let told = editor.change(&own, 2, changes);
    let text = "О: деньги 😀 да вышлю\nО: нет тикет";
    let mut found: Vec<_> = found(text, &told)
        .into_iter()
        .map(|(_, words)| words)
        .collect();
    found.sort_unstable();
    assert_eq!(found, ["вышлю", "деньги", "тикет"]);
}

#[test]
fn fixes() {
    let (_folder, path) = folder();
    let texts = [
        (
            "a.md",
            "# Ответ\r\n\r\nОператор: 😀 Вышлю деньги, ихний ТИКЕТ.\r\n\r\n> Добрый день! Вышлем деньгами.\r\n",
        ),
        (
            "b.html",
            "<p>Оператор: Вышлю <b>деньги</b> и день<i>ги</i>.</p>\n<p>Оператор: ложите</p>",
        ),
        ("c.txt", "\u{feff}О: Вышлю деньги.\nО: Вышлю деньги."),
        (
            "d.csv",
            "Вопрос;Ответ\nда;\"Вышлю\nденьги\"\nнет;Вышлю ихний\n",
        ),
    ];
    let mut editor = Editor::new(&path, &[], json!({}));
    for (name, text) in texts {
        let file = write(&path, name, text);
        let own = uri(&file);
        let told = editor.open(&own, text);
        let all =
            json!({"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}});
        let actions = editor.actions(&own, all.clone(), Some("source.fixAll"));
        let output = Command::new(env!("CARGO_BIN_EXE_etalon"))
            .current_dir(&path)
            .args(["lint", "--fix", name])
            .output()
            .unwrap();
        assert!(output.status.code().is_some());
        let expected = fs::read_to_string(&file).unwrap();
        let [fix_all] = &actions[..] else {
            panic!("{name}: {actions:?}");
        };
        assert_eq!(fix_all["kind"], "source.fixAll.etalon");
        assert_eq!(
            edited(text, &fix_all["edit"]["changes"][&own]),
            expected,
            "{name}"
        );
        // One by one.
        let mut now = text.to_owned();
        for version in 2.. {
            let told = editor.replace(&own, version, &now);
            let actions = editor.actions(&own, all.clone(), Some("quickfix"));
            let safe = actions.iter().find(|action| action["isPreferred"] == true);
            let Some(safe) = safe else {
                assert!(told.len() < text.len());
                break;
            };
            let of = &safe["diagnostics"][0];
            assert!(told.contains(of), "{of}");
            assert!(safe["title"].as_str().unwrap().starts_with("Заменить «"));
            now = edited(&now, &safe["edit"]["changes"][&own]);
        }
        assert_eq!(now, expected, "{name}");
        assert!(!told.is_empty());
    }
    // A rewording is offered and not preferred.
    let own = uri(&path.join("e.txt"));
    editor.open(&own, "О: Добрый день!");
    let at = json!({"line": 0, "character": 4});
    let actions = editor.actions(&own, json!({"start": at, "end": at}), None);
    let title = |action: &Value| action["title"].as_str().unwrap().to_owned();
    let reword = actions
        .iter()
        .find(|it| title(it).starts_with("Переформулировать"));
    let reword = reword.unwrap();
    assert!(reword["isPreferred"].is_null() && title(reword).contains("«Здравствуйте»"));
    assert!(
        actions
            .iter()
            .all(|it| it["kind"] != "source.fixAll.etalon")
    );
    // Where nothing was found there is nothing to do, and kinds that are not ours are not answered.
    let far = json!({"start": {"line": 5, "character": 0}, "end": {"line": 5, "character": 0}});
    editor.replace(&own, 2, "О: Да.\nО: Вышлю.\n\n\n\nК: Да.");
    assert_eq!(
        editor.actions(&own, far.clone(), Some("quickfix")),
        [] as [Value; 0]
    );
    assert_eq!(
        editor.actions(&own, far, Some("refactor")),
        [] as [Value; 0]
    );
}

#[test]
fn edits_name_the_version_where_the_editor_wants_it() {
    let (_folder, path) = folder();
    let capabilities = json!({"workspace": {"workspaceEdit": {"documentChanges": true}}});
    let mut editor = Editor::new(&path, &[], capabilities);
    let own = uri(&path.join("a.txt"));
    editor.open(&own, "О: Да");
    editor.replace(&own, 17, "О: Вышлю");
    let at = json!({"line": 0, "character": 5});
    let actions = editor.actions(&own, json!({"start": at, "end": at}), None);
    let change = &actions[0]["edit"]["documentChanges"][0];
    assert_eq!(change["textDocument"], json!({"uri": own, "version": 17}));
    assert_eq!(change["edits"][0]["newText"], "Отправлю");
}

#[test]
fn remarks_let_a_finding_alone() {
    let (_folder, path) = folder();
    // name, text, criterion
    let table = [
        (
            "a.md",
            "О: Вышлю тикет.\r\n\r\nО: деньги\r\n",
            "literacy.money",
        ),
        (
            "b.md",
            "- Оператор: Вышлю\n  деньги и тикет\n",
            "literacy.money",
        ),
        (
            "c.md",
            "| Вопрос | Ответ |\n|---|---|\n| да | деньги |\n",
            "literacy.money",
        ),
        ("d.txt", "О: Вышлю.\nО: деньги", "literacy.money"),
        (
            "e.html",
            "<ul>\n<li>О: Вышлю</li>\n<li>О: <b>деньги</b></li></ul>",
            "literacy.money",
        ),
        (
            "f.csv",
            "Вопрос,Ответ\nда,деньги\nнет,Вышлю\n",
            "literacy.money",
        ),
        (
            "g.md",
            "---\nетикет: да\netalon: {kind: script}\n---\n\nО: Здравствуйте. Меня зовут Анна. Чем я могу Вам помочь?\n\nО: Спасибо Вам за звонок! Удачного дня. До свидания.\n",
            "name.ask",
        ),
    ];
    let mut editor = Editor::new(&path, &[], json!({}));
    for (name, text, criterion) in table {
        let own = uri(&path.join(name));
        let before = editor.open(&own, text);
        let finding = before.iter().find(|it| it["code"] == criterion);
        let finding = finding.unwrap_or_else(|| panic!("{name}: {before:?}"));
        let actions = editor.actions(&own, finding["range"].clone(), Some("quickfix"));
        let remark = actions.iter().find(|it| {
            let title = it["title"].as_str().unwrap();
            title.starts_with("Не отмечать") && title.contains(criterion)
        });
        let remark = remark.unwrap_or_else(|| panic!("{name}: {actions:?}"));
        let now = edited(text, &remark["edit"]["changes"][&own]);
        assert_eq!(
            now.matches('\r').count(),
            if text.contains('\r') {
                now.matches('\n').count()
            } else {
                0
            }
        );
        let after = editor.replace(&own, 2, &now);
        let left: Vec<_> = codes(&after);
        let mut expected = codes(&before);
        expected.retain(|code| *code != criterion);
        assert_eq!(left, expected, "{name}: {now}");
    }
}

#[test]
fn hover() {
    let (_folder, path) = folder();
    let own = uri(&path.join("a.md"));
    let text = "О: 😀 Вышлю.\n\n<!-- etalon: ignore literacy.money: так -->\nО: деньги и *да*\n";
    for (args, locale, words, title) in [
        (&[][..], None, "Зачем", "вышлю"),
        (&[], Some("ru-RU"), "Зачем", "вышлю"),
        (&[], Some("de"), "Зачем", "вышлю"),
        (&[], Some("en-US"), "**Why**", "вышлю"),
        (&["--lang", "ru"], Some("en"), "Зачем", "вышлю"),
        (&["--lang", "en"], Some("ru"), "**Why**", "вышлю"),
    ] {
        let mut editor = Editor::silent(&path, args);
        let mut hello = json!({"capabilities": {}});
        if let Some(locale) = locale {
            hello["locale"] = locale.into();
        }
        editor.ask("initialize", hello);
        editor.open(&own, text);
        let card = editor.hover(&own, 0, 8);
        assert!(
            card.contains("`literacy.send`") && card.contains(words),
            "{card}"
        );
        assert!(card.contains(title) && card.contains("отправлю"), "{card}");
        assert_eq!(editor.hover(&own, 0, 3), "");
        // A criterion's id in a remark.
        let card = editor.hover(&own, 2, 25);
        assert!(
            card.contains("«Денежные средства»") && !card.contains('<'),
            "{card}"
        );
        assert_eq!(editor.hover(&own, 99, 99), "");
    }
    let plain = json!({"textDocument": {"hover": {"contentFormat": ["plaintext"]}}});
    let mut editor = Editor::new(&path, &[], plain);
    editor.open(&own, text);
    let card = editor.hover(&own, 0, 8);
    assert!(!card.contains(['*', '`']), "{card}");
}

#[test]
fn a_project() {
    let (_folder, path) = folder();
    let text = "О: Вышлю деньги.";
    let own = uri(&write(&path, "s/a.txt", text));
    let old = uri(&write(&path, "s/old/b.txt", text));
    let fresh = uri(&path.join("s/old/not_there_yet.txt"));
    let file = write(
        &path,
        "etalon.toml",
        "exclude = [\"old/\"]\n[severity]\n\"literacy.money\" = \"warning\"\n",
    );
    let config = uri(&file);
    let mut editor = Editor::new(&path, &[], json!({}));
    let severities = |told: &[Value]| -> Vec<u64> {
        told.iter()
            .map(|it| it["severity"].as_u64().unwrap())
            .collect()
    };
    assert_eq!(severities(&editor.open(&own, text)), [1, 2]);
    assert_eq!(editor.open(&old, text), [] as [Value; 0]);
    assert_eq!(editor.open(&fresh, text), [] as [Value; 0]);
    // On disk and saved.
    fs::write(&file, "[severity]\n\"literacy.money\" = \"off\"\n").unwrap();
    editor.tell("workspace/didChangeWatchedFiles", json!({"changes": []}));
    assert_eq!(severities(&editor.told_next(&own)), [1]);
    assert_eq!(severities(&editor.told_next(&old)), [1]);
    // In the editor, not saved.
    assert_eq!(
        editor.open(&config, "packs = [\"yumek\"]\n"),
        [] as [Value; 0]
    );
    assert_eq!(editor.told_next(&own), [] as [Value; 0]);
    let broken = "[severity]\n\"literacy.mony\" = \"off\"\n";
    let told = editor.replace(&config, 2, broken);
    assert_eq!(
        found(broken, &told),
        [("config/unknown-criterion".to_owned(), "literacy.mony")]
    );
    let told = editor.told_next(&own);
    assert_eq!(codes(&told), ["config/unknown-criterion"]);
    assert!(
        told[0]["message"]
            .as_str()
            .unwrap()
            .contains("etalon.toml:2:"),
        "{told:?}"
    );
    let broken = "excude = []\n";
    let told = editor.replace(&config, 3, broken);
    assert_eq!(
        found(broken, &told),
        [("config/unknown-key".to_owned(), "excude")]
    );
    // A criterion's title in the file itself.
    let right = "[severity]\n\"literacy.money\" = \"error\"\n";
    assert_eq!(editor.replace(&config, 4, right), [] as [Value; 0]);
    assert_eq!(severities(&editor.told_next(&own)), [1, 1]);
    assert!(editor.hover(&config, 1, 5).contains("«Денежные средства»"));
    // Closed: what stands on disk holds again.
    editor.tell(
        "textDocument/didClose",
        json!({"textDocument": {"uri": config}}),
    );
    assert_eq!(severities(&editor.told_next(&own)), [1]);
    // Front matter goes before it.
    let front = "---\netalon: {pack: yumek}\n---\nО: Вышлю деньги.";
    let name = uri(&path.join("s/c.md"));
    assert_eq!(editor.open(&name, front), [] as [Value; 0]);
    let front = "---\netalon: {pack: nobody}\n---\nО: Вышлю деньги.";
    let told = editor.replace(&name, 2, front);
    assert_eq!(
        found(front, &told),
        [("script/unknown-pack".to_owned(), "nobody")]
    );
    let remark = "О: Да. <!-- etalon: ignore literacy.money -->";
    let told = editor.replace(&name, 3, remark);
    assert_eq!(
        (codes(&told), severities(&told)),
        (vec!["script/ignore-reason"], vec![3])
    );
}

#[test]
fn command_line() {
    let (_folder, path) = folder();
    let own = uri(&write(&path, "a.txt", "О: Вышлю деньги."));
    let lint = |args: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_etalon"));
        command
            .current_dir(&path)
            .arg("lint")
            .args(args)
            .output()
            .unwrap()
    };
    lint(&["--write-baseline", "known.json", "a.txt"]);
    let mut editor = Editor::new(&path, &["--baseline", "known.json"], json!({}));
    assert_eq!(editor.open(&own, "О: Вышлю деньги."), [] as [Value; 0]);
    let told = editor.replace(&own, 2, "О: Вышлю деньги. И деньги.");
    assert_eq!(codes(&told), ["literacy.money"]);
    let mut editor = Editor::new(&path, &["--baseline", "nothing.json"], json!({}));
    let told = editor.open(&own, "О: Вышлю деньги.");
    assert!(codes(&told).contains(&"lsp/not-checked"), "{told:?}");
    let mut editor = Editor::new(&path, &["-p", "yumek"], json!({}));
    assert_eq!(editor.open(&own, "О: Вышлю деньги."), [] as [Value; 0]);
    for args in [&["-p", "nobody"][..], &["--line", "nowhere"]] {
        let mut editor = Editor::new(&path, args, json!({}));
        let told = editor.open(&own, "О: Вышлю деньги.");
        assert_eq!(codes(&told), ["lsp/not-checked"]);
    }
}

#[test]
fn addresses() {
    let (_folder, path) = folder();
    write(
        &path,
        "сценарии и ответы/etalon.toml",
        "packs = [\"yumek\"]",
    );
    let mut editor = Editor::new(&path, &[], json!({}));
    let base = uri(&path);
    // as the editor writes it, findings
    let table = [
        ("б [1] #.txt".to_owned(), 0),
        (format!("{base}/сценарии и ответы/а.txt"), 0),
        (
            format!(
                "{base}/%D1%81%D1%86%D0%B5%D0%BD%D0%B0%D1%80%D0%B8%D0%B8%20%D0%B8%20%D0%BE%D1%82%D0%B2%D0%B5%D1%82%D1%8B/%D0%B1.txt"
            ),
            0,
        ),
        (format!("{base}/а б%5B1%5D.txt"), 1),
        (format!("{base}/a.docx"), 0),
        (format!("{base}/a.rs"), 0),
        ("untitled:Untitled-1".to_owned(), 1),
        ("git:/a.md?ref".to_owned(), 0),
    ];
    for (uri, n_findings) in &table[1..] {
        let document =
            json!({"uri": uri, "languageId": "markdown", "version": 1, "text": "О: Вышлю"});
        editor.tell("textDocument/didOpen", json!({"textDocument": document}));
        let at = json!({"line": 0, "character": 4});
        let actions = editor.actions(uri, json!({"start": at, "end": at}), Some("quickfix"));
        let n_fixes = actions
            .iter()
            .filter(|it| it["isPreferred"] == true)
            .count();
        assert_eq!(n_fixes, *n_findings, "{uri}");
        assert_eq!(
            !editor.hover(uri, 0, 4).is_empty(),
            *n_findings > 0,
            "{uri}"
        );
    }
}

#[test]
fn closing_clears_and_large_texts_are_no_trouble() {
    let (_folder, path) = folder();
    let mut editor = Editor::new(&path, &[], json!({}));
    let own = uri(&path.join("a.md"));
    let close = json!({"textDocument": {"uri": own}});
    assert_eq!(codes(&editor.open(&own, "О: Вышлю")), ["literacy.send"]);
    editor.tell("textDocument/didClose", close.clone());
    assert_eq!(editor.told_next(&own), [] as [Value; 0]);
    // A megabyte, changed a hundred times while it is being linted.
    let line = "Оператор: Проверьте, пожалуйста, баланс и деньги на счёте.\n\n";
    let text = line.repeat(1_000_000 / line.len());
    let document = json!({"uri": own, "languageId": "markdown", "version": 1, "text": text});
    editor.tell("textDocument/didOpen", json!({"textDocument": document}));
    for version in 2..102 {
        let at = json!({"line": 4, "character": 10});
        let range = json!({"start": at, "end": at});
        editor.send_change(&own, version, json!([{"range": range, "text": "да "}]));
    }
    let told = editor.diagnostics(&own, 101);
    assert_eq!(told.len(), 1_000_000 / line.len());
    assert_eq!(
        told[2]["range"]["start"],
        json!({"line": 4, "character": 42 + 300})
    );
    // Closed while it is pending: nothing is told of it afterwards.
    let range = json!({"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}});
    editor.send_change(&own, 102, json!([{"range": range, "text": "да"}]));
    editor.tell("textDocument/didClose", close);
    while !editor.told[&own].1.is_empty() {
        editor.next();
    }
    let other = uri(&path.join("b.md"));
    assert_eq!(codes(&editor.open(&other, "О: Вышлю")), ["literacy.send"]);
    assert!(editor.told[&own].1.is_empty());
    // Opened twice is opened anew.
    assert_eq!(codes(&editor.open(&own, "О: Вышлю")), ["literacy.send"]);
    editor.told.remove(&own);
    assert_eq!(editor.open(&own, "О: Да"), [] as [Value; 0]);
    assert_eq!(editor.end(true), 0);
}

const PACK: &str = r#"id = "own"
title = "Доставка"
version = "1"
uses = ["common"]
lines = ["default"]

[[section]]
id = "order"
title = "Заказ"

[parameters]
merge_s = 3
opening_turns = 2
closing_turns = 3
hold_pause_s = 5
answer_s = 5
interruption_s = 1
short_call_turns = 3
"#;

const PHRASES: &str =
    "[promise]\nphrases = [\"привезём\", \"доставим\"]\nexcept = [\"доставим удовольствие\"]\n";

const RULE: &str = r#"id = "order.deadline"
title = "Назвать срок доставки"
clause = "Памятка, п. 3"
why = "Покупатель ждёт."
weight = 5
advice = "Привезём в течение двух часов."
reason = "срок не назван"

[each]
of = "promise"
where = "around"
say = ["(в течение|через|за) [срок]"]

[[example]]
verdict = "pass"
call = """
К: хочу пиццу
О: {advice}
"""

[[example]]
verdict = "fail"
call = """
К: хочу пиццу
О: {wording}
"""
wordings = [
  "привезём",
  "доставим быстро",
]
"#;

#[test]
fn rule_files() {
    let (_folder, path) = folder();
    let pack = uri(&write(&path, "own/pack.toml", PACK));
    let sets = uri(&write(&path, "own/phrases.toml", PHRASES));
    let rule = uri(&write(&path, "own/order/deadline.toml", RULE));
    let mut editor = Editor::new(&path, &[], json!({}));
    assert_eq!(editor.open(&rule, RULE), [] as [Value; 0]);
    // what is written instead, what is marked, by which code
    let table = [
        ("weight = 5", "weight = = 5", "=", "pack/bad-toml"),
        ("weight = 5", "wieght = 5", "wieght", "pack/unknown-key"),
        ("weight = 5", "weight = \"😀\"", "\"😀\"", "pack/bad-toml"),
        (
            "where = \"around\"",
            "whare = \"around\"",
            "whare",
            "pack/unknown-key",
        ),
        (
            "\"promise\"",
            "\"promize\"",
            "\"promize\"",
            "pack/unknown-set",
        ),
        ("через|за)", "через|за", "(", "phrase/unclosed"),
        (
            "через|за)",
            "через|😀 бурмулдык)",
            "бурмулдык",
            "phrase/unknown-word",
        ),
        ("[срок]", "[срак]", "[срак]", "phrase/unknown-slot"),
        ("[срок]", "@promize", "@promize", "phrase/unknown-set"),
        (
            "order.deadline",
            "order.dedline",
            "\"order.dedline\"",
            "pack/id",
        ),
        ("\"pass\"", "\"fail\"", "[[example]]", "rules/example"),
        (
            "\"доставим быстро\"",
            "\"доставим за час\"",
            "\"доставим за час\"",
            "rules/example",
        ),
        (
            "verdict = \"fail\"",
            "verdikt = \"fail\"",
            "verdikt",
            "pack/bad-example",
        ),
    ];
    let mut version = 1;
    for (old, new, marked, code) in table {
        version += 1;
        let text = RULE.replacen(old, new, 1).replace('\n', "\r\n");
        let told = editor.replace(&rule, version, &text);
        assert_eq!(found(&text, &told), [(code.to_owned(), marked)], "{new}");
    }
    version += 1;
    assert_eq!(editor.replace(&rule, version, RULE), [] as [Value; 0]);
    // A set that is not saved yet, and a file that is not open.
    let without = PHRASES.replace("\"доставим\"", "\"принесём\"");
    assert_eq!(editor.open(&sets, &without), [] as [Value; 0]);
    let told = editor.told[&rule].1.clone();
    assert_eq!(
        found(RULE, &told),
        [("rules/example".to_owned(), "\"доставим быстро\"")]
    );
    assert!(
        told[0]["message"]
            .as_str()
            .unwrap()
            .contains("order.deadline: ")
    );
    editor.tell(
        "textDocument/didClose",
        json!({"textDocument": {"uri": rule}}),
    );
    assert_eq!(editor.told_next(&rule), [] as [Value; 0]);
    assert_eq!(editor.told_next(&rule).len(), 1);
    assert_eq!(editor.replace(&sets, 2, PHRASES), [] as [Value; 0]);
    assert_eq!(editor.told[&rule].1, [] as [Value; 0]);
    // What is known of names.
    let card = editor.hover(&sets, 0, 3);
    assert!(
        card.contains("`привезём`") && card.contains("удовольствие"),
        "{card}"
    );
    editor.open(&rule, RULE);
    assert_eq!(editor.hover(&rule, 9, 8), card);
    let card = editor.hover(&rule, 0, 10);
    assert!(
        card.contains("**Назвать срок доставки**") && card.contains("Покупатель ждёт"),
        "{card}"
    );
    assert_eq!(editor.hover(&rule, 1, 12), "");
    // The pack's own file, and one of nobody's pack.
    let text = PACK.replace("hold_pause_s = 5\n", "");
    let told = editor.open(&pack, &text);
    assert_eq!(codes(&told), ["pack/missing-parameter"]);
    let stranger = uri(&write(&path, "Cargo.toml", ""));
    editor.tell(
        "textDocument/didClose",
        json!({"textDocument": {"uri": pack}}),
    );
    assert_eq!(editor.told_next(&pack), [] as [Value; 0]);
    let document = json!({"uri": stranger, "languageId": "toml", "version": 1, "text": "oops ="});
    editor.tell("textDocument/didOpen", json!({"textDocument": document}));
    assert_eq!(editor.hover(&stranger, 0, 1), "");
    assert_eq!(editor.end(true), 0);
}

#[test]
fn a_pack_that_is_being_written_holds_templates() {
    let (_folder, path) = folder();
    write(
        &path,
        "rules/own/pack.toml",
        &PACK.replace("\"order\"", "\"word\""),
    );
    let rule_text = "id = \"word.courier\"\ntitle = \"Курьер\"\nclause = \"п. 1\"\nweight = 1\n\n[unsaid]\nsay = [\"курьерчик\"]\n\n[script]\nkind = \"anywhere\"\n\n[script.replace]\n\"курьерчик\" = \"курьер\"\n";
    let rule_text = rule_text.replace("[unsaid]", "[unsaid]\nsuggest = \"курьер\"");
    write(
        &path,
        "rules/own/lexicon.toml",
        "\"курьерчик\" = { like = \"мальчик\" }\n",
    );
    let rule = uri(&write(&path, "rules/own/word/courier.toml", &rule_text));
    write(&path, "etalon.toml", "packs = [\"rules/own\"]\n");
    let own = uri(&path.join("s/a.txt"));
    let text = "О: Ждите курьерчика.";
    let mut editor = Editor::new(&path, &[], json!({}));
    let told = editor.open(&own, text);
    assert_eq!(
        found(text, &told),
        [("word.courier".to_owned(), "курьерчика")],
        "{told:?}"
    );
    // Broken for a while: the last one that could be read holds.
    assert!(
        editor
            .open(&rule, &rule_text.replace("weight", "wieght"))
            .len()
            == 1
    );
    assert_eq!(codes(&editor.told_next(&own)), ["word.courier"]);
    let other = rule_text.replace("[\"курьерчик\"]", "[\"посылка\"]");
    assert_eq!(codes(&editor.replace(&rule, 2, &other)), [] as [&str; 0]);
    assert_eq!(editor.told_next(&own), [] as [Value; 0]);
}

#[test]
fn what_packs_share() {
    let (_folder, path) = folder();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules/common");
    for entry in fs::read_dir(root).unwrap() {
        let entry = entry.unwrap();
        let name = format!("rules/common/{}", entry.file_name().to_string_lossy());
        write(&path, &name, &fs::read_to_string(entry.path()).unwrap());
    }
    for pack in ["own", "other"] {
        let text = PACK.replace("\"own\"", &format!("\"{pack}\""));
        write(&path, &format!("rules/{pack}/pack.toml"), &text);
        write(&path, &format!("rules/{pack}/phrases.toml"), PHRASES);
        write(&path, &format!("rules/{pack}/order/deadline.toml"), RULE);
    }
    let file = path.join("rules/common/waiting.toml");
    let (own, text) = (uri(&file), fs::read_to_string(&file).unwrap());
    let mut editor = Editor::new(&path, &[], json!({}));
    assert_eq!(editor.open(&own, &text), [] as [Value; 0]);
    // Both packs find it, and it is told once.
    let at = text.find("phrases = [").unwrap() + "phrases = [".len();
    let broken = format!("{}\"да (нет\", {}", &text[..at], &text[at..]);
    let told = editor.replace(&own, 2, &broken);
    assert_eq!(found(&broken, &told), [("phrase/unclosed".to_owned(), "(")]);
    let line = text[..at].matches('\n').count() as u32 - 1;
    assert!(editor.hover(&own, line, 3).starts_with('`'));
    // A new file that is not saved at all.
    let fresh = uri(&path.join("rules/own/order/fresh.toml"));
    let told = editor.open(&fresh, &RULE.replace("deadline", "fresh"));
    assert_eq!(told, [] as [Value; 0]);
    let told = editor.replace(&fresh, 2, "id = ");
    assert_eq!(codes(&told), ["pack/bad-toml"]);
    assert_eq!(editor.replace(&own, 3, &text), [] as [Value; 0]);
}

/// A folder that is opened by another name than the one it is found by.
#[test]
#[cfg(unix)]
fn links() {
    let (_folder, path) = folder();
    write(&path, "real/own/pack.toml", PACK);
    write(&path, "real/own/phrases.toml", PHRASES);
    write(&path, "real/own/order/deadline.toml", RULE);
    let text = "packs = [\"own\", \"mts\"]\n";
    write(&path, "real/etalon.toml", text);
    let link = path.join("link");
    std::os::unix::fs::symlink(path.join("real"), &link).unwrap();
    let own = uri(&link.join("s.txt"));
    let mut editor = Editor::new(&link, &[], json!({}));
    assert_eq!(codes(&editor.open(&own, "О: Вышлю.")), ["literacy.send"]);
    // Not saved: the rule may say something of templates, the project may leave one out.
    let rule = uri(&link.join("own/order/deadline.toml"));
    let scripted = RULE.replace("[each]", "[script]\nkind = \"anywhere\"\n\n[each]");
    assert_eq!(editor.open(&rule, &scripted), [] as [Value; 0]);
    editor.told_next(&own);
    let config = uri(&link.join("etalon.toml"));
    editor.open(&config, "[severity]\n\"literacy.send\" = \"off\"\n");
    assert_eq!(editor.told_next(&own), [] as [Value; 0]);
    let told = editor.replace(&config, 2, "packs = [\"ovn\"]\n");
    assert_eq!(told, [] as [Value; 0]);
    assert_eq!(codes(&editor.told_next(&own)), ["lsp/not-checked"]);
}

#[test]
fn one_long_line() {
    let (_folder, path) = folder();
    let mut editor = Editor::new(&path, &[], json!({}));
    let text = "О: ".to_owned() + &"😀 баланс и деньги, вышлю. ".repeat(300);
    let told = editor.open(&uri(&path.join("a.txt")), &text);
    let words: Vec<_> = told.iter().map(|it| marked(&text, it, "utf-16")).collect();
    assert_eq!(words.len(), 600);
    assert!(words.chunks(2).all(|pair| pair == ["деньги", "вышлю"]));
    // Of no encoding but its own, whatever it looks like.
    for text in [
        "ID3 — это\nО: Вышлю.",
        "О: Вышлю.\u{0}\n",
        "{\\rtf\nО: Вышлю.",
    ] {
        let told = editor.open(&uri(&path.join("b.txt")), text);
        assert_eq!(found(text, &told), [("literacy.send".to_owned(), "Вышлю")]);
    }
}

#[test]
fn files_are_watched_where_the_editor_can() {
    let (_folder, path) = folder();
    let watches = json!({"workspace": {"didChangeWatchedFiles": {"dynamicRegistration": true}}});
    let mut editor = Editor::new(&path, &["--baseline", "x/known.json"], watches);
    let request = loop {
        let message = editor.next();
        if message["method"] == "client/registerCapability" {
            break message;
        }
    };
    let watchers = &request["params"]["registrations"][0]["registerOptions"]["watchers"];
    assert_eq!(
        *watchers,
        json!([{"globPattern": "**/*.toml"}, {"globPattern": "**/known.json"}])
    );
    editor.send(json!({"id": request["id"], "result": null}));
    assert_eq!(editor.end(true), 0);
}
