//! `[said]`: something required is said, in a zone, at least so often.

use std::ops::Range;

use serde::Deserialize;
use smallvec::SmallVec;
use toml::Spanned;

use super::explain::{Sentences, join};
use super::{
    Asks, Bound, Context, Evidence, Gist, Judgement, Kind, MissedAt, Missing, Near, Say, Zone,
    locale, zone::Zones,
};
use crate::call::Speaker;
use crate::phrase::Hit;
use crate::timeline::QuoteReach;

/// See `docs/rules.md`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Said {
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
    /// Only what stands before the first of these words of the same side.
    before: Option<Say>,
    /// Only what stands behind the first of these words of the other side.
    after: Option<Say>,
    /// What comes near: told and shown with a fault.
    #[serde(default)]
    near: Near,
    /// Which turn stands for a fault of which no word was said; that of the zone unless given.
    missed_at: Option<MissedAt>,
    /// Saying again what was said before will do as well.
    #[serde(default)]
    restates: bool,
    /// Words that will do, in the same place, where the other side answers them so.
    #[serde(default)]
    answered: Vec<Answered>,
    /// So will saying again what the other side said, where that is confirmed.
    echoes: Option<Echoes>,
}

/// Words that leave open what they mean until the other side answers.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Answered {
    say: Say,
    /// What the other side's next turn has to hold.
    by: Say,
    #[serde(default)]
    zone: Zones,
}

/// What tells that somebody's words said again are to be confirmed.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Echoes {
    /// With it the turn or its question ends: «верно?».
    asks: Say,
    /// Or the other side's next turn has it: «совершенно верно».
    confirmed: Say,
    /// Only among so many first turns of whoever says it: later it is what was done that is said again.
    within: Option<usize>,
}

