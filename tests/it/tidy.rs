//! The repository itself: the order of the stages, what may stand in `src/`, what the pages and tables name.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use etalon::criteria::{Checks, Verdict};
use etalon::pack::{self, Pack};
use etalon::timeline::{Fact, Roles, Thresholds};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file with this ending below a folder, as paths from the root with `/`, sorted.
fn files(under: &str, ending: &str) -> Vec<String> {
    let kept = |entry: &walkdir::DirEntry| {
        let name = entry.file_name().to_string_lossy();
        entry.depth() == 0 || !(name.starts_with('.') || entry.depth() == 1 && name == "target")
    };
    if !root().join(under).is_dir() {
        return Vec::new();
    }
    let walk = walkdir::WalkDir::new(root().join(under))
        .sort_by_file_name()
        .into_iter();
    walk.filter_entry(kept)
        .map(|entry| entry.unwrap().into_path())
        .filter(|path| path.extension().is_some_and(|own| own == ending))
        .map(|path| {
            let path = path.strip_prefix(root()).unwrap().to_path_buf();
            path.to_string_lossy().replace('\\', "/")
        })
        .collect()
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn assert_none(what: &str, found: &[String]) {
    assert!(found.is_empty(), "{what}:\n{}\n", found.join("\n"));
}

// --- the source, cut into code, comments and strings

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece {
    Code,
    Comment,
    Text,
}

/// The pieces of a Rust file, each with the line from 1 where it begins. Characters count as code.
fn pieces(source: &str) -> Vec<(Piece, u32, String)> {
    let chars: Vec<char> = source.chars().collect();
    let at = |i: usize| chars.get(i).copied().unwrap_or('\0');
    let mut pieces: Vec<(Piece, u32, String)> = Vec::new();
    let (mut i, mut line, mut begun) = (0, 1, 0);
    let word = |i: usize| i > 0 && (chars[i - 1].is_alphanumeric() || chars[i - 1] == '_');
    while i < chars.len() {
        let c = chars[i];
        // Raw strings, with `b` before and any number of `#`.
        let raw_from = if c == 'r' && !word(i) {
            Some(i + 1)
        } else if c == 'b' && at(i + 1) == 'r' && !word(i) {
            Some(i + 2)
        } else {
            None
        };
        let hashes = raw_from.map_or(0, |from| (from..).take_while(|i| at(*i) == '#').count());
        let raw = raw_from.filter(|from| at(from + hashes) == '"');
        let (kind, end) = if c == '/' && at(i + 1) == '/' {
            let end = (i..chars.len()).find(|i| chars[*i] == '\n');
            (Piece::Comment, end.unwrap_or(chars.len()))
        } else if let Some(from) = raw {
            let mut end = from + hashes + 1;
            while end < chars.len()
                && !(chars[end] == '"' && (1..=hashes).all(|n| at(end + n) == '#'))
            {
                end += 1;
            }
            (Piece::Text, end + hashes + 1)
        } else if c == '"' {
            let mut end = i + 1;
            while end < chars.len() && chars[end] != '"' {
                end += if chars[end] == '\\' { 2 } else { 1 };
            }
            (Piece::Text, end + 1)
        } else if c == '\'' && (at(i + 1) == '\\' || at(i + 2) == '\'') {
            // A character, not a lifetime.
            let mut end = i + 2;
            while end < chars.len() && chars[end] != '\'' {
                end += 1;
            }
            i = end.max(i + 2) + 1;
            continue;
        } else {
            i += 1;
            continue;
        };
        let end = end.min(chars.len());
        for (kind, from, to) in [(Piece::Code, begun, i), (kind, i, end)] {
            let text: String = chars[from..to].iter().collect();
            let lines = text.matches('\n').count() as u32;
            pieces.push((kind, line, text));
            line += lines;
        }
        (i, begun) = (end, end);
    }
    pieces.push((Piece::Code, line, chars[begun..].iter().collect()));
    pieces
}

/// The lines of code of a file, without comments and strings: `(line, code)`.
fn code_lines(path: &str) -> Vec<(u32, String)> {
    let mut lines = BTreeMap::<u32, String>::new();
    for (kind, line, text) in pieces(&read(path)) {
        if kind == Piece::Code {
            for (n, part) in text.split('\n').enumerate() {
                lines.entry(line + n as u32).or_default().push_str(part);
            }
        }
    }
    lines.into_iter().collect()
}

#[test]
fn source_is_cut_right() {
    let source =
        "let a = \"x\\\"y\"; // it's\nlet b = r#\"q\"w\"#;\nlet c = '\"'; fn f<'a>() { \"\nz\" }";
    let texts = |kind| -> Vec<(u32, String)> {
        let all = pieces(source).into_iter();
        all.filter(|piece| piece.0 == kind)
            .map(|(_, line, text)| (line, text))
            .collect()
    };
    let expected = [(1, "\"x\\\"y\""), (2, "r#\"q\"w\"#"), (3, "\"\nz\"")];
    assert_eq!(
        texts(Piece::Text),
        expected.map(|(line, text)| (line, text.to_owned()))
    );
    assert_eq!(texts(Piece::Comment), [(1, "// it's".to_owned())]);
}

// --- stages

/// What each part of the library may use. A stage stands after those that it uses.
const STAGES: &[(&str, &[&str])] = &[
    ("locale", &[]),
    ("call", &[]),
    ("lexicon", &["locale"]),
    ("ingest", &["call", "locale"]),
    ("text", &["call", "lexicon", "locale"]),
    ("phrase", &["call", "lexicon", "locale", "text"]),
    ("timeline", &["call", "lexicon", "locale", "text", "phrase"]),
    (
        "criteria",
        &["call", "lexicon", "locale", "text", "phrase", "timeline"],
    ),
    (
        "score",
        &[
            "call", "lexicon", "locale", "text", "phrase", "timeline", "criteria",
        ],
    ),
    ("report", &["call", "locale", "criteria", "score"]),
    // Beside the way of a call: what makes a pack of files, and what puts the stages together.
    (
        "pack",
        &[
            "lexicon", "locale", "text", "phrase", "timeline", "criteria", "score",
        ],
    ),
    (
        "audit",
        &[
            "call", "lexicon", "locale", "text", "phrase", "timeline", "criteria", "score", "pack",
        ],
    ),
    (
        "script",
        &[
            "call", "lexicon", "locale", "ingest", "text", "phrase", "timeline", "criteria",
            "score", "pack",
        ],
    ),
    ("examples", &["call", "locale", "criteria", "pack", "audit"]),
    (
        "wordings",
        &[
            "call", "lexicon", "locale", "text", "phrase", "timeline", "criteria", "pack", "audit",
            "examples",
        ],
    ),
    (
        "stress",
        &[
            "call", "lexicon", "locale", "text", "timeline", "criteria", "pack", "audit",
            "examples",
        ],
    ),
    (
        "check",
        &[
            "call", "lexicon", "locale", "text", "phrase", "timeline", "criteria", "pack", "audit",
            "examples", "wordings",
        ],
    ),
    (
        "run",
        &[
            "call", "locale", "ingest", "criteria", "score", "report", "audit",
        ],
    ),
];

/// The part of the library that a file belongs to; `None` for `lib.rs`, `main.rs` and the command line.
fn stage_of(path: &str) -> Option<&str> {
    let name = path.strip_prefix("src/")?;
    let name = name
        .split_once('/')
        .map_or(name.trim_end_matches(".rs"), |(folder, _)| folder);
    (!["lib", "main", "cli"].contains(&name)).then_some(name)
}

/// The parts of the library that a piece of code names: `crate::text`, `crate::{call, text}`.
fn used(code: &str) -> Vec<String> {
    let name = |text: &str| -> String {
        text.chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect()
    };
    let mut found = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        let Some(group) = rest.strip_prefix('{') else {
            found.push(name(rest));
            continue;
        };
        let (mut depth, mut start) = (0, 0);
        for (i, c) in group.char_indices() {
            match c {
                ',' if depth == 0 => {
                    found.push(name(group[start..i].trim()));
                    start = i + 1;
                }
                '{' => depth += 1,
                '}' if depth == 0 => {
                    found.push(name(group[start..i].trim()));
                    break;
                }
                '}' => depth -= 1,
                _ => {}
            }
        }
    }
    found.retain(|name| !name.is_empty());
    found
}

