//! `[said]`: something required is said, in a zone, at least so often.

use serde::Deserialize;
use toml::Spanned;

use super::{Asks, Bound, Context, Judgement, Kind, Say, locale, zone::Zones};
use crate::call::Speaker;
use crate::timeline::QuoteReach;

/// See `docs/rules.md`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Said {
    /// Any of these.
    say: Option<Say>,
    /// Every one of these.
    #[serde(default)]
    all: Vec<Say>,
    #[serde(default)]
    zone: Zones,
    #[serde(default)]
    who: Who,
    #[serde(default = "once")]
    at_least: Bound,
    #[serde(default)]
    except: Vec<Spanned<String>>,
    /// What comes near: the evidence of a fault.
    near: Option<Say>,
    /// Saying again what was said before will do as well.
    #[serde(default)]
    restates: bool,
}

/// Whose words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Who {
    /// The agent's.
    #[default]
    Agent,
    /// The customer's.
    Customer,
}

impl Who {
    /// The same as a speaker of the call.
    pub(super) fn speaker(self) -> Speaker {
        match self {
            Self::Agent => Speaker::Agent,
            Self::Customer => Speaker::Customer,
        }
    }
}

fn once() -> Bound {
    Bound::Number(1.0)
}

impl Kind for Said {
    fn says(&mut self) -> Vec<(&mut Say, &[Spanned<String>])> {
        let except = self.except.as_slice();
        let all = self
            .say
            .iter_mut()
            .chain(&mut self.all)
            .chain(&mut self.near);
        all.map(|say| (say, except)).collect()
    }

    fn bounds(&self) -> Vec<&Bound> {
        vec![&self.at_least]
    }

    fn speaker(&self) -> Speaker {
        self.who.speaker()
    }

    fn asks(&self) -> Asks<'_> {
        match (self.who, &self.at_least) {
            (Who::Customer, _) => Asks::Other,
            (Who::Agent, Bound::Number(1.0)) if self.all.is_empty() => Asks::Said(&self.zone),
            (Who::Agent, _) => Asks::Order(&self.zone),
        }
    }

    fn judge<'p>(&'p self, context: &Context<'_, 'p>) -> Judgement<'p> {
        let speaker = self.who.speaker();
        let wanted = context.number(&self.at_least) as usize;
        let mut evidence = Vec::new();
        let mut missing = false;
        for say in self.say.iter().chain(&self.all) {
            let hits = context
                .hits(say, speaker, &self.zone)
                .filter(|hit| !context.timeline.is_quoted(hit, QuoteReach::Short));
            let before = evidence.len();
            let mut n = 0;
            for hit in hits {
                n += 1;
                // Two are enough to show it; a courtesy word may be said fifty times.
                if n <= wanted.max(2) {
                    context.cite(hit, None, &mut evidence);
                }
            }
            missing |= n < wanted || evidence.len() == before;
        }
        evidence.sort_by_key(|one: &crate::criteria::Evidence<'_>| (one.turn, one.span));
        if !missing {
            return Judgement::pass(evidence);
        }
        if self.restates
            && let Some(run) = context.restating_run()
        {
            return Judgement {
                soft: true,
                ..Judgement::pass(context.run_evidence(run))
            };
        }
        if evidence.is_empty()
            && let Some(near) = &self.near
        {
            for hit in context.hits(near, speaker, &self.zone).take(2) {
                context.cite(hit, None, &mut evidence);
            }
        }
        if evidence.is_empty() {
            evidence = context.zone_evidence(&self.zone);
        }
        Judgement::fail(locale::NOT_SAID.pick(context.lang), evidence)
    }
}