/// What was said so many turns of the agent before or behind its zone is a near miss.
const OUTSIDE_RUNS: usize = 3;

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

    /// The one they talk to.
    pub(super) fn other_side(self) -> Speaker {
        match self {
            Self::Agent => Speaker::Customer,
            Self::Customer => Speaker::Agent,
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
            .chain(&mut self.before)
            .chain(&mut self.after)
            .chain(self.near.says());
        let mut all: Vec<_> = all.map(|say| (say, except)).collect();
        for Answered { say, by, .. } in &mut self.answered {
            all.extend([(say, [].as_slice()), (by, [].as_slice())]);
        }
        if let Some(Echoes {
            asks, confirmed, ..
        }) = &mut self.echoes
        {
            all.extend([(asks, [].as_slice()), (confirmed, [].as_slice())]);
        }
        all
    }

    fn bounds(&self) -> Vec<&Bound> {
        vec![&self.at_least]
    }

    fn near(&self) -> Option<&Near> {
        Some(&self.near)
    }

    fn speaker(&self) -> Speaker {
        self.who.speaker()
    }

    fn other_side(&self) -> Vec<(Speaker, &Say)> {
        let answers = self.answered.iter().map(|answered| &answered.by);
        let confirmations = self.echoes.iter().map(|echoes| &echoes.confirmed);
        let says = self.after.iter().chain(answers).chain(confirmations);
        says.map(|say| (self.who.other_side(), say)).collect()
    }

    fn would_stand(&self, context: &Context<'_, '_>) -> Vec<Missing> {
        let runs = context.runs_in(self.who.speaker(), &self.zone);
        let wanted = context.number(&self.at_least) as usize;
        let span = self.span(context);
        let is_missing = |say: &&Say| {
            let hits = context.hits(say, self.who.speaker(), &self.zone);
            let own = hits
                .filter(|hit| span.contains(&hit.tokens().start))
                .filter(|hit| !context.timeline.is_quoted(hit, QuoteReach::Short));
            own.count() < wanted.max(1)
        };
        let badly = |token: usize| context.is_badly_heard(token);
        let restating = self.restates.then(|| context.restating_run_but_for(badly));
        let echo = self.echo(context, badly).map(|(run, _)| run);
        let missing = self.say.iter().chain(&self.all).filter(is_missing);
        missing
            .map(|say| Missing {
                runs: runs.clone(),
                sets: vec![say.set],
                any_word: restating.flatten().into_iter().chain(echo).collect(),
                ..Missing::default()
            })
            .collect()
    }

    fn may_be_cut(&self, context: &Context<'_, '_>) -> bool {
        // What is missed at the end belongs there, wherever it may be said.
        match self.missed_at {
            Some(MissedAt::LastTurn) => {
                let gaps = context.timeline.gaps;
                gaps.midst || gaps.after
            }
            _ => context.zones_are_cut(&self.zone),
        }
    }

    fn asks(&self) -> Asks<'_> {
        match (self.who, &self.at_least) {
            (Who::Customer, _) => Asks::Other,
            (Who::Agent, Bound::Number(1.0)) if self.all.is_empty() => Asks::Said(&self.zone),
            (Who::Agent, _) => Asks::Order(&self.zone),
        }
    }

    fn may_pass(&self, gist: &Gist<'_>) -> bool {
        let mut says = self.say.iter().chain(&self.all);
        let otherwise = self.restates || !self.answered.is_empty() || self.echoes.is_some();
        otherwise || self.who == Who::Customer || says.all(|say| (gist.says)(say.set))
    }

    fn judge<'p>(&'p self, context: &Context<'_, 'p>) -> Judgement<'p> {
        let speaker = self.who.speaker();
        let wanted = context.number(&self.at_least) as usize;
        let mut evidence = Vec::new();
        let mut missing: SmallVec<[&Say; 2]> = SmallVec::new();
        let mut n_said = 0;
        let span = self.span(context);
        for say in self.say.iter().chain(&self.all) {
            let hits = context
                .hits(say, speaker, &self.zone)
                .filter(|hit| span.contains(&hit.tokens().start))
                .filter(|hit| !context.timeline.is_quoted(hit, QuoteReach::Short));
            let before = evidence.len();
            let mut n = 0;
            // Two are enough to show it; a courtesy word may be said fifty times.
            for hit in hits.take(wanted.max(2)) {
                n += 1;
                context.cite(hit, None, &mut evidence);
            }
            n_said += n;
            if n < wanted || evidence.len() == before {
                missing.push(say);
            }
        }
        evidence.sort_by_key(|one: &Evidence<'_>| (one.turn, one.span));
        if missing.is_empty() {
            return Judgement::pass(evidence);
        }
        // What else would do is soft, and an excuse outweighs it.
        if context.is_excused() {
            return Judgement::fail(locale::NOT_SAID.pick(context.lang), evidence);
        }
        if self.restates
            && let Some(run) = context.restating_run()
        {
            let reason = match context.is_told_at_leave(run) {
                true => locale::TOLD_AT_LEAVE,
                false => locale::RESTATED,
            };
            return Judgement {
                soft: true,
                reason: reason.pick(context.lang).into(),
                ..Judgement::pass(context.evidence_of(run).collect())
            };
        }
        if let Some((asked, answer)) = self.answered(context, &span) {
            let mut evidence = Vec::new();
            context.cite(asked, None, &mut evidence);
            context.cite(answer, None, &mut evidence);
            return Judgement {
                soft: true,
                ..Judgement::pass(evidence)
            };
        }
        if let Some((run, confirms)) = self.echo(context, |_| false) {
            let mut evidence: Vec<_> = context.evidence_of(run).collect();
            if confirms.run as usize != run {
                context.cite(confirms, None, &mut evidence);
            }
            return Judgement {
                soft: true,
                reason: locale::ECHOED.pick(context.lang).into(),
                ..Judgement::pass(evidence)
            };
        }
        let mut nearest = Sentences::new();
        if n_said > 0 && self.all.is_empty() {
            nearest.push(locale::too_few(context.lang, n_said, wanted));
        }
        let in_zone = |run: usize| context.in_zones(run, &self.zone);
        if let Some(heard) = self.near.heard(context, false, in_zone) {
            nearest.push(context.about(&heard));
            context.cite_heard(&heard, &mut evidence);
        }
        for say in missing.iter().filter(|_| n_said == 0) {
            nearest.extend(self.misplaced(context, say, &mut evidence));
        }
        let runs = context.missed(&self.zone, self.missed_at);
        if nearest.is_empty() {
            nearest.push(context.instead(&self.zone, self.missed_at, &runs));
        }
        if n_said == 0 {
            context.point_at(&runs, &mut evidence);
        }
        evidence.sort_by_key(|one| (one.turn, one.span));
        evidence.dedup();
        Judgement::fail(locale::NOT_SAID.pick(context.lang), evidence).with_detail(join(nearest))
    }
}