#[test]
fn a_stage_uses_earlier_stages_only() {
    for (n, (stage, uses)) in STAGES.iter().enumerate() {
        for used in *uses {
            let earlier = STAGES[..n].iter().any(|(earlier, _)| earlier == used);
            assert!(earlier, "{stage} uses {used}, which stands behind it");
        }
    }
    let mut faults = Vec::new();
    let mut seen = BTreeSet::new();
    for path in files("src", "rs") {
        let Some(stage) = stage_of(&path) else {
            continue;
        };
        seen.insert(stage.to_owned());
        let Some((_, allowed)) = STAGES.iter().find(|(known, _)| *known == stage) else {
            faults.push(format!("{path}: the stage {stage} has no place in STAGES"));
            continue;
        };
        let code: String = code_lines(&path)
            .into_iter()
            .map(|(_, code)| code)
            .collect();
        for used in used(&code) {
            if used != stage && !allowed.contains(&used.as_str()) {
                faults.push(format!("{path}: {stage} uses {used}"));
            }
        }
        // Out of its own folder a file goes by `crate::`, so that it is seen here.
        let depth = path.matches('/').count();
        let file_is_folder = !path.ends_with("/mod.rs") && depth > 1;
        if depth == 1 && code.contains("super::")
            || !file_is_folder && code.contains("super::super")
        {
            faults.push(format!("{path}: `super` leaves the stage"));
        }
    }
    assert_none("stages", &faults);
    let missing: Vec<_> = STAGES
        .iter()
        .filter(|(stage, _)| !seen.contains(*stage))
        .collect();
    assert!(missing.is_empty(), "no such stage any more: {missing:?}");
}

