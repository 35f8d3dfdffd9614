//! One scorecard -> a page for the supervisor who talks it over with the agent: what was lost first.

use std::fmt::Write as _;

use anstyle::Style;

use crate::call::{Call, Turn};
use crate::criteria::{Evidence, Judgement, Verdict};
use crate::score::{CriterionInfo, Scorecard};

use super::text::{
    ADVICE, BAD, BAD_BOLD, BOLD, DIM, GOOD, KEPT, MARKED, PLAIN, Page, UNSURE, clean, width,
};
use super::{Look, locale, ndjson, table};

/// What to show of the call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Parts<'a> {
    /// Only the criterion of this id, in detail; a pack without it shows only the head.
    pub rule: Option<&'a str>,
    /// The whole talk with the evidence marked.
    pub transcript: bool,
}

/// Columns before what belongs to a criterion.
const INDENT: usize = 3;
/// The same before a turn of the evidence that stands among its context.
const EVIDENCE: &str = " ▸ ";
/// Longer words are not repeated beside what to say instead.
const SAID_WIDTH_MAX: usize = 40;

/// Appends the page.
pub fn write(card: &Scorecard<'_>, parts: Parts<'_>, look: Look, out: &mut Vec<u8>) {
    let mut page = Page::new(look);
    head(card, look, &mut page);
    match parts.rule {
        Some(id) => {
            let all = card.pack.criteria.iter().zip(&card.judgements);
            for (criterion, judgement) in all.filter(|(criterion, _)| criterion.id == id) {
                rule(card, criterion, judgement, look, &mut page);
            }
        }
        None => {
            lost(card, look, &mut page);
            folded(card, look, &mut page);
        }
    }
    if parts.transcript {
        transcript(card, parts.rule, look, &mut page);
    }
    page.into_bytes(out);
}

/// Who, when, how it went as a whole.
fn head(card: &Scorecard<'_>, look: Look, page: &mut Page) {
    let words = locale::words(look.lang);
    let call = card.call;
    let mut facts = Vec::new();
    if let Some(moment) = &call.started_at {
        facts.push(locale::moment(look.lang, &clean(moment)));
    }
    facts.push(locale::direction(look.lang, card.direction).to_owned());
    facts.push(format!("{} {}", words.line, clean(card.line)));
    if let Some(duration) = card.metrics.duration {
        facts.push(duration.clock());
    }
    let facts = format!(" · {}", facts.join(" · "));
    page.flow(0, 2, &[(BOLD, &clean(&call.id)), (PLAIN, &facts)]);

    let agent = &call.agent;
    let named = [&agent.name, &agent.id, &agent.group];
    let named: Vec<_> = named
        .into_iter()
        .flatten()
        .map(|text| clean(text))
        .collect();
    if !named.is_empty() {
        let label = locale::speaker(look.lang, crate::call::Speaker::Agent);
        page.line(PLAIN, &format!("{label}: {}", named.join(", ")));
    }
    page.put(PLAIN, &clean(&card.pack.title));
    let pack = format!(" ({} {})", card.pack.id, card.pack.version);
    page.line(DIM, &pack);

    page.end_line();
    match card.score {
        Some(score) => {
            let style = match (card.critical.is_empty(), card.earned == card.possible) {
                (false, _) => BAD_BOLD,
                (true, true) => GOOD,
                (true, false) => BOLD,
            };
            let score = format!(
                "{} {}",
                capital(words.score),
                locale::decimal(look.lang, score)
            );
            page.put(style, &score);
            let points = locale::out_of(look.lang, card.earned, card.possible);
            page.line(PLAIN, &format!(" · {points}"));
        }
        None => page.line(BOLD, &capital(words.no_score)),
    }
    let metrics = &card.metrics;
    let mut measures = Vec::new();
    if metrics.holds > 0 {
        let mut text = format!("{} {}", words.holds, metrics.holds);
        if let Some(time) = metrics.hold_time {
            let _ = write!(text, " ({})", locale::seconds(look.lang, time));
        }
        measures.push(text);
    }
    if let Some(pause) = metrics.longest_pause {
        let time = locale::seconds(look.lang, pause);
        measures.push(format!("{} {time}", words.longest_pause));
    }
    if let Some(n) = metrics.interruptions.filter(|&n| n > 0) {
        measures.push(format!("{} {n}", words.interruptions));
    }
    if let Some(share) = metrics.agent_talk_share {
        measures.push(format!("{} {:.0}%", words.talk_share, share * 100.0));
    }
    if !measures.is_empty() {
        let text = format!("{}: {}", words.metrics, measures.join(", "));
        page.flow(0, 2, &[(DIM, &text)]);
    }
    for doubt in &card.doubts {
        let mark = format!("{}:", words.doubt);
        page.flow(
            0,
            2,
            &[(UNSURE, &mark), (PLAIN, " "), (PLAIN, &clean(doubt))],
        );
    }
}

