//! Packs -> pages for the methodologist.

use std::fmt::Write as _;

use crate::criteria::Verdict;
use crate::score::{CriterionInfo, PackInfo};

use super::text::{BAD, BOLD, DIM, PLAIN, Page, clean, cut, width};
use super::{Look, locale, table};

/// Everything about one criterion.
#[derive(Debug)]
pub struct Explained<'a> {
    /// Its pack.
    pub pack: &'a PackInfo,
    /// What reports know of it.
    pub criterion: &'a CriterionInfo,
    /// Why the standard wants it; may be empty.
    pub why: &'a str,
    /// Its file.
    pub path: &'a str,
    /// How it is checked, as its file says it.
    pub source: &'a str,
    /// Phrase sets that it names.
    pub sets: Vec<PhraseSet<'a>>,
    /// Its examples.
    pub examples: Vec<Example>,
}

/// A phrase set as written.
#[derive(Debug)]
pub struct PhraseSet<'a> {
    /// As rule files name it.
    pub id: &'a str,
    /// Its file.
    pub path: &'a str,
    /// The wordings.
    pub phrases: &'a [String],
    /// Longer phrases inside which a hit does not count.
    pub except: &'a [String],
}

/// An example as written, with the advice put in.
#[derive(Debug)]
pub struct Example {
    /// What the criterion says of it.
    pub verdict: Verdict,
    /// The author's remark; may be empty.
    pub why: String,
    /// The talk, a turn a line.
    pub talk: String,
}

/// Appends the criteria of a pack by section, with their points.
pub fn list(pack: &PackInfo, look: Look, out: &mut Vec<u8>) {
    let mut page = Page::new(look);
    page.put(BOLD, &clean(&pack.title));
    let points: u64 = pack.criteria.iter().map(|c| u64::from(c.weight)).sum();
    let facts = format!(
        " ({} {}): {}, {}",
        pack.id,
        pack.version,
        locale::criteria(look.lang, pack.criteria.len() as u64),
        locale::points(look.lang, points)
    );
    page.line(DIM, &facts);
    let id_width = pack
        .criteria
        .iter()
        .map(|c| width(&c.id))
        .max()
        .unwrap_or(0);
    let section_of = |criterion: &CriterionInfo| {
        let id = criterion.id.split('.').next().unwrap_or("");
        pack.sections.iter().position(|(known, _)| known == id)
    };
    let mut section = None;
    for (n, criterion) in pack.criteria.iter().enumerate() {
        let own = section_of(criterion);
        if n == 0 || own != section {
            section = own;
            page.end_line();
            let title = section.map_or("", |idx| pack.sections[idx].1.as_str());
            page.line(BOLD, &clean(title));
        }
        page.put_right(PLAIN, &criterion.weight.to_string(), 4);
        page.put(BAD, if criterion.critical { " ! " } else { "   " });
        page.put_left(PLAIN, &criterion.id, id_width);
        page.blanks(2);
        let room = page.width.saturating_sub(7 + id_width + 2).max(16);
        page.put(DIM, &cut(&clean(&criterion.title), room));
        page.end_line();
    }
    page.into_bytes(out);
}

/// Appends everything about a criterion.
pub fn explain(explained: &Explained<'_>, look: Look, out: &mut Vec<u8>) {
    let words = locale::words(look.lang);
    let mut page = Page::new(look);
    let criterion = explained.criterion;
    page.put(BOLD, &clean(&criterion.title));
    let facts = format!(
        " {} · {} · {}",
        criterion.id,
        explained.pack.id,
        locale::points(look.lang, criterion.weight.into())
    );
    page.put(DIM, &facts);
    if criterion.critical {
        page.put(BAD, &format!(" · {}", words.critical));
    }
    page.end_line();
    for (label, text) in [
        (words.why, explained.why),
        (words.clause, criterion.clause.as_str()),
        (words.instead, criterion.advice.as_str()),
        (words.file, explained.path),
    ] {
        if !text.is_empty() {
            let label = format!("{label}: ");
            page.put(DIM, &label);
            page.flow(width(&label), 3, &[(PLAIN, &clean(text))]);
        }
    }
    heading(words.check, &mut page);
    for line in explained.source.lines() {
        page.blanks(3);
        page.line(PLAIN, &clean(line));
    }
    for set in &explained.sets {
        page.end_line();
        page.put(BOLD, set.id);
        page.line(DIM, &format!(" {}", set.path));
        for phrase in set.phrases {
            page.blanks(3);
            page.flow(3, 6, &[(PLAIN, &clean(phrase))]);
        }
        for phrase in set.except {
            page.blanks(3);
            let except = format!("{} ", words.except);
            page.flow(3, 6, &[(DIM, &except), (PLAIN, &clean(phrase))]);
        }
    }
    for verdict in Verdict::ALL {
        let examples = explained.examples.iter().filter(|e| e.verdict == verdict);
        for (n, example) in examples.enumerate() {
            if n == 0 {
                let mut title = words.examples.to_owned();
                let _ = write!(title, ": {}", locale::verdict(look.lang, verdict));
                page.end_line();
                page.line(table::style_of(verdict), &title);
            } else {
                page.end_line();
            }
            if !example.why.is_empty() {
                page.blanks(3);
                page.flow(3, 5, &[(DIM, "# "), (DIM, &clean(&example.why))]);
            }
            for line in example.talk.lines().filter(|line| !line.trim().is_empty()) {
                page.blanks(3);
                page.flow(3, 6, &[(PLAIN, &clean(line))]);
            }
        }
    }
    page.into_bytes(out);
}

fn heading(text: &str, page: &mut Page) {
    page.end_line();
    page.line(BOLD, text);
}