/// `(what must not stand in the code, files that may have it)`.
const REACHES_OUT: &[(&str, &[&str])] = &[
    ("fs::", &["src/ingest/", "src/pack/", "src/cli/"]),
    ("File::", &["src/ingest/", "src/cli/"]),
    ("walkdir::", &["src/ingest/", "src/pack/", "src/cli/"]),
    (".is_dir()", &["src/ingest/", "src/pack/", "src/cli/"]),
    (".exists()", &["src/ingest/", "src/pack/", "src/cli/"]),
    ("env::", &["src/cli/"]),
    ("SystemTime", &[]),
    ("Instant", &[]),
    ("std::time", &["src/cli/"]),
    ("std::net", &[]),
    ("std::process", &["src/cli/", "src/main.rs"]),
    // Where the reports go is the command line's; that a source may be standard input is ingest's.
    ("stdin()", &["src/ingest/", "src/cli/"]),
    ("stdout()", &["src/cli/"]),
    ("stderr()", &["src/cli/"]),
    ("println!", &["src/cli/"]),
    ("print!", &["src/cli/"]),
];

#[test]
fn only_ingest_pack_and_cli_touch_the_world() {
    let mut faults = Vec::new();
    for path in files("src", "rs") {
        for (line, code) in code_lines(&path) {
            for (what, allowed) in REACHES_OUT {
                let whole = code.match_indices(what).any(|(at, _)| {
                    let before = code[..at].chars().next_back();
                    what.starts_with('.')
                        || !before.is_some_and(|c| c.is_alphanumeric() || c == '_')
                });
                if whole && !allowed.iter().any(|allowed| path.starts_with(allowed)) {
                    faults.push(format!("{path}:{line}: {what}"));
                }
            }
        }
    }
    assert_none("only ingest, pack and cli may", &faults);
}

