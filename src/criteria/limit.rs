//! `[limit]`: a measure stays within a bound.

use serde::de::{self, Deserialize, Deserializer};

use super::explain::listed;
use super::{Bound, Context, Evidence, Judgement, Kind, Missing, locale};
use crate::call::{Millis, Speaker, TimeSpan};
use crate::timeline::{Pause, PauseKind, Timeline};

/// See `docs/rules.md`.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Limit {
    measure: Measure,
    max: Bound,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Measure {
    /// Seconds of a silence outside a hold.
    Pause,
    /// Seconds of a hold.
    Hold,
    /// Number of times that the agent cuts in.
    Interruption,
    /// Seconds of the whole call.
    Duration,
    /// A number in the metadata.
    Meta(String),
}

const MEASURES: &[&str] = &["pause", "hold", "interruption", "duration", "meta.<name>"];

impl<'de> Deserialize<'de> for Measure {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Ok(match name.as_str() {
            "pause" => Self::Pause,
            "hold" => Self::Hold,
            "interruption" => Self::Interruption,
            "duration" => Self::Duration,
            other => match other.strip_prefix("meta.") {
                Some(key) => Self::Meta(key.to_owned()),
                None => return Err(de::Error::unknown_variant(other, MEASURES)),
            },
        })
    }
}

impl Kind for Limit {
    fn bounds(&self) -> Vec<&Bound> {
        vec![&self.max]
    }

    fn would_stand(&self, context: &Context<'_, '_>) -> Vec<Missing> {
        if !matches!(self.measure, Measure::Pause) {
            return Vec::new();
        }
        let timeline = context.timeline;
        let max = Millis::from_seconds(context.number(&self.max));
        let long = timeline.pauses.iter().filter(|pause| {
            pause.kind == PauseKind::Silence && pause.time.end - pause.time.start > max
        });
        // A request to wait before it, or thanks behind it, would have made it a hold.
        let roles = timeline.roles;
        let sets = [roles.wait_request, roles.customer_wait, roles.wait_thanks];
        let n_runs = timeline.text.runs.len();
        long.map(|pause| {
            let run = timeline
                .text
                .runs
                .partition_point(|run| run.turns.1 <= pause.turn);
            Missing {
                runs: (run.saturating_sub(1)..(run + 2).min(n_runs)).collect(),
                sets: sets.iter().flatten().copied().collect(),
                ..Missing::default()
            }
        })
        .collect()
    }

    fn needs_speakers(&self) -> bool {
        matches!(
            self.measure,
            Measure::Pause | Measure::Hold | Measure::Interruption
        )
    }

