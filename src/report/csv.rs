//! Scorecards -> CSV: one row a call and pack, one column a criterion.
//!
//! UTF-8 with a byte-order mark and line ends of two characters, as spreadsheets want them. A text that a spreadsheet
//! would take for a formula gets an apostrophe before it.

use std::collections::HashSet;
use std::fmt::Write as _;

use crate::call::Millis;
use crate::score::{PackInfo, Scorecard};

use super::{ErrorRecord, ndjson};

const LEADING: [&str; 21] = [
    "call",
    "pack",
    "path",
    "source_line",
    "line",
    "direction",
    "started_at",
    "agent_id",
    "agent_name",
    "agent_group",
    "score",
    "earned",
    "possible",
    "critical",
    "duration",
    "holds",
    "hold_time",
    "longest_pause",
    "interruptions",
    "agent_talk_share",
    "turns",
];
const TRAILING: [&str; 3] = ["failed", "doubts", "error"];

/// The criteria that have a column, in the order of the packs; a criterion id of several packs has one.
#[derive(Debug, Clone, Default)]
pub struct Columns<'p> {
    ids: Vec<&'p str>,
    /// For each pack its id and, for each of its criteria, the column.
    packs: Vec<(&'p str, Vec<usize>)>,
}

impl<'p> Columns<'p> {
    /// Columns for cards of `packs`.
    pub fn new(packs: &[&'p PackInfo]) -> Self {
        let mut seen = HashSet::new();
        let ids: Vec<&str> = packs
            .iter()
            .flat_map(|pack| &pack.criteria)
            .map(|criterion| criterion.id.as_str())
            .filter(|id| seen.insert(*id))
            .collect();
        let column = |id: &str| ids.iter().position(|other| *other == id).unwrap_or(0);
        let packs = packs
            .iter()
            .map(|pack| {
                let columns = pack.criteria.iter().map(|c| column(&c.id)).collect();
                (pack.id.as_str(), columns)
            })
            .collect();
        Self { ids, packs }
    }
}

/// Appends the byte-order mark and the row of column names.
pub fn head(columns: &Columns<'_>, out: &mut Vec<u8>) {
    out.extend_from_slice("\u{feff}".as_bytes());
    let names = LEADING.iter().chain(&columns.ids).chain(&TRAILING);
    for (i, name) in names.enumerate() {
        if i > 0 {
            out.push(b',');
        }
        text(name, out);
    }
    out.extend_from_slice(b"\r\n");
}

/// Appends the row of a scorecard.
pub fn card(columns: &Columns<'_>, card: &Scorecard<'_>, out: &mut Vec<u8>) {
    let call = card.call;
    text(&call.id, out);
    for cell in [&card.pack.id, card.path] {
        out.push(b',');
        text(cell, out);
    }
    out.push(b',');
    if let Some(line) = card.source_line {
        number(line, out);
    }
    for cell in [
        card.line,
        card.direction.name(),
        call.started_at.as_deref().unwrap_or(""),
        call.agent.id.as_deref().unwrap_or(""),
        call.agent.name.as_deref().unwrap_or(""),
        call.agent.group.as_deref().unwrap_or(""),
    ] {
        out.push(b',');
        text(cell, out);
    }
    out.push(b',');
    if let Some(score) = card.score {
        number(format_args!("{score:.1}"), out);
    }
    for n in [card.earned, card.possible] {
        out.push(b',');
        number(n, out);
    }
    out.push(b',');
    let critical: Vec<&str> = card
        .critical
        .iter()
        .filter_map(|&idx| card.pack.criteria.get(idx))
        .map(|criterion| criterion.id.as_str())
        .collect();
    text(&critical.join(" "), out);

    let metrics = &card.metrics;
    let seconds = |time: Option<Millis>, out: &mut Vec<u8>| {
        out.push(b',');
        if let Some(time) = time {
            number(time.seconds(), out);
        }
    };
    seconds(metrics.duration, out);
    out.push(b',');
    number(metrics.holds, out);
    seconds(metrics.hold_time, out);
    seconds(metrics.longest_pause, out);
    out.push(b',');
    if let Some(n) = metrics.interruptions {
        number(n, out);
    }
    out.push(b',');
    if let Some(share) = metrics.agent_talk_share {
        number((share * 100.0).round() / 100.0, out);
    }
    out.push(b',');
    number(metrics.turns, out);

    let mut cells = vec![""; columns.ids.len()];
    let places = columns.packs.iter().find(|(id, _)| *id == card.pack.id);
    if let Some((_, places)) = places {
        for (&place, judgement) in places.iter().zip(&card.judgements) {
            cells[place] = judgement.verdict.name();
        }
    }
    for cell in cells {
        out.push(b',');
        text(cell, out);
    }
    out.push(b',');
    text(&failed(card), out);
    out.push(b',');
    text(&card.doubts.join("; "), out);
    out.extend_from_slice(b",\r\n");
}

/// Appends the row of a call that could not be read: where it stands and, in the last column, why.
pub fn error(columns: &Columns<'_>, error: &ErrorRecord<'_>, out: &mut Vec<u8>) {
    text(error.call.unwrap_or(""), out);
    out.extend_from_slice(b",,");
    text(error.path, out);
    out.push(b',');
    if let Some(line) = error.line {
        number(line, out);
    }
    // Path and source line are the third and fourth columns, the error is the last.
    let n_columns = LEADING.len() + columns.ids.len() + TRAILING.len();
    out.extend(std::iter::repeat_n(b',', n_columns - 4));
    text(error.error, out);
    out.extend_from_slice(b"\r\n");
}

/// `id: «words» | «words»; id`, heaviest first.
fn failed(card: &Scorecard<'_>) -> String {
    let mut list = String::new();
    for (criterion, judgement) in super::table::failed(card) {
        if !list.is_empty() {
            list.push_str("; ");
        }
        list.push_str(&criterion.id);
        let mut first = true;
        for evidence in &judgement.evidence {
            let turn = evidence
                .turn
                .and_then(|turn| card.call.turns.get(turn as usize));
            let (Some(turn), Some((from, to))) = (turn, evidence.span) else {
                continue;
            };
            let (from, to) = ndjson::clamp(&turn.text, from, to);
            let before = if first { ": " } else { " | " };
            first = false;
            let _ = write!(list, "{before}«{}»", &turn.text[from..to]);
        }
    }
    list
}

fn number(value: impl std::fmt::Display, out: &mut Vec<u8>) {
    use std::io::Write as _;
    write!(out, "{value}").expect("writing to memory does not fail");
}

/// A text cell, quoted where the format asks for it.
fn text(cell: &str, out: &mut Vec<u8>) {
    // A formula may hide behind blanks: some spreadsheets trim them.
    let formula = cell
        .trim_start()
        .starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
        || cell.starts_with(['\t', '\r', '\n']);
    // `-` alone is the path of the standard input and no formula.
    let formula = formula && cell != "-";
    if !formula && !cell.contains([',', '"', '\n', '\r', ';']) {
        out.extend_from_slice(cell.as_bytes());
        return;
    }
    out.push(b'"');
    if formula {
        out.push(b'\'');
    }
    for byte in cell.bytes() {
        if byte == b'"' {
            out.push(b'"');
        }
        out.push(byte);
    }
    out.push(b'"');
}