/// Functions from the call inward that return a `Result` all the same, and why.
const RESULTS: &[(&str, &str, &str)] = &[
    (
        "src/phrase/compile.rs",
        "build",
        "builds the matcher when a pack is loaded",
    ),
    (
        "src/phrase/compile.rs",
        "compile",
        "builds the matcher when a pack is loaded",
    ),
    (
        "src/phrase/compile.rs",
        "finish",
        "builds the matcher when a pack is loaded",
    ),
    (
        "src/phrase/mod.rs",
        "build",
        "builds the matcher when a pack is loaded",
    ),
    (
        "src/phrase/parse.rs",
        "parse",
        "reads a phrase when a pack is loaded",
    ),
    (
        "src/phrase/parse.rs",
        "alternatives",
        "reads a phrase when a pack is loaded",
    ),
    (
        "src/phrase/parse.rs",
        "element",
        "reads a phrase when a pack is loaded",
    ),
    (
        "src/phrase/parse.rs",
        "slot",
        "reads a phrase when a pack is loaded",
    ),
    (
        "src/text/vocabulary.rs",
        "intern",
        "either one word or two that were glued together: no failure",
    ),
    (
        "src/criteria/each.rs",
        "holds",
        "either what to look at or why there is nothing: no failure",
    ),
    (
        "src/criteria/each.rs",
        "transfers",
        "either what to look at or why there is nothing: no failure",
    ),
    (
        "src/criteria/each.rs",
        "reholds",
        "either what to look at or why there is nothing: no failure",
    ),
    (
        "src/criteria/each.rs",
        "items",
        "either what to look at or why there is nothing: no failure",
    ),
    (
        "src/criteria/each.rs",
        "words",
        "either what to look at or why there is nothing: no failure",
    ),
];

/// Methods of serde's traits, which read rule files.
const SERDE: &[&str] = &[
    "deserialize",
    "visit_map",
    "visit_str",
    "visit_seq",
    "visit_borrowed_str",
];

#[test]
fn from_the_call_inward_nothing_returns_a_result() {
    let inner = ["call", "text", "phrase", "timeline", "criteria", "score"];
    let mut faults = Vec::new();
    let mut met = BTreeSet::new();
    for path in files("src", "rs") {
        if !stage_of(&path).is_some_and(|stage| inner.contains(&stage)) {
            continue;
        }
        let code: String = code_lines(&path)
            .into_iter()
            .map(|(_, code)| code + " ")
            .collect();
        for (at, _) in code.match_indices("fn ") {
            let signature = &code[at + 3..];
            let end = signature.find(['{', ';']).unwrap_or(signature.len());
            let signature = &signature[..end];
            let name = signature.split(['(', '<']).next().unwrap().trim();
            let Some((_, returned)) = signature.rsplit_once("->") else {
                continue;
            };
            if !returned.contains("Result<") || SERDE.contains(&name) {
                continue;
            }
            match RESULTS
                .iter()
                .position(|(file, known, _)| *file == path && *known == name)
            {
                Some(known) => drop(met.insert(known)),
                None => faults.push(format!("{path}: fn {name}")),
            }
        }
    }
    assert_none("functions that return a Result", &faults);
    let stale: Vec<_> = (0..RESULTS.len())
        .filter(|n| !met.contains(n))
        .map(|n| RESULTS[n])
        .collect();
    assert!(stale.is_empty(), "no such function any more: {stale:?}");
}

// --- rules are data

fn packs() -> Vec<Pack> {
    let ids = pack::embedded_ids();
    let load = |id: &&str| {
        Pack::embedded(id)
            .unwrap()
            .unwrap_or_else(|errors| panic!("{errors:?}"))
    };
    ids.iter().map(load).collect()
}

/// Whether `word` stands in the text by itself.
fn names(text: &str, word: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
    text.match_indices(word).any(|(at, _)| {
        let after = &text[at + word.len()..];
        let ends = !after.starts_with(|c: char| c.is_alphanumeric() || c == '_');
        ends && !text[..at].ends_with(part)
    })
}

