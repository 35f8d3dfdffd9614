//! `[order]`: several things are said one after the other.

use serde::Deserialize;
use toml::Spanned;

use super::{Asks, Context, Judgement, Kind, Say, locale, zone::Zones};
use crate::call::Speaker;

/// See `docs/rules.md`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    say: Vec<Say>,
    #[serde(default)]
    zone: Zones,
}

impl Kind for Order {
    fn says(&mut self) -> Vec<(&mut Say, &[Spanned<String>])> {
        self.say
            .iter_mut()
            .map(|say| (say, [].as_slice()))
            .collect()
    }

    fn asks(&self) -> Asks<'_> {
        Asks::Order(&self.zone)
    }

    fn judge<'p>(&'p self, context: &Context<'_, 'p>) -> Judgement<'p> {
        let mut evidence = Vec::new();
        let mut after = None;
        let mut in_order = true;
        for say in &self.say {
            let hits: Vec<_> = context.hits(say, Speaker::Agent, &self.zone).collect();
            let Some(first) = hits.first() else {
                return Judgement::na(locale::ORDER_INCOMPLETE.pick(context.lang));
            };
            // The earliest that comes after what was required before it: one of several is enough.
            let next = hits
                .iter()
                .find(|hit| after.is_none_or(|after| hit.tokens().start > after));
            in_order &= next.is_some();
            let hit = next.unwrap_or(first);
            after = Some(hit.tokens().start);
            context.cite(hit, None, &mut evidence);
        }
        if in_order {
            Judgement::pass(evidence)
        } else {
            Judgement::fail(locale::WRONG_ORDER.pick(context.lang), evidence)
        }
    }
}
