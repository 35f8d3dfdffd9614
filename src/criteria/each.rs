//! `[each]`: before or after every hold, transfer or promise something is said.

use std::ops::Range;

use serde::de::{Deserialize, Deserializer};
use smallvec::SmallVec;
use toml::Spanned;

use super::{
    Asks, Context, Evidence, Gist, Judgement, Kind, Missing, Near, Say, SaySource, locale,
};
use crate::call::{Speaker, TimeSpan};
use crate::phrase::SetId;
use crate::text::norm;
use crate::timeline::{Hold, QuoteReach};

/// See `docs/rules.md`.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Each {
    of: Of,
    #[serde(rename = "where")]
    place: Place,
    say: Option<Say>,
    #[serde(default)]
    all: Vec<Say>,
    #[serde(default)]
    except: Vec<Spanned<String>>,
    /// The first turn after a hold may also begin with one of these words.
    #[serde(default)]
    first_words: Vec<String>,
    /// A first turn after a hold that is only this is passed over.
    skip: Option<Say>,
    #[serde(default)]
    enough: Enough,
    /// What comes near: told and shown with a fault.
    #[serde(default)]
    near: Near,
    /// Words that are too broad to meet it: where the agent says them instead, nobody can tell whether it is met.
    doubt: Option<Say>,
    /// The length of the hold is told beside the words: a promised minute and the one that passed.
    #[serde(default)]
    length: bool,
}

#[derive(Debug, Clone)]
enum Of {
    Hold,
    Rehold,
    Transfer,
    /// Words of the agent.
    Words(Say),
}

impl<'de> Deserialize<'de> for Of {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let say = Say::deserialize(deserializer)?;
        Ok(match &say.source {
            SaySource::Named(name) if name == "hold" => Self::Hold,
            SaySource::Named(name) if name == "rehold" => Self::Rehold,
            SaySource::Named(name) if name == "transfer" => Self::Transfer,
            _ => Self::Words(say),
        })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
enum Place {
    Before,
    FirstTurnAfter,
    Around,
    Reply,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
enum Enough {
    #[default]
    All,
    One,
}

/// Words that come so many turns late, of either side, are a near miss.
const LATER_RUNS: usize = 4;

/// A few runs in order.
type Runs = SmallVec<[usize; 3]>;

/// One of what is looked at: where the words have to be, and where to point when they are missing.
struct Item {
    runs: Runs,
    point: Runs,
    /// Met without words.
    met: bool,
    /// When the hold began and ended, where that is known.
    time: Option<TimeSpan>,
}

impl Kind for Each {
    fn says(&mut self) -> Vec<(&mut Say, &[Spanned<String>])> {
        let except = self.except.as_slice();
        let of = match &mut self.of {
            Of::Words(say) => Some(say),
            _ => None,
        };
        let all = self
            .say
            .iter_mut()
            .chain(&mut self.all)
            .chain(&mut self.skip)
            .chain(self.near.says())
            .chain(&mut self.doubt)
            .chain(of);
        all.map(|say| (say, except)).collect()
    }

    fn asks_beside_holds(&self) -> bool {
        matches!(self.of, Of::Hold | Of::Rehold)
    }

    fn would_stand(&self, context: &Context<'_, '_>) -> Vec<Missing> {
        let items = self.items(context).unwrap_or_default();
        let broken = |item: &Item| !self.is_met(context, item, &mut Vec::new());
        let broken = items.into_iter().filter(broken).map(|item| item.runs);
        let places: Vec<Runs> = match self.enough {
            Enough::All => broken.collect(),
            Enough::One => vec![broken.flatten().collect()],
        };
        let mut missing = Vec::new();
        for runs in places {
            let said = |say: &Say| {
                let mut hits = context.timeline.said_by(say.set, Speaker::Agent);
                hits.any(|hit| runs.contains(&(hit.run as usize)))
            };
            // The first word alone may be enough.
            let begins_badly = |run: &usize| {
                let mut tokens = context.timeline.text.runs[*run].tokens();
                let first = tokens.find(|token| !context.is_filler(*token));
                !self.first_words.is_empty() && first.is_some_and(|t| context.is_badly_heard(t))
            };
            let any_word: Vec<usize> = runs.iter().copied().filter(begins_badly).collect();
            let all = self.say.iter().chain(&self.all).filter(|say| !said(say));
            let before = missing.len();
            missing.extend(all.map(|say| Missing {
                runs: runs.to_vec(),
                sets: vec![say.set],
                any_word: any_word.clone(),
                ..Missing::default()
            }));
            if missing.len() == before {
                // Nothing that words could mend.
                return Vec::new();
            }
        }
        missing
    }