#[test]
fn no_criterion_is_named_in_the_source() {
    let packs = packs();
    let ids: BTreeSet<&str> = packs
        .iter()
        .flat_map(|pack| &pack.info().criteria)
        .map(|info| info.id.as_str())
        .collect();
    let mut faults = Vec::new();
    for path in files("src", "rs") {
        for (kind, line, text) in pieces(&read(&path)) {
            // In code a field of a variable may look like an id.
            for id in ids
                .iter()
                .filter(|id| kind != Piece::Code && names(&text, id))
            {
                faults.push(format!("{path}:{line}: {id}"));
            }
        }
    }
    assert_none("a criterion lives in rules/, not in src/", &faults);
}

#[test]
fn no_wording_stands_in_the_source() {
    let mut faults = Vec::new();
    for path in files("src", "rs") {
        if path.contains("locale") || path.contains("test") {
            continue;
        }
        for (kind, line, text) in pieces(&read(&path)) {
            let is_cyrillic = |c: char| ('\u{400}'..='\u{4ff}').contains(&c);
            let mut words = text.split(|c: char| !is_cyrillic(c));
            if kind == Piece::Text && words.any(|word| word.chars().count() >= 4) {
                faults.push(format!("{path}:{line}: {text}"));
            }
        }
    }
    assert_none("words live in rules/, lexicon/ or a locale file", &faults);
}

#[test]
fn weights_live_in_the_rules_only() {
    let mut faults = Vec::new();
    for path in files("src", "rs") {
        for (line, code) in code_lines(&path) {
            let digit = |rest: &str| rest.trim_start().starts_with(|c: char| c.is_ascii_digit());
            if ["weight:", "weight =", "weight +=", "weight *"]
                .iter()
                .any(|assigns| {
                    code.match_indices(assigns)
                        .any(|(at, _)| digit(&code[at + assigns.len()..]))
                })
            {
                faults.push(format!("{path}:{line}: {}", code.trim()));
            }
        }
    }
    assert_none("a weight lives in rules/, not in src/", &faults);
}

// --- pages

/// Paths in pages that stand for the reader's own files.
const EXAMPLE_PATHS: &[&str] = &["rules/mine", "rules/demo"];

#[test]
fn pages_name_paths_that_exist() {
    let folders = [
        "src/",
        "docs/",
        "rules/",
        "fixtures/",
        "tests/",
        "lexicon/",
        "benches/",
        "examples/",
    ];
    let part = |c: char| c.is_ascii_alphanumeric() || "_-./".contains(c);
    let mut faults = Vec::new();
    for page in files("", "md") {
        for (n, line) in read(&page).lines().enumerate() {
            for (at, _) in folders.iter().flat_map(|folder| line.match_indices(folder)) {
                // A part of a longer path, or of an address.
                if line[..at].ends_with(part) && !line[..at].ends_with("./") {
                    continue;
                }
                let rest = &line[at..];
                let mut path = &rest[..rest.find(|c| !part(c)).unwrap_or(rest.len())];
                let after = rest[path.len()..].chars().next();
                if after.is_some_and(|c| "*<{…[".contains(c)) {
                    // A pattern: the folder that it stands in has to be there.
                    path = &path[..path.rfind('/').map_or(0, |slash| slash + 1)];
                }
                let path = path.trim_end_matches(['.', ',']);
                let exists = root().join(path).exists();
                if !exists && !EXAMPLE_PATHS.iter().any(|known| path.starts_with(known)) {
                    faults.push(format!("{page}:{}: {path}", n + 1));
                }
            }
        }
    }
    assert_none("named, but not there", &faults);
}

/// What a pack's author may write has to be told in `docs/rules.md`.
#[test]
fn every_fact_part_and_kind_is_documented() {
    let page = read("docs/rules.md");
    for (what, names_of) in [
        ("facts", Fact::NAMES),
        ("parts of sets", Roles::NAMES),
        ("kinds of check", Checks::NAMES),
        ("parameters", &Thresholds::NAMES),
    ] {
        let missing: Vec<_> = names_of
            .iter()
            .filter(|name| {
                !page.contains(&format!("`{name}`")) && !page.contains(&format!("`[{name}]`"))
            })
            .collect();
        // While the page says nothing at all of them it is being written.
        if missing.len() < names_of.len() {
            assert!(
                missing.is_empty(),
                "docs/rules.md lacks the {what} {missing:?}"
            );
        }
    }
}

