//! Verdicts that hang on words which were badly heard.
//!
//! A call with such words is judged twice: as it was transcribed, and as if nobody had made those words out. What comes out
//! alike both times does not hang on them. A fault that consists in something missing hangs on them also where they stand in
//! the very place in which it should have been said.

use crate::lexicon::Lexicon;
use crate::phrase::{Wild, distance};
use crate::text::Heard;

use super::{Context, Evidence, Judgement, Kind, Verdict, locale};

/// A reason names so many words.
const NAMED_MAX: usize = 4;
/// What was required is no shorter word than this.
const LETTERS_MIN: usize = 3;
/// A word with so many letters may be two.
const TWO_WORDS_LETTERS_MIN: usize = 7;

/// What is missing may have been said: every place in which it should stand holds badly heard words. `None` where the fault stays.
pub(super) fn may_be_there<'p>(
    context: &Context<'_, 'p>,
    failed: &[&dyn Kind],
) -> Option<Judgement<'p>> {
    let heard = context.heard.filter(|heard| !heard.is_empty())?;
    let mut words = Vec::new();
    for kind in failed {
        let all = kind.would_stand(context);
        if all.is_empty() {
            return None;
        }
        for missing in all {
            let before = words.len();
            for &run in &missing.runs {
                let badly = heard.badly(context.timeline.text.runs[run].tokens());
                if badly.is_empty() {
                    continue;
                }
                let mut guessed: Vec<u32> = match context.guesser {
                    Some(guesser) => missing
                        .sets
                        .iter()
                        .flat_map(|set| guesser.wild_in(*set, run))
                        .collect(),
                    None => Vec::new(),
                };
                if let Some((guesser, (set, covered))) =
                    context.guesser.zip(missing.around.as_ref())
                {
                    guessed.extend(guesser.wild_around(*set, run, covered.clone()));
                }
                let may_be = |(token, _): &&(u32, f32)| {
                    guessed.contains(token)
                        || tells(context, *token as usize)
                            && (missing.any_word.contains(&run)
                                || sounds_like(context.norm(*token as usize), &missing.names))
                };
                words.extend(badly.iter().filter(may_be));
            }
            if words.len() == before {
                return None;
            }
        }
    }
    (!words.is_empty()).then(|| unknown(context, locale::MAY_BE_THERE, words))
}

/// Whether the word may stand for something.
fn tells(context: &Context<'_, '_>, token: usize) -> bool {
    let n_letters = context.norm(token).chars().count();
    n_letters >= LETTERS_MIN && !context.is_filler(token)
}

/// What a badly heard word may stand for when phrases are looked for.
pub(crate) fn guessed_at(heard: &Heard, token: usize, norm: &str, filler: bool) -> Wild {
    let n_letters = norm.chars().count();
    if filler || heard.badly(token..token + 1).is_empty() {
        Wild::No
    } else if n_letters < LETTERS_MIN {
        Wild::Part
    } else if n_letters < TWO_WORDS_LETTERS_MIN || Lexicon::embedded().knows(norm) {
        Wild::Word
    } else {
        Wild::Words
    }
}

/// Whether the word is no further from one of the names than half of its letters.
fn sounds_like(word: &str, names: &[String]) -> bool {
    names.iter().any(|name| {
        let letters = word.chars().count().max(name.chars().count());
        distance(word, name, letters.div_ceil(2)).is_some()
    })
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
