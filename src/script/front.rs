//! The front matter of a template: `etalon: {pack: mts, line: ookk, kind: script}`.

use std::ops::Range;

use super::problem::Problem;
use super::text::Lines;
use crate::call::Direction;

/// What a template is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A whole conversation, from the greeting to the farewell.
    Script,
    /// Phrases for some part of one.
    Template,
}

/// What a template says of itself; everything else in the front matter is its author's business.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Front {
    /// Id of a pack.
    pub pack: Option<String>,
    /// A line of the contact centre.
    pub line: Option<String>,
    /// Who calls whom.
    pub direction: Option<Direction>,
    /// Whole or in parts.
    pub kind: Option<Kind>,
    /// Line and column from 1 where `pack` and `line` are given, for messages.
    pub pack_place: (u32, u32),
    /// See `pack_place`.
    pub line_place: (u32, u32),
}

const KEY: &str = "etalon";

/// A key, its value and the value's bytes.
type Pair<'t> = (&'t str, &'t str, usize);

impl Front {
    /// Reads the key `etalon` of a front matter in YAML, written as `{a: b, c: d}` or indented below.
    pub(super) fn parse(text: &str, span: Range<usize>, lines: &Lines) -> Result<Self, Problem> {
        let mut front = Self::default();
        for (key, value, at) in pairs(text, span) {
            let place = lines.place(text, at);
            let bad = || Problem::new("script/front-value", true, &[key, value]).at(place);
            match key {
                "pack" => (front.pack, front.pack_place) = (Some(value.to_owned()), place),
                "line" => (front.line, front.line_place) = (Some(value.to_owned()), place),
                "direction" => {
                    front.direction = Some(match value {
                        "inbound" => Direction::Inbound,
                        "outbound" => Direction::Outbound,
                        _ => return Err(bad()),
                    });
                }
                "kind" => {
                    front.kind = Some(match value {
                        "script" => Kind::Script,
                        "template" | "phrases" => Kind::Template,
                        _ => return Err(bad()),
                    });
                }
                _ => return Err(Problem::new("script/front-key", true, &[key]).at(place)),
            }
        }
        Ok(front)
    }
}

fn pairs(text: &str, span: Range<usize>) -> Vec<Pair<'_>> {
    let mut pairs = Vec::new();
    let mut at = span.start;
    let mut inside = false;
    for line in text[span].split_inclusive('\n') {
        let start = at;
        at += line.len();
        let own = line.split(" #").next().unwrap_or_default().trim_end();
        if own.trim().is_empty() {
            continue;
        }
        let indented = own.starts_with([' ', '\t']);
        if inside && indented {
            pairs.extend(pair(own, start));
            continue;
        }
        inside = false;
        let Some(value) = own
            .strip_prefix(KEY)
            .and_then(|rest| rest.trim_start().strip_prefix(':'))
        else {
            continue;
        };
        let value_at = start + own.len() - value.len();
        let value_trimmed = value.trim();
        match value_trimmed.strip_prefix('{') {
            Some(flow) => {
                let flow = flow.strip_suffix('}').unwrap_or(flow);
                let mut from = value_at + value.find('{').unwrap_or(0) + 1;
                for part in flow.split(',') {
                    pairs.extend(pair(part, from));
                    from += part.len() + 1;
                }
            }
            None => inside = value_trimmed.is_empty(),
        }
    }
    pairs
}

fn pair(text: &str, at: usize) -> Option<Pair<'_>> {
    let (key, value) = text.split_once(':')?;
    let quotes = |c: char| c.is_whitespace() || matches!(c, '"' | '\'');
    let value_at = at + key.len() + 1 + (value.len() - value.trim_start_matches(quotes).len());
    Some((
        key.trim_matches(quotes),
        value.trim_matches(quotes),
        value_at,
    ))
}
