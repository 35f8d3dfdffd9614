//! Scorecards -> a table for a terminal: a line a call, then totals by criterion and by agent.

use std::fmt::Write as _;

use anstyle::Style;

use crate::criteria::{Judgement, Verdict};
use crate::score::{AgentSummary, CriterionInfo, PackInfo, PackSummary, Scorecard, Summary};

use super::text::{BAD, BAD_BOLD, BOLD, DIM, GOOD, PLAIN, Page, UNSURE, clean, cut, width};
use super::{ErrorRecord, Look, locale};

const BAR: usize = 10;

/// Failed criteria, heaviest first, else in the pack's order.
pub(super) fn failed<'c>(card: &'c Scorecard<'_>) -> Vec<(&'c CriterionInfo, &'c Judgement<'c>)> {
    let mut failed: Vec<(&CriterionInfo, &Judgement<'_>)> = card
        .pack
        .criteria
        .iter()
        .zip(&card.judgements)
        .filter(|(_, judgement)| judgement.verdict == Verdict::Fail)
        .collect();
    failed.sort_by_key(|(criterion, _)| std::cmp::Reverse((criterion.critical, criterion.weight)));
    failed
}

/// A fault in it costs nothing: it is a piece of advice.
fn is_advice(criterion: &CriterionInfo) -> bool {
    criterion.weight == 0 && !criterion.critical
}

/// The id, and whether it is advice only.
fn marked_id(criterion: &CriterionInfo, look: Look) -> String {
    if is_advice(criterion) {
        format!("{} ({})", criterion.id, locale::words(look.lang).advice)
    } else {
        criterion.id.clone()
    }
}

/// Widths of the columns before the list of faults.
struct Columns {
    call: usize,
    agent: usize,
    pack: usize,
}

impl Columns {
    const SCORE: usize = 6;

    fn new(page: &Page, several_packs: bool) -> Self {
        Self {
            call: (page.width / 5).clamp(12, 26),
            agent: (page.width / 6).clamp(8, 22),
            pack: if several_packs { 8 } else { 0 },
        }
    }

    fn list(&self) -> usize {
        let gaps = if self.pack > 0 { 8 } else { 6 };
        Self::SCORE + self.call + self.agent + self.pack + gaps
    }
}

/// Names of the columns of the lines a call.
pub(super) fn head(packs: &[&PackInfo], look: Look, out: &mut Vec<u8>) {
    let mut page = Page::new(look);
    let words = locale::words(look.lang);
    let columns = Columns::new(&page, packs.len() > 1);
    page.put_right(DIM, words.score, Columns::SCORE);
    page.blanks(2);
    page.put_left(DIM, words.agent, columns.agent);
    page.blanks(2);
    page.put_left(DIM, words.call, columns.call);
    page.blanks(2);
    if columns.pack > 0 {
        page.put_left(DIM, words.pack, columns.pack);
        page.blanks(2);
    }
    page.put(DIM, words.failed);
    page.end_line();
    page.into_bytes(out);
}

/// The line of one scorecard.
pub(super) fn card(card: &Scorecard<'_>, several_packs: bool, look: Look, out: &mut Vec<u8>) {
    let mut page = Page::new(look);
    let words = locale::words(look.lang);
    let columns = Columns::new(&page, several_packs);
    let failed = failed(card);
    let costs = |(criterion, _): &(&CriterionInfo, _)| !is_advice(criterion);
    let style = match (card.critical.is_empty(), !failed.iter().any(costs)) {
        (false, _) => BAD_BOLD,
        (true, true) => GOOD,
        (true, false) => BOLD,
    };
    let score = card
        .score
        .map_or_else(|| "—".to_owned(), |score| locale::decimal(look.lang, score));
    page.put_right(style, &score, Columns::SCORE);
    page.blanks(2);
    let agent = agent_name(
        card.call.agent.name.as_deref().unwrap_or(""),
        card.call.agent.id.as_deref().unwrap_or(""),
        look,
    );
    page.put_left(PLAIN, &cut(&agent, columns.agent), columns.agent);
    page.blanks(2);
    let id = clean(&card.call.id);
    page.put_left(PLAIN, &cut(&id, columns.call), columns.call);
    page.blanks(2);
    if columns.pack > 0 {
        page.put_left(DIM, &cut(&card.pack.id, columns.pack), columns.pack);
        page.blanks(2);
    }
    let mut room = page.width.saturating_sub(columns.list()).max(16);
    if !card.doubts.is_empty() {
        page.put(UNSURE, "? ");
        room -= 2;
    }
    if failed.is_empty() {
        let nothing = match card.score {
            Some(_) => words.nothing_failed,
            None => words.nothing_to_score,
        };
        page.put(DIM, nothing);
    }
    for (i, (criterion, _)) in failed.iter().enumerate() {
        let more = format!("+{}", failed.len() - i);
        let last = i + 1 == failed.len();
        let id = marked_id(criterion, look);
        let needed = width(&id) + if last { 0 } else { 2 + width(&more) };
        if needed > room && i > 0 {
            page.put(DIM, &more);
            break;
        }
        let style = match (criterion.critical, criterion.weight) {
            (true, _) => BAD_BOLD,
            (false, 0) => DIM,
            (false, _) => PLAIN,
        };
        page.put(style, &id);
        if !last {
            page.put(PLAIN, ", ");
        }
        room = room.saturating_sub(width(&id) + 2);
    }
    page.end_line();
    page.into_bytes(out);
}

/// The line of a call that could not be read.
pub(super) fn error(error: &ErrorRecord<'_>, look: Look, out: &mut Vec<u8>) {
    let mut page = Page::new(look);
    page.put_right(BAD, "!", Columns::SCORE);
    page.blanks(2);
    let mut text = clean(error.path).into_owned();
    if let Some(line) = error.line {
        let _ = write!(text, ":{line}");
    }
    let _ = write!(text, ": {}", clean(error.error));
    let room = page.width.saturating_sub(Columns::SCORE + 2);
    page.put(BAD, &cut(&text, room));
    page.end_line();
    page.into_bytes(out);
}

/// Totals of the run.
pub(super) fn tail(packs: &[&PackInfo], summary: &Summary, look: Look, out: &mut Vec<u8>) {
    let mut page = Page::new(look);
    for (pack, totals) in packs.iter().zip(&summary.packs) {
        by_criterion(pack, totals, look, &mut page);
        by_agent(pack, totals, look, &mut page);
    }
    if summary.errors > 0 {
        page.end_line();
        page.line(
            BAD_BOLD,
            &locale::unreadable_calls(look.lang, summary.errors),
        );
    }
    page.into_bytes(out);
}

fn by_criterion(pack: &PackInfo, totals: &PackSummary, look: Look, page: &mut Page) {
    let words = locale::words(look.lang);
    page.end_line();
    page.put(BOLD, &clean(&pack.title));
    page.put(DIM, &format!(" ({} {})", pack.id, pack.version));
    let mut facts = format!(": {}", locale::calls(look.lang, totals.mean.calls));
    if let Some(mean) = totals.mean.value() {
        let mean_score = locale::mean_score(look.lang);
        let _ = write!(facts, ", {mean_score} {}", locale::decimal(look.lang, mean));
    }
    page.put(PLAIN, &facts);
    if totals.doubtful > 0 {
        let doubtful = locale::doubtful(look.lang);
        page.put(UNSURE, &format!(", {} {doubtful}", totals.doubtful));
    }
    page.end_line();
    if totals.mean.calls == 0 {
        return;
    }

    let mut broken = Vec::new();
    let mut kept = Vec::new();
    let mut idle = Vec::new();
    for (criterion, tally) in pack.criteria.iter().zip(&totals.criteria) {
        match (tally.fail, tally.applied()) {
            (0, 0) => idle.push(criterion.id.as_str()),
            (0, _) if tally.unknown == 0 => kept.push(criterion.id.as_str()),
            _ => broken.push((criterion, tally)),
        }
    }
    // What costs no points stands behind all that does, however often it is broken.
    let place = |c: &CriterionInfo, fails| (!is_advice(c), fails, c.critical, c.weight);
    broken.sort_by_key(|(c, tally)| std::cmp::Reverse(place(c, tally.fail)));
    page.end_line();
    page.put(BOLD, words.by_criterion);
    page.end_line();
    // Widths hold the longest heading of both languages.
    for (heading, columns) in [
        (words.applied, 9),
        (words.broken, 9),
        (words.share, 7),
        (words.unknown_short, 7),
    ] {
        page.put_right(DIM, heading, columns);
        page.blanks(1);
    }
    page.end_line();
    let id_width = broken
        .iter()
        .map(|(criterion, _)| width(&marked_id(criterion, look)))
        .max()
        .unwrap_or(0);
    for (criterion, tally) in broken {
        page.put_right(PLAIN, &tally.applied().to_string(), 9);
        page.blanks(1);
        page.put_right(BOLD, &tally.fail.to_string(), 9);
        page.blanks(1);
        let share = tally.fault_share().unwrap_or(0.0);
        let percent = format!("{}%", locale::decimal(look.lang, 100.0 * share));
        page.put_right(PLAIN, &percent, 7);
        page.blanks(1);
        let unknown = match tally.unknown {
            0 => "·".to_owned(),
            n => n.to_string(),
        };
        page.put_right(DIM, &unknown, 7);
        page.blanks(1);
        let style = if criterion.critical { BAD_BOLD } else { BAD };
        page.put_left(style, &bar(share), BAR);
        page.blanks(2);
        page.put_left(PLAIN, &marked_id(criterion, look), id_width);
        let used = 36 + BAR + 2 + id_width + 2;
        if page.width > used + 10 {
            page.blanks(2);
            page.put(DIM, &cut(&clean(&criterion.title), page.width - used));
        }
        page.end_line();
    }
    for (heading, ids) in [(words.never_broken, kept), (words.never_applied, idle)] {
        if ids.is_empty() {
            continue;
        }
        let heading = format!("{heading} ({}): ", ids.len());
        page.flow(0, 2, &[(PLAIN, &heading), (DIM, &ids.join(", "))]);
    }
}

fn by_agent(pack: &PackInfo, totals: &PackSummary, look: Look, page: &mut Page) {
    let nobody_named = totals.agents.keys().all(String::is_empty);
    if nobody_named {
        return;
    }
    let words = locale::words(look.lang);
    let joined = totals.agents_joined();
    let mut agents: Vec<(&String, &AgentSummary)> = joined.iter().collect();
    // By name, not by score: the table is no ranking of people.
    agents.sort_by(|(left_id, left), (right_id, right)| {
        (&left.group, &left.name, left_id).cmp(&(&right.group, &right.name, right_id))
    });
    let named: Vec<(String, &AgentSummary)> = agents
        .into_iter()
        .map(|(id, agent)| {
            let mut name = agent_name(&agent.name, id, look);
            if !agent.group.is_empty() {
                let _ = write!(name, ", {}", clean(&agent.group));
            }
            (name, agent)
        })
        .collect();
    let longest = named.iter().map(|(name, _)| width(name)).max().unwrap_or(0);
    let columns = longest.clamp(width(words.agent), (page.width / 3).max(12));
    page.end_line();
    page.line(BOLD, words.by_agent);
    page.blanks(2);
    page.put_left(DIM, words.agent, columns);
    page.put_right(DIM, words.n_calls, 9);
    page.put_right(DIM, words.mean, 8);
    page.blanks(2);
    page.put(DIM, words.worst);
    page.end_line();
    for (name, agent) in named {
        page.blanks(2);
        page.put_left(PLAIN, &cut(&name, columns), columns);
        page.put_right(PLAIN, &agent.mean.calls.to_string(), 9);
        let mean = agent.mean.value();
        let mean = mean.map_or_else(|| "—".to_owned(), |mean| locale::decimal(look.lang, mean));
        page.put_right(BOLD, &mean, 8);
        page.blanks(2);
        // Of criteria broken equally often the one that costs most, else the first.
        let broken = pack
            .criteria
            .iter()
            .zip(&agent.fails)
            .filter(|(criterion, n)| **n > 0 && !is_advice(criterion));
        let worst = broken
            .rev()
            .max_by_key(|(c, n)| (**n, c.critical, c.weight));
        if let Some((criterion, n)) = worst {
            let times = format!("{} (×{n})", clean(&criterion.title));
            let room = page.width.saturating_sub(2 + columns + 9 + 8 + 2).max(16);
            page.put(PLAIN, &cut(&times, room));
        } else if agent.mean.value().is_none() {
            page.put(DIM, words.nothing_to_score);
        } else {
            page.put(GOOD, words.nothing_failed);
        }
        page.end_line();
    }
}

/// The name, else the id, else a word that says there is none.
fn agent_name(name: &str, id: &str, look: Look) -> String {
    match (name, id) {
        ("", "") => locale::words(look.lang).no_agent.to_owned(),
        ("", id) => clean(id).into_owned(),
        (name, id) if id.is_empty() || id == name => clean(name).into_owned(),
        (name, id) => format!("{} {}", clean(name), clean(id)),
    }
}

/// `share` of [`BAR`] columns, in eighths.
fn bar(share: f64) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let eighths = (share.clamp(0.0, 1.0) * BAR as f64 * 8.0).round() as usize;
    let mut bar = "█".repeat(eighths / 8);
    bar.push_str(EIGHTHS[eighths % 8]);
    bar
}

/// A style for a verdict's name.
pub(super) fn style_of(verdict: Verdict) -> Style {
    match verdict {
        Verdict::Pass => GOOD,
        Verdict::Fail => BAD_BOLD,
        Verdict::Na => DIM,
        Verdict::Unknown => UNSURE,
    }
}
