//! Verdicts of one call -> its points.

use super::{Metrics, OnCritical, PackInfo, Scorecard};
use crate::call::{Call, Millis};
use crate::criteria::{Judgement, Verdict};
use crate::locale::Lang;
use crate::timeline::{PauseKind, Timeline};

/// Puts the verdicts of one call together.
#[expect(
    clippy::too_many_arguments,
    reason = "everything that a scorecard shows comes together here"
)]
pub fn scorecard<'a>(
    call: &'a Call<'a>,
    path: &'a str,
    source_line: Option<u32>,
    info: &'a PackInfo,
    on_critical: OnCritical,
    line: &'a str,
    timeline: &Timeline<'_>,
    judgements: Vec<Judgement<'a>>,
    lang: Lang,
) -> Scorecard<'a> {
    let critical: Vec<usize> = (0..judgements.len())
        .filter(|i| (judgements[*i].verdict == Verdict::Fail) & info.criteria[*i].critical)
        .collect();
    let section = |i: usize| info.criteria[i].id.split('.').next();
    let (mut earned, mut possible) = (0, 0);
    for (i, judgement) in judgements.iter().enumerate() {
        let verdict = judgement.verdict;
        let zeroed = match on_critical {
            OnCritical::Report => false,
            OnCritical::ZeroSection => critical.iter().any(|c| section(*c) == section(i)),
            OnCritical::ZeroCall => !critical.is_empty(),
        };
        // Without a jump: which verdict it is nobody can guess.
        let counts = (verdict == Verdict::Pass) | (verdict == Verdict::Fail);
        let earns = (verdict == Verdict::Pass) & !zeroed;
        let weight = info.criteria[i].weight;
        possible += weight * u32::from(counts);
        earned += weight * u32::from(earns);
    }
    Scorecard {
        call,
        path,
        source_line,
        pack: info,
        line,
        direction: call.direction_or_default(),
        score: (possible > 0).then(|| 100.0 * f64::from(earned) / f64::from(possible)),
        earned,
        possible,
        critical,
        metrics: metrics(timeline),
        judgements,
        doubts: timeline
            .doubt
            .iter()
            .map(|doubt| doubt.sentence(lang).to_owned())
            .chain(timeline.text.invented_doubt(lang))
            .collect(),
        invented: timeline.text.invented.clone(),
    }
}

fn metrics(timeline: &Timeline<'_>) -> Metrics {
    let hold_times: Option<Vec<Millis>> = timeline
        .holds
        .iter()
        .map(|hold| hold.time.map(|time| time.end - time.start))
        .collect();
    let silences = timeline
        .pauses
        .iter()
        .filter(|pause| matches!(pause.kind, PauseKind::Silence | PauseKind::Unclear));
    let longest = silences
        .map(|pause| pause.time.end - pause.time.start)
        .max()
        .unwrap_or_default();
    Metrics {
        duration: timeline.duration(),
        holds: timeline.holds.len() as u32,
        hold_time: hold_times
            .filter(|times| timeline.timed || !times.is_empty())
            .map(|times| times.into_iter().fold(Millis(0), |a, b| a + b)),
        longest_pause: timeline.timed.then_some(longest),
        interruptions: timeline
            .timed
            .then_some(timeline.interruptions.len() as u32),
        agent_talk_share: timeline.agent_talk_share(),
        turns: timeline.call.turns.len() as u32,
    }
}
