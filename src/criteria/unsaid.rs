//! `[unsaid]`: something forbidden is not said.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::said::Who;
use super::{Asks, Context, Judgement, Kind, Say, locale, zone::Zones};
use crate::call::Speaker;
use crate::timeline::QuoteReach;

/// See `docs/rules.md`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unsaid {
    say: Say,
    #[serde(default)]
    zone: Zones,
    #[serde(default)]
    who: Who,
    #[serde(default)]
    except: Vec<Spanned<String>>,
    /// What to say instead; the criterion's advice unless given.
    suggest: Option<String>,
    /// What to say instead of a certain word, lower case.
    #[serde(default)]
    suggest_for: BTreeMap<String, String>,
}

impl Kind for Unsaid {
    fn says(&mut self) -> Vec<(&mut Say, &[Spanned<String>])> {
        vec![(&mut self.say, self.except.as_slice())]
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
        let mut evidence = Vec::new();
        let mut said = Vec::new();
        for hit in context.hits(&self.say, self.who.speaker(), &self.zone) {
            // What is forbidden has to stand there to the letter, and in the agent's own words.
            if hit.loose || context.timeline.is_quoted(hit, QuoteReach::Long) {
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
