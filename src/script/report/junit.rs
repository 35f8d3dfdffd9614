//! Diagnostics -> JUnit XML: a suite a file, a case a finding, one that passes for a clean file.

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::{LintedFile, identities, locale, one_line, told};
use crate::locale::Lang;

/// All of a run.
#[derive(Debug, Default)]
pub(super) struct Suites(Vec<Suite>);

#[derive(Debug)]
struct Suite {
    path: String,
    cases: Vec<Case>,
}

#[derive(Debug)]
struct Case {
    name: String,
    fault: Option<Fault>,
}

#[derive(Debug)]
struct Fault {
    /// `error` where the file could not be linted, `failure` for a finding.
    element: &'static str,
    kind: &'static str,
    message: String,
    text: String,
}

impl Suites {
    pub(super) fn add(&mut self, file: &LintedFile<'_>, lang: Lang) {
        let mut cases = Vec::new();
        for trouble in file.fatal() {
            cases.push(Case {
                name: trouble.code.to_owned(),
                fault: Some(Fault {
                    element: "error",
                    kind: trouble.code,
                    message: one_line(&trouble.message),
                    text: format!("{}\n{}", file.path, trouble.told()),
                }),
            });
        }
        for (diagnostic, identity) in file.diagnostics.iter().zip(identities(file.diagnostics)) {
            // Who follows a case over many runs knows it by its name: no place in it.
            let mut name = format!("{} ({})", identity.criterion, identity.pack);
            if !identity.text.is_empty() {
                name.push_str(&format!(": {}", identity.text));
            }
            if identity.nth > 1 {
                name.push_str(&format!(" #{}", identity.nth));
            }
            let told = told(diagnostic, lang);
            cases.push(Case {
                name,
                fault: Some(Fault {
                    element: "failure",
                    kind: diagnostic.severity.name(),
                    message: told.clone(),
                    text: format!(
                        "{}:{}:{}: {told}\n{}",
                        file.path, diagnostic.line, diagnostic.column, diagnostic.clause
                    ),
                }),
            });
        }
        if cases.is_empty() {
            cases.push(Case {
                name: locale::clean(lang).to_owned(),
                fault: None,
            });
        }
        self.0.push(Suite {
            path: file.path.to_owned(),
            cases,
        });
    }

    pub(super) fn write(self, out: &mut Vec<u8>) {
        let mut xml = Writer::new_with_indent(&mut *out, b' ', 2);
        let mut put = |event: Event<'_>| {
            // A buffer takes everything.
            let _ = xml.write_event(event);
        };
        put(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)));
        let all = || self.0.iter().flat_map(|suite| &suite.cases);
        let mut root = BytesStart::new("testsuites");
        root.push_attribute(("name", "etalon lint"));
        count(&mut root, all());
        put(Event::Start(root));
        for suite in &self.0 {
            let mut element = BytesStart::new("testsuite");
            let path = clean(&suite.path);
            element.push_attribute(("name", path.as_str()));
            count(&mut element, suite.cases.iter());
            element.push_attribute(("skipped", "0"));
            element.push_attribute(("time", "0"));
            element.push_attribute(("file", path.as_str()));
            put(Event::Start(element));
            for case in &suite.cases {
                let mut element = BytesStart::new("testcase");
                element.push_attribute(("name", clean(&case.name).as_str()));
                element.push_attribute(("classname", class(&path).as_str()));
                element.push_attribute(("time", "0"));
                let Some(fault) = &case.fault else {
                    put(Event::Empty(element));
                    continue;
                };
                put(Event::Start(element));
                let mut element = BytesStart::new(fault.element);
                element.push_attribute(("message", clean(&fault.message).as_str()));
                element.push_attribute(("type", fault.kind));
                put(Event::Start(element));
                put(Event::Text(BytesText::new(&clean(&fault.text))));
                put(Event::End(BytesEnd::new(fault.element)));
                put(Event::End(BytesEnd::new("testcase")));
            }
            put(Event::End(BytesEnd::new("testsuite")));
        }
        put(Event::End(BytesEnd::new("testsuites")));
        out.push(b'\n');
    }
}

fn count<'c>(element: &mut BytesStart<'_>, cases: impl Iterator<Item = &'c Case>) {
    let (mut tests, mut failures, mut errors) = (0_usize, 0_usize, 0_usize);
    for case in cases {
        tests += 1;
        match case.fault.as_ref().map(|fault| fault.element) {
            Some("failure") => failures += 1,
            Some(_) => errors += 1,
            None => {}
        }
    }
    for (key, n) in [("tests", tests), ("failures", failures), ("errors", errors)] {
        element.push_attribute((key, n.to_string().as_str()));
    }
}

/// Without what XML cannot hold; the line ends of a text stay.
fn clean(text: &str) -> String {
    let kept = |c: &char| *c == '\n' || !(c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}'));
    text.chars().filter(kept).collect()
}

/// A path without its ending, with dots between its parts, as readers of JUnit group cases.
fn class(path: &str) -> String {
    let path = path.trim_start_matches(['.', '/']);
    let name_at = path.rfind('/').map_or(0, |at| at + 1);
    let end = path[name_at..]
        .rfind('.')
        .map_or(path.len(), |at| name_at + at);
    path[..end].replace('/', ".")
}