    fn may_be_cut(&self, context: &Context<'_, '_>) -> bool {
        let gaps = context.timeline.gaps;
        let agent_runs = &context.timeline.agent_runs;
        let mut items = self.items(context).unwrap_or_default();
        items.retain(|item| !self.is_met(context, item, &mut Vec::new()));
        items.iter().all(|item| match self.place {
            Place::Before => {
                gaps.before && item.runs.get(..1) == agent_runs.get(..1) && item.runs.len() == 1
            }
            Place::Around => gaps.after && item.runs.last() == agent_runs.last(),
            Place::FirstTurnAfter | Place::Reply => false,
        })
    }

    fn in_doubt(&self, context: &Context<'_, '_>) -> Option<Vec<Range<usize>>> {
        let doubt = self.doubt.as_ref()?;
        let mut items = self.items(context).ok()?;
        items.retain(|item| !self.is_met(context, item, &mut Vec::new()));
        let words = items.iter().map(|item| {
            let mut hits = context.timeline.said_by(doubt.set, Speaker::Agent);
            let hit = hits.find(|hit| item.point.contains(&(hit.run as usize)))?;
            Some(hit.tokens())
        });
        words.collect()
    }

    fn asks(&self) -> Asks<'_> {
        match self.place {
            Place::Reply => Asks::Other,
            Place::Before | Place::FirstTurnAfter | Place::Around => Asks::Around,
        }
    }

    fn may_pass(&self, gist: &Gist<'_>) -> bool {
        let mut says = self.say.iter().chain(&self.all);
        self.place == Place::Reply
            || !self.first_words.is_empty()
            || says.all(|say| (gist.says)(say.set))
    }

    fn judge<'p>(&'p self, context: &Context<'_, 'p>) -> Judgement<'p> {
        let items = match self.items(context) {
            Ok(items) => items,
            Err(nothing) => return Judgement::na(nothing.pick(context.lang)),
        };
        let mut kept = Vec::new();
        let mut promised = Vec::new();
        let mut broken = Vec::new();
        for item in &items {
            let before = kept.len();
            if !self.is_met(context, item, &mut kept) {
                broken.push(item);
            } else if let Some(time) = item.time.filter(|_| self.length)
                && let Some(words) = kept.get_mut(before)
            {
                words.time = Some(time);
                promised.push(locale::promised(
                    context.lang,
                    &context.quote_evidence(words),
                    time.end - time.start,
                ));
            }
        }
        let enough = match self.enough {
            Enough::All => broken.is_empty(),
            Enough::One => broken.len() < items.len(),
        };
        if enough {
            return Judgement {
                reason: locale::several(promised, context.lang).into(),
                ..Judgement::pass(kept)
            };
        }
        let mut evidence = Vec::new();
        let mut told: Vec<String> = Vec::new();
        for item in &broken {
            let mut sentence = self.nearest(context, item, &mut evidence);
            if items.len() > 1
                && matches!(self.of, Of::Hold | Of::Rehold)
                && let Some(place) = item.place(context)
            {
                sentence = format!("{}: {sentence}", locale::hold(context.lang, &place));
            }
            if !told.contains(&sentence) {
                told.push(sentence);
            }
        }
        evidence.dedup();
        Judgement::fail(locale::NOT_EACH.pick(context.lang), evidence)
            .with_detail(locale::several(told, context.lang))
    }

    fn near(&self) -> Option<&Near> {
        Some(&self.near)
    }
}

impl Item {
    /// When it was.
    fn place(&self, context: &Context<'_, '_>) -> Option<String> {
        match (self.time, self.point.first()) {
            (Some(time), _) => Some(locale::at(context.lang, time.start)),
            (None, Some(run)) => {
                Some(context.place(context.timeline.text.runs[*run].tokens().start))
            }
            (None, None) => None,
        }
    }
}

impl Each {
    fn items(&self, context: &Context<'_, '_>) -> Result<Vec<Item>, crate::locale::Text> {
        match &self.of {
            Of::Hold => self.holds(context),
            Of::Rehold => reholds(context),
            Of::Transfer => self.transfers(context),
            Of::Words(say) => words(context, say.set),
        }
    }