fn lost(card: &Scorecard<'_>, look: Look, page: &mut Page) {
    let words = locale::words(look.lang);
    let failed = table::failed(card);
    page.end_line();
    if failed.is_empty() {
        page.line(GOOD, words.lost_nothing);
        return;
    }
    let points: u64 = failed.iter().map(|(c, _)| u64::from(c.weight)).sum();
    page.put(BAD_BOLD, words.lost);
    page.line(PLAIN, &format!(": {}", locale::points(look.lang, points)));
    for (n, (criterion, judgement)) in failed.iter().enumerate() {
        page.end_line();
        title(n + 1, criterion, look, page);
        fault(card.call, criterion, judgement, 0, look, page);
    }
}

/// `1. Title  −3  id`
fn title(n: usize, criterion: &CriterionInfo, look: Look, page: &mut Page) {
    let words = locale::words(look.lang);
    let number = format!("{n}. ");
    let title = clean(&criterion.title);
    let points = match criterion.weight {
        0 => format!(" ({})", words.advice_only),
        weight => format!(" −{weight}"),
    };
    let critical = if criterion.critical {
        format!(" {}", words.critical.to_uppercase())
    } else {
        String::new()
    };
    let id = format!(" {}", criterion.id);
    page.flow(
        0,
        3,
        &[
            (BOLD, &number),
            (BOLD, &title),
            (BAD_BOLD, &points),
            (BAD_BOLD, &critical),
            (DIM, &id),
        ],
    );
}

/// The words, why, what to say instead; `around` is how many turns before and after are shown with them.
fn fault(
    call: &Call<'_>,
    criterion: &CriterionInfo,
    judgement: &Judgement<'_>,
    around: usize,
    look: Look,
    page: &mut Page,
) {
    let words = locale::words(look.lang);
    places(call, &judgement.evidence, MARKED, around, look, page);
    let mut why = clean(&judgement.reason.to_string()).into_owned();
    if !criterion.clause.is_empty() {
        let _ = write!(why, " ({})", clean(&criterion.clause));
    }
    labelled(words.why, PLAIN, why.trim_start(), page);
    let mut suggested = suggestions(call, judgement);
    if suggested.is_empty() && !criterion.advice.is_empty() {
        suggested.push(clean(&criterion.advice).into_owned());
    }
    for text in suggested {
        labelled(words.instead, ADVICE, &text, page);
    }
}

/// What to say instead, each once, with the words that it stands for.
fn suggestions(call: &Call<'_>, judgement: &Judgement<'_>) -> Vec<String> {
    let mut of: Vec<(String, Vec<String>)> = Vec::new();
    for evidence in &judgement.evidence {
        let Some(suggest) = &evidence.suggest else {
            continue;
        };
        let suggest = clean(suggest).into_owned();
        let known = of.iter().position(|(known, _)| *known == suggest);
        let at = known.unwrap_or_else(|| {
            of.push((suggest, Vec::new()));
            of.len() - 1
        });
        // A word for a word; against a whole sentence the advice alone is clearer.
        if let Some(said) = said(call, evidence).filter(|said| width(said) <= SAID_WIDTH_MAX) {
            let said = format!("«{}»", clean(said).trim());
            let same = |known: &String| known.to_lowercase() == said.to_lowercase();
            if !of[at].1.iter().any(same) {
                of[at].1.push(said);
            }
        }
    }
    let text = |(suggest, said): (String, Vec<String>)| match &said[..] {
        [] => suggest,
        _ => format!("{} → «{suggest}»", said.join(", ")),
    };
    of.into_iter().map(text).collect()
}

fn labelled(label: &str, style: Style, text: &str, page: &mut Page) {
    if text.is_empty() {
        return;
    }
    page.blanks(3);
    let label = format!("{label}:");
    page.put(DIM, &label);
    page.blanks(1);
    page.flow(3 + width(&label) + 1, 6, &[(style, text)]);
}

fn said<'c>(call: &'c Call<'_>, evidence: &Evidence<'_>) -> Option<&'c str> {
    let turn = call.turns.get(evidence.turn? as usize)?;
    let (from, to) = evidence.span?;
    let (from, to) = ndjson::clamp(&turn.text, from, to);
    (from < to).then(|| &turn.text[from..to])
}

