//! `[order]`: several things are said one after the other.

use std::borrow::Cow;

use serde::Deserialize;
use toml::Spanned;

use super::{Asks, Context, Gist, Judgement, Kind, Say, locale, zone::Zones};
use crate::call::Speaker;
use crate::phrase::Hit;

/// See `docs/rules.md`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Order {
    say: Vec<Say>,
    /// What each of them is called when it is missing.
    #[serde(default)]
    names: Vec<String>,
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

    fn may_pass(&self, gist: &Gist<'_>) -> bool {
        self.say.iter().all(|say| (gist.says)(say.set))
    }

    fn judge<'p>(&'p self, context: &Context<'_, 'p>) -> Judgement<'p> {
        let mut evidence = Vec::new();
        let mut last: Option<&Hit> = None;
        let mut detail = String::new();
        for (n, say) in self.say.iter().enumerate() {
            let hits: Vec<_> = context.hits(say, Speaker::Agent, &self.zone).collect();
            let Some(first) = hits.first() else {
                return Judgement::na(match self.names.get(n) {
                    Some(name) => locale::order_lacks(context.lang, name).into(),
                    None => Cow::Borrowed(locale::ORDER_INCOMPLETE.pick(context.lang)),
                });
            };
            // The earliest that comes after what was required before it: one of several is enough.
            let next = hits
                .iter()
                .find(|hit| last.is_none_or(|last| hit.tokens().start > last.tokens().start));
            if let (None, Some(last)) = (next, last)
                && detail.is_empty()
            {
                let words = |hit: &Hit| context.quote(hit.tokens());
                detail = locale::before(context.lang, &words(first), &words(last));
            }
            let hit = next.unwrap_or(first);
            last = Some(hit);
            context.cite(hit, None, &mut evidence);
        }
        if detail.is_empty() {
            Judgement::pass(evidence)
        } else {
            Judgement::fail(locale::WRONG_ORDER.pick(context.lang), evidence).with_detail(detail)
        }
    }
}