    fn holds(&self, context: &Context<'_, '_>) -> Result<Vec<Item>, crate::locale::Text> {
        let timeline = context.timeline;
        let mut items = Vec::new();
        for hold in &timeline.holds {
            if self.place == Place::Before {
                let request = hold.request;
                items.push(Item {
                    runs: hold.talk_runs(&timeline.agent_runs).into(),
                    point: request.into_iter().collect(),
                    met: false,
                    time: hold.time,
                });
                continue;
            }
            // The call ended on hold: nobody came back to say anything.
            let Some(back) = hold.back else { continue };
            let only = |run: usize| {
                self.skip
                    .as_ref()
                    .is_some_and(|skip| context.is_only(run, skip.set))
            };
            let mut runs = Runs::from_slice(&[back]);
            let next = timeline.agent_runs.iter().copied().find(|run| *run > back);
            runs.extend(next.filter(|_| only(back)));
            items.push(Item {
                point: runs.clone(),
                runs,
                met: false,
                time: hold.time,
            });
        }
        if items.is_empty() {
            Err(locale::NO_HOLD)
        } else {
            Ok(items)
        }
    }

    fn transfers(&self, context: &Context<'_, '_>) -> Result<Vec<Item>, crate::locale::Text> {
        let timeline = context.timeline;
        let mut items = Vec::new();
        let mut last = None;
        for transfer in &timeline.transfers {
            let last = std::mem::replace(&mut last, transfer.run);
            let point: Runs = transfer.run.into_iter().collect();
            if self.place == Place::Reply {
                if transfer.noticed {
                    items.push(Item {
                        runs: Runs::new(),
                        point,
                        met: transfer.answered,
                        time: None,
                    });
                }
                continue;
            }
            let earlier = transfer.run.and_then(|run| {
                timeline
                    .agent_runs
                    .iter()
                    .copied()
                    .rfind(|earlier| *earlier < run)
            });
            // «Давайте соединю с Верой Павловной» — «она на месте?» — «На месте. Соединяю»: what was announced since the last transfer.
            let notices = timeline.part(timeline.roles.transfer_notice).iter();
            let announced = notices
                .map(|hit| hit.run as usize)
                .filter(|run| Some(*run) > last && Some(*run) < earlier);
            items.push(Item {
                runs: announced.chain(earlier).chain(transfer.run).collect(),
                point,
                met: false,
                time: None,
            });
        }
        if items.is_empty() {
            Err(locale::NO_TRANSFER)
        } else {
            Ok(items)
        }
    }

