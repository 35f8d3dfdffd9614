//! `[limit]`: a measure stays within a bound.

use serde::de::{self, Deserialize, Deserializer};

use super::{Bound, Context, Evidence, Judgement, Kind, locale};
use crate::call::{Millis, TimeSpan};
use crate::timeline::PauseKind;

/// See `docs/rules.md`.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
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

    fn needs_speakers(&self) -> bool {
        matches!(
            self.measure,
            Measure::Pause | Measure::Hold | Measure::Interruption
        )
    }

    fn judge<'p>(&'p self, context: &Context<'_, 'p>) -> Judgement<'p> {
        let timeline = context.timeline;
        let max = context.number(&self.max);
        let max_time = Millis::from_seconds(max);
        match &self.measure {
            Measure::Pause if !timeline.timed => {
                Judgement::unknown(locale::NO_TIMES.pick(context.lang))
            }
            Measure::Pause => {
                let silent = timeline
                    .pauses
                    .iter()
                    .filter(|pause| pause.kind == PauseKind::Silence);
                let long = silent.filter(|pause| pause.time.end - pause.time.start > max_time);
                verdict(
                    context,
                    long.map(|pause| stretch(Some(pause.turn), pause.time))
                        .collect(),
                )
            }
            Measure::Hold if timeline.holds.is_empty() => {
                Judgement::na(locale::NO_HOLD.pick(context.lang))
            }
            Measure::Hold => {
                let known = timeline
                    .holds
                    .iter()
                    .filter_map(|hold| Some((hold, hold.time?)));
                let long: Vec<Evidence<'p>> = known
                    .filter(|(_, time)| time.end - time.start > max_time)
                    .map(|(hold, time)| {
                        stretch(
                            hold.request.map(|run| timeline.text.runs[run].turns.1 - 1),
                            time,
                        )
                    })
                    .collect();
                let unknown = timeline.holds.iter().any(|hold| hold.time.is_none());
                if long.is_empty() && unknown {
                    return Judgement::unknown(locale::NO_TIMES.pick(context.lang));
                }
                verdict(context, long)
            }
            Measure::Interruption if !timeline.timed => {
                Judgement::unknown(locale::NO_TIMES.pick(context.lang))
            }
            Measure::Interruption => {
                let all: Vec<Evidence<'p>> = timeline
                    .interruptions
                    .iter()
                    .map(|cut| stretch(Some(cut.turn), cut.time))
                    .collect();
                if all.len() as f64 <= max {
                    Judgement::pass(Vec::new())
                } else {
                    verdict(context, all)
                }
            }
            Measure::Duration => match timeline.duration() {
                None => Judgement::unknown(locale::NO_TIMES.pick(context.lang)),
                Some(duration) if duration <= max_time => Judgement::pass(Vec::new()),
                Some(duration) => verdict(
                    context,
                    vec![stretch(
                        None,
                        TimeSpan {
                            start: Millis(0),
                            end: duration,
                        },
                    )],
                ),
            },
            Measure::Meta(key) => match context.meta(key).and_then(|value| value.as_f64()) {
                None => Judgement::unknown(locale::NO_META.pick(context.lang)),
                Some(number) if number <= max => Judgement::pass(Vec::new()),
                Some(_) => Judgement::fail(locale::TOO_LONG.pick(context.lang), Vec::new()),
            },
        }
    }
}

fn stretch<'p>(turn: Option<u32>, time: TimeSpan) -> Evidence<'p> {
    Evidence {
        turn,
        span: None,
        time: Some(time),
        suggest: None,
    }
}

fn verdict<'p>(context: &Context<'_, 'p>, over: Vec<Evidence<'p>>) -> Judgement<'p> {
    if over.is_empty() {
        Judgement::pass(over)
    } else {
        Judgement::fail(locale::TOO_LONG.pick(context.lang), over)
    }
}
