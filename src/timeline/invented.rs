//! What the recogniser made up in silence and noise: subtitles, remarks, farewells of video channels.

use super::{Roles, roles};
use crate::phrase::{Hit, Hits, SetId};
use crate::text::{Invented, TokenizedCall};

/// A farewell that may also be said in earnest is made up where so many words still follow.
const MIDWAY_TOKENS: usize = 25;

/// The places of such text, in order: whole turns that are nothing else, and credits wherever they stand. The phrases match to
/// the letter only. Calls without a hit of these sets cost nothing.
pub fn invented(text: &TokenizedCall<'_>, hits: &Hits, parts: &Roles) -> Vec<Invented> {
    let exact = |set: Option<SetId>| roles::hits(hits, set).iter().filter(|hit| !hit.loose);
    let sets = [parts.invented, parts.invented_credit, parts.invented_midway];
    let mut all: Vec<&Hit> = sets.into_iter().flat_map(exact).collect();
    if all.is_empty() {
        return Vec::new();
    }
    all.sort_by_key(|hit| (hit.tokens.start, hit.tokens.end));
    let mut found = Vec::new();
    let mut turns: Vec<usize> = all
        .iter()
        .flat_map(|hit| &text.tokens[hit.tokens()])
        .map(|token| token.turn as usize)
        .collect();
    turns.sort_unstable();
    turns.dedup();
    for turn in turns {
        let tokens = text.tokens_of(turn);
        let inside =
            |hit: &&&Hit| tokens.start <= hit.tokens().start && hit.tokens().end <= tokens.end;
        let is_of = |hit: &Hit, set: Option<SetId>| Some(hit.set) == set;
        let midway = text.tokens.len() - tokens.end >= MIDWAY_TOKENS;
        let counts = |hit: &&&Hit| midway || !is_of(hit, parts.invented_midway);
        let turn = turn as u32;
        // A phrase may go on in the next turn of the run.
        let reached = all
            .iter()
            .filter(counts)
            .filter(|hit| hit.tokens().end > tokens.start && hit.tokens().start < tokens.end)
            .try_fold(tokens.start, |covered, hit| {
                (hit.tokens().start <= covered).then_some(covered.max(hit.tokens().end))
            });
        if reached.is_some_and(|covered| covered >= tokens.end) {
            found.push(Invented { turn, span: None });
            continue;
        }
        let credits = all.iter().filter(inside);
        for hit in credits.filter(|hit| is_of(hit, parts.invented_credit)) {
            let (first, last) = (hit.tokens().start, hit.tokens().end - 1);
            let span = Some((text.tokens[first].start, text.tokens[last].end));
            found.push(Invented { turn, span });
        }
    }
    found
}
