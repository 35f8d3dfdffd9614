//! Troubles -> standard error: what, where, what to do.

use std::io::{self, Write};
use std::path::Path;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use etalon::call::Speaker;
use etalon::examples::ExampleResult;
use etalon::ingest::ReadError;
use etalon::locale::Lang;
use etalon::pack::{Pack, PackError};
use etalon::script::{Diagnostic, Problem, Script, Severity};
use etalon::stress::{Survivor, Unused, Wanted};

use super::{Speech, locale};

/// An input that could not be read.
pub(super) fn read_error(error: &ReadError, speech: Speech) -> String {
    let lang = speech.lang();
    let (heading, _, help_heading) = locale::headings(lang);
    let (message, help) = (error.message(lang), error.help(lang));
    let mut origin = Origin::path(error.path.as_ref());
    if let Some(line) = error.line {
        origin = origin.line(line as usize);
        if let Some(column) = error.column {
            origin = origin.char_column(column as usize);
        }
    }
    let mut group = Level::ERROR
        .with_name(heading)
        .primary_title(message.as_str())
        .id(error.code())
        .element(origin);
    if !help.is_empty() {
        let help = Level::HELP.with_name(help_heading).message(help.as_str());
        group = group.element(help);
    }
    render(&[group], speech)
}

/// Problems of a pack; `folder` is where it was loaded from, `None` for one inside the binary.
pub(super) fn pack_errors(errors: &[PackError], folder: Option<&Path>, speech: Speech) {
    for error in errors {
        let source = folder.and_then(|folder| source_of(error, folder));
        let (heading, _, _) = locale::headings(speech.lang());
        let level = Level::ERROR.with_name(heading);
        say(&pack_problem(error, source.as_deref(), level, speech));
    }
}

/// What is poor in a pack.
pub(super) fn pack_findings(findings: &[PackError], speech: Speech) {
    for finding in findings {
        let source = std::fs::read_to_string(&finding.path).ok();
        let (_, heading, _) = locale::headings(speech.lang());
        let level = Level::WARNING.with_name(heading);
        say(&pack_problem(finding, source.as_deref(), level, speech));
    }
}

/// An example that came out wrong.
pub(super) fn wrong_example(id: &str, result: &ExampleResult, speech: Speech) {
    let lang = speech.lang();
    let (heading, _, _) = locale::headings(lang);
    let (message, remarks) = example_told(id, result, lang);
    let origin = Origin::path(result.path.as_str()).line(result.line as usize);
    let mut group = Level::ERROR
        .with_name(heading)
        .primary_title(message.as_str())
        .id(WRONG_EXAMPLE)
        .element(origin);
    for (label, remark) in &remarks {
        let note = Level::NOTE.with_name(*label);
        group = group.element(note.message(remark.as_str()));
    }
    say(&render(&[group], speech));
}

/// The code of an example that came out wrong.
pub(super) const WRONG_EXAMPLE: &str = "rules/example";