    fn judge<'p>(&'p self, context: &Context<'_, 'p>) -> Judgement<'p> {
        let timeline = context.timeline;
        let lang = context.lang;
        let max = context.number(&self.max);
        let max_time = Millis::from_seconds(max);
        let bound = || locale::length(lang, max_time);
        match &self.measure {
            Measure::Pause if !timeline.timed => {
                Judgement::unknown(locale::NO_TIMES_PAUSE.pick(lang))
            }
            Measure::Pause => {
                let of_kind = |kind: PauseKind| {
                    let silent = timeline.pauses.iter().filter(move |one| one.kind == kind);
                    silent.filter(|pause| pause.time.end - pause.time.start > max_time)
                };
                let mut long: Vec<&Pause> = of_kind(PauseKind::Silence).collect();
                let is_clear = !long.is_empty();
                if !is_clear {
                    long = of_kind(PauseKind::Unclear).collect();
                }
                let evidence = long
                    .iter()
                    .map(|pause| stretch(Some(agents_turn(timeline, pause)), pause.time));
                let evidence: Vec<Evidence<'p>> = evidence.collect();
                if evidence.is_empty() {
                    return Judgement::pass(evidence);
                }
                let times = long.iter().map(|pause| pause.time);
                if is_clear {
                    return too_long(context, times, &bound(), evidence);
                }
                Judgement {
                    evidence,
                    ..Judgement::unknown(locale::unclear_pause(
                        lang,
                        &measured(context, times, &bound()),
                    ))
                }
            }
            Measure::Hold if timeline.holds.is_empty() => Judgement::na(locale::NO_HOLD.pick(lang)),
            Measure::Hold => {
                let known = timeline
                    .holds
                    .iter()
                    .filter_map(|hold| Some((hold, hold.time?)));
                let known: Vec<_> = known.collect();
                let long = known
                    .iter()
                    .filter(|(_, time)| time.end - time.start > max_time);
                let evidence: Vec<Evidence<'p>> = long
                    .clone()
                    .map(|(hold, time)| {
                        let turn = hold.request.map(|run| timeline.text.runs[run].turns.1 - 1);
                        stretch(turn, *time)
                    })
                    .collect();
                if !evidence.is_empty() {
                    return too_long(context, long.map(|(_, time)| *time), &bound(), evidence);
                }
                if known.len() < timeline.holds.len() {
                    return Judgement::unknown(locale::NO_TIMES_HOLD.pick(lang));
                }
                let times = known.iter().map(|(_, time)| *time);
                kept(locale::waited(lang, &measured(context, times, &bound())))
            }
            Measure::Interruption if !timeline.timed => {
                Judgement::unknown(locale::NO_TIMES_INTERRUPTION.pick(lang))
            }
            Measure::Interruption => {
                let cuts = &timeline.interruptions;
                if cuts.len() as f64 <= max {
                    return Judgement::pass(Vec::new());
                }
                let all = cuts.iter().map(|cut| stretch(Some(cut.turn), cut.time));
                let told = cuts.iter().map(|cut| locale::cut_in(lang, cut.time));
                Judgement::fail(locale::TOO_OFTEN.pick(lang), all.collect())
                    .with_detail(listed(told.collect(), lang))
            }
            Measure::Duration => match timeline.duration() {
                None => Judgement::unknown(locale::NO_DURATION.pick(lang)),
                Some(duration)
                    if duration <= max_time
                        && timeline.gaps.any()
                        && timeline.call.duration.is_none() =>
                {
                    Judgement::unknown(locale::NO_DURATION.pick(lang))
                }
                Some(duration) if duration <= max_time => Judgement::pass(Vec::new()),
                Some(duration) => {
                    let whole = TimeSpan {
                        start: Millis(0),
                        end: duration,
                    };
                    let detail = locale::over(lang, &locale::length(lang, duration), &bound());
                    Judgement::fail(locale::TOO_LONG.pick(lang), vec![stretch(None, whole)])
                        .with_detail(detail)
                }
            },
            Measure::Meta(key) => match context.meta(key).and_then(|value| value.as_f64()) {
                None => Judgement::unknown(locale::no_meta(lang, key)),
                Some(number) if number <= max => kept(locale::over(
                    lang,
                    &locale::by_metadata(lang, number),
                    &locale::decimal(lang, max),
                )),
                Some(number) => Judgement::fail(locale::TOO_MUCH.pick(lang), Vec::new())
                    .with_detail(locale::over(
                        lang,
                        &locale::by_metadata(lang, number),
                        &locale::decimal(lang, max),
                    )),
            },
        }
    }
}

/// The agent's turn beside a silence: the one before it, else the one that came late.
fn agents_turn(timeline: &Timeline<'_>, pause: &Pause) -> u32 {
    let turns = &timeline.call.turns;
    let before = pause.turn as usize;
    let by_agent = |idx: usize| turns[idx].speaker == Speaker::Agent;
    if by_agent(before) {
        return pause.turn;
    }
    let starts = |idx: &usize| {
        by_agent(*idx)
            && turns[*idx]
                .time
                .is_some_and(|time| time.start == pause.time.end)
    };
    (before + 1..turns.len())
        .find(starts)
        .map_or(pause.turn, |idx| idx as u32)
}

fn stretch<'p>(turn: Option<u32>, time: TimeSpan) -> Evidence<'p> {
    Evidence {
        turn,
        span: None,
        time: Some(time),
        suggest: None,
    }
}

/// Met, with the measure.
fn kept<'p>(measure: String) -> Judgement<'p> {
    Judgement {
        reason: measure.into(),
        ..Judgement::pass(Vec::new())
    }
}

/// `14 s from 02:13, 20 s from 05:10, allowed 10 s`.
fn measured(
    context: &Context<'_, '_>,
    times: impl Iterator<Item = TimeSpan>,
    bound: &str,
) -> String {
    let lang = context.lang;
    let told = times.map(|time| locale::stretch(lang, time)).collect();
    locale::over(lang, &listed(told, lang), bound)
}

fn too_long<'p>(
    context: &Context<'_, 'p>,
    times: impl Iterator<Item = TimeSpan>,
    bound: &str,
    evidence: Vec<Evidence<'p>>,
) -> Judgement<'p> {
    Judgement::fail(locale::TOO_LONG.pick(context.lang), evidence)
        .with_detail(measured(context, times, bound))
}
