//! Pauses and holds.

use super::{Roles, Thresholds, names::is_said_to, roles, zones::Zoning};
use crate::call::{Event, EventKind, Millis, Speaker, TimeSpan};
use crate::phrase::Hits;
use crate::text::{TokenizedCall, Vocabulary};

/// Why nobody spoke.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PauseKind {
    /// Nobody asked for it: the agent's silence.
    Silence,
    /// The same between two turns of the customer, whom the agent had told to do something: «включил… о, горит».
    Unclear,
    /// Part of a hold.
    Hold,
    /// The customer asked for it and ended it.
    Customer,
    /// The call was being put through.
    Transfer,
}

/// A stretch of time in which nobody spoke.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pause {
    /// From the end of the last words to the next ones.
    pub time: TimeSpan,
    /// The turn before it.
    pub turn: u32,
    /// Why.
    pub kind: PauseKind,
}

/// A wait that the agent asked the customer for, or that the signalling shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hold {
    /// The agent's run before it: the one that asks to wait, where one does.
    pub request: Option<usize>,
    /// The agent's run with which the talk about the wait begins: the one before the request, or an earlier one where little was said since.
    pub talk: Option<usize>,
    /// The agent's first run of substance after it; `None`: the call ended.
    pub back: Option<usize>,
    /// When it began and ended, where that is known.
    pub time: Option<TimeSpan>,
}

/// An answer to a request to wait has at most so many words.
const ANSWER_TOKENS: usize = 9;
/// After the words that ask to wait the agent may still say so many.
const REQUEST_TAIL_TOKENS: usize = 25;
/// The talk about a wait goes back over at most so many runs of the agent,
const TALK_RUNS: usize = 4;
/// of at most so many words each,
const TALK_TOKENS: usize = 3;
/// with at most so many of the customer's between two of them.
const TALK_ANSWER_TOKENS: usize = 6;
/// An event and the words around it are allowed to disagree by this.
const EVENT_SLACK: Millis = Millis(1_000);

pub(super) struct Silences<'a> {
    pub(super) text: &'a TokenizedCall<'a>,
    pub(super) hits: &'a Hits,
    pub(super) parts: &'a Roles,
    pub(super) thresholds: &'a Thresholds,
    pub(super) zoning: &'a Zoning<'a>,
    pub(super) agent_runs: &'a [usize],
    pub(super) markers: &'a [MarkerKind],
    /// The turns in which somebody says something, where all of them have times.
    pub(super) spoken: &'a [usize],
    pub(super) timed: bool,
}

/// What a marker stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MarkerKind {
    /// The customer waits.
    Hold,
    /// Nobody speaks.
    Silence,
    /// The call is being put through.
    Transfer,
    /// Words of the call are not in the record.
    Cut,
    /// The connection broke.
    Dropped,
    /// Anything else.
    Other,
}

impl Hold {
    /// The agent's runs in which the wait was talked about, the request the last of them.
    pub fn talk_runs<'r>(&self, agent_runs: &'r [usize]) -> &'r [usize] {
        let Some(request) = self.request else {
            return &[];
        };
        let from = self.talk.unwrap_or(request);
        let at = agent_runs.partition_point(|run| *run < from);
        let to = agent_runs.partition_point(|run| *run <= request);
        &agent_runs[at..to]
    }
}

