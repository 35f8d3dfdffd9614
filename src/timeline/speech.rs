//! Who spoke over whom, and for how long each side spoke.

use super::{Thresholds, zones::Zoning};
use crate::call::{Millis, Speaker, TimeSpan};
use crate::text::TokenizedCall;

/// The agent began to speak inside a customer's turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interruption {
    /// The agent's turn.
    pub turn: u32,
    /// From the agent's first word to the end of the customer's turn.
    pub time: TimeSpan,
}

/// Mere «uh-huh» is none; nor is an overlap shorter than the pack's threshold.
pub(super) fn interruptions(
    text: &TokenizedCall<'_>,
    zoning: &Zoning<'_>,
    thresholds: &Thresholds,
) -> Vec<Interruption> {
    let turns = &text.call.turns;
    let mut found = Vec::new();
    for (run_idx, run) in text.runs.iter().enumerate() {
        if run.speaker != Speaker::Agent || run.tokens().is_empty() {
            continue;
        }
        for turn in run.turns() {
            let Some(time) = turns[turn].time else {
                continue;
            };
            let from = turn.saturating_sub(4);
            let over = (from..(turn + 3).min(turns.len()))
                .filter(|other| turns[*other].speaker == Speaker::Customer)
                // Who goes on does not begin: the customer's turn behind has started within the agent's.
                .filter(|other| *other < turn || turn == run.turns().start)
                .filter(|other| !text.is_invented(*other));
            let cut = over.filter_map(|other| turns[other].time).find(|other| {
                other.start < time.start && other.end - time.start >= thresholds.interruption
            });
            // Few turns begin inside another one; what they say is looked at then.
            let Some(other) = cut else { continue };
            let says_something = !zoning.acknowledges(run_idx)
                && !zoning.turn_acknowledges(run_idx, turn)
                && !text.is_invented(turn);
            if says_something {
                found.push(Interruption {
                    turn: turn as u32,
                    time: TimeSpan {
                        start: time.start,
                        end: other.end,
                    },
                });
            }
        }
    }
    found
}

/// The agent's part of the time in which somebody spoke; `None` without times or speech.
pub(super) fn agent_talk_share(text: &TokenizedCall<'_>) -> Option<f64> {
    let mut spoken = [Millis(0); 2];
    for (turn_idx, turn) in text.call.turns.iter().enumerate() {
        if text.is_invented(turn_idx) {
            continue;
        }
        let side = match turn.speaker {
            Speaker::Agent => 0,
            Speaker::Customer => 1,
            Speaker::System => continue,
        };
        let time = turn.time?;
        spoken[side] = spoken[side] + (time.end - time.start);
    }
    let all = (spoken[0] + spoken[1]).0;
    (all > 0).then(|| spoken[0].0 as f64 / all as f64)
}