/// What is said of an example that came out wrong, and remarks to it with their labels.
pub(super) fn example_told(
    id: &str,
    result: &ExampleResult,
    lang: Lang,
) -> (String, Vec<(&'static str, String)>) {
    let (expected, got) = (result.expected.name(), result.got.name());
    let list = |words: &[String]| match words {
        [] => "—".to_owned(),
        words => words.iter().map(|word| format!("[[{word}]]")).collect(),
    };
    let message = if expected == got && result.evidence_fits {
        let wanted = result.reason_wanted.as_deref().unwrap_or_default();
        locale::wrong_reason(lang, id, wanted)
    } else if expected == got {
        let marked = result.marked.as_deref().unwrap_or(&[]);
        locale::wrong_evidence(lang, id, &list(marked), &list(&result.evidence))
    } else {
        locale::wrong_verdict(lang, id, expected, got)
    };
    // The reason, the words where the verdict alone was named above, and what the author says is hard about the example.
    let marked = result.marked.as_deref().filter(|_| expected != got);
    let found = Some(&result.evidence[..]).filter(|found| expected != got && !found.is_empty());
    let labels = locale::example_labels(lang);
    let remarks = [
        (labels.reason, Some(result.reason.clone())),
        (labels.marked, marked.map(list)),
        (labels.found, found.map(list)),
        (labels.why, result.why.clone()),
    ];
    let said = |(label, remark): (&'static str, Option<String>)| {
        Some((label, remark.filter(|text| !text.is_empty())?))
    };
    (message, remarks.into_iter().filter_map(said).collect())
}

/// A changed example that came out as it should not.
pub(super) fn survivor(pack: &Pack, survivor: &Survivor, speech: Speech) {
    let lang = speech.lang();
    let (heading, _, _) = locale::headings(lang);
    let criteria = &pack.info().criteria;
    let (own, judged) = (
        &criteria[survivor.criterion].id,
        &criteria[survivor.judged].id,
    );
    let wanted = match survivor.wanted {
        Wanted::Verdict(verdict) => verdict.name().to_owned(),
        Wanted::Not(verdict) => locale::not(lang, verdict.name()),
    };
    let message = locale::survivor(
        lang,
        [
            own,
            survivor.mutation.name(),
            judged,
            survivor.got.name(),
            &wanted,
        ],
    );
    let origin = Origin::path(survivor.path.as_str()).line(survivor.line as usize);
    let mut group = Level::ERROR
        .with_name(heading)
        .primary_title(message.as_str())
        .id("stress/survivor")
        .element(origin);
    let labels = locale::example_labels(lang);
    let reason = Some((labels.reason, &survivor.reason)).filter(|(_, text)| !text.is_empty());
    let turns = survivor.turns.iter().map(|(speaker, text)| {
        let label = match speaker {
            Speaker::Agent => labels.agent,
            Speaker::Customer => labels.customer,
            Speaker::System => labels.system,
        };
        (label, text)
    });
    for (label, text) in turns.chain(reason) {
        let note = Level::NOTE.with_name(label);
        group = group.element(note.message(text.as_str()));
    }
    say(&render(&[group], speech));
}

/// A reason under `survives` that nothing needs.
pub(super) fn unused_reason(pack: &Pack, unused: &Unused, speech: Speech) {
    let lang = speech.lang();
    let (heading, _, _) = locale::headings(lang);
    let id = &pack.info().criteria[unused.criterion].id;
    let message = locale::unused_reason(lang, id, unused.mutation.name());
    let origin = Origin::path(unused.path.as_str()).line(unused.line as usize);
    let group = Level::ERROR
        .with_name(heading)
        .primary_title(message.as_str())
        .id("stress/unused-reason")
        .element(origin);
    say(&render(&[group], speech));
}

/// The text of the file that the error names: relative to the pack's parent folder, or as given.
fn source_of(error: &PackError, folder: &Path) -> Option<String> {
    let beside = folder.parent().map(|parent| parent.join(&error.path));
    let inside = Some(folder.join(&error.path));
    let as_given = Some(Path::new(&error.path).to_owned());
    [as_given, beside, inside]
        .into_iter()
        .flatten()
        .find_map(|path| std::fs::read_to_string(path).ok())
}

fn pack_problem(
    error: &PackError,
    source: Option<&str>,
    level: Level<'_>,
    speech: Speech,
) -> String {
    let lang = speech.lang();
    let (_, _, help_heading) = locale::headings(lang);
    let title = level.primary_title(error.message(lang)).id(error.code);
    let span = source.and_then(|source| place(source, error.line, error.column));
    let mut group: Group<'_> = match (source, span) {
        (Some(source), Some(span)) => title.element(
            Snippet::source(source)
                .path(error.path.as_str())
                .annotation(AnnotationKind::Primary.span(span)),
        ),
        _ => {
            let mut origin = Origin::path(error.path.as_str());
            if error.line > 0 {
                origin = origin.line(error.line as usize);
                origin = origin.char_column(error.column as usize);
            }
            title.element(origin)
        }
    };
    if !error.help(lang).is_empty() {
        let help = Level::HELP.with_name(help_heading);
        group = group.element(help.message(error.help(lang)));
    }
    render(&[group], speech)
}

/// Bytes of the word, or of the text in quotes, that begins at a line and column (from 1, in characters).
pub(super) fn place(source: &str, line: u32, column: u32) -> Option<std::ops::Range<usize>> {
    let line_idx = line.checked_sub(1)? as usize;
    let text = source.split('\n').nth(line_idx)?;
    let line_start = text.as_ptr() as usize - source.as_ptr() as usize;
    let from = text
        .char_indices()
        .map(|(at, _)| at)
        .chain([text.len()])
        .nth(column.checked_sub(1)? as usize)?;
    // At the beginning of a line its first word is meant.
    let blanks = text.len() - text.trim_start().len();
    let from = if from == 0 { blanks } else { from };
    let rest = &text[from..];
    let quoted = rest
        .strip_prefix('"')
        .and_then(|inner| inner.find('"'))
        .map(|end| end + 2);
    let word = rest
        .find(|c: char| c.is_whitespace() || matches!(c, ',' | ']' | '}' | '"' | '=' | '|' | ')'))
        .unwrap_or(rest.len());
    let length = quoted.unwrap_or(word);
    let length = if length == 0 {
        rest.chars().next().map_or(0, char::len_utf8)
    } else {
        length
    };
    let from = line_start + from;
    Some(from..from + length)
}

