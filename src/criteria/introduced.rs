//! `[introduced]`: somebody says their own name.

use serde::Deserialize;

use super::said::Who;
use super::{Asks, Context, Judgement, Kind, locale, zone::Zones};

/// See `docs/rules.md`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Introduced {
    #[serde(default)]
    who: Who,
    #[serde(default)]
    zone: Zones,
    #[serde(default = "first_name")]
    parts: Vec<Part>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Part {
    First,
    Surname,
}

fn first_name() -> Vec<Part> {
    vec![Part::First]
}

impl Kind for Introduced {
    fn asks(&self) -> Asks<'_> {
        match self.who {
            Who::Agent => Asks::Said(&self.zone),
            Who::Customer => Asks::Other,
        }
    }

    fn judge<'p>(&'p self, context: &Context<'_, 'p>) -> Judgement<'p> {
        let there = |introduction: &&crate::timeline::Introduction| {
            introduction.speaker == self.who.speaker()
                && context.in_zones(introduction.run, &self.zone)
        };
        let mut near = Vec::new();
        for introduction in context.timeline.naming.introductions.iter().filter(there) {
            let complete = self.parts.iter().all(|part| match part {
                Part::First => introduction.first,
                Part::Surname => introduction.surname,
            });
            let mut evidence = Vec::new();
            context.cite_tokens(introduction.tokens.clone(), None, &mut evidence);
            if complete {
                return Judgement::pass(evidence);
            }
            near.append(&mut evidence);
        }
        if near.is_empty() {
            near = context.zone_evidence(&self.zone);
        }
        Judgement::fail(locale::NOT_INTRODUCED.pick(context.lang), near)
    }
}