impl Said {
    /// The tokens among which it has to begin.
    fn span(&self, context: &Context<'_, '_>) -> Range<usize> {
        let first = |say: &Say, speaker| {
            let mut hits = context.timeline.said_by(say.set, speaker);
            let hit = hits.find(|hit| !context.timeline.is_quoted(hit, QuoteReach::Short));
            hit.map(|hit| hit.tokens())
        };
        let end = self
            .before
            .as_ref()
            .and_then(|say| first(say, self.who.speaker()));
        let from = match &self.after {
            Some(say) => first(say, self.who.other_side()).map_or(usize::MAX, |words| words.end),
            None => 0,
        };
        from..end.map_or(usize::MAX, |words| words.start)
    }

    /// Words that only the answer tells the meaning of, with that answer.
    fn answered<'c>(
        &self,
        context: &Context<'c, '_>,
        span: &Range<usize>,
    ) -> Option<(&'c Hit, &'c Hit)> {
        let timeline = context.timeline;
        self.answered.iter().find_map(|answered| {
            let hits = context.hits(&answered.say, self.who.speaker(), &answered.zone);
            let mut hits = hits.filter(|hit| span.contains(&hit.tokens().start));
            hits.find_map(|hit| {
                let next = context.next_words(hit.run as usize)?;
                let mut answers = timeline.said_by(answered.by.set, self.who.other_side());
                let answer = answers.find(|answer| answer.run as usize == next)?;
                Some((hit, answer))
            })
        })
    }

    /// A turn that says again what the other side said, and what tells that this is to be confirmed.
    fn echo<'c>(
        &self,
        context: &Context<'c, '_>,
        known: impl Fn(usize) -> bool,
    ) -> Option<(usize, &'c Hit)> {
        let echoes = self.echoes.as_ref()?;
        let within = echoes.within.unwrap_or(usize::MAX);
        let (asks, confirmed) = (&echoes.asks, &echoes.confirmed);
        context.echo(self.who.speaker(), asks, confirmed, within, known)
    }

    /// What is required was said, but by the other side, in another part of the call, or as somebody else's words.
    fn misplaced<'p>(
        &'p self,
        context: &Context<'_, 'p>,
        say: &Say,
        evidence: &mut Vec<Evidence<'p>>,
    ) -> Option<String> {
        let lang = context.lang;
        let speaker = self.who.speaker();
        let other = self.who.other_side();
        if let Some(hit) = context.hits(say, other, &self.zone).next() {
            let words = context.quote(hit.tokens());
            return Some(locale::other_side(lang, other, &words));
        }
        if let Some((hit, late)) = self.outside(context, say) {
            context.cite(hit, None, evidence);
            let place = context.place(hit.tokens().start);
            let words = context.quote(hit.tokens());
            return Some(locale::elsewhere(lang, late, &place, &words));
        }
        let hit = context.hits(say, speaker, &self.zone).next()?;
        context.cite(hit, None, evidence);
        let at = hit.tokens().start;
        let span = self.span(context);
        if !span.contains(&at) {
            let words = context.quote(hit.tokens());
            return Some(locale::elsewhere(
                lang,
                at >= span.end,
                &context.place(at),
                &words,
            ));
        }
        Some(locale::quoting(lang, &context.quote(hit.tokens())))
    }

    /// Behind the opening or before the closing, a few turns of the agent off; whether it is too late.
    fn outside<'c>(&self, context: &Context<'c, '_>, say: &Say) -> Option<(&'c Hit, bool)> {
        let agent_runs = &context.timeline.agent_runs;
        let nth = |run: usize| agent_runs.partition_point(|other| *other < run);
        let in_zone = |run: &usize| context.in_zones(*run, &self.zone);
        let late = self.zone.0.first() != Some(&Zone::Closing);
        let mut outside = context
            .timeline
            .said_by(say.set, self.who.speaker())
            .filter(|hit| {
                !in_zone(&(hit.run as usize)) && !context.timeline.is_quoted(hit, QuoteReach::Short)
            });
        // Nearest to where it belongs.
        let (hit, edge) = if late {
            let edge = agent_runs.iter().rposition(in_zone)?;
            (outside.find(|hit| nth(hit.run as usize) > edge)?, edge)
        } else {
            (outside.next_back()?, agent_runs.iter().position(in_zone)?)
        };
        (nth(hit.run as usize).abs_diff(edge) <= OUTSIDE_RUNS).then_some((hit, late))
    }
}