/// A trouble with a template's file; `source` is its text.
pub(super) fn file_problem(
    path: &str,
    problem: &Problem,
    source: Option<&str>,
    speech: Speech,
) -> String {
    let lang = speech.lang();
    let told = (problem.message(lang), problem.help(lang));
    let place = (problem.line, problem.column);
    about_file(
        path,
        place,
        problem.code,
        told,
        problem.fatal,
        source,
        speech,
    )
}

/// The same in words of its own: what is wrong, and what to do.
pub(super) fn about_file(
    path: &str,
    (line, column): (u32, u32),
    code: &str,
    (message, help): (String, String),
    fatal: bool,
    source: Option<&str>,
    speech: Speech,
) -> String {
    let (error, note, help_heading) = locale::headings(speech.lang());
    let (message, help) = (printable(&message), printable(&help));
    let level = if fatal {
        Level::ERROR.with_name(error)
    } else {
        Level::NOTE.with_name(note)
    };
    let title = level.primary_title(message.as_str()).id(code);
    let span = source.and_then(|source| place(source, line, column));
    let mut group: Group<'_> = match (source, span) {
        (Some(source), Some(span)) => title.element(
            Snippet::source(source)
                .path(path)
                .annotation(AnnotationKind::Primary.span(span)),
        ),
        _ => {
            let mut origin = Origin::path(path);
            if line > 0 {
                origin = origin
                    .line(line as usize)
                    .char_column(column.max(1) as usize);
            }
            title.element(origin)
        }
    };
    if !help.is_empty() {
        group = group.element(Level::HELP.with_name(help_heading).message(help.as_str()));
    }
    render(&[group], speech)
}

/// What was found in a template, drawn with its line.
pub(super) fn finding(diagnostic: &Diagnostic, script: &Script, speech: Speech) -> String {
    let lang = speech.lang();
    let (error, _, help_heading) = locale::headings(lang);
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR.with_name(error),
        Severity::Warning => Level::WARNING.with_name(locale::warning(lang)),
    };
    let message = printable(&diagnostic.message);
    let title = level
        .primary_title(message.as_str())
        .id(diagnostic.criterion.as_str());
    // One line is enough, and what it shows is the file's own.
    let line = script.lines.line(&script.text, diagnostic.span.start);
    let own = &script.text[line.clone()];
    let clean: String = printable(&own.replace('\t', " "));
    let same = clean.len() == own.len();
    let start = diagnostic.span.start.clamp(line.start, line.end) - line.start;
    let end = diagnostic.span.end.clamp(line.start, line.end) - line.start;
    let group = if same {
        title.element(
            Snippet::source(clean.as_str())
                .path(diagnostic.file.as_str())
                .line_start(diagnostic.line as usize)
                .annotation(AnnotationKind::Primary.span(start..end.max(start))),
        )
    } else {
        let origin = Origin::path(diagnostic.file.as_str()).line(diagnostic.line as usize);
        title.element(origin.char_column(diagnostic.column as usize))
    };
    let path = locale::lint_path(lang, &diagnostic.path);
    let mut group = group;
    if !diagnostic.path.is_empty() {
        group = group.element(Level::NOTE.no_name().message(path.as_str()));
    }
    group = group.element(Level::NOTE.no_name().message(diagnostic.clause.as_str()));
    if let Some(suggest) = &diagnostic.suggest {
        group = group.element(
            Level::HELP
                .with_name(help_heading)
                .message(suggest.as_str()),
        );
    }
    render(&[group], speech)
}

/// A failure of the whole command.
pub(super) fn failure(error: &anyhow::Error, speech: Speech) {
    let (heading, _, help_heading) = locale::headings(speech.lang());
    let text = format!("{error:#}");
    // What to do stands on a line of its own.
    let (message, help) = text.split_once('\n').unwrap_or((&text, ""));
    let mut group = Group::with_title(Level::ERROR.with_name(heading).primary_title(message));
    if !help.is_empty() {
        group = group.element(Level::HELP.with_name(help_heading).message(help));
    }
    say(&render(&[group], speech));
}

/// Something worth knowing that stops nothing.
pub(super) fn note(text: &str, lang: Lang) {
    let (_, heading, _) = locale::headings(lang);
    say(&format!("{heading}: {}", printable(text)));
}

fn render(report: &[Group<'_>], speech: Speech) -> String {
    let renderer = if speech.colored(&io::stderr()) {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let renderer = renderer.decor_style(DecorStyle::Ascii);
    renderer.render(report).to_string()
}

/// A line on standard error; where nobody listens there is nobody to tell.
pub(super) fn say(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// `text` without what a terminal would obey; line ends stay.
fn printable(text: &str) -> String {
    let printable = |c: char| if c.is_control() && c != '\n' { '·' } else { c };
    text.chars().map(printable).collect()
}
