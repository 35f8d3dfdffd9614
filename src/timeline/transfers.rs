//! Calls put through to somebody else.

use super::silence::{MarkerKind, Silences};
use super::{Roles, roles};
use crate::call::{Direction, EventKind, Millis, Speaker};
use crate::phrase::{Hit, Hits};
use crate::text::TokenizedCall;

/// A notice is of the same transfer as the one before it at most so many runs of the agent behind it.
const NOTICE_RUNS: usize = 2;

/// One transfer, signalled or announced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    /// The agent's run before it: the one with the notice, where there is one.
    pub run: Option<usize>,
    /// Whether that run says that the call is being put through.
    pub noticed: bool,
    /// The customer said something between the notice and the transfer.
    pub answered: bool,
}

pub(super) fn transfers(
    text: &TokenizedCall<'_>,
    hits: &Hits,
    parts: &Roles,
    silences: &Silences<'_>,
    agent_runs: &[usize],
) -> Vec<Transfer> {
    let notices: Vec<&Hit> = roles::hits(hits, parts.transfer_notice)
        .iter()
        .filter(|hit| text.runs[hit.run as usize].speaker == Speaker::Agent)
        .collect();
    let events: Vec<Millis> = text
        .call
        .events
        .iter()
        .filter(|event| event.kind == EventKind::Transfer)
        .map(|event| event.start)
        .collect();
    if events.is_empty() || !silences.timed {
        let mut found: Vec<Transfer> = notices
            .iter()
            .map(|hit| announced(text, hit, (hits, parts), silences, agent_runs))
            .collect();
        found.dedup_by_key(|transfer| transfer.run);
        let silent = unannounced(text, silences, agent_runs, &found);
        let begins_anew = |run: usize| {
            let parts = [parts.greeting, parts.introduces];
            parts
                .iter()
                .any(|set| !roles::hits_in(hits, *set, run).is_empty())
        };
        // «I put you through to accounts. — All right. — Putting through»: the second notice goes with the first one, and a third one too.
        let mut latest = None;
        found.dedup_by(|later, earlier| {
            let from = latest.or(earlier.run);
            latest = later.run;
            let (Some(from), Some(to)) = (from, later.run) else {
                return false;
            };
            let nth = |run: usize| agent_runs.partition_point(|other| *other < run);
            let since = agent_runs.get(nth(from) + 1..nth(to) + 1);
            let mut since = since.unwrap_or_default().iter();
            let is_through = || {
                let mut between = silences.markers_between(from, to);
                between.any(|kind| kind == MarkerKind::Transfer)
            };
            earlier.answered
                && since.len() <= NOTICE_RUNS
                && !since.any(|run| begins_anew(*run))
                && !is_through()
        });
        for run in silent {
            found.push(Transfer {
                run: Some(run),
                noticed: false,
                answered: false,
            });
        }
        found.sort_by_key(|transfer| transfer.run);
        if found.is_empty() && !events.is_empty() {
            found.push(Transfer {
                run: None,
                noticed: false,
                answered: false,
            });
        }
        return found;
    }
    let noticed = noticed(text, &notices, &events, agent_runs);
    events
        .iter()
        .map(|start| signalled(text, &noticed, *start, agent_runs))
        .collect()
}

/// The agent's runs behind which a marker shows a transfer that the agent did not announce, in that turn or the one before.
fn unannounced(
    text: &TokenizedCall<'_>,
    silences: &Silences<'_>,
    agent_runs: &[usize],
    announced: &[Transfer],
) -> Vec<usize> {
    // Who is called has a secretary who may put through as well.
    let outbound = text.call.direction_or_default() == Direction::Outbound;
    if outbound || !silences.markers.contains(&MarkerKind::Transfer) {
        return Vec::new();
    }
    let pairs = agent_runs.windows(2).enumerate();
    let marked = pairs.filter(|(_, pair)| {
        silences
            .markers_between(pair[0], pair[1])
            .any(|kind| kind == MarkerKind::Transfer)
    });
    let new = marked.filter(|(i, pair)| {
        let earlier = i.checked_sub(1).map(|i| agent_runs[i]);
        !announced.iter().any(|transfer| {
            transfer.run == Some(pair[0]) || transfer.run.is_some() && transfer.run == earlier
        })
    });
    new.map(|(_, pair)| pair[0])
        .filter(|run| *run < text.runs.len())
        .collect()
}