    fn is_met<'p>(
        &'p self,
        context: &Context<'_, 'p>,
        item: &Item,
        kept: &mut Vec<Evidence<'p>>,
    ) -> bool {
        if item.met {
            return true;
        }
        if self.says_nothing() {
            return false;
        }
        let before = kept.len();
        let mut all = true;
        for say in self.say.iter().chain(&self.all) {
            let hits = context.timeline.said_by(say.set, Speaker::Agent);
            let hit = hits
                .rev()
                .find(|hit| item.runs.contains(&(hit.run as usize)));
            match hit {
                Some(hit) => context.cite(hit, None, kept),
                None => all = false,
            }
        }
        if all {
            return true;
        }
        kept.truncate(before);
        for run in &item.runs {
            let first = context.timeline.text.runs[*run]
                .tokens()
                .find(|token| !context.is_filler(*token));
            if let Some(token) = first
                && self
                    .first_words
                    .iter()
                    .any(|word| norm(word) == context.norm(token))
            {
                context.cite_tokens(token..token + 1, None, kept);
                return true;
            }
        }
        false
    }

    /// What came nearest to the words that are missing: told, and put into the evidence.
    fn nearest<'p>(
        &'p self,
        context: &Context<'_, 'p>,
        item: &Item,
        evidence: &mut Vec<Evidence<'p>>,
    ) -> String {
        let lang = context.lang;
        let mut own = Vec::new();
        let in_runs = |run: usize| item.runs.contains(&run) || item.point.contains(&run);
        let mut sentence = match self.near.heard(context, true, in_runs) {
            Some(heard) => {
                context.cite_heard(&heard, &mut own);
                Some(context.about(&heard))
            }
            None => self.misplaced(context, item, &mut own),
        };
        for run in &item.point {
            // The turn itself, where its words are not shown already.
            let first = context.evidence_of(*run).next();
            if !own
                .iter()
                .any(|one| first.as_ref().is_some_and(|first| first.turn == one.turn))
            {
                own.extend(first);
            }
        }
        own.sort_by_key(|one| (one.turn, one.span));
        evidence.append(&mut own);
        if let Some(time) = item.time.filter(|_| self.length) {
            let length = locale::real_length(lang, time.end - time.start);
            let so_far = sentence.unwrap_or_else(|| self.instead(context, item));
            sentence = Some(format!("{so_far}, {length}"));
        }
        sentence.unwrap_or_else(|| self.instead(context, item))
    }

    /// Coming back from a hold the words were said, but later.
    fn misplaced<'p>(
        &'p self,
        context: &Context<'_, 'p>,
        item: &Item,
        evidence: &mut Vec<Evidence<'p>>,
    ) -> Option<String> {
        if self.place != Place::FirstTurnAfter {
            return None;
        }
        let &at = item.point.last()?;
        let hits = self
            .say
            .iter()
            .chain(&self.all)
            .flat_map(|say| context.timeline.said_by(say.set, Speaker::Agent));
        // What is said on coming back from the next hold is for that one.
        let holds = &context.timeline.holds;
        let mut later = hits.filter(|hit| {
            let run = hit.run as usize;
            (at + 1..=at + LATER_RUNS).contains(&run)
                && holds.iter().all(|hold| hold.back != Some(run))
        });
        let hit = later.next()?;
        context.cite(hit, None, evidence);
        let place = context.place(hit.tokens().start);
        let words = context.quote(hit.tokens());
        Some(locale::elsewhere(context.lang, true, &place, &words))
    }

    /// What the agent said there instead.
    fn instead(&self, context: &Context<'_, '_>, item: &Item) -> String {
        let lang = context.lang;
        match (self.place, item.point.last()) {
            (Place::FirstTurnAfter, Some(run)) => {
                locale::came_back(lang, &context.glimpse(*run, false))
            }
            (_, Some(run)) => locale::said_only(lang, &context.glimpse(*run, true)),
            (_, None) => locale::NO_WORDS_BEFORE.pick(lang).to_owned(),
        }
    }

    fn says_nothing(&self) -> bool {
        self.say.is_none() && self.all.is_empty()
    }
}

/// The runs of the agent in which anybody asks what was said of a hold: the talk about it up to the request, and those after it, as far
/// as words may come late. In order, each once.
pub fn runs_beside(holds: &[Hold], agent_runs: &[usize]) -> Vec<usize> {
    let mut runs = Vec::new();
    for hold in holds {
        runs.extend(hold.talk_runs(agent_runs));
        if let Some(back) = hold.back {
            let at = agent_runs.partition_point(|run| *run < back);
            let last = agent_runs.get(at + 1).map_or(back, |next| *next);
            let to = agent_runs.partition_point(|run| *run <= last + LATER_RUNS);
            runs.extend(&agent_runs[at..to]);
        }
    }
    runs.sort_unstable();
    runs.dedup();
    runs
}

/// Holds that were asked for in the first turn after another one.
fn reholds(context: &Context<'_, '_>) -> Result<Vec<Item>, crate::locale::Text> {
    let holds = &context.timeline.holds;
    let chained = holds
        .windows(2)
        .filter(|pair| pair[0].back.is_some() && pair[0].back == pair[1].request);
    let items: Vec<Item> = chained
        .filter_map(|pair| Some((pair[1].request?, pair[1].time)))
        .map(|(run, time)| Item {
            runs: Runs::from_slice(&[run]),
            point: Runs::from_slice(&[run]),
            met: false,
            time,
        })
        .collect();
    if items.is_empty() {
        Err(locale::NO_REHOLD)
    } else {
        Ok(items)
    }
}

/// Words of the agent, with what the agent says around them.
fn words(context: &Context<'_, '_>, set: SetId) -> Result<Vec<Item>, crate::locale::Text> {
    let agent_runs = &context.timeline.agent_runs;
    let mut items: Vec<Item> = Vec::new();
    for hit in context
        .timeline
        .said_by(set, Speaker::Agent)
        .filter(|hit| !context.timeline.is_quoted(hit, QuoteReach::Short))
    {
        let run = hit.run as usize;
        let at = agent_runs.partition_point(|other| *other < run);
        let until = (at + 3).min(agent_runs.len());
        items.push(Item {
            runs: Runs::from_slice(&agent_runs[at..until]),
            point: Runs::from_slice(&[run]),
            met: false,
            time: None,
        });
    }
    if items.is_empty() {
        Err(locale::NO_OCCASION)
    } else {
        Ok(items)
    }
}
