//! `[introduced]`: somebody says their own name.

use serde::Deserialize;
use toml::Spanned;

use super::explain::{Sentences, join};
use super::said::Who;
use super::{Asks, Context, Gist, Judgement, Kind, Missing, Near, Say, locale, zone::Zones};
use crate::timeline::Introduction;

/// See `docs/rules.md`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Introduced {
    #[serde(default)]
    who: Who,
    #[serde(default)]
    zone: Zones,
    #[serde(default = "first_name")]
    parts: Vec<Part>,
    /// What comes near: told and shown with a fault.
    #[serde(default)]
    near: Near,
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
    fn would_stand(&self, context: &Context<'_, '_>) -> Vec<Missing> {
        let runs = context.runs_in(self.who.speaker(), &self.zone);
        let roles = context.timeline.roles;
        let greets = |run: &usize| {
            let mut hits = context.timeline.part(roles.greeting).iter();
            hits.any(|hit| hit.run as usize == *run)
        };
        // A bare name stands beside the greeting, or first of all.
        let first = runs.first().copied();
        let bare = runs.iter().copied();
        let bare = bare
            .filter(|run| Some(*run) == first || greets(run))
            .collect();
        vec![Missing {
            sets: roles.introduces.into_iter().collect(),
            any_word: bare,
            runs,
            ..Missing::default()
        }]
    }

    fn may_be_cut(&self, context: &Context<'_, '_>) -> bool {
        context.zones_are_cut(&self.zone)
    }

    fn says(&mut self) -> Vec<(&mut Say, &[Spanned<String>])> {
        self.near.says().map(|say| (say, [].as_slice())).collect()
    }

    fn near(&self) -> Option<&Near> {
        Some(&self.near)
    }

    fn asks(&self) -> Asks<'_> {
        match self.who {
            Who::Agent => Asks::Said(&self.zone),
            Who::Customer => Asks::Other,
        }
    }

    fn may_pass(&self, gist: &Gist<'_>) -> bool {
        gist.may_introduce || self.who == Who::Customer
    }

    fn judge<'p>(&'p self, context: &Context<'_, 'p>) -> Judgement<'p> {
        let lang = context.lang;
        let own = |introduction: &&Introduction| introduction.speaker == self.who.speaker();
        let all = || context.timeline.naming.introductions.iter().filter(own);
        let in_zone = |run: usize| context.in_zones(run, &self.zone);
        let mut evidence = Vec::new();
        let mut nearest = Sentences::new();
        for introduction in all().filter(|one| in_zone(one.run)) {
            if self.is_complete(introduction) {
                evidence.clear();
                context.cite_tokens(introduction.tokens.clone(), None, &mut evidence);
                return Judgement::pass(evidence);
            }
            context.cite_tokens(introduction.tokens.clone(), None, &mut evidence);
            let words = context.quote(introduction.tokens.clone());
            nearest.push(match introduction.first {
                true => locale::only_first(lang, &words),
                false => locale::only_surname(lang, &words),
            });
        }
        if let Some(heard) = self.near.heard(context, false, in_zone) {
            nearest.push(context.about(&heard));
            context.cite_heard(&heard, &mut evidence);
        }
        let later = all().find(|one| !in_zone(one.run) && self.is_complete(one));
        if let Some(later) = later {
            context.cite_tokens(later.tokens.clone(), None, &mut evidence);
            let place = context.place(later.tokens.start);
            let words = context.quote(later.tokens.clone());
            nearest.push(locale::elsewhere(lang, true, &place, &words));
        }
        let runs = context.missed(&self.zone, None);
        if nearest.is_empty() {
            nearest.push(context.instead(&self.zone, None, &runs));
        }
        if evidence.is_empty() || later.is_some() {
            context.point_at(&runs, &mut evidence);
        }
        evidence.sort_by_key(|one| (one.turn, one.span));
        evidence.dedup();
        Judgement::fail(locale::NOT_INTRODUCED.pick(lang), evidence).with_detail(join(nearest))
    }
}

impl Introduced {
    fn is_complete(&self, introduction: &Introduction) -> bool {
        self.parts.iter().all(|part| match part {
            Part::First => introduction.first,
            Part::Surname => introduction.surname,
        })
    }
}