impl Silences<'_> {
    pub(super) fn holds(&self) -> Vec<Hold> {
        let signalled = self.waits().next().is_some();
        let mut holds = if signalled && self.timed {
            self.holds_by_events()
        } else {
            self.holds_by_words()
        };
        let mut previous_back = None;
        for hold in &mut holds {
            hold.talk = self.talk_before(hold.request, previous_back);
            previous_back = hold.back;
        }
        holds
    }

    /// Where the talk about a wait begins: the agent's run before the request, and on from there over runs of a few words that hardly anything
    /// of the customer's parts («two minutes» — «uh-huh» — «will you wait»). What lies before an earlier hold's end is of that hold.
    fn talk_before(&self, request: Option<usize>, previous_back: Option<usize>) -> Option<usize> {
        let request = request?;
        let n_words = |runs: std::ops::Range<usize>| {
            let spoken = self.text.runs[runs].iter();
            let spoken = spoken.filter(|run| run.speaker != Speaker::System);
            spoken.map(|run| run.tokens().len()).sum::<usize>()
        };
        let before = self.agent_runs.partition_point(|run| *run < request);
        let of_this = |run: &&usize| previous_back.is_none_or(|back| **run >= back);
        let earlier = self.agent_runs[..before].iter().rev();
        let mut first = request;
        for &run in earlier.take_while(of_this).take(TALK_RUNS) {
            let is_near = n_words(first..first + 1) <= TALK_TOKENS
                && n_words(run + 1..first) <= TALK_ANSWER_TOKENS;
            if first != request && !is_near {
                break;
            }
            first = run;
        }
        Some(first)
    }

    /// The events that tell of the agent's silence.
    fn waits(&self) -> impl Iterator<Item = &Event> {
        let events = self.text.call.events.iter();
        events.filter(|event| matches!(event.kind, EventKind::Hold | EventKind::Mute))
    }

    fn holds_by_events(&self) -> Vec<Hold> {
        let mut holds: Vec<Hold> = Vec::new();
        for event in self
            .text
            .call
            .events
            .iter()
            .filter(|event| event.kind == EventKind::Hold)
        {
            let start_of = |run: usize| self.text.runs[run].time.map(|time| time.start);
            let request =
                self.agent_runs.iter().copied().rev().find(|run| {
                    start_of(*run).is_some_and(|start| start < event.start + EVENT_SLACK)
                });
            let end = event.end;
            let back = self.agent_runs.iter().copied().find(|run| {
                Some(*run) > request
                    && start_of(*run)
                        .is_some_and(|start| start + EVENT_SLACK >= end.unwrap_or(event.start))
                    && !self.zoning.acknowledges(*run)
            });
            let time = end.map(|end| TimeSpan {
                start: event.start,
                end,
            });
            match holds.last_mut() {
                // The agent said nothing of substance in between: one wait in two pieces.
                Some(last) if last.request == request && last.back == back && request.is_some() => {
                    last.time = last.time.zip(time).map(|(a, b)| TimeSpan {
                        start: a.start,
                        end: b.end,
                    });
                }
                _ => holds.push(Hold {
                    request,
                    talk: None,
                    back,
                    time,
                }),
            }
        }
        if !roles::hits(self.hits, self.parts.wait_thanks).is_empty() {
            let thanked = self.holds_by_words();
            holds.extend(
                thanked
                    .into_iter()
                    .filter(|hold| self.is_beside_events(hold)),
            );
            holds.sort_by_key(|hold| hold.time.map(|time| time.start));
        }
        holds
    }

    /// A wait that no hold has told, and that the agent thanks for: it is a hold whatever stood before it, with the microphone off too.
    fn is_beside_events(&self, hold: &Hold) -> bool {
        let mut events = self.waits().filter(|event| event.kind == EventKind::Hold);
        let is_thanked = hold
            .back
            .is_some_and(|back| self.begins_with(back, self.parts.wait_thanks));
        is_thanked
            && hold.time.is_some_and(|time| {
                !events.any(|event| {
                    event.start <= time.end && event.end.is_none_or(|end| time.start <= end)
                })
            })
    }

    fn holds_by_words(&self) -> Vec<Hold> {
        let mut holds: Vec<Hold> = Vec::new();
        let is_said = |set| !roles::hits(self.hits, set).is_empty();
        let is_thanked = is_said(self.parts.wait_thanks);
        if !is_thanked && !is_said(self.parts.wait_request) {
            return holds;
        }
        for (i, &run) in self.agent_runs.iter().enumerate() {
            let asked = self.asks_to_wait(run) || self.tells_of_asked_wait(i);
            if !is_thanked && !asked {
                continue;
            }
            let next = self.agent_runs[i + 1..]
                .iter()
                .copied()
                .find(|next| !self.zoning.acknowledges(*next));
            if let Some(hold) = self.hold_after(run, asked, next) {
                holds.push(hold);
            }
        }
        holds
    }

    /// The hold between an agent run and the agent's next run of substance, if that is one.
    fn hold_after(&self, run: usize, asked: bool, next: Option<usize>) -> Option<Hold> {
        let until = next.unwrap_or(self.text.runs.len());
        let thanked = next.is_some_and(|next| self.begins_with(next, self.parts.wait_thanks));
        if !asked && !thanked || self.zoning.acknowledges(run) {
            return None;
        }
        if self.timed {
            let before_thanks = || self.gap_before(next.filter(|_| thanked)?);
            let behind_request = asked.then(|| self.first_gap(run, until)).flatten();
            let gap = behind_request.or_else(before_thanks)?;
            if gap.end - gap.start <= self.thresholds.hold_pause || self.is_put_through(gap) {
                return None;
            }
            // What the customer says while waiting does not end the wait.
            let end = next
                .and_then(|next| self.text.runs[next].time)
                .map_or(gap.end, |time| time.start);
            return Some(Hold {
                request: Some(run),
                talk: None,
                back: next,
                time: Some(TimeSpan {
                    start: gap.start,
                    end,
                }),
            });
        }
        let marked = self.markers_between(run, until).any(|kind| match kind {
            MarkerKind::Hold => asked || thanked,
            MarkerKind::Silence => asked,
            _ => false,
        });
        let returned = next.is_some_and(|next| {
            self.begins_with(next, self.parts.wait_return)
                || self.begins_with(next, self.parts.still_there)
        });
        (marked || asked && (returned || thanked)).then_some(Hold {
            request: Some(run),
            talk: None,
            back: next,
            time: None,
        })
    }

    /// The silence is the time of a transfer, but for what is too short for a wait.
    fn is_put_through(&self, gap: TimeSpan) -> bool {
        let slack = self.thresholds.hold_pause;
        self.transfers_in(gap)
            .any(|time| time.start <= gap.start + slack && gap.end <= time.end + slack)
    }

    /// When the call was being put through within a silence; whose end nobody knows takes the silence that it begins in.
    fn transfers_in(&self, gap: TimeSpan) -> impl Iterator<Item = TimeSpan> {
        let events = self.text.call.events.iter();
        let transfers = events.filter(|event| event.kind == EventKind::Transfer);
        transfers.filter_map(move |event| match event.end {
            Some(end) => (gap.start < end && event.start < gap.end).then_some(TimeSpan {
                start: event.start,
                end,
            }),
            None => {
                (gap.start <= event.start + EVENT_SLACK && event.start < gap.end).then_some(gap)
            }
        })
    }

    /// «Wait, please» — «is it long?» — «a minute»: a few words on a wait that was asked for and has not begun.
    fn tells_of_asked_wait(&self, at: usize) -> bool {
        let run = self.agent_runs[at];
        let request = at.checked_sub(1).map(|before| self.agent_runs[before]);
        let is_question =
            |run| !roles::hits_in(self.hits, self.parts.customer_question, run).is_empty();
        let is_long = |gap: TimeSpan| gap.end - gap.start > self.thresholds.hold_pause;
        self.timed
            && self.text.runs[run].tokens().len() <= TALK_TOKENS
            && request.is_some_and(|request| {
                self.asks_to_wait(request)
                    && (request + 1..run).any(is_question)
                    && !self.first_gap(request, run).is_some_and(is_long)
            })
    }

    /// The words that ask to wait stand near the end of the run.
    fn asks_to_wait(&self, run: usize) -> bool {
        let end = self.text.runs[run].tokens().end;
        let last = roles::hits_in(self.hits, self.parts.wait_request, run).last();
        last.is_some_and(|hit| hit.tokens().end + REQUEST_TAIL_TOKENS >= end)
    }

    fn begins_with(&self, run: usize, set: Option<crate::phrase::SetId>) -> bool {
        let start = self.text.runs[run].tokens().start;
        roles::hits(self.hits, set)
            .iter()
            .any(|hit| hit.run as usize == run && hit.tokens().start <= start + 4)
    }

    /// The first long silence between the run and `until`, at most a short answer of the customer before it.
    fn first_gap(&self, run: usize, until: usize) -> Option<TimeSpan> {
        let mut end = self.text.runs[run].time?.end;
        let mut n_answer = 0;
        for next in run + 1..=until.min(self.text.runs.len().checked_sub(1)?) {
            let there = &self.text.runs[next];
            if there.speaker == Speaker::System || there.tokens().is_empty() {
                continue;
            }
            let time = there.time?;
            if time.start - end > self.thresholds.hold_pause {
                return Some(TimeSpan {
                    start: end,
                    end: time.start,
                });
            }
            n_answer += there.tokens().len();
            if next == until || n_answer > ANSWER_TOKENS {
                return None;
            }
            end = end.max(time.end);
        }
        None
    }

    /// The silence that ends with this run.
    fn gap_before(&self, run: usize) -> Option<TimeSpan> {
        let end = self.text.runs[run].time?.start;
        let spoken = self.text.runs[..run]
            .iter()
            .filter(|run| run.speaker != Speaker::System && !run.tokens().is_empty());
        let start = spoken
            .filter_map(|run| run.time)
            .map(|time| time.end)
            .max()?;
        (end > start).then_some(TimeSpan { start, end })
    }

    pub(super) fn markers_between(
        &self,
        run: usize,
        until: usize,
    ) -> impl Iterator<Item = MarkerKind> {
        let before = move |marker: &crate::text::Marker| {
            marker.before_run as usize > run && marker.before_run as usize <= until
        };
        self.text
            .markers
            .iter()
            .zip(self.markers)
            .filter(move |(marker, _)| before(marker))
            .map(|(_, kind)| *kind)
    }

    /// Every silence between spoken turns, longest ones included; empty without times.
    pub(super) fn pauses(&self, holds: &[Hold], vocabulary: &Vocabulary) -> Vec<Pause> {
        let mut pauses = Vec::new();
        if !self.timed {
            return pauses;
        }
        let turns = &self.text.call.turns;
        let is_customers = !roles::hits(self.hits, self.parts.customer_wait).is_empty();
        let has_reasons = is_customers || !holds.is_empty() || !self.text.call.events.is_empty();
        pauses.reserve(self.spoken.len());
        let mut last: Option<(usize, Millis)> = None;
        for &turn in self.spoken {
            let Some(time) = turns[turn].time else {
                continue;
            };
            if let Some((before, end)) = last
                && time.start > end
            {
                let gap = TimeSpan {
                    start: end,
                    end: time.start,
                };
                let kind = match has_reasons {
                    true => self.kind(gap, before, turn, holds),
                    false => PauseKind::Silence,
                };
                let is_unclear = kind == PauseKind::Silence
                    && gap.end - gap.start > self.thresholds.hold_pause
                    && self.may_be_the_customers(vocabulary, before, turn);
                pauses.push(Pause {
                    time: gap,
                    turn: before as u32,
                    kind: if is_unclear { PauseKind::Unclear } else { kind },
                });
            }
            let end = last.map_or(time.end, |(_, end)| end.max(time.end));
            last = Some((turn, end));
        }
        pauses
    }

    fn kind(&self, gap: TimeSpan, before: usize, after: usize, holds: &[Hold]) -> PauseKind {
        let inside = |span: TimeSpan| gap.start < span.end && span.start < gap.end;
        if holds.iter().filter_map(|hold| hold.time).any(inside) {
            return PauseKind::Hold;
        }
        // A hold whose end nobody knows takes the silence that begins with it.
        let open = |event: &&Event| event.kind == EventKind::Hold && event.end.is_none();
        if self
            .text
            .call
            .events
            .iter()
            .filter(open)
            .any(|event| event.start + EVENT_SLACK >= gap.start && event.start <= gap.end)
        {
            return PauseKind::Hold;
        }
        if self.transfers_in(gap).next().is_some() {
            return PauseKind::Transfer;
        }
        if self.customer_asked(before, after) {
            PauseKind::Customer
        } else {
            PauseKind::Silence
        }
    }

    /// The customer spoke before the silence and behind it, while they did what the agent had told them to, asked nothing before and
    /// missed nobody behind.
    fn may_be_the_customers(&self, vocabulary: &Vocabulary, before: usize, after: usize) -> bool {
        let turns = &self.text.call.turns;
        let is_customers = |turn: usize| turns[turn].speaker == Speaker::Customer;
        if !is_customers(before) || !is_customers(after) {
            return false;
        }
        let runs = &self.text.runs;
        let run_of = |turn: usize| runs.partition_point(|run| run.turns().end <= turn);
        let has = |set, run: usize| !roles::hits_in(self.hits, set, run).is_empty();
        let said = run_of(before);
        if has(self.parts.customer_question, said) || has(self.parts.customer_prompt, run_of(after))
        {
            return false;
        }
        let nth = self.agent_runs.partition_point(|run| *run < said);
        let told = nth.checked_sub(1).map(|last| self.agent_runs[last]);
        told.is_some_and(|told| {
            runs[told].tokens().any(|token| {
                let reading = vocabulary.reading(self.text.tokens[token].word);
                reading.is_some_and(is_said_to)
            })
        })
    }

    /// The customer asked for the pause and ended it.
    fn customer_asked(&self, before: usize, after: usize) -> bool {
        let runs = &self.text.runs;
        // Between the announcement and the pause the agent may say «take your time».
        let is_near = |run: usize| {
            let last = runs.len().min(run + 3) - 1;
            (runs[run].turns().start..runs[last].turns().end).contains(&before)
        };
        let mut waits = roles::hits(self.hits, self.parts.customer_wait)
            .iter()
            .map(|hit| hit.run as usize)
            .filter(|run| runs[*run].speaker == Speaker::Customer && is_near(*run));
        if waits.clone().next().is_none() {
            return false;
        }
        let at = |turn: usize| {
            let first = runs.partition_point(|run| run.turns().end <= turn);
            let of_turn = runs[first..]
                .iter()
                .take_while(|run| run.turns().contains(&turn));
            let spoken = of_turn
                .enumerate()
                .find(|(_, run)| !run.tokens().is_empty());
            spoken.map(|(at, _)| first + at)
        };
        let (Some(before), Some(after)) = (at(before), at(after)) else {
            return false;
        };
        if runs[after].speaker != Speaker::Customer {
            return false;
        }
        waits.any(|run| (run..run + 3).contains(&before))
    }
}
