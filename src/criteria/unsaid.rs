//! `[unsaid]`: something forbidden is not said.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::said::Who;
use super::{Asks, Context, Judgement, Kind, Missing, Say, locale, zone::Zones};
use crate::call::Speaker;
use crate::phrase::Hit;
use crate::timeline::QuoteReach;

/// See `docs/rules.md`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Unsaid {
    say: Say,
    #[serde(default)]
    zone: Zones,
    #[serde(default)]
    who: Who,
    #[serde(default)]
    except: Vec<Spanned<String>>,
    /// What is forbidden only as an answer.
    answer: Option<Answer>,
    /// What to say instead; the criterion's advice unless given.
    suggest: Option<String>,
    /// What to say instead of a certain word, lower case.
    #[serde(default)]
    suggest_for: BTreeMap<String, String>,
}

/// Words that mean what is forbidden only where the other side has just asked for it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    /// What the other side says.
    to: Say,
    /// What must not be said in the turn that follows.
    say: Say,
}

impl Kind for Unsaid {
    fn says(&mut self) -> Vec<(&mut Say, &[Spanned<String>])> {
        let mut says = vec![(&mut self.say, self.except.as_slice())];
        if let Some(Answer { to, say }) = &mut self.answer {
            says.extend([(to, [].as_slice()), (say, [].as_slice())]);
        }
        says
    }

    fn other_side(&self) -> Vec<(Speaker, &Say)> {
        let to = self.answer.iter().map(|answer| &answer.to);
        to.map(|to| (self.who.other_side(), to)).collect()
    }

    fn would_stand(&self, context: &Context<'_, '_>) -> Vec<Missing> {
        let hits = context.hits(&self.say, self.who.speaker(), &self.zone);
        let counts = |hit: &&Hit| {
            !hit.loose
                && !context.timeline.is_quoted(hit, QuoteReach::Long)
                && !context.is_piece(hit)
        };
        let around = hits.filter(counts).map(|hit| Missing {
            runs: vec![hit.run as usize],
            around: Some((self.say.set, hit.tokens())),
            ..Missing::default()
        });
        around.collect()
    }

    fn speaker(&self) -> Speaker {
        self.who.speaker()
    }

    fn asks(&self) -> Asks<'_> {
        match self.who {
            Who::Agent => Asks::Unsaid(&self.zone),
            Who::Customer => Asks::Other,
        }
    }

    fn judge<'p>(&'p self, context: &Context<'_, 'p>) -> Judgement<'p> {
        let is_said = !context.timeline.hits.of(self.say.set).is_empty();
        if !is_said && self.answer.is_none() {
            // As a rule it is said nowhere.
            return Judgement::pass(Vec::new());
        }
        let mut evidence = Vec::new();
        let mut said = Vec::new();
        let answers = self
            .answer
            .iter()
            .flat_map(|answer| self.answers(context, answer));
        let mut hits: Vec<&Hit> = context
            .hits(&self.say, self.who.speaker(), &self.zone)
            .chain(answers)
            .collect();
        if self.answer.is_some() {
            hits.sort_by_key(|hit| hit.tokens().start);
            hits.dedup_by(|later, hit| later.tokens().start < hit.tokens().end);
        }
        for hit in hits {
            // What is forbidden has to stand there to the letter, and in the agent's own words.
            if hit.loose
                || context.timeline.is_quoted(hit, QuoteReach::Long)
                || context.is_piece(hit)
            {
                continue;
            }
            let suggest = self.suggestion(context, hit.tokens()).map(Cow::Borrowed);
            context.cite(hit, suggest, &mut evidence);
            said.push(hit.tokens());
        }
        if evidence.is_empty() {
            Judgement::pass(evidence)
        } else {
            let detail = context.quote_each(&said);
            Judgement::fail(locale::SAID.pick(context.lang), evidence).with_detail(detail)
        }
    }
}

impl Unsaid {
    /// What is said in the turn behind a question to which it is forbidden.
    fn answers<'c>(
        &self,
        context: &Context<'c, '_>,
        answer: &Answer,
    ) -> impl Iterator<Item = &'c Hit> + use<'c> {
        let timeline = context.timeline;
        let own = self.who.speaker();
        let asked = timeline.said_by(answer.to.set, self.who.other_side());
        let mut replies: Vec<usize> = asked
            .filter_map(|hit| {
                let next = context.next_words(hit.run as usize)?;
                (timeline.text.runs[next].speaker == own).then_some(next)
            })
            .collect();
        replies.dedup();
        let said = timeline.said_by(answer.say.set, own);
        said.filter(move |hit| replies.contains(&(hit.run as usize)))
    }

    fn suggestion<'p>(
        &'p self,
        context: &Context<'_, 'p>,
        tokens: std::ops::Range<usize>,
    ) -> Option<&'p str> {
        if !self.suggest_for.is_empty() {
            let words = context.timeline.text.tokens[tokens]
                .iter()
                .map(|token| context.timeline.vocabulary.norm(token.word));
            for word in words {
                if let Some(instead) = self.suggest_for.get(word) {
                    return Some(instead);
                }
            }
        }
        self.suggest.as_deref().or(context.advice)
    }
}
