//! Verdicts that hang on words which were badly heard.
//!
//! A call with such words is judged twice: as it was transcribed, and as if nobody had made those words out. What comes out
//! alike both times does not hang on them. A fault that consists in something missing hangs on them also where they stand in
//! the very place in which it should have been said.

use super::{Context, Evidence, Judgement, Kind, Verdict, locale};

/// A reason names so many words.
const NAMED_MAX: usize = 4;
/// What was required is no shorter word than this.
const LETTERS_MIN: usize = 3;

/// What is missing may have been said: every place in which it should stand holds badly heard words. `None` where the fault stays.
pub(super) fn may_be_there<'p>(
    context: &Context<'_, 'p>,
    failed: &[&dyn Kind],
) -> Option<Judgement<'p>> {
    let heard = context.heard.filter(|heard| !heard.is_empty())?;
    let mut words = Vec::new();
    for kind in failed {
        let places = kind.would_stand(context);
        if places.is_empty() {
            return None;
        }
        for runs in places {
            let before = words.len();
            for run in runs {
                let badly = heard.badly(context.timeline.text.runs[run].tokens());
                let tells = |(token, _): &&(u32, f32)| {
                    let token = *token as usize;
                    let n_letters = context.norm(token).chars().count();
                    n_letters >= LETTERS_MIN && !context.is_filler(token)
                };
                words.extend(badly.iter().filter(tells));
            }
            if words.len() == before {
                return None;
            }
        }
    }
    (!words.is_empty()).then(|| unknown(context, locale::MAY_BE_THERE, words))
}

/// Puts the verdicts on both readings together; `context` is that of the call as it was transcribed.
pub(crate) fn settle<'p>(
    context: &Context<'_, 'p>,
    transcribed: Judgement<'p>,
    without: Judgement<'p>,
) -> Judgement<'p> {
    if transcribed.verdict == Verdict::Unknown {
        return transcribed;
    }
    if transcribed.verdict == without.verdict {
        // The evidence is what was well heard.
        let decided = matches!(without.verdict, Verdict::Pass | Verdict::Fail);
        return if decided { without } else { transcribed };
    }
    let Some(heard) = context.heard else {
        return transcribed;
    };
    let text = context.timeline.text;
    let cited = |evidence: &[Evidence<'p>]| -> Vec<(u32, f32)> {
        let mut words = Vec::new();
        for one in evidence {
            let Some(turn) = one.turn else { continue };
            let tokens = heard.badly(text.tokens_of(turn as usize));
            words.extend(tokens.iter().copied().filter(|(token, _)| {
                let token = text.tokens[*token as usize];
                one.span
                    .is_none_or(|(from, to)| from < token.end && token.start < to)
            }));
        }
        words
    };
    let mut words = cited(&transcribed.evidence);
    if words.is_empty() {
        words = cited(&without.evidence);
    }
    if words.is_empty() {
        words = heard.badly(0..text.tokens.len()).to_vec();
    }
    unknown(context, locale::BADLY_HEARD, words)
}

fn unknown<'p>(
    context: &Context<'_, 'p>,
    sentence: crate::locale::Text,
    mut words: Vec<(u32, f32)>,
) -> Judgement<'p> {
    words.sort_by_key(|(token, _)| *token);
    words.dedup();
    let text = context.timeline.text;
    let shown: Vec<(&str, f32)> = words
        .iter()
        .take(NAMED_MAX)
        .map(|&(token, confidence)| (text.text(token as usize..token as usize + 1), confidence))
        .collect();
    let n_more = words.len() - shown.len();
    let reason = locale::badly_heard(context.lang, sentence, &shown, n_more);
    let mut judgement = Judgement::unknown(reason);
    for (token, _) in words.iter().take(NAMED_MAX) {
        let token = *token as usize;
        context.cite_tokens(token..token + 1, None, &mut judgement.evidence);
    }
    judgement
}