// --- the two standards

const MTS: &[(&str, &[&str])] = &[
    (
        "greeting",
        &[
            "hello",
            "introduction",
            "offer_help",
            "company",
            "position",
            "time_of_day",
        ],
    ),
    ("silence", &["allo", "prompt", "callback"]),
    ("courtesy", &["words", "tone"]),
    ("name", &["ask", "use", "form", "label"]),
    (
        "hold",
        &[
            "silence", "purpose", "time", "consent", "duration", "update", "thanks",
        ],
    ),
    ("disclosure", &["location"]),
    ("needs", &["interruption", "paraphrase"]),
    ("offer", &["made", "excluded"]),
    ("closing", &["recap", "question"]),
    ("farewell", &["thanks", "wish", "goodbye", "order"]),
    (
        "literacy",
        &[
            "send", "arrive", "connect", "amount", "money", "pay", "extend", "writeoff", "their",
            "topup", "extract", "insert", "slang",
        ],
    ),
];

const YUMEK: &[(&str, &[&str])] = &[
    (
        "greeting",
        &["hello", "introduction", "company", "offer_help"],
    ),
    ("outbound", &["can_talk", "reschedule"]),
    ("transfer", &["notice", "reaction"]),
    ("callback", &["interval"]),
    ("silence", &["pauses"]),
    ("duration", &["call"]),
    ("answer", &["rings", "wait"]),
    ("farewell", &["thanks", "goodbye"]),
];

#[test]
fn the_packs_have_the_criteria_of_the_standard() {
    for (pack, expected, count) in [("mts", MTS, 46), ("yumek", YUMEK, 15)] {
        let loaded = Pack::embedded(pack).unwrap().unwrap();
        let ids: Vec<&str> = loaded
            .info()
            .criteria
            .iter()
            .map(|info| info.id.as_str())
            .collect();
        let unique: BTreeSet<String> = ids.iter().map(|id| (*id).to_owned()).collect();
        assert_eq!(unique.len(), ids.len(), "{pack}: an id twice");
        let wanted = expected
            .iter()
            .flat_map(|(section, names)| names.iter().map(move |name| format!("{section}.{name}")));
        let wanted: BTreeSet<String> = wanted.collect();
        assert_eq!(wanted.len(), count);
        assert_eq!(unique, wanted, "{pack}");
        // Every file of a criterion is in the pack, and the sections stand in the order of the standard.
        let sections: Vec<&str> = loaded
            .info()
            .sections
            .iter()
            .map(|(id, _)| id.as_str())
            .collect();
        let expected: Vec<&str> = expected.iter().map(|(section, _)| *section).collect();
        assert_eq!(sections, expected, "{pack}");
    }
}

/// Criteria that cannot have three examples of a verdict: none so far.
const FEW_BY_DESIGN: &[(&str, &str, Verdict)] = &[];

#[test]
fn every_criterion_says_what_it_has_to() {
    let mut faults = Vec::new();
    for pack in packs() {
        let id = &pack.info().id;
        for (n, info) in pack.info().criteria.iter().enumerate() {
            let home = &pack.homes()[n];
            let mut check = |fine: bool, what: &str| {
                if !fine {
                    faults.push(format!("{}: {what}", home.path));
                }
            };
            check(!info.title.trim().is_empty(), "no title");
            check(!info.clause.trim().is_empty(), "no clause");
            check(!info.advice.trim().is_empty(), "no advice");
            check(
                home.why
                    .as_deref()
                    .is_some_and(|why| !why.trim().is_empty()),
                "no why",
            );
            check(
                pack.criteria()[n].reason.is_some()
                    || pack.criteria()[n]
                        .variants
                        .iter()
                        .all(|variant| variant.reason.is_some()),
                "no reason",
            );
            check(info.weight <= 20, "a weight beyond all others");
            let examples = pack.examples(n).unwrap();
            for verdict in [Verdict::Pass, Verdict::Fail] {
                let count = examples
                    .iter()
                    .filter(|(_, example)| example.verdict == verdict)
                    .count();
                let few = FEW_BY_DESIGN.contains(&(id.as_str(), info.id.as_str(), verdict));
                check(
                    count >= 3 || few,
                    &format!("{count} examples of {}", verdict.name()),
                );
            }
        }
    }
    assert_none("criteria", &faults);
}