/// A transfer that only words and markers show.
fn announced(
    text: &TokenizedCall<'_>,
    notice: &Hit,
    (hits, parts): (&Hits, &Roles),
    silences: &Silences<'_>,
    agent_runs: &[usize],
) -> Transfer {
    let run = notice.run as usize;
    let until = agent_runs
        .iter()
        .copied()
        .find(|next| *next > run)
        .unwrap_or(text.runs.len());
    let answer = (run + 1..until).find(|next| {
        text.runs[*next].speaker == Speaker::Customer && !text.runs[*next].tokens().is_empty()
    });
    // «I put you through.» «Accounts department, Denis speaking»: a new turn, and somebody else's.
    let said_last = text.tokens[notice.tokens().end - 1].turn;
    let begins_anew = [parts.greeting, parts.introduces].iter().any(|set| {
        roles::hits(hits, *set)
            .iter()
            .any(|hit| hit.run == notice.run && text.tokens[hit.tokens().start].turn > said_last)
    });
    let answered = answer.is_some_and(|answer| {
        // Music or ringing before the customer's words: the transfer was quicker.
        !begins_anew
            && !silences
                .markers_between(run, answer)
                .any(|kind| matches!(kind, MarkerKind::Transfer | MarkerKind::Hold))
    });
    Transfer {
        run: Some(run),
        noticed: true,
        answered,
    }
}

/// The agent's runs with a notice, each with the first of those that stand next to each other and before the same transfer.
fn noticed(
    text: &TokenizedCall<'_>,
    notices: &[&Hit],
    events: &[Millis],
    agent_runs: &[usize],
) -> Vec<(usize, usize)> {
    let is_noticed = |run: usize| {
        let known = notices.binary_search_by_key(&run, |hit| hit.run as usize);
        known.is_ok()
    };
    let start = |run: usize| text.runs[run].time.map(|time| time.start);
    let is_through = |from: usize, to: usize| {
        let is_between = |event: &Millis| start(from) <= Some(*event) && Some(*event) < start(to);
        events.iter().any(is_between)
    };
    let mut latest: Option<(usize, usize)> = None;
    let with_first = |run: &usize| {
        latest = is_noticed(*run).then(|| match latest {
            Some((before, first)) if !is_through(before, *run) => (*run, first),
            _ => (*run, *run),
        });
        latest
    };
    agent_runs.iter().filter_map(with_first).collect()
}

/// A transfer that the signalling shows.
fn signalled(
    text: &TokenizedCall<'_>,
    noticed: &[(usize, usize)],
    start: Millis,
    agent_runs: &[usize],
) -> Transfer {
    let before = |run: usize| text.runs[run].time.is_some_and(|time| time.start <= start);
    let notice = noticed.iter().rfind(|(run, _)| before(*run));
    let last = agent_runs.iter().copied().rfind(|run| before(*run));
    // «I put you through to accounts. — All right. — Putting through»: an answer to either notice will do.
    let answered = notice.is_some_and(|(_, first)| {
        let after = text.runs[first + 1..]
            .iter()
            .take_while(|run| run.time.is_none_or(|time| time.start < start));
        let mut spoken = after.filter(|run| !run.tokens().is_empty());
        spoken.any(|run| run.speaker == Speaker::Customer)
    });
    Transfer {
        run: notice.map(|(run, _)| *run).or(last),
        noticed: notice.is_some(),
        answered,
    }
}