/// The evidence in its context, each turn once; where there is context, an arrow stands before the turns of the evidence.
fn places(
    call: &Call<'_>,
    evidence: &[Evidence<'_>],
    style: Style,
    around: usize,
    look: Look,
    page: &mut Page,
) {
    let stretch = |piece: &Evidence<'_>, page: &mut Page| {
        let Some(time) = piece.time else { return };
        let text = format!(
            "{}–{} · {}",
            time.start.clock(),
            time.end.clock(),
            locale::seconds(look.lang, time.end - time.start)
        );
        page.blanks(INDENT);
        page.line(if style == MARKED { BAD } else { PLAIN }, &text);
    };
    let mut shown: Vec<usize> = Vec::new();
    for piece in evidence {
        let Some(turn_idx) = piece.turn.map(|turn| turn as usize) else {
            stretch(piece, page);
            continue;
        };
        let last = turn_idx
            .saturating_add(around)
            .min(call.turns.len().saturating_sub(1));
        for idx in turn_idx.saturating_sub(around)..=last {
            if shown.contains(&idx) {
                continue;
            }
            let Some(turn) = call.turns.get(idx) else {
                continue;
            };
            shown.push(idx);
            let own = || evidence.iter().filter(|e| e.turn == Some(idx as u32));
            let is_context = own().next().is_none();
            own().for_each(|piece| stretch(piece, page));
            let mut spans: Vec<(usize, usize)> = own()
                .filter_map(|piece| piece.span)
                .map(|(from, to)| ndjson::clamp(&turn.text, from, to))
                .filter(|(from, to)| from < to)
                .collect();
            spans.sort_unstable();
            let marks: Vec<Mark> = spans
                .iter()
                .map(|&(from, to)| Mark { from, to, style })
                .collect();
            let within = if around > 0 {
                (0, turn.text.len())
            } else {
                excerpt(&turn.text, &spans)
            };
            match (around, is_context) {
                (0, _) | (_, true) => page.blanks(INDENT),
                _ => page.put(style, EVIDENCE),
            }
            let words = if is_context { DIM } else { PLAIN };
            words_of(turn, within, (words, &marks), INDENT, look, page);
        }
    }
}

/// Bytes of `text` that show the spans with some words around them; a turn that is not long is shown whole.
fn excerpt(text: &str, spans: &[(usize, usize)]) -> (usize, usize) {
    const WHOLE: usize = 240;
    const AROUND: usize = 80;
    let (Some(first), Some(last)) = (spans.first(), spans.iter().map(|span| span.1).max()) else {
        return beginning(text, WHOLE);
    };
    if text.chars().count() <= WHOLE {
        return (0, text.len());
    }
    let before = text[..first.0].char_indices().rev().nth(AROUND - 1);
    let from = before.map_or(0, |(at, _)| {
        // On to the start of a word.
        text[at..first.0]
            .find(char::is_whitespace)
            .map_or(at, |blank| at + blank)
    });
    let after = text[last..].char_indices().nth(AROUND);
    let to = after.map_or(text.len(), |(at, _)| {
        let at = last + at;
        text[last..at]
            .rfind(char::is_whitespace)
            .map_or(at, |blank| last + blank)
    });
    (from, to)
}

fn beginning(text: &str, n_chars: usize) -> (usize, usize) {
    match text.char_indices().nth(n_chars) {
        None => (0, text.len()),
        Some((at, _)) => (0, text[..at].rfind(char::is_whitespace).unwrap_or(at)),
    }
}

/// Bytes of a turn's text and how they are shown.
#[derive(Debug, Clone, Copy)]
struct Mark {
    from: usize,
    to: usize,
    style: Style,
}