// --- Cargo.toml

fn manifest() -> toml::Table {
    read("Cargo.toml").parse().unwrap()
}

#[test]
fn the_lints_are_on() {
    let manifest = manifest();
    let rust = manifest["lints"]["rust"].as_table().unwrap();
    assert_eq!(rust["unsafe_code"].as_str(), Some("forbid"));
    let clippy = manifest["lints"]["clippy"].as_table().unwrap();
    let on = |table: &toml::Table, name: &str| {
        matches!(
            table.get(name).and_then(toml::Value::as_str),
            Some("warn" | "deny" | "forbid")
        )
    };
    for name in ["missing_docs", "unreachable_pub"] {
        assert!(on(rust, name), "{name}");
    }
    for name in [
        "print_stdout",
        "print_stderr",
        "dbg_macro",
        "todo",
        "iter_over_hash_type",
        "missing_errors_doc",
        "missing_panics_doc",
    ] {
        assert!(on(clippy, name), "{name}");
    }
    // An exception is an `expect` with its reason at the place; `allow` stays unnoticed when it is needed no more.
    let mut faults = Vec::new();
    for path in files("src", "rs") {
        for (line, code) in code_lines(&path) {
            // What a macro repeats cannot have a page of its own.
            let in_a_macro = code.contains("#[allow(missing_docs");
            if (code.contains("#[allow(") || code.contains("#![allow(")) && !in_a_macro {
                faults.push(format!("{path}:{line}"));
            }
        }
    }
    assert_none("`allow` instead of `expect`", &faults);
}

/// Dependencies that no code uses yet: known, and to be used or dropped.
const UNUSED: &[&str] = &[];

#[test]
fn every_dependency_is_used() {
    let manifest = manifest();
    let code_of = |folders: &[&str]| -> String {
        let paths = folders.iter().flat_map(|folder| files(folder, "rs"));
        paths
            .flat_map(|path| code_lines(&path))
            .map(|(_, code)| code + "\n")
            .collect()
    };
    let mut unused = Vec::new();
    for (table, code) in [
        ("dependencies", code_of(&["src"])),
        (
            "dev-dependencies",
            code_of(&["tests", "benches", "examples"]),
        ),
        ("build-dependencies", read("build.rs")),
    ] {
        for name in manifest[table].as_table().unwrap().keys() {
            let krate = name.replace('-', "_");
            let uses = [format!("{krate}::"), format!("use {krate};")];
            let found = uses.iter().any(|used| {
                code.match_indices(used.as_str())
                    .any(|(at, _)| !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_'))
            });
            if !found {
                unused.push(name.clone());
            }
        }
    }
    assert_eq!(unused, UNUSED);
}

#[test]
fn every_test_file_is_registered() {
    let main = read("tests/it/main.rs");
    for path in files("tests/it", "rs") {
        let path = PathBuf::from(path);
        let parts: Vec<_> = path.components().collect();
        let name = path.file_stem().unwrap().to_string_lossy();
        if parts.len() == 3 && name != "main" {
            let named = main.contains(&format!("mod {name};"))
                || files("tests/it", "rs").iter().any(|other| {
                    read(other).contains(&format!("{name}.rs\""))
                        || read(other).contains(&format!("mod {name};"))
                });
            assert!(named, "tests/it/{name}.rs is in no `mod`");
        }
    }
}