/// `00:45 Оператор: … words …` from column `indent` on; marks must be in order of `from`, where they overlap the earlier one
/// wins. What is not marked is in the style before them.
fn words_of(
    turn: &Turn<'_>,
    within: (usize, usize),
    (plain, marks): (Style, &[Mark]),
    indent: usize,
    look: Look,
    page: &mut Page,
) {
    let mut at = indent;
    if let Some(time) = turn.time {
        let clock = time.start.clock();
        page.put(DIM, &clock);
        page.blanks(1);
        at += width(&clock) + 1;
    }
    let speaker = format!("{}:", locale::speaker(look.lang, turn.speaker));
    page.put(DIM, &speaker);
    page.blanks(1);
    at += width(&speaker) + 1;

    let (from, to) = within;
    let mut pieces: Vec<(Style, std::borrow::Cow<'_, str>)> = Vec::new();
    if from > 0 {
        pieces.push((DIM, "… ".into()));
    }
    let mut done = from;
    for mark in marks {
        let (mark_from, mark_to) = (mark.from.max(done), mark.to.min(to));
        if mark_from >= mark_to {
            continue;
        }
        pieces.push((plain, clean(&turn.text[done..mark_from])));
        let (open, close) = brackets(mark.style);
        if page.color() {
            pieces.push((mark.style, clean(&turn.text[mark_from..mark_to])));
        } else {
            pieces.push((PLAIN, open.into()));
            pieces.push((PLAIN, clean(&turn.text[mark_from..mark_to])));
            pieces.push((PLAIN, close.into()));
        }
        done = mark_to;
    }
    pieces.push((plain, clean(&turn.text[done..to])));
    if to < turn.text.len() {
        pieces.push((DIM, " …".into()));
    }
    let parts: Vec<(Style, &str)> = pieces
        .iter()
        .map(|(style, text)| (*style, text.as_ref()))
        .collect();
    page.flow(at, indent + 2, &parts);
}

/// What stands for a style where there are none.
fn brackets(style: Style) -> (&'static str, &'static str) {
    if style == MARKED {
        ("[[", "]]")
    } else {
        ("‹", "›")
    }
}

/// What was not lost: a paragraph each for what cannot be told, what does not apply and what was kept.
fn folded(card: &Scorecard<'_>, look: Look, page: &mut Page) {
    let words = locale::words(look.lang);
    let of = |verdict: Verdict| {
        let all = card.pack.criteria.iter().zip(&card.judgements);
        all.filter(move |(_, judgement)| judgement.verdict == verdict)
    };
    for (verdict, heading) in [
        (Verdict::Unknown, words.not_known),
        (Verdict::Pass, words.kept),
        (Verdict::Na, words.not_applied),
    ] {
        let n = of(verdict).count();
        if n == 0 {
            continue;
        }
        page.end_line();
        page.put(table::style_of(verdict), heading);
        page.line(PLAIN, &format!(": {n}"));
        // Kept ones by section, the others by reason.
        let mut groups: Vec<(String, Vec<String>)> = Vec::new();
        for (criterion, judgement) in of(verdict) {
            let group = match verdict {
                Verdict::Pass => section_title(card, &criterion.id),
                _ => clean(&judgement.reason.to_string()).into_owned(),
            };
            let mut title = clean(&criterion.title).into_owned();
            if verdict == Verdict::Pass && !judgement.reason.is_empty() {
                let _ = write!(title, " ({})", clean(&judgement.reason.to_string()));
            }
            match groups.iter_mut().find(|(known, _)| *known == group) {
                Some((_, titles)) => titles.push(title),
                None => groups.push((group, vec![title])),
            }
        }
        for (group, titles) in groups {
            let group = format!("{}:", capital(&group));
            let titles = titles.join(" · ");
            page.blanks(3);
            page.flow(3, 6, &[(PLAIN, &group), (PLAIN, " "), (DIM, &titles)]);
        }
    }
}

fn section_title(card: &Scorecard<'_>, criterion_id: &str) -> String {
    let section = criterion_id.split('.').next().unwrap_or(criterion_id);
    let known = card.pack.sections.iter().find(|(id, _)| id == section);
    clean(known.map_or(section, |(_, title)| title)).into_owned()
}

/// One criterion in detail, whatever its verdict.
fn rule(
    card: &Scorecard<'_>,
    criterion: &CriterionInfo,
    judgement: &Judgement<'_>,
    look: Look,
    page: &mut Page,
) {
    let words = locale::words(look.lang);
    page.end_line();
    let id = format!(" {}", criterion.id);
    page.flow(0, 3, &[(BOLD, &clean(&criterion.title)), (DIM, &id)]);
    page.blanks(3);
    page.put(DIM, &format!("{}:", words.verdict));
    page.blanks(1);
    let verdict = locale::verdict(look.lang, judgement.verdict);
    page.put(table::style_of(judgement.verdict), verdict);
    let mut weight = format!(" · {} {}", words.weight.to_lowercase(), criterion.weight);
    if criterion.critical {
        let _ = write!(weight, " · {}", words.critical);
    }
    page.line(PLAIN, &weight);
    if judgement.verdict == Verdict::Fail {
        fault(card.call, criterion, judgement, 1, look, page);
        return;
    }
    labelled(
        words.why,
        PLAIN,
        &clean(&judgement.reason.to_string()),
        page,
    );
    labelled(words.clause, PLAIN, &clean(&criterion.clause), page);
    places(card.call, &judgement.evidence, KEPT, 1, look, page);
}

/// The whole talk; below each turn what was said right or wrong in it.
fn transcript(card: &Scorecard<'_>, only: Option<&str>, look: Look, page: &mut Page) {
    let words = locale::words(look.lang);
    page.end_line();
    page.line(BOLD, words.talk);
    page.end_line();
    let call = card.call;
    let decided: Vec<(&CriterionInfo, &Judgement<'_>)> = card
        .pack
        .criteria
        .iter()
        .zip(&card.judgements)
        .filter(|(_, judgement)| matches!(judgement.verdict, Verdict::Pass | Verdict::Fail))
        .filter(|(criterion, _)| only.is_none_or(|id| criterion.id == id))
        .collect();
    for (turn_idx, turn) in call.turns.iter().enumerate() {
        // What is wrong goes over what is right where both mark the same words.
        let mut styles: Vec<Style> = vec![PLAIN; turn.text.len()];
        let mut notes: Vec<(Style, String)> = Vec::new();
        for verdict in [Verdict::Pass, Verdict::Fail] {
            for (criterion, judgement) in &decided {
                if judgement.verdict != verdict {
                    continue;
                }
                let mut noted = false;
                for evidence in &judgement.evidence {
                    if place_of(call, evidence) != Some(turn_idx) {
                        continue;
                    }
                    if let Some((from, to)) = evidence.span {
                        let (from, to) = ndjson::clamp(&turn.text, from, to);
                        let style = if verdict == Verdict::Fail {
                            MARKED
                        } else {
                            KEPT
                        };
                        styles[from..to].fill(style);
                    }
                    if !noted {
                        noted = true;
                        notes.push(note(criterion, judgement, evidence, look));
                    }
                }
            }
        }
        let made_up = card
            .invented
            .iter()
            .filter(|one| one.turn as usize == turn_idx);
        for one in made_up {
            let (from, to) = one.span.unwrap_or((0, turn.text.len() as u32));
            let (from, to) = ndjson::clamp(&turn.text, from, to);
            // Brackets would look like evidence; the note says it.
            if page.color() {
                styles[from..to].fill(DIM);
            }
            notes.push((DIM, words.made_up.to_owned()));
        }
        notes.dedup();
        let mut marks: Vec<Mark> = Vec::new();
        for (at, style) in styles.iter().enumerate() {
            match marks.last_mut() {
                Some(mark) if mark.to == at && mark.style == *style => mark.to = at + 1,
                _ if *style != PLAIN => marks.push(Mark {
                    from: at,
                    to: at + 1,
                    style: *style,
                }),
                _ => {}
            }
        }
        words_of(turn, (0, turn.text.len()), (PLAIN, &marks), 0, look, page);
        // What was wrong first.
        for (style, text) in notes.iter().rev() {
            page.blanks(6);
            page.flow(6, 8, &[(*style, text)]);
        }
    }
}

/// The turn under which evidence is noted: its own, else the last one that begins before its time.
fn place_of(call: &Call<'_>, evidence: &Evidence<'_>) -> Option<usize> {
    if let Some(turn) = evidence.turn {
        return Some(turn as usize);
    }
    let start = evidence.time?.start;
    let before = |turn: &Turn<'_>| turn.time.is_some_and(|time| time.start <= start);
    Some(call.turns.iter().rposition(before).unwrap_or(0))
}

fn note(
    criterion: &CriterionInfo,
    judgement: &Judgement<'_>,
    evidence: &Evidence<'_>,
    look: Look,
) -> (Style, String) {
    if judgement.verdict == Verdict::Pass {
        return (GOOD, format!("✓ {}", clean(&criterion.title)));
    }
    let mut text = format!("✗ {}", clean(&criterion.title));
    if let Some(time) = evidence.time {
        let length = locale::seconds(look.lang, time.end - time.start);
        let _ = write!(text, " ({} · {length})", time.start.clock());
    }
    if !judgement.reason.is_empty() {
        let _ = write!(text, ": {}", clean(&judgement.reason.to_string()));
    }
    if let Some(suggest) = &evidence.suggest {
        let _ = write!(text, " → «{}»", clean(suggest));
    }
    (BAD, text)
}

/// `text` with a capital first letter.
fn capital(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}
